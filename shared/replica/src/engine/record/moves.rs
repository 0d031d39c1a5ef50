//! Census events. Each names the resident's last move its author knew of, so that two made apart
//! are found (docs/decisions/0015).

use crate::engine::Engine;
use crate::engine::plan::{Plan, Saying};
use domain::Stream;
use domain::census::{self, Presence};
use domain::directory::Move;
use domain::entry::{Fact, Subject};
use ids::{EntryKey, StatedInstant};
use interface::{Refusal, Rule};
use std::collections::BTreeSet;

impl Engine {
    /// A move, after the last one known here.
    pub(super) fn plan_move(
        &self,
        plan: &mut Plan,
        says: Move,
        stated: StatedInstant,
    ) -> Result<(), Refusal> {
        let resident = says.resident;
        let after = match plan.moved.get(&resident) {
            Some(planned) => Some(planned.clone()),
            None => {
                self.check_follows(&says, stated)?;
                self.last_move(&says)?
            }
        };
        let fact = Fact::Move(Move { after, ..says });
        let saying = Saying::new(Subject::Resident(resident), stated, fact);
        let key = self.plan_entry(plan, saying)?;
        plan.moved.insert(resident, key);
        Ok(())
    }

    /// Whether this can happen to the resident where he was then.
    fn check_follows(&self, says: &Move, stated: StatedInstant) -> Result<(), Refusal> {
        let Some(directory) = self.views.of(Stream::Directory) else {
            return Ok(());
        };
        let mut moves = directory.moves_that_count(&says.resident)?;
        moves.retain(|row| row.stated().at <= stated.at);
        let last = moves.iter().max_by_key(|row| (row.stated().at, &row.key));
        let presence = last.and_then(|row| match row.fact() {
            Some(Fact::Move(last)) => Some(Presence::after(last.what)),
            _ => None,
        });
        if census::may_follow(presence, says.what) {
            return Ok(());
        }
        Err(Refusal::Field {
            field: "what".into(),
            rule: Rule::Contradicts {
                other: "status".into(),
            },
        })
    }

    /// The move that no other follows; of several, made apart, the one the census shows.
    fn last_move(&self, of: &Move) -> Result<Option<EntryKey>, Refusal> {
        let Some(directory) = self.views.of(Stream::Directory) else {
            return Ok(None);
        };
        let moves = directory.moves_that_count(&of.resident)?;
        let followed: BTreeSet<&EntryKey> = moves
            .iter()
            .filter_map(|row| match row.fact() {
                Some(Fact::Move(says)) => says.after.as_ref(),
                _ => None,
            })
            .collect();
        let last = moves
            .iter()
            .filter(|row| !followed.contains(&row.key))
            .max_by_key(|row| (row.stated().at, row.key.clone()));
        Ok(last.map(|row| row.key.clone()))
    }
}
