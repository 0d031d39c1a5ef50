//! Things to store.

use bytes::Bytes;
use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, FacilityId, InviteId, LogId, RosterSeq, RunId,
    Seq, Signature, StreamId, UnixMillis,
};
use lamplight_server::LogStore;
use lamplight_server::store::{
    NewRow, RosterBatch, RunKey, RunPlace, StoredWrap, StreamAppend, StreamHead,
};
use wire::{Countersigned, SeenMark};

pub const MAPLE: FacilityId = FacilityId::from_bytes([1; 16]);
pub const BIRCH: FacilityId = FacilityId::from_bytes([2; 16]);
pub const CARE: StreamId = StreamId::from_bytes([3; 16]);
pub const DIRECTORY: StreamId = StreamId::from_bytes([4; 16]);
pub const INVITE: InviteId = InviteId::from_bytes([5; 16]);

pub fn head(stream: StreamId) -> StreamHead {
    StreamHead {
        stream,
        log_id: LogId::from_bytes([6; 16]),
        seq: Seq(0),
        chain: ChainHash::from_bytes([7; 32]),
        roster_seq: RosterSeq(0),
    }
}

pub fn entry(number: u8) -> Countersigned {
    Countersigned {
        entry: Bytes::from(vec![number; 100]),
        time: UnixMillis(1_000 + i64::from(number)),
        signature: Signature::from_bytes([number; 64]),
    }
}

pub fn wrap(stream: StreamId, roster_seq: u64, number: u8) -> StoredWrap {
    let bytes = Bytes::from(vec![number; 80]);
    StoredWrap {
        stream,
        roster_seq: RosterSeq(roster_seq),
        bytes,
    }
}

pub fn batch(facility: FacilityId, expect: u64, entries: &[u8]) -> RosterBatch {
    RosterBatch {
        facility,
        expect: RosterSeq(expect),
        entries: entries.iter().map(|n| entry(*n)).collect(),
        wraps: Vec::new(),
        opened: Vec::new(),
        blob: None,
        used: Vec::new(),
    }
}

/// A facility with `care` and `directory`.
pub fn found(store: &mut impl LogStore, facility: FacilityId, token: u8) {
    let mut first = batch(facility, 0, &[1]);
    first.opened = vec![head(CARE), head(DIRECTORY)];
    first.wraps = vec![wrap(CARE, 1, 1), wrap(CARE, 1, 2), wrap(DIRECTORY, 1, 3)];
    assert!(store.found([token; 32], &first).unwrap());
}

pub fn run(stream: StreamId, number: u8) -> RunKey {
    let document = DocumentId::from_bytes([8; 16]);
    RunKey {
        stream,
        document,
        device: DeviceId::from_bytes([9; 16]),
        run: RunId::from_bytes([number; 16]),
    }
}

/// `count` rows of one run after `before`, the first of number `first`.
pub fn rows(before: StreamHead, run: RunKey, first: u64, count: u64) -> Vec<NewRow> {
    (0..count)
        .map(|n| {
            let seq = before.seq.0 + 1 + n;
            let [byte, ..] = seq.to_le_bytes();
            NewRow {
                run,
                place: RunPlace {
                    run_seq: first + n,
                    seq: Seq(seq),
                    roster_seq: RosterSeq(1),
                    id: EnvelopeId::from_bytes([byte; 32]),
                },
                chain: ChainHash::from_bytes([byte; 32]),
                envelope: Bytes::from(vec![byte; 1_000]),
            }
        })
        .collect()
}

pub fn append(facility: FacilityId, before: StreamHead, rows: Vec<NewRow>) -> StreamAppend {
    StreamAppend {
        facility,
        before,
        rows,
    }
}

pub fn head_of(store: &mut impl LogStore, facility: FacilityId, stream: StreamId) -> StreamHead {
    let heads = store.heads(facility).unwrap();
    *heads.iter().find(|head| head.stream == stream).unwrap()
}

pub fn mark(device: u8, seq: u64) -> SeenMark {
    SeenMark {
        device: DeviceId::from_bytes([device; 16]),
        stream: CARE,
        log_id: LogId::from_bytes([6; 16]),
        seq: Seq(seq),
        chain: ChainHash::from_bytes([9; 32]),
        signature: Signature::from_bytes([device; 64]),
    }
}
