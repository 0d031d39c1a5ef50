//! The newest place of a device: found, and found again when it has moved.

use super::{DEVICE, LOG, STREAM, chained, envelope, kept, with};
use crate::log::{LogChange, LogStore, NewEnvelope, StreamPosition};
use ids::{ChainHash, Seq};

pub(super) fn it_follows_what_is_placed_and_unplaced(store: &mut dyn LogStore) {
    let newest = |store: &dyn LogStore| store.newest_own_place(STREAM, LOG, DEVICE).unwrap();
    assert_eq!(newest(store), None);
    let (first, second) = (envelope(STREAM, 1, 0), envelope(STREAM, 1, 1));
    store.commit(&with(vec![kept(&first)])).unwrap();
    assert_eq!(newest(store), None, "it has no place yet");
    let placed = LogChange {
        placed: vec![(first.id(), chained(3, 1))],
        ..LogChange::default()
    };
    store.commit(&placed).unwrap();
    assert_eq!(newest(store), Some(Seq(3)));
    let came = NewEnvelope {
        place: Some(chained(5, 2)),
        outbox: None,
        ..kept(&second)
    };
    store.commit(&with(vec![came])).unwrap();
    assert_eq!(newest(store), Some(Seq(5)));
    let unplaced = LogChange {
        unplaced: vec![StreamPosition {
            stream: STREAM,
            log_id: LOG,
            seq: Seq(4),
            chain: ChainHash::ZERO,
        }],
        ..LogChange::default()
    };
    store.commit(&unplaced).unwrap();
    assert_eq!(newest(store), Some(Seq(3)));
}
