//! Medicines of one local day, slot by slot in order of time, then what may be given as needed.

pub(super) mod dose_sheet;
pub(super) mod order_sheet;
pub(super) mod slot_item;

use super::over::Over;
use super::use_chart;
use crate::components::icon::Icon;
use crate::engine::watch;
use crate::format::isolated::isolated;
use crate::format::{fact, time};
use crate::state::use_state;
use crate::words::w;
use domain::directory::{Date, TimeOfDay};
use domain::journal::Slot;
use dose_sheet::Lately;
use interface::{MedicinesView, OrderView, Query, SlotState, SlotView, View};
use leptos::prelude::*;
use slot_item::{Charted, More, MoreButton, SlotItem};
use std::collections::BTreeMap;

/// The tab.
#[component]
pub(crate) fn Medicines() -> impl IntoView {
    let state = use_state();
    let resident = use_chart().resident;
    let day = RwSignal::new(None::<Date>);
    let medicines = watch(
        state.engine,
        move || {
            Some(Query::Medicines {
                resident,
                date: day.get(),
            })
        },
        |view| match view {
            View::Medicines(medicines) => Some(medicines),
            _ => None,
        },
    );
    // The day whose medicines stand below, which at midnight is not yet today's.
    let shown = move || {
        let answered = medicines.value.with(|v| v.as_ref().map(|v| v.date));
        answered.or(day.get()).unwrap_or_else(|| state.today())
    };
    let step = move |days: i32| {
        let asked = untrack(|| day.get().unwrap_or_else(shown));
        if let Some(next) = asked.plus_days(days) {
            let is_today = next == untrack(|| state.today());
            day.set((!is_today).then_some(next));
        }
    };
    let heading = move || (w().medicines_on)(&time::near_day(shown(), state.told_from()));
    view! {
        <div class="page">
            <div class="head">
                <h2>{heading}</h2>
                <button
                    type="button"
                    class="square"
                    aria-label=w().previous_day
                    on:click=move |_| step(-1)
                >
                    <Icon icon=icondata_lu::LuChevronLeft/>
                </button>
                <button
                    type="button"
                    class="square"
                    aria-label=w().next_day
                    on:click=move |_| step(1)
                >
                    <Icon icon=icondata_lu::LuChevronRight/>
                </button>
            </div>
            {move || medicines.value.get().map(by_time)}
        </div>
    }
}

fn by_time(view: MedicinesView) -> impl IntoView {
    if view.orders.is_empty() {
        return view! { <p class="empty">{w().no_medicines}</p> }.into_any();
    }
    let mut slots: BTreeMap<TimeOfDay, Vec<(SlotView, More)>> = BTreeMap::new();
    for order in &view.orders {
        for slot in &order.slots {
            if let Some(time) = slot.slot.time {
                let more = More::of(order);
                slots.entry(time).or_default().push((slot.clone(), more));
            }
        }
    }
    let date = view.date;
    let groups = slots.into_iter().map(|(time, slots)| {
        view! {
            <section class="card">
                <h3 class="slot-time">{time.to_string()}</h3>
                <ul class="slots">
                    {slots
                        .into_iter()
                        .map(|(slot, more)| view! { <SlotItem of=slot timed=false more=more/> })
                        .collect_view()}
                </ul>
            </section>
        }
    });
    let as_needed: Vec<OrderView> = view
        .orders
        .iter()
        .filter(|order| order.may_give || !order.as_needed.is_empty())
        .cloned()
        // "Now" is not a time of the day before.
        .map(|order| OrderView {
            may_give: order.may_give && view.is_today,
            ..order
        })
        .collect();
    view! {
        {groups.collect_view()}
        {(!as_needed.is_empty())
            .then(|| {
                view! {
                    <section class="card">
                        <h3>{w().as_needed}</h3>
                        <ul class="slots">
                            {as_needed
                                .into_iter()
                                .map(|order| view! { <AsNeeded order=order date=date/> })
                                .collect_view()}
                        </ul>
                    </section>
                }
            })}
    }
    .into_any()
}

/// A medicine that may be given as needed, with what was given on the day.
#[component]
fn AsNeeded(order: OrderView, date: Date) -> impl IntoView {
    let over = use_chart().over;
    let may_give = order.may_give && use_state().rights.get().chart;
    let more = More::of(&order);
    let prescribed = order.order;
    let words = fact::order_words(&prescribed.medicine, &prescribed.dose, &prescribed.route);
    let why = prescribed.as_needed.as_deref();
    let why = why.map(|why| (w().as_needed_for)(&isolated(why)));
    let named = format!("{} {words}", w().give_now);
    let counted = order.as_needed.iter().filter(|dose| {
        dose.dose.not_given.is_none() && dose.decided.as_ref().is_none_or(|said| said.counts)
    });
    let lately = StoredValue::new(Lately {
        today: counted.count(),
        last: order.last_given.clone(),
    });
    let slot = StoredValue::new(SlotView {
        slot: Slot {
            order: prescribed.order,
            version: prescribed.version,
            date,
            time: None,
        },
        medicine: prescribed.medicine.clone(),
        dose: prescribed.dose.clone(),
        route: prescribed.route.clone(),
        high_alert: prescribed.high_alert,
        state: SlotState::Due,
        doses: Vec::new(),
        under_other: None,
    });
    view! {
        <li class="slot">
            <div class="slot-what">
                <strong>{words}</strong>
                <span class="muted">{why}</span>
                {order
                    .as_needed
                    .into_iter()
                    .map(|dose| view! { <Charted dose=dose/> })
                    .collect_view()}
            </div>
            <div class="slot-acts">
                {may_give
                    .then(|| {
                        view! {
                            <button
                                type="button"
                                class="btn"
                                aria-label=named
                                on:click=move |_| {
                                    over.set(
                                        Some(Over::Dose {
                                            slot: slot.get_value(),
                                            given: true,
                                            lately: Some(lately.get_value()),
                                        }),
                                    );
                                }
                            >
                                {w().give_now}
                            </button>
                        }
                    })}
                <MoreButton more=more/>
            </div>
        </li>
    }
}
