//! Everything ever entered on a resident, newest first, over every stream that is open; with what
//! was withheld from everybody, for whoever entered it.

use super::{Asked, Cursor};
use crate::view::entry::{EntryRow, State, resident_bytes};
use crate::view::{ViewDb, ViewError};
use domain::entry::ResidentId;
use ids::{EntryKey, PersonId};
use interface::{HistoryRow, HistoryView, Missing, Refusal};

impl ViewDb {
    fn history_page(
        &self,
        resident: &ResidentId,
        before: Option<&Cursor>,
        limit: u32,
    ) -> Result<Vec<EntryRow>, ViewError> {
        let (at, key) = before.map_or((i64::MAX, ""), |(at, key)| (*at, key.as_str()));
        self.entries(
            "WHERE e.resident = ?1 AND e.state < 3 AND (e.stated_ms, e.key) < (?2, ?3)
             ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?4",
            (resident_bytes(resident), at, key, limit),
        )
    }

    /// What `person` entered and nobody else is shown, newest first.
    fn own_withheld(
        &self,
        resident: &ResidentId,
        person: PersonId,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.resident = ?1 AND e.state = 3 AND v.person = ?2
             ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?3",
            (
                resident_bytes(resident),
                person.as_bytes(),
                super::MOST_ROWS,
            ),
        )
    }
}

impl Asked<'_> {
    pub(super) fn history(
        &self,
        resident: &ResidentId,
        limit: u32,
        before: Option<&EntryKey>,
    ) -> Result<HistoryView, Refusal> {
        self.care()?;
        let limit = limit.min(super::MOST_ROWS);
        let before = self.cursor(before)?;
        let mut found: Vec<(&ViewDb, EntryRow)> = Vec::new();
        let mut total = 0u32;
        for view in self.open() {
            let page = view.history_page(resident, before.as_ref(), limit)?;
            found.extend(page.into_iter().map(|row| (view, row)));
            let states = [State::Stands, State::Replaced, State::Struck];
            total = total.saturating_add(view.tally(resident, None, &states)?);
            // Their author is told; to everybody else they do not exist.
            let withheld = view.own_withheld(resident, self.asker.person)?;
            total = total.saturating_add(u32::try_from(withheld.len()).unwrap_or(u32::MAX));
            let is_before = |row: &EntryRow| {
                before
                    .as_ref()
                    .is_none_or(|(at, key)| (row.stated().at.0, row.key.as_str()) < (*at, key))
            };
            let page = withheld.into_iter().filter(is_before);
            found.extend(page.map(|row| (view, row)));
        }
        found.sort_by(|(_, a), (_, b)| (b.stated().at, &b.key).cmp(&(a.stated().at, &a.key)));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let rows = found.iter().map(|(view, row)| self.history_row(view, row));
        Ok(HistoryView {
            rows: rows.collect::<Result<_, _>>()?,
            total,
        })
    }

    /// One entry as its row stands in the history, for whoever finds it there.
    pub(super) fn history_of(&self, entry: &EntryKey) -> Result<HistoryRow, Refusal> {
        for view in self.open() {
            if let Some(row) = view.entry(entry)?
                && self.is_shown(&row)
            {
                return self.history_row(view, &row);
            }
        }
        Err(Refusal::NotFound {
            what: Missing::Entry,
        })
    }

    fn is_shown(&self, row: &EntryRow) -> bool {
        match row.state() {
            State::Stands | State::Replaced | State::Struck => true,
            State::Withheld => row.origin.person == self.asker.person,
            State::Copy => false,
        }
    }

    fn history_row(&self, view: &ViewDb, row: &EntryRow) -> Result<HistoryRow, Refusal> {
        let before = view.superseded_by(row)?;
        Ok(HistoryRow {
            by: self.provenance(row)?,
            fact: row.fact().cloned(),
            kind: row.kind().to_owned(),
            before: before.iter().filter_map(EntryRow::fact).cloned().collect(),
            superseded: row.state == State::Replaced,
            withheld: row.state == State::Withheld,
            struck: self.struck(view, row)?,
            proved: (self.asker.proved)(&row.origin, &row.key, &row.value),
        })
    }
}
