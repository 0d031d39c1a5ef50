//! What a member enters once more of what another wrote, and what they decide where it does not lie.

use crate::scene::{HONEST, Scene};
use domain::chart::{CodeStatus, CodeStatusChoice};
use domain::entry::{Entry, Recorded, Subject};
use domain::journal::Note;
use domain::meta::{Decision, Resolution, Signature};
use domain::{Document, Fact};
use ids::{CommandId, EntryKey};
use interface::{Command, ContradictionView, NoteRow, Query, View};
use lamplight_tests::harness::journal::stated;

fn words(text: &str) -> Fact {
    Fact::Note(Note { text: text.into() })
}

impl Scene {
    /// The entry under a key, as every member reads it.
    fn entry_of(&mut self, text: &str) -> (EntryKey, Entry) {
        let admitted = self.written_by(1, text);
        let (key, value) = &admitted.entries()[0];
        match Recorded::from_cbor(value).unwrap() {
            Recorded::Known(entry) => (key.clone(), entry),
            other => panic!("{other:?}"),
        }
    }

    fn contradictions(&mut self, device: usize) -> Vec<ContradictionView> {
        let now = self.world.now;
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        let asked = Query::Contradictions {
            decided: true,
            resident: None,
        };
        match engine.query(&asked, now) {
            Ok(View::Contradictions { contradictions }) => contradictions,
            other => panic!("{other:?}"),
        }
    }

    /// The note of this key, if a device shows it.
    fn note_of(&mut self, device: usize, key: &EntryKey) -> Option<NoteRow> {
        let (now, resident) = (self.world.now, self.world.residents[0]);
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        let asked = Query::Notes {
            resident,
            limit: 1_000,
            before: None,
            search: String::new(),
        };
        match engine.query(&asked, now) {
            Ok(View::Notes(view)) => view.notes.into_iter().find(|note| note.by.entry == *key),
            other => panic!("{other:?}"),
        }
    }

    /// Two statuses of a resident that contradict each other: their keys, ascending.
    fn two_statuses(&mut self, who: usize) -> Vec<EntryKey> {
        let resident = self.world.residents[who];
        for choice in [
            CodeStatusChoice::FullTreatment,
            CodeStatusChoice::ComfortOnly,
        ] {
            let status = CodeStatus {
                choice,
                comment: None,
                stated_by: None,
            };
            let command = Command::RecordCodeStatus {
                resident,
                status,
                replaces: Vec::new(),
                at: None,
            };
            self.world.saved(1, command);
        }
        self.world.pass(5_000);
        let found = self.contradictions(1);
        let sides = found[0].sides.iter().map(|side| side.by.entry.clone());
        let mut sides: Vec<EntryKey> = sides.collect();
        sides.sort();
        sides
    }

    fn chart_of(&self, who: usize) -> (Document, Subject) {
        let subject = Subject::Resident(self.world.residents[who]);
        let status = Fact::CodeStatus(CodeStatus {
            choice: CodeStatusChoice::FullTreatment,
            comment: None,
            stated_by: None,
        });
        let now = stated(self.world.now);
        (status.home(subject, now, None).unwrap(), subject)
    }
}

#[test]
fn a_copy_of_what_another_wrote_is_corrected_and_signed_and_the_note_stays_theirs() {
    let mut scene = Scene::new(61);
    let (journal, subject) = (scene.journal, scene.resident());
    let (signed, entry) = scene.entry_of("slept through the night");
    let sign = Command::Sign {
        entries: vec![signed.clone()],
    };
    scene.world.saved(1, sign);
    let (unsigned, other) = scene.entry_of("ate half of it");
    scene.world.pass(5_000);
    // The same command, line and words: a copy, but another's. One is corrected, one is signed.
    let copy = scene.say_value(journal, entry.to_cbor());
    let correction = Entry {
        command: CommandId::from_bytes([9; 16]),
        supersedes: vec![copy],
        fact: words("was awake all night"),
        ..entry
    };
    scene.say_value(journal, correction.to_cbor());
    let copy = scene.say_value(journal, other.to_cbor());
    let signature = Fact::Signature(Signature {
        entries: vec![copy],
    });
    scene.say(journal, subject, signature, &[]);
    for device in 0..HONEST {
        for (of, signatures) in [(&signed, 1), (&unsigned, 0)] {
            let note = scene.note_of(device, of);
            assert_eq!(note.map(|note| note.signatures.len()), Some(signatures));
        }
        let rows = scene.history(device);
        let row = rows.iter().find(|row| row.by.entry == signed).unwrap();
        assert!(!row.superseded && row.struck.is_none(), "{row:#?}");
    }
    scene.all_agree();
    scene.restart_everybody();
    scene.everybody_shows("slept through the night");
    scene.all_agree();
}

#[test]
fn a_decision_in_the_chart_of_another_resident_decides_nothing() {
    let mut scene = Scene::new(62);
    let of = scene.two_statuses(1);
    let decision = Fact::Resolution(Resolution {
        of: of.clone(),
        decision: Decision::Only(of[0].clone()),
        reason: "none".into(),
    });
    let (elsewhere, subject) = scene.chart_of(0);
    scene.say(elsewhere, subject, decision.clone(), &[]);
    for device in 0..HONEST {
        let found = scene.contradictions(device);
        assert!(found[0].waiting && found[0].decisions.is_empty());
    }
    scene.all_agree();
    // In theirs it does: the member has the act.
    let (chart, subject) = scene.chart_of(1);
    scene.say(chart, subject, decision, &[]);
    for device in 0..HONEST {
        let found = scene.contradictions(device);
        assert!(!found[0].waiting && found[0].decisions.len() == 1);
    }
    scene.all_agree();
    scene.restart_everybody();
    scene.all_agree();
}
