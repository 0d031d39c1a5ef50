//! What happens to the engine, and what it wants done. The engine touches no socket and no clock:
//! a shell turns the world into [`Event`]s and [`Effect`]s into deeds.

use bytes::Bytes;
use ids::UnixMillis;
use interface::Notice;

/// Something happened. Handed in with the present time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The connection asked for by [`Effect::Connect`] stands.
    Connected,
    /// A binary frame came.
    Received(Bytes),
    /// The connection ended or could not be made.
    Disconnected(Ended),
    /// The time asked for by [`Effect::WakeAt`] has come (or earlier; never harmful).
    Tick,
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing answered, or the connection broke.
    Network,
    /// Something answered that is not a relay: this Wi-Fi wants somebody to sign in.
    CaptivePortal,
    /// The relay closed it.
    ByRelay,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Open a WebSocket to the relay: the one this program came from, or the one configured.
    /// Answered by [`Event::Connected`] or [`Event::Disconnected`].
    Connect,
    /// Send a binary frame.
    Send(Bytes),
    /// Close the connection; no [`Event::Disconnected`] is needed for it.
    Disconnect,
    /// Hand in [`Event::Tick`] at this time. A later one of these replaces an earlier one.
    WakeAt(UnixMillis),
    /// Tell whoever watches.
    Notice(Notice),
}
