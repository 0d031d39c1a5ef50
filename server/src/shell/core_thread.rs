//! The thread the relay core runs on: takes events, lets the core commit whenever nothing else is
//! waiting, hands out what it says.
//!
//! A group commit waits for no clock: while one is being synced, the next gathers.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

use ids::{UnixMillis, limits};
use tokio::sync::mpsc;

use super::hub::Event;
use super::outbound::{Outbound, Outgoing, Pressure};
use crate::metrics::Metrics;
use crate::random::SystemRandom;
use crate::relay::{ConnId, Output, Relay};
use crate::store::{LogStore, StoreError};

/// Milliseconds between two calls of [`Relay::tick`].
pub(crate) const TICK_MS: i64 = 100;

/// Called after a founding link was used.
pub(crate) type OnFounded = Box<dyn FnMut() + Send>;

/// The relay and its connections' queues.
struct Core<S> {
    relay: Relay<S>,
    random: SystemRandom,
    queues: HashMap<ConnId, Arc<Outbound>>,
    metrics: Arc<Metrics>,
    on_founded: OnFounded,
    founded: u64,
    ticked: UnixMillis,
    stopping: bool,
}

/// Starts the thread. It ends after [`Event::Stop`], when all senders are gone, or when the store
/// fails; the failure is its result.
pub(crate) fn start<S: LogStore + 'static>(
    relay: Relay<S>,
    events: mpsc::Receiver<Event>,
    metrics: Arc<Metrics>,
    on_founded: OnFounded,
) -> std::io::Result<JoinHandle<Result<(), StoreError>>> {
    let core = Core {
        relay,
        random: SystemRandom,
        queues: HashMap::new(),
        metrics,
        on_founded,
        founded: 0,
        ticked: now(),
        stopping: false,
    };
    std::thread::Builder::new()
        .name("relay-core".to_owned())
        .spawn(move || core.run(events))
}

fn now() -> UnixMillis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl<S: LogStore> Core<S> {
    fn run(mut self, mut events: mpsc::Receiver<Event>) -> Result<(), StoreError> {
        loop {
            // With nothing left to do, sleep until something happens.
            if self.relay.is_idle() {
                let Some(event) = events.blocking_recv() else {
                    break;
                };
                self.take(event);
            }
            for _ in 0..limits::CORE_EVENTS {
                let Ok(event) = events.try_recv() else { break };
                self.take(event);
            }
            self.work();
            if let Some(failure) = self.relay.take_failure() {
                tracing::error!(error = %failure, "the store stopped");
                return Err(failure);
            }
            if self.stopping {
                break;
            }
        }
        Ok(())
    }

    fn take(&mut self, event: Event) {
        let now = now();
        match event {
            Event::Opened { conn, outbound } => {
                self.queues.insert(conn, outbound);
                self.relay.connect(conn, now);
            }
            Event::Frame { conn, frame } => self.relay.receive(conn, frame, now, &mut self.random),
            Event::Writable { conn } => self.relay.resume(conn),
            Event::Gone { conn } => {
                self.queues.remove(&conn);
                self.relay.disconnect(conn);
            }
            Event::Tick => self.tick(now),
            Event::Drain { after } => self.relay.drain(after),
            Event::Stop => {
                self.relay.close_all();
                self.stopping = true;
            }
        }
    }

    fn tick(&mut self, now: UnixMillis) {
        self.ticked = now;
        self.relay.tick(now);
    }

    fn work(&mut self) {
        let now = now();
        self.relay.commit(now);
        // Under load the ticks in the queue are late; the clock is not.
        if now.since(self.ticked) >= TICK_MS {
            self.tick(now);
        }
        self.deliver();
        self.publish();
    }

    fn deliver(&mut self) {
        for output in self.relay.take_output() {
            let (conn, item) = match output {
                Output::Send { conn, frame } => (conn, Outgoing::Frame(frame)),
                Output::Allow {
                    conn,
                    frame_bytes,
                    authenticated,
                } => (
                    conn,
                    Outgoing::Allow {
                        frame_bytes,
                        authenticated,
                    },
                ),
                Output::Close { conn, code } => (conn, Outgoing::Close(code.code())),
            };
            let Some(queue) = self.queues.get(&conn) else {
                continue;
            };
            match queue.put(item) {
                Pressure::Fine => {}
                Pressure::Pause => self.relay.pause(conn),
                Pressure::Cut => {
                    self.queues.remove(&conn);
                    self.relay.disconnect(conn);
                }
            }
        }
    }

    fn publish(&mut self) {
        let counts = *self.relay.counts();
        let metrics = &self.metrics;
        for (metric, value) in [
            (&metrics.sessions, counts.sessions),
            (&metrics.facilities, counts.facilities),
            (&metrics.handshakes_failed, counts.handshakes_failed),
            (&metrics.envelopes_stored, counts.envelopes_stored),
            (&metrics.envelope_bytes_stored, counts.envelope_bytes_stored),
            (&metrics.envelopes_duplicate, counts.envelopes_duplicate),
            (&metrics.envelopes_refused, counts.envelopes_refused),
            (&metrics.envelopes_delivered, counts.envelopes_delivered),
            (&metrics.commits, counts.commits),
            (&metrics.readers_lagged, counts.readers_lagged),
            (&metrics.roster_entries, counts.roster_entries),
            (&metrics.store_failures, counts.store_failures),
        ] {
            if metric.load(Ordering::Relaxed) != value {
                Metrics::set(metric, value);
            }
        }
        if counts.founded != self.founded {
            self.founded = counts.founded;
            tracing::info!("facility founded");
            (self.on_founded)();
        }
    }
}
