//! One row a resident, so that a list of thousands costs a few milliseconds: what it is searched
//! and sorted by, and a card with what it shows. Worked out again for residents a batch touched.
//!
//! Nothing here depends on the time of day: what does (age, what is due, which orders run) is
//! added while answering.

use super::born_number;
use super::findings::{Finding, as_standing};
use super::scope::{Scope, canonical};
use crate::view::entry::{EntryRow, resident_bytes, resident_of};
use crate::view::{ProjectedEntry, ViewDb, ViewError};
use domain::Fact;
use domain::census::{Presence, Whereabouts};
use domain::chart::{Allergy, CodeStatusChoice, Identity, Severity};
use domain::directory::{MoveKind, ResidentName};
use domain::entry::{ResidentId, SpaceId};
use domain::journal::{Observations, SaturationScale};
use domain::meta::Decision;
use domain::news2::{Band, Parameter, Score};
use domain::validate::bounds;
use ids::{EntryKey, StatedInstant, UnixMillis, limits};
use interface::{Alert, ContradictionKind, Gravity, News2View, ResidentStatus, Unreadable};
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};
use std::cmp::Reverse;

/// Stands in `scored` for a set of which every parameter is known.
const WHOLE: u8 = 7;

/// What a row of a list shows of a resident, as far as one stream knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::view) struct Card {
    /// Identity: of several that stand, the newest.
    pub(in crate::view) identity: Option<Identity>,
    /// Display name.
    pub(in crate::view) name: Option<ResidentName>,
    /// Bed.
    pub(in crate::view) bed: Option<SpaceId>,
    /// Where the resident is; `None` when no move says so.
    pub(in crate::view) status: Option<ResidentStatus>,
    /// Since when.
    pub(in crate::view) since: Option<UnixMillis>,
    /// What to beware of, as far as it does not depend on the time.
    pub(in crate::view) alerts: Vec<Alert>,
    /// Score of the newest set that can be scored.
    pub(in crate::view) news2: Option<News2View>,
    /// The greatest instant stated for a set or a move that counts. While that is in the future, a
    /// screen takes a card without what is ([`ViewDb::card_at`]).
    pub(in crate::view) newest: Option<UnixMillis>,
}

impl ViewDb {
    /// Works out a resident's row again. Returns the groups in which contradictions must be looked
    /// for because of it.
    pub(super) fn summarize(&self, resident: &ResidentId) -> Result<Vec<Scope>, ViewError> {
        let moves = self.moves_that_count(resident)?;
        self.write_stays(resident, &moves)?;
        let mut card = self.card_of(resident, moves, UnixMillis(i64::MAX))?;
        let sets = self.newest_entries(resident, "observations", 1)?;
        let moves = self.standing(resident, "move")?;
        let stated = sets.iter().chain(&moves).map(|row| row.stated().at);
        card.newest = stated.max();
        let mut shared = self.shared_by(resident)?;
        self.write_row(resident, &card)?;
        shared.extend(self.shared_by(resident)?);
        Ok(shared)
    }

    /// The card of a resident, if this stream knows one, as it is known at an instant: what is stated
    /// in the future says nothing yet of where somebody is or how they are. A tablet whose clock was
    /// ahead hides nobody's state behind what it wrote.
    pub(in crate::view) fn card_at(
        &self,
        resident: &ResidentId,
        now: UnixMillis,
    ) -> Result<Option<Card>, ViewError> {
        let card = self.card(resident)?;
        let until = now.plus(bounds::FUTURE_MS);
        let newest = card.as_ref().and_then(|card| card.newest);
        if newest.is_none_or(|newest| newest <= until) {
            return Ok(card);
        }
        let mut moves = self.moves_that_count(resident)?;
        moves.retain(|row| row.stated().at <= until);
        let mut known = self.card_of(resident, moves, until)?;
        known.alerts.push(Alert::StatedAhead);
        Ok(Some(known))
    }

    /// What is known of a resident by these moves, and by sets stated until then.
    fn card_of(
        &self,
        resident: &ResidentId,
        moves: Vec<EntryRow>,
        until: UnixMillis,
    ) -> Result<Card, ViewError> {
        let mut card = Card {
            identity: self.newest(resident, "identity", |fact| match fact {
                Fact::Identity(says) => Some(says.clone()),
                _ => None,
            })?,
            name: self.newest(resident, "resident_name", |fact| match fact {
                Fact::ResidentName(says) => Some(says.clone()),
                _ => None,
            })?,
            news2: self.latest_score(resident, until)?,
            ..Card::default()
        };
        if self.stream() == domain::Stream::Care {
            let newer = self.written_by_newer(resident)?;
            card.alerts = self.code_status_alerts(resident, &newer)?;
            card.alerts.extend(self.allergy_alerts(resident, &newer)?);
            let alert = |what| Alert::WrittenByNewer { what };
            card.alerts.extend(newer.into_iter().map(alert));
        }
        if let Some(found) = whereabouts(resident, &moves) {
            card.bed = found.bed;
            card.status = Some(status_of(found.presence));
            card.since = Some(found.since.at);
        }
        Ok(card)
    }

    /// The groups a resident's row is in: those in the same bed, those with the same number.
    fn shared_by(&self, resident: &ResidentId) -> Result<Vec<Scope>, ViewError> {
        let row: Option<(Option<[u8; 16]>, String)> = self
            .statement("SELECT bed, record_number FROM @.residents WHERE resident = ?1")?
            .query_row([resident_bytes(resident)], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?;
        let Some((bed, number)) = row else {
            return Ok(Vec::new());
        };
        let bed = bed.map(|bed| Scope::Bed(SpaceId(ids::CommandId::from_bytes(bed))));
        let number = Some(number)
            .filter(|number| !number.is_empty())
            .map(Scope::Number);
        Ok(bed.into_iter().chain(number).collect())
    }

    /// The card of a resident, if this stream knows one.
    pub(in crate::view) fn card(&self, resident: &ResidentId) -> Result<Option<Card>, ViewError> {
        let bytes: Option<Vec<u8>> = self
            .statement("SELECT card FROM @.cards WHERE resident = ?1")?
            .query_row([resident_bytes(resident)], |row| row.get(0))
            .optional()?;
        bytes
            .map(|bytes| serde_json::from_slice(&bytes).map_err(|_| ViewError::Rebuild("card")))
            .transpose()
    }

    /// Whether a record number is some resident's.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn record_number_taken(&self, number: &str) -> Result<bool, ViewError> {
        Ok(self
            .statement("SELECT 1 FROM @.residents WHERE record_number = ?1")?
            .exists([number])?)
    }

    fn write_row(&self, resident: &ResidentId, card: &Card) -> Result<(), ViewError> {
        let bytes = serde_json::to_vec(card).map_err(|_| ViewError::Rebuild("card"))?;
        self.statement("INSERT OR REPLACE INTO @.cards (resident, card) VALUES (?1, ?2)")?
            .execute((resident_bytes(resident), bytes))?;
        let (name, names, born, record_number) = match (&card.identity, &card.name) {
            (Some(says), _) => (
                sort_name(&says.family, &says.given),
                format!(
                    "{} {} {}",
                    says.given,
                    says.family,
                    says.preferred.as_deref().unwrap_or_default()
                ),
                says.born.map(born_number),
                canonical(&says.record_number),
            ),
            (None, Some(says)) => (
                sort_name(&says.family, &says.given),
                format!("{} {}", says.given, says.family),
                None,
                String::new(),
            ),
            (None, None) => Default::default(),
        };
        self.statement(
            "INSERT OR REPLACE INTO @.residents
                (resident, name, names, born, record_number, need, bed, status, newest)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute((
            resident_bytes(resident),
            name,
            names,
            born,
            record_number,
            need(card),
            card.bed.as_ref().map(|bed| bed.0.as_bytes()),
            card.status.map_or(0, status_number),
            card.newest.map_or(i64::MIN, |newest| newest.0),
        ))?;
        Ok(())
    }

    /// When a resident came and went.
    fn write_stays(&self, resident: &ResidentId, moves: &[EntryRow]) -> Result<(), ViewError> {
        self.statement("DELETE FROM @.stays WHERE resident = ?1")?
            .execute([resident_bytes(resident)])?;
        let mut stays: Vec<(i64, Presence)> = Vec::new();
        for row in moves {
            let Some(Fact::Move(says)) = row.fact() else {
                continue;
            };
            if stays.is_empty() && says.what == MoveKind::Admission {
                stays.push((i64::MIN, Presence::Discharged));
            }
            let presence = Presence::after(says.what);
            if stays.last().is_none_or(|(_, before)| *before != presence) {
                stays.push((row.stated().at.0, presence));
            }
        }
        for (since, presence) in stays {
            self.statement(
                "INSERT OR REPLACE INTO @.stays (resident, since, status) VALUES (?1, ?2, ?3)",
            )?
            .execute((
                resident_bytes(resident),
                since,
                status_number(status_of(presence)),
            ))?;
        }
        Ok(())
    }

    /// What the entry of a register says that was recorded last.
    fn newest<T>(
        &self,
        resident: &ResidentId,
        kind: &str,
        says: impl Fn(&Fact) -> Option<T>,
    ) -> Result<Option<T>, ViewError> {
        let mut standing = self.standing(resident, kind)?;
        standing.sort_by(|a, b| b.key.cmp(&a.key));
        Ok(standing.iter().find_map(|row| says(row.fact()?)))
    }

    /// The newest entries of a kind that stand, newest first.
    pub(in crate::view) fn newest_entries(
        &self,
        resident: &ResidentId,
        kind: &str,
        limit: u32,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.resident = ?1 AND e.kind = ?2 AND e.state = 0
             ORDER BY e.stated_ms DESC, e.key DESC LIMIT ?3",
            (resident_bytes(resident), kind, limit),
        )
    }

    /// The newest whole score, or what was taken in part after it if that is worse: a value taken
    /// alone does not make a resident well. Of what was taken in part each parameter's newest value
    /// counts, so that a temperature does not hide a breathing rate either.
    fn latest_score(
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
            whole = Some(news2(&scales.score(says, row.stated()), row.stated()));
        }
        let mut in_part: Option<(Score, StatedInstant)> = None;
        for parameter in Parameter::ALL {
            let Some(row) = self.newest_scored(resident, parameter as u8, &after, until)? else {
                continue;
            };
            let Some(Fact::Observations(says)) = row.fact() else {
                continue;
            };
            let (score, at) = in_part.get_or_insert_with(|| (Score::empty(), row.stated()));
            score.take(parameter, &scales.score(says, row.stated()));
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

    /// What stands here in a form that this version cannot read, of what someone may come to harm by
    /// not knowing. It replaces nothing that can be read (`domain::verdict`).
    fn written_by_newer(&self, resident: &ResidentId) -> Result<Vec<Unreadable>, ViewError> {
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
        Ok(newer)
    }

    /// Code status to act on: what was decided, else the most cautious.
    fn code_status_alerts(
        &self,
        resident: &ResidentId,
        newer: &[Unreadable],
    ) -> Result<Vec<Alert>, ViewError> {
        let finding = self.finding(resident, "code_status", ContradictionKind::CodeStatus)?;
        let standing = self.standing(resident, "code_status")?;
        let choices = standing.iter().filter_map(|row| match row.fact() {
            Some(Fact::CodeStatus(says)) => Some((&row.key, says.choice)),
            _ => None,
        });
        // A decision for something that does not stand here decides nothing.
        let right =
            only(finding.as_ref()).filter(|only| standing.iter().any(|row| row.key == **only));
        let most_cautious: Option<CodeStatusChoice> = choices
            .filter(|(key, _)| right.is_none_or(|only| only == *key))
            .map(|(_, choice)| choice)
            .min();
        Ok(match most_cautious {
            Some(choice) => vec![Alert::CodeStatus {
                choice,
                contradicted: finding.is_some_and(|finding| finding.decision.is_none()),
            }],
            None if newer.contains(&Unreadable::CodeStatus) => Vec::new(),
            None => vec![Alert::NoCodeStatus],
        })
    }

    /// Allergies; "none known" counts only when nothing speaks against it. A decision for an allergy
    /// takes "none known" out of the alerts and no other allergy; a decision for "none known" takes
    /// out those allergies it was decided against. Nothing leaves the chart.
    fn allergy_alerts(
        &self,
        resident: &ResidentId,
        newer: &[Unreadable],
    ) -> Result<Vec<Alert>, ViewError> {
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
        let mut alerts = Vec::new();
        let mut none_known = None;
        for row in standing {
            match row.fact() {
                // Somebody decided which of the two is true; other allergies are not in question.
                Some(Fact::Allergy(Allergy::To(_))) if decided == Some(Known::None) => {}
                Some(Fact::Allergy(Allergy::NoneKnown)) if decided == Some(Known::Some) => {}
                Some(Fact::Allergy(Allergy::To(_))) if otherwise.contains(&row.key) => {}
                Some(Fact::Allergy(Allergy::To(to))) => alerts.push(Alert::Allergy {
                    text: short(&to.substance),
                    reaction: to.reaction.as_deref().map(short),
                    gravity: match to.severity {
                        Some(Severity::Severe) => Gravity::Critical,
                        Some(Severity::Moderate) | None => Gravity::Warning,
                        Some(Severity::Mild) => Gravity::Info,
                    },
                }),
                Some(Fact::Allergy(Allergy::NoneKnown)) => none_known = Some(row.stated()),
                _ => {}
            }
        }
        // The worst are shown, and a number of the others.
        alerts.sort_by_key(|alert| match alert {
            Alert::Allergy { gravity, .. } => Reverse(*gravity),
            _ => Reverse(Gravity::Plain),
        });
        let left_out = alerts.len().saturating_sub(limits::ALERTS_SHOWN);
        alerts.truncate(limits::ALERTS_SHOWN);
        alerts.extend(more(left_out));
        if finding.is_some_and(|finding| finding.decision.is_none()) {
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

/// Where the moves that stand have brought a resident.
fn whereabouts(resident: &ResidentId, moves: &[EntryRow]) -> Option<Whereabouts> {
    domain::census::whereabouts(moves.iter().filter_map(as_standing)).remove(resident)
}

/// A score as screens show it.
pub(in crate::view) fn news2(score: &Score, at: StatedInstant) -> News2View {
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

/// How urgent, as far as it does not depend on the time: band, then points.
pub(in crate::view) fn need(card: &Card) -> i64 {
    card.news2.as_ref().map_or(0, urgency)
}

fn urgency(score: &News2View) -> i64 {
    score.gravity as i64 * 32 + i64::from(score.score)
}

fn sort_name(family: &str, given: &str) -> String {
    domain::search::normalise(&format!("{family} {given}"))
}

/// How a screen says it.
pub(super) fn status_of(presence: Presence) -> ResidentStatus {
    match presence {
        Presence::Present => ResidentStatus::Present,
        Presence::OnLeave => ResidentStatus::OnLeave,
        Presence::Discharged => ResidentStatus::Discharged,
        Presence::Deceased => ResidentStatus::Deceased,
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

/// A status as the tables hold it, read back.
pub(in crate::view) fn status_numbered(number: u8) -> ResidentStatus {
    match number {
        0 => ResidentStatus::Present,
        1 => ResidentStatus::OnLeave,
        2 => ResidentStatus::Discharged,
        _ => ResidentStatus::Deceased,
    }
}

/// A status as the tables hold it.
pub(in crate::view) fn status_number(status: ResidentStatus) -> u8 {
    match status {
        ResidentStatus::Present => 0,
        ResidentStatus::OnLeave => 1,
        ResidentStatus::Discharged => 2,
        ResidentStatus::Deceased => 3,
    }
}
