//! Contradictions, kept as rows so that the list and its count are cheap. The rules are
//! `domain::contradictions`; here is only what they are asked about, and what of their answer is
//! kept.

use super::scope::Scope;
use super::scores::rank;
use super::summary::status_of;
use super::twins::{begun, first};
use crate::view::entry::{EntryRow, resident_of};
use crate::view::{ViewDb, ViewError};
use domain::chart::OrderId;
use domain::contradictions::{self as rules, Standing};
use domain::entry::ResidentId;
use domain::meta::Decision;
use domain::slots::Version;
use domain::{Fact, Subject};
use ids::{EntryKey, limits};
use interface::{ContradictionKind, Effect, Gravity};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A contradiction as the view keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::view) struct Finding {
    /// Stable id: the same on every tablet.
    pub(in crate::view) id: String,
    /// Kind.
    pub(in crate::view) kind: ContradictionKind,
    /// Danger.
    pub(in crate::view) gravity: Gravity,
    /// Residents it is about.
    pub(in crate::view) residents: Vec<ResidentId>,
    /// The entries that contradict each other, ascending; of many the first.
    pub(in crate::view) sides: Vec<EntryKey>,
    /// What follows.
    pub(in crate::view) effect: Effect,
    /// Whether it waits for a decision. One whose decisions differ does not: their dispute does.
    pub(in crate::view) waiting: bool,
    /// What was decided; `None` while it waits or is disputed.
    pub(in crate::view) decision: Option<Decision>,
    /// The resolutions, ascending.
    pub(in crate::view) decided_by: Vec<EntryKey>,
}

impl Finding {
    /// Its sides that were decided against.
    pub(in crate::view) fn decided_against(&self) -> impl Iterator<Item = &EntryKey> {
        let against = |key: &&EntryKey| match &self.decision {
            None | Some(Decision::Both) => false,
            Some(Decision::Neither(_)) => true,
            Some(Decision::Only(right)) => *key != right,
        };
        self.sides.iter().filter(against)
    }
}

impl ViewDb {
    /// Makes the findings of a scope anew. Returns whether any changed.
    pub(super) fn examine(&self, scope: &Scope) -> Result<bool, ViewError> {
        let mut entries = self.standing_in(scope)?;
        let firsts = self.first_versions(scope, &entries)?;
        self.add_decisions(&mut entries, firsts.values().map(|row| &row.key))?;
        let orders = self.versions(&entries)?;
        let versions: Vec<Version<'_>> = orders.iter().filter_map(EntryRow::version).collect();
        let standing: Vec<Standing<'_>> = entries
            .iter()
            .filter_map(as_standing)
            .map(|entry| begun(entry, &firsts))
            .collect();
        if let Scope::Orders(resident) = scope {
            self.relate(resident, &standing)?;
        }
        let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
        let mut keep = findings_among(&standing, &versions, |kind| scope.finds(kind));
        keep.retain(|finding| scope.holds(finding));
        for finding in &keep {
            let bytes = serde_json::to_vec(finding).map_err(|_| ViewError::Rebuild("finding"))?;
            found.insert(finding.id.clone(), bytes);
        }
        let scope = scope.bytes();
        if self.stored(&scope)? == found {
            return Ok(false);
        }
        self.statement("DELETE FROM @.findings WHERE scope = ?1")?
            .execute([&scope])?;
        self.statement("DELETE FROM @.finding_residents WHERE scope = ?1")?
            .execute([&scope])?;
        self.statement("DELETE FROM @.decided_against WHERE scope = ?1")?
            .execute([&scope])?;
        for finding in &keep {
            let newest = newest_stated(finding, &standing);
            self.store(&scope, finding, newest, found.get(&finding.id))?;
        }
        Ok(true)
    }

    /// Adds the resolutions that stand about these entries or about `also`, those about them, and so on.
    pub(in crate::view) fn add_decisions<'k>(
        &self,
        entries: &mut Vec<EntryRow>,
        also: impl IntoIterator<Item = &'k EntryKey>,
    ) -> Result<(), ViewError> {
        let mut known: BTreeSet<EntryKey> = entries.iter().map(|row| row.key.clone()).collect();
        let mut asked: Vec<EntryKey> = known.iter().cloned().collect();
        asked.extend(also.into_iter().filter(|key| !known.contains(key)).cloned());
        while let Some(key) = asked.pop() {
            for row in self.resolutions(&key)? {
                if known.insert(row.key.clone()) {
                    asked.push(row.key.clone());
                    entries.push(row);
                }
            }
        }
        Ok(())
    }

    /// All accepted versions of the orders that doses among the entries name, in the charts these lie in.
    pub(in crate::view) fn versions(
        &self,
        entries: &[EntryRow],
    ) -> Result<Vec<EntryRow>, ViewError> {
        let orders: BTreeSet<(ResidentId, OrderId)> = entries
            .iter()
            .filter_map(|row| match row.fact() {
                Some(Fact::Dose(dose)) => Some((resident_of(row.subject())?, dose.slot.order)),
                _ => None,
            })
            .collect();
        // Most slots have one dose, and one dose contradicts nothing.
        if entries.len() < 2 {
            return Ok(Vec::new());
        }
        let mut versions = Vec::new();
        for (resident, order) in orders {
            versions.extend(self.versions_of(&resident, &order)?);
        }
        Ok(versions)
    }

    fn stored(&self, scope: &[u8]) -> Result<BTreeMap<String, Vec<u8>>, ViewError> {
        let mut statement =
            self.statement("SELECT id, finding FROM @.findings WHERE scope = ?1")?;
        let rows = statement.query_map([scope], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    fn store(
        &self,
        scope: &[u8],
        finding: &Finding,
        newest_ms: i64,
        bytes: Option<&Vec<u8>>,
    ) -> Result<(), ViewError> {
        self.statement(
            "INSERT INTO @.findings (scope, id, gravity, waiting, newest_ms, finding)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            scope,
            &finding.id,
            rank(finding.gravity),
            finding.waiting,
            newest_ms,
            bytes,
        ))?;
        for key in finding.decided_against() {
            self.statement(
                "INSERT OR IGNORE INTO @.decided_against (key, scope, id) VALUES (?1, ?2, ?3)",
            )?
            .execute((key.as_str(), scope, &finding.id))?;
        }
        for resident in &finding.residents {
            self.statement(
                "INSERT OR IGNORE INTO @.finding_residents (resident, waiting, scope, id)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((resident.0.as_bytes(), finding.waiting, scope, &finding.id))?;
        }
        Ok(())
    }

    /// Findings of a scope.
    pub(in crate::view) fn findings_in(&self, scope: &Scope) -> Result<Vec<Finding>, ViewError> {
        self.stored(&scope.bytes())?
            .values()
            .map(|bytes| parse(bytes))
            .collect()
    }
}

/// What the rules find of the kinds that are asked for, and disputes about them.
pub(in crate::view) fn findings_among(
    standing: &[Standing<'_>],
    versions: &[Version<'_>],
    asked: impl Fn(rules::Kind) -> bool,
) -> Vec<Finding> {
    let mut found = rules::find(standing, versions);
    found.retain(|rule| rule.kind == rules::Kind::Resolutions || asked(rule.kind));
    let found = still_disputed(found);
    found
        .iter()
        .map(|rule| finding(rule, gravity_of(rule, &found), standing))
        .collect()
}

/// A dispute is as dangerous as what was decided about: it is still open.
fn gravity_of(rule: &rules::Finding, found: &[rules::Finding]) -> Gravity {
    let mut rule = rule;
    // Each step leads to entries that were there before the decision on them, so this ends.
    while let rules::Effect::StillOpen { of } = &rule.effect
        && let Some(about) = found.iter().find(|one| one.sides == *of)
    {
        rule = about;
    }
    match rule.gravity() {
        rules::Gravity::Note => Gravity::Info,
        rules::Gravity::Warning => Gravity::Warning,
        rules::Gravity::Critical => Gravity::Critical,
    }
}

/// An entry as the rules take it; `None` for a kind of a newer version.
pub(in crate::view) fn as_standing(row: &EntryRow) -> Option<Standing<'_>> {
    let fact = row.fact()?;
    Some(Standing {
        key: &row.key,
        subject: row.subject(),
        stated: row.stated(),
        fact,
        first: first(row),
    })
}

/// Drops disputes about what no longer is a contradiction: when one side was struck, nobody needs
/// to choose between two decisions about it.
fn still_disputed(mut found: Vec<rules::Finding>) -> Vec<rules::Finding> {
    loop {
        let sides: BTreeSet<Vec<EntryKey>> = found.iter().map(|f| f.sides.clone()).collect();
        let before = found.len();
        found.retain(|finding| match &finding.effect {
            rules::Effect::StillOpen { of } => sides.contains(of),
            _ => true,
        });
        if found.len() == before {
            return found;
        }
    }
}

fn finding(rule: &rules::Finding, gravity: Gravity, standing: &[Standing<'_>]) -> Finding {
    let (waiting, decision, decided_by) = match rules::state(rule, standing) {
        rules::State::Waiting => (true, None, Vec::new()),
        rules::State::Decided { by, decision } => (false, Some(decision), by),
        rules::State::Disputed { by } => (false, None, by),
    };
    let mut residents = match (&rule.effect, rule.subject) {
        (
            rules::Effect::BedShared { residents, .. }
            | rules::Effect::NumberShared { residents, .. },
            _,
        ) => residents.clone(),
        (_, Subject::Resident(resident)) => vec![resident],
        (_, Subject::Facility | Subject::Person(_) | Subject::Space(_) | Subject::Device(_)) => {
            Vec::new()
        }
    };
    residents.sort_unstable();
    let hash = blake3::Hasher::new_derive_key(ids::contexts::CONTRADICTION_ID)
        .update(&rule.identity())
        .finalize();
    Finding {
        id: hash.to_hex().chars().take(16).collect(),
        kind: rule.kind,
        gravity,
        residents,
        sides: rule
            .sides
            .iter()
            .take(usize::try_from(limits::SIDES_KEPT).unwrap_or(usize::MAX))
            .cloned()
            .collect(),
        effect: effect(&rule.effect),
        waiting,
        decision,
        decided_by,
    }
}

fn effect(effect: &rules::Effect) -> Effect {
    match effect {
        rules::Effect::DosesGiven {
            medicine,
            dose,
            count,
            total,
            disagree,
            high_alert,
            date,
            time,
            ..
        } => Effect::DosesGiven {
            medicine: medicine.clone(),
            dose: dose.clone(),
            count: *count,
            total: total.clone(),
            disagree: *disagree,
            high_alert: *high_alert,
            date: *date,
            time: *time,
        },
        rules::Effect::ActsAs { choice } => Effect::ActsAs { choice: *choice },
        rules::Effect::AllergyCounts { substances } => Effect::AllergyCounts {
            substances: substances.clone(),
        },
        rules::Effect::SeverityCounts {
            substance,
            severity,
        } => Effect::SeverityCounts {
            substance: substance.clone(),
            severity: *severity,
        },
        rules::Effect::GivenAfterLeaving {
            medicine,
            dose,
            presence,
            since,
        } => Effect::GivenAfterLeaving {
            medicine: medicine.clone(),
            dose: dose.clone(),
            status: status_of(*presence),
            since: *since,
        },
        rules::Effect::GivenAfterEnd {
            medicine,
            dose,
            ended,
            date,
            time,
            ..
        } => Effect::GivenAfterEnd {
            medicine: medicine.clone(),
            dose: dose.clone(),
            ended: *ended,
            date: *date,
            time: *time,
        },
        rules::Effect::VersionsDiffer {
            medicine,
            ends,
            high_alert,
            ..
        } => Effect::VersionsDiffer {
            medicine: medicine.clone(),
            ends: *ends,
            high_alert: *high_alert,
        },
        rules::Effect::GivenOutOfTime {
            medicine,
            dose,
            given,
            date,
            time,
            ..
        } => Effect::GivenOutOfTime {
            medicine: medicine.clone(),
            dose: dose.clone(),
            given: *given,
            date: *date,
            time: *time,
        },
        rules::Effect::ScaleCounts { scale } => Effect::ScaleCounts { scale: *scale },
        rules::Effect::NumberShared { number, .. } => Effect::NumberShared {
            number: number.clone(),
        },
        rules::Effect::NewestShown { .. } => Effect::NewestShown,
        rules::Effect::DeathApart { .. } => Effect::DeathApart,
        rules::Effect::BedShared { .. } => Effect::BedShared,
        rules::Effect::OrderedTwice {
            medicine,
            high_alert,
        } => Effect::OrderedTwice {
            medicine: medicine.clone(),
            high_alert: *high_alert,
        },
        rules::Effect::StillOpen { .. } => Effect::StillOpen,
    }
}

fn newest_stated(finding: &Finding, standing: &[Standing<'_>]) -> i64 {
    let sides = standing.iter().filter(|entry| {
        let is_side = |key| finding.sides.binary_search(key).is_ok();
        is_side(entry.key) || is_side(entry.first.key)
    });
    sides.map(|entry| entry.stated.at.0).max().unwrap_or(0)
}

/// Reads a stored finding.
pub(in crate::view) fn parse(bytes: &[u8]) -> Result<Finding, ViewError> {
    serde_json::from_slice(bytes).map_err(|_| ViewError::Rebuild("finding"))
}
