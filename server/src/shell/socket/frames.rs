//! Binary frames on their way to one peer, written straight from the bytes that all readers of a
//! stream share.
//!
//! tungstenite would copy each into a buffer of its own, which then stays as large as the largest
//! frame ever sent: tens of kilobytes for every idle tablet. Pings, pongs and closes still go through
//! it; a frame that is half written holds them back ([`super::io`]).

use std::collections::VecDeque;
use std::io::{Error, ErrorKind, IoSlice, Result};

use bytes::{Buf, Bytes};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::protocol::frame::FrameHeader;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

/// Pieces given to the stream at once; a frame is two.
const PIECES: usize = 32;
/// Bytes of a header, at most.
const HEADER: usize = 10;
/// Room for pieces that an idle connection keeps.
const IDLE_PIECES: usize = 4;

/// Headers and payloads, in order; the first may be written in part.
#[derive(Debug, Default)]
pub(super) struct Frames {
    pieces: VecDeque<Bytes>,
}

impl Frames {
    /// Puts a message at the end, as one unmasked frame.
    pub(super) fn put(&mut self, payload: Bytes) -> Result<()> {
        let header = FrameHeader {
            opcode: OpCode::Data(Data::Binary),
            ..FrameHeader::default()
        };
        let mut bytes = Vec::with_capacity(HEADER);
        header
            .format(payload.len() as u64, &mut bytes)
            .map_err(Error::other)?;
        self.pieces.push_back(bytes.into());
        if !payload.is_empty() {
            self.pieces.push_back(payload);
        }
        Ok(())
    }

    /// Whether all is written.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Gives the stream what it takes at once and says how many bytes that were.
    pub(super) fn write(&mut self, stream: &TcpStream) -> Result<usize> {
        let mut slices = [IoSlice::new(&[]); PIECES];
        for (slice, piece) in slices.iter_mut().zip(&self.pieces) {
            *slice = IoSlice::new(piece);
        }
        let count = self.pieces.len().min(PIECES);
        let written = stream.try_write_vectored(slices.get(..count).unwrap_or_default())?;
        if written == 0 {
            return Err(ErrorKind::WriteZero.into());
        }
        self.forget(written);
        Ok(written)
    }

    fn forget(&mut self, mut written: usize) {
        while let Some(first) = self.pieces.front_mut() {
            if first.len() > written {
                first.advance(written);
                return;
            }
            written -= first.len();
            self.pieces.pop_front();
        }
        self.pieces.shrink_to(IDLE_PIECES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_forgotten_byte_by_byte_and_room_with_it() {
        let mut frames = Frames::default();
        for length in [0, 125, 126, 65_536] {
            frames.put(vec![7; length].into()).unwrap();
        }
        let whole: Vec<u8> = frames.pieces.iter().flatten().copied().collect();
        assert_eq!(whole.len(), 2 + (2 + 125) + (4 + 126) + (10 + 65_536));
        assert_eq!(whole[..4], [0x82, 0, 0x82, 125]);
        let mut rest = whole.as_slice();
        for written in [1, 1, 5, 130, 0, 60_000, rest.len() - 60_137] {
            frames.forget(written);
            rest = &rest[written..];
            let left: Vec<u8> = frames.pieces.iter().flatten().copied().collect();
            assert_eq!(left, rest);
        }
        assert!(frames.is_empty());
        assert!(frames.pieces.capacity() <= IDLE_PIECES);
    }
}
