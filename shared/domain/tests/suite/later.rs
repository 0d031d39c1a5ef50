//! Golden vectors of what this version fixes for later ones: records of the audit, references to
//! attachments, adoptions; and of what a version after it may write, which this one must not misread.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

use ids::{
    BlobId, CommandId, DeviceId, EntryKey, PersonId, StatedInstant, StreamId, UnixMillis, limits,
};
use lamplight_domain::adoption::{self, Adoption};
use lamplight_domain::attachment::Attachment;
use lamplight_domain::audit::{Act, AuditError, AuditRecord, act};
use lamplight_domain::deterministic::NotDeterministic;
use lamplight_domain::verdict::{self, Placed};
use lamplight_domain::{Document, Fact, Recorded, ResidentId, Subject, codec, rights};
use minicbor::Encoder;
use proptest::prelude::*;

fn vector(name: &str) -> Vec<u8> {
    let path = format!("{}/vectors/{name}.hex", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    let digits: String = text.split_whitespace().collect();
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

#[track_caller]
fn assert_golden(name: &str, bytes: &[u8]) {
    let hex = |bytes: &[u8]| -> String { bytes.iter().map(|b| format!("{b:02x}")).collect() };
    assert_eq!(hex(bytes), hex(&vector(name)), "{name}");
}

fn key(n: u8) -> EntryKey {
    EntryKey::from_parts(UnixMillis(1_795_000_000_000 + i64::from(n)), [n; 10])
}

fn resident() -> Subject {
    Subject::Resident(ResidentId(CommandId::from_bytes([0x52; 16])))
}

fn stated(at: i64) -> StatedInstant {
    StatedInstant {
        at: UnixMillis(at),
        offset_minutes: -360,
    }
}

/// An entry about a resident whose kind and fact this version may not know.
fn entry(kind: &str, fact: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    e.map(6).unwrap();
    e.u8(0).unwrap().bytes(&[0xc0; 16]).unwrap();
    e.u8(1).unwrap().u8(0).unwrap();
    e.u8(2).unwrap().str(kind).unwrap();
    e.u8(3).unwrap().encode(resident()).unwrap();
    e.u8(4).unwrap().encode(stated(1_795_000_000_000)).unwrap();
    e.u8(6).unwrap();
    [&bytes, fact].concat()
}

/// An entry that says where it was imported from, stated then, superseding these.
fn imported(at: i64, supersedes: &[EntryKey]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut e = Encoder::new(&mut bytes);
    e.map(if supersedes.is_empty() { 7 } else { 8 }).unwrap();
    e.u8(0).unwrap().bytes(&[0xc0; 16]).unwrap();
    e.u8(1).unwrap().u8(0).unwrap();
    e.u8(2).unwrap().str("note").unwrap();
    e.u8(3).unwrap().encode(resident()).unwrap();
    e.u8(4).unwrap().encode(stated(at)).unwrap();
    if !supersedes.is_empty() {
        e.u8(5).unwrap().encode(supersedes).unwrap();
    }
    e.u8(6).unwrap().map(1).unwrap();
    e.u8(0).unwrap().str("Slept well.").unwrap();
    e.u8(7).unwrap().array(2).unwrap();
    e.str("https://hospital.example/fhir").unwrap();
    e.str("DocumentReference/17").unwrap();
    bytes
}

fn adoption() -> Vec<u8> {
    let says = Adoption {
        entries: vec![key(1), key(2)],
    };
    entry(adoption::KIND, &minicbor::to_vec(says).unwrap())
}

fn is_unknown(bytes: &[u8], kind: &str) -> bool {
    matches!(Recorded::from_cbor(bytes), Ok(Recorded::Unknown { kind: read, .. }) if read == kind)
}

#[test]
fn an_adoption_is_kept_as_something_newer_needs_its_act_and_replaces_nothing() {
    let bytes = adoption();
    assert_golden("adoption", &bytes);
    assert!(is_unknown(&bytes, "adoption"));
    let recorded = Recorded::from_cbor(&bytes).unwrap();
    let device = DeviceId::from_bytes([1; 16]);
    let needed = rights::required_act(&recorded, device);
    assert_eq!(needed, ids::acts::ADOPT);
    let person = PersonId::from_bytes([7; 16]);
    let journal = Document::of(
        lamplight_domain::DocumentKind::Journal,
        resident(),
        stated(1_795_000_000_000),
    )
    .unwrap();
    let (by, target) = (key(9), key(1));
    let placed = |key| Placed {
        key,
        recorded: &recorded,
        author: person,
        what: journal,
    };
    assert_eq!(
        verdict::supersedes(&placed(&by), &placed(&target), false),
        None
    );
    assert!(Fact::KINDS.iter().all(|(kind, _)| *kind != adoption::KIND));
}

#[test]
fn an_adoption_names_something_in_order_and_not_too_much() {
    let of = |keys: Vec<EntryKey>| Adoption { entries: keys }.is_sound();
    let many = |n| -> Vec<EntryKey> {
        (0..)
            .take(n)
            .map(|n| EntryKey::from_parts(UnixMillis(n), [0; 10]))
            .collect()
    };
    assert!(of(vec![key(1), key(2)]));
    assert!(!of(vec![key(2), key(1)]) && !of(vec![key(1), key(1)]) && !of(vec![]));
    assert!(of(many(adoption::ENTRIES)) && !of(many(adoption::ENTRIES + 1)));
}

#[test]
fn a_reference_to_an_attachment_has_its_bytes_and_shows_no_key() {
    let photo = Attachment {
        blob: BlobId::from_bytes([0xb1; 16]),
        key: [0x6b; 32],
        length: 262_130,
        hash: [0x3a; 32],
        media_type: "image/jpeg".to_owned(),
        name: Some("left heel".to_owned()),
    };
    let bytes = minicbor::to_vec(&photo).unwrap();
    assert_golden("attachment", &bytes);
    assert_eq!(minicbor::decode::<Attachment>(&bytes).unwrap(), photo);
    assert!(!format!("{photo:?}").contains("107"));
}

fn opened(at: i64) -> Act {
    Act {
        what: act::OPENED,
        at: stated(at),
        until: None,
        times: None,
        about: Some(resident()),
        stream: Some(StreamId::from_bytes([3; 16])),
        part: Some("chart".to_owned()),
        words: None,
        sitting: Some(CommandId::from_bytes([5; 16])),
        command: None,
    }
}

fn record() -> AuditRecord {
    let broke = Act {
        what: act::BROKE_GLASS,
        words: Some("unresponsive, no chart here".to_owned()),
        ..opened(1_795_000_100_000)
    };
    let failed = Act {
        about: Some(Subject::Person(PersonId::from_bytes([7; 16]))),
        stream: None,
        part: None,
        sitting: None,
        what: act::SIGN_IN_FAILED,
        ..opened(1_795_000_200_000)
    };
    let several = Act {
        until: Some(stated(1_795_000_090_000)),
        times: Some(4),
        ..opened(1_795_000_000_000)
    };
    AuditRecord {
        acts: vec![several, broke, failed],
    }
}

#[test]
fn a_record_has_its_bytes_and_the_year_of_its_document() {
    let bytes = record().to_cbor().unwrap();
    assert_golden("record", &bytes);
    assert_eq!(AuditRecord::from_cbor(&bytes), Ok(record()));
    assert_eq!(record().year(), Ok(2026));
}

#[test]
fn a_record_is_of_one_year_by_utc_and_of_some_acts() {
    // 2026-12-31T23:59:59.999Z, and the next instant; both are still the old year in Chicago.
    let new_year = 1_798_761_600_000;
    let of = |acts: Vec<Act>| AuditRecord { acts };
    let (old, new) = (opened(new_year - 1), opened(new_year));
    assert_eq!(of(vec![old.clone()]).year(), Ok(2026));
    assert_eq!(of(vec![new.clone()]).year(), Ok(2027));
    assert_eq!(of(vec![old, new]).to_cbor(), Err(AuditError::Acts));
    assert_eq!(of(vec![]).to_cbor(), Err(AuditError::Acts));
    let short = |n| {
        of(vec![
            Act {
                about: None,
                stream: None,
                part: None,
                sitting: None,
                ..opened(0)
            };
            n
        ])
    };
    assert!(short(limits::RECORD_ACTS).to_cbor().is_ok());
    assert_eq!(
        short(limits::RECORD_ACTS + 1).to_cbor(),
        Err(AuditError::Acts)
    );
    let mut endless = opened(0);
    endless.until = Some(stated(i64::MAX));
    assert_eq!(of(vec![endless]).to_cbor(), Err(AuditError::Acts));
    // A reader is told the same.
    let bytes = minicbor::to_vec(of(vec![])).unwrap();
    assert_eq!(AuditRecord::from_cbor(&bytes), Err(AuditError::Acts));
}

#[test]
fn a_record_that_says_more_waits_and_an_extra_does_not() {
    let acts = minicbor::to_vec(record().acts).unwrap();
    let with = |key: u8| [&[0xa2, 0x00][..], &acts, &[0x18, key, 0x01]].concat();
    assert_eq!(AuditRecord::from_cbor(&with(63)), Err(AuditError::Newer));
    assert_eq!(AuditRecord::from_cbor(&with(64)), Ok(record()));
    let unknown = AuditRecord {
        acts: vec![Act {
            what: 999,
            ..opened(0)
        }],
    };
    // What was done may be one of a later version: the act is kept with its number.
    assert_eq!(
        AuditRecord::from_cbor(&unknown.to_cbor().unwrap()),
        Ok(unknown)
    );
    assert_eq!(
        AuditRecord::from_cbor(&[0xa1, 0x00]),
        Err(AuditError::Bytes(NotDeterministic::Truncated))
    );
    assert_eq!(AuditRecord::from_cbor(&[0xa0]), Err(AuditError::Newer));
}

#[test]
fn what_a_later_version_may_write_is_never_read_as_less_than_it_says() {
    let words = [&[0x00, 0x6b][..], b"Slept well."].concat();
    let note = |key: &[u8]| entry("note", &[&[0xa2][..], &words, key, &[0x01]].concat());
    let later = [
        ("later.field", note(&[0x01]), "note"),
        ("later.kind", entry("wound", &[0xa0]), "wound"),
        (
            "later.choice",
            entry("code_status", &[0xa1, 0x00, 0x17]),
            "code_status",
        ),
    ];
    for (name, bytes, kind) in later {
        assert_golden(name, &bytes);
        assert!(is_unknown(&bytes, kind), "{name}");
    }
    // Which act a strike needs follows from the kind it names.
    let entry_named = minicbor::to_vec(key(1)).unwrap();
    let strike = |kind: &[u8]| {
        let reason = b"\x01\x70asked the family\x02";
        let fact = [&[0xa3, 0x00][..], &entry_named, reason, kind].concat();
        entry("strike", &fact)
    };
    let later = strike(b"\x65wound");
    assert_golden("later.strike", &later);
    assert!(is_unknown(&later, "strike"));
    assert!(is_unknown(&strike(b"\x68adoption"), "strike"));
    let recorded = Recorded::from_cbor(&later).unwrap();
    let device = DeviceId::from_bytes([1; 16]);
    assert_eq!(rights::required_act(&recorded, device), ids::acts::STRIKE);
    let known = Recorded::from_cbor(&strike(b"\x65order")).unwrap();
    assert_eq!(
        rights::required_act(&known, device),
        ids::acts::STRIKE | ids::acts::ORDER
    );
    let extra = note(&[0x18, 64]);
    assert_golden("later.extra", &extra);
    assert!(matches!(
        Recorded::from_cbor(&extra),
        Ok(Recorded::Known(_))
    ));
}

#[test]
fn two_copies_of_one_imported_entry_differ_in_nothing_but_when_and_what_they_replace() {
    let first = imported(1_795_000_000_000, &[]);
    let second = imported(1_795_000_060_000, &[key(1)]);
    assert_golden("later.source", &first);
    assert_golden("later.source.copy", &second);
    let content = codec::content(&first).unwrap();
    assert_eq!(codec::content(&second).unwrap(), content);
    let known = |bytes: &[u8]| match Recorded::from_cbor(bytes) {
        Ok(Recorded::Known(entry)) => entry,
        other => panic!("{other:?}"),
    };
    let (one, mut other) = (known(&first), known(&second));
    assert_eq!(other.supersedes, [key(1)]);
    assert_ne!(one.stated, other.stated);
    (other.stated, other.supersedes) = (one.stated, Vec::new());
    assert_eq!(one, other);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_reader_of_later_things_panics_and_what_is_read_is_written_back(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        at in any::<prop::sample::Index>(),
        byte in any::<u8>(),
    ) {
        let mut damaged = record().to_cbor().unwrap();
        let at = at.index(damaged.len());
        damaged[at] = byte;
        for bytes in [bytes, damaged] {
            if let Ok(record) = AuditRecord::from_cbor(&bytes) {
                prop_assert_eq!(AuditRecord::from_cbor(&record.to_cbor().unwrap()), Ok(record));
            }
            let _ = minicbor::decode::<Attachment>(&bytes);
            let _ = minicbor::decode::<Adoption>(&bytes).map(|says| says.is_sound());
        }
    }
}
