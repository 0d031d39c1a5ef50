//! Messages: there and back, unknown fields skipped, unknown types ignored, nonsense refused.

use crate::sample_messages::all_messages;
use bytes::Bytes;
use std::collections::BTreeSet;
use wire::Message;
use wire::message::*;

#[test]
fn every_message_survives_its_bytes() {
    for message in all_messages() {
        let bytes = message.encode();
        assert_eq!(bytes.first(), Some(&message.type_byte()));
        assert_eq!(Message::decode(bytes), Ok(message));
    }
}

#[test]
fn every_type_has_a_byte_and_a_sample() {
    let bytes: BTreeSet<u8> = Message::TYPES.iter().map(|(byte, _)| *byte).collect();
    assert_eq!(bytes.len(), Message::TYPES.len());
    assert!(!bytes.contains(&wire::chunk::CHUNK_TYPE));
    let shown: BTreeSet<u8> = all_messages().iter().map(Message::type_byte).collect();
    assert_eq!(shown, bytes);
}

#[test]
fn a_type_from_the_future_is_ignored() {
    let message = Message::decode(Bytes::from_static(&[0x7e, 0x81, 0x01, 0xff])).unwrap();
    assert_eq!(message, Message::Unknown(0x7e));
    assert_eq!(Message::decode(message.encode()), Ok(message));
    assert_eq!(Message::decode(Bytes::new()), Err(MessageError::Empty));
}

#[test]
fn fields_a_newer_peer_adds_are_skipped() {
    for message in all_messages() {
        let bytes = message.encode();
        let longer = with_one_more_field(&bytes, left_out(&message));
        assert_eq!(Message::decode(longer), Ok(message));
    }
}

/// How many optional fields at the end of a message's array are not written.
fn left_out(message: &Message) -> u8 {
    match message {
        Message::RosterAppend(append) => match (&append.blob, &append.former) {
            (_, Some(_)) => 0,
            (Some(_), None) => 1,
            (None, None) => 2,
        },
        Message::BlobResult(result) => u8::from(result.error.is_none()),
        Message::Error(error) => u8::from(error.request.is_none()),
        _ => 0,
    }
}

/// The same message with one more field, a nested one, at the end of its array; `nulls` of
/// optional fields come before it.
fn with_one_more_field(bytes: &[u8], nulls: u8) -> Bytes {
    assert_eq!(bytes[1] & 0xe0, 0x80, "an array of fewer than 24 fields");
    let mut decoder = minicbor::Decoder::new(&bytes[1..]);
    decoder.skip().unwrap();
    let end = 1 + decoder.position();
    let mut longer = bytes[..end].to_vec();
    longer[1] += nulls + 1;
    longer.extend((0..nulls).map(|_| 0xf6));
    longer.extend_from_slice(&[0x82, 0x01, 0xa1, 0x61, b'x', 0x80]);
    longer.extend_from_slice(&bytes[end..]);
    longer.into()
}

#[test]
fn a_missing_field_is_no_message() {
    for message in all_messages() {
        let bytes = message.encode();
        if bytes[1] == 0x80 {
            continue;
        }
        let empty = Bytes::copy_from_slice(&[bytes[0], 0x80]);
        assert!(Message::decode(empty).is_err(), "{message:?}");
    }
}

#[test]
fn a_tail_where_none_belongs_is_refused() {
    let mut bytes = Message::from(Drain { after_ms: 1 }).encode().to_vec();
    bytes.push(0);
    assert_eq!(
        Message::decode(bytes.into()),
        Err(MessageError::Tail("Drain"))
    );
}

#[test]
fn a_tail_must_be_as_long_as_its_lengths_say() {
    for message in all_messages() {
        let tailed = matches!(
            message,
            Message::Push(_) | Message::Items(_) | Message::Fetched(_) | Message::Skeletons(_)
        );
        if !tailed {
            continue;
        }
        let mut longer = message.encode().to_vec();
        longer.push(0);
        let shorter = longer[..longer.len() - 2].to_vec();
        assert!(matches!(
            Message::decode(longer.into()),
            Err(MessageError::Tail(_))
        ));
        assert!(matches!(
            Message::decode(shorter.into()),
            Err(MessageError::Tail(_))
        ));
    }
}

#[test]
fn envelopes_in_a_tail_share_the_frames_bytes() {
    let push = all_messages()
        .into_iter()
        .find(|m| matches!(m, Message::Push(_)))
        .unwrap();
    let frame = push.encode();
    let Ok(Message::Push(push)) = Message::decode(frame.clone()) else {
        panic!()
    };
    let frame = frame.as_ptr_range();
    assert!(
        push.envelopes
            .iter()
            .all(|envelope| frame.contains(&envelope.as_ptr()))
    );
}

#[test]
fn answers_a_client_does_not_know_are_kept_as_unknown() {
    let results = Bytes::from_static(&[0x43, 0x82, 0x05, 0x81, 0x82, 0x18, 0x63, 0x01]);
    let Ok(Message::Results(results)) = Message::decode(results) else {
        panic!()
    };
    assert_eq!(results.results, [PushResult::Unknown(99)]);
    let result = Bytes::from_static(&[0x47, 0x82, 0x05, 0x81, 0x09]);
    let Ok(Message::RosterResult(result)) = Message::decode(result) else {
        panic!()
    };
    assert_eq!(result.result, RosterOutcome::Unknown(9));
    let error = Bytes::from_static(&[0x4f, 0x81, 0x18, 0xc8]);
    let Ok(Message::Error(error)) = Message::decode(error) else {
        panic!()
    };
    assert_eq!(error.code, ErrorCode::Unknown(200));
    for code in 0..=255 {
        assert_eq!(ErrorCode::from_code(code).code(), code);
    }
}

#[test]
fn answers_of_a_known_code_may_grow() {
    let stored = Bytes::from_static(&[0x43, 0x82, 0x05, 0x81, 0x84, 0x00, 0x07, 0x02, 0xf6]);
    let Ok(Message::Results(results)) = Message::decode(stored) else {
        panic!()
    };
    assert_eq!(
        results.results[0].place(),
        Some((ids::Seq(7), ids::RosterSeq(2)))
    );
    let short = Bytes::from_static(&[0x43, 0x82, 0x05, 0x81, 0x82, 0x00, 0x07]);
    assert!(Message::decode(short).is_err());
}
