//! Automerge's run-length encoding: a positive count and one value, or a negative count and that
//! many different values. (A zero count, a run of nulls, never occurs here.)

use super::cursor::Cursor;
use crate::refused::Refused;

/// Appends an unsigned LEB128 number.
pub(crate) fn put_uleb(out: &mut Vec<u8>, mut number: u64) {
    loop {
        let [low, ..] = (number & 0x7f).to_le_bytes();
        number >>= 7;
        if number == 0 {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends a signed LEB128 number.
pub(crate) fn put_sleb(out: &mut Vec<u8>, mut number: i64) {
    loop {
        let [low, ..] = (number & 0x7f).to_le_bytes();
        number >>= 7;
        let sign = low & 0x40 != 0;
        if (number == 0 && !sign) || (number == -1 && sign) {
            out.push(low);
            return;
        }
        out.push(low | 0x80);
    }
}

/// Appends the header of a run of `count` equal values, or of a literal of `count` different ones.
pub(crate) fn put_run(out: &mut Vec<u8>, count: usize) {
    put_sleb(out, i64::try_from(count).unwrap_or(i64::MAX));
}

/// Appends the header of a literal of `count` different values.
pub(crate) fn put_literal(out: &mut Vec<u8>, count: usize) {
    put_sleb(out, i64::try_from(count).map_or(i64::MIN, |count| -count));
}

/// Appends a column of numbers: equal neighbours become runs, all others literals, each as long as
/// can be. This is the one form Automerge writes.
pub(crate) fn put_rle_numbers(out: &mut Vec<u8>, numbers: &[u64]) {
    let mut lone: Vec<u64> = Vec::new();
    let flush = |out: &mut Vec<u8>, lone: &mut Vec<u64>| {
        if !lone.is_empty() {
            put_literal(out, lone.len());
            lone.drain(..).for_each(|number| put_uleb(out, number));
        }
    };
    for run in numbers.chunk_by(|a, b| a == b) {
        let Some(value) = run.first() else { continue };
        if run.len() == 1 {
            lone.push(*value);
        } else {
            flush(out, &mut lone);
            put_run(out, run.len());
            put_uleb(out, *value);
        }
    }
    flush(out, &mut lone);
}

/// Reads a whole column of exactly `rows` values. `rows` is a number already known to be
/// affordable: a run is expanded only within it.
pub(crate) fn rle<'a, T: Clone>(
    column: &'a [u8],
    rows: usize,
    read: impl Fn(&mut Cursor<'a>) -> Result<T, Refused>,
) -> Result<Vec<T>, Refused> {
    let mut cursor = Cursor::new(column);
    let mut values = Vec::new();
    while !cursor.is_empty() {
        let header = cursor.sleb()?;
        let count = usize::try_from(header.unsigned_abs()).map_err(|_| Refused::Bound)?;
        if count == 0 {
            return Err(Refused::Operation);
        }
        if count > rows.saturating_sub(values.len()) {
            return Err(Refused::Bound);
        }
        if header > 0 {
            values.resize(values.len() + count, read(&mut cursor)?);
        } else {
            for _ in 0..count {
                values.push(read(&mut cursor)?);
            }
        }
    }
    if values.len() == rows {
        Ok(values)
    } else {
        Err(Refused::Length)
    }
}

/// Reads a whole column of exactly `rows` unsigned numbers.
pub(crate) fn rle_numbers(column: &[u8], rows: usize) -> Result<Vec<u64>, Refused> {
    rle(column, rows, Cursor::uleb)
}

/// Reads a whole column of exactly `rows` unsigned numbers, each written as its difference from
/// the one before.
pub(crate) fn rle_deltas(column: &[u8], rows: usize) -> Result<Vec<u64>, Refused> {
    let mut number = 0i64;
    rle(column, rows, Cursor::sleb)?
        .into_iter()
        .map(|delta| {
            number = number.checked_add(delta).ok_or(Refused::Bound)?;
            u64::try_from(number).map_err(|_| Refused::Bound)
        })
        .collect()
}
