//! Wall clocks: between instants and the local dates and times of the home's zone. Nothing here
//! asks what time it is. The zone data are compiled in, so a browser, a server and the simulator
//! agree whatever their operating system holds.

use crate::directory::{Date, TimeOfDay};
use ids::{StatedInstant, UnixMillis};
use jiff::Timestamp;
use jiff::tz::{TimeZone, TimeZoneDatabase};

/// Most minutes a wall clock may be away from UTC.
pub const OFFSET_MINUTES_MAX: i16 = 1_080;
/// 0001-01-01T00:00Z.
const FIRST: UnixMillis = UnixMillis(-62_135_596_800_000);
/// 9999-12-30T00:00Z, from which every zone is still in the year 9999.
const LAST: UnixMillis = UnixMillis(253_402_128_000_000);

/// A name that is no zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone: use a name of the IANA database, like America/Chicago")]
pub struct UnknownZone;

/// The zone of a home.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone(TimeZone);

/// What a wall clock showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Local {
    /// The date.
    pub date: Date,
    /// The time of day, to the minute.
    pub time: TimeOfDay,
    /// Minutes east of UTC.
    pub offset_minutes: i16,
}

/// How often a wall clock shows a time of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// As on most days.
    Once(UnixMillis),
    /// In autumn, when the clock is put back: both instants.
    Twice(UnixMillis, UnixMillis),
    /// In spring, when it is put forward.
    Never,
}

impl Zone {
    /// Coordinated universal time, for a home whose zone is not known yet.
    pub const UTC: Zone = Zone(TimeZone::UTC);

    /// The zone with this IANA name, e.g. `America/Chicago`.
    ///
    /// # Errors
    /// When the database has no such zone.
    pub fn named(name: &str) -> Result<Zone, UnknownZone> {
        TimeZoneDatabase::bundled()
            .get(name)
            .map(Zone)
            .map_err(|_| UnknownZone)
    }

    /// Minutes east of UTC at an instant.
    pub fn offset_minutes(&self, at: UnixMillis) -> i16 {
        let seconds = self.0.to_offset(timestamp(at)).seconds();
        i16::try_from(seconds.div_euclid(60)).unwrap_or(0)
    }

    /// The instant with the offset of the home's wall clock: how an author states "now".
    pub fn stated(&self, at: UnixMillis) -> StatedInstant {
        StatedInstant {
            at,
            offset_minutes: self.offset_minutes(at),
        }
    }

    /// What the home's wall clock shows at an instant.
    pub fn local(&self, at: UnixMillis) -> Local {
        local(self.stated(at))
    }

    /// The local date at an instant.
    pub fn date(&self, at: UnixMillis) -> Date {
        self.local(at).date
    }

    /// The instant at which the home's wall clock shows this date and time. Where the clock skips
    /// it (spring), the instant as long after the skip's beginning as the time lies in it: 02:30
    /// becomes 03:30. Where the clock shows it twice (autumn), the first. `None` for a date or
    /// time that does not exist.
    pub fn instant(&self, date: Date, time: TimeOfDay) -> Option<UnixMillis> {
        time.is_valid().then_some(())?;
        let (hour, minute) = (
            i8::try_from(time.hour).ok()?,
            i8::try_from(time.minute).ok()?,
        );
        let wall = date.civil()?.at(hour, minute, 0, 0);
        let instant = self.0.to_ambiguous_timestamp(wall).compatible().ok()?;
        Some(UnixMillis(instant.as_millisecond()))
    }

    /// When the home's wall clock shows this date and time, for what somebody says happened then:
    /// skipped and doubled times are asked back, and not guessed at. `None` for a date or time that
    /// does not exist.
    pub fn shown(&self, date: Date, time: TimeOfDay) -> Option<Shown> {
        let first = self.instant(date, time)?;
        let (hour, minute) = (
            i8::try_from(time.hour).ok()?,
            i8::try_from(time.minute).ok()?,
        );
        let wall = date.civil()?.at(hour, minute, 0, 0);
        let ambiguous = self.0.to_ambiguous_timestamp(wall);
        if !ambiguous.is_ambiguous() {
            return Some(Shown::Once(first));
        }
        let local = self.local(first);
        if (local.date, local.time) != (date, time) {
            return Some(Shown::Never);
        }
        let second = ambiguous.later().ok()?;
        Some(Shown::Twice(first, UnixMillis(second.as_millisecond())))
    }

    /// The local day as instants: its first, and the first of the next day. A day is 23 or 25
    /// hours long when the clocks change. `None` for a date that does not exist.
    pub fn day(&self, date: Date) -> Option<(UnixMillis, UnixMillis)> {
        let midnight = TimeOfDay { hour: 0, minute: 0 };
        Some((
            self.instant(date, midnight)?,
            self.instant(date.plus_days(1)?, midnight)?,
        ))
    }

    /// When the times of day fall on a date: ascending, each time once, also on the days when the
    /// clocks change. Times that do not exist are left out.
    pub fn slots(&self, date: Date, times: &[TimeOfDay]) -> Vec<(TimeOfDay, UnixMillis)> {
        let mut times = times.to_vec();
        times.sort_unstable();
        times.dedup();
        times
            .into_iter()
            .filter_map(|time| Some((time, self.instant(date, time)?)))
            .collect()
    }
}

/// What its author's wall clock showed at a stated instant.
pub fn local(stated: StatedInstant) -> Local {
    let shifted = stated.at.plus(i64::from(stated.offset_minutes) * 60_000);
    let wall = timestamp(shifted).to_zoned(TimeZone::UTC).datetime();
    Local {
        date: Date::from_civil(wall.date()),
        time: TimeOfDay {
            hour: wall.hour().unsigned_abs(),
            minute: wall.minute().unsigned_abs(),
        },
        offset_minutes: stated.offset_minutes,
    }
}

/// The date at an instant by UTC, which periods go by.
pub fn utc_date(at: UnixMillis) -> Date {
    local(StatedInstant {
        at,
        offset_minutes: 0,
    })
    .date
}

/// Whether an instant may stand in an entry: years 1 to 9999, at most 18 hours from UTC.
pub fn is_in_range(stated: StatedInstant) -> bool {
    let offset = -OFFSET_MINUTES_MAX..=OFFSET_MINUTES_MAX;
    (FIRST..LAST).contains(&stated.at) && offset.contains(&stated.offset_minutes)
}

/// Instants outside the years 1 to 9999 (no entry has such) count as the nearest inside.
fn timestamp(at: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(at.clamp(FIRST, LAST).0).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn time(text: &str) -> TimeOfDay {
        text.parse().unwrap()
    }

    fn at(text: &str) -> UnixMillis {
        UnixMillis(text.parse::<Timestamp>().unwrap().as_millisecond())
    }

    fn chicago() -> Zone {
        Zone::named("America/Chicago").unwrap()
    }

    #[test]
    fn a_zone_needs_its_name() {
        assert_eq!(Zone::named("America/Springfield"), Err(UnknownZone));
        assert_eq!(Zone::named(""), Err(UnknownZone));
        assert!(Zone::named("Asia/Kathmandu").is_ok());
    }

    #[test]
    fn offsets_follow_summer_time() {
        assert_eq!(chicago().offset_minutes(at("2026-01-15T12:00:00Z")), -360);
        assert_eq!(chicago().offset_minutes(at("2026-07-15T12:00:00Z")), -300);
        let kathmandu = Zone::named("Asia/Kathmandu").unwrap();
        assert_eq!(kathmandu.offset_minutes(at("2026-07-15T12:00:00Z")), 345);
    }

    #[test]
    fn the_local_date_is_the_home_s_not_utc_s() {
        let shown = chicago().local(at("2026-12-01T05:30:00Z"));
        assert_eq!(
            (shown.date, shown.time),
            (date("2026-11-30"), time("23:30"))
        );
    }

    #[test]
    fn a_slot_in_the_gap_of_spring_falls_an_hour_later() {
        // 2026-03-08: 02:00 becomes 03:00 in Chicago.
        let due = chicago()
            .instant(date("2026-03-08"), time("02:30"))
            .unwrap();
        assert_eq!(due, at("2026-03-08T08:30:00Z"));
        assert_eq!(chicago().local(due).time, time("03:30"));
    }

    #[test]
    fn a_slot_in_the_overlap_of_autumn_falls_on_the_first() {
        // 2026-11-01: 02:00 becomes 01:00 in Chicago.
        let due = chicago()
            .instant(date("2026-11-01"), time("01:30"))
            .unwrap();
        assert_eq!(due, at("2026-11-01T06:30:00Z"));
    }

    #[test]
    fn every_slot_stands_once_on_days_when_clocks_change() {
        let times = [time("20:00"), time("01:30"), time("02:30"), time("01:30")];
        for day in ["2026-03-08", "2026-11-01", "2026-06-01"] {
            let slots = chicago().slots(date(day), &times);
            let shown: Vec<_> = slots.iter().map(|(time, _)| time.to_string()).collect();
            assert_eq!(shown, ["01:30", "02:30", "20:00"], "{day}");
        }
    }

    #[test]
    fn days_are_23_24_or_25_hours_long() {
        let hours = |zone: &Zone, day| {
            let (from, to) = zone.day(date(day)).unwrap();
            to.since(from) / 3_600_000
        };
        assert_eq!(hours(&chicago(), "2026-03-08"), 23);
        assert_eq!(hours(&chicago(), "2026-11-01"), 25);
        assert_eq!(hours(&chicago(), "2026-06-01"), 24);
        // Midnight itself is skipped in Beirut.
        let beirut = Zone::named("Asia/Beirut").unwrap();
        let (from, _) = beirut.day(date("2024-03-31")).unwrap();
        assert_eq!(beirut.local(from).time, time("01:00"));
        assert_eq!(hours(&beirut, "2024-03-31"), 23);
    }

    #[test]
    fn what_does_not_exist_has_no_instant() {
        assert_eq!(
            chicago().instant(
                Date {
                    year: 2026,
                    month: 2,
                    day: 30
                },
                time("08:00")
            ),
            None
        );
        let late = TimeOfDay {
            hour: 24,
            minute: 0,
        };
        assert_eq!(chicago().instant(date("2026-02-20"), late), None);
    }

    #[test]
    fn an_author_s_wall_clock_is_read_from_the_stated_offset() {
        let stated = StatedInstant {
            at: at("2026-11-21T13:05:59Z"),
            offset_minutes: -360,
        };
        let shown = local(stated);
        assert_eq!(
            (shown.date, shown.time),
            (date("2026-11-21"), time("07:05"))
        );
    }

    #[test]
    fn instants_are_bounded() {
        let stated = |at, offset_minutes| StatedInstant { at, offset_minutes };
        assert!(is_in_range(stated(FIRST, 1_080)));
        assert!(!is_in_range(stated(UnixMillis(FIRST.0 - 1), 0)));
        assert!(!is_in_range(stated(LAST, 0)));
        assert!(!is_in_range(stated(UnixMillis(0), 1_081)));
        assert_eq!(utc_date(LAST), date("9999-12-30"));
        assert_eq!(utc_date(UnixMillis(i64::MAX)).year, 9999);
        assert_eq!(utc_date(UnixMillis(i64::MIN)).year, 1);
    }

    proptest! {
        #[test]
        fn an_instant_is_found_again_from_its_wall_clock(minutes in 25_000_000i64..35_000_000) {
            let at = UnixMillis(minutes * 60_000);
            let shown = chicago().local(at);
            let again = chicago().instant(shown.date, shown.time).unwrap();
            // The same, or the first of the two an autumn night has.
            prop_assert!(again == at || at.since(again) == 3_600_000);
            let (from, to) = chicago().day(shown.date).unwrap();
            prop_assert!((from..to).contains(&at));
        }
    }

    #[test]
    fn a_time_that_is_skipped_or_shown_twice_is_told() {
        let zone = Zone::named("America/New_York").unwrap();
        let shown = |day: &str, time: &str| {
            zone.shown(day.parse().unwrap(), time.parse().unwrap())
                .unwrap()
        };
        assert_eq!(shown("2026-03-08", "02:30"), Shown::Never);
        let Shown::Twice(first, second) = shown("2026-11-01", "01:30") else {
            panic!()
        };
        assert_eq!(second.since(first), 3_600_000);
        assert_eq!(zone.offset_minutes(first), -240);
        for (day, time) in [("2026-03-08", "03:00"), ("2026-11-01", "02:00")] {
            assert!(matches!(shown(day, time), Shown::Once(_)), "{day} {time}");
        }
    }
}
