//! Sets of observations: scored on the scale decided for the resident, and asked back where a value is
//! unusual. A rule of the engine, so that no screen can forget to ask.

use crate::engine::Engine;
use crate::engine::plan::{Plan, Saying};
use domain::Stream;
use domain::entry::{Fact, ResidentId, Subject};
use domain::journal::{Measure, Observations, Reading};
use domain::plausibility::{Plausibility, check, is_far};
use domain::quantity::Quantity;
use ids::StatedInstant;
use interface::Refusal;

/// What was taken, and which of it was looked at again.
pub(super) struct Taken {
    pub(super) observations: Observations,
    pub(super) stated: StatedInstant,
    pub(super) confirmed: Vec<Measure>,
}

impl Engine {
    pub(super) fn plan_observations(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        taken: Taken,
        sign: bool,
    ) -> Result<(), Refusal> {
        let unusual = self.unusual(resident, &taken)?;
        let fact = Fact::Observations(Observations {
            scale: self.scale_at(plan, resident, taken.stated)?,
            ..taken.observations
        });
        // What can never be saved is told before it is asked back.
        let subject = Subject::Resident(resident);
        self.plan_signed(plan, Saying::new(subject, taken.stated, fact), None, sign)?;
        match unusual.is_empty() {
            true => Ok(()),
            false => Err(Refusal::Unusual { measures: unusual }),
        }
    }

    /// Measures whose values are outside the usual, or far from the last one, and not confirmed.
    fn unusual(&self, resident: ResidentId, taken: &Taken) -> Result<Vec<Measure>, Refusal> {
        let mut unusual = Vec::new();
        let readings = taken.observations.readings.iter();
        for (measure, reading) in readings.filter(|(it, _)| !taken.confirmed.contains(it)) {
            let Reading::Value(entered) = reading else {
                continue;
            };
            let is_unusual = matches!(check(*measure, *entered), Plausibility::Unusual { .. });
            if is_unusual || self.is_far(resident, *measure, *entered, taken.stated)? {
                unusual.push(*measure);
            }
        }
        Ok(unusual)
    }

    fn is_far(
        &self,
        resident: ResidentId,
        measure: Measure,
        entered: Quantity,
        stated: StatedInstant,
    ) -> Result<bool, Refusal> {
        // Other measures have no last value to be compared with.
        let Some(care) = self
            .views
            .of(Stream::Care)
            .filter(|_| measure == Measure::Weight)
        else {
            return Ok(false);
        };
        let last = care.last_value(&resident, measure, stated.at)?;
        Ok(last.is_some_and(|last| is_far(measure, last, entered)))
    }
}
