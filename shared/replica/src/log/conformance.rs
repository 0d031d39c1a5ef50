//! What every [`LogStore`] must do, run against each of them.

mod standing;

use super::{
    ChainedPlace, DEALT_WITH, DraftRow, FactKind, LogChange, LogStore, NewEnvelope, Setting,
    Standing, StoreError, StreamPosition,
};
use crate::disk::{Disk, Fault, MemoryDisk};
use bytes::Bytes;
use ids::{
    ChainHash, DeviceId, DocumentId, LogId, PersonId, Place, RosterSeq, RunId, Seq, Signature,
    StreamId, UnixMillis,
};
use vault::{FileKey, PlatformKey};
use wire::{Countersigned, Envelope, Header, Kind, Receipt, SeenMark};

mod newest;

const STREAM: StreamId = StreamId::from_bytes([1; 16]);
const OTHER: StreamId = StreamId::from_bytes([2; 16]);
const DOCUMENT: DocumentId = DocumentId::from_bytes([3; 16]);
const DEVICE: DeviceId = DeviceId::from_bytes([4; 16]);
const LOG: LogId = LogId::from_bytes([5; 16]);

fn envelope(stream: StreamId, run: u8, run_seq: u64) -> Envelope {
    let header = Header {
        version: wire::envelope::VERSION,
        kind: Kind::Changes.code(),
        stream,
        document: DOCUMENT,
        device: DEVICE,
        person: PersonId::from_bytes([6; 16]),
        run: RunId::from_bytes([run; 16]),
        run_seq,
        body_len: 4,
        ..Header::ZERO
    };
    let signature = Signature::from_bytes([7; 64]);
    Envelope::assemble(&header, &[8; 24], b"body", &signature, Some(&signature)).unwrap()
}

fn key(n: u8) -> FileKey {
    PlatformKey::from_bytes(&[n; 32]).log_file_key()
}

fn kept(envelope: &Envelope) -> NewEnvelope {
    NewEnvelope {
        envelope: envelope.clone(),
        standing: Standing::Accepted,
        place: None,
        outbox: Some(UnixMillis(100)),
    }
}

fn place(seq: u64) -> Place {
    Place {
        log_id: LOG,
        seq: Seq(seq),
        roster_seq: RosterSeq(1),
    }
}

fn chained(seq: u64, chain: u8) -> ChainedPlace {
    ChainedPlace {
        place: place(seq),
        chain: ChainHash::from_bytes([chain; 32]),
    }
}

fn with(envelopes: Vec<NewEnvelope>) -> LogChange {
    LogChange {
        envelopes,
        ..LogChange::default()
    }
}

fn an_empty_store_holds_nothing(store: &mut dyn LogStore) {
    assert_eq!(store.setting(Setting::Program).unwrap(), None);
    assert!(store.roster().unwrap().is_empty());
    assert!(store.outbox(0, 10).unwrap().is_empty());
    assert_eq!(store.outbox_summary().unwrap(), (0, None, 0));
    assert!(store.facts(STREAM, 0, 1).unwrap().is_empty());
}

fn a_setting_is_replaced_and_forgotten(store: &mut dyn LogStore) {
    let set = |value: Option<&[u8]>| LogChange {
        settings: vec![(Setting::Written, value.map(<[u8]>::to_vec))],
        ..LogChange::default()
    };
    store.commit(&set(Some(b"one"))).unwrap();
    store.commit(&set(Some(b"two"))).unwrap();
    assert_eq!(
        store.setting(Setting::Written).unwrap().as_deref(),
        Some(b"two".as_slice())
    );
    store.commit(&set(None)).unwrap();
    assert_eq!(store.setting(Setting::Written).unwrap(), None);
}

fn a_roster_begun_anew_forgets_the_one_before(store: &mut dyn LogStore) {
    let entry = |byte: u8| Countersigned {
        entry: Bytes::from(vec![byte; 8]),
        time: UnixMillis(1),
        signature: Signature::from_bytes([byte; 64]),
    };
    let before = LogChange {
        roster: (1..=3).map(|n| (RosterSeq(n), entry(1))).collect(),
        ..LogChange::default()
    };
    store.commit(&before).unwrap();
    let later = store.roster_after(RosterSeq(2)).unwrap();
    assert_eq!(later, [(RosterSeq(3), entry(1))]);
    assert!(store.roster_after(RosterSeq(3)).unwrap().is_empty());
    let anew = LogChange {
        roster_anew: true,
        roster: vec![(RosterSeq(1), entry(2))],
        ..LogChange::default()
    };
    store.commit(&anew).unwrap();
    assert_eq!(store.roster().unwrap(), [(RosterSeq(1), entry(2))]);
    let nothing = LogChange {
        roster_anew: true,
        ..LogChange::default()
    };
    assert!(!nothing.is_empty());
    store.commit(&nothing).unwrap();
    assert!(store.roster().unwrap().is_empty());
}

fn own_work_waits_in_the_outbox_until_it_is_vouched_for(store: &mut dyn LogStore) {
    let (first, second) = (envelope(STREAM, 1, 0), envelope(STREAM, 1, 1));
    store
        .commit(&with(vec![kept(&first), kept(&second)]))
        .unwrap();
    let rows = store.outbox(0, 10).unwrap();
    assert_eq!(
        rows.iter().map(|row| row.id).collect::<Vec<_>>(),
        [first.id(), second.id()]
    );
    assert_eq!(
        store.outbox_summary().unwrap(),
        (2, Some(UnixMillis(100)), 0)
    );
    let page = store.outbox(0, 1).unwrap();
    assert_eq!((page.len(), page[0].id), (1, first.id()));
    let next = store.outbox(page[0].number, 10).unwrap();
    assert_eq!((next.len(), next[0].id), (1, second.id()));
    assert_eq!((next[0].stream, next[0].document), (STREAM, DOCUMENT));
    store
        .commit(&LogChange {
            sent: vec![first.id()],
            ..LogChange::default()
        })
        .unwrap();
    store
        .commit(&LogChange {
            refused: vec![(second.id(), "fork".into())],
            ..LogChange::default()
        })
        .unwrap();
    let rows = store.outbox(0, 10).unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].refused.as_deref(), Some("fork"));
    assert_eq!(
        store.refusal(&second.id()).unwrap().as_deref(),
        Some("fork")
    );
    assert_eq!(store.outbox_summary().unwrap(), (0, None, 1));
    store
        .commit(&LogChange {
            refused: vec![(second.id(), format!("{DEALT_WITH}: fork"))],
            ..LogChange::default()
        })
        .unwrap();
    assert_eq!(store.outbox_summary().unwrap(), (0, None, 0));
    assert!(
        store.envelope(&first.id()).unwrap().is_some(),
        "what was sent is still kept"
    );
}

fn facts_are_numbered_in_order_and_placing_is_a_fact_of_its_own(store: &mut dyn LogStore) {
    let (ours, theirs, elsewhere) = (
        envelope(STREAM, 1, 0),
        envelope(STREAM, 2, 0),
        envelope(OTHER, 3, 0),
    );
    store.commit(&with(vec![kept(&ours)])).unwrap();
    let placed = NewEnvelope {
        place: Some(chained(1, 1)),
        outbox: None,
        ..kept(&theirs)
    };
    store.commit(&with(vec![placed, kept(&elsewhere)])).unwrap();
    store
        .commit(&LogChange {
            placed: vec![(ours.id(), chained(2, 2))],
            ..LogChange::default()
        })
        .unwrap();
    let facts = store.facts(STREAM, 0, 10).unwrap();
    let kinds: Vec<_> = facts
        .iter()
        .map(|fact| (fact.kind, fact.envelope.envelope.id()))
        .collect();
    assert_eq!(
        kinds,
        [
            (FactKind::Arrived, ours.id()),
            (FactKind::Arrived, theirs.id()),
            (FactKind::Placed, ours.id())
        ]
    );
    assert!(facts.windows(2).all(|pair| pair[0].number < pair[1].number));
    assert_eq!(store.facts(STREAM, facts[1].number, 10).unwrap().len(), 1);
    let rows = store.rows(STREAM, LOG, Seq(1), Seq(9)).unwrap();
    assert_eq!(
        rows.iter().map(|row| (row.0, row.2)).collect::<Vec<_>>(),
        [(Seq(1), theirs.id()), (Seq(2), ours.id())]
    );
    assert_eq!(
        store.newest_own_place(STREAM, LOG, DEVICE).unwrap(),
        Some(Seq(2))
    );
    let before = LogId::from_bytes([6; 16]);
    assert_eq!(
        store.newest_own_place(STREAM, before, DEVICE).unwrap(),
        None
    );
    let chain = |seq| store.chain_at(STREAM, LOG, Seq(seq)).unwrap();
    assert_eq!(chain(1), Some(ChainHash::from_bytes([1; 32])));
    assert_eq!(chain(2), Some(ChainHash::from_bytes([2; 32])));
    assert_eq!(chain(3), None);
}

fn an_envelope_that_comes_twice_is_kept_once(store: &mut dyn LogStore) {
    let ours = envelope(STREAM, 1, 0);
    store.commit(&with(vec![kept(&ours)])).unwrap();
    let again = NewEnvelope {
        place: Some(chained(4, 1)),
        outbox: None,
        ..kept(&ours)
    };
    store.commit(&with(vec![again.clone()])).unwrap();
    store.commit(&with(vec![again])).unwrap();
    assert_eq!(
        store.facts(STREAM, 0, 10).unwrap().len(),
        2,
        "arrived once, placed once"
    );
    assert_eq!(
        store.envelope(&ours.id()).unwrap().unwrap().place,
        Some(place(4))
    );
    let elsewhere = LogChange {
        placed: vec![(ours.id(), chained(5, 2))],
        ..LogChange::default()
    };
    store.commit(&elsewhere).unwrap();
    let place_now = |store: &dyn LogStore| store.envelope(&ours.id()).unwrap().unwrap().place;
    assert_eq!(place_now(store), Some(place(4)), "the first place stands");
    let unplaced = |seq| LogChange {
        unplaced: vec![StreamPosition {
            stream: STREAM,
            log_id: LOG,
            seq: Seq(seq),
            chain: ChainHash::ZERO,
        }],
        ..LogChange::default()
    };
    store.commit(&unplaced(4)).unwrap();
    assert_eq!(place_now(store), Some(place(4)), "it is not behind");
    store.commit(&unplaced(3)).unwrap();
    assert_eq!(place_now(store), None);
    assert_eq!(store.chain_at(STREAM, LOG, Seq(4)).unwrap(), None);
    store.commit(&elsewhere).unwrap();
    assert_eq!(place_now(store), Some(place(5)));
}

fn tails_follow_the_run_and_the_device(store: &mut dyn LogStore) {
    let (old, new) = (envelope(STREAM, 1, 5), envelope(STREAM, 2, 0));
    store.commit(&with(vec![kept(&old), kept(&new)])).unwrap();
    let tail = store
        .tail_of_run(DOCUMENT, DEVICE, RunId::from_bytes([1; 16]))
        .unwrap()
        .unwrap();
    assert_eq!((tail.run_seq, tail.id), (5, old.id()));
    assert_eq!(
        store
            .tail_of_run(DOCUMENT, DEVICE, RunId::from_bytes([9; 16]))
            .unwrap(),
        None
    );
    let another = DeviceId::from_bytes([9; 16]);
    assert_eq!(
        store
            .tail_of_run(DOCUMENT, another, RunId::from_bytes([1; 16]))
            .unwrap(),
        None
    );
    assert_eq!(
        store.tail_of_device(DOCUMENT, DEVICE).unwrap().unwrap().id,
        new.id()
    );
}

fn positions_receipts_and_marks_are_kept(store: &mut dyn LogStore) {
    let position = StreamPosition {
        stream: STREAM,
        log_id: LOG,
        seq: Seq(7),
        chain: ChainHash::from_bytes([9; 32]),
    };
    let receipt = |seq| Receipt {
        log_id: LOG,
        stream: STREAM,
        seq: Seq(seq),
        chain: ChainHash::from_bytes([9; 32]),
        roster_seq: RosterSeq(1),
        signature: Signature::from_bytes([1; 64]),
    };
    let mark = |seq| SeenMark {
        device: DEVICE,
        stream: STREAM,
        log_id: LOG,
        seq: Seq(seq),
        chain: ChainHash::ZERO,
        signature: Signature::from_bytes([2; 64]),
    };
    let change = LogChange {
        positions: vec![position],
        receipts: vec![receipt(3), receipt(7)],
        seen: vec![mark(1), mark(6)],
        ..LogChange::default()
    };
    store.commit(&change).unwrap();
    assert_eq!(store.positions().unwrap(), [position]);
    assert_eq!(
        store
            .receipt_covering(STREAM, LOG, Seq(4))
            .unwrap()
            .unwrap()
            .seq,
        Seq(7)
    );
    assert_eq!(
        store
            .receipt_covering(STREAM, LOG, Seq(3))
            .unwrap()
            .unwrap()
            .seq,
        Seq(3)
    );
    assert!(
        store
            .receipt_covering(STREAM, LOG, Seq(8))
            .unwrap()
            .is_none()
    );
    assert_eq!(
        store.seen().unwrap(),
        [mark(6)],
        "the newest mark of a device stands"
    );
}

fn roster_wraps_and_drafts_are_kept(store: &mut dyn LogStore) {
    let entry = Countersigned {
        entry: Bytes::from_static(b"entry"),
        time: UnixMillis(5),
        signature: Signature::from_bytes([3; 64]),
    };
    let draft = |text: &[u8]| DraftRow {
        person: PersonId::from_bytes([6; 16]),
        key: "note/1".to_owned(),
        at: UnixMillis(9),
        sealed: text.to_vec(),
    };
    let change = LogChange {
        roster: vec![(RosterSeq(1), entry.clone())],
        wraps: vec![
            (STREAM, RosterSeq(1), b"wrap".to_vec()),
            (STREAM, RosterSeq(1), b"wrap".to_vec()),
        ],
        drafts: vec![draft(b"sealed")],
        ..LogChange::default()
    };
    store.commit(&change).unwrap();
    assert_eq!(store.roster().unwrap(), [(RosterSeq(1), entry)]);
    assert_eq!(
        store.wraps(STREAM).unwrap(),
        [(RosterSeq(1), b"wrap".to_vec())]
    );
    assert_eq!(store.drafts().unwrap(), [draft(b"sealed")]);
    store
        .commit(&LogChange {
            drafts: vec![draft(b"")],
            ..LogChange::default()
        })
        .unwrap();
    assert!(store.drafts().unwrap().is_empty());
}

type Case = (&'static str, fn(&mut dyn LogStore));

/// Each case over a store of its own.
const CASES: &[Case] = &[
    ("an empty store holds nothing", an_empty_store_holds_nothing),
    (
        "a setting is replaced and forgotten",
        a_setting_is_replaced_and_forgotten,
    ),
    (
        "a roster begun anew forgets the one before",
        a_roster_begun_anew_forgets_the_one_before,
    ),
    (
        "own work waits in the outbox",
        own_work_waits_in_the_outbox_until_it_is_vouched_for,
    ),
    (
        "facts are numbered in order",
        facts_are_numbered_in_order_and_placing_is_a_fact_of_its_own,
    ),
    (
        "an envelope that comes twice is kept once",
        an_envelope_that_comes_twice_is_kept_once,
    ),
    (
        "standing changes are facts",
        standing::standing_changes_are_facts,
    ),
    (
        "what was judged by a forgotten place is judged again",
        standing::what_was_judged_by_a_forgotten_place_is_judged_by_the_next,
    ),
    (
        "what is not accepted is found by its standing",
        standing::what_is_not_accepted_is_found_by_its_standing,
    ),
    (
        "tails follow the run and the device",
        tails_follow_the_run_and_the_device,
    ),
    (
        "the newest place of a device follows what is placed and unplaced",
        newest::it_follows_what_is_placed_and_unplaced,
    ),
    (
        "positions, receipts and marks are kept",
        positions_receipts_and_marks_are_kept,
    ),
    (
        "roster, wraps and drafts are kept",
        roster_wraps_and_drafts_are_kept,
    ),
];

fn run(mut open: impl FnMut() -> Box<dyn LogStore>) {
    for (name, case) in CASES {
        println!("{name}");
        case(open().as_mut());
    }
}

#[test]
fn a_folder_of_encrypted_files_conforms() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    run(|| {
        count += 1;
        let home = folder.path().join(count.to_string());
        std::fs::create_dir(&home).unwrap();
        crate::disk::FolderDisk::new(&home)
            .open_log(&key(1))
            .unwrap()
    });
}

#[test]
fn a_disk_in_memory_conforms() {
    run(|| MemoryDisk::new().open_log(&key(1)).unwrap());
}

#[test]
fn what_was_committed_is_there_after_reopening_and_the_wrong_key_opens_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let ours = envelope(STREAM, 1, 0);
    let mut disk = crate::disk::FolderDisk::new(folder.path());
    disk.open_log(&key(1))
        .unwrap()
        .commit(&with(vec![kept(&ours)]))
        .unwrap();
    let store = disk.open_log(&key(1)).unwrap();
    assert_eq!(store.outbox(0, 10).unwrap().len(), 1);
    drop(store);
    assert!(matches!(
        disk.open_log(&key(2)),
        Err(StoreError::Corrupt(_))
    ));
}

#[test]
fn each_fault_fires_once_and_says_truly_whether_it_wrote() {
    let cases = [
        (Fault::Full, false, false),
        (Fault::FailBefore, false, false),
        (Fault::FailAfter, true, false),
        (Fault::CrashBefore, false, true),
        (Fault::CrashAfter, true, true),
    ];
    for (fault, written, crashed) in cases {
        let mut disk = MemoryDisk::new();
        let mut store = disk.open_log(&key(1)).unwrap();
        disk.plan().borrow_mut().next = Some((1, fault));
        let (first, second) = (envelope(STREAM, 1, 0), envelope(STREAM, 1, 1));
        store.commit(&with(vec![kept(&first)])).unwrap();
        assert!(
            store.commit(&with(vec![kept(&second)])).is_err(),
            "{fault:?}"
        );
        assert_eq!(disk.plan().borrow().crashed, crashed);
        let store = disk.open_log(&key(1)).unwrap();
        assert_eq!(
            store.envelope(&second.id()).unwrap().is_some(),
            written,
            "{fault:?}"
        );
        assert_eq!(disk.plan().borrow().fired, [fault]);
    }
}
