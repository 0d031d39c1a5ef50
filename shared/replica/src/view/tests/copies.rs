//! One import on two tablets is one set of entries, in whatever order it arrives.

use super::*;
use crate::view::entry::State;

/// Somebody's import of one line, and its place.
fn imported(home: &mut Home, by: u8, at: i64, fact: Fact, seq: u64) -> EntryKey {
    let subject = Subject::Resident(resident(1));
    let mut saying = Saying::new(author(by), subject, at, fact);
    saying.of = Some((700, 3));
    let key = home.care.say(saying);
    home.care.place(seq, &[]);
    key
}

/// A home with an identity, and an import on two tablets: the first in the log was made last.
fn twice(fact: Fact) -> (Home, [EntryKey; 2]) {
    let mut home = Home::new();
    let who = identity("Ada", "Day", "1941", "MH-000001-4");
    home.chart(1, 1, NOW - HOUR, who);
    let keys = [(1, NOW + MINUTE, 10), (2, NOW, 20)]
        .map(|(by, at, seq)| imported(&mut home, by, at, fact.clone(), seq));
    (home, keys)
}

/// The states of these entries, the same for every order in which what was told arrives.
fn states(home: &Home, keys: &[EntryKey]) -> Vec<State> {
    let mut all: Vec<Vec<State>> = Vec::new();
    let count = home.care.facts.len();
    // As it came, backwards, and from every point on before what was before.
    let turned = (0..count).map(|by| {
        let mut facts = home.care.facts.clone();
        facts.rotate_left(by);
        facts
    });
    let mut backwards = home.care.facts.clone();
    backwards.reverse();
    for facts in turned.chain([backwards]) {
        let mut view = empty(Stream::Care);
        for fact in facts {
            let batch = Batch {
                facts: vec![fact],
                ..Batch::default()
            };
            view.project(batch).unwrap();
        }
        let state = |key| view.entry(key).unwrap().unwrap().state();
        all.push(keys.iter().map(state).collect());
    }
    all.dedup();
    assert_eq!(all.len(), 1, "{all:?}");
    all.remove(0)
}

fn chart(home: &mut Home) -> interface::ChartView {
    let query = Query::Chart {
        resident: resident(1),
    };
    answer!(home.ask(query), Chart)
}

#[test]
fn of_one_import_on_two_tablets_the_first_in_the_log_stands_and_the_other_is_silent() {
    let (mut home, keys) = twice(allergic("latex"));
    assert_eq!(states(&home, &keys), [State::Stands, State::Copy]);
    let chart = chart(&mut home);
    assert_eq!(chart.allergies.len(), 1);
    assert_eq!(chart.allergies[0].1.entry, keys[0]);
    let history = Query::History {
        resident: resident(1),
        limit: 9,
        before: None,
    };
    let history = answer!(home.ask(history), History);
    assert_eq!((history.rows.len(), history.total), (2, 2));
}

#[test]
fn what_has_no_place_yet_comes_after_what_has_one() {
    let mut home = Home::new();
    let subject = Subject::Resident(resident(1));
    let mut here = Saying::new(author(1), subject, NOW, allergic("latex"));
    here.of = Some((700, 3));
    let here = home.care.say(here);
    let there = imported(&mut home, 2, NOW + MINUTE, allergic("latex"), 20);
    assert_eq!(states(&home, &[here, there]), [State::Copy, State::Stands]);
}

#[test]
fn two_imports_that_say_different_things_both_stand() {
    let mut home = Home::new();
    let one = imported(&mut home, 1, NOW, allergic("latex"), 10);
    let two = imported(&mut home, 2, NOW, allergic("nickel"), 20);
    assert_eq!(states(&home, &[one, two]), [State::Stands; 2]);
    // Nor does anything else: another line of the command, or another command.
    let (mut home, keys) = twice(allergic("latex"));
    let own = home.chart(1, 1, NOW + 9, allergic("latex"));
    let states = states(&home, &[keys[0].clone(), own]);
    assert_eq!(states, [State::Stands; 2]);
}

#[test]
fn what_is_said_about_a_copy_is_said_about_the_entry() {
    let (mut home, keys) = twice(note("slept well"));
    let signed = home.chart(2, 1, NOW + HOUR, signature(&keys[1]));
    home.chart(1, 1, NOW + HOUR, addendum(&keys[1], "was up twice"));
    let notes = Query::Notes {
        resident: resident(1),
        limit: 9,
        before: None,
        search: String::new(),
    };
    let notes = answer!(home.ask(notes), Notes).notes;
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].by.entry, keys[0]);
    assert_eq!(notes[0].signatures[0].entry, signed);
    assert_eq!(notes[0].addenda.len(), 1);

    let (mut home, keys) = twice(allergic("latex"));
    home.strike(2, 1, NOW + HOUR, &keys[1]);
    assert_eq!(states(&home, &keys), [State::Struck, State::Copy]);
    let (mut home, keys) = twice(warfarin(9, 1, "3 mg"));
    home.chart_over(2, 1, NOW + HOUR, warfarin(9, 2, "2 mg"), &keys[1]);
    assert_eq!(states(&home, &keys), [State::Replaced, State::Copy]);
}

#[test]
fn a_copy_stands_when_the_first_is_withheld() {
    let mut home = Home::new();
    let first = imported(&mut home, 1, NOW, allergic("latex"), 10);
    let second = imported(&mut home, 2, NOW, allergic("latex"), 20);
    let LogFact::Placed { withheld, .. } = &mut home.care.facts[1] else {
        panic!()
    };
    withheld.push(first.clone());
    assert_eq!(
        states(&home, &[first, second]),
        [State::Withheld, State::Stands]
    );
}

#[test]
fn two_values_under_one_key_in_two_documents_count_neither_here_nor_there() {
    let mut home = Home::new();
    let shown = home.chart(1, 1, NOW, note("walks alone"));
    home.chart(1, 2, NOW, note("walks with two"));
    let LogFact::Applied { entries, .. } = &mut home.care.facts[1] else {
        panic!()
    };
    entries[0].key = shown.clone();
    let signed = home.chart(1, 1, NOW + HOUR, signature(&shown));
    assert_eq!(
        states(&home, &[shown, signed]),
        [State::Withheld, State::Stands]
    );
}
