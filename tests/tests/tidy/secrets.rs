//! Secrets in what passes between a person and their engine: never a plain string, which would be
//! printed by `Debug` and left in memory.

use crate::tree::Tree;

/// Folders through which badges, PINs, links, tokens and recovery sheets pass.
const PASSAGES: &[&str] = &[
    "shared/interface/src/",
    "shared/replica/src/engine/",
    "server/src/",
];
/// Names of fields that hold one, or the beginning of such a name.
const SECRETS: &[&str] = &[
    "badge", "pin", "fragment", "founding", "link", "recovery", "sheet", "seed", "token",
];

/// Fields of those names that are text.
pub(crate) fn plain(tree: &Tree) -> Vec<String> {
    let passed = tree
        .files()
        .filter(|(path, _)| PASSAGES.iter().any(|folder| path.starts_with(folder)));
    let fields = passed.flat_map(|(path, text)| {
        let offending = text.lines().filter(|line| is_plain_secret(line));
        let told = |line: &str| format!("{path}: {}", line.trim());
        offending.map(told).collect::<Vec<_>>()
    });
    fields.collect()
}

fn is_plain_secret(line: &str) -> bool {
    let line = line.trim();
    let field = line.strip_prefix("pub ").unwrap_or(line);
    let field = field.strip_prefix("pub(super) ").unwrap_or(field);
    let Some((name, kind)) = field.split_once(": ") else {
        return false;
    };
    let is_name = name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let is_text = ["String,", "Vec<String>,", "Option<String>,"].contains(&kind);
    is_name && is_text && SECRETS.iter().any(|secret| name.starts_with(secret))
}

#[test]
fn a_secret_in_a_plain_field_is_found() {
    for line in [
        "    badge: String,",
        "pub recovery: Vec<String>,",
        "pin_text: String,",
        "founding_link: Option<String>,",
    ] {
        assert!(is_plain_secret(line), "{line}");
    }
    for line in [
        "    badge: SecretText,",
        "name: String,",
        "let pin: String = x;",
    ] {
        assert!(!is_plain_secret(line), "{line}");
    }
}
