//! Entries by those who may not sign them.

use super::*;

#[test]
fn a_signature_of_another_key() {
    let mut home = Home::new();
    let entry = home.entry(home.founder(), &key(77), &add(10));
    assert_eq!(home.append(&entry), Err(RosterError::BadSignature));
}

#[test]
fn a_body_changed_after_signing() {
    let mut home = Home::new();
    let entry = home.entry(home.founder(), &key(FOUNDER), &add(10));
    let mut bytes = entry.bytes().to_vec();
    let at = bytes.len() - 65;
    bytes[at] ^= 1;
    let entry = RosterEntry::parse(bytes.into()).unwrap();
    assert_eq!(home.append(&entry), Err(RosterError::BadSignature));
}

#[test]
fn an_administrators_entry_by_somebody_who_is_none() {
    let (mut home, nurse) = with_nurse();
    let bodies = [
        add(11),
        Body::from(RemovePerson { person: nurse }).0,
        Body::from(home.grant(nurse, Right::Write, ALL_ACTS)).0,
        Body::from(home.invite(20)).0,
        Body::from(RemoveDevice {
            device: DeviceId::from_bytes([TABLET; 16]),
        })
        .0,
        Body::from(RelayKey { key: public(30) }).0,
        Body::from(Policy {
            name: "x".to_owned(),
            value: Bytes::new(),
        })
        .0,
        Body::from(RekeyPerson {
            person: person_keys(11),
            wraps: Vec::new(),
        })
        .0,
    ];
    for body in bodies {
        let entry = home.entry(nurse, &key(10), &body);
        assert_eq!(
            home.state.check(&entry, home.now),
            Err(RosterError::NotAdministrator)
        );
    }
    home.admin(home.grant(nurse, Right::Write, acts::ROSTER))
        .unwrap();
    home.by(
        nurse,
        10,
        AddPerson {
            person: person_keys(11),
        },
    )
    .unwrap();
}

#[test]
fn an_administrator_whose_grant_is_over() {
    let (mut home, nurse) = with_nurse();
    let until = Some(home.now.plus(10));
    home.admin(Grant {
        until,
        ..home.grant(nurse, Right::Write, acts::ROSTER)
    })
    .unwrap();
    home.by(
        nurse,
        10,
        AddPerson {
            person: person_keys(11),
        },
    )
    .unwrap();
    home.now = home.now.plus(10);
    let late = home.by(
        nurse,
        10,
        AddPerson {
            person: person_keys(12),
        },
    );
    assert_eq!(late, Err(RosterError::NotAdministrator));
}

#[test]
fn an_administrator_who_was_removed() {
    let (mut home, nurse) = with_nurse();
    home.admin(home.grant(nurse, Right::Write, acts::ROSTER))
        .unwrap();
    home.admin(RemovePerson { person: nurse }).unwrap();
    let late = home.by(
        nurse,
        10,
        AddPerson {
            person: person_keys(12),
        },
    );
    assert_eq!(late, Err(RosterError::UnknownPerson));
}

#[test]
fn the_act_roster_on_a_grant_that_does_not_let_one_read() {
    let (mut home, nurse) = with_nurse();
    home.admin(home.grant(nurse, Right::Emergency, acts::ROSTER))
        .unwrap();
    let refused = home.by(
        nurse,
        10,
        AddPerson {
            person: person_keys(12),
        },
    );
    assert_eq!(refused, Err(RosterError::NotAdministrator));
}

#[test]
fn the_recovery_sheet_used_against_the_rules_of_what_it_adds() {
    let mut home = Home::new();
    let plain = RecoveryUsed {
        recovery: recovery_keys(51),
        person: None,
        device: None,
        grants: Vec::new(),
        wraps: None,
    };
    let scope = scope_of(&home.facility());
    let taken = PersonKeys {
        id: PersonId::from_bytes([TABLET; 16]),
        ..person_keys(52)
    };
    let body = RecoveryUsed {
        person: Some(taken),
        ..plain.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, body),
        Err(RosterError::IdReused)
    );
    let old_keys = PersonKeys {
        id: home.founder(),
        ..person_keys(FOUNDER)
    };
    let body = RecoveryUsed {
        person: Some(old_keys),
        ..plain.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, body),
        Err(RosterError::KeyReused)
    );
    let device = RecoveryDevice {
        keys: device_keys(TABLET),
        scope: scope.clone(),
    };
    let body = RecoveryUsed {
        device: Some(device),
        ..plain.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, body),
        Err(RosterError::IdReused)
    );
    let mut nowhere = scope;
    nowhere.streams.push(StreamId::from_bytes([1; 16]));
    let device = RecoveryDevice {
        keys: device_keys(53),
        scope: nowhere,
    };
    let body = RecoveryUsed {
        device: Some(device),
        ..plain.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, body),
        Err(RosterError::UnknownStream)
    );
    let devices = Grant {
        stream: home.devices(),
        ..home.grant(home.founder(), Right::Read, 0)
    };
    let body = RecoveryUsed {
        grants: vec![devices],
        ..plain
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, body),
        Err(RosterError::NotGrantable)
    );
}

#[test]
fn a_new_log_by_anybody_but_the_relay() {
    let mut home = Home::new();
    let body = NewLog {
        stream: home.stream("care"),
        old: LogId::from_bytes([40; 16]),
        old_seq: Seq(5),
        old_chain: ChainHash::ZERO,
        new: LogId::from_bytes([41; 16]),
    };
    assert_eq!(home.admin(body.clone()), Err(RosterError::SignerNotZero));
    assert_eq!(
        home.by(SignerId::NONE, FOUNDER, body.clone()),
        Err(RosterError::BadSignature)
    );
    let same = NewLog {
        new: body.old,
        ..body.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RELAY, same),
        Err(RosterError::WrongLog)
    );
    let nowhere = NewLog {
        stream: StreamId::from_bytes([1; 16]),
        ..body.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RELAY, nowhere),
        Err(RosterError::UnknownStream)
    );
    home.by(SignerId::NONE, RELAY, body).unwrap();
}

#[test]
fn an_administrators_entry_by_the_relay() {
    let mut home = Home::new();
    let refused = home.by(
        SignerId::NONE,
        RELAY,
        AddPerson {
            person: person_keys(10),
        },
    );
    assert_eq!(refused, Err(RosterError::UnknownPerson));
    let refused = home.by(
        home.founder(),
        RELAY,
        AddPerson {
            person: person_keys(10),
        },
    );
    assert_eq!(refused, Err(RosterError::BadSignature));
}

#[test]
fn the_recovery_sheet_used_by_anybody_else() {
    let mut home = Home::new();
    let recovery = recovery_keys(51);
    let body = RecoveryUsed {
        recovery,
        person: None,
        device: None,
        grants: Vec::new(),
        wraps: None,
    };
    assert_eq!(
        home.by(SignerId::NONE, FOUNDER, body.clone()),
        Err(RosterError::BadSignature)
    );
    assert_eq!(home.admin(body.clone()), Err(RosterError::SignerNotZero));
    let old = RecoveryUsed {
        recovery: recovery_keys(RECOVERY),
        ..body.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, old),
        Err(RosterError::KeyReused)
    );
    let shared = RecoveryUsed {
        person: Some(PersonKeys {
            signing: recovery.signing,
            ..person_keys(52)
        }),
        ..body.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, shared),
        Err(RosterError::KeyReused)
    );
    let to_nobody = home.grant(PersonId::from_bytes([99; 16]), Right::Write, 0);
    let granted = RecoveryUsed {
        grants: vec![to_nobody],
        ..body.clone()
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, granted),
        Err(RosterError::UnknownPerson)
    );
    home.by(SignerId::NONE, RECOVERY, body.clone()).unwrap();
    let again = RecoveryUsed {
        recovery: recovery_keys(60),
        ..body
    };
    assert_eq!(
        home.by(SignerId::NONE, RECOVERY, again),
        Err(RosterError::BadSignature)
    );
}

#[test]
fn a_setting_without_a_name() {
    let mut home = Home::new();
    for name in ["", "Upper", "a name", &"x".repeat(33)] {
        let body = Policy {
            name: name.to_owned(),
            value: Bytes::new(),
        };
        assert_eq!(home.admin(body), Err(RosterError::WrongName), "{name}");
    }
    home.admin(Policy {
        name: "x".repeat(32),
        value: Bytes::new(),
    })
    .unwrap();
}

#[test]
fn the_destruction_of_documents_of_no_stream() {
    let mut home = Home::new();
    let stream = StreamId::from_bytes([1; 16]);
    let body = Destroy {
        stream,
        documents: Vec::new(),
        evidence: Vec::new(),
        blobs: None,
    };
    assert_eq!(home.admin(body), Err(RosterError::UnknownStream));
}
