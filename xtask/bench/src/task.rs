//! What the driver tells a worker, and what it hears back: one JSON line each.

use domain::entry::ResidentId;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Somebody who signs in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Card {
    /// The badge's text.
    pub(crate) badge: String,
    /// Six digits.
    pub(crate) pin: String,
}

/// What a worker is for; the first line it reads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Task {
    /// One client that writes, or only takes in.
    Client(Client),
    /// Many clients that stay connected and do nothing.
    Crowd(Crowd),
}

/// One client.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Client {
    /// Its home folder: an enrolled device.
    pub(crate) home: PathBuf,
    /// The relay.
    pub(crate) origin: String,
    /// Who signs in; nobody's keys are needed to take in.
    pub(crate) card: Option<Card>,
    /// Whether it is connected, with everything exchanged, before it says that it is ready.
    /// Otherwise it writes before that and connects when told to go.
    pub(crate) live: bool,
    /// What it writes.
    pub(crate) write: Write,
}

/// What a client writes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Write {
    /// Nothing.
    Nothing,
    /// Notes, one command each.
    Notes {
        /// In whose journal.
        resident: ResidentId,
        /// How many.
        count: u32,
        /// How many may be on their way to the relay.
        ahead: u64,
        /// Milliseconds from one to the next, at least.
        every_ms: u64,
    },
    /// Sets of observations over one month.
    Observations {
        /// In whose journals.
        residents: Vec<ResidentId>,
        /// How many in each.
        each: u32,
        /// One command for each journal, or one for each entry.
        bulk: bool,
    },
}

/// Many clients.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Crowd {
    /// Their home folders.
    pub(crate) homes: Vec<PathBuf>,
    /// The relay.
    pub(crate) origin: String,
}

/// What a client says when it is ready.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Ready {
    /// Envelopes that wait for the relay.
    pub(crate) to_send: u32,
}

/// What the driver says then.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Go {
    /// Envelopes of others that will come.
    pub(crate) expect: u64,
}

/// What a client says in the end. Times are microseconds of this machine's clock.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Report {
    /// When it was told to go.
    pub(crate) began: u64,
    /// When everything of its own was stored by the relay, and everything of the others here.
    pub(crate) ended: u64,
    /// For each write: when the command was given, and when it was saved here.
    pub(crate) writes: Vec<(u64, u64)>,
    /// For each envelope of others: when its frame came, and when it was verified and durable.
    pub(crate) arrivals: Vec<(u64, u64)>,
    /// Envelopes of others that came.
    pub(crate) rows: u64,
    /// Bytes of WebSocket frames received and sent, headers included.
    pub(crate) bytes_in: u64,
    /// As above.
    pub(crate) bytes_out: u64,
    /// CPU-seconds of this process since it was told to go.
    pub(crate) cpu: f64,
}

/// What a crowd says whenever it is asked.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Roll {
    /// Of each client that is live: since when, in microseconds.
    pub(crate) live_since: Vec<u64>,
}
