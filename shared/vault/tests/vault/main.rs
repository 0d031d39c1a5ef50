//! What the vault promises to those above it, through its public door only.

// Clippy's leave for tests does not reach the functions that tests share.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

extern crate lamplight_vault as vault;

mod beginnings;
mod golden;
mod hostile;
mod hygiene;
mod keys;
mod moving;
mod pieces;
mod scene;
mod sealing;
mod slots;
