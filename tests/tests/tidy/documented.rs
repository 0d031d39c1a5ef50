//! What code and documentation must both say.

use crate::tree::{Tree, lines_with, without_tests};
use std::collections::BTreeSet;

const PROTOCOL: &str = "docs/protocol.md";
const CONTEXTS: &str = "shared/ids/src/contexts.rs";
/// What every context string begins with.
const FAMILY: &str = concat!("\"lamplight", " v1 ");
/// Beginnings of contexts, and of a call that is given one as a literal.
const LITERALS: &[&str] = &[
    FAMILY,
    concat!("\"lamplight", " relay v1 "),
    concat!("derive_", "key(\""),
];

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
        if !protocol.contains(&format!("`{context}`")) {
            wrong.push(format!("not in {PROTOCOL}: `{context}`"));
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
            let text = without_tests(text);
            wrong.extend(LITERALS.iter().flat_map(|it| lines_with(path, text, it)));
        }
    }
    wrong
}

const CHANGES: &str = "CHANGELOG.md";
/// Names as short as this are fields and commands.
const SHORT: usize = 12;

/// Tests that the list of changes names and that are not there, and changes that stand there twice.
pub(crate) fn changes(tree: &Tree) -> Vec<String> {
    let Some(page) = tree.text(CHANGES) else {
        return vec![format!("{CHANGES} is missing")];
    };
    let is_name = |text: &&str| {
        text.len() > SHORT
            && text.contains('_')
            && text
                .chars()
                .all(|c| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit())
    };
    let named: BTreeSet<&str> = page.split('`').skip(1).step_by(2).filter(is_name).collect();
    let there = |name: &str| {
        let test = format!("fn {name}");
        tree.ending(&[".rs", ".js"])
            .any(|(_, text)| text.contains(&test))
    };
    let mut wrong: Vec<String> = named
        .into_iter()
        .filter(|name| !there(name))
        .map(|name| format!("{CHANGES} names `{name}`, which is no test"))
        .collect();
    let mut seen = BTreeSet::new();
    for change in page.split("\n- ").skip(1) {
        let words: Vec<&str> = change.split_whitespace().collect();
        let words = words.join(" ");
        if !seen.insert(words.clone()) {
            let begins: String = words.chars().take(60).collect();
            wrong.push(format!("{CHANGES} says twice: {begins}"));
        }
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_tests_that_are_there_and_stands_once() {
        let page = |text: &str| {
            let tree = [(CHANGES, text), ("a.rs", "fn nothing_is_lost_any_more() {")];
            changes(&Tree::of(&tree)).len()
        };
        assert_eq!(page("\n- A. `nothing_is_lost_any_more`\n- B `lost_any`"), 0);
        assert_eq!(page("\n- A. `everything_is_lost_for_good`"), 1);
        assert_eq!(page("\n- The same\n  again.\n- The same again.\n"), 1);
        assert_eq!(changes(&Tree::of(&[])).len(), 1);
    }

    fn tree(table: &str, protocol: &str, elsewhere: &str) -> Tree {
        let files = [
            (CONTEXTS, table),
            (PROTOCOL, protocol),
            ("shared/wire/src/a.rs", elsewhere),
        ];
        Tree::of(&files)
    }

    #[test]
    fn a_context_is_distinct_documented_and_written_once() {
        let a = concat!("A = \"lamplight", " v1 envelope\";");
        assert!(contexts(&tree(a, "`envelope`", "")).is_empty());
        assert_eq!(contexts(&tree(a, "envelope", "")).len(), 1);
        assert_eq!(
            contexts(&tree(&format!("{a}\n{a}"), "`envelope`", "")).len(),
            1
        );
        assert_eq!(contexts(&tree(a, "`envelope`", a)).len(), 1);
        assert!(!contexts(&tree("", "`envelope`", "")).is_empty());
        let literal = concat!("derive_", "key(\"anything\", b)");
        assert_eq!(contexts(&tree(a, "`envelope`", literal)).len(), 1);
    }
}
