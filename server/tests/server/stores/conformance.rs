//! What every store must do, as one suite: `conformance!(name, |folder| store)`.

use bytes::Bytes;
use ids::{DeviceId, InviteId, RosterSeq, Seq};
use lamplight_server::store::Swap;
use lamplight_server::{LogStore, StoreError};

use super::samples::*;

/// Makes a module of tests for one kind of store.
macro_rules! conformance {
    ($name:ident, $open:expr) => {
        mod $name {
            use $crate::stores::conformance as suite;

            $crate::stores::conformance::conformance!(@tests $open;
                an_empty_store_holds_nothing,
                a_facility_is_founded_once_and_a_token_used_once,
                a_roster_grows_only_from_where_it_stands,
                a_refused_swap_leaves_no_trace,
                a_blob_stays_until_its_invitation_is_used,
                an_invitation_belongs_to_who_came_first,
                wraps_come_by_entry_and_are_never_divided,
                rows_come_back_unchanged_from_any_position,
                a_portion_ends_when_its_bytes_are_reached,
                the_newest_and_any_other_place_of_a_run_are_found,
                rows_for_another_head_are_a_conflict,
                one_bad_append_keeps_all_of_them_out,
                a_natural_key_is_stored_once,
                facilities_and_streams_are_apart,
                bytes_are_counted,
                the_newest_mark_of_each_device_is_kept,
            );
        }
    };
    (@tests $open:expr; $($test:ident,)*) => {$(
        #[test]
        fn $test() {
            let folder = tempfile::tempdir().unwrap();
            let open = $open;
            suite::$test(&mut open(folder.path()));
        }
    )*};
}

pub(crate) use conformance;

pub fn an_empty_store_holds_nothing(store: &mut impl LogStore) {
    assert_eq!(store.facilities().unwrap(), []);
    assert_eq!(store.roster(MAPLE, RosterSeq(0), 1_000).unwrap(), []);
}

pub fn a_facility_is_founded_once_and_a_token_used_once(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    assert!(!store.found([2; 32], &batch(MAPLE, 0, &[9])).unwrap());
    assert!(!store.found([1; 32], &batch(BIRCH, 0, &[9])).unwrap());
    assert_eq!(store.facilities().unwrap(), [MAPLE]);
    assert_eq!(
        store.roster(MAPLE, RosterSeq(0), 1_000).unwrap(),
        [entry(1)]
    );
    found(store, BIRCH, 3);
    assert_eq!(store.facilities().unwrap().len(), 2);
    assert_eq!(store.heads(MAPLE).unwrap(), [head(CARE), head(DIRECTORY)]);
}

pub fn a_roster_grows_only_from_where_it_stands(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    assert_eq!(
        store.append_roster(&batch(MAPLE, 1, &[2, 3])).unwrap(),
        Swap::Done
    );
    let stale = store.append_roster(&batch(MAPLE, 1, &[4])).unwrap();
    assert_eq!(stale, Swap::Conflict { head: RosterSeq(3) });
    assert_eq!(
        store.append_roster(&batch(MAPLE, 3, &[4])).unwrap(),
        Swap::Done
    );
    let all = store.roster(MAPLE, RosterSeq(0), 100_000).unwrap();
    assert_eq!(all, [entry(1), entry(2), entry(3), entry(4)]);
    assert_eq!(
        store.roster(MAPLE, RosterSeq(3), 100_000).unwrap(),
        [entry(4)]
    );
    assert_eq!(
        store.roster(MAPLE, RosterSeq(1), 150).unwrap(),
        [entry(2), entry(3)]
    );
    assert_eq!(store.roster(MAPLE, RosterSeq(1), 1).unwrap(), [entry(2)]);
}

pub fn a_refused_swap_leaves_no_trace(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    let mut stale = batch(MAPLE, 7, &[2]);
    stale.blob = Some((INVITE, Bytes::from_static(b"blob")));
    stale.wraps = vec![wrap(CARE, 8, 9)];
    stale.opened = vec![head(ids::StreamId::from_bytes([99; 16]))];
    assert!(matches!(
        store.append_roster(&stale).unwrap(),
        Swap::Conflict { .. }
    ));
    assert_eq!(store.invite_blob(MAPLE, INVITE).unwrap(), None);
    assert_eq!(store.heads(MAPLE).unwrap().len(), 2);
    assert_eq!(
        store
            .wraps(MAPLE, CARE, RosterSeq(0), 10_000)
            .unwrap()
            .len(),
        2
    );
}

pub fn a_blob_stays_until_its_invitation_is_used(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    let mut invite = batch(MAPLE, 1, &[2]);
    invite.blob = Some((INVITE, Bytes::from_static(b"blob")));
    store.append_roster(&invite).unwrap();
    let blob = store.invite_blob(MAPLE, INVITE).unwrap();
    assert_eq!(blob.as_deref(), Some(b"blob".as_slice()));
    assert_eq!(store.facility_of_invite(INVITE).unwrap(), Some(MAPLE));
    let mut accept = batch(MAPLE, 2, &[3]);
    accept.used = vec![INVITE];
    store.append_roster(&accept).unwrap();
    assert_eq!(store.invite_blob(MAPLE, INVITE).unwrap(), None);
    assert_eq!(store.facility_of_invite(INVITE).unwrap(), None);
}

pub fn an_invitation_belongs_to_who_came_first(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    found(store, BIRCH, 2);
    let mut invite = batch(MAPLE, 1, &[2]);
    invite.blob = Some((INVITE, Bytes::from_static(b"blob")));
    store.append_roster(&invite).unwrap();
    let mut copied = batch(BIRCH, 1, &[3]);
    copied.blob = Some((INVITE, Bytes::from_static(b"copied")));
    let refused = store.append_roster(&copied);
    assert!(matches!(refused, Err(StoreError::Conflict)), "{refused:?}");
    assert_eq!(store.facility_of_invite(INVITE).unwrap(), Some(MAPLE));
    let blob = store.invite_blob(MAPLE, INVITE).unwrap();
    assert_eq!(blob, Some(Bytes::from_static(b"blob")));
    assert_eq!(store.roster(BIRCH, RosterSeq(1), 1_000).unwrap(), []);
}

pub fn wraps_come_by_entry_and_are_never_divided(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    let mut second = batch(MAPLE, 1, &[2]);
    second.wraps = vec![wrap(CARE, 2, 4), wrap(CARE, 2, 5)];
    store.append_roster(&second).unwrap();
    let of = |store: &mut _, after, bytes| -> Vec<u8> {
        let wraps = LogStore::wraps(store, MAPLE, CARE, RosterSeq(after), bytes).unwrap();
        wraps.iter().map(|wrap| wrap.bytes[0]).collect()
    };
    assert_eq!(of(store, 0, 10_000), [1, 2, 4, 5]);
    assert_eq!(of(store, 1, 10_000), [4, 5]);
    assert_eq!(of(store, 2, 10_000), [0u8; 0]);
    assert_eq!(of(store, 0, 1), [1, 2]);
    assert_eq!(of(store, 0, 160), [1, 2]);
    assert_eq!(of(store, 0, 161), [1, 2, 4, 5]);
}

pub fn rows_come_back_unchanged_from_any_position(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    let made = rows(head(CARE), run(CARE, 1), 0, 5);
    store
        .append(&[append(MAPLE, head(CARE), made.clone())])
        .unwrap();
    for from in 0..7u64 {
        let got = store.rows(MAPLE, CARE, Seq(from), 100_000).unwrap();
        let expected: Vec<_> = made
            .iter()
            .filter(|row| row.place.seq.0 >= from.max(1))
            .collect();
        assert_eq!(got.len(), expected.len());
        for (got, made) in got.iter().zip(expected) {
            assert_eq!(
                (got.seq, got.roster_seq),
                (made.place.seq, made.place.roster_seq)
            );
            assert_eq!(got.envelope, made.envelope);
        }
    }
    assert_eq!(store.rows(MAPLE, CARE, Seq(u64::MAX), 100).unwrap(), []);
    let after = head_of(store, MAPLE, CARE);
    assert_eq!((after.seq, after.chain), (Seq(5), made[4].chain));
    assert_eq!(after.roster_seq, RosterSeq(1));
}

pub fn a_portion_ends_when_its_bytes_are_reached(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    store
        .append(&[append(
            MAPLE,
            head(CARE),
            rows(head(CARE), run(CARE, 1), 0, 5),
        )])
        .unwrap();
    for (bytes, expected) in [(1, 1), (1_000, 1), (1_001, 2), (2_000, 2), (100_000, 5)] {
        assert_eq!(
            store.rows(MAPLE, CARE, Seq(1), bytes).unwrap().len(),
            expected,
            "{bytes}"
        );
    }
}

pub fn the_newest_and_any_other_place_of_a_run_are_found(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    let made = rows(head(CARE), run(CARE, 1), 0, 3);
    store
        .append(&[append(MAPLE, head(CARE), made.clone())])
        .unwrap();
    assert_eq!(
        store.run_head(MAPLE, &run(CARE, 1)).unwrap(),
        Some(made[2].place)
    );
    assert_eq!(store.run_head(MAPLE, &run(CARE, 2)).unwrap(), None);
    assert_eq!(store.run_head(MAPLE, &run(DIRECTORY, 1)).unwrap(), None);
    for (n, row) in (0..).zip(&made) {
        assert_eq!(
            store.run_place(MAPLE, &run(CARE, 1), n).unwrap(),
            Some(row.place)
        );
    }
    assert_eq!(store.run_place(MAPLE, &run(CARE, 1), 3).unwrap(), None);
    assert_eq!(
        store.run_place(MAPLE, &run(CARE, 1), u64::MAX).unwrap(),
        None
    );
}

pub fn rows_for_another_head_are_a_conflict(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    store
        .append(&[append(
            MAPLE,
            head(CARE),
            rows(head(CARE), run(CARE, 1), 0, 1),
        )])
        .unwrap();
    let late = append(MAPLE, head(CARE), rows(head(CARE), run(CARE, 2), 0, 1));
    assert!(matches!(store.append(&[late]), Err(StoreError::Conflict)));
    assert_eq!(head_of(store, MAPLE, CARE).seq, Seq(1));
}

pub fn one_bad_append_keeps_all_of_them_out(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    let founded = store.usage(MAPLE).unwrap();
    let good = append(MAPLE, head(CARE), rows(head(CARE), run(CARE, 1), 0, 2));
    let mut wrong = head(DIRECTORY);
    wrong.seq = Seq(7);
    let bad = append(MAPLE, wrong, rows(wrong, run(DIRECTORY, 1), 0, 1));
    assert!(store.append(&[good.clone(), bad]).is_err());
    assert_eq!(store.rows(MAPLE, CARE, Seq(1), 100).unwrap(), []);
    assert_eq!(head_of(store, MAPLE, CARE), head(CARE));
    assert_eq!(store.usage(MAPLE).unwrap(), founded);
    store.append(&[good]).unwrap();
}

pub fn a_natural_key_is_stored_once(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    store
        .append(&[append(
            MAPLE,
            head(CARE),
            rows(head(CARE), run(CARE, 1), 0, 2),
        )])
        .unwrap();
    let now = head_of(store, MAPLE, CARE);
    let again = append(MAPLE, now, rows(now, run(CARE, 1), 1, 1));
    assert!(matches!(store.append(&[again]), Err(StoreError::Conflict)));
    assert_eq!(head_of(store, MAPLE, CARE), now);
    // A run of the same name is another device's own.
    let mut theirs = run(CARE, 1);
    theirs.device = DeviceId::from_bytes([10; 16]);
    assert_eq!(store.run_head(MAPLE, &theirs).unwrap(), None);
    store
        .append(&[append(MAPLE, now, rows(now, theirs, 0, 1))])
        .unwrap();
    let head = |store: &mut _, run: &_| LogStore::run_head(store, MAPLE, run).unwrap();
    assert_eq!(head(store, &run(CARE, 1)).unwrap().run_seq, 1);
    assert_eq!(head(store, &theirs).unwrap().run_seq, 0);
}

pub fn facilities_and_streams_are_apart(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    found(store, BIRCH, 2);
    store
        .append(&[
            append(MAPLE, head(CARE), rows(head(CARE), run(CARE, 1), 0, 2)),
            append(
                MAPLE,
                head(DIRECTORY),
                rows(head(DIRECTORY), run(DIRECTORY, 1), 0, 1),
            ),
            append(BIRCH, head(CARE), rows(head(CARE), run(CARE, 1), 0, 3)),
        ])
        .unwrap();
    assert_eq!(store.rows(MAPLE, CARE, Seq(1), 100_000).unwrap().len(), 2);
    assert_eq!(
        store.rows(MAPLE, DIRECTORY, Seq(1), 100_000).unwrap().len(),
        1
    );
    assert_eq!(store.rows(BIRCH, CARE, Seq(1), 100_000).unwrap().len(), 3);
    assert_eq!(
        store.rows(BIRCH, DIRECTORY, Seq(1), 100_000).unwrap().len(),
        0
    );
    store.append_roster(&batch(MAPLE, 1, &[2])).unwrap();
    assert_eq!(store.roster(BIRCH, RosterSeq(0), 10_000).unwrap().len(), 1);
}

pub fn bytes_are_counted(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    // One entry and three wraps.
    assert_eq!(store.usage(MAPLE).unwrap(), 100 + 3 * 80);
    store
        .append(&[append(
            MAPLE,
            head(CARE),
            rows(head(CARE), run(CARE, 1), 0, 3),
        )])
        .unwrap();
    assert_eq!(store.usage(MAPLE).unwrap(), 340 + 3_000);
    let mut invite = batch(MAPLE, 1, &[2]);
    invite.blob = Some((INVITE, Bytes::from(vec![1; 50])));
    store.append_roster(&invite).unwrap();
    assert_eq!(store.usage(MAPLE).unwrap(), 3_340 + 100 + 50);
    let mut accept = batch(MAPLE, 2, &[3]);
    accept.used = vec![INVITE, InviteId::from_bytes([77; 16])];
    store.append_roster(&accept).unwrap();
    assert_eq!(store.usage(MAPLE).unwrap(), 3_440 + 100);
}

pub fn the_newest_mark_of_each_device_is_kept(store: &mut impl LogStore) {
    found(store, MAPLE, 1);
    store.keep_seen(MAPLE, &[mark(1, 3), mark(2, 4)]).unwrap();
    store.keep_seen(MAPLE, &[mark(1, 5)]).unwrap();
    assert_eq!(store.seen(MAPLE).unwrap(), [mark(1, 5), mark(2, 4)]);
    assert_eq!(store.seen(BIRCH).unwrap_or_default(), []);
}
