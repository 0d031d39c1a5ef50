//! Observations twice a day for six months: a steady person with days of their own, illnesses that
//! come and go, and for some one that is under way now and will score 5 to 7 on NEWS2.

use super::conditions::{COPD, DIABETES};
use super::doses::on_duty;
use super::resident::{Recorded, Resident};
use super::{Wish, doses, notes};
use crate::calendar::{Calendar, DAY, MINUTE, clock, plus_days};
use crate::dice::Dice;
use domain::directory::Date;
use domain::journal::{Absent, Consciousness, Measure, Observations, Reading, SaturationScale};
use domain::quantity::{Decimal, Quantity, Unit};
use ids::UnixMillis;
use interface::Command;

const DAYS: i64 = 183;
/// Observations younger than this are signed one by one; a demo signs no more than a reader will see.
const SIGNED_DAYS: i64 = 14;

/// What is measured in one person on an ordinary day.
struct Person {
    breaths: i64,
    saturation: i64,
    systolic: i64,
    diastolic: i64,
    pulse: i64,
    /// Tenths of a degree Celsius.
    temperature: i64,
    /// Tenths of a kilogram.
    weight: i64,
    on_oxygen: bool,
    scale: SaturationScale,
    diabetic: bool,
    illnesses: Vec<Illness>,
}

/// Rises for some days, then wanes as fast; one that has not waned yet is under way.
struct Illness {
    begins: UnixMillis,
    rises_days: i64,
    /// How much of the full effect it reaches, in per cent.
    reaches: i64,
}

impl Illness {
    fn strength(&self, at: UnixMillis) -> i64 {
        let hours = at.since(self.begins) * 24 / DAY;
        let top = self.rises_days * 24;
        let height = if hours <= top { hours } else { 2 * top - hours };
        height.max(0) * self.reaches / top
    }
}

impl Resident {
    /// Observations, doses and notes.
    pub(super) fn history(
        &self,
        wish: &Wish,
        calendar: &Calendar,
        dice: &mut Dice,
    ) -> Vec<Recorded> {
        let mut all = observations(self, wish, calendar, dice);
        all.extend(doses::doses(self, wish, calendar, dice));
        all.extend(notes::notes(self, wish, calendar, dice));
        all
    }
}

fn observations(
    resident: &Resident,
    wish: &Wish,
    calendar: &Calendar,
    dice: &mut Dice,
) -> Vec<Recorded> {
    let person = Person::draw(resident, wish, dice);
    let today = calendar.date(wish.now);
    let mut all = Vec::new();
    for day in (0..DAYS).rev().map(|ago| plus_days(today, -ago)) {
        for (hour, spread) in [(6, 100), (18, 80)] {
            let taken = calendar
                .instant(day, clock(hour, 0))
                .plus(dice.between(0, spread) * MINUTE);
            let set = person.observe(taken, day, hour, dice);
            if taken < resident.admitted.plus(DAY / 4) || wish.now.since(taken) < 10 * MINUTE {
                continue;
            }
            let at = calendar.stated(taken);
            let command = Command::RecordObservations {
                resident: resident.id,
                observations: set,
                at: Some(at),
                sign: wish.now.since(taken) < SIGNED_DAYS * DAY,
                confirmed: Measure::ALL.to_vec(),
            };
            all.push((on_duty(calendar, taken), at, command));
        }
    }
    all
}

impl Person {
    fn draw(resident: &Resident, wish: &Wish, dice: &mut Dice) -> Self {
        let copd = resident.has(COPD);
        let systolic = dice.between(122, 148);
        // The first one's illness is part of the story: it must score what it is told to.
        let usual = |drawn: i64, told: i64| if resident.number == 0 { told } else { drawn };
        let systolic = usual(systolic, 128);
        let saturation = if copd {
            dice.between(90, 91)
        } else {
            dice.between(96, 98)
        };
        Self {
            breaths: usual(dice.between(14, 17), 15),
            saturation: usual(saturation, 97),
            systolic,
            diastolic: systolic * 11 / 20 + dice.between(0, 10),
            pulse: usual(dice.between(60, 80), 72),
            temperature: usual(dice.between(364, 369), 367),
            weight: dice.between(480, 890),
            on_oxygen: copd && dice.chance(40),
            scale: if copd {
                SaturationScale::Two
            } else {
                SaturationScale::One
            },
            diabetic: resident.has(DIABETES),
            illnesses: illnesses(resident, wish, dice),
        }
    }

    fn observe(&self, at: UnixMillis, day: Date, hour: u8, dice: &mut Dice) -> Observations {
        let ill: i64 = self
            .illnesses
            .iter()
            .map(|illness| illness.strength(at))
            .max()
            .unwrap_or(0);
        let part = |full: i64| full * ill / 100;
        let evening = i64::from(hour > 12);
        let systolic = self.systolic - part(24) + dice.around(6);
        let mut readings = vec![
            measured(
                Measure::RespiratoryRate,
                self.breaths + part(9) + dice.around(1),
                0,
                Unit::PerMinute,
            ),
            measured(
                Measure::OxygenSaturation,
                (self.saturation - part(4) + dice.around(1)).min(99),
                0,
                Unit::Percent,
            ),
            measured(Measure::Systolic, systolic, 0, Unit::MillimetreOfMercury),
            measured(
                Measure::Diastolic,
                (self.diastolic - part(8) + dice.around(4)).min(systolic - 25),
                0,
                Unit::MillimetreOfMercury,
            ),
            measured(
                Measure::Pulse,
                self.pulse + part(28) + dice.around(4),
                0,
                Unit::PerMinute,
            ),
            measured(
                Measure::Temperature,
                self.temperature + part(16) + evening * 2 + dice.around(2),
                1,
                Unit::Celsius,
            ),
        ];
        if day.day == 1 && evening == 0 {
            readings.push(measured(
                Measure::Weight,
                self.weight + dice.around(8),
                1,
                Unit::Kilogram,
            ));
        }
        if evening == 1 && dice.chance(30) {
            readings.push(measured(Measure::Pain, dice.between(0, 4), 0, Unit::Score));
        }
        if self.diabetic && evening == 0 {
            let glucose = 71 + part(33) + dice.around(11);
            readings.push(measured(
                Measure::Glucose,
                glucose,
                1,
                Unit::MillimolePerLitre,
            ));
        }
        if self.on_oxygen {
            readings.push(measured(Measure::OxygenFlow, 2, 0, Unit::LitrePerMinute));
        }
        self.leave_out(&mut readings, dice);
        Observations {
            readings,
            unread: Vec::new(),
            oxygen_unstated: None,
            consciousness_unstated: None,
            on_oxygen: Some(self.on_oxygen),
            consciousness: Some(Consciousness::Alert),
            scale: self.scale,
            comment: None,
        }
    }

    /// Now and then something could not be measured.
    fn leave_out(&self, readings: &mut [(Measure, Reading)], dice: &mut Dice) {
        if !dice.chance(2) {
            return;
        }
        let which = dice.one(&[
            Measure::Temperature,
            Measure::OxygenSaturation,
            Measure::Systolic,
        ]);
        let why = dice.one(&[Absent::Declined, Absent::NotMeasurable, Absent::Asleep]);
        for (measure, reading) in readings {
            let goes_with = which == Measure::Systolic && *measure == Measure::Diastolic;
            if *measure == which || goes_with {
                *reading = Reading::Absent(why);
            }
        }
    }
}

/// The first resident is falling ill now, and about one of nine of the others; most were ill once.
fn illnesses(resident: &Resident, wish: &Wish, dice: &mut Dice) -> Vec<Illness> {
    let mut all = Vec::new();
    for _ in 0..dice.between(0, 2) {
        all.push(Illness {
            begins: wish.now.plus(-dice.between(25, DAYS) * DAY),
            rises_days: dice.between(2, 4),
            reaches: dice.between(40, 90),
        });
    }
    let first = resident.number == 0;
    if first || dice.chance(11) {
        let rises_days = dice.between(5, 6);
        all.push(Illness {
            begins: wish.now.plus(-(rises_days * DAY)),
            rises_days,
            reaches: if first { 100 } else { dice.between(80, 105) },
        });
    }
    all
}

fn measured(measure: Measure, mantissa: i64, scale: u8, unit: Unit) -> (Measure, Reading) {
    (
        measure,
        Reading::Value(Quantity {
            value: Decimal { mantissa, scale },
            unit,
        }),
    )
}
