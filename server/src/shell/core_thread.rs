//! The thread the relay core runs on: takes events, lets the core commit whenever nothing else is
//! waiting, hands out what it says.
//!
//! While a group commit is being synced, the next gathers, and for a few milliseconds after it: longer
//! where one home writes much at a time. One before which it was quiet waits for no clock.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use ids::{UnixMillis, limits};
use tokio::sync::mpsc;

use super::hub::Event;
use super::outbound::{Outbound, Outgoing, Pressure};
use crate::metrics::Metrics;
use crate::random::SystemRandom;
use crate::relay::{ConnId, Output, Relay, Uptime};
use crate::store::{LogStore, StoreError};

/// Milliseconds between two calls of [`Relay::tick`].
pub(crate) const TICK_MS: i64 = 100;

/// Milliseconds between two times at which it is kept that the clock is right.
const KEEP_CLOCK_MS: i64 = 3_600_000;
/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// From the end of a group commit: what is pushed meanwhile waits for company.
const COMPANY: Duration = Duration::from_millis(limits::GROUP_COMMIT_MS.unsigned_abs());
/// The same where one home writes much at a time, at most.
const MUCH_COMPANY: Duration = Duration::from_millis(limits::GROUP_COMMIT_BUSY_MS.unsigned_abs());

/// What is to be kept beside the store.
pub(crate) struct Keeper {
    /// A founding link was used.
    pub(crate) founded: Box<dyn FnMut() + Send>,
    /// The clock was right at this time.
    pub(crate) clock_right: Box<dyn FnMut(UnixMillis) + Send>,
}

/// The relay and its connections' queues.
struct Core<S> {
    relay: Relay<S>,
    random: SystemRandom,
    queues: HashMap<ConnId, Arc<Outbound>>,
    metrics: Arc<Metrics>,
    keeper: Keeper,
    founded: u64,
    damaged: usize,
    started: Instant,
    ticked: Uptime,
    /// When the last group commit was done.
    committed: Option<Instant>,
    clock_kept: UnixMillis,
    doubts_clock: bool,
    stopping: bool,
}

/// Starts the thread. It ends after [`Event::Stop`], when all senders are gone, or when the store
/// fails; the failure is its result.
pub(crate) fn start<S: LogStore + 'static>(
    relay: Relay<S>,
    events: mpsc::Receiver<Event>,
    metrics: Arc<Metrics>,
    keeper: Keeper,
) -> std::io::Result<JoinHandle<Result<(), StoreError>>> {
    let core = Core::new(relay, metrics, keeper);
    std::thread::Builder::new()
        .name("relay-core".to_owned())
        .spawn(move || core.run(events))
}

/// This machine's wall clock.
pub(crate) fn now() -> UnixMillis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// What comes alone is stored at once. What comes soon after a commit waits for more of its kind, to
/// share what a commit costs: an fsync, a signature, a write to every reader, and a transaction there.
/// Longer the more rows of one log there were in that commit: readers who are sent so much are behind
/// with each small transaction, and nearer with a large one.
fn rest_of_wait(since_commit: Option<Duration>, together: usize) -> Option<Duration> {
    let together = u32::try_from(together.max(1)).unwrap_or(u32::MAX);
    COMPANY
        .saturating_mul(together)
        .min(MUCH_COMPANY)
        .checked_sub(since_commit?)
        .filter(|rest| !rest.is_zero())
}

impl<S: LogStore> Core<S> {
    fn new(relay: Relay<S>, metrics: Arc<Metrics>, keeper: Keeper) -> Self {
        Self {
            relay,
            random: SystemRandom,
            queues: HashMap::new(),
            metrics,
            keeper,
            founded: 0,
            damaged: 0,
            started: Instant::now(),
            ticked: Uptime::default(),
            committed: None,
            clock_kept: UnixMillis(0),
            doubts_clock: false,
            stopping: false,
        }
    }

    fn run(mut self, mut events: mpsc::Receiver<Event>) -> Result<(), StoreError> {
        loop {
            // With nothing left to do, sleep until something happens.
            if self.relay.is_idle() {
                let Some(event) = events.blocking_recv() else {
                    break;
                };
                self.take(event);
            }
            self.take_all(&mut events);
            while let Some(wait) = self.waits_for_company() {
                // Not longer at a time: something may come that waits for nothing.
                std::thread::sleep(wait.min(COMPANY));
                self.take_all(&mut events);
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

    fn take_all(&mut self, events: &mut mpsc::Receiver<Event>) {
        for _ in 0..limits::CORE_EVENTS {
            let Ok(event) = events.try_recv() else { break };
            self.take(event);
        }
    }

    /// How long what was pushed still waits for company.
    fn waits_for_company(&self) -> Option<Duration> {
        let since = self.committed.map(|committed| committed.elapsed());
        (self.relay.gathers() && !self.stopping)
            .then(|| rest_of_wait(since, self.relay.together()))
            .flatten()
    }

    fn take(&mut self, event: Event) {
        let now = now();
        match event {
            Event::Opened { conn, outbound } => {
                self.queues.insert(conn, outbound);
                self.relay.connect(conn, self.uptime());
            }
            Event::Frame { conn, frame } => self.relay.receive(conn, frame, now, &mut self.random),
            Event::Writable { conn } => self.resume(conn),
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

    /// Serves a reader again, unless its queue filled up while the news was on its way: it will say
    /// so again when there is room.
    fn resume(&mut self, conn: ConnId) {
        if self.queues.get(&conn).is_some_and(|q| !q.is_paused()) {
            self.relay.resume(conn);
        }
    }

    fn uptime(&self) -> Uptime {
        Uptime(i64::try_from(self.started.elapsed().as_millis()).unwrap_or(i64::MAX))
    }

    fn tick(&mut self, now: UnixMillis) {
        self.ticked = self.uptime();
        self.relay.tick(now, self.ticked);
        let Some(right) = self.relay.clock_right_at() else {
            return;
        };
        let doubts = self.relay.doubts_clock(now);
        if doubts && !self.doubts_clock {
            tracing::error!(
                days = now.since(right) / DAY_MS,
                "the clock is far ahead of where it was last right: nobody can be invited or removed. \
                 Set it right; if it is, start the relay once with --clock-is-right"
            );
        }
        self.doubts_clock = doubts;
        if right.since(self.clock_kept) >= KEEP_CLOCK_MS {
            self.clock_kept = right;
            (self.keeper.clock_right)(right);
        }
    }

    fn work(&mut self) {
        let now = now();
        let commits = self.relay.counts().commits;
        self.relay.commit(now);
        if self.relay.counts().commits != commits {
            self.committed = Some(Instant::now());
        }
        // Under load the ticks in the queue are late; the clock is not.
        if self.uptime().0.saturating_sub(self.ticked.0) >= TICK_MS {
            self.tick(now);
        }
        // First, so that whoever hears of a commit finds it counted.
        self.publish();
        self.deliver();
    }

    /// Puts all that is to be sent, then wakes whoever has some of it: a connection gives what a
    /// commit has for it to the system in one call.
    fn deliver(&mut self) {
        let mut woken: Vec<Arc<Outbound>> = Vec::new();
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
            let pressure = queue.put(item);
            if woken.last().is_none_or(|last| !Arc::ptr_eq(last, queue)) {
                woken.push(Arc::clone(queue));
            }
            match pressure {
                Pressure::Fine => {}
                Pressure::Pause => self.relay.pause(conn),
                Pressure::Cut => {
                    self.queues.remove(&conn);
                    self.relay.disconnect(conn);
                }
            }
        }
        for queue in woken {
            queue.wake();
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
        let damaged = self.relay.damaged();
        if damaged.len() != self.damaged {
            self.damaged = damaged.len();
            Metrics::set(&metrics.facilities_damaged, damaged.len() as u64);
            for (facility, why) in damaged {
                tracing::error!(%facility, why, "a facility is damaged: its tablets are turned away");
            }
        }
        if counts.founded != self.founded {
            self.founded = counts.founded;
            tracing::info!("facility founded");
            (self.keeper.founded)();
        }
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use ed25519_dalek::SigningKey;
    use ids::{LogId, limits};

    use super::*;
    use crate::relay::Settings;
    use crate::store::MemoryStore;

    #[test]
    fn what_comes_alone_is_stored_at_once_and_what_follows_soon_waits_for_company() {
        assert_eq!(rest_of_wait(None, 0), None, "the first");
        assert_eq!(rest_of_wait(Some(Duration::ZERO), 1), Some(COMPANY));
        let moment = Duration::from_millis(1);
        assert_eq!(rest_of_wait(Some(COMPANY - moment), 1), Some(moment));
        assert_eq!(rest_of_wait(Some(COMPANY), 1), None);
        assert_eq!(rest_of_wait(Some(COMPANY + moment), 1), None);
    }

    #[test]
    fn what_is_written_together_waits_longer_and_never_longer_than_the_bound() {
        assert_eq!(rest_of_wait(Some(COMPANY), 2), Some(COMPANY));
        assert_eq!(rest_of_wait(Some(2 * COMPANY), 2), None);
        let bound = Duration::from_millis(limits::GROUP_COMMIT_BUSY_MS.unsigned_abs());
        for many in [100, usize::MAX] {
            assert_eq!(rest_of_wait(Some(Duration::ZERO), many), Some(bound));
        }
        assert_eq!(rest_of_wait(Some(bound), usize::MAX), None);
    }

    #[test]
    fn room_told_of_too_late_does_not_take_the_brake_off() {
        let key = SigningKey::from_bytes(&[3; 32]);
        let log_id = LogId::from_bytes([1; 16]);
        let store = MemoryStore::default();
        let relay = Relay::new(store, key, log_id, Settings::default());
        let keeper = Keeper {
            founded: Box::new(|| {}),
            clock_right: Box::new(|_| {}),
        };
        let mut core = Core::new(relay, Arc::new(Metrics::default()), keeper);
        let (conn, outbound) = (ConnId(1), Arc::new(Outbound::default()));
        core.take(Event::Opened {
            conn,
            outbound: Arc::clone(&outbound),
        });
        // The socket drained and said so; before the core hears of it, the queue is full again.
        let told = Event::Writable { conn };
        let full = limits::OUTBOUND_BYTES;
        let pressure = outbound.put(Outgoing::Frame(Bytes::from(vec![0; full])));
        assert_eq!(pressure, Pressure::Pause);
        core.relay.pause(conn);
        core.take(told);
        assert!(core.relay.is_idle(), "served although it is full");
        assert!(outbound.written(1, full));
        core.take(Event::Writable { conn });
        assert!(!core.relay.is_idle(), "not served although there is room");
    }
}
