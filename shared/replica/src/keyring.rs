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

    /// The newest epoch whose wrap opens to the roster's commitment, and all before it. A wrap that
    /// brings another id key than `held`, or than the first wrap there was, does not count: the
    /// commitment does not cover the id key.
    ///
    /// # Errors
    /// The disk's. `None` when no wrap for this identity is here.
    pub(crate) fn open(
        stream: StreamId,
        identity: &Identity,
        roster: &RosterState,
        log: &dyn LogStore,
        held: Option<&IdKey>,
    ) -> Result<Option<Self>, StoreError> {
        let Some(record) = roster.stream(&stream) else {
            return Ok(None);
        };
        let mut opened = Vec::new();
        for (_, wrap) in log.wraps(stream)? {
            let keys = record.epochs.iter().find_map(|epoch| {
                let (commitment, epoch) = (&epoch.commitment, epoch.epoch);
                let keys = vault::open_wrap(identity, &stream, epoch, commitment, &wrap);
                keys.ok().map(|(key, id_key)| (epoch, key, id_key))
            });
            opened.extend(keys);
        }
        let newest = newest_of(opened, held);
        Ok(newest.map(|(epoch, key, id_key)| Self::from_epoch(stream, epoch, key, id_key, roster)))
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

/// One wrap's keys.
type Opened = (Epoch, EpochKey, IdKey);

/// Of wraps in the order of the roster, the one of the newest epoch that brings the stream's id key.
fn newest_of(opened: Vec<Opened>, held: Option<&IdKey>) -> Option<Opened> {
    let counts = |id_key: &IdKey| match (held, opened.first()) {
        (Some(held), _) => held.is_same(id_key),
        (None, Some((_, _, first))) => first.is_same(id_key),
        (None, None) => false,
    };
    let (_, at) = opened
        .iter()
        .enumerate()
        .filter(|(_, (_, _, id_key))| counts(id_key))
        .map(|(at, (epoch, _, _))| (*epoch, at))
        .max()?;
    opened.into_iter().nth(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counting(u8);

    impl vault::Random for Counting {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), vault::NoRandom> {
            self.0 += 1;
            bytes.fill(self.0);
            Ok(())
        }
    }

    fn id_key(number: u8) -> IdKey {
        vault::make_id_key(&mut Counting(number)).unwrap()
    }

    fn opened(epoch: u32, number: u8) -> Opened {
        let key = vault::make_epoch(&mut Counting(100)).unwrap();
        (Epoch(epoch), key, id_key(number))
    }

    fn newest(opened: Vec<Opened>, held: Option<u8>) -> Option<u32> {
        let held = held.map(id_key);
        newest_of(opened, held.as_ref()).map(|(epoch, _, _)| epoch.0)
    }

    #[test]
    fn the_newest_epoch_counts_when_all_wraps_bring_one_id_key() {
        let wraps = vec![opened(0, 1), opened(2, 1), opened(1, 1)];
        assert_eq!(newest(wraps, None), Some(2));
        assert_eq!(newest(Vec::new(), None), None);
    }

    #[test]
    fn a_wrap_with_another_id_key_than_the_one_held_does_not_count() {
        let wraps = || vec![opened(0, 1), opened(1, 2)];
        assert_eq!(newest(wraps(), Some(1)), Some(0));
        assert_eq!(newest(wraps(), Some(2)), Some(1));
        assert_eq!(newest(wraps(), Some(3)), None);
    }

    #[test]
    fn who_holds_none_keeps_to_the_first_that_came() {
        assert_eq!(newest(vec![opened(0, 1), opened(1, 2)], None), Some(0));
    }
}
