//! What the documents point to is there.

use crate::tree::Tree;

/// Relative links that lead nowhere, and files named in backticks, from the root, that are not there.
pub(crate) fn dead(tree: &Tree) -> Vec<String> {
    tree.ending(&[".md"])
        .flat_map(|(path, text)| {
            let linked = between(text, "](", ")")
                .filter_map(|target| relative(path, target))
                .filter(|target| !exists(tree, target));
            let named = between(text, "`", "`")
                .filter(|word| is_file_from_the_root(tree, word))
                .map(str::to_owned)
                .filter(|word| !exists(tree, word));
            linked
                .chain(named)
                .map(|target| format!("{path}: {target} is not there"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The pieces that stand between two marks on one line.
fn between<'a>(text: &'a str, open: &'a str, close: &'a str) -> impl Iterator<Item = &'a str> {
    text.lines().flat_map(move |line| {
        let mut rest = line;
        std::iter::from_fn(move || {
            let (_, after) = rest.split_once(open)?;
            let (piece, after) = after.split_once(close)?;
            rest = after;
            Some(piece)
        })
    })
}

/// Where a link leads from the root; `None` for what is not a file of ours.
fn relative(from: &str, target: &str) -> Option<String> {
    let target = target.split('#').next().unwrap_or_default();
    if target.is_empty() || target.contains(':') || target.contains(' ') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            ".." => {
                parts.pop();
            }
            "." => {}
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn is_file_from_the_root(tree: &Tree, word: &str) -> bool {
    let Some((top, _)) = word.split_once('/') else {
        return false;
    };
    let ends = [".rs", ".md", ".toml", ".js", ".sql"];
    !word.contains(['*', '{', ' ', '<', '…'])
        && ends.iter().any(|end| word.ends_with(end))
        && exists(tree, top)
}

/// A file, or a folder with something in it.
fn exists(tree: &Tree, path: &str) -> bool {
    let folder = format!("{path}/");
    tree.text(path).is_some() || tree.files().any(|(file, _)| file.starts_with(&folder))
}

#[test]
fn a_link_and_a_file_that_are_not_there_are_told_and_others_are_not() {
    let tree = |text: &str| {
        dead(&Tree::of(&[
            ("docs/a.md", text),
            ("docs/b.md", ""),
            ("shared/ids/src/lib.rs", ""),
        ]))
    };
    assert!(
        tree("[b](b.md#part), [up](../shared/ids), [out](https://example.org/x.md)").is_empty()
    );
    assert!(tree("`shared/ids/src/lib.rs`, `lib.rs`, `shared/*.rs`, `elsewhere/a.rs`").is_empty());
    assert_eq!(tree("[c](c.md) and [b](b.md)").len(), 1);
    assert_eq!(tree("see `shared/ids/src/gone.rs`").len(), 1);
}
