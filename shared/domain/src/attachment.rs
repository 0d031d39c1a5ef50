//! How an entry refers to an attachment: a photo, a scan, a received file that is too long for an
//! entry. The bytes lie sealed at the relay; who can read the entry can open them.

use core::fmt;
use ids::BlobId;
use minicbor::{Decode, Encode};

/// What stands in an entry, wherever its kind says that an attachment does.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Attachment {
    /// Its name at the relay, put there with the id of the entry's document.
    #[n(0)]
    pub blob: BlobId,
    /// Its key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub key: [u8; 32],
    /// Bytes, before padding and sealing.
    #[n(2)]
    pub length: u64,
    /// Hash of what lies at the relay.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub hash: [u8; 32],
    /// What it is, as `image/jpeg`: at most [`MEDIA_TYPE_BYTES`].
    #[n(4)]
    pub media_type: String,
    /// What its author called it.
    #[n(5)]
    pub name: Option<String>,
}

/// Most bytes of a media type.
pub const MEDIA_TYPE_BYTES: usize = 128;

impl fmt::Debug for Attachment {
    /// Without the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attachment")
            .field("blob", &self.blob)
            .field("length", &self.length)
            .field("media_type", &self.media_type)
            .finish_non_exhaustive()
    }
}
