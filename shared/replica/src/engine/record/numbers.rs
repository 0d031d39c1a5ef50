//! Record numbers: drawing one, and giving another to whom a decision took one from.

use crate::engine::plan::{Plan, Saying};
use crate::engine::{Engine, bug};
use crate::view::EntryRow;
use domain::chart::Identity;
use domain::entry::{Fact, Subject};
use domain::meta::Decision;
use domain::{Stream, record_number};
use ids::{EntryKey, StatedInstant};
use interface::Refusal;
use std::collections::BTreeMap;

/// Numbers are dealt into so many lanes, each device drawing from its own: two tablets apart do not
/// draw the same one. The roster counts devices for ever, so a lane has one device until there have
/// been more than these.
const LANES: u32 = 1_000;
/// Draws before the lane is searched from its beginning.
const DRAWS: usize = 16;

impl Engine {
    /// A number nobody has as far as is known here, behind the home's prefix: at random from this
    /// device's lane, else any. That two got one all the same is a contradiction with a name.
    pub(super) fn new_record_number(&mut self, plan: &Plan) -> Result<String, Refusal> {
        let prefix = self
            .settings()
            .map_or_else(|| "R".to_owned(), |settings| settings.record_prefix);
        let lane = self.lane()?;
        let in_lane = record_number::LARGEST.saturating_add(1) / LANES;
        for _ in 0..DRAWS {
            let row = u32::from_be_bytes(self.draw::<4>()?) % in_lane;
            if let Some(free) = self.free(plan, &prefix, row * LANES + lane)? {
                return Ok(free);
            }
        }
        let rest = (0..in_lane).map(|row| row * LANES + lane);
        for number in rest.chain(0..=record_number::LARGEST) {
            if let Some(free) = self.free(plan, &prefix, number)? {
                return Ok(free);
            }
        }
        Err(bug("record numbers"))
    }

    /// How many devices were enrolled before this one.
    fn lane(&self) -> Result<u32, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let own = self.roster.device(&membership.facts.device);
        let added = own.map(|device| device.added).ok_or(Refusal::NotEnrolled)?;
        let before = self
            .roster
            .devices()
            .filter(|device| device.added < added)
            .count();
        let lane = u32::try_from(before).map_err(|_| bug("devices"))?;
        Ok(lane % LANES)
    }

    fn free(&self, plan: &Plan, prefix: &str, number: u32) -> Result<Option<String>, Refusal> {
        let text = record_number::make(prefix, number).ok_or_else(|| bug("record number"))?;
        let taken = match self.views.of(Stream::Care) {
            Some(care) => care.record_number_taken(&text)?,
            None => false,
        };
        Ok((!taken && !plan.numbers.contains(&text)).then_some(text))
    }

    /// Of residents with one number, who does not keep it gets another in the same command.
    pub(super) fn plan_other_numbers(
        &mut self,
        plan: &mut Plan,
        sides: &[EntryKey],
        decision: &Decision,
        reason: &str,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let Decision::Only(keeps) = decision else {
            return Ok(());
        };
        let keeps = self.target(keeps)?.subject();
        let mut numbers: BTreeMap<Subject, String> = BTreeMap::new();
        for key in sides {
            let target = self.target(key)?;
            let subject = target.subject();
            if subject == keeps {
                continue;
            }
            let number = match numbers.get(&subject) {
                Some(number) => number.clone(),
                None => self.new_record_number(plan)?,
            };
            plan.numbers.insert(number.clone());
            numbers.insert(subject, number.clone());
            // An identity replaces only one of its own number: the other was given in error.
            self.plan_struck(plan, &target, reason.to_owned(), now)?;
            let fact = Fact::Identity(Identity {
                record_number: number,
                ..identity(&target)?
            });
            self.plan_entry(plan, Saying::new(subject, now, fact))?;
        }
        Ok(())
    }
}

fn identity(target: &EntryRow) -> Result<Identity, Refusal> {
    match target.fact() {
        Some(Fact::Identity(says)) => Ok(says.clone()),
        _ => Err(Refusal::Changed),
    }
}
