//! wasm-bindgen, and wasm-opt where it is installed.

use crate::{Files, list, name_of, read};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use wasm_bindgen_cli_support::Bindgen;

/// What rustc's wasm uses and an older wasm-opt has to be told.
const FEATURES: &[&str] = &[
    "--enable-bulk-memory",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
];

/// The oldest wasm-opt that is trusted. Version 108 mixes up the two tables of a module with reference
/// types: its output is valid, is accepted by the browser, and fails in its first instruction.
const OLDEST: u32 = 117;

/// `NAME.js`, `NAME_bg.wasm` and the snippets they import, which keep their own folders.
pub(crate) fn run(wasm: &Path, name: &str, work: &Path, optimise: bool) -> Result<Files, String> {
    let folder = work.join(name);
    let _ = fs::remove_dir_all(&folder);
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(name)
        .typescript(false)
        // Names of functions are more than half of a program; tests keep them for their stack traces.
        .remove_name_section(optimise)
        .web(true)
        .and_then(|bindgen| bindgen.generate(&folder))
        .map_err(|error| format!("wasm-bindgen: {}: {error:#}", wasm.display()))?;
    if optimise {
        shrink(&folder.join(format!("{name}_bg.wasm")));
    }
    let mut files = Files::new();
    for path in list(&folder)? {
        files.insert(name_of(&path), read(&path)?);
    }
    for path in snippets(&folder.join("snippets")) {
        let inside = path
            .strip_prefix(&folder)
            .unwrap_or(&path)
            .to_string_lossy()
            .into_owned();
        files.insert(inside, read(&path)?);
    }
    Ok(files)
}

fn snippets(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries
        .flatten()
        .map(|entry| entry.path())
        .flat_map(|path| {
            if path.is_dir() {
                snippets(&path)
            } else {
                vec![path]
            }
        })
        .collect()
}

/// Without wasm-opt, or when it is too old for this program, the bundle is somewhat larger.
fn shrink(wasm: &Path) {
    match version() {
        None => return eprintln!("    no wasm-opt here: {} left as it is", name_of(wasm)),
        Some(version) if version < OLDEST => {
            let name = name_of(wasm);
            return eprintln!(
                "    wasm-opt {version} is older than {OLDEST}: {name} left as it is"
            );
        }
        Some(_) => {}
    }
    let small = wasm.with_extension("small");
    let done = Command::new("wasm-opt")
        .arg("-Os")
        .args(FEATURES)
        .arg(wasm)
        .arg("-o")
        .arg(&small)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match done {
        Ok(status) if status.success() => drop(fs::rename(&small, wasm)),
        Ok(_) | Err(_) => eprintln!(
            "    wasm-opt does not understand {}: left as it is",
            name_of(wasm)
        ),
    }
}

/// The version of the wasm-opt that is installed, if one is.
fn version() -> Option<u32> {
    let said = Command::new("wasm-opt").arg("--version").output().ok()?;
    number(&String::from_utf8_lossy(&said.stdout))
}

/// The first number of what it says, as in `wasm-opt version 108` and `wasm-opt version 117 (version_117)`.
fn number(said: &str) -> Option<u32> {
    said.split_whitespace().find_map(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wasm_opt_that_breaks_our_tables_is_told_by_its_version() {
        for (said, trusted) in [
            ("wasm-opt version 108", false),
            ("wasm-opt version 116 (version_116)", false),
            ("wasm-opt version 117 (version_117)", true),
            ("wasm-opt version 123 (version_123-9-gabc)", true),
        ] {
            assert_eq!(number(said).unwrap() >= OLDEST, trusted, "{said}");
        }
        assert_eq!(number("no such program"), None);
    }
}
