//! "Received by n of m tablets" comes from marks the relay passes on and cannot make up.

use ids::limits;
use lamplight_server::{ConnId, Settings};
use wire::message::ErrorCode;

use crate::harness::driver::{Driver, LOG};
use crate::harness::home::{Home, Someone, mark};

const TICK: i64 = 100;

fn two_tablets() -> (Driver, Home, Someone, ConnId, ConnId) {
    let (mut driver, home) = Driver::with_home();
    let first = driver.reader(home.facility, &home.tablet);
    let other = Someone::new(40);
    let body = home.add_device(&other, &["directory", "care"]);
    driver.append(first, &home, vec![body], vec![]);
    let second = driver.reader(home.facility, &other);
    (driver, home, other, first, second)
}

#[test]
fn a_mark_reaches_the_other_tablets_at_the_next_tick() {
    let (mut driver, home, other, first, second) = two_tablets();
    let care = home.stream("care");
    for seq in 1..=3 {
        driver.say(second, mark(&other, care, LOG, seq));
    }
    assert!(driver.peers[&first].seen.is_empty());
    driver.tick(TICK);
    assert_eq!(driver.peers[&first].seen, [mark(&other, care, LOG, 3)]);
    assert!(driver.peers[&second].seen.is_empty());
    driver.say(second, mark(&other, care, LOG, 2));
    driver.tick(TICK);
    assert_eq!(driver.peers[&first].seen.len(), 1);
}

#[test]
fn who_connects_gets_all_marks_also_after_a_restart() {
    let (mut driver, home, other, _, second) = two_tablets();
    let care = home.stream("care");
    driver.say(second, mark(&other, care, LOG, 3));
    driver.tick(TICK);
    let late = driver.device(home.facility, &home.tablet);
    assert_eq!(driver.peers[&late].seen, [mark(&other, care, LOG, 3)]);
    driver.relay.drain(std::time::Duration::ZERO);
    let mut driver = Driver::over(driver.relay.into_store(), Settings::default());
    let late = driver.device(home.facility, &home.tablet);
    assert_eq!(driver.peers[&late].seen, [mark(&other, care, LOG, 3)]);
}

#[test]
fn a_mark_nobody_signed_goes_nowhere_and_takes_no_other_with_it() {
    let (mut driver, home, other, first, second) = two_tablets();
    let (care, directory) = (home.stream("care"), home.stream("directory"));
    let mut forged = mark(&other, care, LOG, 9);
    forged.seq = ids::Seq(10);
    driver.say(second, forged);
    driver.say(second, mark(&other, directory, LOG, 1));
    driver.tick(TICK);
    assert_eq!(driver.peers[&first].seen, [mark(&other, directory, LOG, 1)]);
}

#[test]
fn a_device_speaks_for_itself_and_for_what_it_carries() {
    let (mut driver, home, other, first, second) = two_tablets();
    driver.say(first, mark(&other, home.stream("care"), LOG, 1));
    driver.say(second, mark(&other, home.stream("devices"), LOG, 1));
    assert_eq!(driver.peers[&first].errors(), [ErrorCode::NotCarried]);
    assert_eq!(driver.peers[&second].errors(), [ErrorCode::NotCarried]);
    // And hears only of what it carries.
    driver.say(first, mark(&home.tablet, home.stream("devices"), LOG, 1));
    driver.say(first, mark(&home.tablet, home.stream("care"), LOG, 1));
    driver.tick(TICK);
    assert_eq!(
        driver.peers[&second].seen,
        [mark(&home.tablet, home.stream("care"), LOG, 1)]
    );
}

#[test]
fn a_paused_reader_hears_of_marks_when_it_has_room() {
    let (mut driver, home, other, first, second) = two_tablets();
    driver.relay.pause(first);
    driver.say(second, mark(&other, home.stream("care"), LOG, 1));
    driver.tick(TICK);
    assert!(driver.peers[&first].seen.is_empty());
    driver.relay.resume(first);
    driver.settle();
    assert_eq!(driver.peers[&first].seen.len(), 1);
    assert!(
        driver.peers[&first]
            .raw
            .iter()
            .all(|frame| frame.len() <= limits::FRAME_BYTES)
    );
}
