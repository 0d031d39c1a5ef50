//! Changes that double others, wait for others, or come in numbers.

use crate::scene::{HONEST, Scene, forgery};
use ids::limits;
use interface::Command;
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::{Reach, World};
use wire::message::PushResult;

#[test]
fn a_gap_in_the_sequence_waits_for_ever_and_for_nobody() {
    let mut scene = Scene::new(4);
    for (seq, start_op, deps) in [
        (3, 1, vec![]),
        (3, 9, vec![[7; 32]]),
        (1, 500, vec![]),
        (2, 2, vec![[1; 32]]),
    ] {
        let run = scene.hostile.run();
        let honest = scene.honest(&run, "behind a gap");
        scene.send_in(
            run,
            0,
            &Forged {
                seq,
                start_op,
                deps,
                ..honest
            },
        );
        scene.all_agree();
    }
    scene.nobody_shows("behind a gap");
    scene.others_go_on("gaps");
    scene.restart_everybody();
    scene.nobody_shows("behind a gap");
    scene.others_go_on("a restart on top of gaps");
}

#[test]
fn of_two_changes_with_one_actor_and_number_all_keep_the_one_that_was_stored_first() {
    let mut scene = Scene::new(5);
    let run = scene.hostile.run();
    let (first, second) = (
        scene.honest(&run, "the first of two"),
        scene.honest(&run, "the second of two"),
    );
    scene.send_in(run, 0, &first);
    scene.send_in(run, 1, &second);
    scene.everybody_shows("the first of two");
    scene.nobody_shows("the second of two");
    // Both in one envelope.
    let run = scene.hostile.run();
    let (third, fourth) = (
        scene.honest(&run, "the first of a pair"),
        scene.honest(&run, "the second of a pair"),
    );
    let mut both = forgery(&scene.hostile, &run, &fourth);
    both.chunks = vec![third.chunk(), fourth.chunk()];
    scene.send_forgery(run, 0, &both);
    scene.all_agree();
    scene.everybody_counts(2);
    scene.others_go_on("doubles");
    scene.restart_everybody();
    scene.everybody_counts(2);
    scene.everybody_shows("the first of two");
    scene.nobody_shows("the second of two");
    scene.others_go_on("a restart on top of doubles");
}

#[test]
fn of_two_that_waited_for_a_third_all_keep_the_same_one_whoever_restarted() {
    for seed in 20..26 {
        let mut scene = Scene::new(seed);
        let (run, third) = (scene.hostile.run(), scene.hostile.run());
        let awaited = scene.honest(&third, "the third");
        let waits = |forged: Forged| Forged {
            deps: vec![awaited.hash().to_bytes()],
            start_op: 2,
            ..forged
        };
        let (one, two) = (
            waits(scene.honest(&run, "one of two")),
            waits(scene.honest(&run, "two of two")),
        );
        let free = scene.honest(&run, "free of two");
        scene.send_in(run, 0, &one);
        scene.send_in(run, 1, &two);
        scene.world.stop(1);
        scene.world.start(1);
        scene.world.pass(30_000);
        scene.world.set_reach(2, Reach::Nothing);
        scene.send_in(third, 0, &awaited);
        scene.send_in(run, 2, &free);
        scene.world.set_reach(2, Reach::Relay);
        scene.world.pass(40_000);
        scene.everybody_shows("the third");
        scene.nobody_shows("free of two");
        scene.all_agree();
        scene.restart_everybody();
        scene.nobody_shows("free of two");
        scene.others_go_on("two that waited");
    }
}

/// A note that another tablet wrote, and somebody who could know it before it was sent.
#[test]
fn a_tablet_that_had_what_both_build_on_keeps_the_same_one_of_two_as_those_that_waited_for_it() {
    for seed in 30..36 {
        let mut scene = Scene::new(seed);
        scene.world.set_reach(1, Reach::Nothing);
        scene.world.pass(40_000);
        let awaited = scene.written_by(1, "the awaited");
        let run = scene.hostile.run();
        for (n, text) in ["one of two", "two of two"].into_iter().enumerate() {
            let forged = Forged {
                deps: vec![awaited.hash().to_bytes()],
                start_op: awaited.start_op() + awaited.entries().len() as u64,
                ..scene.honest(&run, text)
            };
            scene.send_in(run, n as u64, &forged);
        }
        scene.nobody_shows("of two");
        scene.world.set_reach(1, Reach::Relay);
        let in_step = |world: &mut World| (0..HONEST).all(|device| world.is_in_step(device));
        assert!(scene.world.until(60_000, 100, in_step));
        scene.world.pass(2_000);
        scene.everybody_shows("the awaited");
        scene.everybody_shows("one of two");
        scene.nobody_shows("two of two");
        scene.everybody_counts(1);
        scene.others_go_on("both");
        scene.restart_everybody();
        scene.nobody_shows("two of two");
        scene.everybody_counts(1);
        scene.others_go_on("a restart on top of both");
    }
}

#[test]
fn what_a_newer_version_wrote_waits_for_an_update_and_is_counted() {
    let mut scene = Scene::new(37);
    let run = scene.hostile.run();
    let honest = scene.honest(&run, "in a document of tomorrow");
    let id = scene.hostile.document_id_of("tomorrow", &[7; 16], "2026");
    let mut forgery = forgery(&scene.hostile, &run, &honest);
    forgery.header = Box::new(move |header| header.document = id);
    let journal = scene.journal;
    let mut body = scene.hostile.body(&journal, &forgery);
    (body.kind, body.subject, body.period) = ("tomorrow".into(), vec![7; 16], "2026".into());
    let plain = body.encode().unwrap();
    let envelope = scene.hostile.seal_plain(&journal, run, 0, &forgery, &plain);
    scene.hostile.push(&mut scene.world, &[envelope]);
    scene.world.pass(2_000);
    for _ in 0..2 {
        for device in 0..HONEST {
            let tablet = scene.world.tablet(device).unwrap();
            assert_eq!((tablet.for_update, tablet.refused), (1, 0), "{device}");
        }
        scene.nobody_shows("in a document");
        scene.others_go_on("a document of tomorrow");
        scene.restart_everybody();
    }
}

#[test]
fn a_tablet_that_was_offline_meanwhile_keeps_the_same_one_of_two() {
    let mut scene = Scene::new(6);
    scene.world.set_reach(1, Reach::Nothing);
    scene.world.pass(40_000);
    let run = scene.hostile.run();
    for (n, text) in ["stored first", "stored second", "stored third"]
        .into_iter()
        .enumerate()
    {
        let forged = scene.honest(&run, text);
        scene.send_in(run, n as u64, &forged);
    }
    scene.world.set_reach(1, Reach::Relay);
    scene.world.pass(40_000);
    scene.everybody_shows("stored first");
    scene.nobody_shows("stored second");
    scene.nobody_shows("stored third");
    scene.others_go_on("a return");
}

#[test]
fn a_flood_of_changes_that_wait_keeps_nobody_from_working() {
    let mut scene = Scene::new(14);
    let journal = scene.journal;
    let mut envelopes = Vec::new();
    for n in 0..60u32 {
        let run = scene.hostile.run();
        let mut dep = [0; 32];
        dep[..4].copy_from_slice(&n.to_be_bytes());
        let forged = Forged {
            deps: vec![dep],
            start_op: 5,
            ..scene.honest(&run, "waits for nothing")
        };
        let forgery = forgery(&scene.hostile, &run, &forged);
        envelopes.push(scene.hostile.seal(&journal, run, 0, &forgery));
    }
    let answers = scene.hostile.push(&mut scene.world, &envelopes);
    assert!(
        answers
            .iter()
            .all(|answer| matches!(answer, PushResult::Stored { .. })),
        "{answers:?}"
    );
    scene.world.pass(5_000);
    scene.others_go_on("a flood");
    scene.nobody_shows("waits for nothing");
}

#[test]
fn what_found_no_room_among_the_waiting_is_shown_when_what_it_waits_for_has_come() {
    let mut scene = Scene::new(16);
    let journal = scene.journal;
    let awaited_run = scene.hostile.run();
    let awaited = scene.honest(&awaited_run, "awaited by many");
    let many = limits::WAITING_PER_PERSON + 40;
    let mut envelopes = Vec::new();
    for n in 0..many {
        let run = scene.hostile.run();
        let forged = Forged {
            deps: vec![awaited.hash().to_bytes()],
            start_op: 2,
            ..scene.honest(&run, &format!("one of many that wait: {n}"))
        };
        let forgery = forgery(&scene.hostile, &run, &forged);
        envelopes.push(scene.hostile.seal(&journal, run, 0, &forgery));
    }
    for some in envelopes.chunks(64) {
        scene.hostile.push(&mut scene.world, some);
        scene.world.pass(1_000);
    }
    for device in 0..HONEST {
        assert_eq!(scene.world.tablet(device).unwrap().arriving, 40);
    }
    scene.send_in(awaited_run, 0, &awaited);
    scene.world.pass(20_000);
    for device in 0..HONEST {
        assert_eq!(scene.world.tablet(device).unwrap().arriving, 0);
        let notes = scene.notes(device);
        let shown = notes.iter().filter(|text| text.contains("of many")).count();
        assert_eq!(shown, many, "device {device}");
    }
    scene.others_go_on("a queue that ran over");
}

#[test]
fn a_long_journal_with_forgeries_in_it_is_saved_and_loaded_alike() {
    let mut scene = Scene::new(15);
    let resident = scene.world.residents[0];
    let run = scene.hostile.run();
    let (one, two) = (
        scene.honest(&run, "kept of two"),
        scene.honest(&run, "left of two"),
    );
    scene.send_in(run, 0, &one);
    scene.send_in(run, 1, &two);
    for n in 0..140 {
        let text = format!("honest note {n}");
        scene.world.saved(
            1 + n % 2,
            Command::WriteNote {
                resident,
                text,
                replaces: None,
                at: None,
                sign: false,
            },
        );
        if n == 70 {
            scene.send(&Forged {
                seq: 4,
                ..one.clone()
            });
        }
    }
    scene.others_go_on("a hundred and forty notes");
    scene.restart_everybody();
    scene.everybody_shows("kept of two");
    scene.nobody_shows("left of two");
    scene.others_go_on("a restart with saves");
}
