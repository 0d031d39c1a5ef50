//! The connection pill: the truths about what was saved, in few words. It opens the panel.

use crate::components::connection_panel::ConnectionPanel;
use crate::components::icon::Icon;
use crate::state::use_state;
use crate::words::w;
use icondata_core::IconData;
use interface::{Link, TabletView};
use leptos::prelude::*;

/// Class, shape, first word and the rest.
struct Says {
    class: &'static str,
    icon: &'static IconData,
    first: String,
    rest: Option<String>,
}

/// All that the pill says of a tablet.
fn all(tablet: &TabletView) -> Says {
    with_clock(says(tablet), tablet.clock_wrong_ms.is_some())
}

/// What it says but for the clock: dangers first, then the link, then how far one's own work is.
fn says(tablet: &TabletView) -> Says {
    if tablet.storage_problem.is_some() {
        return Says {
            class: "problem",
            icon: icondata_lu::LuOctagonAlert,
            first: w().storage_problem.to_owned(),
            rest: None,
        };
    }
    if tablet.not_shown.is_some() || tablet.set_aside > 0 || tablet.unreadable > 0 {
        let count = tablet.set_aside.saturating_add(tablet.unreadable);
        return Says {
            class: "problem",
            icon: icondata_lu::LuOctagonAlert,
            first: match tablet.not_shown {
                Some(_) => w().not_all_shown.to_owned(),
                None => (w().some_left_out)(count),
            },
            rest: Some(kept(tablet)),
        };
    }
    if !tablet.relay_faults.is_empty() {
        return Says {
            class: "problem",
            icon: icondata_lu::LuOctagonAlert,
            first: w().relay_fault.to_owned(),
            rest: Some(kept(tablet)),
        };
    }
    if tablet.not_accepted > 0 {
        return Says {
            class: "problem",
            icon: icondata_lu::LuOctagonAlert,
            first: (w().not_accepted)(tablet.not_accepted),
            rest: Some(kept(tablet)),
        };
    }
    let (class, icon, first) = match tablet.link {
        Link::Offline => ("waiting", icondata_lu::LuWifiOff, w().offline),
        Link::Connecting => ("waiting", icondata_lu::LuWifiOff, w().connecting),
        Link::CaptivePortal => ("waiting", icondata_lu::LuWifi, w().captive_portal),
        Link::WrongRelay => ("problem", icondata_lu::LuShieldAlert, w().wrong_relay),
        Link::Outdated => ("waiting", icondata_lu::LuRefreshCw, w().outdated),
        Link::Removed => ("problem", icondata_lu::LuBan, w().removed),
        Link::CatchingUp | Link::Live => return connected(tablet),
    };
    Says {
        class,
        icon,
        first: first.to_owned(),
        rest: Some(kept(tablet)),
    }
}

fn connected(tablet: &TabletView) -> Says {
    let arriving = (tablet.arriving > 0).then(|| (w().catching_up)(tablet.arriving));
    if let Some(why) = tablet.held_up_by {
        return Says {
            class: "problem",
            icon: icondata_lu::LuOctagonAlert,
            first: (w().held_up)(why).to_owned(),
            rest: Some(kept(tablet)),
        };
    }
    if tablet.to_send > 0 {
        return Says {
            class: "waiting",
            icon: icondata_lu::LuCloudUpload,
            first: w().saved_here.to_owned(),
            rest: Some((w().sending_now)(tablet.to_send)),
        };
    }
    if tablet.link == Link::CatchingUp || !tablet.stored_any {
        let rest =
            arriving.or_else(|| (!tablet.stored_any).then(|| w().nothing_to_send.to_owned()));
        return Says {
            class: "stored",
            icon: icondata_lu::LuWifi,
            first: w().connected.to_owned(),
            rest,
        };
    }
    if tablet.tablets > 0 && tablet.received_by >= tablet.tablets {
        return Says {
            class: "stored",
            icon: icondata_lu::LuCircleCheck,
            first: (w().received)(tablet.received_by, tablet.tablets),
            rest: None,
        };
    }
    let received =
        (tablet.tablets > 0).then(|| (w().received_short)(tablet.received_by, tablet.tablets));
    Says {
        class: "stored",
        icon: icondata_lu::LuCloudUpload,
        first: w().stored.to_owned(),
        rest: received,
    }
}

/// `all saved here · 3 to send`.
fn kept(tablet: &TabletView) -> String {
    match tablet.to_send {
        0 => w().all_saved.to_owned(),
        count => format!("{} · {}", w().all_saved, (w().to_send)(count)),
    }
}

/// Adds that the clock is wrong, which every record's time depends on.
fn with_clock(mut says: Says, wrong: bool) -> Says {
    if wrong {
        let rest = says
            .rest
            .take()
            .map_or_else(String::new, |rest| format!("{rest} · "));
        says.rest = Some(format!("{rest}{}", w().clock_wrong));
        if says.class != "problem" {
            says.class = "waiting";
        }
    }
    says
}

/// The pill.
#[component]
pub(crate) fn Pill() -> impl IntoView {
    let state = use_state();
    let open = RwSignal::new(false);
    let class = move || {
        let class = state
            .tablet
            .value
            .with(|t| t.as_ref().map_or("waiting", |t| all(t).class));
        format!("pill {class}")
    };
    let to_reconcile = move || {
        state
            .session
            .value
            .with(|session| session.as_ref().map_or(0, |s| s.to_reconcile))
    };
    view! {
        <button
            type="button"
            class=class
            id="pill"
            aria-haspopup="dialog"
            on:click=move |_| open.set(true)
        >
            {move || {
                state.tablet.value.with(|tablet| {
                    tablet.as_ref().map(all).map(|says| view! {
                        <Icon icon=says.icon/>
                        <span class="pill-words">
                            <b>{says.first}</b>
                            // Of two lines, the dot ends the first and never begins the second.
                            {says.rest.map(|rest| view! { "\u{a0}· " <span>{rest}</span> })}
                        </span>
                    })
                })
            }}
            {move || {
                let waiting = to_reconcile();
                (waiting > 0)
                    .then(|| {
                        view! {
                            <span class="pill-count">
                                <Icon icon=icondata_lu::LuGitMerge/>
                                <span aria-hidden="true">{waiting}</span>
                                <span class="spoken">{(w().waiting_to_reconcile)(waiting)}</span>
                            </span>
                        }
                    })
            }}
            <span class="spoken">{w().pill_label}</span>
        </button>
        <Show when=move || open.get()>
            <ConnectionPanel on_close=Callback::new(move |()| open.set(false))/>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_danger_stays_one_while_the_clock_is_wrong() {
        for (class, then) in [
            ("problem", "problem"),
            ("stored", "waiting"),
            ("waiting", "waiting"),
        ] {
            let says = Says {
                class,
                icon: icondata_lu::LuWifi,
                first: "first".to_owned(),
                rest: Some("rest".to_owned()),
            };
            let said = with_clock(says, true);
            assert_eq!(said.class, then);
            assert_eq!(said.rest, Some(format!("rest · {}", w().clock_wrong)));
        }
    }
}
