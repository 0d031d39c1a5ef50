//! Epochs that would leave somebody out, let somebody in, or break the ladder.

use super::*;

#[test]
fn a_rotation_by_somebody_who_holds_no_key() {
    let (mut home, nurse) = with_nurse();
    let (body, other) = (
        rotate(&home, "care", 1, 3),
        rotate(&home, "directory", 1, 2),
    );
    assert_eq!(home.by(nurse, 10, other), Err(RosterError::NotHolder));
    home.by(nurse, 10, body).unwrap();
}

#[test]
fn a_rotation_of_the_keyslots_stream_by_a_person() {
    let mut home = Home::new();
    let body = rotate(&home, "devices", 1, 2);
    assert_eq!(home.admin(body), Err(RosterError::UnknownDevice));
}

#[test]
fn a_rotation_of_the_keyslots_stream_by_a_device_that_does_not_carry_it() {
    let mut home = Home::new();
    let mut scope = scope_of(&home.facility());
    scope.streams.retain(|stream| *stream != home.devices());
    let device = device_keys(21);
    home.admin(AddDevice {
        device,
        scope,
        wraps: Vec::new(),
    })
    .unwrap();
    let body = rotate(&home, "devices", 1, 2);
    assert_eq!(home.by(device.id, 21, body), Err(RosterError::NotHolder));
}

#[test]
fn a_rotation_to_an_epoch_that_is_not_the_next() {
    let mut home = Home::new();
    assert_eq!(
        home.admin(rotate(&home, "care", 2, 2)),
        Err(RosterError::WrongEpoch)
    );
    let again = Rotate {
        rung: Bytes::from_static(&[1]),
        ..rotate(&home, "care", 0, 2)
    };
    assert_eq!(home.admin(again), Err(RosterError::WrongEpoch));
}

#[test]
fn a_rotation_without_the_previous_key() {
    let mut home = Home::new();
    let body = Rotate {
        rung: Bytes::new(),
        ..rotate(&home, "care", 1, 2)
    };
    assert_eq!(home.admin(body), Err(RosterError::WrongRung));
    let rung = Bytes::from(vec![1; limits::WRAP_BYTES + 1]);
    let body = Rotate {
        rung,
        ..rotate(&home, "care", 1, 2)
    };
    assert_eq!(home.admin(body), Err(RosterError::WrongRung));
    let rung = Bytes::from(vec![1; limits::WRAP_BYTES]);
    home.admin(Rotate {
        rung,
        ..rotate(&home, "care", 1, 2)
    })
    .unwrap();
}

#[test]
fn a_rotation_that_leaves_somebody_out_or_lets_somebody_in() {
    let (mut home, _) = with_nurse();
    for count in [2, 4] {
        let stream = home.stream("care");
        let (expected, found) = (3, usize::from(count));
        let refused = home.admin(rotate(&home, "care", 1, count));
        assert_eq!(
            refused,
            Err(RosterError::WrongWraps {
                stream,
                expected,
                found
            })
        );
    }
    let mut twice = rotate(&home, "care", 1, 3);
    twice.wraps[1] = twice.wraps[0];
    assert!(matches!(
        home.admin(twice),
        Err(RosterError::WrongWraps { .. })
    ));
}

#[test]
fn a_rotation_to_a_public_half_of_zero() {
    let mut home = Home::new();
    let body = Rotate {
        public: AgreementPublic::ZERO,
        ..rotate(&home, "care", 1, 2)
    };
    assert_eq!(home.admin(body), Err(RosterError::UnusableKey));
}

#[test]
fn a_stream_opened_under_an_id_or_name_that_is_not_its_own() {
    let mut home = Home::new();
    let stream = home.stream("office");
    home.admin(Grant {
        stream,
        ..home.grant(home.founder(), Right::Write, 0)
    })
    .unwrap();
    let opening = |name: &str| Rotate {
        name: Some(name.to_owned()),
        ..rotate(&home, "office", 0, 2)
    };
    let (other, bad, good) = (opening("finance"), opening("Office"), opening("office"));
    let late = Rotate {
        epoch: ids::Epoch(1),
        ..good.clone()
    };
    let runged = Rotate {
        rung: Bytes::from_static(&[1]),
        ..good.clone()
    };
    let nameless = rotate(&home, "office", 0, 2);
    let again = Rotate {
        name: Some("care".to_owned()),
        ..rotate(&home, "care", 1, 2)
    };
    assert_eq!(home.admin(other), Err(RosterError::WrongStreamId));
    assert_eq!(home.admin(bad), Err(RosterError::WrongName));
    assert_eq!(home.admin(late), Err(RosterError::WrongEpoch));
    assert_eq!(home.admin(runged), Err(RosterError::WrongRung));
    assert_eq!(home.admin(nameless), Err(RosterError::UnknownStream));
    assert_eq!(home.admin(again), Err(RosterError::WrongName));
    home.admin(good).unwrap();
}

#[test]
fn one_stream_more_than_a_facility_may_have() {
    let mut home = Home::new();
    let open = |home: &mut Home, n: usize| {
        let name = format!("stream-{n}");
        let stream = home.stream(&name);
        home.admin(Grant {
            stream,
            ..home.grant(home.founder(), Right::Write, 0)
        })
        .unwrap();
        let opening = Rotate {
            name: Some(name.clone()),
            ..rotate(home, &name, 0, 2)
        };
        home.admin(opening)
    };
    for n in OPENED_BY_FOUND.len()..limits::STREAMS {
        open(&mut home, n).unwrap();
    }
    assert_eq!(open(&mut home, limits::STREAMS), Err(RosterError::TooMany));
}

#[test]
fn a_rotation_of_the_keyslots_stream_by_a_removed_device() {
    let mut home = Home::new();
    let (device, scope) = (device_keys(21), scope_of(&home.facility()));
    home.admin(AddDevice {
        device,
        scope,
        wraps: Vec::new(),
    })
    .unwrap();
    home.admin(RemoveDevice { device: device.id }).unwrap();
    let body = rotate(&home, "devices", 1, 2);
    assert_eq!(
        home.by(device.id, 21, body.clone()),
        Err(RosterError::NotHolder)
    );
    home.by(DeviceId::from_bytes([TABLET; 16]), TABLET, body)
        .unwrap();
}
