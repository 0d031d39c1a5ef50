//! What a peer may not say, at the bound and one beyond it.

use bytes::{BufMut, Bytes, BytesMut};
use ids::{DeviceId, DocumentId, LogId, Seq, limits};
use lamplight_server::{CloseCode, ConnId};
use wire::chunk::CHUNK_TYPE;
use wire::message::{
    BlobGet, Drain, ErrorCode, Fetch, FetchRows, FetchSkeletons, Ping, Push, Tail,
};
use wire::{Message, Role};

use crate::harness::driver::Driver;
use crate::harness::home::Home;

fn at_home() -> (Driver, Home, ConnId) {
    let (mut driver, home) = Driver::with_home();
    let conn = driver.reader(home.facility, &home.tablet);
    (driver, home, conn)
}

/// A frame of a type nobody knows.
fn unknown(len: usize) -> Bytes {
    let mut frame = BytesMut::with_capacity(len);
    frame.put_u8(0x3c);
    frame.resize(len, 0);
    frame.freeze()
}

#[test]
fn a_strangers_frame_is_short() {
    let (mut driver, _) = Driver::with_home();
    let conn = driver.connect();
    driver.put_frame(conn, unknown(limits::FRAME_BYTES_BEFORE_AUTH));
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::Malformed]);
    let conn = driver.connect();
    driver.put_frame(conn, unknown(limits::FRAME_BYTES_BEFORE_AUTH + 1));
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::TooLarge]);
    assert_eq!(driver.closed(conn), Some(CloseCode::TooBig));
}

#[test]
fn nothing_is_gathered_for_a_stranger() {
    let (mut driver, _) = Driver::with_home();
    let conn = driver.connect();
    driver.put_frame(conn, Bytes::from_static(&[CHUNK_TYPE, 0x81, 0xf5, 1, 2, 3]));
    assert_eq!(driver.closed(conn), Some(CloseCode::TooBig));
}

#[test]
fn a_members_frame_and_message_are_bounded() {
    let (mut driver, home, conn) = at_home();
    driver.put_frame(conn, unknown(limits::FRAME_BYTES));
    assert_eq!(driver.closed(conn), None);
    driver.put_frame(conn, unknown(limits::FRAME_BYTES + 1));
    assert_eq!(driver.closed(conn), Some(CloseCode::TooBig));

    let conn = driver.reader(home.facility, &home.tablet);
    let mut chunk = BytesMut::from([CHUNK_TYPE, 0x81, 0xf5].as_slice());
    chunk.resize(limits::FRAME_BYTES, 0);
    let chunk = chunk.freeze();
    let within = limits::MESSAGE_BYTES / (limits::FRAME_BYTES - 3);
    for _ in 0..within {
        driver.put_frame(conn, chunk.clone());
    }
    assert_eq!(driver.closed(conn), None);
    driver.put_frame(conn, chunk);
    assert_eq!(driver.peers[&conn].errors(), [ErrorCode::TooLarge]);
    assert_eq!(driver.closed(conn), Some(CloseCode::TooBig));
}

#[test]
fn a_push_of_too_many_envelopes_ends_the_session() {
    let (mut driver, home, conn) = at_home();
    let envelopes = vec![Bytes::from_static(b"x"); limits::PUSH_ENVELOPES];
    driver.say(
        conn,
        Push {
            request: 1,
            envelopes,
        },
    );
    assert_eq!(
        driver.peers[&conn].results_of(1).len(),
        limits::PUSH_ENVELOPES
    );
    let envelopes = vec![Bytes::from_static(b"x"); limits::PUSH_ENVELOPES + 1];
    driver.say(
        conn,
        Push {
            request: 2,
            envelopes,
        },
    );
    assert_eq!(driver.closed(conn), Some(CloseCode::TooBig));
    let _ = home;
}

#[test]
fn nobody_speaks_out_of_turn() {
    let (mut driver, home) = Driver::with_home();
    let tail = Tail {
        stream: home.stream("care"),
        log_id: LogId::ZERO,
        from: Seq(1),
    };
    let stranger = driver.connect();
    driver.say(stranger, tail);
    assert_eq!(driver.closed(stranger), Some(CloseCode::Policy));
    let half = driver.hello(Role::Device {
        facility: home.facility,
        device: DeviceId::ZERO,
    });
    driver.say(half, tail);
    assert_eq!(driver.closed(half), Some(CloseCode::Policy));
    let member = driver.device(home.facility, &home.tablet);
    driver.say(member, Drain { after_ms: 1 });
    assert_eq!(driver.peers[&member].errors(), [ErrorCode::Malformed]);
    assert_eq!(driver.closed(member), Some(CloseCode::Policy));
}

#[test]
fn noise_ends_the_session_and_the_relay_goes_on() {
    let (mut driver, home, _) = at_home();
    for (code, _) in Message::TYPES {
        for tail in [
            &[][..],
            &[0xff; 40],
            &[0x9f, 0x01],
            &[0x9b, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            let conn = driver.device(home.facility, &home.tablet);
            let frame = [&[*code][..], tail].concat();
            driver.put_frame(conn, Bytes::from(frame));
            assert!(
                driver.closed(conn).is_some(),
                "type {code:#x} with {tail:?}"
            );
        }
    }
    let conn = driver.reader(home.facility, &home.tablet);
    driver.put_frame(conn, Bytes::new());
    assert_eq!(driver.closed(conn), Some(CloseCode::Policy));
    let conn = driver.reader(home.facility, &home.tablet);
    assert_eq!(driver.push(conn, &home.run("care", 1, 1)).len(), 1);
}

#[test]
fn a_ping_is_answered_for_whoever_is_somebody() {
    let (mut driver, home, conn) = at_home();
    driver.say(conn, Ping {});
    assert_eq!(driver.peers[&conn].count("Pong"), 1);
    let stranger = driver.connect();
    driver.say(stranger, Ping {});
    assert_eq!(driver.closed(stranger), Some(CloseCode::Policy));
    let _ = home;
}

#[test]
fn a_newer_clients_message_is_ignored_and_what_is_not_served_is_answered() {
    let (mut driver, home, conn) = at_home();
    driver.say(conn, Message::Unknown(0x3c));
    assert!(driver.peers[&conn].errors.is_empty());
    let (stream, log_id) = (home.stream("care"), LogId::ZERO);
    let (from, to) = (Seq(1), Seq(2));
    let documents = vec![DocumentId::ZERO];
    driver.say(
        conn,
        Fetch {
            request: 1,
            stream,
            documents,
        },
    );
    driver.say(
        conn,
        FetchRows {
            request: 2,
            stream,
            log_id,
            from,
            to,
        },
    );
    driver.say(
        conn,
        FetchSkeletons {
            request: 3,
            stream,
            log_id,
            from,
            to,
        },
    );
    let blob = ids::BlobId::ZERO;
    driver.say(
        conn,
        BlobGet {
            request: 4,
            stream,
            blob,
            offset: 0,
            len: 1,
        },
    );
    let errors = &driver.peers[&conn].errors;
    assert!(
        errors
            .iter()
            .all(|error| error.code == ErrorCode::Unsupported)
    );
    let requests: Vec<_> = errors.iter().map(|error| error.request).collect();
    assert_eq!(requests, [Some(1), Some(2), Some(3), Some(4)]);
    assert_eq!(driver.closed(conn), None);
}
