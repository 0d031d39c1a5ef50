//! What an entry says: heading and lines.

use crate::format::fact;
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use leptos::prelude::*;

/// The text of one entry.
#[component]
pub(crate) fn EntryText(
    /// What it says.
    fact: Fact,
    /// Its kind stands beside it already: a heading that says no more is left out.
    #[prop(optional)]
    beside_kind: bool,
) -> impl IntoView {
    let today = use_state().today();
    let lines = fact::details(&fact);
    let title = Some(fact::title(&fact, today))
        .filter(|title| !(beside_kind && title == (w().kind)(fact.kind())));
    view! {
        {title.map(|title| view! { <strong class="says">{title}</strong> })}
        {lines.into_iter().map(|line| view! { <p class="says-line">{line}</p> }).collect_view()}
    }
}
