//! The keys of streams, as far as someone signed in here (or this device, for `devices`) holds
//! them.

use crate::log::{LogStore, StoreError};
use ids::{DocumentId, Epoch, StreamId};
use std::collections::BTreeMap;
use vault::{DocumentKey, EpochKey, IdKey, Identity};
use wire::RosterState;

/// All keys of one stream that its roster history gives to one holder.
pub(crate) struct StreamKeys {
    stream: StreamId,
    id_key: IdKey,
    epochs: BTreeMap<Epoch, EpochKey>,
}

impl StreamKeys {
    /// From one epoch's keys; earlier epochs follow by their rungs.
    pub(crate) fn from_epoch(
        stream: StreamId,
        epoch: Epoch,
        key: EpochKey,
        id_key: IdKey,
        roster: &RosterState,
    ) -> Self {
        let mut keys = Self {
            stream,
            id_key,
            epochs: BTreeMap::from([(epoch, key)]),
        };
        keys.climb_down(epoch, roster);
        keys
    }

    /// The newest epoch whose wrap opens to the roster's commitment, and all before it.
    ///
    /// # Errors
    /// The disk's. `None` when no wrap for this identity is here.
    pub(crate) fn open(
        stream: StreamId,
        identity: &Identity,
        roster: &RosterState,
        log: &dyn LogStore,
    ) -> Result<Option<Self>, StoreError> {
        let Some(record) = roster.stream(&stream) else {
            return Ok(None);
        };
        let wraps = log.wraps(stream)?;
        for epoch in record.epochs.iter().rev() {
            for (_, wrap) in wraps.iter().rev() {
                if let Ok((key, id_key)) =
                    vault::open_wrap(identity, &stream, epoch.epoch, &epoch.commitment, wrap)
                {
                    return Ok(Some(Self::from_epoch(
                        stream,
                        epoch.epoch,
                        key,
                        id_key,
                        roster,
                    )));
                }
            }
        }
        Ok(None)
    }

    fn climb_down(&mut self, from: Epoch, roster: &RosterState) {
        let Some(record) = roster.stream(&self.stream) else {
            return;
        };
        let mut at = from;
        while let Some(below) = at.0.checked_sub(1).map(Epoch) {
            let find = |epoch| record.epochs.iter().find(|e| e.epoch == epoch);
            let (Some(this), Some(previous), Some(key)) =
                (find(at), find(below), self.epochs.get(&at))
            else {
                return;
            };
            let Ok(key) = key.open_rung(&this.rung, &self.stream, at, &previous.commitment) else {
                return;
            };
            self.epochs.insert(below, key);
            at = below;
        }
    }

    /// The stream.
    pub(crate) fn stream(&self) -> StreamId {
        self.stream
    }

    /// The newest epoch held.
    pub(crate) fn newest(&self) -> Epoch {
        self.epochs.keys().next_back().copied().unwrap_or(Epoch(0))
    }

    /// The key of an epoch.
    pub(crate) fn epoch(&self, epoch: Epoch) -> Option<&EpochKey> {
        self.epochs.get(&epoch)
    }

    /// The key of a document in an epoch.
    pub(crate) fn document_key(&self, epoch: Epoch, document: &DocumentId) -> Option<DocumentKey> {
        self.epochs
            .get(&epoch)
            .map(|key| key.document_key(document))
    }

    /// The id key.
    pub(crate) fn id_key(&self) -> &IdKey {
        &self.id_key
    }

    /// The id of a document of this stream.
    pub(crate) fn document_id(&self, document: &domain::Document) -> DocumentId {
        let (kind, subject, period) = document.canonical();
        vault::document_id(&self.id_key, kind, subject.as_ref(), period.as_ref())
    }
}
