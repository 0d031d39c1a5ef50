//! Names with content hashes, and the files that name them.

use crate::Files;
use data_encoding::{BASE64, HEXLOWER};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Files that keep their names, because somebody asks for them by name.
const FIXED: [&str; 3] = ["index.html", "manifest.webmanifest", "sw.js"];
const ASSETS: &str = "assets";

/// The whole bundle by path, without a leading slash.
pub(crate) fn assemble(statics: Files, assets: Files, release: &str) -> Result<Files, String> {
    // The version is that of all that goes in, so that files with a hash in their name may say it.
    let version = version(release, statics.iter().chain(&assets));
    let (fixed, named): (Files, Files) = statics
        .into_iter()
        .map(|(name, bytes)| {
            let bytes = replace(bytes, "__VERSION__", &version);
            (name, replace(bytes, "__RELEASE__", release))
        })
        .partition(|(name, _)| FIXED.contains(&name.as_str()));
    let mut bundle = Files::new();
    let mut paths = BTreeMap::new();
    for (name, bytes) in assets {
        place(&mut bundle, &mut paths, name, bytes);
    }
    place_by_need(&mut bundle, &mut paths, named)?;
    for (name, bytes) in fixed {
        let filled = fill(&name, bytes, &paths)?.map_err(|missing| unknown(&name, &missing))?;
        bundle.insert(name, filled);
    }
    list_for_service_worker(&mut bundle)?;
    Ok(bundle)
}

/// Gives a file its path. Snippets keep theirs: the program beside them imports them by it.
fn place(bundle: &mut Files, paths: &mut BTreeMap<String, String>, name: String, bytes: Vec<u8>) {
    let path = match name.rsplit_once('.') {
        Some((stem, extension)) if !name.contains('/') => {
            let hash = blake3::hash(&bytes).to_hex();
            let short = hash.as_str().get(..16).unwrap_or_default();
            format!("{ASSETS}/{stem}-{short}.{extension}")
        }
        _ => format!("{ASSETS}/{name}"),
    };
    paths.insert(name, format!("/{path}"));
    bundle.insert(path, bytes);
}

/// Places files after all the files they name.
fn place_by_need(
    bundle: &mut Files,
    paths: &mut BTreeMap<String, String>,
    mut waiting: Files,
) -> Result<(), String> {
    while !waiting.is_empty() {
        let before = waiting.len();
        let mut complaint = String::new();
        for (name, bytes) in std::mem::take(&mut waiting) {
            match fill(&name, bytes.clone(), paths)? {
                Ok(filled) => place(bundle, paths, name, filled),
                Err(missing) => {
                    complaint = unknown(&name, &missing);
                    waiting.insert(name, bytes);
                }
            }
        }
        if waiting.len() == before {
            return Err(complaint);
        }
    }
    Ok(())
}

fn unknown(name: &str, missing: &str) -> String {
    format!("{name} names {{{{{missing}}}}}, which is no file of the bundle")
}

/// Puts paths where a text file says `{{name}}`. The inner error is the first name not placed yet.
fn fill(
    name: &str,
    bytes: Vec<u8>,
    paths: &BTreeMap<String, String>,
) -> Result<Result<Vec<u8>, String>, String> {
    if !bytes.windows(2).any(|two| two == b"{{") {
        return Ok(Ok(bytes));
    }
    let text = String::from_utf8(bytes).map_err(|_| format!("{name} is not text"))?;
    let mut filled = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((wanted, after)) = after.split_once("}}") else {
            break;
        };
        let Some(path) = paths.get(wanted) else {
            return Ok(Err(wanted.to_owned()));
        };
        filled.push_str(before);
        filled.push_str(path);
        rest = after;
    }
    filled.push_str(rest);
    Ok(Ok(filled.into_bytes()))
}

fn version<'a>(release: &str, files: impl Iterator<Item = (&'a String, &'a Vec<u8>)>) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(blake3::hash(release.as_bytes()).as_bytes());
    for (name, bytes) in files {
        hasher
            .update(blake3::hash(name.as_bytes()).as_bytes())
            .update(blake3::hash(bytes).as_bytes());
    }
    let hash = hasher.finalize().to_hex();
    hash.as_str().get(..16).unwrap_or_default().to_owned()
}

fn replace(bytes: Vec<u8>, what: &str, with: &str) -> Vec<u8> {
    match String::from_utf8(bytes) {
        Ok(text) => text.replace(what, with).into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// Everything but the service worker itself, each with its hash: an install is all or nothing.
fn list_for_service_worker(bundle: &mut Files) -> Result<(), String> {
    let files: Vec<[String; 2]> = bundle
        .iter()
        .filter(|(path, _)| *path != "sw.js")
        .map(|(path, bytes)| {
            [
                format!("/{path}"),
                format!("sha256-{}", BASE64.encode(&Sha256::digest(bytes))),
            ]
        })
        .collect();
    let list = serde_json::to_string(&files).map_err(|error| error.to_string())?;
    let Some(worker) = bundle.remove("sw.js") else {
        return Err("there is no sw.js: the client would not start without a network".to_owned());
    };
    let worker = replace(worker, "__FILES__", &list);
    bundle.insert("sw.js".to_owned(), worker);
    bundle.insert("bundle.sha256".to_owned(), hashes(bundle));
    Ok(())
}

/// One line a file, as `sha256sum` writes them, for whoever checks a served client against a release.
fn hashes(bundle: &Files) -> Vec<u8> {
    let line = |(path, bytes): (&String, &Vec<u8>)| {
        format!("{}  {path}\n", HEXLOWER.encode(&Sha256::digest(bytes)))
    };
    bundle.iter().map(line).collect::<String>().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Files {
        list.iter()
            .map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec()))
            .collect()
    }

    fn small() -> Files {
        let statics = files(&[
            (
                "index.html",
                "<script src=\"{{boot.js}}\"></script> __VERSION__ __RELEASE__",
            ),
            ("boot.js", "import '{{ui.js}}'"),
            ("engine.js", "__VERSION__"),
            ("app.css", "url({{letters.woff2}})"),
            ("sw.js", "__VERSION__ __FILES__"),
        ]);
        let assets = files(&[
            ("ui.js", "1"),
            ("letters.woff2", "2"),
            ("snippets/a/b.js", "3"),
        ]);
        assemble(statics, assets, "0.1.0").unwrap()
    }

    fn text(bundle: &Files, path: &str) -> String {
        String::from_utf8(bundle.get(path).unwrap().clone()).unwrap()
    }

    #[test]
    fn a_file_is_named_by_the_path_that_carries_its_hash() {
        let bundle = small();
        let index = text(&bundle, "index.html");
        let boot = index.split('"').nth(1).unwrap().trim_start_matches('/');
        let ui = text(&bundle, boot);
        let ui = ui
            .split('\'')
            .nth(1)
            .unwrap()
            .trim_start_matches('/')
            .to_owned();
        assert!(
            boot.starts_with("assets/boot-") && ui.starts_with("assets/ui-"),
            "{boot} {ui}"
        );
        assert_eq!(text(&bundle, &ui), "1");
        assert_eq!(text(&bundle, "assets/snippets/a/b.js"), "3");
    }

    #[test]
    fn the_service_worker_lists_every_other_file_with_its_hash() {
        let bundle = small();
        let worker = text(&bundle, "sw.js");
        for path in bundle
            .keys()
            .filter(|path| !["sw.js", "bundle.sha256"].contains(&path.as_str()))
        {
            assert!(
                worker.contains(&format!("[\"/{path}\",\"sha256-")),
                "{path} in {worker}"
            );
        }
        assert!(!worker.contains("sw.js") && !worker.contains("__"));
        assert!(text(&bundle, "index.html").ends_with(" 0.1.0"));
    }

    #[test]
    fn page_and_engine_say_the_same_version() {
        let bundle = small();
        let engine = bundle
            .keys()
            .find(|path| path.starts_with("assets/engine-"));
        let version = text(&bundle, engine.unwrap());
        assert_eq!(version.len(), 16);
        assert!(text(&bundle, "index.html").ends_with(&format!(" {version} 0.1.0")));
        assert!(text(&bundle, "sw.js").starts_with(&version));
    }

    #[test]
    fn a_change_of_one_file_changes_its_path_and_the_version() {
        let make = |ui| {
            let statics = files(&[("sw.js", "__VERSION__"), ("index.html", "{{ui.js}}")]);
            assemble(statics, files(&[("ui.js", ui)]), "0.1.0").unwrap()
        };
        let (one, other) = (make("1"), make("2"));
        assert_ne!(text(&one, "sw.js"), text(&other, "sw.js"));
        assert_ne!(text(&one, "index.html"), text(&other, "index.html"));
        assert_eq!(make("1"), one);
    }

    #[test]
    fn a_name_that_is_no_file_is_refused_and_so_are_two_that_need_each_other() {
        let missing = files(&[("index.html", "{{gone.js}}"), ("sw.js", "")]);
        assert!(
            assemble(missing, Files::new(), "")
                .unwrap_err()
                .contains("{{gone.js}}")
        );
        let ring = files(&[("a.js", "{{b.js}}"), ("b.js", "{{a.js}}"), ("sw.js", "")]);
        assert!(assemble(ring, Files::new(), "").is_err());
    }
}
