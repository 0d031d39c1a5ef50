//! The world: what happens next, and to whom.

use super::device::{Device, Hand, Reach};
use super::dice::{Dice, SeenSeeds};
use super::ledger::{Attempt, Ledger};
use super::network::{Connection, Fate, Tally, Weather};
use super::relay::RelayHost;
use super::template::Person;
use bytes::Bytes;
use domain::Fact;
use domain::entry::ResidentId;
use ids::{UnixMillis, limits};
use interface::{Command, Done, Notice, Refusal, Settled, TabletState, TabletView};
use replica::disk::MemoryDisk;
use replica::{Effect, Ended, Engine, Event, Identity, PlatformKey};
use server::{ConnId, Output};
use std::collections::BTreeMap;

/// Milliseconds after a push at which the relay commits it with its company.
const GROUP_MS: i64 = limits::GROUP_COMMIT_MS;
/// Milliseconds between two ticks of the relay while anything is going on.
const TICK_MS: i64 = 100;
/// Milliseconds after the last activity for which it still ticks.
const TICKING_MS: i64 = 8_000;
/// Milliseconds after which the relay notices that a peer is gone that said no goodbye.
const FORGOTTEN_MS: i64 = 60_000;

/// Wakes of one device within one second that can have a reason.
const WAKES_PER_SECOND: u32 = 100;

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

    // ---- time ------------------------------------------------------------------------------

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
                    self.relay.receive(conn, frame, self.now);
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

    fn holder(&self, conn: ConnId) -> Option<usize> {
        self.devices
            .iter()
            .position(|device| device.conn == Some(conn))
    }

    // ---- the relay -------------------------------------------------------------------------

    fn wake_relay(&mut self) {
        self.post();
        if !self.commit_due && !self.relay.is_idle() {
            self.commit_due = true;
            self.later(GROUP_MS, Happening::Commit);
        }
        self.ticking_until = self.now.0 + TICKING_MS;
        if !self.tick_due {
            self.tick_due = true;
            self.later(TICK_MS, Happening::Tick);
        }
    }

    /// Carries out what the relay wants.
    fn post(&mut self) {
        for output in self.relay.output() {
            match output {
                Output::Send { conn, frame } => match self.raw.get_mut(&conn) {
                    Some(inbox) => inbox.push(frame),
                    None => self.send_to_device(conn, frame),
                },
                Output::Allow { .. } => {}
                Output::Close { conn, .. } => {
                    let Some(connection) = self.conns.remove(&conn) else {
                        continue;
                    };
                    let at = connection.to_device.last_at.max(self.now.0);
                    self.relay.disconnect(conn);
                    if !connection.broken {
                        self.tally.count("closed by the relay");
                    }
                    self.at(
                        at,
                        Happening::EndAtDevice {
                            conn,
                            how: Ended::ByRelay,
                        },
                    );
                }
            }
        }
    }

    /// The relay's process dies and starts again; what was on the way to or from it is lost.
    pub fn restart_relay(&mut self) {
        self.tally.count("relay restarted");
        let conns: Vec<ConnId> = std::mem::take(&mut self.conns).into_keys().collect();
        self.relay.restart();
        for conn in conns {
            let delay = self.dice.between(0, 2_000);
            self.later(
                delay,
                Happening::EndAtDevice {
                    conn,
                    how: Ended::Network,
                },
            );
        }
    }

    // ---- the network -----------------------------------------------------------------------

    fn send_to_relay(&mut self, conn: ConnId, frame: Bytes) {
        assert!(
            frame.len() <= limits::FRAME_BYTES,
            "a frame of {} bytes",
            frame.len()
        );
        let Some(connection) = self.conns.get(&conn).filter(|c| !c.broken) else {
            return;
        };
        let lane = connection.to_relay;
        let fate = self.weather.fate(&frame, &mut self.dice, &mut self.tally);
        let (delay, arrives, breaks) = match fate {
            Fate::Arrives(delay) => (delay, Some(frame), false),
            Fate::Breaks(delay) => (delay, None, true),
            Fate::BreaksBehind(delay) => (delay, Some(frame), true),
            Fate::Damaged(delay, bytes) => (delay, Some(bytes), true),
        };
        let at = lane.last_at.max(self.now.0 + delay);
        if let Some(frame) = arrives {
            let connection = self.conns.get_mut(&conn).expect("it is there");
            let len = frame.len();
            connection.to_relay.last_at = at;
            connection.to_relay.bytes += len;
            let most = connection.to_relay.bytes as u64;
            self.tally.most("most bytes on the way to the relay", most);
            self.at(at, Happening::ToRelay { conn, frame, len });
        }
        if breaks {
            self.break_up(conn, at);
        }
    }

    fn send_to_device(&mut self, conn: ConnId, frame: Bytes) {
        assert!(
            frame.len() <= limits::FRAME_BYTES,
            "a frame of {} bytes",
            frame.len()
        );
        let Some(connection) = self.conns.get(&conn).filter(|c| !c.broken) else {
            return;
        };
        let lane = connection.to_device;
        let fate = self.weather.fate(&frame, &mut self.dice, &mut self.tally);
        let greeting = lane.arrived < 2;
        let (delay, arrives, breaks) = match fate {
            Fate::Arrives(delay) => (delay, Some(frame), false),
            Fate::Breaks(delay) => (delay, None, true),
            Fate::BreaksBehind(delay) => (delay, Some(frame), true),
            // Before the session stands every byte is verified, so the engine may see the damage;
            // afterwards the transport ends the connection in front of it.
            Fate::Damaged(delay, bytes) => (delay, Some(bytes).filter(|_| greeting), true),
        };
        let at = lane.last_at.max(self.now.0 + delay);
        if let Some(frame) = arrives {
            let connection = self.conns.get_mut(&conn).expect("it is there");
            connection.to_device.last_at = at;
            connection.to_device.bytes += frame.len();
            connection.to_device.arrived += 1;
            let most = connection.to_device.bytes as u64;
            let full = connection.to_device.bytes > limits::OUTBOUND_BYTES;
            if full && !connection.paused {
                connection.paused = true;
                self.relay.pause(conn);
                self.tally.count("reader paused");
            }
            self.tally.most("most bytes on the way to a device", most);
            self.at(at, Happening::ToDevice { conn, frame });
        }
        if breaks {
            self.break_up(conn, at);
        }
    }

    fn arrive_at_device(&mut self, conn: ConnId, frame: Bytes) {
        if let Some(connection) = self.conns.get_mut(&conn) {
            connection.to_device.bytes -= frame.len();
            if connection.paused && connection.to_device.bytes < limits::OUTBOUND_BYTES / 2 {
                connection.paused = false;
                self.relay.resume(conn);
                self.wake_relay();
            }
        }
        if let Some(device) = self.holder(conn) {
            self.drive(device, Event::Received(frame));
        }
    }

    /// Nothing more gets through from now on; both ends learn of it at about `at`.
    fn break_up(&mut self, conn: ConnId, at: i64) {
        let Some(connection) = self.conns.get_mut(&conn) else {
            return;
        };
        connection.broken = true;
        let (a, b) = (self.dice.between(0, 500), self.dice.between(0, 500));
        self.at(
            at + a,
            Happening::EndAtDevice {
                conn,
                how: Ended::Network,
            },
        );
        self.at(at + b, Happening::EndAtRelay { conn });
    }

    /// The device's connection breaks now.
    pub fn reset(&mut self, device: usize) {
        if let Some(conn) = self.devices[device].conn {
            self.tally.count("connection reset");
            self.break_up(conn, self.now.0);
        }
    }

    /// Nothing gets through any more and neither end is told: a Wi-Fi that died.
    pub fn silence(&mut self, device: usize) {
        let Some(conn) = self.devices[device].conn else {
            return;
        };
        let Some(connection) = self.conns.get_mut(&conn).filter(|c| !c.broken) else {
            return;
        };
        connection.broken = true;
        self.tally.count("connection gone silent");
        self.later(FORGOTTEN_MS, Happening::EndAtRelay { conn });
    }

    /// Changes what a device reaches; what it was connected to is gone, told or untold.
    pub fn set_reach(&mut self, device: usize, reach: Reach) {
        self.devices[device].reach = reach;
        if reach != Reach::Relay {
            match self.dice.below(2) {
                0 => self.reset(device),
                _ => self.silence(device),
            }
        }
    }

    fn opened(&mut self, device: usize, attempt: u64) {
        if self.devices[device].connecting != Some(attempt) {
            return;
        }
        self.next += 1;
        let conn = ConnId(self.next);
        self.devices[device].connecting = None;
        self.devices[device].conn = Some(conn);
        self.conns.insert(conn, Connection::new());
        self.relay.connect(conn, self.now);
        self.wake_relay();
        self.drive(device, Event::Connected);
    }

    fn connect(&mut self, device: usize) {
        self.hang_up(device);
        self.next += 1;
        let attempt = self.next;
        self.devices[device].connecting = Some(attempt);
        let delay = 2 * self
            .dice
            .between(self.weather.delay_low_ms, self.weather.delay_high_ms);
        let lost = self.dice.percent(self.weather.loss_percent);
        let happening = match self.devices[device].reach {
            Reach::Relay if !lost => Happening::Opened { device, attempt },
            Reach::Relay | Reach::Nothing => {
                self.tally.count("connection refused");
                Happening::NotOpened {
                    device,
                    attempt,
                    how: Ended::Network,
                }
            }
            Reach::Portal => {
                self.tally.count("captive portal");
                Happening::NotOpened {
                    device,
                    attempt,
                    how: Ended::CaptivePortal,
                }
            }
        };
        self.later(delay, happening);
    }

    /// The device closes its connection; what it sent before still arrives.
    fn hang_up(&mut self, device: usize) {
        self.devices[device].connecting = None;
        let Some(conn) = self.devices[device].conn.take() else {
            return;
        };
        let Some(connection) = self.conns.get_mut(&conn) else {
            return;
        };
        let at = connection.to_relay.last_at.max(self.now.0) + 1;
        if !connection.broken {
            connection.broken = true;
            self.at(at, Happening::EndAtRelay { conn });
        }
    }

    // ---- connections without an engine -----------------------------------------------------

    /// A connection that a test speaks on itself.
    pub fn connect_raw(&mut self) -> ConnId {
        self.next += 1;
        let conn = ConnId(self.next);
        self.raw.insert(conn, Vec::new());
        self.relay.connect(conn, self.now);
        self.wake_relay();
        conn
    }

    /// Sends a frame on it; it arrives at once.
    pub fn send_raw(&mut self, conn: ConnId, frame: Bytes) {
        self.relay.receive(conn, frame, self.now);
        self.wake_relay();
    }

    /// Takes what came on it.
    pub fn take_raw(&mut self, conn: ConnId) -> Vec<Bytes> {
        self.raw
            .get_mut(&conn)
            .map(std::mem::take)
            .unwrap_or_default()
    }

    // ---- devices ---------------------------------------------------------------------------

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
    fn awake(&mut self, device: usize) {
        let second = self.now.0 / 1_000;
        let held = &mut self.devices[device];
        if held.woken.0 != second {
            held.woken = (second, 0);
        }
        held.woken.1 += 1;
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
        let Some(engine) = self.devices[device].engine.as_mut() else {
            return Outcome::Died;
        };
        let (result, effects) = engine.command(command, now);
        let died = self.devices[device].has_crashed();
        match (&result, hand) {
            (Ok(Done::Saved { entries, .. }), Some(hand)) => {
                assert!(!died, "saved, with a dead disk");
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

    fn seeds_wanted(&self) -> bool {
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
    fn crash(&mut self, device: usize) {
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
        if super::render::signed_in(engine, now).is_some_and(|(who, _)| who == id) {
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

    /// Whether the device's connection works, whatever the device believes.
    pub fn is_connected(&self, device: usize) -> bool {
        let conn = self.devices[device].conn;
        conn.and_then(|conn| self.conns.get(&conn))
            .is_some_and(|connection| !connection.broken)
    }

    /// What the device says of itself.
    pub fn tablet(&mut self, device: usize) -> Option<TabletView> {
        let now = self.clock(device);
        super::render::tablet(self.devices[device].engine.as_mut()?, now)
    }
}
