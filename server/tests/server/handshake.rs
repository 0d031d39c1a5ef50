//! Who is let in, and who is not.

use ids::{DeviceId, FacilityId, RosterSeq, Signature};
use lamplight_server::{CloseCode, Settings};
use wire::Role;
use wire::message::{ErrorCode, Former, Hello, RosterAppend};

use crate::harness::driver::{Driver, LOG};
use crate::harness::home::{Home, Someone};
use crate::harness::stores::Watched;

#[test]
fn an_enrolled_device_is_welcomed_with_the_logs_it_carries() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.device(home.facility, &home.tablet);
    let welcome = driver.peers[&conn].welcome.clone().unwrap();
    assert_eq!(welcome.now, driver.now);
    assert_eq!(welcome.roster_head.0, 1);
    assert_eq!(welcome.logs.len(), 3);
    assert!(
        welcome
            .logs
            .iter()
            .all(|log| log.log_id == LOG && log.head.0 == 0)
    );
    assert_eq!(driver.closed(conn), None);
    assert_eq!(driver.relay.counts().sessions, 1);
}

#[test]
fn another_key_than_the_devices_is_refused() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.hello(Role::Device {
        facility: home.facility,
        device: home.tablet.device(),
    });
    driver.auth(conn, &Someone::new(99));
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Unauthorised]);
    assert_eq!(driver.closed(conn), Some(CloseCode::Policy));
    assert_eq!(driver.relay.counts().sessions, 0);
}

#[test]
fn an_unknown_device_and_an_unknown_facility_are_refused() {
    let (mut driver, home) = Driver::with_home();
    let stranger = Someone::new(99);
    let conn = driver.device(home.facility, &stranger);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::UnknownDevice]);
    let conn = driver.device(FacilityId::from_bytes([1; 16]), &home.tablet);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::UnknownFacility]);
    assert_eq!(driver.closed(conn), Some(CloseCode::Policy));
}

#[test]
fn a_signature_of_another_connection_proves_nothing() {
    let (mut driver, home) = Driver::with_home();
    let role = Role::Device {
        facility: home.facility,
        device: home.tablet.device(),
    };
    let first = driver.hello(role);
    let second = driver.hello(role);
    let overheard = driver.peers[&first].transcript.unwrap();
    driver.auth_with(second, &home.tablet, &overheard);
    assert_eq!(driver.peers[&second].errors(), [ErrorCode::Unauthorised]);
    driver.auth(first, &home.tablet);
    assert!(driver.peers[&first].welcome.is_some());
}

#[test]
fn a_device_of_one_home_is_nobody_in_another() {
    let (mut driver, maple) = Driver::with_home();
    driver.relay.offer_founding(&[5; 16]);
    let birch = crate::harness::home::Home::new(50, driver.relay_key());
    driver.founder(&birch, [5; 16]);
    let conn = driver.device(birch.facility, &maple.tablet);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::UnknownDevice]);
    let conn = driver.device(birch.facility, &birch.tablet);
    assert!(driver.peers[&conn].welcome.is_some());
}

#[test]
fn a_version_that_is_not_spoken_is_named() {
    let (mut driver, home) = Driver::with_home();
    let role = Role::Device {
        facility: home.facility,
        device: home.tablet.device(),
    };
    let conn = driver.connect();
    driver.say(
        conn,
        Hello {
            versions: vec![2, 9],
            role,
            nonce: [0; 32],
        },
    );
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Version]);
    let conn = driver.connect();
    let mut hello = driver.peers.get_mut(&conn).unwrap().hello(role);
    hello.versions = vec![2, 1];
    driver.say(conn, hello);
    assert_eq!(driver.peers[&conn].count("Challenge"), 1);
}

#[test]
fn a_handshake_that_takes_too_long_is_ended_and_a_session_is_not() {
    let (mut driver, home) = Driver::with_home();
    let session = driver.device(home.facility, &home.tablet);
    let silent = driver.connect();
    let half = driver.hello(Role::Device {
        facility: home.facility,
        device: DeviceId::ZERO,
    });
    driver.tick(ids::limits::HANDSHAKE_MS - 1);
    assert_eq!(driver.closed(silent), None);
    driver.tick(1);
    assert_eq!(driver.peers[&silent].errors(), [ErrorCode::TooSlow]);
    assert_eq!(driver.closed(silent), Some(CloseCode::Policy));
    assert_eq!(driver.closed(half), Some(CloseCode::Policy));
    assert_eq!(driver.closed(session), None);
}

#[test]
fn the_fifth_connection_of_a_device_takes_the_place_of_the_oldest() {
    let (mut driver, home) = Driver::with_home();
    let conns: Vec<_> = (0..5)
        .map(|_| driver.device(home.facility, &home.tablet))
        .collect();
    assert_eq!(driver.peers[&conns[0]].errors(), [ErrorCode::Superseded]);
    assert!(conns[1..].iter().all(|conn| driver.closed(*conn).is_none()));
    assert_eq!(driver.relay.counts().sessions, 4);
}

#[test]
fn recovery_and_putting_a_roster_back_are_known_and_not_served() {
    let (mut driver, home) = Driver::with_home();
    let relay_key = driver.relay_key();
    for role in [
        Role::Recovery {
            facility: home.facility,
            key: home.founder.public(),
        },
        Role::Restorer {
            relay_key,
            facility: home.facility,
        },
    ] {
        let conn = driver.hello(role);
        assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Unsupported]);
    }
}

#[test]
fn former_countersignatures_are_known_and_put_nothing_into_a_roster() {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    let head = driver.peers[&conn].roster_head();
    let body = home.add_person(&Someone::new(30));
    let entry = home.entry(head, &home.founder, home.founder.person(), body);
    let add = |former| RosterAppend {
        request: 1,
        expect: head.0,
        entries: vec![entry.clone()],
        wraps: vec![],
        blob: None,
        former,
    };
    let former = Former {
        time: driver.now,
        signature: Signature::ZERO,
    };
    driver.say(conn, add(Some(vec![former])));
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Unsupported]);
    assert_eq!(driver.peers[&conn].roster_head(), head);
    assert!(driver.closed(conn).is_none());
    driver.say(conn, add(None));
    assert_eq!(driver.peers[&conn].roster_head().0, RosterSeq(head.0.0 + 1));
}

#[test]
fn a_facility_that_is_damaged_turns_its_own_away_and_no_others() {
    let store = Watched::default();
    let script = store.script();
    let mut driver = Driver::over(store, Settings::default());
    let damaged = driver.found(10);
    let token = [9; 16];
    driver.relay.offer_founding(&token);
    let sound = Home::new(20, driver.relay_key());
    driver.founder(&sound, token);

    let mut driver = Driver::over(driver.relay.into_store(), Settings::default());
    script.lock().unwrap().rotten = Some(damaged.facility);
    for _ in 0..2 {
        let conn = driver.device(damaged.facility, &damaged.tablet);
        assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Internal]);
    }
    let conn = driver.device(sound.facility, &sound.tablet);
    assert!(driver.peers[&conn].welcome.is_some());
    assert!(driver.relay.take_failure().is_none());
    let known: Vec<_> = driver.relay.damaged().keys().copied().collect();
    assert_eq!(known, [damaged.facility]);
}
