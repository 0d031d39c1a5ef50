//! English words for every refusal: what happened, and the next step. Nothing here repeats data
//! of the record.

use super::en_clinical as clinical;
use super::en_rules as rules;
use crate::format::time;
use domain::slots::NoSlot;
use interface::{CannotStart, DoseConcern, Forgotten, Refusal, StorageFault};

pub(super) fn cannot_start(why: &CannotStart) -> String {
    match why {
        CannotStart::OtherVersion => {
            "Two versions of Lamplight met on this tablet. Trying again loads the page anew.".to_owned()
        }
        CannotStart::Unopened => "What lies here does not open.".to_owned(),
        CannotStart::Newer => {
            "What lies here was written by a newer version. Connect the tablet, so that it can update, and try again.".to_owned()
        }
        CannotStart::NothingKept => {
            "This browser window keeps nothing. Open Lamplight in one that is not private.".to_owned()
        }
        CannotStart::NoRandom => "This browser gives no random numbers, and nothing can be sealed without.".to_owned(),
        CannotStart::Full => "This tablet has no room left. Free some, and try again.".to_owned(),
        CannotStart::Storage { said } if said.is_empty() => {
            "The browser's storage refused, and did not say why.".to_owned()
        }
        CannotStart::Storage { said } => format!("The browser says: {said}"),
    }
}

pub(super) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Locked => "This tablet was locked. Sign in and try again.".to_owned(),
        Refusal::NotEnrolled => "This tablet is not enrolled.".to_owned(),
        Refusal::AlreadyEnrolled => "This tablet is already enrolled.".to_owned(),
        Refusal::NeedsRelay => {
            "The relay cannot be reached, and this needs it. Check the Wi-Fi and try again."
                .to_owned()
        }
        Refusal::BadLink => "This link is not complete. Copy the whole of it.".to_owned(),
        Refusal::LinkUsed => {
            "This link was used already or has expired. Ask for a new one.".to_owned()
        }
        Refusal::BadBadge => "This badge could not be read. Scan or type it again.".to_owned(),
        Refusal::NotKnown => {
            "Badge or PIN not known on this tablet. Check the PIN and try again.".to_owned()
        }
        Refusal::BadgeForgotten {
            why: Forgotten::Tries,
        } => "Too many wrong PINs. Show your badge again.".to_owned(),
        Refusal::BadgeForgotten {
            why: Forgotten::Idle,
        } => "Nobody pressed a key for a minute, so the badge was forgotten. Show it again."
            .to_owned(),
        Refusal::WrongPin { tries_left: 1 } => {
            "Wrong PIN. After one more wrong PIN your badge is needed.".to_owned()
        }
        Refusal::WrongPin { tries_left } => {
            format!("Wrong PIN. After {tries_left} more wrong PINs your badge is needed.")
        }
        Refusal::BadgeNeeded => "The PIN alone is not enough any more. Show your badge.".to_owned(),
        Refusal::BadgeUnusable => {
            "This badge cannot be used on this tablet, whatever the PIN. Update the app; if that does not help, ask an administrator for a new badge."
                .to_owned()
        }
        Refusal::NotAllowed { act } => rules::not_allowed(act),
        Refusal::NotOpenYet => {
            "This is not open on this tablet yet: its records or keys are still arriving, or its storage failed. It is tried again by itself."
                .to_owned()
        }
        Refusal::Field { field, rule } => {
            format!("Not saved. {} {}.", rules::field(field), rules::rule(rule))
        }
        Refusal::Doubtful { concerns } => {
            let what: Vec<&str> = concerns.iter().map(|concern| doubt(*concern)).collect();
            format!("Not charted yet. {} Confirm if it is so.", what.join(" "))
        }
        Refusal::Unusual { measures } => {
            let what: Vec<&str> = measures
                .iter()
                .map(|measure| clinical::measure(*measure))
                .collect();
            format!(
                "Not saved yet. Unusual, or far from the last value of this resident: {}. Check value and unit, and confirm if they are right.",
                what.join(", ")
            )
        }
        Refusal::Contradicted { .. } => {
            "Not saved: the answers that stand differ. Decide between them under Reconcile first.".to_owned()
        }
        Refusal::NoSlot(why) => no_slot(*why),
        Refusal::NotFound { what } => rules::missing(*what).to_owned(),
        Refusal::Changed => "This changed in the meantime. Look again.".to_owned(),
        Refusal::Storage {
            fault: fault @ StorageFault::Full,
        } => format!("Nothing was saved: {}.", rules::storage(fault)),
        // A disk may report an error after everything was written.
        Refusal::Storage { fault } => format!(
            "It is not known whether this was saved: {}. Look again before entering it anew.",
            rules::storage(fault)
        ),
        Refusal::NoRandom => {
            "Nothing was saved: this tablet has no random numbers. Restart it.".to_owned()
        }
        Refusal::NoMemory => {
            "This tablet has not enough memory to check the PIN. Close other pages and try again."
                .to_owned()
        }
        Refusal::Outdated => "This version is too old for the relay. Update the app.".to_owned(),
        Refusal::Bug { code } => {
            format!("Something went wrong in Lamplight ({code}). What was saved is still there: look whether the last of it is.")
        }
    }
}

fn doubt(concern: DoseConcern) -> &'static str {
    match concern {
        DoseConcern::Charted => "This dose is charted already. A second entry is one more dose.",
        DoseConcern::NotHere => "The resident was not here then.",
        DoseConcern::OrderContradicted => {
            "Versions of this order differ, and nobody has decided which is right."
        }
        DoseConcern::OrderedTwice => {
            "This medicine is ordered twice, and nobody has decided whether both are meant."
        }
        DoseConcern::TooSoon => "The last dose was given more recently than the order allows.",
        DoseConcern::TooMany => "It is more in 24 hours than the order allows.",
        DoseConcern::OutOfTime => {
            "It is not the time of this dose. Check the day; if it is hours away, say why in the comment."
        }
    }
}

fn no_slot(why: NoSlot) -> String {
    match why {
        NoSlot::NoSuchOrder => "Not charted: this resident has no such order.".to_owned(),
        NoSlot::NotStanding => {
            "Not charted: this order was entered in error. If the medicine was given all the same, write a note."
                .to_owned()
        }
        NoSlot::NoSuchVersion => {
            "Not charted: this order changed in the meantime. Look again.".to_owned()
        }
        NoSlot::Before { starts, at } => {
            format!("Not charted: this order begins on {}.", time::day_at(starts, at))
        }
        NoSlot::After { ended } => format!(
            "Not charted: this order ended on {}. If the medicine was given all the same, write a note.",
            time::day_at(ended.date, ended.at)
        ),
        NoSlot::NoSuchTime => {
            "Not charted: this medicine is not due at this time. Look again.".to_owned()
        }
        NoSlot::NotAsNeeded => {
            "Not charted: this medicine is given at its times only, not as needed.".to_owned()
        }
    }
}
