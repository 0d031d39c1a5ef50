//! What is not the member's to say: under keys that were replaced, over what others wrote, and in
//! entries that do not hold together.

use crate::scene::{HONEST, JONAS, Scene};
use domain::chart::{CodeStatus, CodeStatusChoice};
use domain::directory::{Device, Role, Staff};
use domain::entry::{Entry, Subject};
use domain::journal::Note;
use domain::meta::{Decision, Resolution, Signature, Strike};
use domain::{Document, Fact, Stream};
use ids::{CommandId, EntryKey, PersonId};
use interface::{Command, HistoryRow, ProofStep, Query, Refusal, View};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::journal::stated;
use lamplight_tests::harness::{
    Hostile, Outcome, Reach, Template, World, everything_shown, history,
};

impl Scene {
    /// The history of the resident all this is about, as a device shows it.
    pub(crate) fn history(&mut self, device: usize) -> Vec<HistoryRow> {
        let (now, resident) = (self.world.now, self.world.residents[0]);
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        history(engine, resident, now)
    }

    pub(crate) fn row(&mut self, device: usize, words: &str) -> Option<HistoryRow> {
        let says = |row: &HistoryRow| match &row.fact {
            Some(Fact::Note(note)) => note.text.contains(words),
            _ => false,
        };
        self.history(device).into_iter().find(says)
    }

    /// Sends one entry of the member's, in the document it names.
    pub(crate) fn say(
        &mut self,
        what: Document,
        subject: Subject,
        fact: Fact,
        over: &[EntryKey],
    ) -> EntryKey {
        self.say_in_bytes(what, subject, fact, over, |bytes| bytes)
    }

    fn say_in_bytes(
        &mut self,
        what: Document,
        subject: Subject,
        fact: Fact,
        over: &[EntryKey],
        change: fn(Vec<u8>) -> Vec<u8>,
    ) -> EntryKey {
        let entry = Entry {
            command: CommandId::from_bytes([9; 16]),
            line: 0,
            subject,
            stated: stated(self.world.now),
            supersedes: over.to_vec(),
            fact,
        };
        self.say_value(what, change(entry.to_cbor()))
    }

    /// Sends one value of the member's, in the document it names; its key.
    pub(crate) fn say_value(&mut self, what: Document, value: Vec<u8>) -> EntryKey {
        let run = self.hostile.run();
        let actor = self.hostile.actor(&run);
        let id = self.hostile.document_id(&what);
        let now = self.world.now;
        let key = document::entry_key(&id, &actor, now, &value).unwrap();
        let forged = Forged::honest(&id, &actor, now, &[value]);
        let forgery = crate::scene::forgery(&self.hostile, &run, &forged);
        let before = std::mem::replace(&mut self.journal, what);
        self.send_forgery(run, 0, &forgery);
        self.journal = before;
        key
    }

    pub(crate) fn resident(&self) -> Subject {
        Subject::Resident(self.world.residents[0])
    }

    pub(crate) fn chart(&self) -> Document {
        let fact = Fact::CodeStatus(CodeStatus {
            choice: CodeStatusChoice::FullTreatment,
            comment: None,
            stated_by: None,
        });
        let now = stated(self.world.now);
        fact.home(self.resident(), now, None).unwrap()
    }

    /// Asks a device for the proof of an entry: which steps hold.
    fn proof(&mut self, device: usize, entry: &EntryKey) -> Vec<(ProofStep, bool)> {
        let now = self.world.now;
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        let asked = Query::Proof {
            entry: entry.clone(),
        };
        match engine.query(&asked, now) {
            Ok(View::Proof(proof)) => {
                let steps = proof.checks.iter();
                steps.map(|step| (step.check, step.holds)).collect()
            }
            other => panic!("{other:?}"),
        }
    }
}

fn everybody_in_step(world: &mut World) -> bool {
    (0..HONEST).all(|device| world.is_in_step(device))
}

#[test]
fn a_key_that_was_replaced_writes_nothing_more_however_old_its_envelope_says_to_be() {
    let mut scene = Scene::new(31);
    let before = scene.note("written while the key was good");
    let run = scene.hostile.run();
    let actor = scene.hostile.actor(&run);
    let id = scene.id();
    scene.send_in(
        run,
        0,
        &Forged::honest(&id, &actor, scene.world.now, &[before]),
    );
    let home = Template::home();
    scene.hostile.is_rekeyed(&mut scene.world, home);
    scene.world.pass(2_000);
    // The header states the roster before the new keys, under which the old key verifies.
    let run = scene.hostile.run();
    let forged = scene.honest(&run, "written with a stolen badge");
    scene.send_in(run, 0, &forged);
    scene.nobody_shows("stolen badge");
    scene.everybody_shows("while the key was good");
    assert_eq!(scene.row(1, "stolen badge"), None);
    let good = scene.row(1, "while the key was good").unwrap();
    assert!(good.proved);
    assert!(
        scene
            .proof(1, &good.by.entry)
            .iter()
            .all(|(_, holds)| *holds)
    );
    scene.all_agree();
    scene.restart_everybody();
    scene.nobody_shows("stolen badge");
    scene.others_go_on("a stolen badge");
}

#[test]
fn what_was_made_before_ones_keys_were_replaced_and_stored_after_is_shown_to_its_author_alone() {
    let mut scene = Scene::new(32);
    // Jonas works on tablet 1 without a network while the office replaces his keys.
    assert!(scene.world.sign_in(1, JONAS));
    scene.world.set_reach(1, Reach::Nothing);
    scene.world.pass(1_000);
    let resident = scene.world.residents[0];
    let note = Command::WriteNote {
        resident,
        text: "made offline".into(),
        replaces: None,
        at: None,
        sign: true,
    };
    scene.world.saved(1, note.clone());
    let own = scene.row(1, "made offline").unwrap();
    assert!(!own.withheld && own.proved);
    let new = scene.hostile.is_rekeyed(&mut scene.world, Template::home());
    scene.world.set_reach(1, Reach::Relay);
    assert!(scene.world.until(60_000, 100, everybody_in_step));
    scene.world.pass(2_000);
    // With the old keys he reads and writes nothing more.
    let refused = scene.world.command(1, note);
    assert_eq!(refused, Outcome::Refused(Refusal::Locked));
    assert!(scene.world.sign_in(1, 0));
    scene.nobody_shows("made offline");
    for device in 0..HONEST {
        assert_eq!(scene.row(device, "made offline"), None, "device {device}");
    }
    let engine = scene.world.devices[1].engine.as_mut().unwrap();
    engine.sign_in_with(new).unwrap();
    scene.world.drive(1, replica::Event::Tick);
    scene.world.pass(2_000);
    let kept = scene.row(1, "made offline").unwrap();
    assert!(kept.withheld && !kept.proved);
    let steps = scene.proof(1, &kept.by.entry);
    assert!(steps.contains(&(ProofStep::Right, false)), "{steps:?}");
    // Others write, and agree.
    assert!(scene.world.sign_in(1, 0));
    scene.others_go_on("new keys");
    scene.restart_everybody();
    assert_eq!(scene.row(1, "made offline"), None);
}

#[test]
fn a_command_replaces_nothing_that_cannot_be_read() {
    let mut scene = Scene::new(34);
    let (chart, subject, resident) = (scene.chart(), scene.resident(), scene.world.residents[0]);
    let status = |choice| CodeStatus {
        choice,
        comment: None,
        stated_by: None,
    };
    // The member's tablet has a newer version: {0: full treatment} becomes {63: 0}.
    let fact = Fact::CodeStatus(status(CodeStatusChoice::FullTreatment));
    scene.say_in_bytes(chart, subject, fact, &[], |mut bytes| {
        assert_eq!(bytes.split_off(bytes.len() - 3), [0xa1, 0x00, 0x00]);
        bytes.extend([0xa1, 0x18, 63, 0x00]);
        bytes
    });
    let rows = scene.history(1);
    let newer = rows.iter().find(|row| row.kind == "code_status").unwrap();
    assert_eq!(newer.fact, None);
    let command = |replaces| Command::RecordCodeStatus {
        resident,
        status: status(CodeStatusChoice::ComfortOnly),
        replaces,
        at: None,
    };
    let refused = scene
        .world
        .command(1, command(vec![newer.by.entry.clone()]));
    assert!(
        matches!(
            &refused,
            Outcome::Refused(interface::Refusal::NotAllowed { .. })
        ),
        "{refused:?}"
    );
    let alert = interface::Alert::WrittenByNewer {
        what: interface::Unreadable::CodeStatus,
    };
    // Beside it a status can be entered, and the alert stays until somebody strikes what it is about.
    scene.world.saved(1, command(Vec::new()));
    let shown = |scene: &mut Scene| {
        let now = scene.world.now;
        let engine = scene.world.devices[1].engine.as_mut().unwrap();
        match engine.query(&Query::Banner { resident }, now) {
            Ok(View::Banner(banner)) => banner.row.alerts.contains(&alert),
            other => panic!("{other:?}"),
        }
    };
    assert!(shown(&mut scene));
    let strike = Command::Strike {
        entry: newer.by.entry.clone(),
        reason: "asked the member".into(),
    };
    scene.world.saved(1, strike);
    assert!(!shown(&mut scene));
    scene.world.pass(2_000);
    scene.all_agree();
}

#[test]
fn nobody_makes_what_another_wrote_disappear_without_striking_it() {
    let mut scene = Scene::new(33);
    let resident = scene.world.residents[0];
    let status = CodeStatus {
        choice: CodeStatusChoice::DoNotResuscitate,
        comment: None,
        stated_by: None,
    };
    let command = Command::RecordCodeStatus {
        resident,
        status,
        replaces: Vec::new(),
        at: None,
    };
    scene.world.saved(1, command);
    let note = scene.row(1, "1 goes on after before").unwrap().by.entry;
    let rows = scene.history(1);
    let status = rows.iter().find(|row| row.kind == "code_status").unwrap();
    let status = status.by.entry.clone();
    scene.others_go_on("a code status");
    let (journal, chart, subject) = (scene.journal, scene.chart(), scene.resident());
    let says = |text: &str| Fact::Note(Note { text: text.into() });
    // Over another's note, signed as it is; over a register of another kind; and a signature of
    // another's note, which would keep its author from correcting it.
    scene.say(
        journal,
        subject,
        says("over another's"),
        std::slice::from_ref(&note),
    );
    scene.say(
        journal,
        subject,
        says("over a status"),
        std::slice::from_ref(&status),
    );
    let sign = Fact::Signature(Signature {
        entries: vec![note.clone()],
    });
    scene.say(journal, subject, sign, &[]);
    // A strike that names one entry and takes another with it, and one that names nothing.
    let strike =
        |entry: &EntryKey| Fact::Strike(Strike::on(entry.clone(), "note", "none".into()).unwrap());
    let elsewhere = EntryKey::from_parts(scene.world.now, [3; 10]);
    let both = [note.clone(), elsewhere.clone()];
    scene.say(journal, subject, strike(&elsewhere), &both);
    scene.say(
        journal,
        subject,
        strike(&elsewhere),
        std::slice::from_ref(&note),
    );
    // A decision for what is not in question.
    let resolution = Fact::Resolution(Resolution {
        of: vec![status.clone(), elsewhere.clone()],
        decision: Decision::Only(EntryKey::from_parts(scene.world.now, [4; 10])),
        reason: "none".into(),
    });
    scene.say(chart, subject, resolution, &[]);
    for device in 0..HONEST {
        let rows = scene.history(device);
        for key in [&note, &status] {
            let row = rows.iter().find(|row| row.by.entry == *key).unwrap();
            assert!(!row.superseded && row.struck.is_none(), "{row:#?}");
        }
        assert!(!rows.iter().any(|row| row.kind == "resolution"));
        // What does not hold together is shown nowhere; the rest is there for all to see.
        assert_eq!(rows.iter().filter(|row| row.kind == "strike").count(), 1);
    }
    scene.everybody_shows("1 goes on after before");
    scene.everybody_shows("over another's");
    scene.all_agree();
    scene.others_go_on("claims over others");
    scene.restart_everybody();
    scene.all_agree();
}

#[test]
fn a_claim_that_comes_before_what_it_claims_is_judged_alike() {
    let mut scene = Scene::new(34);
    // Tablet 1 has written, and nobody has it yet; the member, who has seen it, is faster.
    scene.world.set_reach(1, Reach::Nothing);
    scene.world.pass(1_000);
    let resident = scene.world.residents[0];
    scene.world.saved(
        1,
        Command::WriteNote {
            resident,
            text: "written first".into(),
            replaces: None,
            at: None,
            sign: false,
        },
    );
    let note = scene.row(1, "written first").unwrap().by.entry;
    let (journal, subject) = (scene.journal, scene.resident());
    let over = Fact::Note(Note {
        text: "claims its place".into(),
    });
    scene.say(journal, subject, over, &[note]);
    scene.world.set_reach(1, Reach::Relay);
    assert!(scene.world.until(60_000, 100, everybody_in_step));
    scene.others_go_on("a claim ahead of its target");
    scene.everybody_shows("written first");
    scene.everybody_shows("claims its place");
    scene.restart_everybody();
    scene.all_agree();
}

#[test]
fn nobody_says_who_somebody_is_but_an_administrator() {
    let mut scene = Scene::new(35);
    let home = Template::home();
    let okafor = home.people()[1].id;
    let staff = |given: &str| {
        Fact::Staff(Staff {
            given: given.into(),
            family: "Impostor".into(),
            role: Role::Administrator,
            credential: None,
        })
    };
    let now = stated(scene.world.now);
    // In the charts, where staff are not entered at all; then where they are.
    let chart = scene.chart();
    scene.say(chart, Subject::Person(okafor), staff("Mallory"), &[]);
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Directory, 35);
    let own = scene.hostile.person_id;
    for person in [okafor, own, PersonId::from_bytes([8; 16])] {
        let subject = Subject::Person(person);
        let people = staff("Mary").home(subject, now, None).unwrap();
        scene.say(people, subject, staff("Mary"), &[]);
    }
    let tablet = Subject::Device(home.device(1));
    let name = Fact::Device(Device {
        name: "Impostor".into(),
    });
    let house = name.home(tablet, now, None).unwrap();
    scene.say(house, tablet, name, &[]);
    // Its own tablet it may name.
    let own = Subject::Device(home.device(3));
    let name = Fact::Device(Device {
        name: "The tablet by the door".into(),
    });
    scene.say(house, own, name, &[]);
    for device in 0..HONEST {
        let shown = everything_shown(
            scene.world.devices[device].engine.as_mut().unwrap(),
            scene.world.now,
        );
        let shown = serde_json::to_string(&shown).unwrap();
        assert!(!shown.contains("Impostor"), "device {device}");
    }
    scene.all_agree();
    scene.others_go_on("an impostor");
}
