//! Doses of the last fourteen days. What is due within about the last hour is left to be given.

use super::conditions::When;
use super::resident::{Recorded, Resident, Running};
use super::{Author, Wish};
use crate::calendar::{Calendar, MINUTE, plus_days};
use crate::dice::Dice;
use domain::directory::{Date, TimeOfDay};
use domain::journal::{NotGiven, Slot};
use ids::UnixMillis;
use interface::Command;

const DAYS: i64 = 14;
/// A slot younger than this is still to be charted.
const LEFT_OPEN_MINUTES: i64 = 70;

/// Doses of every order.
pub(super) fn doses(
    resident: &Resident,
    wish: &Wish,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<Recorded> {
    let today = calendar.date(wish.now);
    let mut all = Vec::new();
    for order in &resident.orders {
        for day in (0..=DAYS).rev().map(|ago| plus_days(today, -ago)) {
            if let When::AsNeeded(_) = order.medicine.when {
                all.extend(as_needed(resident, order, day, wish, calendar, dice));
            } else {
                for time in &order.times {
                    all.extend(scheduled(resident, order, day, *time, wish, calendar, dice));
                }
            }
        }
    }
    all
}

fn scheduled(
    resident: &Resident,
    order: &Running,
    day: Date,
    time: TimeOfDay,
    wish: &Wish,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Option<Recorded> {
    let due = calendar.instant(day, time);
    let open = wish.now.since(due) < LEFT_OPEN_MINUTES * MINUTE;
    if open || due < order.recorded {
        return None;
    }
    let given = due.plus(dice.between(-25, 40) * MINUTE);
    let (not_given, comment) = outcome(dice);
    let slot = Slot {
        order: order.id,
        version: 1,
        date: day,
        time: Some(time),
    };
    Some(dose(resident, slot, not_given, comment, given, calendar))
}

fn as_needed(
    resident: &Resident,
    order: &Running,
    day: Date,
    wish: &Wish,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Option<Recorded> {
    if !dice.chance(12) {
        return None;
    }
    let time = TimeOfDay { hour: 0, minute: 0 };
    let given = calendar
        .instant(day, time)
        .plus(dice.between(7 * 60, 22 * 60) * MINUTE);
    if given < order.recorded || wish.now.since(given) < 10 * MINUTE {
        return None;
    }
    let comment = dice.one(&[
        "pain 5 of 10",
        "asked for it",
        "pain on moving",
        "eased after an hour",
    ]);
    let slot = Slot {
        order: order.id,
        version: 1,
        date: day,
        time: None,
    };
    Some(dose(resident, slot, None, Some(comment), given, calendar))
}

fn dose(
    resident: &Resident,
    slot: Slot,
    not_given: Option<NotGiven>,
    comment: Option<&str>,
    given: UnixMillis,
    calendar: &Calendar,
) -> Recorded {
    let at = calendar.stated(given);
    let command = Command::RecordDose {
        resident: resident.id,
        slot,
        not_given,
        comment: comment.map(str::to_owned),
        at: Some(at),
        despite: Vec::new(),
    };
    (on_duty(calendar, given), at, command)
}

/// Who is on duty then.
pub(super) fn on_duty(calendar: &Calendar, at: UnixMillis) -> Author {
    if (3..15).contains(&calendar.hour(at)) {
        Author::EarlyNurse
    } else {
        Author::LateNurse
    }
}

fn outcome(dice: &mut Dice) -> (Option<NotGiven>, Option<&'static str>) {
    match dice.between(0, 199) {
        0..=3 => (Some(NotGiven::Refused), None),
        4 => (Some(NotGiven::Held), Some("systolic below 100")),
        5 => (Some(NotGiven::Away), Some("with the family")),
        6 => (Some(NotGiven::Vomited), None),
        7 => (Some(NotGiven::Unavailable), Some("pharmacy called")),
        8 => (Some(NotGiven::Other), Some("asleep, not woken")),
        _ => (None, None),
    }
}
