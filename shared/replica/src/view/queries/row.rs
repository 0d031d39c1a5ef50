//! A resident's row and banner: cards of both streams put together, with what depends on the time.

use super::due::Running;
use super::residents::DueDays;
use super::{Asked, MOST_ROWS};
use crate::view::project::{Card, Finding, more, short};
use domain::chart::{CodeStatusChoice, Sex};
use domain::directory::Date;
use domain::entry::ResidentId;
use domain::{Age, Fact, Subject};
use ids::limits;
use interface::{
    Alert, BannerView, ContradictionKind, Gravity, Missing, Refusal, ResidentRow, ResidentStatus,
    Unreadable,
};
use std::collections::BTreeSet;

impl Asked<'_> {
    pub(super) fn banner(&self, resident: &ResidentId) -> Result<BannerView, Refusal> {
        let to_reconcile = self.waiting_of(resident)?.len();
        Ok(BannerView {
            row: self.row(resident)?,
            to_reconcile: u32::try_from(to_reconcile).unwrap_or(u32::MAX),
        })
    }

    /// The row of one resident.
    pub(super) fn row(&self, resident: &ResidentId) -> Result<ResidentRow, Refusal> {
        let mut room = String::new();
        if let Some(directory) = &self.views.directory
            && let Some(bed) = directory
                .card_at(resident, self.now)?
                .and_then(|card| card.bed)
        {
            for row in directory.house_of("bed", Subject::Space(bed))? {
                if let Some(Fact::Bed(says)) = row.fact() {
                    room.clone_from(&says.name);
                }
            }
        }
        self.row_in(resident, room, &self.due_days()?)
    }

    /// As [`Self::row`]; `None` for a resident of whom nothing is here.
    pub(super) fn row_if_known(
        &self,
        resident: &ResidentId,
    ) -> Result<Option<ResidentRow>, Refusal> {
        match self.row(resident) {
            Ok(row) => Ok(Some(row)),
            Err(Refusal::NotFound { .. }) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// As [`Self::row`], when the room is known already.
    pub(super) fn row_in(
        &self,
        resident: &ResidentId,
        room: String,
        days: &DueDays,
    ) -> Result<ResidentRow, Refusal> {
        let mut known = None;
        for view in self.open() {
            if let Some(card) = view.card_at(resident, self.now)? {
                known = Some(merge(known.unwrap_or_default(), card));
            }
        }
        let missing = || Refusal::NotFound {
            what: Missing::Resident,
        };
        let mut card: Card = known.ok_or_else(missing)?;
        let mut alerts = std::mem::take(&mut card.alerts);
        let running = self.running_in(resident, days)?;
        let today = |order: &&Running| order.high_alert && order.runs_on(days.today);
        let medicines: BTreeSet<&str> = running
            .iter()
            .filter(today)
            .map(|order| order.medicine.as_str())
            .collect();
        let left_out = medicines.len().saturating_sub(limits::ALERTS_SHOWN);
        alerts.extend(
            medicines
                .into_iter()
                .take(limits::ALERTS_SHOWN)
                .map(|medicine| Alert::HighAlert {
                    medicine: short(medicine),
                }),
        );
        alerts.extend(more(left_out));
        if self.views.care.is_none() {
            // A row without warnings must not look like somebody without any.
            alerts.push(Alert::ChartNotOpen);
        }
        let not_recorded =
            |alert: &Alert| matches!(alert, Alert::NoCodeStatus | Alert::AllergiesUnknown);
        if alerts.iter().any(not_recorded) && self.is_arriving() {
            // Half of a chart says nothing of what the other half has.
            alerts.retain(|alert| !not_recorded(alert));
            alerts.push(Alert::Arriving);
        }
        for finding in self.waiting_of(resident)? {
            let alert = Alert::Contradiction { kind: finding.kind };
            if !has_its_own_alert(&finding) && !alerts.contains(&alert) {
                alerts.push(alert);
            }
        }
        // Sets lie in one stream and moves in the other.
        let mut told = false;
        alerts.retain(|alert| *alert != Alert::StatedAhead || !std::mem::replace(&mut told, true));
        alerts.sort_by_key(|alert| std::cmp::Reverse(gravity(alert)));
        let due = self.due_of(resident, &running, days)?;
        Ok(row(*resident, room, card, alerts, due, days.today))
    }

    /// Waiting findings about a resident, of every stream that is open and between them.
    pub(super) fn waiting_of(&self, resident: &ResidentId) -> Result<Vec<Finding>, Refusal> {
        let mut waiting = Vec::new();
        for view in self.open() {
            waiting.extend(view.findings_of(resident, true, MOST_ROWS)?);
        }
        waiting.extend(self.views.crossing(Some(resident), true)?);
        Ok(waiting)
    }
}

/// Puts together what two streams know.
fn merge(a: Card, b: Card) -> Card {
    Card {
        identity: a.identity.or(b.identity),
        name: a.name.or(b.name),
        bed: a.bed.or(b.bed),
        status: a.status.or(b.status),
        since: a.since.or(b.since),
        alerts: a.alerts.into_iter().chain(b.alerts).collect(),
        news2: a.news2.or(b.news2),
        newest: a.newest.max(b.newest),
    }
}

fn row(
    id: ResidentId,
    room: String,
    card: Card,
    alerts: Vec<Alert>,
    due: Option<interface::DueView>,
    today: Date,
) -> ResidentRow {
    let status = card.status.unwrap_or(ResidentStatus::Present);
    let news2 = card.news2;
    let born = card.identity.as_ref().and_then(|says| says.born);
    let age = born.and_then(|born| born.age_on(today));
    let (age, age_between) = match age.and_then(Age::certain) {
        Some(certain) => (Some(certain), None),
        None => (None, age),
    };
    match (card.identity, card.name) {
        (Some(says), _) => ResidentRow {
            id,
            room,
            age,
            age_between,
            given: says.given,
            family: says.family,
            preferred: says.preferred,
            born,
            sex: says.sex,
            record_number: says.record_number,
            alerts,
            news2,
            due,
            status,
        },
        (None, name) => {
            let (given, family) =
                name.map_or_else(Default::default, |name| (name.given, name.family));
            ResidentRow {
                id,
                room,
                given,
                family,
                preferred: None,
                born,
                age,
                age_between,
                sex: Sex::Unknown,
                record_number: String::new(),
                alerts,
                news2,
                due,
                status,
            }
        }
    }
}

/// Code status and allergy alerts say themselves that they are contradicted.
fn has_its_own_alert(finding: &Finding) -> bool {
    match finding.kind {
        ContradictionKind::CodeStatus | ContradictionKind::AllergyNoneKnown => true,
        ContradictionKind::DoubleDose
        | ContradictionKind::AllergySeverity
        | ContradictionKind::DoseAfterLeaving
        | ContradictionKind::DoseAfterEnd
        | ContradictionKind::Order
        | ContradictionKind::DoseOutOfTime
        | ContradictionKind::SaturationScale
        | ContradictionKind::Identity
        | ContradictionKind::RecordNumber
        | ContradictionKind::Bed
        | ContradictionKind::Whereabouts
        | ContradictionKind::Register
        | ContradictionKind::Resolutions
        | ContradictionKind::OrderedTwice => false,
    }
}

fn gravity(alert: &Alert) -> Gravity {
    match alert {
        Alert::More { .. }
        | Alert::StatedAhead
        | Alert::Arriving
        | Alert::WrittenByNewer {
            what: Unreadable::Other,
        } => Gravity::Warning,
        Alert::AllergyContradiction
        | Alert::ChartNotOpen
        | Alert::WrittenByNewer { .. }
        | Alert::CodeStatus {
            contradicted: true, ..
        } => Gravity::Critical,
        Alert::CodeStatus {
            choice: CodeStatusChoice::FullTreatment,
            ..
        } => Gravity::Info,
        Alert::CodeStatus { .. } => Gravity::Warning,
        Alert::Allergy { gravity, .. } => *gravity,
        Alert::Contradiction {
            kind: ContradictionKind::DoubleDose,
        } => Gravity::Critical,
        Alert::Contradiction { .. } => Gravity::Warning,
        Alert::NoCodeStatus | Alert::HighAlert { .. } | Alert::AllergiesUnknown => Gravity::Info,
        Alert::NoKnownAllergies { .. } => Gravity::Plain,
    }
}
