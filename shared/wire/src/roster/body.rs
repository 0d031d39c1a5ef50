//! The eighteen kinds of entry, each with its fields. Codes and field numbers never change; a
//! new field is optional, and a new code within a field raises the entry's version.

use super::charter::{Found, StreamWraps};
use super::error::EntryError;
use super::parts::{DeviceKeys, DeviceScope, Grant, PersonKeys, RecoveryKeys};
use crate::codec::{blob, to_cbor};
use crate::deterministic::is_deterministic;
use bytes::Bytes;
use ids::{
    AgreementPublic, BlobId, ChainHash, DeviceId, DocumentId, EnvelopeId, Epoch, InviteId, LogId,
    PersonId, Seq, SigningPublic, StreamId, UnixMillis, WrapHash,
};
use minicbor::{Decode, Encode};

/// Kind 2. Signed by an administrator, as all that do not say otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AddPerson {
    /// The new person.
    #[n(0)]
    pub person: PersonKeys,
}

/// Kind 3: new keys for a person, after a lost badge. All streams they could read go stale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RekeyPerson {
    /// The person and the new keys.
    #[n(0)]
    pub person: PersonKeys,
    /// Wraps of current epochs for the new keys; none for a stream that waits for a holder.
    #[n(1)]
    pub wraps: Vec<StreamWraps>,
}

/// Kind 4. All streams the person could read go stale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RemovePerson {
    /// Who leaves.
    #[n(0)]
    pub person: PersonId,
}

/// Kind 5: a device without an invitation; or, with the id and keys of an enrolled one, another
/// scope for it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AddDevice {
    /// The device.
    #[n(0)]
    pub device: DeviceKeys,
    /// What it may carry.
    #[n(1)]
    pub scope: DeviceScope,
    /// H of the wrap of `devices` for it; empty: waits for a device.
    #[n(2)]
    pub wraps: Vec<WrapHash>,
}

/// Kind 6. `devices` goes stale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RemoveDevice {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
}

/// Kind 7.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Invite {
    /// H of the key.
    #[n(0)]
    pub id: InviteId,
    /// Signs the handshake and the accept.
    #[n(1)]
    pub key: SigningPublic,
    /// What the device that accepts may carry.
    #[n(2)]
    pub scope: DeviceScope,
    /// The end, by the relay's time; exclusive.
    #[n(3)]
    pub expires: UnixMillis,
}

/// Kind 8: the invitation is used up, the device enrolled. Signed by the invite key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Accept {
    /// The invitation.
    #[n(0)]
    pub invite: InviteId,
    /// The device.
    #[n(1)]
    pub device: DeviceKeys,
}

/// Kind 10: a new epoch. Signed by a holder of the stream; for `devices` by a device that
/// carries it. Epoch 0 opens a stream.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rotate {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The new epoch.
    #[n(1)]
    pub epoch: Epoch,
    /// Commitment to its key.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub commitment: [u8; 32],
    /// Its X25519 public half.
    #[n(3)]
    pub public: AgreementPublic,
    /// The previous epoch's key under the new one; empty for epoch 0.
    #[cbor(n(4), with = "blob")]
    pub rung: Bytes,
    /// H of one wrap per grantee and of one for the recovery key.
    #[n(5)]
    pub wraps: Vec<WrapHash>,
    /// The stream's name, for epoch 0 only.
    #[n(6)]
    pub name: Option<String>,
}

/// Kind 11: another relay key. Countersigned by the new one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RelayKey {
    /// The new key.
    #[n(0)]
    pub key: SigningPublic,
}

/// Kind 12: a new life of a stream's log. Signed by the relay key, and by nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewLog {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The life that ended.
    #[n(1)]
    pub old: LogId,
    /// The last position the relay still has of it.
    #[n(2)]
    pub old_seq: Seq,
    /// The chain there.
    #[n(3)]
    pub old_chain: ChainHash,
    /// The new life.
    #[n(4)]
    pub new: LogId,
}

/// Kind 13: a setting of the facility; a later one of the same name replaces it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Policy {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// Its value, as CBOR.
    #[cbor(n(1), with = "blob")]
    pub value: Bytes,
}

/// Kind 14: the recovery sheet was used. Signed by its key. All streams go stale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryUsed {
    /// The new sheet.
    #[n(0)]
    pub recovery: RecoveryKeys,
    /// A person added, or rekeyed when the id is known.
    #[n(1)]
    pub person: Option<PersonKeys>,
    /// A device added, to go on from.
    #[n(2)]
    pub device: Option<RecoveryDevice>,
    /// Grants made with it.
    #[n(3)]
    pub grants: Vec<Grant>,
    /// Wraps of current epochs for the new sheet, and of `devices` for the device: without them a
    /// second loss before the next rotation had only the old sheet.
    #[n(4)]
    pub wraps: Option<Vec<StreamWraps>>,
}

/// A device added by the recovery sheet.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryDevice {
    /// The device.
    #[n(0)]
    pub keys: DeviceKeys,
    /// What it may carry.
    #[n(1)]
    pub scope: DeviceScope,
}

/// Kind 15: relay and devices erase bodies, wraps and view rows of these documents.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Destroy {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The documents.
    #[n(1)]
    pub documents: Vec<DocumentId>,
    /// Envelopes that hold retention review, approval and witness.
    #[n(2)]
    pub evidence: Vec<EnvelopeId>,
    /// Attachments of theirs; a relay also erases what was stored for the documents.
    #[n(3)]
    pub blobs: Option<Vec<BlobId>>,
}

/// Kind 16: nothing but the time the relay states for it. Signed by the relay key. Grants and
/// invitations end by it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Clock {}

/// Kind 17: an invitation that was not used counts no more. `devices`, whose key it holds, goes
/// stale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct WithdrawInvite {
    /// The invitation.
    #[n(0)]
    pub invite: InviteId,
}

/// Kind 18: another recovery sheet in the place of one that was lost or seen by others. All streams
/// go stale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewSheet {
    /// The new sheet.
    #[n(0)]
    pub recovery: RecoveryKeys,
    /// Wraps of current epochs for it: it opens what was written before only with them or after the
    /// next rotation.
    #[n(1)]
    pub wraps: Option<Vec<StreamWraps>>,
}

macro_rules! bodies {
    ($($(#[$doc:meta])* $code:literal $name:ident($body:ty),)*) => {
        /// What an entry does.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum RosterBody {
            $($(#[$doc])* $name($body),)*
            /// A kind, or a version of the entry, this program does not know: kept, and waits.
            Unknown {
                /// Its code.
                kind: u8,
                /// Its bytes.
                body: Bytes,
            },
        }

        impl RosterBody {
            /// Code and name of every kind.
            pub const KINDS: &'static [(u8, &'static str)] =
                &[$(($code, stringify!($name))),*];

            /// The code on the wire.
            pub fn kind(&self) -> u8 {
                match self {
                    $(Self::$name(_) => $code,)*
                    Self::Unknown { kind, .. } => *kind,
                }
            }

            /// The body's bytes.
            pub fn to_cbor(&self) -> Vec<u8> {
                match self {
                    $(Self::$name(body) => to_cbor(body),)*
                    Self::Unknown { body, .. } => body.to_vec(),
                }
            }

            /// Reads a body.
            ///
            /// # Errors
            /// [`EntryError::Body`] when it is not that of its kind.
            pub fn from_cbor(kind: u8, body: &[u8]) -> Result<Self, EntryError> {
                Ok(match kind {
                    $($code => Self::$name(whole(body)?),)*
                    kind => Self::Unknown { kind, body: Bytes::copy_from_slice(body) },
                })
            }
        }
    };
}

/// Reads what is exactly one item, in its one encoding.
pub(super) fn whole<'b, T: Decode<'b, ()>>(body: &'b [u8]) -> Result<T, EntryError> {
    // Decoders take what is written in other ways, too, and the last of two equal keys.
    if !is_deterministic(body) {
        return Err(EntryError::Body);
    }
    minicbor::decode(body).map_err(|_| EntryError::Body)
}

bodies! {
    /// The facility begins.
    1 Found(Box<Found>),
    /// Somebody joins.
    2 AddPerson(AddPerson),
    /// Somebody has new keys.
    3 RekeyPerson(RekeyPerson),
    /// Somebody leaves.
    4 RemovePerson(RemovePerson),
    /// A device is added by hand, or carries something else.
    5 AddDevice(AddDevice),
    /// A device is removed.
    6 RemoveDevice(RemoveDevice),
    /// A device is invited.
    7 Invite(Invite),
    /// A device accepts.
    8 Accept(Accept),
    /// Somebody may do something in a stream.
    9 Grant(Grant),
    /// A stream has a new epoch.
    10 Rotate(Rotate),
    /// The relay has another key.
    11 RelayKey(RelayKey),
    /// A stream's log begins again.
    12 NewLog(NewLog),
    /// A setting.
    13 Policy(Policy),
    /// The recovery sheet was used.
    14 RecoveryUsed(RecoveryUsed),
    /// Documents are destroyed.
    15 Destroy(Destroy),
    /// Time goes on.
    16 Clock(Clock),
    /// An invitation is taken back.
    17 WithdrawInvite(WithdrawInvite),
    /// Another recovery sheet.
    18 NewSheet(NewSheet),
}
