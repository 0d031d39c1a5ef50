//! Keys for signing in: a hand scanner types like a keyboard, so they are taken from the whole
//! page, before any control sees them.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{ClipboardEvent, HtmlInputElement, KeyboardEvent};

/// One key that means something here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    /// A letter or digit.
    Character(char),
    /// Take the last one back.
    Back,
    /// End of a scan, or of the PIN.
    Enter,
    /// Leave.
    Escape,
    /// Forget the digits. A button, no key.
    Clear,
    /// Forget all and await a badge. A button, no key.
    Again,
}

/// Listens until the screen is gone.
pub(super) fn listen(pressed: impl Fn(Key) + Clone + 'static) {
    let pasted = pressed.clone();
    let on_key = Closure::<dyn FnMut(KeyboardEvent)>::new(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        // The control for typing a badge hands on its own characters.
        let typing = event
            .target()
            .is_some_and(|t| t.dyn_into::<HtmlInputElement>().is_ok());
        if let Some(key) = key_of(&event.key()) {
            match key {
                Key::Character(_) if typing => {}
                // Enter on a button presses it; anywhere else it ends a scan.
                Key::Enter if on_button(&event) => {}
                _ => {
                    event.prevent_default();
                    pressed(key);
                }
            }
        }
    });
    let on_paste = Closure::<dyn FnMut(ClipboardEvent)>::new(move |event: ClipboardEvent| {
        let text = event
            .clipboard_data()
            .and_then(|data| data.get_data("text").ok());
        event.prevent_default();
        for c in text
            .unwrap_or_default()
            .chars()
            .filter(char::is_ascii_alphanumeric)
        {
            pasted(Key::Character(c));
        }
    });
    let listening = [
        (
            "keydown",
            on_key.as_ref().unchecked_ref::<js_sys::Function>().clone(),
        ),
        (
            "paste",
            on_paste
                .as_ref()
                .unchecked_ref::<js_sys::Function>()
                .clone(),
        ),
    ];
    for (event, heard) in &listening {
        let _ = document().add_event_listener_with_callback_and_bool(event, heard, true);
    }
    let listening = StoredValue::new_local((listening, on_key, on_paste));
    on_cleanup(move || {
        listening.try_with_value(|(listening, _, _)| {
            for (event, heard) in listening {
                let _ = document().remove_event_listener_with_callback_and_bool(event, heard, true);
            }
        });
    });
}

/// The input an event came from.
pub(super) fn target_input(event: &web_sys::Event) -> Option<HtmlInputElement> {
    event.target().and_then(|target| target.dyn_into().ok())
}

fn key_of(name: &str) -> Option<Key> {
    let mut characters = name.chars();
    match (characters.next(), characters.next()) {
        (Some(c), None) if c.is_ascii_alphanumeric() => Some(Key::Character(c)),
        _ => match name {
            "Backspace" => Some(Key::Back),
            "Enter" => Some(Key::Enter),
            "Escape" => Some(Key::Escape),
            _ => None,
        },
    }
}

fn on_button(event: &KeyboardEvent) -> bool {
    event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
        .is_some_and(|element| element.tag_name() == "BUTTON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_keys_of_badges_and_pins_are_taken() {
        assert_eq!(key_of("L"), Some(Key::Character('L')));
        assert_eq!(key_of("7"), Some(Key::Character('7')));
        assert_eq!(key_of("Enter"), Some(Key::Enter));
        for other in ["Shift", "Tab", " ", "F1", "é", "-"] {
            assert_eq!(key_of(other), None, "{other}");
        }
    }
}
