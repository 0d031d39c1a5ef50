//! A store in memory, for tests and the simulator: the same rules, nothing durable.

use std::collections::{BTreeMap, HashMap, HashSet};

use bytes::Bytes;
use ids::{DeviceId, FacilityId, InviteId, RosterSeq, Seq, StreamId};
use wire::{Countersigned, SeenMark};

use super::portion::{WholeEntries, until_bytes};
use super::{
    LogStore, NewRow, RosterBatch, RunKey, RunPlace, StoreError, StoredRow, StoredWrap,
    StreamAppend, StreamHead, Swap, TokenHash,
};

/// A [`LogStore`] that forgets everything when dropped.
#[derive(Debug, Default)]
pub struct MemoryStore {
    facilities: BTreeMap<FacilityId, Facility>,
    tokens: HashSet<TokenHash>,
}

#[derive(Debug, Default)]
struct Facility {
    roster: Vec<Countersigned>,
    streams: Vec<Stream>,
    wraps: Vec<StoredWrap>,
    invitations: HashMap<InviteId, Bytes>,
    seen: BTreeMap<(DeviceId, StreamId), SeenMark>,
    runs: HashMap<RunKey, BTreeMap<u64, RunPlace>>,
    bytes: u64,
}

#[derive(Debug)]
struct Stream {
    head: StreamHead,
    rows: Vec<StoredRow>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn facility(&self, facility: FacilityId) -> Result<&Facility, StoreError> {
        self.facilities.get(&facility).ok_or_else(unknown_facility)
    }

    fn facility_mut(&mut self, facility: FacilityId) -> Result<&mut Facility, StoreError> {
        self.facilities
            .get_mut(&facility)
            .ok_or_else(unknown_facility)
    }
}

fn unknown_facility() -> StoreError {
    StoreError::Bug("unknown facility".to_owned())
}

impl Facility {
    fn head(&self) -> RosterSeq {
        RosterSeq(u64::try_from(self.roster.len()).unwrap_or(u64::MAX))
    }

    fn take(&mut self, batch: &RosterBatch) {
        self.roster.extend(batch.entries.iter().cloned());
        self.wraps.extend(batch.wraps.iter().cloned());
        self.streams.extend(batch.opened.iter().map(|head| Stream {
            head: *head,
            rows: Vec::new(),
        }));
        self.bytes = self.bytes.saturating_add(batch.bytes());
        if let Some((invite, bytes)) = &batch.blob {
            self.invitations.insert(*invite, bytes.clone());
        }
        for invite in &batch.used {
            let erased = self.invitations.remove(invite);
            let bytes = erased.map_or(0, |blob| blob.len() as u64);
            self.bytes = self.bytes.saturating_sub(bytes);
        }
    }

    fn fits(&self, append: &StreamAppend) -> bool {
        let head = self
            .streams
            .iter()
            .find(|s| s.head.stream == append.before.stream);
        let mut next = append.before.seq.next();
        let mut new = HashSet::new();
        head.is_some_and(|stream| stream.head == append.before)
            && append.rows.iter().all(|row| {
                let contiguous = next == Some(row.place.seq);
                next = row.place.seq.next();
                let known = self
                    .runs
                    .get(&row.run)
                    .is_some_and(|run| run.contains_key(&row.place.run_seq));
                contiguous && !known && new.insert((row.run, row.place.run_seq))
            })
    }

    fn add(&mut self, stream: StreamId, row: &NewRow) {
        let Some(stream) = self.streams.iter_mut().find(|s| s.head.stream == stream) else {
            return;
        };
        stream.head.seq = row.place.seq;
        stream.head.chain = row.chain;
        stream.head.roster_seq = row.place.roster_seq;
        stream.rows.push(StoredRow {
            seq: row.place.seq,
            roster_seq: row.place.roster_seq,
            envelope: row.envelope.clone(),
        });
        self.runs
            .entry(row.run)
            .or_default()
            .insert(row.place.run_seq, row.place);
        self.bytes = self.bytes.saturating_add(row.envelope.len() as u64);
    }
}

impl LogStore for MemoryStore {
    fn facilities(&mut self) -> Result<Vec<FacilityId>, StoreError> {
        Ok(self.facilities.keys().copied().collect())
    }

    fn found(&mut self, token: TokenHash, batch: &RosterBatch) -> Result<bool, StoreError> {
        if self.facilities.contains_key(&batch.facility) || !self.tokens.insert(token) {
            return Ok(false);
        }
        self.facilities
            .entry(batch.facility)
            .or_default()
            .take(batch);
        Ok(true)
    }

    fn append_roster(&mut self, batch: &RosterBatch) -> Result<Swap, StoreError> {
        let head = self.facility(batch.facility)?.head();
        if head != batch.expect {
            return Ok(Swap::Conflict { head });
        }
        if let Some((invite, _)) = batch.blob
            && self.facility_of_invite(invite)?.is_some()
        {
            return Err(StoreError::Conflict);
        }
        self.facility_mut(batch.facility)?.take(batch);
        Ok(Swap::Done)
    }

    fn roster(
        &mut self,
        facility: FacilityId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<Countersigned>, StoreError> {
        let skip = usize::try_from(after.0).unwrap_or(usize::MAX);
        let Some(facility) = self.facilities.get(&facility) else {
            return Ok(Vec::new());
        };
        let items = facility.roster.iter().skip(skip).cloned();
        until_bytes(items.map(Ok), max_bytes, |item| item.entry.len())
    }

    fn heads(&mut self, facility: FacilityId) -> Result<Vec<StreamHead>, StoreError> {
        Ok(self
            .facility(facility)?
            .streams
            .iter()
            .map(|stream| stream.head)
            .collect())
    }

    fn usage(&mut self, facility: FacilityId) -> Result<u64, StoreError> {
        Ok(self.facility(facility)?.bytes)
    }

    fn run_head(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
    ) -> Result<Option<RunPlace>, StoreError> {
        let places = self.facility(facility)?.runs.get(run);
        Ok(places
            .and_then(|places| places.last_key_value())
            .map(|(_, place)| *place))
    }

    fn run_place(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
        run_seq: u64,
    ) -> Result<Option<RunPlace>, StoreError> {
        let places = self.facility(facility)?.runs.get(run);
        Ok(places.and_then(|places| places.get(&run_seq)).copied())
    }

    fn append(&mut self, batch: &[StreamAppend]) -> Result<(), StoreError> {
        for append in batch {
            if !self.facility(append.facility)?.fits(append) {
                return Err(StoreError::Conflict);
            }
        }
        for append in batch {
            let facility = self.facility_mut(append.facility)?;
            for row in &append.rows {
                facility.add(append.before.stream, row);
            }
        }
        Ok(())
    }

    fn rows(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        from: Seq,
        max_bytes: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        let streams = &self.facility(facility)?.streams;
        let Some(stream) = streams.iter().find(|s| s.head.stream == stream) else {
            return Ok(Vec::new());
        };
        let skip = usize::try_from(from.0.saturating_sub(1)).unwrap_or(usize::MAX);
        let rows = stream.rows.iter().skip(skip).cloned();
        until_bytes(rows.map(Ok), max_bytes, |row| row.envelope.len())
    }

    fn wraps(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<StoredWrap>, StoreError> {
        let wraps = self.facility(facility)?.wraps.iter();
        let wraps = wraps
            .filter(|wrap| wrap.stream == stream && wrap.roster_seq > after)
            .cloned();
        let mut whole = WholeEntries::new(max_bytes);
        for wrap in wraps {
            if !whole.take(wrap) {
                break;
            }
        }
        Ok(whole.taken)
    }

    fn invite_blob(
        &mut self,
        facility: FacilityId,
        invite: InviteId,
    ) -> Result<Option<Bytes>, StoreError> {
        Ok(self.facility(facility)?.invitations.get(&invite).cloned())
    }

    fn facility_of_invite(&mut self, invite: InviteId) -> Result<Option<FacilityId>, StoreError> {
        let mut holding = self
            .facilities
            .iter()
            .filter(|(_, facility)| facility.invitations.contains_key(&invite));
        Ok(holding.next().map(|(id, _)| *id))
    }

    fn keep_seen(&mut self, facility: FacilityId, marks: &[SeenMark]) -> Result<(), StoreError> {
        let facility = self.facility_mut(facility)?;
        for mark in marks {
            facility.seen.insert((mark.device, mark.stream), *mark);
        }
        Ok(())
    }

    fn seen(&mut self, facility: FacilityId) -> Result<Vec<SeenMark>, StoreError> {
        Ok(self.facility(facility)?.seen.values().copied().collect())
    }
}
