//! The chart: what stands of a resident, and what matters today.

use super::{Asked, MOST_ROWS};
use crate::view::project::Counting;
use domain::Fact;
use domain::directory::Date;
use domain::entry::ResidentId;
use interface::{ChartView, NoteRow, ProblemRow, Provenance, Refusal, Statement, TodayView};

/// "The last day".
const DAY_MS: i64 = 24 * 3_600_000;
/// Notes of the last day that one screen shows.
const NOTES_OF_A_DAY: u32 = 50;

impl Asked<'_> {
    pub(super) fn chart(&self, resident: &ResidentId) -> Result<ChartView, Refusal> {
        let mut contradictions = Vec::new();
        for finding in self.found(Some(resident), true)? {
            contradictions.push(self.contradiction(finding)?);
        }
        let care = self.care()?;
        let allergies = self.all(resident, "allergy", |fact| match fact {
            Fact::Allergy(says) => Some(says.clone()),
            _ => None,
        })?;
        let code = self.all(resident, "code_status", |fact| match fact {
            Fact::CodeStatus(says) => Some(says.clone()),
            _ => None,
        })?;
        Ok(ChartView {
            banner: self.banner(resident)?,
            identity: self.all(resident, "identity", |fact| match fact {
                Fact::Identity(says) => Some(says.clone()),
                _ => None,
            })?,
            allergies: weighed(allergies, &care.allergies_that_count(resident)?),
            code_status: weighed(code, &care.code_statuses_that_count(resident)?),
            problems: self.problems(resident)?,
            orders: self.all(resident, "order", |fact| match fact {
                Fact::Order(says) => Some(says.clone()),
                _ => None,
            })?,
            contradictions,
        })
    }

    pub(super) fn today_of(&self, resident: &ResidentId) -> Result<TodayView, Refusal> {
        let today = self.today()?;
        let mut problems = self.problems(resident)?;
        problems.retain(|row| is_running(row, today));
        let notes: Vec<NoteRow> =
            self.notes_since(resident, self.now.plus(-DAY_MS), NOTES_OF_A_DAY)?;
        let mut contradictions = Vec::new();
        for finding in self.found(Some(resident), true)? {
            contradictions.push(self.contradiction(finding)?);
        }
        Ok(TodayView {
            due: self.due_slots(resident)?,
            observations: self.latest_observations(resident)?,
            notes,
            problems,
            contradictions,
        })
    }

    /// Problems that stand, running ones first, then the newest.
    fn problems(&self, resident: &ResidentId) -> Result<Vec<ProblemRow>, Refusal> {
        let today = self.today()?;
        let all = self.all(resident, "problem", |fact| match fact {
            Fact::Problem(says) => Some(says.clone()),
            _ => None,
        })?;
        let mut rows: Vec<ProblemRow> = all
            .into_iter()
            .map(|(problem, by)| ProblemRow { problem, by })
            .collect();
        rows.sort_by_key(|row| !is_running(row, today));
        Ok(rows)
    }

    /// What stands of a kind with its provenance, newest first.
    pub(super) fn all<T>(
        &self,
        resident: &ResidentId,
        kind: &str,
        says: impl Fn(&Fact) -> Option<T>,
    ) -> Result<Vec<(T, Provenance)>, Refusal> {
        let mut found = Vec::new();
        for row in self.care()?.newest_entries(resident, kind, MOST_ROWS)? {
            if let Some(says) = row.fact().and_then(&says) {
                found.push((says, self.provenance(&row)?));
            }
        }
        Ok(found)
    }
}

/// Statements, each with whether it counts.
fn weighed<T>(stated: Vec<(T, Provenance)>, counting: &Counting) -> Vec<Statement<T>> {
    let counts = |by: &Provenance| counting.rows.iter().any(|row| row.key == by.entry);
    let weighed = stated.into_iter().map(|(says, by)| Statement {
        counts: counts(&by),
        says,
        by,
    });
    weighed.collect()
}

fn is_running(row: &ProblemRow, today: Date) -> bool {
    // While it may be running it is shown as running.
    row.problem
        .ended
        .is_none_or(|ended| ended.last_day() >= today)
}
