//! What the tablet does while nobody is signed in.

use crate::components::icon::Icon;
use crate::format::isolated::isolated;
use crate::format::time;
use crate::state::use_state;
use crate::words::w;
use interface::{Link, TabletView};
use leptos::prelude::*;

/// Two lines: the tablet, and where its records are.
#[component]
pub(super) fn TabletLine() -> impl IntoView {
    let state = use_state();
    view! {
        {move || {
            state
                .tablet
                .value
                .get()
                .map(|tablet| {
                    let now = state.now.get();
                    let exchanging = matches!(tablet.link, Link::Live | Link::CatchingUp);
                    let name = tablet.device_name.clone().unwrap_or_default();
                    let ok = exchanging && tablet.to_send == 0;
                    view! {
                        <p class="muted">
                            {(w().tablet_locked)(&isolated(&name))}
                            " · "
                            {if exchanging { w().still_exchanging } else { w().not_exchanging }}
                        </p>
                        <p class="pill-line" class:waiting=!ok>
                            <Icon icon=if exchanging {
                                icondata_lu::LuCloudUpload
                            } else {
                                icondata_lu::LuWifiOff
                            }/>
                            <span>{records(&tablet, now)}</span>
                        </p>
                    }
                })
        }}
    }
}

/// `Stored by the relay · received by 3 of 4 tablets`, or what is not so yet.
fn records(tablet: &TabletView, now: ids::UnixMillis) -> String {
    let mut parts = Vec::new();
    if tablet.to_send > 0 {
        parts.push(format!(
            "{} · {}",
            w().saved_here,
            (w().to_send)(tablet.to_send)
        ));
    } else if tablet.stored_any {
        parts.push(w().stored.to_owned());
        if tablet.tablets > 0 {
            parts.push((w().received)(tablet.received_by, tablet.tablets));
        }
    } else {
        parts.push(w().all_saved_line.to_owned());
    }
    if tablet.arriving > 0 {
        parts.push((w().catching_up)(tablet.arriving));
    }
    match tablet.link {
        Link::Live | Link::CatchingUp => {}
        Link::CaptivePortal => parts.push(w().captive_portal.to_owned()),
        Link::WrongRelay => parts.push(w().wrong_relay.to_owned()),
        Link::Outdated => parts.push(w().outdated.to_owned()),
        Link::Removed => parts.push(w().removed.to_owned()),
        Link::Offline | Link::Connecting => {
            parts.extend(
                tablet
                    .last_live
                    .map(|at| (w().panel_last_live)(&time::ago(at, now))),
            );
        }
    }
    parts.join(" · ")
}
