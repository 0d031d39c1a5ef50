//! Contradictions between streams: a dose lies in `care`, the discharge before it in `directory`.
//! Nothing derived from one stream may lie in another's file, so these are worked out per sitting,
//! held in memory, and go with the views when they are closed.

use super::entry::{EntryRow, resident_bytes};
use super::project::{Finding, as_standing, findings_among};
use super::{ViewDb, ViewError, Views};
use domain::Fact;
use domain::census::Presence;
use domain::contradictions::Kind;
use domain::entry::ResidentId;
use domain::slots::Version;
use ids::{CommandId, EntryKey, UnixMillis};
use std::cell::{Ref, RefCell};
use std::collections::{BTreeMap, BTreeSet};

type ByResident = BTreeMap<ResidentId, Vec<Finding>>;

/// The findings between the views they lie beside, once they were asked for.
#[derive(Default)]
pub(crate) struct Crossings(RefCell<Option<ByResident>>);

impl Views {
    /// Looks again at those of whom anything changed. Returns whether a finding did.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn cross(&self, residents: &BTreeSet<ResidentId>) -> Result<bool, ViewError> {
        if self.crossings.0.borrow().is_none() {
            return Ok(false);
        }
        let mut changed = false;
        for resident in residents {
            let found = self.between(resident)?;
            if let Some(kept) = self.crossings.0.borrow_mut().as_mut() {
                let before = if found.is_empty() {
                    kept.remove(resident).unwrap_or_default()
                } else {
                    kept.insert(*resident, found.clone()).unwrap_or_default()
                };
                changed |= before != found;
            }
        }
        Ok(changed)
    }

    /// Forgets them: a view is built again.
    pub(crate) fn forget_crossings(&mut self) {
        self.crossings = Crossings::default();
    }

    /// How many of them wait.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn waiting_crossings(&self) -> Result<u32, ViewError> {
        let waiting = self.crossing(None, true)?.len();
        Ok(u32::try_from(waiting).unwrap_or(u32::MAX))
    }

    /// The one of this id.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(super) fn crossing_named(&self, id: &str) -> Result<Option<Finding>, ViewError> {
        let all = self.all()?;
        Ok(all.values().flatten().find(|one| one.id == id).cloned())
    }

    /// Those that wait, or those that do not; of one resident, or of all.
    pub(super) fn crossing(
        &self,
        resident: Option<&ResidentId>,
        waiting: bool,
    ) -> Result<Vec<Finding>, ViewError> {
        let all = self.all()?;
        let of = |found: &Vec<Finding>| -> Vec<Finding> {
            let asked = found.iter().filter(|finding| finding.waiting == waiting);
            asked.cloned().collect()
        };
        Ok(match resident {
            Some(resident) => all.get(resident).map(of).unwrap_or_default(),
            None => all.values().flat_map(of).collect(),
        })
    }

    /// Entries that were decided against in them; of one resident, or of all. What was decided within
    /// a stream is in that stream's view.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn decided_against_across(
        &self,
        resident: Option<&ResidentId>,
    ) -> Result<BTreeSet<EntryKey>, ViewError> {
        let decided = self.crossing(resident, false)?;
        let against = decided.iter().flat_map(Finding::decided_against);
        Ok(against.cloned().collect())
    }

    fn all(&self) -> Result<Ref<'_, ByResident>, ViewError> {
        if self.crossings.0.borrow().is_none() {
            let mut all = ByResident::new();
            if let (Some(directory), Some(_)) = (&self.directory, &self.care) {
                for resident in directory.who_left()? {
                    let found = self.between(&resident)?;
                    if !found.is_empty() {
                        all.insert(resident, found);
                    }
                }
            }
            *self.crossings.0.borrow_mut() = Some(all);
        }
        Ref::filter_map(self.crossings.0.borrow(), Option::as_ref)
            .map_err(|_| ViewError::Rebuild("crossings"))
    }

    /// Doses after a resident had left, by the moves that count; and those decided before, by the
    /// moves that stand.
    fn between(&self, resident: &ResidentId) -> Result<Vec<Finding>, ViewError> {
        let (Some(directory), Some(care)) = (&self.directory, &self.care) else {
            return Ok(Vec::new());
        };
        let moves = directory.moves_that_stand(resident)?;
        let counting = directory.that_count(&moves)?;
        let mut found = among(directory, care, (resident, counting))?;
        let decided = among(directory, care, (resident, moves))?;
        for finding in decided.into_iter().filter(|finding| !finding.waiting) {
            if found.iter().all(|known| known.id != finding.id) {
                found.push(finding);
            }
        }
        Ok(found)
    }
}

fn among(
    directory: &ViewDb,
    care: &ViewDb,
    (resident, moves): (&ResidentId, Vec<EntryRow>),
) -> Result<Vec<Finding>, ViewError> {
    let doses = care.doses_while_gone(resident, &moves)?;
    if doses.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = moves;
    rows.extend(doses);
    directory.add_decisions(&mut rows, [])?;
    care.add_decisions(&mut rows, [])?;
    let orders = care.versions(&rows)?;
    let versions: Vec<Version<'_>> = orders.iter().filter_map(EntryRow::version).collect();
    let standing: Vec<_> = rows.iter().filter_map(as_standing).collect();
    Ok(findings_among(&standing, &versions, |kind| {
        kind == Kind::DoseAfterLeaving
    }))
}

/// When somebody had left for good or died, by their moves in the order in which they happened: from
/// behind an instant up to another. Of somebody who came back that is a few days of years.
fn while_gone(moves: &[EntryRow]) -> Vec<(UnixMillis, UnixMillis)> {
    let mut steps: Vec<(UnixMillis, &EntryKey, Presence)> = moves
        .iter()
        .filter_map(|row| match row.fact() {
            Some(Fact::Move(says)) => Some((row.stated().at, &row.key, Presence::after(says.what))),
            _ => None,
        })
        .collect();
    steps.sort_by_key(|(at, key, _)| (*at, *key));
    let ends = steps.iter().skip(1).map(|(at, _, _)| *at);
    let ends = ends.chain([UnixMillis(i64::MAX)]);
    let gone = steps.iter().zip(ends).filter(|((_, _, presence), _)| {
        matches!(presence, Presence::Discharged | Presence::Deceased)
    });
    gone.map(|((from, _, _), until)| (*from, until)).collect()
}

impl ViewDb {
    /// Residents of whom a discharge or death stands.
    fn who_left(&self) -> Result<BTreeSet<ResidentId>, ViewError> {
        // `CROSS`: from the few departures to their entries, never the other way.
        let mut statement = self.statement(
            "SELECT departures.resident FROM @.departures
             CROSS JOIN @.entries e ON e.id = departures.entry WHERE e.state = 0",
        )?;
        let rows =
            statement.query_map([], |row| Ok(ResidentId(CommandId::from_bytes(row.get(0)?))))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Doses that somebody is said to have had while they had left for good or died.
    pub(super) fn doses_while_gone(
        &self,
        resident: &ResidentId,
        moves: &[EntryRow],
    ) -> Result<Vec<EntryRow>, ViewError> {
        let mut doses = Vec::new();
        for (from, until) in while_gone(moves) {
            doses.extend(self.entries(
                "WHERE e.resident = ?1 AND e.kind = 'dose' AND e.state = 0
                   AND e.stated_ms > ?2 AND e.stated_ms <= ?3
                 ORDER BY e.stated_ms, e.key",
                (resident_bytes(resident), from.0, until.0),
            )?);
        }
        Ok(doses)
    }
}
