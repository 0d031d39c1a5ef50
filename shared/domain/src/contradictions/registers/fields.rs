//! Every field of a plain register in which two entries can differ.

use super::super::find;
use super::super::samples::{Bench, bed, identity};
use super::*;
use crate::chart::Sex;
use crate::directory::{Bed, Device, MeasureSystem, Role, Room, Shift, Unit};
use ids::{DeviceId, PersonId};

fn time(text: &str) -> crate::directory::TimeOfDay {
    text.parse().unwrap()
}

/// Whether two entries about one thing contradict each other.
fn differ(subject: Subject, a: &Fact, b: &Fact) -> bool {
    let mut bench = Bench::default();
    bench.add_about(subject, 1, a.clone());
    bench.add_about(subject, 2, b.clone());
    !find(&bench.standing(), &[]).is_empty()
}

/// That each change makes another register of it, and that marks, case and blanks do not.
fn each_differs<T: Clone>(
    subject: Subject,
    says: &T,
    fact: fn(T) -> Fact,
    same: fn(&mut T),
    changes: &[fn(&mut T)],
) {
    let changed = |change: fn(&mut T)| {
        let mut other = says.clone();
        change(&mut other);
        differ(subject, &fact(says.clone()), &fact(other))
    };
    assert!(!changed(same));
    for (at, change) in changes.iter().enumerate() {
        assert!(changed(*change), "{subject:?}: change {at}");
    }
}

#[test]
fn settings_differ_in_each_of_their_fields() {
    let settings = Settings {
        name: "Maple House".into(),
        time_zone: "America/Chicago".into(),
        measures: MeasureSystem::Metric,
        dose_times: vec![time("08:00"), time("20:00")],
        shifts: vec![Shift {
            name: "Day".into(),
            begins: time("07:00"),
        }],
        dose_window_minutes: 60,
        record_prefix: "MH".into(),
    };
    each_differs(
        Subject::Facility,
        &settings,
        Fact::Settings,
        |s| {
            s.name = " maple  HOUSE".into();
            s.dose_times.reverse();
        },
        &[
            |s| s.name = "Birch House".into(),
            |s| s.time_zone = "Europe/Berlin".into(),
            |s| s.measures = MeasureSystem::UsCustomary,
            |s| s.dose_times.truncate(1),
            |s| s.shifts[0].name = "Night".into(),
            |s| s.shifts[0].begins = time("06:00"),
            |s| s.shifts.clear(),
            |s| s.dose_window_minutes = 30,
            |s| s.record_prefix = "BH".into(),
        ],
    );
}

#[test]
fn staff_and_devices_differ_in_each_of_their_fields() {
    let staff = Staff {
        given: "Mercy".into(),
        family: "Okafor".into(),
        role: Role::RegisteredNurse,
        credential: Some("RN".into()),
    };
    each_differs(
        Subject::Person(PersonId::from_bytes([1; 16])),
        &staff,
        Fact::Staff,
        |s| s.family = "OKAFOR".into(),
        &[
            |s| s.given = "Mary".into(),
            |s| s.family = "Okoro".into(),
            |s| s.role = Role::Administrator,
            |s| s.credential = None,
        ],
    );
    each_differs(
        Subject::Device(DeviceId::from_bytes([1; 16])),
        &Device {
            name: "East 2".into(),
        },
        Fact::Device,
        |device| device.name = "east 2 ".into(),
        &[|device| device.name = "East 3".into()],
    );
}

#[test]
fn units_rooms_and_beds_differ_in_each_of_their_fields() {
    let space = Subject::Space(bed(1));
    each_differs(
        space,
        &Unit {
            id: bed(1),
            name: "East".into(),
        },
        Fact::Unit,
        |unit| unit.name = "EAST".into(),
        &[|unit| unit.name = "West".into()],
    );
    each_differs(
        space,
        &Room {
            id: bed(1),
            unit: bed(2),
            name: "12".into(),
        },
        Fact::Room,
        |room| room.name = " 12".into(),
        &[|room| room.name = "13".into(), |room| room.unit = bed(3)],
    );
    each_differs(
        space,
        &Bed {
            id: bed(1),
            room: bed(2),
            name: "12A".into(),
        },
        Fact::Bed,
        |place| place.name = "12a".into(),
        &[
            |place| place.name = "12B".into(),
            |place| place.room = bed(3),
        ],
    );
}

#[test]
fn identities_differ_in_each_of_their_fields() {
    let Fact::Identity(says) = identity("Zoë", "O'Brien", "1940-06-15") else {
        panic!()
    };
    let one = Subject::Resident(super::super::samples::resident(1));
    each_differs(
        one,
        &says,
        Fact::Identity,
        // The number as somebody types it is the same number.
        |says| says.record_number = "mh0024175".into(),
        &[
            |says| says.given = "Zora".into(),
            |says| says.family = "O'Bryan".into(),
            |says| says.preferred = Some("Zo".into()),
            |says| says.born = None,
            // That less is known of it is no reason to take it for the same.
            |says| says.born = "1940".parse().ok(),
            |says| says.sex = Sex::Other,
            |says| says.record_number = "MH-000001-4".into(),
        ],
    );
}
