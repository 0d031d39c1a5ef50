//! The score that counts for a resident: the newest whole one, or what was taken in part after it.

use crate::view::entry::{EntryRow, resident_bytes, resident_of};
use crate::view::{ProjectedEntry, ViewDb, ViewError};
use domain::Fact;
use domain::entry::ResidentId;
use domain::journal::{Observations, SaturationScale};
use domain::news2::{Band, Parameter, Score};
use ids::{StatedInstant, UnixMillis};
use interface::{Gravity, News2View};
use rusqlite::OptionalExtension;

/// Stands in `scored` for a set of which every parameter is known.
const WHOLE: u8 = 7;

impl ViewDb {
    /// The newest whole score, or what was taken in part after it if that is worse: a value taken
    /// alone does not make a resident well. Of what was taken in part each parameter's newest value
    /// counts, so that a temperature does not hide a breathing rate either.
    pub(super) fn latest_score(
        &self,
        resident: &ResidentId,
        until: UnixMillis,
    ) -> Result<Option<News2View>, ViewError> {
        let scales = self.scales(resident)?;
        let mut whole = None;
        let mut after = (i64::MIN, String::new());
        if let Some(row) = self.newest_scored(resident, WHOLE, &after, until)?
            && let Some(Fact::Observations(says)) = row.fact()
        {
            after = (row.stated().at.0, row.key.as_str().to_owned());
            whole = scored(&scales.score(says, row.stated()), row.stated());
        }
        let mut in_part: Option<(Score, StatedInstant)> = None;
        for parameter in Parameter::ALL {
            let Some(row) = self.newest_scored(resident, parameter as u8, &after, until)? else {
                continue;
            };
            let Some(Fact::Observations(says)) = row.fact() else {
                continue;
            };
            let of_set = scales.score(says, row.stated());
            if of_set.is_empty() {
                continue;
            }
            let (score, at) = in_part.get_or_insert_with(|| (Score::empty(), row.stated()));
            score.take(parameter, &of_set);
            // What alarms may be the oldest of them: it is no newer than that.
            if row.stated().at < at.at {
                *at = row.stated();
            }
        }
        let in_part = in_part.map(|(score, at)| News2View {
            // Not of one time, however much of it is known.
            incomplete: true,
            ..news2(&score, at)
        });
        Ok(match (whole, in_part) {
            (Some(whole), Some(part)) if urgency(&whole) > urgency(&part) => Some(whole),
            (whole, part) => part.or(whole),
        })
    }

    /// The newest set that stands, after an instant and key and until another, in which a parameter was scored that
    /// was not in a whole set; with [`WHOLE`], the newest whole set.
    fn newest_scored(
        &self,
        resident: &ResidentId,
        parameter: u8,
        after: &(i64, String),
        until: UnixMillis,
    ) -> Result<Option<EntryRow>, ViewError> {
        let (at, key) = after;
        let number: Option<i64> = self
            .statement(
                "SELECT s.entry FROM @.scored s CROSS JOIN @.entries e ON e.id = s.entry
                 WHERE s.resident = ?1 AND s.parameter = ?2 AND (s.stated_ms, s.key) > (?3, ?4)
                   AND s.stated_ms <= ?5 AND e.state = 0
                 ORDER BY s.stated_ms DESC, s.key DESC LIMIT 1",
            )?
            .query_row(
                (resident_bytes(resident), parameter, at, key, until.0),
                |row| row.get(0),
            )
            .optional()?;
        match number {
            Some(number) => self.entry_numbered(number),
            None => Ok(None),
        }
    }

    /// Notes which parameters a set has, or that it is whole.
    pub(super) fn insert_scored(
        &self,
        number: i64,
        entry: &ProjectedEntry,
        says: &Observations,
    ) -> Result<(), ViewError> {
        let Some(resident) = resident_of(entry.recorded.subject()) else {
            return Ok(());
        };
        // Scale 1 can score whatever scale 2 can.
        let score = Score::of(&Observations {
            scale: SaturationScale::One,
            ..says.clone()
        });
        let scored =
            |(parameter, points): &(Parameter, Option<u8>)| points.map(|_| *parameter as u8);
        let parameters: Vec<u8> = if score.is_incomplete() {
            score.points.iter().filter_map(scored).collect()
        } else {
            vec![WHOLE]
        };
        for parameter in parameters {
            self.statement(
                "INSERT INTO @.scored (resident, parameter, stated_ms, key, entry)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                resident_bytes(&resident),
                parameter,
                entry.recorded.stated().at.0,
                entry.key.as_str(),
                number,
            ))?;
        }
        Ok(())
    }
}

/// A score as screens show it, if there is one.
pub(in crate::view) fn scored(score: &Score, at: StatedInstant) -> Option<News2View> {
    (!score.is_empty()).then(|| news2(score, at))
}

fn news2(score: &Score, at: StatedInstant) -> News2View {
    News2View {
        score: score.total(),
        incomplete: score.is_incomplete(),
        gravity: match score.band() {
            Band::Zero => Gravity::Plain,
            Band::Low => Gravity::Info,
            Band::SingleThree | Band::Urgent => Gravity::Warning,
            Band::Emergency => Gravity::Critical,
        },
        single_three: score.has_single_three(),
        at,
    }
}

pub(super) fn urgency(score: &News2View) -> i64 {
    rank(score.gravity) * 32 + i64::from(score.score)
}

/// How bad something is, as the tables hold it and sort by it.
pub(super) const fn rank(gravity: Gravity) -> i64 {
    match gravity {
        Gravity::Plain => 0,
        Gravity::Info => 1,
        Gravity::Warning => 2,
        Gravity::Critical => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_worse_ranks_higher_by_numbers_that_stay() {
        let all = [
            Gravity::Plain,
            Gravity::Info,
            Gravity::Warning,
            Gravity::Critical,
        ];
        assert!(all.is_sorted());
        assert_eq!(all.map(rank), [0, 1, 2, 3]);
    }
}
