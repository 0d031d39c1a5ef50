//! A member with real keys sends what no engine writes. The relay cannot tell; every engine must
//! ref

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

mod chunks;
mod copies;
mod doubles;
mod grants;
mod later;
mod names;
mod repeated;
mod rights;
mod scene;
mod slots;
mod strikes;
