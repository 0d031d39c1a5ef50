//! The world: what happens next, and to whom.

mod engines;
mod wires;

use super::device::Device;
use super::dice::{Dice, SeenSeeds};
use super::ledger::Ledger;
use super::lies::Lie;
use super::network::{Connection, Tally, Weather};
use super::relay::RelayHost;
use super::template::Person;
use bytes::Bytes;
use domain::entry::ResidentId;
use ids::UnixMillis;
use interface::{Done, Refusal};
use replica::disk::MemoryDisk;
use replica::{Ended, Event};
use server::ConnId;
use std::collections::{BTreeMap, BTreeSet};

/// Milliseconds between two ticks of the relay while anything is going on.
const TICK_MS: i64 = 100;

/// Something that will happen.
enum Happening {
    Opened {
        device: usize,
        attempt: u64,
    },
    NotOpened {
        device: usize,
        attempt: u64,
        how: Ended,
    },
    ToRelay {
        conn: ConnId,
        frame: Bytes,
        len: usize,
    },
    ToDevice {
        conn: ConnId,
        frame: Bytes,
    },
    EndAtRelay {
        conn: ConnId,
    },
    EndAtDevice {
        conn: ConnId,
        how: Ended,
    },
    Wake {
        device: usize,
        token: u64,
    },
    Start {
        device: usize,
        life: u64,
    },
    Commit,
    Tick,
}

/// What came of a command.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// What the engine said.
    Done(Done),
    /// What it refused.
    Refused(Refusal),
    /// Its process died; nobody was told anything.
    Died,
}

/// A home, its relay and the network between them.
pub struct World {
    /// The time.
    pub now: UnixMillis,
    /// The devices.
    pub devices: Vec<Device>,
    /// The relay.
    pub relay: RelayHost,
    /// What the network does.
    pub weather: Weather,
    /// How often each thing really happened.
    pub tally: Tally,
    /// What people were told.
    pub ledger: Ledger,
    /// The staff.
    pub people: Vec<Person>,
    /// The residents.
    pub residents: Vec<ResidentId>,
    /// Devices that were ever lied to.
    pub lied_to: BTreeSet<usize>,
    /// The relay has lost what it had signed for.
    pub relay_lost: bool,
    /// Pushes that were swallowed ([`Lie::NoAnswers`]), each with its envelopes.
    pub unanswered: Vec<Vec<Bytes>>,
    pub(super) lies: BTreeMap<usize, Lie>,
    pub(super) relay_copy: Option<Vec<u8>>,
    /// Throws seeds of identities are looked for among, while a home is founded.
    pub(super) seeds: SeenSeeds,
    pub(super) dice: Dice,
    conns: BTreeMap<ConnId, Connection>,
    /// What came for connections that no engine holds.
    raw: BTreeMap<ConnId, Vec<Bytes>>,
    queue: BTreeMap<(i64, u64), Happening>,
    next: u64,
    ticking_until: i64,
    tick_due: bool,
    commit_due: bool,
}

impl World {
    /// A relay, a founding token and nobody.
    pub fn new(now: UnixMillis, relay: RelayHost, mut dice: Dice) -> Self {
        Self {
            now,
            devices: Vec::new(),
            relay,
            weather: Weather::FAIR,
            tally: Tally::default(),
            ledger: Ledger::default(),
            people: Vec::new(),
            residents: Vec::new(),
            lied_to: BTreeSet::new(),
            relay_lost: false,
            unanswered: Vec::new(),
            lies: BTreeMap::new(),
            relay_copy: None,
            seeds: SeenSeeds::new(dice.fork()),
            dice,
            conns: BTreeMap::new(),
            raw: BTreeMap::new(),
            queue: BTreeMap::new(),
            next: 0,
            ticking_until: 0,
            tick_due: false,
            commit_due: false,
        }
    }

    /// Another device, with its engine started.
    pub fn add_device(&mut self, disk: MemoryDisk, platform: [u8; 32]) -> usize {
        self.devices.push(Device::new(disk, platform));
        let device = self.devices.len() - 1;
        self.start(device);
        device
    }

    /// A blank device.
    pub fn add_blank(&mut self) -> usize {
        let platform = self.dice.bytes();
        self.add_device(MemoryDisk::new(), platform)
    }

    /// What a device's clock says.
    pub fn clock(&self, device: usize) -> UnixMillis {
        self.devices[device].clock(self.now)
    }

    /// Lets happen whatever happens next, if that is before `end`; `false` when it is not.
    pub fn step(&mut self, end: UnixMillis) -> bool {
        match self.queue.first_key_value() {
            Some(((at, _), _)) if *at <= end.0 => {}
            _ => return false,
        }
        let Some(((at, _), happening)) = self.queue.pop_first() else {
            return false;
        };
        self.now = UnixMillis(at.max(self.now.0));
        self.happen(happening);
        true
    }

    /// Lets time pass.
    pub fn pass(&mut self, millis: i64) {
        let end = self.now.plus(millis);
        while self.step(end) {}
        self.now = end;
    }

    /// Lets time pass in which nothing happens: everybody is asleep, and every connection is gone
    /// when they wake.
    pub fn sleep(&mut self, millis: i64) {
        let conns: Vec<ConnId> = self.conns.keys().copied().collect();
        for conn in conns {
            self.conns.remove(&conn);
            self.relay.disconnect(conn);
        }
        self.queue.clear();
        self.now = self.now.plus(millis);
        (self.tick_due, self.commit_due) = (false, false);
        for device in 0..self.devices.len() {
            self.devices[device].conn = None;
            self.devices[device].connecting = None;
            match self.devices[device].engine {
                Some(_) => {
                    self.drive(device, Event::Disconnected(Ended::Network));
                    self.drive(device, Event::Tick);
                }
                None => self.start(device),
            }
        }
        self.wake_relay();
    }

    /// Lets time pass until it is so, for so many milliseconds at most; asks every `every`.
    pub fn until(&mut self, within: i64, every: i64, is_so: impl Fn(&mut Self) -> bool) -> bool {
        let end = self.now.plus(within);
        loop {
            if is_so(self) {
                return true;
            }
            if self.now >= end {
                return false;
            }
            self.pass(every);
        }
    }

    fn later(&mut self, delay: i64, happening: Happening) {
        self.at(self.now.0 + delay.max(0), happening);
    }

    fn at(&mut self, at: i64, happening: Happening) {
        self.next += 1;
        self.queue.insert((at, self.next), happening);
        let waiting = self.queue.len() as u64;
        self.tally.most("most happenings waiting", waiting);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Opened { device, attempt } => self.opened(device, attempt),
            Happening::NotOpened {
                device,
                attempt,
                how,
            } => {
                if self.devices[device].connecting == Some(attempt) {
                    self.devices[device].connecting = None;
                    self.drive(device, Event::Disconnected(how));
                }
            }
            Happening::ToRelay { conn, frame, len } => {
                if let Some(connection) = self.conns.get_mut(&conn) {
                    connection.to_relay.bytes -= len;
                    match self.false_answer(conn, &frame) {
                        Some(Some(answer)) => self.send_to_device(conn, answer),
                        Some(None) => {}
                        None => self.relay.receive(conn, frame, self.now),
                    }
                    self.wake_relay();
                }
            }
            Happening::ToDevice { conn, frame } => self.arrive_at_device(conn, frame),
            Happening::EndAtRelay { conn } => {
                if self.conns.remove(&conn).is_some() {
                    self.relay.disconnect(conn);
                }
            }
            Happening::EndAtDevice { conn, how } => {
                if let Some(device) = self.holder(conn) {
                    self.devices[device].conn = None;
                    self.drive(device, Event::Disconnected(how));
                }
            }
            Happening::Wake { device, token } => {
                if self.devices[device].wake == Some(token) {
                    self.devices[device].wake = None;
                    self.awake(device);
                    self.drive(device, Event::Tick);
                }
            }
            Happening::Start { device, life } => {
                if self.devices[device].life == life && self.devices[device].engine.is_none() {
                    self.start(device);
                }
            }
            Happening::Commit => {
                self.commit_due = false;
                while self.relay.commit(self.now) {}
                self.post();
            }
            Happening::Tick => {
                self.tick_due = false;
                self.relay.tick(self.now);
                self.post();
                if self.now.0 < self.ticking_until {
                    self.tick_due = true;
                    self.later(TICK_MS, Happening::Tick);
                }
            }
        }
    }

    pub(super) fn holder(&self, conn: ConnId) -> Option<usize> {
        self.devices
            .iter()
            .position(|device| device.conn == Some(conn))
    }
}
