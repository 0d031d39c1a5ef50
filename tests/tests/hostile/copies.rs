//! What a member enters once more of what another wrote, and what they decide where it does not lie.

use crate::scene::{HONEST, Scene};
use domain::chart::{CodeStatus, CodeStatusChoice};
use domain::entry::{Entry, Recorded, Subject};
use domain::journal::Note;
use domain::meta::{Decision, Resolution, Signature};
use domain::{Document, Fact};
use ids::{CommandId, EntryKey};
use interface::{Command, ContradictionView, Query, View};
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
fn a_copy_of_what_another_signed_is_corrected_and_the_note_stays() {
    let mut scene = Scene::new(61);
    let journal = scene.journal;
    let (key, entry) = scene.entry_of("slept through the night");
    let sign = Command::Sign {
        entries: vec![key.clone()],
    };
    scene.world.saved(1, sign);
    let unsigned = scene.entry_of("ate half of it");
    scene.world.pass(5_000);
    for (of, entry) in [(key, entry), unsigned] {
        // The same command, line and words: a copy, but another's.
        let copy = scene.say_value(journal, entry.to_cbor());
        let correction = Entry {
            command: CommandId::from_bytes([9; 16]),
            supersedes: vec![copy.clone()],
            fact: words("was awake and ate nothing"),
            ..entry
        };
        scene.say_value(journal, correction.to_cbor());
        let signature = Fact::Signature(Signature {
            entries: vec![copy.clone()],
        });
        let subject = scene.resident();
        scene.say(journal, subject, signature, &[]);
        for device in 0..HONEST {
            let rows = scene.history(device);
            let row = rows.iter().find(|row| row.by.entry == of).unwrap();
            assert!(!row.superseded && row.struck.is_none(), "{row:#?}");
            assert_ne!(row.by.person, scene.hostile.person_id);
        }
    }
    scene.everybody_shows("slept through the night");
    scene.everybody_shows("ate half of it");
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
