//! Plays a plan.

use super::acts::{act, count_contradictions};
use super::check::{check, nothing_is_called_stored_that_is_not};
use super::plan::{Op, Plan, Verb};
use crate::harness::{Dice, Lie, Outcome, Reach, Tally, Template, Weather, World, log_of};
use ids::Seq;
use interface::{Command, Done};
use replica::disk::{Fault, MemoryDisk};
use replica::log::LogChange;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Milliseconds within which a healed home must have come together.
const TOGETHER_MS: i64 = 600_000;
/// Milliseconds within which most homes do.
const SOON_MS: i64 = 60_000;

/// What came of a plan.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// How often each thing really happened.
    pub tally: Tally,
    /// What is wrong, if anything.
    pub failure: Option<String>,
}

/// Plays a plan in a world of its own and checks everything; a panic is a failure like another.
pub fn run(plan: &Plan) -> Report {
    let played = catch_unwind(AssertUnwindSafe(|| {
        let mut world = play(plan);
        let told = nothing_is_called_stored_that_is_not(&mut world);
        let failure = told
            .and_then(|()| heal(&mut world))
            .and_then(|()| check(&mut world))
            .err();
        count_contradictions(&mut world, 0);
        (world.tally, failure)
    }));
    match played {
        Ok((tally, failure)) => Report { tally, failure },
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            let failure = Some(format!("panic: {}", text.unwrap_or_default()));
            Report {
                tally: Tally::default(),
                failure,
            }
        }
    }
}

/// The first phase: everything that the plan says is done.
pub fn play(plan: &Plan) -> World {
    let mut world = Template::home().world(plan.tablets, plan.seed);
    let mut dice = Dice::new(plan.seed);
    for device in 0..world.devices.len() {
        world.devices[device].skew_ms = dice.between(-plan.skew_ms, plan.skew_ms);
        if world.devices[device].skew_ms != 0 {
            world.tally.count("clock wrong");
        }
        let person = device % world.people.len();
        world.sign_in(device, person);
    }
    world.weather = plan.weather;
    if plan.ops.iter().any(|op| op.verb == Verb::RollBack) {
        world.keep_relay_copy();
    }
    for (number, op) in plan.ops.iter().enumerate() {
        step(&mut world, *op, number);
    }
    world
}

fn step(world: &mut World, op: Op, number: usize) {
    let op = Op {
        device: op.device % world.devices.len(),
        ..op
    };
    let device = op.device;
    let a = i64::try_from(op.a).unwrap_or(0);
    match op.verb {
        Verb::Wait => world.pass(a),
        Verb::Night => {
            world.tally.add("hours asleep", op.a);
            world.sleep(a * 3_600_000);
        }
        Verb::Cut => {
            world.tally.count("cut");
            world.set_reach(device, Reach::Nothing);
        }
        Verb::Portal => world.set_reach(device, Reach::Portal),
        Verb::Restore => {
            world.set_reach(device, Reach::Relay);
            if op.a % 2 == 1 {
                world.command(device, Command::Reconnect);
            }
        }
        Verb::Reset => world.reset(device),
        Verb::Silence => world.silence(device),
        Verb::Restart => {
            world.tally.count("engine closed and opened");
            world.stop(device);
            world.start(device);
        }
        Verb::CrashBefore => plan_fault(world, op, Fault::CrashBefore),
        Verb::CrashAfter => plan_fault(world, op, Fault::CrashAfter),
        Verb::FailBefore => plan_fault(world, op, Fault::FailBefore),
        Verb::FailAfter => plan_fault(world, op, Fault::FailAfter),
        Verb::Full => plan_fault(world, op, Fault::Full),
        Verb::RelayRestart => world.restart_relay(),
        Verb::RelayFull => world.relay.fill_disk(u32::try_from(op.a).unwrap_or(1)),
        Verb::Lock => {
            world.command(device, Command::Lock);
        }
        Verb::SignIn => {
            let person = usize::try_from(op.a).unwrap_or(0) % world.people.len();
            ready(world, device);
            world.sign_in(device, person);
        }
        Verb::Enrol => enrol(world),
        Verb::FalsePlaces => world.lie_to(device, Lie::FalsePlaces(Seq(op.a.max(1)))),
        Verb::SwapReceipts => world.lie_to(device, Lie::SwappedReceipts),
        Verb::Truth => world.stop_lying(),
        Verb::RollBack => world.roll_relay_back(),
        Verb::ReplaceLogs => world.replace_relay_logs(),
        Verb::Believe => believe(world, device),
        Verb::Lose => lose(world, device),
        Verb::Disown => {
            if let Some(key) = world.ledger.order.pop() {
                world.ledger.kept.remove(&key);
            }
        }
        Verb::Note
        | Verb::Observations
        | Verb::Dose
        | Verb::Allergy
        | Verb::CodeStatus
        | Verb::Scale
        | Verb::Problem
        | Verb::Order
        | Verb::End
        | Verb::Move
        | Verb::Unit
        | Verb::Room
        | Verb::Admit
        | Verb::Rename
        | Verb::Addendum
        | Verb::Strike
        | Verb::Sign
        | Verb::Resolve
        | Verb::Bulk
        | Verb::Settings
        | Verb::Draft => work(world, op, number),
    }
}

/// Somebody enters something.
fn work(world: &mut World, op: Op, number: usize) {
    ready(world, op.device);
    if !world.sign_in_again(op.device) {
        world.tally.count("nobody could sign in");
        return;
    }
    let Some((command, fact)) = act(world, op, number) else {
        world.tally.count("nothing to do it to");
        return;
    };
    match world.enter(op.device, command, fact) {
        Outcome::Done(done) => {
            world.tally.count("saved");
            if let Done::Saved {
                resident: Some(admitted),
                ..
            } = done
            {
                world.residents.push(admitted);
            }
        }
        Outcome::Died => world.tally.count("died while saving"),
        Outcome::Refused(interface::Refusal::Storage { .. }) => {
            world.tally.count("refused by the disk")
        }
        Outcome::Refused(interface::Refusal::Locked | interface::Refusal::NotEnrolled) => {
            world.tally.count("refused: locked")
        }
        Outcome::Refused(
            interface::Refusal::NotFound { .. }
            | interface::Refusal::NotOpenYet
            | interface::Refusal::Changed
            | interface::Refusal::NoSlot(_),
        ) => {
            world.tally.count("refused: not here yet");
        }
        Outcome::Refused(other) => {
            assert!(
                matches!(
                    other,
                    interface::Refusal::NotAllowed { .. }
                        | interface::Refusal::Field { .. }
                        | interface::Refusal::Contradicted { .. }
                ),
                "an honest command was refused: {other:?}"
            );
            world.tally.count("refused by a rule");
        }
    }
    let unsent = world.tablet(op.device).map_or(0, |tablet| tablet.to_send);
    world.tally.most("most envelopes unsent", unsent.into());
}

/// Starts a process that died, before somebody uses the device.
fn ready(world: &mut World, device: usize) {
    if world.devices[device].engine.is_none() {
        world.start(device);
    }
}

fn plan_fault(world: &mut World, op: Op, fault: Fault) {
    let after = u32::try_from(op.a).unwrap_or(0);
    world.devices[op.device].disk.plan().borrow_mut().next = Some((after, fault));
}

/// The office makes a link, if it can now, and a blank tablet begins to enrol with it.
fn enrol(world: &mut World) {
    ready(world, 0);
    if world.devices.len() >= 7 || !world.sign_in(0, 0) {
        return;
    }
    let Some(links) = world.invite(0, 1) else {
        world.tally.count("no link: the relay was not reached");
        return;
    };
    for link in links {
        let device = world.add_blank();
        world.devices[device].disk.plan().borrow_mut().history = Some(Vec::new());
        world.devices[device].link = Some(link);
        world.devices[device].person = Some(1);
        world.enrol_again(device);
        world.tally.count("tablet began to enrol");
    }
}

/// Planted: an engine that believed a place would have emptied its outbox so.
fn believe(world: &mut World, device: usize) {
    let mut log = log_of(&world.devices[device]);
    let newest = log.outbox(0, usize::MAX >> 1).unwrap().pop();
    let change = LogChange {
        sent: vec![newest.expect("there is something to send").id],
        ..LogChange::default()
    };
    log.commit(&change).unwrap();
}

/// Planted: a disk that forgets what it had called durable.
fn lose(world: &mut World, device: usize) {
    world.stop(device);
    let plan = world.devices[device].disk.plan();
    let mut changes = plan
        .borrow_mut()
        .history
        .take()
        .expect("disks keep their history here");
    let newest = changes
        .iter()
        .rposition(|change| change.envelopes.iter().any(|new| new.outbox.is_some()));
    changes.remove(newest.expect("there is something to lose"));
    let disk = MemoryDisk::of(&changes).expect("a disk in memory");
    disk.plan().borrow_mut().history = Some(changes);
    world.devices[device].disk = disk;
    world.start(device);
}

/// The second phase: every fault ends, everybody reconnects, and the home comes together.
pub(super) fn heal(world: &mut World) -> Result<(), String> {
    world.weather = Weather::FAIR;
    world.relay.fill_disk(0);
    world.stop_lying();
    if !world.lied_to.is_empty() {
        // What was answered falsely on a connection may stay open on it: nobody signs for it.
        world.restart_relay();
    }
    for device in 0..world.devices.len() {
        world.devices[device].disk.plan().borrow_mut().next = None;
        world.devices[device].reach = Reach::Relay;
        ready(world, device);
    }
    if world.relay_lost {
        // A record that has lost rows is not made whole by anybody yet; what is said of it counts.
        world.pass(SOON_MS);
        count_faults(world);
        return Ok(());
    }
    let began = world.now;
    let together = world.until(TOGETHER_MS, 500, |world| {
        // What one has just sent may still be on its way to the others.
        all_are_done(world) && {
            world.pass(3_000);
            all_are_done(world)
        }
    });
    count_faults(world);
    let took = world.now.since(began);
    world.tally.count(if took <= SOON_MS {
        "together within a minute"
    } else {
        "together later"
    });
    if together {
        return Ok(());
    }
    let states: Vec<String> = (0..world.devices.len())
        .map(|device| format!("device {device}: {}", state(world, device)))
        .collect();
    Err(format!(
        "not together after ten minutes:\n  {}",
        states.join("\n  ")
    ))
}

/// What a device that is not in step says of itself.
fn state(world: &mut World, device: usize) -> String {
    let Some(tablet) = world.tablet(device) else {
        return "does not answer".into();
    };
    format!(
        "{:?} {:?}, to send {}, arriving {}, set aside {}, {:?} {:?}",
        tablet.state,
        tablet.link,
        tablet.to_send,
        tablet.arriving,
        tablet.set_aside,
        tablet.relay_faults,
        tablet.storage_problem
    )
}

fn all_are_done(world: &mut World) -> bool {
    world.is_quiet()
        && (0..world.devices.len()).all(|device| {
            world.enrol_again(device);
            world.sign_in(device, 0) && is_done(world, device)
        })
}

fn is_done(world: &mut World, device: usize) -> bool {
    let now = world.clock(device);
    let in_step = world.is_connected(device) && world.is_in_step(device);
    let shown = world.devices[device].engine.as_mut().is_some_and(|engine| {
        matches!(
            engine.query(&interface::Query::Session, now),
            Ok(interface::View::Session(session)) if session.arriving == 0
        )
    });
    in_step && shown
}

fn count_faults(world: &mut World) {
    let fired: Vec<Fault> = world
        .devices
        .iter()
        .flat_map(|device| device.disk.plan().borrow().fired.clone())
        .collect();
    for fault in fired {
        world.tally.count(match fault {
            Fault::Full => "disk full",
            Fault::FailBefore => "disk failed before writing",
            Fault::FailAfter => "disk failed after writing",
            Fault::CrashBefore => "died before writing",
            Fault::CrashAfter => "died after writing",
        });
    }
    let counts = world.relay.counts();
    world
        .tally
        .add("relay disk full", world.relay.times_full().into());
    world
        .tally
        .add("envelope pushed again", counts.envelopes_duplicate);
    world.tally.add("envelope stored", counts.envelopes_stored);
}
