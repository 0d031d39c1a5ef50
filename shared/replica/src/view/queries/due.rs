//! What is due: running orders against the slots of the day that nobody charted.

use super::Asked;
use super::residents::Day;
use crate::view::entry::resident_bytes;
use crate::view::project::{date_number, time_number};
use crate::view::{ViewDb, ViewError};
use domain::chart::OrderId;
use domain::directory::{Date, TimeOfDay};
use domain::entry::ResidentId;
use ids::{CommandId, UnixMillis};
use interface::{DueView, Refusal, SlotState, SlotView};
use std::collections::{BTreeMap, BTreeSet};

/// What lists need of a running order.
pub(super) struct Running {
    order: OrderId,
    times: Vec<TimeOfDay>,
    /// High-alert medicine.
    pub(super) high_alert: bool,
    /// Its name.
    pub(super) medicine: String,
}

impl ViewDb {
    /// Orders that stand and run on a date; of one resident, or of all.
    fn running(
        &self,
        resident: Option<&ResidentId>,
        date: Date,
        mut take: impl FnMut(ResidentId, Running),
    ) -> Result<(), ViewError> {
        let (among, of) = match resident {
            Some(resident) => ("o.resident = ?2 AND", Some(resident_bytes(resident))),
            None => ("?2 IS NULL AND", None),
        };
        let mut statement = self.statement(&format!(
            "SELECT o.resident, o.\"order\", o.times, o.high_alert, o.medicine
             FROM @.orders o JOIN @.entries e ON e.id = o.entry
             WHERE {among} o.ended >= ?1 AND o.starts <= ?1 AND e.state = 0
             ORDER BY o.medicine, o.entry",
        ))?;
        let mut rows = statement.query((date_number(date), of))?;
        while let Some(row) = rows.next()? {
            let times: String = row.get(2)?;
            let running = Running {
                order: OrderId(CommandId::from_bytes(row.get(1)?)),
                times: times.split(' ').filter_map(time_of).collect(),
                high_alert: row.get(3)?,
                medicine: row.get(4)?,
            };
            take(ResidentId(CommandId::from_bytes(row.get(0)?)), running);
        }
        Ok(())
    }

    /// Slots of a date for which a dose stands.
    fn charted(
        &self,
        order: Option<&OrderId>,
        date: Date,
    ) -> Result<BTreeSet<(OrderId, i64)>, ViewError> {
        let among = if order.is_some() {
            "s.\"order\" = ?2 AND"
        } else {
            "?2 IS NULL AND"
        };
        let mut statement = self.statement(&format!(
            "SELECT s.\"order\", s.time FROM @.dose_slots s JOIN @.entries e ON e.id = s.entry
             WHERE {among} s.date = ?1 AND e.state = 0",
        ))?;
        let rows = statement.query_map(
            (date_number(date), order.map(|order| order.0.as_bytes())),
            |row| Ok((OrderId(CommandId::from_bytes(row.get(0)?)), row.get(1)?)),
        )?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Asked<'_> {
    /// Slots of today for which nothing is charted, in order of time.
    pub(super) fn due_slots(&self, resident: &ResidentId) -> Result<Vec<SlotView>, Refusal> {
        let mut due: Vec<SlotView> = Vec::new();
        for order in self.medicines(resident, None)?.orders {
            for slot in order.slots {
                let known = due
                    .iter()
                    .any(|s| s.slot.order == slot.slot.order && s.slot.time == slot.slot.time);
                if slot.doses.is_empty() && !known {
                    due.push(slot);
                }
            }
        }
        due.sort_by_key(|slot| slot.slot.time);
        Ok(due)
    }

    /// Orders of a resident that run on a date; none when charts are not open.
    pub(super) fn running_on(
        &self,
        resident: &ResidentId,
        date: Date,
    ) -> Result<Vec<Running>, Refusal> {
        let mut running = Vec::new();
        if let Some(care) = &self.views.care {
            care.running(Some(resident), date, |_, order| running.push(order))?;
        }
        Ok(running)
    }

    /// The earliest time of the day with something uncharted.
    pub(super) fn due_of(
        &self,
        running: &[Running],
        day: &Day,
    ) -> Result<Option<DueView>, Refusal> {
        let Some(care) = &self.views.care else {
            return Ok(None);
        };
        let mut open: BTreeMap<TimeOfDay, BTreeSet<OrderId>> = BTreeMap::new();
        for order in running.iter().filter(|order| !order.times.is_empty()) {
            let charted = care.charted(Some(&order.order), day.date)?;
            for time in &order.times {
                if !charted.contains(&(order.order, time_number(Some(*time)))) {
                    open.entry(*time).or_default().insert(order.order);
                }
            }
        }
        Ok(open
            .into_iter()
            .next()
            .map(|(time, orders)| DueView::Medicines {
                time,
                count: u32::try_from(orders.len()).unwrap_or(u32::MAX),
                late: uncharted(day, time, self.now) == SlotState::Late,
            }))
    }

    /// How many slots of today are past their window with nothing charted, by resident.
    pub(super) fn late_doses(&self) -> Result<BTreeMap<ResidentId, u32>, Refusal> {
        let Some(care) = &self.views.care else {
            return Ok(BTreeMap::new());
        };
        let day = self.day(self.today()?)?;
        let charted = care.charted(None, day.date)?;
        let mut late: BTreeMap<ResidentId, u32> = BTreeMap::new();
        let mut states: BTreeMap<TimeOfDay, SlotState> = BTreeMap::new();
        care.running(None, day.date, |resident, order| {
            for time in order.times {
                let state = states
                    .entry(time)
                    .or_insert_with(|| uncharted(&day, time, self.now));
                let open = !charted.contains(&(order.order, time_number(Some(time))));
                if open && *state == SlotState::Late {
                    *late.entry(resident).or_default() += 1;
                }
            }
        })?;
        Ok(late)
    }
}

/// State of a slot with nothing charted.
pub(super) fn uncharted(day: &Day, time: TimeOfDay, now: UnixMillis) -> SlotState {
    match day.at(time).map(|at| now.since(at)) {
        Some(past) if past > day.window_ms => SlotState::Late,
        Some(past) if past >= -day.window_ms => SlotState::Due,
        Some(_) | None => SlotState::Upcoming,
    }
}

fn time_of(minutes: &str) -> Option<TimeOfDay> {
    let minutes: u16 = minutes.parse().ok()?;
    TimeOfDay::new(
        u8::try_from(minutes / 60).ok()?,
        u8::try_from(minutes % 60).ok()?,
    )
}
