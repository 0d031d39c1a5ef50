//! Grants and rekeys that give what may not be given, or leave nobody in charge.

use super::*;

#[test]
fn the_last_administrator_leaving_or_stepping_down() {
    let (mut home, nurse) = with_nurse();
    let founder = home.founder();
    let leave = RemovePerson { person: founder };
    assert_eq!(
        home.admin(leave.clone()),
        Err(RosterError::LastAdministrator)
    );
    let (care, directory) = (home.stream("care"), home.stream("directory"));
    home.admin(home.grant(founder, Right::Write, acts::SIGN))
        .unwrap();
    let down = Grant {
        stream: directory,
        ..home.grant(founder, Right::Write, acts::SIGN)
    };
    assert_eq!(
        home.admin(down.clone()),
        Err(RosterError::LastAdministrator)
    );
    let withdrawn = Grant {
        right: Right::Withdrawn,
        acts: ALL_ACTS,
        ..down.clone()
    };
    assert_eq!(home.admin(withdrawn), Err(RosterError::LastAdministrator));
    let ending = Grant {
        until: Some(home.now.plus(9)),
        acts: ALL_ACTS,
        ..down.clone()
    };
    assert_eq!(home.admin(ending), Err(RosterError::LastAdministrator));
    // One whose right ends is no successor; one whose right lasts is.
    let brief = Grant {
        until: Some(home.now.plus(9)),
        ..home.grant(nurse, Right::Write, ALL_ACTS)
    };
    home.admin(brief).unwrap();
    assert_eq!(
        home.admin(leave.clone()),
        Err(RosterError::LastAdministrator)
    );
    home.admin(Grant {
        stream: care,
        ..home.grant(nurse, Right::Write, ALL_ACTS)
    })
    .unwrap();
    home.admin(down).unwrap();
    home.by(nurse, 10, leave).unwrap();
}

#[test]
fn a_grant_of_the_keyslots_stream_to_a_person() {
    let (mut home, nurse) = with_nurse();
    let grant = Grant {
        stream: home.devices(),
        ..home.grant(nurse, Right::Read, 0)
    };
    assert_eq!(home.admin(grant), Err(RosterError::NotGrantable));
}

#[test]
fn a_grant_to_somebody_unknown_or_gone() {
    let (mut home, nurse) = with_nurse();
    let nobody = PersonId::from_bytes([99; 16]);
    assert_eq!(
        home.admin(home.grant(nobody, Right::Read, 0)),
        Err(RosterError::UnknownPerson)
    );
    home.admin(RemovePerson { person: nurse }).unwrap();
    assert_eq!(
        home.admin(home.grant(nurse, Right::Read, 0)),
        Err(RosterError::UnknownPerson)
    );
    assert_eq!(
        home.admin(RemovePerson { person: nurse }),
        Err(RosterError::UnknownPerson)
    );
}

#[test]
fn a_grant_that_is_over_before_it_begins() {
    let (mut home, nurse) = with_nurse();
    let grant = Grant {
        until: Some(home.now),
        ..home.grant(nurse, Right::Read, 0)
    };
    assert_eq!(home.admin(grant), Err(RosterError::AlreadyOver));
}

#[test]
fn a_grant_with_more_than_the_grantees_wrap() {
    let (mut home, nurse) = with_nurse();
    let grant = Grant {
        wraps: wraps(2),
        ..home.grant(nurse, Right::Read, 0)
    };
    assert!(matches!(
        home.admin(grant),
        Err(RosterError::WrongWraps { .. })
    ));
    let stream = home.stream("office");
    let unopened = Grant {
        stream,
        wraps: wraps(1),
        ..home.grant(nurse, Right::Read, 0)
    };
    assert!(matches!(
        home.admin(unopened),
        Err(RosterError::WrongWraps { .. })
    ));
    let nothing = Grant {
        wraps: wraps(1),
        ..home.grant(nurse, Right::Withdrawn, 0)
    };
    assert!(matches!(
        home.admin(nothing),
        Err(RosterError::WrongWraps { .. })
    ));
}

#[test]
fn a_rekey_with_a_wrap_of_what_was_never_granted() {
    let (mut home, nurse) = with_nurse();
    let person = PersonKeys {
        id: nurse,
        ..person_keys(11)
    };
    let of = |name: &str| StreamWraps {
        stream: home.stream(name),
        wraps: wraps(1),
    };
    let (care, directory) = (of("care"), of("directory"));
    let body = RekeyPerson {
        person,
        wraps: vec![directory],
    };
    assert!(matches!(
        home.admin(body),
        Err(RosterError::WrongWraps { .. })
    ));
    let body = RekeyPerson {
        person,
        wraps: vec![care.clone(), care.clone()],
    };
    assert!(matches!(
        home.admin(body),
        Err(RosterError::WrongWraps { .. })
    ));
    home.admin(RekeyPerson {
        person,
        wraps: vec![care],
    })
    .unwrap();
}

#[test]
fn a_rekey_of_somebody_gone_or_with_a_wrap_of_a_stream_that_is_not_open() {
    let (mut home, nurse) = with_nurse();
    let stream = home.stream("office");
    let early = Grant {
        stream,
        ..home.grant(nurse, Right::Read, 0)
    };
    home.admin(early).unwrap();
    let person = PersonKeys {
        id: nurse,
        ..person_keys(11)
    };
    let unopened = StreamWraps {
        stream,
        wraps: wraps(1),
    };
    let body = RekeyPerson {
        person,
        wraps: vec![unopened],
    };
    assert_eq!(home.admin(body), Err(RosterError::UnknownStream));
    home.admin(RemovePerson { person: nurse }).unwrap();
    let body = RekeyPerson {
        person,
        wraps: Vec::new(),
    };
    assert_eq!(home.admin(body), Err(RosterError::UnknownPerson));
}
