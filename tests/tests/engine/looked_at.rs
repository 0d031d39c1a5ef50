//! What was typed is looked at before it is saved: blanks around a line go, and a value that is hardly
//! the resident's is asked back.

use super::{in_step, note};
use domain::ResidentId;
use domain::chart::{Allergy, AllergyTo, Problem};
use domain::journal::{Measure, Observations, Reading, SaturationScale};
use domain::quantity::{Quantity, Unit};
use ids::StatedInstant;
use interface::{ChartView, Command, Query, Refusal, View};
use lamplight_tests::harness::{Outcome, World};

const DAY_MS: i64 = 24 * 3_600_000;

fn taken(resident: ResidentId, readings: &[(Measure, &str, Unit)]) -> Command {
    let reading = |(measure, text, unit): &(Measure, &str, Unit)| {
        let value = Quantity::parse(text, *unit).unwrap();
        (*measure, Reading::Value(value))
    };
    Command::RecordObservations {
        resident,
        observations: Observations {
            readings: readings.iter().map(reading).collect(),
            unread: Vec::new(),
            oxygen_unstated: None,
            consciousness_unstated: None,
            on_oxygen: None,
            consciousness: None,
            scale: SaturationScale::One,
            comment: None,
        },
        at: None,
        sign: false,
        confirmed: Vec::new(),
    }
}

fn with(command: Command, measures: &[Measure], days: i64, now: i64) -> Command {
    match command {
        Command::RecordObservations {
            resident,
            observations,
            sign,
            ..
        } => Command::RecordObservations {
            resident,
            observations,
            at: Some(StatedInstant {
                at: ids::UnixMillis(now + days * DAY_MS),
                offset_minutes: 0,
            }),
            sign,
            confirmed: measures.to_vec(),
        },
        other => other,
    }
}

/// The measures that were asked back.
fn asked_back(world: &mut World, command: Command) -> Vec<Measure> {
    match world.command(1, command) {
        Outcome::Refused(Refusal::Unusual { measures }) => measures,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_weight_far_from_the_last_and_a_value_that_is_unusual_are_asked_back_until_confirmed() {
    let mut world = in_step(1, 96);
    let resident = world.residents[0];
    let weight = |text, unit| taken(resident, &[(Measure::Weight, text, unit)]);
    let now = world.clock(1).0;
    // The first has nothing to be compared with.
    world.saved(1, with(weight("63.5", Unit::Kilogram), &[], -3, now));
    world.pass(1_000);
    let slip = weight("140", Unit::Kilogram);
    assert_eq!(asked_back(&mut world, slip.clone()), [Measure::Weight]);
    let other = with(slip.clone(), &[Measure::Pulse], 0, now);
    assert_eq!(asked_back(&mut world, other), [Measure::Weight]);
    world.saved(1, weight("140", Unit::Pound));
    // However many sets without a weight lie between.
    world.pass(1_000);
    let now = world.clock(1).0;
    for n in 0..130 {
        let pulse = taken(resident, &[(Measure::Pulse, "72", Unit::PerMinute)]);
        world.saved(1, with(pulse, &[], 0, now - n));
    }
    world.pass(1_000);
    assert_eq!(asked_back(&mut world, slip.clone()), [Measure::Weight]);
    // Before anything was weighed there is nothing to be far from.
    world.saved(1, with(slip.clone(), &[], -4, now));
    let now = world.clock(1).0;
    world.saved(1, with(slip.clone(), &[Measure::Weight], 0, now));
    world.pass(1_000);
    world.saved(1, slip);

    let hot = [
        (Measure::Pulse, "150", Unit::PerMinute),
        (Measure::Temperature, "41", Unit::Celsius),
        (Measure::Pain, "3", Unit::Score),
    ];
    let hot = taken(resident, &hot);
    let both = [Measure::Pulse, Measure::Temperature];
    assert_eq!(asked_back(&mut world, hot.clone()), both);
    let one = with(hot.clone(), &both[..1], 0, now);
    assert_eq!(asked_back(&mut world, one), both[1..]);
    world.saved(1, with(hot, &both, 0, now));
    // What cannot be is refused, and never asked back.
    let cannot = [
        (Measure::Pulse, "150", Unit::PerMinute),
        (Measure::Temperature, "98.6", Unit::Celsius),
    ];
    let cannot = world.command(1, taken(resident, &cannot));
    let field = |outcome: &Outcome| matches!(outcome, Outcome::Refused(Refusal::Field { .. }));
    assert!(field(&cannot), "{cannot:?}");
}

fn chart(world: &mut World, resident: ResidentId) -> ChartView {
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    match engine.query(&Query::Chart { resident }, now) {
        Ok(View::Chart(chart)) => chart,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_line_is_saved_without_the_blanks_around_it_and_a_note_as_it_was_written() {
    let mut world = in_step(1, 97);
    let resident = world.residents[0];
    world.saved(
        1,
        Command::RecordAllergy {
            resident,
            allergy: Allergy::To(AllergyTo {
                substance: " Latex ".into(),
                reaction: Some("rash\u{a0}".into()),
                severity: None,
                source: None,
            }),
            at: None,
        },
    );
    world.saved(
        1,
        Command::RecordProblem {
            resident,
            problem: Problem {
                text: "\tGout ".into(),
                coding: None,
                onset: None,
                ended: None,
            },
        },
    );
    world.saved(1, note(resident, "  - ate\n  - slept\n"));
    world.pass(1_000);
    let chart = chart(&mut world, resident);
    let to = chart
        .allergies
        .iter()
        .find_map(|statement| match &statement.says {
            Allergy::To(to) => Some((to.substance.as_str(), to.reaction.as_deref())),
            Allergy::NoneKnown => None,
        });
    assert_eq!(to, Some(("Latex", Some("rash"))));
    let problems = chart.problems.iter();
    let texts: Vec<&str> = problems.map(|row| row.problem.text.as_str()).collect();
    assert_eq!(texts, ["Gout"]);
    assert_eq!(
        super::notes(&mut world, 1, resident),
        ["  - ate\n  - slept\n"]
    );
    // Blanks alone are nothing.
    let blank = world.command(
        1,
        Command::RecordProblem {
            resident,
            problem: Problem {
                text: " \u{3000} ".into(),
                coding: None,
                onset: None,
                ended: None,
            },
        },
    );
    let field = |outcome: &Outcome| matches!(outcome, Outcome::Refused(Refusal::Field { .. }));
    assert!(field(&blank), "{blank:?}");
}
