//! By what the sets of a resident are scored: the saturation scale of NEWS2 that was decided, by time,
//! and whether the score is meant for somebody of that age at all. A set says which scale its author's
//! screen showed; it is scored on the one decided by then, so that no set can bring a scale that nobody
//! decided.

use super::scope::Scope;
use crate::view::entry::{resident_bytes, resident_of};
use crate::view::{ViewDb, ViewError};
use domain::clock;
use domain::directory::Date;
use domain::entry::ResidentId;
use domain::journal::{Observations, SaturationScale};
use domain::meta::Decision;
use domain::news2::{self, Score};
use domain::{Fact, PartialDate, Subject};
use ids::{EntryKey, StatedInstant, UnixMillis};
use interface::ContradictionKind;
use std::collections::BTreeSet;

/// The decisions that counted, earliest first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scales {
    decided: Vec<(UnixMillis, SaturationScale)>,
    /// Since when two that stand differ and nobody has said which is right.
    disputed_since: Option<UnixMillis>,
    /// Birth dates that stand, of identities that may contradict each other.
    born: Vec<Option<PartialDate>>,
}

impl Scales {
    /// The scale in force at an instant: scale 1 while none, or none alone, is decided.
    pub(crate) fn at(&self, at: UnixMillis) -> SaturationScale {
        if self.disputed_since.is_some_and(|since| since <= at) {
            return SaturationScale::One;
        }
        let by_then = self.decided.iter().rev().find(|(from, _)| *from <= at);
        by_then.map_or(SaturationScale::One, |(_, scale)| *scale)
    }

    /// Whether NEWS2 is meant for the resident on a day: by one of the identities that stand.
    pub(crate) fn is_scored(&self, on: Date) -> bool {
        let is_for = |born: &Option<PartialDate>| news2::is_for(*born, on);
        self.born.is_empty() || self.born.iter().any(is_for)
    }

    /// A set's score on the scale of its time; an empty one of somebody who was too young for it.
    pub(in crate::view) fn score(&self, says: &Observations, stated: StatedInstant) -> Score {
        if !self.is_scored(clock::local(stated).date) {
            return Score::empty();
        }
        Score::of(&Observations {
            scale: self.at(stated.at),
            ..says.clone()
        })
    }
}

impl ViewDb {
    /// What was decided on a resident's scale.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn scales(&self, resident: &ResidentId) -> Result<Scales, ViewError> {
        let mut rows = self.entries(
            "WHERE e.id IN (SELECT entry FROM @.scales WHERE resident = ?1) AND e.state < 2",
            [resident_bytes(resident)],
        )?;
        let identities = self.standing(resident, "identity")?;
        let born = identities.iter().filter_map(|row| match row.fact() {
            Some(Fact::Identity(says)) => Some(says.born),
            _ => None,
        });
        let mut scales = Scales {
            born: born.collect(),
            ..Scales::default()
        };
        if rows.is_empty() {
            return Ok(scales);
        }
        rows.sort_by_key(|row| (row.stated().at, row.key.clone()));
        let mut wrong: BTreeSet<EntryKey> = BTreeSet::new();
        for finding in self.findings_in(&Scope::Register(*resident, "saturation_scale"))? {
            if finding.kind != ContradictionKind::SaturationScale {
                continue;
            }
            match &finding.decision {
                Some(Decision::Only(right)) => {
                    wrong.extend(finding.sides.iter().filter(|key| *key != right).cloned());
                }
                Some(Decision::Both | Decision::Neither(_)) | None => {
                    let sides = rows.iter().filter(|row| finding.sides.contains(&row.key));
                    scales.disputed_since = sides.map(|row| row.stated().at).min();
                }
            }
        }
        for row in rows {
            if let Some(Fact::SaturationScale(says)) = row.fact()
                && !wrong.contains(&row.key)
            {
                scales.decided.push((row.stated().at, says.scale));
            }
        }
        Ok(scales)
    }

    /// Notes where a decision is found again.
    pub(super) fn insert_scale(&self, number: i64, subject: Subject) -> Result<(), ViewError> {
        if let Some(resident) = resident_of(subject) {
            self.statement("INSERT INTO @.scales (resident, entry) VALUES (?1, ?2)")?
                .execute((resident_bytes(&resident), number))?;
        }
        Ok(())
    }
}
