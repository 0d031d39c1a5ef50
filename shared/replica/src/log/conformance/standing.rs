//! What became of envelopes: kept, told as facts, found again.

use super::{LOG, OTHER, STREAM, chained, envelope, kept, with};
use crate::log::{FactKind, LogChange, LogStore, NewEnvelope, Standing, StreamPosition};
use ids::{ChainHash, Seq, UnixMillis};
use wire::Envelope;

pub(super) fn what_was_judged_by_a_forgotten_place_is_judged_by_the_next(store: &mut dyn LogStore) {
    let all: Vec<Envelope> = (0..4).map(|n| envelope(STREAM, 2, n)).collect();
    let row = |n: usize, standing, outbox| NewEnvelope {
        standing,
        place: Some(chained(n as u64 + 1, 1)),
        outbox,
        ..kept(&all[n])
    };
    let unfit = row(2, Standing::Unfit, None);
    let own = NewEnvelope {
        place: None,
        ..row(3, Standing::Accepted, Some(UnixMillis(1)))
    };
    let refused = |n| row(n, Standing::Refused, None);
    store
        .commit(&with(vec![refused(0), refused(1), unfit, own]))
        .unwrap();
    let forgotten = StreamPosition {
        stream: STREAM,
        log_id: LOG,
        seq: Seq(1),
        chain: ChainHash::ZERO,
    };
    let change = LogChange {
        unplaced: vec![forgotten],
        ..LogChange::default()
    };
    store.commit(&change).unwrap();
    let again = |n| row(n, Standing::Accepted, None);
    let own = row(3, Standing::Refused, None);
    store
        .commit(&with(vec![again(0), again(1), again(2), own]))
        .unwrap();
    let standing = |n: usize| store.envelope(&all[n].id()).unwrap().unwrap().standing;
    assert_eq!(standing(0), Standing::Refused, "its place stands");
    assert_eq!(standing(1), Standing::Accepted);
    assert_eq!(standing(2), Standing::Unfit, "not by its place");
    assert_eq!(standing(3), Standing::Accepted, "own work that waits");
    let facts = store.facts(STREAM, 0, 20).unwrap();
    let changed = facts.iter().filter(|fact| fact.kind == FactKind::Standing);
    let changed: Vec<_> = changed.map(|fact| fact.envelope.envelope.id()).collect();
    assert_eq!(changed, [all[1].id()]);
}

pub(super) fn standing_changes_are_facts(store: &mut dyn LogStore) {
    let theirs = envelope(STREAM, 2, 0);
    store.commit(&with(vec![kept(&theirs)])).unwrap();
    let aside = LogChange {
        standing: vec![(theirs.id(), Standing::SetAside)],
        ..LogChange::default()
    };
    store.commit(&aside).unwrap();
    store.commit(&aside).unwrap();
    let facts = store.facts(STREAM, 0, 10).unwrap();
    assert_eq!(
        facts.iter().map(|fact| fact.kind).collect::<Vec<_>>(),
        [FactKind::Arrived, FactKind::Standing]
    );
    assert_eq!(facts[0].envelope.standing, Standing::SetAside);
}

pub(super) fn what_is_not_accepted_is_found_by_its_standing(store: &mut dyn LogStore) {
    let all: Vec<Envelope> = (0..4).map(|n| envelope(STREAM, 2, n)).collect();
    let unsent = all.iter().map(|envelope| NewEnvelope {
        outbox: None,
        ..kept(envelope)
    });
    let own = envelope(STREAM, 1, 0);
    store
        .commit(&with(unsent.chain([kept(&own)]).collect()))
        .unwrap();
    let [first, second, third] = [all[0].id(), all[1].id(), all[2].id()];
    let change = LogChange {
        standing: vec![
            (third, Standing::Refused),
            (first, Standing::Refused),
            (second, Standing::Unfit),
            (own.id(), Standing::Refused),
        ],
        refused: vec![(own.id(), "fork".into())],
        ..LogChange::default()
    };
    store.commit(&change).unwrap();
    let found = |store: &dyn LogStore, standing| store.with_standing(STREAM, standing).unwrap();
    assert_eq!(found(store, Standing::Refused), [first, third]);
    assert_eq!(found(store, Standing::Unfit), [second]);
    assert_eq!(found(store, Standing::SetAside), []);
    assert!(
        store
            .with_standing(OTHER, Standing::Refused)
            .unwrap()
            .is_empty()
    );
    let count = |store: &dyn LogStore, standing| store.count_standing(STREAM, standing).unwrap();
    assert_eq!(count(store, Standing::Refused), 2, "not own work");
    assert_eq!(count(store, Standing::Unfit), 1);
    assert_eq!(count(store, Standing::SetAside), 0);
    assert_eq!(count(store, Standing::Accepted), 0, "nobody asks");
    assert_eq!(store.count_standing(OTHER, Standing::Refused).unwrap(), 0);
    let newest = |limit| store.newest_with_standing(STREAM, Standing::Refused, limit);
    assert_eq!(newest(1).unwrap(), [third]);
    assert_eq!(newest(9).unwrap(), [third, first]);
    let again = LogChange {
        standing: vec![(second, Standing::Accepted)],
        ..LogChange::default()
    };
    store.commit(&again).unwrap();
    assert_eq!(found(store, Standing::Unfit), []);
}
