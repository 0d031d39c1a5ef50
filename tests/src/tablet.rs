//! A tablet as a person holds it: a real Chromium with a profile of its own, a finger, a keyboard.

pub mod browser;
pub mod page;
pub mod waiting;

pub use browser::{Browser, Chromedriver, Look};
pub use page::{Page, Words};
pub use thirtyfour::Key;

use std::path::PathBuf;

/// A program of the machine.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(name))
        .find(|file| file.exists())
}
