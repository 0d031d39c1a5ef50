//! English: what an entry says, on one line.

use super::AS_NEEDED;
use domain::Fact;
use domain::chart::{Allergy, CodeStatus, CodeStatusChoice, Identity, Order, Severity, Sex};
use domain::directory::MoveKind;
use domain::journal::{
    Absent, Consciousness, Dose, Measure, NotGiven, Observations, Reading, SaturationScale,
    Unstated,
};
use domain::meta::Decision;

/// What an entry says, on one line.
pub(super) fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Settings(says) => format!("settings of {}", says.name),
        Fact::Unit(says) => format!("unit {}", says.name),
        Fact::Room(says) => format!("room {}", says.name),
        Fact::Bed(says) => format!("bed {}", says.name),
        Fact::Staff(says) => format!("staff {}, {}", says.family, says.given),
        Fact::Device(says) => format!("device {}", says.name),
        Fact::ResidentName(says) => format!("name {}, {}", says.family, says.given),
        Fact::Move(says) => with(move_kind(says.what).to_owned(), says.comment.as_deref()),
        Fact::Identity(says) => identity(says),
        Fact::Problem(says) => format!("problem: {}", says.text),
        Fact::Allergy(Allergy::NoneKnown) => "no known allergies".to_owned(),
        Fact::Allergy(Allergy::To(says)) => {
            let severity = says.severity.map(severity);
            let to = with(format!("allergy to {}", says.substance), severity);
            match says.reaction.as_deref() {
                Some(reaction) => format!("{to}: {reaction}"),
                None => to,
            }
        }
        Fact::CodeStatus(says) => code_status(says),
        Fact::SaturationScale(says) => format!(
            "saturation scale {}, decided by {} on {}",
            scale(says.scale),
            says.decided_by,
            says.decided_on
        ),
        Fact::Order(says) => format!("order: {}", ordered(says)),
        Fact::Dose(says) => dose(says),
        Fact::Observations(says) => observations(says),
        Fact::Note(says) => format!("note: {}", says.text),
        Fact::Addendum(says) => format!("addendum: {}", says.text),
        Fact::Signature(says) => format!("signature of {} entries", says.entries.len()),
        Fact::Strike(says) => format!("entered in error: {}", says.reason),
        Fact::Resolution(says) => match says.decision {
            Decision::Both => format!("decided that both are true: {}", says.reason),
            Decision::Neither(_) => format!("decided that none of them is right: {}", says.reason),
            Decision::Only(_) => format!("decided that only one is right: {}", says.reason),
        },
    }
}

/// Everything that two identities may differ in.
fn identity(says: &Identity) -> String {
    let preferred = says.preferred.as_deref();
    let preferred = preferred.map(|name| format!(", called {name}"));
    let born = says
        .born
        .map(|born| format!(", born {}", String::from(born)));
    format!(
        "{}, {} ({}){}{}, {}",
        says.family,
        says.given,
        says.record_number,
        preferred.unwrap_or_default(),
        born.unwrap_or_else(|| ", birth date not known".to_owned()),
        sex(says.sex)
    )
}

fn sex(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Other => "other sex",
        Sex::Unknown => "sex not known",
    }
}

/// A set of observations: every reading, or why there is none.
pub(super) fn observations(says: &Observations) -> String {
    let readings = says.readings.iter().map(|(measure, reading)| {
        let name = measure_name(*measure);
        match reading {
            Reading::Value(quantity) => {
                let (value, symbol) = (&quantity.value, quantity.unit.symbol());
                format!("{name} {value} {symbol}").trim_end().to_owned()
            }
            Reading::Absent(why) => format!("{name} not measured ({})", absent(*why)),
        }
    });
    let oxygen = says.on_oxygen.map(|on| match on {
        true => "on oxygen".to_owned(),
        false => "on air".to_owned(),
    });
    let awake = says
        .consciousness
        .map(|level| consciousness(level).to_owned());
    let unstated = |what: &str, why: Option<Unstated>| match why? {
        Unstated::Because(why) => Some(format!("{what} not stated ({})", absent(why))),
        Unstated::Newer(_) => Some(format!("{what} not stated (a newer version says why)")),
    };
    let unstated = [
        unstated("oxygen", says.oxygen_unstated),
        unstated("consciousness", says.consciousness_unstated),
    ];
    let parts: Vec<String> = readings
        .chain(oxygen)
        .chain(awake)
        .chain(unstated.into_iter().flatten())
        .collect();
    with(parts.join(", "), says.comment.as_deref())
}

/// `Warfarin 3 mg by mouth 08:00, 20:00`, with everything that two versions may differ in.
fn ordered(order: &Order) -> String {
    let says = format!(
        "{} {} {} {}",
        order.medicine,
        order.dose,
        order.route,
        times(order)
    );
    let mut says = with(says, order.as_needed.as_deref());
    says.push_str(&format!(" from {}", String::from(order.starts)));
    let more = [
        order.starts_at.map(|time| format!(" {time}")),
        order.end().map(|end| format!(" until {end}")),
        order
            .apart_minutes
            .map(|minutes| format!(", {minutes} minutes apart")),
        order
            .most_in_a_day
            .map(|most| format!(", at most {most} in 24 hours")),
        order.hold.as_deref().map(|when| format!(", hold: {when}")),
        order
            .prescriber
            .as_deref()
            .map(|who| format!(", prescribed by {who}")),
        order.high_alert.then(|| ", high alert".to_owned()),
    ];
    says.extend(more.into_iter().flatten());
    says
}

/// An order with the id that `record … dose --order` takes.
pub(crate) fn order(order: &Order) -> String {
    format!("{}  {}", order.order.0, ordered(order))
}

/// When an order is due.
pub(crate) fn times(order: &Order) -> String {
    let needed = order.is_as_needed().then(|| AS_NEEDED.to_owned());
    let times: Vec<String> = order
        .times
        .iter()
        .map(ToString::to_string)
        .chain(needed)
        .collect();
    times.join(", ")
}

fn with(words: String, more: Option<&str>) -> String {
    match more {
        Some(more) => format!("{words} ({more})"),
        None => words,
    }
}

pub(super) fn code_status(says: &CodeStatus) -> String {
    let says_what = with(choice(says.choice).to_owned(), says.comment.as_deref());
    match says.stated_by.as_deref() {
        Some(who) => format!("{says_what}, stated by {who}"),
        None => says_what,
    }
}

pub(super) fn choice(choice: CodeStatusChoice) -> &'static str {
    match choice {
        CodeStatusChoice::FullTreatment => "full treatment",
        CodeStatusChoice::Limited => "limited treatment",
        CodeStatusChoice::DoNotResuscitate => "do not resuscitate",
        CodeStatusChoice::ComfortOnly => "comfort measures only",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Severe => "severe",
    }
}

fn dose(says: &Dose) -> String {
    let slot = match says.slot.time {
        Some(time) => format!("{} {time}", String::from(says.slot.date)),
        None => format!("{} {AS_NEEDED}", String::from(says.slot.date)),
    };
    let given = match says.not_given {
        None => format!("dose given, {slot}"),
        Some(why) => format!("dose not given ({}), {slot}", not_given(why)),
    };
    with(given, says.comment.as_deref())
}

pub(super) fn not_given(why: NotGiven) -> &'static str {
    match why {
        NotGiven::Refused => "refused",
        NotGiven::Held => "held",
        NotGiven::Away => "away",
        NotGiven::NothingByMouth => "nothing by mouth",
        NotGiven::Vomited => "vomited",
        NotGiven::Unavailable => "not there",
        NotGiven::Other => "other reason",
    }
}

fn move_kind(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Admission => "admission",
        MoveKind::BedChange => "change of bed",
        MoveKind::LeaveBegins => "leave begins",
        MoveKind::LeaveEnds => "leave ends",
        MoveKind::Discharge => "discharge",
        MoveKind::Death => "death",
    }
}

pub(super) fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::RespiratoryRate => "respiration",
        Measure::OxygenSaturation => "saturation",
        Measure::Systolic => "upper pressure",
        Measure::Diastolic => "lower pressure",
        Measure::Pulse => "pulse",
        Measure::Temperature => "temperature",
        Measure::Weight => "weight",
        Measure::Glucose => "glucose",
        Measure::Pain => "pain",
        Measure::OxygenFlow => "oxygen flow",
        Measure::Height => "height",
        Measure::HeadCircumference => "head circumference",
        Measure::BodyMassIndex => "body mass index",
        Measure::UrineOutput => "urine output",
        Measure::FluidIntake => "fluid intake",
    }
}

fn absent(why: Absent) -> &'static str {
    match why {
        Absent::Declined => "declined",
        Absent::NotMeasurable => "could not be measured",
        Absent::NoEquipment => "no equipment",
        Absent::Asleep => "asleep",
    }
}

fn consciousness(level: Consciousness) -> &'static str {
    match level {
        Consciousness::Alert => "alert",
        Consciousness::Confusion => "new confusion",
        Consciousness::Voice => "answers to voice",
        Consciousness::Pain => "answers to pain",
        Consciousness::Unresponsive => "unresponsive",
    }
}

/// Its number.
pub(super) fn scale(scale: SaturationScale) -> u8 {
    match scale {
        SaturationScale::One => 1,
        SaturationScale::Two => 2,
    }
}
