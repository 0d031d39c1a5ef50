//! The table of NEWS2 at every boundary, and the vectors of the field notes.

use super::*;
use crate::journal::Absent;
use Consciousness::{Alert, Confusion};

type Row = (
    i64,
    i64,
    Option<bool>,
    i64,
    i64,
    Option<Consciousness>,
    &'static str,
);

fn taken((rr, spo2, on_oxygen, sbp, pulse, consciousness, celsius): Row) -> Observations {
    let whole = |n, unit| {
        Reading::Value(Quantity {
            value: Decimal::whole(n),
            unit,
        })
    };
    Observations {
        readings: vec![
            (Measure::RespiratoryRate, whole(rr, Unit::PerMinute)),
            (Measure::OxygenSaturation, whole(spo2, Unit::Percent)),
            (Measure::Systolic, whole(sbp, Unit::MillimetreOfMercury)),
            (Measure::Pulse, whole(pulse, Unit::PerMinute)),
            (
                Measure::Temperature,
                Reading::Value(Quantity::parse(celsius, Unit::Celsius).unwrap()),
            ),
        ],
        unread: Vec::new(),
        oxygen_unstated: None,
        consciousness_unstated: None,
        on_oxygen,
        consciousness,
        scale: SaturationScale::One,
        comment: None,
    }
}

#[test]
fn the_vectors_of_the_field_notes_hold() {
    let (air, oxygen) = (Some(false), Some(true));
    let (one, two) = (SaturationScale::One, SaturationScale::Two);
    let vectors: [(Row, SaturationScale, u8); 8] = [
        ((21, 95, air, 105, 112, Some(Alert), "38.2"), one, 7),
        ((8, 83, oxygen, 90, 131, Some(Confusion), "35.0"), one, 20),
        ((16, 93, oxygen, 120, 80, Some(Alert), "37"), two, 3),
        ((16, 96, air, 120, 80, Some(Alert), "37"), two, 0),
        ((16, 98, air, 120, 80, Some(Alert), "37"), one, 0),
        ((16, 97, oxygen, 120, 80, Some(Alert), "37"), two, 5),
        ((12, 96, air, 219, 90, Some(Alert), "36.1"), one, 0),
        ((25, 91, air, 220, 40, Some(Alert), "39.1"), one, 14),
    ];
    for (row, scale, total) in vectors {
        let score = Score::of(&Observations {
            scale,
            ..taken(row)
        });
        assert_eq!(
            (score.total(), score.is_incomplete()),
            (total, false),
            "{row:?}"
        );
    }
}

#[test]
fn every_boundary_of_the_table_holds() {
    let check = |score: fn(i64) -> u8, rows: &[(i64, u8)]| {
        for (value, points) in rows {
            assert_eq!(score(*value), *points, "{value}");
        }
    };
    check(
        respiration,
        &[
            (8, 3),
            (9, 1),
            (11, 1),
            (12, 0),
            (20, 0),
            (21, 2),
            (24, 2),
            (25, 3),
        ],
    );
    check(
        systolic,
        &[
            (90, 3),
            (91, 2),
            (100, 2),
            (101, 1),
            (110, 1),
            (111, 0),
            (219, 0),
            (220, 3),
        ],
    );
    check(
        pulse,
        &[
            (40, 3),
            (41, 1),
            (50, 1),
            (51, 0),
            (90, 0),
            (91, 1),
            (110, 1),
            (111, 2),
            (130, 2),
            (131, 3),
        ],
    );
    let celsius = |tenths| {
        temperature(Decimal {
            mantissa: tenths,
            scale: 1,
        })
    };
    check(
        celsius,
        &[
            (350, 3),
            (351, 1),
            (360, 1),
            (361, 0),
            (380, 0),
            (381, 1),
            (390, 1),
            (391, 2),
        ],
    );
    let one = |percent| saturation(SaturationScale::One, percent, Some(true)).unwrap();
    check(
        one,
        &[
            (91, 3),
            (92, 2),
            (93, 2),
            (94, 1),
            (95, 1),
            (96, 0),
            (100, 0),
        ],
    );
    let two = |percent| saturation(SaturationScale::Two, percent, Some(true)).unwrap();
    check(
        two,
        &[
            (83, 3),
            (84, 2),
            (85, 2),
            (86, 1),
            (87, 1),
            (88, 0),
            (92, 0),
            (93, 1),
            (94, 1),
            (95, 2),
            (96, 2),
            (97, 3),
        ],
    );
    let two_on_air = |percent| saturation(SaturationScale::Two, percent, Some(false)).unwrap();
    check(
        two_on_air,
        &[(83, 3), (87, 1), (88, 0), (92, 0), (93, 0), (100, 0)],
    );
}

const WELL: Row = (16, 98, Some(false), 120, 80, Some(Alert), "37.0");

#[test]
fn bands_follow_total_and_single_three() {
    let band = |row| Score::of(&taken(row)).band();
    assert_eq!(band(WELL), Band::Zero);
    assert_eq!(
        band((21, 98, Some(false), 105, 91, Some(Alert), "37.0")),
        Band::Low
    );
    assert_eq!(
        band((8, 98, Some(false), 120, 80, Some(Alert), "37.0")),
        Band::SingleThree
    );
    assert_eq!(
        band((25, 98, Some(true), 120, 80, Some(Alert), "37.0")),
        Band::Urgent
    );
    assert_eq!(
        band((25, 94, Some(true), 110, 80, Some(Alert), "37.0")),
        Band::Emergency
    );
}

#[test]
fn a_missing_parameter_makes_it_incomplete_and_is_never_zero_points() {
    for (index, parameter) in [
        (0, Parameter::Respiration),
        (1, Parameter::Saturation),
        (2, Parameter::Systolic),
        (3, Parameter::Pulse),
        (4, Parameter::Temperature),
    ] {
        let mut without = taken(WELL);
        without.readings.remove(index);
        assert_eq!(Score::of(&without).missing(), [parameter]);
        let mut declined = taken(WELL);
        declined.readings[index].1 = Reading::Absent(Absent::Declined);
        assert_eq!(Score::of(&declined).missing(), [parameter]);
    }
    let unstated = Observations {
        on_oxygen: None,
        consciousness: None,
        ..taken(WELL)
    };
    let score = Score::of(&unstated);
    assert_eq!(
        score.missing(),
        [Parameter::Oxygen, Parameter::Consciousness]
    );
    assert_eq!((score.total(), score.band()), (0, Band::Zero));
    assert!(!score.is_empty());
}

#[test]
fn on_scale_two_a_high_saturation_needs_to_know_of_oxygen() {
    let high = Observations {
        scale: SaturationScale::Two,
        on_oxygen: None,
        ..taken(WELL)
    };
    assert_eq!(
        Score::of(&high).missing(),
        [Parameter::Saturation, Parameter::Oxygen]
    );
}

#[test]
fn a_flow_above_zero_is_oxygen() {
    let mut observations = Observations {
        on_oxygen: None,
        ..taken(WELL)
    };
    let flow = |text| Reading::Value(Quantity::parse(text, Unit::LitrePerMinute).unwrap());
    observations.readings.push((Measure::OxygenFlow, flow("2")));
    assert_eq!(Score::of(&observations).total(), 2);
    observations.readings.pop();
    observations.readings.push((Measure::OxygenFlow, flow("0")));
    assert_eq!(Score::of(&observations).missing(), [Parameter::Oxygen]);
}

#[test]
fn fahrenheit_scores_as_its_celsius() {
    for (fahrenheit, points) in [
        ("100.4", 0),
        ("100.5", 1),
        ("95.0", 3),
        ("95.1", 1),
        ("102.4", 2),
    ] {
        let mut observations = taken(WELL);
        observations.readings[4].1 =
            Reading::Value(Quantity::parse(fahrenheit, Unit::Fahrenheit).unwrap());
        assert_eq!(Score::of(&observations).total(), points, "{fahrenheit} °F");
    }
}

#[test]
fn a_value_in_a_unit_of_something_else_is_missing() {
    let mut observations = taken(WELL);
    observations.readings[3].1 = Reading::Value(Quantity {
        value: Decimal::whole(80),
        unit: Unit::Kilogram,
    });
    assert_eq!(Score::of(&observations).missing(), [Parameter::Pulse]);
}
