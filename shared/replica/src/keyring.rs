//! The keys of streams, as far as someone signed in here (or this device, for `devices`) holds
//! them.

use crate::log::{LogStore, StoreError};
use ids::{DocumentId, Epoch, StreamId};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use vault::{DocumentKey, EpochKey, IdKey, Identity};
use wire::RosterState;
use wire::roster::EpochRecord;

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
        let epochs = roster
            .stream(&stream)
            .map(|record| record.epochs.as_slice());
        Self::from_record(stream, epoch, key, id_key, epochs.unwrap_or_default())
    }

    fn from_record(
        stream: StreamId,
        epoch: Epoch,
        key: EpochKey,
        id_key: IdKey,
        epochs: &[EpochRecord],
    ) -> Self {
        let mut keys = Self {
            stream,
            id_key,
            epochs: BTreeMap::from([(epoch, key)]),
        };
        keys.climb_down(epoch, epochs);
        keys
    }

    /// All that the wraps for this identity give, and what is `held` already.
    ///
    /// A commitment binds one id key to its epoch. Should a holder have rotated with another one,
    /// the ladders that bring it end above the epochs before: the id key that reaches the oldest
    /// epoch is the stream's, and nothing of another counts.
    ///
    /// # Errors
    /// The disk's. `None` when no wrap for this identity is here.
    pub(crate) fn open(
        stream: StreamId,
        identity: &Identity,
        held: Option<Opened>,
        roster: &RosterState,
        log: &dyn LogStore,
    ) -> Result<Option<Self>, StoreError> {
        let Some(record) = roster.stream(&stream) else {
            return Ok(None);
        };
        let mut opened: Vec<Opened> = held.into_iter().collect();
        for (_, wrap) in log.wraps(stream)? {
            let keys = record.epochs.iter().find_map(|epoch| {
                let (commitment, epoch) = (&epoch.commitment, epoch.epoch);
                let keys = vault::open_wrap(identity, &stream, epoch, commitment, &wrap);
                keys.ok().map(|(key, id_key)| (epoch, key, id_key))
            });
            opened.extend(keys);
        }
        Ok(Self::join(stream, opened, &record.epochs))
    }

    /// What wraps gave, newest first and each epoch once, by the id key that reaches furthest back.
    fn join(stream: StreamId, mut opened: Vec<Opened>, epochs: &[EpochRecord]) -> Option<Self> {
        opened.sort_by_key(|(epoch, _, _)| Reverse(*epoch));
        let mut all: Vec<Self> = Vec::new();
        for (epoch, key, id_key) in opened {
            match all.iter_mut().find(|keys| keys.id_key.is_same(&id_key)) {
                Some(keys) if keys.epochs.contains_key(&epoch) => {}
                Some(keys) => {
                    keys.epochs.insert(epoch, key);
                    keys.climb_down(epoch, epochs);
                }
                None => all.push(Self::from_record(stream, epoch, key, id_key, epochs)),
            }
        }
        let oldest = |keys: &Self| keys.epochs.keys().next().copied();
        all.into_iter().min_by_key(oldest)
    }

    fn climb_down(&mut self, from: Epoch, epochs: &[EpochRecord]) {
        let mut at = from;
        while let Some(below) = at.0.checked_sub(1).map(Epoch) {
            let find = |epoch| epochs.iter().find(|e| e.epoch == epoch);
            let (Some(this), Some(previous), Some(key)) =
                (find(at), find(below), self.epochs.get(&at))
            else {
                return;
            };
            let commitment = &previous.commitment;
            let key = key.open_rung(&this.rung, &self.stream, at, &self.id_key, commitment);
            let Ok(key) = key else {
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
pub(crate) type Opened = (Epoch, EpochKey, IdKey);

#[cfg(test)]
mod tests {
    use super::*;
    use ids::RosterSeq;

    struct Counting(u8);

    impl vault::Random for Counting {
        fn fill(&mut self, bytes: &mut [u8]) -> Result<(), vault::NoRandom> {
            self.0 += 1;
            bytes.fill(self.0);
            Ok(())
        }
    }

    const STREAM: StreamId = StreamId::from_bytes([2; 16]);

    fn id_key(number: u8) -> IdKey {
        vault::make_id_key(&mut Counting(number)).unwrap()
    }

    fn key(epoch: u32) -> EpochKey {
        vault::make_epoch(&mut Counting(100 + u8::try_from(epoch).unwrap())).unwrap()
    }

    /// Epochs from 0 on, each committed to with the id key of that number, each with its rung.
    fn epochs(id_keys: &[u8]) -> Vec<EpochRecord> {
        let epoch = |(at, number): (u32, &u8)| EpochRecord {
            epoch: Epoch(at),
            commitment: key(at).commitment(&id_key(*number)),
            public: key(at).public(),
            rung: at.checked_sub(1).map_or_else(Default::default, |below| {
                let rung =
                    key(at).wrap_previous(&mut Counting(200), &key(below), &STREAM, Epoch(at));
                rung.unwrap().into()
            }),
            opened: RosterSeq(u64::from(at) + 1),
        };
        (0..).zip(id_keys).map(epoch).collect()
    }

    /// The epochs that these wraps give: epoch and number of the id key.
    fn held(wraps: &[(u32, u8)], epochs: &[EpochRecord]) -> Vec<u32> {
        let opened = wraps
            .iter()
            .map(|(epoch, number)| (Epoch(*epoch), key(*epoch), id_key(*number)))
            .collect();
        let keys = StreamKeys::join(STREAM, opened, epochs);
        let keys = keys.iter().flat_map(|keys| keys.epochs.keys());
        keys.map(|epoch| epoch.0).collect()
    }

    #[test]
    fn the_newest_wrap_gives_all_epochs_before_it() {
        let epochs = epochs(&[1, 1, 1]);
        assert_eq!(held(&[(2, 1)], &epochs), [0, 1, 2]);
        assert_eq!(held(&[(0, 1), (2, 1), (1, 1)], &epochs), [0, 1, 2]);
        assert_eq!(held(&[], &epochs), [0; 0]);
    }

    #[test]
    fn a_rotation_that_brings_another_id_key_gives_nothing_to_who_holds_the_first() {
        let epochs = epochs(&[1, 1, 2]);
        assert_eq!(held(&[(1, 1), (2, 2)], &epochs), [0, 1]);
        assert_eq!(held(&[(2, 2), (0, 1)], &epochs), [0]);
        // Who came later has nothing to tell by.
        assert_eq!(held(&[(2, 2)], &epochs), [2]);
    }

    #[test]
    fn a_rung_that_leads_nowhere_takes_away_no_epoch_that_another_wrap_gives() {
        let mut epochs = epochs(&[1, 1, 1]);
        epochs[2].rung = bytes::Bytes::from_static(&[0; 72]);
        assert_eq!(held(&[(1, 1), (2, 1)], &epochs), [0, 1, 2]);
        assert_eq!(held(&[(2, 1)], &epochs), [2]);
    }

    #[test]
    fn a_wrap_above_one_that_is_missing_gives_it_by_its_rung() {
        let epochs = epochs(&[1, 1, 1, 1]);
        assert_eq!(held(&[(3, 1), (0, 1)], &epochs), [0, 1, 2, 3]);
        // An epoch that the roster does not have leads nowhere.
        assert_eq!(held(&[(2, 1)], &epochs[..2]), [2]);
    }

    #[test]
    fn a_document_has_another_key_in_each_epoch_and_none_where_its_epoch_is_not_held() {
        let epochs = epochs(&[1, 1]);
        let opened = vec![(Epoch(1), key(1), id_key(1))];
        let keys = StreamKeys::join(STREAM, opened, &epochs).unwrap();
        let document = |byte| DocumentId::from_bytes([byte; 16]);
        let seal = |epoch: u32, of: u8| {
            let key = keys.document_key(Epoch(epoch), &document(of))?;
            let header = wire::Header {
                version: wire::envelope::VERSION,
                kind: wire::Kind::Changes.code(),
                document: document(of),
                person: ids::PersonId::from_bytes([6; 16]),
                ..wire::Header::ZERO
            };
            let by = Identity::from_seed(&[9; 32]);
            vault::seal(&mut Counting(7), &key, header, b"words", &by, Some(&by)).ok()
        };
        let envelope = seal(1, 3).unwrap();
        let opens = |epoch: u32, of: u8| {
            let key = keys.document_key(Epoch(epoch), &document(of)).unwrap();
            vault::open(&key, &envelope).is_ok()
        };
        assert!(opens(1, 3));
        assert!(!opens(0, 3) && !opens(1, 4));
        assert!(keys.document_key(Epoch(2), &document(3)).is_none());
        assert_eq!((keys.stream(), keys.newest()), (STREAM, Epoch(1)));
    }
}
