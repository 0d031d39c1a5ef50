//! Where the programs and packages are that this test starts, and what is said when they are not
//! there.

use lamplight_tests::tablet::on_path;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use tokio::sync::Mutex;

/// Held while a story is told: two demos and their browsers at once are more than a machine of two
/// cores does in the time that a page is waited for.
pub(crate) static TURN: Mutex<()> = Mutex::const_new(());

/// A program of the workspace that was built on its own, else the one beside this test's folder.
pub(crate) fn program(name: &str) -> PathBuf {
    match std::env::var_os("LAMPLIGHT_PROGRAMS") {
        Some(folder) => Path::new(&folder).join(name),
        None => built().join("debug").join(name),
    }
}

/// The accessibility checker's one file.
pub(crate) fn checker() -> PathBuf {
    let packages = match std::env::var_os("LAMPLIGHT_WEB_PACKAGES") {
        Some(folder) => PathBuf::from(folder),
        None => built().join("web-packages"),
    };
    packages.join("node_modules/axe-core/axe.min.js")
}

/// Why a story with this demo cannot be told here, if it cannot.
pub(crate) fn lacking(demo: &str) -> Option<String> {
    let mut lacking = Vec::new();
    for name in ["chromium", "chromedriver"] {
        if on_path(name).is_none() {
            lacking.push(format!("no {name}"));
        }
    }
    if !program(demo).exists() {
        lacking.push(format!("no {demo}: run `cargo xtask test`"));
    }
    if !checker().exists() {
        lacking.push("no axe-core: run `cargo xtask setup`".to_owned());
    }
    (!lacking.is_empty()).then(|| lacking.join(", "))
}

/// The folder cargo built this test into.
fn built() -> PathBuf {
    let test = std::env::current_exe().unwrap_or_default();
    let profile = test
        .ancestors()
        .find(|folder| folder.file_name() == Some(OsStr::new("debug")));
    profile
        .and_then(Path::parent)
        .map(Path::to_owned)
        .unwrap_or_default()
}
