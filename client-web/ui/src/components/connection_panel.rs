//! What the pill opens: the four truths one by one, the link, and whatever is wrong.

use crate::components::icon::Icon;
use crate::components::sheet::Sheet;
use crate::format::time;
use crate::state::{State, update, use_state};
use crate::words::w;
use icondata_core::IconData;
use ids::limits;
use interface::{Command, Link, MemberRow, NotShown, TabletView};
use leptos::prelude::*;

/// The panel.
#[component]
pub(crate) fn ConnectionPanel(
    /// Called when the person leaves it.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let try_now = move |_| {
        leptos::task::spawn_local(async move {
            let _ = state.engine.command(Command::Reconnect).await;
        });
    };
    view! {
        <Sheet title=w().panel_title on_close=on_close>
            {move || state.tablet.value.get().map(|tablet| truths(&tablet, state))}
            {move || state.tablet.value.get().map(|tablet| link(&tablet, state))}
            <div class="actions">
                <button type="button" class="btn" on:click=try_now>{w().try_now}</button>
                {move || {
                    state
                        .update
                        .get()
                        .then(|| {
                            view! {
                                <button type="button" class="btn quiet" on:click=move |_| update::take(state)>
                                    {w().update_ready} ": " {w().update_take}
                                </button>
                            }
                        })
                }}
            </div>
        </Sheet>
    }
}

/// The four truths, in the order in which a record passes them.
fn truths(tablet: &TabletView, state: State) -> impl IntoView + use<> {
    let oldest = tablet
        .oldest_unsent
        .map(|at| (w().panel_oldest)(&time::ago(at, state.now.get())));
    let old = tablet
        .oldest_unsent
        .is_some_and(|at| state.now.get().since(at) > limits::UNSENT_WARNING_MS);
    let stored = match (tablet.to_send, tablet.stored_any) {
        (0, _) if tablet.not_accepted > 0 => (w().panel_stored_but)(tablet.not_accepted),
        (0, true) => w().panel_stored_all.to_owned(),
        (0, false) => w().panel_stored_none.to_owned(),
        (count, _) => (w().panel_stored_waiting)(count),
    };
    let to_reconcile = state
        .session
        .value
        .with(|s| s.as_ref().map(|s| s.to_reconcile));
    let waits = to_reconcile.map_or(w().panel_reconcile_locked.to_owned(), w().panel_reconcile);
    let received = tablet.stored_any && tablet.tablets > 0 && tablet.received_by >= tablet.tablets;
    view! {
        <ol class="truths">
            {truth(true, icondata_lu::LuSave, w().saved_here, vec![(w().panel_saved)(tablet.to_send)])}
            {truth(
                tablet.stored_any && tablet.to_send == 0 && tablet.not_accepted == 0,
                icondata_lu::LuCloudUpload,
                w().stored,
                std::iter::once(stored).chain(oldest).chain(old.then(|| w().unsent_old.to_owned())).collect(),
            )}
            {truth(
                received,
                icondata_lu::LuTabletSmartphone,
                // Of nothing stored, nothing was received.
                match tablet.tablets {
                    of @ 1.. if tablet.stored_any => (w().received)(tablet.received_by, of),
                    _ => w().received_none.to_owned(),
                },
                std::iter::once(match tablet.tablets {
                    1.. if !tablet.stored_any => w().panel_stored_none.to_owned(),
                    of => (w().panel_received)(tablet.received_by, of),
                })
                    .chain((tablet.unconfirmed > 0).then(|| (w().panel_unconfirmed)(tablet.unconfirmed)))
                    .collect(),
            )}
            {truth(
                to_reconcile == Some(0) && tablet.not_accepted == 0,
                icondata_lu::LuGitMerge,
                w().to_reconcile,
                std::iter::once(waits)
                    .chain((tablet.not_accepted > 0).then(|| (w().panel_not_accepted)(tablet.not_accepted)))
                    .collect(),
            )}
        </ol>
    }
}

fn truth(
    reached: bool,
    icon: &'static IconData,
    title: impl Into<String>,
    words: Vec<String>,
) -> impl IntoView {
    view! {
        <li class:reached=reached>
            <Icon icon=if reached { icondata_lu::LuCircleCheck } else { icon }/>
            <div>
                <strong>{title.into()}</strong>
                {words.into_iter().map(|line| view! { <p>{line}</p> }).collect_view()}
            </div>
        </li>
    }
}

/// What this tablet has and does not show, and what to do about it.
fn not_shown(tablet: &TabletView) -> impl Iterator<Item = String> {
    let counted = |count: u32, words: fn(u32) -> String| (count > 0).then(|| words(count));
    let refused = (tablet.refused > 0)
        .then(|| (w().panel_refused)(tablet.refused, &tablet.refused_of.join(", ")));
    let not_shown = tablet.not_shown.map(|why| match why {
        NotShown::Storage => w().panel_not_shown_storage.to_owned(),
        NotShown::Damaged => w().panel_not_shown_damaged.to_owned(),
    });
    let all = [
        not_shown,
        counted(tablet.set_aside, w().panel_set_aside),
        counted(tablet.for_update, w().panel_for_update),
        counted(tablet.unreadable, w().panel_unreadable),
        refused,
    ];
    all.into_iter().flatten()
}

/// The link and whatever is wrong with it or with this tablet.
fn link(tablet: &TabletView, state: State) -> impl IntoView + use<> {
    let now = state.now.get();
    let since = now.since(tablet.link_since);
    let since = (since >= 60_000).then(|| time::span(since));
    let since = since.as_deref();
    let link = match tablet.link {
        Link::Live | Link::CatchingUp => w().panel_link_live.to_owned(),
        Link::Offline => (w().panel_link_for)(w().offline, since),
        Link::Connecting => (w().panel_link_for)(w().connecting, since),
        Link::CaptivePortal => w().panel_captive.to_owned(),
        Link::WrongRelay => w().panel_wrong_relay.to_owned(),
        Link::Outdated => w().panel_outdated.to_owned(),
        Link::Removed => w().panel_removed.to_owned(),
    };
    let last = match (tablet.link, tablet.last_live) {
        (Link::Live, _) => None,
        (_, Some(at)) => Some((w().panel_last_live)(&time::ago(at, now))),
        (_, None) => Some(w().panel_never_live.to_owned()),
    };
    let arriving = (tablet.arriving > 0).then(|| (w().panel_arriving)(tablet.arriving));
    let mut problems = Vec::new();
    if state.persisted.get() == Some(false) && tablet.to_send > 0 {
        problems.push(w().panel_not_persisted.to_owned());
    }
    let faults = tablet.relay_faults.iter().copied();
    problems.extend(faults.map(w().panel_relay_fault).map(str::to_owned));
    problems.extend(
        tablet
            .clock_wrong_ms
            .map(|ms| (w().panel_clock)(ms / 60_000)),
    );
    problems.extend(tablet.held_up_by.map(w().panel_held_up).map(str::to_owned));
    problems.extend(tablet.storage_problem.as_ref().map(w().panel_storage));
    problems.extend(not_shown(tablet));
    let (grave, members): (Vec<_>, Vec<_>) = tablet.members.iter().partition(|row| row.grave);
    let said = |row: &MemberRow| (w().panel_member)(row, &time::ago(row.at, now));
    problems.extend(grave.into_iter().map(said));
    let members: Vec<String> = members.into_iter().map(said).collect();
    let kept = (state.persisted.get() == Some(true)).then(|| w().panel_persisted.to_owned());
    view! {
        <div class="link-words">
            {[Some(link), last, arriving, kept]
                .into_iter()
                .flatten()
                .map(|line| view! { <p>{line}</p> })
                .collect_view()}
            {problems
                .into_iter()
                .map(|line| {
                    view! {
                        <p class="refused">
                            <Icon icon=icondata_lu::LuOctagonAlert/>
                            <span>{line}</span>
                        </p>
                    }
                })
                .collect_view()}
            {(!members.is_empty())
                .then(|| {
                    view! {
                        <details>
                            <summary>{w().panel_members}</summary>
                            {members
                                .into_iter()
                                .map(|line| view! { <p class="muted">{line}</p> })
                                .collect_view()}
                        </details>
                    }
                })}
        </div>
    }
}
