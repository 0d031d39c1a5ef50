//! What facts are made of: ids, keys, words, times and dates.

use super::Draw;
use domain::PartialDate;
use domain::directory::{Date, TimeOfDay};
use domain::entry::SpaceId;
use ids::{CommandId, EntryKey, UnixMillis};

pub(super) fn id(draw: &mut Draw<'_>) -> CommandId {
    let (a, b) = (draw(u64::MAX).to_be_bytes(), draw(u64::MAX).to_be_bytes());
    CommandId::from_slice(&[a, b].concat()).unwrap_or(CommandId::ZERO)
}

pub(super) fn space(draw: &mut Draw<'_>) -> SpaceId {
    SpaceId(id(draw))
}

pub(super) fn key(draw: &mut Draw<'_>) -> EntryKey {
    let time = i64::try_from(draw(1 << 46)).unwrap_or(0);
    let mut hash = [0u8; 10];
    for (to, from) in hash.iter_mut().zip(draw(u64::MAX).to_be_bytes()) {
        *to = from;
    }
    EntryKey::from_parts(UnixMillis(time), hash)
}

/// One to four keys, ascending.
pub(super) fn keys(draw: &mut Draw<'_>) -> Vec<EntryKey> {
    let mut keys: Vec<EntryKey> = (0..=draw(4)).map(|_| key(draw)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

pub(super) fn words(draw: &mut Draw<'_>) -> String {
    const WORDS: [&str; 8] = [
        "amber", "birch", "Çınar", "dune", "Élan", "fern", "山", "o'hare",
    ];
    let count = draw(3) + 1;
    let drawn: Vec<&str> = (0..count).map(|_| one(draw, &WORDS, "gale")).collect();
    drawn.join(" ")
}

pub(super) fn time(draw: &mut Draw<'_>) -> TimeOfDay {
    let minutes = draw(24 * 60);
    let part = |n: u64| u8::try_from(n).unwrap_or(0);
    TimeOfDay {
        hour: part(minutes / 60),
        minute: part(minutes % 60),
    }
}

pub(super) fn times(draw: &mut Draw<'_>) -> Vec<TimeOfDay> {
    let mut times: Vec<TimeOfDay> = (0..draw(5)).map(|_| time(draw)).collect();
    times.sort_unstable();
    times.dedup();
    times
}

pub(super) fn small(draw: &mut Draw<'_>) -> u32 {
    u32::try_from(draw(9)).unwrap_or(0)
}

pub(super) fn days_before(date: Date, draw: &mut Draw<'_>, days: u64) -> Date {
    date.plus_days(-i32::try_from(draw(days)).unwrap_or(0))
        .unwrap_or(date)
}

pub(super) fn days_after(date: Date, draw: &mut Draw<'_>, days: u64) -> Date {
    date.plus_days(i32::try_from(draw(days)).unwrap_or(0))
        .unwrap_or(date)
}

/// A date of which not all may be known.
pub(super) fn partly(date: Date, draw: &mut Draw<'_>) -> PartialDate {
    match draw(4) {
        0 => PartialDate::Year(date.year),
        1 => PartialDate::Month(date.year, date.month),
        _ => PartialDate::Day(date),
    }
}

pub(super) fn maybe<T>(draw: &mut Draw<'_>, make: impl FnOnce(&mut Draw<'_>) -> T) -> Option<T> {
    if draw(2) == 0 { None } else { Some(make(draw)) }
}

/// One of `these` and `or`.
pub(super) fn one<T: Copy>(draw: &mut Draw<'_>, these: &[T], or: T) -> T {
    let below = u64::try_from(these.len()).unwrap_or(0) + 1;
    usize::try_from(draw(below))
        .ok()
        .and_then(|at| these.get(at))
        .copied()
        .unwrap_or(or)
}
