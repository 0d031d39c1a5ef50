//! Founding entries that may not stand.

use super::*;

fn refused(found: &Found) -> RosterError {
    apply(UnsignedEntry::found(found), found.charter().person.signing).unwrap_err()
}

fn apply(unsigned: UnsignedEntry, signer: SigningPublic) -> Result<RosterHash, RosterError> {
    let n = (0..=255u8)
        .find(|n| public(*n) == signer)
        .unwrap_or(FOUNDER);
    let entry = unsigned
        .signed(&sign(&key(n), &unsigned.message()))
        .unwrap();
    let mut state = RosterState::new();
    let checked = state.check(&entry, START).map(|accepted| accepted.hash);
    let applied = state.apply(&countersign(RELAY, &entry, START));
    assert_eq!(checked, applied);
    applied
}

/// `found` with another charter, everything else following from it.
fn with_charter(change: impl FnOnce(&mut Charter)) -> Found {
    let mut charter = charter();
    change(&mut charter);
    let facility = charter.facility_id();
    let plain = found();
    let names = OPENED_BY_FOUND
        .iter()
        .map(|name| wire::stream_id(&facility, name));
    let wraps = names.zip(&plain.wraps);
    let wraps = wraps.map(|(stream, of)| StreamWraps {
        stream,
        wraps: of.wraps.clone(),
    });
    let grants = plain
        .grants
        .iter()
        .zip(["directory", "care"])
        .map(|(grant, name)| Grant {
            stream: wire::stream_id(&facility, name),
            person: charter.person.id,
            ..grant.clone()
        });
    Found::new(
        charter.clone(),
        scope_of(&facility),
        grants.collect(),
        wraps.collect(),
    )
}

#[test]
fn the_plain_one_stands() {
    let found = with_charter(|_| ());
    apply(UnsignedEntry::found(&found), found.charter().person.signing).unwrap();
}

#[test]
fn a_facility_id_that_is_not_the_charters() {
    let found = found();
    let body = RosterBody::Found(Box::new(found));
    let (facility, founder) = (
        FacilityId::from_bytes([1; 16]),
        PersonId::from_bytes([FOUNDER; 16]),
    );
    let entry = UnsignedEntry::new(facility, RosterSeq(1), RosterHash::ZERO, founder, &body);
    assert_eq!(
        apply(entry, public(FOUNDER)),
        Err(RosterError::WrongFacilityId)
    );
}

#[test]
fn another_signer_than_the_founder() {
    let found = found();
    let facility = found.facility_id();
    let body = RosterBody::Found(Box::new(found));
    let other = PersonId::from_bytes([9; 16]);
    let entry = UnsignedEntry::new(facility, RosterSeq(1), RosterHash::ZERO, other, &body);
    assert_eq!(
        apply(entry, public(FOUNDER)),
        Err(RosterError::UnknownPerson)
    );
}

#[test]
fn a_signature_that_is_not_the_founders() {
    let unsigned = UnsignedEntry::found(&found());
    assert_eq!(apply(unsigned, public(9)), Err(RosterError::BadSignature));
}

#[test]
fn a_first_entry_of_another_kind_and_a_second_found() {
    let mut home = Home::new();
    let body = RosterBody::Found(Box::new(found()));
    let again = home.entry(home.founder(), &key(FOUNDER), &body);
    assert_eq!(home.append(&again), Err(RosterError::FoundOnlyFirst));
    let first = placed(home.facility(), 1, RosterHash::ZERO);
    let mut empty = RosterState::new();
    assert_eq!(empty.check(&first, START), Err(RosterError::FoundOnlyFirst));
    let item = countersign(RELAY, &first, UnixMillis(0));
    assert_eq!(empty.apply(&item), Err(RosterError::FoundOnlyFirst));
}

#[test]
fn other_streams_than_the_three() {
    let one_less = with_charter(|charter| drop(charter.streams.pop()));
    assert_eq!(refused(&one_less), RosterError::WrongOpening);
    let other = with_charter(|charter| charter.streams[0].name = "office".to_owned());
    assert_eq!(refused(&other), RosterError::WrongOpening);
    let twice = with_charter(|charter| charter.streams.push(charter.streams[0].clone()));
    assert_eq!(refused(&twice), RosterError::WrongOpening);
}

#[test]
fn keys_and_ids_that_are_shared_or_unusable() {
    let shared = with_charter(|charter| charter.device.signing = charter.relay_key);
    assert_eq!(refused(&shared), RosterError::KeyReused);
    let unusable = with_charter(|charter| charter.recovery.agreement = AgreementPublic::ZERO);
    assert_eq!(refused(&unusable), RosterError::UnusableKey);
    let unusable = with_charter(|charter| charter.device.agreement = AgreementPublic::ZERO);
    assert_eq!(refused(&unusable), RosterError::UnusableKey);
    let same = with_charter(|charter| charter.device.id = DeviceId::from_bytes([FOUNDER; 16]));
    assert_eq!(refused(&same), RosterError::IdReused);
    let nobody = with_charter(|charter| charter.person.id = PersonId::ZERO);
    assert_eq!(refused(&nobody), RosterError::IdReused);
}

#[test]
fn a_relay_key_that_can_countersign_nothing() {
    let mut identity = [0; 32];
    identity[0] = 1;
    let key_of_nobody = SigningPublic::from_bytes(identity);
    let found = with_charter(|charter| charter.relay_key = key_of_nobody);
    let unsigned = UnsignedEntry::found(&found);
    let entry = unsigned
        .signed(&sign(&key(FOUNDER), &unsigned.message()))
        .unwrap();
    let checked = RosterState::new().check(&entry, START);
    assert_eq!(checked, Err(RosterError::UnusableKey));
}

#[test]
fn a_founder_who_is_no_administrator() {
    let mut found = found();
    for grant in &mut found.grants {
        grant.acts &= !acts::ROSTER;
    }
    assert_eq!(refused(&found), RosterError::LastAdministrator);
}

#[test]
fn wraps_that_are_not_one_per_holder_and_the_recovery_sheet() {
    let mut found = self::found();
    found.wraps[2].wraps.pop();
    assert!(matches!(
        refused(&found),
        RosterError::WrongWraps {
            expected: 2,
            found: 1,
            ..
        }
    ));
    let mut missing = self::found();
    missing.wraps.pop();
    assert_eq!(refused(&missing), RosterError::WrongOpening);
    let mut more = self::found();
    more.wraps.push(StreamWraps {
        stream: StreamId::from_bytes([1; 16]),
        wraps: Vec::new(),
    });
    assert_eq!(refused(&more), RosterError::WrongOpening);
    let mut listed = self::found();
    listed.grants[0].wraps = wraps(1);
    assert!(matches!(
        refused(&listed),
        RosterError::WrongWraps { expected: 0, .. }
    ));
}

#[test]
fn grants_of_what_is_not_opened_or_to_others() {
    let mut other = found();
    other.grants[1].stream = StreamId::from_bytes([1; 16]);
    assert_eq!(refused(&other), RosterError::UnknownStream);
    let mut stranger = found();
    stranger.grants[1].person = PersonId::from_bytes([9; 16]);
    assert_eq!(refused(&stranger), RosterError::UnknownPerson);
    let mut scope = found();
    scope.scope.streams.push(StreamId::from_bytes([1; 16]));
    assert_eq!(refused(&scope), RosterError::UnknownStream);
}
