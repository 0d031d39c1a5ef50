//! What a later version writes: it waits, is counted, keeps nobody from working, and is taken up by
//! a version that knows it.

use crate::scene::{HONEST, Scene, forgery};
use bytes::Bytes;
use ids::{ChainHash, EnvelopeId, LogId, Seq, limits};
use interface::{Command, Link, NotShown, RelayFault};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::{Forgery, Lie, Reach, Template, World, log_of};
use replica::log::{LogChange, Setting, Standing};
use wire::message::{Item, Items, OldPlaces, OldRow, OldRun, PushResult};
use wire::{Envelope, Header, Receipt};

impl Scene {
    /// Content framed by a codec, as the member seals it.
    fn framed_by(&mut self, codec: u8, words: &str) -> Envelope {
        let run = self.hostile.run();
        let honest = self.honest(&run, words);
        let journal = self.journal;
        let forgery = forgery(&self.hostile, &run, &honest);
        let framed = self.hostile.framed(&journal, &forgery, codec);
        self.hostile.seal_framed(&journal, run, &framed)
    }

    #[track_caller]
    fn is_stored(&mut self, envelope: Envelope) {
        let answers = self.hostile.push(&mut self.world, &[envelope]);
        assert!(
            matches!(answers.as_slice(), [PushResult::Stored { .. }]),
            "{answers:?}"
        );
        self.world.pass(2_000);
    }

    #[track_caller]
    fn waits_for_an_update(&mut self, device: usize, count: u32) {
        let tablet = self.world.tablet(device).unwrap();
        let counts = (tablet.for_update, tablet.refused, tablet.set_aside);
        assert_eq!(counts, (count, 0, 0), "device {device}");
        assert_eq!(tablet.not_shown, None);
    }

    fn shows(&mut self, device: usize, words: &str) -> bool {
        self.notes(device).iter().any(|text| text.contains(words))
    }

    /// A device's log says that another version wrote it.
    fn of_another_version(&mut self, device: usize) {
        let row = (Setting::Program, Some(b"another".to_vec()));
        let change = LogChange {
            settings: vec![row],
            ..LogChange::default()
        };
        log_of(&self.world.devices[device]).commit(&change).unwrap();
    }
}

#[test]
fn a_codec_that_nobody_knows_yet_waits_and_is_counted_and_keeps_nobody_from_working() {
    let mut scene = Scene::new(61);
    let today = scene.framed_by(0, "by the codec of today");
    scene.is_stored(today);
    scene.everybody_shows("by the codec of today");
    let tomorrow = scene.framed_by(9, "by the codec of tomorrow");
    scene.is_stored(tomorrow);
    for _ in 0..2 {
        for device in 0..HONEST {
            scene.waits_for_an_update(device, 1);
        }
        scene.nobody_shows("by the codec of tomorrow");
        scene.others_go_on("a codec of tomorrow");
        scene.restart_everybody();
    }
    // An update that does not know it either leaves it where it is.
    scene.world.stop(1);
    scene.of_another_version(1);
    scene.world.start(1);
    assert!(scene.world.until(20_000, 100, |world| world.is_in_step(1)));
    scene.world.pass(2_000);
    scene.waits_for_an_update(1, 1);
    scene.everybody_shows("by the codec of today");
    scene.others_go_on("an update that did not help");
}

#[test]
fn what_an_older_version_let_wait_is_opened_by_one_that_knows_it_and_with_it_what_builds_on_it() {
    let mut scene = Scene::new(62);
    scene.world.devices[1]
        .disk
        .plan()
        .borrow_mut()
        .views_are_kept = true;
    scene.restart_everybody();
    scene.world.command(1, Command::Lock);
    scene.world.devices[1].person = None;
    scene.written_by(2, "as a later version writes");
    scene.world.pass(5_000);
    assert!(scene.world.until(20_000, 100, |world| world.is_in_step(1)));
    // Tablet 1 has it, and its program knows no codec of that kind.
    let id = {
        let plan = scene.world.devices[2].disk.plan();
        let plan = plan.borrow();
        let mut changes = plan.history.as_ref().unwrap().iter().rev();
        let newest = changes.find_map(|change| change.envelopes.last()).unwrap();
        newest.envelope.id()
    };
    scene.world.stop(1);
    let change = LogChange {
        standing: vec![(id, Standing::Waits)],
        ..LogChange::default()
    };
    log_of(&scene.world.devices[1]).commit(&change).unwrap();
    scene.world.start(1);
    assert!(scene.world.sign_in(1, 0));
    assert!(scene.world.until(20_000, 100, |world| world.is_in_step(1)));
    scene.world.pass(2_000);
    assert!(!scene.shows(1, "as a later version writes"));
    scene.waits_for_an_update(1, 1);
    scene.written_by(2, "and what builds on it");
    scene.world.pass(5_000);
    assert!(!scene.shows(1, "and what builds on it"));
    assert!(scene.shows(2, "and what builds on it"));
    // The update.
    scene.world.stop(1);
    scene.of_another_version(1);
    scene.world.start(1);
    assert!(scene.world.until(20_000, 100, |world| world.is_in_step(1)));
    scene.world.pass(2_000);
    scene.waits_for_an_update(1, 0);
    scene.everybody_shows("as a later version writes");
    scene.everybody_shows("and what builds on it");
    scene.all_agree();
    scene.others_go_on("an update");
}

/// Rows as a relay of a later version would send them next.
fn rows_of_tomorrow(scene: &mut Scene, changes: &[fn(&mut Header)]) -> Items {
    let (stream, log_id, at) = {
        let log = log_of(&scene.world.devices[1]);
        let journal = scene.journal;
        let run = scene.hostile.run();
        let probe = scene.hostile.seal(&journal, run, 0, &nothing());
        let stream = probe.header().stream;
        let positions = log.positions().unwrap();
        let care = positions.iter().find(|position| position.stream == stream);
        let care = care.unwrap();
        (stream, care.log_id, care.seq)
    };
    let roster_seq = scene.hostile.roster_seq;
    let rows = (1..).zip(changes).map(|(n, change)| {
        let run = scene.hostile.run();
        let journal = scene.journal;
        let today = scene.hostile.seal(&journal, run, 0, &nothing());
        let mut bytes = today.bytes().to_vec();
        let mut header = *today.header();
        change(&mut header);
        bytes[..wire::HEADER_LEN].copy_from_slice(&header.to_bytes());
        Item {
            seq: Seq(at.0 + n),
            roster_seq,
            envelope: Bytes::from(bytes),
        }
    });
    Items {
        stream,
        log_id,
        first: Seq(at.0 + 1),
        rows: rows.collect(),
    }
}

fn nothing() -> Forgery {
    Forgery {
        header: Box::new(|_| {}),
        chunks: Vec::new(),
        sealed: None,
    }
}

#[test]
fn versions_flags_and_kinds_of_envelopes_that_nobody_knows_yet_wait() {
    let mut scene = Scene::new(63);
    let changes: [fn(&mut Header); 3] = [
        |header| header.version += 1,
        |header| header.flags = 1,
        |header| header.kind = 77,
    ];
    let items = rows_of_tomorrow(&mut scene, &changes);
    scene.world.say_as_relay(1, &items.into());
    scene.world.pass(500);
    scene.waits_for_an_update(1, changes.len() as u32);
    assert_eq!(scene.world.tablet(1).unwrap().relay_faults, []);
}

#[test]
fn what_is_kept_is_kept_though_the_disk_cannot_say_afterwards_how_much_waits() {
    let mut scene = Scene::new(74);
    let plan = scene.world.devices[1].disk.plan();
    plan.borrow_mut().uncountable = true;
    let items = rows_of_tomorrow(&mut scene, &[|header| header.kind = 77]);
    scene.world.say_as_relay(1, &items.into());
    scene.world.pass(500);
    let tablet = scene.world.tablet(1).unwrap();
    assert_eq!(tablet.link, Link::Live, "nothing was lost");
    assert_eq!(tablet.storage_problem, None);
    assert_eq!(tablet.for_update, 0, "nobody could say");
    assert_eq!(tablet.not_shown, Some(NotShown::Storage));
    scene.world.pass(2 * limits::READ_AGAIN_MS);
    let tablet = scene.world.tablet(1).unwrap();
    assert_eq!(tablet.not_shown, Some(NotShown::Storage), "nor later");
    // The disk recovers.
    plan.borrow_mut().uncountable = false;
    scene.world.pass(2 * limits::READ_AGAIN_MS);
    scene.waits_for_an_update(1, 1);
}

/// What a relay says of rows that stood elsewhere before it lost them.
fn stood_elsewhere(scene: &Scene, like: &Header, ids: &[EnvelopeId]) -> OldPlaces {
    let row = |id: &EnvelopeId| OldRow {
        id: *id,
        roster_seq: scene.hostile.roster_seq,
        roster_head: ids::RosterHash::ZERO,
    };
    let receipt = Receipt {
        log_id: LogId::from_bytes([3; 16]),
        stream: like.stream,
        seq: Seq(1),
        chain: ChainHash::ZERO,
        roster_seq: scene.hostile.roster_seq,
        signature: ids::Signature::ZERO,
    };
    let run = OldRun {
        seq: Seq(1),
        before: Seq(0),
        chain: ChainHash::ZERO,
        rows: ids.iter().map(row).collect(),
        receipt,
    };
    OldPlaces {
        stream: like.stream,
        log_id: LogId::from_bytes([4; 16]),
        runs: vec![run],
    }
}

#[test]
fn a_row_that_the_relay_says_stood_elsewhere_before_waits_for_a_version_that_can_judge_it() {
    let mut scene = Scene::new(64);
    let run = scene.hostile.run();
    let honest = scene.honest(&run, "put back");
    let (journal, forged) = (scene.journal, forgery(&scene.hostile, &run, &honest));
    let envelope = scene.hostile.seal(&journal, run, 0, &forged);
    let said = stood_elsewhere(&scene, envelope.header(), &[envelope.id()]);
    scene.world.say_as_relay(1, &said.into());
    scene.world.pass(100);
    scene.is_stored(envelope);
    scene.waits_for_an_update(1, 1);
    assert!(!scene.shows(1, "put back"));
    assert!(scene.shows(2, "put back"));
    // A version that cannot judge it either knows of it from the log alone.
    scene.world.stop(1);
    scene.of_another_version(1);
    scene.world.start(1);
    assert!(scene.world.until(20_000, 100, |world| world.is_in_step(1)));
    scene.world.pass(2_000);
    scene.waits_for_an_update(1, 1);
    assert!(!scene.shows(1, "put back"));
}

#[test]
fn more_rows_that_stood_elsewhere_than_a_log_can_lose_end_the_connection() {
    let mut scene = Scene::new(65);
    let run = scene.hostile.run();
    let journal = scene.journal;
    let like = *scene.hostile.seal(&journal, run, 0, &nothing()).header();
    let ids = |from: usize, count: usize| -> Vec<EnvelopeId> {
        let id = |n: usize| {
            let mut bytes = [7; 32];
            bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
            EnvelopeId::from_bytes(bytes)
        };
        (from..from + count).map(id).collect()
    };
    let rows = limits::OLD_ROWS;
    for n in 0..limits::OLDER_PLACES / rows {
        let said = stood_elsewhere(&scene, &like, &ids(n * rows, rows));
        scene.world.say_as_relay(1, &said.into());
        scene.world.pass(200);
    }
    assert!(scene.world.is_connected(1));
    let said = stood_elsewhere(&scene, &like, &ids(limits::OLDER_PLACES, 1));
    scene.world.say_as_relay(1, &said.into());
    scene.world.pass(30);
    assert!(!scene.world.is_connected(1));
    let faults = scene.world.tablet(1).unwrap().relay_faults;
    assert!(!faults.contains(&RelayFault::TwoHistories));
}

#[test]
fn a_key_that_comes_late_leaves_the_same_one_of_two_as_where_it_came_in_time() {
    let lies = [Lie::NoWraps, Lie::NoWrapsEver];
    for (seed, lie) in (66..70).zip(lies.into_iter().cycle()) {
        let mut scene = Scene::new(seed);
        scene.world.lie_to(1, lie);
        let (run, third) = (scene.hostile.run(), scene.hostile.run());
        let awaited = scene.honest(&third, "the awaited");
        let waits = Forged {
            deps: vec![awaited.hash().to_bytes()],
            start_op: 2,
            ..scene.honest(&run, "waits for the awaited")
        };
        let double = scene.honest(&third, "double of the awaited");
        let free = scene.honest(&run, "free of two");
        scene.send_in(run, 0, &waits);
        scene.hostile.rotates(&mut scene.world, Template::home());
        scene.world.pass(1_000);
        // Under the new key: what the first waits for, and one more for each number.
        scene.send_in(third, 0, &awaited);
        scene.send_in(third, 1, &double);
        scene.send_in(run, 1, &free);
        assert!(!scene.shows(1, "the awaited") && !scene.shows(1, "of the"));
        for device in [0, 2] {
            assert!(scene.shows(device, "waits for the awaited"), "{device}");
            assert!(!scene.shows(device, "double of the awaited"), "{device}");
            assert!(!scene.shows(device, "free of two"), "{device}");
        }
        scene.world.stop_lying();
        scene.world.reset(1);
        let in_step = |world: &mut World| (0..HONEST).all(|device| world.is_in_step(device));
        assert!(scene.world.until(60_000, 100, in_step));
        scene.world.pass(2_000);
        scene.everybody_shows("waits for the awaited");
        scene.nobody_shows("double of the awaited");
        scene.nobody_shows("free of two");
        scene.everybody_counts(2);
        scene.all_agree();
        scene.others_go_on("a late key");
        scene.restart_everybody();
        scene.nobody_shows("of two");
        scene.others_go_on("a restart on top of it");
    }
}

#[test]
fn keys_that_come_in_portions_all_come() {
    let mut scene = Scene::new(96);
    scene.world.set_reach(1, Reach::Nothing);
    for text in ["under the second", "under the third", "under the fourth"] {
        scene.hostile.rotates(&mut scene.world, Template::home());
        scene.world.pass(1_000);
        let run = scene.hostile.run();
        let note = scene.honest(&run, text);
        scene.send_in(run, 0, &note);
    }
    // It has noticed by now that nobody answers.
    assert!(
        scene
            .world
            .until(120_000, 1_000, |world| !world.is_in_step(1))
    );
    scene.world.lie_to(1, Lie::WrapsOneByOne);
    scene.world.set_reach(1, Reach::Relay);
    assert!(scene.world.until(60_000, 100, |world| world.is_in_step(1)));
    assert!(scene.world.tally.of("wraps in portions") > 1);
    for text in ["under the second", "under the third", "under the fourth"] {
        scene.everybody_shows(text);
    }
    scene.all_agree();
}
