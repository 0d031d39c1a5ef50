//! English: what waits for a decision, and deciding it.

use super::Text;
use super::en_clinical as clinical;
use domain::journal::SaturationScale;
use interface::{ContradictionKind, NotAcceptedWhy, ResidentStatus};

table! { DECIDING;
    reconcile_title: Text = "To reconcile";
    reconcile_words: Text = "Nothing was lost: both sides are kept until a person decides.";
    reconcile_empty: Text = "Nothing waits to be reconciled.";
    show_decided: Text = "Show decided";
    hide_decided: Text = "Hide decided";
    decided_title: Text = "Decided";
    contradiction: fn(ContradictionKind) -> Text = clinical::contradiction;
    code_statuses: fn(usize) -> String = |n| format!("Code status: {n} answers");
    two_decisions: fn(ContradictionKind) -> String =
        |about| format!("{}: decisions differ", clinical::contradicted(about));
    chosen_because: fn(&str, &str) -> String = |what, why| format!("{what} ({why})");
    nth: fn(usize) -> String = |n| format!("entry {n}");
    slot_on: fn(&str, &str) -> String = |time, day| format!("due {time} {day}");
    as_needed_on: fn(&str) -> String = |day| format!("as needed, {day}");
    until_decided: fn(&str) -> String = |status| format!("Until decided, “{status}” is shown everywhere.");
    effect_doses: fn(&str, &str, u32) -> String =
        |medicine, total, count| match count {
            2 => format!("If both happened, {total} of {medicine} were given."),
            _ => format!("If all happened, {total} of {medicine} were given."),
        };
    effect_doses_count: fn(&str, &str, u32) -> String =
        |medicine, dose, count| format!("If all happened, {medicine} {dose} was given {count} times.");
    effect_disagree: fn(&str, &str, u32) -> String = |medicine, why, given| match given {
        0 | 1 => format!("One says {medicine} was given, the other that it was not ({why})."),
        _ => format!("Another entry says that it was not given ({why})."),
    };
    effect_high_alert: fn(&str) -> String = |medicine| format!("{medicine} is a high-alert medicine.");
    effect_allergy: fn(&str) -> String = |what| format!("Until decided, the allergy to {what} counts.");
    effect_severity: fn(&str, &str) -> String =
        |what, severity| format!("Until decided, the allergy to {what} counts as {}.", severity.to_lowercase());
    effect_after_leaving: fn(&str, ResidentStatus, &str) -> String = |medicine, status, since| match status {
        ResidentStatus::Deceased => format!("{medicine} was charted as given after {since}, when the resident is said to have died."),
        _ => format!("{medicine} was charted as given after {since}, when the resident is said to have left."),
    };
    effect_left_waiting: fn(ResidentStatus) -> Text = |status| match status {
        ResidentStatus::Deceased => "Until decided, the resident is shown as deceased and the dose as given.",
        _ => "Until decided, the resident is shown as discharged and the dose as given.",
    };
    effect_after_end: fn(&str, &str, &str) -> String =
        |medicine, ended, day| format!("The order for {medicine} ended on {ended}; a dose for {day} was charted as given.");
    effect_versions: fn(&str, Option<&str>) -> String = |medicine, ends| {
        let ends = ends.map(|day| format!(", one of which ends on {day}")).unwrap_or_default();
        format!("Versions of the order for {medicine} differ{ends}. Until decided, all are shown, and a dose is asked back.")
    };
    effect_ordered_twice: fn(&str) -> String = |medicine| {
        format!("{medicine} was ordered on two tablets. Until decided, both orders are due, and a dose of either is asked back. What was given under one is shown under the other and not due again. An order that is decided against ends now. Only orders with the same name of the medicine are found: look for other names and strengths yourself.")
    };
    effect_out_of_time: fn(&str, &str, &str) -> String = |medicine, given, slot| {
        format!("{medicine} was charted as given {given}. It was {slot}.")
    };
    effect_scale: fn(SaturationScale) -> String = |scale| {
        let number = match scale {
            SaturationScale::One => 1,
            SaturationScale::Two => 2,
        };
        format!("Until decided, scale {number} counts.")
    };
    at_that_time: Text = "It was given at that time…";
    effect_end_waiting: Text = "Until decided, the order is shown as ended and the dose as given.";
    effect_number: fn(&str) -> String =
        |number| format!("The record number {number} finds both residents. Check name and birth date.");
    to_bed: fn(&str, &str) -> String = |what, bed| format!("{what}: {bed}");
    keeps_number: fn(&str) -> String = |name| format!("{name} keeps it, the other gets a new one…");
    not_given_after_all: Text = "The dose was not given…";
    has_not_left: Text = "The resident had not left…";
    had_not_ended: Text = "The order had not ended…";
    effect_newest: Text = "Until decided, the newest is shown.";
    effect_death: Text = "By one of them the resident has died, by another not. Until decided, the newest is shown.";
    effect_bed_shared: Text = "Until decided, both are shown in this bed.";
    effect_still_open: Text = "The decisions differ, so what they were about is still open.";
    more_sides: fn(u32) -> String = |more| format!("and at least {more} more");
    had_not_seen_first: Text = "had not seen the first";
    had_not_seen_other: Text = "had not seen the other";
    had_not_seen_others: Text = "had not seen the others";
    both_given: fn(usize) -> String = |n| format!("{} were given…", both_or_all(n));
    both_given_on: fn(usize) -> String = |n| format!("{} are to be given…", both_or_all(n));
    both_true: fn(usize) -> String = |n| format!("{} are true…", both_or_all(n));
    only_this: fn(&str) -> String = |what| format!("Only “{what}”…");
    allergies_count: Text = "“None known” is wrong, the allergies count…";
    only_time: fn(&str) -> String = |time| format!("Only given {time}…");
    may_not_resolve: Text = "You may not decide this. Tell a nurse or the records coordinator.";
    decide_title: Text = "Your decision";
    decide_both: Text = "Both";
    neither: Text = "None of these";
    decide_reason: Text = "Why?";
    decide: Text = "Decide";
    decided_saved: Text = "Decision saved on this tablet.";
    decided_by: fn(&str, &str, &str) -> String = |who, when, tablet| format!("{who} · {when} · tablet {tablet}");
    decision_both: Text = "Decided: both";
    decision_neither: Text = "Decided: none of these; what is right was entered anew";
    decision_only: fn(&str) -> String = |what| format!("Decided: only “{what}”");
    not_accepted_title: fn(u32) -> String = |count| match count {
        1 => "1 record was not accepted".to_owned(),
        _ => format!("{count} records were not accepted"),
    };
    not_accepted_words: Text = "The relay does not take them, and no other tablet has them. They stay on this tablet, and are in nobody's chart until they are entered again.";
    not_accepted_deal_with: Text = "Entered again: take it off this list";
    not_accepted_dealt_with: Text = "Taken off the list. It stays on this tablet.";
    not_accepted_more: fn(u32) -> String = |count| match count {
        1 => "1 more is not listed: another person's keys open it.".to_owned(),
        _ => format!("{count} more are not listed: another person's keys open them, or they are too many."),
    };
    not_accepted_why: fn(NotAcceptedWhy) -> Text = |why| match why {
        NotAcceptedWhy::NotAllowed => "Its author, or this tablet, may not write there any more.",
        NotAcceptedWhy::TooLarge => "It is longer than the relay takes. Enter it in parts.",
        NotAcceptedWhy::Fork => "The relay has something else in its place: this tablet's storage was copied or set back. Enter it again.",
        NotAcceptedWhy::BuiltOn => "It was written behind one that was not accepted.",
        NotAcceptedWhy::Other => "The relay gave a reason that this version does not know.",
    };
}

/// How the sides are called together.
fn both_or_all(sides: usize) -> Text {
    match sides {
        3.. => "All",
        _ => "Both",
    }
}
