//! Reads a save (Automerge's document chunk) without Automerge: every change in it is rebuilt to
//! the chunk it once was and must pass the rules of [`crate::admit`], so that a save can bring
//! nothing that could not have come as changes.

mod changes;
mod operations;

use crate::admitted::Admitted;
use crate::chunk::{self, Cursor, Parts};
use crate::doc::LoadError;
use crate::refused::Refused;
use changes::SavedChange;
use ids::{ChangeHash, DocumentId, limits};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What every chunk starts with.
const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
/// Chunk type of a document.
const DOCUMENT: u8 = 0;

/// A column: its specification and its bytes.
type Column<'a> = (u64, &'a [u8]);

/// The changes in a save of `document`, dependencies first. Work and memory are bounded by the
/// length of `save`.
///
/// Whether each actor is one that may have written here is for the caller to ask.
///
/// # Errors
/// [`LoadError`] for anything that [`crate::Doc::save`] does not write.
pub fn read_save(save: &[u8], document: &DocumentId) -> Result<Vec<Admitted>, LoadError> {
    let mut cursor = Cursor::new(open(save)?);
    let actors = changes::read_actors(&mut cursor)?;
    let heads = read_hashes(&mut cursor)?;
    let change_columns = read_column_lengths(&mut cursor)?;
    let operation_columns = read_column_lengths(&mut cursor)?;
    let change_columns = read_columns(&mut cursor, &change_columns)?;
    let operation_columns = read_columns(&mut cursor, &operation_columns)?;
    let operations = operations::read(&operation_columns, actors.len())?;
    let changes = changes::read(&change_columns, &operations)?;
    let head_indices = heads
        .iter()
        .map(|_| cursor.uleb())
        .collect::<Result<Vec<_>, _>>()?;
    cursor.end()?;

    let mut operations = operations;
    let mut admitted: Vec<Admitted> = Vec::with_capacity(changes.len());
    for change in changes {
        let parts = rebuild(change, &actors, &mut operations, &admitted)?;
        let (bytes, hash) = chunk::write(&parts);
        // The reader has rules of its own: numbers within limits, deps few and ascending.
        let (parts, _) = chunk::read(&bytes)?;
        admitted.push(Admitted::from_parts(parts, *document, hash, bytes)?);
    }
    check_heads(&admitted, &heads, &head_indices)?;
    Ok(admitted)
}

fn open(save: &[u8]) -> Result<&[u8], LoadError> {
    let mut cursor = Cursor::new(save);
    if *cursor.array()? != MAGIC {
        return Err(LoadError::Corrupt(Refused::NotAChange));
    }
    let checksum: &[u8; 4] = cursor.array()?;
    if cursor.byte()? != DOCUMENT {
        return Err(LoadError::Corrupt(Refused::NotAChange));
    }
    let before = cursor.rest();
    let len = cursor.count(save.len())?;
    let len_bytes = before.len() - cursor.rest().len();
    let data = cursor.take(len)?;
    cursor.end()?;
    let digest = Sha256::new()
        .chain_update([DOCUMENT])
        .chain_update(before.get(..len_bytes).unwrap_or_default())
        .chain_update(data)
        .finalize();
    if digest.first_chunk() != Some(checksum) {
        return Err(LoadError::Corrupt(Refused::Checksum));
    }
    Ok(data)
}

fn read_hashes(cursor: &mut Cursor<'_>) -> Result<Vec<ChangeHash>, Refused> {
    let count = cursor.count(cursor.rest().len() / ChangeHash::LEN)?;
    (0..count)
        .map(|_| cursor.array().map(|hash| ChangeHash::from_bytes(*hash)))
        .collect()
}

fn read_column_lengths(cursor: &mut Cursor<'_>) -> Result<Vec<(u64, usize)>, Refused> {
    let count = cursor.count(16)?;
    (0..count)
        .map(|_| Ok((cursor.uleb()?, cursor.count(usize::MAX)?)))
        .collect()
}

fn read_columns<'a>(
    cursor: &mut Cursor<'a>,
    lengths: &[(u64, usize)],
) -> Result<Vec<Column<'a>>, Refused> {
    lengths
        .iter()
        .map(|(spec, len)| Ok((*spec, cursor.take(*len)?)))
        .collect()
}

/// The column of a specification; empty when it is left out.
fn column<'a>(columns: &[Column<'a>], spec: u64) -> &'a [u8] {
    columns
        .iter()
        .find(|(found, _)| *found == spec)
        .map_or(&[], |(_, bytes)| bytes)
}

/// Refuses columns other than `known`, or not in their order.
fn check_columns(columns: &[Column<'_>], known: &[u64]) -> Result<(), Refused> {
    let mut known = known.iter();
    let in_order = columns
        .iter()
        .all(|(spec, _)| known.any(|known| known == spec));
    in_order.then_some(()).ok_or(Refused::Operation)
}

/// The change as it was written: its operations are those numbered from the end of its actor's
/// previous change to its own last.
fn rebuild(
    change: SavedChange,
    actors: &[crate::Actor],
    operations: &mut operations::Operations,
    before: &[Admitted],
) -> Result<Parts, Refused> {
    let actor = *actors.get(change.actor).ok_or(Refused::OtherActor)?;
    let entries = operations.take(change.actor, change.max_op)?;
    let start_op = change
        .max_op
        .checked_sub(entries.len() as u64)
        .map(|before| before + 1)
        .ok_or(Refused::StartOp)?;
    if entries.is_empty() || change.deps.len() > limits::DEPS_PER_CHANGE {
        return Err(Refused::Bound);
    }
    let mut deps = change
        .deps
        .iter()
        .map(|index| {
            before
                .get(*index)
                .map(Admitted::hash)
                .ok_or(Refused::NotChained)
        })
        .collect::<Result<Vec<_>, _>>()?;
    deps.sort_unstable();
    Ok(Parts {
        deps,
        actor,
        seq: change.seq,
        start_op,
        entries,
    })
}

fn check_heads(
    admitted: &[Admitted],
    heads: &[ChangeHash],
    head_indices: &[u64],
) -> Result<(), LoadError> {
    let mut expected: BTreeSet<ChangeHash> = admitted.iter().map(Admitted::hash).collect();
    for dep in admitted.iter().flat_map(Admitted::deps) {
        expected.remove(dep);
    }
    let indexed = head_indices.iter().zip(heads).all(|(index, head)| {
        usize::try_from(*index)
            .ok()
            .and_then(|index| admitted.get(index))
            .is_some_and(|change| change.hash() == *head)
    });
    let stated: BTreeSet<ChangeHash> = heads.iter().copied().collect();
    if indexed && stated == expected && stated.len() == heads.len() {
        Ok(())
    } else {
        Err(LoadError::Heads)
    }
}
