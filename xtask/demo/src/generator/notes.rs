//! Weekly nursing notes, put together from sentences that fit the resident.

use super::conditions::{COPD, DEMENTIA, DIABETES, FIBRILLATION};
use super::doses::on_duty;
use super::resident::{Recorded, Resident};
use super::{Author, Wish};
use crate::calendar::{Calendar, DAY, MINUTE, clock, plus_days};
use crate::dice::Dice;
use interface::Command;

const WEEKS: i64 = 26;

const OPENINGS: &[&str] = &[
    "Quiet week.",
    "Slept well most nights.",
    "Up and dressed by breakfast every day.",
    "Tired in the afternoons, rests after lunch.",
    "In good spirits, took part in the singing group.",
    "Stayed in the room more than usual.",
    "Restless on two nights, settled with company and warm milk.",
    "Visited by family on Sunday.",
];

const BODY: &[&str] = &[
    "Eats about three quarters of each meal, drinks well.",
    "Appetite small at lunch, better in the evening.",
    "Walks to the dining room with the frame and one person beside.",
    "Transfers with one person, steady on the feet.",
    "Skin intact, heels and sacrum checked, cream applied.",
    "Bowels regular.",
    "Some swelling of both ankles in the evening, gone by morning.",
    "No pain at rest, stiff on getting up.",
    "Hearing aids cleaned and batteries changed.",
    "Glasses found in the garden and cleaned.",
];

const PLANS: &[&str] = &[
    "Continue as planned.",
    "Offer fluids every two hours.",
    "Weight on the first of the month.",
    "Physiotherapy twice a week goes on.",
    "Will ask the physician at the next round.",
    "Family informed by telephone.",
];

/// A sentence for who has a certain problem.
const ABOUT: &[(&str, &str)] = &[
    (
        FIBRILLATION.code,
        "No bruising and no bleeding of the gums seen; pulse irregular as known.",
    ),
    (
        DIABETES,
        "Feet inspected: no redness, no breaks in the skin. No low glucose this week.",
    ),
    (
        COPD,
        "Short of breath on the stairs as before, none at rest; inhaler technique good.",
    ),
    (
        DEMENTIA,
        "Looked for the way home twice, came back readily when spoken to calmly.",
    ),
    ("I50.32", "Lies flat with two pillows; weight steady."),
    ("R13.12", "Takes thickened fluids without coughing."),
    ("Z91.81", "No fall this week; bell within reach, shoes on."),
    (
        "L89.152",
        "Dressing of the sacrum changed: clean edges, a little smaller than last week.",
    ),
    (
        "G20.A1",
        "Tremor of the right hand stronger before the noon dose.",
    ),
    (
        "F32.A",
        "Talked about the sister's letter, smiled when the grandchildren were mentioned.",
    ),
];

/// One note a week, signed.
pub(super) fn notes(
    resident: &Resident,
    wish: &Wish,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<Recorded> {
    let today = calendar.date(wish.now);
    let weekday = i64::try_from(resident.number % 7).unwrap_or(0);
    let mut all = Vec::new();
    for week in (0..WEEKS).rev() {
        let date = plus_days(today, -(week * 7 + weekday));
        let hour = if dice.chance(50) { 14 } else { 20 };
        let written = calendar
            .instant(date, clock(hour, 0))
            .plus(dice.between(0, 50) * MINUTE);
        let text = text(resident, dice);
        if written < resident.admitted.plus(DAY) || wish.now.since(written) < 20 * MINUTE {
            continue;
        }
        all.push(note(resident, text, calendar, written));
    }
    all
}

fn note(
    resident: &Resident,
    text: String,
    calendar: &Calendar,
    written: ids::UnixMillis,
) -> Recorded {
    let author: Author = on_duty(calendar, written);
    let at = calendar.stated(written);
    let command = Command::WriteNote {
        resident: resident.id,
        text,
        replaces: None,
        at: Some(at),
        sign: true,
    };
    (author, at, command)
}

fn text(resident: &Resident, dice: &mut Dice) -> String {
    let mut sentences = vec![dice.one(OPENINGS), dice.one(BODY)];
    let about: Vec<&str> = ABOUT
        .iter()
        .filter(|(code, _)| resident.has(code))
        .map(|(_, sentence)| *sentence)
        .collect();
    if !about.is_empty() {
        sentences.push(dice.one(&about));
    }
    let more = dice.one(BODY);
    if !sentences.contains(&more) {
        sentences.push(more);
    }
    sentences.push(dice.one(PLANS));
    sentences.join(" ")
}
