//! Numbers for whoever runs the relay: counts and sizes, never an id of a person or document.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! metrics {
    ($($(#[$doc:meta])* $name:ident: $kind:literal, $help:literal;)*) => {
        /// Counters shared by the core thread and the shell.
        #[derive(Debug, Default)]
        pub(crate) struct Metrics {
            $($(#[$doc])* pub(crate) $name: AtomicU64,)*
        }

        impl Metrics {
            /// The Prometheus text form.
            pub(crate) fn text(&self) -> String {
                let mut text = String::new();
                $(
                    // Writing to a `String` cannot fail.
                    let _ = writeln!(
                        text,
                        "# HELP lamplight_{name} {help}\n# TYPE lamplight_{name} {kind}\nlamplight_{name} {value}",
                        name = stringify!($name),
                        help = $help,
                        kind = $kind,
                        value = self.$name.load(Ordering::Relaxed),
                    );
                )*
                text
            }
        }
    };
}

metrics! {
    /// Open connections.
    connections: "gauge", "Open connections.";
    /// Open connections that have not authenticated.
    connections_unauthenticated: "gauge", "Open connections that have not authenticated.";
    /// Connections turned away by a cap.
    connections_refused: "counter", "Connections turned away by a cap.";
    /// Unauthenticated connections that made room for another.
    connections_evicted: "counter", "Unauthenticated connections that made room for another.";
    /// WebSocket requests turned away for their origin.
    origins_refused: "counter", "WebSocket requests turned away for their origin.";
    /// Handshakes that failed.
    handshakes_failed: "counter", "Handshakes that failed.";
    /// Sessions that stand.
    sessions: "gauge", "Authenticated sessions.";
    /// Facilities in memory.
    facilities: "gauge", "Facilities in use since the start.";
    /// Facilities that cannot be read.
    facilities_damaged: "gauge", "Facilities whose stored roster does not hold together.";
    /// Envelopes stored.
    envelopes_stored: "counter", "Envelopes stored.";
    /// Bytes of envelopes stored.
    envelope_bytes_stored: "counter", "Bytes of envelopes stored.";
    /// Envelopes that were there already.
    envelopes_duplicate: "counter", "Envelopes that were stored already.";
    /// Envelopes not stored.
    envelopes_refused: "counter", "Envelopes not stored, for whatever reason.";
    /// Envelopes sent to readers.
    envelopes_delivered: "counter", "Envelopes sent to readers.";
    /// Group commits.
    commits: "counter", "Group commits.";
    /// Readers that fell back from live to their cursor.
    readers_lagged: "counter", "Times a reader fell back from live to its cursor.";
    /// Roster entries appended.
    roster_entries: "counter", "Roster entries appended.";
    /// Attempts the store failed.
    store_failures: "counter", "Attempts to store that failed.";
}

impl Metrics {
    /// Sets a gauge or counter.
    pub(crate) fn set(counter: &AtomicU64, value: u64) {
        counter.store(value, Ordering::Relaxed);
    }

    /// Adds one to a counter.
    pub(crate) fn count(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::Relaxed);
    }
}
