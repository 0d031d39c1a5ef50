//! The newest envelope of each run: in the group being judged, then in memory, then in the store.

use std::collections::HashMap;

use ids::{FacilityId, limits};
use wire::Envelope;

use crate::store::{LogStore, RunKey, RunPlace, StoreError};

/// A run of a facility.
pub(super) type Run = (FacilityId, RunKey);

/// The newest stored envelope of runs, as far as remembered; `None`: the run is new.
#[derive(Debug, Default)]
pub(super) struct RunCache {
    heads: HashMap<Run, Option<RunPlace>>,
}

impl RunCache {
    fn head(
        &mut self,
        store: &mut impl LogStore,
        run: &Run,
    ) -> Result<Option<RunPlace>, StoreError> {
        if let Some(head) = self.heads.get(run) {
            return Ok(*head);
        }
        let head = store.run_head(run.0, &run.1)?;
        self.remember(*run, head);
        Ok(head)
    }

    pub(super) fn remember(&mut self, run: Run, head: Option<RunPlace>) {
        if self.heads.len() >= limits::RUNS_REMEMBERED {
            self.heads.clear();
        }
        self.heads.insert(run, head);
    }
}

/// What became of an envelope's natural key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It comes next in its run.
    Next,
    /// It is stored, here.
    Stored(RunPlace),
    /// It stands in this group, here, and will be stored if the group is.
    InGroup(RunPlace),
    /// An earlier one of the run is missing.
    Gap,
    /// Another envelope has its key, or it follows another.
    Fork,
}

/// The runs as they stand after the envelopes of this group that were let in.
#[derive(Debug, Default)]
pub(super) struct GroupRuns {
    heads: HashMap<Run, RunPlace>,
    places: HashMap<(Run, u64), RunPlace>,
}

impl GroupRuns {
    pub(super) fn standing(
        &self,
        store: &mut impl LogStore,
        cache: &mut RunCache,
        run: &Run,
        envelope: &Envelope,
    ) -> Result<Standing, StoreError> {
        let header = envelope.header();
        let head = match self.heads.get(run) {
            Some(head) => Some(*head),
            None => cache.head(store, run)?,
        };
        let Some(head) = head else {
            // A run's first names whatever this device had stored there before.
            return Ok(if header.run_seq == 0 {
                Standing::Next
            } else {
                Standing::Gap
            });
        };
        if header.run_seq > head.run_seq {
            let next = head.run_seq.checked_add(1) == Some(header.run_seq);
            return Ok(match next {
                true if header.prev == head.id => Standing::Next,
                true => Standing::Fork,
                false => Standing::Gap,
            });
        }
        if let Some(place) = self.places.get(&(*run, header.run_seq)) {
            let same = place.id == envelope.id();
            return Ok(if same {
                Standing::InGroup(*place)
            } else {
                Standing::Fork
            });
        }
        let stored = store.run_place(run.0, &run.1, header.run_seq)?;
        Ok(match stored {
            Some(place) if place.id == envelope.id() => Standing::Stored(place),
            Some(_) => Standing::Fork,
            // Rows keep their ids for ever, so this cannot be; asking again is safe.
            None => Standing::Gap,
        })
    }

    pub(super) fn enter(&mut self, run: Run, place: RunPlace) {
        self.heads.insert(run, place);
        self.places.insert((run, place.run_seq), place);
    }

    /// The newest place of every run the group lengthened.
    pub(super) fn into_heads(self) -> impl Iterator<Item = (Run, RunPlace)> {
        self.heads.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{DeviceId, DocumentId, RunId, StreamId};

    #[test]
    fn as_many_runs_are_remembered_as_may_be_and_one_more_begins_anew() {
        let run = |n: usize| {
            let mut id = [0; 16];
            id[..8].copy_from_slice(&n.to_be_bytes());
            let key = RunKey {
                stream: StreamId::from_bytes([1; 16]),
                document: DocumentId::from_bytes([2; 16]),
                device: DeviceId::from_bytes([3; 16]),
                run: RunId::from_bytes(id),
            };
            (FacilityId::from_bytes([4; 16]), key)
        };
        let mut cache = RunCache::default();
        for n in 0..limits::RUNS_REMEMBERED {
            cache.remember(run(n), None);
        }
        assert_eq!(cache.heads.len(), limits::RUNS_REMEMBERED);
        cache.remember(run(limits::RUNS_REMEMBERED), None);
        assert_eq!(cache.heads.len(), 1);
    }
}
