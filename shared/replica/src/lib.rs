//! The engine: one copy of a facility's records, with the log it came from, the views it is read
//! through and the machine that keeps it in step with the relay.
//!
//! [`Engine`] is the one façade: a browser's worker, a native process and the simulator drive the
//! same code. It runs on one thread, reads no clock, draws no randomness of its own and owns no
//! socket; only the disk is behind a trait ([`disk::Disk`]) that it calls.
//!
//! Usage rule: hand in every event with the present time, carry out every effect in order, and
//! after a `Disconnect` forget the connection at once.

pub mod disk;
mod engine;
mod event;
mod held;
mod keyring;
pub mod log;
mod view;

pub use engine::{Engine, OpenError};
pub use event::{Effect, Ended, Event};
pub use held::Held;
pub use interface;
pub use vault::{FileKey, Identity, NoRandom, PlatformKey, Random};
