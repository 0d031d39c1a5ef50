//! Contradictions that two tablets make apart, in whichever order their work reaches the relay: both
//! name them, in the same words and under the same id; and what a decision changes.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // The strict lints guard the product; a test may unwrap and index.

mod orders;
mod registers;
mod residents;

use domain::chart::{CodeStatus, CodeStatusChoice};
use domain::directory::MoveKind;
use domain::entry::{Fact, ResidentId, SpaceId};
use domain::journal::Slot;
use domain::meta::Decision;
use ids::{CommandId, EntryKey};
use interface::{
    Alert, Command, ContradictionKind, ContradictionView, Effect, Gravity, Query, ResidentRow,
    ResidentStatus, View,
};
use lamplight_tests::harness::{Reach, Template, World, everything_shown, order_of};

/// Two tablets that were in step and then lost the network.
fn apart() -> World {
    let mut world = Template::home().world(2, 9);
    for device in 0..=2 {
        assert!(world.until(10_000, 50, |world| world.is_in_step(device)));
        assert!(world.sign_in(device, 0));
    }
    for tablet in [1, 2] {
        world.set_reach(tablet, Reach::Nothing);
    }
    world.pass(60_000);
    world
}

/// Plays what each tablet does alone, then lets them reach the relay one after the other, in both
/// orders; hands on each world with everybody in step and the same on every screen.
fn meet(work: impl Fn(&mut World), then: impl Fn(&mut World)) {
    for order in [[1, 2], [2, 1]] {
        let mut world = apart();
        work(&mut world);
        for tablet in order {
            world.set_reach(tablet, Reach::Relay);
            assert!(world.until(60_000, 50, |world| world.is_in_step(tablet)));
        }
        let all = |world: &mut World| (0..3).all(|device| world.is_in_step(device));
        assert!(world.until(60_000, 50, all));
        world.pass(2_000);
        let now = world.now;
        let mut shown =
            |device: usize| everything_shown(world.devices[device].engine.as_mut().unwrap(), now);
        assert!(shown(1) == shown(2), "the tablets show different things");
        then(&mut world);
    }
}

fn ask(world: &mut World, device: usize, query: &Query) -> View {
    let now = world.clock(device);
    let engine = world.devices[device].engine.as_mut().unwrap();
    engine.query(query, now).unwrap()
}

fn contradictions(world: &mut World, decided: bool) -> Vec<ContradictionView> {
    let resident = None;
    match ask(world, 1, &Query::Contradictions { decided, resident }) {
        View::Contradictions { contradictions } => contradictions,
        other => panic!("{other:?}"),
    }
}

/// The one that waits.
fn only(world: &mut World) -> ContradictionView {
    let mut found = contradictions(world, false);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

fn row(world: &mut World, resident: ResidentId) -> ResidentRow {
    match ask(world, 1, &Query::Banner { resident }) {
        View::Banner(banner) => banner.row,
        other => panic!("{other:?}"),
    }
}

fn chart(world: &mut World, device: usize, resident: ResidentId) -> interface::ChartView {
    match ask(world, device, &Query::Chart { resident }) {
        View::Chart(chart) => chart,
        other => panic!("{other:?}"),
    }
}

fn house(world: &mut World) -> domain::directory::Settings {
    match ask(world, 1, &Query::House) {
        View::House(house) => house.settings,
        other => panic!("{other:?}"),
    }
}

fn decide(world: &mut World, contradiction: String, decision: Decision) {
    let reason = "asked both".to_owned();
    world.saved(
        1,
        Command::Resolve {
            contradiction,
            decision,
            reason,
        },
    );
    world.pass(1_000);
}

/// The side about which `is` holds.
fn side(case: &ContradictionView, is: impl Fn(&Fact) -> bool) -> EntryKey {
    let side = case.sides.iter().find(|side| is(&side.fact));
    side.unwrap().by.entry.clone()
}

fn morning(resident: ResidentId) -> Command {
    Command::RecordDose {
        resident,
        slot: Slot {
            order: order_of(resident),
            version: 1,
            date: "2026-11-21".parse().unwrap(),
            time: "08:00".parse().ok(),
        },
        not_given: None,
        comment: None,
        at: None,
        despite: Vec::new(),
    }
}

fn moved(resident: ResidentId, what: MoveKind, bed: Option<u8>) -> Command {
    Command::RecordMove {
        resident,
        what,
        bed: bed.map(space),
        comment: None,
        at: None,
    }
}

fn space(n: u8) -> SpaceId {
    SpaceId(CommandId::from_bytes([n; 16]))
}

fn status(resident: ResidentId, choice: CodeStatusChoice, replaces: Vec<EntryKey>) -> Command {
    Command::RecordCodeStatus {
        resident,
        status: CodeStatus {
            choice,
            comment: None,
            stated_by: None,
        },
        replaces,
        at: None,
    }
}

#[test]
fn a_dose_after_a_discharge_or_a_death_is_named_on_the_banner_and_can_be_decided() {
    for (left, status, gravity) in [
        (
            MoveKind::Discharge,
            ResidentStatus::Discharged,
            Gravity::Warning,
        ),
        (MoveKind::Death, ResidentStatus::Deceased, Gravity::Critical),
    ] {
        let work = |world: &mut World| {
            let resident = world.residents[0];
            world.saved(1, moved(resident, left, None));
            world.pass(60_000);
            world.saved(2, morning(resident));
        };
        meet(work, |world| {
            let resident = world.residents[0];
            let case = only(world);
            assert_eq!(
                (case.kind, case.gravity),
                (ContradictionKind::DoseAfterLeaving, gravity)
            );
            let Effect::GivenAfterLeaving {
                medicine,
                dose,
                status: said,
                ..
            } = &case.effect
            else {
                panic!("{:?}", case.effect)
            };
            assert_eq!(
                (medicine.as_str(), dose.as_str(), *said),
                ("Warfarin", "3 mg", status)
            );
            assert!(case.may_resolve);
            let kind = ContradictionKind::DoseAfterLeaving;
            let warned = row(world, resident);
            assert!(warned.alerts.contains(&Alert::Contradiction { kind }));
            assert_eq!(warned.status, status);
            match ask(world, 1, &Query::Session) {
                View::Session(session) => assert_eq!(session.to_reconcile, 1),
                other => panic!("{other:?}"),
            }
            // The move was wrong: the resident is here.
            let dose = side(&case, |fact| matches!(fact, Fact::Dose(_)));
            decide(world, case.id.clone(), Decision::Only(dose));
            assert_eq!(contradictions(world, false), []);
            assert_eq!(contradictions(world, true).len(), 1);
            let after = row(world, resident);
            assert_eq!(after.status, ResidentStatus::Present);
            assert!(!after.alerts.contains(&Alert::Contradiction { kind }));
        });
    }
}

#[test]
fn a_dose_before_the_discharge_is_no_contradiction() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(2, morning(resident));
        world.pass(60_000);
        world.saved(1, moved(resident, MoveKind::Discharge, None));
    };
    meet(work, |world| {
        assert_eq!(contradictions(world, true), []);
    });
}

#[test]
fn a_dose_after_the_end_of_its_order_is_taken_on_receipt_and_named() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        let order = chart(world, 1, resident).orders[0].1.entry.clone();
        let last = "2026-11-20".parse().unwrap();
        world.saved(
            1,
            Command::EndOrder {
                order,
                last,
                last_at: None,
            },
        );
        world.saved(2, morning(resident));
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        assert_eq!(
            (case.kind, case.gravity),
            (ContradictionKind::DoseAfterEnd, Gravity::Critical)
        );
        assert!(matches!(
            &case.effect,
            Effect::GivenAfterEnd { medicine, ended, .. }
                if medicine == "Warfarin" && ended.to_string() == "2026-11-20"
        ));
        let kind = ContradictionKind::DoseAfterEnd;
        let alerts = row(world, resident).alerts;
        assert!(alerts.contains(&Alert::Contradiction { kind }));
        decide(world, case.id, Decision::Both);
        assert_eq!(contradictions(world, false), []);
    });
}
