//! Ten digits as buttons. Each tap goes to the worker by itself; the pad keeps none of them.

use crate::components::icon::Icon;
use crate::words::w;
use leptos::prelude::*;

/// Digits of a PIN.
pub(crate) const PIN_DIGITS: u32 = 6;

/// The pad.
#[component]
pub(crate) fn PinPad(
    /// How many digits the worker holds.
    held: Signal<u32>,
    /// A digit.
    on_digit: Callback<u8>,
    /// Take the last one back.
    on_back: Callback<()>,
    /// Forget all.
    on_clear: Callback<()>,
) -> impl IntoView {
    let digit = move |digit: u8| {
        view! {
            <button type="button" class="key" on:click=move |_| on_digit.run(digit)>
                {(w().pin_digit)(digit)}
            </button>
        }
    };
    view! {
        <p class="pin-dots" aria-hidden="true">
            {(0..PIN_DIGITS)
                .map(|i| view! { <span class="dot" class:on=move || held.get().gt(&i)></span> })
                .collect_view()}
        </p>
        <p class="spoken" role="status">{move || (w().pin_held)(held.get())}</p>
        <div class="pad">
            {(1..=9).map(digit).collect_view()}
            <button type="button" class="key word" on:click=move |_| on_clear.run(())>
                {w().pin_clear}
            </button>
            {digit(0)}
            <button
                type="button"
                class="key word"
                aria-label=w().pin_back
                on:click=move |_| on_back.run(())
            >
                <Icon icon=icondata_lu::LuDelete/>
            </button>
        </div>
    }
}
