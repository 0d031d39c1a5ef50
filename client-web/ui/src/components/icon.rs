//! A Lucide icon (ISC), from the crate `icondata_lu`. Always decoration: the word beside it, or
//! the control's name, says the same.

use icondata_core::IconData;
use leptos::prelude::*;

/// Draws it, 22 px unless a style says otherwise.
#[component]
pub(crate) fn Icon(
    /// Which.
    icon: &'static IconData,
) -> impl IntoView {
    view! {
        <svg
            class="i"
            viewBox="0 0 24 24"
            aria-hidden="true"
            focusable="false"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            inner_html=icon.data
        ></svg>
    }
}
