//! The list of contradictions: each with its sides, its effect, and what was decided.

use super::{Asked, MOST_ROWS};
use crate::view::entry::EntryRow;
use crate::view::project::Finding;
use domain::entry::ResidentId;
use domain::meta::Decision;
use domain::{Fact, Subject};
use ids::{CommandId, EntryKey, PersonId, limits};
use interface::{ContradictionKind, ContradictionView, DecisionRow, Refusal, SideView};
use std::cmp::Reverse;

impl Asked<'_> {
    pub(super) fn contradictions(
        &self,
        decided: bool,
        resident: Option<&ResidentId>,
    ) -> Result<Vec<ContradictionView>, Refusal> {
        let mut found = self.found(resident, true)?;
        if decided {
            found.extend(self.found(resident, false)?);
        }
        found
            .into_iter()
            .map(|finding| self.contradiction(finding))
            .collect()
    }

    /// Findings of every stream that is open and between them, most dangerous first.
    pub(super) fn found(
        &self,
        resident: Option<&ResidentId>,
        waiting: bool,
    ) -> Result<Vec<Finding>, Refusal> {
        let mut found = Vec::new();
        for view in self.open() {
            found.extend(match resident {
                Some(resident) => view.findings_of(resident, waiting, MOST_ROWS)?,
                None => view.findings(waiting, MOST_ROWS)?,
            });
        }
        found.extend(self.views.crossing(resident, waiting)?);
        // Each stream's are in order already; this keeps that order among equals.
        found.sort_by_key(|finding| Reverse(finding.gravity));
        Ok(found)
    }

    /// A finding with everything its screen needs.
    pub(super) fn contradiction(&self, finding: Finding) -> Result<ContradictionView, Refusal> {
        let shown = finding.sides.len().min(limits::SIDES_SHOWN);
        let more_sides = u32::try_from(finding.sides.len() - shown).unwrap_or(u32::MAX);
        let mut rows = self.rows_of(finding.sides.get(..shown).unwrap_or_default())?;
        rows.sort_by(|a, b| (a.stated().at, &a.key).cmp(&(b.stated().at, &b.key)));
        let mut sides = Vec::new();
        for row in &rows {
            let Some(fact) = row.fact() else { continue };
            let others = rows.iter().filter(|other| other.key != row.key);
            let whose = match (finding.residents.as_slice(), row.subject()) {
                ([_, _, ..], Subject::Resident(resident)) => self.row_if_known(&resident)?,
                _ => None,
            };
            sides.push(SideView {
                fact: fact.clone(),
                resident: whose,
                by: self.provenance(row)?,
                had_not_seen: others
                    .filter(|other| had_seen(row, other) == Some(false))
                    .map(|other| other.key.clone())
                    .collect(),
            });
        }
        let resident = match finding.residents.as_slice() {
            [resident] => self.row_if_known(resident)?,
            _ => None,
        };
        Ok(ContradictionView {
            about: self.about(&finding, &rows)?.map(Box::new),
            decisions: self.decisions(&finding.decided_by)?,
            choices: choices(finding.kind, &rows),
            id: finding.id,
            kind: finding.kind,
            gravity: finding.gravity,
            resident,
            sides,
            more_sides,
            effect: finding.effect,
            // The decision lies beside each side.
            may_resolve: rows
                .iter()
                .all(|row| (self.asker.may_resolve)(row.origin.what.stream())),
            waiting: finding.waiting,
        })
    }

    /// What two different decisions were about.
    fn about(
        &self,
        dispute: &Finding,
        decisions: &[EntryRow],
    ) -> Result<Option<ContradictionView>, Refusal> {
        let of = decisions.iter().find_map(|row| match row.fact() {
            Some(Fact::Resolution(says)) => Some(&says.of),
            _ => None,
        });
        let (ContradictionKind::Resolutions, Some(of)) = (dispute.kind, of) else {
            return Ok(None);
        };
        let resident = match dispute.residents.as_slice() {
            [resident] => Some(resident),
            _ => None,
        };
        let disputed = self.found(resident, false)?;
        let found = disputed.into_iter().find(|one| one.sides == *of);
        found.map(|one| self.contradiction(one)).transpose()
    }

    /// Decisions, earliest first. One command that decided in two documents is one decision.
    pub(super) fn decisions(&self, by: &[EntryKey]) -> Result<Vec<DecisionRow>, Refusal> {
        let mut commands: Vec<(PersonId, CommandId, Decision)> = Vec::new();
        let mut decisions = Vec::new();
        for row in self.rows_of(by)? {
            let domain::Recorded::Known(entry) = &row.recorded else {
                continue;
            };
            let Fact::Resolution(says) = &entry.fact else {
                continue;
            };
            // A command's id is its author's word: another's decision is not hidden behind it.
            let command = (row.origin.person, entry.command, says.decision.clone());
            if commands.contains(&command) {
                continue;
            }
            commands.push(command);
            decisions.push(DecisionRow {
                decision: says.decision.clone(),
                reason: says.reason.clone(),
                by: self.provenance(&row)?,
            });
        }
        Ok(decisions)
    }

    fn rows_of(&self, keys: &[EntryKey]) -> Result<Vec<EntryRow>, Refusal> {
        let mut rows = Vec::new();
        for key in keys {
            for view in self.open() {
                rows.extend(view.entry(key)?);
            }
        }
        Ok(rows)
    }
}

/// What can be decided, the sides in their order.
fn choices(kind: ContradictionKind, rows: &[EntryRow]) -> Vec<Decision> {
    let sides: Vec<(&EntryKey, &Fact)> = rows
        .iter()
        .filter_map(|row| Some((&row.key, row.fact()?)))
        .collect();
    domain::contradictions::choices(kind, &sides)
}

/// Whether the author of an entry had seen another when making it; `None` when that cannot be known.
/// What a device holds it shows, also after it was started anew, and it hands in what it made in the
/// order in which it made it, whatever its clock said; of others' entries it had those whose place in
/// the log it had verified. Nothing is said of an entry without a place, or of another log: somebody
/// may have seen it and be told apart from it in a record read in court.
fn had_seen(author: &EntryRow, other: &EntryRow) -> Option<bool> {
    let placed = |row: &EntryRow, log| row.origin.place.filter(|place| place.log_id == log);
    if author.origin.device == other.origin.device {
        let own = author.origin.place?;
        return Some(placed(other, own.log_id)?.seq <= own.seq);
    }
    let (log, seq) = author.origin.seen;
    Some(placed(other, log)?.seq <= seq)
}
