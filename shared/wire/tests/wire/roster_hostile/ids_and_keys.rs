//! Ids and keys that are taken, shared or unusable.

use super::*;

#[test]
fn an_id_that_was_used_before() {
    let (mut home, nurse) = with_nurse();
    home.admin(RemovePerson { person: nurse }).unwrap();
    let person = PersonKeys {
        id: nurse,
        ..person_keys(11)
    };
    assert_eq!(home.admin(AddPerson { person }), Err(RosterError::IdReused));
    let person = PersonKeys {
        id: PersonId::from_bytes([TABLET; 16]),
        ..person_keys(11)
    };
    assert_eq!(
        home.admin(AddPerson { person }),
        Err(RosterError::IdReused),
        "a device's"
    );
    let person = PersonKeys {
        id: PersonId::ZERO,
        ..person_keys(11)
    };
    assert_eq!(
        home.admin(AddPerson { person }),
        Err(RosterError::IdReused),
        "nobody's"
    );
}

#[test]
fn a_removed_device_that_comes_back_under_its_id() {
    let mut home = Home::new();
    home.admin(RemoveDevice {
        device: DeviceId::from_bytes([TABLET; 16]),
    })
    .unwrap();
    let scope = scope_of(&home.facility());
    let body = AddDevice {
        device: device_keys(TABLET),
        scope,
        wraps: Vec::new(),
    };
    assert_eq!(home.admin(body), Err(RosterError::IdReused));
}

#[test]
fn another_scope_for_a_device_under_other_keys() {
    let mut home = Home::new();
    let device = DeviceKeys {
        id: DeviceId::from_bytes([TABLET; 16]),
        ..device_keys(21)
    };
    let scope = scope_of(&home.facility());
    let body = AddDevice {
        device,
        scope,
        wraps: Vec::new(),
    };
    assert_eq!(home.admin(body), Err(RosterError::IdReused));
}

#[test]
fn a_key_that_was_used_before() {
    let (mut home, nurse) = with_nurse();
    let person = PersonKeys {
        signing: public(10),
        ..person_keys(11)
    };
    assert_eq!(
        home.admin(AddPerson { person }),
        Err(RosterError::KeyReused)
    );
    let agreement = AgreementPublic::from_bytes([10; 32]);
    let person = PersonKeys {
        agreement,
        ..person_keys(11)
    };
    assert_eq!(
        home.admin(AddPerson { person }),
        Err(RosterError::KeyReused)
    );
    let person = PersonKeys {
        id: nurse,
        ..person_keys(FOUNDER)
    };
    let rekey = RekeyPerson {
        person,
        wraps: Vec::new(),
    };
    assert_eq!(home.admin(rekey), Err(RosterError::KeyReused));
    let body = Body::from(RelayKey { key: public(10) }).0;
    let entry = home.entry(home.founder(), &key(FOUNDER), &body);
    assert_eq!(
        home.append_countersigned_by(10, &entry),
        Err(RosterError::KeyReused)
    );
}

#[test]
fn a_key_of_small_order() {
    let mut home = Home::new();
    let mut identity = [0; 32];
    identity[0] = 1;
    let person = PersonKeys {
        signing: SigningPublic::from_bytes(identity),
        ..person_keys(11)
    };
    assert_eq!(
        home.admin(AddPerson { person }),
        Err(RosterError::UnusableKey)
    );
    let person = PersonKeys {
        agreement: AgreementPublic::ZERO,
        ..person_keys(11)
    };
    assert_eq!(
        home.admin(AddPerson { person }),
        Err(RosterError::UnusableKey)
    );
}

#[test]
fn a_device_added_with_two_wraps_or_a_scope_of_nothing() {
    let mut home = Home::new();
    let (device, scope) = (device_keys(21), scope_of(&home.facility()));
    let body = AddDevice {
        device,
        scope: scope.clone(),
        wraps: wraps(2),
    };
    assert!(matches!(
        home.admin(body),
        Err(RosterError::WrongWraps { expected: 1, .. })
    ));
    let mut nowhere = scope.clone();
    nowhere.streams.push(StreamId::from_bytes([1; 16]));
    let body = AddDevice {
        device,
        scope: nowhere,
        wraps: wraps(1),
    };
    assert_eq!(home.admin(body), Err(RosterError::UnknownStream));
    home.admin(AddDevice {
        device,
        scope,
        wraps: wraps(1),
    })
    .unwrap();
}

#[test]
fn the_removal_of_a_device_that_is_not_there() {
    let mut home = Home::new();
    let device = DeviceId::from_bytes([TABLET; 16]);
    home.admin(RemoveDevice { device }).unwrap();
    assert_eq!(
        home.admin(RemoveDevice { device }),
        Err(RosterError::UnknownDevice)
    );
}
