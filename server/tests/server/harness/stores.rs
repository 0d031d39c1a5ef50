//! A memory store that keeps count of what it made durable and fails on demand.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use ids::{FacilityId, InviteId, RosterSeq, Seq, Signature, StreamId};
use lamplight_server::store::{
    RosterBatch, RunKey, RunPlace, StoredRow, StoredWrap, StreamAppend, StreamHead, Swap, TokenHash,
};
use lamplight_server::{LogStore, MemoryStore, StoreError};
use wire::{Countersigned, SeenMark};

/// What the store was asked to make durable, and failures to come.
#[derive(Debug, Default)]
pub struct Script {
    /// Rows of each append, oldest first.
    pub appends: Vec<usize>,
    /// How the next writes fail.
    pub failures: VecDeque<StoreError>,
    /// How the next looks for a home fail.
    pub lookups: VecDeque<StoreError>,
    /// A facility whose first roster entry came back with another signature.
    pub rotten: Option<FacilityId>,
}

#[derive(Debug, Default)]
pub struct Watched {
    inner: MemoryStore,
    script: Arc<Mutex<Script>>,
}

impl Watched {
    pub fn script(&self) -> Arc<Mutex<Script>> {
        Arc::clone(&self.script)
    }

    fn fail(&self) -> Result<(), StoreError> {
        let failure = self.script.lock().unwrap().failures.pop_front();
        failure.map_or(Ok(()), Err)
    }

    fn fail_lookup(&self) -> Result<(), StoreError> {
        let failure = self.script.lock().unwrap().lookups.pop_front();
        failure.map_or(Ok(()), Err)
    }
}

impl LogStore for Watched {
    fn facilities(&mut self) -> Result<Vec<FacilityId>, StoreError> {
        self.inner.facilities()
    }

    fn found(&mut self, token: TokenHash, batch: &RosterBatch) -> Result<bool, StoreError> {
        self.fail()?;
        self.inner.found(token, batch)
    }

    fn append_roster(&mut self, batch: &RosterBatch) -> Result<Swap, StoreError> {
        self.fail()?;
        self.inner.append_roster(batch)
    }

    fn roster(
        &mut self,
        facility: FacilityId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<Countersigned>, StoreError> {
        self.fail_lookup()?;
        let mut items = self.inner.roster(facility, after, max_bytes)?;
        if self.script.lock().unwrap().rotten == Some(facility)
            && let Some(first) = items.first_mut()
        {
            first.signature = Signature::from_bytes([1; 64]);
        }
        Ok(items)
    }

    fn heads(&mut self, facility: FacilityId) -> Result<Vec<StreamHead>, StoreError> {
        self.inner.heads(facility)
    }

    fn usage(&mut self, facility: FacilityId) -> Result<u64, StoreError> {
        self.inner.usage(facility)
    }

    fn run_head(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
    ) -> Result<Option<RunPlace>, StoreError> {
        self.inner.run_head(facility, run)
    }

    fn run_place(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
        run_seq: u64,
    ) -> Result<Option<RunPlace>, StoreError> {
        self.inner.run_place(facility, run, run_seq)
    }

    fn append(&mut self, batch: &[StreamAppend]) -> Result<(), StoreError> {
        self.fail()?;
        self.inner.append(batch)?;
        let rows = batch.iter().map(|append| append.rows.len()).sum();
        self.script.lock().unwrap().appends.push(rows);
        Ok(())
    }

    fn rows(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        from: Seq,
        max_bytes: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.inner.rows(facility, stream, from, max_bytes)
    }

    fn wraps(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<StoredWrap>, StoreError> {
        self.inner.wraps(facility, stream, after, max_bytes)
    }

    fn invite_blob(
        &mut self,
        facility: FacilityId,
        invite: InviteId,
    ) -> Result<Option<Bytes>, StoreError> {
        self.inner.invite_blob(facility, invite)
    }

    fn facility_of_invite(&mut self, invite: InviteId) -> Result<Option<FacilityId>, StoreError> {
        self.fail_lookup()?;
        self.inner.facility_of_invite(invite)
    }

    fn keep_seen(&mut self, facility: FacilityId, marks: &[SeenMark]) -> Result<(), StoreError> {
        self.fail()?;
        self.inner.keep_seen(facility, marks)
    }

    fn seen(&mut self, facility: FacilityId) -> Result<Vec<SeenMark>, StoreError> {
        self.inner.seen(facility)
    }
}
