//! What the relay remembers of one connection.

use ids::{DeviceId, FacilityId, InviteId, RosterSeq, Seq, StreamId, limits};
use wire::chunk::Reassembler;
use wire::{Role, Transcript};

use super::clock::Uptime;

/// One connection.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) since: Uptime,
    pub(super) state: State,
    pub(super) parts: Reassembler,
    /// The connection takes no more for now.
    pub(super) paused: bool,
    /// Marks passed on while it was paused.
    pub(super) missed_seen: bool,
}

/// How far it got.
#[derive(Debug)]
pub(super) enum State {
    /// Nothing was said yet.
    Greeting,
    /// `Challenge` was sent.
    Challenged(Box<Challenged>),
    /// As `Challenged`, for who holds a founding link.
    Founding(Box<Transcript>),
    /// An invitation: may read blob and roster, and accept.
    Invite(Box<InviteSession>),
    /// An enrolled or removed device.
    Device(Box<DeviceSession>),
}

/// What `Auth` must sign.
#[derive(Debug)]
pub(super) struct Challenged {
    pub(super) role: Role,
    pub(super) transcript: Transcript,
}

/// A session of an invitation.
#[derive(Debug)]
pub(super) struct InviteSession {
    pub(super) facility: FacilityId,
    pub(super) invite: InviteId,
    pub(super) roster_next: Option<RosterSeq>,
}

/// A session of a device.
#[derive(Debug)]
pub(super) struct DeviceSession {
    pub(super) facility: FacilityId,
    pub(super) device: DeviceId,
    /// It was removed before it connected: it may push, and pulls nothing.
    pub(super) removed: bool,
    /// Bytes of envelopes it has room for; one portion may overdraw it.
    pub(super) credit: i64,
    pub(super) tails: Vec<Tail>,
    /// The roster entry it is sent next, if it asked for the roster.
    pub(super) roster_next: Option<RosterSeq>,
    /// Pushes queued and not answered.
    pub(super) in_flight: usize,
}

/// A stream the device reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub(super) stream: StreamId,
    /// The first position not sent.
    pub(super) next: Seq,
    /// Whether everything stored was sent: new rows go out as they are committed.
    pub(super) live: bool,
}

impl Session {
    pub(super) fn new(since: Uptime) -> Self {
        Self {
            since,
            state: State::Greeting,
            parts: Reassembler::new(),
            paused: false,
            missed_seen: false,
        }
    }

    pub(super) fn is_late(&self, now: Uptime, handshake_ms: i64) -> bool {
        !self.state.is_open() && now.since(self.since) >= handshake_ms
    }

    pub(super) fn device(&self) -> Option<&DeviceSession> {
        match &self.state {
            State::Device(device) => Some(device),
            _ => None,
        }
    }

    pub(super) fn device_mut(&mut self) -> Option<&mut DeviceSession> {
        match &mut self.state {
            State::Device(device) => Some(device),
            _ => None,
        }
    }

    /// The facility of an authenticated session.
    pub(super) fn facility(&self) -> Option<FacilityId> {
        match &self.state {
            State::Device(device) => Some(device.facility),
            State::Invite(invite) => Some(invite.facility),
            State::Greeting | State::Challenged(_) | State::Founding(_) => None,
        }
    }

    /// The roster entry the session is sent next, if it asked for the roster.
    pub(super) fn roster_next_mut(&mut self) -> Option<&mut Option<RosterSeq>> {
        match &mut self.state {
            State::Device(device) => Some(&mut device.roster_next),
            State::Invite(invite) => Some(&mut invite.roster_next),
            State::Greeting | State::Challenged(_) | State::Founding(_) => None,
        }
    }
}

impl State {
    /// Whether the peer has authenticated.
    pub(super) fn is_open(&self) -> bool {
        matches!(self, Self::Device(_) | Self::Invite(_))
    }

    /// Bytes of one frame the peer may send.
    pub(super) fn frame_bytes(&self) -> usize {
        match self {
            Self::Greeting | Self::Challenged(_) => limits::FRAME_BYTES_BEFORE_AUTH,
            Self::Founding(_) | Self::Invite(_) | Self::Device(_) => limits::FRAME_BYTES,
        }
    }
}

impl DeviceSession {
    pub(super) fn tail_mut(&mut self, stream: &StreamId) -> Option<&mut Tail> {
        self.tails.iter_mut().find(|tail| tail.stream == *stream)
    }
}
