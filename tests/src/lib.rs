//! What must hold, shown from outside: the harness that runs whole homes in virtual time, and the
//! simulator on top of it. The tests themselves stand in `tests/`.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)] // The strict lints guard the product; a test may unwrap, index and cast.

pub mod harness;
pub mod native;
pub mod programs;
pub mod simulation;
pub mod tablet;
