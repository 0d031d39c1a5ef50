//! Rules of a journal.

use super::{Broken, Rule, broken, hold, text};
use crate::directory::Date;
use crate::journal::{Dose, Measure, NotGiven, Observations, Reading, Unstated};
use crate::plausibility::{self, Plausibility};
use crate::quantity::{Decimal, Quantity};

/// `today`: the local date of the stated instant.
pub(super) fn dose(says: &Dose, today: Date) -> Result<(), Broken> {
    let slot = says.slot;
    hold(slot.version >= 1, "version", Rule::Form)?;
    hold(slot.date.is_valid(), "date", Rule::NoSuch)?;
    hold(
        slot.time.is_none_or(|time| time.is_valid()),
        "time",
        Rule::NoSuch,
    )?;
    if says.not_given.is_none() {
        // The slot of 00:00 may be given at 23:45 of the day before. That a dose will not be given
        // (away over a weekend) may be said ahead.
        let last = today.plus_days(1).unwrap_or(today);
        hold(slot.date <= last, "date", Rule::Future)?;
    }
    if says.not_given == Some(NotGiven::Other) {
        text::mandatory("comment", says.comment.as_deref().unwrap_or_default())?;
    }
    text::comment("comment", says.comment.as_deref())
}

pub(super) fn observations(says: &Observations) -> Result<(), Broken> {
    let something = !says.readings.is_empty()
        || says.consciousness.is_some()
        || says.consciousness_unstated.is_some()
        || says.oxygen_unstated.is_some()
        || says.on_oxygen.is_some();
    hold(something, "readings", Rule::Mandatory)?;
    hold(
        says.readings.is_sorted_by(|(a, _), (b, _)| a < b),
        "readings",
        Rule::Order,
    )?;
    let newer = |why: Option<Unstated>| matches!(why, Some(Unstated::Newer(_)));
    for (field, stated, why) in [
        ("on_oxygen", says.on_oxygen.is_some(), says.oxygen_unstated),
        (
            "consciousness",
            says.consciousness.is_some(),
            says.consciousness_unstated,
        ),
    ] {
        let rule = Rule::Contradicts { other: "absent" };
        hold(!(stated && why.is_some()), field, rule)?;
        hold(!newer(why), field, Rule::NoSuch)?;
    }
    // What this version cannot read it does not write.
    hold(says.unread.is_empty(), "readings", Rule::NoSuch)?;
    for (measure, reading) in &says.readings {
        match reading {
            Reading::Value(entered) => plausible(*measure, *entered)?,
            Reading::Absent(_) => {}
        }
    }
    if let (Some(upper), Some(lower)) = (
        value(says, Measure::Systolic),
        value(says, Measure::Diastolic),
    ) {
        let rule = Rule::Contradicts {
            other: Measure::Systolic.name(),
        };
        hold(
            lower.compare(upper).is_lt(),
            Measure::Diastolic.name(),
            rule,
        )?;
    }
    // Oxygen flows or it does not, whichever of the two fields says so.
    let flows =
        value(says, Measure::OxygenFlow).map(|flow| flow.compare(Decimal::whole(0)).is_gt());
    let agree = flows
        .zip(says.on_oxygen)
        .is_none_or(|(flows, given)| flows == given);
    let rule = Rule::Contradicts {
        other: Measure::OxygenFlow.name(),
    };
    hold(agree, "on_oxygen", rule)?;
    text::comment("comment", says.comment.as_deref())
}

/// Within the hard limits. What is unusual is the screen's to show again before saving.
fn plausible(measure: Measure, entered: Quantity) -> Result<(), Broken> {
    let rule = match plausibility::check(measure, entered) {
        Plausibility::Usual | Plausibility::Unusual { .. } => return Ok(()),
        Plausibility::Impossible { low, high } => Rule::OutOfRange {
            low,
            high,
            unit: entered.unit,
        },
        Plausibility::TooFine { places } => Rule::TooFine { places },
        Plausibility::WrongUnit => Rule::WrongUnit,
    };
    broken(measure.name(), rule)
}

fn value(says: &Observations, measure: Measure) -> Option<Decimal> {
    says.readings
        .iter()
        .find_map(|(of, reading)| match reading {
            Reading::Value(entered) if *of == measure => Some(entered.value),
            Reading::Value(_) | Reading::Absent(_) => None,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::OrderId;
    use crate::journal::{Absent, SaturationScale, Slot};
    use crate::quantity::Unit;

    fn charted(date: &str, not_given: Option<NotGiven>, comment: Option<&str>) -> Dose {
        let slot = Slot {
            order: OrderId(ids::CommandId::from_bytes([1; 16])),
            version: 1,
            date: date.parse().unwrap(),
            time: "08:00".parse().ok(),
        };
        Dose {
            slot,
            not_given,
            comment: comment.map(str::to_owned),
        }
    }

    #[test]
    fn another_reason_is_told_in_words() {
        let today = "2026-11-21".parse().unwrap();
        let check = |not_given, comment| {
            dose(&charted("2026-11-21", not_given, comment), today).map_err(|b| (b.field, b.rule))
        };
        assert_eq!(check(None, None), Ok(()));
        assert_eq!(check(Some(NotGiven::Refused), None), Ok(()));
        let missing = Err(("comment", Rule::Mandatory));
        assert_eq!(check(Some(NotGiven::Other), None), missing);
        assert_eq!(check(Some(NotGiven::Other), Some("  ")), missing);
        assert_eq!(check(Some(NotGiven::Other), Some("at the dentist")), Ok(()));
    }

    #[test]
    fn a_dose_is_not_given_ahead_of_its_day() {
        let today = "2026-11-21".parse().unwrap();
        let check = |date, not_given| dose(&charted(date, not_given, None), today).is_ok();
        assert!(check("2026-11-22", None));
        assert!(!check("2026-11-23", None));
        assert!(check("2026-11-23", Some(NotGiven::Away)));
        assert!(check("2026-10-01", None));
    }

    fn taken(readings: Vec<(Measure, Reading)>) -> Observations {
        Observations {
            readings,
            unread: Vec::new(),
            oxygen_unstated: None,
            consciousness_unstated: None,
            on_oxygen: None,
            consciousness: None,
            scale: SaturationScale::One,
            comment: None,
        }
    }

    fn of(text: &str, unit: Unit) -> Reading {
        Reading::Value(Quantity::parse(text, unit).unwrap())
    }

    #[test]
    fn a_value_outside_its_hard_limits_is_not_taken() {
        let check = |measure, reading| {
            observations(&taken(vec![(measure, reading)])).map_err(|b| (b.field, b.rule))
        };
        assert_eq!(check(Measure::Pulse, of("72", Unit::PerMinute)), Ok(()));
        assert_eq!(check(Measure::Pulse, of("140", Unit::PerMinute)), Ok(()));
        assert_eq!(
            check(Measure::Pulse, Reading::Absent(Absent::Declined)),
            Ok(())
        );
        let (low, high) = (Decimal::whole(15), Decimal::whole(300));
        let rule = Rule::OutOfRange {
            low,
            high,
            unit: Unit::PerMinute,
        };
        assert_eq!(
            check(Measure::Pulse, of("720", Unit::PerMinute)),
            Err(("pulse", rule))
        );
        let wrong = Err(("pulse", Rule::WrongUnit));
        assert_eq!(check(Measure::Pulse, of("72", Unit::Percent)), wrong);
    }

    #[test]
    fn each_measure_stands_once_and_in_order() {
        let pulse = (Measure::Pulse, of("72", Unit::PerMinute));
        let breaths = (Measure::RespiratoryRate, of("16", Unit::PerMinute));
        assert!(observations(&taken(vec![breaths, pulse])).is_ok());
        assert!(observations(&taken(vec![pulse, breaths])).is_err());
        assert!(observations(&taken(vec![pulse, pulse])).is_err());
        assert!(observations(&taken(vec![])).is_err());
    }

    #[test]
    fn fields_of_one_set_go_with_each_other() {
        let pressure = |upper, lower| {
            let unit = Unit::MillimetreOfMercury;
            let readings = vec![
                (Measure::Systolic, of(upper, unit)),
                (Measure::Diastolic, of(lower, unit)),
            ];
            observations(&taken(readings)).is_ok()
        };
        assert!(pressure("120", "80"));
        assert!(!pressure("80", "80"));
        assert!(!pressure("80", "120"));
        let flow = vec![(Measure::OxygenFlow, of("2", Unit::LitrePerMinute))];
        let on_air = Observations {
            on_oxygen: Some(false),
            ..taken(flow.clone())
        };
        assert_eq!(observations(&on_air).unwrap_err().field, "on_oxygen");
        assert!(
            observations(&Observations {
                on_oxygen: Some(true),
                ..taken(flow)
            })
            .is_ok()
        );
    }

    #[test]
    fn a_comment_alone_is_no_set_and_oxygen_does_not_flow_at_none() {
        let says = Observations {
            comment: Some("was asleep".into()),
            ..taken(Vec::new())
        };
        assert_eq!(observations(&says).unwrap_err().field, "readings");
        let none = vec![(Measure::OxygenFlow, of("0", Unit::LitrePerMinute))];
        for (on_oxygen, fits) in [(Some(true), false), (Some(false), true), (None, true)] {
            let says = Observations {
                on_oxygen,
                ..taken(none.clone())
            };
            assert_eq!(observations(&says).is_ok(), fits, "{on_oxygen:?}");
        }
    }

    #[test]
    fn a_state_is_told_or_why_it_is_not_and_never_both() {
        let asleep = Some(Unstated::Because(Absent::Asleep));
        let says = Observations {
            consciousness_unstated: asleep,
            ..taken(Vec::new())
        };
        assert_eq!(observations(&says), Ok(()));
        let both = Observations {
            consciousness: Some(crate::journal::Consciousness::Alert),
            ..says.clone()
        };
        assert_eq!(observations(&both).unwrap_err().field, "consciousness");
        let newer = Observations {
            oxygen_unstated: Some(Unstated::Newer(90)),
            ..says
        };
        assert_eq!(observations(&newer).unwrap_err().field, "on_oxygen");
    }

    #[test]
    fn a_set_says_something_and_nothing_that_cannot_be_read() {
        let empty = taken(Vec::new());
        let asleep = Some(Unstated::Because(Absent::Asleep));
        let mut said = vec![empty.clone(); 4];
        said[0].on_oxygen = Some(false);
        said[1].consciousness = Some(crate::journal::Consciousness::Alert);
        said[2].oxygen_unstated = asleep;
        said[3].consciousness_unstated = asleep;
        for says in said {
            assert_eq!(observations(&says), Ok(()), "{says:?}");
        }
        // Words alone are a note.
        let words = Observations {
            comment: Some("asleep all morning".into()),
            ..empty.clone()
        };
        for nothing in [&empty, &words] {
            assert_eq!(observations(nothing).unwrap_err().rule, Rule::Mandatory);
        }
        let unread = Observations {
            unread: vec![crate::journal::Unread {
                measure: 90,
                found: vec![0xf6],
            }],
            on_oxygen: Some(false),
            ..empty
        };
        assert_eq!(observations(&unread).unwrap_err().rule, Rule::NoSuch);
    }

    #[test]
    fn a_dose_names_a_version_and_a_day_that_there_are() {
        let today = "2026-11-21".parse().unwrap();
        let of = |change: fn(&mut Dose)| {
            let mut says = charted("2026-11-21", Some(NotGiven::Held), None);
            change(&mut says);
            dose(&says, today).map_err(|broken| (broken.field, broken.rule))
        };
        assert_eq!(of(|_| {}), Ok(()));
        assert_eq!(
            of(|dose| dose.slot.version = 0),
            Err(("version", Rule::Form))
        );
        assert_eq!(
            of(|dose| dose.slot.date.month = 13),
            Err(("date", Rule::NoSuch))
        );
    }
}
