//! What is about nobody, or says nothing, is refused before it is saved.

use super::{admit, in_step, note, notes, resident_of};
use domain::chart::{Allergy, Problem};
use domain::directory::MoveKind;
use ids::{EntryKey, StatedInstant};
use interface::{Command, Done, Refusal};
use lamplight_tests::harness::{Outcome, World};

fn entries(outcome: Outcome) -> Vec<EntryKey> {
    match outcome {
        Outcome::Done(Done::Saved { entries, .. }) => entries,
        other => panic!("{other:?}"),
    }
}

fn is_refused(world: &mut World, command: Command) -> bool {
    match world.command(1, command) {
        Outcome::Refused(Refusal::NotFound { .. }) => true,
        Outcome::Done(_) => false,
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_is_charted_for_a_resident_nobody_knows() {
    let mut world = in_step(1, 1);
    let unknown = resident_of(7);
    let commands = [
        note(unknown, "to nobody"),
        Command::RecordAllergy {
            resident: unknown,
            allergy: Allergy::NoneKnown,
            at: None,
        },
        Command::RecordProblem {
            resident: unknown,
            problem: Problem {
                text: "Fall".into(),
                coding: None,
                onset: None,
                ended: None,
            },
        },
        Command::RecordMove {
            resident: unknown,
            what: MoveKind::Admission,
            bed: None,
            comment: None,
            at: None,
        },
    ];
    for command in commands {
        let said = format!("{command:?}");
        assert!(is_refused(&mut world, command), "{said}");
    }
    // In one piece with the admission, and right after it.
    let stated = StatedInstant {
        at: world.clock(1),
        offset_minutes: 0,
    };
    let both = vec![(stated, admit(unknown)), (stated, note(unknown, "first"))];
    entries(world.command(1, Command::Bulk { commands: both }));
    entries(world.command(1, note(unknown, "second")));
    let other = resident_of(8);
    entries(world.command(1, admit(other)));
    entries(world.command(1, note(other, "third")));
    assert_eq!(notes(&mut world, 1, other), ["third"]);
    assert!(is_refused(&mut world, note(resident_of(9), "to nobody")));
}

#[test]
fn a_signature_is_set_once_and_on_something_that_stands() {
    let mut world = in_step(1, 2);
    let resident = world.residents[0];
    let sign = |entries: Vec<EntryKey>| Command::Sign { entries };
    let nothing = world.command(1, sign(vec![]));
    assert!(
        matches!(nothing, Outcome::Refused(Refusal::Field { .. })),
        "{nothing:?}"
    );
    let written = entries(world.command(1, note(resident, "slept well")));
    entries(world.command(1, sign(written.clone())));
    let again = world.command(1, sign(written));
    assert!(
        matches!(again, Outcome::Refused(Refusal::Changed)),
        "{again:?}"
    );
    let mistaken = entries(world.command(1, note(resident, "slept badly")));
    entries(world.command(
        1,
        Command::Strike {
            entry: mistaken[0].clone(),
            reason: "another resident's".into(),
        },
    ));
    let struck = world.command(1, sign(mistaken));
    assert!(
        matches!(struck, Outcome::Refused(Refusal::Changed)),
        "{struck:?}"
    );
}
