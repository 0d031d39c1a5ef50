//! What code and documentation must both say.

use crate::tree::{Tree, lines_with, without_tests};
use std::collections::{BTreeMap, BTreeSet};

const PROTOCOL: &str = "docs/protocol.md";
const CONTEXTS: &str = "shared/ids/src/contexts.rs";
const LIMITS: &str = "shared/ids/src/limits.rs";
const LIMITS_TABLE: &str = "docs/limits.md";
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

/// Limits without their row, rows without a limit, and rows with another value.
pub(crate) fn limits(tree: &Tree) -> Vec<String> {
    let (Some(source), Some(table)) = (tree.text(LIMITS), tree.text(LIMITS_TABLE)) else {
        return vec![format!("{LIMITS} or {LIMITS_TABLE} is missing")];
    };
    let limits = evaluate(source);
    let documented: BTreeMap<&str, &str> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split_once("` | "))
        .filter_map(|(name, rest)| Some((name, rest.split(" |").next()?)))
        .collect();
    let mut wrong = Vec::new();
    for (name, value) in &limits {
        match documented.get(name) {
            None => wrong.push(format!("{LIMITS_TABLE} has no row for {name}")),
            Some(text) if text.replace(',', "") != value.to_string() => {
                wrong.push(format!("{LIMITS_TABLE}: {name} is {value}, not {text}"));
            }
            Some(_) => {}
        }
    }
    let gone = documented.keys().filter(|name| !limits.contains_key(*name));
    wrong.extend(gone.map(|name| format!("{LIMITS_TABLE}: {name} is no limit")));
    if limits.is_empty() {
        wrong.push(format!("no limits in {LIMITS}"));
    }
    wrong
}

/// The constants of a file: sums of products of numbers and of other constants.
fn evaluate(source: &str) -> BTreeMap<&str, u64> {
    let mut waiting: BTreeMap<&str, &str> = source
        .lines()
        .filter_map(|line| line.strip_prefix("pub const "))
        .filter_map(|line| line.split_once(':'))
        .filter_map(|(name, rest)| Some((name, rest.trim_end_matches(';').split_once('=')?.1)))
        .collect();
    let mut values = BTreeMap::new();
    while !waiting.is_empty() {
        let before = waiting.len();
        waiting.retain(|name, expression| match sum(expression, &values) {
            Some(value) => {
                values.insert(*name, value);
                false
            }
            None => true,
        });
        assert!(waiting.len() < before, "cannot be read: {waiting:?}");
    }
    values
}

/// `None` while one of the constants it names has no value yet.
fn sum(expression: &str, values: &BTreeMap<&str, u64>) -> Option<u64> {
    let factor = |text: &str| {
        let known = values.get(text.trim()).copied();
        known.or_else(|| text.trim().replace('_', "").parse().ok())
    };
    let product = |text: &str| text.split('*').map(factor).product::<Option<u64>>();
    expression.split('+').map(product).sum()
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

    #[test]
    fn a_limit_has_a_row_with_its_value_and_a_row_has_a_limit() {
        let source = "pub const B: i64 = 2 * A + 24;\npub const A: usize = 1_000;\n";
        let offences = |table| limits(&Tree::of(&[(LIMITS, source), (LIMITS_TABLE, table)])).len();
        assert_eq!(offences("| `A` | 1,000 | x |\n| `B` | 2,024 | y |\n"), 0);
        assert_eq!(offences("| `A` | 1,000 | x |\n| `B` | 2,025 | y |\n"), 1);
        assert_eq!(offences("| `A` | 1,000 | x |\n"), 1);
        assert_eq!(
            offences("| `A` | 1,000 | x |\n| `B` | 2,024 | y |\n| `C` | 1 | z |\n"),
            1
        );
    }
}
