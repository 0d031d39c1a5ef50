//! What comes out of the core, in order.

use bytes::Bytes;
use wire::Message;
use wire::chunk;
use wire::message::{Error, ErrorCode};

/// One connection, counted by whoever accepts them; never reused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnId(pub u64);

/// Something to be done outside the core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// Send one frame. Frames for many connections share their bytes.
    Send {
        /// To whom.
        conn: ConnId,
        /// At most [`ids::limits::FRAME_BYTES`].
        frame: Bytes,
    },
    /// From here on the peer may send frames of this length, and may be somebody. A driver without
    /// sockets ignores it.
    Allow {
        /// Whom.
        conn: ConnId,
        /// Bytes of one frame.
        frame_bytes: usize,
        /// Whether the peer has authenticated.
        authenticated: bool,
    },
    /// Close, after what was sent before. Nothing follows for this connection.
    Close {
        /// Whom.
        conn: ConnId,
        /// Why.
        code: CloseCode,
    },
}

/// Why a connection is closed (RFC 6455, section 7.4.1). The `Error` message before it says more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CloseCode {
    /// The relay stops.
    GoingAway,
    /// The peer broke the protocol or is not who it says.
    Policy,
    /// The peer sent too much at once.
    TooBig,
    /// The relay's own fault.
    Internal,
}

impl CloseCode {
    /// The number in the close frame.
    pub fn code(self) -> u16 {
        match self {
            Self::GoingAway => 1001,
            Self::Policy => 1008,
            Self::TooBig => 1009,
            Self::Internal => 1011,
        }
    }
}

/// Collects output.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    items: Vec<Output>,
}

impl Outbox {
    pub(super) fn take(&mut self) -> Vec<Output> {
        std::mem::take(&mut self.items)
    }

    pub(super) fn frame(&mut self, conn: ConnId, frame: Bytes) {
        self.items.push(Output::Send { conn, frame });
    }

    pub(super) fn frames(&mut self, conn: ConnId, frames: &[Bytes]) {
        for frame in frames {
            self.frame(conn, frame.clone());
        }
    }

    /// Sends a message in as many frames as it needs.
    pub(super) fn message(&mut self, conn: ConnId, message: impl Into<Message>) {
        match frames_of(message) {
            Some(frames) => self.frames(conn, &frames),
            // Every message is made within the bounds; if one is not, the peer is told.
            None => self.error(conn, ErrorCode::Internal, None),
        }
    }

    pub(super) fn error(&mut self, conn: ConnId, code: ErrorCode, request: Option<u32>) {
        let error = Error {
            code,
            retry_after_ms: None,
            request,
        };
        self.frame(conn, Message::from(error).encode());
    }

    pub(super) fn allow(&mut self, conn: ConnId, frame_bytes: usize, authenticated: bool) {
        self.items.push(Output::Allow {
            conn,
            frame_bytes,
            authenticated,
        });
    }

    pub(super) fn close(&mut self, conn: ConnId, code: CloseCode) {
        self.items.push(Output::Close { conn, code });
    }
}

/// The frames of one message, made once for all who get it; `None` for one over its bound.
pub(super) fn frames_of(message: impl Into<Message>) -> Option<Vec<Bytes>> {
    chunk::frames(&message.into().encode()).ok()
}
