//! Golden vectors: the bytes of an entry of every kind. They are committed once and compared, never
//! written by a test: entries of version 1 read the same for ever.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use crate::generate;
use ids::{CommandId, DeviceId, EntryKey, PersonId, StatedInstant, UnixMillis};
use lamplight_domain::chart::{
    Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Coding, Identity, Order, OrderId, Problem,
    ScaleDecision, Severity, Sex,
};
use lamplight_domain::directory::{
    Bed, Date, Device, MeasureSystem, Move, MoveKind, ResidentName, Role, Room, Settings, Shift,
    Staff, TimeOfDay, Unit,
};
use lamplight_domain::journal::{
    Absent, Consciousness, Dose, Measure, NotGiven, Note, Observations, Reading, SaturationScale,
    Slot, Unread, Unstated,
};
use lamplight_domain::meta::{Addendum, Decision, Resolution, Signature, Strike};
use lamplight_domain::quantity::{Quantity, Unit as MeasureUnit};
use lamplight_domain::{
    Entry, Fact, KnownKind, PartialDate, Recorded, ResidentId, SpaceId, Subject,
};
use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

fn id(n: u8) -> CommandId {
    CommandId::from_bytes([n; 16])
}

fn space(n: u8) -> SpaceId {
    SpaceId(id(n))
}

fn key(n: u8) -> EntryKey {
    EntryKey::from_parts(UnixMillis(1_795_000_000_000 + i64::from(n)), [n; 10])
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn partial(text: &str) -> PartialDate {
    text.parse().unwrap()
}

fn time(text: &str) -> TimeOfDay {
    text.parse().unwrap()
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// An entry about resident 0x52…, stated on 2026-11-18 in Chicago.
fn entry(fact: Fact) -> Entry {
    Entry {
        command: id(0xc0),
        line: 0,
        subject: Subject::Resident(ResidentId(id(0x52))),
        stated: StatedInstant {
            at: UnixMillis(1_795_000_000_000),
            offset_minutes: -360,
        },
        supersedes: Vec::new(),
        fact,
    }
}

fn about(subject: Subject, fact: Fact) -> Entry {
    Entry {
        subject,
        ..entry(fact)
    }
}

/// Every vector: its file's name and its entry.
fn examples() -> Vec<(&'static str, Entry)> {
    let mut all = house();
    all.extend(chart());
    all.extend(journal());
    all.extend(meta());
    all
}

fn house() -> Vec<(&'static str, Entry)> {
    let settings = Settings {
        name: "Maple House".into(),
        time_zone: "America/Chicago".into(),
        measures: MeasureSystem::UsCustomary,
        dose_times: vec![time("08:00"), time("20:30")],
        shifts: vec![
            Shift {
                name: "Day".into(),
                begins: time("07:00"),
            },
            Shift {
                name: "Night".into(),
                begins: time("19:00"),
            },
        ],
        dose_window_minutes: 60,
        record_prefix: "MH".into(),
    };
    let staff = Staff {
        given: "Mercy".into(),
        family: "Okafor".into(),
        role: Role::RegisteredNurse,
        credential: some("RN"),
    };
    let assistant = Staff {
        role: Role::CareAssistant,
        credential: None,
        ..staff.clone()
    };
    let newer = Staff {
        role: Role::Newer(90),
        ..assistant.clone()
    };
    let person = Subject::Person(PersonId::from_bytes([0x9e; 16]));
    let device = Subject::Device(DeviceId::from_bytes([0xde; 16]));
    let named = Device {
        name: "East wing tablet 2".into(),
    };
    let bed_change = Move {
        resident: ResidentId(id(0x52)),
        what: MoveKind::BedChange,
        bed: Some(space(3)),
        comment: some("closer to the desk"),
        after: None,
    };
    let death = Move {
        resident: ResidentId(id(0x52)),
        what: MoveKind::Death,
        bed: None,
        comment: None,
        after: None,
    };
    let name = ResidentName {
        given: "Rosa".into(),
        family: "Álvarez".into(),
    };
    vec![
        (
            "settings",
            about(Subject::Facility, Fact::Settings(settings)),
        ),
        (
            "unit",
            about(
                Subject::Space(space(1)),
                Fact::Unit(Unit {
                    id: space(1),
                    name: "East".into(),
                }),
            ),
        ),
        (
            "room",
            about(
                Subject::Space(space(2)),
                Fact::Room(Room {
                    id: space(2),
                    unit: space(1),
                    name: "12".into(),
                }),
            ),
        ),
        (
            "bed",
            about(
                Subject::Space(space(3)),
                Fact::Bed(Bed {
                    id: space(3),
                    room: space(2),
                    name: "12A".into(),
                }),
            ),
        ),
        ("staff", about(person, Fact::Staff(staff))),
        ("staff.assistant", about(person, Fact::Staff(assistant))),
        ("staff.newer_role", about(person, Fact::Staff(newer))),
        ("device", about(device, Fact::Device(named))),
        ("resident_name", entry(Fact::ResidentName(name))),
        ("move", entry(Fact::Move(bed_change))),
        ("move.death", entry(Fact::Move(death))),
    ]
}

fn chart() -> Vec<(&'static str, Entry)> {
    let identity = Identity {
        given: "Rosa".into(),
        family: "Álvarez".into(),
        preferred: None,
        born: Some(partial("1940-06-15")),
        sex: Sex::Female,
        record_number: "MH-002417-5".into(),
    };
    let problem = Problem {
        text: "Atrial fibrillation".into(),
        coding: Some(Coding {
            system: "http://hl7.org/fhir/sid/icd-10-cm".into(),
            code: "I48.91".into(),
            display: "Unspecified atrial fibrillation".into(),
        }),
        onset: Some(partial("2019-03-01")),
        ended: None,
    };
    let allergy = Allergy::To(AllergyTo {
        substance: "penicillin".into(),
        reaction: some("rash"),
        severity: Some(Severity::Moderate),
        source: None,
    });
    let code_status = CodeStatus {
        choice: CodeStatusChoice::DoNotResuscitate,
        comment: None,
        stated_by: some("resident"),
    };
    let order = Order {
        order: OrderId(id(0x0d)),
        version: 2,
        medicine: "Warfarin".into(),
        dose: "3 mg".into(),
        route: "by mouth".into(),
        times: vec![time("08:00")],
        as_needed: None,
        starts: partial("2026-11-01"),
        ended: None,
        prescriber: some("Dr Ito"),
        apart_minutes: None,
        most_in_a_day: None,
        hold: None,
        ended_at: None,
        starts_at: None,
        high_alert: true,
    };
    let of_a_year = Identity {
        born: Some(partial("1931")),
        ..identity.clone()
    };
    let of_a_month = Problem {
        onset: Some(partial("2019-05")),
        ended: Some(partial("2021")),
        ..problem.clone()
    };
    let since_a_month = Order {
        starts: partial("2026-11"),
        ..order.clone()
    };
    let stopped = Order {
        version: 3,
        ended: Some(date("2026-11-18")),
        ended_at: Some(time("11:00")),
        starts_at: Some(time("14:30")),
        ..order.clone()
    };
    let as_needed = Order {
        order: OrderId(id(0x0e)),
        version: 1,
        medicine: "Oxycodone".into(),
        dose: "5 mg".into(),
        times: Vec::new(),
        as_needed: some("pain"),
        apart_minutes: Some(240),
        most_in_a_day: Some(4),
        hold: some("breathing rate below 10"),
        ..order.clone()
    };
    let scale = ScaleDecision {
        scale: SaturationScale::Two,
        decided_by: "Dr Ito".into(),
        decided_on: date("2026-11-17"),
        reason: some("COPD, hypercapnic"),
    };
    let corrected = Entry {
        line: 1,
        supersedes: vec![key(2), key(1)],
        ..entry(Fact::Order(order))
    };
    vec![
        ("identity", entry(Fact::Identity(identity))),
        ("identity.year", entry(Fact::Identity(of_a_year))),
        ("problem", entry(Fact::Problem(problem))),
        ("problem.month", entry(Fact::Problem(of_a_month))),
        ("allergy", entry(Fact::Allergy(allergy))),
        (
            "allergy.none_known",
            entry(Fact::Allergy(Allergy::NoneKnown)),
        ),
        ("code_status", entry(Fact::CodeStatus(code_status))),
        ("order", corrected),
        ("order.as_needed", entry(Fact::Order(as_needed))),
        ("order.stopped", entry(Fact::Order(stopped))),
        ("saturation_scale", entry(Fact::SaturationScale(scale))),
        ("order.month", entry(Fact::Order(since_a_month))),
    ]
}

fn journal() -> Vec<(&'static str, Entry)> {
    let slot = Slot {
        order: OrderId(id(0x0d)),
        version: 2,
        date: date("2026-11-18"),
        time: Some(time("08:00")),
    };
    let given = Dose {
        slot,
        not_given: None,
        comment: None,
    };
    let refused = Dose {
        slot: Slot { time: None, ..slot },
        not_given: Some(NotGiven::Other),
        comment: some("at the dentist"),
    };
    let value = |text, unit| Reading::Value(Quantity::parse(text, unit).unwrap());
    let observations = Observations {
        readings: vec![
            (
                Measure::RespiratoryRate,
                value("16", MeasureUnit::PerMinute),
            ),
            (Measure::Pulse, Reading::Absent(Absent::Declined)),
            (Measure::Temperature, value("38.30", MeasureUnit::Celsius)),
        ],
        unread: Vec::new(),
        oxygen_unstated: None,
        consciousness_unstated: None,
        on_oxygen: Some(false),
        consciousness: Some(Consciousness::Confusion),
        scale: SaturationScale::Two,
        comment: None,
    };
    let body = Observations {
        readings: vec![
            (Measure::Height, value("67", MeasureUnit::Inch)),
            (
                Measure::HeadCircumference,
                value("56.5", MeasureUnit::Centimetre),
            ),
            (
                Measure::BodyMassIndex,
                value("23.4", MeasureUnit::KilogramPerSquareMetre),
            ),
            (Measure::UrineOutput, value("350", MeasureUnit::Millilitre)),
            (Measure::FluidIntake, value("200", MeasureUnit::Millilitre)),
        ],
        on_oxygen: None,
        consciousness: None,
        scale: SaturationScale::One,
        ..observations.clone()
    };
    // A pulse in a unit, and a measure, that no version has yet: 72 of unit 90, 1 of measure 90.
    let newer = Observations {
        readings: vec![(
            Measure::Systolic,
            value("120", MeasureUnit::MillimetreOfMercury),
        )],
        unread: vec![
            Unread {
                measure: 4,
                found: vec![0x82, 0, 0x82, 0x82, 0x18, 72, 0, 0x18, 90],
            },
            Unread {
                measure: 90,
                found: vec![0x82, 0, 0x82, 0x82, 1, 0, 2],
            },
        ],
        ..body.clone()
    };
    let asleep = Observations {
        readings: vec![(Measure::Pulse, value("58", MeasureUnit::PerMinute))],
        on_oxygen: None,
        consciousness: None,
        scale: SaturationScale::One,
        oxygen_unstated: Some(Unstated::Newer(90)),
        consciousness_unstated: Some(Unstated::Because(Absent::Asleep)),
        ..observations.clone()
    };
    let note = Note {
        text: "Slept well.\nAte half of breakfast.".into(),
    };
    vec![
        ("dose", entry(Fact::Dose(given))),
        ("dose.not_given", entry(Fact::Dose(refused))),
        ("observations", entry(Fact::Observations(observations))),
        ("observations.body", entry(Fact::Observations(body))),
        ("observations.newer", entry(Fact::Observations(newer))),
        ("observations.unstated", entry(Fact::Observations(asleep))),
        ("note", entry(Fact::Note(note))),
    ]
}

fn meta() -> Vec<(&'static str, Entry)> {
    let strike = Strike {
        entry: key(1),
        reason: "wrong resident".into(),
        kind: KnownKind::named("note").unwrap(),
    };
    let struck = Entry {
        supersedes: vec![key(1)],
        ..entry(Fact::Strike(strike))
    };
    let resolution = |decision| {
        Fact::Resolution(Resolution {
            of: vec![key(1), key(2)],
            decision,
            reason: "asked both nurses".into(),
        })
    };
    let addendum = Addendum {
        to: key(1),
        text: "Daughter called back.".into(),
    };
    let signature = Signature {
        entries: vec![key(1), key(2)],
    };
    vec![
        ("addendum", entry(Fact::Addendum(addendum))),
        ("signature", entry(Fact::Signature(signature))),
        ("strike", struck),
        ("resolution", entry(resolution(Decision::Only(key(2))))),
        ("resolution.both", entry(resolution(Decision::Both))),
        (
            "resolution.neither",
            entry(resolution(Decision::Neither(key(3)))),
        ),
    ]
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Vec<u8> {
    let digits: String = text.split_whitespace().collect();
    let pairs = (0..digits.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
        .collect()
}

fn committed(name: &str) -> Vec<u8> {
    let path = folder().join(format!("{name}.hex"));
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    unhex(&text)
}

#[test]
fn every_entry_has_the_bytes_that_were_committed() {
    for (name, entry) in examples() {
        assert_eq!(hex(&entry.to_cbor()), hex(&committed(name)), "{name}");
    }
}

#[test]
fn every_committed_vector_reads_as_its_entry() {
    for (name, mut entry) in examples() {
        entry.supersedes.sort();
        assert_eq!(
            Recorded::from_cbor(&committed(name)).unwrap(),
            Recorded::Known(entry)
        );
    }
}

#[test]
fn every_kind_has_a_vector_and_a_generator() {
    let vectors: BTreeSet<_> = examples()
        .iter()
        .map(|(_, entry)| entry.fact.kind())
        .collect();
    let mut draw = generate::counting(1);
    for (kind, _) in Fact::KINDS {
        assert!(
            vectors.contains(kind),
            "{kind}: add an example and commit its bytes"
        );
        let drawn = generate::fact(kind, date("2026-11-18"), &mut draw);
        assert_eq!(
            drawn.map(|fact| fact.kind()),
            Some(*kind),
            "{kind}: add it to generate.rs"
        );
    }
}

/// Vectors of what no kind of this version is: `later.rs` compares them.
const LATER: [&str; 10] = [
    "adoption",
    "attachment",
    "later.choice",
    "later.extra",
    "later.field",
    "later.kind",
    "later.source",
    "later.source.copy",
    "later.strike",
    "record",
];

#[test]
fn every_committed_file_is_compared() {
    let known = examples().into_iter().map(|(name, _)| name);
    let names: BTreeSet<String> = known
        .chain(LATER)
        .map(|name| format!("{name}.hex"))
        .collect();
    let files = fs::read_dir(folder()).unwrap();
    let found: BTreeSet<String> = files
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, names);
}
