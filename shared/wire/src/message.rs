//! Messages: type byte ‖ CBOR array ‖ raw tail (envelopes travel in the tail, unescaped).
//!
//! Decoding checks structure and bounds. Fields a newer peer adds at the end of an array are
//! skipped; a type this program does not know is [`Message::Unknown`] and ignored.

mod client;
mod codes;
mod frame;
mod relay;
mod tails;

pub use client::{
    Auth, BlobGet, BlobPut, Credit, Fetch, FetchRows, FetchSkeletons, Former, Found, Hello,
    InviteBlob, InviteBlobFor, OldPlace, OldRow, Ping, Push, RosterAppend, RosterTail, Tail, Wraps,
};
pub use codes::{ErrorCode, PushResult, RosterOutcome};
pub use relay::{
    BlobChunk, BlobResult, Challenge, Drain, Error, Fetched, InviteBlobIs, Item, Items, Lagged,
    LogHead, OldPlaces, OldRun, Pong, Results, RosterItems, RosterResult, RowOnly, Rows, SeenBy,
    SessionLimits, Skeletons, Welcome, WelcomeFields, WrapItem, WrapItems,
};

use crate::log::{Receipt, SeenMark};
use bytes::Bytes;
use frame::Frame;

/// Why bytes are no message. The peer is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// No type byte.
    #[error("an empty message")]
    Empty,
    /// The array is not this message's.
    #[error("a malformed {0}")]
    Malformed(&'static str),
    /// The tail is not as long as the array says.
    #[error("the tail of {0} has the wrong length")]
    Tail(&'static str),
    /// Something in it is over its bound.
    #[error("{0} is over its bound")]
    TooLarge(&'static str),
    /// A signature in it does not fit.
    #[error("the signature does not fit")]
    Signature,
}

macro_rules! messages {
    ($($(#[$doc:meta])* $code:literal $name:ident($body:ty),)*) => {
        /// One message, either direction.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Message {
            $($(#[$doc])* $name($body),)*
            /// A type this program does not know: ignored.
            Unknown(u8),
        }

        impl Message {
            /// Type byte and name of every message.
            pub const TYPES: &'static [(u8, &'static str)] =
                &[$(($code, stringify!($name))),*];

            /// The type byte.
            pub fn type_byte(&self) -> u8 {
                match self {
                    $(Self::$name(_) => $code,)*
                    Self::Unknown(code) => *code,
                }
            }

            /// The bytes. An [`Message::Unknown`] is its type byte and an empty array.
            pub fn encode(&self) -> Bytes {
                match self {
                    $(Self::$name(body) => frame::encode($code, body),)*
                    Self::Unknown(code) => Bytes::copy_from_slice(&[*code, 0x80]),
                }
            }

            /// Reads a whole (reassembled) message. Tails share `bytes`.
            ///
            /// # Errors
            /// [`MessageError`]; a type that is not known is none.
            pub fn decode(bytes: Bytes) -> Result<Self, MessageError> {
                match *bytes.first().ok_or(MessageError::Empty)? {
                    $($code => Frame::decode(stringify!($name), &bytes).map(Self::$name),)*
                    other => Ok(Self::Unknown(other)),
                }
            }
        }

        $(impl From<$body> for Message {
            fn from(body: $body) -> Self {
                Self::$name(body)
            }
        })*
    };
}

messages! {
    /// Client: who is there.
    0x01 Hello(Hello),
    /// Client: signature on the transcript.
    0x02 Auth(Auth),
    /// Client: a new facility.
    0x03 Found(Found),
    /// Client: send a stream.
    0x04 Tail(Tail),
    /// Client: room for more.
    0x05 Credit(Credit),
    /// Client: envelopes to store.
    0x06 Push(Push),
    /// Client: roster entries to append.
    0x07 RosterAppend(RosterAppend),
    /// Client: send the roster.
    0x08 RosterTail(RosterTail),
    /// Client: send wraps.
    0x09 Wraps(Wraps),
    /// Client: send the invitation's blob.
    0x0a InviteBlob(InviteBlob),
    /// Client: what is durable here.
    0x0b Seen(SeenMark),
    /// Client: send documents.
    0x0c Fetch(Fetch),
    /// Client: send rows.
    0x0d FetchRows(FetchRows),
    /// Client: send skeletons.
    0x0e FetchSkeletons(FetchSkeletons),
    /// Client: a piece of an attachment.
    0x0f BlobPut(BlobPut),
    /// Client: send a piece of an attachment.
    0x10 BlobGet(BlobGet),
    /// Client: proof of an old place.
    0x11 OldPlace(OldPlace),
    /// Client: still there?
    0x12 Ping(Ping),
    /// Relay: version, nonce, key.
    0x41 Challenge(Challenge),
    /// Relay: the session stands.
    0x42 Welcome(Welcome),
    /// Relay: what became of a push.
    0x43 Results(Results),
    /// Relay: rows of a stream.
    0x44 Items(Items),
    /// Relay: what is durable here.
    0x45 Receipt(Receipt),
    /// Relay: roster entries.
    0x46 RosterItems(RosterItems),
    /// Relay: what became of a roster append.
    0x47 RosterResult(RosterResult),
    /// Relay: wraps.
    0x48 WrapItems(WrapItems),
    /// Relay: the invitation's blob.
    0x49 InviteBlobIs(InviteBlobIs),
    /// Relay: what is durable elsewhere.
    0x4a SeenBy(SeenBy),
    /// Relay: rows without bodies.
    0x4b Rows(Rows),
    /// Relay: headers with H(rest).
    0x4c Skeletons(Skeletons),
    /// Relay: a piece of an attachment.
    0x4d BlobChunk(BlobChunk),
    /// Relay: what became of a piece.
    0x4e BlobResult(BlobResult),
    /// Relay: no.
    0x4f Error(Error),
    /// Relay: going down.
    0x50 Drain(Drain),
    /// Relay: back to the cursor.
    0x51 Lagged(Lagged),
    /// Relay: rows of documents.
    0x52 Fetched(Fetched),
    /// Relay: still here.
    0x53 Pong(Pong),
    /// Relay: rows that come next have their place in an older life of the log.
    0x54 OldPlaces(OldPlaces),
}
