//! A tokio stream as the `Read` and `Write` that tungstenite wants: what is not ready would block.

use std::io::{ErrorKind, Read, Result, Write};

use tokio::net::TcpStream;

use super::frames::Frames;

/// Counts the bytes that really moved, by which silence and progress are judged.
#[derive(Debug, Default)]
pub(super) struct NonBlocking {
    read: usize,
    written: usize,
    /// A frame is half written: nothing else may come between.
    held: bool,
}

pub(super) struct On<'a> {
    counts: &'a mut NonBlocking,
    stream: &'a TcpStream,
}

impl NonBlocking {
    pub(super) fn on<'a>(&'a mut self, stream: &'a TcpStream) -> On<'a> {
        On {
            counts: self,
            stream,
        }
    }

    /// Writes frames until all are or the stream would block.
    pub(super) fn write_frames(&mut self, frames: &mut Frames, stream: &TcpStream) -> Result<()> {
        while !frames.is_empty() {
            self.held = true;
            self.written = self.written.saturating_add(frames.write(stream)?);
        }
        self.held = false;
        Ok(())
    }

    pub(super) fn take_read(&mut self) -> usize {
        std::mem::take(&mut self.read)
    }

    pub(super) fn take_written(&mut self) -> usize {
        std::mem::take(&mut self.written)
    }
}

impl Read for On<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        let len = self.stream.try_read(buffer)?;
        self.counts.read = self.counts.read.saturating_add(len);
        Ok(len)
    }
}

impl Write for On<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        if self.counts.held {
            return Err(ErrorKind::WouldBlock.into());
        }
        let len = self.stream.try_write(bytes)?;
        self.counts.written = self.counts.written.saturating_add(len);
        Ok(len)
    }

    fn flush(&mut self) -> Result<()> {
        Ok(())
    }
}
