//! `record RESIDENT dose`: which order and which slot is meant. A name that fits two orders is
//! refused: two strengths of one medicine are common, and a guess would leave the right slot due.

use crate::cli::CliError;
use crate::cli::typed::{date, home_time, time, today, word, wrong};
use crate::cli::words::{self, Usage, times, wanted};
use clap::Args;
use domain::chart::{Order, OrderId};
use domain::directory::{Date, TimeOfDay};
use domain::entry::ResidentId;
use domain::journal::{NotGiven, Slot};
use interface::{Command, DoseConcern, Query, SlotState, View};
use lamplight_client_native::Process;

#[derive(Args)]
pub(super) struct DoseArguments {
    /// Medicine, as ordered.
    #[arg(long, conflicts_with = "order", required_unless_present = "order")]
    medicine: Option<String>,
    /// Id of the order, as `chart` prints it.
    #[arg(long)]
    order: Option<String>,
    /// Slot time, e.g. 08:00; left out for a dose as needed.
    #[arg(long)]
    time: Option<String>,
    /// Slot day, YYYY-MM-DD; when absent the one day about now of which the slot is open.
    #[arg(long)]
    date: Option<String>,
    /// When it was given, home time: YYYY-MM-DDTHH:MM, or HH:MM of today; now when absent.
    #[arg(long)]
    at: Option<String>,
    /// refused, held, away, nothing-by-mouth, vomited, unavailable or other.
    #[arg(long)]
    not_given: Option<String>,
    /// Words.
    #[arg(long)]
    comment: Option<String>,
    /// Chart it despite what was asked back: charted, not-here, order-contradicted, ordered-twice,
    /// too-soon, too-many, out-of-time.
    #[arg(long, value_delimiter = ',')]
    despite: Vec<String>,
}

pub(super) fn command(
    process: &mut Process,
    resident: ResidentId,
    arguments: DoseArguments,
) -> Result<Command, CliError> {
    let day = match &arguments.date {
        Some(text) => date(text)?,
        None => today(process)?,
    };
    let at = arguments.time.as_deref().map(time).transpose()?;
    let View::Chart(chart) = process.query(&Query::Chart { resident })? else {
        return Err(Usage::NoView.into());
    };
    let orders: Vec<Order> = chart.orders.into_iter().map(|(order, _)| order).collect();
    let order = match (&arguments.order, &arguments.medicine) {
        (Some(id), _) => by_id(&orders, id, (day, at))?,
        (None, medicine) => by_name(&orders, medicine.as_deref().unwrap_or_default(), (day, at))?,
    };
    has_slot(order, at)?;
    let day = match (&arguments.date, at) {
        (None, Some(time)) => open_day(process, resident, order, time, day)?,
        _ => day,
    };
    let not_given = arguments
        .not_given
        .map(|text| word::<NotGiven>(wanted::REASON, &text))
        .transpose()?;
    Ok(Command::RecordDose {
        resident,
        slot: Slot {
            order: order.order,
            version: order.version,
            date: day,
            time: at,
        },
        not_given,
        comment: arguments.comment,
        at: home_time(process, arguments.at.as_deref())?,
        despite: arguments
            .despite
            .iter()
            .map(|text| word::<DoseConcern>(wanted::CONCERN, text))
            .collect::<Result<_, _>>()?,
    })
}

/// The day of the slot that is meant when none is said: just after midnight `23:30` is yesterday's.
/// It is the one whose window is open; else the one of which nothing is charted. Two are asked back.
fn open_day(
    process: &mut Process,
    resident: ResidentId,
    order: &Order,
    time: TimeOfDay,
    today: Date,
) -> Result<Date, CliError> {
    let mut open = Vec::new();
    for days in [-1, 0, 1] {
        let Some(day) = today.plus_days(days) else {
            continue;
        };
        let date = Some(day);
        let View::Medicines(shown) = process.query(&Query::Medicines { resident, date })? else {
            return Err(Usage::NoView.into());
        };
        let slots = shown.orders.iter().flat_map(|order| &order.slots);
        let state = slots
            .filter(|slot| (slot.slot.order, slot.slot.time) == (order.order, Some(time)))
            .map(|slot| slot.state)
            .next();
        open.extend(state.map(|state| (day, state)));
    }
    choose(&open, today).map_err(|days| Usage::WhichDay { time, days }.into())
}

/// Of yesterday's, today's and tomorrow's slot the one that is meant; else the days in question.
fn choose(slots: &[(Date, SlotState)], today: Date) -> Result<Date, Vec<Date>> {
    let open = |(day, state): &&(Date, SlotState)| match state {
        SlotState::Due => true,
        SlotState::Late | SlotState::Upcoming | SlotState::Away | SlotState::BeforeOrder => {
            *day <= today
        }
        SlotState::Given
        | SlotState::GivenUnderOther
        | SlotState::NotGiven
        | SlotState::Contradicted => false,
    };
    let days: Vec<Date> = slots.iter().filter(open).map(|(day, _)| *day).collect();
    let due: Vec<Date> = slots
        .iter()
        .filter(|(_, state)| *state == SlotState::Due)
        .map(|(day, _)| *day)
        .collect();
    match (due.as_slice(), days.as_slice()) {
        ([only], _) | (_, [only]) => Ok(*only),
        // All are charted: the engine asks back.
        (_, []) => Ok(today),
        (_, several) => Err(several.to_vec()),
    }
}

/// A day, and the time of it if one was said.
type When = (Date, Option<TimeOfDay>);

/// Whether an order runs then.
fn runs(order: &Order, (day, time): When) -> bool {
    time.map_or_else(|| order.runs_on(day), |time| order.runs_at(day, time))
}

/// The version of an order that runs then, else any: the engine then says why not.
fn by_id<'o>(orders: &'o [Order], id: &str, when: When) -> Result<&'o Order, CliError> {
    let wrong = || wrong(wanted::ORDER, id);
    let id = OrderId(id.parse().map_err(|_| wrong())?);
    let of = || orders.iter().filter(|order| order.order == id);
    of().find(|order| runs(order, when))
        .or_else(|| of().max_by_key(|order| order.version))
        .ok_or_else(wrong)
}

/// The one order of this name that runs then.
fn by_name<'o>(orders: &'o [Order], name: &str, when: When) -> Result<&'o Order, CliError> {
    let name = domain::search::normalise(name);
    let named: Vec<&Order> = orders
        .iter()
        .filter(|order| runs(order, when) && domain::search::normalise(&order.medicine) == name)
        .collect();
    match named.as_slice() {
        [only] => Ok(only),
        [] => Err(Usage::NoOrder(name).into()),
        several => {
            let lines: Vec<String> = several
                .iter()
                // Each goes on one line, whatever its name holds.
                .map(|order| words::order(order).replace('\n', " "))
                .collect();
            Err(Usage::ManyOrders {
                count: several.len(),
                lines: lines.join("\n"),
            }
            .into())
        }
    }
}

fn has_slot(order: &Order, time: Option<TimeOfDay>) -> Result<(), CliError> {
    let there = match time {
        Some(time) => order.times.contains(&time),
        None => order.is_as_needed(),
    };
    if there {
        return Ok(());
    }
    Err(Usage::NotDue {
        order: format!("{} {}", order.medicine, order.dose),
        time,
        due: times(order),
    }
    .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(n: u8, dose: &str, times: &[&str]) -> Order {
        Order {
            order: OrderId(ids::CommandId::from_bytes([n; 16])),
            version: 1,
            medicine: "Warfarin".into(),
            dose: dose.into(),
            route: "by mouth".into(),
            times: times
                .iter()
                .map(|text| (*text).to_owned().try_into().unwrap())
                .collect(),
            as_needed: None,
            starts: "2026-11-01".parse().unwrap(),
            ended: None,
            prescriber: None,
            apart_minutes: None,
            most_in_a_day: None,
            hold: None,
            ended_at: None,
            starts_at: None,
            high_alert: true,
        }
    }

    fn day() -> Date {
        "2026-11-21".parse().unwrap()
    }

    #[test]
    fn a_name_that_fits_two_orders_is_refused_with_both_and_their_ids() {
        let orders = [order(1, "3 mg", &["08:00"]), order(2, "1 mg", &["20:00"])];
        let said = words::error(&by_name(&orders, "warfarin", (day(), None)).unwrap_err());
        for part in [
            "3 mg",
            "1 mg",
            &"01".repeat(16),
            &"02".repeat(16),
            "--order",
        ] {
            assert!(said.contains(part), "{part}: {said}");
        }
        let one = by_id(&orders, &"02".repeat(16), (day(), None)).unwrap();
        assert_eq!(one.dose, "1 mg");
        assert!(by_id(&orders, &"03".repeat(16), (day(), None)).is_err());
    }

    #[test]
    fn a_time_without_its_day_is_the_open_slot_s_or_asked_back() {
        use SlotState::{Due, Given, Late, Upcoming};
        let day = |n| day().plus_days(n).unwrap();
        let slots = |states: [SlotState; 3]| {
            let days = [day(-1), day(0), day(1)];
            days.into_iter().zip(states).collect::<Vec<_>>()
        };
        let chosen = |states| choose(&slots(states), day(0));
        // 00:03, and 23:30 is meant.
        assert_eq!(chosen([Due, Upcoming, Upcoming]), Ok(day(-1)));
        assert_eq!(chosen([Given, Due, Upcoming]), Ok(day(0)));
        assert_eq!(chosen([Given, Upcoming, Due]), Ok(day(1)));
        assert_eq!(chosen([Given, Late, Upcoming]), Ok(day(0)));
        assert_eq!(
            chosen([Late, Upcoming, Upcoming]),
            Err(vec![day(-1), day(0)])
        );
        assert_eq!(chosen([Late, Given, Upcoming]), Ok(day(-1)));
        assert_eq!(chosen([Given, Given, Upcoming]), Ok(day(0)));
    }

    #[test]
    fn an_order_that_ended_is_no_candidate_for_a_name() {
        let ended = Order {
            ended: "2026-11-20".parse().ok(),
            ..order(1, "3 mg", &["08:00"])
        };
        let orders = [ended, order(2, "1 mg", &["20:00"])];
        let named = |when| by_name(&orders, "Warfarin", when).unwrap();
        assert_eq!(named((day(), None)).dose, "1 mg");
        // Stopped at noon, and begun anew with another dose.
        let noon = "12:00".parse().ok();
        let stopped = Order {
            ended: Some(day()),
            ended_at: noon,
            ..order(1, "3 mg", &["08:00", "20:00"])
        };
        let begun = Order {
            starts: domain::PartialDate::Day(day()),
            starts_at: noon,
            ..order(2, "1 mg", &["08:00", "20:00"])
        };
        let orders = [stopped, begun];
        for (time, dose) in [("08:00", "3 mg"), ("20:00", "1 mg")] {
            let named = by_name(&orders, "Warfarin", (day(), time.parse().ok()));
            assert_eq!(named.unwrap().dose, dose);
        }
    }

    #[test]
    fn a_time_the_order_does_not_have_is_refused_with_those_it_has() {
        let twice = order(1, "3 mg", &["08:00", "20:00"]);
        assert!(has_slot(&twice, "08:00".to_owned().try_into().ok()).is_ok());
        for time in [None, "12:00".to_owned().try_into().ok()] {
            let said = words::error(&has_slot(&twice, time).unwrap_err());
            assert!(said.contains("08:00, 20:00"), "{said}");
        }
        assert!(has_slot(&order(1, "3 mg", &[]), None).is_ok());
    }
}
