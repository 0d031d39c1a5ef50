//! Who entered something, when and on which tablet, on one line.

use crate::format::isolated::isolated;
use crate::format::{name, time};
use crate::state::use_state;
use crate::words::w;
use interface::Provenance;
use leptos::prelude::*;

/// `M. Okafor, RN · 07:56 · Tablet East-2`.
#[component]
pub(crate) fn ProvenanceLine(
    /// Of what.
    by: Provenance,
) -> impl IntoView {
    let state = use_state();
    let author = name::author(&by);
    let tablet = (w().on_tablet)(&isolated(&by.device_name));
    let stored = by.stored;
    let stated = by.stated;
    let ahead = by.ahead;
    view! {
        <span class="provenance">
            {move || format!("{author} · {} · {tablet}", time::when(stated, state.told_from()))}
            {ahead.then(|| view! { " · " {w().stated_ahead} })}
            {(!stored).then(|| view! { " · " {w().not_stored_yet} })}
        </span>
    }
}
