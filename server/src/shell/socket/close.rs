//! The end of a connection: what was said before the close is written before it.

use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::time::{Instant, timeout_at};
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as WsCode;

use super::{End, Outgoing, Socket};

/// What a peer is told when the core is gone without a word.
const GOING_AWAY: u16 = 1001;

impl Socket {
    /// The core has ended: what it said last still goes out.
    pub(super) fn last_words(&mut self) -> End {
        while let Some(item) = self.outbound.take() {
            match item {
                Outgoing::Frame(frame) => {
                    if self.frames.put(frame).is_err() {
                        return End::Gone;
                    }
                }
                Outgoing::Allow { .. } => {}
                Outgoing::Close(code) => return End::Close(code),
            }
        }
        End::Close(GOING_AWAY)
    }

    /// Writes what was said, says goodbye and waits a moment for the answer: closing with unread
    /// bytes would reset the connection and lose the code.
    pub(super) async fn close(&mut self, code: u16) {
        let until = Instant::now() + self.hub.deadlines.linger;
        if self.write_all(until).await.is_err() {
            return;
        }
        let frame = CloseFrame {
            code: WsCode::from(code),
            reason: "".into(),
        };
        let closed = self
            .context
            .close(&mut self.io.on(&self.stream), Some(frame));
        if self.note_write(closed).is_err() || self.write_all(until).await.is_err() {
            return;
        }
        let _ = timeout_at(until, self.discard()).await;
    }

    /// Writes until nothing waits here any more.
    async fn write_all(&mut self, until: Instant) -> Result<(), End> {
        loop {
            self.flush()?;
            if !self.blocked {
                return Ok(());
            }
            match timeout_at(until, self.stream.writable()).await {
                Ok(Ok(())) => {}
                _ => return Err(End::Gone),
            }
        }
    }

    async fn discard(&mut self) {
        let _ = self.stream.shutdown().await;
        let mut scrap = [0u8; 512];
        while self.stream.readable().await.is_ok() {
            match self.stream.try_read(&mut scrap) {
                Ok(0) => return,
                Ok(_) => tokio::time::sleep(Duration::from_millis(1)).await,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {}
                Err(_) => return,
            }
        }
    }
}
