//! Dates and times as text, short when they are near and complete when they are far.

use crate::words::w;
use domain::PartialDate;
use domain::directory::{Date, TimeOfDay};
use ids::{StatedInstant, UnixMillis};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

/// A day that is near no other: told from it, every day is told in full.
pub(crate) const NO_DAY: Date = Date {
    year: i16::MIN,
    month: 1,
    day: 1,
};

const EPOCH: Date = Date {
    year: 1970,
    month: 1,
    day: 1,
};

/// Milliseconds since 1970 of a wall clock, as if it stood in UTC.
pub(crate) fn civil_millis(date: Date, time: TimeOfDay) -> i64 {
    let days = EPOCH.days_until(date).unwrap_or(0);
    i64::from(days) * DAY_MS + i64::from(time.minutes()) * MINUTE_MS
}

/// What the wall clock showed at a stated instant. The calendar is that of `domain`; its zones,
/// through which `domain::clock::local` goes, would come into the page for a division.
pub(crate) fn wall(stated: StatedInstant) -> (Date, TimeOfDay) {
    let local = stated.at.0 + i64::from(stated.offset_minutes) * MINUTE_MS;
    let minutes = local.rem_euclid(DAY_MS) / MINUTE_MS;
    let time = TimeOfDay {
        hour: u8::try_from(minutes / 60).unwrap_or(0),
        minute: u8::try_from(minutes % 60).unwrap_or(0),
    };
    let date = i32::try_from(local.div_euclid(DAY_MS))
        .ok()
        .and_then(|days| EPOCH.plus_days(days));
    (date.unwrap_or(EPOCH), time)
}

/// `20 Nov 1934`.
pub(crate) fn day(date: Date) -> String {
    (w().day_month_year)(date.day, month(date), date.year)
}

/// `20 Nov 1934`, `Nov 1934`, `1934`: as far as it is known.
pub(crate) fn partial_day(date: PartialDate) -> String {
    match date {
        PartialDate::Year(year) => year.to_string(),
        PartialDate::Month(year, _) => (w().month_year)(month(date.first_day()), year),
        PartialDate::Day(date) => day(date),
    }
}

/// `20 Nov 1934`, with a time of it if there is one: when an order begins or ends.
pub(crate) fn day_at(date: Date, at: Option<TimeOfDay>) -> String {
    match at {
        Some(at) => format!("{} {at}", day(date)),
        None => day(date),
    }
}

/// `20 Nov`, with the year when it is not that of `today`.
pub(crate) fn short_day(date: Date, today: Date) -> String {
    if date.year == today.year {
        (w().day_month)(date.day, month(date))
    } else {
        day(date)
    }
}

/// `today`, `yesterday`, `Fri`, `20 Nov`.
pub(crate) fn near_day(date: Date, today: Date) -> String {
    match date.days_until(today) {
        Some(0) => w().today.to_owned(),
        Some(1) => w().yesterday.to_owned(),
        Some(-1) => w().tomorrow.to_owned(),
        Some(2..=6) => weekday(date).to_owned(),
        _ => short_day(date, today),
    }
}

/// `Fri`.
pub(crate) fn weekday(date: Date) -> &'static str {
    // The table begins with Monday.
    date.weekday()
        .and_then(|day| w().weekdays.get(usize::from(day)))
        .copied()
        .unwrap_or_default()
}

fn month(date: Date) -> &'static str {
    usize::from(date.month)
        .checked_sub(1)
        .and_then(|i| w().months.get(i))
        .copied()
        .unwrap_or_default()
}

/// `07:56`, `yesterday 07:56`, `Fri 07:56`, `2 Nov 07:56`.
pub(crate) fn when(stated: StatedInstant, today: Date) -> String {
    let (date, time) = wall(stated);
    if date == today {
        time.to_string()
    } else {
        format!("{} {time}", near_day(date, today))
    }
}

/// As [`when`], with `today` written out.
pub(crate) fn when_full(stated: StatedInstant, today: Date) -> String {
    let (date, time) = wall(stated);
    format!("{} {time}", near_day(date, today))
}

/// `just now`, `2 min ago`, `3 h ago`, `4 days ago`.
pub(crate) fn ago(at: UnixMillis, now: UnixMillis) -> String {
    let minutes = now.since(at).max(0) / MINUTE_MS;
    match minutes {
        0 => w().just_now.to_owned(),
        1..=59 => (w().minutes_ago)(minutes),
        60..=2879 => (w().hours_ago)(minutes / 60),
        _ => (w().days_ago)(minutes / 1440),
    }
}

/// `46 min`, `23 h 46 min`, however long.
pub(crate) fn span(ms: i64) -> String {
    let minutes = ms.abs() / MINUTE_MS;
    match (minutes / 60, minutes % 60) {
        (0, minutes) => (w().minutes_long)(minutes),
        (hours, minutes) => (w().hours_long)(hours, minutes),
    }
}

/// Reads a time of day as people type it: `756`, `0756`, `7:56`, `07.56`.
pub(crate) fn parse_time(text: &str) -> Option<TimeOfDay> {
    let parts: Vec<&str> = text.trim().split([':', '.']).collect();
    let (hour, minute) = match parts.as_slice() {
        [digits] if (3..=4).contains(&digits.len()) && digits.is_ascii() => {
            digits.split_at(digits.len() - 2)
        }
        [hour, minute] if minute.len() == 2 => (*hour, *minute),
        _ => return None,
    };
    TimeOfDay::new(hour.parse().ok()?, minute.parse().ok()?)
}

/// Letters that tell months apart.
const SHORTEST_MONTH: usize = 3;

/// What is searched for, with a month's name as its number: `17 May 1942` and `May 17, 1942` become
/// `1942-05-17`. Whatever is not a whole date stays as it is: a name may be a month's.
pub(crate) fn searched(text: &str) -> String {
    let text = without_room(text);
    let parts: Vec<&str> = text
        .split([' ', ',', '.', '-', '/'])
        .filter(|part| !part.is_empty())
        .collect();
    let date = match parts.as_slice() {
        [day, name, year] if name.starts_with(char::is_alphabetic) => named_date(year, name, day),
        [name, day, year] if name.starts_with(char::is_alphabetic) => named_date(year, name, day),
        _ => None,
    };
    date.map_or_else(|| text.trim().to_owned(), |date| date.to_string())
}

/// Rooms are found by their number alone; rows say "Room 2A".
fn without_room(text: &str) -> &str {
    let text = text.trim();
    match text.split_once(' ') {
        Some((word, number)) if word.to_lowercase() == w().room.to_lowercase() => number.trim(),
        _ => text,
    }
}

fn named_date(year: &str, name: &str, day: &str) -> Option<Date> {
    let name = name.to_lowercase();
    let months = w().months_in_full;
    let month = months.iter().position(|month| {
        let month = month.to_lowercase();
        name.chars().count() >= SHORTEST_MONTH && month.starts_with(&name)
    })?;
    if year.len() != 4 {
        return None;
    }
    format!("{year}-{:02}-{:02}", month + 1, day.parse::<u8>().ok()?)
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a date")
    }

    #[test]
    fn a_birth_date_is_found_however_its_month_is_written() {
        for text in ["17 May 1942", "May 17, 1942", " 17 MAY 1942", "17-may-1942"] {
            assert_eq!(searched(text), "1942-05-17", "{text}");
        }
        assert_eq!(searched("3 Sept 1942"), "1942-09-03");
        assert_eq!(searched("room 2A"), "2A");
        assert_eq!(searched("Roomer"), "Roomer");
        for text in [
            "May",
            "May Rasmussen",
            "12 May",
            "Ma 17 1942",
            "17.5.1942",
            "3B",
        ] {
            assert_eq!(searched(text), text);
        }
    }

    #[test]
    fn a_stated_instant_shows_its_own_wall_clock() {
        let stated = StatedInstant {
            at: UnixMillis(0),
            offset_minutes: -300,
        };
        assert_eq!(
            wall(stated),
            (
                date("1969-12-31"),
                TimeOfDay {
                    hour: 19,
                    minute: 0
                }
            )
        );
    }

    #[test]
    fn on_paper_every_day_is_told_in_full() {
        let stated = StatedInstant {
            at: UnixMillis(1_795_269_600_000),
            offset_minutes: -300,
        };
        assert_eq!(when(stated, date("2026-11-21")), "09:00");
        assert_eq!(when(stated, NO_DAY), "21 Nov 2026 09:00");
        assert_eq!(near_day(date("2026-11-20"), NO_DAY), "20 Nov 2026");
    }

    #[test]
    fn what_lies_ahead_is_told_in_hours_and_minutes() {
        assert_eq!(span(46 * MINUTE_MS), "46 min");
        assert_eq!(span((23 * 60 + 46) * MINUTE_MS), "23 h 46 min");
        assert_eq!(span(-3 * 60 * MINUTE_MS), "3 h 0 min");
    }

    #[test]
    fn weekdays_are_right() {
        assert_eq!(weekday(date("2026-11-20")), "Fri");
        assert_eq!(weekday(date("1969-12-31")), "Wed");
    }

    #[test]
    fn times_are_read_as_people_type_them() {
        let seven_56 = TimeOfDay::new(7, 56);
        for text in ["756", "0756", "7:56", "07:56", "07.56"] {
            assert_eq!(parse_time(text), seven_56, "{text}");
        }
        for text in ["", "7", "2460", "25:00", "7:5", "noon"] {
            assert_eq!(parse_time(text), None, "{text}");
        }
    }
}
