//! Reading the contradictions a view keeps.

use super::entry::resident_bytes;
use super::project::{Finding, parse_finding};
use super::{ViewDb, ViewError, Views};
use domain::entry::ResidentId;
use ids::EntryKey;
use interface::ContradictionKind;

impl Views {
    /// Kind and sides of a contradiction, these ascending; `None` when there is no such one (any
    /// more).
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn contradiction(
        &self,
        id: &str,
    ) -> Result<Option<(ContradictionKind, Vec<EntryKey>)>, ViewError> {
        for view in [&self.care, &self.directory].into_iter().flatten() {
            if let Some(found) = view.read_findings("WHERE f.id = ?1", [id])?.pop() {
                return Ok(Some((found.kind, found.sides)));
            }
        }
        let found = self.crossing_named(id)?;
        Ok(found.map(|found| (found.kind, found.sides)))
    }
}

impl ViewDb {
    /// Entries of a resident that wait for a decision of this kind.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn sides_waiting(
        &self,
        resident: &ResidentId,
        kind: ContradictionKind,
    ) -> Result<Vec<EntryKey>, ViewError> {
        let mut waiting = self.findings_of(resident, true, u32::MAX)?;
        waiting.retain(|finding| finding.kind == kind);
        Ok(waiting
            .into_iter()
            .flat_map(|finding| finding.sides)
            .collect())
    }

    /// How many contradictions wait.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn waiting_contradictions(&self) -> Result<u32, ViewError> {
        Ok(self
            .statement("SELECT count(*) FROM @.findings WHERE waiting = 1")?
            .query_row([], |row| row.get(0))?)
    }

    /// Contradictions, most dangerous first, then the newest: those that wait, or those that do
    /// not.
    pub(super) fn findings(&self, waiting: bool, limit: u32) -> Result<Vec<Finding>, ViewError> {
        self.read_findings(
            "WHERE f.waiting = ?1 ORDER BY f.gravity DESC, f.newest_ms DESC, f.id LIMIT ?2",
            (waiting, limit),
        )
    }

    /// As [`Self::findings`], about one resident.
    pub(super) fn findings_of(
        &self,
        resident: &ResidentId,
        waiting: bool,
        limit: u32,
    ) -> Result<Vec<Finding>, ViewError> {
        self.read_findings(
            "JOIN @.finding_residents r ON r.scope = f.scope AND r.id = f.id
             WHERE r.resident = ?1 AND r.waiting = ?2
             ORDER BY f.gravity DESC, f.newest_ms DESC, f.id LIMIT ?3",
            (resident_bytes(resident), waiting, limit),
        )
    }

    fn read_findings(
        &self,
        condition: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<Finding>, ViewError> {
        let mut statement =
            self.statement(&format!("SELECT f.finding FROM @.findings f {condition}"))?;
        let rows = statement.query_map(params, |row| row.get::<_, Vec<u8>>(0))?;
        rows.map(|bytes| parse_finding(&bytes?)).collect()
    }
}
