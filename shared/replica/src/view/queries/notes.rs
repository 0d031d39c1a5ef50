//! Notes, newest first: what stands and what was struck, with signatures and addenda.

use super::{Asked, Cursor};
use crate::view::entry::{EntryRow, State, resident_bytes};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::entry::ResidentId;
use ids::{EntryKey, UnixMillis};
use interface::{AddendumRow, NoteRow, NotesView, Refusal};

/// Words one search may have; more are not looked at.
const MOST_WORDS: usize = 16;

/// Where the page of the newest begins.
fn top() -> Cursor {
    (i64::MAX, String::new())
}

impl ViewDb {
    fn note_page(
        &self,
        resident: &ResidentId,
        (at, key): Cursor,
        limit: u32,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.resident = ?1 AND e.kind = 'note' AND e.state IN (0, 2)
               AND (e.stated_ms, e.key) < (?2, ?3)
             ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?4",
            (resident_bytes(resident), at, key, limit),
        )
    }

    /// Notes in which, or in whose addenda, the words are found; and how many there are.
    fn note_search(
        &self,
        resident: &ResidentId,
        words: &str,
        (at, key): Cursor,
        limit: u32,
    ) -> Result<(Vec<EntryRow>, u32), ViewError> {
        // A match in an addendum is a match of its note.
        const MATCHES: &str = "SELECT coalesce(n.id, m.id) FROM @.words w
            JOIN @.entries m ON m.id = w.rowid AND (m.kind = 'note' OR m.state = 0)
            LEFT JOIN @.about a ON a.by = m.id AND m.kind = 'addendum'
            LEFT JOIN @.entries n ON n.key = a.target
            WHERE words MATCH ?1";
        let mut page = self.entries(
            &format!(
                "WHERE e.id IN ({MATCHES}) AND e.resident = ?2 AND e.kind = 'note'
                   AND e.state IN (0, 2) AND (e.stated_ms, e.key) < (?3, ?4)
                 ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?5"
            ),
            (words, resident_bytes(resident), at, key, limit),
        )?;
        page.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let total = self
            .statement(&format!(
                "SELECT count(*) FROM @.entries e WHERE e.id IN ({MATCHES})
                   AND e.resident = ?2 AND e.kind = 'note' AND e.state IN (0, 2)"
            ))?
            .query_row((words, resident_bytes(resident)), |row| row.get(0))?;
        Ok((page, total))
    }

    fn notes_since(
        &self,
        resident: &ResidentId,
        since: UnixMillis,
        limit: u32,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.resident = ?1 AND e.kind = 'note' AND e.state IN (0, 2)
               AND e.stated_ms >= ?2
             ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?3",
            (resident_bytes(resident), since.0, limit),
        )
    }
}

impl Asked<'_> {
    pub(super) fn notes(
        &self,
        resident: &ResidentId,
        limit: u32,
        before: Option<&EntryKey>,
        search: &str,
    ) -> Result<NotesView, Refusal> {
        let care = self.care()?;
        let limit = limit.min(super::MOST_ROWS);
        let before = self.cursor(before)?.unwrap_or_else(top);
        let (rows, total) = match words(resident, search) {
            Some(words) => care.note_search(resident, &words, before, limit)?,
            // Signs alone are in no note.
            None if !search.trim().is_empty() => (Vec::new(), 0),
            None => (
                care.note_page(resident, before, limit)?,
                care.tally(resident, Some("note"), &[State::Stands, State::Struck])?,
            ),
        };
        Ok(NotesView {
            notes: self.note_rows(care, &rows)?,
            total,
        })
    }

    /// Notes stated at or after an instant, newest first.
    pub(super) fn notes_since(
        &self,
        resident: &ResidentId,
        since: UnixMillis,
        limit: u32,
    ) -> Result<Vec<NoteRow>, Refusal> {
        let care = self.care()?;
        self.note_rows(care, &care.notes_since(resident, since, limit)?)
    }

    fn note_rows(&self, care: &ViewDb, rows: &[EntryRow]) -> Result<Vec<NoteRow>, Refusal> {
        let mut notes = Vec::new();
        for row in rows {
            let Some(Fact::Note(note)) = row.fact() else {
                continue;
            };
            let mut addenda = Vec::new();
            for addendum in care.addenda(row)? {
                if let Some(Fact::Addendum(says)) = addendum.fact() {
                    addenda.push(AddendumRow {
                        text: says.text.clone(),
                        by: self.provenance(&addendum)?,
                    });
                }
            }
            notes.push(NoteRow {
                text: note.text.clone(),
                by: self.provenance(row)?,
                signatures: self.signatures(care, row)?,
                addenda,
                own: row.origin.person == self.asker.person,
                struck: self.struck(care, row)?,
            });
        }
        Ok(notes)
    }

    /// Why an entry was struck, if it was.
    pub(super) fn struck(&self, view: &ViewDb, row: &EntryRow) -> Result<Option<String>, Refusal> {
        if !matches!(row.state, State::Struck | State::Replaced) {
            return Ok(None);
        }
        Ok(view
            .strike(&row.key)?
            .and_then(|strike| match strike.fact() {
                Some(Fact::Strike(says)) => Some(says.reason.clone()),
                _ => None,
            }))
    }
}

/// What a search asks the full-text table: every word as the beginning of a word, within one
/// chart. `None` when there is no word in it.
fn words(resident: &ResidentId, search: &str) -> Option<String> {
    let words: Vec<String> = search
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(MOST_WORDS)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    (!words.is_empty())
        .then(|| format!("resident : {resident} AND text : ({})", words.join(" AND ")))
}
