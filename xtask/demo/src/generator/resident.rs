//! One resident: who it is, what ails them, what was ordered.

use super::conditions::{
    AS_NEEDED, CONDITIONS, COPD, Condition, DEMENTIA, FIBRILLATION, Medicine, PROSTATE, When,
};
use super::names::Person;
use super::{Author, Wish};
use crate::calendar::{Calendar, DAY, HOUR, MINUTE, clock, plus_days};
use crate::dice::Dice;
use domain::chart::{
    Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Coding, OrderId, Problem, ScaleDecision,
    Severity, Sex,
};
use domain::directory::{Date, TimeOfDay};
use domain::entry::{ResidentId, SpaceId};
use domain::journal::SaturationScale;
use ids::{StatedInstant, UnixMillis};
use interface::{Command, NewOrder, NewResident};

/// A command with its author and when it was recorded.
pub(super) type Recorded = (Author, StatedInstant, Command);

const ICD_10_CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";

const PRESCRIBERS: &[&str] = &[
    "Dr. A. Haddad",
    "Dr. L. Nguyễn",
    "Dr. P. Whitfield",
    "S. Ortega, NP",
];

const ALLERGIES: &[(&str, &str, Severity)] = &[
    ("Penicillin", "hives", Severity::Moderate),
    ("Penicillin", "anaphylaxis", Severity::Severe),
    ("Sulfonamide antibiotics", "rash", Severity::Moderate),
    ("Latex", "contact rash", Severity::Mild),
    ("Codeine", "vomiting", Severity::Moderate),
    ("Iodinated contrast", "hives", Severity::Moderate),
    ("Peanuts", "swelling of the lips", Severity::Severe),
    ("Shellfish", "hives", Severity::Moderate),
    ("Ibuprofen", "wheezing", Severity::Severe),
    ("Adhesive tape", "blisters", Severity::Mild),
];

/// An order that runs.
pub(super) struct Running {
    pub(super) id: OrderId,
    pub(super) medicine: &'static Medicine,
    pub(super) dose: &'static str,
    pub(super) times: Vec<TimeOfDay>,
    pub(super) starts: Date,
    /// When it was taken down.
    pub(super) recorded: UnixMillis,
    prescriber: &'static str,
}

/// A resident as drawn.
pub(super) struct Resident {
    pub(super) id: ResidentId,
    pub(super) number: u64,
    pub(super) person: Person,
    pub(super) conditions: Vec<&'static Condition>,
    pub(super) orders: Vec<Running>,
    pub(super) admitted: UnixMillis,
    born: Date,
    bed: Option<SpaceId>,
    onsets: Vec<Date>,
    allergies: Vec<Allergy>,
    code_status: Option<CodeStatus>,
}

impl Resident {
    /// Draws one. The first has atrial fibrillation, warfarin, and no known allergies.
    pub(super) fn draw(
        number: u64,
        person: Person,
        bed: Option<SpaceId>,
        wish: &Wish,
        calendar: &Calendar,
        dice: &mut Dice,
    ) -> Self {
        let first = number == 0;
        let today = calendar.date(wish.now);
        let born = if first {
            Date {
                year: today.year - 92,
                month: 11,
                day: 20,
            }
        } else {
            born(today, dice)
        };
        let admitted = admitted(wish.now, first, calendar, dice);
        let conditions = conditions(&person, first, dice);
        let onsets = conditions
            .iter()
            .map(|_| plus_days(calendar.date(admitted), -dice.between(60, 5_000)))
            .collect();
        let orders = orders(&conditions, admitted, wish.now, calendar, dice);
        Self {
            id: ResidentId(dice.id()),
            number,
            allergies: if first {
                vec![Allergy::NoneKnown]
            } else {
                allergies(dice)
            },
            code_status: code_status(first, dice),
            person,
            conditions,
            orders,
            admitted,
            born,
            bed,
            onsets,
        }
    }

    /// Whether a problem with this code is on the list.
    pub(super) fn has(&self, code: &str) -> bool {
        self.conditions
            .iter()
            .any(|condition| condition.code == code)
    }

    /// What was recorded when the resident came, and the orders since.
    pub(super) fn admission(&self, calendar: &Calendar) -> Vec<Recorded> {
        let after = |minutes| calendar.stated(self.admitted.plus(minutes * MINUTE));
        let resident = self.id;
        let mut all = vec![(
            Author::Coordinator,
            after(0),
            Command::AddResident(self.identity()),
        )];
        for (condition, onset) in self.conditions.iter().zip(&self.onsets) {
            let problem = problem(condition, *onset);
            all.push((
                Author::Coordinator,
                after(25),
                Command::RecordProblem { resident, problem },
            ));
        }
        for allergy in &self.allergies {
            let command = Command::RecordAllergy {
                resident,
                allergy: allergy.clone(),
                at: None,
            };
            all.push((Author::EarlyNurse, after(40), command));
        }
        if let Some(status) = &self.code_status {
            let status = status.clone();
            let command = Command::RecordCodeStatus {
                resident,
                status,
                replaces: vec![],
                at: None,
            };
            all.push((Author::EarlyNurse, after(50), command));
        }
        if self.has(COPD) {
            let command = Command::RecordSaturationScale {
                resident,
                decision: ScaleDecision {
                    scale: SaturationScale::Two,
                    decided_by: "Dr. A. Haddad".to_owned(),
                    decided_on: calendar.date(after(40).at),
                    reason: Some("COPD, target 88 to 92 %".to_owned()),
                },
                replaces: vec![],
                at: None,
            };
            all.push((Author::EarlyNurse, after(40), command));
        }
        for order in &self.orders {
            let at = calendar.stated(order.recorded);
            let command = Command::RecordOrder {
                resident,
                order: order.as_new(),
            };
            all.push((Author::EarlyNurse, at, command));
        }
        all
    }

    fn identity(&self) -> NewResident {
        NewResident {
            given: self.person.given.clone(),
            family: self.person.family.clone(),
            preferred: self.person.preferred.clone(),
            born: Some(self.born.into()),
            sex: self.person.sex,
            bed: self.bed,
            id: Some(self.id),
        }
    }
}

impl Running {
    fn as_new(&self) -> NewOrder {
        NewOrder {
            id: Some(self.id),
            medicine: self.medicine.name.to_owned(),
            dose: self.dose.to_owned(),
            route: self.medicine.route.to_owned(),
            times: self.times.clone(),
            as_needed: match self.medicine.when {
                When::AsNeeded(why) => Some(why.to_owned()),
                _ => None,
            },
            starts: self.starts,
            starts_at: None,
            prescriber: Some(self.prescriber.to_owned()),
            apart_minutes: None,
            most_in_a_day: None,
            hold: None,
            high_alert: self.medicine.high_alert,
        }
    }
}

fn born(today: Date, dice: &mut Dice) -> Date {
    let age = 84 + dice.around(7).clamp(-18, 17);
    plus_days(today, -(age * 365 + age / 4 + dice.between(0, 364)))
}

/// Mostly within the last three years, at an hour at which people are admitted.
fn admitted(now: UnixMillis, first: bool, calendar: &Calendar, dice: &mut Dice) -> UnixMillis {
    let days = if first || dice.chance(70) {
        dice.between(200, 1_100)
    } else {
        dice.between(16, 199)
    };
    let date = calendar.date(now.plus(-days * DAY));
    calendar
        .instant(date, clock(10, 0))
        .plus(dice.between(0, 300) * MINUTE)
}

fn conditions(person: &Person, first: bool, dice: &mut Dice) -> Vec<&'static Condition> {
    let mut chosen: Vec<&'static Condition> = Vec::new();
    for condition in CONDITIONS {
        let drawn = dice.chance(condition.percent);
        let demented = |c: &&Condition| c.code == DEMENTIA;
        let impossible = (condition.code == PROSTATE && person.sex == Sex::Female)
            || (condition.code == "G30.1" && chosen.iter().any(demented))
            || (condition.code == COPD && first);
        let told = first && condition.code == FIBRILLATION.code;
        if (drawn && !impossible) || told {
            chosen.push(condition);
        }
    }
    if chosen.is_empty() {
        chosen.extend(
            CONDITIONS
                .iter()
                .filter(|condition| condition.code == "I10"),
        );
    }
    chosen
}

fn problem(condition: &Condition, onset: Date) -> Problem {
    Problem {
        text: condition.text.to_owned(),
        coding: Some(Coding {
            system: ICD_10_CM.to_owned(),
            code: condition.code.to_owned(),
            display: condition.display.to_owned(),
        }),
        onset: Some(onset.into()),
        ended: None,
    }
}

fn allergies(dice: &mut Dice) -> Vec<Allergy> {
    match dice.between(0, 99) {
        0..=4 => vec![],
        5..=49 => vec![Allergy::NoneKnown],
        roll => {
            let mut chosen = vec![dice.one(ALLERGIES)];
            if roll > 85 {
                let second = dice.one(ALLERGIES);
                if second.0 != chosen.iter().map(|a| a.0).next().unwrap_or_default() {
                    chosen.push(second);
                }
            }
            chosen
                .into_iter()
                .map(|(substance, reaction, severity)| {
                    Allergy::To(AllergyTo {
                        substance: substance.to_owned(),
                        reaction: Some(reaction.to_owned()),
                        severity: Some(severity),
                        source: Some("hospital discharge letter".to_owned()),
                    })
                })
                .collect()
        }
    }
}

fn code_status(first: bool, dice: &mut Dice) -> Option<CodeStatus> {
    let roll = if first { 0 } else { dice.between(0, 99) };
    let (choice, comment) = match roll {
        0..=51 => (CodeStatusChoice::FullTreatment, None),
        52..=83 => (
            CodeStatusChoice::DoNotResuscitate,
            Some("signed form in the chart room"),
        ),
        84..=91 => (CodeStatusChoice::Limited, Some("no intubation")),
        92..=96 => (
            CodeStatusChoice::ComfortOnly,
            Some("no hospital unless comfort needs it"),
        ),
        _ => return None,
    };
    let stated_by = dice.one(&[
        "resident",
        "daughter",
        "son",
        "health care proxy",
        "wife or husband",
    ]);
    Some(CodeStatus {
        choice,
        comment: comment.map(str::to_owned),
        stated_by: Some(stated_by.to_owned()),
    })
}

fn orders(
    conditions: &[&'static Condition],
    admitted: UnixMillis,
    now: UnixMillis,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<Running> {
    let mut chosen: Vec<&'static Medicine> = Vec::new();
    for (place, condition) in conditions.iter().enumerate() {
        let medicine = match condition.medicines {
            [] => continue,
            // The demo's story is about warfarin: whoever has fibrillation as the first problem may
            // have another anticoagulant, the first resident has this one.
            [first, ..] if place == 0 && dice.chance(70) => first,
            several => dice.pick(several),
        };
        if chosen.iter().all(|other| other.name != medicine.name) {
            chosen.push(medicine);
        }
    }
    chosen.push(dice.pick(AS_NEEDED));
    let days = (now.since(admitted) / DAY).max(1);
    let order = |medicine: &'static Medicine| {
        let recorded = now.plus(-dice.between(1, days.min(300)) * DAY);
        let recorded = recorded.plus(dice.between(-180, 180) * MINUTE);
        let recorded = recorded.max(admitted.plus(HOUR)).min(now.plus(-HOUR));
        Running {
            id: OrderId(dice.id()),
            medicine,
            dose: dice.one(medicine.doses),
            times: times(medicine.when, now, calendar),
            starts: calendar.date(recorded),
            recorded,
            prescriber: dice.one(PRESCRIBERS),
        }
    };
    chosen.into_iter().map(order).collect()
}

/// The home's own dose times, but for what has an hour of its own: that is the hour of `now`, so that
/// a high-alert medicine is due whenever somebody starts the demo.
fn times(when: When, now: UnixMillis, calendar: &Calendar) -> Vec<TimeOfDay> {
    let hours: &[u8] = match when {
        When::Morning => &[8],
        When::MorningAndEvening => &[8, 17],
        When::ThreeTimes => &[8, 12, 21],
        When::WithMeals => &[8, 12, 17],
        When::Night => &[21],
        When::AtItsHour => &[calendar.hour(now)],
        When::AsNeeded(_) => &[],
    };
    hours.iter().map(|hour| clock(*hour, 0)).collect()
}
