//! Entries about other entries: addenda, signatures, strikes and decisions, each on what it can be
//! about. What a screen does not offer is refused here too.

use crate::engine::plan::{Plan, Saying};
use crate::engine::{Engine, bug};
use crate::view::{EntryRow, State};
use domain::chart::Order;
use domain::contradictions;
use domain::entry::{Fact, MergeClass, Subject};
use domain::meta::{Addendum, Decision, Resolution, Signature, Strike};
use domain::{Document, Stream, verdict};
use ids::{EntryKey, StatedInstant};
use interface::{Act, ContradictionKind, Refusal, Rule};
use std::collections::BTreeSet;

impl Engine {
    /// Words added to a signed note. One that is not signed is corrected by its author.
    pub(super) fn plan_addendum(
        &self,
        plan: &mut Plan,
        to: EntryKey,
        text: String,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let target = self.target(&to)?;
        if target.state() != State::Stands {
            return Err(Refusal::Changed);
        }
        if !matches!(target.fact(), Some(Fact::Note(_))) || !self.is_signed(&target)? {
            return Err(Refusal::NotAllowed { act: Act::AddWords });
        }
        let fact = Fact::Addendum(Addendum { to, text });
        let saying = Saying::new(target.subject(), now, fact);
        self.plan_entry_about(plan, target.origin.what, saying)
            .map(drop)
    }

    /// Marks an entry as entered in error, once, and only where that takes it away.
    pub(super) fn plan_strike(
        &self,
        plan: &mut Plan,
        entry: EntryKey,
        reason: String,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let target = self.target(&entry)?;
        if !verdict::may_be_struck(&target.placed(), self.person()?) || is_hung_on(&target) {
            return Err(Refusal::NotAllowed {
                act: Act::StrikeThis,
            });
        }
        match target.state() {
            State::Stands | State::Replaced => {}
            State::Struck | State::Withheld | State::Copy => return Err(Refusal::Changed),
        }
        self.plan_struck(plan, &target, reason, now)?;
        self.plan_former(plan, &target, now)
    }

    /// A strike on an entry, by whatever command.
    pub(super) fn plan_struck(
        &self,
        plan: &mut Plan,
        target: &EntryRow,
        reason: String,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let strike = Strike::on(target.key.clone(), target.kind(), reason);
        let fact = Fact::Strike(strike.ok_or_else(|| bug("strike"))?);
        let mut saying = Saying::new(target.subject(), now, fact);
        saying.supersedes = vec![target.key.clone()];
        self.plan_entry_about(plan, target.origin.what, saying)
            .map(drop)
    }

    /// What stands in a register is never taken away with nothing in its place: a wrong end of an order
    /// must not end it. What the struck entry had replaced, and nothing else did, is entered again.
    /// Of allergies this is for a person to say: "none known" comes back of nothing.
    fn plan_former(
        &self,
        plan: &mut Plan,
        struck: &EntryRow,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let view = self.views.of(struck.origin.what.stream());
        let (State::Stands, Some(view)) = (struck.state(), view) else {
            return Ok(());
        };
        let mut name = None;
        for former in view.replaced_by_alone(struck)? {
            let fact = match former.fact() {
                Some(Fact::Order(order)) => {
                    let newest = match struck.fact() {
                        Some(Fact::Order(struck)) => struck.version.max(order.version),
                        _ => order.version,
                    };
                    Fact::Order(Order {
                        version: newest.saturating_add(1),
                        ..order.clone()
                    })
                }
                Some(Fact::Identity(says)) => {
                    name = Some((says.given.clone(), says.family.clone()));
                    Fact::Identity(says.clone())
                }
                Some(
                    fact @ (Fact::Problem(_) | Fact::CodeStatus(_) | Fact::SaturationScale(_)),
                ) => fact.clone(),
                _ => continue,
            };
            let saying = Saying::new(former.subject(), now, fact);
            self.plan_entry_about(plan, struck.origin.what, saying)?;
        }
        // The name in the directory follows the identity, as it does when that is corrected.
        match (name, struck.subject()) {
            (Some((given, family)), Subject::Resident(resident)) => {
                self.plan_resident_name(plan, resident, given, family, now)
            }
            _ => Ok(()),
        }
    }

    /// Decisions of the person signed in on exactly these entries, that stand.
    fn own_decisions(&self, of: &[EntryKey]) -> Result<Vec<EntryRow>, Refusal> {
        let person = self.person()?;
        let mut own = Vec::new();
        for stream in [Stream::Care, Stream::Directory] {
            let (Some(view), Some(first)) = (self.views.of(stream), of.first()) else {
                continue;
            };
            let rows = view.resolutions(first).map_err(|_| bug("decisions"))?;
            own.extend(rows.into_iter().filter(|row| {
                let same = matches!(row.fact(), Some(Fact::Resolution(says)) if says.of == of);
                same && row.origin.person == person
            }));
        }
        Ok(own)
    }

    /// Signatures on one's own entries, one per document.
    pub(super) fn plan_signatures(
        &self,
        plan: &mut Plan,
        entries: &[EntryKey],
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let person = self.person()?;
        if entries.is_empty() {
            return Err(Refusal::Field {
                field: "entries".into(),
                rule: Rule::Mandatory,
            });
        }
        let mut groups: Vec<(Document, Subject, Vec<EntryKey>)> = Vec::new();
        // A signature names its entries in one order, each once, however they were picked.
        let entries: BTreeSet<&EntryKey> = entries.iter().collect();
        for key in entries {
            let target = self.target(key)?;
            if target.origin.person != person {
                return Err(Refusal::NotAllowed {
                    act: Act::SignForAnother,
                });
            }
            if target.state() != State::Stands || self.is_signed(&target)? {
                return Err(Refusal::Changed);
            }
            if !may_be_signed(&target) {
                return Err(Refusal::NotAllowed { act: Act::SignThis });
            }
            let what = target.origin.what;
            match groups
                .iter_mut()
                .find(|(document, subject, _)| *document == what && *subject == target.subject())
            {
                Some((_, _, keys)) => keys.push(key.clone()),
                None => groups.push((what, target.subject(), vec![key.clone()])),
            }
        }
        for (what, subject, entries) in groups {
            let fact = Fact::Signature(Signature { entries });
            self.plan_entry_about(plan, what, Saying::new(subject, now, fact))?;
        }
        Ok(())
    }

    /// A decision lies in the document of each entry it decides about: one entry in each.
    pub(super) fn plan_resolution(
        &mut self,
        plan: &mut Plan,
        contradiction: &str,
        decision: Decision,
        reason: String,
        now: StatedInstant,
    ) -> Result<(), Refusal> {
        let (kind, of) = self
            .views
            .contradiction(contradiction)?
            .ok_or(Refusal::Changed)?;
        let instead = match &decision {
            Decision::Neither(right) => Some(self.target(right)?),
            Decision::Both | Decision::Only(_) => None,
        };
        if instead
            .as_ref()
            .is_some_and(|row| row.state() != State::Stands)
        {
            return Err(Refusal::Changed);
        }
        let mut homes: Vec<(Document, Subject)> = Vec::new();
        let mut sides = Vec::new();
        for key in &of {
            let target = self.target(key)?;
            sides.extend(target.fact().cloned().map(|fact| (key, fact)));
            let home = (target.origin.what, target.subject());
            if !homes.contains(&home) {
                homes.push(home);
            }
        }
        let sides: Vec<(&EntryKey, &Fact)> = sides.iter().map(|(key, fact)| (*key, fact)).collect();
        let instead = instead
            .as_ref()
            .filter(|row| homes.iter().any(|(_, subject)| *subject == row.subject()))
            .and_then(EntryRow::fact);
        if !contradictions::allows(kind, &decision, &sides, instead) {
            return Err(Refusal::Field {
                field: "decision".into(),
                rule: Rule::NoSuch,
            });
        }
        let before = self.own_decisions(&of)?;
        for (what, subject) in homes {
            let resolution = Resolution {
                of: of.clone(),
                decision: decision.clone(),
                reason: reason.clone(),
            };
            let mut saying = Saying::new(subject, now, Fact::Resolution(resolution));
            // Who decides again takes back what they said before; another's decision stands.
            let own = before.iter().filter(|row| row.subject() == subject);
            let here =
                own.filter(|row| row.origin.what.for_followers(now) == what.for_followers(now));
            saying.supersedes = here.map(|row| row.key.clone()).collect();
            self.plan_entry_about(plan, what, saying)?;
        }
        match kind {
            ContradictionKind::RecordNumber => {
                self.plan_other_numbers(plan, &of, &decision, &reason, now)
            }
            ContradictionKind::Identity | ContradictionKind::Register => {
                self.plan_decided_register(plan, &of, &decision, &reason, now)
            }
            ContradictionKind::Order => self.plan_decided_order(plan, &of, &decision, now),
            ContradictionKind::OrderedTwice => {
                self.plan_ordered_once(plan, &of, &decision, &reason, now)
            }
            _ => Ok(()),
        }
    }
}

/// What others hang on, names and places: said anew by the commands of this version. What an import made
/// of them goes by strikes of a version that can undo one, and counts here.
fn is_hung_on(target: &EntryRow) -> bool {
    matches!(
        target.kind(),
        "unit" | "room" | "bed" | "staff" | "resident_name"
    )
}

/// What somebody wrote of a resident. Strikes, decisions and signatures stand by themselves.
fn may_be_signed(target: &EntryRow) -> bool {
    target.fact().is_some_and(|fact| match fact.class() {
        MergeClass::Event
        | MergeClass::SafetyRegister
        | MergeClass::PlainRegister
        | MergeClass::List
        | MergeClass::Claim => matches!(target.subject(), Subject::Resident(_)),
        MergeClass::About => matches!(fact, Fact::Addendum(_)),
    })
}
