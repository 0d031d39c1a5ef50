//! An address that leads nowhere.

use crate::words::w;
use leptos::prelude::*;
use leptos_router::components::A;

/// The screen.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <div class="page">
            <h1 tabindex="-1">{w().not_found}</h1>
            <p><A href="/" attr:class="btn">{w().to_residents}</A></p>
        </div>
    }
}
