//! The home's time zone, by the browser's own table (Intl), so that the page carries none.

use domain::clock::Shown;
use domain::directory::{Date, TimeOfDay};
use ids::{StatedInstant, UnixMillis};
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};

use super::time::{civil_millis, wall};

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 86_400_000;

thread_local! {
    static FORMATS: RefCell<HashMap<String, js_sys::Intl::DateTimeFormat>> = RefCell::default();
}

/// The present instant.
pub(crate) fn now() -> UnixMillis {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "milliseconds since 1970 fit"
    )]
    UnixMillis(js_sys::Date::now() as i64)
}

/// `at` with the offset the zone had then. An empty or unknown zone means the tablet's own.
pub(crate) fn in_zone(at: UnixMillis, zone: &str) -> StatedInstant {
    StatedInstant {
        at,
        offset_minutes: offset_minutes(at, zone),
    }
}

/// The instant of a dose slot: at which the clocks of the zone show this date and time. In the hour that
/// a change to summer time skips, the instant just after; in the one that is repeated, the first.
pub(crate) fn instant(date: Date, time: TimeOfDay, zone: &str) -> StatedInstant {
    let local = civil_millis(date, time);
    let mut at = UnixMillis(local);
    for _ in 0..2 {
        let offset = i64::from(offset_minutes(at, zone));
        at = UnixMillis(local - offset * MINUTE_MS);
    }
    in_zone(at, zone)
}

/// When the clocks of the zone show this date and time, for what somebody says happened then: as
/// `domain::clock::Zone::shown`, by the browser's table.
pub(crate) fn shown(date: Date, time: TimeOfDay, zone: &str) -> Shown {
    shown_by(civil_millis(date, time), |at| offset_minutes(at, zone))
}

/// A clock is put forward or back at most once within two days: one of the offsets a day before and a
/// day after is its own, or neither.
fn shown_by(local: i64, offset_minutes: impl Fn(UnixMillis) -> i16) -> Shown {
    let within = |away: i64| {
        let offset = offset_minutes(UnixMillis(local + away));
        let at = UnixMillis(local - i64::from(offset) * MINUTE_MS);
        (offset_minutes(at) == offset).then_some(at)
    };
    match (within(-DAY_MS), within(DAY_MS)) {
        (Some(first), Some(second)) if first != second => Shown::Twice(first, second),
        (Some(at), _) | (None, Some(at)) => Shown::Once(at),
        (None, None) => Shown::Never,
    }
}

/// Local date and time of an instant in the zone.
pub(crate) fn local(at: UnixMillis, zone: &str) -> (Date, TimeOfDay) {
    wall(in_zone(at, zone))
}

fn offset_minutes(at: UnixMillis, zone: &str) -> i16 {
    let shown = FORMATS.with_borrow_mut(|formats| {
        if !formats.contains_key(zone) {
            formats.insert(zone.to_owned(), format_for(zone)?);
        }
        formats.get(zone).and_then(|format| civil_shown(format, at))
    });
    let Some((date, time)) = shown else { return 0 };
    let minutes = civil_millis(date, time).div_euclid(MINUTE_MS) - at.0.div_euclid(MINUTE_MS);
    i16::try_from(minutes).unwrap_or(0)
}

fn format_for(zone: &str) -> Option<js_sys::Intl::DateTimeFormat> {
    let options = js_sys::Object::new();
    let set = |key: &str, value: &str| {
        let _ = js_sys::Reflect::set(&options, &key.into(), &value.into());
    };
    if !zone.is_empty() {
        set("timeZone", zone);
    }
    set("hourCycle", "h23");
    set("calendar", "gregory");
    set("year", "numeric");
    for key in ["month", "day", "hour", "minute"] {
        set(key, "2-digit");
    }
    let constructor = js_sys::Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| js_sys::Reflect::get(&intl, &"DateTimeFormat".into()))
        .ok()?
        .dyn_into::<js_sys::Function>()
        .ok()?;
    // Constructed by reflection because an unknown zone throws.
    let arguments = js_sys::Array::of2(&"en-US".into(), &options);
    let made = js_sys::Reflect::construct(&constructor, &arguments).ok();
    match made {
        Some(format) => Some(format.unchecked_into()),
        None if !zone.is_empty() => format_for(""),
        None => None,
    }
}

fn civil_shown(format: &js_sys::Intl::DateTimeFormat, at: UnixMillis) -> Option<(Date, TimeOfDay)> {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let date = js_sys::Date::new(&JsValue::from_f64(at.0 as f64));
    let parts = format.format_to_parts(&date);
    let number = |kind: &str| -> Option<u32> {
        parts.iter().find_map(|part| {
            let is = js_sys::Reflect::get(&part, &"type".into())
                .ok()?
                .as_string()?;
            let value = js_sys::Reflect::get(&part, &"value".into())
                .ok()?
                .as_string()?;
            (is == kind).then(|| value.parse().ok()).flatten()
        })
    };
    Some((
        Date {
            year: i16::try_from(number("year")?).ok()?,
            month: u8::try_from(number("month")?).ok()?,
            day: u8::try_from(number("day")?).ok()?,
        },
        TimeOfDay {
            hour: u8::try_from(number("hour")?).ok()?,
            minute: u8::try_from(number("minute")?).ok()?,
        },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::clock::Zone;

    /// The page's own rule against that of the engine, over the hours around both changes of a year.
    #[test]
    fn a_time_that_the_clocks_skip_or_show_twice_is_told_as_the_engine_tells_it() {
        for (name, from) in [
            ("America/Chicago", "2026-03-07"),
            ("America/Chicago", "2026-10-31"),
            ("Asia/Beirut", "2024-03-30"),
            ("Australia/Lord_Howe", "2026-04-04"),
            ("Asia/Kathmandu", "2026-06-01"),
        ] {
            let zone = Zone::named(name).unwrap();
            let from: Date = from.parse().unwrap();
            for minutes in (0..3 * 1440).step_by(15) {
                let date = from.plus_days(minutes / 1440).unwrap();
                let of_day = u8::try_from(minutes % 1440 / 15).unwrap();
                let time = TimeOfDay::new(of_day / 4, of_day % 4 * 15).unwrap();
                assert_eq!(
                    Some(shown_by(civil_millis(date, time), |at| zone.offset_minutes(at))),
                    zone.shown(date, time),
                    "{name} {date} {time}"
                );
            }
        }
    }
}
