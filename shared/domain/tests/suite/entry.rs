//! The entry codec on bytes that are not its own: newer versions, hostile members, noise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::generate;
use ids::limits::{ENTRY_BYTES, SUPERSEDES};
use ids::{CommandId, EntryKey, StatedInstant, UnixMillis};
use lamplight_domain::codec;
use lamplight_domain::deterministic::NotDeterministic;
use lamplight_domain::directory::Role;
use lamplight_domain::news2::Score;
use lamplight_domain::{Entry, EntryError, Fact, Recorded};
use minicbor::Encoder;
use proptest::prelude::*;

const NOW: UnixMillis = UnixMillis(1_795_000_000_000);

/// An entry built by hand: kind, superseded keys and fact as told.
struct Bytes {
    kind: &'static str,
    stated: StatedInstant,
    supersedes: Option<Vec<EntryKey>>,
    fact: Vec<u8>,
    later_key: bool,
    missing: Option<u8>,
}

impl Default for Bytes {
    fn default() -> Self {
        let stated = StatedInstant {
            at: NOW,
            offset_minutes: 0,
        };
        // {0: "slept well"}
        let fact = [&[0xa1, 0x00, 0x6a][..], b"slept well"].concat();
        Self {
            kind: "note",
            stated,
            supersedes: None,
            fact,
            later_key: false,
            missing: None,
        }
    }
}

impl Bytes {
    fn build(&self) -> Vec<u8> {
        let mut parts: Vec<(u8, Vec<u8>)> = vec![
            (0, minicbor::to_vec(CommandId::from_bytes([1; 16])).unwrap()),
            (1, vec![0x00]),
            (2, minicbor::to_vec(self.kind).unwrap()),
            (3, [&[0x82, 0x01, 0x50][..], &[2; 16]].concat()),
            (4, minicbor::to_vec(self.stated).unwrap()),
        ];
        parts.extend(
            self.supersedes
                .iter()
                .map(|keys| (5, minicbor::to_vec(keys).unwrap())),
        );
        parts.push((6, self.fact.clone()));
        if self.later_key {
            parts.push((7, vec![0xa1, 0x00, 0x81, 0x01]));
        }
        parts.retain(|(key, _)| Some(*key) != self.missing);
        let mut bytes = Vec::new();
        Encoder::new(&mut bytes).map(parts.len() as u64).unwrap();
        for (key, part) in parts {
            bytes.push(key);
            bytes.extend(part);
        }
        bytes
    }

    fn read(&self) -> Result<Recorded, EntryError> {
        Recorded::from_cbor(&self.build())
    }
}

fn keys(count: usize) -> Vec<EntryKey> {
    (0i64..)
        .take(count)
        .map(|n| EntryKey::from_parts(UnixMillis(n), [0; 10]))
        .collect()
}

#[test]
fn the_hand_built_entry_is_read() {
    assert!(matches!(Bytes::default().read(), Ok(Recorded::Known(_))));
}

#[test]
fn a_kind_of_a_newer_version_is_kept_with_its_surroundings() {
    let newer = Bytes {
        kind: "wound",
        supersedes: Some(keys(2)),
        ..Bytes::default()
    };
    let recorded = newer.read().unwrap();
    assert!(matches!(recorded, Recorded::Unknown { .. }));
    assert_eq!(recorded.kind(), "wound");
    assert_eq!(recorded.supersedes(), keys(2));
    assert_eq!(recorded.stated().at, NOW);
}

#[test]
fn fields_of_a_newer_version_are_passed_over_only_where_they_change_nothing() {
    let around = Bytes {
        later_key: true,
        ..Bytes::default()
    };
    assert!(matches!(around.read(), Ok(Recorded::Known(_))));
    // {0: "slept well", 64: [1]}, and the same under 63
    let with = |key: u8| {
        let fact = [
            &[0xa2, 0x00, 0x6a][..],
            b"slept well",
            &[0x18, key, 0x81, 0x01],
        ]
        .concat();
        Bytes {
            fact,
            ..Bytes::default()
        }
        .read()
    };
    let Ok(Recorded::Known(Entry {
        fact: Fact::Note(note),
        ..
    })) = with(64)
    else {
        panic!()
    };
    // "Slept well" with something that may turn it round is not "slept well".
    assert!(matches!(with(63), Ok(Recorded::Unknown { .. })));
    assert_eq!(note.text, "slept well");
}

#[test]
fn a_reason_of_a_newer_version_is_never_read_as_given() {
    // {0: [order, 1, [2026, 11, 18], [8, 0]], 1: reason}
    let dose = |reason: u8| {
        let mut fact = vec![0xa2, 0x00, 0x84, 0x50];
        fact.extend([3; 16]);
        fact.extend([
            0x01, 0x83, 0x19, 0x07, 0xea, 0x0b, 0x12, 0x82, 0x08, 0x00, 0x01, reason,
        ]);
        Bytes {
            kind: "dose",
            fact,
            ..Bytes::default()
        }
        .read()
        .unwrap()
    };
    let Recorded::Known(Entry {
        fact: Fact::Dose(known),
        ..
    }) = dose(6)
    else {
        panic!()
    };
    assert!(known.not_given.is_some());
    assert!(matches!(dose(7), Recorded::Unknown { .. }));
}

/// Observations of these readings (CBOR), on scale 1.
fn observed(readings: &[&[u8]]) -> Recorded {
    let count = u8::try_from(readings.len()).unwrap();
    let fact = [&[0xa2, 0x00, 0x80 | count][..], &readings.concat(), &[3, 0]].concat();
    Bytes {
        kind: "observations",
        fact,
        ..Bytes::default()
    }
    .read()
    .unwrap()
}

/// Systolic 90 mmHg.
const SYSTOLIC: &[u8] = &[0x82, 2, 0x82, 0, 0x82, 0x82, 0x18, 90, 0, 2];

#[test]
fn a_reading_of_a_newer_version_hides_itself_and_no_other() {
    let newer: &[(u64, &[u8])] = &[
        // A unit, a reason and a form not known here; a quantity that says more; a new measure.
        (4, &[0x82, 4, 0x82, 0, 0x82, 0x82, 0x18, 72, 0, 0x18, 90]),
        (4, &[0x82, 4, 0x82, 1, 0x18, 90]),
        (4, &[0x82, 4, 0x82, 2, 0x00]),
        (4, &[0x82, 4, 0x82, 0, 0x83, 0x82, 0x18, 72, 0, 0, 1]),
        (4, &[0x82, 4, 0xa1, 0, 1]),
        (90, &[0x82, 0x18, 90, 0x82, 0, 0x82, 0x82, 1, 0, 2]),
    ];
    for (measure, reading) in newer {
        let Recorded::Known(entry) = observed(&[SYSTOLIC, reading]) else {
            panic!("{reading:?}")
        };
        let Fact::Observations(says) = &entry.fact else {
            panic!()
        };
        assert_eq!(says.readings.len(), 1);
        assert_eq!(says.unread.len(), 1);
        assert_eq!(says.unread[0].measure, *measure);
        assert_eq!(says.unread[0].of().is_some(), *measure == 4);
        let score = Score::of(says);
        assert_eq!((score.total(), score.missing().len()), (3, 6));
        assert_eq!(
            Recorded::from_cbor(&entry.to_cbor()).unwrap(),
            Recorded::Known(entry)
        );
    }
    // What is no reading at all is no set of observations of this version.
    for none in [
        &[0x04][..],
        &[0x81, 4],
        &[0x82, 0x61, b'a', 0],
        &[0x83, 4, 0, 0],
    ] {
        assert!(matches!(
            observed(&[SYSTOLIC, none]),
            Recorded::Unknown { .. }
        ));
    }
}

#[test]
fn the_content_of_an_entry_is_command_line_kind_subject_and_fact() {
    let content = |bytes: Bytes| codec::content(&bytes.build()).unwrap();
    let same = content(Bytes::default());
    let later = StatedInstant {
        at: UnixMillis(NOW.0 + 1),
        offset_minutes: 0,
    };
    for other in [
        Bytes {
            stated: later,
            ..Bytes::default()
        },
        Bytes {
            supersedes: Some(keys(2)),
            ..Bytes::default()
        },
        Bytes {
            later_key: true,
            ..Bytes::default()
        },
    ] {
        assert_eq!(content(other), same);
    }
    let kind = Bytes {
        kind: "wound",
        ..Bytes::default()
    };
    let fact = Bytes {
        fact: vec![0xa0],
        ..Bytes::default()
    };
    for other in [kind, fact] {
        assert_ne!(content(other), same);
    }
    assert!(codec::content(&[0xa1]).is_err());
}

/// An entry of a kind with a fact of these bytes.
fn said(kind: &'static str, fact: &[&[u8]]) -> Recorded {
    Bytes {
        kind,
        fact: fact.concat(),
        ..Bytes::default()
    }
    .read()
    .unwrap()
}

#[test]
fn a_field_of_a_newer_version_is_not_passed_over_inside_maps_either() {
    // A problem's coding, an allergy's map within its array, a shift of the settings: once as they
    // are, once with key 64, once with key 63.
    let coding = |count: u8, more: &[u8]| {
        let coding: [&[u8]; 4] = [&[0xa0 | count], b"\0aA\x01aB\x02aC", more, &[]];
        said("problem", &[&[0xa2, 0, 0x61, b'P', 1], &coding.concat()])
    };
    let allergy =
        |count: u8, more: &[u8]| said("allergy", &[&[0x82, 1, 0xa0 | count, 0, 0x61, b'P'], more]);
    let shift = |count: u8, more: &[u8]| {
        said(
            "settings",
            &[
                b"\xa7\0aA\x01aB\x02\0\x03\x80\x04\x81",
                &[0xa0 | count],
                b"\0aD\x01\x82\x07\0",
                more,
                b"\x05\x18\x3c\x06bMH",
            ],
        )
    };
    type With<'w> = &'w dyn Fn(u8, &[u8]) -> Recorded;
    let kinds: [(With<'_>, u8); 3] = [(&coding, 3), (&allergy, 1), (&shift, 2)];
    for (with, count) in kinds {
        assert!(matches!(with(count, &[]), Recorded::Known(_)));
        let extra = with(count + 1, &[0x18, 64, 0]);
        assert!(matches!(extra, Recorded::Known(_)));
        let newer = with(count + 1, &[0x18, 63, 0]);
        assert!(matches!(newer, Recorded::Unknown { .. }));
    }
}

#[test]
fn a_role_of_a_newer_version_hides_no_name() {
    let staff = |role: &[u8]| {
        let fact = [&[0xa3, 0x00, 0x61, b'A', 0x01, 0x61, b'B', 0x02][..], role].concat();
        Bytes {
            kind: "staff",
            fact,
            ..Bytes::default()
        }
        .read()
        .unwrap()
    };
    for (bytes, role) in [(&[8][..], Role::Auditor), (&[0x18, 90], Role::Newer(90))] {
        let Recorded::Known(Entry {
            fact: Fact::Staff(says),
            ..
        }) = staff(bytes)
        else {
            panic!()
        };
        assert_eq!((says.family.as_str(), says.role), ("B", role));
    }
    assert!(matches!(staff(&[0x81, 0]), Recorded::Unknown { .. }));
}

#[test]
fn a_known_kind_that_says_something_unknown_is_of_a_newer_version() {
    for fact in [vec![0x01], vec![0xa0], vec![0xa1, 0x00, 0x01], vec![0x80]] {
        let recorded = Bytes {
            fact,
            ..Bytes::default()
        }
        .read()
        .unwrap();
        assert!(matches!(recorded, Recorded::Unknown { .. }));
        assert_eq!(recorded.kind(), "note");
    }
}

#[test]
fn an_entry_without_its_surroundings_is_refused() {
    for key in [0, 1, 2, 3, 4, 6] {
        let without = Bytes {
            missing: Some(key),
            ..Bytes::default()
        }
        .read();
        assert!(matches!(without, Err(EntryError::Missing(_))), "{key}");
    }
}

#[test]
fn superseded_keys_are_bounded_at_n_and_n_plus_1_and_ascend() {
    let with = |keys| {
        Bytes {
            supersedes: Some(keys),
            ..Bytes::default()
        }
        .read()
    };
    assert!(with(keys(SUPERSEDES)).is_ok());
    assert!(matches!(
        with(keys(SUPERSEDES + 1)),
        Err(EntryError::Supersedes)
    ));
    assert!(matches!(with(Vec::new()), Err(EntryError::SupersedesOrder)));
    let mut turned = keys(2);
    turned.reverse();
    assert!(matches!(with(turned), Err(EntryError::SupersedesOrder)));
    let twice = [keys(1), keys(1)].concat();
    assert!(matches!(with(twice), Err(EntryError::SupersedesOrder)));
}

#[test]
fn a_stated_instant_is_bounded() {
    let with = |at, offset_minutes| {
        let stated = StatedInstant {
            at: UnixMillis(at),
            offset_minutes,
        };
        Bytes {
            stated,
            ..Bytes::default()
        }
        .read()
    };
    assert!(with(0, 1_080).is_ok());
    assert!(matches!(with(0, 1_081), Err(EntryError::Stated)));
    assert!(matches!(with(i64::MAX, 0), Err(EntryError::Stated)));
}

#[test]
fn a_kind_has_a_plain_name() {
    for kind in ["", "Note", "no te", "nöte", "note1"] {
        let named = Bytes {
            kind,
            ..Bytes::default()
        }
        .read();
        assert!(matches!(named, Err(EntryError::Kind)), "{kind}");
    }
}

#[test]
fn bytes_after_the_entry_and_too_many_bytes_are_refused() {
    let trailing = [Bytes::default().build(), vec![0x00]].concat();
    let refused = Recorded::from_cbor(&trailing);
    assert!(matches!(
        refused,
        Err(EntryError::Bytes(NotDeterministic::Trailing))
    ));
    let refused = Recorded::from_cbor(&vec![0x00; ENTRY_BYTES + 1]);
    assert!(matches!(
        refused,
        Err(EntryError::Bytes(NotDeterministic::TooLong))
    ));
}

#[test]
fn a_second_encoding_of_one_entry_is_refused() {
    let mut bytes = Bytes::default().build();
    // The line number 0 in two bytes.
    let line = 1 + 1 + 17 + 1;
    assert_eq!(bytes[line - 1..=line], [0x01, 0x00]);
    bytes.splice(line..=line, [0x18, 0x00]);
    let refused = Recorded::from_cbor(&bytes);
    assert!(matches!(
        refused,
        Err(EntryError::Bytes(NotDeterministic::NotShortest))
    ));
}

proptest! {
    #[test]
    fn whatever_is_written_reads_back_the_same(seed in any::<u64>()) {
        let mut draw = generate::counting(seed);
        for (kind, _) in Fact::KINDS {
            let entry = generate::entry(kind, NOW, &mut draw).unwrap();
            let bytes = entry.to_cbor();
            prop_assert_eq!(Recorded::from_cbor(&bytes).unwrap(), Recorded::Known(entry.clone()));
            let json = serde_json::to_string(&entry).unwrap();
            prop_assert_eq!(serde_json::from_str::<Entry>(&json).unwrap(), entry);
        }
    }

    #[test]
    fn no_bytes_make_the_reader_fail(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Recorded::from_cbor(&bytes);
    }

    #[test]
    fn no_damage_makes_the_reader_fail(seed in any::<u64>(), at in any::<usize>(), to in any::<u8>()) {
        let mut draw = generate::counting(seed);
        for (kind, _) in Fact::KINDS {
            let mut bytes = generate::entry(kind, NOW, &mut draw).unwrap().to_cbor();
            let at = at % bytes.len();
            bytes[at] = to;
            let Ok(Recorded::Known(entry)) = Recorded::from_cbor(&bytes) else { continue };
            // What is read in full has no second encoding, but for fields passed over.
            prop_assert!(entry.to_cbor().len() <= bytes.len());
        }
    }
}
