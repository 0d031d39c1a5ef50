//! What connects the sockets with the core thread: one bounded queue of events.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::mpsc;

use super::caps::Door;
use super::outbound::Outbound;
use crate::config::Deadlines;
use crate::metrics::Metrics;
use crate::relay::ConnId;

/// What happens at the edge.
#[derive(Debug)]
pub(crate) enum Event {
    /// A WebSocket opened.
    Opened {
        conn: ConnId,
        outbound: Arc<Outbound>,
    },
    /// It sent a frame.
    Frame { conn: ConnId, frame: Bytes },
    /// It has room again after having been paused.
    Writable { conn: ConnId },
    /// It is gone.
    Gone { conn: ConnId },
    /// Time has passed.
    Tick,
    /// The relay is about to stop: tell everyone to come back.
    Drain { after: Duration },
    /// Close all connections and end the thread.
    Stop,
}

/// Shared by all connections.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) events: mpsc::Sender<Event>,
    pub(crate) deadlines: Deadlines,
    pub(crate) door: Arc<Door>,
    pub(crate) metrics: Arc<Metrics>,
    next_conn: AtomicU64,
}

impl Hub {
    pub(crate) fn new(
        events: mpsc::Sender<Event>,
        deadlines: Deadlines,
        door: Arc<Door>,
        metrics: Arc<Metrics>,
    ) -> Self {
        Self {
            events,
            deadlines,
            door,
            metrics,
            next_conn: AtomicU64::new(1),
        }
    }

    /// Counted, never made of an address and a time.
    pub(crate) fn next_conn(&self) -> ConnId {
        ConnId(self.next_conn.fetch_add(1, Ordering::Relaxed))
    }
}
