//! The connection to the relay: making it, keeping it, giving it up.

mod handshake;

use super::joining::Asks;
use super::{Engine, set_back};
use crate::event::{Effect, Ended};
use bytes::Bytes;
use ids::{EnvelopeId, SigningPublic, UnixMillis, limits};
use interface::Link as Shown;
use std::collections::BTreeSet;
use wire::chunk::{Reassembler, frames};
use wire::handshake::{Nonce, PROTOCOL_VERSION};
use wire::message::{Credit, ErrorCode, Hello};
use wire::{Message, Role, Transcript};

/// What stage the connection is in.
enum Phase {
    /// None, and none wanted before this time; `None`: none wanted at all.
    Off { retry_at: Option<UnixMillis> },
    /// Asked for.
    Connecting,
    /// `Hello` is out.
    Greeting { role: Role, nonce: Nonce },
    /// `Auth` (or `Found`) is out.
    Proving {
        role: Role,
        transcript: Transcript,
        relay_key: SigningPublic,
    },
    /// The session stands.
    Open { role: Role },
}

/// What the relay is to be given back of the credit it began with.
#[derive(Default)]
struct Granting {
    /// Bytes worth a message: a quarter of the window, so that three quarters of it never wait for
    /// us, and a row that comes alone costs the relay nothing to hear.
    step: u64,
    owed: u64,
}

pub(super) struct Link {
    phase: Phase,
    attempts: u32,
    shown: Shown,
    since: UnixMillis,
    heard_at: UnixMillis,
    asked_at: Option<UnixMillis>,
    reassembler: Reassembler,
    pub(super) relay_key: Option<SigningPublic>,
    pub(super) clock_wrong_ms: Option<i64>,
    credit: Granting,
    pub(super) wake_at: Option<UnixMillis>,
    /// Rows of this connection that are judged by an older place, which this version cannot do. The
    /// relay names them again on every connection before it sends them; of those that came it is kept.
    pub(super) older_places: BTreeSet<EnvelopeId>,
    /// The relay said on this connection that this device was removed.
    pub(super) removed: bool,
    /// How often this session asked for an answer that has not come; `None` before it asked. It asks when
    /// it begins, so that after the answer the marks of others that the relay had then are here.
    pub(super) unanswered: Option<u32>,
}

impl Link {
    pub(super) fn new(now: UnixMillis) -> Self {
        Self {
            phase: Phase::Off { retry_at: None },
            attempts: 0,
            shown: Shown::Offline,
            since: now,
            heard_at: now,
            asked_at: None,
            reassembler: Reassembler::new(),
            relay_key: None,
            clock_wrong_ms: None,
            credit: Granting::default(),
            wake_at: None,
            older_places: BTreeSet::new(),
            removed: false,
            unanswered: None,
        }
    }

    pub(super) fn clock_set_back(&mut self, by: i64) {
        if let Phase::Off { retry_at } = &mut self.phase {
            set_back(retry_at, by);
        }
        self.heard_at = self.heard_at.plus(-by);
        set_back(&mut self.asked_at, by);
        set_back(&mut self.wake_at, by);
    }

    /// Nothing was exchanged since then, whoever ran meanwhile.
    pub(super) fn offline_since(&mut self, at: UnixMillis) {
        self.since = at;
    }

    /// When it is to be looked after next.
    pub(super) fn due(&self) -> Option<UnixMillis> {
        match self.phase {
            Phase::Off { retry_at } => retry_at,
            Phase::Connecting | Phase::Greeting { .. } | Phase::Proving { .. } => {
                Some(self.heard_at.plus(limits::HANDSHAKE_MS))
            }
            Phase::Open { .. } => Some(match self.asked_at {
                Some(at) => at.plus(limits::PONG_MS),
                None => self.heard_at.plus(limits::PING_INTERVAL_MS),
            }),
        }
    }

    pub(super) fn shown(&self) -> (Shown, UnixMillis) {
        (self.shown, self.since)
    }

    /// A connection was made: the next is tried at once when it ends, unless this tablet cannot
    /// keep what arrives. Then each is the next of a row.
    fn starts_over(&mut self, cannot_write: bool) {
        if !cannot_write {
            self.attempts = 0;
        }
    }

    /// Whether a session stands, a device's or an invitation's.
    fn is_session(&self) -> bool {
        matches!(self.phase, Phase::Open { .. })
    }

    /// Whether a device's session stands.
    pub(super) fn is_open(&self) -> bool {
        matches!(
            self.phase,
            Phase::Open {
                role: Role::Device { .. }
            }
        )
    }
}

impl Engine {
    pub(super) fn show_link(&mut self, shown: Shown) {
        if self.link.shown != shown {
            // A try that failed does not begin the time without a relay anew.
            let is_without = |shown| matches!(shown, Shown::Offline | Shown::Connecting);
            if !is_without(self.link.shown) || !is_without(shown) {
                self.link.since = self.now;
            }
            self.link.shown = shown;
            self.notices.tablet();
        }
    }

    /// Connects, if this device has anything to say to a relay.
    pub(super) fn link_start(&mut self) {
        if self.role().is_some() {
            self.connect();
        }
        self.schedule();
    }

    /// Lets the relay send as many bytes again, soon.
    pub(super) fn grant(&mut self, bytes: u64) {
        let credit = &mut self.link.credit;
        credit.owed = credit.owed.saturating_add(bytes);
        if credit.owed > 0 && credit.owed >= credit.step {
            let bytes = std::mem::take(&mut credit.owed);
            self.send(&Credit { bytes }.into());
        }
    }

    pub(super) fn link_retry_now(&mut self) {
        if matches!(self.link.phase, Phase::Off { .. }) && self.role().is_some() {
            self.connect();
        }
    }

    /// Hangs up and connects again in a new role.
    pub(super) fn reconnect_as_new(&mut self) {
        if !matches!(self.link.phase, Phase::Off { .. }) {
            self.effects.push(Effect::Disconnect);
        }
        self.forget_session();
        self.link.attempts = 0;
        if self.role().is_some() {
            self.connect();
        } else {
            self.link.phase = Phase::Off { retry_at: None };
            self.show_link(Shown::Offline);
        }
    }

    fn connect(&mut self) {
        self.link.phase = Phase::Connecting;
        self.link.reassembler = Reassembler::new();
        self.link.heard_at = self.now;
        self.show_link(Shown::Connecting);
        self.effects.push(Effect::Connect);
    }

    /// Who this device is to the relay at present.
    fn role(&self) -> Option<Role> {
        if let Some(founding) = self.founding.as_ref().filter(|f| f.asks == Asks::ByLink) {
            return Some(founding.role());
        }
        if let Some(enrolment) = self.enrolment.as_ref().filter(|e| e.asks == Asks::ByLink) {
            return Some(enrolment.role());
        }
        let membership = self.membership.as_ref()?;
        Some(Role::Device {
            facility: membership.facts.facility,
            device: membership.facts.device,
        })
    }

    pub(super) fn link_connected(&mut self) {
        if !matches!(self.link.phase, Phase::Connecting) {
            return;
        }
        let (Some(role), Ok(nonce)) = (self.role(), self.draw::<32>()) else {
            self.hang_up(Shown::Offline);
            return;
        };
        self.link.phase = Phase::Greeting { role, nonce };
        self.link.heard_at = self.now;
        self.send(
            &Hello {
                versions: vec![PROTOCOL_VERSION],
                role,
                nonce,
            }
            .into(),
        );
    }

    pub(super) fn link_ended(&mut self, how: Ended) {
        if matches!(self.link.phase, Phase::Off { .. }) {
            return;
        }
        let shown = match how {
            Ended::CaptivePortal => Shown::CaptivePortal,
            Ended::Network | Ended::ByRelay => Shown::Offline,
        };
        self.ended(shown);
    }

    /// Gives the connection up.
    pub(super) fn hang_up(&mut self, shown: Shown) {
        self.effects.push(Effect::Disconnect);
        self.ended(shown);
    }

    /// Gives the connection up for half of the longest delay at least: what ended it would end the
    /// next at once.
    pub(super) fn hang_up_for_long(&mut self, shown: Shown) {
        self.effects.push(Effect::Disconnect);
        let least = limits::RECONNECT_MAX_MS / 2;
        let delay = least.saturating_add(self.drawn_below(least));
        self.ended_for(shown, Some(delay));
    }

    /// The relay is about to stop and says for how long. Everybody was told at once; they come
    /// back one after another.
    fn drained(&mut self, after_ms: u32) {
        self.effects.push(Effect::Disconnect);
        let after = i64::from(after_ms.min(limits::DRAIN_MS));
        let spread = after.max(limits::RECONNECT_MIN_MS);
        let delay = after.saturating_add(self.drawn_below(spread));
        self.ended_for(Shown::Offline, Some(delay));
    }

    fn ended(&mut self, shown: Shown) {
        self.ended_for(shown, None);
    }

    fn ended_for(&mut self, shown: Shown, delay: Option<i64>) {
        let was_open = matches!(self.link.phase, Phase::Open { .. });
        self.forget_session();
        if was_open {
            self.link.starts_over(self.storage_problem.is_some());
        }
        let delay = delay.unwrap_or_else(|| self.backoff());
        self.link.phase = Phase::Off {
            retry_at: self.role().map(|_| self.now.plus(delay)),
        };
        self.show_link(shown);
        self.joining_link_ended();
    }

    fn forget_session(&mut self) {
        self.streams.session_ended();
        self.push.session_ended();
        self.work.session_ended();
        self.link.asked_at = None;
        self.link.older_places.clear();
        self.link.removed = false;
        self.link.unanswered = None;
    }

    /// Full jitter over a doubling ceiling, in milliseconds.
    fn backoff(&mut self) -> i64 {
        let doubled = limits::RECONNECT_MIN_MS
            .checked_shl(self.link.attempts.min(16))
            .unwrap_or(i64::MAX);
        let ceiling = doubled.clamp(limits::RECONNECT_MIN_MS, limits::RECONNECT_MAX_MS);
        self.link.attempts = self.link.attempts.saturating_add(1);
        limits::RECONNECT_MIN_MS / 2 + self.drawn_below(ceiling)
    }

    /// A number from 0 to `span`, without it.
    fn drawn_below(&mut self, span: i64) -> i64 {
        let drawn = self.draw::<8>().map_or(0, u64::from_be_bytes);
        let span = u64::try_from(span).unwrap_or(1).max(1);
        i64::try_from(drawn % span).unwrap_or(0)
    }

    pub(super) fn link_received(&mut self, frame: Bytes) {
        if matches!(self.link.phase, Phase::Off { .. } | Phase::Connecting) {
            return;
        }
        self.link.heard_at = self.now;
        self.link.asked_at = None;
        let message = match self.link.reassembler.push(frame) {
            Ok(Some(message)) => Message::decode(message),
            Ok(None) => return,
            Err(_) => return self.hang_up(Shown::Offline),
        };
        match message {
            Ok(message) => self.link_message(message),
            Err(_) => self.hang_up(Shown::Offline),
        }
    }

    fn link_message(&mut self, message: Message) {
        match (&self.link.phase, message) {
            (Phase::Greeting { role, nonce }, Message::Challenge(challenge)) => {
                let (role, nonce) = (*role, *nonce);
                self.challenged(role, nonce, &challenge);
            }
            (
                Phase::Proving {
                    role,
                    transcript,
                    relay_key,
                },
                Message::Welcome(welcome),
            ) => match welcome.verify(transcript, relay_key) {
                Ok(fields) => {
                    let (role, key) = (*role, *relay_key);
                    self.welcomed(role, key, fields);
                }
                Err(_) => self.hang_up(Shown::WrongRelay),
            },
            (_, Message::Error(error)) => self.relay_error(error.code, error.request),
            (_, Message::Drain(drain)) => self.drained(drain.after_ms),
            (Phase::Open { .. }, message) => self.session_message(message),
            _ => self.hang_up(Shown::Offline),
        }
    }

    fn relay_error(&mut self, code: ErrorCode, request: Option<u32>) {
        match code {
            // Only an append to the roster is answered so: the relay could not keep it now.
            ErrorCode::Busy if self.link.is_session() => {
                if let Some(request) = request {
                    self.enrolment_busy(request);
                    self.work_busy(request);
                }
            }
            ErrorCode::Version => self.hang_up(Shown::Outdated),
            ErrorCode::Removed => self.removed(),
            other => {
                self.joining_refused(other);
                if !matches!(self.link.phase, Phase::Open { .. }) {
                    self.hang_up(Shown::Offline);
                }
            }
        }
    }

    /// This device belongs no longer: the relay tells it nothing more, its removal included, and
    /// takes what it had written before. Then there is nothing to stay for.
    fn removed(&mut self) {
        if !self.link.is_open() || self.push.is_answered() {
            return self.hang_up_for_long(Shown::Removed);
        }
        self.link.removed = true;
        self.show_link(Shown::Removed);
    }

    fn session_message(&mut self, message: Message) {
        match message {
            Message::Items(items) => self.items(items),
            Message::Results(results) => self.results(&results),
            Message::Receipt(receipt) => self.receipt(receipt),
            Message::RosterItems(items) => self.roster_items(items),
            Message::RosterResult(result) => self.roster_result(&result),
            Message::WrapItems(items) => self.wrap_items(items),
            Message::InviteBlobIs(blob) => self.enrolment_blob(&blob.sealed),
            Message::SeenBy(seen) => self.seen_by(seen.marks),
            Message::Lagged(lagged) => self.lagged(lagged.stream),
            Message::Pong(_) => {
                let left = self.link.unanswered.map(|count| count.saturating_sub(1));
                self.link.unanswered = left;
            }
            Message::OldPlaces(places) => {
                let rows = places.runs.iter().flat_map(|run| &run.rows);
                self.link.older_places.extend(rows.map(|row| row.id));
                if self.link.older_places.len() > limits::OLDER_PLACES {
                    self.hang_up(Shown::Offline);
                }
            }
            // Answers to requests this version does not make, and types it does not know.
            Message::Fetched(_)
            | Message::Rows(_)
            | Message::Skeletons(_)
            | Message::BlobChunk(_)
            | Message::BlobResult(_)
            | Message::Unknown(_) => {}
            // Only a client says these, or only before a session.
            Message::Hello(_)
            | Message::Auth(_)
            | Message::Found(_)
            | Message::Tail(_)
            | Message::Credit(_)
            | Message::Push(_)
            | Message::RosterAppend(_)
            | Message::RosterTail(_)
            | Message::Wraps(_)
            | Message::InviteBlob(_)
            | Message::Seen(_)
            | Message::Fetch(_)
            | Message::FetchRows(_)
            | Message::FetchSkeletons(_)
            | Message::BlobPut(_)
            | Message::BlobGet(_)
            | Message::OldPlace(_)
            | Message::Ping(_)
            | Message::Challenge(_)
            | Message::Welcome(_)
            | Message::Error(_)
            | Message::Drain(_) => self.hang_up(Shown::Offline),
        }
    }

    pub(super) fn send(&mut self, message: &Message) {
        // Our own messages are within bounds; one that were not would be a bug, and is not sent.
        for frame in frames(&message.encode()).unwrap_or_default() {
            self.effects.push(Effect::Send(frame));
        }
    }

    /// Deadlines: reconnecting, a handshake that hangs, a relay that has gone silent.
    pub(super) fn link_tick(&mut self) {
        match self.link.phase {
            Phase::Off { retry_at: Some(at) } if at <= self.now => self.connect(),
            Phase::Off { .. } => {}
            Phase::Connecting | Phase::Greeting { .. } | Phase::Proving { .. } => {
                if self.now.since(self.link.heard_at) >= limits::HANDSHAKE_MS {
                    self.hang_up(Shown::Offline);
                }
            }
            Phase::Open { .. } => self.check_silence(),
        }
    }

    /// A connection that died without a word is found by asking.
    fn check_silence(&mut self) {
        match self.link.asked_at {
            Some(at) if self.now.since(at) >= limits::PONG_MS => self.hang_up(Shown::Offline),
            Some(_) => {}
            None if self.now.since(self.link.heard_at) >= limits::PING_INTERVAL_MS => {
                self.link.asked_at = Some(self.now);
                self.send(&wire::message::Ping {}.into());
            }
            None => {}
        }
    }
}
