//! Readings as text: `106/64 mmHg`, `38.3 °C`, `Pulse not measured: asleep`.

use crate::words::w;
use domain::journal::{Measure, Observations, Reading, Unstated};
use domain::quantity::{Quantity, Unit};

/// `38.3 °C`, `93 %`, `97 /min`.
pub(crate) fn quantity(quantity: Quantity) -> String {
    match (w().observing.unit)(quantity.unit) {
        "" => quantity.value.to_string(),
        unit => format!("{} {unit}", quantity.value),
    }
}

/// The value of a measure, if it was measured.
pub(crate) fn value(observations: &Observations, measure: Measure) -> Option<Quantity> {
    observations
        .readings
        .iter()
        .find_map(|(of, reading)| match reading {
            Reading::Value(quantity) if *of == measure => Some(*quantity),
            Reading::Value(_) | Reading::Absent(_) => None,
        })
}

/// The value of a measure in a unit, if it was measured and the unit fits.
pub(crate) fn value_in(
    observations: &Observations,
    measure: Measure,
    unit: Unit,
) -> Option<Quantity> {
    value(observations, measure)?.to(unit)
}

/// A number for drawing; nothing is ever computed with it.
pub(crate) fn for_drawing(quantity: Quantity) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "drawing needs no more")]
    let mantissa = quantity.value.mantissa as f64;
    mantissa / 10f64.powi(i32::from(quantity.value.scale))
}

/// What was measured, label and value, blood pressure as one; then what was not, with the reason.
pub(crate) fn lines(observations: &Observations) -> Vec<(String, String)> {
    let mut lines = Vec::new();
    let diastolic = value(observations, Measure::Diastolic);
    for (measure, reading) in &observations.readings {
        let label = (w().observing.measure)(*measure).to_owned();
        match (measure, reading, diastolic) {
            (Measure::Systolic, Reading::Value(systolic), Some(diastolic)) => lines.push((
                w().observing.blood_pressure.to_owned(),
                format!("{}/{}", systolic.value, self::quantity(diastolic)),
            )),
            (Measure::Diastolic, Reading::Value(_), _)
                if value(observations, Measure::Systolic).is_some() => {}
            (_, Reading::Value(value), _) => lines.push((label, quantity(*value))),
            (_, Reading::Absent(why), _) => {
                lines.push((
                    label,
                    (w().observing.not_able_why)((w().observing.absent)(*why)),
                ));
            }
        }
    }
    for unread in &observations.unread {
        let measure = unread.of().map(w().observing.measure);
        lines.push((
            measure.unwrap_or(w().observing.unread_measure).to_owned(),
            w().observing.unread_value.to_owned(),
        ));
    }
    if let Some(on_oxygen) = observations.on_oxygen {
        let words = if on_oxygen {
            w().on_oxygen_short
        } else {
            w().on_room_air
        };
        lines.push((w().observing.oxygen.to_owned(), words.to_owned()));
    }
    if let Some(level) = observations.consciousness {
        lines.push((
            w().observing.consciousness_label.to_owned(),
            (w().observing.consciousness)(level).to_owned(),
        ));
    }
    for (label, why) in [
        (w().observing.oxygen, observations.oxygen_unstated),
        (
            w().observing.consciousness_label,
            observations.consciousness_unstated,
        ),
    ] {
        let words = match why {
            Some(Unstated::Because(why)) => {
                (w().observing.not_able_why)((w().observing.absent)(why))
            }
            Some(Unstated::Newer(_)) => w().observing.unread_value.to_owned(),
            None => continue,
        };
        lines.push((label.to_owned(), words));
    }
    lines
}
