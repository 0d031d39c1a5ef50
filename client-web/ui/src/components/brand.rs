//! The lamp.

use leptos::prelude::*;

/// The mark alone; decoration.
#[component]
pub(crate) fn Brand() -> impl IntoView {
    view! { <span class="lamp-mark" aria-hidden="true"></span> }
}
