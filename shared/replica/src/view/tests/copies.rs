//! One import on two tablets is one set of entries, in whatever order it arrives.

use super::*;
use crate::view::entry::State;

/// An import of one line by one person on one of their tablets, and its place.
fn imported(home: &mut Home, tablet: u8, at: i64, fact: Fact, seq: u64) -> EntryKey {
    let by = Author {
        person: author(1).person,
        ..author(tablet)
    };
    entered(home, by, at, fact, seq)
}

/// The same line of the same command, by whomever.
fn entered(home: &mut Home, by: Author, at: i64, fact: Fact, seq: u64) -> EntryKey {
    let subject = Subject::Resident(resident(1));
    let mut saying = Saying::new(by, subject, at, fact);
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

/// What a view says after what was told, once for each answer that some order of arrival gives.
pub(super) fn in_every_order<T: PartialEq>(home: &Home, ask: impl Fn(&ViewDb) -> T) -> Vec<T> {
    let mut all = Vec::new();
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
        all.push(ask(&view));
    }
    all.dedup();
    all
}

/// The states of these entries, the same for every order in which what was told arrives.
fn states(home: &Home, keys: &[EntryKey]) -> Vec<State> {
    let mut all = in_every_order(home, |view| {
        let state = |key| view.entry(key).unwrap().unwrap().state();
        keys.iter().map(state).collect::<Vec<State>>()
    });
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
    assert_eq!(chart.allergies[0].by.entry, keys[0]);
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
    let signed = home.chart(1, 1, NOW + HOUR, signature(&keys[1]));
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
fn what_another_entered_once_more_is_theirs_and_takes_nothing_from_the_first() {
    let mut home = Home::new();
    let says = note("slept well");
    let first = entered(&mut home, author(1), NOW, says.clone(), 10);
    let other = entered(&mut home, author(2), NOW + MINUTE, says, 20);
    home.chart_over(2, 1, NOW + HOUR, note("never slept"), &other);
    home.chart(2, 1, NOW + HOUR, signature(&other));
    // Signed by its author, what the other wrote stands; the correction stands beside it.
    let keys = [first.clone(), other];
    assert_eq!(states(&home, &keys), [State::Stands; 2]);
    home.project();
    let view = home.views.care.as_ref().unwrap();
    let first = view.entry(&first).unwrap().unwrap();
    assert!(!view.is_signed(&first).unwrap());
    assert_eq!(view.signatures(&first).unwrap().len(), 0);
}

#[test]
fn a_signed_entry_is_not_corrected_by_way_of_an_unsigned_copy() {
    let (mut home, keys) = twice(note("slept well"));
    home.chart(1, 1, NOW + HOUR, signature(&keys[0]));
    home.chart_over(1, 1, NOW + HOUR, note("never slept"), &keys[1]);
    assert_eq!(states(&home, &keys), [State::Stands, State::Copy]);
    // Unsigned, what takes the place of one copy takes that of all.
    let (mut home, keys) = twice(note("slept well"));
    home.chart_over(1, 1, NOW + HOUR, note("never slept"), &keys[1]);
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

/// A note on each of two residents under one key, as somebody may find who searches; their places.
fn two_under_one_key(places: [Option<u64>; 2]) -> (Home, EntryKey) {
    let mut home = Home::new();
    let shown = home.chart(1, 1, NOW, note("walks alone"));
    places[0].inspect(|seq| home.care.place(*seq, &[]));
    home.chart(1, 2, NOW, note("walks with two"));
    let applied = home.care.facts.last_mut().unwrap();
    let LogFact::Applied { entries, .. } = applied else {
        panic!()
    };
    entries[0].key = shown.clone();
    places[1].inspect(|seq| home.care.place(*seq, &[]));
    (home, shown)
}

/// Whose note a key is, in every order in which what was told arrives.
fn whose(home: &Home, key: &EntryKey) -> Subject {
    let said = in_every_order(home, |view| {
        let row = view.entry(key).unwrap().unwrap();
        assert_eq!(row.state(), State::Stands);
        let notes = |who| view.standing(&resident(who), "note").unwrap();
        assert_eq!(notes(1).len() + notes(2).len(), 1);
        row.subject()
    });
    assert_eq!(said.len(), 1, "{said:?}");
    said[0]
}

#[test]
fn of_two_values_under_one_key_in_two_documents_the_one_of_the_earlier_place_counts() {
    let [one, two] = [1, 2].map(|n| Subject::Resident(resident(n)));
    for (places, shown) in [
        ([Some(10), Some(20)], one),
        ([Some(20), Some(10)], two),
        // What has no place yet comes last.
        ([Some(20), None], one),
        ([None, Some(20)], two),
    ] {
        let (home, key) = two_under_one_key(places);
        assert_eq!(whose(&home, &key), shown, "{places:?}");
    }
}

#[test]
fn what_is_said_under_a_key_that_was_searched_for_is_said_about_what_it_lies_with() {
    let (mut home, key) = two_under_one_key([Some(10), Some(20)]);
    home.chart(1, 2, NOW + HOUR, signature(&key));
    home.strike(2, 2, NOW + HOUR, &key);
    // Both lie with the other, which counts for nothing.
    let states = in_every_order(&home, |view| {
        let row = view.entry(&key).unwrap().unwrap();
        (row.state(), view.is_signed(&row).unwrap())
    });
    assert_eq!(states, [(State::Stands, false)]);
    let here = home.chart(1, 1, NOW + HOUR, signature(&key));
    let signed = in_every_order(&home, |view| {
        let row = view.entry(&key).unwrap().unwrap();
        view.is_signed(&row).unwrap() && view.entry(&here).unwrap().is_some()
    });
    assert_eq!(signed, [true]);
}

#[test]
fn a_value_that_is_withheld_where_it_lies_hides_no_other_under_its_key() {
    let (mut home, key) = two_under_one_key([Some(10), Some(20)]);
    let last = home.care.facts.last_mut().unwrap();
    let LogFact::Placed { withheld, .. } = last else {
        panic!()
    };
    withheld.push(key.clone());
    assert_eq!(whose(&home, &key), Subject::Resident(resident(1)));
}
