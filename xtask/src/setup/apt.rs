//! Debian packages.

use super::as_root;
use crate::shell::{Problem, Step, output, run, succeeds, which};
use std::process::Command;

/// A thing one of our steps starts, and the Debian package that brings it.
struct Need {
    package: &'static str,
    what_for: &'static str,
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        package: "build-essential",
        what_for: "C parts of SQLite and OpenSSL",
        present: || which("cc").is_some() && which("make").is_some(),
    },
    Need {
        package: "perl",
        what_for: "building OpenSSL for SQLCipher",
        present: full_perl,
    },
    Need {
        package: "clang-19",
        what_for: "SQLite as wasm",
        present: || which("clang-19").is_some(),
    },
    Need {
        package: "llvm-19",
        what_for: "SQLite as wasm",
        present: || which("llvm-ar-19").is_some(),
    },
    Need {
        package: "nodejs",
        what_for: "the font and the accessibility checker come as npm packages",
        present: || which("node").is_some(),
    },
    Need {
        package: "npm",
        what_for: "the same",
        present: || which("npm").is_some(),
    },
    Need {
        package: "chromium",
        what_for: "tests in a real browser",
        present: || which("chromium").is_some(),
    },
    Need {
        package: "chromium-driver",
        what_for: "the same",
        present: || which("chromedriver").is_some(),
    },
    Need {
        package: "strace",
        what_for: "counting fdatasync in the kill test",
        present: || which("strace").is_some(),
    },
];

/// Brings `wasm-opt`. Nice to have: without it the bundle is a sixth larger.
const WASM_OPT: &str = "binaryen";
/// The bundler leaves older ones unused.
const OLDEST_WASM_OPT: u32 = 117;

/// Debian always has a small perl; OpenSSL's configuration wants modules of the full one.
fn full_perl() -> bool {
    which("perl").is_some()
        && succeeds(Command::new("perl").args([
            "-MIPC::Cmd",
            "-MFile::Compare",
            "-MFindBin",
            "-e1",
        ]))
}

/// Installs the missing packages, all at once.
pub(super) fn install_missing() -> Result<(), Problem> {
    let missing: Vec<&Need> = NEEDS.iter().filter(|need| !(need.present)()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let step = Step::begin("setup: Debian packages");
    for need in &missing {
        eprintln!("    {} ({})", need.package, need.what_for);
    }
    let names: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if which("apt-get").is_none() {
        return Err(format!(
            "this is no Debian machine; please install: {}",
            names.join(" ")
        ));
    }
    // A new machine has no package lists, an old one may have stale ones: then fetch them, once.
    if apt_get("install", &names).is_err() {
        eprintln!("    fetching the package lists, then once more");
        apt_get("update", &[])?;
        apt_get("install", &names)?;
    }
    if which("wasm-opt").is_none() && offered(WASM_OPT) >= Some(OLDEST_WASM_OPT) {
        // Without it things work, too.
        let _ = apt_get("install", &[WASM_OPT]);
    }
    if let Some(need) = missing.iter().find(|need| !(need.present)()) {
        return Err(format!(
            "{} is installed but does not bring what it should",
            need.package
        ));
    }
    step.end();
    Ok(())
}

/// The first number of the version that Debian offers here.
fn offered(package: &str) -> Option<u32> {
    let said = output(Command::new("apt-cache").args(["policy", package]))?;
    let candidate = said.split("Candidate:").nth(1)?.trim_start();
    let digits = candidate.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn apt_get(verb: &str, packages: &[&str]) -> Result<(), Problem> {
    let mut command = as_root("apt-get")?;
    command.env("DEBIAN_FRONTEND", "noninteractive").args([
        verb,
        "-q",
        "-y",
        "-o",
        "Dpkg::Use-Pty=0",
        "-o",
        "DPkg::Lock::Timeout=300",
    ]);
    if verb == "install" {
        command.arg("--no-install-recommends").args(packages);
    }
    run(&mut command)
}
