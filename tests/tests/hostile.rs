//! A member with real keys sends what no engine writes. The relay cannot tell; every engine must
//! refuse or skip it alike, none may fall over, and everybody else goes on working.

use domain::clock::Zone;
use domain::entry::{Entry, Subject};
use domain::journal::Note;
use domain::{Document, Fact};
use ids::{CommandId, DocumentId, EntryKey, RosterSeq, StatedInstant, UnixMillis};
use interface::{Command, Query, View};
use lamplight_tests::harness::forged::{
    ACTION, Forged, INSERT, KEY, PREDECESSORS, VALUE_METADATA, chunk_around, prefixed, sleb, uleb,
};
use lamplight_tests::harness::{
    Forgery, Hostile, Template, World, digest, everything_shown, history,
};
use wire::message::PushResult;

/// Tablets 1 and 2 are honest; the member holds tablet 3, whose engine never runs.
const HONEST: usize = 3;
const JONAS: usize = 2;

/// A home at work, and the member.
struct Scene {
    world: World,
    hostile: Hostile,
    journal: Document,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let home = Template::home();
        let mut world = home.world(2, seed);
        for device in 0..HONEST {
            assert!(world.until(10_000, 50, |world| world.is_in_step(device)));
            assert!(
                world.sign_in(device, 0),
                "whoever signs in, the record is the same"
            );
        }
        let stated = stated(world.now);
        let note = Fact::Note(Note { text: "x".into() });
        let journal = note
            .home(Subject::Resident(world.residents[0]), stated, None)
            .unwrap();
        let hostile = Hostile::new(home, 3, JONAS, seed);
        let mut scene = Self {
            world,
            hostile,
            journal,
        };
        scene.others_go_on("before");
        scene
    }

    fn id(&self) -> DocumentId {
        self.hostile.document_id(&self.journal)
    }

    /// The bytes of a note that could stand in this journal.
    fn note(&self, text: &str) -> Vec<u8> {
        let entry = Entry {
            command: CommandId::from_bytes([9; 16]),
            line: 0,
            subject: Subject::Resident(self.world.residents[0]),
            stated: stated(self.world.now),
            supersedes: Vec::new(),
            fact: Fact::Note(Note { text: text.into() }),
        };
        entry.to_cbor()
    }

    /// What an engine of the member would have written first in a new run.
    fn honest(&mut self, run: &ids::RunId, text: &str) -> Forged {
        let value = self.note(text);
        Forged::honest(
            &self.id(),
            &self.hostile.actor(run),
            self.world.now,
            &[value],
        )
    }

    /// Sends one change with a seal of authorship over it.
    #[track_caller]
    fn send(&mut self, forged: &Forged) {
        let run = self.hostile.run();
        self.send_in(run, 0, forged);
    }

    #[track_caller]
    fn send_in(&mut self, run: ids::RunId, run_seq: u64, forged: &Forged) {
        let forgery = forgery(&self.hostile, &run, forged);
        self.send_forgery(run, run_seq, &forgery);
    }

    #[track_caller]
    fn send_forgery(&mut self, run: ids::RunId, run_seq: u64, forgery: &Forgery) {
        let journal = self.journal;
        let envelope = self.hostile.seal(&journal, run, run_seq, forgery);
        let answers = self.hostile.push(&mut self.world, &[envelope]);
        assert!(
            matches!(answers.as_slice(), [PushResult::Stored { .. }]),
            "{answers:?}"
        );
        self.world.pass(2_000);
    }

    fn notes(&mut self, device: usize) -> Vec<String> {
        let (now, resident) = (self.world.now, self.world.residents[0]);
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        let asked = Query::Notes {
            resident,
            limit: 10_000,
            before: None,
            search: String::new(),
        };
        match engine.query(&asked, now) {
            Ok(View::Notes(view)) => view.notes.into_iter().map(|note| note.text).collect(),
            other => panic!("{other:?}"),
        }
    }

    /// Nobody shows a note with these words.
    #[track_caller]
    fn nobody_shows(&mut self, words: &str) {
        for device in 0..HONEST {
            let notes = self.notes(device);
            assert!(
                !notes.iter().any(|text| text.contains(words)),
                "device {device} shows {notes:?}"
            );
        }
    }

    #[track_caller]
    fn everybody_shows(&mut self, words: &str) {
        for device in 0..HONEST {
            let notes = self.notes(device);
            assert!(
                notes.iter().any(|text| text.contains(words)),
                "device {device} shows {notes:?}"
            );
        }
    }

    /// All engines hold and show the same.
    #[track_caller]
    fn all_agree(&mut self) {
        let now = self.world.now;
        let mut of = |device: usize| {
            let engine = self.world.devices[device].engine.as_mut().unwrap();
            (digest(engine, now), everything_shown(engine, now))
        };
        let first = of(0);
        for device in 1..HONEST {
            let other = of(device);
            assert_eq!(first.0, other.0, "device {device}");
            assert!(first.1 == other.1, "device {device} shows something else");
        }
    }

    /// Two others write in the same journal, and all have it.
    #[track_caller]
    fn others_go_on(&mut self, after: &str) {
        let resident = self.world.residents[0];
        for device in [1, 2] {
            let text = format!("{device} goes on after {after}");
            self.world.saved(
                device,
                Command::WriteNote {
                    resident,
                    text,
                    replaces: None,
                    at: None,
                    sign: true,
                },
            );
        }
        let in_step = |world: &mut World| (0..HONEST).all(|device| world.is_in_step(device));
        assert!(
            self.world.until(20_000, 100, in_step),
            "after {after}: {:?}",
            self.world.tablet(1)
        );
        self.world.pass(2_000);
        for device in [1, 2] {
            self.everybody_shows(&format!("{device} goes on after {after}"));
        }
        self.all_agree();
    }

    /// Every engine is closed and opened: views are built again from the log.
    fn restart_everybody(&mut self) {
        for device in 0..HONEST {
            self.world.stop(device);
            self.world.start(device);
        }
        let in_step = |world: &mut World| (0..HONEST).all(|device| world.is_in_step(device));
        assert!(self.world.until(20_000, 100, in_step));
        self.world.pass(2_000);
    }
}

fn stated(now: UnixMillis) -> StatedInstant {
    Zone::named("America/Chicago").unwrap().stated(now)
}

fn forgery(hostile: &Hostile, run: &ids::RunId, forged: &Forged) -> Forgery {
    Forgery {
        header: Box::new(|_| {}),
        chunks: vec![forged.chunk()],
        sealed: Some((hostile.actor(run), forged.seq, forged.hash())),
    }
}

#[test]
fn what_the_forgeries_are_made_from_is_shown_by_everybody() {
    let mut scene = Scene::new(1);
    let run = scene.hostile.run();
    let forged = scene.honest(&run, "an honest note, made by hand");
    scene.send_in(run, 0, &forged);
    scene.everybody_shows("an honest note, made by hand");
    scene.all_agree();
}

/// Chunks that `admit` must refuse, each an honest one but for one thing.
fn chunks_no_engine_writes(honest: &Forged) -> Vec<(&'static str, Forged)> {
    let run = |count: i64, number: u64| [sleb(count), uleb(number)].concat();
    let column = |spec, bytes| honest.clone().with_column(spec, bytes);
    let key = [b'0'; 26];
    let ascending = |count: u32| -> Vec<[u8; 32]> {
        (1..=count)
            .map(|n| {
                let mut dep = [0; 32];
                dep[..4].copy_from_slice(&n.to_be_bytes());
                dep
            })
            .collect()
    };
    vec![
        (
            "an unknown actor",
            Forged {
                other_actors: vec![vec![9; 16]],
                ..honest.clone()
            },
        ),
        (
            "an unknown object",
            honest
                .clone()
                .and_column(0x01, run(-1, 5))
                .and_column(0x02, run(-1, 9)),
        ),
        (
            "an unknown predecessor",
            column(PREDECESSORS, run(-1, 1))
                .and_column(0x71, run(-1, 9))
                .and_column(0x73, run(-1, 1)),
        ),
        ("a huge run length", column(ACTION, run(i64::MAX, 1))),
        ("a huge run of inserts", column(INSERT, uleb(u64::MAX))),
        (
            "a million operations in a run",
            column(KEY, [sleb(1_000_000), prefixed(&key)].concat()),
        ),
        ("a million operations listed", column(KEY, sleb(-1_000_000))),
        ("a make-map", column(ACTION, run(-1, 0))),
        ("a deletion", column(ACTION, run(-1, 3))),
        ("a counter", column(VALUE_METADATA, run(-1, (8 << 4) | 8))),
        ("a string", column(VALUE_METADATA, run(-1, (8 << 4) | 6))),
        (
            "a long message",
            Forged {
                message: vec![0xff; 500_000],
                ..honest.clone()
            },
        ),
        (
            "many dependencies",
            Forged {
                deps: ascending(20_000),
                ..honest.clone()
            },
        ),
        (
            "a number of zero",
            Forged {
                seq: 0,
                ..honest.clone()
            },
        ),
        (
            "the largest number",
            Forged {
                seq: u64::MAX,
                ..honest.clone()
            },
        ),
        (
            "the largest operation",
            Forged {
                start_op: u64::MAX,
                ..honest.clone()
            },
        ),
        (
            "no columns",
            Forged {
                columns: Vec::new(),
                ..honest.clone()
            },
        ),
        (
            "bytes behind it",
            Forged {
                extra: vec![0; 100],
                ..honest.clone()
            },
        ),
        (
            "the compressed type",
            Forged {
                chunk_type: 2,
                ..honest.clone()
            },
        ),
    ]
}

#[test]
fn chunks_no_engine_writes_are_refused_by_everybody() {
    let mut scene = Scene::new(2);
    let run = scene.hostile.run();
    let honest = scene.honest(&run, "hidden in a forged chunk");
    for (what, forged) in chunks_no_engine_writes(&honest) {
        // The actor must fit the run of its envelope: the same run every time would be a gap.
        let run = scene.hostile.run();
        let actor = scene.hostile.actor(&run).as_bytes().to_vec();
        scene.send_in(run, 0, &Forged { actor, ..forged });
        scene.all_agree();
        println!("refused: {what}");
    }
    scene.nobody_shows("hidden in a forged chunk");
    scene.others_go_on("forged chunks");
    scene.restart_everybody();
    scene.nobody_shows("hidden in a forged chunk");
    scene.others_go_on("a restart on top of forged chunks");
}

#[test]
fn an_inflate_bomb_is_refused_by_everybody() {
    let mut scene = Scene::new(3);
    let run = scene.hostile.run();
    // A deflated change whose stream would go on for long: one stored block after another.
    let stored = [&[0, 0xff, 0xff, 0, 0][..], &[0x41; 65_535]].concat();
    let bomb = chunk_around(2, &stored.repeat(8));
    let actor = scene.hostile.actor(&run);
    let forgery = Forgery {
        header: Box::new(|_| {}),
        chunks: vec![bomb],
        sealed: Some((actor, 1, ids::ChangeHash::from_bytes([1; 32]))),
    };
    scene.send_forgery(run, 0, &forgery);
    scene.others_go_on("a bomb");
}

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
fn a_tablet_that_was_offline_meanwhile_keeps_the_same_one_of_two() {
    let mut scene = Scene::new(6);
    scene
        .world
        .set_reach(1, lamplight_tests::harness::Reach::Nothing);
    scene.world.pass(40_000);
    let run = scene.hostile.run();
    for (n, text) in ["stored first", "stored second", "stored third"]
        .into_iter()
        .enumerate()
    {
        let forged = scene.honest(&run, text);
        scene.send_in(run, n as u64, &forged);
    }
    scene
        .world
        .set_reach(1, lamplight_tests::harness::Reach::Relay);
    scene.world.pass(40_000);
    scene.everybody_shows("stored first");
    scene.nobody_shows("stored second");
    scene.nobody_shows("stored third");
    scene.others_go_on("a return");
}

/// Some honest entry of the journal, with its value.
fn somebody_elses(scene: &mut Scene) -> (EntryKey, Vec<u8>) {
    let (now, resident) = (scene.world.now, scene.world.residents[0]);
    let engine = scene.world.devices[0].engine.as_mut().unwrap();
    let row = history(engine, resident, now)
        .into_iter()
        .find(|row| row.kind == "note")
        .unwrap();
    let Some(fact) = row.fact else {
        panic!("{row:?}")
    };
    let entry = Entry {
        command: CommandId::from_bytes([9; 16]),
        line: 0,
        subject: Subject::Resident(resident),
        stated: row.by.stated,
        supersedes: Vec::new(),
        fact,
    };
    (row.by.entry, entry.to_cbor())
}

#[test]
fn anothers_key_cannot_be_taken() {
    let mut scene = Scene::new(7);
    let (key, value) = somebody_elses(&mut scene);
    let mine = scene.note("put under another's key");
    for value in [mine, value] {
        let run = scene.hostile.run();
        let actor = scene.hostile.actor(&run);
        scene.send(&Forged::with_entries(
            &actor,
            &[(key.clone(), value.clone())],
        ));
        // And with the run that belongs to it, so that nothing else is wrong.
        let forged = Forged::with_entries(&actor, &[(key.clone(), value)]);
        scene.send_in(run, 0, &forged);
    }
    scene.nobody_shows("put under another's key");
    scene.all_agree();
    let twice: Vec<String> = scene
        .notes(0)
        .into_iter()
        .filter(|text| text.contains("1 goes on after before"))
        .collect();
    assert_eq!(twice.len(), 1);
    scene.others_go_on("a stolen key");
}

#[test]
fn nobody_writes_in_anothers_name() {
    let mut scene = Scene::new(8);
    let victim = Template::home().people()[1].id;
    let run = scene.hostile.run();
    let theirs = document::actor(&run, &victim);
    let value = scene.note("in another's name");
    let forged = Forged::honest(&scene.id(), &theirs, scene.world.now, &[value]);
    // The victim's actor in an envelope of one's own.
    let mut as_other = forgery(&scene.hostile, &run, &forged);
    as_other.sealed = Some((theirs, 1, forged.hash()));
    scene.send_forgery(run, 0, &as_other);
    // The victim in the header, too; the signature is one's own.
    let run = scene.hostile.run();
    let theirs = document::actor(&run, &victim);
    let value = scene.note("in another's name");
    let forged = Forged::honest(&scene.id(), &theirs, scene.world.now, &[value]);
    let mut as_other = forgery(&scene.hostile, &run, &forged);
    as_other.sealed = Some((theirs, 1, forged.hash()));
    as_other.header = Box::new(move |header| header.person = victim);
    scene.send_forgery(run, 0, &as_other);
    scene.nobody_shows("in another's name");
    scene.all_agree();
    scene.others_go_on("a forged name");
    scene.restart_everybody();
    scene.nobody_shows("in another's name");
}

#[test]
fn without_its_seal_of_authorship_nothing_counts() {
    let mut scene = Scene::new(9);
    let run = scene.hostile.run();
    let forged = scene.honest(&run, "without a seal");
    let mut unsealed = forgery(&scene.hostile, &run, &forged);
    unsealed.sealed = None;
    scene.send_forgery(run, 0, &unsealed);
    for sealed in [
        (2, forged.hash()),
        (1, ids::ChangeHash::from_bytes([5; 32])),
    ] {
        let run = scene.hostile.run();
        let forged = scene.honest(&run, "without a seal");
        let mut other = forgery(&scene.hostile, &run, &forged);
        other.sealed = Some((scene.hostile.actor(&run), sealed.0, sealed.1));
        scene.send_forgery(run, 0, &other);
    }
    scene.nobody_shows("without a seal");
    scene.others_go_on("missing seals");
}

#[test]
fn values_that_are_no_entries_are_refused_by_everybody() {
    let mut scene = Scene::new(10);
    let nested = [vec![0x81; 30_000], vec![0xf6]].concat();
    let bad_text = {
        let mut value = scene.note("bad text inside");
        let at = value.windows(3).position(|three| three == b"bad").unwrap();
        value[at] = 0xff;
        value
    };
    let cut = {
        let value = scene.note("bad text inside");
        value[..value.len() - 3].to_vec()
    };
    for value in [
        b"not CBOR at all".to_vec(),
        nested,
        bad_text,
        cut,
        vec![0xbf, 0xff],
        vec![0],
    ] {
        let run = scene.hostile.run();
        let forged = Forged::honest(
            &scene.id(),
            &scene.hostile.actor(&run),
            scene.world.now,
            &[value],
        );
        scene.send_in(run, 0, &forged);
        scene.all_agree();
    }
    scene.nobody_shows("bad text inside");
    scene.others_go_on("values that are no entries");
    scene.restart_everybody();
    scene.others_go_on("a restart on top of them");
}

#[test]
fn entries_recorded_at_the_ends_of_time_harm_nobody() {
    let mut scene = Scene::new(11);
    for at in [UnixMillis(0), UnixMillis((1 << 48) - 1)] {
        let run = scene.hostile.run();
        let value = scene.note("from another time");
        let forged = Forged::honest(&scene.id(), &scene.hostile.actor(&run), at, &[value]);
        scene.send_in(run, 0, &forged);
        scene.all_agree();
    }
    scene.others_go_on("the ends of time");
}

#[test]
fn headers_that_lie_are_refused_by_everybody() {
    let mut scene = Scene::new(12);
    let elsewhere = Template::home();
    let other = Fact::Note(Note {
        text: String::new(),
    })
    .home(
        Subject::Resident(scene.world.residents[1]),
        stated(scene.world.now),
        None,
    )
    .unwrap();
    let other = scene.hostile.document_id(&other);
    let lies: Vec<Box<dyn Fn(&mut wire::Header)>> = vec![
        Box::new(|header| header.roster_seq = RosterSeq(1_000)),
        Box::new(|header| header.seen_seq = ids::Seq(u64::MAX)),
        Box::new(move |header| header.document = other),
        Box::new(|header| header.prev = ids::EnvelopeId::from_bytes([3; 32])),
    ];
    for lie in lies {
        let run = scene.hostile.run();
        let forged = scene.honest(&run, "under a header that lies");
        let mut forgery = forgery(&scene.hostile, &run, &forged);
        forgery.header = lie;
        scene.send_forgery(run, 0, &forgery);
        scene.all_agree();
    }
    assert!(!elsewhere.people().is_empty());
    scene.others_go_on("headers that lie");
    scene.restart_everybody();
    scene.others_go_on("a restart on top of them");
}

#[test]
fn bodies_that_are_none_are_refused_by_everybody() {
    let mut scene = Scene::new(13);
    let run = scene.hostile.run();
    let forged = scene.honest(&run, "in a body that is none");
    let good = forgery(&scene.hostile, &run, &forged);
    let journal = scene.journal;
    let plain = scene.hostile.body(&journal, &good).encode().unwrap();
    for bytes in [
        plain[..plain.len() / 2].to_vec(),
        [plain.clone(), vec![0]].concat(),
        Vec::new(),
        vec![0xff; 900_000],
    ] {
        let run = scene.hostile.run();
        let envelope = scene.hostile.seal_plain(&journal, run, 0, &good, &bytes);
        let answers = scene.hostile.push(&mut scene.world, &[envelope]);
        assert!(
            matches!(answers.as_slice(), [PushResult::Stored { .. }]),
            "{answers:?}"
        );
        scene.world.pass(2_000);
        scene.all_agree();
    }
    scene.nobody_shows("in a body that is none");
    scene.others_go_on("bodies that are none");
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
