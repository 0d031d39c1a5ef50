//! The standard library for wasm32: from rustup, or, where rustup's download is closed, built once
//! from Debian's sources.

use super::as_root;
use crate::place;
use crate::shell::{Problem, Step, output, run, succeeds, which};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TRIPLE: &str = "wasm32-unknown-unknown";
/// The name under which Debian's compiler is linked into rustup.
const LINKED: &str = "lamplight-wasm";

/// Which compiler builds for wasm32 here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// The one in use, with rustup's target.
    Same,
    /// Debian's, linked into rustup.
    Debian,
}

impl Toolchain {
    /// The one that is there, if any.
    pub(crate) fn present() -> Option<Self> {
        let sysroot = output(Command::new("rustc").args(["--print", "sysroot"]))?;
        if has_std(Path::new(&sysroot)) {
            return Some(Toolchain::Same);
        }
        let mut linked = rustup(&["run", LINKED, "rustc", "--print", "sysroot"]);
        output(&mut linked)
            .filter(|root| has_std(Path::new(root)))
            .map(|_| Toolchain::Debian)
    }

    /// A cargo command with this compiler.
    pub(crate) fn cargo(self, arguments: &[&str]) -> Command {
        match self {
            Toolchain::Same => crate::shell::cargo(arguments),
            Toolchain::Debian => {
                let toolchain = format!("+{LINKED}");
                let mut all = vec![toolchain.as_str()];
                all.extend(arguments);
                let mut command = crate::shell::cargo(&all);
                command
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .env_remove("RUSTC")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
                command
            }
        }
    }
}

fn has_std(sysroot: &Path) -> bool {
    let libraries = sysroot.join("lib/rustlib").join(TRIPLE).join("lib");
    fs::read_dir(libraries).is_ok_and(|files| {
        files
            .flatten()
            .any(|file| file.file_name().to_string_lossy().starts_with("libcore-"))
    })
}

fn rustup(arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.args(arguments);
    command
}

/// Installs the target unless it is there.
pub(super) fn ensure() -> Result<(), Problem> {
    if Toolchain::present().is_some() {
        return Ok(());
    }
    let step = Step::begin("setup: Rust's standard library for wasm32");
    if which("rustup").is_none() || run(&mut rustup(&["target", "add", TRIPLE])).is_err() {
        eprintln!(
            "    rustup cannot fetch it here: building it from Debian's sources (some minutes)"
        );
        from_debian()?;
    }
    if Toolchain::present().is_none() {
        return Err("no standard library for wasm32, neither from rustup nor from Debian".into());
    }
    step.end();
    Ok(())
}

/// Debian's `rustc-web` has the sources of its own standard library, but not the library for wasm32.
fn from_debian() -> Result<(), Problem> {
    let packages = ["rustc-web", "cargo-web", "rust-web-src", "lld"];
    let install = |verb: &[&str]| -> Result<(), Problem> {
        run(as_root("apt-get")?
            .env("DEBIAN_FRONTEND", "noninteractive")
            .args(verb))
    };
    let mut arguments = vec!["install", "-q", "-y", "--no-install-recommends"];
    arguments.extend(packages);
    if install(&arguments).is_err() {
        install(&["update", "-q"])?;
        install(&arguments)?;
    }
    let empty = place::target().join("wasm-std");
    write_empty_crate(&empty)?;
    run(Command::new("/usr/bin/cargo")
        .current_dir(&empty)
        .env("RUSTFLAGS", "-Cembed-bitcode=yes")
        .env("RUSTC", "/usr/bin/rustc")
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", empty.join("target"))
        .env_remove("RUSTUP_TOOLCHAIN")
        .args([
            "build",
            "--release",
            "-Zbuild-std=std,panic_abort",
            "--target",
            TRIPLE,
        ]))?;
    let built = empty.join("target").join(TRIPLE).join("release/deps");
    let libraries = format!("/usr/lib/rustlib/{TRIPLE}/lib");
    run(as_root("mkdir")?.args(["-p", &libraries]))?;
    let files: Vec<PathBuf> = fs::read_dir(&built)
        .map_err(|error| format!("{}: {error}", built.display()))?
        .flatten()
        .map(|file| file.path())
        .filter(|path| path.extension().is_some_and(|e| e == "rlib"))
        .collect();
    run(as_root("cp")?.args(&files).arg(&libraries))?;
    if !succeeds(&mut rustup(&["toolchain", "link", LINKED, "/usr"])) {
        return Err("Debian's compiler could not be linked into rustup".into());
    }
    Ok(())
}

fn write_empty_crate(folder: &Path) -> Result<(), Problem> {
    let manifest =
        "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n";
    fs::create_dir_all(folder.join("src"))
        .and_then(|()| fs::write(folder.join("Cargo.toml"), manifest))
        .and_then(|()| fs::write(folder.join("src/lib.rs"), ""))
        .map_err(|error| format!("{}: {error}", folder.display()))
}
