//! Bounds: one file holds them all, one table says what each is and which test meets it, and no
//! other file begins a second list.

use crate::tree::{Tree, without_tests};
use std::collections::BTreeMap;

const LIMITS: &str = "shared/ids/src/limits.rs";
/// What an author may say: bounds beside the rules that refuse more.
const AUTHORS: &str = "shared/domain/src/validate.rs";
const TABLE: &str = "docs/limits.md";

/// Endings of names that a bound has.
const ENDINGS: &[&str] = &["_MAX", "_BYTES", "_MS", "_LIMIT"];

/// What has such a name elsewhere, and why it is no bound of the system. A path may be a folder's.
const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    ("", &["MINUTE_MS", "HOUR_MS", "DAY_MS"], "units of time"),
    (
        "shared/domain/src/validate.rs",
        &["NAME_BYTES", "LINE_BYTES", "COMMENT_BYTES", "FUTURE_MS"],
        "what an author may say: in the second table of docs/limits.md",
    ),
    (
        "shared/domain/src/contradictions/",
        &["AS_NEEDED_APART_MS", "FAR_BEFORE_MS", "FAR_AFTER_MS"],
        "rules of the work",
    ),
    (
        "shared/domain/src/attachment.rs",
        &["MEDIA_TYPE_BYTES"],
        "of one field, beside the rule that refuses it",
    ),
    (
        "shared/replica/src/view/queries/",
        &["DAYS_AROUND_MS", "LOOKED_BACK_MS", "OVERDUE_SHOWN_MS"],
        "how a question is asked",
    ),
    (
        "server/src/",
        &["TICK_MS", "KEEP_CLOCK_MS", "KEEP_MS", "RESTART_MS"],
        "how often the relay does something by itself",
    ),
    (
        "client-web/",
        &["AHEAD_MS", "QUIET_MS", "PAUSE_MS"],
        "how often, and how soon again",
    ),
    (
        "client-web/ui/src/state/idle.rs",
        &["IDLE_MS"],
        "the page's own lock; said in docs/threat-model.md",
    ),
    ("xtask/", &["WORTHWHILE_BYTES", "APART_MS"], "tools"),
];

/// Limits that no test in the tree meets, and why.
const UNTESTED: &[(&str, &str)] = &[
    ("KEYS_IN_LINE", "of a page that runs in a browser only"),
    ("UNSENT_WARNING_MS", "a word on a screen"),
];

/// Before a test that shows what a bound is for, and does not meet the bound itself.
const SHOWN: &str = "shown by ";

/// Limits without their row, rows without a limit, with another value, or without a test that is
/// there and meets them.
pub(crate) fn undocumented(tree: &Tree) -> Vec<String> {
    let (Some(source), Some(table)) = (tree.text(LIMITS), tree.text(TABLE)) else {
        return vec![format!("{LIMITS} or {TABLE} is missing")];
    };
    let authors = tree.text(AUTHORS).map_or("", bounds_of_authors);
    let limits = evaluate(&[source, authors]);
    let rows: BTreeMap<&str, Vec<&str>> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |"))
        .filter_map(|line| line.split_once("` | "))
        .map(|(name, rest)| (name, rest.split(" | ").collect()))
        .collect();
    let tests = functions(tree);
    let mut wrong = Vec::new();
    for (name, value) in &limits {
        let Some(row) = rows.get(name) else {
            wrong.push(format!("{TABLE} has no row for {name}"));
            continue;
        };
        if row[0].replace(',', "") != value.to_string() {
            wrong.push(format!("{TABLE}: {name} is {value}, not {}", row[0]));
        }
        let named: Vec<&str> = row.get(2).map_or_else(Vec::new, |tests| {
            tests.split('`').skip(1).step_by(2).collect()
        });
        if named.is_empty() && !UNTESTED.iter().any(|(untested, _)| untested == name) {
            wrong.push(format!("{TABLE}: {name} names no test"));
        }
        let lacking = named.iter().filter(|test| !tests.contains_key(*test));
        wrong.extend(lacking.map(|test| format!("{TABLE}: {name}: there is no test `{test}`")));
        let shown = row.get(2).is_some_and(|tests| tests.starts_with(SHOWN));
        let mut there = named.iter().filter_map(|test| tests.get(*test)).peekable();
        if !shown && there.peek().is_some() && !there.flatten().any(|among| has_word(among, name)) {
            wrong.push(format!("{TABLE}: no test of {name} meets it by its name"));
        }
    }
    let gone = rows.keys().filter(|name| !limits.contains_key(*name));
    wrong.extend(gone.map(|name| format!("{TABLE}: {name} is no limit")));
    if limits.is_empty() {
        wrong.push(format!("no limits in {LIMITS}"));
    }
    wrong
}

/// Numbers with the name of a bound that stand anywhere else.
pub(crate) fn elsewhere(tree: &Tree) -> Vec<String> {
    let mut wrong = Vec::new();
    for (path, text) in tree.ending(&[".rs"]) {
        if path == LIMITS || !path.contains("/src/") || path.starts_with("tests/") {
            continue;
        }
        let bounds = without_tests(text).lines().filter_map(bound);
        let bounds = bounds.filter(|name| {
            !ELSEWHERE
                .iter()
                .any(|(place, names, _)| path.starts_with(place) && names.contains(name))
        });
        wrong.extend(bounds.map(|name| format!("{path}: {name} belongs into {LIMITS}")));
    }
    wrong
}

/// The name of the bound that a line defines as a number.
fn bound(line: &str) -> Option<&str> {
    let (_, definition) = line.split_once("const ")?;
    let (name, rest) = definition.split_once(": ")?;
    let (kind, value) = rest.split_once(" = ")?;
    let is_number = matches!(kind, "usize" | "u64" | "i64" | "u32" | "i32" | "u16" | "u8")
        && value
            .chars()
            .all(|c| c.is_ascii_digit() || "_ *;".contains(c));
    let is_bound = ENDINGS.iter().any(|ending| name.ends_with(ending));
    (is_number && is_bound).then_some(name)
}

/// Every function, with the tests it stands among.
fn functions(tree: &Tree) -> BTreeMap<&str, Vec<&str>> {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (path, text) in tree.ending(&[".rs"]) {
        let tests = match path.contains("/tests") {
            true => text,
            false => text
                .split_once("#[cfg(test)]")
                .map_or("", |(_, tests)| tests),
        };
        let names = text.split("fn ").skip(1);
        for name in names.filter_map(|rest| Some(rest.split_once('(')?.0)) {
            all.entry(name).or_default().push(tests);
        }
    }
    all
}

fn has_word(text: &str, word: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .any(|other| other == word)
}

fn bounds_of_authors(text: &str) -> &str {
    let bounds = text.split_once("pub mod bounds {\n");
    let bounds = bounds.and_then(|(_, rest)| rest.split_once("\n}\n"));
    bounds.map_or("", |(bounds, _)| bounds)
}

/// The constants of some texts: sums of products of numbers and of other constants.
fn evaluate<'t>(sources: &[&'t str]) -> BTreeMap<&'t str, u64> {
    let mut waiting: BTreeMap<&str, &str> = sources
        .iter()
        .flat_map(|source| source.lines())
        .filter_map(|line| line.trim_start().strip_prefix("pub const "))
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
        let name = text.trim().rsplit("::").next().unwrap_or_default();
        let known = values.get(name).copied();
        known.or_else(|| name.replace('_', "").parse().ok())
    };
    let product = |text: &str| text.split('*').map(factor).product::<Option<u64>>();
    expression.split('+').map(product).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_has_a_row_with_its_value_and_its_test_and_a_row_has_a_limit() {
        let source = "pub const B: i64 = 2 * A + 24;\npub const A: usize = 1_000;\n";
        let offences = |table: &str| {
            let one = ("a/src/t.rs", "x(A);\n#[cfg(test)]\nfn one() { n(A) }");
            let two = ("a/tests/t.rs", "fn two() { n(limits::B) }");
            let tree = Tree::of(&[(LIMITS, source), (TABLE, table), one, two]);
            undocumented(&tree).len()
        };
        let a = "| `A` | 1,000 | x | `one` |\n";
        let with = |row: &str| offences(&format!("{a}{row}"));
        assert_eq!(with("| `B` | 2,024 | y | `one`, `two` |\n"), 0);
        assert_eq!(with("| `B` | 2,025 | y | `two` |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y | `three` |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y | none |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y | `one` |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y | shown by `one` |\n"), 0);
        assert_eq!(with("| `B` | 2,024 | y | shown by `three` |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y |\n"), 1);
        assert_eq!(with(""), 1);
        assert_eq!(
            with("| `B` | 2,024 | y | `two` |\n| `C` | 1 | z | `two` |\n"),
            1
        );
    }

    #[test]
    fn what_an_author_may_say_has_a_row_too() {
        let authors =
            "pub mod bounds {\n    pub const C: usize = ids::limits::A;\n}\nconst D: u8 = 1;\n";
        let offences = |row: &str| {
            let table = format!("| `A` | 7 | x | `one` |\n{row}");
            let tests = ("a/tests/t.rs", "fn one() { n(A); n(C) }");
            let source = (LIMITS, "pub const A: usize = 7;\n");
            let tree = Tree::of(&[source, (AUTHORS, authors), (TABLE, &table), tests]);
            undocumented(&tree).len()
        };
        assert_eq!(offences("| `C` | 7 | z | `one` |\n"), 0);
        assert_eq!(offences("| `C` | 8 | z | `one` |\n"), 1);
        assert_eq!(offences(""), 1);
    }

    #[test]
    fn a_bound_stands_with_the_others_unless_it_is_none() {
        let offences = |path, text| elsewhere(&Tree::of(&[(path, text)])).len();
        let bound = "pub(crate) const NOTE_BYTES: usize = 4_096;\n";
        assert_eq!(offences("shared/wire/src/a.rs", bound), 1);
        assert_eq!(offences(LIMITS, bound), 0);
        assert_eq!(offences("shared/wire/tests/a.rs", bound), 0);
        for none in [
            "const DAY_MS: i64 = 86_400_000;\n",
            "const PAIR_BYTES: usize = 2 * limits::NOTE_BYTES;\n",
            "const HEAD_LEN: usize = 9;\n",
            "const RED_MAX: &str = \"1\";\n",
        ] {
            assert_eq!(offences("shared/wire/src/a.rs", none), 0, "{none}");
        }
        let units = "const TICK_MS: i64 = 100;\n";
        assert_eq!(offences("server/src/a.rs", units), 0);
        assert_eq!(offences("shared/wire/src/a.rs", units), 1);
    }
}
