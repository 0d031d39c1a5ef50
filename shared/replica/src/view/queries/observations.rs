//! Observations, newest first, with their scores.

use super::Asked;
use crate::view::entry::{EntryRow, State, resident_bytes};
use crate::view::project::{Scales, scored};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::entry::ResidentId;
use domain::journal::{Measure, Observations, Reading};
use domain::quantity::Quantity;
use domain::validate::bounds;
use ids::{EntryKey, UnixMillis};
use interface::{ObservationRow, ObservationsView, Refusal};

/// A value of longer ago says little of today's: two years.
const LOOKED_BACK_MS: i64 = 2 * 366 * 24 * 3_600_000;

/// Sets read at once while a measure's last value is looked for.
const SETS_AT_ONCE: u32 = 64;

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

impl ViewDb {
    /// The value that a measure had last, as of an instant. Not looked for further back than
    /// [`LOOKED_BACK_MS`].
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn last_value(
        &self,
        resident: &ResidentId,
        measure: Measure,
        by: UnixMillis,
    ) -> Result<Option<Quantity>, ViewError> {
        let mut before = (by.0.saturating_add(1), String::new());
        loop {
            let page = self.entries(
                "WHERE e.resident = ?1 AND e.kind = 'observations' AND e.state = 0
                   AND e.stated_ms >= ?2 AND (e.stated_ms, e.key) < (?3, ?4)
                 ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?5",
                (
                    resident_bytes(resident),
                    by.plus(-LOOKED_BACK_MS).0,
                    before.0,
                    &before.1,
                    SETS_AT_ONCE,
                ),
            )?;
            let Some(oldest) = page.last() else {
                return Ok(None);
            };
            before = (oldest.stated().at.0, oldest.key.as_str().to_owned());
            let value = page.iter().find_map(|row| match row.fact() {
                Some(Fact::Observations(says)) => value_of(says, measure),
                _ => None,
            });
            if value.is_some() {
                return Ok(value);
            }
        }
    }
}

fn value_of(says: &Observations, measure: Measure) -> Option<Quantity> {
    says.readings
        .iter()
        .find_map(|(of, reading)| match reading {
            Reading::Value(value) if *of == measure => Some(*value),
            Reading::Value(_) | Reading::Absent(_) => None,
        })
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
        let is_scored = scales.is_scored(self.today()?);
        let scale_decisions = self.all(resident, "saturation_scale", |fact| match fact {
            Fact::SaturationScale(says) => Some(says.clone()),
            _ => None,
        })?;
        let total = care.tally(resident, Some("observations"), &[State::Stands])?;
        Ok(ObservationsView {
            sets,
            total,
            scale,
            is_scored,
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
            news2: scored(&scales.score(says, row.stated()), row.stated()),
            by: self.provenance(row)?,
            signatures: self.signatures(care, row)?,
        }))
    }
}
