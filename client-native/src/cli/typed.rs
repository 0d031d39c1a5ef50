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
    let (text, which) = match text.split_once(' ') {
        Some((text, which)) => (text, Some(which)),
        None => (text, None),
    };
    let (day, at) = match text.split_once('T') {
        Some((day, at)) => (date(day)?, time(at)?),
        None => (session.today, time(text)?),
    };
    let at = match zone
        .shown(day, at)
        .ok_or_else(|| wrong(wanted::INSTANT, text))?
    {
        Shown::Once(at) => at,
        // Said of something that was done, neither is guessed at.
        Shown::Never => return Err(Usage::SkippedTime(text.to_owned()).into()),
        Shown::Twice(first, second) => match which {
            Some("first") => first,
            Some("second") => second,
            _ => return Err(Usage::DoubledTime(text.to_owned()).into()),
        },
    };
    Ok(Some(zone.stated(at)))
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
