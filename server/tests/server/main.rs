//! The relay from outside: its core through `Relay`, its stores through `LogStore`, the whole of it
//! through sockets.

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "a test program offers nothing to others"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "a failing test may say so at once"
)]

mod abuse;
mod checks;
mod clock;
mod ends;
mod founding;
mod group;
mod handshake;
mod harness;
mod invitations;
mod readers;
mod room;
mod roster;
mod seen;
mod shell;
mod stores;
