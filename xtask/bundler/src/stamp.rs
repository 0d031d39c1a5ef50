//! Says whether a bundle was made of exactly these inputs by exactly this program.

use crate::{Arguments, Files, read};
use std::fs;
use std::path::{Path, PathBuf};

/// The hash of everything that goes into the bundle.
pub(crate) fn of(arguments: &Arguments, statics: &Files, fonts: &Files) -> Result<String, String> {
    let mut hasher = blake3::Hasher::new();
    let mut add = |bytes: &[u8]| {
        hasher.update(blake3::hash(bytes).as_bytes());
    };
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    for path in [&program, &arguments.ui, &arguments.worker] {
        add(&read(path)?);
    }
    for (name, bytes) in statics.iter().chain(fonts) {
        add(name.as_bytes());
        add(bytes);
    }
    let wasm_opt = std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|p| p.join("wasm-opt").is_file()));
    add(&[u8::from(arguments.optimise), u8::from(wasm_opt)]);
    Ok(hasher.finalize().to_hex().to_string())
}

/// Whether the folder is there and was made of these.
pub(crate) fn matches(out: &Path, stamp: &str) -> bool {
    out.join("index.html").is_file()
        && fs::read_to_string(file(out)).is_ok_and(|kept| kept == stamp)
}

/// Remembers what the folder was made of, beside it.
pub(crate) fn keep(out: &Path, stamp: &str) -> Result<(), String> {
    let file = file(out);
    fs::write(&file, stamp).map_err(|error| format!("{}: {error}", file.display()))
}

fn file(out: &Path) -> PathBuf {
    out.with_extension("stamp")
}
