//! Contradictions about who is where, and under which number.

use crate::{ask, contradictions, decide, meet, moved, only, row, side, space};
use domain::chart::{Identity, Sex};
use domain::directory::MoveKind;
use domain::entry::{Document, DocumentKind, Entry, Fact, ResidentId, Subject};
use domain::meta::Decision;
use ids::{CommandId, StatedInstant};
use interface::{
    Alert, Command, ContradictionKind, Effect, Gravity, NewResident, Query, Refusal,
    ResidentStatus, View,
};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::{Forgery, Hostile, Outcome, Template, World};
use std::collections::BTreeSet;

#[test]
fn one_resident_moved_to_two_beds_is_named_and_goes_where_was_decided() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(1, moved(resident, MoveKind::BedChange, Some(1)));
        world.pass(60_000);
        world.saved(2, moved(resident, MoveKind::BedChange, Some(2)));
        // What follows one's own move was not made apart from it.
        world.pass(60_000);
        world.saved(2, moved(resident, MoveKind::LeaveBegins, None));
    };
    meet(work, |world| {
        let case = only(world);
        assert_eq!(
            (case.kind, case.sides.len()),
            (ContradictionKind::Whereabouts, 2)
        );
        assert_eq!(case.effect, Effect::NewestShown);
        let first = side(
            &case,
            |fact| matches!(fact, Fact::Move(says) if says.bed == Some(space(1))),
        );
        decide(world, case.id, Decision::Only(first));
        assert_eq!(contradictions(world, false), []);
        // Somebody else in the bed that was decided on shares it; in the other nobody does.
        for (bed, shared) in [(2, 0), (1, 1)] {
            world.saved(1, admit(Some(bed)));
            world.pass(1_000);
            assert_eq!(contradictions(world, false).len(), shared, "bed {bed}");
        }
    });
}

#[test]
fn what_followed_on_a_move_decided_against_goes_with_it() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(1, moved(resident, MoveKind::LeaveBegins, None));
        world.pass(60_000);
        world.saved(2, moved(resident, MoveKind::Death, None));
        world.pass(60_000);
        world.saved(1, moved(resident, MoveKind::LeaveEnds, None));
    };
    meet(work, |world| {
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::Whereabouts);
        let died = side(
            &case,
            |fact| matches!(fact, Fact::Move(says) if says.what == MoveKind::Death),
        );
        decide(world, case.id, Decision::Only(died));
        assert_eq!(contradictions(world, false), []);
        let resident = world.residents[0];
        assert_eq!(row(world, resident).status, ResidentStatus::Deceased);
    });
}

#[test]
fn a_step_that_is_struck_hides_no_death_beside_what_followed_it() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(1, moved(resident, MoveKind::LeaveBegins, None));
        world.pass(60_000);
        world.saved(2, moved(resident, MoveKind::Death, None));
        world.pass(60_000);
        world.saved(1, moved(resident, MoveKind::LeaveEnds, None));
    };
    meet(work, |world| {
        let case = only(world);
        assert_eq!(case.effect, Effect::DeathApart);
        assert_eq!(case.gravity, Gravity::Critical);
        let begun = side(
            &case,
            |fact| matches!(fact, Fact::Move(says) if says.what == MoveKind::LeaveBegins),
        );
        let entry = begun;
        let reason = "she never left".into();
        world.saved(0, Command::Strike { entry, reason });
        world.pass(1_000);
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::Whereabouts);
        assert_eq!(case.effect, Effect::DeathApart);
        let died = side(
            &case,
            |fact| matches!(fact, Fact::Move(says) if says.what == MoveKind::Death),
        );
        side(
            &case,
            |fact| matches!(fact, Fact::Move(says) if says.what == MoveKind::LeaveEnds),
        );
        decide(world, case.id, Decision::Only(died));
        assert_eq!(contradictions(world, false), []);
        let resident = world.residents[0];
        assert_eq!(row(world, resident).status, ResidentStatus::Deceased);
    });
}

fn admit(bed: Option<u8>) -> Command {
    Command::AddResident(NewResident {
        given: "Somebody".into(),
        family: "New".into(),
        preferred: None,
        born: None,
        sex: Sex::Unknown,
        bed: bed.map(space),
        id: None,
    })
}

#[test]
fn two_residents_admitted_to_one_bed_are_named_each_by_name() {
    let work = |world: &mut World| {
        for tablet in [1, 2] {
            world.saved(tablet, admit(Some(7)));
        }
    };
    meet(work, |world| {
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::Bed);
        assert!(case.sides.iter().all(|side| {
            let row = side.resident.as_ref();
            row.is_some_and(|row| row.family == "New")
        }));
    });
}

#[test]
fn tablets_apart_draw_different_record_numbers() {
    let work = |world: &mut World| {
        for tablet in [1, 2] {
            let stated = StatedInstant {
                at: world.now,
                offset_minutes: -360,
            };
            let commands = (0..300).map(|_| (stated, admit(None))).collect();
            world.saved(tablet, Command::Bulk { commands });
        }
    };
    meet(work, |world| {
        let residents = Query::Residents {
            order: interface::ResidentOrder::Name,
            unit: None,
            search: "New".into(),
            limit: 1_000,
        };
        let View::Residents(view) = ask(world, 1, &residents) else {
            panic!()
        };
        let numbers: BTreeSet<String> = view
            .residents
            .iter()
            .map(|row| row.record_number.clone())
            .collect();
        assert_eq!((view.residents.len(), numbers.len()), (600, 600));
        // The last three of the six digits are the device's own.
        let lanes: BTreeSet<&str> = numbers.iter().map(|number| &number[6..9]).collect();
        assert_eq!(lanes.len(), 2, "{lanes:?}");
        assert_eq!(contradictions(world, true), []);
    });
}

/// A tablet whose profile was copied, or a program of somebody's own, gives a number that is taken.
fn give_again(world: &mut World, to: ResidentId, number: &str) {
    let mut hostile = Hostile::new(Template::home(), 2, 0, 5);
    let stated = StatedInstant {
        at: world.now,
        offset_minutes: -360,
    };
    let subject = Subject::Resident(to);
    let entry = Entry {
        command: CommandId::from_bytes([5; 16]),
        line: 0,
        subject,
        stated,
        supersedes: Vec::new(),
        fact: Fact::Identity(Identity {
            given: "Ann".into(),
            family: "Other".into(),
            preferred: None,
            born: "1940-06-15".parse().ok(),
            sex: Sex::Female,
            record_number: number.to_owned(),
        }),
    };
    let what = Document::of(DocumentKind::Chart, subject, stated).unwrap();
    let run = hostile.run();
    let actor = hostile.actor(&run);
    let document = hostile.document_id(&what);
    let forged = Forged::honest(&document, &actor, world.now, &[entry.to_cbor()]);
    let forgery = Forgery {
        header: Box::new(|_| ()),
        chunks: vec![forged.chunk()],
        sealed: Some((actor, 1, forged.hash())),
    };
    let envelope = hostile.seal(&what, run, 0, &forgery);
    hostile.push(world, &[envelope]);
}

#[test]
fn of_two_residents_with_one_record_number_one_keeps_it_and_the_other_gets_another() {
    let other = ResidentId(CommandId::from_bytes([9; 16]));
    let work = |world: &mut World| {
        let one = world.residents[0];
        let number = row(world, one).record_number;
        give_again(world, other, &number);
    };
    meet(work, |world| {
        let one = world.residents[0];
        let number = row(world, one).record_number;
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::RecordNumber);
        assert_eq!(
            case.effect,
            Effect::NumberShared {
                number: number.clone()
            }
        );
        for resident in [one, other] {
            let kind = ContradictionKind::RecordNumber;
            let alerts = row(world, resident).alerts;
            assert!(alerts.contains(&Alert::Contradiction { kind }));
        }
        let keeps = side(
            &case,
            |fact| matches!(fact, Fact::Identity(says) if says.family == "Doyle"),
        );
        decide(world, case.id, Decision::Only(keeps));
        assert_eq!(contradictions(world, false), []);
        assert_eq!(row(world, one).record_number, number);
        let now = row(world, other);
        assert_ne!(now.record_number, number);
        assert_eq!(
            (now.family.as_str(), now.born.is_some()),
            ("Other", true),
            "the rest of the identity stays"
        );
        assert_eq!(contradictions(world, true), []);
    });
}

#[test]
fn a_tablet_brings_nobody_back_from_the_dead() {
    let mut world = crate::apart();
    let resident = world.residents[0];
    world.saved(1, moved(resident, MoveKind::Death, None));
    world.pass(60_000);
    for what in [
        MoveKind::LeaveEnds,
        MoveKind::BedChange,
        MoveKind::Admission,
    ] {
        let refused = world.command(1, moved(resident, what, None));
        assert!(
            matches!(&refused, Outcome::Refused(Refusal::Field { field, .. }) if field == "what"),
            "{what:?}: {refused:?}"
        );
    }
    assert_eq!(row(&mut world, resident).status, ResidentStatus::Deceased);
}
