//! Dates of which only the year, or only year and month, are known: a birth date, the beginning of a
//! problem or of an order as another system or a resident tells it. Nobody makes up the rest.

use crate::calendar::NotADate;
use crate::directory::Date;
use core::cmp::{Ordering, Reverse};
use core::fmt;
use core::str::FromStr;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Deserialize, Serialize};

/// A date as far as it is known. CBOR: `[year]`, `[year, month]` or `[year, month, day]`; JSON and
/// text: `"1931"`, `"1931-06"` or `"1931-06-15"`.
///
/// Ordered by the first day it may mean; of two that may mean the same, the one that says less comes
/// first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum PartialDate {
    /// The year only.
    Year(i16),
    /// Year and month.
    Month(i16, u8),
    /// All of it.
    Day(Date),
}

/// Whole years, as far as a birth date tells them: both the same when it is whole, or when the
/// birthday cannot lie between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Age {
    /// At least.
    pub least: u16,
    /// At most.
    pub most: u16,
}

impl Age {
    /// The age, if it is certain.
    pub fn certain(self) -> Option<u16> {
        (self.least == self.most).then_some(self.least)
    }
}

impl PartialDate {
    /// Whether the calendar has it (the fields are public).
    pub fn is_valid(self) -> bool {
        self.first_day().is_valid()
    }

    /// The earliest day it may mean.
    pub const fn first_day(self) -> Date {
        match self {
            Self::Year(year) => Date {
                year,
                month: 1,
                day: 1,
            },
            Self::Month(year, month) => Date {
                year,
                month,
                day: 1,
            },
            Self::Day(date) => date,
        }
    }

    /// The latest day it may mean.
    pub fn last_day(self) -> Date {
        let first = self.first_day();
        match self {
            Self::Year(year) => Date {
                year,
                month: 12,
                day: 31,
            },
            Self::Month(..) => Date {
                day: first
                    .civil()
                    .map_or(first.day, |first| first.days_in_month().unsigned_abs()),
                ..first
            },
            Self::Day(date) => date,
        }
    }

    /// How old somebody born then is on a day; `None` when that lies before it for certain.
    pub fn age_on(self, on: Date) -> Option<Age> {
        Some(Age {
            most: self.first_day().age_on(on)?,
            least: self.last_day().age_on(on).unwrap_or(0),
        })
    }
}

impl From<Date> for PartialDate {
    fn from(date: Date) -> Self {
        Self::Day(date)
    }
}

impl Ord for PartialDate {
    fn cmp(&self, other: &Self) -> Ordering {
        let by = |date: &Self| (date.first_day(), Reverse(date.last_day()));
        by(self).cmp(&by(other))
    }
}

impl PartialOrd for PartialDate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(year) => write!(f, "{year:04}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
            Self::Day(date) => date.fmt(f),
        }
    }
}

impl FromStr for PartialDate {
    type Err = NotADate;

    fn from_str(text: &str) -> Result<Self, NotADate> {
        // What is missing is filled up to a whole date, whose rules then hold for what is there.
        match text.len() {
            4 => Ok(Self::Year(whole(text, "-01-01")?.year)),
            7 => whole(text, "-01").map(|date| Self::Month(date.year, date.month)),
            _ => text.parse().map(Self::Day),
        }
    }
}

fn whole(text: &str, rest: &str) -> Result<Date, NotADate> {
    format!("{text}{rest}").parse()
}

impl TryFrom<String> for PartialDate {
    type Error = NotADate;
    fn try_from(text: String) -> Result<Self, NotADate> {
        text.parse()
    }
}

impl From<PartialDate> for String {
    fn from(date: PartialDate) -> String {
        date.to_string()
    }
}

impl<C> Encode<C> for PartialDate {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::Year(year) => e.array(1)?.i16(*year)?.ok(),
            Self::Month(year, month) => e.array(2)?.i16(*year)?.u8(*month)?.ok(),
            Self::Day(date) => date.encode(e, ctx),
        }
    }
}

impl<'b, C> Decode<'b, C> for PartialDate {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        let date = match d.array()? {
            Some(1) => Self::Year(d.i16()?),
            Some(2) => Self::Month(d.i16()?, d.u8()?),
            Some(3) => Self::Day(Date {
                year: d.i16()?,
                month: d.u8()?,
                day: d.u8()?,
            }),
            _ => return Err(decode::Error::message("a date has one to three parts").at(at)),
        };
        if date.is_valid() {
            Ok(date)
        } else {
            Err(decode::Error::message("no such date").at(at))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_date_survives_its_text_and_its_bytes_as_far_as_it_is_known() {
        for (text, bytes) in [
            ("1931", &[0x81, 0x19, 0x07, 0x8b][..]),
            ("1931-06", &[0x82, 0x19, 0x07, 0x8b, 6]),
            ("1931-06-15", &[0x83, 0x19, 0x07, 0x8b, 6, 15]),
        ] {
            assert_eq!(date(text).to_string(), text);
            assert_eq!(minicbor::to_vec(date(text)).unwrap(), bytes);
            assert_eq!(
                minicbor::decode::<PartialDate>(bytes).unwrap(),
                date(text),
                "{text}"
            );
        }
    }

    #[test]
    fn what_the_calendar_lacks_is_refused() {
        for text in [
            "",
            "931",
            "0000",
            "1931-",
            "1931-6",
            "1931-13",
            "1931-00",
            "1931-02-29",
            "19310615",
            "+931",
            "-931-06",
        ] {
            assert_eq!(text.parse::<PartialDate>(), Err(NotADate), "{text}");
        }
        for bytes in [
            &[0x80][..],
            &[0x81, 0x00],
            &[0x82, 0x19, 0x07, 0x8b, 13],
            &[0x83, 0x19, 0x07, 0x8b, 2, 0x18, 30],
            &[0x84, 0x19, 0x07, 0x8b, 6, 15, 0],
        ] {
            assert!(minicbor::decode::<PartialDate>(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn it_means_any_day_from_the_first_to_the_last() {
        for (text, first, last) in [
            ("2024", "2024-01-01", "2024-12-31"),
            ("2024-02", "2024-02-01", "2024-02-29"),
            ("2025-02", "2025-02-01", "2025-02-28"),
            ("2025-12", "2025-12-01", "2025-12-31"),
            ("2025-06-15", "2025-06-15", "2025-06-15"),
        ] {
            let days = (date(text).first_day(), date(text).last_day());
            assert_eq!(days, (first.parse().unwrap(), last.parse().unwrap()));
        }
    }

    #[test]
    fn dates_stand_in_the_order_of_the_first_day_they_may_mean() {
        let mut dates = [
            "1931-06-15",
            "1931-06",
            "1932",
            "1931-01-01",
            "1931",
            "1931-01",
        ]
        .map(date);
        dates.sort();
        assert_eq!(
            dates.map(|date| date.to_string()),
            [
                "1931",
                "1931-01",
                "1931-01-01",
                "1931-06",
                "1931-06-15",
                "1932"
            ]
        );
    }

    #[test]
    fn an_age_is_no_more_certain_than_the_birth_date() {
        let on = "2026-06-15".parse().unwrap();
        for (born, least, most) in [
            ("1931", 94, 95),
            ("1931-05", 95, 95),
            ("1931-06", 94, 95),
            ("1931-07", 94, 94),
            ("1931-06-15", 95, 95),
            ("1931-06-16", 94, 94),
            ("2026", 0, 0),
        ] {
            let age = date(born).age_on(on);
            assert_eq!(age, Some(Age { least, most }), "{born}");
            assert_eq!(age.unwrap().certain(), (least == most).then_some(least));
        }
        assert_eq!(date("2026-07").age_on(on), None);
        assert_eq!(date("2027").age_on(on), None);
    }
}
