//! The relay core: sessions, handshake, checks, group commit, readers. Pure: time, randomness and
//! the store's answers are handed in, what is to be sent comes out.
//!
//! # How to drive it
//!
//! Call [`Relay::connect`], [`Relay::receive`], [`Relay::pause`], [`Relay::resume`] and
//! [`Relay::disconnect`] as things happen, then [`Relay::commit`], then deliver
//! [`Relay::take_output`] in order. Until [`Relay::is_idle`], call `commit` again: each call stores
//! everything that was pushed and serves every reader one portion, so that no reader holds up
//! another. Call [`Relay::tick`] every 100 ms or so. After [`Relay::take_failure`] has returned
//! something, the store is gone and the relay answers nobody.
//!
//! ```text
//! receive ─▶ dispatch ─▶ handshake, founding        who is there
//!                     ─▶ roster, wraps              the roster and what comes with it
//!                     ─▶ push ─▶ ends               what has ended by itself, said in the roster
//!                             ─▶ group ─▶ judge     one commit for all that waits
//!                                     └─▶ fanout    Results, then the Receipt, then Items
//!                     ─▶ readers                    tails from the store, by credit
//!                     ─▶ seen                       marks, gathered and passed on at each tick
//! ```

mod clock;
mod dispatch;
mod ends;
mod facility;
mod fanout;
mod founding;
mod group;
mod handshake;
mod judge;
mod output;
mod push;
mod readers;
mod roster;
mod runs;
mod seen;
mod session;
mod wraps;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use ids::{FacilityId, LogId, Signature, SigningPublic, UnixMillis, limits};
use wire::Message;
use wire::message::{Drain, ErrorCode};

pub use clock::Uptime;
pub use output::{CloseCode, ConnId, Output};

use self::clock::WallClock;
use self::facility::Facility;
use self::founding::Token;
use self::output::Outbox;
use self::push::PushQueue;
use self::runs::RunCache;
use self::seen::SeenQueue;
use self::session::{Session, State};
use crate::random::Random;
use crate::store::{LogStore, StoreError};

/// Milliseconds beyond the shutdown that clients are asked to stay away.
const RESTART_MS: u32 = 1_000;

/// What can be set about a relay.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Bytes one facility may store: envelopes, roster, wraps and invitations.
    pub facility_bytes: u64,
    /// Milliseconds from connecting to `Welcome`.
    pub handshake_ms: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            facility_bytes: limits::FACILITY_BYTES,
            handshake_ms: limits::HANDSHAKE_MS,
        }
    }
}

/// What has happened since the start, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Authenticated sessions now.
    pub sessions: u64,
    /// Facilities in memory.
    pub facilities: u64,
    /// Facilities founded.
    pub founded: u64,
    /// Handshakes that failed.
    pub handshakes_failed: u64,
    /// Envelopes stored.
    pub envelopes_stored: u64,
    /// Their bytes.
    pub envelope_bytes_stored: u64,
    /// Envelopes that were there already.
    pub envelopes_duplicate: u64,
    /// Envelopes not stored, for whatever reason.
    pub envelopes_refused: u64,
    /// Envelopes sent to readers.
    pub envelopes_delivered: u64,
    /// Group commits that stored something.
    pub commits: u64,
    /// Times a reader fell back from live to its cursor.
    pub readers_lagged: u64,
    /// Roster entries appended.
    pub roster_entries: u64,
    /// Attempts the store failed.
    pub store_failures: u64,
}

/// A relay over a store. See the [module](self) for how to drive it.
#[derive(Debug)]
pub struct Relay<S> {
    store: S,
    identity: Identity,
    log_id: LogId,
    settings: Settings,
    tokens: Vec<Token>,
    facilities: BTreeMap<FacilityId, Facility>,
    /// Facilities that cannot be taken into memory, and why: known until the relay starts again.
    damaged: BTreeMap<FacilityId, String>,
    sessions: BTreeMap<ConnId, Session>,
    pushes: PushQueue,
    /// Rows that the last group commit added to one stream, at most.
    together: usize,
    runs: RunCache,
    /// Connections that could be sent something from the store.
    backlog: BTreeSet<ConnId>,
    seen: SeenQueue,
    clock: WallClock,
    out: Outbox,
    counts: Counts,
    failure: Option<StoreError>,
    stopped: bool,
}

/// The key the relay signs with.
struct Identity {
    key: SigningKey,
    public: SigningPublic,
}

impl Identity {
    fn sign(&self, message: &[u8]) -> Signature {
        Signature::from_bytes(self.key.sign(message).to_bytes())
    }
}

impl core::fmt::Debug for Identity {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Identity({}, [redacted])", self.public)
    }
}

impl<S: LogStore> Relay<S> {
    /// A relay that signs with `key` and gives new streams the log life `log_id`.
    pub fn new(store: S, key: SigningKey, log_id: LogId, settings: Settings) -> Self {
        let public = SigningPublic::from_bytes(key.verifying_key().to_bytes());
        Self {
            store,
            identity: Identity { key, public },
            log_id,
            settings,
            tokens: Vec::new(),
            facilities: BTreeMap::new(),
            damaged: BTreeMap::new(),
            sessions: BTreeMap::new(),
            pushes: PushQueue::default(),
            together: 0,
            runs: RunCache::default(),
            backlog: BTreeSet::new(),
            seen: SeenQueue::default(),
            clock: WallClock::default(),
            out: Outbox::default(),
            counts: Counts::default(),
            failure: None,
            stopped: false,
        }
    }

    /// The relay's public key.
    pub fn public_key(&self) -> SigningPublic {
        self.identity.public
    }

    /// Lets whoever holds `token` found one facility. A token that was used before stays used.
    pub fn offer_founding(&mut self, token: &[u8; 16]) {
        self.tokens.push(Token::new(token));
    }

    /// A connection opened. Ids are never used twice.
    pub fn connect(&mut self, conn: ConnId, at: Uptime) {
        if self.stopped {
            self.out.close(conn, CloseCode::Internal);
            return;
        }
        self.sessions.insert(conn, Session::new(at));
    }

    /// A frame came in.
    pub fn receive(
        &mut self,
        conn: ConnId,
        frame: Bytes,
        now: UnixMillis,
        random: &mut dyn Random,
    ) {
        self.dispatch(conn, frame, now, random);
        if self.pushes.is_full() {
            self.store_pushes(now);
        }
    }

    /// Stores everything that was pushed, answers, and serves every waiting reader one portion.
    pub fn commit(&mut self, now: UnixMillis) {
        self.store_pushes(now);
        self.serve_backlog();
    }

    /// Time passes: handshakes end, invitations end, marks are passed on.
    pub fn tick(&mut self, now: UnixMillis, at: Uptime) {
        self.clock.passes(now);
        let late: Vec<ConnId> = self
            .sessions
            .iter()
            .filter(|(_, session)| session.is_late(at, self.settings.handshake_ms))
            .map(|(conn, _)| *conn)
            .collect();
        for conn in late {
            self.counts.handshakes_failed += 1;
            self.end(conn, ErrorCode::TooSlow, CloseCode::Policy);
        }
        self.end_invitations(now);
        self.pass_on_seen(at);
    }

    /// The connection is gone.
    pub fn disconnect(&mut self, conn: ConnId) {
        self.forget(conn);
    }

    /// The connection takes no more for now: nothing further is sent but answers.
    pub fn pause(&mut self, conn: ConnId) {
        if let Some(session) = self.sessions.get_mut(&conn) {
            session.paused = true;
            self.backlog.remove(&conn);
        }
    }

    /// The connection has room again.
    pub fn resume(&mut self, conn: ConnId) {
        let Some(session) = self.sessions.get_mut(&conn) else {
            return;
        };
        session.paused = false;
        let missed_seen = std::mem::take(&mut session.missed_seen);
        self.backlog.insert(conn);
        if missed_seen {
            self.send_all_seen(conn);
        }
    }

    /// The relay is about to stop: everyone is asked to come back later.
    pub fn drain(&mut self, after: Duration) {
        let after = u32::try_from(after.as_millis()).unwrap_or(u32::MAX);
        let drain = Message::from(Drain {
            after_ms: after.saturating_add(RESTART_MS),
        })
        .encode();
        for (conn, session) in &self.sessions {
            if session.state.is_open() {
                self.out.frame(*conn, drain.clone());
            }
        }
        self.keep_seen();
    }

    /// Commits what is queued and closes every connection.
    pub fn close_all(&mut self) {
        self.commit_pushes();
        self.keep_seen();
        self.stopped = true;
        for conn in std::mem::take(&mut self.sessions).into_keys() {
            self.out.close(conn, CloseCode::GoingAway);
        }
        self.backlog.clear();
    }

    /// Whether [`Relay::commit`] would do nothing.
    pub fn is_idle(&self) -> bool {
        self.pushes.is_empty() && self.backlog.is_empty()
    }

    /// Whether [`Relay::commit`] would only store what was pushed, which loses nothing by waiting a
    /// moment for more: nobody who pushed sends nothing more until it is answered.
    pub fn gathers(&self) -> bool {
        !self.pushes.is_empty() && self.backlog.is_empty() && !self.pushes.is_awaited()
    }

    /// Rows that the last group commit added to one stream, at most: how much is written together.
    pub fn together(&self) -> usize {
        self.together
    }

    /// Everything to be done outside, in order.
    pub fn take_output(&mut self) -> Vec<Output> {
        self.out.take()
    }

    /// What has happened, in numbers.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Facilities whose peers are turned away because what is stored of them does not hold
    /// together, and why.
    pub fn damaged(&self) -> &BTreeMap<FacilityId, String> {
        &self.damaged
    }

    /// Why the relay stopped, once: the store failed in a way that does not pass.
    pub fn take_failure(&mut self) -> Option<StoreError> {
        self.failure.take()
    }

    /// The store.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// Ends the relay and gives the store back, as it is on the disk: a simulated restart.
    pub fn into_store(self) -> S {
        self.store
    }

    /// Tells a peer why and closes.
    fn end(&mut self, conn: ConnId, why: ErrorCode, code: CloseCode) {
        if self.sessions.contains_key(&conn) {
            self.out.error(conn, why, None);
            self.out.close(conn, code);
            self.forget(conn);
        }
    }

    fn forget(&mut self, conn: ConnId) {
        self.backlog.remove(&conn);
        let Some(session) = self.sessions.remove(&conn) else {
            return;
        };
        if !session.state.is_open() {
            return;
        }
        self.counts.sessions = self.counts.sessions.saturating_sub(1);
        let facility = match &session.state {
            State::Device(device) => device.facility,
            State::Invite(invite) => invite.facility,
            State::Greeting | State::Challenged(_) | State::Founding(_) => return,
        };
        if let Some(facility) = self.facilities.get_mut(&facility) {
            facility.forget(conn);
        }
    }

    /// Takes note of a store error; `true` when the same may succeed later.
    fn store_failed(&mut self, error: StoreError) -> bool {
        self.counts.store_failures += 1;
        if error.is_passing() {
            return true;
        }
        self.failure.get_or_insert(error);
        self.stopped = true;
        self.pushes = PushQueue::default();
        self.backlog.clear();
        for conn in std::mem::take(&mut self.sessions).into_keys() {
            self.out.error(conn, ErrorCode::Internal, None);
            self.out.close(conn, CloseCode::Internal);
        }
        false
    }

    /// The value, or nothing after noting why not.
    fn stored<T>(&mut self, result: Result<T, StoreError>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(error) => {
                self.store_failed(error);
                None
            }
        }
    }
}
