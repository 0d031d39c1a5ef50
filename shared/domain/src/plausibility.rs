//! Which values can be: hard limits (outside, the value is a slip of the hand or of the device and
//! is not taken) and soft limits (outside, it is taken after being shown again). Each in the unit it
//! was entered in, so that a screen can say the bounds.
//!
//! The limits are the house's own: wide enough for what survives, and narrow enough that a usual value in
//! the other unit (98.6 for °C, 37 for °F, 54 mg/dL for mmol/L, 12 mmol/L for mg/dL) falls outside. A
//! weight in pounds may be one in kilograms: the resident's last weight tells ([`is_far`]).

use crate::directory::MeasureSystem;
use crate::journal::Measure;
use crate::quantity::{Decimal, Quantity, Unit};

/// Limits of one measure in one unit, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Outside, the value is not taken.
    pub hard: (Decimal, Decimal),
    /// Outside, the value is shown again first.
    pub soft: (Decimal, Decimal),
    /// Most digits after the point.
    pub places: u8,
}

/// What a value looks like. The bounds are those it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plausibility {
    /// Within both limits.
    Usual,
    /// Outside the soft limits: to be confirmed.
    Unusual {
        /// Lowest usual value.
        low: Decimal,
        /// Highest usual value.
        high: Decimal,
    },
    /// Outside the hard limits: not taken.
    Impossible {
        /// Lowest value taken.
        low: Decimal,
        /// Highest value taken.
        high: Decimal,
    },
    /// More digits after the point than the measure has: not taken.
    TooFine {
        /// Most digits after the point.
        places: u8,
    },
    /// The unit is not one of this measure: not taken.
    WrongUnit,
}

impl Measure {
    /// All, in their order.
    pub const ALL: [Measure; 15] = [
        Measure::RespiratoryRate,
        Measure::OxygenSaturation,
        Measure::Systolic,
        Measure::Diastolic,
        Measure::Pulse,
        Measure::Temperature,
        Measure::Weight,
        Measure::Pain,
        Measure::Glucose,
        Measure::OxygenFlow,
        Measure::Height,
        Measure::HeadCircumference,
        Measure::BodyMassIndex,
        Measure::UrineOutput,
        Measure::FluidIntake,
    ];

    /// Its number in entries.
    pub const fn number(self) -> u64 {
        self as u64
    }

    /// Its name in rules and on the wire of the interface.
    pub const fn name(self) -> &'static str {
        match self {
            Measure::RespiratoryRate => "respiratory_rate",
            Measure::OxygenSaturation => "oxygen_saturation",
            Measure::Systolic => "systolic",
            Measure::Diastolic => "diastolic",
            Measure::Pulse => "pulse",
            Measure::Temperature => "temperature",
            Measure::Weight => "weight",
            Measure::Pain => "pain",
            Measure::Glucose => "glucose",
            Measure::OxygenFlow => "oxygen_flow",
            Measure::Height => "height",
            Measure::HeadCircumference => "head_circumference",
            Measure::BodyMassIndex => "body_mass_index",
            Measure::UrineOutput => "urine_output",
            Measure::FluidIntake => "fluid_intake",
        }
    }

    /// The unit a home with these units of measure enters it in.
    pub const fn unit(self, system: MeasureSystem) -> Unit {
        match (self, system) {
            (Measure::RespiratoryRate | Measure::Pulse, _) => Unit::PerMinute,
            (Measure::OxygenSaturation, _) => Unit::Percent,
            (Measure::Systolic | Measure::Diastolic, _) => Unit::MillimetreOfMercury,
            (Measure::Temperature, MeasureSystem::Metric) => Unit::Celsius,
            (Measure::Temperature, MeasureSystem::UsCustomary) => Unit::Fahrenheit,
            (Measure::Weight, MeasureSystem::Metric) => Unit::Kilogram,
            (Measure::Weight, MeasureSystem::UsCustomary) => Unit::Pound,
            (Measure::Pain, _) => Unit::Score,
            (Measure::Glucose, MeasureSystem::Metric) => Unit::MillimolePerLitre,
            (Measure::Glucose, MeasureSystem::UsCustomary) => Unit::MilligramPerDecilitre,
            (Measure::OxygenFlow, _) => Unit::LitrePerMinute,
            (Measure::Height | Measure::HeadCircumference, MeasureSystem::Metric) => {
                Unit::Centimetre
            }
            (Measure::Height | Measure::HeadCircumference, MeasureSystem::UsCustomary) => {
                Unit::Inch
            }
            (Measure::BodyMassIndex, _) => Unit::KilogramPerSquareMetre,
            (Measure::UrineOutput | Measure::FluidIntake, _) => Unit::Millilitre,
        }
    }
}

impl Limits {
    /// The limits of a measure in a unit; `None` when the unit is not one of this measure.
    pub const fn of(measure: Measure, unit: Unit) -> Option<Limits> {
        Some(match (measure, unit) {
            (Measure::RespiratoryRate, Unit::PerMinute) => whole((1, 100), (8, 30)),
            (Measure::OxygenSaturation, Unit::Percent) => whole((30, 100), (85, 100)),
            (Measure::Systolic, Unit::MillimetreOfMercury) => whole((30, 300), (80, 200)),
            (Measure::Diastolic, Unit::MillimetreOfMercury) => whole((10, 200), (40, 120)),
            (Measure::Pulse, Unit::PerMinute) => whole((15, 300), (40, 130)),
            (Measure::Temperature, Unit::Celsius) => tenths((250, 450), (350, 395), 2),
            (Measure::Temperature, Unit::Fahrenheit) => tenths((770, 1_130), (950, 1_031), 2),
            (Measure::Weight, Unit::Kilogram) => tenths((3, 5_000), (350, 1_500), 2),
            (Measure::Weight, Unit::Pound) => tenths((7, 11_020), (770, 3_310), 2),
            (Measure::Pain, Unit::Score) => whole((0, 10), (0, 10)),
            (Measure::Glucose, Unit::MillimolePerLitre) => tenths((5, 350), (40, 150), 1),
            (Measure::Glucose, Unit::MilligramPerDecilitre) => whole((20, 1_207), (70, 270)),
            (Measure::OxygenFlow, Unit::LitrePerMinute) => tenths((0, 600), (0, 150), 2),
            (Measure::Height, Unit::Centimetre) => tenths((300, 2_720), (1_200, 2_100), 1),
            (Measure::Height, Unit::Inch) => tenths((120, 1_070), (470, 830), 2),
            (Measure::HeadCircumference, Unit::Centimetre) => tenths((200, 800), (320, 650), 1),
            (Measure::HeadCircumference, Unit::Inch) => tenths((80, 310), (125, 255), 2),
            (Measure::BodyMassIndex, Unit::KilogramPerSquareMetre) => {
                tenths((50, 2_000), (150, 500), 2)
            }
            (Measure::UrineOutput | Measure::FluidIntake, Unit::Millilitre) => {
                whole((0, 20_000), (0, 3_000))
            }
            _ => return None,
        })
    }
}

/// How a value of a measure looks.
pub fn check(measure: Measure, entered: Quantity) -> Plausibility {
    let Some(Limits { hard, soft, places }) = Limits::of(measure, entered.unit) else {
        return Plausibility::WrongUnit;
    };
    if !entered.value.is_within(hard.0, hard.1) {
        Plausibility::Impossible {
            low: hard.0,
            high: hard.1,
        }
    } else if entered.value.trimmed().scale > places {
        Plausibility::TooFine { places }
    } else if !entered.value.is_within(soft.0, soft.1) {
        Plausibility::Unusual {
            low: soft.0,
            high: soft.1,
        }
    } else {
        Plausibility::Usual
    }
}

/// Whether a weight is so far from the resident's last one that the unit, a digit or the resident may
/// be mistaken: more than a fifth of it. Other measures change as much within hours.
pub fn is_far(measure: Measure, last: Quantity, entered: Quantity) -> bool {
    let Some(last) = last.to(entered.unit).filter(|_| measure == Measure::Weight) else {
        return false;
    };
    let times = |value: Decimal, factor: i64| {
        let mantissa = value.mantissa.checked_mul(factor)?;
        Decimal::new(mantissa, value.scale)
    };
    match (
        times(entered.value, 5),
        times(last.value, 4),
        times(last.value, 6),
    ) {
        (Some(entered), Some(least), Some(most)) => !entered.is_within(least, most),
        _ => true,
    }
}

const fn whole(hard: (i64, i64), soft: (i64, i64)) -> Limits {
    Limits {
        hard: (Decimal::whole(hard.0), Decimal::whole(hard.1)),
        soft: (Decimal::whole(soft.0), Decimal::whole(soft.1)),
        places: 0,
    }
}

const fn tenths(hard: (i64, i64), soft: (i64, i64), places: u8) -> Limits {
    const fn tenth(n: i64) -> Decimal {
        if n % 10 == 0 {
            Decimal::whole(n / 10)
        } else {
            Decimal {
                mantissa: n,
                scale: 1,
            }
        }
    }
    Limits {
        hard: (tenth(hard.0), tenth(hard.1)),
        soft: (tenth(soft.0), tenth(soft.1)),
        places,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNITS: [Unit; 15] = [
        Unit::PerMinute,
        Unit::Percent,
        Unit::MillimetreOfMercury,
        Unit::Celsius,
        Unit::Fahrenheit,
        Unit::Kilogram,
        Unit::Pound,
        Unit::LitrePerMinute,
        Unit::MilligramPerDecilitre,
        Unit::MillimolePerLitre,
        Unit::Score,
        Unit::Centimetre,
        Unit::Inch,
        Unit::Millilitre,
        Unit::KilogramPerSquareMetre,
    ];

    fn entered(text: &str, unit: Unit) -> Quantity {
        Quantity::parse(text, unit).unwrap()
    }

    #[test]
    fn every_measure_has_limits_in_the_unit_of_each_system() {
        for measure in Measure::ALL {
            for system in [MeasureSystem::Metric, MeasureSystem::UsCustomary] {
                assert!(
                    Limits::of(measure, measure.unit(system)).is_some(),
                    "{measure:?}"
                );
            }
        }
    }

    #[test]
    fn a_measure_s_number_is_the_one_its_bytes_have() {
        for (number, measure) in (0..).zip(Measure::ALL) {
            assert_eq!(measure.number(), number);
            let bytes = minicbor::to_vec(measure).unwrap();
            assert_eq!(bytes, minicbor::to_vec(number).unwrap());
        }
    }

    #[test]
    fn limits_hold_at_n_and_are_broken_at_n_plus_1() {
        for measure in Measure::ALL {
            for unit in UNITS {
                let Some(limits) = Limits::of(measure, unit) else {
                    continue;
                };
                let (low, high) = limits.hard;
                assert!(limits.soft.0.is_within(low, high) && limits.soft.1.is_within(low, high));
                let step = |value: Decimal, by: i64| {
                    let value = value.rounded(limits.places).unwrap();
                    Quantity {
                        value: Decimal {
                            mantissa: value.mantissa + by,
                            ..value
                        },
                        unit,
                    }
                };
                let broken = Plausibility::Impossible { low, high };
                assert_ne!(check(measure, step(low, 0)), broken);
                assert_ne!(check(measure, step(high, 0)), broken);
                assert_eq!(check(measure, step(low, -1)), broken);
                assert_eq!(check(measure, step(high, 1)), broken);
            }
        }
    }

    #[test]
    fn the_other_unit_s_usual_value_is_impossible() {
        let impossible = |measure, text, unit| {
            let found = check(measure, entered(text, unit));
            assert!(
                matches!(found, Plausibility::Impossible { .. }),
                "{text} {unit:?}: {found:?}"
            );
        };
        impossible(Measure::Temperature, "98.6", Unit::Celsius);
        impossible(Measure::Temperature, "37", Unit::Fahrenheit);
        impossible(Measure::Glucose, "54", Unit::MillimolePerLitre);
        impossible(Measure::Glucose, "12", Unit::MilligramPerDecilitre);
        impossible(Measure::Glucose, "110", Unit::MillimolePerLitre);
        impossible(Measure::Glucose, "5.6", Unit::MilligramPerDecilitre);
        impossible(Measure::Height, "170", Unit::Inch);
    }

    #[test]
    fn a_weight_in_the_other_unit_is_far_from_the_last_one() {
        let far =
            |last, of, text, unit| is_far(Measure::Weight, entered(last, of), entered(text, unit));
        let (kg, lb) = (Unit::Kilogram, Unit::Pound);
        assert!(far("63.5", kg, "140", kg) && far("140", lb, "63.5", lb));
        assert!(!far("63.5", kg, "140", lb) && !far("140", lb, "63.5", kg));
        for (text, expect) in [("40", false), ("39.9", true), ("60", false), ("60.1", true)] {
            assert_eq!(far("50", kg, text, kg), expect, "{text}");
        }
        let rate = Unit::PerMinute;
        assert!(!is_far(
            Measure::Pulse,
            entered("50", rate),
            entered("120", rate)
        ));
    }

    #[test]
    fn bounds_are_told_in_the_unit_that_was_entered() {
        let found = check(Measure::Temperature, entered("104", Unit::Fahrenheit));
        let Plausibility::Unusual { low, high } = found else {
            panic!("{found:?}")
        };
        assert_eq!(
            (low.to_string(), high.to_string()),
            ("95".into(), "103.1".into())
        );
        assert_eq!(
            check(Measure::Pulse, entered("72", Unit::Celsius)),
            Plausibility::WrongUnit
        );
    }

    #[test]
    fn digits_that_no_device_shows_are_not_taken() {
        let too_fine = Plausibility::TooFine { places: 0 };
        assert_eq!(
            check(Measure::Pulse, entered("72.5", Unit::PerMinute)),
            too_fine
        );
        assert_eq!(
            check(Measure::Pulse, entered("72.0", Unit::PerMinute)),
            Plausibility::Usual
        );
        let fine = check(Measure::Temperature, entered("38,30", Unit::Celsius));
        assert_eq!(fine, Plausibility::Usual);
    }
}
