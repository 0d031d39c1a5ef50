//! The operation columns of a save.

use super::{Column, check_columns, column};
use crate::chunk::{Cursor, rle, rle_deltas, rle_numbers};
use crate::refused::Refused;
use ids::{EntryKey, limits};
use std::collections::BTreeMap;

const KEY: u64 = 0x15;
const ID_ACTOR: u64 = 0x21;
const ID_COUNTER: u64 = 0x23;
const INSERT: u64 = 0x34;
const ACTION: u64 = 0x42;
const VALUE_METADATA: u64 = 0x56;
const VALUE: u64 = 0x57;
const SUCCESSORS: u64 = 0x80;

/// All entries of a save, by the actor's index and the operation's number.
pub(super) struct Operations {
    by_actor: Vec<BTreeMap<u64, (EntryKey, Vec<u8>)>>,
    len: usize,
}

impl Operations {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Removes the actor's operations up to `max_op`; they must be consecutive and end there.
    pub(super) fn take(
        &mut self,
        actor: usize,
        max_op: u64,
    ) -> Result<Vec<(EntryKey, Vec<u8>)>, Refused> {
        let operations = self.by_actor.get_mut(actor).ok_or(Refused::OtherActor)?;
        let later = operations.split_off(&max_op.saturating_add(1));
        let taken = core::mem::replace(operations, later);
        let first = taken.first_key_value().map(|(number, _)| *number);
        let consecutive = first.is_some_and(|first| taken.keys().copied().eq(first..=max_op));
        if !consecutive {
            return Err(Refused::StartOp);
        }
        Ok(taken.into_values().collect())
    }
}

pub(super) fn read(columns: &[Column<'_>], actors: usize) -> Result<Operations, Refused> {
    check_columns(
        columns,
        &[
            KEY,
            ID_ACTOR,
            ID_COUNTER,
            INSERT,
            ACTION,
            VALUE_METADATA,
            VALUE,
            SUCCESSORS,
        ],
    )?;
    let values = column(columns, VALUE);
    let rows = count_keys(column(columns, KEY), values.len())?;
    let keys = rle(column(columns, KEY), rows, read_key)?;
    let id_actors = rle_numbers(column(columns, ID_ACTOR), rows)?;
    let id_counters = rle_deltas(column(columns, ID_COUNTER), rows)?;
    let mut insert = Cursor::new(column(columns, INSERT));
    if !insert.is_empty() && (insert.uleb()? != rows as u64 || !insert.is_empty()) {
        return Err(Refused::Operation);
    }
    if rle_numbers(column(columns, ACTION), rows)?
        .iter()
        .any(|action| *action != 1)
        || rle_numbers(column(columns, SUCCESSORS), rows)?
            .iter()
            .any(|count| *count != 0)
    {
        return Err(Refused::Operation);
    }
    let metadata = rle_numbers(column(columns, VALUE_METADATA), rows)?;
    let mut values = Cursor::new(values);
    let mut by_actor: Vec<BTreeMap<u64, _>> = vec![BTreeMap::new(); actors];
    let ids = id_actors.into_iter().zip(id_counters);
    for ((key, (actor, number)), metadata) in keys.into_iter().zip(ids).zip(metadata) {
        let len = usize::try_from(metadata >> 4).map_err(|_| Refused::Bound)?;
        if metadata & 0xf != 7 || len == 0 || len > limits::ENTRY_BYTES {
            return Err(Refused::Operation);
        }
        let value = values.take(len)?.to_vec();
        let operations = usize::try_from(actor)
            .ok()
            .and_then(|actor| by_actor.get_mut(actor))
            .ok_or(Refused::OtherActor)?;
        if operations.insert(number, (key, value)).is_some() {
            return Err(Refused::StartOp);
        }
    }
    values.end()?;
    Ok(Operations {
        by_actor,
        len: rows,
    })
}

fn read_key(cursor: &mut Cursor<'_>) -> Result<EntryKey, Refused> {
    if cursor.uleb()? != EntryKey::LEN as u64 {
        return Err(Refused::Key);
    }
    let text = core::str::from_utf8(cursor.take(EntryKey::LEN)?).map_err(|_| Refused::Key)?;
    EntryKey::parse(text).ok_or(Refused::Key)
}

/// How many rows the key column has, at most `limit`.
fn count_keys(column: &[u8], limit: usize) -> Result<usize, Refused> {
    let mut cursor = Cursor::new(column);
    let mut rows = 0usize;
    while !cursor.is_empty() {
        let header = cursor.sleb()?;
        let count = usize::try_from(header.unsigned_abs()).map_err(|_| Refused::Bound)?;
        rows = rows
            .checked_add(count)
            .filter(|rows| *rows <= limit)
            .ok_or(Refused::Bound)?;
        let values = if header < 0 { count } else { 1 };
        for _ in 0..values {
            read_key(&mut cursor)?;
        }
    }
    Ok(rows)
}
