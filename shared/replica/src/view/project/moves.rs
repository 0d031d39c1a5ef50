//! Which moves count in the census: those that stand, without those decided against.

use crate::view::entry::{EntryRow, State};
use crate::view::{ViewDb, ViewError};
use domain::Fact;
use domain::entry::{Recorded, ResidentId, Subject};
use domain::meta::Decision;
use ids::EntryKey;
use std::collections::{BTreeMap, BTreeSet};

impl ViewDb {
    /// A resident's moves that count, in the order in which they happened.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn moves_that_count(
        &self,
        resident: &ResidentId,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.that_count(&self.moves_that_stand(resident)?)
    }

    /// A resident's moves that stand, each following the nearest that stands: what followed a move that was
    /// entered in error follows what that one followed, and what followed one that was said anew follows
    /// that. So two branches stay two, whatever becomes of a step in the middle. Naming another is not
    /// enough: only what took its place leads anybody.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(in crate::view) fn moves_that_stand(
        &self,
        resident: &ResidentId,
    ) -> Result<Vec<EntryRow>, ViewError> {
        let mut moves = self.standing(resident, "move")?;
        let standing: BTreeSet<EntryKey> = moves.iter().map(|row| row.key.clone()).collect();
        // In the order in which they happened: of two that took the place of one the later leads on.
        let mut anew: BTreeMap<EntryKey, EntryKey> = BTreeMap::new();
        for row in &moves {
            let former = self.superseded_by(row)?.into_iter();
            anew.extend(former.map(|former| (former.key, row.key.clone())));
        }
        let sayers: BTreeSet<EntryKey> = anew.values().cloned().collect();
        // Where each that stands no more leads to, once for all that follow it.
        let mut led: BTreeMap<EntryKey, Option<EntryKey>> = BTreeMap::new();
        let mut followed: BTreeMap<EntryKey, EntryKey> = BTreeMap::new();
        for row in &mut moves {
            let (subject, own) = (row.subject(), row.key.clone());
            let Some(after) = follows(row) else {
                continue;
            };
            // What took the place of the very move that it follows is not led to itself, but past it: by a
            // way of its own, which no other goes and which goes no other's.
            let is_anew = sayers.contains(&own);
            let mut path = Vec::new();
            let mut next = Some(after.clone());
            while let Some(key) = next.clone().filter(|key| !standing.contains(key)) {
                if let Some(known) = led.get(&key).filter(|_| !is_anew) {
                    next.clone_from(known);
                    break;
                }
                next = match anew.get(&key) {
                    Some(said) if *said != own => Some(said.clone()),
                    _ => self.followed_by(&key, subject)?,
                };
                path.push(key);
            }
            if !is_anew {
                led.extend(path.into_iter().map(|key| (key, next.clone())));
            }
            // What leads nowhere here is left as it was said.
            followed.insert(own, next.unwrap_or_else(|| after.clone()));
        }
        let rings = in_rings(&followed);
        for row in &mut moves {
            let led = followed
                .remove(&row.key)
                .filter(|_| !rings.contains(&row.key));
            if let (Some(led), Some(after)) = (led, follows(row)) {
                *after = led;
            }
        }
        Ok(moves)
    }

    /// What a move of this subject followed.
    fn followed_by(&self, key: &EntryKey, subject: Subject) -> Result<Option<EntryKey>, ViewError> {
        let row = self.entry(key)?.filter(|row| row.subject() == subject);
        Ok(row.and_then(|row| match row.fact() {
            Some(Fact::Move(says)) => says.after.clone(),
            _ => None,
        }))
    }

    /// Those of a resident's moves that nobody decided against, and that follow on none that somebody
    /// did: who went home and came back did neither, if it was decided that he died.
    pub(in crate::view) fn that_count(
        &self,
        moves: &[EntryRow],
    ) -> Result<Vec<EntryRow>, ViewError> {
        let by_key: BTreeMap<&EntryKey, &EntryRow> =
            moves.iter().map(|row| (&row.key, row)).collect();
        let mut out: BTreeMap<&EntryKey, bool> = BTreeMap::new();
        for row in moves {
            // Up to a move of which it is known, or that is decided against itself; then down again.
            let (mut path, mut next, mut is_out) = (Vec::new(), Some(row), false);
            while let Some(row) = next {
                if let Some(known) = out.get(&row.key) {
                    is_out = *known;
                    break;
                }
                path.push(&row.key);
                if self.is_decided_against(row)? {
                    is_out = true;
                    break;
                }
                next = match row.fact() {
                    Some(Fact::Move(says)) => {
                        says.after.as_ref().and_then(|key| by_key.get(key).copied())
                    }
                    _ => None,
                };
            }
            // What was passed on the way up follows on where it ended.
            out.extend(path.into_iter().map(|key| (key, is_out)));
        }
        let is_out = |row: &&EntryRow| out.get(&row.key).copied().unwrap_or_default();
        let counting = moves.iter().filter(|row| !is_out(row)).cloned().collect();
        Ok(counting)
    }

    /// Whether it was decided, and not disputed, that something else is right instead. A decision
    /// between two residents (one bed) says nothing about where each has been.
    fn is_decided_against(&self, row: &EntryRow) -> Result<bool, ViewError> {
        let mut decisions: BTreeMap<Vec<EntryKey>, Vec<Decision>> = BTreeMap::new();
        for resolution in self.resolutions(&row.key)? {
            if let Some(Fact::Resolution(says)) = resolution.fact() {
                let of = decisions.entry(says.of.clone()).or_default();
                if !of.contains(&says.decision) {
                    of.push(says.decision.clone());
                }
            }
        }
        for (of, decided) in decisions {
            let against = match decided.as_slice() {
                [Decision::Only(right)] => *right != row.key && of.contains(right),
                [Decision::Neither(right)] => self.is_another_move(right, row)?,
                _ => false,
            };
            if against && self.is_about_one(&of, row)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether the entry that is right instead is here, stands, and says where the resident is: until
    /// then better a place that may be wrong than none.
    fn is_another_move(&self, right: &EntryKey, row: &EntryRow) -> Result<bool, ViewError> {
        Ok(self.entry(right)?.is_some_and(|right| {
            right.state() == State::Stands
                && right.subject() == row.subject()
                && matches!(right.fact(), Some(Fact::Move(_)))
        }))
    }

    fn is_about_one(&self, of: &[EntryKey], row: &EntryRow) -> Result<bool, ViewError> {
        for key in of {
            if let Some(other) = self.entry(key)?
                && other.subject() != row.subject()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Of what follows what, that which would go round: two moves that each took the place of the one that the
/// other follows. No honest program says so. They are left as they were said, each following what stands no
/// more: whoever walks along a path comes to its end.
fn in_rings(followed: &BTreeMap<EntryKey, EntryKey>) -> BTreeSet<EntryKey> {
    let mut rings = BTreeSet::new();
    let mut passed: BTreeMap<&EntryKey, &EntryKey> = BTreeMap::new();
    for start in followed.keys() {
        let mut at = start;
        while let (Some(next), false) = (followed.get(at), passed.contains_key(at)) {
            passed.insert(at, start);
            at = next;
        }
        // Come back to a place of this very walk, and not of an earlier one.
        if passed.get(at) != Some(&start) {
            continue;
        }
        while let (Some(next), true) = (followed.get(at), rings.insert(at.clone())) {
            at = next;
        }
    }
    rings
}

/// The move that a move follows.
fn follows(row: &mut EntryRow) -> Option<&mut EntryKey> {
    match &mut row.recorded {
        Recorded::Known(entry) => match &mut entry.fact {
            Fact::Move(says) => says.after.as_mut(),
            _ => None,
        },
        Recorded::Unknown { .. } => None,
    }
}
