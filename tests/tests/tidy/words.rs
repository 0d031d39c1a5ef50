//! All words for people stand in one table per language: those of the page in its own, those of
//! the command line in its own. What lies below them hands on codes.

use crate::tree::{Tree, without_tests};
use std::collections::BTreeSet;

/// Where words for people could be said.
const PLACES: [&str; 5] = [
    "client-web/ui/src/",
    "client-web/worker/src/",
    "client-native/src/",
    "shared/interface/src/",
    "shared/replica/src/",
];
/// The tables.
const TABLES: [&str; 2] = ["client-web/ui/src/words", "client-native/src/cli/words"];
/// Files of tests that do not end in a `mod tests`.
const TESTS: [&str; 3] = ["/tests/", "/tests.rs", "/conformance"];

/// What stands before a text that nobody is shown: class names, lint reasons, SQL's own words.
const NOT_SAID: [&str; 3] = ["class=", "class:", "reason = \""];
const SQL: [&str; 15] = [
    "SELECT", "INSERT", "UPDATE", "DELETE", "PRAGMA", "CREATE", "ALTER", "DROP", "ATTACH", "WHERE",
    "FROM", "VALUES", "ORDER BY", "JOIN", "NULL",
];

/// Texts of several words that may stand where they are: file, text, why.
const ALLOWED: [(&str, &str, &str); 6] = [
    (
        "shared/replica/src/log/sqlite/facts.rs",
        "WITH RECURSIVE streams (stream) AS (",
        "SQL",
    ),
    (
        "shared/replica/src/log/setting.rs",
        "new person identity",
        "a name that is sealed with what it names",
    ),
    (
        "shared/replica/src/disk/memory.rs",
        "no such view: {damaged:?}",
        "a disk for tests",
    ),
    (
        "shared/replica/src/disk/memory.rs",
        "the disk is gone",
        "a disk for tests",
    ),
    (
        "shared/replica/src/view/project.rs",
        ", date, time, entry)",
        "columns",
    ),
    (
        "shared/replica/src/view/queries/notes.rs",
        "resident : {resident} AND text : ({})",
        "a search of SQLite's index",
    ),
];

/// Sentences outside the tables: texts of at least three words.
pub(crate) fn outside_the_tables(tree: &Tree) -> Vec<String> {
    tree.ending(&[".rs"])
        .filter(|(path, _)| PLACES.iter().any(|place| path.starts_with(place)))
        .filter(|(path, _)| !TABLES.iter().any(|table| path.starts_with(table)))
        .filter(|(path, _)| !TESTS.iter().any(|test| path.contains(test)))
        .flat_map(|(path, text)| {
            (1..)
                .zip(without_tests(text).lines())
                .filter(|(_, line)| !line.trim_start().starts_with("//"))
                .flat_map(|(number, line)| said(line).map(move |said| (number, said)))
                .filter(|(_, said)| !is_allowed(path, said))
                .map(|(number, said)| format!("{path}:{number}: {said}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// What is allowed and not there any more.
pub(crate) fn allowed_for_nothing(tree: &Tree) -> Vec<String> {
    let gone = |(path, said, _): &&(&str, &str, &str)| {
        !tree.text(path).is_some_and(|text| text.contains(said))
    };
    let lines = ALLOWED.iter().filter(gone);
    lines
        .map(|(path, said, _)| format!("{path}: {said}"))
        .collect()
}

/// Where fields are named that can break a rule: there every code is one.
const RULES: &str = "shared/domain/src/validate";
/// Where the engine refuses fields, each after this mark.
const ENGINE: &str = "shared/replica/src/engine";
const MARK: &str = "field: \"";
/// Where a screen and the command line have words for them.
const FIELDS: [&str; 2] = [
    "client-web/ui/src/words/en_rules.rs",
    "client-native/src/cli/words/refusals.rs",
];

/// Codes of fields that a screen or the command line has no words for.
pub(crate) fn fields_without_words(tree: &Tree) -> Vec<String> {
    let mut codes = BTreeSet::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let lines = without_tests(text).lines();
        for line in lines.filter(|line| !line.trim_start().starts_with("//")) {
            if path.starts_with(RULES) {
                codes.extend(line.split('"').skip(1).step_by(2).filter(|it| is_code(it)));
            } else if path.starts_with(ENGINE) {
                let refused = line.split(MARK).skip(1);
                codes.extend(refused.filter_map(|rest| rest.split('"').next()));
            }
        }
    }
    let unsaid = |table: &'static str| {
        let words = tree.text(table).unwrap_or_default();
        let codes = codes.iter();
        codes
            .filter(|code| !words.contains(&format!("\"{code}\" =>")))
            .map(|code| format!("{table}: no words for `{code}`"))
            .collect::<Vec<_>>()
    };
    FIELDS.into_iter().flat_map(unsaid).collect()
}

fn is_code(text: &str) -> bool {
    text.len() > 1 && text.chars().all(|c| c == '_' || c.is_ascii_lowercase())
}

fn is_allowed(path: &str, said: &str) -> bool {
    ALLOWED
        .iter()
        .any(|(of, text, why)| *of == path && *text == said && !why.is_empty())
}

/// The texts of a line that people could be meant to read.
fn said(line: &str) -> impl Iterator<Item = &str> {
    let shown = !NOT_SAID.iter().any(|mark| line.contains(mark));
    line.split('"')
        .skip(1)
        .step_by(2)
        .filter(move |text| shown && is_sentence(text))
}

fn is_sentence(text: &str) -> bool {
    if SQL.iter().any(|word| text.contains(word)) {
        return false;
    }
    let words = text.split(' ').filter(|word| is_word(word));
    words.count() >= 3
}

/// Letters, with what a sentence puts round them.
fn is_word(word: &str) -> bool {
    let bare = word.trim_matches(|mark: char| ".,;:!?()“”‘’'`".contains(mark));
    !bare.is_empty()
        && bare
            .chars()
            .all(|letter| letter.is_alphabetic() || letter == '’' || letter == '\'')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, line: &str) -> bool {
        !outside_the_tables(&Tree::of(&[(path, line)])).is_empty()
    }

    #[test]
    fn a_sentence_is_found_wherever_it_could_be_said() {
        for place in PLACES {
            let path = format!("{place}a.rs");
            assert!(found(&path, "<p>{\"Not saved yet\"}</p>"), "{path}");
            assert!(
                found(&path, "rule: \"too long to be saved\".into(),"),
                "{path}"
            );
            assert!(found(&path, "#[error(\"the disk is full\")]"), "{path}");
        }
    }

    #[test]
    fn a_field_that_no_screen_can_name_is_found() {
        let rules = (
            "shared/domain/src/validate/a.rs",
            "text::name(\"given\", x)?;",
        );
        let engine = (
            "shared/replica/src/engine/a.rs",
            "let kind = \"note\"; Refusal::Field { field: \"given\".into(), rule }",
        );
        let words = FIELDS.map(|table| (table, "\"given\" => \"Given names\","));
        for named in [rules, engine] {
            let said = [named, words[0], words[1]];
            assert!(fields_without_words(&Tree::of(&said)).is_empty());
            assert_eq!(fields_without_words(&Tree::of(&said[..2])).len(), 1);
            assert_eq!(fields_without_words(&Tree::of(&said[..1])).len(), 2);
        }
    }

    #[test]
    fn what_is_no_sentence_or_stands_in_a_table_is_left() {
        let screen = "client-web/ui/src/screens/a.rs";
        for (path, line) in [
            (screen, "if key == \"Enter\" {"),
            (screen, "class=\"row of things\""),
            (screen, "// \"Not saved yet\""),
            (screen, "#[allow(x, reason = \"the macro makes it\")]"),
            ("client-web/ui/src/words/en.rs", "\"Not saved yet\""),
            ("client-native/src/cli/words.rs", "\"Not saved yet\""),
            ("shared/replica/src/view/a.rs", "\"SELECT this FROM there\""),
            ("shared/replica/src/view/tests/a.rs", "\"it is not there\""),
            ("server/src/a.rs", "\"Not saved yet\""),
        ] {
            assert!(!found(path, line), "{line}");
        }
    }
}
