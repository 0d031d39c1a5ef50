//! Keys, names, seals and headers that are not one's own, or not true.

use crate::scene::{Scene, forgery};
use domain::Fact;
use domain::entry::{Entry, Subject};
use domain::journal::Note;
use ids::{CommandId, EntryKey, RosterSeq};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::journal::stated;
use lamplight_tests::harness::{Template, history};
use wire::message::PushResult;

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
    let theirs = scene.hostile.actor_of(&run, &victim);
    let value = scene.note("in another's name");
    let forged = Forged::honest(&scene.id(), &theirs, scene.world.now, &[value]);
    // The victim's actor in an envelope of one's own.
    let mut as_other = forgery(&scene.hostile, &run, &forged);
    as_other.sealed = Some((theirs, 1, forged.hash()));
    scene.send_forgery(run, 0, &as_other);
    // The victim in the header, too; the signature is one's own.
    let run = scene.hostile.run();
    let theirs = scene.hostile.actor_of(&run, &victim);
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
fn who_claims_a_roster_that_nobody_has_is_put_off_by_the_relay() {
    let mut scene = Scene::new(12);
    let run = scene.hostile.run();
    let forged = scene.honest(&run, "under a roster to come");
    let mut ahead = forgery(&scene.hostile, &run, &forged);
    ahead.header = Box::new(|header| header.roster_seq = RosterSeq(1_000));
    let journal = scene.journal;
    let envelope = scene.hostile.seal(&journal, run, 0, &ahead);
    let answers = scene.hostile.push(&mut scene.world, &[envelope]);
    assert!(
        matches!(answers.as_slice(), [PushResult::Busy]),
        "{answers:?}"
    );
    scene.nobody_shows("under a roster to come");
    scene.others_go_on("a roster that nobody has");
}

/// Makes a header say what is not so.
type Lie = Box<dyn Fn(&mut wire::Header)>;

#[test]
fn headers_that_lie_are_refused_by_everybody() {
    let mut scene = Scene::new(12);
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
    let lies: Vec<Lie> = vec![
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
    scene.others_go_on("headers that lie");
    scene.restart_everybody();
    scene.others_go_on("a restart on top of them");
}
