//! A home at work, and a member of it who means no good.

use document::Admitted;
use domain::Document;
use ids::DocumentId;
use interface::{Command, Query, View};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::journal::{journal_of, note_in};
use lamplight_tests::harness::{Forgery, Hostile, Template, World, digest, everything_shown};
use wire::message::PushResult;

/// Tablets 1 and 2 are honest; the member holds tablet 3, whose engine never runs.
pub(crate) const HONEST: usize = 3;
pub(crate) const JONAS: usize = 2;

/// A home at work, and the member.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) hostile: Hostile,
    pub(crate) journal: Document,
}

impl Scene {
    pub(crate) fn new(seed: u64) -> Self {
        let home = Template::home();
        let mut world = home.world(2, seed);
        for device in 0..HONEST {
            assert!(world.until(10_000, 50, |world| world.is_in_step(device)));
            assert!(
                world.sign_in(device, 0),
                "whoever signs in, the record is the same"
            );
        }
        let journal = journal_of(world.residents[0], world.now);
        let hostile = Hostile::new(home, 3, JONAS, seed);
        let mut scene = Self {
            world,
            hostile,
            journal,
        };
        scene.others_go_on("before");
        scene
    }

    pub(crate) fn id(&self) -> DocumentId {
        self.hostile.document_id(&self.journal)
    }

    /// The bytes of a note that could stand in this journal.
    pub(crate) fn note(&self, text: &str) -> Vec<u8> {
        note_in(self.world.residents[0], self.world.now, text)
    }

    /// What an engine of the member would have written first in a new run.
    pub(crate) fn honest(&mut self, run: &ids::RunId, text: &str) -> Forged {
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
    pub(crate) fn send(&mut self, forged: &Forged) {
        let run = self.hostile.run();
        self.send_in(run, 0, forged);
    }

    #[track_caller]
    pub(crate) fn send_in(&mut self, run: ids::RunId, run_seq: u64, forged: &Forged) {
        let forgery = forgery(&self.hostile, &run, forged);
        self.send_forgery(run, run_seq, &forgery);
    }

    #[track_caller]
    pub(crate) fn send_forgery(&mut self, run: ids::RunId, run_seq: u64, forgery: &Forgery) {
        let journal = self.journal;
        let envelope = self.hostile.seal(&journal, run, run_seq, forgery);
        let answers = self.hostile.push(&mut self.world, &[envelope]);
        assert!(
            matches!(answers.as_slice(), [PushResult::Stored { .. }]),
            "{answers:?}"
        );
        self.world.pass(2_000);
    }

    pub(crate) fn notes(&mut self, device: usize) -> Vec<String> {
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

    /// Everybody says how much was refused, and whose it is.
    #[track_caller]
    pub(crate) fn everybody_counts(&mut self, refused: u32) {
        for device in 0..HONEST {
            let tablet = self.world.tablet(device).unwrap();
            assert_eq!(tablet.refused, refused, "device {device}");
            assert_eq!(tablet.refused_of.len(), 1, "device {device}");
            assert_eq!(tablet.set_aside + tablet.for_update, 0);
        }
    }

    /// What a tablet wrote, as a member reads it.
    pub(crate) fn written_by(&mut self, device: usize, text: &str) -> Admitted {
        let command = Command::WriteNote {
            resident: self.world.residents[0],
            text: text.into(),
            replaces: None,
            at: None,
            sign: false,
        };
        self.world.saved(device, command);
        let plan = self.world.devices[device].disk.plan();
        let plan = plan.borrow();
        let changes = plan.history.as_ref().unwrap().iter().rev();
        let mut own = changes.flat_map(|change| change.envelopes.iter().rev());
        let envelope = &own.find(|new| new.outbox.is_some()).unwrap().envelope;
        let header = envelope.header();
        let actor = document::actor(&header.device, &header.run, &header.person);
        let body = self.hostile.read(envelope);
        document::admit(&body.chunks[0], &header.document, &actor).unwrap()
    }

    /// Nobody shows a note with these words.
    #[track_caller]
    pub(crate) fn nobody_shows(&mut self, words: &str) {
        for device in 0..HONEST {
            let notes = self.notes(device);
            assert!(
                !notes.iter().any(|text| text.contains(words)),
                "device {device} shows {notes:?}"
            );
        }
    }

    #[track_caller]
    pub(crate) fn everybody_shows(&mut self, words: &str) {
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
    pub(crate) fn all_agree(&mut self) {
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
    pub(crate) fn others_go_on(&mut self, after: &str) {
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
    pub(crate) fn restart_everybody(&mut self) {
        for device in 0..HONEST {
            self.world.stop(device);
            self.world.start(device);
        }
        let in_step = |world: &mut World| (0..HONEST).all(|device| world.is_in_step(device));
        assert!(self.world.until(20_000, 100, in_step));
        self.world.pass(2_000);
    }
}

pub(crate) fn forgery(hostile: &Hostile, run: &ids::RunId, forged: &Forged) -> Forgery {
    Forgery {
        header: Box::new(|_| {}),
        chunks: vec![forged.chunk()],
        sealed: Some((hostile.actor(run), forged.seq, forged.hash())),
    }
}
