//! Lengths, names and first lines of files.

use crate::tree::Tree;

const CEILING_LINES: usize = 600;

/// Names that say nothing about what they own.
const VAGUE: &[&str] = &[
    "utils", "util", "helpers", "helper", "common", "misc", "mod",
];

/// Source files over the ceiling.
pub(crate) fn too_long(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in tree.ending(&[".rs", ".js", ".css", ".html"]) {
        let lines = text.lines().count();
        if lines > CEILING_LINES {
            wrong.push(format!(
                "{path}: {lines} lines: look for the second idea in it"
            ));
        }
    }
    wrong
}

/// Files and folders of source that say nothing about what they own.
pub(crate) fn vague_names(tree: &Tree) -> Vec<String> {
    tree.ending(&[".rs"])
        .map(|(path, _)| path)
        .filter(|path| {
            path.trim_end_matches(".rs")
                .split('/')
                .any(|part| VAGUE.contains(&part))
        })
        .map(str::to_owned)
        .collect()
}

/// Source files that do not begin with a paragraph on themselves.
pub(crate) fn without_preface(tree: &Tree) -> Vec<String> {
    tree.ending(&[".rs"])
        .filter(|(_, text)| !text.starts_with("//! ") || text.starts_with("//! .\n"))
        .map(|(path, _)| path.to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_may_have_six_hundred_lines_and_not_one_more() {
        for (lines, found) in [(CEILING_LINES, false), (CEILING_LINES + 1, true)] {
            let tree = Tree::of(&[("server/src/a.rs", &"\n".repeat(lines))]);
            assert_eq!(!too_long(&tree).is_empty(), found, "{lines}");
        }
    }

    #[test]
    fn vague_names_are_found_as_files_and_as_folders() {
        for (path, found) in [
            ("server/src/utils.rs", true),
            ("server/src/helpers/a.rs", true),
            ("server/src/store/mod.rs", true),
            ("server/src/store.rs", false),
            ("server/src/commonplace.rs", false),
        ] {
            assert_eq!(
                !vague_names(&Tree::of(&[(path, "")])).is_empty(),
                found,
                "{path}"
            );
        }
    }

    #[test]
    fn a_file_begins_with_what_it_is() {
        for (text, found) in [
            ("//! Owns x.\n", false),
            ("//! .\n", true),
            ("use a;\n", true),
        ] {
            assert_eq!(
                !without_preface(&Tree::of(&[("a.rs", text)])).is_empty(),
                found
            );
        }
    }
}
