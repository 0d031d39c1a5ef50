//! Two values under one key. `admit` takes them only from somebody who found a collision of 80 bits,
//! so the changes here are made without it.

use super::*;
use crate::chunk::Parts;

const DOCUMENT: DocumentId = DocumentId::from_bytes([0xd0; 16]);

fn key(n: u8) -> EntryKey {
    EntryKey::from_parts(UnixMillis(1_795_302_000_000), [n; 10])
}

/// The next change of the `run`-th actor, with this value under this key.
fn puts(run: u8, seq: u64, after: &[&Admitted], put: (EntryKey, Vec<u8>)) -> Admitted {
    let mut deps: Vec<ChangeHash> = after.iter().map(|change| change.hash()).collect();
    deps.sort_unstable();
    Admitted::colliding(
        Parts {
            start_op: after
                .iter()
                .map(|change| change.max_op())
                .max()
                .unwrap_or(0)
                + 1,
            deps,
            actor: Actor::from_bytes([run; 16]),
            seq,
            entries: vec![put],
        },
        DOCUMENT,
    )
}

fn rival(newcomer: &Admitted, stands: &Admitted) -> Rival {
    Rival {
        newcomer: newcomer.hash(),
        stands: stands.hash(),
    }
}

#[test]
fn of_two_values_under_one_key_the_one_offered_first_stands_and_the_other_is_a_rival() {
    let shown = puts(1, 1, &[], (key(7), b"walks alone".to_vec()));
    // Greater by operation, actor and value.
    let first = puts(2, 1, &[], (key(8), b"something else".to_vec()));
    let swapped = puts(2, 2, &[&first], (key(7), b"walks with two".to_vec()));
    let built_on = puts(3, 1, &[&swapped], (key(9), b"and so on".to_vec()));
    for apart in [true, false] {
        let mut doc = Doc::new(DOCUMENT);
        let log = [&shown, &first, &swapped, &built_on].map(Clone::clone);
        let applied = if apart {
            let mut all = Applied::default();
            for change in log {
                let one = doc.apply(vec![change]);
                all.ready.extend(one.ready);
                all.rivals.extend(one.rivals);
                all.waiting.extend(one.waiting);
            }
            all
        } else {
            doc.apply(log.to_vec())
        };
        assert_eq!(applied.rivals, [rival(&swapped, &shown)]);
        assert_eq!(applied.waiting, [built_on.hash()]);
        assert_eq!(doc.entry(&key(7)), Some(&b"walks alone"[..]));
        assert_eq!(doc.len(), 2);
        // A save knows of one value only, and is read back as it was.
        let save = doc.save().unwrap();
        assert!(!save.windows(14).any(|bytes| bytes == b"walks with two"));
    }
    let mut other = Doc::new(DOCUMENT);
    let applied = other.apply(vec![first, swapped.clone(), shown.clone()]);
    assert_eq!(applied.rivals, [rival(&shown, &swapped)]);
    assert_eq!(other.entry(&key(7)), Some(&b"walks with two"[..]));
}

#[test]
fn a_value_that_waited_pushes_out_none_that_stood_before_it_could() {
    let dep = puts(3, 1, &[], (key(1), b"first".to_vec()));
    let waited = puts(1, 1, &[&dep], (key(7), b"posted long ago".to_vec()));
    let taken = puts(2, 1, &[], (key(7), b"what all have seen".to_vec()));
    let mut doc = Doc::new(DOCUMENT);
    assert_eq!(doc.apply(vec![waited.clone()]).waiting, [waited.hash()]);
    doc.apply(vec![taken.clone()]);
    let applied = doc.apply(vec![dep]);
    assert_eq!(applied.rivals, [rival(&waited, &taken)]);
    assert_eq!(doc.entry(&key(7)), Some(&b"what all have seen"[..]));
}

#[test]
fn an_actor_that_uses_its_own_key_twice_is_refused_whatever_came_between() {
    let first = puts(1, 1, &[], (key(7), b"one".to_vec()));
    let again = puts(1, 2, &[&first], (key(7), b"two".to_vec()));
    let mut doc = Doc::new(DOCUMENT);
    let applied = doc.apply(vec![again.clone(), first]);
    assert_eq!(applied.refused, [(again.hash(), Refused::KeyTaken)]);
    assert_eq!(doc.entry(&key(7)), Some(&b"one"[..]));
}
