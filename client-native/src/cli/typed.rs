//! What was typed on the command line, as the engine takes it.

use super::CliError;
use super::words::{Usage, wanted};
use domain::PartialDate;
use domain::clock::{Shown, Zone};
use domain::directory::{Date, TimeOfDay};
use ids::{EntryKey, StatedInstant};
use interface::{Query, View};
use lamplight_client_native::Process;

pub(super) fn wrong(what: &'static str, text: &str) -> CliError {
    let text = text.to_owned();
    Usage::Not { text, what }.into()
}

/// A word such as `do-not-resuscitate`, which the interface's JSON spells with underscores.
pub(super) fn word<T: serde::de::DeserializeOwned>(
    what: &'static str,
    text: &str,
) -> Result<T, CliError> {
    serde_json::from_value(serde_json::Value::String(text.replace('-', "_")))
        .map_err(|_| wrong(what, text))
}

pub(super) fn date(text: &str) -> Result<Date, CliError> {
    Date::try_from(text.to_owned()).map_err(|_| wrong(wanted::DATE, text))
}

/// A date of which only the year or the month may be known.
pub(super) fn partial_date(text: &str) -> Result<PartialDate, CliError> {
    PartialDate::try_from(text.to_owned()).map_err(|_| wrong(wanted::PARTIAL_DATE, text))
}

pub(super) fn time(text: &str) -> Result<TimeOfDay, CliError> {
    TimeOfDay::try_from(text.trim().to_owned()).map_err(|_| wrong(wanted::TIME, text))
}

/// Times of day in the order of the day, whatever the order they were typed in.
pub(super) fn times(texts: &[String]) -> Result<Vec<TimeOfDay>, CliError> {
    let mut times: Vec<TimeOfDay> = texts
        .iter()
        .map(|text| time(text))
        .collect::<Result<_, _>>()?;
    times.sort_unstable();
    Ok(times)
}

pub(super) fn key(text: &str) -> Result<EntryKey, CliError> {
    EntryKey::parse(text).ok_or_else(|| wrong(wanted::ENTRY, text))
}

/// Today in the home.
pub(super) fn today(process: &mut Process) -> Result<Date, CliError> {
    match process.query(&Query::Session)? {
        View::Session(session) => Ok(session.today),
        _ => Err(Usage::NobodySignedIn.into()),
    }
}

/// `2026-11-21T07:15`, or `07:15` of today, in the home's time zone.
pub(super) fn home_time(
    process: &mut Process,
    text: Option<&str>,
) -> Result<Option<StatedInstant>, CliError> {
    let Some(text) = text else { return Ok(None) };
    let View::Session(session) = process.query(&Query::Session)? else {
        return Err(Usage::NobodySignedIn.into());
    };
    let zone = Zone::named(&session.time_zone).map_err(|_| Usage::NoZone)?;
    instant(&zone, session.today, text).map(Some)
}

fn instant(zone: &Zone, today: Date, text: &str) -> Result<StatedInstant, CliError> {
    let (text, is_second) = match text.split_once(' ') {
        None => (text, None),
        Some((text, "first")) => (text, Some(false)),
        Some((text, "second")) => (text, Some(true)),
        Some(_) => return Err(wrong(wanted::INSTANT, text)),
    };
    let (day, at) = match text.split_once('T') {
        Some((day, at)) => (date(day)?, time(at)?),
        None => (today, time(text)?),
    };
    let at = match zone
        .shown(day, at)
        .ok_or_else(|| wrong(wanted::INSTANT, text))?
    {
        Shown::Once(at) => at,
        // Said of something that was done, neither is guessed at.
        Shown::Never => return Err(Usage::SkippedTime(text.to_owned()).into()),
        Shown::Twice(first, second) => match is_second {
            Some(false) => first,
            Some(true) => second,
            None => return Err(Usage::DoubledTime(text.to_owned()).into()),
        },
    };
    Ok(zone.stated(at))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::words;
    use domain::chart::{CodeStatusChoice, Sex};
    use domain::directory::MoveKind;

    #[test]
    fn times_are_taken_in_any_order_and_with_blanks() {
        let typed = ["23:30".to_owned(), " 08:00".to_owned()];
        let said: Vec<String> = times(&typed)
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(said, ["08:00", "23:30"]);
        assert!(times(&["8 in the morning".to_owned()]).is_err());
    }

    #[test]
    fn a_word_is_read_as_it_is_printed_and_another_is_refused_with_what_was_expected() {
        let of = |text| word::<CodeStatusChoice>(wanted::CODE_STATUS, text);
        assert_eq!(
            of("do-not-resuscitate").unwrap(),
            CodeStatusChoice::DoNotResuscitate
        );
        assert_eq!(
            of("do_not_resuscitate").unwrap(),
            CodeStatusChoice::DoNotResuscitate
        );
        let said = words::error(&of("dnr").unwrap_err());
        assert!(
            said.contains("dnr") && said.contains("code status"),
            "{said}"
        );
        for sex in ["female", "male", "other", "unknown"] {
            assert!(word::<Sex>(wanted::SEX, sex).is_ok(), "{sex}");
        }
        assert!(word::<MoveKind>(wanted::MOVE, "leave-begins").is_ok());
    }

    #[test]
    fn days_times_and_keys_that_are_none_are_refused() {
        assert!(date("2028-02-29").is_ok() && date("2026-02-29").is_err());
        for text in ["21.11.2026", "2026-13-01", "2026-11-1", ""] {
            assert!(date(text).is_err(), "{text}");
        }
        assert!(time("00:00").is_ok() && time("23:59").is_ok());
        for text in ["24:00", "8:00", "08:60", "0800", ""] {
            assert!(time(text).is_err(), "{text}");
        }
        assert!(key("nothing").is_err());
    }

    #[test]
    fn a_time_without_a_day_is_of_today_and_an_hour_that_does_not_exist_is_no_other() {
        let zone = Zone::named("America/Chicago").unwrap();
        let today = date("2026-11-21").unwrap();
        let short = instant(&zone, today, "08:05").unwrap();
        assert_eq!(short, instant(&zone, today, "2026-11-21T08:05").unwrap());
        assert_eq!(short.offset_minutes, -360);
        let summer = instant(&zone, today, "2026-07-01T08:05").unwrap();
        assert_eq!(summer.offset_minutes, -300);
        // Clocks went from 02:00 to 03:00 that night.
        let said = words::error(&instant(&zone, today, "2026-03-08T02:30").unwrap_err());
        assert!(said.contains("there was no such time"), "{said}");
        for text in [
            "yesterday",
            "2026-11-21",
            "2026-11-21 08:05",
            "T08:05",
            "08:05 am",
        ] {
            assert!(instant(&zone, today, text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_hour_that_there_was_twice_is_asked_back_and_said_with_a_word() {
        let zone = Zone::named("America/Chicago").unwrap();
        let of = |text| instant(&zone, date("2026-11-01").unwrap(), text);
        let said = words::error(&of("01:30").unwrap_err());
        assert!(
            said.contains("\"01:30 first\" or \"01:30 second\""),
            "{said}"
        );
        let (first, second) = (of("01:30 first").unwrap(), of("01:30 second").unwrap());
        assert_eq!(second.at.since(first.at), 3_600_000);
        assert_eq!((first.offset_minutes, second.offset_minutes), (-300, -360));
        assert_eq!(of("2026-11-01T01:30 second").unwrap(), second);
        // Where there is one, the word changes nothing.
        assert_eq!(of("03:30 second").unwrap(), of("03:30").unwrap());
    }
}
