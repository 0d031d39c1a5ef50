//! What waits to be written to one socket. The core thread puts, the socket's task takes.
//!
//! Small when empty (most connections are idle), counted in frames and bytes. Over the mark, the
//! core is told to pause this reader, and the socket's task stops reading requests from it.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use ids::limits;
use tokio::sync::Notify;

/// Over this many bytes or frames a reader is paused.
const PAUSE_BYTES: usize = limits::OUTBOUND_BYTES / 2;
const PAUSE_FRAMES: usize = limits::OUTBOUND_FRAMES / 2;
/// Below this many bytes it is served again.
const RESUME_BYTES: usize = limits::OUTBOUND_BYTES / 8;
/// Over this many bytes the connection is cut: one message beyond the bound for a reader that was
/// paused in time, so only a bug or a peer that asks without end gets here.
const CUT_BYTES: usize = limits::OUTBOUND_BYTES + limits::MESSAGE_BYTES;

/// One thing to write, in order.
#[derive(Debug)]
pub(crate) enum Outgoing {
    /// A frame, shared with all who get it.
    Frame(Bytes),
    /// From here on the peer may send longer frames, and may be somebody.
    Allow {
        /// Bytes of one frame.
        frame_bytes: usize,
        /// Whether the peer has authenticated.
        authenticated: bool,
    },
    /// Close with this code and stop.
    Close(u16),
}

/// What the putter must do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pressure {
    /// Nothing.
    Fine,
    /// Pause the reader: it just went over the mark.
    Pause,
    /// Forget the connection: it is over the bound or gone.
    Cut,
}

/// The queue.
#[derive(Debug, Default)]
pub(crate) struct Outbound {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    waiting: VecDeque<Outgoing>,
    bytes: usize,
    frames: usize,
    paused: bool,
    gone: bool,
}

impl Outbound {
    /// Puts one thing at the end. The socket's task learns of it by [`Outbound::wake`], once for all
    /// that was put, so that it gives the stream everything at once.
    pub(crate) fn put(&self, item: Outgoing) -> Pressure {
        let mut state = self.state();
        if state.gone {
            return Pressure::Cut;
        }
        if let Outgoing::Frame(frame) = &item {
            state.bytes = state.bytes.saturating_add(frame.len());
            state.frames += 1;
        }
        if state.bytes > CUT_BYTES {
            state.waiting.clear();
            state.waiting.push_back(Outgoing::Close(1008));
            state.gone = true;
            return Pressure::Cut;
        }
        state.waiting.push_back(item);
        let over = state.bytes > PAUSE_BYTES || state.frames > PAUSE_FRAMES;
        if over && !state.paused {
            state.paused = true;
            Pressure::Pause
        } else {
            Pressure::Fine
        }
    }

    /// Tells the socket's task that something was put.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    /// Waits until there is something to take. Safe to cancel.
    pub(crate) async fn changed(&self) {
        self.changed.notified().await;
    }

    /// Takes the next thing.
    pub(crate) fn take(&self) -> Option<Outgoing> {
        let mut state = self.state();
        let item = state.waiting.pop_front();
        if state.waiting.is_empty() && state.waiting.capacity() > 4 {
            state.waiting = VecDeque::new();
        }
        item
    }

    /// Says that frames were written; `true` when the core must be told to serve this reader again.
    #[must_use]
    pub(crate) fn written(&self, frames: usize, bytes: usize) -> bool {
        let mut state = self.state();
        state.frames = state.frames.saturating_sub(frames);
        state.bytes = state.bytes.saturating_sub(bytes);
        let low = state.bytes <= RESUME_BYTES && state.frames <= PAUSE_FRAMES / 4;
        low && std::mem::take(&mut state.paused)
    }

    /// Whether so much waits that nothing further should be read from the peer.
    pub(crate) fn is_paused(&self) -> bool {
        self.state().paused
    }

    /// The socket is gone: whatever is put from now on is dropped.
    pub(crate) fn leave(&self) {
        let mut state = self.state();
        state.gone = true;
        state.waiting = VecDeque::new();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(len: usize) -> Outgoing {
        Outgoing::Frame(Bytes::from(vec![0; len]))
    }

    #[test]
    fn a_reader_is_paused_once_over_the_mark_and_resumed_once_below() {
        let queue = Outbound::default();
        assert_eq!(queue.put(frame(PAUSE_BYTES)), Pressure::Fine);
        assert_eq!(queue.put(frame(1)), Pressure::Pause);
        assert_eq!(queue.put(frame(1)), Pressure::Fine);
        assert!(queue.is_paused());
        assert!(!queue.written(1, 1));
        assert!(queue.written(2, PAUSE_BYTES + 1));
        assert!(!queue.is_paused());
        assert!(!queue.written(0, 0));
    }

    #[test]
    fn a_reader_is_paused_by_many_small_frames() {
        let queue = Outbound::default();
        let pressures: Vec<_> = (0..=PAUSE_FRAMES).map(|_| queue.put(frame(1))).collect();
        assert_eq!(
            pressures.iter().filter(|p| **p == Pressure::Pause).count(),
            1
        );
        assert_eq!(pressures.last(), Some(&Pressure::Pause));
    }

    #[test]
    fn beyond_the_bound_nothing_is_kept() {
        let queue = Outbound::default();
        assert_ne!(queue.put(frame(CUT_BYTES)), Pressure::Cut);
        assert_eq!(queue.put(frame(1)), Pressure::Cut);
        assert!(matches!(queue.take(), Some(Outgoing::Close(1008))));
        assert!(queue.take().is_none());
        assert_eq!(queue.put(frame(1)), Pressure::Cut);
    }
}
