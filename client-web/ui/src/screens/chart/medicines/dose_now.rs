//! What to beware of before a dose is charted. It is asked for as long as the sheet stands open, and
//! anew after a lock: somebody else may have given the dose meanwhile, or stopped the order.

use super::slot_item::Charted;
use crate::components::alert_chip::Chip;
use crate::engine::{Watched, watch};
use crate::format::{fact, name, time, zone};
use crate::screens::chart::use_chart;
use crate::state::{State, use_state};
use crate::words::w;
use domain::chart::Order;
use domain::directory::Date;
use domain::journal::Slot;
use ids::{EntryKey, UnixMillis};
use interface::{DoseRow, Gravity, MedicinesView, OrderView, Query, SlotState, SlotView, View};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The dose that a sheet was opened for, as it was shown then: that is what is charted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Opened {
    /// Its slot, with the version of the order that was seen.
    pub(super) slot: Slot,
    /// What of it.
    pub(super) medicine: String,
    dose: String,
    route: String,
    high_alert: bool,
}

impl Opened {
    /// From a row with a slot.
    pub(super) fn slot(of: &SlotView) -> Self {
        Self {
            slot: of.slot,
            medicine: of.medicine.clone(),
            dose: of.dose.clone(),
            route: of.route.clone(),
            high_alert: of.high_alert,
        }
    }

    /// Of an order as needed, on a day.
    pub(super) fn as_needed(order: &Order, date: Date) -> Self {
        Self {
            slot: Slot {
                order: order.order,
                version: order.version,
                date,
                time: None,
            },
            medicine: order.medicine.clone(),
            dose: order.dose.clone(),
            route: order.route.clone(),
            high_alert: order.high_alert,
        }
    }

    /// What is to be given.
    pub(super) fn words(&self) -> String {
        fact::order_words(&self.medicine, &self.dose, &self.route)
    }

    fn is_of(&self, order: &Order) -> bool {
        (&order.medicine, &order.dose, &order.route) == (&self.medicine, &self.dose, &self.route)
    }
}

/// What is known of that dose now.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Now {
    order: OrderNow,
    /// Of a slot with a time.
    state: Option<SlotState>,
    /// What was charted for that slot and counts.
    charted: Vec<DoseRow>,
    /// Of a dose as needed: the newest that counts.
    last: Option<DoseRow>,
    /// Of a dose as needed: how many were given today.
    today: usize,
}

/// What became of the order.
#[derive(Clone, Debug, PartialEq)]
enum OrderNow {
    /// It asks for what the sheet says.
    AsOpened,
    /// It asks for something else.
    Changed(String),
    /// It does not run then any more.
    Gone,
}

impl Now {
    fn of(opened: &Opened, medicines: &MedicinesView) -> Self {
        let versions = || {
            let orders = medicines.orders.iter();
            orders.filter(|view| view.order.order == opened.slot.order)
        };
        // Two versions may stand beside each other.
        let order = versions()
            .find(|view| opened.is_of(&view.order))
            .or_else(|| versions().next());
        let slot = order.and_then(|view| slot_in(view, opened));
        let runs = |view: &OrderView| match opened.slot.time {
            Some(_) => slot.is_some(),
            None => view.may_give,
        };
        let counted = |dose: &&DoseRow| dose.decided.as_ref().is_none_or(|said| said.counts);
        let given = order.into_iter().flat_map(|view| &view.as_needed);
        Self {
            order: match order.filter(|view| runs(view)) {
                None => OrderNow::Gone,
                Some(view) if opened.is_of(&view.order) => OrderNow::AsOpened,
                Some(view) => {
                    let order = &view.order;
                    let words = fact::order_words(&order.medicine, &order.dose, &order.route);
                    OrderNow::Changed(words)
                }
            },
            state: slot.map(|slot| slot.state),
            charted: slot
                .into_iter()
                .flat_map(|slot| &slot.doses)
                .filter(counted)
                .cloned()
                .collect(),
            last: order.and_then(|view| view.last_given.clone()),
            today: given
                .filter(counted)
                .filter(|dose| dose.dose.not_given.is_none())
                .count(),
        }
    }

    /// What was charted that speaks against it.
    pub(super) fn doses(&self) -> Vec<EntryKey> {
        let doses = self.charted.iter().chain(&self.last);
        doses.map(|dose| dose.by.entry.clone()).collect()
    }
}

fn slot_in<'v>(view: &'v OrderView, opened: &Opened) -> Option<&'v SlotView> {
    let mut slots = view.slots.iter();
    slots.find(|one| {
        one.slot.time.is_some()
            && (one.slot.date, one.slot.time) == (opened.slot.date, opened.slot.time)
    })
}

/// Follows what is known of a dose.
pub(super) fn follow(opened: &Opened) -> Signal<Option<Now>> {
    let state = use_state();
    let resident = use_chart().resident;
    // When it was last given as needed is asked of today, also after midnight.
    let date = opened.slot.time.map(|_| opened.slot.date);
    let medicines: Watched<MedicinesView> = watch(
        state.engine,
        move || Some(Query::Medicines { resident, date }),
        |view| match view {
            View::Medicines(medicines) => Some(medicines),
            _ => None,
        },
    );
    let opened = opened.clone();
    let now = Memo::new(move |_| {
        medicines
            .value
            .with(|view| view.as_ref().map(|view| Now::of(&opened, view)))
    });
    now.into()
}

/// The chips.
#[component]
pub(super) fn Beware(
    /// Of which dose.
    opened: Opened,
    /// What is known of it.
    now: Signal<Option<Now>>,
) -> impl IntoView {
    let state = use_state();
    let high_alert = opened.high_alert;
    view! {
        {high_alert.then(|| view! { <Chip gravity=Gravity::Warning words=w().high_alert/> })}
        <div role="status">
            {move || {
                now.get()
                    .map(|now| {
                        let warnings = warnings(&opened, &now, state);
                        view! {
                            <span class="chips">
                                {warnings
                                    .into_iter()
                                    .map(|(gravity, words)| view! { <Chip gravity=gravity words=words/> })
                                    .collect_view()}
                            </span>
                            {now.charted
                                .into_iter()
                                .map(|dose| view! { <Charted dose=dose/> })
                                .collect_view()}
                        }
                    })
            }}
        </div>
    }
}

/// Gravest first.
fn warnings(opened: &Opened, now: &Now, state: State) -> Vec<(Gravity, String)> {
    let mut warnings = Vec::new();
    match &now.order {
        OrderNow::AsOpened => {}
        OrderNow::Changed(words) => warnings.push((Gravity::Critical, (w().order_changed)(words))),
        OrderNow::Gone => warnings.push((Gravity::Critical, w().order_gone.to_owned())),
    }
    if !now.charted.is_empty() {
        warnings.push((Gravity::Critical, w().charted_meanwhile.to_owned()));
    }
    match opened.slot.time {
        None => {
            let gravity = now
                .last
                .as_ref()
                .map_or(Gravity::Plain, |_| Gravity::Warning);
            warnings.push((gravity, lately_words(now, state.now.get(), state.today())));
        }
        Some(time) => {
            let due = zone::instant(opened.slot.date, time, &state.zone());
            let when = time::when_full(due, state.today());
            let span = time::span(due.at.since(state.now.get()));
            // Early and late are said of a dose that is not given too: it may be given yet.
            let words = match now.state {
                Some(SlotState::Upcoming) => Some((w().sheet_early)(&when, &span)),
                Some(SlotState::Late) => Some((w().sheet_late)(&when, &span)),
                _ => None,
            };
            warnings.extend(words.map(|words| (Gravity::Warning, words)));
        }
    }
    warnings
}

/// When it was last given, so that nobody gives again what was just given.
fn lately_words(now: &Now, at: UnixMillis, today: Date) -> String {
    let Some(last) = &now.last else {
        return w().not_given_lately.to_owned();
    };
    let last = (w().last_given)(
        &time::when(last.by.stated, today),
        &time::ago(last.by.stated.at, at),
        &name::author(&last.by),
    );
    match now.today {
        0 => last,
        count => format!("{last} {}", (w().given_that_day)(count)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::chart::OrderId;
    use domain::journal::Dose;
    use ids::{CommandId, DeviceId, PersonId, StatedInstant};
    use interface::{DoseDecided, Provenance};

    const DAY: &str = "2026-11-21";

    fn order(dose: &str) -> Order {
        Order {
            order: OrderId(CommandId::from_bytes([9; 16])),
            version: 1,
            medicine: "Morphine".into(),
            dose: dose.into(),
            route: "by mouth".into(),
            times: Vec::new(),
            as_needed: Some("pain".into()),
            starts: "2026-11-01".parse().unwrap(),
            ended: None,
            prescriber: None,
            high_alert: true,
            apart_minutes: None,
            most_in_a_day: None,
            hold: None,
            ended_at: None,
            starts_at: None,
        }
    }

    fn by(n: u8, at: i64) -> Provenance {
        Provenance {
            entry: EntryKey::from_parts(UnixMillis(at), [n; 10]),
            person: PersonId::from_bytes([n; 16]),
            name: "M. Okafor".into(),
            credential: None,
            device: DeviceId::from_bytes([n; 16]),
            device_name: "East-1".into(),
            stated: StatedInstant {
                at: UnixMillis(at),
                offset_minutes: 0,
            },
            ahead: false,
            recorded: UnixMillis(at),
            stored: true,
        }
    }

    fn dose(n: u8, at: i64, slot: Slot) -> DoseRow {
        DoseRow {
            dose: Dose {
                slot,
                not_given: None,
                comment: None,
            },
            by: by(n, at),
            decided: None,
        }
    }

    fn medicines(order: Order, slots: Vec<SlotView>, given: &[DoseRow]) -> MedicinesView {
        MedicinesView {
            date: DAY.parse().unwrap(),
            is_today: true,
            orders: vec![OrderView {
                by: by(1, 0),
                may_give: order.is_as_needed(),
                order,
                slots,
                as_needed: given.to_vec(),
                last_given: given.last().cloned(),
            }],
        }
    }

    #[test]
    fn what_was_given_as_needed_while_the_sheet_stands_open_is_what_it_was_last_given() {
        let opened = Opened::as_needed(&order("5 mg"), DAY.parse().unwrap());
        let six_hours = 6 * 3_600_000;
        let first = dose(1, 0, opened.slot);
        let before = Now::of(
            &opened,
            &medicines(order("5 mg"), Vec::new(), &[first.clone()]),
        );
        assert_eq!(
            (before.today, before.doses()),
            (1, vec![first.by.entry.clone()])
        );
        let other = dose(2, six_hours, opened.slot);
        let given = [first, other.clone()];
        let after = Now::of(&opened, &medicines(order("5 mg"), Vec::new(), &given));
        assert_eq!(after.last, Some(other));
        assert_eq!(after.today, 2);
        assert_ne!(
            after.doses(),
            before.doses(),
            "what was confirmed is asked again"
        );
        let day = DAY.parse().unwrap();
        let ten_minutes = UnixMillis(six_hours + 600_000);
        let said = lately_words(&after, ten_minutes, day);
        assert!(
            said.contains(&time::ago(UnixMillis(six_hours), ten_minutes)),
            "{said}"
        );
        assert_eq!(after.order, OrderNow::AsOpened);
    }

    #[test]
    fn a_slot_that_is_charted_while_the_sheet_stands_open_says_so_unless_it_was_decided_against() {
        let timed = Order {
            times: vec!["08:00".parse().unwrap()],
            as_needed: None,
            ..order("5 mg")
        };
        let slot = |doses: Vec<DoseRow>, state| SlotView {
            slot: Slot {
                time: "08:00".parse().ok(),
                ..Opened::as_needed(&timed, DAY.parse().unwrap()).slot
            },
            medicine: timed.medicine.clone(),
            dose: timed.dose.clone(),
            route: timed.route.clone(),
            high_alert: true,
            state,
            doses,
            under_other: None,
        };
        let open = slot(Vec::new(), SlotState::Due);
        let opened = Opened::slot(&open);
        let now = |slots| Now::of(&opened, &medicines(timed.clone(), slots, &[]));
        assert_eq!(now(vec![open]).charted, []);
        let given = dose(2, 0, opened.slot);
        let charted = now(vec![slot(vec![given.clone()], SlotState::Given)]);
        assert_eq!(charted.doses(), [given.by.entry.clone()]);
        let against = DoseRow {
            decided: Some(DoseDecided {
                counts: false,
                reason: "twice on paper".into(),
                by: by(3, 0),
            }),
            ..given
        };
        assert_eq!(now(vec![slot(vec![against], SlotState::Due)]).charted, []);
        assert_eq!(now(Vec::new()).order, OrderNow::Gone, "its times changed");
    }

    #[test]
    fn an_order_that_is_changed_or_stopped_while_the_sheet_stands_open_says_so() {
        let opened = Opened::as_needed(&order("5 mg"), DAY.parse().unwrap());
        let now = |view: &MedicinesView| Now::of(&opened, view).order;
        let changed = medicines(order("10 mg"), Vec::new(), &[]);
        let words = fact::order_words("Morphine", "10 mg", "by mouth");
        assert_eq!(now(&changed), OrderNow::Changed(words));
        // Two that stand beside each other: it was opened from one of them.
        let mut both = changed;
        both.orders
            .extend(medicines(order("5 mg"), Vec::new(), &[]).orders);
        assert_eq!(now(&both), OrderNow::AsOpened);
        let mut stopped = medicines(order("5 mg"), Vec::new(), &[]);
        stopped.orders[0].may_give = false;
        assert_eq!(now(&stopped), OrderNow::Gone);
        stopped.orders.clear();
        assert_eq!(now(&stopped), OrderNow::Gone);
    }
}
