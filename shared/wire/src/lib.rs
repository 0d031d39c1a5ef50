//! What the relay may see: envelopes, the roster, the log's chain and the messages, with their
//! signatures. `docs/protocol.md` fixes every byte; the golden vectors beside this crate hold it.
//!
//! Nothing here seals or opens, and nothing reads a clock, a random source, a disk or a socket.
//! Signatures are checked here and made in `vault`: every structure offers the bytes to sign.

pub mod carry;
pub mod chunk;
mod codec;
mod deterministic;
pub mod envelope;
pub mod handshake;
pub mod hash;
pub mod log;
pub mod message;
pub mod roster;
pub mod sign;

pub use envelope::{Envelope, EnvelopeError, HEADER_LEN, Header, Kind, Skeleton};
pub use handshake::{Role, Transcript};
pub use hash::{hash, invite_id, signing_message, stream_id, wrap_hash, wrap_hint};
pub use log::{Receipt, SeenMark, chain_next, chain_start};
pub use message::{Message, MessageError};
pub use roster::{
    Countersigned, RosterBody, RosterEntry, RosterError, RosterState, SignerId, UnsignedEntry,
};
pub use sign::{BadSignature, verify_batch, verify_strict};
