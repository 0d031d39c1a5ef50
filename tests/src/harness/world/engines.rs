//! The devices' side of the world: engines driven, closed, killed and started again.

use super::{Happening, Outcome, World};
use crate::harness::device::Hand;
use crate::harness::ledger::Attempt;
use crate::harness::render;
use domain::Fact;
use interface::{Command, Done, Notice, Refusal, Settled, TabletState, TabletView};
use replica::{Effect, Engine, Event, Identity, PlatformKey};

/// Wakes of one device within one second that can have a reason.
const WAKES_PER_SECOND: u32 = 100;

impl World {
    /// Hands an engine what happened and carries out what it wants.
    pub fn drive(&mut self, device: usize, event: Event) {
        let now = self.clock(device);
        let Some(engine) = self.devices[device].engine.as_mut() else {
            return;
        };
        let effects = engine.handle(event, now);
        self.carry_out(device, effects);
    }

    /// An engine that is woken again and again without an end would empty a tablet's battery.
    pub(super) fn awake(&mut self, device: usize) {
        let second = self.now.0 / 1_000;
        let held = &mut self.devices[device];
        if held.woken.0 != second {
            held.woken = (second, 0);
        }
        held.woken.1 += 1;
        held.wakes += 1;
        assert!(
            held.woken.1 < WAKES_PER_SECOND,
            "device {device} is woken without an end"
        );
    }

    /// Carries out effects, unless the process died before it could.
    pub(super) fn carry_out(&mut self, device: usize, effects: Vec<Effect>) {
        if self.devices[device].has_crashed() {
            return self.crash(device);
        }
        for effect in effects {
            match effect {
                Effect::Connect => self.connect(device),
                Effect::Send(frame) => {
                    self.devices[device].sent += 1;
                    if let Some(conn) = self.devices[device].conn {
                        self.send_to_relay(conn, frame);
                    }
                }
                Effect::Disconnect => self.hang_up(device),
                Effect::WakeAt(at) => {
                    self.next += 1;
                    let token = self.next;
                    self.devices[device].wake = Some(token);
                    // An engine that wants to be woken at once for ever stands still here.
                    let at = (at.0 - self.devices[device].skew_ms).max(self.now.0 + 1);
                    self.at(at, Happening::Wake { device, token });
                }
                Effect::Notice(notice) => self.devices[device].notices.push(notice),
            }
        }
    }

    /// A command of whoever uses the device; what was promised goes into the ledger.
    pub fn command(&mut self, device: usize, command: Command) -> Outcome {
        self.enter(device, command, None)
    }

    /// As [`Self::command`]; `fact` is what its first entry says.
    pub fn enter(&mut self, device: usize, command: Command, fact: Option<Fact>) -> Outcome {
        let now = self.clock(device);
        let hand = self.hand(device);
        let commits = self.devices[device].disk.plan().borrow().commits;
        let Some(engine) = self.devices[device].engine.as_mut() else {
            return Outcome::Died;
        };
        let (result, effects) = engine.command(command, now);
        let died = self.devices[device].has_crashed();
        match (&result, hand) {
            (Ok(Done::Saved { entries, .. }), Some(hand)) => {
                // It may have died since, in a later commit of the same call.
                let written = self.devices[device].disk.plan().borrow().commits;
                assert!(written > commits, "saved, and nothing was written");
                self.ledger.keep(hand, entries, fact);
            }
            (Err(Refusal::Storage { .. }), Some(hand)) => {
                self.ledger.uncertain.insert(Attempt {
                    hand,
                    recorded: now,
                });
            }
            (Err(Refusal::Bug { code }), _) => panic!("a refusal says that it is a bug: {code}"),
            _ => {}
        }
        self.carry_out(device, effects);
        match result {
            _ if died => Outcome::Died,
            Ok(done) => Outcome::Done(done),
            Err(refusal) => Outcome::Refused(refusal),
        }
    }

    /// Who holds the device.
    pub fn hand(&self, device: usize) -> Option<Hand> {
        let person = self.people.get(self.devices[device].person?)?.id;
        Some(Hand { device, person })
    }

    /// Opens the engine and starts it; whoever used the device signs in again.
    pub fn start(&mut self, device: usize) {
        let now = self.clock(device);
        let dice = match self.seeds_wanted() {
            true => Box::new(self.seeds.fork()) as Box<dyn replica::Random>,
            false => Box::new(self.dice.fork()),
        };
        let held = &mut self.devices[device];
        let platform = PlatformKey::from_bytes(&held.platform);
        let disk = Box::new(held.disk.clone());
        let engine = Engine::open(disk, platform, dice, now);
        held.engine = Some(engine.unwrap_or_else(|e| panic!("device {device} does not open: {e}")));
        held.life += 1;
        let effects = held.engine.as_mut().expect("just opened").start(now);
        self.carry_out(device, effects);
        if self.devices[device].engine.is_some() {
            self.sign_in_again(device);
            self.enrol_again(device);
        }
    }

    pub(super) fn seeds_wanted(&self) -> bool {
        self.people.is_empty()
    }

    /// Closes the engine, as one closes a browser.
    pub fn stop(&mut self, device: usize) {
        self.hang_up(device);
        let held = &mut self.devices[device];
        held.engine = None;
        held.wake = None;
        held.life += 1;
    }

    /// The process is dead: nothing it wanted is done, and it is started again by and by.
    pub(super) fn crash(&mut self, device: usize) {
        self.tally.count("process died in a commit");
        if let Some(conn) = self.devices[device].conn.take() {
            let delay = self.dice.between(0, 5_000);
            if let Some(connection) = self.conns.get_mut(&conn) {
                connection.broken = true;
            }
            self.later(delay, Happening::EndAtRelay { conn });
        }
        let held = &mut self.devices[device];
        held.connecting = None;
        held.engine = None;
        held.wake = None;
        held.life += 1;
        held.notices.clear();
        let life = held.life;
        let delay = self.dice.between(10, 30_000);
        self.later(delay, Happening::Start { device, life });
    }

    /// Signs a person in, by the seed of their identity.
    pub fn sign_in(&mut self, device: usize, person: usize) -> bool {
        self.devices[device].person = Some(person);
        self.sign_in_again(device)
    }

    /// Whoever uses the device signs in, if nobody is.
    pub fn sign_in_again(&mut self, device: usize) -> bool {
        let Some(person) = self.devices[device].person.and_then(|n| self.people.get(n)) else {
            return false;
        };
        let identity = Identity::from_seed(&person.seed);
        let (id, now) = (person.id, self.clock(device));
        let Some(engine) = self.devices[device].engine.as_mut() else {
            return false;
        };
        if render::signed_in(engine, now).is_some_and(|(who, _)| who == id) {
            return true;
        }
        let outcome = engine.sign_in_with(identity);
        if let Err(Refusal::Bug { code }) = &outcome {
            panic!("a refusal says that it is a bug: {code}");
        }
        // What the engine wants done comes with the next event.
        self.carry_out(device, Vec::new());
        self.drive(device, Event::Tick);
        outcome.is_ok() && self.devices[device].engine.is_some()
    }

    /// Takes the notices a device has had so far.
    pub fn take_notices(&mut self, device: usize) -> Vec<Notice> {
        std::mem::take(&mut self.devices[device].notices)
    }

    /// Waits for a pending command.
    pub fn settled(&mut self, device: usize, outcome: &Outcome) -> Option<Settled> {
        let Outcome::Done(Done::Pending { command }) = outcome else {
            return None;
        };
        for _ in 0..3_000 {
            let found = self.devices[device]
                .notices
                .iter()
                .find_map(|notice| match notice {
                    Notice::Settled {
                        command: which,
                        settled,
                    } if which == command => Some(settled.clone()),
                    _ => None,
                });
            if found.is_some() {
                return found;
            }
            self.pass(20);
        }
        None
    }

    /// Whether the device has exchanged everything with the relay.
    pub fn is_in_step(&mut self, device: usize) -> bool {
        self.tablet(device).is_some_and(|tablet| {
            tablet.link == interface::Link::Live
                && tablet.to_send == 0
                && tablet.arriving == 0
                && matches!(tablet.state, TabletState::Open | TabletState::Locked)
        })
    }

    /// Whether nothing is on its way to anybody.
    pub fn is_quiet(&self) -> bool {
        let mut connections = self.conns.values();
        connections.all(|connection| connection.to_device.bytes + connection.to_relay.bytes == 0)
    }

    /// Whether the device's connection works, whatever the device believes.
    pub fn is_connected(&self, device: usize) -> bool {
        let conn = self.devices[device].conn;
        conn.and_then(|conn| self.conns.get(&conn))
            .is_some_and(|connection| !connection.broken)
    }

    /// What the device says of itself.
    pub fn tablet(&mut self, device: usize) -> Option<TabletView> {
        let now = self.clock(device);
        render::tablet(self.devices[device].engine.as_mut()?, now)
    }
}
