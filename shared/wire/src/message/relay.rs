//! What the relay says to a client.

use super::MessageError;
use super::client::OldRow;
use super::codes::{ErrorCode, PushResult, RosterOutcome};
use crate::codec::{blob, to_cbor};
use crate::envelope::Skeleton;
use crate::handshake::{Nonce, Transcript};
use crate::log::{Receipt, SeenMark};
use crate::roster::Countersigned;
use crate::sign::verify_strict;
use bytes::Bytes;
use ids::{BlobId, ChainHash, EnvelopeId, LogId, RosterHash, RosterSeq, Seq, Signature};
use ids::{SigningPublic, StreamId, UnixMillis};
use minicbor::{Decode, Encode};

/// Answer to `Hello`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Challenge {
    /// The version chosen among those offered.
    #[n(0)]
    pub version: u8,
    /// Random.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub nonce: Nonce,
    /// The relay's key: a client that pinned another one hangs up.
    #[n(2)]
    pub relay_key: SigningPublic,
}

/// Answer to `Auth`: the session stands. Its fields can be read only by verifying.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Welcome {
    /// The relay's signature over [`Transcript::welcome_hash`].
    #[n(0)]
    signature: Signature,
    /// [`WelcomeFields`] as CBOR.
    #[cbor(n(1), with = "blob")]
    fields: Bytes,
}

impl Welcome {
    /// The fields' bytes, which [`Transcript::welcome_hash`] wants and [`Welcome::new`] takes.
    pub fn encode_fields(fields: &WelcomeFields) -> Bytes {
        to_cbor(fields).into()
    }

    /// Puts one together.
    pub fn new(fields: Bytes, signature: Signature) -> Self {
        Self { signature, fields }
    }

    /// Verifies the relay's signature and reads the fields.
    ///
    /// # Errors
    /// [`MessageError::Signature`] or [`MessageError::Malformed`]: the relay is not who it says.
    pub fn verify(
        &self,
        transcript: &Transcript,
        relay_key: &SigningPublic,
    ) -> Result<WelcomeFields, MessageError> {
        verify_strict(
            relay_key,
            &transcript.welcome_message(&self.fields),
            &self.signature,
        )
        .map_err(|_| MessageError::Signature)?;
        minicbor::decode(&self.fields).map_err(|_| MessageError::Malformed("Welcome fields"))
    }
}

/// What `Welcome` states.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WelcomeFields {
    /// The relay's clock.
    #[n(0)]
    pub now: UnixMillis,
    /// The log of each stream the device carries.
    #[n(1)]
    pub logs: Vec<LogHead>,
    /// The roster's length.
    #[n(2)]
    pub roster_head: RosterSeq,
    /// Its hash there.
    #[n(3)]
    pub roster_hash: RosterHash,
    /// What this relay allows.
    #[n(4)]
    pub limits: SessionLimits,
}

/// Where a stream's log stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct LogHead {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The life of the log.
    #[n(1)]
    pub log_id: LogId,
    /// Its last position; 0: empty.
    #[n(2)]
    pub head: Seq,
    /// The chain there.
    #[n(3)]
    pub chain: ChainHash,
}

/// What a relay allows a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SessionLimits {
    /// Bytes of envelopes in flight per direction at the start.
    #[n(0)]
    pub credit: u64,
    /// Bytes of one frame.
    #[n(1)]
    pub frame: u32,
}

/// Answer to `Push`, one result per envelope, in order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Results {
    /// The push.
    #[n(0)]
    pub request: u32,
    /// The results.
    #[n(1)]
    pub results: Vec<PushResult>,
}

/// One row of the log with its envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its position.
    pub seq: Seq,
    /// The roster position bound to it.
    pub roster_seq: RosterSeq,
    /// The envelope's bytes; they travel in the raw tail.
    pub envelope: Bytes,
}

/// Rows of a stream in log order. Rows this connection pushed itself are left out: it has them
/// from `Results`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items {
    /// The stream.
    pub stream: StreamId,
    /// The life of the log.
    pub log_id: LogId,
    /// The first position this message speaks of.
    pub first: Seq,
    /// The rows, ascending.
    pub rows: Vec<Item>,
}

/// Answer to `Fetch`: rows of the documents asked for, in log order, not gapless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The fetch.
    pub request: u32,
    /// The stream.
    pub stream: StreamId,
    /// The life of the log.
    pub log_id: LogId,
    /// Whether more follow.
    pub more: bool,
    /// The rows.
    pub rows: Vec<Item>,
}

/// Roster entries, gapless.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RosterItems {
    /// The entries.
    #[n(0)]
    pub items: Vec<Countersigned>,
    /// The roster's length at the relay.
    #[n(1)]
    pub head: RosterSeq,
}

/// Answer to `RosterAppend`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RosterResult {
    /// The append.
    #[n(0)]
    pub request: u32,
    /// What became of it.
    #[n(1)]
    pub result: RosterOutcome,
}

/// One wrap and the roster entry that lists it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WrapItem {
    /// The entry.
    #[n(0)]
    pub roster_seq: RosterSeq,
    /// The wrap.
    #[cbor(n(1), with = "blob")]
    pub wrap: Bytes,
}

/// Answer to `Wraps`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct WrapItems {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The wraps, by roster position.
    #[n(1)]
    pub items: Vec<WrapItem>,
    /// The roster position up to which these are all; ask on from here.
    #[n(2)]
    pub upto: RosterSeq,
}

/// Answer to `InviteBlob`.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InviteBlobIs {
    /// Sealed for whoever holds the link.
    #[cbor(n(0), with = "blob")]
    pub sealed: Bytes,
}

/// Answer to `Ping`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Pong {}

/// What other devices have.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SeenBy {
    /// Their marks.
    #[n(0)]
    pub marks: Vec<SeenMark>,
}

/// One row without its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RowOnly {
    /// The roster position bound to it.
    #[n(0)]
    pub roster_seq: RosterSeq,
    /// The envelope.
    #[n(1)]
    pub id: EnvelopeId,
}

/// Answer to `FetchRows`: gapless, so that the chain verifies.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Rows {
    /// The request.
    #[n(0)]
    pub request: u32,
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// The life of the log.
    #[n(2)]
    pub log_id: LogId,
    /// Position of the first row.
    #[n(3)]
    pub first: Seq,
    /// The chain before it.
    #[n(4)]
    pub before: ChainHash,
    /// The rows.
    #[n(5)]
    pub rows: Vec<RowOnly>,
}

/// Answer to `FetchSkeletons`: headers with H(rest), gapless.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skeletons {
    /// The request.
    pub request: u32,
    /// The stream.
    pub stream: StreamId,
    /// The life of the log.
    pub log_id: LogId,
    /// Position of the first one.
    pub first: Seq,
    /// The chain before it.
    pub before: ChainHash,
    /// Roster position and skeleton of each; the skeletons travel as the raw tail.
    pub rows: Vec<(RosterSeq, Skeleton)>,
}

/// One piece of an attachment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobChunk {
    /// The request.
    pub request: u32,
    /// The attachment.
    pub blob: BlobId,
    /// Length of the whole in bytes.
    pub total: u64,
    /// Where the piece begins.
    pub offset: u64,
    /// The piece; travels as the raw tail.
    pub piece: Bytes,
}

/// Answer to `BlobPut`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BlobResult {
    /// The request.
    #[n(0)]
    pub request: u32,
    /// Bytes of the attachment stored without a gap.
    #[n(1)]
    pub stored: u64,
    /// Why not more.
    #[n(2)]
    pub error: Option<ErrorCode>,
}

/// The relay could not do something, or ends the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Error {
    /// Why.
    #[n(0)]
    pub code: ErrorCode,
    /// Milliseconds after which trying again may help; none: it will not.
    #[n(1)]
    pub retry_after_ms: Option<u32>,
    /// The request it answers, if one.
    #[n(2)]
    pub request: Option<u32>,
}

/// The relay goes down; come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Drain {
    /// Milliseconds after which to come back.
    #[n(0)]
    pub after_ms: u32,
}

/// The reader was too slow to be sent a stream live: it is served from its cursor on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Lagged {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The position the relay goes on from.
    #[n(1)]
    pub from: Seq,
}

/// Rows of a log whose place is that of an older life of it: sent before the rows themselves.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct OldPlaces {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The log that the rows stand in now.
    #[n(1)]
    pub log_id: LogId,
    /// The runs of rows.
    #[n(2)]
    pub runs: Vec<OldRun>,
}

/// A gapless run of rows, and the proof of their old places.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct OldRun {
    /// Where the first stands now; the others follow it without a gap.
    #[n(0)]
    pub seq: Seq,
    /// Old position before the first.
    #[n(1)]
    pub before: Seq,
    /// The old chain there.
    #[n(2)]
    pub chain: ChainHash,
    /// The rows, as the old chain binds them.
    #[n(3)]
    pub rows: Vec<OldRow>,
    /// The old receipt for the last.
    #[n(4)]
    pub receipt: Receipt,
}
