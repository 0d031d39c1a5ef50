//! Unsaved typing: kept until it is saved, and not a moment longer.

use crate::{in_step, note, notes};
use interface::{Command, Query, View};
use lamplight_tests::harness::{Outcome, World};
use std::collections::BTreeMap;

fn keep(key: &str, text: &str) -> Command {
    Command::KeepDraft {
        key: key.into(),
        text: text.into(),
    }
}

fn drafts(world: &mut World) -> BTreeMap<String, Option<String>> {
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    match engine.query(&Query::Drafts, now) {
        Ok(View::Drafts { drafts }) => drafts
            .into_iter()
            .map(|draft| (draft.key, draft.text))
            .collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_was_typed_is_forgotten_in_the_commit_that_saves_it_and_kept_when_it_is_refused() {
    let mut world = in_step(1, 44);
    let resident = world.residents[0];
    for key in ["note/one", "time/note/one", "note/other"] {
        world.command(1, keep(key, "half a sentence"));
    }
    let save = |text: &str| Command::FromDrafts {
        drafts: vec!["note/one".into(), "time/note/one".into()],
        command: Box::new(note(resident, text)),
    };
    let refused = world.command(1, save(" "));
    assert!(matches!(refused, Outcome::Refused(_)), "{refused:?}");
    assert_eq!(drafts(&mut world).len(), 3);

    let before = world.devices[1].disk.plan().borrow().commits;
    world.saved(1, save("a whole sentence"));
    let (after, history) = {
        let plan = world.devices[1].disk.plan();
        let plan = plan.borrow();
        (plan.commits, plan.history.clone().unwrap())
    };
    assert!(after > before);
    let saving = history.iter().rfind(|change| {
        let own = |new: &replica::log::NewEnvelope| new.outbox.is_some();
        change.envelopes.iter().any(own)
    });
    assert_eq!(saving.unwrap().drafts.len(), 2, "one commit does both");
    assert_eq!(notes(&mut world, 1, resident), ["a whole sentence"]);
    assert_eq!(
        drafts(&mut world).into_keys().collect::<Vec<_>>(),
        ["note/other"]
    );
}

#[test]
fn only_what_goes_into_the_record_is_saved_from_drafts() {
    let mut world = in_step(1, 45);
    world.command(1, keep("note/one", "half a sentence"));
    let nested = Command::FromDrafts {
        drafts: Vec::new(),
        command: Box::new(note(world.residents[0], "twice wrapped")),
    };
    for command in [Command::Lock, keep("note/one", ""), nested] {
        let outcome = world.command(
            1,
            Command::FromDrafts {
                drafts: vec!["note/one".into()],
                command: Box::new(command),
            },
        );
        assert!(matches!(outcome, Outcome::Refused(_)), "{outcome:?}");
    }
    assert_eq!(drafts(&mut world).len(), 1);
}

#[test]
fn a_draft_that_does_not_open_is_shown_as_such_and_can_be_discarded() {
    let mut world = in_step(1, 41);
    let person = world.people[0].id;
    world.command(1, keep("note/one", "half a sentence"));
    world.stop(1);
    let mut changes = {
        let plan = world.devices[1].disk.plan();
        let plan = plan.borrow();
        plan.history.clone().unwrap()
    };
    changes.push(replica::log::LogChange {
        drafts: vec![replica::log::DraftRow {
            person,
            key: "note/two".into(),
            at: world.now,
            sealed: vec![7; 90],
        }],
        ..Default::default()
    });
    world.devices[1].disk = replica::disk::MemoryDisk::of(&changes).unwrap();
    world.start(1);
    world.pass(1_000);
    assert!(world.sign_in(1, 0));
    let shown = drafts(&mut world);
    assert_eq!(shown["note/one"].as_deref(), Some("half a sentence"));
    assert_eq!(shown["note/two"], None);
    world.command(1, keep("note/two", ""));
    assert_eq!(drafts(&mut world).len(), 1);
}
