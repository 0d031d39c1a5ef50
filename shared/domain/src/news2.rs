//! NEWS2, the early warning score of adults: for those of 16 years and more, and not in pregnancy
//! (of which the record knows nothing).
//!
//! Source: Royal College of Physicians, *National Early Warning Score (NEWS) 2: Standardising the
//! assessment of acute-illness severity in the NHS*, London 2017. A missing parameter never counts
//! as 0 points: the score is then incomplete, and what is known is its lower bound.

use crate::directory::Date;
use crate::journal::{Consciousness, Measure, Observations, Reading, SaturationScale};
use crate::partial_date::PartialDate;
use crate::quantity::{Decimal, Quantity, Unit};
use core::cmp::Ordering;

/// Years of age from which it is meant.
const LEAST_AGE: u16 = 16;

/// Whether it is meant for somebody born then, on a day: unless they are certainly too young.
pub fn is_for(born: Option<PartialDate>, on: Date) -> bool {
    let age = born.and_then(|born| born.age_on(on));
    age.is_none_or(|age| age.most >= LEAST_AGE)
}

/// The seven parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Parameter {
    /// Breathing rate.
    Respiration,
    /// Oxygen saturation, on either scale.
    Saturation,
    /// Air or oxygen.
    Oxygen,
    /// Systolic blood pressure.
    Systolic,
    /// Pulse.
    Pulse,
    /// Consciousness.
    Consciousness,
    /// Temperature.
    Temperature,
}

impl Parameter {
    /// All, in the order of the RCP's table.
    pub const ALL: [Parameter; 7] = [
        Parameter::Respiration,
        Parameter::Saturation,
        Parameter::Oxygen,
        Parameter::Systolic,
        Parameter::Pulse,
        Parameter::Consciousness,
        Parameter::Temperature,
    ];
}

/// What a score asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Band {
    /// 0: at least 12-hourly observations.
    Zero,
    /// 1 to 4: 4- to 6-hourly observations, a registered nurse assesses.
    Low,
    /// One parameter scores 3: urgent review, at least hourly observations.
    SingleThree,
    /// 5 or 6: urgent response, at least hourly observations.
    Urgent,
    /// 7 or more: emergency response, continuous monitoring.
    Emergency,
}

/// A score with how it came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Points of each parameter in the order of the table; `None` when it cannot be scored.
    pub points: [(Parameter, Option<u8>); 7],
}

impl Score {
    /// The score of observations taken together, on the saturation scale they name.
    pub fn of(observations: &Observations) -> Score {
        let oxygen = on_oxygen(observations);
        let points = Parameter::ALL.map(|parameter| {
            let points = match parameter {
                Parameter::Respiration => {
                    whole(observations, Measure::RespiratoryRate, Unit::PerMinute).map(respiration)
                }
                Parameter::Saturation => {
                    whole(observations, Measure::OxygenSaturation, Unit::Percent)
                        .and_then(|value| saturation(observations.scale, value, oxygen))
                }
                Parameter::Oxygen => oxygen.map(|on| if on { 2 } else { 0 }),
                Parameter::Systolic => {
                    whole(observations, Measure::Systolic, Unit::MillimetreOfMercury).map(systolic)
                }
                Parameter::Pulse => whole(observations, Measure::Pulse, Unit::PerMinute).map(pulse),
                Parameter::Consciousness => observations.consciousness.map(|level| match level {
                    Consciousness::Alert => 0,
                    Consciousness::Confusion
                    | Consciousness::Voice
                    | Consciousness::Pain
                    | Consciousness::Unresponsive => 3,
                }),
                Parameter::Temperature => value(observations, Measure::Temperature)
                    .and_then(|entered| entered.to(Unit::Celsius))
                    .and_then(|celsius| celsius.value.rounded(1))
                    .map(temperature),
            };
            (parameter, points)
        });
        Score { points }
    }

    /// Nothing measured.
    pub fn empty() -> Score {
        Score {
            points: Parameter::ALL.map(|parameter| (parameter, None)),
        }
    }

    /// Takes over the points of one parameter from another set.
    pub fn take(&mut self, parameter: Parameter, from: &Score) {
        let of = |score: &Score| {
            score
                .points
                .iter()
                .find(|(of, _)| *of == parameter)
                .copied()
        };
        for (known, points) in &mut self.points {
            if let (true, Some((_, taken))) = (*known == parameter, of(from)) {
                *points = taken;
            }
        }
    }

    /// Points of what was measured: the score, or its lower bound when incomplete. At most 20.
    pub fn total(&self) -> u8 {
        self.points.iter().filter_map(|(_, points)| *points).sum()
    }

    /// What is missing, in the order of the table.
    pub fn missing(&self) -> Vec<Parameter> {
        self.points
            .iter()
            .filter(|(_, points)| points.is_none())
            .map(|(p, _)| *p)
            .collect()
    }

    /// Whether a parameter is missing: the score reads "incomplete, ≥ n".
    pub fn is_incomplete(&self) -> bool {
        self.points.iter().any(|(_, points)| points.is_none())
    }

    /// Whether a single parameter scores 3.
    pub fn has_single_three(&self) -> bool {
        self.points.iter().any(|(_, points)| *points == Some(3))
    }

    /// Whether nothing of it was measured: there is no score to show.
    pub fn is_empty(&self) -> bool {
        self.points.iter().all(|(_, points)| points.is_none())
    }

    /// The band; at least this one when incomplete.
    pub fn band(&self) -> Band {
        match self.total() {
            7.. => Band::Emergency,
            5 | 6 => Band::Urgent,
            _ if self.has_single_three() => Band::SingleThree,
            0 => Band::Zero,
            1..=4 => Band::Low,
        }
    }
}

/// Whether oxygen was given: as stated, or because a flow above zero was measured.
fn on_oxygen(observations: &Observations) -> Option<bool> {
    let flow = value(observations, Measure::OxygenFlow)
        .map(|flow| flow.value.compare(Decimal::whole(0)) == Ordering::Greater);
    match (observations.on_oxygen, flow) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (stated, _) => stated,
    }
}

fn value(observations: &Observations, measure: Measure) -> Option<Quantity> {
    observations
        .readings
        .iter()
        .find_map(|(of, reading)| match reading {
            Reading::Value(quantity) if *of == measure => Some(*quantity),
            Reading::Value(_) | Reading::Absent(_) => None,
        })
}

/// A value in whole units; `None` in any other unit than the table's.
fn whole(observations: &Observations, measure: Measure, unit: Unit) -> Option<i64> {
    let entered = value(observations, measure).filter(|entered| entered.unit == unit)?;
    entered.value.rounded(0).map(|rounded| rounded.mantissa)
}

fn respiration(per_minute: i64) -> u8 {
    match per_minute {
        ..=8 => 3,
        9..=11 => 1,
        12..=20 => 0,
        21..=24 => 2,
        25.. => 3,
    }
}

/// `None` on scale 2 from 93 % on, when it is not stated whether oxygen was given.
fn saturation(scale: SaturationScale, percent: i64, oxygen: Option<bool>) -> Option<u8> {
    Some(match scale {
        SaturationScale::One => match percent {
            ..=91 => 3,
            92..=93 => 2,
            94..=95 => 1,
            96.. => 0,
        },
        SaturationScale::Two => match percent {
            ..=83 => 3,
            84..=85 => 2,
            86..=87 => 1,
            88..=92 => 0,
            93.. if !oxygen? => 0,
            93..=94 => 1,
            95..=96 => 2,
            97.. => 3,
        },
    })
}

fn systolic(millimetres: i64) -> u8 {
    match millimetres {
        ..=90 => 3,
        91..=100 => 2,
        101..=110 => 1,
        111..=219 => 0,
        220.. => 3,
    }
}

fn pulse(per_minute: i64) -> u8 {
    match per_minute {
        ..=40 => 3,
        41..=50 => 1,
        51..=90 => 0,
        91..=110 => 1,
        111..=130 => 2,
        131.. => 3,
    }
}

/// Of degrees Celsius with one place.
fn temperature(celsius: Decimal) -> u8 {
    match celsius.mantissa {
        ..=350 => 3,
        351..=360 => 1,
        361..=380 => 0,
        381..=390 => 1,
        391.. => 2,
    }
}

#[cfg(test)]
mod tests;
