//! The repository as texts: every file that is, or would be, committed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Texts by path from the root. Files that are not text are left out.
#[derive(Debug, Default)]
pub(crate) struct Tree(BTreeMap<String, String>);

impl Tree {
    /// Reads the working tree, without what git ignores.
    pub(crate) fn read() -> Self {
        let listed = Command::new("git")
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .current_dir(root())
            .output()
            .expect("git lists the files");
        let names = String::from_utf8(listed.stdout).expect("names are UTF-8");
        let read = |name: &str| {
            Some((
                name.to_owned(),
                std::fs::read_to_string(root().join(name)).ok()?,
            ))
        };
        let tree: BTreeMap<_, _> = names.lines().filter_map(read).collect();
        assert!(
            tree.contains_key("Cargo.toml"),
            "this is no checkout of the repository"
        );
        Self(tree)
    }

    /// A small tree for trying a rule.
    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Self(
            files
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
                .collect(),
        )
    }

    /// One file.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    /// All files.
    pub(crate) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// Files with one of these endings.
    pub(crate) fn ending<'a>(
        &'a self,
        endings: &'a [&str],
    ) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.files()
            .filter(|(path, _)| endings.iter().any(|ending| path.ends_with(ending)))
    }
}

/// Lines that contain a needle, as `path:line: needle`.
pub(crate) fn lines_with(path: &str, text: &str, needle: &str) -> Vec<String> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| line.contains(needle))
        .map(|(number, _)| format!("{path}:{number}: {needle}"))
        .collect()
}

/// The part of a source file before its own tests.
pub(crate) fn without_tests(text: &str) -> &str {
    text.split("#[cfg(test)]\nmod tests").next().unwrap_or(text)
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ is in the root")
        .to_owned()
}

/// What cargo says of the workspace's packages.
pub(crate) fn metadata() -> Vec<Package> {
    let said = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(root())
        .output()
        .expect("cargo says what is in the workspace");
    let said: serde_json::Value = serde_json::from_slice(&said.stdout).expect("it says so in JSON");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let packages = said["packages"].as_array().expect("there are packages");
    packages
        .iter()
        .map(|package| Package {
            name: text(&package["name"]),
            manifest: text(&package["manifest_path"]),
            needs: package["dependencies"]
                .as_array()
                .expect("there is a list of dependencies")
                .iter()
                .map(|need| Need {
                    name: text(&need["name"]),
                    only_tests: need["kind"] == "dev",
                })
                .collect(),
        })
        .collect()
}

/// A package of the workspace.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) manifest: String,
    pub(crate) needs: Vec<Need>,
}

/// What it depends on.
#[derive(Debug)]
pub(crate) struct Need {
    pub(crate) name: String,
    pub(crate) only_tests: bool,
}
