//! What workers write: notes, and sets of observations as the demo's nurses take them.

use crate::Problem;
use crate::task::Write;
use demo::Dice;
use domain::entry::ResidentId;
use domain::journal::{Consciousness, Measure, Observations, Reading, SaturationScale};
use domain::quantity::{Decimal, Quantity, Unit};
use ids::{StatedInstant, UnixMillis};
use interface::Command;

const MINUTE: i64 = 60_000;
/// From one set of observations to the next: five hundred of them are less than any month.
const APART: i64 = 80 * MINUTE;
const NOTE: &str = "Slept well, ate half of her breakfast, walked to the window with one helper.";

/// The commands of a task, in order.
pub(crate) struct Commands {
    write: Write,
    /// Of the month before this one.
    month: UnixMillis,
    dice: Dice,
    next: u32,
}

impl Commands {
    /// Of what is to be written.
    pub(crate) fn new(write: &Write) -> Result<Self, Problem> {
        Ok(Self {
            write: write.clone(),
            month: last_month().ok_or("the calendar has no last month")?,
            dice: Dice::new(1, 1),
            next: 0,
        })
    }

    fn set(&mut self, resident: ResidentId, nth: u32) -> (StatedInstant, Command) {
        let at = at(self.month.plus(i64::from(nth) * APART));
        (at, observations(resident, at, &mut self.dice))
    }
}

impl Iterator for Commands {
    type Item = Command;

    fn next(&mut self) -> Option<Command> {
        let nth = self.next;
        self.next += 1;
        match self.write.clone() {
            Write::Nothing => None,
            Write::Notes {
                resident, count, ..
            } => (nth < count).then(|| Command::WriteNote {
                resident,
                text: format!("{NOTE} {nth}"),
                replaces: None,
                at: None,
                sign: false,
            }),
            Write::Observations {
                residents,
                each,
                bulk: true,
            } => {
                let resident = *residents.get(usize::try_from(nth).ok()?)?;
                let commands = (0..each).map(|nth| self.set(resident, nth)).collect();
                Some(Command::Bulk { commands })
            }
            Write::Observations {
                residents,
                each,
                bulk: false,
            } => {
                let resident = *residents.get(usize::try_from(nth / each.max(1)).ok()?)?;
                Some(self.set(resident, nth % each).1)
            }
        }
    }
}

/// A set of observations with plausible values.
pub(crate) fn observations(resident: ResidentId, at: StatedInstant, dice: &mut Dice) -> Command {
    let mut measured = |measure, low, high, scale, unit| {
        let value = Decimal::new(dice.between(low, high), scale).unwrap_or(Decimal::whole(low));
        (measure, Reading::Value(Quantity { value, unit }))
    };
    let readings = vec![
        measured(Measure::RespiratoryRate, 13, 18, 0, Unit::PerMinute),
        measured(Measure::OxygenSaturation, 94, 99, 0, Unit::Percent),
        measured(Measure::Systolic, 115, 150, 0, Unit::MillimetreOfMercury),
        measured(Measure::Diastolic, 62, 88, 0, Unit::MillimetreOfMercury),
        measured(Measure::Pulse, 58, 86, 0, Unit::PerMinute),
        measured(Measure::Temperature, 362, 374, 1, Unit::Celsius),
    ];
    Command::RecordObservations {
        resident,
        observations: Observations {
            readings,
            unread: Vec::new(),
            oxygen_unstated: None,
            consciousness_unstated: None,
            on_oxygen: Some(false),
            consciousness: Some(Consciousness::Alert),
            scale: SaturationScale::One,
            comment: None,
        },
        at: Some(at),
        sign: false,
        confirmed: Vec::new(),
    }
}

/// An instant, stated in UTC.
pub(crate) fn at(at: UnixMillis) -> StatedInstant {
    StatedInstant {
        at,
        offset_minutes: 0,
    }
}

/// The first instant of the UTC month before this one.
fn last_month() -> Option<UnixMillis> {
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let first = today
        .first_of_month()
        .checked_sub(jiff::Span::new().months(1));
    let midnight = first.ok()?.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(UnixMillis(midnight.timestamp().as_millisecond()))
}
