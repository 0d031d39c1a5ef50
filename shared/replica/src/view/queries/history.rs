//! Everything ever entered on a resident, newest first, over every stream that is open.

use super::{Asked, Cursor};
use crate::view::entry::{EntryRow, State, resident_bytes};
use crate::view::{ViewDb, ViewError};
use domain::entry::ResidentId;
use ids::EntryKey;
use interface::{HistoryRow, HistoryView, Refusal};

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
        }
        found.sort_by(|(_, a), (_, b)| (b.stated().at, &b.key).cmp(&(a.stated().at, &a.key)));
        found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let rows = found.iter().map(|(view, row)| self.history_row(view, row));
        Ok(HistoryView {
            rows: rows.collect::<Result<_, _>>()?,
            total,
        })
    }

    fn history_row(&self, view: &ViewDb, row: &EntryRow) -> Result<HistoryRow, Refusal> {
        let mut before = Vec::new();
        for key in row.recorded.supersedes() {
            let replaced = view.entry(key)?.filter(|row| row.state != State::Withheld);
            before.extend(replaced.and_then(|row| row.fact().cloned()));
        }
        Ok(HistoryRow {
            by: self.provenance(row)?,
            fact: row.fact().cloned(),
            kind: row.kind().to_owned(),
            before,
            superseded: row.state == State::Replaced,
            struck: self.struck(view, row)?,
            proved: (self.asker.proved)(&row.origin),
        })
    }
}
