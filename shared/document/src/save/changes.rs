//! The change columns of a save.

use super::{Column, check_columns, column, operations::Operations};
use crate::Actor;
use crate::chunk::{Cursor, rle_deltas, rle_numbers};
use crate::refused::Refused;

const ACTOR: u64 = 0x01;
const SEQ: u64 = 0x03;
const MAX_OP: u64 = 0x13;
const TIME: u64 = 0x23;
const DEPS_COUNT: u64 = 0x40;
const DEPS: u64 = 0x43;
const EXTRA_METADATA: u64 = 0x56;

/// A change as a save states it: everything but its operations.
pub(super) struct SavedChange {
    /// Index into the save's actors.
    pub(super) actor: usize,
    pub(super) seq: u64,
    pub(super) max_op: u64,
    /// Indices of earlier changes.
    pub(super) deps: Vec<usize>,
}

pub(super) fn read_actors(cursor: &mut Cursor<'_>) -> Result<Vec<Actor>, Refused> {
    let count = cursor.count(cursor.rest().len() / Actor::LEN)?;
    let mut actors = Vec::new();
    for _ in 0..count {
        if cursor.uleb()? != Actor::LEN as u64 {
            return Err(Refused::OtherActor);
        }
        actors.push(Actor::from_bytes(*cursor.array()?));
    }
    let ascending = actors
        .windows(2)
        .all(|pair| matches!(pair, [a, b] if a < b));
    if ascending {
        Ok(actors)
    } else {
        Err(Refused::NotCanonical)
    }
}

/// The changes. Every change has an operation, so there are at most as many.
pub(super) fn read(
    columns: &[Column<'_>],
    operations: &Operations,
) -> Result<Vec<SavedChange>, Refused> {
    check_columns(
        columns,
        &[ACTOR, SEQ, MAX_OP, TIME, DEPS_COUNT, DEPS, EXTRA_METADATA],
    )?;
    let rows = count_rows(column(columns, ACTOR), operations.len())?;
    let actors = rle_numbers(column(columns, ACTOR), rows)?;
    let seqs = rle_deltas(column(columns, SEQ), rows)?;
    let max_ops = rle_deltas(column(columns, MAX_OP), rows)?;
    if rle_deltas(column(columns, TIME), rows)?
        .iter()
        .any(|time| *time != 0)
    {
        return Err(Refused::Metadata);
    }
    // Extra bytes: none, of the type "bytes".
    if rle_numbers(column(columns, EXTRA_METADATA), rows)?
        .iter()
        .any(|meta| *meta != 7)
    {
        return Err(Refused::Metadata);
    }
    let deps_counts = rle_numbers(column(columns, DEPS_COUNT), rows)?;
    let deps_total = deps_counts
        .iter()
        .try_fold(0u64, |sum, count| sum.checked_add(*count))
        .and_then(|sum| usize::try_from(sum).ok())
        .filter(|sum| *sum <= rows.saturating_mul(ids::limits::DEPS_PER_CHANGE))
        .ok_or(Refused::Bound)?;
    let mut deps = rle_deltas(column(columns, DEPS), deps_total)?.into_iter();
    let rows = actors.into_iter().zip(seqs).zip(max_ops).zip(deps_counts);
    rows.map(|(((actor, seq), max_op), deps_count)| {
        let count = usize::try_from(deps_count).map_err(|_| Refused::Bound)?;
        let deps = deps
            .by_ref()
            .take(count)
            .map(index)
            .collect::<Result<_, _>>()?;
        Ok(SavedChange {
            actor: index(actor)?,
            seq,
            max_op,
            deps,
        })
    })
    .collect()
}

fn index(number: u64) -> Result<usize, Refused> {
    usize::try_from(number).map_err(|_| Refused::Bound)
}

/// How many rows a run-length encoded column of numbers has, at most `limit`.
fn count_rows(column: &[u8], limit: usize) -> Result<usize, Refused> {
    let mut cursor = Cursor::new(column);
    let mut rows = 0usize;
    while !cursor.is_empty() {
        let header = cursor.sleb()?;
        let count = index(header.unsigned_abs())?;
        rows = rows
            .checked_add(count)
            .filter(|rows| *rows <= limit)
            .ok_or(Refused::Bound)?;
        let values = if header < 0 { count } else { 1 };
        for _ in 0..values {
            cursor.uleb()?;
        }
    }
    Ok(rows)
}
