//! One row a resident, so that a list of thousands costs a few milliseconds: what it is searched
//! and sorted by, and a card with what it shows. Worked out again for residents a batch touched.
//!
//! Nothing here depends on the time of day: what does (age, what is due, which orders run) is
//! added while answering.

use super::born_number;
use super::findings::as_standing;
use super::scope::{Scope, canonical};
use super::scores::urgency;
use crate::view::entry::{EntryRow, resident_bytes};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::census::{Presence, Whereabouts};
use domain::chart::Identity;
use domain::directory::{MoveKind, ResidentName};
use domain::entry::{ResidentId, SpaceId};
use domain::validate::bounds;
use ids::UnixMillis;
use interface::{Alert, News2View, ResidentStatus};
use rusqlite::OptionalExtension;
use serde::{Deserialize, Serialize};

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
}

/// Where the moves that stand have brought a resident.
fn whereabouts(resident: &ResidentId, moves: &[EntryRow]) -> Option<Whereabouts> {
    domain::census::whereabouts(moves.iter().filter_map(as_standing)).remove(resident)
}

/// How urgent, as far as it does not depend on the time: band, then points.
pub(in crate::view) fn need(card: &Card) -> i64 {
    card.news2.as_ref().map_or(0, urgency)
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
