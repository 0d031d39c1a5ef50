//! The engine as a native process: a home folder with its key and databases, a WebSocket to the
//! relay, and the loop that carries events in and effects out. The command line
//! (`lamplight-client`) is built on it, and so is everything else that runs an engine natively.

#![deny(clippy::print_stdout)]

pub mod home;
pub mod process;
pub mod socket;

pub use home::{Home, HomeError};
pub use process::{Passing, Process, ProcessError, RelayTrouble, Watcher};
pub use socket::Unreached;
