//! All words for people stand in one table per language.

use crate::tree::{Tree, without_tests};

const PAGE: &str = "client-web/ui/src/";
/// The tables.
const TABLES: &str = "client-web/ui/src/words";

/// Sentences in the page's source outside the tables: texts of several words that begin like one.
pub(crate) fn outside_the_tables(tree: &Tree) -> Vec<String> {
    tree.ending(&[".rs"])
        .filter(|(path, _)| path.starts_with(PAGE) && !path.starts_with(TABLES))
        .flat_map(|(path, text)| {
            (1..)
                .zip(without_tests(text).lines())
                .filter(|(_, line)| !line.trim_start().starts_with("//"))
                .flat_map(|(number, line)| sentences(line).map(move |said| (number, said)))
                .map(|(number, said)| format!("{path}:{number}: {said}"))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn sentences(line: &str) -> impl Iterator<Item = &str> {
    line.split('"').skip(1).step_by(2).filter(|text| {
        let mut letters = text.chars();
        letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_lowercase)
            && text.contains(' ')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_found_in_a_screen_and_left_in_a_table() {
        for (path, line, found) in [
            (
                "client-web/ui/src/screens/a.rs",
                "<p>{\"Not saved yet\"}</p>",
                true,
            ),
            (
                "client-web/ui/src/screens/a.rs",
                "if key == \"Enter\" {",
                false,
            ),
            (
                "client-web/ui/src/screens/a.rs",
                "class=\"row of things\"",
                false,
            ),
            (
                "client-web/ui/src/screens/a.rs",
                "// \"Not saved yet\"",
                false,
            ),
            ("client-web/ui/src/words/en.rs", "\"Not saved yet\"", false),
            ("server/src/a.rs", "\"Not saved yet\"", false),
        ] {
            assert_eq!(
                !outside_the_tables(&Tree::of(&[(path, line)])).is_empty(),
                found,
                "{line}"
            );
        }
    }
}
