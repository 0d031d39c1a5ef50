//! The crate's behaviour through its public face, with Automerge beside it as the measure.

// The lints that keep panics out of the crate let `#[test]` functions off, but not their helpers.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)]

extern crate lamplight_document as document;

mod apply;
mod automerge_agrees;
mod body;
mod bytes;
mod forged_entries;
mod hostile;
mod house;
mod saves;
mod snapshot;
mod vectors;
