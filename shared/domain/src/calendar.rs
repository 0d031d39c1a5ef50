//! Dates and times of day: their text, their bytes, what is valid, and age. Zones and instants
//! are in `clock.rs`.

use crate::directory::{Date, TimeOfDay};
use core::fmt;
use core::str::FromStr;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// A text that is no date of the form `2026-11-21`. The fault is its author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a date: write it like 2026-11-21")]
pub struct NotADate;

/// A text that is no time of day of the form `08:00`. The fault is its author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time of day: write it like 08:00")]
pub struct NotATime;

impl Date {
    /// The date, if the calendar has it; years 1 to 9999.
    pub fn new(year: i16, month: u8, day: u8) -> Option<Self> {
        let date = Self { year, month, day };
        date.civil().map(|_| date)
    }

    /// Whether the calendar has this date (the fields are public).
    pub fn is_valid(self) -> bool {
        self.civil().is_some()
    }

    /// The date `days` later (earlier when negative); `None` outside years 1 to 9999.
    pub fn plus_days(self, days: i32) -> Option<Self> {
        let moved = self
            .civil()?
            .checked_add(jiff::Span::new().try_days(days).ok()?)
            .ok()?;
        Self::new(
            moved.year(),
            moved.month().cast_unsigned(),
            moved.day().cast_unsigned(),
        )
    }

    /// Days from this date to `other`, negative when that lies before; `None` when the calendar lacks
    /// one of them.
    pub fn days_until(self, other: Date) -> Option<i32> {
        let span = self.civil()?.until(other.civil()?).ok()?;
        Some(span.get_days())
    }

    /// The day of the week, 0 for Monday.
    pub fn weekday(self) -> Option<u8> {
        let weekday = self.civil()?.weekday();
        Some(weekday.to_monday_zero_offset().unsigned_abs())
    }

    /// Whole years from this birth date to `on`; `None` when `on` lies before it. Whoever was born
    /// on 29 February turns a year older on 1 March of a common year.
    pub fn age_on(self, on: Date) -> Option<u16> {
        let had_birthday = (on.month, on.day) >= (self.month, self.day);
        let years = i32::from(on.year) - i32::from(self.year) - i32::from(!had_birthday);
        u16::try_from(years).ok()
    }

    pub(crate) fn civil(self) -> Option<jiff::civil::Date> {
        (1..=9999).contains(&self.year).then_some(())?;
        let (month, day) = (i8::try_from(self.month).ok()?, i8::try_from(self.day).ok()?);
        jiff::civil::Date::new(self.year, month, day).ok()
    }

    pub(crate) fn from_civil(date: jiff::civil::Date) -> Self {
        Self {
            year: date.year(),
            month: date.month().unsigned_abs(),
            day: date.day().unsigned_abs(),
        }
    }
}

impl TimeOfDay {
    /// The time, if a clock shows it.
    pub fn new(hour: u8, minute: u8) -> Option<Self> {
        let time = Self { hour, minute };
        time.is_valid().then_some(time)
    }

    /// Whether a clock shows this time (the fields are public).
    pub const fn is_valid(self) -> bool {
        self.hour < 24 && self.minute < 60
    }

    /// Minutes since midnight.
    pub fn minutes(self) -> u16 {
        u16::from(self.hour) * 60 + u16::from(self.minute)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl fmt::Display for TimeOfDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.hour, self.minute)
    }
}

impl FromStr for Date {
    type Err = NotADate;
    fn from_str(text: &str) -> Result<Self, NotADate> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next(), parts.next(), parts.next());
        let date = match (year, month, day, parts.next()) {
            (Some(y), Some(m), Some(d), None) => {
                let year = digits(y, 4).and_then(|n| i16::try_from(n).ok());
                let month = digits(m, 2).and_then(|n| u8::try_from(n).ok());
                let day = digits(d, 2).and_then(|n| u8::try_from(n).ok());
                year.zip(month)
                    .zip(day)
                    .and_then(|((y, m), d)| Date::new(y, m, d))
            }
            _ => None,
        };
        date.ok_or(NotADate)
    }
}

impl FromStr for TimeOfDay {
    type Err = NotATime;
    fn from_str(text: &str) -> Result<Self, NotATime> {
        let (hour, minute) = text.split_once(':').ok_or(NotATime)?;
        let part = |t| {
            digits(t, 2)
                .and_then(|n| u8::try_from(n).ok())
                .ok_or(NotATime)
        };
        TimeOfDay::new(part(hour)?, part(minute)?).ok_or(NotATime)
    }
}

/// The number that exactly `count` ASCII digits spell.
fn digits(text: &str, count: usize) -> Option<u16> {
    let plain = text.len() == count && text.bytes().all(|c| c.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

macro_rules! as_text {
    ($name:ident, $error:ident) => {
        impl TryFrom<String> for $name {
            type Error = $error;
            fn try_from(text: String) -> Result<Self, $error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> String {
                value.to_string()
            }
        }
    };
}

as_text!(Date, NotADate);
as_text!(TimeOfDay, NotATime);

impl<C> Encode<C> for Date {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(3)?
            .i16(self.year)?
            .u8(self.month)?
            .u8(self.day)?
            .ok()
    }
}

impl<'b, C> Decode<'b, C> for Date {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        if d.array()? != Some(3) {
            return Err(decode::Error::message("a date has three parts").at(at));
        }
        Date::new(d.i16()?, d.u8()?, d.u8()?)
            .ok_or_else(|| decode::Error::message("no such date").at(at))
    }
}

impl<C> Encode<C> for TimeOfDay {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?.u8(self.hour)?.u8(self.minute)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for TimeOfDay {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        if d.array()? != Some(2) {
            return Err(decode::Error::message("a time of day has two parts").at(at));
        }
        TimeOfDay::new(d.u8()?, d.u8()?)
            .ok_or_else(|| decode::Error::message("no such time of day").at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    #[test]
    fn days_between_dates_know_leap_years_and_weekdays() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let days = |from, to| date(from).days_until(date(to));
        assert_eq!(days("1970-01-01", "1970-01-01"), Some(0));
        assert_eq!(days("2000-02-28", "2000-03-01"), Some(2));
        assert_eq!(days("1970-01-01", "1934-11-20"), Some(-12_826));
        assert_eq!(days("0001-01-01", "9999-12-31"), Some(3_652_058));
        let none = Date {
            year: 2026,
            month: 2,
            day: 30,
        };
        assert_eq!(none.days_until(date("2026-03-01")), None);
        assert_eq!(none.weekday(), None);
        assert_eq!(date("2026-11-20").weekday(), Some(4));
        assert_eq!(date("1969-12-29").weekday(), Some(0));
    }

    #[test]
    fn a_date_survives_its_text_and_its_bytes() {
        for text in ["2026-11-21", "2024-02-29", "0001-01-01", "9999-12-31"] {
            let bytes = minicbor::to_vec(date(text)).unwrap();
            assert_eq!(minicbor::decode::<Date>(&bytes).unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_the_calendar_lacks_is_refused() {
        for text in [
            "2026-02-29",
            "2026-13-01",
            "2026-1-1",
            "0000-01-01",
            "+026-01-01",
            "2026-01-01-",
            "",
        ] {
            assert_eq!(text.parse::<Date>(), Err(NotADate), "{text}");
        }
        for text in ["24:00", "08:60", "8:00", "08:00:00", "0800", "-1:00"] {
            assert_eq!(text.parse::<TimeOfDay>(), Err(NotATime), "{text}");
        }
        assert!(minicbor::decode::<Date>(&[0x83, 0x19, 0x07, 0xea, 2, 0x18, 30]).is_err());
        assert!(minicbor::decode::<TimeOfDay>(&[0x82, 0x18, 24, 0]).is_err());
    }

    #[test]
    fn age_counts_whole_years() {
        assert_eq!(date("1940-06-15").age_on(date("2026-06-14")), Some(85));
        assert_eq!(date("1940-06-15").age_on(date("2026-06-15")), Some(86));
        assert_eq!(date("1940-02-29").age_on(date("2026-02-28")), Some(85));
        assert_eq!(date("1940-02-29").age_on(date("2026-03-01")), Some(86));
        assert_eq!(date("2026-06-15").age_on(date("2026-06-14")), None);
    }

    #[test]
    fn days_are_added_over_ends_of_months() {
        assert_eq!(date("2024-02-28").plus_days(2), Some(date("2024-03-01")));
        assert_eq!(date("2026-01-01").plus_days(-1), Some(date("2025-12-31")));
        assert_eq!(date("9999-12-31").plus_days(1), None);
    }
}
