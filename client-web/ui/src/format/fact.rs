//! What an entry says, as a heading and lines: for history and for the sides of a contradiction.

use crate::format::isolated::isolated;
use crate::format::{name, reading, time};
use crate::words::w;
use domain::chart::{Allergy, AllergyTo, CodeStatus, Identity};
use domain::directory::Date;
use domain::journal::{Dose, Slot};
use domain::meta::Decision;
use domain::{Fact, PartialDate};

/// The heading: short enough for a button.
pub(crate) fn title(fact: &Fact, today: Date) -> String {
    match fact {
        Fact::Settings(settings) => isolated(&settings.name),
        Fact::Unit(unit) => isolated(&unit.name),
        Fact::Room(room) => isolated(&room.name),
        Fact::Bed(bed) => isolated(&bed.name),
        Fact::Staff(staff) => name::both(&staff.family, &staff.given),
        Fact::Device(device) => isolated(&device.name),
        Fact::ResidentName(resident) => name::both(&resident.family, &resident.given),
        Fact::Move(event) => (w().move_kind)(event.what).to_owned(),
        Fact::Identity(identity) => name::both(&identity.family, &identity.given),
        Fact::Problem(problem) => isolated(&problem.text),
        Fact::Allergy(Allergy::NoneKnown) => w().allergy_none_fact.to_owned(),
        Fact::Allergy(Allergy::To(allergy)) => (w().allergy_fact)(&isolated(&allergy.substance)),
        Fact::CodeStatus(status) => (w().registers.code_choice_name)(status.choice).to_owned(),
        Fact::SaturationScale(says) => (w().scale_decided)(says.scale),
        Fact::Order(order) => order_words(&order.medicine, &order.dose, &order.route),
        Fact::Dose(dose) => dose_title(dose, today),
        Fact::Observations(_) => (w().kind)(fact.kind()).to_owned(),
        Fact::Note(_) => (w().kind)(fact.kind()).to_owned(),
        Fact::Addendum(_) => w().addendum.to_owned(),
        Fact::Signature(signature) => (w().signed_entries)(signature.entries.len()),
        Fact::Strike(strike) => (w().struck)(&isolated(&strike.reason)),
        Fact::Resolution(resolution) => match resolution.decision {
            Decision::Both => (w().resolved_both)(&isolated(&resolution.reason)),
            Decision::Only(_) => (w().resolved_only)(&isolated(&resolution.reason)),
            Decision::Neither(_) => (w().resolved_neither)(&isolated(&resolution.reason)),
        },
    }
}

/// The rest, line by line.
pub(crate) fn details(fact: &Fact) -> Vec<String> {
    match fact {
        Fact::Settings(settings) => vec![settings.time_zone.clone()],
        Fact::Move(event) => event.comment.iter().cloned().collect(),
        Fact::Identity(identity) => identity_lines(identity),
        Fact::Problem(problem) => problem
            .coding
            .iter()
            .map(|coding| format!("{} {}", coding.code, isolated(&coding.display)))
            .chain(
                problem
                    .onset
                    .map(|date| (w().since)(&time::partial_day(date))),
            )
            .chain(
                problem
                    .ended
                    .map(|date| (w().ended)(&time::partial_day(date))),
            )
            .collect(),
        Fact::Allergy(Allergy::To(allergy)) => allergy_lines(allergy),
        Fact::CodeStatus(status) => code_lines(status),
        Fact::SaturationScale(says) => std::iter::once((w().decided_on)(
            &isolated(&says.decided_by),
            &time::day(says.decided_on),
        ))
        .chain(says.reason.clone())
        .collect(),
        Fact::Order(order) => std::iter::once(
            order
                .times
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", "),
        )
        .filter(|times| !times.is_empty())
        .chain(order.as_needed.as_deref().map(shown(w().as_needed_for)))
        .chain(std::iter::once((w().started)(&match order.starts {
            PartialDate::Day(day) => time::day_at(day, order.starts_at),
            part => time::partial_day(part),
        })))
        .chain(
            order
                .end()
                .map(|end| (w().ended)(&time::day_at(end.date, end.at))),
        )
        .chain(order.apart_minutes.map(w().minutes_apart))
        .chain(order.most_in_a_day.map(w().most_in_a_day))
        .chain(order.hold.as_deref().map(shown(w().hold_if)))
        .chain(order.prescriber.as_deref().map(shown(w().prescribed_by)))
        .collect(),
        Fact::Dose(dose) => dose.comment.iter().cloned().collect(),
        Fact::Observations(observations) => {
            let values = reading::lines(observations)
                .into_iter()
                .map(|(label, value)| format!("{label} {value}"))
                .collect::<Vec<_>>()
                .join(" · ");
            std::iter::once(values)
                .chain(observations.comment.clone())
                .collect()
        }
        Fact::Note(note) => vec![note.text.clone()],
        Fact::Addendum(addendum) => vec![addendum.text.clone()],
        Fact::Staff(staff) => vec![(w().role)(staff.role).to_owned()],
        Fact::Unit(_)
        | Fact::Room(_)
        | Fact::Bed(_)
        | Fact::Device(_)
        | Fact::ResidentName(_)
        | Fact::Allergy(Allergy::NoneKnown)
        | Fact::Signature(_)
        | Fact::Strike(_)
        | Fact::Resolution(_) => Vec::new(),
    }
}

/// Words around a text of somebody's.
fn shown(words: fn(&str) -> String) -> impl Fn(&str) -> String {
    move |text| words(&isolated(text))
}

/// Medicine, dose and route, for showing.
pub(crate) fn order_words(medicine: &str, dose: &str, route: &str) -> String {
    (w().order_words)(&isolated(medicine), &isolated(dose), &isolated(route))
}

/// Medicine and dose, for showing.
pub(crate) fn medicine_words(medicine: &str, dose: &str) -> String {
    format!("{} {}", isolated(medicine), isolated(dose))
}

/// A dose that keeps its numbers and their units on one line: `17 g`.
pub(crate) fn unbroken(dose: &str) -> String {
    let mut unbroken = String::with_capacity(dose.len());
    for letter in dose.chars() {
        let after_number = unbroken.ends_with(|last: char| last.is_ascii_digit());
        unbroken.push(if letter == ' ' && after_number {
            '\u{a0}'
        } else {
            letter
        });
    }
    unbroken
}

/// `due 08:00 today`, `as needed, today`.
pub(crate) fn slot(slot: &Slot, today: Date) -> String {
    let day = time::near_day(slot.date, today);
    match slot.time {
        Some(time) => (w().deciding.slot_on)(&time.to_string(), &day),
        None => (w().deciding.as_needed_on)(&day),
    }
}

fn dose_title(dose: &Dose, today: Date) -> String {
    let slot = slot(&dose.slot, today);
    match dose.not_given {
        None => (w().dose_given)(&slot),
        Some(why) => (w().dose_not_given)((w().not_given_reason)(why), &slot),
    }
}

fn identity_lines(identity: &Identity) -> Vec<String> {
    identity
        .born
        .map(|date| (w().born)(&time::partial_day(date)))
        .into_iter()
        .chain([format!("{} {}", w().record, identity.record_number)])
        .chain([(w().sex_spoken)(identity.sex).to_owned()])
        .chain(identity.preferred.clone())
        .collect()
}

fn allergy_lines(allergy: &AllergyTo) -> Vec<String> {
    allergy
        .reaction
        .iter()
        .cloned()
        .chain(
            allergy
                .severity
                .map(|severity| (w().registers.severity)(severity).to_owned()),
        )
        .chain(
            allergy
                .source
                .as_deref()
                .map(shown(w().registers.stated_by)),
        )
        .collect()
}

fn code_lines(status: &CodeStatus) -> Vec<String> {
    status
        .stated_by
        .as_deref()
        .map(shown(w().registers.stated_by))
        .into_iter()
        .chain(status.comment.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_not_torn_from_its_unit() {
        assert_eq!(
            unbroken("17 g in 4 oz water"),
            "17\u{a0}g in 4\u{a0}oz water"
        );
        assert_eq!(unbroken("one tablet"), "one tablet");
    }
}
