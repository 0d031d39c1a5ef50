//! Notices: the engine says that something changed; the screen asks again.

use ids::CommandId;
use serde::{Deserialize, Serialize};

/// What changed, coarsely. Coalesced: at most one of each kind per batch of work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "notice", rename_all = "snake_case")]
pub enum Notice {
    /// [`crate::Query::Tablet`] answers differently (connection, outbox, progress, state).
    Tablet,
    /// The house or staff changed.
    House,
    /// Something about these residents changed; empty means any.
    Residents {
        /// Which.
        residents: Vec<domain::entry::ResidentId>,
    },
    /// The list of contradictions changed.
    Contradictions,
    /// The engine locked itself (rights changed).
    Locked,
    /// A device accepted an invitation: these six words must stand on its screen.
    DeviceAccepted {
        /// The device.
        device: ids::DeviceId,
        /// The six words.
        words: Vec<String>,
    },
    /// A pending command ended.
    Settled {
        /// Which.
        command: CommandId,
        /// How.
        settled: crate::Settled,
    },
}
