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

#[cfg(test)]
mod tests {
    use super::*;

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
