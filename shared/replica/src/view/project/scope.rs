//! Which entries can contradict each other.
//!
//! They form a [`Scope`]: a slot, a register, a bed. When a batch touches one, its findings are
//! made anew from all that stands in it, so that they depend on the entries alone and not on the
//! order in which they came.

use super::findings::{Finding, as_standing, parse};
use super::{date_number, time_number};
use crate::view::entry::{EntryRow, State, resident_bytes, resident_of};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::chart::OrderId;
use domain::contradictions::{Kind, Standing, as_needed_groups, is_out_of_time};
use domain::directory::{Date, TimeOfDay};
use domain::entry::{Recorded, ResidentId, SpaceId};
use domain::journal::Slot;
use domain::slots::Version;
use ids::{CommandId, EntryKey, limits};
use interface::Effect;
use std::collections::BTreeSet;

/// Entries among which the rules look for contradictions: of doses the first by their keys, and more of
/// them than anybody can decide about. Whoever charts thousands for one slot costs nobody their tablet.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::view) enum Scope {
    /// Doses charted for one slot; with no time, those given as needed in the groups that begin on
    /// one day. Of one resident's chart: whose order it is does not follow from its id.
    Slot(ResidentId, OrderId, Date, Option<TimeOfDay>),
    /// Entries of one kind about a resident.
    Register(ResidentId, &'static str),
    /// Entries of one kind about the house.
    House(&'static str),
    /// Moves of those who are in one bed.
    Bed(SpaceId),
    /// Moves of one resident.
    Moves(ResidentId),
    /// What ends an order, and doses after it.
    Ending(ResidentId, OrderId),
    /// Orders of one resident: the first by their keys, and more of them than anybody can decide about.
    Orders(ResidentId),
    /// Identities with one record number.
    Number(String),
}

impl Scope {
    /// The scope of a slot's doses.
    pub(in crate::view) fn slot(of: &ResidentId, slot: &Slot) -> Self {
        Self::Slot(*of, slot.order, slot.date, slot.time)
    }

    /// As the tables hold it.
    pub(super) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Slot(resident, order, date, time) => {
                let mut bytes = slots_prefix(resident, order);
                bytes.extend(date_number(*date).to_be_bytes());
                bytes.extend(time_number(*time).to_be_bytes());
                bytes
            }
            Self::Register(resident, kind) => {
                [b"r", resident.0.as_bytes().as_slice(), kind.as_bytes()].concat()
            }
            Self::House(kind) => [b"h", kind.as_bytes()].concat(),
            Self::Bed(bed) => [b"b", bed.0.as_bytes().as_slice()].concat(),
            Self::Moves(resident) => [b"m", resident.0.as_bytes().as_slice()].concat(),
            Self::Ending(resident, order) => {
                [b"e", resident.0.as_bytes().as_slice(), order.0.as_bytes()].concat()
            }
            Self::Orders(resident) => [b"o", resident.0.as_bytes().as_slice()].concat(),
            Self::Number(number) => [b"n", number.as_bytes()].concat(),
        }
    }

    /// Whether a kind of contradiction is looked for here. Entries of one group may contradict each
    /// other in another way too; that is found in the group made for it.
    pub(super) fn finds(&self, kind: Kind) -> bool {
        match self {
            Self::Slot(..) => matches!(kind, Kind::DoubleDose | Kind::DoseOutOfTime),
            Self::Register(..) => matches!(
                kind,
                Kind::CodeStatus
                    | Kind::AllergyNoneKnown
                    | Kind::AllergySeverity
                    | Kind::SaturationScale
                    | Kind::Identity
            ),
            Self::House(_) => kind == Kind::Register,
            Self::Bed(_) => kind == Kind::Bed,
            Self::Moves(_) => kind == Kind::Whereabouts,
            Self::Ending(..) => matches!(kind, Kind::DoseAfterEnd | Kind::Order),
            Self::Orders(_) => kind == Kind::OrderedTwice,
            Self::Number(_) => kind == Kind::RecordNumber,
        }
    }

    /// Whether a finding is this group's to tell: of doses as needed the one whose first is of its
    /// day. The next day's may be found among its entries too.
    pub(super) fn holds(&self, finding: &Finding) -> bool {
        match (self, &finding.effect) {
            (Self::Slot(_, _, day, None), Effect::DosesGiven { date, .. }) => date == day,
            _ => true,
        }
    }

    /// Whether what stands in it is known from summaries: who is in a bed, who has a number.
    pub(super) fn follows_summaries(&self) -> bool {
        matches!(self, Self::Bed(_) | Self::Number(_))
    }
}

fn slots_prefix(resident: &ResidentId, order: &OrderId) -> Vec<u8> {
    [b"s", resident.0.as_bytes().as_slice(), order.0.as_bytes()].concat()
}

impl ViewDb {
    /// Adds the scopes in which an entry counts: its own, or those of what it decides on.
    pub(super) fn scopes_of(
        &self,
        recorded: &Recorded,
        scopes: &mut BTreeSet<Scope>,
    ) -> Result<(), ViewError> {
        let mut decided_on = self.add_scopes(recorded, scopes)?;
        let mut seen = BTreeSet::new();
        // A decision may be about decisions; no author can make that circular, but it may be long.
        while let Some(key) = decided_on.pop() {
            if seen.insert(key.clone())
                && let Some(row) = self.entry(&key)?
            {
                decided_on.extend(self.add_scopes(&row.recorded, scopes)?);
            }
        }
        Ok(())
    }

    /// Adds an entry's own scopes; gives back what it decides on.
    fn add_scopes(
        &self,
        recorded: &Recorded,
        scopes: &mut BTreeSet<Scope>,
    ) -> Result<Vec<EntryKey>, ViewError> {
        let Recorded::Known(entry) = recorded else {
            return Ok(Vec::new());
        };
        match &entry.fact {
            Fact::Dose(dose) => {
                let Some(of) = resident_of(entry.subject) else {
                    return Ok(Vec::new());
                };
                let slot = &dose.slot;
                scopes.insert(Scope::slot(&of, slot));
                scopes.insert(Scope::Ending(of, slot.order));
                if slot.time.is_none() {
                    // It may belong to a group that began the day before, or had begun on the next.
                    for date in [slot.date.plus_days(-1), slot.date.plus_days(1)] {
                        scopes.extend(date.map(|date| Scope::Slot(of, slot.order, date, None)));
                    }
                }
            }
            Fact::Identity(_)
            | Fact::Allergy(_)
            | Fact::CodeStatus(_)
            | Fact::SaturationScale(_) => {
                if let Fact::Identity(says) = &entry.fact {
                    scopes.insert(Scope::Number(canonical(&says.record_number)));
                }
                let resident = resident_of(entry.subject);
                scopes.extend(resident.map(|who| Scope::Register(who, entry.fact.kind())));
            }
            Fact::Settings(_)
            | Fact::Unit(_)
            | Fact::Room(_)
            | Fact::Bed(_)
            | Fact::Staff(_)
            | Fact::Device(_) => {
                scopes.insert(Scope::House(entry.fact.kind()));
            }
            Fact::Move(says) => {
                scopes.extend(says.bed.map(Scope::Bed));
                scopes.insert(Scope::Moves(says.resident));
            }
            // The words of an effect come from the order.
            Fact::Order(order) => {
                let Some(of) = resident_of(entry.subject) else {
                    return Ok(Vec::new());
                };
                scopes.extend(self.slots_with_findings(&of, &order.order)?);
                if order.is_as_needed() {
                    scopes.extend(self.days_as_needed(&of, &order.order)?);
                }
                scopes.insert(Scope::Ending(of, order.order));
                scopes.insert(Scope::Orders(of));
            }
            Fact::Resolution(resolution) => return Ok(resolution.of.clone()),
            Fact::ResidentName(_)
            | Fact::Problem(_)
            | Fact::Observations(_)
            | Fact::Note(_)
            | Fact::Addendum(_)
            | Fact::Signature(_)
            | Fact::Strike(_) => {}
        }
        Ok(Vec::new())
    }

    fn slots_with_findings(
        &self,
        of: &ResidentId,
        order: &OrderId,
    ) -> Result<Vec<Scope>, ViewError> {
        let from = slots_prefix(of, order);
        let to = [from.as_slice(), &[0xff; 16]].concat();
        let mut statement =
            self.statement("SELECT finding FROM @.findings WHERE scope BETWEEN ?1 AND ?2")?;
        let rows = statement.query_map((from, to), |row| row.get::<_, Vec<u8>>(0))?;
        let mut scopes = Vec::new();
        for bytes in rows {
            match parse(&bytes?)?.effect {
                Effect::DosesGiven { date, time, .. } => {
                    scopes.push(Scope::Slot(*of, *order, date, time));
                }
                Effect::GivenOutOfTime { date, time, .. } => {
                    scopes.push(Scope::Slot(*of, *order, date, Some(time)));
                }
                _ => {}
            }
        }
        Ok(scopes)
    }

    /// Days on which an order was charted as needed: what it allows decides which doses are too near.
    fn days_as_needed(&self, of: &ResidentId, order: &OrderId) -> Result<Vec<Scope>, ViewError> {
        let rows = self.entries(
            "WHERE e.id IN (SELECT entry FROM @.dose_slots WHERE \"order\" = ?1 AND time = ?2)
               AND e.resident = ?3",
            (order.0.as_bytes(), time_number(None), resident_bytes(of)),
        )?;
        let days = rows.iter().filter_map(|row| match row.fact() {
            Some(Fact::Dose(dose)) => Some(Scope::Slot(*of, *order, dose.slot.date, None)),
            _ => None,
        });
        Ok(days.collect())
    }

    /// Doses charted for a slot; beside those far from its time the version their author saw.
    fn charted_for(
        &self,
        of: &ResidentId,
        order: &OrderId,
        date: Date,
        time: TimeOfDay,
    ) -> Result<Vec<EntryRow>, ViewError> {
        let mut rows = self.entries(
            "WHERE e.id IN (SELECT entry FROM @.dose_slots
                            WHERE \"order\" = ?1 AND date = ?2 AND time = ?3)
               AND e.state = 0 AND e.resident = ?4 ORDER BY e.key LIMIT ?5",
            (
                order.0.as_bytes(),
                date_number(date),
                time_number(Some(time)),
                resident_bytes(of),
                limits::SIDES_KEPT,
            ),
        )?;
        let far: BTreeSet<u32> = rows
            .iter()
            .filter_map(|row| match row.fact() {
                Some(Fact::Dose(dose)) if is_out_of_time(&dose.slot, row.stated()) => {
                    Some(dose.slot.version)
                }
                _ => None,
            })
            .collect();
        if !far.is_empty() {
            let versions = self.versions_of(of, order)?;
            rows.extend(versions.into_iter().filter(|row| {
                let counts = row.state() <= State::Replaced;
                counts
                    && matches!(row.fact(), Some(Fact::Order(order)) if far.contains(&order.version))
            }));
        }
        Ok(rows)
    }

    /// Doses given as needed in the groups of which the first is of this day.
    fn as_needed_from(
        &self,
        of: &ResidentId,
        order: &OrderId,
        date: Date,
    ) -> Result<Vec<EntryRow>, ViewError> {
        let next_to = |days| date_number(date.plus_days(days).unwrap_or(date));
        let mut rows = self.entries(
            "WHERE e.id IN (SELECT entry FROM @.dose_slots
                            WHERE \"order\" = ?1 AND date BETWEEN ?2 AND ?3 AND time = ?4)
               AND e.state = 0 AND e.resident = ?5 ORDER BY e.key LIMIT ?6",
            (
                order.0.as_bytes(),
                next_to(-1),
                next_to(1),
                time_number(None),
                resident_bytes(of),
                limits::SIDES_KEPT,
            ),
        )?;
        let standing: Vec<Standing<'_>> = rows.iter().filter_map(as_standing).collect();
        let begins_here =
            |entry: &Standing<'_>| matches!(entry.fact, Fact::Dose(dose) if dose.slot.date == date);
        let versions = self.versions_of(of, order)?;
        let versions: Vec<Version<'_>> = versions.iter().filter_map(EntryRow::version).collect();
        let kept: BTreeSet<EntryKey> = as_needed_groups(&standing, &versions)
            .into_iter()
            .filter(|group| group.first().is_some_and(|first| begins_here(first)))
            .flatten()
            .map(|entry| entry.key.clone())
            .collect();
        rows.retain(|row| kept.contains(&row.key));
        Ok(rows)
    }

    /// What stands in a scope, decisions apart.
    pub(super) fn standing_in(&self, scope: &Scope) -> Result<Vec<EntryRow>, ViewError> {
        match scope {
            Scope::Slot(of, order, date, None) => self.as_needed_from(of, order, *date),
            Scope::Slot(of, order, date, Some(time)) => self.charted_for(of, order, *date, *time),
            Scope::Register(resident, kind) => self.standing(resident, kind),
            Scope::House(kind) => self.house(kind),
            Scope::Bed(bed) => self.moves_of_those_in(bed),
            Scope::Moves(resident) => self.moves_that_stand(resident),
            Scope::Ending(of, order) => self.ended_and_after(of, order),
            Scope::Orders(resident) => self.entries(
                "WHERE e.resident = ?1 AND e.kind = 'order' AND e.state = 0
                 ORDER BY e.key LIMIT ?2",
                (resident_bytes(resident), limits::SIDES_KEPT),
            ),
            Scope::Number(number) => {
                let mut rows = self.entries(
                    "WHERE e.resident IN (SELECT resident FROM @.residents WHERE record_number = ?1)
                       AND e.kind = 'identity' AND e.state = 0",
                    [number],
                )?;
                rows.retain(|row| {
                    matches!(row.fact(), Some(Fact::Identity(says))
                        if canonical(&says.record_number) == *number)
                });
                Ok(rows)
            }
        }
    }

    fn moves_of_those_in(&self, bed: &SpaceId) -> Result<Vec<EntryRow>, ViewError> {
        let mut statement = self.statement("SELECT resident FROM @.residents WHERE bed = ?1")?;
        let residents = statement.query_map([bed.0.as_bytes()], |row| row.get::<_, [u8; 16]>(0))?;
        let mut rows = Vec::new();
        for resident in residents {
            let resident = ResidentId(CommandId::from_bytes(resident?));
            rows.extend(self.moves_that_count(&resident)?);
        }
        Ok(rows)
    }

    /// Versions of an order that stand, and, if one of them ends it, the doses of that day and after.
    fn ended_and_after(
        &self,
        of: &ResidentId,
        order: &OrderId,
    ) -> Result<Vec<EntryRow>, ViewError> {
        let mut rows = self.versions_of(of, order)?;
        rows.retain(|row| row.state() == State::Stands);
        let ends = rows.iter().filter_map(|row| match row.fact() {
            Some(Fact::Order(order)) => order.ended,
            _ => None,
        });
        let Some(first) = ends.min() else {
            return Ok(rows);
        };
        rows.extend(self.entries(
            "WHERE e.id IN (SELECT entry FROM @.dose_slots WHERE \"order\" = ?1 AND date >= ?2)
               AND e.state = 0 AND e.resident = ?3 ORDER BY e.key LIMIT ?4",
            (
                order.0.as_bytes(),
                date_number(first),
                resident_bytes(of),
                limits::SIDES_KEPT,
            ),
        )?);
        Ok(rows)
    }
}

/// A record number in its canonical form, as it is compared; as entered when it is none.
pub(super) fn canonical(record_number: &str) -> String {
    domain::record_number::parse(record_number).unwrap_or_else(|| record_number.to_owned())
}
