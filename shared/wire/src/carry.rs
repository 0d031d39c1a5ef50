//! A carry file: what tablets hand each other without a relay. Its content is the messages a relay
//! would have sent, and a push of what has no place yet; `vault` seals it in pieces.

use crate::codec::{length, take};
use crate::message::{Message, MessageError};
use bytes::{Buf, BufMut, Bytes, BytesMut};
use ids::{Epoch, FacilityId, limits};

/// What every carry file begins with.
const MAGIC: [u8; 7] = *b"LLCARRY";
/// The only version.
const VERSION: u8 = 1;

/// What stands in clear before the pieces, and is their associated data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CarryHead {
    /// Whose.
    pub facility: FacilityId,
    /// The epoch of `devices` whose key seals it.
    pub epoch: Epoch,
    /// Random in each file, so that none has the key of another.
    pub salt: [u8; 32],
}

/// Why bytes are no carry file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CarryError {
    /// It does not begin like one.
    #[error("not a carry file")]
    NotOne,
    /// A later version wrote it.
    #[error("the carry file is of a newer version")]
    Newer,
    /// A length does not fit, or bytes follow the last message that are not zero.
    #[error("the carry file's content is malformed")]
    Malformed,
    /// A message in it.
    #[error(transparent)]
    Message(#[from] MessageError),
}

impl CarryHead {
    /// Length in bytes.
    pub const LEN: usize = 60;

    /// The bytes.
    pub fn to_bytes(&self) -> [u8; Self::LEN] {
        let mut out = [0; Self::LEN];
        let mut rest = &mut out[..];
        rest.put_slice(&MAGIC);
        rest.put_u8(VERSION);
        rest.put_slice(self.facility.as_bytes());
        rest.put_u32(self.epoch.0);
        rest.put_slice(&self.salt);
        out
    }

    /// The head of a file, and its pieces.
    ///
    /// # Errors
    /// [`CarryError::NotOne`] or [`CarryError::Newer`].
    pub fn split(file: &[u8]) -> Result<(Self, &[u8]), CarryError> {
        let mut rest = file;
        if take(&mut rest) != Some(MAGIC) {
            return Err(CarryError::NotOne);
        }
        let [version] = take(&mut rest).ok_or(CarryError::NotOne)?;
        if version != VERSION {
            return Err(CarryError::Newer);
        }
        let facility = take(&mut rest).ok_or(CarryError::NotOne)?;
        let epoch = take(&mut rest).ok_or(CarryError::NotOne)?;
        let salt = take(&mut rest).ok_or(CarryError::NotOne)?;
        let head = Self {
            facility: FacilityId::from_bytes(facility),
            epoch: Epoch(u32::from_be_bytes(epoch)),
            salt,
        };
        Ok((head, rest))
    }
}

/// Appends one message to a carry file's content.
pub fn put_message(content: &mut BytesMut, message: &Message) {
    let bytes = message.encode();
    content.put_u32(length(bytes.len()));
    content.put_slice(&bytes);
}

/// Takes the next message off a carry file's content. `None` at its end, which padding of zeros may
/// follow; `Some(Err)` ends it.
pub fn take_message(content: &mut Bytes) -> Option<Result<Message, CarryError>> {
    if content.is_empty() {
        return None;
    }
    let read = read_message(content);
    if !matches!(read, Ok(Some(_))) {
        content.clear();
    }
    read.transpose()
}

fn read_message(content: &mut Bytes) -> Result<Option<Message>, CarryError> {
    let len = content.try_get_u32().ok();
    let Some(len) = len.filter(|len| *len > 0) else {
        // Zeros to the end, four of them or fewer.
        let padded = content.iter().all(|byte| *byte == 0);
        return padded.then_some(None).ok_or(CarryError::Malformed);
    };
    let len = usize::try_from(len).unwrap_or(usize::MAX);
    if len > limits::MESSAGE_BYTES || len > content.len() {
        return Err(CarryError::Malformed);
    }
    Ok(Some(Message::decode(content.split_to(len))?))
}
