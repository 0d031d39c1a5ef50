//! The rows of `log.db` in which tries are noted.

use ids::{EnvelopeId, limits};
use std::collections::{BTreeMap, BTreeSet};

/// A suspect: its id and the deaths it was alone in.
const SUSPECT: usize = EnvelopeId::LEN + 1;

/// What is being tried.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Note {
    /// Everything that waits in the stream.
    pub(super) all_that_waits: bool,
    /// These, and what waits in their documents.
    pub(super) ids: Vec<EnvelopeId>,
}

impl Note {
    pub(super) const ALL_THAT_WAITS: Self = Self {
        all_that_waits: true,
        ids: Vec::new(),
    };

    pub(super) fn of(ids: &BTreeSet<EnvelopeId>) -> Self {
        Self {
            all_that_waits: false,
            ids: ids.iter().copied().collect(),
        }
    }

    pub(super) fn row(&self) -> Vec<u8> {
        let ids = self.ids.iter().flat_map(|id| id.to_bytes());
        std::iter::once(u8::from(self.all_that_waits))
            .chain(ids)
            .collect()
    }

    pub(super) fn read(row: Option<&[u8]>) -> Self {
        let (flag, ids) = row.and_then(|row| row.split_first()).unwrap_or((&0, &[]));
        let ids = ids.chunks_exact(EnvelopeId::LEN);
        Self {
            all_that_waits: *flag != 0,
            ids: ids.filter_map(EnvelopeId::from_slice).collect(),
        }
    }
}

/// Adds arrivals to those noted, up to [`limits::NOTED`]. Says whether they were: what is not
/// noted with its arrival is noted when its batch is projected.
pub(super) fn add(noted: &mut BTreeSet<EnvelopeId>, new: Vec<EnvelopeId>) -> bool {
    let has_room = noted.len().saturating_add(new.len()) <= limits::NOTED;
    if has_room {
        noted.extend(new);
    }
    has_room
}

pub(super) fn suspects_row(suspects: &BTreeMap<EnvelopeId, u8>) -> Option<Vec<u8>> {
    let rows = suspects.iter();
    let row: Vec<u8> = rows
        .flat_map(|(id, deaths)| id.to_bytes().into_iter().chain([*deaths]))
        .collect();
    Some(row).filter(|row| !row.is_empty())
}

pub(super) fn read_suspects(row: Option<&[u8]>) -> BTreeMap<EnvelopeId, u8> {
    let rows = row.unwrap_or_default().chunks_exact(SUSPECT);
    rows.filter_map(|row| {
        let (deaths, id) = row.split_last()?;
        Some((EnvelopeId::from_slice(id)?, *deaths))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(count: usize) -> Vec<EnvelopeId> {
        let id = |n: usize| {
            let mut bytes = [0; 32];
            bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
            EnvelopeId::from_bytes(bytes)
        };
        (0..count).map(id).collect()
    }

    #[test]
    fn arrivals_are_noted_up_to_the_limit_and_beyond_it_with_their_batch() {
        let mut noted = BTreeSet::new();
        assert!(add(&mut noted, ids(limits::NOTED)));
        assert_eq!(noted.len(), limits::NOTED);
        let one_more = EnvelopeId::from_bytes([255; 32]);
        assert!(!add(&mut noted, vec![one_more]));
        assert_eq!(noted.len(), limits::NOTED);
    }

    #[test]
    fn a_note_and_suspects_come_back_as_they_were_kept() {
        let some: BTreeSet<EnvelopeId> = ids(3).into_iter().collect();
        for note in [Note::of(&some), Note::ALL_THAT_WAITS] {
            assert_eq!(Note::read(Some(&note.row())), note);
        }
        assert_eq!(Note::read(None).ids, []);
        let suspects: BTreeMap<EnvelopeId, u8> = ids(3).into_iter().zip([0, 1, 2]).collect();
        let row = suspects_row(&suspects);
        assert_eq!(read_suspects(row.as_deref()), suspects);
        assert_eq!(suspects_row(&BTreeMap::new()), None);
    }
}
