//! Facts as the tests say them.

use super::id;
use domain::Fact;
use domain::chart::{
    Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Identity, Order, OrderId, Sex,
};
use domain::directory::{MeasureSystem, Settings};
use domain::journal::{
    Consciousness, Dose, Measure, NotGiven, Note, Observations, Reading, SaturationScale, Slot,
};
use domain::meta::{Addendum, Decision, Resolution, Signature};
use domain::quantity::{Decimal, Quantity, Unit};
use ids::EntryKey;

pub(in crate::view) fn settings() -> Settings {
    Settings {
        name: "Maple House".into(),
        time_zone: "America/Chicago".into(),
        measures: MeasureSystem::UsCustomary,
        dose_times: Vec::new(),
        shifts: Vec::new(),
        dose_window_minutes: 60,
        record_prefix: "MH".into(),
    }
}

pub(in crate::view) fn identity(given: &str, family: &str, born: &str, number: &str) -> Fact {
    Fact::Identity(Identity {
        given: given.into(),
        family: family.into(),
        preferred: None,
        born: Some(born.parse().unwrap()),
        sex: Sex::Female,
        record_number: number.into(),
    })
}

pub(in crate::view) fn note(text: &str) -> Fact {
    Fact::Note(Note { text: text.into() })
}

pub(in crate::view) fn signature(entry: &EntryKey) -> Fact {
    Fact::Signature(Signature {
        entries: vec![entry.clone()],
    })
}

pub(in crate::view) fn addendum(to: &EntryKey, text: &str) -> Fact {
    Fact::Addendum(Addendum {
        to: to.clone(),
        text: text.into(),
    })
}

pub(in crate::view) fn warfarin(order: u16, version: u32, words: &str) -> Fact {
    Fact::Order(Order {
        order: OrderId(id(order)),
        version,
        medicine: "Warfarin".into(),
        dose: words.into(),
        route: "by mouth".into(),
        times: vec!["08:00".parse().unwrap(), "20:00".parse().unwrap()],
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
    })
}

pub(in crate::view) fn dose(
    order: u16,
    date: &str,
    time: Option<&str>,
    not_given: Option<NotGiven>,
) -> Fact {
    let slot = Slot {
        order: OrderId(id(order)),
        version: 1,
        date: date.parse().unwrap(),
        time: time.map(|time| time.parse().unwrap()),
    };
    Fact::Dose(Dose {
        slot,
        not_given,
        comment: None,
    })
}

pub(in crate::view) fn code(choice: CodeStatusChoice) -> Fact {
    Fact::CodeStatus(CodeStatus {
        choice,
        comment: None,
        stated_by: None,
    })
}

pub(in crate::view) fn none_known() -> Fact {
    Fact::Allergy(Allergy::NoneKnown)
}

pub(in crate::view) fn allergic(substance: &str) -> Fact {
    Fact::Allergy(Allergy::To(AllergyTo {
        substance: substance.into(),
        reaction: None,
        severity: None,
        source: None,
    }))
}

pub(in crate::view) fn decided(of: &[EntryKey], decision: Decision) -> Fact {
    let mut of = of.to_vec();
    of.sort();
    Fact::Resolution(Resolution {
        of,
        decision,
        reason: "asked both".into(),
    })
}

pub(in crate::view) fn pulse(value: i64) -> Fact {
    alone(Measure::Pulse, value, 0, Unit::PerMinute)
}

/// In tenths of a degree.
pub(in crate::view) fn celsius(tenths: i64) -> Fact {
    alone(Measure::Temperature, tenths, 1, Unit::Celsius)
}

pub(in crate::view) fn glucose(value: i64) -> Fact {
    alone(Measure::Glucose, value, 0, Unit::MilligramPerDecilitre)
}

pub(in crate::view) fn percent(value: i64) -> Reading {
    let value = Decimal {
        mantissa: value,
        scale: 0,
    };
    let unit = Unit::Percent;
    Reading::Value(Quantity { value, unit })
}

fn alone(measure: Measure, mantissa: i64, scale: u8, unit: Unit) -> Fact {
    let value = Decimal { mantissa, scale };
    Fact::Observations(Observations {
        readings: vec![(measure, Reading::Value(Quantity { value, unit }))],
        unread: Vec::new(),
        oxygen_unstated: None,
        consciousness_unstated: None,
        on_oxygen: None,
        consciousness: None,
        scale: SaturationScale::One,
        comment: None,
    })
}

/// A whole set, calm but for its respiratory rate: at 30 breaths a minute and more, NEWS2 3.
pub(in crate::view) fn whole_set(respiratory_rate: i64) -> Fact {
    let readings = [
        (
            Measure::RespiratoryRate,
            respiratory_rate,
            0,
            Unit::PerMinute,
        ),
        (Measure::OxygenSaturation, 97, 0, Unit::Percent),
        (Measure::Systolic, 120, 0, Unit::MillimetreOfMercury),
        (Measure::Pulse, 72, 0, Unit::PerMinute),
        (Measure::Temperature, 370, 1, Unit::Celsius),
    ];
    let reading = |(measure, mantissa, scale, unit)| {
        let value = Decimal { mantissa, scale };
        (measure, Reading::Value(Quantity { value, unit }))
    };
    Fact::Observations(Observations {
        readings: readings.map(reading).to_vec(),
        unread: Vec::new(),
        oxygen_unstated: None,
        consciousness_unstated: None,
        on_oxygen: Some(false),
        consciousness: Some(Consciousness::Alert),
        scale: SaturationScale::One,
        comment: None,
    })
}
