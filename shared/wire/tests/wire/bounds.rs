//! Every bound at n, which passes, and at n + 1, which does not.

use crate::home::{Body, FOUNDER, Home, key};
use crate::samples::{envelope_of, header};
use bytes::Bytes;
use ids::{BlobId, DocumentId, EnvelopeId, InviteId, LogId, RosterSeq, Seq, StreamId, limits};
use wire::chunk::{ChunkError, Reassembler, frames};
use wire::envelope::{SnapshotBody, SnapshotPart};
use wire::handshake::VERSIONS_OFFERED;
use wire::message::*;
use wire::roster::{EntryError, HEAD_LEN, Policy};
use wire::{Envelope, EnvelopeError, Header, Kind, Message, Role, RosterBody, RosterEntry};

fn passes_at_n_only(n: usize, message: impl Fn(usize) -> Message) {
    let fits = message(n);
    assert_eq!(Message::decode(fits.encode()), Ok(fits));
    let refused = Message::decode(message(n + 1).encode());
    assert!(
        matches!(refused, Err(MessageError::TooLarge(_))),
        "{refused:?}"
    );
}

fn zeros(len: usize) -> Bytes {
    vec![0; len].into()
}

#[test]
fn envelope_body() {
    let header = header(Kind::Changes);
    let largest = envelope_of(header, [1; 24], &vec![0; limits::ENVELOPE_BODY_BYTES]);
    assert_eq!(largest.bytes().len(), limits::ENVELOPE_BYTES);
    let body_len = limits::ENVELOPE_BODY_BYTES as u32 + 1;
    let mut bytes = Header { body_len, ..header }.to_bytes().to_vec();
    bytes.resize(limits::ENVELOPE_BYTES + 1, 0);
    let refused = Envelope::parse(bytes.into());
    assert_eq!(
        refused,
        Err(EnvelopeError::BodyTooLong(limits::ENVELOPE_BODY_BYTES + 1))
    );
}

#[test]
fn covered_per_snapshot() {
    let ids = vec![EnvelopeId::ZERO; limits::COVERED_PER_SNAPSHOT + 1];
    let n = limits::COVERED_PER_SNAPSHOT;
    let part = SnapshotPart::ONLY;
    let body = SnapshotBody::build(part, &ids[..n], &[]).unwrap();
    assert_eq!(SnapshotBody::parse(&body).unwrap().covered().count(), n);
    assert_eq!(
        SnapshotBody::build(part, &ids, &[]),
        Err(EnvelopeError::ClearPart)
    );
    let mut longer = [&[0, 1][..], &(n as u16 + 1).to_be_bytes()].concat();
    longer.resize(4 + (n + 1) * EnvelopeId::LEN, 0);
    assert_eq!(SnapshotBody::parse(&longer), Err(EnvelopeError::ClearPart));
}

#[test]
fn parts_of_a_snapshot() {
    let n = limits::SNAPSHOT_PARTS as u8;
    for (index, of, possible) in [
        (0, 1, true),
        (n - 1, n, true),
        (n, n, false),
        (0, n + 1, false),
        (0, 0, false),
        (1, 1, false),
    ] {
        let part = SnapshotPart { index, of };
        let built = SnapshotBody::build(part, &[], &[9]);
        assert_eq!(built.is_ok(), possible, "{part:?}");
        let bytes = [index, of, 0, 0, 9];
        let read = SnapshotBody::parse(&bytes);
        assert_eq!(read.is_ok(), possible, "{part:?}");
        if let (Ok(built), Ok(read)) = (built, read) {
            assert_eq!((built, read.part()), (bytes.to_vec(), part));
        }
    }
}

#[test]
fn roster_entry() {
    let home = Home::new();
    let body = |len: usize| {
        Body::from(Policy {
            name: "x".to_owned(),
            value: zeros(len),
        })
        .0
    };
    let around = body(30_000).to_cbor().len() - 30_000 + HEAD_LEN + 64;
    // Byte strings of this length have the same head as those of the bound.
    let exact = (65_536 - around - 2..=65_536 - around)
        .find(|len| body(*len).to_cbor().len() + HEAD_LEN + 64 == limits::ROSTER_ENTRY_BYTES);
    let exact = exact.unwrap();
    let entry = home.entry(home.founder(), &key(FOUNDER), &body(exact));
    assert_eq!(entry.bytes().len(), limits::ROSTER_ENTRY_BYTES);
    let unsigned = wire::UnsignedEntry::new(
        home.facility(),
        RosterSeq(2),
        home.state.head().1,
        home.founder(),
        &body(exact + 1),
    );
    assert_eq!(unsigned.signed(entry.signature()), Err(EntryError::TooLong));
    assert_eq!(
        RosterEntry::parse(zeros(limits::ROSTER_ENTRY_BYTES + 1)),
        Err(EntryError::TooLong)
    );
}

#[test]
fn versions_offered() {
    let role = Role::Founder {
        relay_key: ids::SigningPublic::ZERO,
    };
    passes_at_n_only(VERSIONS_OFFERED, |n| {
        Hello {
            versions: vec![1; n],
            role,
            nonce: [0; 32],
        }
        .into()
    });
    let none = Message::from(Hello {
        versions: Vec::new(),
        role,
        nonce: [0; 32],
    });
    assert!(Message::decode(none.encode()).is_err());
}

#[test]
fn envelopes_per_push() {
    let envelopes = |n| vec![Bytes::from_static(&[1]); n];
    passes_at_n_only(limits::PUSH_ENVELOPES, |n| {
        Push {
            request: 1,
            envelopes: envelopes(n),
        }
        .into()
    });
}

#[test]
fn bytes_per_pushed_envelope() {
    passes_at_n_only(limits::ENVELOPE_BYTES, |n| {
        Push {
            request: 1,
            envelopes: vec![zeros(n)],
        }
        .into()
    });
}

#[test]
fn results_per_push() {
    let results = |n| vec![PushResult::Gap; n];
    passes_at_n_only(limits::PUSH_ENVELOPES, |n| {
        Results {
            request: 1,
            results: results(n),
        }
        .into()
    });
}

#[test]
fn rows_per_items() {
    let item = Item {
        seq: Seq(1),
        roster_seq: RosterSeq(1),
        envelope: Bytes::from_static(&[1]),
    };
    let (stream, log_id) = (StreamId::ZERO, LogId::ZERO);
    passes_at_n_only(limits::GROUP_COMMIT_ENVELOPES, |n| {
        Items {
            stream,
            log_id,
            first: Seq(1),
            rows: vec![item.clone(); n],
        }
        .into()
    });
    passes_at_n_only(limits::GROUP_COMMIT_ENVELOPES, |n| {
        Fetched {
            request: 1,
            stream,
            log_id,
            more: false,
            rows: vec![item.clone(); n],
        }
        .into()
    });
}

#[test]
fn wraps_per_append_and_bytes_per_wrap() {
    let append = |wraps| RosterAppend {
        request: 1,
        expect: RosterSeq(1),
        entries: Vec::new(),
        wraps,
        blob: None,
        former: None,
    };
    passes_at_n_only(limits::WRAPS_PER_ENTRY, |n| {
        append(vec![zeros(1); n]).into()
    });
    passes_at_n_only(limits::WRAP_BYTES, |n| append(vec![zeros(n)]).into());
    let found = |wraps| wire::message::Found {
        proof: [0; 32],
        entry: Bytes::new(),
        wraps,
    };
    passes_at_n_only(limits::WRAPS_PER_ENTRY, |n| found(vec![zeros(1); n]).into());
    passes_at_n_only(limits::WRAP_BYTES, |n| {
        let items = vec![WrapItem {
            roster_seq: RosterSeq(1),
            wrap: zeros(n),
        }];
        WrapItems {
            stream: StreamId::ZERO,
            items,
            upto: RosterSeq(1),
        }
        .into()
    });
}

#[test]
fn old_rows_and_their_proofs() {
    let run = |n: usize| OldRun {
        seq: Seq(1),
        before: Seq(0),
        chain: ids::ChainHash::ZERO,
        rows: vec![
            OldRow {
                id: EnvelopeId::ZERO,
                roster_seq: RosterSeq(1),
                roster_head: ids::RosterHash::ZERO,
            };
            n
        ],
        receipt: wire::Receipt {
            log_id: LogId::ZERO,
            stream: StreamId::ZERO,
            seq: Seq(1),
            chain: ids::ChainHash::ZERO,
            roster_seq: RosterSeq(1),
            signature: ids::Signature::ZERO,
        },
    };
    let places = |runs| -> Message {
        OldPlaces {
            stream: StreamId::ZERO,
            log_id: LogId::ZERO,
            runs,
        }
        .into()
    };
    passes_at_n_only(limits::OLD_ROWS, |n| places(vec![run(n)]));
    // Of all runs together.
    passes_at_n_only(limits::OLD_ROWS, |n| places(vec![run(n - 8), run(8)]));
}

#[test]
fn bytes_per_roster_entry_in_a_message() {
    passes_at_n_only(limits::ROSTER_ENTRY_BYTES, |n| {
        wire::message::Found {
            proof: [0; 32],
            entry: zeros(n),
            wraps: Vec::new(),
        }
        .into()
    });
    passes_at_n_only(limits::ROSTER_ENTRY_BYTES, |n| {
        let entries = vec![zeros(n)];
        RosterAppend {
            request: 1,
            expect: RosterSeq(1),
            entries,
            wraps: Vec::new(),
            blob: None,
            former: None,
        }
        .into()
    });
    passes_at_n_only(limits::ROSTER_ENTRY_BYTES, |n| {
        let item = wire::Countersigned {
            entry: zeros(n),
            time: ids::UnixMillis(0),
            signature: ids::Signature::ZERO,
        };
        RosterItems {
            items: vec![item],
            head: RosterSeq(1),
        }
        .into()
    });
}

#[test]
fn bytes_of_an_invitations_blob() {
    passes_at_n_only(limits::INVITE_BLOB_BYTES, |n| {
        InviteBlobIs { sealed: zeros(n) }.into()
    });
    passes_at_n_only(limits::INVITE_BLOB_BYTES, |n| {
        let blob = Some(InviteBlobFor {
            invite: InviteId::ZERO,
            sealed: zeros(n),
        });
        let (entries, wraps) = (Vec::new(), Vec::new());
        RosterAppend {
            request: 1,
            expect: RosterSeq(1),
            entries,
            wraps,
            blob,
            former: None,
        }
        .into()
    });
}

#[test]
fn attachments_and_their_pieces() {
    let put = |total: u64, offset: u64, len: usize| BlobPut {
        request: 1,
        stream: StreamId::ZERO,
        blob: BlobId::ZERO,
        total,
        offset,
        document: DocumentId::from_bytes([0x39; 16]),
        piece: zeros(len),
    };
    let total = limits::ATTACHMENT_BYTES;
    passes_at_n_only(limits::ATTACHMENT_CHUNK_BYTES, |n| put(total, 0, n).into());
    passes_at_n_only(10, |n| put(10, 0, n).into());
    passes_at_n_only(6, |n| put(10, n as u64, 4).into());
    assert!(Message::decode(Message::from(put(total + 1, 0, 1)).encode()).is_err());
    assert!(Message::decode(Message::from(put(total, u64::MAX, 1)).encode()).is_err());
    passes_at_n_only(limits::ATTACHMENT_CHUNK_BYTES, |n| {
        let (stream, blob) = (StreamId::ZERO, BlobId::ZERO);
        BlobGet {
            request: 1,
            stream,
            blob,
            offset: 0,
            len: n as u32,
        }
        .into()
    });
    passes_at_n_only(limits::ATTACHMENT_CHUNK_BYTES, |n| {
        BlobChunk {
            request: 1,
            blob: BlobId::ZERO,
            total,
            offset: 0,
            piece: zeros(n),
        }
        .into()
    });
}

#[test]
fn a_frame_and_what_is_cut_into_several() {
    let message = zeros(limits::FRAME_BYTES);
    assert_eq!(frames(&message).unwrap(), [message]);
    assert_eq!(frames(&zeros(limits::FRAME_BYTES + 1)).unwrap().len(), 2);
    let mut reassembler = Reassembler::new();
    let long = zeros(limits::FRAME_BYTES + 1);
    assert_eq!(reassembler.push(long), Err(ChunkError::FrameTooLong));
}

#[test]
fn the_longest_message() {
    let longest: Bytes = (0..limits::MESSAGE_BYTES).map(|i| i as u8).collect();
    let mut reassembler = Reassembler::new();
    let mut whole = None;
    for frame in frames(&longest).unwrap() {
        assert!(frame.len() <= limits::FRAME_BYTES);
        assert_eq!(whole, None);
        whole = reassembler.push(frame).unwrap();
    }
    assert_eq!(whole, Some(longest));
    assert_eq!(reassembler.pending(), 0);
    assert_eq!(
        frames(&zeros(limits::MESSAGE_BYTES + 1)),
        Err(ChunkError::TooLong)
    );
}

#[test]
fn chunks_that_add_up_to_one_byte_too_many() {
    let mut reassembler = Reassembler::new();
    let part = limits::FRAME_BYTES - 3;
    let chunk = |len: usize| {
        let mut frame = vec![wire::chunk::CHUNK_TYPE, 0x81, 0xf5];
        frame.resize(3 + len, 7);
        Bytes::from(frame)
    };
    for _ in 0..limits::MESSAGE_BYTES / part {
        assert_eq!(reassembler.push(chunk(part)), Ok(None));
    }
    let rest = limits::MESSAGE_BYTES % part;
    assert_eq!(reassembler.push(chunk(rest)), Ok(None));
    assert_eq!(reassembler.pending(), limits::MESSAGE_BYTES);
    assert_eq!(reassembler.push(chunk(1)), Err(ChunkError::TooLong));
}

#[test]
fn chunks_that_are_none() {
    let refuse = |bytes: &'static [u8]| Reassembler::new().push(Bytes::from_static(bytes));
    assert_eq!(refuse(&[0x7f]), Err(ChunkError::Malformed));
    assert_eq!(refuse(&[0x7f, 0x80, 0xf5, 1]), Err(ChunkError::Malformed));
    assert_eq!(refuse(&[0x7f, 0x81, 0x01, 1]), Err(ChunkError::Malformed));
    assert_eq!(
        refuse(&[0x7f, 0x81, 0xf5]),
        Err(ChunkError::Malformed),
        "no part"
    );
    assert_eq!(
        refuse(&[0x7f, 0x9b, 255, 255, 255, 255, 255, 255, 255, 255, 0xf5]),
        Err(ChunkError::Malformed)
    );
    assert_eq!(
        refuse(&[0x7f, 0x82, 0xf4, 0x01, 9]),
        Ok(Some(Bytes::from_static(&[9])))
    );
    let mut reassembler = Reassembler::new();
    assert_eq!(
        reassembler.push(Bytes::from_static(&[0x7f, 0x81, 0xf5, 1])),
        Ok(None)
    );
    assert_eq!(
        reassembler.push(Bytes::from_static(&[0x50, 0x81, 1])),
        Err(ChunkError::Interleaved)
    );
}

#[test]
fn unknown_bodies_are_bounded_by_their_entry() {
    let home = Home::new();
    let body = RosterBody::Unknown {
        kind: 200,
        body: zeros(limits::ROSTER_ENTRY_BYTES - HEAD_LEN - 64),
    };
    let entry = home.entry(home.founder(), &key(FOUNDER), &body);
    assert_eq!(entry.bytes().len(), limits::ROSTER_ENTRY_BYTES);
    assert_eq!(entry.body(), &body);
}
