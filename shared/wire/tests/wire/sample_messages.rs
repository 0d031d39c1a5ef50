//! One example of every message.

use crate::home::*;
use crate::samples::*;
use bytes::Bytes;
use ids::{
    BlobId, ChainHash, DocumentId, EnvelopeId, InviteId, LogId, RosterHash, RosterSeq, Seq,
    Signature, StreamId, UnixMillis,
};
use wire::message::*;
use wire::{Countersigned, Kind, Message, UnsignedEntry};

/// One message of every type, at least.
pub(crate) fn all_messages() -> Vec<Message> {
    let (stream, log_id) = (
        StreamId::from_bytes(count(0x20)),
        LogId::from_bytes(count(0x90)),
    );
    let (chain, blob) = (
        ChainHash::from_bytes(count(0xa0)),
        BlobId::from_bytes(count(0xe0)),
    );
    let signature = Signature::from_bytes(count(0x80));
    let envelope = envelope(Kind::Changes).bytes().clone();
    let item = |seq, roster_seq| Item {
        seq: Seq(seq),
        roster_seq: RosterSeq(roster_seq),
        envelope: envelope.clone(),
    };
    let skeleton = crate::samples::envelope(Kind::Ack).skeleton();
    let fields = Welcome::encode_fields(&WelcomeFields {
        now: START,
        logs: vec![LogHead {
            stream,
            log_id,
            head: Seq(300),
            chain,
        }],
        roster_head: RosterSeq(7),
        roster_hash: RosterHash::from_bytes(count(0xc0)),
        limits: SessionLimits {
            credit: ids::limits::CREDIT_BYTES,
            frame: 65_536,
        },
    });
    let (_, device) = roles()[0];
    let welcome = sign(&key(RELAY), &transcript(&device).welcome_message(&fields));
    let found = UnsignedEntry::found(&found());
    let found = found
        .signed(&sign(&key(FOUNDER), &found.message()))
        .unwrap();
    let countersigned: Countersigned = countersign(RELAY, &found, START);
    let entry = found.bytes().clone();
    let wrap = Bytes::from_static(&[9; 120]);
    let old_row = OldRow {
        roster_seq: RosterSeq(7),
        roster_head: RosterHash::from_bytes(count(0xc0)),
        id: EnvelopeId::from_bytes(count(0xb0)),
    };
    let hello = |role| Hello {
        versions: vec![1],
        role,
        nonce: count(0xc0),
    };
    let results = Results {
        request: 5,
        results: vec![
            PushResult::Stored {
                seq: Seq(300),
                roster_seq: RosterSeq(7),
            },
            PushResult::Duplicate {
                seq: Seq(2),
                roster_seq: RosterSeq(1),
            },
            PushResult::Gap,
            PushResult::StaleEpoch,
            PushResult::Quota,
            PushResult::Busy,
            PushResult::NotAllowed,
            PushResult::TooLarge,
            PushResult::Fork,
        ],
    };
    let mut messages: Vec<Message> = roles()
        .into_iter()
        .map(|(_, role)| hello(role).into())
        .collect();
    messages.extend([
        Auth { signature }.into(),
        wire::message::Found {
            proof: count(0xf0),
            entry: entry.clone(),
            wraps: vec![wrap.clone()],
        }
        .into(),
        Tail {
            stream,
            log_id,
            from: Seq(1),
        }
        .into(),
        Credit { bytes: 65_536 }.into(),
        Push {
            request: 5,
            envelopes: vec![envelope.clone(), envelope.clone()],
        }
        .into(),
        RosterAppend {
            request: 6,
            expect: RosterSeq(7),
            entries: vec![entry],
            wraps: vec![wrap.clone()],
            blob: Some(InviteBlobFor {
                invite: InviteId::from_bytes(count(0x48)),
                sealed: Bytes::from_static(b"sealed"),
            }),
            former: None,
        }
        .into(),
        RosterAppend {
            request: 6,
            expect: RosterSeq(7),
            entries: vec![],
            wraps: vec![],
            blob: None,
            former: None,
        }
        .into(),
        RosterAppend {
            request: 6,
            expect: RosterSeq(0),
            entries: vec![Bytes::from_static(b"entry")],
            wraps: vec![],
            blob: None,
            former: Some(vec![Former {
                time: UnixMillis(1_700_000_000_000),
                signature: Signature::from_bytes(count(0xe0)),
            }]),
        }
        .into(),
        RosterTail { from: RosterSeq(1) }.into(),
        Wraps {
            stream,
            after: RosterSeq(0),
        }
        .into(),
        InviteBlob {}.into(),
        Ping {}.into(),
        seen().into(),
        Fetch {
            request: 8,
            stream,
            documents: vec![DocumentId::from_bytes(count(0x30))],
        }
        .into(),
        FetchRows {
            request: 9,
            stream,
            log_id,
            from: Seq(1),
            to: Seq(9),
        }
        .into(),
        FetchSkeletons {
            request: 10,
            stream,
            log_id,
            from: Seq(1),
            to: Seq(9),
        }
        .into(),
        BlobPut {
            request: 11,
            stream,
            blob,
            total: 9,
            offset: 4,
            document: DocumentId::from_bytes([0x39; 16]),
            piece: Bytes::from_static(b"piece"),
        }
        .into(),
        BlobGet {
            request: 12,
            stream,
            blob,
            offset: 4,
            len: 5,
        }
        .into(),
        OldPlace {
            request: 13,
            before: Seq(299),
            chain,
            rows: vec![old_row],
            receipt: receipt(),
        }
        .into(),
        Challenge {
            version: 1,
            nonce: count(0xd0),
            relay_key: public(RELAY),
        }
        .into(),
        Welcome::new(fields, welcome).into(),
        results.into(),
        Items {
            stream,
            log_id,
            first: Seq(299),
            rows: vec![item(299, 6), item(300, 7)],
        }
        .into(),
        receipt().into(),
        RosterItems {
            items: vec![countersigned],
            head: RosterSeq(7),
        }
        .into(),
        RosterResult {
            request: 6,
            result: RosterOutcome::Appended { head: RosterSeq(8) },
        }
        .into(),
        RosterResult {
            request: 6,
            result: RosterOutcome::Conflict { head: RosterSeq(8) },
        }
        .into(),
        RosterResult {
            request: 6,
            result: RosterOutcome::Refused { code: 8 },
        }
        .into(),
        WrapItems {
            stream,
            items: vec![WrapItem {
                roster_seq: RosterSeq(1),
                wrap,
            }],
            upto: RosterSeq(7),
        }
        .into(),
        InviteBlobIs {
            sealed: Bytes::from_static(b"sealed"),
        }
        .into(),
        SeenBy {
            marks: vec![seen()],
        }
        .into(),
        Rows {
            request: 9,
            stream,
            log_id,
            first: Seq(1),
            before: chain,
            rows: vec![RowOnly {
                roster_seq: RosterSeq(7),
                id: EnvelopeId::from_bytes(count(0xb0)),
            }],
        }
        .into(),
        Skeletons {
            request: 10,
            stream,
            log_id,
            first: Seq(1),
            before: chain,
            rows: vec![(RosterSeq(7), skeleton)],
        }
        .into(),
        BlobChunk {
            request: 12,
            blob,
            total: 9,
            offset: 4,
            piece: Bytes::from_static(b"piece"),
        }
        .into(),
        BlobResult {
            request: 11,
            stored: 9,
            error: None,
        }
        .into(),
        BlobResult {
            request: 11,
            stored: 4,
            error: Some(ErrorCode::Quota),
        }
        .into(),
        Error {
            code: ErrorCode::Busy,
            retry_after_ms: Some(250),
            request: None,
        }
        .into(),
        Error {
            code: ErrorCode::Unsupported,
            retry_after_ms: None,
            request: Some(8),
        }
        .into(),
        Drain { after_ms: 1_000 }.into(),
        Lagged {
            stream,
            from: Seq(250),
        }
        .into(),
        Fetched {
            request: 8,
            stream,
            log_id,
            more: true,
            rows: vec![item(12, 3)],
        }
        .into(),
        Pong {}.into(),
        OldPlaces {
            stream,
            log_id: LogId::from_bytes(count(0x98)),
            runs: vec![OldRun {
                seq: Seq(12),
                before: Seq(299),
                chain,
                rows: vec![old_row],
                receipt: receipt(),
            }],
        }
        .into(),
    ]);
    messages
}

pub(crate) fn messages() -> Samples {
    let mut samples = Samples::new();
    for message in all_messages() {
        let code = message.type_byte();
        let name = Message::TYPES.iter().find(|kind| kind.0 == code).unwrap().1;
        let is_same = |other: &str| other.split('-').next() == Some(name);
        let again = samples.iter().filter(|(other, _)| is_same(other)).count();
        let name = if again == 0 {
            name.to_owned()
        } else {
            format!("{name}-{}", again + 1)
        };
        samples.push((name, message.encode().to_vec()));
    }
    samples
}
