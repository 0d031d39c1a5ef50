//! `docs/cli.md` has every command with every option it takes, and none that there is not.

use super::Arguments;
use clap::{Command, CommandFactory};
use std::collections::{BTreeMap, BTreeSet};

const PAGE: &str = include_str!("../../../docs/cli.md");

/// Options by command, as somebody types it: `record RESIDENT note`.
fn taken() -> BTreeMap<String, BTreeSet<String>> {
    let mut taken = BTreeMap::new();
    let program = Arguments::command();
    for command in program.get_subcommands() {
        add(command, String::new(), &mut taken);
    }
    taken
}

fn add(command: &Command, before: String, taken: &mut BTreeMap<String, BTreeSet<String>>) {
    let mut typed = before + command.get_name();
    if !command.has_subcommands() {
        let options = command.get_arguments().filter_map(|it| it.get_long());
        taken.insert(typed, options.map(str::to_owned).collect());
        return;
    }
    for positional in command.get_positionals() {
        typed = format!("{typed} {}", positional.get_id().as_str().to_uppercase());
    }
    for below in command.get_subcommands() {
        add(below, format!("{typed} "), taken);
    }
}

/// The command lines of the page: what stands as code in the first column of a table.
fn shown() -> Vec<&'static str> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| "));
    let first = rows.filter_map(|row| row.split(" | ").next());
    first.flat_map(code).collect()
}

/// Texts between backticks.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

fn options(text: &str) -> BTreeSet<String> {
    let begins = text.split("--").skip(1);
    let ends = |c: char| !(c == '-' || c.is_ascii_lowercase() || c.is_ascii_digit());
    begins
        .filter_map(|rest| rest.split(ends).next())
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_command_stands_on_its_page_with_every_option_and_no_other() {
    for (typed, taken) in taken() {
        let is_it = |line: &&&str| {
            line.strip_prefix(typed.as_str())
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let shown = shown();
        let lines: Vec<&&str> = shown.iter().filter(is_it).collect();
        let [line, ..] = lines.as_slice() else {
            panic!("no command line for `{typed}`")
        };
        let named = options(line);
        let lacking: Vec<_> = taken.difference(&named).collect();
        let gone: Vec<_> = named.difference(&taken).collect();
        assert!(
            lacking.is_empty() && gone.is_empty(),
            "`{typed}` lacks {lacking:?}, and has {gone:?}, which is no option of it"
        );
    }
}

#[test]
fn the_page_names_no_option_that_there_is_not() {
    let mut known: BTreeSet<String> = taken().into_values().flatten().collect();
    let program = Arguments::command();
    let everywhere = program.get_arguments().filter_map(|it| it.get_long());
    known.extend(everywhere.map(str::to_owned));
    known.insert("help".to_owned());
    let named: BTreeSet<String> = code(PAGE).flat_map(options).collect();
    let unknown: Vec<_> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
