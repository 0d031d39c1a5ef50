//! What was given under the twin of an order, another of the same medicine that another tablet entered:
//! nobody gives it a second time unasked, whatever was decided about the two.

use super::due::at_window;
use super::residents::Day;
use crate::view::entry::{EntryRow, State, resident_bytes, resident_of};
use crate::view::project::date_number;
use crate::view::{ViewDb, ViewError, Views};
use domain::Fact;
use domain::chart::OrderId;
use domain::contradictions::{AS_NEEDED_APART_MS, slot_meant};
use domain::directory::{Date, TimeOfDay};
use domain::entry::ResidentId;
use domain::journal::Dose;
use ids::{CommandId, UnixMillis};
use std::collections::BTreeMap;

/// A slot that something may have been given for.
#[derive(Clone, Copy)]
pub(crate) struct OpenSlot {
    date: Date,
    time: TimeOfDay,
    at: Option<UnixMillis>,
    window_ms: i64,
}

impl OpenSlot {
    /// A slot with the instant of its time, where that is known, and its window.
    pub(crate) fn new(date: Date, time: TimeOfDay, at: Option<UnixMillis>, window_ms: i64) -> Self {
        Self {
            date,
            time,
            at,
            window_ms,
        }
    }

    pub(super) fn of(day: &Day, time: TimeOfDay) -> Self {
        Self::new(day.date, time, day.at(time), day.window_ms)
    }

    /// Whether a dose of the twin is for this slot of an order with these times. One as needed names
    /// no slot: it is for the one in whose window it was given.
    fn is_of(&self, dose: &Dose, given: UnixMillis, times: &[TimeOfDay]) -> bool {
        match dose.slot.time {
            Some(time) => slot_meant(times, dose.slot.date, time) == Some((self.date, self.time)),
            None => self
                .at
                .is_some_and(|at| at_window(given.since(at), self.window_ms)),
        }
    }
}

/// Doses given under twins, the first stated first, by the order that has the twin.
#[derive(Default)]
pub(super) struct UnderTwins(BTreeMap<(ResidentId, OrderId), Vec<EntryRow>>);

impl UnderTwins {
    fn of(&self, resident: &ResidentId, order: &OrderId) -> &[EntryRow] {
        self.0.get(&(*resident, *order)).map_or(&[], Vec::as_slice)
    }

    /// The dose that was given for a slot of an order with these times of day.
    pub(super) fn given(
        &self,
        (resident, order): (&ResidentId, &OrderId),
        times: &[TimeOfDay],
        slot: OpenSlot,
    ) -> Option<&EntryRow> {
        let mut given = self.of(resident, order).iter();
        given.find(|row| match row.fact() {
            Some(Fact::Dose(dose)) => slot.is_of(dose, row.stated().at, times),
            _ => false,
        })
    }
}

impl ViewDb {
    /// Doses given under the twins of an order, or of all, for slots around these days. What was given
    /// after somebody had decided that both are meant is none.
    pub(super) fn given_under_twins(
        &self,
        of: Option<(&ResidentId, &OrderId)>,
        (first, last): (Date, Date),
        views: &Views,
    ) -> Result<UnderTwins, ViewError> {
        let among = match of {
            Some(_) => "t.resident = ?1 AND t.\"order\" = ?2 AND t.ended >= ?3",
            None => "?1 IS NULL AND ?2 IS NULL AND t.ended >= ?3",
        };
        let beside = |date: Date, days| date_number(date.plus_days(days).unwrap_or(date));
        // What ended before has no slots on these days.
        let (from, to) = (beside(first, -1), beside(last, 1));
        let resident = of.map(|(resident, _)| resident_bytes(resident));
        let order = of.map(|(_, order)| order.0.as_bytes());
        let mut twins: BTreeMap<(ResidentId, OrderId), Vec<(OrderId, i64)>> = BTreeMap::new();
        let mut statement = self.statement(&format!(
            "SELECT t.resident, t.\"order\", t.other, t.until FROM @.twins t WHERE {among}"
        ))?;
        let mut rows = statement.query((resident, order, from))?;
        while let Some(row) = rows.next()? {
            let id = |bytes: [u8; 16]| OrderId(CommandId::from_bytes(bytes));
            let resident = ResidentId(CommandId::from_bytes(row.get(0)?));
            let twin = (id(row.get(1)?), row.get(3)?);
            twins
                .entry((resident, id(row.get(2)?)))
                .or_default()
                .push(twin);
        }
        let mut under = UnderTwins::default();
        if twins.is_empty() {
            return Ok(under);
        }
        let across = views.decided_against_across(of.map(|(resident, _)| resident))?;
        let doses = self.entries(
            &format!(
                "WHERE e.id IN (SELECT s.entry FROM @.twins t
                                JOIN @.dose_slots s ON s.\"order\" = t.other
                                WHERE {among} AND s.date BETWEEN ?3 AND ?4)
                   AND e.state = 0
                   AND NOT EXISTS (SELECT 1 FROM @.decided_against a WHERE a.key = e.key)
                 ORDER BY e.stated_ms, e.key"
            ),
            (resident, order, from, to),
        )?;
        for row in doses {
            let (Some(Fact::Dose(dose)), Some(resident)) = (row.fact(), resident_of(row.subject()))
            else {
                continue;
            };
            if dose.not_given.is_some() || across.contains(&row.key) {
                continue;
            }
            for (order, until) in twins
                .get(&(resident, dose.slot.order))
                .into_iter()
                .flatten()
            {
                if row.stated().at.0 < *until {
                    let given = under.0.entry((resident, *order)).or_default();
                    given.push(row.clone());
                }
            }
        }
        Ok(under)
    }

    /// Whether what a dose is charted for was given under a twin of its order: `open`, its slot; of a
    /// dose as needed, whether anything was so shortly before or after this instant.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn is_given_under_twin(
        &self,
        (resident, dose): (&ResidentId, &Dose),
        open: Option<OpenSlot>,
        at: UnixMillis,
        views: &Views,
    ) -> Result<bool, ViewError> {
        let slot = &dose.slot;
        let of = (resident, &slot.order);
        let under = self.given_under_twins(Some(of), (slot.date, slot.date), views)?;
        let given = under.of(resident, &slot.order);
        let Some(open) = open.filter(|_| !given.is_empty()) else {
            let is_near = |row: &EntryRow| at.since(row.stated().at).abs() <= AS_NEEDED_APART_MS;
            let needed = slot.time.is_none() && dose.not_given.is_none();
            return Ok(needed && given.iter().any(is_near));
        };
        let versions = self.versions_of(resident, &slot.order)?;
        Ok(versions.iter().any(|row| match row.fact() {
            Some(Fact::Order(order)) => {
                let named = row.state() == State::Stands || order.version == slot.version;
                named
                    && order.times.contains(&open.time)
                    && under.given(of, &order.times, open).is_some()
            }
            _ => false,
        }))
    }
}
