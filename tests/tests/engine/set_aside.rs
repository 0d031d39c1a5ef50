//! What stops an engine, cannot be read or finds no room: nothing of it stops the rest, and nothing
//! is left out in silence.

use crate::{in_step, newest_own, note, notes};
use ids::{EnvelopeId, RunId, UnixMillis};
use interface::{Command, NotShown};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::journal::{journal_of, note_in};
use lamplight_tests::harness::{Forgery, Hostile, Outcome, Reach, Template, World, log_of};
use replica::disk::{Fault, FaultPlan};
use replica::log::{LogChange, Setting, SettingRow, Standing};

/// How often a device died of what its plan says.
fn deaths(world: &World, device: usize) -> usize {
    world.devices[device].disk.plan().borrow().fired.len()
}

/// Starts a device that died or was stopped, and signs in there.
fn start_again(world: &mut World, device: usize) {
    world.devices[device].person = None;
    if world.devices[device].engine.is_none() {
        world.start(device);
    }
    world.sign_in(device, 0);
    world.pass(5_000);
}

#[test]
fn what_kills_the_engine_whenever_it_is_read_is_set_aside_and_the_rest_is_shown() {
    let mut world = in_step(2, 41);
    let (resident, other) = (world.residents[0], world.residents[1]);
    world.saved(2, note(resident, "before"));
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.pass(5_000);
    world.set_reach(1, Reach::Nothing);
    world.saved(2, note(resident, "kills"));
    let fatal = newest_own(&world, 2);
    assert!(world.until(60_000, 100, |world| world.is_in_step(2)));
    world.devices[1].disk.plan().borrow_mut().fatal = Some(fatal.id());
    world.devices[1].person = None;
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 100, |world| deaths(world, 1) == 1));
    // A process that died is started again by and by, so that one turn may see two deaths.
    for _ in 1..=2 {
        start_again(&mut world, 1);
    }
    for start in 3..=4 {
        start_again(&mut world, 1);
        assert_eq!(deaths(&world, 1), 3, "start {start}");
        assert_eq!(world.tablet(1).unwrap().set_aside, 1);
        // Elsewhere: what builds on it waits with it.
        world.saved(0, note(other, "after"));
        for device in [0, 1] {
            assert!(world.until(60_000, 100, |world| world.is_in_step(device)));
        }
        world.pass(2_000);
        let shown = notes(&mut world, 1, resident);
        assert!(shown.contains(&"before".to_owned()), "{shown:?}");
        assert!(notes(&mut world, 1, other).contains(&"after".to_owned()));
        assert!(!shown.contains(&"kills".to_owned()), "{shown:?}");
        world.saved(1, note(other, "work goes on"));
        world.stop(1);
    }
}

#[test]
fn nothing_is_set_aside_when_somebody_ends_the_process() {
    let mut world = in_step(2, 42);
    let resident = world.residents[0];
    for n in 0..4 {
        world.saved(2, note(resident, &format!("note {n}")));
        assert!(world.until(60_000, 100, |world| world.is_in_step(2)));
        world.pass(2_000);
        world.stop(1);
        start_again(&mut world, 1);
        assert_eq!(world.tablet(1).unwrap().set_aside, 0);
        assert_eq!(notes(&mut world, 1, resident).len(), n + 1);
    }
}

#[test]
fn noting_what_is_tried_costs_no_commit_of_its_own() {
    let mut world = in_step(2, 43);
    let resident = world.residents[0];
    world.pass(5_000);
    let notes_alone = |world: &World| {
        let plan = world.devices[1].disk.plan();
        let plan = plan.borrow();
        let changes = plan.history.as_ref().unwrap().iter();
        let tries = |(setting, _): &SettingRow| matches!(setting, Setting::Trying(_));
        let noted = changes.filter(|change| change.settings.iter().any(tries));
        let (with, alone): (Vec<_>, Vec<_>) = noted.partition(|c| !c.envelopes.is_empty());
        (with.len(), alone.len())
    };
    let before = notes_alone(&world);
    for n in 0..5 {
        world.saved(2, note(resident, &format!("theirs {n}")));
        world.pass(3_000);
        world.saved(1, note(resident, &format!("ours {n}")));
        world.pass(3_000);
    }
    let after = notes_alone(&world);
    assert_eq!(after.1, before.1, "a commit for a note alone");
    assert_eq!(after.0, before.0 + 10);
}

/// As if another version had judged an envelope so.
fn judged_by_another_version(world: &World, device: usize, id: EnvelopeId, standing: Standing) {
    let change = LogChange {
        settings: vec![(Setting::Program, Some(b"another".to_vec()))],
        standing: vec![(id, standing)],
        ..LogChange::default()
    };
    log_of(&world.devices[device]).commit(&change).unwrap();
}

/// A member whose envelopes are made here.
struct Member {
    hostile: Hostile,
    journal: domain::Document,
    resident: domain::ResidentId,
    at: UnixMillis,
}

impl Member {
    fn new(world: &World, resident: domain::ResidentId) -> Self {
        Self {
            hostile: Hostile::new(Template::home(), 3, 2, 44),
            journal: journal_of(resident, world.now),
            resident,
            at: world.now,
        }
    }

    /// The first change of a run.
    fn note(&self, run: &RunId, text: &str) -> Forged {
        let document = self.hostile.document_id(&self.journal);
        let value = note_in(self.resident, self.at, text);
        Forged::honest(&document, &self.hostile.actor(run), self.at, &[value])
    }

    fn send(&mut self, world: &mut World, run: RunId, run_seq: u64, forged: &Forged) -> EnvelopeId {
        let forgery = Forgery {
            header: Box::new(|_| {}),
            chunks: vec![forged.chunk()],
            sealed: Some((self.hostile.actor(&run), forged.seq, forged.hash())),
        };
        let envelope = self.hostile.seal(&self.journal, run, run_seq, &forgery);
        self.hostile.push(world, std::slice::from_ref(&envelope));
        world.pass(3_000);
        envelope.id()
    }
}

/// A change that builds on another one.
fn behind(first: &Forged, then: Forged) -> Forged {
    Forged {
        deps: vec![first.hash().to_bytes()],
        start_op: 2,
        ..then
    }
}

#[test]
fn what_was_kept_apart_after_a_death_takes_its_place_in_the_order_of_the_log_all_the_same() {
    let mut world = in_step(2, 50);
    let resident = world.residents[0];
    let plan = world.devices[1].disk.plan();
    plan.borrow_mut().views_are_kept = true;
    world.stop(1);
    start_again(&mut world, 1);
    let mut member = Member::new(&world, resident);
    let [run, other] = [member.hostile.run(), member.hostile.run()];
    let awaited = member.note(&other, "awaited");
    let first = behind(&awaited, member.note(&run, "first of two"));
    let second = member.note(&run, "second of two");
    member.send(&mut world, run, 0, &first);
    world.set_reach(1, Reach::Nothing);
    world.pass(40_000);
    member.send(&mut world, other, 0, &awaited);
    let second = member.send(&mut world, run, 1, &second);
    // Both are durable, and then the engine dies.
    plan.borrow_mut().fatal = Some(second);
    world.devices[1].person = None;
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 100, |world| deaths(world, 1) == 1));
    plan.borrow_mut().fatal = None;
    start_again(&mut world, 1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.pass(2_000);
    for device in [1, 2] {
        let shown = notes(&mut world, device, resident);
        assert!(
            shown.contains(&"first of two".to_owned()),
            "{device}: {shown:?}"
        );
        assert!(
            !shown.contains(&"second of two".to_owned()),
            "{device}: {shown:?}"
        );
        assert_eq!(world.tablet(device).unwrap().refused, 1);
    }
}

#[test]
fn what_waited_and_stops_the_engine_when_it_is_woken_is_told_from_what_woke_it() {
    let mut world = in_step(2, 44);
    let resident = world.residents[0];
    world.devices[1].disk.plan().borrow_mut().views_are_kept = true;
    world.stop(1);
    start_again(&mut world, 1);
    let mut member = Member::new(&world, resident);
    let run = [member.hostile.run(), member.hostile.run()];
    let wakes = member.note(&run[0], "wakes");
    let kills = behind(&wakes, member.note(&run[1], "kills"));
    let kills = member.send(&mut world, run[1], 0, &kills);
    assert!(notes(&mut world, 1, resident).is_empty());
    // What comes next is durable, and then the engine dies of what it wakes.
    let plan = world.devices[1].disk.plan();
    let dies = |plan: &mut FaultPlan| plan.next = Some((0, Fault::CrashAfter));
    dies(&mut plan.borrow_mut());
    plan.borrow_mut().fatal = Some(kills);
    world.devices[1].person = None;
    member.send(&mut world, run[0], 0, &wakes);
    for _ in 0..4 {
        start_again(&mut world, 1);
    }
    assert_eq!(plan.borrow().fired.len(), 3, "once together, twice alone");
    assert_eq!(world.tablet(1).unwrap().set_aside, 1);
    assert_eq!(notes(&mut world, 1, resident), ["wakes"]);
    assert_eq!(notes(&mut world, 2, resident).len(), 2);
}

#[test]
fn a_new_version_tries_again_what_was_set_aside_or_waited_for_an_update() {
    for (standing, seed) in [(Standing::SetAside, 45), (Standing::Waits, 46)] {
        let mut world = in_step(2, seed);
        let resident = world.residents[0];
        world.saved(2, note(resident, "not taken"));
        let id = newest_own(&world, 2).id();
        assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
        world.pass(2_000);
        world.stop(1);
        let change = LogChange {
            standing: vec![(id, standing)],
            ..LogChange::default()
        };
        log_of(&world.devices[1]).commit(&change).unwrap();
        start_again(&mut world, 1);
        let tablet = world.tablet(1).unwrap();
        assert_eq!(tablet.set_aside + tablet.for_update, 1, "{standing:?}");
        assert!(notes(&mut world, 1, resident).is_empty());
        world.stop(1);
        judged_by_another_version(&world, 1, id, standing);
        start_again(&mut world, 1);
        let tablet = world.tablet(1).unwrap();
        assert_eq!(tablet.set_aside + tablet.for_update, 0, "{standing:?}");
        assert_eq!(notes(&mut world, 1, resident), ["not taken"]);
    }
}

#[test]
fn a_view_that_cannot_be_removed_is_said_so_and_tried_again_without_haste() {
    let mut world = in_step(2, 47);
    let resident = world.residents[0];
    world.devices[1].disk.plan().borrow_mut().views_are_kept = true;
    world.stop(1);
    start_again(&mut world, 1);
    world.saved(1, note(resident, "the first"));
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    world.set_reach(1, Reach::Nothing);
    crate::take_the_next_place(&mut world, 1);
    world.saved(1, note(resident, "refused"));
    world.devices[1].disk.plan().borrow_mut().views_stay = true;
    world.set_reach(1, Reach::Relay);
    let says_so = |world: &mut World| world.tablet(1).unwrap().not_shown.is_some();
    assert!(world.until(60_000, 100, says_so));
    assert_eq!(world.tablet(1).unwrap().not_shown, Some(NotShown::Storage));
    let before = world.devices[1].wakes;
    world.pass(60_000);
    let wakes = world.devices[1].wakes - before;
    assert!(wakes < 120, "{wakes} wakes in a minute");
    // A commit that succeeds has nothing to do with it.
    let draft = Command::KeepDraft {
        key: "note".into(),
        text: "kept".into(),
    };
    assert!(matches!(world.command(1, draft), Outcome::Done(_)));
    assert!(says_so(&mut world));
    // Nor does the clock decide when it is tried again.
    world.devices[1].skew_ms -= 12 * 3_600_000;
    world.devices[1].disk.plan().borrow_mut().views_stay = false;
    world.pass(5_000);
    assert!(!says_so(&mut world));
    assert_eq!(notes(&mut world, 1, resident), ["the first"]);
}

#[test]
fn own_work_that_the_disk_does_not_give_back_is_counted_and_holds_up_its_document_only() {
    let mut world = in_step(1, 48);
    let (resident, other) = (world.residents[0], world.residents[1]);
    world.set_reach(1, Reach::Nothing);
    world.saved(1, note(resident, "cannot be read"));
    let lost = newest_own(&world, 1).id();
    world.saved(1, note(resident, "behind it"));
    world.saved(1, note(other, "elsewhere"));
    world.devices[1].disk.plan().borrow_mut().unreadable = Some(lost);
    world.set_reach(1, Reach::Relay);
    assert!(
        world.until(60_000, 100, |world| world.tablet(1).unwrap().unreadable
            == 1)
    );
    world.pass(10_000);
    assert_eq!(world.tablet(1).unwrap().to_send, 2);
    assert_eq!(notes(&mut world, 0, other), ["elsewhere"]);
    // The disk recovers.
    world.devices[1].disk.plan().borrow_mut().unreadable = None;
    world.reset(1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert_eq!(world.tablet(1).unwrap().unreadable, 0);
    assert!(world.until(60_000, 100, |world| world.is_in_step(0)));
    world.pass(2_000);
    assert_eq!(notes(&mut world, 0, resident).len(), 2);
}

#[test]
fn a_damaged_view_is_built_again_by_itself() {
    let mut world = in_step(2, 49);
    let resident = world.residents[0];
    world.devices[1].disk.plan().borrow_mut().views_are_kept = true;
    world.stop(1);
    start_again(&mut world, 1);
    world.saved(1, note(resident, "before"));
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.pass(2_000);
    world.stop(1);
    world.devices[1].disk.damage_view("care");
    start_again(&mut world, 1);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.saved(2, note(resident, "after"));
    world.pass(5_000);
    assert_eq!(world.tablet(1).unwrap().not_shown, None);
    assert_eq!(notes(&mut world, 1, resident).len(), 2);
}
