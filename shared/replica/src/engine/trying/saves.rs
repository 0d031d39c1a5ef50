//! A document of which many changes came is kept as one save. Automerge makes it, and should it
//! trap at one, that document goes without: what is being saved is noted before, with its deaths.

use crate::engine::Engine;
use crate::engine::documents::CHUNKS_PER_SAVE;
use crate::engine::trouble::Trouble;
use crate::log::{LogChange, Setting, StoreError};
use domain::Stream;
use ids::{DocumentId, limits};
use std::collections::BTreeMap;

/// A document and the deaths its saving was part of.
const ROW: usize = DocumentId::LEN + 1;

/// Documents whose saving went wrong, with how often.
#[derive(Default)]
pub(super) struct Saves {
    deaths: BTreeMap<DocumentId, u8>,
}

impl Saves {
    fn read(row: &[u8]) -> Self {
        let rows = row.chunks_exact(ROW).filter_map(|row| {
            let (deaths, id) = row.split_last()?;
            Some((DocumentId::from_slice(id)?, *deaths))
        });
        Self {
            deaths: rows.collect(),
        }
    }

    fn row(&self) -> Option<Vec<u8>> {
        let rows = self.deaths.iter();
        let row: Vec<u8> = rows
            .flat_map(|(id, deaths)| id.to_bytes().into_iter().chain([*deaths]))
            .collect();
        Some(row).filter(|row| !row.is_empty())
    }

    fn deaths(&self, id: &DocumentId) -> u8 {
        self.deaths.get(id).copied().unwrap_or_default()
    }

    /// Which to save together: one that was there at a death by itself, and none that was there
    /// at [`limits::DEATHS_ALONE`].
    fn choose(&self, long: Vec<DocumentId>) -> Vec<DocumentId> {
        let suspect = long
            .iter()
            .find(|id| (1..limits::DEATHS_ALONE).contains(&self.deaths(id)));
        match suspect {
            Some(id) => vec![*id],
            None => long.into_iter().filter(|id| self.deaths(id) == 0).collect(),
        }
    }

    fn add(&mut self, id: DocumentId, deaths: u8) {
        let all = self.deaths.entry(id).or_default();
        *all = all.saturating_add(deaths);
    }
}

impl Engine {
    pub(in crate::engine) fn load_saves(&mut self) -> Result<(), StoreError> {
        let row = self.log.setting(Setting::Saving)?.unwrap_or_default();
        self.trying.saves = Saves::read(&row);
        Ok(())
    }

    /// Keeps a save of each document of which many changes came since its last.
    pub(in crate::engine) fn save_long_documents(&mut self, stream: Stream) -> Result<(), Trouble> {
        let view = self.views.of(stream).ok_or_else(Trouble::closed)?;
        let long = view.documents_with_chunks_over(CHUNKS_PER_SAVE)?;
        let mut chosen = Vec::new();
        for id in self.trying.saves.choose(long) {
            if self.document(stream, id)?.waiting() == 0 {
                chosen.push(id);
            }
        }
        if chosen.is_empty() {
            return Ok(());
        }
        for id in &chosen {
            self.trying.saves.add(*id, 1);
        }
        self.keep_saves()?;
        let mut refused = Vec::new();
        let outcome = self.save_each(stream, &chosen, &mut refused);
        for id in &chosen {
            self.trying.saves.deaths.remove(id);
        }
        for id in refused {
            self.trying.saves.add(id, limits::DEATHS_ALONE);
        }
        self.keep_saves()?;
        outcome
    }

    fn save_each(
        &mut self,
        stream: Stream,
        ids: &[DocumentId],
        refused: &mut Vec<DocumentId>,
    ) -> Result<(), Trouble> {
        for id in ids {
            let Ok(save) = self.document(stream, *id)?.save() else {
                // Automerge refuses it: as good as a death, without one.
                refused.push(*id);
                self.forget_documents();
                continue;
            };
            let view = self.views.of_mut(stream).ok_or_else(Trouble::closed)?;
            view.replace_save(id, &save)?;
        }
        Ok(())
    }

    fn keep_saves(&mut self) -> Result<(), Trouble> {
        let change = LogChange {
            settings: vec![(Setting::Saving, self.trying.saves.row())],
            ..LogChange::default()
        };
        Ok(self.commit(&change)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn document(n: u8) -> DocumentId {
        DocumentId::from_bytes([n; 16])
    }

    #[test]
    fn what_was_there_at_a_death_is_saved_alone_and_after_two_no_more() {
        let all = || (1..=3).map(document).collect::<Vec<_>>();
        let mut saves = Saves::default();
        assert_eq!(saves.choose(all()), all());
        for n in 1..=3 {
            saves.add(document(n), 1);
        }
        let mut saves = Saves::read(&saves.row().unwrap());
        assert_eq!(saves.choose(all()), [document(1)]);
        saves.deaths.remove(&document(1));
        assert_eq!(saves.choose(all()), [document(2)]);
        saves.add(document(2), limits::DEATHS_ALONE - 1);
        assert_eq!(saves.choose(all()), [document(3)]);
        saves.deaths.remove(&document(3));
        assert_eq!(saves.choose(all()), [document(1), document(3)]);
        assert_eq!(saves.choose(vec![document(2)]), []);
    }
}
