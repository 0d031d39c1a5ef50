//! Envelopes that arrived but cannot be applied yet: their key, or what they build on, is missing.
//! Kept in `log.db`, so that a restart forgets none of them.

use super::Engine;
use super::documents::{view_of, view_of_mut};
use super::session::VIEWED;
use crate::log::{LogChange, Standing, StoreError, StoredEnvelope};
use crate::view::Batch;
use domain::Stream;
use ids::{DocumentId, EnvelopeId, PersonId, limits};
use std::collections::{BTreeMap, BTreeSet};

/// What was not applied, and why not.
#[derive(Default)]
pub(super) struct Unread {
    /// Key or dependencies are missing.
    pub(super) waits: Vec<EnvelopeId>,
    /// Structure or bounds are wrong: never applied.
    pub(super) refused: Vec<EnvelopeId>,
}

#[derive(Default)]
pub(super) struct Waiting {
    envelopes: BTreeMap<Stream, Vec<EnvelopeId>>,
}

fn setting(stream: Stream) -> String {
    format!("waiting {}", stream.name())
}

impl Engine {
    pub(super) fn load_waiting(&mut self) -> Result<(), StoreError> {
        self.waiting = Waiting::default();
        for stream in VIEWED {
            let row = self.log.meta(&setting(stream))?.unwrap_or_default();
            let ids: Vec<EnvelopeId> = row
                .chunks_exact(EnvelopeId::LEN)
                .filter_map(EnvelopeId::from_slice)
                .collect();
            if !ids.is_empty() {
                self.waiting.envelopes.insert(stream, ids);
            }
        }
        Ok(())
    }

    /// Takes note of what a batch could not apply.
    pub(super) fn note_unread(&mut self, stream: Stream, unread: Unread) -> Result<(), String> {
        let mut all = self
            .waiting
            .envelopes
            .get(&stream)
            .cloned()
            .unwrap_or_default();
        if !unread.waits.is_empty() {
            let author = |id: &EnvelopeId| {
                let stored = self.log.envelope(id).ok().flatten();
                stored.map_or(PersonId::ZERO, |stored| stored.envelope.header().person)
            };
            add_within_bounds(&mut all, &unread.waits, author);
        }
        self.keep_waiting(stream, all, unread.refused)
            .map_err(|e| e.to_string())
    }

    fn keep_waiting(
        &mut self,
        stream: Stream,
        all: Vec<EnvelopeId>,
        refused: Vec<EnvelopeId>,
    ) -> Result<(), StoreError> {
        let mut change = LogChange {
            standing: refused
                .into_iter()
                .map(|id| (id, Standing::Refused))
                .collect(),
            ..LogChange::default()
        };
        let before = self
            .waiting
            .envelopes
            .get(&stream)
            .map_or(&[][..], Vec::as_slice);
        if before != all {
            let row: Vec<u8> = all.iter().flat_map(|id| id.to_bytes()).collect();
            change
                .meta
                .push((setting(stream), Some(row).filter(|row| !row.is_empty())));
        }
        self.commit(&change)?;
        self.waiting.envelopes.insert(stream, all);
        Ok(())
    }

    /// What waits for one document, in the order in which it came.
    pub(super) fn waiting_in(&self, stream: Stream, document: &DocumentId) -> Vec<StoredEnvelope> {
        let all = self.waiting.envelopes.get(&stream);
        all.into_iter()
            .flatten()
            .filter_map(|id| self.log.envelope(id).ok().flatten())
            .filter(|stored| stored.envelope.header().document == *document)
            .collect()
    }

    /// Tries again whatever waits: keys may have come.
    pub(super) fn retry_waiting(&mut self) {
        for stream in VIEWED {
            // What cannot be done now keeps waiting.
            let _ = self.retry(stream, |_| true);
        }
    }

    /// Tries again what waits in documents to which something was added.
    pub(super) fn retry_waiting_in(&mut self, stream: Stream, documents: &BTreeSet<DocumentId>) {
        let _ = self.retry(stream, |document| documents.contains(document));
    }

    fn retry(
        &mut self,
        stream: Stream,
        concerns: impl Fn(&DocumentId) -> bool,
    ) -> Result<(), String> {
        let all = self
            .waiting
            .envelopes
            .get(&stream)
            .cloned()
            .unwrap_or_default();
        if all.is_empty() {
            return Ok(());
        }
        let Some(view) = view_of(&self.views, stream) else {
            return Ok(());
        };
        let watermark = view.watermark().map_err(|e| e.to_string())?;
        let stored: Vec<StoredEnvelope> = all
            .iter()
            .filter_map(|id| self.log.envelope(id).ok().flatten())
            .filter(|stored| concerns(&stored.envelope.header().document))
            .collect();
        if stored.is_empty() {
            return Ok(());
        }
        let mut batch = Batch {
            watermark,
            ..Batch::default()
        };
        let unread = self.apply_arrived(stream, &stored.iter().collect::<Vec<_>>(), &mut batch)?;
        let tried: BTreeSet<EnvelopeId> =
            stored.iter().map(|stored| stored.envelope.id()).collect();
        let touched = view_of_mut(&mut self.views, stream)
            .ok_or("closed")?
            .project(batch)
            .map_err(|e| e.to_string())?;
        self.tell(touched);
        let left = all
            .into_iter()
            .filter(|id| !tried.contains(id) || unread.waits.contains(id))
            .collect();
        self.keep_waiting(stream, left, unread.refused)
            .map_err(|e| e.to_string())
    }
}

/// Adds what waits newly, in its order, as far as [`limits::WAITING_PER_PERSON`] and
/// [`limits::WAITING`] allow. What finds no room is applied when its view is next built again.
fn add_within_bounds(
    all: &mut Vec<EnvelopeId>,
    new: &[EnvelopeId],
    author: impl Fn(&EnvelopeId) -> PersonId,
) {
    let mut known: BTreeSet<EnvelopeId> = all.iter().copied().collect();
    let mut per_person: BTreeMap<PersonId, usize> = BTreeMap::new();
    for id in all.iter() {
        *per_person.entry(author(id)).or_default() += 1;
    }
    for id in new {
        let of_person = per_person.entry(author(id)).or_default();
        let has_room = all.len() < limits::WAITING && *of_person < limits::WAITING_PER_PERSON;
        if has_room && known.insert(*id) {
            *of_person += 1;
            all.push(*id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(person: u8, number: usize) -> EnvelopeId {
        let mut bytes = [0; 32];
        bytes[0] = person;
        bytes[1..9].copy_from_slice(&(number as u64).to_be_bytes());
        EnvelopeId::from_bytes(bytes)
    }

    fn author(id: &EnvelopeId) -> PersonId {
        PersonId::from_bytes([id.to_bytes()[0]; 16])
    }

    fn of(person: u8, count: usize) -> Vec<EnvelopeId> {
        (0..count).map(|number| id(person, number)).collect()
    }

    #[test]
    fn what_waits_of_one_person_is_bounded_and_leaves_others_their_room() {
        let mut all = Vec::new();
        add_within_bounds(&mut all, &of(1, limits::WAITING_PER_PERSON), author);
        assert_eq!(all.len(), limits::WAITING_PER_PERSON);
        let next = id(1, limits::WAITING_PER_PERSON);
        add_within_bounds(&mut all, &[next, id(2, 0)], author);
        assert_eq!(all.len(), limits::WAITING_PER_PERSON + 1);
        assert!(!all.contains(&next));
    }

    #[test]
    fn what_waits_in_a_stream_is_bounded() {
        let mut all = Vec::new();
        let persons = limits::WAITING / limits::WAITING_PER_PERSON;
        for person in (0u8..).take(persons) {
            let some = of(person, limits::WAITING_PER_PERSON);
            add_within_bounds(&mut all, &some, author);
        }
        assert_eq!(all.len(), limits::WAITING);
        add_within_bounds(&mut all, &[id(200, 0)], author);
        assert_eq!(all.len(), limits::WAITING);
    }

    #[test]
    fn what_waits_already_is_not_counted_twice() {
        let mut all = of(1, 3);
        add_within_bounds(&mut all, &of(1, 5), author);
        assert_eq!(all, of(1, 5));
    }
}
