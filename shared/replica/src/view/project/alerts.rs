//! What to beware of, as far as it does not depend on the time: code status and allergies, each with
//! what was decided, and what a newer version wrote of them.

use super::findings::Finding;
use super::scope::Scope;
use super::substances::Substances;
use crate::view::documents::parse;
use crate::view::entry::resident_bytes;
use crate::view::{EntryRow, ViewDb, ViewError};
use domain::chart::{Allergy, CodeStatusChoice};
use domain::entry::ResidentId;
use domain::meta::Decision;
use domain::{DocumentKind, Fact};
use ids::{EntryKey, limits};
use interface::{Alert, ContradictionKind, Gravity, Unreadable};
use std::cmp::Reverse;

impl ViewDb {
    /// What stands here in a form that this version cannot read, of what someone may come to harm by
    /// not knowing. It replaces nothing that can be read (`domain::verdict`).
    pub(super) fn written_by_newer(
        &self,
        resident: &ResidentId,
    ) -> Result<Vec<Unreadable>, ViewError> {
        let mut newer = Vec::new();
        for (kind, what) in [
            ("?allergy", Unreadable::Allergy),
            ("?code_status", Unreadable::CodeStatus),
            ("?order", Unreadable::Order),
        ] {
            if !self.newest_entries(resident, kind, 1)?.is_empty() {
                newer.push(what);
            }
        }
        if self.has_other_newer(resident)? {
            newer.push(Unreadable::Other);
        }
        Ok(newer)
    }

    /// Whether anything else stands in a resident's charts that this version cannot read: what somebody
    /// may come to harm by not knowing lies in charts, whatever kinds a newer version has for it.
    fn has_other_newer(&self, resident: &ResidentId) -> Result<bool, ViewError> {
        let mut statement = self.statement(
            "SELECT DISTINCT d.what FROM @.entries e
             JOIN @.envelopes v ON v.id = e.envelope JOIN @.documents d ON d.id = v.document
             WHERE e.resident = ?1 AND e.state = 0 AND e.kind >= '?' AND e.kind < '@'
               AND e.kind NOT IN ('?allergy', '?code_status', '?order')",
        )?;
        let mut rows = statement.query([resident_bytes(resident)])?;
        while let Some(row) = rows.next()? {
            let what: String = row.get(0)?;
            if parse(&what)?.kind == DocumentKind::Chart {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Code status to act on.
    pub(super) fn code_status_alerts(
        &self,
        resident: &ResidentId,
        newer: &[Unreadable],
    ) -> Result<Vec<Alert>, ViewError> {
        let counting = self.code_statuses_that_count(resident)?;
        let choice = counting.rows.first().and_then(choice_of);
        Ok(match choice {
            Some(choice) => vec![Alert::CodeStatus {
                choice,
                contradicted: counting.waits,
            }],
            None if newer.contains(&Unreadable::CodeStatus) => Vec::new(),
            None => vec![Alert::NoCodeStatus],
        })
    }

    /// The code statuses to act on, which all say one thing: what was decided, else the most cautious.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::view) fn code_statuses_that_count(
        &self,
        resident: &ResidentId,
    ) -> Result<Counting, ViewError> {
        let finding = self.finding(resident, "code_status", ContradictionKind::CodeStatus)?;
        let mut rows = self.standing(resident, "code_status")?;
        // A decision for something that does not stand here decides nothing.
        let right = only(finding.as_ref()).filter(|only| rows.iter().any(|row| row.key == **only));
        let most_cautious = rows
            .iter()
            .filter(|row| right.is_none_or(|only| *only == row.key))
            .filter_map(choice_of)
            .min();
        rows.retain(|row| most_cautious.is_some() && choice_of(row) == most_cautious);
        Ok(Counting {
            rows,
            waits: finding.is_some_and(|finding| finding.decision.is_none()),
        })
    }

    /// Allergies, each substance once.
    pub(super) fn allergy_alerts(
        &self,
        resident: &ResidentId,
        newer: &[Unreadable],
    ) -> Result<Vec<Alert>, ViewError> {
        let counting = self.allergies_that_count(resident)?;
        let mut told = Substances::default();
        let mut none_known = None;
        for row in &counting.rows {
            match row.fact() {
                Some(Fact::Allergy(Allergy::To(to))) => told.add(to),
                Some(Fact::Allergy(Allergy::NoneKnown)) => none_known = Some(row.stated()),
                _ => {}
            }
        }
        let mut alerts = told.alerts();
        // The worst are shown, and a number of the others.
        alerts.sort_by_key(|alert| match alert {
            Alert::Allergy { gravity, .. } => Reverse(*gravity),
            _ => Reverse(Gravity::Plain),
        });
        let left_out = alerts.len().saturating_sub(limits::ALERTS_SHOWN);
        alerts.truncate(limits::ALERTS_SHOWN);
        alerts.extend(more(left_out));
        if counting.waits {
            alerts.push(Alert::AllergyContradiction);
        } else if alerts.is_empty() {
            match none_known {
                Some(at) => alerts.push(Alert::NoKnownAllergies { at }),
                None if newer.contains(&Unreadable::Allergy) => {}
                None => alerts.push(Alert::AllergiesUnknown),
            }
        }
        Ok(alerts)
    }

    /// The statements on allergies to act on; "none known" counts only when nothing speaks against it.
    /// A decision for an allergy takes "none known" out of them and no other allergy; a decision for
    /// "none known" takes out those allergies it was decided against. Nothing leaves the chart.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::view) fn allergies_that_count(
        &self,
        resident: &ResidentId,
    ) -> Result<Counting, ViewError> {
        let finding = self.finding(resident, "allergy", ContradictionKind::AllergyNoneKnown)?;
        let standing = self.standing(resident, "allergy")?;
        let otherwise = self.decided_otherwise(resident)?;
        let right = only(finding.as_ref());
        let decided = standing
            .iter()
            .find(|row| right == Some(&row.key))
            .and_then(|row| match row.fact() {
                Some(Fact::Allergy(Allergy::NoneKnown)) => Some(Known::None),
                Some(Fact::Allergy(Allergy::To(_))) => Some(Known::Some),
                _ => None,
            });
        let mut rows = Vec::new();
        let mut none_known = Vec::new();
        for row in standing {
            match row.fact() {
                // Somebody decided which of the two is true; other allergies are not in question.
                Some(Fact::Allergy(Allergy::To(_))) if decided == Some(Known::None) => {}
                Some(Fact::Allergy(Allergy::NoneKnown)) if decided == Some(Known::Some) => {}
                Some(Fact::Allergy(Allergy::To(_))) if otherwise.contains(&row.key) => {}
                Some(Fact::Allergy(Allergy::To(_))) => rows.push(row),
                Some(Fact::Allergy(Allergy::NoneKnown)) => none_known.push(row),
                _ => {}
            }
        }
        let waits = finding.is_some_and(|finding| finding.decision.is_none());
        if rows.is_empty() && !waits {
            rows = none_known;
        }
        Ok(Counting { rows, waits })
    }

    /// Allergies of which another entry on the same substance was decided to be right about how
    /// bad it is. The substance stays among the alerts.
    fn decided_otherwise(&self, resident: &ResidentId) -> Result<Vec<EntryKey>, ViewError> {
        let found = self.findings_in(&Scope::Register(*resident, "allergy"))?;
        let mut keys = Vec::new();
        for finding in found {
            if let (ContradictionKind::AllergySeverity, Some(Decision::Only(right))) =
                (finding.kind, &finding.decision)
                && finding.sides.contains(right)
            {
                keys.extend(finding.sides.iter().filter(|key| *key != right).cloned());
            }
        }
        Ok(keys)
    }

    fn finding(
        &self,
        resident: &ResidentId,
        register: &'static str,
        kind: ContradictionKind,
    ) -> Result<Option<Finding>, ViewError> {
        let found = self.findings_in(&Scope::Register(*resident, register))?;
        Ok(found.into_iter().find(|finding| finding.kind == kind))
    }
}

/// The statements on one matter that everybody acts on, in the order in which they were stated.
pub(in crate::view) struct Counting {
    pub(in crate::view) rows: Vec<EntryRow>,
    /// Whether somebody has to decide between these and others.
    waits: bool,
}

fn choice_of(row: &EntryRow) -> Option<CodeStatusChoice> {
    match row.fact() {
        Some(Fact::CodeStatus(says)) => Some(says.choice),
        _ => None,
    }
}

/// What was decided of allergies beside "none known".
#[derive(Clone, Copy, PartialEq, Eq)]
enum Known {
    None,
    Some,
}

/// The entry that alone was decided to be right.
fn only(finding: Option<&Finding>) -> Option<&EntryKey> {
    match &finding?.decision {
        Some(Decision::Only(key)) => Some(key),
        Some(Decision::Both | Decision::Neither(_)) | None => None,
    }
}

/// That there are more warnings than are shown.
pub(in crate::view) fn more(left_out: usize) -> Option<Alert> {
    let count = u32::try_from(left_out).unwrap_or(u32::MAX);
    (count > 0).then_some(Alert::More { count })
}

/// The words of a warning, bounded: what others entered may be long.
pub(in crate::view) fn short(words: &str) -> String {
    if words.len() <= limits::ALERT_BYTES {
        return words.to_owned();
    }
    let fits =
        |(at, char): &(usize, char)| at + char.len_utf8() <= limits::ALERT_BYTES - '…'.len_utf8();
    let mut cut: String = words
        .char_indices()
        .take_while(fits)
        .map(|(_, char)| char)
        .collect();
    cut.push('…');
    cut
}
