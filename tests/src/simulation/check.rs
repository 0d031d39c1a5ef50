//! What must hold once the home has come together.

use crate::harness::{
    Hand, Tally, World, digest, everything_shown, history, log_of, residents, stored,
};
use domain::Fact;
use domain::journal::{Dose, Observations};
use ids::limits;
use interface::{Query, RelayFault, View};
use std::collections::{BTreeMap, BTreeSet};

/// Envelopes pushed at once, each as long as may be, and what goes with them.
const TO_RELAY_BYTES: u64 = 1 << 20;
/// More than any device here keeps.
const ALL: usize = 1 << 20;

/// Compares every device with every other and all of them with what people were told.
///
/// # Errors
/// What does not hold.
pub fn check(world: &mut World) -> Result<(), String> {
    let enrolled: Vec<usize> = (0..world.devices.len()).collect();
    nothing_is_called_stored_that_is_not(world)?;
    if world.relay_lost {
        return losses_are_said(world, &enrolled);
    }
    outboxes_are_empty(world, &enrolled)?;
    replicas_agree(world, &enrolled)?;
    nothing_kept_is_missing(world, &enrolled)?;
    nothing_is_there_that_nobody_wrote(world)?;
    queues_kept_their_bounds(world)
}

fn outboxes_are_empty(world: &mut World, enrolled: &[usize]) -> Result<(), String> {
    for device in enrolled.iter().copied() {
        let Some(tablet) = world.tablet(device) else {
            return Err(format!("device {device} does not answer"));
        };
        // Who was lied to may have found it out; nobody else has anything to say of the relay.
        let lied_to = world.lied_to.contains(&device);
        let mut faults = tablet.relay_faults.iter();
        let not_taken = tablet.not_accepted
            + tablet.set_aside
            + tablet.refused
            + tablet.for_update
            + tablet.unreadable;
        let faultless = tablet.storage_problem.is_none()
            && tablet.not_shown.is_none()
            && faults.all(|fault| {
                lied_to && matches!(fault, RelayFault::TwoHistories | RelayFault::FalsePlace)
            });
        if (tablet.to_send, not_taken) != (0, 0) || !faultless {
            return Err(format!("device {device} is not well: {tablet:?}"));
        }
    }
    Ok(())
}

/// What a device made and does not hold in its outbox any more, the relay has: nobody was told
/// "stored" of anything else. A device that says that the relay lost what it had signed for has
/// told the truth, too.
pub(super) fn nothing_is_called_stored_that_is_not(world: &mut World) -> Result<(), String> {
    let at_relay: BTreeSet<_> = stored(&world.relay.database())
        .into_iter()
        .map(|row| row.id)
        .collect();
    for device in 0..world.devices.len() {
        let held = &world.devices[device];
        if held.engine.is_none() || (world.relay_lost && says_so(world, device)) {
            continue;
        }
        let log = log_of(&world.devices[device]);
        let wrong = |error| format!("device {device} cannot be read: {error}");
        let unsent: BTreeSet<_> = log
            .outbox(0, ALL)
            .map_err(wrong)?
            .into_iter()
            .map(|row| row.id)
            .collect();
        for position in log.positions().map_err(wrong)? {
            let facts = log.facts(position.stream, 0, ALL).map_err(wrong)?;
            for fact in facts {
                let envelope = fact.envelope.envelope;
                let own = Some(envelope.header().device) == world.devices[device].id;
                let id = envelope.id();
                if own && !unsent.contains(&id) && !at_relay.contains(&id) {
                    return Err(format!(
                        "device {device} takes {id} for stored, and the relay does not have it"
                    ));
                }
            }
        }
    }
    Ok(())
}

fn says_so(world: &mut World, device: usize) -> bool {
    let tablet = world.tablet(device);
    tablet.is_some_and(|tablet| {
        tablet.relay_faults.iter().any(|fault| {
            matches!(
                fault,
                RelayFault::WentBackwards | RelayFault::NewLog | RelayFault::TwoHistories
            )
        })
    })
}

/// The relay lost rows that devices had: each that has connected since says so, also after a
/// restart.
fn losses_are_said(world: &mut World, enrolled: &[usize]) -> Result<(), String> {
    for device in enrolled.iter().copied() {
        world.stop(device);
        world.start(device);
        if !says_so(world, device) {
            return Err(format!(
                "device {device} does not say that the relay lost rows: {:?}",
                world.tablet(device)
            ));
        }
    }
    Ok(())
}

fn replicas_agree(world: &mut World, enrolled: &[usize]) -> Result<(), String> {
    let now = world.now;
    let mut first = None;
    for device in enrolled.iter().copied() {
        let engine = world.devices[device].engine.as_mut().ok_or("no engine")?;
        let (documents, shown) = (digest(engine, now), everything_shown(engine, now));
        let Some((of, here, seen)) = &first else {
            first = Some((device, documents, shown));
            continue;
        };
        if documents != *here {
            let differing: Vec<_> = documents.iter().filter(|row| !here.contains(row)).collect();
            let lacks = [*of, device].map(|device| (device, missing(world, device)));
            return Err(format!(
                "devices {of} and {device} differ in {differing:?}; of what was called saved they lack {lacks:?}"
            ));
        }
        for (question, answer) in &shown {
            if seen.get(question) != Some(answer) {
                let here = seen.get(question).map(ToString::to_string);
                return Err(format!(
                    "devices {of} and {device} show different things for {question}:\n{here:?}\n{answer}"
                ));
            }
        }
    }
    Ok(())
}

/// What was called saved and is not on a device.
fn missing(world: &mut World, device: usize) -> Vec<String> {
    let now = world.now;
    let kept: Vec<_> = world.ledger.kept.keys().cloned().collect();
    let Some(engine) = world.devices[device].engine.as_mut() else {
        return Vec::new();
    };
    kept.into_iter()
        .filter(|key| {
            engine
                .query(&Query::Proof { entry: key.clone() }, now)
                .is_err()
        })
        .map(|key| format!("{key} {:?}", world.ledger.kept.get(&key)))
        .collect()
}

/// Each entry is asked for with its proof on one of the devices; that the others have it, too, is
/// what equal digests say.
fn nothing_kept_is_missing(world: &mut World, enrolled: &[usize]) -> Result<(), String> {
    let now = world.now;
    let kept: Vec<_> = world
        .ledger
        .kept
        .iter()
        .map(|(key, kept)| (key.clone(), kept.clone()))
        .collect();
    for (n, (key, kept)) in kept.into_iter().enumerate() {
        let device = enrolled[n % enrolled.len()];
        let engine = world.devices[device].engine.as_mut().ok_or("no engine")?;
        match engine.query(&Query::Proof { entry: key.clone() }, now) {
            Ok(View::Proof(proof)) if proof.holds && proof.by.person == kept.hand.person => {}
            Ok(View::Proof(proof)) => {
                return Err(format!(
                    "entry {key} is not proved on device {device}: {proof:?}"
                ));
            }
            Ok(other) => return Err(format!("an odd answer: {other:?}")),
            Err(refusal) => {
                return Err(format!(
                    "entry {key} was called saved and is missing on device {device}: {kept:?}: {refusal}"
                ));
            }
        }
    }
    Ok(())
}

fn count_dose(tally: &mut Tally, dose: &Dose) {
    if dose.slot.time.is_none() {
        tally.count("dose as needed");
    }
    if dose.slot.version > 1 {
        tally.count("dose of a later version");
    }
}

/// Whether an entry reads as somebody said. On which scale a set is scored the device says, from the
/// decisions that it has.
fn reads(said: &Fact, reads: Option<&Fact>) -> bool {
    match (said, reads) {
        (Fact::Observations(said), Some(Fact::Observations(reads))) => {
            let scale = reads.scale;
            Observations {
                scale,
                ..said.clone()
            } == *reads
        }
        _ => Some(said) == reads,
    }
}

fn nothing_is_there_that_nobody_wrote(world: &mut World) -> Result<(), String> {
    let now = world.now;
    let hands: BTreeMap<_, usize> = world
        .devices
        .iter()
        .enumerate()
        .filter_map(|(n, device)| Some((device.id?, n)))
        .collect();
    let engine = world.devices[0].engine.as_mut().ok_or("no engine")?;
    let mut seen = BTreeSet::new();
    for resident in residents(engine, now) {
        for row in history(engine, resident, now) {
            let key = row.by.entry.clone();
            // What was in the record before the plan began came from devices that may be off now.
            let before = world.ledger.kept.contains_key(&key);
            let hand = hands.get(&row.by.device).map(|device| Hand {
                device: *device,
                person: row.by.person,
            });
            let explained = match hand {
                Some(hand) => world.ledger.explains(&key, hand),
                None => before,
            };
            if !explained {
                return Err(format!("nobody wrote {row:?}"));
            }
            let said = world
                .ledger
                .kept
                .get(&key)
                .and_then(|kept| kept.fact.as_ref());
            if said.is_some_and(|said| !reads(said, row.fact.as_ref())) {
                return Err(format!("somebody wrote {said:?}, and it reads {row:?}"));
            }
            world.tally.count(format!("entry: {}", row.kind));
            if let Some(Fact::Dose(dose)) = &row.fact {
                count_dose(&mut world.tally, dose);
            }
            if !seen.insert(key) {
                return Err(format!("twice in the history: {row:?}"));
            }
        }
    }
    Ok(())
}

fn queues_kept_their_bounds(world: &World) -> Result<(), String> {
    let to_device = (limits::OUTBOUND_BYTES + limits::MESSAGE_BYTES) as u64 + limits::CREDIT_BYTES;
    for (what, bound) in [
        ("most bytes on the way to the relay", TO_RELAY_BYTES),
        ("most bytes on the way to a device", to_device),
        ("most happenings waiting", 20_000),
    ] {
        let most = world.tally.of(what);
        if most > bound {
            return Err(format!("{what}: {most}, more than {bound}"));
        }
    }
    Ok(())
}
