//! One WebSocket: frames in to the core, frames out from its queue, and nothing else.
//!
//! tungstenite's context is driven directly over the non-blocking stream, so that the frame limit
//! can grow when the peer authenticates and every buffer stays small. What a peer may keep waiting
//! is bounded on both sides: over the mark nothing further is read from it, and a write that makes
//! no progress ends the connection.

mod close;
mod frames;
mod io;

use std::sync::Arc;

use bytes::Bytes;
use ids::limits;
use tokio::io::Interest;
use tokio::net::TcpStream;
use tokio::time::Instant;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig, WebSocketContext};
use tokio_tungstenite::tungstenite::{Error as WsError, Message};

use self::frames::Frames;
use self::io::NonBlocking;
use super::caps::Slot;
use super::hub::{Event, Hub};
use super::outbound::{Outbound, Outgoing};
use crate::relay::ConnId;

/// Bytes given to the stream before looking at what came in.
const WRITE_ROUND: usize = limits::FRAME_BYTES;
/// Messages read before looking at what is to be written.
const READ_ROUND: usize = 16;
/// Bytes of tungstenite's own write buffer beyond which it refuses: never reached, because only
/// pings, pongs and a close are given to it, of which few wait at a time.
const WRITE_BUFFER: usize = 2 * limits::SOCKET_BUFFER_BYTES;

/// Why a connection ended.
enum End {
    /// Close with this code.
    Close(u16),
    /// The peer is gone or does not answer: nothing more to say.
    Gone,
}

/// One open WebSocket. Thousands are idle at a time: nothing that is not needed then lies in it.
pub(crate) struct Socket {
    conn: ConnId,
    hub: Arc<Hub>,
    stream: TcpStream,
    context: WebSocketContext,
    io: NonBlocking,
    frames: Frames,
    outbound: Arc<Outbound>,
    slot: Slot,
    /// Frames and bytes taken from the queue and not yet given to the stream.
    unwritten: (usize, usize),
    blocked: bool,
    /// When bytes last went out, or nothing waited to.
    progress: Instant,
    /// When the peer last showed itself: it sent something, or took something that waited for it.
    alive: Instant,
    misses: u32,
}

impl Socket {
    /// One over an upgraded stream; `head` is what was read past the request.
    pub(crate) fn new(hub: Arc<Hub>, stream: TcpStream, head: &[u8], slot: Slot) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(limits::SOCKET_BUFFER_BYTES)
            .write_buffer_size(limits::SOCKET_BUFFER_BYTES)
            .max_write_buffer_size(WRITE_BUFFER)
            .max_message_size(Some(limits::FRAME_BYTES_BEFORE_AUTH))
            .max_frame_size(Some(limits::FRAME_BYTES_BEFORE_AUTH));
        let context = if head.is_empty() {
            WebSocketContext::new(Role::Server, Some(config))
        } else {
            WebSocketContext::from_partially_read(head.to_vec(), Role::Server, Some(config))
        };
        let now = Instant::now();
        Self {
            conn: hub.next_conn(),
            hub,
            stream,
            context,
            io: NonBlocking::default(),
            frames: Frames::default(),
            outbound: Arc::new(Outbound::default()),
            slot,
            unwritten: (0, 0),
            blocked: false,
            progress: now,
            alive: now,
            misses: 0,
        }
    }

    /// Speaks to the peer until either side has enough.
    pub(crate) async fn run(mut self) {
        let (conn, outbound) = (self.conn, Arc::clone(&self.outbound));
        if self
            .hub
            .events
            .send(Event::Opened { conn, outbound })
            .await
            .is_err()
        {
            return;
        }
        tracing::debug!(conn = conn.0, "socket opened");
        let end = self.serve().await;
        let code = match &end {
            End::Close(code) => Some(*code),
            End::Gone => None,
        };
        tracing::debug!(conn = conn.0, code, "socket closed");
        self.outbound.leave();
        // The core learns it before the peer is told, so that a peer who comes back finds its place.
        let _ = self.hub.events.send(Event::Gone { conn }).await;
        if let End::Close(code) = end {
            self.close(code).await;
        }
    }

    async fn serve(&mut self) -> End {
        loop {
            if let Err(end) = self.write_waiting().await {
                return end;
            }
            if let Err(end) = self.read_waiting().await {
                return end;
            }
            if let Err(end) = self.watch_time() {
                return end;
            }
            if let Err(end) = self.wait().await {
                return end;
            }
        }
    }

    /// Gives what waits to the stream until it blocks.
    async fn write_waiting(&mut self) -> Result<(), End> {
        loop {
            self.flush()?;
            if self.blocked {
                return Ok(());
            }
            let (frames, bytes) = std::mem::take(&mut self.unwritten);
            if frames > 0 && self.outbound.written(frames, bytes) {
                let _ = self
                    .hub
                    .events
                    .send(Event::Writable { conn: self.conn })
                    .await;
            }
            if !self.give_round()? {
                return Ok(());
            }
        }
    }

    /// Takes frames worth one round from the queue; `false` when there was nothing. Only while
    /// nothing is blocked, so that no frame begins within another.
    fn give_round(&mut self) -> Result<bool, End> {
        let mut given = false;
        while self.unwritten.1 < WRITE_ROUND && !self.blocked {
            let Some(item) = self.outbound.take() else {
                break;
            };
            given = true;
            match item {
                Outgoing::Frame(frame) => {
                    self.unwritten.0 += 1;
                    self.unwritten.1 = self.unwritten.1.saturating_add(frame.len());
                    if !self.context.can_write() {
                        return Err(End::Gone);
                    }
                    self.frames.put(frame).map_err(|_| End::Gone)?;
                }
                Outgoing::Allow {
                    frame_bytes,
                    authenticated,
                } => {
                    self.context.set_config(|config| {
                        config.max_frame_size = Some(frame_bytes);
                        config.max_message_size = Some(frame_bytes);
                    });
                    if authenticated && !self.slot.admit() {
                        return Err(End::Gone);
                    }
                }
                Outgoing::Close(code) => return Err(End::Close(code)),
            }
        }
        Ok(given)
    }

    fn give(&mut self, message: Message) -> Result<(), End> {
        let written = self.context.write(&mut self.io.on(&self.stream), message);
        self.note_write(written)
    }

    fn flush(&mut self) -> Result<(), End> {
        let written = self.io.write_frames(&mut self.frames, &self.stream);
        let flushed = match written {
            Ok(()) => self.context.flush(&mut self.io.on(&self.stream)),
            Err(error) => Err(WsError::Io(error)),
        };
        self.note_write(flushed)
    }

    fn note_write(&mut self, result: Result<(), WsError>) -> Result<(), End> {
        let written = self.io.take_written() > 0;
        if written && self.blocked {
            // Nothing is read from a peer that is paused: that it takes bytes must do.
            self.is_alive();
        }
        if written || !self.blocked {
            self.progress = Instant::now();
        }
        self.blocked = match result {
            Ok(()) => false,
            Err(error) if would_block(&error) => true,
            Err(error) => return Err(end_of(&error)),
        };
        Ok(())
    }

    /// Hands what came in to the core, unless too much waits for this peer already.
    async fn read_waiting(&mut self) -> Result<(), End> {
        for _ in 0..READ_ROUND {
            if self.outbound.is_paused() {
                return Ok(());
            }
            let read = self.context.read(&mut self.io.on(&self.stream));
            if self.io.take_read() > 0 {
                self.is_alive();
            }
            match read {
                Ok(Message::Binary(frame)) => {
                    let event = Event::Frame {
                        conn: self.conn,
                        frame,
                    };
                    if self.hub.events.send(event).await.is_err() {
                        return Err(self.last_words());
                    }
                }
                Ok(Message::Text(_)) => return Err(End::Close(1003)),
                Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                // The answer is queued inside; flushing sends it.
                Ok(Message::Close(_)) => {}
                Err(error) if would_block(&error) => return Ok(()),
                Err(error) => return Err(end_of(&error)),
            }
        }
        tokio::task::yield_now().await;
        Ok(())
    }

    fn is_alive(&mut self) {
        self.alive = Instant::now();
        self.misses = 0;
    }

    /// Pings a silent peer; gives up one that stays silent or takes nothing. While something is
    /// blocked no ping could leave, and whether the peer takes anything is what counts.
    fn watch_time(&mut self) -> Result<(), End> {
        let now = Instant::now();
        if now < self.due() {
            return Ok(());
        }
        if self.blocked {
            return Err(End::Gone);
        }
        if self.misses >= limits::PONG_MISSES {
            return Err(End::Gone);
        }
        self.misses += 1;
        self.give(Message::Ping(Bytes::new()))?;
        // It would lie in tungstenite's buffer until something else is written.
        self.flush()
    }

    /// When time is up for what is waited for: the next ping, or a write.
    fn due(&self) -> Instant {
        let deadlines = &self.hub.deadlines;
        if self.blocked {
            self.progress + deadlines.write
        } else {
            self.alive + deadlines.ping + deadlines.pong * self.misses
        }
    }

    async fn wait(&self) -> Result<(), End> {
        let interest = match (self.outbound.is_paused(), self.blocked) {
            (false, false) => Interest::READABLE,
            (false, true) => Interest::READABLE | Interest::WRITABLE,
            (true, _) => Interest::WRITABLE,
        };
        tokio::select! {
            ready = self.stream.ready(interest) => ready.map(drop).map_err(|_| End::Gone),
            () = self.outbound.changed() => Ok(()),
            () = self.slot.given_away() => Err(End::Gone),
            () = tokio::time::sleep_until(self.due()) => Ok(()),
        }
    }
}

fn would_block(error: &WsError) -> bool {
    matches!(error, WsError::Io(io) if io.kind() == std::io::ErrorKind::WouldBlock)
}

/// The close code for what a peer did wrong (RFC 6455, section 7.4.1).
fn end_of(error: &WsError) -> End {
    match error {
        WsError::Capacity(_) => End::Close(1009),
        WsError::Protocol(cause) => {
            use tokio_tungstenite::tungstenite::error::ProtocolError;
            match cause {
                ProtocolError::ResetWithoutClosingHandshake
                | ProtocolError::SendAfterClosing
                | ProtocolError::ReceivedAfterClosing => End::Gone,
                _ => End::Close(1002),
            }
        }
        WsError::Utf8(_) => End::Close(1007),
        _ => End::Gone,
    }
}
