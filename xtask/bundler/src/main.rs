//! Makes the web bundle: takes the two wasm programs, the files of `client-web/static` and the font,
//! and writes one folder that a relay serves as it is. Every file but four has its content's hash in
//! its name, so it may be cached for ever; those four name the others.
//!
//! Files of `static` say `{{name}}` where they mean another file's path; `__VERSION__`,
//! `__RELEASE__` and `__FILES__` are the bundle's hash, the release's number and the list the service
//! worker precaches.

mod bindgen;
mod compress;
mod font;
mod names;
mod stamp;

use clap::Parser;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Files by their name or path.
type Files = BTreeMap<String, Vec<u8>>;

/// What the bundle is made of.
#[derive(Parser)]
struct Arguments {
    /// The page's program.
    #[arg(long)]
    ui: PathBuf,
    /// The engine's program.
    #[arg(long)]
    worker: PathBuf,
    /// Page, service worker, manifest, styles.
    #[arg(long = "static")]
    statics: PathBuf,
    /// `node_modules` with the font.
    #[arg(long)]
    packages: PathBuf,
    /// The folder to write.
    #[arg(long)]
    out: PathBuf,
    /// Spend time on size.
    #[arg(long)]
    optimise: bool,
}

fn main() -> ExitCode {
    match bundle(&Arguments::parse()) {
        Ok(said) => {
            eprintln!("    {said}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("bundler: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn bundle(arguments: &Arguments) -> Result<String, String> {
    let statics = read_statics(&arguments.statics)?;
    let fonts = font::read_all(&arguments.packages)?;
    let stamp = stamp::of(arguments, &statics, &fonts)?;
    if stamp::matches(&arguments.out, &stamp) {
        return Ok("unchanged".to_owned());
    }
    let work = arguments.out.with_extension("work");
    let mut assets = bindgen::run(&arguments.ui, "ui", &work, arguments.optimise)?;
    assets.extend(bindgen::run(
        &arguments.worker,
        "worker",
        &work,
        arguments.optimise,
    )?);
    assets.extend(fonts);
    let files = names::assemble(statics, assets, env!("CARGO_PKG_VERSION"))?;
    let compressed = compress::all(&files, arguments.optimise)?;
    write(&arguments.out, &files, &compressed)?;
    stamp::keep(&arguments.out, &stamp)?;
    Ok(sizes(&files, &compressed))
}

/// The files of the folder; those under `styles/` become one, in order of their names.
fn read_statics(folder: &Path) -> Result<Files, String> {
    let mut files = Files::new();
    for path in list(folder)? {
        files.insert(name_of(&path), read(&path)?);
    }
    let mut styles = Vec::new();
    for path in list(&folder.join("styles"))? {
        styles.extend(read(&path)?);
    }
    files.insert("app.css".to_owned(), styles);
    files
        .entry("engine.js".to_owned())
        .or_insert_with(|| include_bytes!("engine.js").to_vec());
    Ok(files)
}

/// The folder's files in order of their names.
fn list(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut paths: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> String {
    path.file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default()
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes beside the old folder, then takes its place, so that nobody serves half a bundle.
fn write(out: &Path, files: &Files, compressed: &Files) -> Result<(), String> {
    let next = out.with_extension("next");
    let failed = |error: std::io::Error| format!("{}: {error}", out.display());
    let _ = fs::remove_dir_all(&next);
    for (path, bytes) in files.iter().chain(compressed) {
        let file = next.join(path);
        fs::create_dir_all(file.parent().unwrap_or(&next)).map_err(failed)?;
        fs::write(file, bytes).map_err(failed)?;
    }
    let _ = fs::remove_dir_all(out);
    fs::rename(next, out).map_err(failed)
}

fn sizes(files: &Files, compressed: &Files) -> String {
    let wasm = files.iter().filter(|(path, _)| path.ends_with(".wasm"));
    let each: Vec<String> = wasm
        .map(|(path, bytes)| {
            let brotli = compressed.get(&format!("{path}.br")).map_or(0, Vec::len);
            let name = path
                .rsplit('/')
                .next()
                .unwrap_or(path)
                .split('-')
                .next()
                .unwrap_or(path);
            format!(
                "{name} {} KiB, {} KiB compressed",
                bytes.len() / 1_024,
                brotli / 1_024
            )
        })
        .collect();
    format!("{} files; {}", files.len(), each.join("; "))
}
