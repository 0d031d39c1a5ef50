//! A disk that is full while somebody signs in; a clock that leaps.

use crate::{in_step, note, notes};
use domain::ResidentId;
use interface::{Command, Query, Refusal};
use lamplight_tests::harness::{Outcome, World, everything_shown};
use replica::disk::Fault;

const YEAR_MS: i64 = 365 * 24 * 3_600_000;

#[test]
fn a_disk_that_is_full_at_any_commit_of_a_sign_in_loses_nothing_and_shows_all_once_it_has_room() {
    let (mut full, mut closed) = (0, 0);
    for commit in 0..24 {
        let mut world = in_step(2, 94);
        let resident = world.residents[0];
        world.saved(2, note(resident, "arrives while nobody is signed in"));
        world.command(1, Command::Lock);
        world.devices[1].person = None;
        assert!(world.until(30_000, 100, |world| world.is_in_step(1)));
        world.pass(2_000);
        let plan = world.devices[1].disk.plan();
        let before = plan.borrow().fired.len();
        plan.borrow_mut().next = Some((commit, Fault::Full));
        // Refused or not: nothing is half open.
        let signed_in = world.sign_in(1, 0);
        world.pass(100);
        full += plan.borrow().fired.len() - before;
        if signed_in {
            closed += usize::from(is_closed(&mut world, resident));
        }
        plan.borrow_mut().next = None;
        world.pass(10_000);
        assert!(signed_in || world.sign_in(1, 0), "commit {commit}");
        world.pass(10_000);
        let tablet = world.tablet(1).unwrap();
        assert_eq!(tablet.storage_problem, None, "commit {commit}");
        assert_eq!(tablet.not_shown, None, "commit {commit}");
        let now = world.now;
        let mut shown =
            |device: usize| everything_shown(world.devices[device].engine.as_mut().unwrap(), now);
        assert!(shown(1) == shown(2), "commit {commit}");
        let written = world.command(1, note(resident, "goes on"));
        assert!(matches!(written, Outcome::Done(_)), "{written:?}");
    }
    assert!(full > 2, "{full} commits found no room");
    assert!(closed > 0, "no chart was closed");
}

/// Whether a chart is not open to somebody who may read it. Nobody is told then that they may not.
fn is_closed(world: &mut World, resident: ResidentId) -> bool {
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    match engine.query(&Query::Chart { resident }, now) {
        Ok(_) => false,
        Err(Refusal::NotOpenYet) => true,
        Err(other) => panic!("{other:?}"),
    }
}

#[test]
fn a_clock_that_leaps_a_year_ahead_and_back_leaves_nothing_unsent_and_nobody_waiting() {
    let mut world = in_step(2, 95);
    let resident = world.residents[0];
    world.saved(1, note(resident, "before"));
    world.devices[1].skew_ms += YEAR_MS;
    world.pass(5_000);
    world.reset(1);
    world.pass(5_000);
    // Said as soon as the relay says its time, and written all the same.
    let tablet = world.tablet(1).unwrap();
    assert!(tablet.clock_wrong_ms.is_some_and(|off| off > YEAR_MS / 2));
    let written = world.command(1, note(resident, "by a clock of next year"));
    assert!(matches!(written, Outcome::Done(_)), "{written:?}");
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.devices[1].skew_ms -= YEAR_MS;
    world.pass(1_000);
    let written = world.command(1, note(resident, "after"));
    assert!(matches!(written, Outcome::Done(_)), "{written:?}");
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.reset(1);
    world.pass(10_000);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert_eq!(world.tablet(1).unwrap().clock_wrong_ms, None);
    world.pass(5_000);
    for device in [1, 2] {
        assert_eq!(notes(&mut world, device, resident).len(), 3, "{device}");
    }
    // Others write and are heard by it as fast as before.
    world.saved(2, note(resident, "by another"));
    assert!(world.until(5_000, 50, |world| notes(world, 1, resident).len() == 4));
}
