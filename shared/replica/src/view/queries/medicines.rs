//! Orders with the slots of a local day.

use super::Asked;
use super::due::uncharted;
use super::residents::Day;
use super::twins::OpenSlot;
use crate::view::entry::{EntryRow, resident_bytes};
use crate::view::project::{Finding, Scope, date_number};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::chart::{Order, OrderId};
use domain::directory::{Date, TimeOfDay};
use domain::entry::ResidentId;
use domain::journal::{Dose, Slot};
use domain::meta::Decision;
use ids::{EntryKey, limits};
use interface::{
    ContradictionKind, DoseDecided, DoseRow, MedicinesView, OrderView, Refusal, SlotState, SlotView,
};
use std::collections::{BTreeMap, BTreeSet};

impl ViewDb {
    /// Doses that stand for an order on a date, the first stated first; of very many the first.
    fn doses(
        &self,
        resident: &ResidentId,
        order: &OrderId,
        date: Date,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.id IN (SELECT entry FROM @.dose_slots WHERE \"order\" = ?1 AND date = ?2)
               AND e.state = 0 AND e.resident = ?3 ORDER BY e.stated_ms, e.key LIMIT ?4",
            (
                order.0.as_bytes(),
                date_number(date),
                resident_bytes(resident),
                limits::SIDES_KEPT,
            ),
        )
    }

    /// Orders for which a dose stands in a slot of this day. A dose is stated near its slot; what
    /// was stated days away from it is found in the history.
    fn charted_orders(&self, resident: &ResidentId, day: &Day) -> Result<Vec<OrderId>, ViewError> {
        let Some((from, to)) = day.around() else {
            return Ok(Vec::new());
        };
        let rows = self.entries(
            "WHERE e.resident = ?1 AND e.kind = 'dose' AND e.state = 0
               AND e.stated_ms BETWEEN ?2 AND ?3 ORDER BY e.stated_ms, e.key",
            (resident_bytes(resident), from.0, to.0),
        )?;
        let orders = rows.iter().filter_map(|row| match row.fact() {
            Some(Fact::Dose(dose)) if dose.slot.date == day.date => Some(dose.slot.order),
            _ => None,
        });
        Ok(orders.collect())
    }

    /// The newest accepted version of a resident's order, replaced or not.
    fn newest_version(
        &self,
        resident: &ResidentId,
        order: &OrderId,
    ) -> Result<Option<EntryRow>, ViewError> {
        let mut rows = self.versions_of(resident, order)?;
        rows.sort_by_cached_key(|row| match row.fact() {
            Some(Fact::Order(order)) => (order.version, row.key.clone()),
            _ => (0, row.key.clone()),
        });
        Ok(rows.pop())
    }

    /// All accepted versions of a resident's order, replaced and struck ones too.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn versions_of(
        &self,
        resident: &ResidentId,
        order: &OrderId,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.id IN (SELECT entry FROM @.orders WHERE \"order\" = ?1)
               AND e.resident = ?2 AND e.state < 3",
            (order.0.as_bytes(), resident_bytes(resident)),
        )
    }

    /// Orders that stand and run on a date, in full, in order of medicine.
    fn orders_on(&self, resident: &ResidentId, date: Date) -> Result<Vec<EntryRow>, ViewError> {
        let mut rows = self.entries(
            "WHERE e.id IN (SELECT entry FROM @.orders
                            WHERE resident = ?1 AND ended >= ?2 AND starts <= ?2)
               AND e.state = 0",
            (resident_bytes(resident), date_number(date)),
        )?;
        rows.sort_by_cached_key(|row| match row.fact() {
            Some(Fact::Order(order)) => (order.medicine.to_lowercase(), row.key.clone()),
            _ => (String::new(), row.key.clone()),
        });
        Ok(rows)
    }
}

impl Asked<'_> {
    pub(super) fn medicines(
        &self,
        resident: &ResidentId,
        date: Option<Date>,
    ) -> Result<MedicinesView, Refusal> {
        let care = self.care()?;
        let today = self.today()?;
        let day = self.day(date.unwrap_or(today))?;
        let decided = self.found(Some(resident), false)?;
        let mut shown = BTreeSet::new();
        let mut orders = Vec::new();
        for row in care.orders_on(resident, day.date)? {
            let Some(Fact::Order(order)) = row.fact() else {
                continue;
            };
            shown.insert(order.order);
            let mut view = self.order(care, resident, order.clone(), &row, &day, &decided)?;
            // Of today only while it runs: what was given before it was stopped is charted from the
            // command line, with its time.
            let runs = day.date < today || order.runs_at(today, self.local_time()?);
            view.may_give = order.is_as_needed() && day.date <= today && runs;
            orders.push(view);
        }
        for id in care.charted_orders(resident, &day)? {
            // Charted that day, but no version that stands runs then: only what was charted.
            if shown.insert(id)
                && let Some(row) = care.newest_version(resident, &id)?
                && let Some(Fact::Order(order)) = row.fact()
            {
                let order = Order {
                    times: Vec::new(),
                    ..order.clone()
                };
                orders.push(self.order(care, resident, order, &row, &day, &decided)?);
            }
        }
        Ok(MedicinesView {
            date: day.date,
            is_today: day.date == today,
            orders,
        })
    }

    fn order(
        &self,
        care: &ViewDb,
        resident: &ResidentId,
        order: Order,
        row: &EntryRow,
        day: &Day,
        decided: &[Finding],
    ) -> Result<OrderView, Refusal> {
        let (slots, as_needed) = self.slots(care, resident, &order, day, decided)?;
        let mut lately = as_needed.clone();
        if order.is_as_needed()
            && let Some(before) = day.date.plus_days(-1)
        {
            for row in care.doses(resident, &order.order, before)? {
                if let Some(Fact::Dose(dose)) = row.fact()
                    && dose.slot.time.is_none()
                {
                    lately.push(self.dose_row(dose, &row, decided)?);
                }
            }
        }
        lately.retain(|one| one.dose.not_given.is_none() && counts(one));
        Ok(OrderView {
            order,
            by: self.provenance(row)?,
            slots,
            may_give: false,
            as_needed,
            last_given: lately.into_iter().max_by_key(|one| one.by.stated.at),
        })
    }

    fn dose_row(
        &self,
        dose: &Dose,
        row: &EntryRow,
        decided: &[Finding],
    ) -> Result<DoseRow, Refusal> {
        Ok(DoseRow {
            dose: dose.clone(),
            by: self.provenance(row)?,
            decided: self.decided_about(&row.key, decided)?,
        })
    }

    /// What was decided about a dose; that it does not count, if decisions on two contradictions
    /// differ in that.
    fn decided_about(
        &self,
        dose: &EntryKey,
        decided: &[Finding],
    ) -> Result<Option<DoseDecided>, Refusal> {
        let mut found = None;
        for finding in decided.iter().filter(|one| one.sides.contains(dose)) {
            let Some(decision) = &finding.decision else {
                continue;
            };
            let counts = match decision {
                Decision::Both => true,
                Decision::Neither(_) => false,
                Decision::Only(right) => right == dose,
            };
            let rows = self.decisions(&finding.decided_by)?;
            if let Some(row) = rows.into_iter().find(|row| row.decision == *decision)
                && (found.is_none() || !counts)
            {
                found = Some(DoseDecided {
                    counts,
                    reason: row.reason,
                    by: row.by,
                });
            }
        }
        Ok(found)
    }

    /// An order's slots of a day, and what was given as needed that day. Doses charted for a time
    /// that the order no longer has get a slot of their own: nothing charted is hidden.
    fn slots(
        &self,
        care: &ViewDb,
        resident: &ResidentId,
        order: &Order,
        day: &Day,
        decided: &[Finding],
    ) -> Result<(Vec<SlotView>, Vec<DoseRow>), Refusal> {
        let mut charted: BTreeMap<TimeOfDay, Vec<DoseRow>> = BTreeMap::new();
        let mut as_needed = Vec::new();
        for row in care.doses(resident, &order.order, day.date)? {
            let Some(Fact::Dose(dose)) = row.fact() else {
                continue;
            };
            let dose = self.dose_row(dose, &row, decided)?;
            match dose.dose.slot.time {
                Some(time) => charted.entry(time).or_default().push(dose),
                None => as_needed.push(dose),
            }
        }
        let here = self.attendance(resident)?;
        let ordered = care.ordered_at(resident, &order.order)?;
        let runs = order.times.iter().copied();
        let runs = runs.filter(|time| order.runs_at(day.date, *time));
        let times: BTreeSet<TimeOfDay> = runs.chain(charted.keys().copied()).collect();
        let of = Some((resident, &order.order));
        let under = care.given_under_twins(of, (day.date, day.date), self.views)?;
        let mut slots = Vec::new();
        for time in times {
            let doses = charted.remove(&time).unwrap_or_default();
            let slot = Slot {
                order: order.order,
                version: order.version,
                date: day.date,
                time: Some(time),
            };
            let finding = match doses.len() {
                0 | 1 => None,
                _ => care
                    .findings_in(&Scope::slot(resident, &slot))?
                    .into_iter()
                    .find(|finding| finding.kind == ContradictionKind::DoubleDose),
            };
            let charted = state_of(&doses, finding.as_ref());
            let open = day.at(time).map_or(SlotState::Upcoming, |at| {
                uncharted(at, day.window_ms, self.now, &here, ordered)
            });
            let under_other = match charted {
                None if open != SlotState::Away => {
                    let of = (resident, &order.order);
                    under.given(of, &order.times, OpenSlot::of(day, time))
                }
                _ => None,
            };
            let under_other = match under_other.map(|row| (row, row.fact())) {
                Some((row, Some(Fact::Dose(dose)))) => Some(self.dose_row(dose, row, decided)?),
                _ => None,
            };
            let state = match &under_other {
                Some(_) => SlotState::GivenUnderOther,
                None => charted.unwrap_or(open),
            };
            slots.push(SlotView {
                slot,
                medicine: order.medicine.clone(),
                dose: order.dose.clone(),
                route: order.route.clone(),
                high_alert: order.high_alert,
                state,
                doses,
                under_other,
            });
        }
        Ok((slots, as_needed))
    }
}

/// State of a slot with something charted that counts; `None` when nothing is. What was decided against
/// leaves its slot open: the dose was not given then.
fn state_of(doses: &[DoseRow], finding: Option<&Finding>) -> Option<SlotState> {
    if finding.is_some_and(|finding| finding.decision.is_none()) {
        return Some(SlotState::Contradicted);
    }
    let state = |dose: &DoseRow| match dose.dose.not_given {
        None => SlotState::Given,
        Some(_) => SlotState::NotGiven,
    };
    let counted = doses.iter().filter(|dose| counts(dose));
    counted
        .map(state)
        .min_by_key(|state| *state != SlotState::Given)
}

/// Whether a dose was not decided against.
pub(super) fn counts(dose: &DoseRow) -> bool {
    dose.decided.as_ref().is_none_or(|said| said.counts)
}
