//! Local times of the demo home, as instants with their offset.

use domain::directory::{Date, TimeOfDay};
use ids::{StatedInstant, UnixMillis};
use jiff::civil;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

/// Milliseconds of one minute.
pub(crate) const MINUTE: i64 = 60_000;
/// Milliseconds of one hour.
pub(crate) const HOUR: i64 = 60 * MINUTE;
/// Milliseconds of 24 hours.
pub(crate) const DAY: i64 = 24 * HOUR;

/// The home's wall clock.
pub(crate) struct Calendar(TimeZone);

impl Calendar {
    /// The clock of an IANA zone; UTC when there is no such zone.
    pub(crate) fn new(zone: &str) -> Self {
        Self(TimeZone::get(zone).unwrap_or(TimeZone::UTC))
    }

    /// The instant with the offset the wall clock has then.
    pub(crate) fn stated(&self, at: UnixMillis) -> StatedInstant {
        let seconds = timestamp(at).to_zoned(self.0.clone()).offset().seconds();
        StatedInstant {
            at,
            offset_minutes: i16::try_from(seconds / 60).unwrap_or(0),
        }
    }

    /// The local date then.
    pub(crate) fn date(&self, at: UnixMillis) -> Date {
        from_civil(timestamp(at).to_zoned(self.0.clone()).date())
    }

    /// The local hour then, 0 to 23.
    pub(crate) fn hour(&self, at: UnixMillis) -> u8 {
        u8::try_from(timestamp(at).to_zoned(self.0.clone()).hour()).unwrap_or(0)
    }

    /// When the wall clock shows this. A time that summer time leaves out is the one after it.
    pub(crate) fn instant(&self, date: Date, time: TimeOfDay) -> UnixMillis {
        let small = |n: u8| i8::try_from(n).unwrap_or(0);
        let time = civil::Time::new(small(time.hour), small(time.minute), 0, 0).unwrap_or_default();
        let local = to_civil(date).to_datetime(time);
        let zoned = self.0.to_ambiguous_zoned(local).compatible();
        UnixMillis(zoned.map_or(0, |zoned| zoned.timestamp().as_millisecond()))
    }
}

/// This many days later (or earlier).
pub(crate) fn plus_days(date: Date, days: i64) -> Date {
    let moved = Span::new()
        .try_days(days)
        .and_then(|span| to_civil(date).checked_add(span));
    moved.map_or(date, from_civil)
}

/// A time of day.
pub(crate) const fn clock(hour: u8, minute: u8) -> TimeOfDay {
    TimeOfDay { hour, minute }
}

fn timestamp(at: UnixMillis) -> Timestamp {
    Timestamp::from_millisecond(at.0).unwrap_or_default()
}

fn to_civil(date: Date) -> civil::Date {
    let small = |n: u8| i8::try_from(n).unwrap_or(1);
    civil::Date::new(date.year, small(date.month), small(date.day)).unwrap_or_default()
}

fn from_civil(date: civil::Date) -> Date {
    let small = |n: i8| u8::try_from(n).unwrap_or(1);
    Date {
        year: date.year(),
        month: small(date.month()),
        day: small(date.day()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_has_the_offset_of_its_own_season() {
        let calendar = Calendar::new("America/New_York");
        let date = |month| Date {
            year: 2026,
            month,
            day: 20,
        };
        for (month, offset) in [(1, -300), (7, -240)] {
            let at = calendar.instant(date(month), clock(8, 0));
            assert_eq!(calendar.stated(at).offset_minutes, offset);
            assert_eq!((calendar.date(at), calendar.hour(at)), (date(month), 8));
        }
    }

    #[test]
    fn days_are_counted_over_the_ends_of_months() {
        let last = Date {
            year: 2026,
            month: 2,
            day: 28,
        };
        assert_eq!(
            plus_days(last, 1),
            Date {
                year: 2026,
                month: 3,
                day: 1
            }
        );
        assert_eq!(
            plus_days(last, -59),
            Date {
                year: 2025,
                month: 12,
                day: 31
            }
        );
    }
}
