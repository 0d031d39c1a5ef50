//! What a relay is told at start. Nothing here is read from the environment.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use ids::limits;

/// Everything [`crate::serve()`] needs to know.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder: database, identity key, log id, founding token. Made when missing.
    pub data: PathBuf,
    /// The address to listen on. Anything but loopback needs `behind_proxy`.
    pub listen: SocketAddr,
    /// Origins whose pages may connect, as browsers write them (`https://relay.example`). On a
    /// loopback listener with no proxy in front every loopback origin may, too; behind a proxy that
    /// serves the web client at least one is wanted.
    pub origins: Vec<String>,
    /// Whether to serve the web client.
    pub serve_web: bool,
    /// Whether a proxy in front ends TLS. Peers then all have its address, so that the cap per
    /// address is the proxy's to hold.
    pub behind_proxy: bool,
    /// A loopback address for the metrics alone. Without it they are on the listener, if that is on
    /// loopback with no proxy in front: behind one every stranger would look like this machine.
    pub metrics: Option<SocketAddr>,
    /// Whoever starts the relay has looked at this machine's clock: it is right, however far it is
    /// from where the last run left it.
    pub clock_is_right: bool,
    /// When to print a founding link.
    pub founding: Founding,
    /// Bounds on connections and storage.
    pub caps: Caps,
    /// How long anything may take.
    pub deadlines: Deadlines,
}

/// When a relay offers a founding link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Founding {
    /// Only while it holds no facility.
    WhenEmpty,
    /// One at every start: this relay is to hold several facilities.
    Always,
}

/// Bounds on connections and storage.
#[derive(Clone, Copy, Debug)]
pub struct Caps {
    /// Connections of one address.
    pub per_address: usize,
    /// Connections that have not authenticated, in all.
    pub unauthenticated: usize,
    /// Connections in all.
    pub total: usize,
    /// Bytes of envelopes of one facility.
    pub facility_bytes: u64,
}

/// How long anything may take.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// From accepting a connection to its first byte.
    pub first_byte: Duration,
    /// For the headers of a request.
    pub headers: Duration,
    /// From accepting an HTTP connection to its last request, unless it becomes a WebSocket.
    pub keep_alive: Duration,
    /// On an HTTP connection, without a byte moving.
    pub stall: Duration,
    /// From the WebSocket's opening to `Welcome`.
    pub handshake: Duration,
    /// Silence after which a peer is pinged.
    pub ping: Duration,
    /// How long a pong may take; twice missed, the peer is given up.
    pub pong: Duration,
    /// How long one write of at most 64 KiB may take.
    pub write: Duration,
    /// How long a peer has to answer a close.
    pub linger: Duration,
    /// From announcing a shutdown to closing the connections.
    pub drain: Duration,
}

impl Config {
    /// The usual configuration.
    pub fn new(data: impl Into<PathBuf>, listen: SocketAddr) -> Self {
        Self {
            data: data.into(),
            listen,
            origins: Vec::new(),
            serve_web: true,
            behind_proxy: false,
            metrics: None,
            clock_is_right: false,
            founding: Founding::WhenEmpty,
            caps: Caps::default(),
            deadlines: Deadlines::default(),
        }
    }
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            per_address: limits::CONNECTIONS_PER_ADDRESS,
            unauthenticated: limits::CONNECTIONS_UNAUTHENTICATED,
            total: limits::CONNECTIONS,
            facility_bytes: limits::FACILITY_BYTES,
        }
    }
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            first_byte: millis(limits::FIRST_BYTE_MS),
            headers: millis(limits::HEADER_READ_MS),
            keep_alive: millis(limits::KEEP_ALIVE_MS),
            stall: millis(limits::HTTP_STALL_MS),
            handshake: millis(limits::HANDSHAKE_MS),
            ping: millis(limits::PING_INTERVAL_MS),
            pong: millis(limits::PONG_MS),
            write: Duration::from_secs(30),
            linger: Duration::from_secs(1),
            drain: Duration::from_millis(250),
        }
    }
}

fn millis(limit: i64) -> Duration {
    Duration::from_millis(limit.unsigned_abs())
}
