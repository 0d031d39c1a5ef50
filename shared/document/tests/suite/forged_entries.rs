//! Change chunks that no honest author writes: what their operations, keys and values say, and
//! how. Each is [`honest`] but for one thing.

use crate::bytes::{
    ACTION, Forged, INSERT, KEY, PREDECESSORS, VALUE_METADATA, prefixed, sleb, uleb,
};
use crate::hostile::{assert_refused, honest};
use crate::house::{DOCUMENT, NOW, author, empty, value};
use document::{Refused, admit, entry_key};
use ids::limits;

#[test]
fn a_string_of_ten_megabytes_is_refused() {
    let long = Forged {
        message: vec![b'x'; 10_000_000],
        ..honest()
    };
    assert_refused(&long, Refused::Bound);
    let mut keys = sleb(-1);
    keys.extend(prefixed(&vec![b'0'; 1_000_000]));
    assert_refused(&honest().with_column(KEY, keys), Refused::Key);
}

#[test]
fn a_million_operations_are_refused() {
    for rows in [limits::ENTRIES_PER_CHANGE as i64 + 1, 1_000_000, i64::MAX] {
        assert_refused(&honest().with_column(KEY, sleb(-rows)), Refused::Bound);
        // A run instead of a literal: one key a million times.
        let run = [sleb(rows), prefixed(&[b'0'; 26])].concat();
        assert_refused(&honest().with_column(KEY, run), Refused::Operation);
    }
    assert_refused(&honest().with_column(KEY, sleb(i64::MIN)), Refused::Bound);
}

#[test]
fn as_many_entries_as_allowed_are_admitted_and_no_more() {
    let values = |count: u64| -> Vec<Vec<u8>> { (0..count).map(value).collect() };
    let most = limits::ENTRIES_PER_CHANGE as u64;
    assert!(empty().write(&author(1), NOW, values(most)).is_ok());
    let error = empty()
        .write(&author(1), NOW, values(most + 1))
        .unwrap_err();
    assert_eq!(error.0, Refused::Bound);
}

#[test]
fn values_as_long_as_allowed_are_admitted_and_no_longer() {
    let longest = limits::ENTRY_BYTES;
    let forge = |len| crate::bytes::honest(&author(1), &[vec![7; len]]);
    assert!(admit(&forge(longest).chunk(), &DOCUMENT, &author(1)).is_ok());
    assert_refused(&forge(longest + 1), Refused::Bound);
    assert_refused(&forge(0), Refused::Operation);
}

#[test]
fn run_lengths_that_promise_more_than_there_is_are_refused() {
    for column in [ACTION, VALUE_METADATA, PREDECESSORS] {
        for count in [3, 1 << 20, 1 << 40, i64::MAX] {
            let run = [sleb(count), uleb(1)].concat();
            assert_refused(&honest().with_column(column, run), Refused::Bound);
            assert_refused(&honest().with_column(column, sleb(-count)), Refused::Bound);
        }
        assert_refused(
            &honest().with_column(column, sleb(i64::MIN)),
            Refused::Bound,
        );
        assert_refused(
            &honest().with_column(column, vec![0, 2]),
            Refused::Operation,
        );
        assert_refused(&honest().with_column(column, Vec::new()), Refused::Length);
    }
    assert_refused(
        &honest().with_column(INSERT, uleb(u64::MAX)),
        Refused::Operation,
    );
    assert_refused(
        &honest().with_column(INSERT, vec![0xff; 11]),
        Refused::Bound,
    );
}

#[test]
fn anything_but_a_put_of_bytes_under_a_new_key_is_refused() {
    let run = |number| [sleb(2), uleb(number)].concat();
    // Make map, make list, make text, delete, increment, make table, mark, and one unknown.
    for action in [0, 2, 4, 3, 5, 6, 7, 99] {
        assert_refused(
            &honest().with_column(ACTION, run(action)),
            Refused::Operation,
        );
    }
    // Inserted, as into a list.
    assert_refused(
        &honest().with_column(INSERT, vec![0, 2]),
        Refused::Operation,
    );
    assert_refused(
        &honest().with_column(INSERT, vec![1, 1]),
        Refused::Operation,
    );
    // Null, booleans, numbers, a string (with bad UTF-8), a counter, a timestamp, unknown types.
    let len = value(1).len() as u64;
    for value_type in (0..16).filter(|value_type| *value_type != 7) {
        let metadata = run((len << 4) | value_type);
        assert_refused(
            &honest().with_column(VALUE_METADATA, metadata),
            Refused::Operation,
        );
    }
    // In another object than the root, by an actor that is not there.
    assert_refused(
        &honest().and_column(0x01, run(5)).and_column(0x02, run(9)),
        Refused::Operation,
    );
    assert_refused(
        &honest().and_column(0x11, run(0)).and_column(0x13, run(1)),
        Refused::Operation,
    );
    // Overwriting: a predecessor.
    let overwrite = honest()
        .with_column(PREDECESSORS, run(1))
        .and_column(0x71, run(9))
        .and_column(0x73, run(1));
    assert_refused(&overwrite, Refused::Operation);
    assert_refused(
        &honest().with_column(PREDECESSORS, run(1)),
        Refused::Operation,
    );
    // Marks.
    assert_refused(&honest().and_column(0x94, vec![0, 2]), Refused::Operation);
    assert_refused(&honest().and_column(0xa5, vec![0, 2]), Refused::Operation);
    // Columns twice, missing, or of an unknown kind.
    assert_refused(
        &honest().and_column(PREDECESSORS, run(0)),
        Refused::Operation,
    );
    assert_refused(&honest().and_column(0xf1, Vec::new()), Refused::Operation);
    let mut without = honest();
    without.columns.remove(1);
    assert_refused(&without, Refused::Operation);
    assert_refused(
        &Forged {
            columns: Vec::new(),
            ..honest()
        },
        Refused::Operation,
    );
}

#[test]
fn keys_must_belong_to_their_values() {
    let keys = |texts: &[&[u8]]| {
        let mut keys = sleb(-(texts.len() as i64));
        texts.iter().for_each(|text| keys.extend(prefixed(text)));
        keys
    };
    let key = |n| entry_key(&DOCUMENT, &author(1), NOW, &value(n)).unwrap();
    let (one, two) = (key(1), key(2));
    let with = |a: &[u8], b: &[u8]| honest().with_column(KEY, keys(&[a, b]));
    let (one, two) = (one.as_str().as_bytes(), two.as_str().as_bytes());
    assert!(admit(&with(one, two).chunk(), &DOCUMENT, &author(1)).is_ok());
    assert_refused(&with(two, one), Refused::Key);
    assert_refused(&with(one, one), Refused::Key);
    assert_refused(&with(one, &one.to_ascii_lowercase()), Refused::Key);
    assert_refused(&with(one, &[0xff; 26]), Refused::Key);
    assert_refused(&with(one, b"name"), Refused::Key);
    assert_refused(&with(one, b""), Refused::Key);
    // Another time than the one hashed.
    let mut later = two.to_vec();
    later[9] = if later[9] == b'0' { b'1' } else { b'0' };
    assert_refused(&with(one, &later), Refused::Key);
}

#[test]
fn a_key_twice_in_a_change_is_refused() {
    let forged = crate::bytes::honest(&author(1), &[value(1), value(1)]);
    assert_refused(&forged, Refused::KeyTaken);
    assert!(
        empty()
            .write(&author(1), NOW, vec![value(1), value(1)])
            .is_err()
    );
}

#[test]
fn other_encodings_of_an_honest_change_are_refused() {
    // Two literals where one run would do; a run of one; two runs where one would do.
    let metadata = uleb(((value(1).len() as u64) << 4) | 7);
    let literal = [sleb(-2), metadata.clone(), metadata.clone()].concat();
    assert_refused(
        &honest().with_column(VALUE_METADATA, literal),
        Refused::NotCanonical,
    );
    let runs_of_one = [sleb(1), uleb(1), sleb(1), uleb(1)].concat();
    assert_refused(
        &honest().with_column(ACTION, runs_of_one),
        Refused::NotCanonical,
    );
    let literals = [sleb(-1), uleb(0), sleb(-1), uleb(0)].concat();
    assert_refused(
        &honest().with_column(PREDECESSORS, literals),
        Refused::NotCanonical,
    );
    // A number in more bytes than it needs.
    assert_refused(
        &Forged {
            time: vec![0x80, 0x00],
            ..honest()
        },
        Refused::NotCanonical,
    );
    assert_refused(
        &honest().with_column(INSERT, vec![0x82, 0x00]),
        Refused::NotCanonical,
    );
}
