//! Bounds: one file holds them all, one table says what each is and which test meets it, and no
//! other file begins a second list.

use crate::tree::{Tree, without_tests};
use std::collections::{BTreeMap, BTreeSet};

const LIMITS: &str = "shared/ids/src/limits.rs";
const TABLE: &str = "docs/limits.md";

/// Endings of names that a bound has.
const ENDINGS: &[&str] = &["_MAX", "_BYTES", "_MS", "_LIMIT"];

/// What has such a name elsewhere, and why it is no bound of the system. A path may be a folder's.
const ELSEWHERE: &[(&str, &[&str], &str)] = &[
    ("", &["MINUTE_MS", "HOUR_MS", "DAY_MS"], "units of time"),
    (
        "shared/domain/src/validate.rs",
        &["NAME_BYTES", "LINE_BYTES", "COMMENT_BYTES", "FUTURE_MS"],
        "what an author may say, beside the rule that refuses it; receivers hold nobody to it",
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

/// Limits without their row, rows without a limit, with another value, or without a test that is
/// there.
pub(crate) fn undocumented(tree: &Tree) -> Vec<String> {
    let (Some(source), Some(table)) = (tree.text(LIMITS), tree.text(TABLE)) else {
        return vec![format!("{LIMITS} or {TABLE} is missing")];
    };
    let limits = evaluate(source);
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
        let lacking = named.iter().filter(|test| !tests.contains(*test));
        wrong.extend(lacking.map(|test| format!("{TABLE}: {name}: there is no test `{test}`")));
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

fn functions(tree: &Tree) -> BTreeSet<&str> {
    let of = |text| {
        let names = str::split(text, "fn ").skip(1);
        names.filter_map(|rest: &str| Some(rest.split_once('(')?.0))
    };
    tree.ending(&[".rs"])
        .flat_map(|(_, text)| of(text))
        .collect()
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

    #[test]
    fn a_limit_has_a_row_with_its_value_and_its_test_and_a_row_has_a_limit() {
        let source = "pub const B: i64 = 2 * A + 24;\npub const A: usize = 1_000;\n";
        let offences = |table: &str| {
            let tests = ("a/tests/t.rs", "fn one() {}\nfn two() {}");
            undocumented(&Tree::of(&[(LIMITS, source), (TABLE, table), tests])).len()
        };
        let a = "| `A` | 1,000 | x | `one` |\n";
        let with = |row: &str| offences(&format!("{a}{row}"));
        assert_eq!(with("| `B` | 2,024 | y | `one`, `two` |\n"), 0);
        assert_eq!(with("| `B` | 2,025 | y | `two` |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y | `three` |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y | none |\n"), 1);
        assert_eq!(with("| `B` | 2,024 | y |\n"), 1);
        assert_eq!(with(""), 1);
        assert_eq!(
            with("| `B` | 2,024 | y | `two` |\n| `C` | 1 | z | `two` |\n"),
            1
        );
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
