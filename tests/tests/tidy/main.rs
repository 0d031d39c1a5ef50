//! What must hold about the repository itself. Each rule is a function over texts that returns what
//! offends, tried on a small offending example beside it, then on the real tree here.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)] // The strict lints guard the product; a test may unwrap, index and cast.

mod arrows;
mod bundle;
mod decisions;
mod documented;
mod forbidden;
mod limits;
mod links;
mod secrets;
mod shape;
mod tree;
mod words;

use lamplight_tests::programs::lacking;
use tree::{Tree, metadata};

/// Fails with every offence on a line of its own.
#[track_caller]
fn nothing(offences: Vec<String>) {
    assert!(offences.is_empty(), "\n  {}\n", offences.join("\n  "));
}

#[test]
fn arrows_point_down_only() {
    nothing(arrows::wrong_arrows(&metadata()));
}

#[test]
fn each_foreign_world_is_entered_by_its_own_crates_only() {
    nothing(arrows::wrong_worlds(&metadata()));
}

#[test]
fn every_package_is_named_for_the_house_and_takes_its_lints() {
    nothing(arrows::unlike_the_others(&metadata(), &Tree::read()));
}

#[test]
fn the_machines_read_no_clock_no_randomness_no_disk_and_no_socket() {
    nothing(forbidden::senses(&Tree::read()));
}

#[test]
fn every_place_that_a_rule_watches_is_there() {
    nothing(forbidden::gone(&Tree::read()));
}

#[test]
fn documents_point_to_what_is_there() {
    nothing(links::dead(&Tree::read()));
}

#[test]
fn nothing_is_left_half_done() {
    nothing(forbidden::half_done(&Tree::read()));
}

#[test]
fn no_test_is_ignored() {
    nothing(forbidden::ignored_tests(&Tree::read()));
}

#[test]
fn unsafe_code_stands_only_where_it_is_named() {
    nothing(forbidden::unsafe_code(&Tree::read()));
}

#[test]
fn the_tree_names_no_machine_and_no_registry() {
    nothing(forbidden::places(&Tree::read()));
}

#[test]
fn files_stay_short_enough_to_read() {
    nothing(shape::too_long(&Tree::read()));
}

#[test]
fn folders_say_what_they_own() {
    nothing(shape::vague_names(&Tree::read()));
}

#[test]
fn every_source_file_begins_with_what_it_is() {
    nothing(shape::without_preface(&Tree::read()));
}

#[test]
fn context_strings_are_distinct_listed_and_stand_in_one_place() {
    nothing(documented::contexts(&Tree::read()));
}

#[test]
fn every_change_names_tests_that_are_there_and_stands_once() {
    nothing(documented::changes(&Tree::read()));
}

#[test]
fn every_limit_is_documented() {
    nothing(limits::undocumented(&Tree::read()));
}

#[test]
fn bounds_stand_in_one_place() {
    nothing(limits::elsewhere(&Tree::read()));
}

#[test]
fn words_for_people_stand_in_their_table() {
    nothing(words::outside_the_tables(&Tree::read()));
    nothing(words::allowed_for_nothing(&Tree::read()));
    nothing(words::fields_without_words(&Tree::read()));
}

#[test]
fn secrets_pass_as_secrets() {
    nothing(secrets::plain(&Tree::read()));
}

#[test]
fn every_decision_is_in_the_index() {
    nothing(decisions::wrong_index(&Tree::read()));
}

#[test]
fn every_dependency_says_what_it_saves() {
    nothing(decisions::unexplained(&metadata(), &Tree::read()));
}

#[test]
fn the_released_client_answers_no_questions_from_outside() {
    match bundle::both() {
        Some((release, debug)) => nothing(bundle::wrong(&release, &debug)),
        None => lacking(
            "released bundle without query interface",
            "no bundles: run `cargo xtask test`",
        ),
    }
}
