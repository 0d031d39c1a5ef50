//! Which version this is, with the hash of its bundle; which tablet; how its storage is kept.

use crate::state::use_state;
use crate::words::w;
use leptos::prelude::*;

/// The screen.
#[component]
pub(crate) fn About() -> impl IntoView {
    let state = use_state();
    let persisted = move || match state.persisted.get() {
        Some(true) => w().persisted_yes,
        Some(false) => w().persisted_no,
        None => w().persisted_unknown,
    };
    let tablet = move || state.tablet.value.get();
    let text = |value: Option<String>| value.unwrap_or_default();
    view! {
        <div class="page">
            <h1 tabindex="-1">{w().about}</h1>
            <section class="card">
                <dl class="facts">
                    <div><dt>{w().about_version}</dt><dd>{meta("lamplight-release")}</dd></div>
                    <div><dt>{w().about_bundle}</dt><dd><code>{crate::engine::bundle()}</code></dd></div>
                    <div>
                        <dt>{w().about_facility}</dt>
                        <dd>{move || text(tablet().and_then(|t| t.facility_name))}</dd>
                    </div>
                    <div>
                        <dt>{w().about_tablet}</dt>
                        <dd>{move || text(tablet().and_then(|t| t.device_name))}</dd>
                    </div>
                    <div>
                        <dt>{w().about_device_id}</dt>
                        <dd>
                            <code>{move || text(tablet().and_then(|t| t.device).map(|d| d.to_string()))}</code>
                        </dd>
                    </div>
                    <div><dt>{w().about_storage}</dt><dd>{persisted}</dd></div>
                    <div><dt>{w().about_time_zone}</dt><dd>{move || state.zone()}</dd></div>
                </dl>
                <p class="muted">{w().about_words}</p>
            </section>
        </div>
    }
}

fn meta(name: &str) -> String {
    document()
        .query_selector(&format!("meta[name={name}]"))
        .ok()
        .flatten()
        .and_then(|element| element.get_attribute("content"))
        .unwrap_or_default()
}
