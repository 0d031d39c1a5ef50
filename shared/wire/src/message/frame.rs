//! How each message lies in its bytes: the CBOR array, the raw tail, the bounds.

use super::*;
use crate::codec::{append_cbor, length};
use ids::limits;
use minicbor::{Decode, Decoder};

/// A message body that can be written and read.
pub(super) trait Frame: Sized {
    /// Appends array and tail.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads array and tail; `whole` is the message, `name` what to call it in an error.
    fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError>;
    /// About how long it gets.
    fn size_hint(&self) -> usize {
        256
    }
}

pub(super) fn encode<F: Frame>(code: u8, body: &F) -> Bytes {
    let mut out = Vec::with_capacity(body.size_hint());
    out.push(code);
    body.write(&mut out);
    out.into()
}

pub(super) fn read<T: for<'b> Decode<'b, ()>>(
    name: &'static str,
    whole: &Bytes,
) -> Result<(T, Bytes), MessageError> {
    let array = whole.get(1..).unwrap_or_default();
    let mut decoder = Decoder::new(array);
    let head = decoder
        .decode()
        .map_err(|_| MessageError::Malformed(name))?;
    let at = (decoder.position() + 1).min(whole.len());
    Ok((head, whole.slice(at..)))
}

pub(super) fn bounded(name: &'static str, within: bool) -> Result<(), MessageError> {
    if within {
        Ok(())
    } else {
        Err(MessageError::TooLarge(name))
    }
}

/// Cuts the tail into pieces of the lengths given, which must use it up.
pub(super) fn cut(
    name: &'static str,
    mut tail: Bytes,
    lens: impl Iterator<Item = u32>,
) -> Result<Vec<Bytes>, MessageError> {
    let mut pieces = Vec::new();
    for len in lens {
        let len = usize::try_from(len).unwrap_or(usize::MAX);
        bounded(name, len <= limits::ENVELOPE_BYTES)?;
        if len > tail.len() {
            return Err(MessageError::Tail(name));
        }
        pieces.push(tail.split_to(len));
    }
    if tail.is_empty() {
        Ok(pieces)
    } else {
        Err(MessageError::Tail(name))
    }
}

/// Messages without a tail: the derived array is all, and `check` holds the bounds.
macro_rules! plain {
    ($($body:ident $(: $check:expr)?;)*) => {$(
        impl Frame for $body {
            fn write(&self, out: &mut Vec<u8>) {
                append_cbor(self, out);
            }

            fn decode(name: &'static str, whole: &Bytes) -> Result<Self, MessageError> {
                let (body, tail) = read::<Self>(name, whole)?;
                if !tail.is_empty() {
                    return Err(MessageError::Tail(name));
                }
                $({
                    let check: fn(&Self) -> bool = $check;
                    bounded(name, check(&body))?;
                })?
                Ok(body)
            }
        }
    )*};
}

plain! {
    Hello: |m| (1..=crate::handshake::VERSIONS_OFFERED).contains(&m.versions.len());
    Auth;
    Found: |m| m.entry.len() <= limits::ROSTER_ENTRY_BYTES && wraps_fit(&m.wraps);
    Tail;
    Credit;
    RosterAppend: |m| m.entries.iter().all(|e| e.len() <= limits::ROSTER_ENTRY_BYTES)
        && wraps_fit(&m.wraps)
        && m.blob.as_ref().is_none_or(|b| b.sealed.len() <= limits::INVITE_BLOB_BYTES)
        && m.former.as_ref().is_none_or(|former| former.len() == m.entries.len());
    RosterTail;
    Wraps;
    InviteBlob;
    SeenMark;
    Fetch;
    FetchRows;
    FetchSkeletons;
    Ping;
    Pong;
    BlobGet: |m| m.len <= length(limits::ATTACHMENT_CHUNK_BYTES);
    OldPlace;
    Challenge;
    Welcome;
    Results: |m| m.results.len() <= limits::PUSH_ENVELOPES;
    Receipt;
    RosterItems: |m| m.items.iter().all(|i| i.entry.len() <= limits::ROSTER_ENTRY_BYTES);
    RosterResult;
    WrapItems: |m| m.items.iter().all(|i| i.wrap.len() <= limits::WRAP_BYTES);
    InviteBlobIs: |m| m.sealed.len() <= limits::INVITE_BLOB_BYTES;
    SeenBy;
    Rows;
    BlobResult;
    Error;
    Drain;
    Lagged;
    OldPlaces: |m| m.runs.iter().map(|run| run.rows.len()).sum::<usize>() <= limits::OLD_ROWS;
}

fn wraps_fit(wraps: &[Bytes]) -> bool {
    wraps.len() <= limits::WRAPS_PER_ENTRY && wraps.iter().all(|w| w.len() <= limits::WRAP_BYTES)
}
