//! Where things are: the repository, the folder cargo builds into, what is built there.

use std::path::{Path, PathBuf};

/// The repository's root. Cargo names our manifest's folder to every program it runs.
pub(crate) fn root() -> PathBuf {
    match std::env::var_os("CARGO_MANIFEST_DIR") {
        Some(manifest) => Path::new(&manifest)
            .parent()
            .map(Path::to_owned)
            .unwrap_or_default(),
        None => std::env::current_dir().unwrap_or_default(),
    }
}

/// The folder cargo builds into.
pub(crate) fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(named) => std::path::absolute(&named).unwrap_or_else(|_| named.into()),
        None => root().join("target"),
    }
}

/// A program of the workspace, built natively with the profile `dev`.
pub(crate) fn program(name: &str) -> PathBuf {
    target().join("debug").join(name)
}

/// Where the npm packages lie: the font, the accessibility checker.
pub(crate) fn web_packages() -> PathBuf {
    target().join("web-packages")
}

/// Where programs lie that were each built on its own, for tests to start.
pub(crate) fn apart() -> PathBuf {
    target().join("apart")
}
