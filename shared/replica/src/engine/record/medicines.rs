//! Orders and doses.

use crate::engine::Engine;
use crate::engine::plan::{Plan, Saying};
use crate::view::{EntryRow, State};
use domain::chart::{Order, OrderId};
use domain::directory::Date;
use domain::entry::{Fact, ResidentId};
use domain::journal::{Dose, Slot};
use domain::slots::{self, Counts, Version};
use ids::{EntryKey, StatedInstant};
use interface::{NewOrder, Refusal};

impl Engine {
    pub(super) fn plan_order(
        &mut self,
        plan: &mut Plan,
        resident: ResidentId,
        new: NewOrder,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let order = match new.id {
            Some(id) => id,
            None => OrderId(self.draw_command_id()?),
        };
        let order = Order {
            order,
            version: 1,
            medicine: new.medicine,
            dose: new.dose,
            route: new.route,
            times: new.times,
            as_needed: new.as_needed,
            starts: new.starts.into(),
            ended: None,
            prescriber: new.prescriber,
            high_alert: new.high_alert,
        };
        plan.orders.push((resident, order.clone()));
        self.plan_about(plan, resident, now, Fact::Order(order))
    }

    /// The version of an order that ends it.
    pub(super) fn plan_end(
        &self,
        plan: &mut Plan,
        key: EntryKey,
        last: Date,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let target = self.target(&key)?;
        let Some(Fact::Order(order)) = target.fact().filter(|_| target.state() == State::Stands)
        else {
            return Err(Refusal::Changed);
        };
        let fact = Fact::Order(Order {
            version: order.version.saturating_add(1),
            ended: Some(last),
            ..order.clone()
        });
        let mut saying = Saying::new(target.subject(), now, fact);
        saying.supersedes = vec![key];
        self.plan_entry_about(plan, target.origin.what, saying)
            .map(drop)
    }

    /// A dose belongs to a slot its order has.
    pub(super) fn plan_dose(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        dose: Dose,
        stated: StatedInstant,
    ) -> Result<(), Refusal> {
        self.check_slot(plan, resident, &dose.slot)?;
        self.plan_about(plan, resident, stated, Fact::Dose(dose))
    }

    fn check_slot(&self, plan: &Plan, resident: ResidentId, slot: &Slot) -> Result<(), Refusal> {
        let kept = match &self.views.care {
            Some(care) => care.versions_of(&resident, &slot.order)?,
            None => Vec::new(),
        };
        let kept = kept.iter().filter_map(version);
        let planned = plan
            .orders
            .iter()
            .filter(|(of, order)| *of == resident && order.order == slot.order)
            .map(|(_, order)| Version {
                order,
                counts: Counts::Stands,
            });
        let versions: Vec<Version<'_>> = kept.chain(planned).collect();
        slots::check(slot, &versions).map_err(Refusal::NoSlot)
    }
}

fn version(row: &EntryRow) -> Option<Version<'_>> {
    match row.fact() {
        Some(Fact::Order(order)) => Some(Version {
            order,
            counts: match row.state() {
                State::Stands => Counts::Stands,
                State::Replaced => Counts::Stood,
                State::Struck | State::Withheld | State::Copy => Counts::Struck,
            },
        }),
        _ => None,
    }
}
