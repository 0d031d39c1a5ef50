//! What stands on every page that is put on paper: whose chart it is, and when, where and by whom it
//! was printed, with how old its records are. A sheet found next week must not read as of today.

use crate::components::thin_line::ThinLine;
use crate::format::{time, zone};
use crate::state::{State, use_state};
use crate::words::w;
use interface::{BannerView, Link};
use leptos::prelude::*;

/// Head of every page of a chart.
#[component]
pub(crate) fn PaperHead(
    /// Whose chart.
    banner: RwSignal<Option<BannerView>>,
) -> impl IntoView {
    view! {
        <div class="paper-head" aria-hidden="true">
            {move || {
                banner
                    .get()
                    .map(|banner| view! { <p class="thin-line"><ThinLine row=banner.row full=true/></p> })
            }}
        </div>
    }
}

/// Foot of every page.
#[component]
pub(crate) fn PaperFoot() -> impl IntoView {
    let state = use_state();
    view! {
        <div class="paper-foot" aria-hidden="true">
            <p>{move || printed(state)}</p>
        </div>
    }
}

fn printed(state: State) -> String {
    let told = |at| time::when(zone::in_zone(at, &state.zone()), time::NO_DAY);
    let now = state.now.get();
    let home = state
        .house
        .value
        .with(|house| house.as_ref().map(|h| h.settings.name.clone()));
    let (who, arriving) = state.session.value.with(|session| {
        let session = session.as_ref();
        let arriving = session.filter(|s| s.arriving > 0);
        (
            session.map(|s| s.name.clone()).unwrap_or_default(),
            arriving.and_then(|s| Some((s.as_of?, s.arriving))),
        )
    });
    let tablet = state.tablet.value.get();
    // Records are as old as what is shown, or as the last time anything could arrive.
    let age = match (arriving, tablet) {
        (Some((as_of, count)), _) => (w().as_of)(&told(as_of), count),
        (None, Some(tablet)) if tablet.link == Link::Live => (w().paper_as_of)(&told(now)),
        (None, Some(tablet)) => match tablet.last_live {
            Some(at) => (w().paper_offline_since)(&told(at)),
            None => w().paper_offline.to_owned(),
        },
        (None, None) => String::new(),
    };
    let printed = (w().paper_printed)(&told(now), &who);
    [home.unwrap_or_default(), printed, age]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}
