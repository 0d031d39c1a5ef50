//! Grants and invitations that end by themselves. Rights at a row are judged by the time of the
//! roster entry before it, so before the first row after an end the relay appends an entry that states
//! the time. Without it whoever was let in until Friday would write on until somebody changed the roster.

use std::collections::BTreeSet;

use ids::{FacilityId, UnixMillis};
use wire::roster::{Clock, UnsignedEntry};
use wire::{RosterBody, RosterEntry, SignerId};

use super::Relay;
use crate::store::{LogStore, RosterBatch};

impl<S: LogStore> Relay<S> {
    /// Stores everything that was pushed, after what has ended by now.
    pub(super) fn store_pushes(&mut self, now: UnixMillis) {
        if !self.doubts_clock(now) {
            let ended = |id: &FacilityId| {
                let facility = self.facilities.get(id);
                let end = facility.and_then(|facility| facility.next_end);
                end.is_some_and(|end| end <= now)
            };
            let ended: BTreeSet<FacilityId> = self.pushes.facilities().filter(ended).collect();
            for facility in ended {
                self.state_time(facility, now);
            }
        }
        self.commit_pushes();
    }

    /// Appends the time. What keeps it from that, a full disk say, keeps no row from its place: the
    /// next group tries again.
    fn state_time(&mut self, id: FacilityId, now: UnixMillis) {
        let Some((batch, roster)) = self.clock_entry(id, now) else {
            return;
        };
        if !self.has_room(&batch) {
            return;
        }
        if self.append(batch, roster).is_some() {
            self.roster_grew(id);
        }
    }

    fn clock_entry(
        &self,
        id: FacilityId,
        now: UnixMillis,
    ) -> Option<(RosterBatch, wire::RosterState)> {
        let facility = self.facilities.get(&id)?;
        let (head, hash) = facility.roster.head();
        let body = RosterBody::Clock(Clock {});
        let entry = UnsignedEntry::new(id, head.next()?, hash, SignerId::NONE, &body);
        let entry: RosterEntry = entry.signed(&self.identity.sign(&entry.message())).ok()?;
        let (entries, roster) = self.countersign(facility, &[entry], now).ok()?;
        let batch = RosterBatch {
            facility: id,
            expect: head,
            wraps: Vec::new(),
            opened: Vec::new(),
            entries,
            blob: None,
            used: facility.over(now).collect(),
        };
        Some((batch, roster))
    }
}
