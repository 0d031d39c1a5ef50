//! The rules that only an entry from outside can break: each is broken here once.

use super::*;
use crate::directory::{Bed, Device, MeasureSystem, Move, MoveKind, Room, Settings, Unit};
use crate::entry::SpaceId;
use ids::DeviceId;

const YEAR: i64 = 366 * 86_400_000;

fn space(n: u8) -> SpaceId {
    SpaceId(CommandId::from_bytes([n; 16]))
}

/// The fact under a subject, in the document it would lie in there.
fn is_said_about(fact: Fact, subject: Subject) -> bool {
    let stated = StatedInstant {
        at: UnixMillis(NOW),
        offset_minutes: 0,
    };
    let what = fact.home(subject, stated, None);
    let said = Said::new(1, 7, note(""), &[]);
    let Recorded::Known(entry) = said.recorded else {
        panic!()
    };
    let entry = Entry {
        subject,
        stated,
        fact,
        ..entry
    };
    what.is_ok_and(|what| is_sound(&Recorded::Known(entry), &what))
}

#[test]
fn what_is_said_of_the_house_is_said_of_the_right_thing_in_it() {
    let settings = Settings {
        name: String::new(),
        time_zone: String::new(),
        measures: MeasureSystem::Metric,
        dose_times: Vec::new(),
        shifts: Vec::new(),
        dose_window_minutes: 0,
        record_prefix: String::new(),
    };
    let name = String::new;
    let (id, room, unit) = (space(1), space(2), space(3));
    let moved = Move {
        resident: ResidentId(CommandId::from_bytes([1; 16])),
        what: MoveKind::Death,
        bed: None,
        comment: None,
        after: None,
    };
    let (one, other) = (Subject::Space(space(1)), Subject::Space(space(9)));
    let device = Subject::Device(DeviceId::from_bytes([1; 16]));
    for (fact, right, wrong) in [
        (Fact::Settings(settings), Subject::Facility, one),
        (Fact::Unit(Unit { id, name: name() }), one, other),
        (
            Fact::Room(Room {
                id,
                unit,
                name: name(),
            }),
            one,
            other,
        ),
        (
            Fact::Bed(Bed {
                id,
                room,
                name: name(),
            }),
            one,
            other,
        ),
        (
            Fact::Device(Device { name: name() }),
            device,
            Subject::Facility,
        ),
        (Fact::Move(moved), resident(1), resident(2)),
    ] {
        assert!(is_said_about(fact.clone(), right), "{fact:?}");
        assert!(!is_said_about(fact.clone(), wrong), "{fact:?}");
    }
}

#[test]
fn an_entry_lies_in_its_own_residents_document_and_of_another_time_only_after_another() {
    let old = Said::new(1, 7, note("slept well"), &[]);
    let allergy = Said::new(1, 7, allergy("latex"), &[]);
    assert!(is_sound(&allergy.recorded, &allergy.what));
    let others = Document {
        subject: resident(2),
        ..allergy.what
    };
    assert!(!is_sound(&allergy.recorded, &others));
    // A correction a month later lies with what it corrects; the same words alone do not.
    let later = Said::new(2 * MONTH, 7, note("slept badly"), &[&old]);
    assert_eq!(later.what, old.what);
    assert!(is_sound(&later.recorded, &old.what));
    let alone = Said::new(2 * MONTH, 7, note("slept badly"), &[]);
    assert!(!is_sound(&alone.recorded, &old.what));
    // What is about other entries lies with them: in another resident's journal it is not sound, in
    // a document of the house it is.
    let strike = Said::new(2, 7, strike_of(&old), &[&old]);
    assert!(is_sound(&strike.recorded, &old.what));
    assert!(!is_sound(&strike.about(resident(2)).recorded, &old.what));
    let of_the_house = Said::new(2, 7, strike_of(&old), &[&old]);
    let moves = Document::of(
        DocumentKind::Moves,
        Subject::Facility,
        of_the_house.recorded.stated(),
    );
    assert!(is_sound(&of_the_house.recorded, &moves.unwrap()));
}

/// The same entry in words of a newer version.
fn newer(said: &Said, kind: &str) -> Said {
    let Recorded::Known(entry) = &said.recorded else {
        panic!()
    };
    Said {
        key: said.key.clone(),
        author: said.author,
        what: said.what,
        recorded: Recorded::Unknown {
            command: entry.command,
            line: entry.line,
            kind: kind.to_owned(),
            subject: entry.subject,
            stated: entry.stated,
            supersedes: entry.supersedes.clone(),
        },
    }
}

#[test]
fn what_a_newer_version_wrote_lies_in_the_type_of_document_of_its_kind() {
    let journal = Said::new(1, 7, note("slept well"), &[]);
    assert!(is_sound(&newer(&journal, "note").recorded, &journal.what));
    assert!(!is_sound(
        &newer(&journal, "allergy").recorded,
        &journal.what
    ));
    assert!(is_sound(&newer(&journal, "wound").recorded, &journal.what));
}

#[test]
fn no_order_identity_or_allergy_replaces_one_that_cannot_be_read() {
    for (fact, kind) in [
        (order(1, "Warfarin"), "order"),
        (allergy("latex"), "allergy"),
    ] {
        let old = Said::new(1, 7, fact.clone(), &[]);
        let by = Said::new(2, 7, fact, &[&old]);
        assert_eq!(by.does_to(&old), REPLACES);
        assert_eq!(by.does_to(&newer(&old, kind)), None);
    }
    // A code status is one register, whatever the other says.
    let old = Said::new(1, 7, code(CodeStatusChoice::ComfortOnly), &[]);
    let by = Said::new(2, 7, code(CodeStatusChoice::FullTreatment), &[&old]);
    assert_eq!(by.does_to(&newer(&old, "code_status")), REPLACES);
}

#[test]
fn an_addendum_replaces_no_addendum() {
    let text = Said::new(1, 7, note("slept well"), &[]);
    let add = |n, over: &[&Said]| {
        let fact = Fact::Addendum(Addendum {
            to: text.key.clone(),
            text: "was up twice".into(),
        });
        let mut said = Said::new(n, 7, fact, &[&text]);
        if let Recorded::Known(entry) = &mut said.recorded {
            entry.supersedes = over.iter().map(|said| said.key.clone()).collect();
        }
        said
    };
    let first = add(2, &[]);
    assert_eq!(add(3, &[&first]).does_to(&first), None);
}

#[test]
fn a_signature_names_its_entry_and_lies_in_the_year_in_which_it_was_made() {
    let of_this_year = Said::new(1, 7, allergy("latex"), &[]);
    let other = Said::new(2, 7, allergy("nickel"), &[]);
    let sign = |n, entry: &Said| {
        let entries = vec![entry.key.clone()];
        Said::new(
            n,
            7,
            Fact::Signature(Signature { entries }),
            &[&of_this_year],
        )
    };
    let signed = |by: &Said| signs(&by.placed(), &of_this_year.placed());
    assert!(signed(&sign(3, &of_this_year)));
    assert!(!signed(&sign(3, &other)), "names another");
    let mut next_year = sign(YEAR, &of_this_year);
    assert_ne!(next_year.what, of_this_year.what);
    assert!(signed(&next_year));
    next_year.what = of_this_year.what;
    assert!(!signed(&next_year), "not where its followers lie");
}
