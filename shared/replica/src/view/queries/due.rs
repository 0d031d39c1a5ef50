//! What is due: running orders against the slots that nobody charted, of today and of what lies
//! around it. A slot does not leave the list because it is midnight, and one whose window has opened
//! is on it although its day has not begun.

use super::Asked;
use super::medicines::counts;
use super::residents::{Day, DueDays};
use super::twins::OpenSlot;
use crate::view::entry::resident_bytes;
use crate::view::project::{date_number, status_numbered, time_number};
use crate::view::{ViewDb, ViewError, Views};
use domain::Fact;
use domain::chart::OrderId;
use domain::contradictions::Given;
use domain::directory::{Date, TimeOfDay};
use domain::entry::ResidentId;
use domain::journal::Slot;
use ids::{CommandId, EntryKey, UnixMillis};
use interface::{DueView, Refusal, ResidentStatus, SlotState, SlotView};
use std::collections::{BTreeMap, BTreeSet};

/// How long a slot with nothing charted stays among what is due. Later it is found under the
/// medicines of its day.
pub(super) const OVERDUE_SHOWN_MS: i64 = 24 * 3_600_000;

/// The least stated instant among the accepted versions of the order of a row `o`.
const FIRST_STATED: &str = "(SELECT min(f.stated_ms)
    FROM @.orders v JOIN @.entries f ON f.id = v.entry
    WHERE v.\"order\" = o.\"order\" AND v.resident = o.resident AND f.state < 3)";

/// When a resident was here to be given anything, ascending; always, if no move says otherwise.
#[derive(Clone, Default)]
pub(super) struct Attendance(Vec<(UnixMillis, ResidentStatus)>);

impl Attendance {
    fn at(&self, at: UnixMillis) -> Option<ResidentStatus> {
        let before = self.0.iter().take_while(|(since, _)| *since <= at);
        before.last().map(|(_, status)| *status)
    }

    /// Whether the resident is away, or gone, or not here yet, when a slot falls.
    fn is_away(&self, at: UnixMillis) -> bool {
        self.at(at)
            .is_some_and(|status| status != ResidentStatus::Present)
    }

    /// Whether the resident left for good, or died, by then.
    fn has_left(&self, now: UnixMillis) -> bool {
        match self.at(now) {
            Some(ResidentStatus::Discharged | ResidentStatus::Deceased) => true,
            Some(ResidentStatus::Present | ResidentStatus::OnLeave) | None => false,
        }
    }
}

impl ViewDb {
    /// When a resident was here.
    pub(super) fn attendance(&self, resident: &ResidentId) -> Result<Attendance, ViewError> {
        let mut statement =
            self.statement("SELECT since, status FROM @.stays WHERE resident = ?1 ORDER BY since")?;
        let stays = statement.query_map([resident_bytes(resident)], |row| {
            Ok((UnixMillis(row.get(0)?), status_numbered(row.get(1)?)))
        })?;
        Ok(Attendance(stays.collect::<Result<_, _>>()?))
    }

    /// When everybody was here.
    fn attendances(&self) -> Result<BTreeMap<ResidentId, Attendance>, ViewError> {
        let mut statement =
            self.statement("SELECT resident, since, status FROM @.stays ORDER BY resident, since")?;
        let mut rows = statement.query([])?;
        let mut all: BTreeMap<ResidentId, Attendance> = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let resident = ResidentId(CommandId::from_bytes(row.get(0)?));
            let stay = (UnixMillis(row.get(1)?), status_numbered(row.get(2)?));
            all.entry(resident).or_default().0.push(stay);
        }
        Ok(all)
    }

    /// Whether a resident was away, or gone, at an instant. Of what lies before a first admission
    /// nothing is said: a chart may be older than the stay.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn is_away(&self, resident: &ResidentId, at: UnixMillis) -> Result<bool, ViewError> {
        let mut here = self.attendance(resident)?;
        here.0.retain(|(since, _)| since.0 != i64::MIN);
        Ok(here.is_away(at))
    }

    /// When an order was first recorded, as stated.
    pub(super) fn ordered_at(
        &self,
        resident: &ResidentId,
        order: &OrderId,
    ) -> Result<UnixMillis, ViewError> {
        let first: Option<i64> = self
            .statement(
                "SELECT min(e.stated_ms) FROM @.orders o JOIN @.entries e ON e.id = o.entry
                 WHERE o.\"order\" = ?1 AND o.resident = ?2 AND e.state < 3",
            )?
            .query_row((order.0.as_bytes(), resident_bytes(resident)), |row| {
                row.get(0)
            })?;
        Ok(UnixMillis(first.unwrap_or(i64::MIN)))
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
    ) -> Result<Vec<Given>, ViewError> {
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
            Some(Fact::Dose(dose)) if dose.not_given.is_none() => Some(Given {
                at: row.stated().at,
                version: dose.slot.version,
            }),
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
    ordered: UnixMillis,
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
                o.starts, o.ended, o.starts_at, o.ended_at,
                CASE WHEN o.version = 1 THEN e.stated_ms ELSE {FIRST_STATED} END
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
                ordered: UnixMillis(row.get(9)?),
            };
            take(ResidentId(CommandId::from_bytes(row.get(0)?)), running);
        }
        Ok(())
    }

    /// Whether a dose, given or not given, stands for a slot with a time, whichever version of its order
    /// it names, and was not decided against.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn is_charted(
        &self,
        resident: &ResidentId,
        slot: &Slot,
        views: &Views,
    ) -> Result<bool, ViewError> {
        if slot.time.is_none() {
            return Ok(false);
        }
        let across = views.decided_against_across(Some(resident))?;
        let (day, time) = (slot.date, time_number(slot.time));
        let charted = self.charted(Some((resident, &slot.order)), (day, day), &across)?;
        let charted_for = |(_, _, _, at): &(_, _, _, i64)| *at == time;
        Ok(charted.iter().any(charted_for))
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
                        .and_then(|time| day.at(time))
                        .is_some_and(|at| {
                            self.is_listed(slot.state, (day, at), days.today)
                                && !here.has_left(self.now)
                        });
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
        Ok(match &self.views.directory {
            Some(directory) => directory.attendance(resident)?,
            None => Attendance::default(),
        })
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
    ) -> Result<Option<DueView>, Refusal> {
        let Some(care) = &self.views.care else {
            return Ok(None);
        };
        let across = self.views.decided_against_across(Some(resident))?;
        let here = self.attendance(resident)?;
        let mut open: BTreeMap<(Date, TimeOfDay), (SlotState, BTreeSet<OrderId>)> = BTreeMap::new();
        for order in running.iter().filter(|order| !order.times.is_empty()) {
            let of = Some((resident, &order.order));
            let charted = care.charted(of, days.ends(), &across)?;
            let under = care.given_under_twins(of, days.ends(), self.views)?;
            for day in &days.days {
                for time in order.times_on(day.date) {
                    let (day_number, at) = (date_number(day.date), time_number(Some(time)));
                    let slot = (*resident, order.order, day_number, at);
                    let state = day
                        .at(time)
                        .and_then(|at| self.listed((day, at), days.today, &here, order.ordered));
                    let of = (resident, &order.order);
                    let given = || {
                        under
                            .given(of, &order.times, OpenSlot::of(day, time))
                            .is_some()
                    };
                    if let Some(state) = state
                        && !charted.contains(&slot)
                        && !given()
                    {
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
        let under = care.given_under_twins(None, days.ends(), self.views)?;
        let here = match &self.views.directory {
            Some(directory) => directory.attendances()?,
            None => BTreeMap::new(),
        };
        let always = Attendance::default();
        let mut late: BTreeMap<ResidentId, u32> = BTreeMap::new();
        let mut instants: BTreeMap<(Date, TimeOfDay), Option<UnixMillis>> = BTreeMap::new();
        care.running(None, days.ends(), |resident, order| {
            let here = here.get(&resident).unwrap_or(&always);
            for day in &days.days {
                for time in order.times_on(day.date) {
                    let at = instants
                        .entry((day.date, time))
                        .or_insert_with(|| day.at(time));
                    let state =
                        at.and_then(|at| self.listed((day, at), days.today, here, order.ordered));
                    let (day_number, at) = (date_number(day.date), time_number(Some(time)));
                    let slot = (resident, order.order, day_number, at);
                    let of = (&resident, &order.order);
                    let given = || {
                        under
                            .given(of, &order.times, OpenSlot::of(day, time))
                            .is_some()
                    };
                    if state == Some(SlotState::Late) && !charted.contains(&slot) && !given() {
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
        (day, at): (&Day, UnixMillis),
        today: Date,
        here: &Attendance,
        ordered: UnixMillis,
    ) -> Option<SlotState> {
        let state = uncharted(at, day.window_ms, self.now, here, ordered);
        let listed = self.is_listed(state, (day, at), today) && !here.has_left(self.now);
        listed.then_some(state)
    }

    /// Whether a slot in this state, of this day, stands among what is due.
    fn is_listed(&self, state: SlotState, (day, at): (&Day, UnixMillis), today: Date) -> bool {
        match state {
            SlotState::Due => true,
            SlotState::Upcoming => day.date == today,
            SlotState::Late => day.date == today || self.now.since(at) <= OVERDUE_SHOWN_MS,
            // Somebody may still say that it is to be given, as long as another could be.
            SlotState::GivenUnderOther => {
                let past = self.now.since(at);
                day.date == today || (-day.window_ms..=OVERDUE_SHOWN_MS).contains(&past)
            }
            SlotState::Away
            | SlotState::BeforeOrder
            | SlotState::Given
            | SlotState::NotGiven
            | SlotState::Contradicted => false,
        }
    }
}

/// State of a slot with nothing charted. What fell before it was ordered, or while the resident was not
/// here, is nobody's fault; it can still be given as long as its window is open.
pub(super) fn uncharted(
    at: UnixMillis,
    window_ms: i64,
    now: UnixMillis,
    here: &Attendance,
    ordered: UnixMillis,
) -> SlotState {
    let past = now.since(at);
    let open = at_window(past, window_ms);
    if here.is_away(at) && (!open || here.is_away(now)) {
        SlotState::Away
    } else if open {
        SlotState::Due
    } else if past < 0 {
        SlotState::Upcoming
    } else if at < ordered {
        SlotState::BeforeOrder
    } else {
        SlotState::Late
    }
}

/// Whether so long after its time a slot's window is open.
pub(super) fn at_window(past_ms: i64, window_ms: i64) -> bool {
    (-window_ms..=window_ms).contains(&past_ms)
}

pub(super) fn time_of(minutes: &str) -> Option<TimeOfDay> {
    at_minute(minutes.parse().ok()?)
}

/// The time so many minutes after midnight.
pub(super) fn at_minute(minutes: u16) -> Option<TimeOfDay> {
    TimeOfDay::new(
        u8::try_from(minutes / 60).ok()?,
        u8::try_from(minutes % 60).ok()?,
    )
}
