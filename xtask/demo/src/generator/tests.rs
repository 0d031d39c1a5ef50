//! What the generator promises.

use super::*;
use domain::journal::{Measure, Reading};
use std::collections::BTreeSet;
use std::io::Write as _;

/// 2026-11-21T12:30:00Z, half past seven at Maple House.
const NOW: UnixMillis = UnixMillis(1_795_264_200_000);

fn wish(residents: u32, seed: u64) -> Wish {
    Wish {
        residents,
        history: true,
        seed,
        now: NOW,
    }
}

fn beds(residents: u32) -> BTreeMap<String, SpaceId> {
    let mut dice = Dice::new(0, 0);
    house(residents)
        .into_iter()
        .flat_map(|unit| unit.rooms)
        .flat_map(|(_, beds)| beds)
        .map(|bed| (bed, SpaceId(dice.id())))
        .collect()
}

fn commands(wish: &Wish) -> Vec<(Author, StatedInstant, Command)> {
    record(wish, &beds(wish.residents))
        .into_iter()
        .flat_map(|batch| {
            batch
                .commands
                .into_iter()
                .map(move |(at, command)| (batch.author, at, command))
        })
        .collect()
}

#[test]
fn the_same_wish_gives_the_same_commands() {
    let say = |wish| format!("{:?}", commands(&wish));
    assert_eq!(say(wish(6, 3)), say(wish(6, 3)));
    assert_ne!(say(wish(6, 3)), say(wish(6, 4)));
}

#[test]
fn the_home_has_forty_residents_with_six_months_of_history() {
    let all = commands(&wish(40, 1));
    let count = |is: fn(&Command) -> bool| all.iter().filter(|(_, _, c)| is(c)).count();
    assert_eq!(count(|c| matches!(c, Command::AddResident(_))), 40);
    let sets = count(|c| matches!(c, Command::RecordObservations { .. }));
    assert!(
        (10_000..=40 * 2 * 183).contains(&sets),
        "{sets} sets of observations"
    );
    let doses = count(|c| matches!(c, Command::RecordDose { .. }));
    assert!((2_000..8_000).contains(&doses), "{doses} doses");
    let notes = count(|c| matches!(c, Command::WriteNote { .. }));
    assert!((700..=40 * 26).contains(&notes), "{notes} notes");
}

#[test]
fn nothing_is_recorded_in_the_future_or_about_somebody_not_yet_admitted() {
    let mut admitted = BTreeSet::new();
    for (_, at, command) in commands(&wish(25, 2)) {
        assert!(at.at < NOW, "{command:?}");
        match command {
            Command::AddResident(new) => drop(admitted.insert(new.id)),
            Command::RecordOrder { resident, .. }
            | Command::RecordAllergy { resident, .. }
            | Command::RecordCodeStatus { resident, .. }
            | Command::RecordProblem { resident, .. }
            | Command::RecordDose { resident, .. }
            | Command::RecordObservations { resident, .. }
            | Command::RecordSaturationScale { resident, .. }
            | Command::WriteNote { resident, .. } => assert!(admitted.contains(&Some(resident))),
            other => panic!("not a command of the record: {other:?}"),
        }
    }
}

#[test]
fn every_dose_is_of_an_order_that_runs_and_no_slot_is_charted_twice() {
    let mut orders = BTreeMap::new();
    let mut slots = BTreeSet::new();
    for (_, _, command) in commands(&wish(20, 5)) {
        match command {
            Command::RecordOrder { order, .. } => drop(orders.insert(order.id, order.starts)),
            Command::RecordDose { slot, .. } => {
                assert!(
                    orders
                        .get(&Some(slot.order))
                        .is_some_and(|starts| *starts <= slot.date)
                );
                assert!(slot.time.is_none() || slots.insert(slot));
            }
            _ => {}
        }
    }
}

#[test]
fn the_first_resident_has_warfarin_due_at_any_hour_and_no_known_allergy() {
    for hour in 0..24 {
        let now = NOW.plus(hour * crate::calendar::HOUR);
        let all = commands(&Wish { now, ..wish(32, 9) });
        let Some((_, _, Command::AddResident(nils))) = all.first() else {
            panic!("nobody")
        };
        assert_eq!(
            (nils.given.as_str(), nils.family.as_str()),
            ("Nils", "Bergström")
        );
        assert_eq!(nils.bed, beds(32).get("12B").copied());
        let id = nils.id;
        let none_known = all.iter().any(|(_, _, c)| {
            matches!(c, Command::RecordAllergy { resident, allergy: domain::chart::Allergy::NoneKnown, .. }
                if Some(*resident) == id)
        });
        assert!(none_known);
        let warfarin = all.iter().find_map(|(_, _, c)| match c {
            Command::RecordOrder { resident, order }
                if Some(*resident) == id && order.medicine == "Warfarin" =>
            {
                Some(order.clone())
            }
            _ => None,
        });
        let Some(order) = warfarin else {
            panic!("no warfarin")
        };
        let calendar = Calendar::new(ZONE);
        let today = calendar.date(now);
        let [time] = order.times.as_slice() else {
            panic!("one time a day")
        };
        let age_minutes = now.since(calendar.instant(today, *time)) / 60_000;
        assert!(
            (0..60).contains(&age_minutes),
            "due {age_minutes} minutes ago"
        );
        assert!(
            !all.iter()
                .any(|(_, _, c)| matches!(c, Command::RecordDose { slot, .. }
            if Some(slot.order) == order.id && slot.date == today))
        );
    }
}

#[test]
fn readings_ascend_and_stay_within_what_people_have() {
    for (_, _, command) in commands(&wish(12, 7)) {
        let Command::RecordObservations { observations, .. } = command else {
            continue;
        };
        assert!(
            observations.readings.is_sorted_by(|a, b| a.0 < b.0),
            "{observations:?}"
        );
        for (measure, reading) in observations.readings {
            let Reading::Value(quantity) = reading else {
                continue;
            };
            let bounds = match measure {
                Measure::RespiratoryRate => 8..=34,
                Measure::OxygenSaturation => 80..=99,
                Measure::Systolic => 85..=180,
                Measure::Diastolic => 40..=110,
                Measure::Pulse => 45..=132,
                Measure::Temperature => 355..=398,
                Measure::Weight => 400..=950,
                Measure::Pain => 0..=10,
                Measure::Glucose => 30..=160,
                Measure::OxygenFlow => 1..=5,
                Measure::Height
                | Measure::HeadCircumference
                | Measure::BodyMassIndex
                | Measure::UrineOutput
                | Measure::FluidIntake => panic!("the demo home does not measure it"),
            };
            assert!(
                bounds.contains(&quantity.value.mantissa),
                "{measure:?} {quantity:?}"
            );
        }
    }
}

#[test]
fn the_first_resident_is_falling_ill_and_most_others_are_well() {
    for seed in 1..6 {
        let mut last = BTreeMap::new();
        let mut admitted = Vec::new();
        for (_, _, command) in commands(&wish(40, seed)) {
            match command {
                Command::AddResident(new) => admitted.extend(new.id),
                Command::RecordObservations {
                    resident,
                    observations,
                    ..
                } => {
                    last.insert(resident, domain::news2::Score::of(&observations).total());
                }
                _ => {}
            }
        }
        let first = last.get(admitted.first().unwrap()).copied().unwrap();
        assert!((5..=9).contains(&first), "seed {seed}: {first}");
        let well = last.values().filter(|score| **score <= 2).count();
        let ill = last.values().filter(|score| **score >= 5).count();
        assert!(
            well > 25 && (1..10).contains(&ill),
            "seed {seed}: {well} well, {ill} ill"
        );
    }
}

#[test]
fn a_bed_for_everyone_and_no_two_names_alike() {
    for residents in [1, 2, 13, 40, 300] {
        let all: Vec<String> = house(residents)
            .into_iter()
            .flat_map(|unit| unit.rooms)
            .flat_map(|(_, beds)| beds)
            .collect();
        let distinct: BTreeSet<&String> = all.iter().collect();
        assert_eq!(distinct.len(), all.len());
        assert!(all.len() > residents as usize);
    }
    let mut names = BTreeSet::new();
    for (_, _, command) in commands(&Wish {
        history: false,
        ..wish(200, 1)
    }) {
        if let Command::AddResident(new) = command {
            assert!(names.insert((new.given, new.family)));
        }
    }
}

/// Says by name what did not run; `cargo xtask test` repeats it at its end.
fn skipped(what: &str) {
    eprintln!("skipped: {what}");
    if let Some(file) = std::env::var_os("LAMPLIGHT_SKIPPED") {
        let file = std::fs::File::options()
            .create(true)
            .append(true)
            .open(file);
        file.unwrap()
            .write_all(format!("{what}\n").as_bytes())
            .unwrap();
    }
}

#[test]
fn every_diagnosis_is_a_billable_code_with_its_own_words() {
    let Some(folder) = std::env::var_os("LAMPLIGHT_DATA") else {
        return skipped("diagnoses against ICD-10-CM (LAMPLIGHT_DATA is not set)");
    };
    let file = std::path::Path::new(&folder).join("icd10cm/icd10cm-2026-04.tsv.gz");
    let listed = std::process::Command::new("gzip")
        .arg("-dc")
        .arg(file)
        .output()
        .unwrap()
        .stdout;
    let listed = String::from_utf8(listed).unwrap();
    let words: BTreeMap<&str, &str> = listed
        .lines()
        .filter(|line| line.ends_with("\t1"))
        .filter_map(|line| line.split_once('\t'))
        .filter_map(|(code, rest)| Some((code, rest.split('\t').next()?)))
        .collect();
    for condition in conditions::CONDITIONS {
        assert_eq!(
            words.get(condition.code),
            Some(&condition.display),
            "{}",
            condition.code
        );
    }
}
