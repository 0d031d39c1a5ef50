//! Rules of the house and its people.

use super::{Broken, Rule, bounds, hold, text};
use crate::clock::Zone;
use crate::directory::{Move, MoveKind, Settings, Staff, TimeOfDay};
use crate::record_number;

pub(super) fn settings(says: &Settings) -> Result<(), Broken> {
    text::name("name", &says.name)?;
    hold(
        Zone::named(&says.time_zone).is_ok(),
        "time_zone",
        Rule::NoSuch,
    )?;
    times("dose_times", &says.dose_times)?;
    let most = bounds::SHIFTS;
    hold(says.shifts.len() <= most, "shifts", Rule::TooMany { most })?;
    for shift in &says.shifts {
        text::name("shifts", &shift.name)?;
        hold(shift.begins.is_valid(), "shifts", Rule::NoSuch)?;
    }
    let mut begins: Vec<TimeOfDay> = says.shifts.iter().map(|shift| shift.begins).collect();
    begins.sort_unstable();
    begins.dedup();
    hold(begins.len() == says.shifts.len(), "shifts", Rule::Order)?;
    let most = usize::from(bounds::DOSE_WINDOW_MINUTES);
    let window = says.dose_window_minutes <= bounds::DOSE_WINDOW_MINUTES;
    hold(window, "dose_window_minutes", Rule::TooMany { most })?;
    hold(
        record_number::is_prefix(&says.record_prefix),
        "record_prefix",
        Rule::Form,
    )
}

/// Times of day: each once, ascending.
pub(super) fn times(field: &'static str, times: &[TimeOfDay]) -> Result<(), Broken> {
    let most = bounds::TIMES;
    hold(times.len() <= most, field, Rule::TooMany { most })?;
    hold(
        times.iter().all(|time| time.is_valid()),
        field,
        Rule::NoSuch,
    )?;
    hold(times.is_sorted_by(|a, b| a < b), field, Rule::Order)
}

pub(super) fn staff(says: &Staff) -> Result<(), Broken> {
    person(&says.given, &says.family)?;
    text::line_if_any("credential", says.credential.as_deref())
}

/// Some people have one name only: it is the family name.
pub(super) fn person(given: &str, family: &str) -> Result<(), Broken> {
    text::line("given", given, bounds::NAME_BYTES)?;
    text::name("family", family)
}

pub(super) fn moved(says: &Move) -> Result<(), Broken> {
    match says.what {
        MoveKind::BedChange => hold(says.bed.is_some(), "bed", Rule::Mandatory)?,
        MoveKind::LeaveBegins | MoveKind::Discharge | MoveKind::Death => {
            hold(
                says.bed.is_none(),
                "bed",
                Rule::Contradicts { other: "what" },
            )?;
        }
        MoveKind::Admission | MoveKind::LeaveEnds => {}
    }
    text::comment("comment", says.comment.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::directory::{MeasureSystem, Shift};

    fn maple_house() -> Settings {
        let time = |text: &str| text.parse().unwrap();
        Settings {
            name: "Maple House".into(),
            time_zone: "America/Chicago".into(),
            measures: MeasureSystem::UsCustomary,
            dose_times: vec![time("08:00"), time("12:00"), time("20:00")],
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
        }
    }

    #[test]
    fn settings_name_the_field_that_is_wrong() {
        assert_eq!(settings(&maple_house()), Ok(()));
        let check = |change: fn(&mut Settings), field, rule| {
            let mut changed = maple_house();
            change(&mut changed);
            assert_eq!(settings(&changed), Err(Broken { field, rule }));
        };
        check(|s| s.name.clear(), "name", Rule::Mandatory);
        check(
            |s| s.time_zone = "Chicago".into(),
            "time_zone",
            Rule::NoSuch,
        );
        check(|s| s.dose_times.reverse(), "dose_times", Rule::Order);
        check(
            |s| s.shifts[1].begins = s.shifts[0].begins,
            "shifts",
            Rule::Order,
        );
        check(
            |s| s.record_prefix = "m".into(),
            "record_prefix",
            Rule::Form,
        );
        let mut longest = maple_house();
        longest.dose_window_minutes = bounds::DOSE_WINDOW_MINUTES;
        assert_eq!(settings(&longest), Ok(()));
        let most = usize::from(bounds::DOSE_WINDOW_MINUTES);
        check(
            |s| s.dose_window_minutes = bounds::DOSE_WINDOW_MINUTES + 1,
            "dose_window_minutes",
            Rule::TooMany { most },
        );
    }

    #[test]
    fn a_bed_change_names_its_bed_and_a_discharge_none() {
        let id = ids::CommandId::from_bytes([1; 16]);
        let with = |what, bed| {
            moved(&Move {
                resident: crate::ResidentId(id),
                what,
                bed,
                comment: None,
                after: None,
            })
            .is_ok()
        };
        let bed = Some(crate::SpaceId(id));
        assert!(with(MoveKind::BedChange, bed) && !with(MoveKind::BedChange, None));
        assert!(with(MoveKind::Discharge, None) && !with(MoveKind::Discharge, bed));
        assert!(with(MoveKind::Admission, bed) && with(MoveKind::Admission, None));
    }

    #[test]
    fn times_and_shifts_are_some_and_each_is_a_time_with_a_name() {
        let shift = |name: &str, minute| Shift {
            name: name.into(),
            begins: TimeOfDay { hour: 7, minute },
        };
        let of = |shifts: Vec<Shift>| {
            let says = Settings {
                shifts,
                ..maple_house()
            };
            settings(&says).map_err(|broken| broken.rule)
        };
        let many = |n: usize| (0..).take(n).map(|minute| shift("Day", minute)).collect();
        let most = bounds::SHIFTS;
        assert_eq!(of(many(most)), Ok(()));
        assert_eq!(of(many(most + 1)), Err(Rule::TooMany { most }));
        assert_eq!(of(vec![shift("", 0)]), Err(Rule::Mandatory));
        assert_eq!(of(vec![shift("Day", 60)]), Err(Rule::NoSuch));
        let every = |n: usize| -> Vec<TimeOfDay> {
            let at = |minute: u8| TimeOfDay {
                hour: minute / 60,
                minute: minute % 60,
            };
            (0..).take(n).map(at).collect()
        };
        let most = bounds::TIMES;
        assert_eq!(times("times", &every(most)), Ok(()));
        let rule = times("times", &every(most + 1)).unwrap_err().rule;
        assert_eq!(rule, Rule::TooMany { most });
    }

    #[test]
    fn a_person_has_a_family_name_and_lines_that_are_lines() {
        let of = |given: &str, family: &str, credential: Option<&str>| {
            let says = Staff {
                given: given.into(),
                family: family.into(),
                role: crate::directory::Role::RegisteredNurse,
                credential: credential.map(str::to_owned),
            };
            staff(&says).map_err(|broken| (broken.field, broken.rule))
        };
        assert_eq!(of("", "Suharto", Some("RN")), Ok(()));
        assert_eq!(of("Ann", "", None), Err(("family", Rule::Mandatory)));
        assert_eq!(of("A\nB", "Day", None), Err(("given", Rule::Control)));
        assert_eq!(
            of("Ann", "Day", Some(" ")),
            Err(("credential", Rule::Mandatory))
        );
    }
}
