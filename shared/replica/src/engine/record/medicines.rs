//! Orders and doses.

use crate::engine::Engine;
use crate::engine::plan::{Plan, Saying};
use crate::view::{EntryRow, OpenSlot, State};
use domain::Stream;
use domain::chart::{Order, OrderId};
use domain::clock::{self, Local};
use domain::contradictions::{Given, Together, is_out_of_time, with_those_given};
use domain::directory::{Date, TimeOfDay};
use domain::entry::{Fact, ResidentId, Subject};
use domain::journal::{Dose, Slot};
use domain::meta::Decision;
use domain::slots::{self, Counts, Version};
use ids::{EntryKey, StatedInstant, UnixMillis, limits};
use interface::{ContradictionKind, DoseConcern, NewOrder, Refusal, Rule};
use std::collections::{BTreeMap, BTreeSet};

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
            apart_minutes: new.apart_minutes,
            most_in_a_day: new.most_in_a_day,
            hold: new.hold,
            ended_at: None,
            starts_at: new.starts_at,
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
        (last, at): (Date, Option<TimeOfDay>),
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
            ended_at: at,
            ..order.clone()
        });
        let mut saying = Saying::new(target.subject(), now, fact);
        saying.supersedes = vec![key];
        self.plan_entry_about(plan, target.origin.what, saying)
            .map(drop)
    }

    /// The version that was decided for, entered anew in the place of all that stood: what was decided
    /// against is not given any longer.
    pub(super) fn plan_decided_order(
        &self,
        plan: &mut Plan,
        sides: &[EntryKey],
        decision: &Decision,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let Decision::Only(right) = decision else {
            return Ok(());
        };
        let target = self.target(right)?;
        let Some(Fact::Order(order)) = target.fact() else {
            return Err(Refusal::Changed);
        };
        let mut newest = order.version;
        for key in sides {
            if let Some(Fact::Order(other)) = self.target(key)?.fact() {
                newest = newest.max(other.version);
            }
        }
        let fact = Fact::Order(Order {
            version: newest.saturating_add(1),
            ..order.clone()
        });
        let mut saying = Saying::new(target.subject(), now, fact);
        saying.supersedes = sides.iter().take(limits::SUPERSEDES).cloned().collect();
        self.plan_entry_about(plan, target.origin.what, saying)
            .map(drop)
    }

    /// Of one medicine that is ordered twice, the orders that were decided against end now, whatever
    /// versions of them stand: those are no side of what was decided.
    pub(super) fn plan_ordered_once(
        &self,
        plan: &mut Plan,
        sides: &[EntryKey],
        decision: &Decision,
        reason: &str,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let Decision::Only(right) = decision else {
            return Ok(());
        };
        let right = order_of(&self.target(right)?)?.order;
        let mut against = BTreeMap::new();
        for key in sides {
            let target = self.target(key)?;
            let order = order_of(&target)?.order;
            if order != right {
                against.insert(order, target.subject());
            }
        }
        let care = self.views.of(Stream::Care).ok_or(Refusal::Changed)?;
        for (order, subject) in against {
            let Subject::Resident(resident) = subject else {
                return Err(Refusal::Changed);
            };
            let mut versions = care.versions_of(&resident, &order)?;
            versions.retain(|row| row.state() == State::Stands);
            self.plan_ended(plan, versions, reason, now)?;
        }
        Ok(())
    }

    /// One version that ends an order in the place of all that stand of it; what has not begun is struck.
    fn plan_ended(
        &self,
        plan: &mut Plan,
        versions: Vec<EntryRow>,
        reason: &str,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let Local { date, time, .. } = clock::local(now);
        let mut ended: Vec<(&EntryRow, &Order)> = Vec::new();
        for row in &versions {
            let order = order_of(row)?;
            if (order.starts.first_day(), order.begins_at()) > (date, Some(time)) {
                self.plan_struck(plan, row, reason.to_owned(), now)?;
            } else {
                ended.push((row, order));
            }
        }
        let newest = ended
            .iter()
            .max_by_key(|(row, order)| (order.version, &row.key));
        let Some((row, newest)) = newest else {
            return Ok(());
        };
        if !ended.iter().any(|(_, order)| order.runs_at(date, time)) {
            return Ok(());
        }
        let fact = Fact::Order(Order {
            version: newest.version.saturating_add(1),
            ended: Some(date),
            ended_at: Some(time),
            ..(*newest).clone()
        });
        let mut saying = Saying::new(row.subject(), now, fact);
        saying.supersedes = ended.iter().map(|(row, _)| row.key.clone()).collect();
        saying.supersedes.sort_unstable();
        saying.supersedes.truncate(limits::SUPERSEDES);
        self.plan_entry_about(plan, row.origin.what, saying)
            .map(drop)
    }

    /// A dose belongs to a slot its order has. What speaks against giving it, and that something is
    /// charted there already, is asked back until the command confirms it: a rule of the engine, so that
    /// no screen can forget to ask.
    pub(super) fn plan_dose(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        dose: Dose,
        stated: StatedInstant,
        despite: &[DoseConcern],
    ) -> Result<(), Refusal> {
        self.check_slot(plan, resident, &dose.slot, stated)?;
        let mut concerns = Vec::new();
        let together = self.together(&resident, &dose, stated.at)?;
        if together.contains(&Together::MaybeOne)
            || self.is_charted(&resident, &dose.slot)?
            || self.is_given_under_twin(&resident, &dose, stated.at)?
        {
            concerns.push(DoseConcern::Charted);
        }
        if dose.not_given.is_none() {
            concerns.extend(self.concerns(resident, &dose.slot, stated, &together)?);
        } else if self.is_ahead(&dose.slot, stated) {
            concerns.push(DoseConcern::OutOfTime);
        }
        if concerns.iter().any(|concern| !despite.contains(concern)) {
            return Err(Refusal::Doubtful { concerns });
        }
        if dose.not_given.is_none() {
            let says_why = dose
                .comment
                .as_deref()
                .is_some_and(|why| !why.trim().is_empty());
            if is_out_of_time(&dose.slot, stated) && !says_why {
                return Err(Refusal::Field {
                    field: "comment".into(),
                    rule: Rule::Mandatory,
                });
            }
        }
        self.plan_about(plan, resident, stated, Fact::Dose(dose))
    }

    /// Whether a dose, given or not given, stands for a slot with a time.
    fn is_charted(&self, resident: &ResidentId, slot: &Slot) -> Result<bool, Refusal> {
        Ok(match self.views.of(Stream::Care) {
            Some(care) => care.is_charted(resident, slot, &self.views)?,
            None => false,
        })
    }

    /// Whether what this dose is for was given under another order of the same medicine.
    fn is_given_under_twin(
        &self,
        resident: &ResidentId,
        dose: &Dose,
        at: UnixMillis,
    ) -> Result<bool, Refusal> {
        let Some(care) = self.views.of(Stream::Care) else {
            return Ok(false);
        };
        let open = self.open_slot(&dose.slot);
        Ok(care.is_given_under_twin((resident, dose), open, at, &self.views)?)
    }

    /// What a dose given as needed comes to with those that were given: what would be a contradiction
    /// once it stands.
    fn together(
        &self,
        resident: &ResidentId,
        dose: &Dose,
        at: UnixMillis,
    ) -> Result<BTreeSet<Together>, Refusal> {
        let slot = &dose.slot;
        let Some(care) = self
            .views
            .of(Stream::Care)
            .filter(|_| slot.time.is_none() && dose.not_given.is_none())
        else {
            return Ok(BTreeSet::new());
        };
        let day = |days| slot.date.plus_days(days).unwrap_or(slot.date);
        let given = care.given_as_needed(resident, &slot.order, (day(-2), day(2)))?;
        let versions = care.versions_of(resident, &slot.order)?;
        let versions: Vec<Version<'_>> = versions.iter().filter_map(EntryRow::version).collect();
        let more = Given {
            at,
            version: slot.version,
        };
        Ok(with_those_given(given, more, &versions))
    }

    /// What speaks against giving a dose then, gravest first.
    fn concerns(
        &self,
        resident: ResidentId,
        slot: &Slot,
        stated: StatedInstant,
        together: &BTreeSet<Together>,
    ) -> Result<Vec<DoseConcern>, Refusal> {
        let mut concerns = Vec::new();
        if let Some(directory) = self.views.of(Stream::Directory)
            && directory.is_away(&resident, stated.at)?
        {
            concerns.push(DoseConcern::NotHere);
        }
        if let Some(care) = self.views.of(Stream::Care) {
            let versions = care.versions_of(&resident, &slot.order)?;
            for (kind, concern) in [
                (ContradictionKind::Order, DoseConcern::OrderContradicted),
                (ContradictionKind::OrderedTwice, DoseConcern::OrderedTwice),
            ] {
                let waiting = care.sides_waiting(&resident, kind)?;
                if versions.iter().any(|row| waiting.contains(&row.key)) {
                    concerns.push(concern);
                }
            }
        }
        concerns.extend(together.iter().filter_map(|what| match what {
            Together::MaybeOne => None,
            Together::TooNear => Some(DoseConcern::TooSoon),
            Together::TooMany => Some(DoseConcern::TooMany),
        }));
        let early = self.opens(slot).is_some_and(|opens| stated.at < opens);
        if early || self.is_ahead(slot, stated) || is_out_of_time(slot, stated) {
            concerns.push(DoseConcern::OutOfTime);
        }
        Ok(concerns)
    }

    /// A slot that has a time, with its window; where the home's time is not known, without.
    fn open_slot(&self, slot: &Slot) -> Option<OpenSlot> {
        let time = slot.time?;
        let at = self.zone().and_then(|zone| zone.instant(slot.date, time));
        let window = self.settings().map_or(0, |says| says.dose_window_minutes);
        Some(OpenSlot::new(
            slot.date,
            time,
            at,
            i64::from(window) * 60_000,
        ))
    }

    /// When the window of a slot opens; `None` of one without a time, and where the home's time is not
    /// known.
    fn opens(&self, slot: &Slot) -> Option<UnixMillis> {
        let window_ms = i64::from(self.settings()?.dose_window_minutes) * 60_000;
        let at = self.zone()?.instant(slot.date, slot.time?)?;
        Some(at.plus(-window_ms))
    }

    /// Whether a slot is of a day to come, and not open yet: what is said of it, given or not, is
    /// mostly meant for another day.
    fn is_ahead(&self, slot: &Slot, stated: StatedInstant) -> bool {
        let is_open = || self.opens(slot).is_some_and(|opens| stated.at >= opens);
        slot.date > clock::local(stated).date && !is_open()
    }

    fn check_slot(
        &self,
        plan: &Plan,
        resident: ResidentId,
        slot: &Slot,
        stated: StatedInstant,
    ) -> Result<(), Refusal> {
        let kept = match self.views.of(Stream::Care) {
            Some(care) => care.versions_of(&resident, &slot.order)?,
            None => Vec::new(),
        };
        let kept = kept.iter().filter_map(EntryRow::version);
        let planned = plan
            .orders
            .iter()
            .filter(|(of, order)| *of == resident && order.order == slot.order)
            .map(|(_, order)| Version {
                order,
                counts: Counts::Stands,
            });
        let versions: Vec<Version<'_>> = kept.chain(planned).collect();
        slots::check(slot, stated, &versions).map_err(Refusal::NoSlot)
    }
}

fn order_of(target: &EntryRow) -> Result<&Order, Refusal> {
    match target.fact() {
        Some(Fact::Order(order)) => Ok(order),
        _ => Err(Refusal::Changed),
    }
}
