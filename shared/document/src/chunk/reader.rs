//! Reads a change chunk strictly: work and memory are bounded by the length of the input, and what
//! is read must write itself back to the very same bytes.

use super::columns::rle_numbers;
use super::cursor::Cursor;
use super::{BYTES, CHANGE, COLUMNS, DEFLATED_CHANGE, MAGIC, PUT, Parts, writer};
use crate::actor::Actor;
use crate::refused::Refused;
use ids::{ChangeHash, EntryKey, limits};

/// Operation and sequence numbers stay below this: Automerge holds them in 32 bits.
const NUMBERS: u64 = 1 << 31;

/// What a chunk says, and its hash.
///
/// # Errors
/// [`Refused`] for everything that [`super::write`] does not write, or that exceeds a limit.
pub(crate) fn read(chunk: &[u8]) -> Result<(Parts, ChangeHash), Refused> {
    let (data, hash) = open(chunk)?;
    let mut cursor = Cursor::new(data);
    let deps = read_deps(&mut cursor)?;
    if cursor.uleb()? != Actor::LEN as u64 {
        return Err(Refused::OtherActor);
    }
    let actor = Actor::from_bytes(*cursor.array()?);
    let seq = read_number(&mut cursor)?;
    let start_op = read_number(&mut cursor)?;
    // Time, length of the message, number of other actors.
    for _ in 0..3 {
        if cursor.sleb()? != 0 {
            return Err(Refused::Metadata);
        }
    }
    let entries = read_entries(&mut cursor)?;
    if !cursor.is_empty() {
        return Err(Refused::Metadata);
    }
    let parts = Parts {
        deps,
        actor,
        seq,
        start_op,
        entries,
    };
    if parts.max_op() >= NUMBERS {
        return Err(Refused::Bound);
    }
    // Run lengths can say one thing in many ways. Automerge forgets which was used and rebuilds
    // the change in its own when it loads a save: other bytes would get another hash there.
    if writer::data(&parts) != data {
        return Err(Refused::NotCanonical);
    }
    Ok((parts, hash))
}

/// Header and checksum; the data and its hash.
fn open(chunk: &[u8]) -> Result<(&[u8], ChangeHash), Refused> {
    if chunk.len() > limits::INFLATED_BYTES {
        return Err(Refused::Bound);
    }
    let mut cursor = Cursor::new(chunk);
    if *cursor.array()? != MAGIC {
        return Err(Refused::NotAChange);
    }
    let checksum: &[u8; 4] = cursor.array()?;
    match cursor.byte()? {
        CHANGE => {}
        DEFLATED_CHANGE => return Err(Refused::Deflated),
        _ => return Err(Refused::NotAChange),
    }
    let len = cursor.count(limits::INFLATED_BYTES)?;
    let data = cursor.take(len)?;
    cursor.end()?;
    let hash = writer::hash(data);
    if hash.as_bytes().first_chunk() != Some(checksum) {
        return Err(Refused::Checksum);
    }
    Ok((data, hash))
}

fn read_deps(cursor: &mut Cursor<'_>) -> Result<Vec<ChangeHash>, Refused> {
    let count = cursor.count(limits::DEPS_PER_CHANGE)?;
    let deps = (0..count)
        .map(|_| cursor.array().map(|hash| ChangeHash::from_bytes(*hash)))
        .collect::<Result<Vec<_>, _>>()?;
    let ascending = deps.windows(2).all(|pair| matches!(pair, [a, b] if a < b));
    if ascending {
        Ok(deps)
    } else {
        Err(Refused::NotCanonical)
    }
}

/// A number from 1.
fn read_number(cursor: &mut Cursor<'_>) -> Result<u64, Refused> {
    match cursor.uleb()? {
        0 => Err(Refused::NotChained),
        number if number < NUMBERS => Ok(number),
        _ => Err(Refused::Bound),
    }
}

fn read_entries(cursor: &mut Cursor<'_>) -> Result<Vec<(EntryKey, Vec<u8>)>, Refused> {
    if cursor.uleb()? != COLUMNS.len() as u64 {
        return Err(Refused::Operation);
    }
    let mut lengths = [0; COLUMNS.len()];
    for (spec, length) in COLUMNS.iter().zip(&mut lengths) {
        if cursor.uleb()? != *spec {
            return Err(Refused::Operation);
        }
        *length = cursor.count(limits::INFLATED_BYTES)?;
    }
    let mut columns = [[].as_slice(); COLUMNS.len()];
    for (length, column) in lengths.iter().zip(&mut columns) {
        *column = cursor.take(*length)?;
    }
    let [keys, insert, action, value_metadata, values, predecessors] = columns;
    let keys = read_keys(keys)?;
    let rows = keys.len();
    let mut insert = Cursor::new(insert);
    if insert.uleb()? != rows as u64 || !insert.is_empty() {
        return Err(Refused::Operation);
    }
    if rle_numbers(action, rows)?
        .iter()
        .any(|action| *action != PUT)
    {
        return Err(Refused::Operation);
    }
    if rle_numbers(predecessors, rows)?
        .iter()
        .any(|count| *count != 0)
    {
        return Err(Refused::Operation);
    }
    let mut values = Cursor::new(values);
    let mut entries = Vec::with_capacity(rows);
    for (key, metadata) in keys.into_iter().zip(rle_numbers(value_metadata, rows)?) {
        entries.push((key, read_value(&mut values, metadata)?));
    }
    values.end()?;
    Ok(entries)
}

/// One literal of keys: no two are equal, so it is never anything else.
fn read_keys(column: &[u8]) -> Result<Vec<EntryKey>, Refused> {
    let mut cursor = Cursor::new(column);
    let header = cursor.sleb()?;
    if header >= 0 {
        return Err(Refused::Operation);
    }
    let rows = usize::try_from(header.unsigned_abs())
        .ok()
        .filter(|rows| *rows <= limits::ENTRIES_PER_CHANGE)
        .ok_or(Refused::Bound)?;
    let mut keys = Vec::new();
    for _ in 0..rows {
        if cursor.uleb()? != EntryKey::LEN as u64 {
            return Err(Refused::Key);
        }
        let text = core::str::from_utf8(cursor.take(EntryKey::LEN)?).map_err(|_| Refused::Key)?;
        keys.push(EntryKey::parse(text).ok_or(Refused::Key)?);
    }
    cursor.end()?;
    Ok(keys)
}

fn read_value(values: &mut Cursor<'_>, metadata: u64) -> Result<Vec<u8>, Refused> {
    if metadata & 0xf != BYTES {
        return Err(Refused::Operation);
    }
    let len = usize::try_from(metadata >> 4).map_err(|_| Refused::Bound)?;
    if len == 0 {
        return Err(Refused::Operation);
    }
    if len > limits::ENTRY_BYTES {
        return Err(Refused::Bound);
    }
    values.take(len).map(<[u8]>::to_vec)
}
