//! Entries that do not belong where they are put.

use super::*;

#[test]
fn an_entry_that_does_not_come_next() {
    let mut home = Home::new();
    let (facility, (_, prev)) = (home.facility(), home.state.head());
    for seq in [1, 3] {
        let (expected, found) = (RosterSeq(2), RosterSeq(seq));
        let refused = home.append(&placed(facility, seq, prev));
        assert_eq!(refused, Err(RosterError::NotNext { expected, found }));
    }
    home.append(&placed(facility, 2, prev)).unwrap();
}

#[test]
fn an_entry_that_follows_another_history() {
    let mut home = Home::new();
    let entry = placed(home.facility(), 2, RosterHash::from_bytes([1; 32]));
    assert_eq!(home.append(&entry), Err(RosterError::WrongPrevious));
}

#[test]
fn an_entry_of_another_facility() {
    let mut home = Home::new();
    let entry = placed(FacilityId::from_bytes([1; 16]), 2, home.state.head().1);
    assert_eq!(home.append(&entry), Err(RosterError::OtherFacility));
}

#[test]
fn a_time_that_goes_backwards() {
    let mut home = Home::new();
    let entry = home.entry(home.founder(), &key(FOUNDER), &add(10));
    let early = countersign(RELAY, &entry, home.now.plus(-1));
    assert_eq!(home.state.apply(&early), Err(RosterError::TimeBackwards));
    home.state
        .apply(&countersign(RELAY, &entry, home.now))
        .unwrap();
}

#[test]
fn a_countersignature_that_is_not_the_relays() {
    let mut home = Home::new();
    let entry = home.entry(home.founder(), &key(FOUNDER), &add(10));
    let forged = countersign(FOUNDER, &entry, home.now);
    assert_eq!(
        home.state.apply(&forged),
        Err(RosterError::BadCountersignature)
    );
}

#[test]
fn a_countersignature_moved_to_another_time() {
    let mut home = Home::new();
    let entry = home.entry(home.founder(), &key(FOUNDER), &add(10));
    let mut item = countersign(RELAY, &entry, home.now);
    item.time = item.time.plus(1);
    assert_eq!(
        home.state.apply(&item),
        Err(RosterError::BadCountersignature)
    );
}
