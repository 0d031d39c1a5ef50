//! Names of things: ids, hashes, public keys, places and times; every bound of the system
//! ([`limits`]), every domain-separation string ([`contexts`]) and the bits of grants ([`acts`]).
//!
//! No logic lives here, and nothing here reads a clock, a random source, a disk or a socket.

pub mod acts;
pub mod contexts;
mod hex;
pub mod limits;
mod names;
mod time;

pub use hex::ParseIdError;
pub use names::{
    AgreementPublic, BlobId, ChainHash, ChangeHash, CommandId, DeviceId, DocumentId, EntryKey,
    EnvelopeId, Epoch, FacilityId, InviteId, LogId, PersonId, Place, RosterHash, RosterSeq, RunId,
    Seq, Signature, SigningPublic, StreamId, WrapHash,
};
pub use time::{StatedInstant, UnixMillis};
