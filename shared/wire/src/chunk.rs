//! Messages longer than a frame: cut into chunk frames, put together again within bounds.
//!
//! A chunk frame is 0x7f ‖ CBOR array \[more: bool\] ‖ part. The chunks of one message follow one
//! another with nothing in between.

use bytes::{Bytes, BytesMut};
use ids::limits;

/// Type byte of a chunk frame.
pub const CHUNK_TYPE: u8 = 0x7f;
const HEAD_LEN: usize = 3;

/// Why frames do not make a message. The peer is at fault, except for `TooLong` in [`frames`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// A frame longer than [`limits::FRAME_BYTES`].
    #[error("the frame is too long")]
    FrameTooLong,
    /// A message longer than [`limits::MESSAGE_BYTES`].
    #[error("the message is too long")]
    TooLong,
    /// A chunk without its array, or without a part.
    #[error("a malformed chunk")]
    Malformed,
    /// Another message between the chunks of one.
    #[error("a message between chunks")]
    Interleaved,
}

/// The frames one message travels in: itself when it fits, else chunks.
///
/// # Errors
/// [`ChunkError::TooLong`] for a message over [`limits::MESSAGE_BYTES`]: whoever made it should
/// have made several.
pub fn frames(message: &Bytes) -> Result<Vec<Bytes>, ChunkError> {
    if message.len() > limits::MESSAGE_BYTES {
        return Err(ChunkError::TooLong);
    }
    if message.len() <= limits::FRAME_BYTES {
        return Ok(vec![message.clone()]);
    }
    let parts = message.chunks(limits::FRAME_BYTES - HEAD_LEN);
    let last = parts.len().saturating_sub(1);
    Ok(parts
        .enumerate()
        .map(|(i, part)| chunk(i < last, part))
        .collect())
}

fn chunk(more: bool, part: &[u8]) -> Bytes {
    let mut frame = BytesMut::with_capacity(HEAD_LEN + part.len());
    frame.extend_from_slice(&[CHUNK_TYPE, 0x81, if more { 0xf5 } else { 0xf4 }]);
    frame.extend_from_slice(part);
    frame.freeze()
}

/// Puts the chunks of one direction of one connection together.
#[derive(Debug, Default)]
pub struct Reassembler {
    parts: Option<BytesMut>,
}

impl Reassembler {
    /// One with nothing in it.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one frame; the whole message once it is there.
    ///
    /// # Errors
    /// [`ChunkError`]: the connection is to be closed.
    pub fn push(&mut self, frame: Bytes) -> Result<Option<Bytes>, ChunkError> {
        if frame.len() > limits::FRAME_BYTES {
            return Err(ChunkError::FrameTooLong);
        }
        if frame.first() != Some(&CHUNK_TYPE) {
            return match self.parts {
                None => Ok(Some(frame)),
                Some(_) => Err(ChunkError::Interleaved),
            };
        }
        let (more, part) = read(&frame)?;
        let mut whole = self.parts.take().unwrap_or_default();
        if whole.len() + part.len() > limits::MESSAGE_BYTES {
            return Err(ChunkError::TooLong);
        }
        whole.extend_from_slice(part);
        if more {
            self.parts = Some(whole);
            return Ok(None);
        }
        Ok(Some(whole.freeze()))
    }

    /// Bytes held for a message that is not complete.
    pub fn pending(&self) -> usize {
        self.parts.as_ref().map_or(0, BytesMut::len)
    }
}

fn read(frame: &[u8]) -> Result<(bool, &[u8]), ChunkError> {
    let mut decoder = minicbor::Decoder::new(frame.get(1..).unwrap_or_default());
    let malformed = |_| ChunkError::Malformed;
    let fields = decoder
        .array()
        .map_err(malformed)?
        .ok_or(ChunkError::Malformed)?;
    if fields == 0 {
        return Err(ChunkError::Malformed);
    }
    let more = decoder.bool().map_err(malformed)?;
    for _ in 1..fields {
        decoder.skip().map_err(malformed)?;
    }
    match frame.get(decoder.position() + 1..) {
        Some(part) if !part.is_empty() => Ok((more, part)),
        _ => Err(ChunkError::Malformed),
    }
}
