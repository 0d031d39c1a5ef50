//! The main job: two nurses, one dose, no network; and what both tablets show once it is back.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)] // The strict lints guard the product; a test may unwrap, index and cast.

use domain::chart::{Allergy, AllergyTo, Severity};
use domain::journal::Slot;
use domain::meta::Decision;
use interface::{Command, ContradictionKind, ContradictionView, Effect, Query, Refusal, View};
use lamplight_tests::harness::{
    Reach, Template, World, digest, everything_shown, history, order_of,
};

const MARY: usize = 1;
const JONAS: usize = 2;

/// Two tablets that were in step and then lost the network, each in the hands of a nurse.
fn cut_off() -> World {
    let mut world = Template::home().world(2, 1);
    for (tablet, nurse) in [(1, MARY), (2, JONAS)] {
        assert!(world.until(10_000, 50, |world| world.is_in_step(tablet)));
        assert!(world.sign_in(tablet, nurse));
        world.set_reach(tablet, Reach::Nothing);
    }
    world.pass(60_000);
    world
}

fn morning_dose(world: &World) -> Command {
    let resident = world.residents[0];
    let slot = Slot {
        order: order_of(resident),
        version: 1,
        date: "2026-11-21".parse().unwrap(),
        time: "08:00".parse().ok(),
    };
    Command::RecordDose {
        resident,
        slot,
        not_given: None,
        comment: None,
        at: None,
        despite: Vec::new(),
    }
}

/// What they do while they are cut off.
fn work(world: &mut World) {
    let resident = world.residents[0];
    let dose = morning_dose(world);
    world.saved(1, dose.clone());
    world.pass(90_000);
    world.saved(2, dose);
    let penicillin = Allergy::To(AllergyTo {
        substance: "Penicillin".into(),
        reaction: None,
        severity: Some(Severity::Severe),
        source: Some("daughter".into()),
    });
    world.saved(
        2,
        Command::RecordAllergy {
            resident,
            allergy: penicillin,
            at: None,
        },
    );
    let text = "Slept badly, asks for her daughter.".into();
    world.saved(
        1,
        Command::WriteNote {
            resident,
            text,
            replaces: None,
            at: None,
            sign: true,
        },
    );
}

fn reconnect(world: &mut World) {
    for tablet in [1, 2] {
        world.set_reach(tablet, Reach::Relay);
    }
    let all = |world: &mut World| (0..3).all(|device| world.is_in_step(device));
    assert!(world.until(60_000, 50, all), "not in step after a minute");
}

fn contradictions(world: &mut World, device: usize, decided: bool) -> Vec<ContradictionView> {
    let now = world.clock(device);
    let engine = world.devices[device].engine.as_mut().unwrap();
    match engine.query(
        &Query::Contradictions {
            decided,
            resident: None,
        },
        now,
    ) {
        Ok(View::Contradictions { contradictions }) => contradictions,
        other => panic!("{other:?}"),
    }
}

fn of(found: &[ContradictionView], kind: ContradictionKind) -> &ContradictionView {
    found
        .iter()
        .find(|one| one.kind == kind)
        .unwrap_or_else(|| panic!("no {kind:?} in {found:#?}"))
}

#[test]
fn offline_each_tablet_shows_its_own_dose_and_no_contradiction() {
    let mut world = cut_off();
    work(&mut world);
    for (tablet, waiting) in [(1, 2), (2, 2)] {
        let kinds: Vec<_> = contradictions(&mut world, tablet, false)
            .iter()
            .map(|one| one.kind)
            .collect();
        assert!(!kinds.contains(&ContradictionKind::DoubleDose), "{kinds:?}");
        assert!(world.tablet(tablet).unwrap().to_send >= waiting);
    }
}

#[test]
fn reunited_both_name_the_double_dose_and_the_allergy_with_their_effect() {
    let mut world = cut_off();
    work(&mut world);
    reconnect(&mut world);
    let (a, b) = (
        contradictions(&mut world, 1, false),
        contradictions(&mut world, 2, false),
    );
    for found in [&a, &b] {
        assert_eq!(found.len(), 2, "{found:#?}");
        let double = of(found, ContradictionKind::DoubleDose);
        let Effect::DosesGiven {
            medicine,
            count,
            total,
            high_alert,
            ..
        } = &double.effect
        else {
            panic!("{:?}", double.effect);
        };
        assert_eq!(
            (medicine.as_str(), *count, total.as_deref(), *high_alert),
            ("Warfarin", 2, Some("6 mg"), true)
        );
        let authors: Vec<&str> = double
            .sides
            .iter()
            .map(|side| side.by.name.as_str())
            .collect();
        assert!(
            authors.contains(&"M. Okafor") && authors.contains(&"J. Lindqvist"),
            "{authors:?}"
        );
        assert!(
            double
                .sides
                .iter()
                .all(|side| side.had_not_seen.len() == 1 && side.by.stored)
        );
        let allergy = of(found, ContradictionKind::AllergyNoneKnown);
        assert_eq!(
            allergy.effect,
            Effect::AllergyCounts {
                substances: vec!["Penicillin".into()]
            }
        );
    }
    let ids =
        |found: &[ContradictionView]| found.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
    assert_eq!(
        ids(&a),
        ids(&b),
        "the same names for the same contradictions"
    );
}

#[test]
fn what_one_decides_the_other_sees_with_its_author_and_its_reason() {
    let mut world = cut_off();
    work(&mut world);
    reconnect(&mut world);
    let double = of(
        &contradictions(&mut world, 2, false),
        ContradictionKind::DoubleDose,
    )
    .clone();
    let reason = "Both gave it; INR tomorrow, physician told.";
    world.saved(
        2,
        Command::Resolve {
            contradiction: double.id.clone(),
            decision: Decision::Both,
            reason: reason.into(),
        },
    );
    assert!(world.until(10_000, 50, |world| world.is_in_step(2)));
    world.pass(2_000);
    let waiting = contradictions(&mut world, 1, false);
    assert!(
        waiting
            .iter()
            .all(|one| one.kind != ContradictionKind::DoubleDose),
        "{waiting:#?}"
    );
    let decided = contradictions(&mut world, 1, true);
    let [decision] = of(&decided, ContradictionKind::DoubleDose)
        .decisions
        .as_slice()
    else {
        panic!("{decided:#?}");
    };
    assert_eq!(
        (decision.by.name.as_str(), decision.reason.as_str()),
        ("J. Lindqvist", reason)
    );
    assert_eq!(decision.by.device, world.devices[2].id.unwrap());
}

#[test]
fn all_devices_end_with_equal_heads_and_show_the_same_record() {
    let mut world = cut_off();
    work(&mut world);
    reconnect(&mut world);
    assert!(world.sign_in(0, 0));
    world.pass(1_000);
    let now = world.now;
    let digests: Vec<_> = world
        .devices
        .iter_mut()
        .map(|device| digest(device.engine.as_mut().unwrap(), now))
        .collect();
    assert!(!digests[0].is_empty());
    assert!(
        digests.iter().all(|other| *other == digests[0]),
        "{digests:#?}"
    );
    for device in 0..3 {
        assert!(world.sign_in(device, 0), "the administrator goes round");
    }
    world.pass(1_000);
    let now = world.now;
    let shown: Vec<_> = world
        .devices
        .iter_mut()
        .map(|device| everything_shown(device.engine.as_mut().unwrap(), now))
        .collect();
    for other in &shown[1..] {
        for (question, answer) in &shown[0] {
            assert_eq!(Some(answer), other.get(question), "{question}");
        }
    }
}

#[test]
fn the_history_of_both_is_proved_entry_by_entry() {
    let mut world = cut_off();
    work(&mut world);
    reconnect(&mut world);
    let (now, resident) = (world.now, world.residents[0]);
    for tablet in [1, 2] {
        let engine = world.devices[tablet].engine.as_mut().unwrap();
        let rows = history(engine, resident, now);
        assert!(rows.len() >= 9, "{}", rows.len());
        for row in rows {
            assert!(row.proved, "{row:#?}");
            match engine.query(
                &Query::Proof {
                    entry: row.by.entry.clone(),
                },
                now,
            ) {
                Ok(View::Proof(proof)) => assert!(proof.holds, "{proof:#?}"),
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn the_pill_says_received_only_once_the_other_tablet_has_it() {
    let mut world = cut_off();
    work(&mut world);
    let offline = world.tablet(1).unwrap();
    assert_eq!(
        (offline.to_send > 0, offline.stored_any),
        (true, false),
        "{offline:#?}"
    );
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 50, |world| world.is_in_step(1)));
    world.pass(5_000);
    let stored = world.tablet(1).unwrap();
    assert!(stored.stored_any);
    assert_eq!(
        stored.received_by, 0,
        "the other tablet is still cut off: {stored:#?}"
    );
    reconnect(&mut world);
    world.pass(5_000);
    assert_eq!(world.tablet(1).unwrap().received_by, 1);
}

#[test]
fn nobody_enters_anything_on_a_locked_tablet() {
    let mut world = cut_off();
    let dose = morning_dose(&world);
    world.command(1, Command::Lock);
    let outcome = world.command(1, dose);
    assert_eq!(
        outcome,
        lamplight_tests::harness::Outcome::Refused(Refusal::Locked)
    );
}

#[test]
fn each_tablet_knows_the_others_by_the_names_they_were_given() {
    let mut world = cut_off();
    work(&mut world);
    reconnect(&mut world);
    world.pass(2_000);
    for tablet in [1, 2] {
        let found = contradictions(&mut world, tablet, false);
        let double = of(&found, ContradictionKind::DoubleDose);
        let mut names: Vec<&str> = double
            .sides
            .iter()
            .map(|side| side.by.device_name.as_str())
            .collect();
        names.sort_unstable();
        assert_eq!(
            names,
            ["Tablet 1", "Tablet 2"],
            "as tablet {tablet} shows it"
        );
    }
}
