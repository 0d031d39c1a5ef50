//! A change that its document has says nothing a second time. Its author can bring it again in another
//! envelope, after their rights have changed: what they wrote is of the envelope of the earliest place,
//! in whatever order the two come here, and that one alone says whether it counts. One that has no
//! place comes last.

use super::Dirty;
use crate::view::{ViewDb, ViewError};
use ids::{EntryKey, EnvelopeId};
use rusqlite::OptionalExtension;

impl ViewDb {
    /// The entry of this key in the document of an envelope, and the envelope it is of.
    pub(super) fn lying_with(
        &self,
        key: &EntryKey,
        envelope: i64,
    ) -> Result<Option<(i64, i64)>, ViewError> {
        Ok(self
            .statement(
                "SELECT e.id, e.envelope FROM @.entries e JOIN @.envelopes o ON o.id = e.envelope
                 JOIN @.envelopes v ON v.document = o.document
                 WHERE e.key = ?1 AND v.id = ?2",
            )?
            .query_row((key.as_str(), envelope), |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?)
    }

    /// Two envelopes brought an entry.
    pub(super) fn repeat(
        &self,
        entry: i64,
        by: [i64; 2],
        dirty: &mut Dirty<'_>,
    ) -> Result<(), ViewError> {
        for envelope in by {
            self.statement("INSERT OR IGNORE INTO @.repeated (entry, envelope) VALUES (?1, ?2)")?
                .execute([entry, envelope])?;
        }
        self.follow_the_first(entry, dirty)
    }

    /// The place of an envelope is known, maybe for the second time.
    pub(super) fn repeated_is_placed(
        &self,
        envelope: &EnvelopeId,
        dirty: &mut Dirty<'_>,
    ) -> Result<(), ViewError> {
        let mut statement = self.statement(
            "SELECT r.entry FROM @.envelopes v JOIN @.repeated r ON r.envelope = v.id
             WHERE v.envelope = ?1",
        )?;
        let repeated = statement.query_map([envelope.as_bytes()], |row| row.get(0))?;
        for entry in repeated.collect::<Result<Vec<i64>, _>>()? {
            self.follow_the_first(entry, dirty)?;
        }
        Ok(())
    }

    fn follow_the_first(&self, entry: i64, dirty: &mut Dirty<'_>) -> Result<(), ViewError> {
        let first: i64 = self
            .statement(
                "SELECT v.id FROM @.repeated r JOIN @.envelopes v ON v.id = r.envelope
                 WHERE r.entry = ?1 ORDER BY v.place_seq IS NULL, v.place_seq, v.envelope LIMIT 1",
            )?
            .query_row([entry], |row| row.get(0))?;
        let moved = self
            .statement("UPDATE @.entries SET envelope = ?2 WHERE id = ?1 AND envelope <> ?2")?
            .execute([entry, first])?;
        let Some(row) = self.entry_numbered(entry)?.filter(|_| moved > 0) else {
            return Ok(());
        };
        dirty.placed.insert(entry);
        self.rank(&row.key, dirty)?;
        self.changes(&row.key, dirty)
    }
}
