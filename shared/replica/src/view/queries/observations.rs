//! Observations, newest first, with their scores.

use super::Asked;
use crate::view::entry::{EntryRow, State, resident_bytes};
use crate::view::project::{Scales, news2};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::entry::ResidentId;
use domain::validate::bounds;
use ids::EntryKey;
use interface::{ObservationRow, ObservationsView, Refusal};

impl ViewDb {
    fn observation_page(
        &self,
        resident: &ResidentId,
        before: Option<super::Cursor>,
        limit: u32,
    ) -> Result<Vec<EntryRow>, ViewError> {
        let Some((at, key)) = before else {
            return self.newest_entries(resident, "observations", limit);
        };
        self.entries(
            "WHERE e.resident = ?1 AND e.kind = 'observations' AND e.state = 0
               AND (e.stated_ms, e.key) < (?2, ?3)
             ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?4",
            (resident_bytes(resident), at, key, limit),
        )
    }
}

impl Asked<'_> {
    pub(super) fn observations(
        &self,
        resident: &ResidentId,
        limit: u32,
        before: Option<&EntryKey>,
    ) -> Result<ObservationsView, Refusal> {
        let care = self.care()?;
        let limit = limit.min(super::MOST_ROWS);
        let scales = care.scales(resident)?;
        let mut sets = Vec::new();
        for row in care.observation_page(resident, self.cursor(before)?, limit)? {
            sets.extend(self.observation(care, &scales, &row)?);
        }
        let scale = scales.at(self.now);
        let scale_decisions = self.all(resident, "saturation_scale", |fact| match fact {
            Fact::SaturationScale(says) => Some(says.clone()),
            _ => None,
        })?;
        let total = care.tally(resident, Some("observations"), &[State::Stands])?;
        Ok(ObservationsView {
            sets,
            total,
            scale,
            scale_decisions,
        })
    }

    /// The newest set that is not stated in the future.
    pub(super) fn latest_observations(
        &self,
        resident: &ResidentId,
    ) -> Result<Option<ObservationRow>, Refusal> {
        let care = self.care()?;
        let until = self.now.plus(bounds::FUTURE_MS).plus(1);
        let known = care.observation_page(resident, Some((until.0, String::new())), 1)?;
        match known.first() {
            Some(row) => self.observation(care, &care.scales(resident)?, row),
            None => Ok(None),
        }
    }

    fn observation(
        &self,
        care: &ViewDb,
        scales: &Scales,
        row: &EntryRow,
    ) -> Result<Option<ObservationRow>, Refusal> {
        let Some(Fact::Observations(says)) = row.fact() else {
            return Ok(None);
        };
        Ok(Some(ObservationRow {
            observations: says.clone(),
            scale: scales.at(row.stated().at),
            news2: news2(&scales.score(says, row.stated()), row.stated()),
            by: self.provenance(row)?,
            signatures: self.signatures(care, row)?,
        }))
    }
}
