//! Changes that double others, wait for others, or come in numbers.

use crate::scene::{Scene, forgery};
use interface::Command;
use lamplight_tests::harness::Reach;
use lamplight_tests::harness::forged::Forged;
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
    scene.others_go_on("doubles");
    scene.restart_everybody();
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
