//! One press, one act. A finger that bounces, or that presses everything twice, presses the second
//! time at the same place: on the confirming button of the sheet that the first press opened, on the
//! same button that now says "all the same", or on what stood under a sheet that it closed. A key that
//! is held down presses on and on. Nobody has read what such a press would do, so it does nothing.

use leptos::prelude::*;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, KeyboardEvent, MouseEvent, Node, PointerEvent};

/// Presses this close to each other are one.
const TWICE_MS: f64 = 400.0;
/// And this near, in pixels.
const NEAR: i32 = 32;
/// What can be pressed.
const PRESSABLE: &str = "button,a,label,input,select,textarea,summary";
/// Marks what must not be pressed twice although it is still there.
const ONCE: &str = "[data-once]";

/// A press of a finger or a mouse.
#[derive(Clone)]
struct Press {
    at_ms: f64,
    at: (i32, i32),
    on: Option<Element>,
    /// The sheet it was on, if any.
    sheet: Option<Element>,
}

/// What a press meets, compared with the one before it.
#[derive(Clone, Copy)]
enum Meets {
    /// The same thing; whether that acts once only.
    Same { once: bool },
    /// Something else on the same sheet, or on the page.
    Beside,
    /// Something on a sheet that came, or under one that went.
    AnotherSheet,
}

/// Whether a press is the echo of the one before it.
fn is_echo(apart_ms: f64, (right, down): (i32, i32), meets: Meets) -> bool {
    let near = right.abs() <= NEAR && down.abs() <= NEAR;
    let unread = matches!(meets, Meets::AnotherSheet | Meets::Same { once: true });
    apart_ms <= TWICE_MS && near && unread
}

fn is_same(one: Option<&Element>, other: Option<&Element>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => one.is_same_node(Some(other.unchecked_ref::<Node>())),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    }
}

impl Press {
    fn of(event: &PointerEvent) -> Self {
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let around = |css| target.as_ref()?.closest(css).ok().flatten();
        Self {
            at_ms: event.time_stamp(),
            at: (event.client_x(), event.client_y()),
            on: around(PRESSABLE),
            sheet: around("dialog"),
        }
    }

    fn echoes(&self, before: &Self) -> bool {
        let (x, y) = before.at;
        let moved = (self.at.0.saturating_sub(x), self.at.1.saturating_sub(y));
        let once = |on: &Element| on.matches(ONCE) == Ok(true);
        let meets = if !is_same(self.sheet.as_ref(), before.sheet.as_ref()) {
            Meets::AnotherSheet
        } else if is_same(self.on.as_ref(), before.on.as_ref()) {
            let once = self.on.as_ref().is_some_and(once);
            Meets::Same { once }
        } else {
            Meets::Beside
        };
        is_echo(self.at_ms - before.at_ms, moved, meets)
    }
}

/// Listens from now on, before anything else on the page hears of a press.
pub(crate) fn listen() {
    let before = Cell::new(None::<Press>);
    let deaf = Rc::new(Cell::new(false));
    let hears = Rc::clone(&deaf);
    let pressed = Closure::<dyn FnMut(PointerEvent)>::new(move |event: PointerEvent| {
        let press = Press::of(&event);
        let first = before.take().filter(|first| press.echoes(first));
        hears.set(first.is_some());
        // A third press is an echo of the first too.
        before.set(Some(match first {
            Some(Press { on, sheet, .. }) => Press { on, sheet, ..press },
            None => press,
        }));
    });
    let clicked = Closure::<dyn FnMut(MouseEvent)>::new(move |event: MouseEvent| {
        // A click of the keyboard, or of a script, has no place.
        if event.detail() > 0 && deaf.take() {
            swallow(&event);
        }
    });
    let held = Closure::<dyn FnMut(KeyboardEvent)>::new(|event: KeyboardEvent| {
        let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
        let pressable = target.is_some_and(|on| on.matches("button,a,summary") == Ok(true));
        if event.repeat() && pressable && event.key() == "Enter" {
            swallow(&event);
        }
    });
    for (name, heard) in [
        ("pointerdown", pressed.as_ref()),
        ("click", clicked.as_ref()),
        ("keydown", held.as_ref()),
    ] {
        let heard = heard.unchecked_ref();
        let _ = document().add_event_listener_with_callback_and_bool(name, heard, true);
    }
    pressed.forget();
    clicked.forget();
    held.forget();
}

fn swallow(event: &Event) {
    event.prevent_default();
    event.stop_immediate_propagation();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_press_at_one_place_reaches_nothing_that_was_not_there_for_the_first() {
        let here = (3, -4);
        // On the sheet that the first opened, or under the one that it closed.
        assert!(is_echo(150.0, here, Meets::AnotherSheet));
        // "Chart as given" is not "Chart it all the same".
        assert!(is_echo(150.0, here, Meets::Same { once: true }));
        // The same digit twice, the next day and the next are meant.
        assert!(!is_echo(150.0, here, Meets::Same { once: false }));
        assert!(!is_echo(150.0, here, Meets::Beside));
        assert!(!is_echo(600.0, here, Meets::AnotherSheet));
        assert!(!is_echo(150.0, (60, 0), Meets::AnotherSheet));
    }
}
