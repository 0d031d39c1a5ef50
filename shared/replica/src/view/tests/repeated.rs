//! What several envelopes bring is of the one of the earliest place, in whatever order they arrive.

use super::copies::in_every_order;
use super::*;
use crate::view::entry::State;
use domain::journal::Note;

/// A note that two envelopes bring, the first of them with or without the right to it: its states
/// and places, one for each answer that some order of arrival gives.
fn twice(counts: [bool; 2]) -> Vec<(State, Option<Seq>)> {
    let mut home = Home::new();
    let note = Fact::Note(Note {
        text: "slept well".into(),
    });
    let key = home.chart(1, 1, NOW, note);
    for (n, counts) in counts.into_iter().enumerate() {
        let withheld = if counts { vec![] } else { vec![key.clone()] };
        // The later place is told first.
        home.care.place(20 - 10 * n as u64, &withheld);
        if n == 0 {
            home.care.repeat();
        }
    }
    in_every_order(&home, |view| {
        let row = view.entry(&key).unwrap().unwrap();
        (row.state(), row.origin.place.map(|place| place.seq))
    })
}

#[test]
fn the_envelope_of_the_earliest_place_says_whether_an_entry_counts_in_whatever_order_they_come() {
    assert_eq!(twice([false, true]), [(State::Stands, Some(Seq(10)))]);
    assert_eq!(twice([true, false]), [(State::Withheld, Some(Seq(10)))]);
}
