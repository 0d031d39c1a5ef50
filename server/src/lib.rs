//! The relay: orders, keeps and hands on ciphertext.
//!
//! ```text
//!   sockets, HTTP, time                    decides everything              makes it durable
//!   shell, web  ──events──▶  core thread  ──▶  relay::Relay  ──▶  store::LogStore
//!               ◀──output──                                       (SQLite, memory)
//! ```
//!
//! [`relay::Relay`] is a machine without clock, randomness, sockets or threads: the same code runs
//! behind the accept loop and in the simulator. [`serve()`] puts the shell around it.
//!
//! What is absent: no key that opens a record, no plaintext type, no Automerge. This crate depends
//! on `ids` and `wire` and on nothing else of ours.

pub mod config;
mod datadir;
mod metrics;
pub mod random;
pub mod relay;
mod serve;
mod shell;
pub mod store;
mod web;

pub use config::{Caps, Config, Deadlines, Founding};
pub use datadir::DataDirError;
pub use random::{NoRandom, Random, SystemRandom};
pub use relay::{CloseCode, ConnId, Output, Relay, Settings, Uptime};
pub use serve::{Running, ServeError, serve};
pub use store::{LogStore, MemoryStore, SqliteStore, StoreError};
