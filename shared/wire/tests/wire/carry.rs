//! What travels inside something else: envelopes that are carried over a rotation, and carry files.

use crate::sample_messages::all_messages;
use crate::samples::{carried, carried_of_its_epoch, carry_head, count, envelope_of, header};
use bytes::{Bytes, BytesMut};
use ids::{DocumentId, Epoch, FacilityId, StreamId, limits};
use wire::carry::{CarryError, CarryHead, put_message, take_message};
use wire::envelope::{CarriedError, NONCE_LEN, join_carried, split_carried};
use wire::{Envelope, EnvelopeError, Header, Kind, Message};

fn outer() -> Header {
    header(Kind::Carried)
}

/// One of those carried, with something of its header otherwise.
fn but(change: impl FnOnce(&mut Header)) -> Envelope {
    let mut header = *carried()[0].header();
    change(&mut header);
    let sealed = matches!(header.kind(), Some(Kind::Changes | Kind::Slot) | None);
    let nonce = if sealed { count(0xe0) } else { [0; NONCE_LEN] };
    envelope_of(header, nonce, &[0xb4; 64])
}

/// What a reader says of these bytes, written without asking.
fn split(envelopes: &[Envelope]) -> Result<Vec<Envelope>, CarriedError> {
    let bytes: Vec<u8> = envelopes.iter().flat_map(|e| e.bytes().to_vec()).collect();
    split_carried(&bytes.into(), &outer())
}

#[test]
fn carried_envelopes_come_out_as_they_were_signed_and_in_order() {
    let plaintext = join_carried(&carried(), &outer()).unwrap();
    assert_eq!(split_carried(&plaintext.into(), &outer()), Ok(carried()));
}

#[test]
fn what_follows_in_a_run_on_what_must_be_carried_is_carried_although_its_epoch_is_the_newest() {
    let run = carried_of_its_epoch();
    assert_eq!(run[1].header().epoch, outer().epoch);
    assert_eq!(run[1].header().run_seq, run[0].header().run_seq + 1);
    let plaintext = join_carried(&run, &outer()).unwrap();
    assert_eq!(split_carried(&plaintext.into(), &outer()), Ok(run));
}

#[test]
fn writer_and_reader_refuse_the_same_and_then_nothing_of_it_counts() {
    let cases = [
        (
            but(|h| h.facility = FacilityId::ZERO),
            CarriedError::Elsewhere,
        ),
        (but(|h| h.stream = StreamId::ZERO), CarriedError::Elsewhere),
        (
            but(|h| h.document = DocumentId::ZERO),
            CarriedError::Elsewhere,
        ),
        (
            but(|h| h.epoch = Epoch(outer().epoch.0 + 1)),
            CarriedError::Epoch,
        ),
        (but(|h| h.epoch = Epoch(u32::MAX)), CarriedError::Epoch),
        (but(|h| h.kind = Kind::Ack.code()), CarriedError::Kind),
        (
            but(|h| {
                h.kind = Kind::Carried.code();
                h.person = ids::PersonId::ZERO;
            }),
            CarriedError::Kind,
        ),
        (but(|h| h.kind = Kind::Record.code()), CarriedError::Kind),
        (but(|h| h.epoch = Epoch(0)), CarriedError::Twice),
    ];
    for (envelope, error) in cases {
        let all = [carried(), vec![envelope]].concat();
        assert_eq!(join_carried(&all, &outer()), Err(error));
        assert_eq!(split(&all), Err(error));
    }
    assert_eq!(join_carried(&[], &outer()), Err(CarriedError::Count));
    assert_eq!(split(&[]), Err(CarriedError::Count));
}

#[test]
fn a_cut_or_lengthened_plaintext_carries_nothing() {
    let whole = join_carried(&carried(), &outer()).unwrap();
    let first = carried()[0].bytes().len();
    for len in (0..whole.len()).filter(|len| *len != first) {
        let cut = Bytes::copy_from_slice(&whole[..len]);
        assert!(split_carried(&cut, &outer()).is_err(), "{len}");
    }
    let longer = [whole, vec![0]].concat();
    assert_eq!(
        split_carried(&longer.into(), &outer()),
        Err(CarriedError::Envelope(EnvelopeError::Short))
    );
}

#[test]
fn a_carried_envelope_of_a_later_version_waits_by_itself() {
    for change in [
        (|h| h.version = 2) as fn(&mut Header),
        |h| h.flags = 1,
        |h| h.kind = 200,
    ] {
        let newer = but(|header| {
            change(header);
            header.run_seq = 2;
        });
        let all = [carried(), vec![newer.clone()]].concat();
        assert_eq!(split(&all), Ok(all));
        assert!(!newer.header().is_understood() || newer.header().kind().is_none());
    }
}

#[test]
fn as_many_are_carried_as_may_be_and_no_more() {
    let many: Vec<Envelope> = (0..=limits::CARRIED_ENVELOPES)
        .map(|n| but(|header| header.run_seq = n as u64))
        .collect();
    let n = limits::CARRIED_ENVELOPES;
    assert_eq!(split(&many[..n]), Ok(many[..n].to_vec()));
    assert_eq!(split(&many), Err(CarriedError::Count));
    assert_eq!(join_carried(&many, &outer()), Err(CarriedError::Count));
}

#[test]
fn a_carry_file_begins_with_its_head() {
    let head = carry_head();
    let mut file = [&head.to_bytes()[..], b"pieces"].concat();
    assert_eq!(CarryHead::split(&file), Ok((head, &b"pieces"[..])));
    for len in 0..CarryHead::LEN {
        assert_eq!(CarryHead::split(&file[..len]), Err(CarryError::NotOne));
    }
    file[7] = 2;
    assert_eq!(CarryHead::split(&file), Err(CarryError::Newer));
    file[0] = b'l';
    assert_eq!(CarryHead::split(&file), Err(CarryError::NotOne));
}

fn read(content: BytesMut) -> Vec<Result<Message, CarryError>> {
    let mut content = content.freeze();
    std::iter::from_fn(|| take_message(&mut content)).collect()
}

#[test]
fn messages_come_out_of_a_carry_file_in_order_and_zeros_end_it() {
    let mut content = BytesMut::new();
    for message in all_messages() {
        put_message(&mut content, &message);
    }
    let all: Vec<_> = all_messages().into_iter().map(Ok).collect();
    for zeros in [0, 1, 3, 4, 5, 100] {
        let mut padded = content.clone();
        padded.resize(content.len() + zeros, 0);
        assert_eq!(read(padded), all, "{zeros}");
    }
}

#[test]
fn what_is_no_message_ends_a_carry_file() {
    let mut content = BytesMut::new();
    put_message(&mut content, &all_messages()[0]);
    let mut cut = content.clone();
    cut.truncate(content.len() - 1);
    assert_eq!(read(cut), [Err(CarryError::Malformed)]);
    for tail in [&[0, 0, 0, 0, 1][..], &[0, 1], &[0xff; 4], &[0, 0, 0, 1]] {
        let mut longer = content.clone();
        longer.extend_from_slice(tail);
        let read = read(longer);
        assert_eq!(read.len(), 2, "{tail:?}");
        assert_eq!(read[1], Err(CarryError::Malformed), "{tail:?}");
    }
    let mut malformed = BytesMut::new();
    malformed.extend_from_slice(&[0, 0, 0, 2, 0x01, 0xff]);
    malformed.extend_from_slice(&content);
    assert!(matches!(read(malformed)[..], [Err(CarryError::Message(_))]));
}

#[test]
fn a_message_of_a_carry_file_is_no_longer_than_one_of_a_connection() {
    for (len, fits) in [
        (limits::MESSAGE_BYTES, true),
        (limits::MESSAGE_BYTES + 1, false),
    ] {
        // Of a type that is not known: taken, whatever it says.
        let mut content = BytesMut::new();
        content.extend_from_slice(&(len as u32).to_be_bytes());
        content.resize(4 + len, 0x7e);
        assert_eq!(read(content)[0].is_ok(), fits, "{len}");
    }
}
