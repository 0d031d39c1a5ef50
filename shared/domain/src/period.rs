//! UTC periods that documents cover: a year or a month, and their text in document ids.

use crate::clock;
use crate::home::DocumentKind;
use core::fmt;
use core::str::FromStr;
use ids::StatedInstant;
use serde::{Deserialize, Serialize};

/// A UTC period: a year, or a month of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Period {
    /// Calendar year, proleptic Gregorian.
    pub year: i16,
    /// 1 to 12, or `None` for the whole year.
    pub month: Option<u8>,
}

impl Period {
    /// The period of documents of this type that covers the instant, by UTC. Instants outside the
    /// years 1 to 9999 (no entry has such) count as the nearest year's.
    pub fn of(kind: DocumentKind, stated: StatedInstant) -> Period {
        let date = clock::utc_date(stated.at);
        Period {
            year: date.year,
            month: kind.is_monthly().then_some(date.month),
        }
    }
}

impl fmt::Display for Period {
    /// `2026` or `2026-11`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        self.month.map_or(Ok(()), |month| write!(f, "-{month:02}"))
    }
}

/// A text that is no period of the form `2026` or `2026-11`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a period: a year like 2026 or a month like 2026-11")]
pub struct NotAPeriod;

impl FromStr for Period {
    type Err = NotAPeriod;
    fn from_str(text: &str) -> Result<Self, NotAPeriod> {
        let (year, month) = match text.split_once('-') {
            Some((year, month)) => (year, Some(month.parse().map_err(|_| NotAPeriod)?)),
            None => (text, None),
        };
        let period = Period {
            year: year.parse().map_err(|_| NotAPeriod)?,
            month,
        };
        let exists = (1..=9999).contains(&period.year)
            && period.month.is_none_or(|month| (1..=12).contains(&month));
        // Only the canonical text is a period: no signs, no missing zeros.
        if exists && period.to_string() == text {
            Ok(period)
        } else {
            Err(NotAPeriod)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_text_is_a_period() {
        for text in ["2026", "2026-01", "0001-12"] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "26",
            "2026-13",
            "2026-1",
            "+026",
            "02026",
            "2026-00",
            "2026-01-01",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
