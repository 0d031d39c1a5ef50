//! Order of arrival, waiting, and the rules that need more than one change.

use crate::bytes::Forged;
use crate::house::{DOCUMENT, NOW, author, empty, value, write, write_values};
use automerge::{Automerge, ReadDoc};
use document::{Admitted, Applied, Doc, Refused, admit, read_save};
use ids::{ChangeHash, limits};
use proptest::prelude::*;

fn hashes(changes: &[Admitted]) -> Vec<ChangeHash> {
    changes.iter().map(Admitted::hash).collect()
}

/// A line of changes by one author.
fn line(n: u8, count: u64) -> Vec<Admitted> {
    let mut doc = empty();
    (0..count)
        .map(|number| write(&mut doc, n, number))
        .collect()
}

/// A forged change that nevertheless passes `admit`.
fn forge(n: u8, number: u64, seq: u64, start_op: u64, deps: &[ChangeHash]) -> Admitted {
    let mut deps: Vec<[u8; 32]> = deps.iter().map(|dep| dep.to_bytes()).collect();
    deps.sort_unstable();
    deps.dedup();
    let forged = Forged {
        seq,
        start_op,
        deps,
        ..crate::bytes::honest(&author(n), &[value(number)])
    };
    admit(&forged.chunk(), &DOCUMENT, &author(n)).unwrap()
}

#[track_caller]
fn assert_only_refused(doc: &mut Doc, change: Admitted, why: Refused) {
    let (heads, hash) = (doc.heads(), change.hash());
    let expected = Applied {
        refused: vec![(hash, why)],
        ..Applied::default()
    };
    assert_eq!(doc.apply(vec![change]), expected);
    assert_eq!(doc.heads(), heads);
}

#[test]
fn the_same_inputs_give_the_same_bytes() {
    let write_twice = || {
        let mut doc = empty();
        let first = write_values(&mut doc, 1, vec![value(1), value(2)]);
        let second = write_values(&mut doc, 1, vec![value(3)]);
        (first.chunk, second.chunk, doc.save().unwrap())
    };
    assert_eq!(write_twice(), write_twice());
}

#[test]
fn changes_backwards_wait_and_then_all_apply() {
    let changes = line(1, 5);
    let mut doc = empty();
    for change in changes.iter().skip(1).rev() {
        let applied = doc.apply(vec![change.clone()]);
        assert_eq!(applied.waiting, [change.hash()]);
        assert!(applied.ready.is_empty());
    }
    assert_eq!((doc.waiting(), doc.len()), (4, 0));
    assert_eq!(doc.missing(), [changes[0].hash()]);
    let applied = doc.apply(vec![changes[0].clone()]);
    assert_eq!(hashes(&applied.ready), hashes(&changes));
    assert_eq!((doc.waiting(), doc.len()), (0, 5));
    assert_eq!(doc.missing(), []);
    assert_eq!(doc.seq_of(&author(1)), 5);
    assert_eq!(doc.change_of(&author(1), 3), Some(changes[2].hash()));
    assert!(doc.contains(&changes[4].hash()));
}

#[test]
fn a_batch_in_any_order_applies_at_once() {
    let mut changes = line(1, 5);
    changes.reverse();
    let mut doc = empty();
    let applied = doc.apply(changes.clone());
    assert_eq!(applied.ready.len(), 5);
    assert!(applied.waiting.is_empty());
    let again = doc.apply(changes.clone());
    assert_eq!(again.known, hashes(&changes));
    assert!(again.ready.is_empty());
}

#[test]
fn a_waiting_change_offered_again_still_waits_once() {
    let changes = line(1, 2);
    let mut doc = empty();
    for _ in 0..3 {
        let applied = doc.apply(vec![changes[1].clone()]);
        assert_eq!(applied.waiting, [changes[1].hash()]);
    }
    assert_eq!(doc.waiting(), 1);
}

#[test]
fn what_waits_is_bounded_per_actor() {
    let changes = line(1, limits::WAITING_PER_AUTHOR as u64 + 2);
    let mut doc = empty();
    let (first, rest) = changes.split_first().unwrap();
    let (last, within) = rest.split_last().unwrap();
    assert_eq!(
        doc.apply(within.to_vec()).waiting.len(),
        limits::WAITING_PER_AUTHOR
    );
    assert_eq!(doc.apply(vec![last.clone()]).turned_away, [last.hash()]);
    // Another author's are not turned away for it.
    let others = line(2, 2);
    assert_eq!(
        doc.apply(vec![others[1].clone()]).waiting,
        [others[1].hash()]
    );
    assert_eq!(
        doc.apply(vec![first.clone()]).ready.len(),
        changes.len() - 1
    );
    assert_eq!(doc.apply(vec![last.clone()]).ready.len(), 1);
}

#[test]
fn what_waits_is_bounded_in_all() {
    let per_actor = limits::WAITING_PER_AUTHOR;
    let actors = (limits::WAITING / per_actor) as u8;
    let mut doc = empty();
    for actor in 1..=actors {
        let behind = line(actor, per_actor as u64 + 1).split_off(1);
        let applied = doc.apply(behind);
        assert_eq!(applied.waiting.len(), per_actor, "actor {actor}");
    }
    assert_eq!(doc.waiting(), limits::WAITING);
    let one_more = line(actors + 1, 2).remove(1);
    let applied = doc.apply(vec![one_more.clone()]);
    assert_eq!(applied.turned_away, [one_more.hash()]);
}

#[test]
fn the_second_change_with_one_sequence_number_is_a_rival() {
    let mut doc = empty();
    let first = write(&mut doc, 1, 1);
    let second = write(&mut empty(), 1, 2);
    let applied = doc.apply(vec![second.clone()]);
    assert_eq!(applied.rivals.len(), 1);
    assert_eq!(applied.rivals[0].newcomer, second.hash());
    assert_eq!(applied.rivals[0].stands, first.hash());
    assert_eq!(doc.heads(), [first.hash()]);
    assert_eq!(doc.len(), 1);
}

#[test]
fn of_two_that_wait_for_a_third_the_one_that_was_offered_first_stands() {
    let third = write(&mut empty(), 2, 50);
    let [one, two] = [1, 2].map(|value| forge(1, value, 1, 2, &[third.hash()]));
    for (first, second) in [(&one, &two), (&two, &one)] {
        let mut waited = empty();
        waited.apply(vec![first.clone(), second.clone()]);
        let applied = waited.apply(vec![third.clone()]);
        assert_eq!(applied.rivals[0].newcomer, second.hash());
        let mut had_it = empty();
        had_it.apply(vec![third.clone()]);
        had_it.apply(vec![first.clone()]);
        let applied = had_it.apply(vec![second.clone()]);
        assert_eq!(applied.rivals[0].stands, first.hash());
        assert_eq!(waited.heads(), had_it.heads());
    }
}

#[test]
fn every_change_must_name_its_previous_one() {
    let base = line(1, 3);
    let mut doc = empty();
    doc.apply(base.clone());
    let [one, two, three] = [base[0].hash(), base[1].hash(), base[2].hash()];
    let other = write(&mut doc, 2, 50);
    // A gap, no previous one, an older one, one of another author only, and two of its own.
    assert_only_refused(&mut doc, forge(1, 9, 5, 4, &[three]), Refused::NotChained);
    assert_only_refused(&mut doc, forge(1, 9, 4, 1, &[]), Refused::NotChained);
    assert_only_refused(&mut doc, forge(1, 9, 4, 3, &[two]), Refused::NotChained);
    assert_only_refused(
        &mut doc,
        forge(1, 9, 4, 5, &[other.hash()]),
        Refused::NotChained,
    );
    assert_only_refused(
        &mut doc,
        forge(1, 9, 4, 4, &[one, three]),
        Refused::NotChained,
    );
    // A first change that is not the first.
    assert_only_refused(&mut doc, forge(1, 9, 1, 4, &[three]), Refused::NotChained);
    let good = forge(1, 9, 4, 5, &[three, other.hash()]);
    assert_eq!(doc.apply(vec![good]).ready.len(), 1);
}

#[test]
fn operations_must_be_numbered_one_past_the_dependencies() {
    let base = line(1, 3);
    let mut doc = empty();
    doc.apply(base.clone());
    let head = [base[2].hash()];
    for start_op in [1, 2, 3, 5, 1_000_000] {
        assert_only_refused(&mut doc, forge(1, 9, 4, start_op, &head), Refused::StartOp);
        assert_only_refused(&mut doc, forge(2, 9, 1, start_op, &head), Refused::StartOp);
    }
    assert_only_refused(&mut doc, forge(2, 9, 1, 2, &[]), Refused::StartOp);
    assert_eq!(doc.apply(vec![forge(2, 9, 1, 4, &head)]).ready.len(), 1);
}

#[test]
fn a_key_is_put_once_by_its_actor() {
    let mut doc = empty();
    let first = write(&mut doc, 1, 1);
    let again = forge(1, 1, 2, 2, &[first.hash()]);
    assert_only_refused(&mut doc, again, Refused::KeyTaken);
    let error = doc.write(&author(1), NOW, vec![value(1)]).unwrap_err();
    assert_eq!(error.0, Refused::KeyTaken);
    // The same words by another author are another entry.
    write(&mut doc, 2, 1);
    assert_eq!(doc.len(), 2);
}

#[test]
fn a_change_for_another_document_is_refused() {
    let elsewhere = ids::DocumentId::from_bytes([0xaa; 16]);
    let written = Doc::new(elsewhere)
        .write(&author(1), NOW, vec![value(1)])
        .unwrap();
    let change = admit(&written.chunk, &elsewhere, &author(1)).unwrap();
    assert_only_refused(&mut empty(), change, Refused::OtherDocument);
}

#[test]
fn nothing_is_written_without_values_or_outside_the_times_a_key_can_hold() {
    let mut doc = empty();
    assert!(doc.write(&author(1), NOW, vec![]).is_err());
    assert!(doc.write(&author(1), NOW, vec![vec![]]).is_err());
    for time in [-1, 1 << 48, i64::MAX, i64::MIN] {
        assert!(
            doc.write(&author(1), ids::UnixMillis(time), vec![value(1)])
                .is_err()
        );
    }
    assert_eq!((doc.len(), doc.heads()), (0, vec![]));
    for time in [0, (1 << 48) - 1] {
        assert!(
            doc.write(&author(1), ids::UnixMillis(time), vec![value(1)])
                .is_ok()
        );
    }
}

#[test]
fn more_heads_than_a_change_may_name_are_taken_up_in_turns() {
    let mut doc = empty();
    let concurrent: Vec<Admitted> = (0..=200).map(|n| write(&mut empty(), n, 1)).collect();
    doc.apply(concurrent);
    assert_eq!(doc.heads().len(), 201);
    let mut number = 100;
    while doc.heads().len() > 1 {
        let change = write(&mut doc, 250, number);
        assert!(change.deps().len() <= limits::DEPS_PER_CHANGE);
        number += 1;
    }
    assert_eq!(number, 104);
    let save = doc.save().unwrap();
    assert_eq!(Doc::load(DOCUMENT, &save).unwrap().heads(), doc.heads());
}

#[test]
fn a_refused_change_keeps_waiting_what_builds_on_it() {
    let base = line(1, 1);
    let mut doc = empty();
    doc.apply(base.clone());
    let bad = forge(2, 9, 1, 7, &[base[0].hash()]);
    let child = forge(2, 10, 2, 8, &[bad.hash()]);
    let applied = doc.apply(vec![child.clone(), bad.clone()]);
    assert_eq!(applied.refused, [(bad.hash(), Refused::StartOp)]);
    assert_eq!(applied.waiting, [child.hash()]);
}

/// A change by one of three forgers: any sequence number, any start, any of the changes before it
/// (or none, or an unknown one) as dependencies.
#[derive(Clone, Debug)]
struct Forgery {
    author: u8,
    seq: u64,
    start_shift: i64,
    deps: Vec<prop::sample::Index>,
    chained: bool,
    unknown_dep: bool,
}

fn forgeries() -> impl Strategy<Value = Vec<Forgery>> {
    let forgery = (
        0..3u8,
        1..5u64,
        prop_oneof![6 => Just(0i64), 1 => -3..4i64],
        prop::collection::vec(any::<prop::sample::Index>(), 0..4),
        prop::bool::weighted(0.8),
        prop::bool::weighted(0.05),
    )
        .prop_map(
            |(author, seq, start_shift, deps, chained, unknown_dep)| Forgery {
                author,
                seq,
                start_shift,
                deps,
                chained,
                unknown_dep,
            },
        );
    prop::collection::vec(forgery, 1..40)
}

fn build(forgeries: &[Forgery]) -> Vec<Admitted> {
    let mut changes: Vec<Admitted> = Vec::new();
    for (number, forgery) in (0..).zip(forgeries) {
        let mut seq = forgery.seq;
        let mut deps: Vec<ChangeHash> = Vec::new();
        if !changes.is_empty() {
            deps.extend(forgery.deps.iter().map(|index| index.get(&changes).hash()));
        }
        if forgery.chained {
            // As an honest change would: after its author's latest.
            let own = author(forgery.author);
            deps.retain(|dep| {
                changes
                    .iter()
                    .all(|c| c.hash() != *dep || *c.actor() != own)
            });
            let latest = changes
                .iter()
                .filter(|c| *c.actor() == own)
                .max_by_key(|c| c.seq());
            seq = latest.map_or(1, |latest| latest.seq() + 1);
            deps.extend(latest.map(Admitted::hash));
        }
        let last_op = changes
            .iter()
            .filter(|c| deps.contains(&c.hash()))
            .map(Admitted::max_op)
            .max();
        let start_op = (last_op.unwrap_or(0) + 1)
            .saturating_add_signed(forgery.start_shift)
            .max(1);
        if forgery.unknown_dep {
            deps.push(ChangeHash::from_bytes([0x55; 32]));
        }
        changes.push(forge(forgery.author, number, seq, start_op, &deps));
    }
    changes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever passes `admit` and our ordering, Automerge takes without a panic, and what it
    /// saves it can load.
    #[test]
    fn forged_changes_never_break_a_document(
        forgeries in forgeries(),
        order in any::<prop::sample::Index>(),
    ) {
        let changes = build(&forgeries);
        let mut shuffled = changes.clone();
        let turn = order.index(shuffled.len());
        shuffled.rotate_left(turn);

        let mut doc = empty();
        let applied = doc.apply(changes);
        let mut other = empty();
        let mut other_rivals = 0;
        for change in shuffled {
            other_rivals += other.apply(vec![change]).rivals.len();
        }
        for doc in [&mut doc, &mut other] {
            let save = doc.save().unwrap();
            let automerge = Automerge::load(&save).unwrap();
            let mut heads: Vec<_> =
                automerge.get_heads().iter().map(|h| ChangeHash::from_bytes(h.0)).collect();
            heads.sort_unstable();
            prop_assert_eq!(doc.heads(), heads);
            prop_assert_eq!(doc.len(), automerge.length(automerge::ROOT));
            prop_assert_eq!(read_save(&save, &DOCUMENT).unwrap().len(), automerge.get_changes(&[]).len());
            prop_assert_eq!(Doc::load(DOCUMENT, &save).unwrap().heads(), doc.heads());
        }
        if applied.rivals.is_empty() && other_rivals == 0 {
            prop_assert_eq!(doc.heads(), other.heads());
            prop_assert!(doc.entries().eq(other.entries()));
            prop_assert_eq!(doc.waiting(), other.waiting());
        }
    }
}
