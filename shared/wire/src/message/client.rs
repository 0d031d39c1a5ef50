//! What a client says to the relay.

use crate::codec::{blob, blobs};
use crate::handshake::{Nonce, Role};
use bytes::Bytes;
use ids::{BlobId, ChainHash, DocumentId, EnvelopeId, InviteId, LogId, RosterHash, RosterSeq};
use ids::{Seq, Signature, StreamId, UnixMillis};
use minicbor::{Decode, Encode};

use crate::log::Receipt;

/// First message: who is there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Hello {
    /// Protocol versions offered, one byte each, best first.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub versions: Vec<u8>,
    /// Who opens the connection.
    #[n(1)]
    pub role: Role,
    /// Random.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub nonce: Nonce,
}

/// The client's signature on the transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Auth {
    /// Under the key of the role.
    #[n(0)]
    pub signature: Signature,
}

/// A founder's `Auth`: the facility's first roster entry and proof of the founding token.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Found {
    /// [`crate::Transcript::founding_proof`].
    #[cbor(n(0), with = "minicbor::bytes")]
    pub proof: [u8; 32],
    /// The entry.
    #[cbor(n(1), with = "blob")]
    pub entry: Bytes,
    /// The wraps it lists, in its order.
    #[cbor(n(2), with = "blobs")]
    pub wraps: Vec<Bytes>,
}

/// Send the stream from here, then whatever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Tail {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The log the client knows; another than the relay's starts from its first row.
    #[n(1)]
    pub log_id: LogId,
    /// The first position wanted.
    #[n(2)]
    pub from: Seq,
}

/// The client has room for so many more bytes of envelopes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Credit {
    /// How many.
    #[n(0)]
    pub bytes: u64,
}

/// Envelopes to store, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Comes back in `Results`.
    pub request: u32,
    /// The envelopes' bytes; they travel as the raw tail.
    pub envelopes: Vec<Bytes>,
}

/// Roster entries to append, all or none.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RosterAppend {
    /// Comes back in `RosterResult`.
    #[n(0)]
    pub request: u32,
    /// The roster's head the entries were made for.
    #[n(1)]
    pub expect: RosterSeq,
    /// The entries, linked.
    #[cbor(n(2), with = "blobs")]
    pub entries: Vec<Bytes>,
    /// All wraps the entries list, in their order.
    #[cbor(n(3), with = "blobs")]
    pub wraps: Vec<Bytes>,
    /// The sealed blob of an invitation among the entries.
    #[n(4)]
    pub blob: Option<InviteBlobFor>,
    /// For a roster put back: what the relay of the time stated for each entry.
    #[n(5)]
    pub former: Option<Vec<Former>>,
}

/// A countersignature that an entry had before its relay lost it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Former {
    /// The time.
    #[n(0)]
    pub time: UnixMillis,
    /// Under the relay key in force at the entry.
    #[n(1)]
    pub signature: Signature,
}

/// The sealed blob of an invitation.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InviteBlobFor {
    /// The invitation.
    #[n(0)]
    pub invite: InviteId,
    /// Sealed for whoever holds the link.
    #[cbor(n(1), with = "blob")]
    pub sealed: Bytes,
}

/// Send the roster from here, then whatever comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct RosterTail {
    /// The first position wanted.
    #[n(0)]
    pub from: RosterSeq,
}

/// Send the wraps of a stream; once, not live.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Wraps {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// Only those of later roster entries.
    #[n(1)]
    pub after: RosterSeq,
}

/// Send the blob of the invitation this session holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InviteBlob {}

/// Is the relay still there? A browser cannot send WebSocket pings, and a Wi-Fi that dies says
/// nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Ping {}

/// Send these documents' envelopes, out of order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Fetch {
    /// Comes back in `Fetched`.
    #[n(0)]
    pub request: u32,
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// The documents, most urgent first.
    #[n(2)]
    pub documents: Vec<DocumentId>,
}

/// Send rows without bodies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FetchRows {
    /// Comes back in `Rows`.
    #[n(0)]
    pub request: u32,
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// The life of the log.
    #[n(2)]
    pub log_id: LogId,
    /// First position.
    #[n(3)]
    pub from: Seq,
    /// Last position.
    #[n(4)]
    pub to: Seq,
}

/// Send headers with H(rest).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct FetchSkeletons {
    /// Comes back in `Skeletons`.
    #[n(0)]
    pub request: u32,
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// The life of the log.
    #[n(2)]
    pub log_id: LogId,
    /// First position.
    #[n(3)]
    pub from: Seq,
    /// Last position.
    #[n(4)]
    pub to: Seq,
}

/// One piece of an attachment to store; sealed by the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobPut {
    /// Comes back in `BlobResult`.
    pub request: u32,
    /// The stream it belongs to.
    pub stream: StreamId,
    /// The attachment.
    pub blob: BlobId,
    /// Length of the whole in bytes.
    pub total: u64,
    /// Where the piece begins.
    pub offset: u64,
    /// The document it belongs to: destroying that erases it.
    pub document: DocumentId,
    /// The piece; travels as the raw tail.
    pub piece: Bytes,
}

/// Send one piece of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BlobGet {
    /// Comes back in `BlobChunk`.
    #[n(0)]
    pub request: u32,
    /// The stream it belongs to.
    #[n(1)]
    pub stream: StreamId,
    /// The attachment.
    #[n(2)]
    pub blob: BlobId,
    /// Where the piece begins.
    #[n(3)]
    pub offset: u64,
    /// Bytes wanted.
    #[n(4)]
    pub len: u32,
}

/// One row of an old log, as its chain binds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct OldRow {
    /// The roster position bound to it.
    #[n(0)]
    pub roster_seq: RosterSeq,
    /// The roster's head there.
    #[n(1)]
    pub roster_head: RosterHash,
    /// The envelope.
    #[n(2)]
    pub id: EnvelopeId,
}

/// Proof that envelopes pushed next had a place in an older life of the log.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct OldPlace {
    /// The push it goes with.
    #[n(0)]
    pub request: u32,
    /// Position before the first row.
    #[n(1)]
    pub before: Seq,
    /// The chain there.
    #[n(2)]
    pub chain: ChainHash,
    /// The rows, gapless.
    #[n(3)]
    pub rows: Vec<OldRow>,
    /// The old relay's receipt for the last row.
    #[n(4)]
    pub receipt: Receipt,
}
