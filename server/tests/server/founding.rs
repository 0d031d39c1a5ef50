//! One link founds one home.

use lamplight_server::{CloseCode, LogStore, MemoryStore, Settings};
use wire::Role;
use wire::message::{ErrorCode, Found};

use crate::harness::driver::{Driver, TOKEN};
use crate::harness::home::{Home, Someone};

#[test]
fn who_holds_the_link_founds_and_goes_on_as_the_device() {
    let mut driver = Driver::empty();
    let home = Home::new(10, driver.relay_key());
    let conn = driver.founder(&home, TOKEN);
    assert_eq!(driver.peers[&conn].welcome.as_ref().unwrap().logs.len(), 3);
    driver.say(
        conn,
        wire::message::RosterTail {
            from: ids::RosterSeq(1),
        },
    );
    assert_eq!(driver.peers[&conn].roster.facility(), Some(home.facility));
    assert_eq!(driver.relay.counts().founded, 1);
}

#[test]
fn a_link_founds_once_also_after_a_restart() {
    let (driver, _) = Driver::with_home();
    let mut store = driver.relay.into_store();
    assert_eq!(store.facilities().unwrap().len(), 1);
    let mut driver = Driver::over(store, Settings::default());
    let birch = Home::new(50, driver.relay_key());
    let conn = driver.founder(&birch, TOKEN);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::TokenRefused]);
    assert_eq!(driver.closed(conn), Some(CloseCode::Policy));
}

#[test]
fn a_wrong_token_founds_nothing_and_leaves_the_link_open() {
    let mut driver = Driver::empty();
    let home = Home::new(10, driver.relay_key());
    let conn = driver.founder(&home, [1; 16]);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::TokenRefused]);
    let conn = driver.founder(&home, TOKEN);
    assert!(driver.peers[&conn].welcome.is_some());
}

#[test]
fn an_overheard_proof_founds_nothing() {
    let mut driver = Driver::empty();
    let home = Home::new(10, driver.relay_key());
    let role = Role::Founder {
        relay_key: driver.relay_key(),
    };
    let (first, second) = (driver.hello(role), driver.hello(role));
    let (entry, wraps) = home.founding();
    let overheard = driver.peers[&first].transcript.unwrap();
    let proof = overheard.founding_proof(&TOKEN, &entry);
    driver.say(
        second,
        Found {
            proof,
            entry,
            wraps,
        },
    );
    assert_eq!(driver.peers[&second].errors(), [ErrorCode::TokenRefused]);
}

#[test]
fn a_home_of_another_relay_is_refused_and_the_link_stays_open() {
    let mut driver = Driver::empty();
    let elsewhere = Home::new(10, Someone::new(201).public());
    let conn = driver.founder(&elsewhere, TOKEN);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::FoundRefused]);
    let home = Home::new(10, driver.relay_key());
    let conn = driver.founder(&home, TOKEN);
    assert!(driver.peers[&conn].welcome.is_some());
}

#[test]
fn a_missing_or_swapped_wrap_founds_nothing() {
    let mut driver = Driver::empty();
    let home = Home::new(10, driver.relay_key());
    let spoils: [fn(&mut Vec<bytes::Bytes>); 2] = [|w| drop(w.pop()), |w| w.swap(0, 1)];
    for spoil in spoils {
        let conn = driver.hello(Role::Founder {
            relay_key: driver.relay_key(),
        });
        let (entry, mut wraps) = home.founding();
        spoil(&mut wraps);
        let transcript = driver.peers[&conn].transcript.unwrap();
        let proof = transcript.founding_proof(&TOKEN, &entry);
        driver.say(
            conn,
            Found {
                proof,
                entry,
                wraps,
            },
        );
        assert_eq!(driver.peers[&conn].errors(), [ErrorCode::FoundRefused]);
    }
}

#[test]
fn a_relay_without_an_open_link_lets_no_founder_talk() {
    let (mut driver, _) = Driver::with_home();
    let conn = driver.hello(Role::Founder {
        relay_key: driver.relay_key(),
    });
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::TokenRefused]);
    let mut empty = Driver::over(MemoryStore::new(), Settings::default());
    let conn = empty.hello(Role::Founder {
        relay_key: Someone::new(1).public(),
    });
    assert_eq!(empty.peers[&conn].errors(), [ErrorCode::TokenRefused]);
}
