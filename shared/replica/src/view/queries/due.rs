//! What is due: running orders against the slots that nobody charted, of today and of what lies
//! around it. A slot does not leave the list because it is midnight, and one whose window has opened
//! is on it although its day has not begun.

use super::Asked;
use super::medicines::counts;
use super::residents::{Day, DueDays};
use crate::view::entry::resident_bytes;
use crate::view::project::{Card, date_number, time_number};
use crate::view::{ViewDb, ViewError, Views};
use domain::Fact;
use domain::chart::OrderId;
use domain::directory::{Date, TimeOfDay};
use domain::entry::ResidentId;
use domain::journal::Slot;
use ids::{CommandId, EntryKey, UnixMillis};
use interface::{DueView, Refusal, ResidentStatus, SlotState, SlotView};
use std::collections::{BTreeMap, BTreeSet};

/// How long a slot with nothing charted stays among what is due. Later it is found under the
/// medicines of its day.
const OVERDUE_SHOWN_MS: i64 = 24 * 3_600_000;

/// Whether a resident is here to be given anything.
#[derive(Clone, Copy)]
pub(super) struct Attendance {
    status: ResidentStatus,
    since: UnixMillis,
}

impl Attendance {
    /// As a card says.
    pub(super) fn of(card: &Card) -> Self {
        Self {
            status: card.status.unwrap_or(ResidentStatus::Present),
            since: card.since.unwrap_or(UnixMillis(i64::MIN)),
        }
    }

    /// Whether the resident is away, or gone, when a slot falls.
    fn is_away(self, at: UnixMillis) -> bool {
        self.status != ResidentStatus::Present && at >= self.since
    }

    /// Whether the resident left for good, or died.
    fn has_left(self) -> bool {
        match self.status {
            ResidentStatus::Present | ResidentStatus::OnLeave => false,
            ResidentStatus::Discharged | ResidentStatus::Deceased => true,
        }
    }
}

impl ViewDb {
    /// Whether a resident was away, or gone, at an instant.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn is_away(&self, resident: &ResidentId, at: UnixMillis) -> Result<bool, ViewError> {
        let card = self.card(resident)?.unwrap_or_default();
        Ok(Attendance::of(&card).is_away(at))
    }

    /// Doses given as needed of an order, in slots of one of these days.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn given_as_needed(
        &self,
        resident: &ResidentId,
        order: &OrderId,
        (first, last): (Date, Date),
    ) -> Result<Vec<UnixMillis>, ViewError> {
        let rows = self.entries(
            "WHERE e.id IN (SELECT entry FROM @.dose_slots
                            WHERE \"order\" = ?1 AND date BETWEEN ?2 AND ?3 AND time = ?4)
               AND e.state = 0 AND e.resident = ?5
               AND NOT EXISTS (SELECT 1 FROM @.decided_against a WHERE a.key = e.key)",
            (
                order.0.as_bytes(),
                date_number(first),
                date_number(last),
                time_number(None),
                resident_bytes(resident),
            ),
        )?;
        let given = rows.iter().filter_map(|row| match row.fact() {
            Some(Fact::Dose(dose)) if dose.not_given.is_none() => Some(row.stated().at),
            _ => None,
        });
        Ok(given.collect())
    }
}

/// A slot that something is charted for: whose, of which order, day and time as the table holds them.
type Charted = (ResidentId, OrderId, i64, i64);

/// What lists need of a running order.
pub(super) struct Running {
    order: OrderId,
    times: Vec<TimeOfDay>,
    starts: (i64, Option<u16>),
    ended: (i64, Option<u16>),
    /// High-alert medicine.
    pub(super) high_alert: bool,
    /// Its name.
    pub(super) medicine: String,
}

impl Running {
    /// Whether it runs on a date, or on a part of it.
    pub(super) fn runs_on(&self, date: Date) -> bool {
        (self.starts.0..=self.ended.0).contains(&date_number(date))
    }

    /// The times of a date at which it is due: `Order::runs_at` on what the table holds.
    fn times_on(&self, date: Date) -> impl Iterator<Item = TimeOfDay> {
        let day = date_number(date);
        let begun = move |time: TimeOfDay| {
            let (first, at) = self.starts;
            first < day || (first == day && at.is_none_or(|at| at <= time.minutes()))
        };
        let ended = move |time: TimeOfDay| {
            let (last, at) = self.ended;
            last < day || (last == day && at.is_some_and(|at| at <= time.minutes()))
        };
        let times = self.times.iter().copied();
        times.filter(move |time| begun(*time) && !ended(*time))
    }
}

impl ViewDb {
    /// Orders that stand and run on one of these days; of one resident, or of all.
    fn running(
        &self,
        resident: Option<&ResidentId>,
        (first, last): (Date, Date),
        mut take: impl FnMut(ResidentId, Running),
    ) -> Result<(), ViewError> {
        let (among, of) = match resident {
            Some(resident) => ("o.resident = ?3 AND", Some(resident_bytes(resident))),
            None => ("?3 IS NULL AND", None),
        };
        let mut statement = self.statement(&format!(
            "SELECT o.resident, o.\"order\", o.times, o.high_alert, o.medicine,
                o.starts, o.ended, o.starts_at, o.ended_at
             FROM @.orders o JOIN @.entries e ON e.id = o.entry
             WHERE {among} o.ended >= ?1 AND o.starts <= ?2 AND e.state = 0
             ORDER BY o.medicine, o.entry",
        ))?;
        let mut rows = statement.query((date_number(first), date_number(last), of))?;
        while let Some(row) = rows.next()? {
            let times: String = row.get(2)?;
            let running = Running {
                order: OrderId(CommandId::from_bytes(row.get(1)?)),
                times: times.split(' ').filter_map(time_of).collect(),
                high_alert: row.get(3)?,
                medicine: row.get(4)?,
                starts: (row.get(5)?, row.get(7)?),
                ended: (row.get(6)?, row.get(8)?),
            };
            take(ResidentId(CommandId::from_bytes(row.get(0)?)), running);
        }
        Ok(())
    }

    /// Whether a dose, given or not given, stands for a slot, whichever version of its order it names,
    /// and was not decided against.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn is_charted(
        &self,
        resident: &ResidentId,
        slot: &Slot,
        views: &Views,
    ) -> Result<bool, ViewError> {
        let across = views.decided_against_across(Some(resident))?;
        let (day, time) = (slot.date, time_number(slot.time));
        let charted = self.charted(Some((resident, &slot.order)), (day, day), &across)?;
        let charted_for = |(_, _, _, at): &(_, _, _, i64)| *at == time;
        Ok(slot.time.is_some() && charted.iter().any(charted_for))
    }

    /// Slots of these days for which a dose stands that was not decided against, here or, as `across`
    /// names them, between the streams: resident, order, date and time. A dose in another resident's
    /// journal is none of this order.
    fn charted(
        &self,
        of: Option<(&ResidentId, &OrderId)>,
        (first, last): (Date, Date),
        across: &BTreeSet<EntryKey>,
    ) -> Result<BTreeSet<Charted>, ViewError> {
        let among = if of.is_some() {
            "s.\"order\" = ?3 AND e.resident = ?4 AND"
        } else {
            "?3 IS NULL AND ?4 IS NULL AND e.resident IS NOT NULL AND"
        };
        let mut statement = self.statement(&format!(
            "SELECT s.\"order\", s.date, s.time, e.key, e.resident
             FROM @.dose_slots s JOIN @.entries e ON e.id = s.entry
             WHERE {among} s.date BETWEEN ?1 AND ?2 AND e.state = 0
               AND NOT EXISTS (SELECT 1 FROM @.decided_against a WHERE a.key = e.key)",
        ))?;
        let mut rows = statement.query((
            date_number(first),
            date_number(last),
            of.map(|(_, order)| order.0.as_bytes()),
            of.map(|(resident, _)| resident_bytes(resident)),
        ))?;
        let mut charted = BTreeSet::new();
        while let Some(row) = rows.next()? {
            let key = row.get_ref(3)?.as_str().unwrap_or_default();
            if across.is_empty() || across.iter().all(|against| against.as_str() != key) {
                let order = OrderId(CommandId::from_bytes(row.get(0)?));
                let resident = ResidentId(CommandId::from_bytes(row.get(4)?));
                charted.insert((resident, order, row.get(1)?, row.get(2)?));
            }
        }
        Ok(charted)
    }
}

impl Asked<'_> {
    /// Slots for which nothing is charted and that are still to come today, due, or missed, in
    /// order of day and time.
    pub(super) fn due_slots(&self, resident: &ResidentId) -> Result<Vec<SlotView>, Refusal> {
        let days = self.due_days()?;
        let here = self.attendance(resident)?;
        let mut due: Vec<SlotView> = Vec::new();
        for day in &days.days {
            for order in self.medicines(resident, Some(day.date))?.orders {
                for slot in order.slots {
                    let known = due.iter().any(|s| {
                        (s.slot.order, s.slot.date, s.slot.time)
                            == (slot.slot.order, slot.slot.date, slot.slot.time)
                    });
                    let listed = slot
                        .slot
                        .time
                        .is_some_and(|time| self.listed(day, days.today, time, here).is_some());
                    if !slot.doses.iter().any(counts) && listed && !known {
                        due.push(slot);
                    }
                }
            }
        }
        due.sort_by_key(|slot| (slot.slot.date, slot.slot.time));
        Ok(due)
    }

    /// Whether a resident is here, as far as can be read.
    pub(super) fn attendance(&self, resident: &ResidentId) -> Result<Attendance, Refusal> {
        let card = match &self.views.directory {
            Some(directory) => directory.card(resident)?,
            None => None,
        };
        Ok(Attendance::of(&card.unwrap_or_default()))
    }

    /// Orders of a resident that run on one of these days; none when charts are not open.
    pub(super) fn running_in(
        &self,
        resident: &ResidentId,
        days: &DueDays,
    ) -> Result<Vec<Running>, Refusal> {
        let mut running = Vec::new();
        if let Some(care) = &self.views.care {
            care.running(Some(resident), days.ends(), |_, order| running.push(order))?;
        }
        Ok(running)
    }

    /// The earliest time with something uncharted that is due, missed, or still to come today.
    pub(super) fn due_of(
        &self,
        resident: &ResidentId,
        running: &[Running],
        days: &DueDays,
        here: &Attendance,
    ) -> Result<Option<DueView>, Refusal> {
        let Some(care) = &self.views.care else {
            return Ok(None);
        };
        let across = self.views.decided_against_across(Some(resident))?;
        let mut open: BTreeMap<(Date, TimeOfDay), (SlotState, BTreeSet<OrderId>)> = BTreeMap::new();
        for order in running.iter().filter(|order| !order.times.is_empty()) {
            let charted = care.charted(Some((resident, &order.order)), days.ends(), &across)?;
            for day in &days.days {
                for time in order.times_on(day.date) {
                    let (day_number, at) = (date_number(day.date), time_number(Some(time)));
                    let slot = (*resident, order.order, day_number, at);
                    let state = self.listed(day, days.today, time, *here);
                    if let (Some(state), false) = (state, charted.contains(&slot)) {
                        let (_, orders) = open
                            .entry((day.date, time))
                            .or_insert_with(|| (state, BTreeSet::new()));
                        orders.insert(order.order);
                    }
                }
            }
        }
        Ok(open
            .into_iter()
            .next()
            .map(|((date, time), (state, orders))| DueView::Medicines {
                date,
                time,
                count: u32::try_from(orders.len()).unwrap_or(u32::MAX),
                late: state == SlotState::Late,
            }))
    }

    /// How many slots are past their window with nothing charted, by resident.
    pub(super) fn late_doses(&self) -> Result<BTreeMap<ResidentId, u32>, Refusal> {
        let Some(care) = &self.views.care else {
            return Ok(BTreeMap::new());
        };
        let days = self.due_days()?;
        let across = self.views.decided_against_across(None)?;
        let charted = care.charted(None, days.ends(), &across)?;
        let mut late: BTreeMap<ResidentId, u32> = BTreeMap::new();
        let mut states: BTreeMap<(Date, TimeOfDay), Option<SlotState>> = BTreeMap::new();
        // Who is here is asked of those in the list alone, once this is known.
        let here = Attendance::of(&Card::default());
        care.running(None, days.ends(), |resident, order| {
            for day in &days.days {
                for time in order.times_on(day.date) {
                    let state = states
                        .entry((day.date, time))
                        .or_insert_with(|| self.listed(day, days.today, time, here));
                    let (day_number, at) = (date_number(day.date), time_number(Some(time)));
                    let slot = (resident, order.order, day_number, at);
                    if *state == Some(SlotState::Late) && !charted.contains(&slot) {
                        *late.entry(resident).or_default() += 1;
                    }
                }
            }
        })?;
        Ok(late)
    }

    /// The state of a slot with nothing charted that stands among what is due; `None` for one that
    /// does not.
    fn listed(
        &self,
        day: &Day,
        today: Date,
        time: TimeOfDay,
        here: Attendance,
    ) -> Option<SlotState> {
        let state = uncharted(day, time, self.now, here);
        let listed = match state {
            SlotState::Due => true,
            SlotState::Upcoming => day.date == today,
            SlotState::Late => day
                .at(time)
                .is_some_and(|at| day.date == today || self.now.since(at) <= OVERDUE_SHOWN_MS),
            SlotState::Away | SlotState::Given | SlotState::NotGiven | SlotState::Contradicted => {
                false
            }
        };
        (listed && !here.has_left()).then_some(state)
    }
}

/// State of a slot with nothing charted.
pub(super) fn uncharted(
    day: &Day,
    time: TimeOfDay,
    now: UnixMillis,
    here: Attendance,
) -> SlotState {
    let at = day.at(time);
    if at.is_some_and(|at| here.is_away(at)) {
        return SlotState::Away;
    }
    match at.map(|at| now.since(at)) {
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
