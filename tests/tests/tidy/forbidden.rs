//! Words that must not stand in certain files. The needles are put together here from two halves, so
//! that this file does not offend itself.

use crate::tree::{Tree, lines_with, without_tests};

/// Folders whose code is handed time, randomness and the outcome of I/O.
const MACHINES: &[&str] = &[
    "shared/ids/src/",
    "shared/domain/src/",
    "shared/wire/src/",
    "shared/vault/src/",
    "shared/document/src/",
    "shared/interface/src/",
    "shared/replica/src/",
    "server/src/relay/",
];

/// What hands them the world, and what tries that it does.
const OUTSIDE: &[&str] = &[
    "shared/replica/src/disk",
    "shared/replica/src/log/conformance",
];

const SENSES: &[&str] = &[
    concat!("System", "Time::now"),
    concat!("Instant", "::now"),
    concat!("Timestamp", "::now"),
    concat!("Zoned", "::now"),
    concat!("getrandom", "::"),
    concat!("Os", "Rng"),
    concat!("std::", "fs"),
    concat!("std::", "net"),
    concat!("std::", "thread"),
    concat!("std::", "env"),
];

const HALF_DONE: &[&str] = &[
    concat!("to", "do!("),
    concat!("unimpl", "emented!("),
    concat!("db", "g!("),
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
];

/// Source files that may say what is otherwise denied, and why.
const UNSAFE: &[(&str, &str)] = &[
    (
        "client-web/worker/",
        "SQLite's VFS is registered through C functions",
    ),
    (
        "shared/replica/src/disk",
        "in the browser SQLite's encryption is switched on by a C function",
    ),
];

const PLACES: &[&str] = &[
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/wo", "rk/"),
    concat!("registry.", "npmjs"),
    concat!("index.", "crates.io"),
    concat!("static.", "crates.io"),
    concat!("deb.", "debian.org"),
    concat!("pypi", ".org"),
    concat!("files.", "pythonhosted"),
];

/// Machines that look at the world themselves.
pub(crate) fn senses(tree: &Tree) -> Vec<String> {
    tree.ending(&[".rs"])
        .filter(|(path, _)| MACHINES.iter().any(|folder| path.starts_with(folder)))
        .filter(|(path, _)| !OUTSIDE.iter().any(|folder| path.starts_with(folder)))
        .filter(|(path, _)| !path.contains("/tests"))
        .flat_map(|(path, text)| find(path, without_tests(text), SENSES))
        .collect()
}

/// Places that the rules here name and where nothing lies any more.
pub(crate) fn gone(tree: &Tree) -> Vec<String> {
    let unsafe_places = UNSAFE.iter().map(|(folder, _)| folder);
    MACHINES
        .iter()
        .chain(OUTSIDE)
        .chain(unsafe_places)
        .filter(|folder| !tree.files().any(|(path, _)| path.starts_with(**folder)))
        .map(|folder| format!("{folder}: a rule names it and nothing lies there"))
        .collect()
}

/// What somebody meant to finish.
pub(crate) fn half_done(tree: &Tree) -> Vec<String> {
    tree.ending(&[".rs", ".js", ".css", ".toml", ".html"])
        .filter(|(path, _)| *path != "Cargo.toml")
        .flat_map(|(path, text)| find(path, text, HALF_DONE))
        .collect()
}

/// Tests that never run.
pub(crate) fn ignored_tests(tree: &Tree) -> Vec<String> {
    let needles = [concat!("#[ign", "ore"), concat!(", ign", "ore]")];
    tree.ending(&[".rs"])
        .flat_map(|(path, text)| find(path, text, &needles))
        .collect()
}

/// Files that lift the ban on unsafe code without being named here.
pub(crate) fn unsafe_code(tree: &Tree) -> Vec<String> {
    let needles = [
        concat!("allow(uns", "afe_code"),
        concat!("expect(uns", "afe_code"),
    ];
    tree.ending(&[".rs"])
        .filter(|(path, _)| !UNSAFE.iter().any(|(named, _)| path.starts_with(named)))
        .flat_map(|(path, text)| find(path, text, &needles))
        .collect()
}

/// Paths of somebody's machine, and hosts that serve packages: the ordinary clients know those.
pub(crate) fn places(tree: &Tree) -> Vec<String> {
    tree.files()
        .flat_map(|(path, text)| find(path, text, PLACES))
        .collect()
}

fn find(path: &str, text: &str, needles: &[&str]) -> Vec<String> {
    needles
        .iter()
        .flat_map(|needle| lines_with(path, text, needle))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rule = fn(&Tree) -> Vec<String>;

    #[test]
    fn each_word_is_found_where_it_must_not_stand_and_left_where_it_may() {
        let cases: &[(Rule, &str, &str, bool)] = &[
            (senses, "shared/wire/src/a.rs", SENSES[0], true),
            (senses, "shared/wire/src/a.rs", "use std::fmt;", false),
            (senses, "shared/wire/tests/a.rs", SENSES[0], false),
            (senses, "server/src/shell/a.rs", SENSES[1], false),
            (senses, "shared/replica/src/a.rs", SENSES[1], true),
            (senses, "shared/replica/src/disk/a.rs", SENSES[7], false),
            (half_done, "server/src/a.rs", HALF_DONE[0], true),
            (half_done, "docs/a.md", HALF_DONE[0], false),
            (
                ignored_tests,
                "tests/tests/a.rs",
                concat!("#[ign", "ore]"),
                true,
            ),
            (
                unsafe_code,
                "shared/wire/src/a.rs",
                concat!("#![allow(uns", "afe_code)]"),
                true,
            ),
            (
                unsafe_code,
                "client-web/worker/src/a.rs",
                concat!("#[allow(uns", "afe_code)]"),
                false,
            ),
            (places, "README.md", PLACES[0], true),
            (places, "README.md", "/rootless/", false),
        ];
        for (rule, path, text, found) in cases {
            assert_eq!(
                !rule(&Tree::of(&[(path, text)])).is_empty(),
                *found,
                "{path}: {text}"
            );
        }
    }

    #[test]
    fn a_rule_that_watches_an_empty_place_is_told() {
        let mut files: Vec<(&str, &str)> = MACHINES.iter().map(|folder| (*folder, "")).collect();
        files.extend(OUTSIDE.iter().map(|folder| (*folder, "")));
        files.extend(UNSAFE.iter().map(|(folder, _)| (*folder, "")));
        assert!(gone(&Tree::of(&files)).is_empty());
        let without = &files[1..];
        assert_eq!(gone(&Tree::of(without)).len(), 1);
    }

    #[test]
    fn a_machine_s_own_tests_may_look_at_the_clock() {
        let text = format!(
            "fn a() {{}}\n#[cfg(test)]\nmod tests {{\n {}\n}}\n",
            SENSES[0]
        );
        assert!(senses(&Tree::of(&[("shared/ids/src/a.rs", &text)])).is_empty());
    }
}
