//! Decisions: numbered, at most a page, each a line of the index.

use crate::tree::{Package, Tree};
use std::collections::BTreeSet;

const FOLDER: &str = "docs/decisions/";
const INDEX: &str = "docs/decisions/README.md";
const DEPENDENCIES: &str = "docs/decisions/0001-dependencies.md";
/// A page.
const PAGE_LINES: usize = 70;

/// What is wrong with them.
pub(crate) fn wrong_index(tree: &Tree) -> Vec<String> {
    let Some(index) = tree.text(INDEX) else {
        return vec![format!("{INDEX} is missing")];
    };
    let mut wrong = Vec::new();
    let decisions = tree
        .files()
        .filter(|(path, _)| path.starts_with(FOLDER) && *path != INDEX);
    for (expected, (path, text)) in (1..).zip(decisions) {
        let name = path.trim_start_matches(FOLDER);
        if !name.starts_with(&format!("{expected:04}-")) || !name.ends_with(".md") {
            wrong.push(format!("{path}: number {expected:04} is expected here"));
        }
        if !index.contains(&format!("({name})")) {
            wrong.push(format!("{path} is not in the index"));
        }
        let lines = text.lines().count();
        if lines > PAGE_LINES {
            wrong.push(format!("{path}: {lines} lines are more than a page"));
        }
    }
    for linked in index
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next())
    {
        if tree.text(&format!("{FOLDER}{linked}")).is_none() {
            wrong.push(format!("the index names {linked}, which is not there"));
        }
    }
    wrong
}

/// Packages made elsewhere that no row of the table of dependencies names.
pub(crate) fn unexplained(packages: &[Package], tree: &Tree) -> Vec<String> {
    let table = tree.text(DEPENDENCIES).unwrap_or_default();
    let word = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let named: BTreeSet<&str> = table.split(|c| !word(c)).collect();
    let used: BTreeSet<&str> = packages
        .iter()
        .flat_map(|package| &package.needs)
        .map(|need| need.name.as_str())
        .filter(|name| !name.starts_with("lamplight-"))
        .collect();
    used.into_iter()
        .filter(|name| !named.contains(name))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::Need;

    #[test]
    fn a_dependency_without_its_row_is_found() {
        let need = |name: &str| Need {
            name: name.to_owned(),
            only_tests: false,
        };
        let package = |needs| {
            [Package {
                name: String::new(),
                manifest: String::new(),
                needs,
            }]
        };
        let tree = Tree::of(&[(DEPENDENCIES, "| rand_core, js-sys | x |")]);
        let known = vec![need("js-sys"), need("rand_core"), need("lamplight-ids")];
        assert!(unexplained(&package(known), &tree).is_empty());
        assert_eq!(unexplained(&package(vec![need("rand")]), &tree), ["rand"]);
    }

    #[test]
    fn gaps_missing_lines_long_pages_and_dead_links_are_found() {
        let long = "\n".repeat(PAGE_LINES + 1);
        for (index, name, text, found) in [
            ("[1](0001-a.md)", "0001-a.md", "short", 0),
            ("", "0001-a.md", "short", 1),
            ("[1](0002-a.md)", "0002-a.md", "short", 1),
            ("[1](0001-a.md)", "0001-a.md", long.as_str(), 1),
            ("[1](0001-a.md) [2](0002-b.md)", "0001-a.md", "short", 1),
        ] {
            let path = format!("{FOLDER}{name}");
            let tree = Tree::of(&[(INDEX, index), (&path, text)]);
            assert_eq!(wrong_index(&tree).len(), found, "{index} {name}");
        }
    }
}
