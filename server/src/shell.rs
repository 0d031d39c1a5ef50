//! The shell around the relay core: sockets, HTTP, time and the one thread the core runs on. It
//! decides nothing about records.

pub(crate) mod accept;
mod caps;
pub(crate) mod core_thread;
pub(crate) mod hub;
pub(crate) mod outbound;
pub(crate) mod routes;
mod socket;
pub(crate) mod upgrade;
mod watched;

pub(crate) use caps::Door;
