//! Orders, their ends, and doses of any version of them.

use super::seen::{chart, pick, today};
use crate::harness::{World, order_of};
use crate::simulation::plan::Op;
use domain::chart::OrderId;
use domain::directory::TimeOfDay;
use domain::entry::ResidentId;
use domain::journal::{Dose, NotGiven, Slot};
use interface::{Command, NewOrder};

/// From this second number on a dose is of whatever order stands, in its newest version.
const OF_ANOTHER: u64 = 20;

const fn at(hour: u8) -> TimeOfDay {
    TimeOfDay { hour, minute: 0 }
}

/// What is ordered. Few, so that some medicine is ordered twice.
const MEDICINES: [&str; 3] = ["Furosemide", "Metoprolol", "Paracetamol"];

/// An order; one in four is as needed.
pub(super) fn order(op: Op, resident: ResidentId, number: usize) -> Command {
    let as_needed = op.b % 4 == 3;
    let order = NewOrder {
        id: None,
        medicine: MEDICINES[op.b as usize / 4 % 3].into(),
        dose: format!("{number} mg"),
        route: "by mouth".into(),
        times: if as_needed { Vec::new() } else { vec![at(12)] },
        as_needed: as_needed.then(|| "pain".into()),
        starts: "2026-11-20".parse().expect("a date"),
        starts_at: None,
        prescriber: None,
        apart_minutes: as_needed.then_some(240),
        most_in_a_day: as_needed.then_some(4),
        hold: None,
        high_alert: op.b % 2 == 1,
    };
    Command::RecordOrder { resident, order }
}

/// A version that ends an order: yesterday, today or tomorrow, or within that day.
pub(super) fn end(world: &mut World, op: Op, resident: ResidentId) -> Option<Command> {
    let orders = chart(world, op.device, resident)?.orders;
    let (_, by) = pick(&orders, op.b / 6)?;
    let last = today(world, op.device).plus_days([-1, 0, 1][op.b as usize % 3])?;
    Some(Command::EndOrder {
        order: by.entry.clone(),
        last,
        last_at: (op.b % 2 == 1).then_some(at(6)),
    })
}

/// A dose, given or not: mostly of what the resident was admitted with, as it was ordered first.
pub(super) fn dose(world: &mut World, op: Op, resident: ResidentId, number: usize) -> Dose {
    let hour = if op.b.is_multiple_of(2) { 8 } else { 20 };
    let first: (OrderId, u32, Option<TimeOfDay>) = (order_of(resident), 1, Some(at(hour)));
    let (order, version, time) = (op.b >= OF_ANOTHER)
        .then(|| chart(world, op.device, resident))
        .flatten()
        .and_then(|chart| {
            let (order, _) = pick(&chart.orders, op.b)?;
            let time = pick(&order.times, op.b / 2).copied();
            Some((order.order, order.version, time))
        })
        .unwrap_or(first);
    let not_given = [
        None,
        None,
        None,
        Some(NotGiven::Refused),
        Some(NotGiven::Away),
    ][op.b as usize / 2 % 5];
    Dose {
        slot: Slot {
            order,
            version,
            date: today(world, op.device),
            time,
        },
        not_given,
        comment: Some(format!("dose {number}")),
    }
}
