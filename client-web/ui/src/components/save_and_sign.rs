//! What ends a form that is signed: save and sign, for whoever may, or save alone.

use crate::components::deed_button::DeedButton;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use leptos::prelude::*;

/// The buttons.
#[component]
pub(crate) fn SaveAndSign(
    /// What they do.
    deed: Deed,
    /// Pressed; whether it is to be signed too.
    on_save: Callback<bool>,
) -> impl IntoView {
    let state = use_state();
    view! {
        <Show when=move || state.may_sign()>
            <DeedButton
                deed=deed
                label=w().save_and_sign
                on_press=Callback::new(move |()| on_save.run(true))
            />
        </Show>
        <DeedButton
            deed=deed
            label=w().save
            style=""
            on_press=Callback::new(move |()| on_save.run(false))
        />
    }
}
