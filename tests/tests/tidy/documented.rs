//! What code and `docs/protocol.md` must both say.

use crate::tree::{Tree, lines_with, without_tests};
use std::collections::BTreeSet;

const PROTOCOL: &str = "docs/protocol.md";
const CONTEXTS: &str = "shared/ids/src/contexts.rs";
const LIMITS: &str = "shared/ids/src/limits.rs";
/// What every context string begins with.
const FAMILY: &str = concat!("\"lamplight", " v1 ");

/// Contexts that are not distinct, not in the protocol, or written out anywhere but in their table.
pub(crate) fn contexts(tree: &Tree) -> Vec<String> {
    let (Some(table), Some(protocol)) = (tree.text(CONTEXTS), tree.text(PROTOCOL)) else {
        return vec![format!("{CONTEXTS} or {PROTOCOL} is missing")];
    };
    let all: Vec<&str> = table
        .split(FAMILY)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for context in &all {
        if !seen.insert(context) {
            wrong.push(format!("twice: {context}"));
        }
        if !protocol.contains(&format!("lamplight v1 {context}")) {
            wrong.push(format!("not in {PROTOCOL}: lamplight v1 {context}"));
        }
    }
    if all.is_empty() {
        wrong.push(format!("no contexts in {CONTEXTS}"));
    }
    for (path, text) in tree
        .ending(&[".rs", ".js"])
        .filter(|(path, _)| *path != CONTEXTS)
    {
        if path.contains("/src/") {
            wrong.extend(lines_with(path, without_tests(text), FAMILY));
        }
    }
    wrong
}

/// Limits that the protocol does not name.
pub(crate) fn limits(tree: &Tree) -> Vec<String> {
    let (Some(table), Some(protocol)) = (tree.text(LIMITS), tree.text(PROTOCOL)) else {
        return vec![format!("{LIMITS} or {PROTOCOL} is missing")];
    };
    let names: Vec<&str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("pub const "))
        .filter_map(|rest| rest.split(':').next())
        .collect();
    let mut wrong: Vec<String> = names
        .iter()
        .filter(|name| !whole_word(protocol, name))
        .map(|name| format!("not in {PROTOCOL}: {name}"))
        .collect();
    if names.is_empty() {
        wrong.push(format!("no limits in {LIMITS}"));
    }
    wrong
}

fn whole_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|part| part == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(table: &str, protocol: &str, elsewhere: &str) -> Tree {
        Tree::of(&[
            (CONTEXTS, table),
            (
                LIMITS,
                "pub const FRAME_BYTES: usize = 1;\npub const FRAME_BYTES_BEFORE: usize = 1;\n",
            ),
            (PROTOCOL, protocol),
            ("shared/wire/src/a.rs", elsewhere),
        ])
    }

    #[test]
    fn a_context_is_distinct_documented_and_written_once() {
        let a = concat!("A = \"lamplight", " v1 envelope\";");
        let listed = "`lamplight v1 envelope`";
        assert!(contexts(&tree(a, listed, "")).is_empty());
        assert_eq!(contexts(&tree(a, "", "")).len(), 1);
        assert_eq!(contexts(&tree(&format!("{a}\n{a}"), listed, "")).len(), 1);
        assert_eq!(contexts(&tree(a, listed, a)).len(), 1);
        assert!(!contexts(&tree("", listed, "")).is_empty());
    }

    #[test]
    fn a_limit_whose_name_only_begins_like_a_documented_one_is_found() {
        assert_eq!(limits(&tree("", "| FRAME_BYTES_BEFORE | 1 |", "")).len(), 1);
        assert!(limits(&tree("", "| FRAME_BYTES | FRAME_BYTES_BEFORE |", "")).is_empty());
    }
}
