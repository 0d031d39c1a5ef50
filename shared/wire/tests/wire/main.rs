//! What `wire` promises, tested from outside.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation
)]

// The rest of the house knows the crate by this name.
extern crate lamplight_wire as wire;

mod bounds;
mod carry;
mod envelopes;
mod handshake;
mod home;
mod later;
mod messages;
mod page;
mod properties;
mod roster_encoding;
mod roster_future;
mod roster_history;
mod roster_hostile;
mod roster_rules;
mod roster_sheet;
mod roster_time;
mod sample_messages;
mod samples;
mod vectors;
