//! Decisions: numbered, at most a page, each a line of the index.

use crate::tree::Tree;

const FOLDER: &str = "docs/decisions/";
const INDEX: &str = "docs/decisions/README.md";
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

#[cfg(test)]
mod tests {
    use super::*;

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
