//! Six digits, from buttons or keys.

use super::keys::Key;
use super::progress::SigningIn;
use crate::components::deed_button::Refused;
use crate::components::pin_pad::PinPad;
use crate::focus;
use crate::format::isolated::isolated;
use crate::words::w;
use leptos::prelude::*;

/// The step.
#[component]
pub(super) fn Pin(
    /// The sign-in.
    signing_in: SigningIn,
) -> impl IntoView {
    let title = move || match signing_in.whose.get() {
        Some(person) => (w().pin_title_for)(&isolated(&person.name)),
        None => w().pin_title.to_owned(),
    };
    let deed = signing_in.deed;
    focus::after_paint("#step-title");
    view! {
        <div class="step">
            <h2 id="step-title" tabindex="-1">{title}</h2>
            <p role="status">
                {move || if deed.pending.get() { w().checking } else { w().pin_words }}
            </p>
            <PinPad
                held=signing_in.pin.into()
                on_digit=Callback::new(move |digit| signing_in.digit(digit))
                on_back=Callback::new(move |()| signing_in.press(Key::Back))
                on_clear=Callback::new(move |()| signing_in.press(Key::Clear))
            />
            <Refused deed=deed/>
            <div class="actions">
                <Show when=move || signing_in.again.get().is_some()>
                    <button
                        type="button"
                        class="btn quiet"
                        on:click=move |_| signing_in.press(Key::Again)
                    >
                        {w().badge_instead}
                    </button>
                </Show>
                <button type="button" class="btn quiet" on:click=move |_| signing_in.leave()>
                    {w().cancel}
                </button>
            </div>
        </div>
    }
}
