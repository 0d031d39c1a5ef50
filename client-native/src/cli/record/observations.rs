//! `record RESIDENT observations`: what was measured, what could not be, and when. The saturation
//! scale is the one in force in the chart, as on a tablet.

use crate::cli::CliError;
use crate::cli::typed::{home_time, word, wrong};
use crate::cli::words::{Usage, wanted};
use clap::Args;
use domain::entry::ResidentId;
use domain::journal::{
    Absent, Consciousness, Measure, Observations, Reading, SaturationScale, Unstated,
};
use domain::quantity::{Decimal, Quantity, Unit};
use interface::{Command, Query, View};
use lamplight_client_native::Process;

#[derive(Args)]
pub(super) struct ObservationsArguments {
    /// Breaths per minute.
    #[arg(long)]
    respiratory_rate: Option<String>,
    /// Oxygen saturation in per cent.
    #[arg(long)]
    oxygen_saturation: Option<String>,
    /// Systolic blood pressure in mmHg.
    #[arg(long)]
    systolic: Option<String>,
    /// Diastolic blood pressure in mmHg.
    #[arg(long)]
    diastolic: Option<String>,
    /// Beats per minute.
    #[arg(long)]
    pulse: Option<String>,
    /// Degrees Celsius.
    #[arg(long, conflicts_with = "temperature_f")]
    temperature_c: Option<String>,
    /// Degrees Fahrenheit.
    #[arg(long)]
    temperature_f: Option<String>,
    /// Weight in kilograms.
    #[arg(long, conflicts_with = "weight_lb")]
    weight_kg: Option<String>,
    /// Weight in pounds.
    #[arg(long)]
    weight_lb: Option<String>,
    /// Pain, 0 to 10.
    #[arg(long)]
    pain: Option<String>,
    /// Glucose in mg/dL.
    #[arg(long, conflicts_with = "glucose_mmol_l")]
    glucose_mg_dl: Option<String>,
    /// Glucose in mmol/L.
    #[arg(long)]
    glucose_mmol_l: Option<String>,
    /// Oxygen flow in litres per minute.
    #[arg(long)]
    oxygen_flow: Option<String>,
    /// What could not be measured and why, e.g. pulse=declined or consciousness=asleep. Reasons: declined, not-measurable,
    /// no-equipment, asleep. May be given several times.
    #[arg(long, value_name = "MEASURE=REASON")]
    absent: Vec<String>,
    /// Whether oxygen was given.
    #[arg(long)]
    on_oxygen: Option<bool>,
    /// alert, confusion, voice, pain or unresponsive.
    #[arg(long)]
    consciousness: Option<String>,
    /// Words.
    #[arg(long)]
    comment: Option<String>,
    /// When they were taken, home time: YYYY-MM-DDTHH:MM, or HH:MM of today; now when absent.
    #[arg(long)]
    at: Option<String>,
    /// Sign too.
    #[arg(long)]
    sign: bool,
    /// Measures whose values are right though they were asked back, e.g. weight,temperature.
    #[arg(long, value_delimiter = ',', value_name = "MEASURE")]
    confirm: Vec<String>,
}

pub(super) fn command(
    process: &mut Process,
    resident: ResidentId,
    arguments: ObservationsArguments,
) -> Result<Command, CliError> {
    let at = home_time(process, arguments.at.as_deref())?;
    let sign = arguments.sign;
    let confirmed = arguments
        .confirm
        .iter()
        .map(|text| word::<Measure>(wanted::MEASURE, text.trim()))
        .collect::<Result<_, _>>()?;
    let scale = scale_in_force(process, resident)?;
    Ok(Command::RecordObservations {
        resident,
        observations: observations(arguments, scale)?,
        at,
        sign,
        confirmed,
    })
}

fn scale_in_force(
    process: &mut Process,
    resident: ResidentId,
) -> Result<SaturationScale, CliError> {
    let query = Query::Observations {
        resident,
        limit: 1,
        before: None,
    };
    match process.query(&query)? {
        View::Observations(view) => Ok(view.scale),
        _ => Err(Usage::NoView.into()),
    }
}

fn observations(
    arguments: ObservationsArguments,
    scale: SaturationScale,
) -> Result<Observations, CliError> {
    let values = [
        (
            Measure::RespiratoryRate,
            arguments.respiratory_rate,
            Unit::PerMinute,
        ),
        (
            Measure::OxygenSaturation,
            arguments.oxygen_saturation,
            Unit::Percent,
        ),
        (
            Measure::Systolic,
            arguments.systolic,
            Unit::MillimetreOfMercury,
        ),
        (
            Measure::Diastolic,
            arguments.diastolic,
            Unit::MillimetreOfMercury,
        ),
        (Measure::Pulse, arguments.pulse, Unit::PerMinute),
        (Measure::Temperature, arguments.temperature_c, Unit::Celsius),
        (
            Measure::Temperature,
            arguments.temperature_f,
            Unit::Fahrenheit,
        ),
        (Measure::Weight, arguments.weight_kg, Unit::Kilogram),
        (Measure::Weight, arguments.weight_lb, Unit::Pound),
        (Measure::Pain, arguments.pain, Unit::Score),
        (
            Measure::Glucose,
            arguments.glucose_mg_dl,
            Unit::MilligramPerDecilitre,
        ),
        (
            Measure::Glucose,
            arguments.glucose_mmol_l,
            Unit::MillimolePerLitre,
        ),
        (
            Measure::OxygenFlow,
            arguments.oxygen_flow,
            Unit::LitrePerMinute,
        ),
    ];
    let mut readings = Vec::new();
    for (measure, text, unit) in values {
        let Some(text) = text else { continue };
        let value = Decimal::try_from(text.clone()).map_err(|_| wrong(wanted::NUMBER, &text))?;
        readings.push((measure, Reading::Value(Quantity { value, unit })));
    }
    let (mut oxygen_unstated, mut consciousness_unstated) = (None, None);
    for text in arguments.absent {
        let (name, why) = absent(&text)?;
        let said = match name {
            "on-oxygen" => {
                let said = arguments.on_oxygen.is_some();
                said || oxygen_unstated.replace(Unstated::Because(why)).is_some()
            }
            "consciousness" => {
                let said = arguments.consciousness.is_some();
                said || consciousness_unstated
                    .replace(Unstated::Because(why))
                    .is_some()
            }
            name => {
                let measure = word::<Measure>(wanted::MEASURE, name)?;
                let said = readings.iter().any(|(said, _)| *said == measure);
                readings.push((measure, Reading::Absent(why)));
                said
            }
        };
        if said {
            return Err(Usage::MeasuredAndAbsent(name.to_owned()).into());
        }
    }
    // The entry lists measures in one order.
    readings.sort_by_key(|(measure, _)| *measure);
    Ok(Observations {
        readings,
        unread: Vec::new(),
        oxygen_unstated,
        consciousness_unstated,
        on_oxygen: arguments.on_oxygen,
        consciousness: arguments
            .consciousness
            .map(|text| word::<Consciousness>(wanted::CONSCIOUSNESS, &text))
            .transpose()?,
        scale,
        comment: arguments.comment,
    })
}

/// `pulse=declined`.
fn absent(text: &str) -> Result<(&str, Absent), CliError> {
    let (name, why) = text
        .split_once('=')
        .ok_or_else(|| wrong(wanted::ABSENT, text))?;
    Ok((name, word::<Absent>(wanted::REASON, why)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: ObservationsArguments,
    }

    fn of(line: &str, scale: SaturationScale) -> Result<Observations, CliError> {
        let words = std::iter::once("record").chain(line.split(' '));
        observations(Line::parse_from(words).arguments, scale)
    }

    #[test]
    fn every_measure_has_a_flag_and_the_set_is_in_order() {
        let said = of(
            "--oxygen-flow 2 --glucose-mmol-l 5.5 --pain 3 --weight-kg 61.5 --temperature-c 37 \
             --pulse 72 --diastolic 70 --systolic 120 --oxygen-saturation 93 --respiratory-rate 16",
            SaturationScale::One,
        )
        .unwrap();
        let measures: Vec<Measure> = said.readings.iter().map(|(measure, _)| *measure).collect();
        assert_eq!(measures.len(), 10);
        assert!(measures.is_sorted());
    }

    #[test]
    fn what_could_not_be_measured_is_said_with_its_reason() {
        let said = of(
            "--absent pulse=declined --absent weight=no-equipment",
            SaturationScale::One,
        )
        .unwrap();
        assert_eq!(
            said.readings,
            [
                (Measure::Pulse, Reading::Absent(Absent::Declined)),
                (Measure::Weight, Reading::Absent(Absent::NoEquipment)),
            ]
        );
        let asleep = of("--absent consciousness=asleep", SaturationScale::One).unwrap();
        let why = Some(Unstated::Because(Absent::Asleep));
        assert_eq!(
            (asleep.consciousness_unstated, asleep.oxygen_unstated),
            (why, None)
        );
        let unknown = of("--absent on-oxygen=no-equipment", SaturationScale::One).unwrap();
        let why = Some(Unstated::Because(Absent::NoEquipment));
        assert_eq!(
            (unknown.oxygen_unstated, unknown.consciousness_unstated),
            (why, None)
        );
        // In the order of the measures, whatever was typed first.
        let both = of(
            "--absent pulse=asleep --weight-kg 61.5",
            SaturationScale::One,
        )
        .unwrap();
        let measures: Vec<Measure> = both.readings.iter().map(|(measure, _)| *measure).collect();
        assert_eq!(measures, [Measure::Pulse, Measure::Weight]);
        for wrong in [
            "--pulse 72 --absent pulse=declined",
            "--absent pulse=asleep --absent pulse=declined",
            "--absent pulse",
            "--absent puls=declined",
            "--absent pulse=tired",
            "--on-oxygen true --absent on-oxygen=declined",
            "--absent consciousness=asleep --absent consciousness=asleep",
        ] {
            assert!(of(wrong, SaturationScale::One).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_scale_is_the_one_of_the_chart() {
        for scale in [SaturationScale::One, SaturationScale::Two] {
            assert_eq!(of("--oxygen-saturation 90", scale).unwrap().scale, scale);
        }
    }
}
