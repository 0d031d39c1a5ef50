//! Puts the web client into the program: every file of the folder that `LAMPLIGHT_WEB_DIST` names,
//! or of `target/web/dist` in the workspace. Without either the relay serves a plain page.

use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A file that is only ever the precompressed form of the one without this ending.
const BROTLI: &str = ".br";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-env-changed=LAMPLIGHT_WEB_DIST");
    println!("cargo::rerun-if-changed=build.rs");
    let dist = dist()?;
    println!("cargo::rerun-if-changed={}", dist.display());
    let mut files = BTreeMap::new();
    collect(&dist, &dist, &mut files)?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("assets.rs");
    fs::write(out, table(&files)?)?;
    Ok(())
}

fn dist() -> Result<PathBuf, Box<dyn Error>> {
    if let Some(named) = env::var_os("LAMPLIGHT_WEB_DIST") {
        return Ok(PathBuf::from(named).canonicalize()?);
    }
    let server = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let workspace = server.parent().ok_or("the server folder has no parent")?;
    let dist = workspace.join("target/web/dist");
    // Made when it is missing, so that cargo can watch it.
    fs::create_dir_all(&dist)?;
    Ok(dist)
}

fn collect(
    root: &Path,
    folder: &Path,
    files: &mut BTreeMap<String, PathBuf>,
) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else {
            let relative = path
                .strip_prefix(root)?
                .to_str()
                .ok_or("a file name is not UTF-8")?;
            files.insert(format!("/{}", relative.replace('\\', "/")), path);
        }
    }
    Ok(())
}

fn table(files: &BTreeMap<String, PathBuf>) -> Result<String, Box<dyn Error>> {
    let mut code = String::from("static EMBEDDED: &[Embedded] = &[\n");
    for (name, path) in files {
        let compressed_of = name.strip_suffix(BROTLI);
        if compressed_of.is_some_and(|plain| files.contains_key(plain)) {
            continue;
        }
        let brotli = match files.get(&format!("{name}{BROTLI}")) {
            Some(path) => format!("Some(include_bytes!({path:?}))"),
            None => "None".to_owned(),
        };
        writeln!(
            code,
            "Embedded {{ path: {name:?}, bytes: include_bytes!({path:?}), brotli: {brotli} }},"
        )?;
    }
    code.push_str("];\n");
    Ok(code)
}
