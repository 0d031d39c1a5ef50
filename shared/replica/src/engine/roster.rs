//! The roster and the wraps that hang on it.

use super::Engine;
use super::faults::Statement;
use crate::log::{LogChange, Setting, StoreError};
use ids::{RosterSeq, StreamId, WrapHash};
use interface::{Link as Shown, RelayFault};
use std::collections::BTreeMap;
use wire::message::{RosterItems, WrapItem, WrapItems, Wraps};
use wire::{RosterBody, RosterEntry, wrap_hash};

/// A wrap as `log.db` keeps it.
type KeptWrap = (StreamId, RosterSeq, Vec<u8>);

impl Engine {
    pub(super) fn load_roster(&mut self) -> Result<(), StoreError> {
        for (seq, entry) in self.log.roster()? {
            self.roster
                .apply(&entry)
                .map_err(|e| StoreError::Corrupt(format!("roster entry {seq}: {e}")))?;
        }
        Ok(())
    }

    pub(super) fn roster_items(&mut self, items: RosterItems) {
        let mut next = self.roster.clone();
        let mut change = LogChange::default();
        for entry in items.items {
            if next.apply(&entry).is_err() {
                self.relay_fault(RelayFault::Roster, None, &Statement::None);
                return self.hang_up(Shown::WrongRelay);
            }
            change.roster.push((next.head().0, entry));
        }
        if self.enrols_by_link() {
            return self.enrolment_roster(change.roster, next, items.head);
        }
        let grew = !change.roster.is_empty();
        if self.commit(&change).is_err() {
            return self.hang_up(Shown::Offline);
        }
        self.roster = next;
        if grew {
            self.lock_out();
            self.announce_accepted(&change);
            if self.link.is_open() && self.roster.head().0 >= items.head {
                self.ask_for_wraps();
            }
            self.work_roster_grew();
            let streams: Vec<StreamId> = self.carried();
            for stream in streams {
                self.advance(stream);
            }
            self.notices.tablet();
        }
        self.check_caught_up();
    }

    fn carried(&self) -> Vec<StreamId> {
        let Some(membership) = &self.membership else {
            return Vec::new();
        };
        domain::Stream::ALL
            .into_iter()
            .map(|stream| membership.stream(stream))
            .collect()
    }

    fn ask_for_wraps(&mut self) {
        for stream in self.carried() {
            let after = self.wraps_upto(stream);
            self.send(&Wraps { stream, after }.into());
        }
    }

    /// The roster position up to which all wraps of a stream are here.
    pub(super) fn wraps_upto(&self, stream: StreamId) -> RosterSeq {
        let row = self.log.setting(Setting::Wraps(stream)).ok().flatten();
        let bytes = row.and_then(|row| row.as_slice().try_into().ok());
        RosterSeq(bytes.map_or(0, u64::from_be_bytes))
    }

    /// Whether the wraps of everything in the roster at `Welcome` are here.
    pub(super) fn wraps_are_here(&self) -> bool {
        self.carried()
            .into_iter()
            .all(|stream| self.wraps_upto(stream) >= self.work.roster_at_welcome)
    }

    pub(super) fn wrap_items(&mut self, items: WrapItems) {
        let stream = items.stream;
        let after = self.wraps_upto(stream);
        let Ok((wraps, upto)) = self.listed_of(&items) else {
            return self.hang_up(Shown::Offline);
        };
        let got = !wraps.is_empty();
        let change = LogChange {
            wraps,
            settings: vec![(Setting::Wraps(stream), Some(upto.0.to_be_bytes().to_vec()))],
            ..LogChange::default()
        };
        if self.commit(&change).is_err() {
            return self.hang_up(Shown::Offline);
        }
        if got {
            if let Err(error) = self.follow_devices() {
                self.storage_problem = Some(error.fault());
            }
            self.refresh_session_keys();
            self.retry_waiting();
        }
        // They come in portions. Of one that brought nothing the next would bring nothing either.
        if upto > after && upto < self.roster.head().0 {
            self.send(
                &Wraps {
                    stream,
                    after: upto,
                }
                .into(),
            );
        }
        self.check_caught_up();
    }

    /// Of the wraps that came those that the roster lists, and the position up to which none of these
    /// is missing. What the relay says of that is a claim, and this is kept for ever: a position that
    /// it made up would keep every later key away, from an honest relay too.
    fn listed_of(&self, items: &WrapItems) -> Result<(Vec<KeptWrap>, RosterSeq), StoreError> {
        let stream = items.stream;
        let after = self.wraps_upto(stream);
        let named = items.items.iter().map(|item| (wrap_hash(&item.wrap), item));
        let came: BTreeMap<WrapHash, &WrapItem> = named.collect();
        let (mut kept, mut upto) = (Vec::new(), items.upto.min(self.roster.head().0));
        for (seq, entry) in self.log.roster_after(after)? {
            if seq > upto {
                break;
            }
            let entry = RosterEntry::parse(entry.entry)
                .map_err(|e| StoreError::Corrupt(format!("roster entry {seq}: {e}")))?;
            let row = |item: &WrapItem| (stream, seq, item.wrap.to_vec());
            if matches!(entry.body(), RosterBody::Unknown { .. }) {
                // What this lists only a newer version reads.
                let beside = items.items.iter().filter(|item| item.roster_seq == seq);
                kept.extend(beside.map(row));
                continue;
            }
            let listed = entry.listed_wraps();
            let of_stream = listed.iter().filter(|listed| listed.stream == stream);
            let brought: Option<Vec<KeptWrap>> = of_stream
                .map(|listed| came.get(&listed.hash).map(|item| row(item)))
                .collect();
            match brought {
                Some(brought) => kept.extend(brought),
                None => upto = RosterSeq(seq.0.saturating_sub(1)),
            }
        }
        Ok((kept, upto.max(after)))
    }
}
