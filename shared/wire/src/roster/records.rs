//! What the roster says about one person, device, invitation, grant or stream, with its history.

use super::parts::{DeviceKeys, DeviceScope, Right};
use bytes::Bytes;
use ids::{
    AgreementPublic, ChainHash, Epoch, InviteId, LogId, PersonId, RosterSeq, Seq, SigningPublic,
    StreamId, UnixMillis,
};

/// One person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PersonRecord {
    /// The person.
    pub id: PersonId,
    /// The key that signs now.
    pub signing: SigningPublic,
    /// The key that receives now.
    pub agreement: AgreementPublic,
    /// Where they came in.
    pub added: RosterSeq,
    /// Where they left.
    pub removed: Option<RosterSeq>,
    /// All keys they ever had, oldest first.
    pub keys: Vec<PersonKeysRecord>,
}

/// The keys of a person from a position on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PersonKeysRecord {
    /// From here on.
    pub from: RosterSeq,
    /// Signs.
    pub signing: SigningPublic,
    /// Receives.
    pub agreement: AgreementPublic,
}

impl PersonRecord {
    /// Whether they belonged at `at`.
    pub fn is_active_at(&self, at: RosterSeq) -> bool {
        self.added <= at && self.removed.is_none_or(|removed| at < removed)
    }

    /// Whether they belong now.
    pub fn is_active(&self) -> bool {
        self.removed.is_none()
    }

    /// The signing key in force at `at`, also after they left; `None` before they came.
    pub fn signing_at(&self, at: RosterSeq) -> Option<SigningPublic> {
        self.keys
            .iter()
            .rev()
            .find(|keys| keys.from <= at)
            .map(|keys| keys.signing)
    }
}

/// One device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceRecord {
    /// The device and its keys.
    pub keys: DeviceKeys,
    /// What it may carry now.
    pub scope: DeviceScope,
    /// Where it came in.
    pub added: RosterSeq,
    /// Where it left.
    pub removed: Option<RosterSeq>,
    /// The invitation it came by, if by one.
    pub invite: Option<InviteId>,
}

impl DeviceRecord {
    /// Whether it belonged at `at`.
    pub fn is_active_at(&self, at: RosterSeq) -> bool {
        self.added <= at && self.removed.is_none_or(|removed| at < removed)
    }

    /// Whether it belongs now.
    pub fn is_active(&self) -> bool {
        self.removed.is_none()
    }

    /// Whether it belongs and carries `stream` now.
    pub fn carries(&self, stream: &StreamId) -> bool {
        self.is_active() && self.scope.streams.contains(stream)
    }
}

/// One invitation that is not used up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InviteRecord {
    /// H of the key.
    pub id: InviteId,
    /// Its key.
    pub key: SigningPublic,
    /// What the device that accepts may carry.
    pub scope: DeviceScope,
    /// The end, by the relay's time; exclusive.
    pub expires: UnixMillis,
    /// Where it was made.
    pub made: RosterSeq,
}

/// A grant from a position on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GrantRecord {
    /// From here on, until the next record of the same person and stream.
    pub from: RosterSeq,
    /// How far.
    pub right: Right,
    /// Bits of [`super::acts`].
    pub acts: u64,
    /// The end, by the relay's time; exclusive.
    pub until: Option<UnixMillis>,
    /// Whether the current epoch's key was wrapped for them; if not, they wait for a holder.
    pub wrapped: bool,
}

impl GrantRecord {
    /// Whether it allows anything at `time`.
    pub fn is_in_force(&self, time: UnixMillis) -> bool {
        self.right > Right::Withdrawn && self.until.is_none_or(|until| time < until)
    }
}

/// One epoch of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EpochRecord {
    /// Its number.
    pub epoch: Epoch,
    /// Commitment to its key.
    pub commitment: [u8; 32],
    /// Its X25519 public half.
    pub public: AgreementPublic,
    /// The previous epoch's key under this one; empty for epoch 0.
    pub rung: Bytes,
    /// Where it was opened.
    pub opened: RosterSeq,
}

/// One stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamRecord {
    /// The stream.
    pub id: StreamId,
    /// Its name.
    pub name: String,
    /// Its epochs, oldest first; never empty.
    pub epochs: Vec<EpochRecord>,
    /// Whether somebody who held the current key no longer may: a holder is to rotate.
    pub stale: bool,
    /// The lives of its log after the first, oldest first.
    pub logs: Vec<LogStart>,
}

/// A new life of a stream's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogStart {
    /// Where it was declared.
    pub from: RosterSeq,
    /// The life that ended.
    pub old: LogId,
    /// The last position the relay still had of it.
    pub old_seq: Seq,
    /// The chain there.
    pub old_chain: ChainHash,
    /// The new life.
    pub new: LogId,
}
