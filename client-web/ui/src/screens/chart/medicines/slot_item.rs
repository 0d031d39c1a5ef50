//! One dose slot: what is due, or what was charted, and the two things one can do.

use crate::components::alert_chip::Chip;
use crate::components::icon::Icon;
use crate::format::isolated::isolated;
use crate::format::{fact, name, time};
use crate::screens::chart::medicines::dose_now::Opened;
use crate::screens::chart::over::Over;
use crate::screens::chart::use_chart;
use crate::state::use_state;
use crate::words::w;
use domain::directory::Date;
use domain::journal::Slot;
use ids::EntryKey;
use interface::{DoseDecided, DoseRow, Gravity, OrderView, SlotState, SlotView};
use leptos::prelude::*;
use leptos_router::components::A;

/// The order behind a row.
#[derive(Clone)]
pub(crate) struct More {
    named: String,
    entry: EntryKey,
}

impl More {
    /// Of this order.
    pub(crate) fn of(order: &OrderView) -> Self {
        Self {
            named: fact::medicine_words(&order.order.medicine, &order.order.dose),
            entry: order.by.entry.clone(),
        }
    }
}

/// Leads to the order behind a row: what it says, and its last day.
#[component]
pub(crate) fn MoreButton(
    /// Which.
    more: More,
) -> impl IntoView {
    let over = use_chart().over;
    let entry = StoredValue::new(more.entry);
    view! {
        <button
            type="button"
            class="square"
            aria-label=(w().ending.open)(&more.named)
            on:click=move |_| {
                let entry = entry.get_value();
                over.set(Some(Over::Order { entry }));
            }
        >
            <Icon icon=icondata_lu::LuEllipsis/>
        </button>
    }
}

/// The slot.
#[component]
pub(crate) fn SlotItem(
    /// Which.
    #[prop(name = "of")]
    slot: SlotView,
    /// Whether it says its time; a list by time has it above.
    timed: bool,
    /// The order behind it, where more can be done with it than chart a dose.
    #[prop(optional)]
    more: Option<More>,
) -> impl IntoView {
    let over = use_chart().over;
    let state = use_state();
    let open = state.rights.get().chart
        && matches!(
            slot.state,
            SlotState::Upcoming
                | SlotState::Due
                | SlotState::Late
                | SlotState::Away
                | SlotState::BeforeOrder
                | SlotState::GivenUnderOther
        );
    let Slot { date, time, .. } = slot.slot;
    let at = move |from: Date| {
        time.map(|time| match date == from {
            true => time.to_string(),
            false => format!("{} {time}", time::near_day(date, from)),
        })
    };
    let named = format!(
        "{} {}",
        fact::medicine_words(&slot.medicine, &slot.dose),
        at(untrack(|| state.today())).unwrap_or_default()
    );
    let route = isolated(&slot.route);
    let more_words = move || {
        let at = at(state.told_from()).filter(|_| timed);
        at.into_iter()
            .chain([route.clone()])
            .collect::<Vec<_>>()
            .join(" · ")
    };
    let class = match slot.state {
        SlotState::Late | SlotState::Contradicted => "slot is-late",
        SlotState::Due => "slot is-due",
        SlotState::Upcoming
        | SlotState::Away
        | SlotState::BeforeOrder
        | SlotState::GivenUnderOther
        | SlotState::Given
        | SlotState::NotGiven => "slot",
    };
    let looks = match slot.state {
        SlotState::Upcoming => Some((Gravity::Plain, w().upcoming)),
        SlotState::Due => Some((Gravity::Warning, w().due)),
        SlotState::Late => Some((Gravity::Critical, w().late)),
        SlotState::Away => Some((Gravity::Warning, w().not_here)),
        SlotState::BeforeOrder => Some((Gravity::Plain, w().before_order)),
        SlotState::GivenUnderOther => Some((Gravity::Warning, w().given_under_other)),
        SlotState::Contradicted => Some((Gravity::Critical, w().contradicted)),
        SlotState::Given | SlotState::NotGiven => None,
    };
    let opened = StoredValue::new(Opened::slot(&slot));
    let chart = move |given| {
        let opened = opened.get_value();
        over.set(Some(Over::Dose { opened, given }));
    };
    view! {
        <li class=class>
            <div class="slot-what">
                <strong>{fact::medicine_words(&slot.medicine, &fact::unbroken(&slot.dose))}</strong>
                <span class="muted">{more_words}</span>
                <span class="chips">
                    {looks.map(|(gravity, words)| view! { <Chip gravity=gravity words=words/> })}
                    {slot
                        .high_alert
                        .then(|| view! { <Chip gravity=Gravity::Warning words=w().high_alert/> })}
                </span>
                {slot
                    .doses
                    .into_iter()
                    .chain(slot.under_other)
                    .map(|dose| view! { <Charted dose=dose/> })
                    .collect_view()}
            </div>
            <div class="slot-acts">
                {open
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn"
                                aria-label=format!("{}: {named}", w().chart_given)
                                on:click=move |_| chart(true)
                            >
                                {w().chart_given}
                            </button>
                            <button
                                type="button"
                                class="btn quiet"
                                aria-label=format!("{} {named}", w().chart_not_given)
                                on:click=move |_| chart(false)
                            >
                                {w().chart_not_given}
                            </button>
                        }
                    })}
                {(slot.state == SlotState::Contradicted)
                    .then(|| {
                        view! { <A href="/reconcile" attr:class="btn danger">{w().see_reconcile}</A> }
                    })}
                {more.map(|more| view! { <MoreButton more=more/> })}
            </div>
        </li>
    }
}

/// `Given 07:56 · M. Okafor, RN · East-2`; struck through, with who decided it and why, once
/// something else was decided to be right.
#[component]
pub(super) fn Charted(
    /// Which.
    dose: DoseRow,
) -> impl IntoView {
    let state = use_state();
    let against = dose.decided.as_ref().is_some_and(|decided| !decided.counts);
    let icon = match dose.dose.not_given {
        _ if against => icondata_lu::LuX,
        None => icondata_lu::LuCircleCheck,
        Some(_) => icondata_lu::LuBan,
    };
    view! {
        <span class="charted" class:against=against>
            <Icon icon=icon/>
            {move || {
                let today = state.told_from();
                let says = charted_words(&dose, today);
                let decided = dose.decided.as_ref().map(|decided| decided_words(decided, today));
                view! {
                    <span>
                        {if against { view! { <s>{says}</s> }.into_any() } else { says.into_any() }}
                        {decided.map(|words| view! { <span class="decided-words">{words}</span> })}
                    </span>
                }
            }}
        </span>
    }
}

/// What was charted. Of a dose charted on another day than its slot's, the day is said: "Given 05:30"
/// under tomorrow's 08:00 would be read as tomorrow.
fn charted_words(dose: &DoseRow, today: Date) -> String {
    let same_day = time::wall(dose.by.stated).0 == dose.dose.slot.date;
    let at = match same_day {
        true => time::when(dose.by.stated, today),
        false => time::when_full(dose.by.stated, today),
    };
    let who = name::author(&dose.by);
    let tablet = isolated(&dose.by.device_name);
    let says = match dose.dose.not_given {
        None => (w().given_by)(&at, &who, &tablet),
        Some(why) => (w().not_given_by)((w().not_given_reason)(why), &at, &who, &tablet),
    };
    match &dose.dose.comment {
        Some(comment) => format!("{says} · {}", isolated(comment)),
        None => says,
    }
}

fn decided_words(decided: &DoseDecided, today: Date) -> String {
    let words = match decided.counts {
        true => w().decided_counts,
        false => w().decided_against,
    };
    let at = time::when(decided.by.stated, today);
    words(&isolated(&decided.reason), &name::author(&decided.by), &at)
}
