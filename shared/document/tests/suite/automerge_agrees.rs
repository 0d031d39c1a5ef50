//! The differential tests: our writer against Automerge's, our reader against Automerge's.

use crate::bytes::{chunk_around, data_of};
use crate::house::{DOCUMENT, NOW, author, empty, reads, value};
use automerge::transaction::{CommitOptions, Transactable};
use automerge::{ActorId, Automerge, Change, ROOT, ReadDoc, SaveOptions, ScalarValue, Value};
use document::{Actor, Admitted, Doc, admit, entry_key, read_save};
use ids::{ChangeHash, UnixMillis};
use proptest::prelude::*;

/// What Automerge itself writes for the same entries.
fn write_with_automerge(
    automerge: &mut Automerge,
    actor: &Actor,
    now: UnixMillis,
    values: &[Vec<u8>],
) -> Vec<u8> {
    automerge.set_actor(ActorId::from(*actor.as_bytes()));
    let mut transaction = automerge.transaction();
    for value in values {
        let key = entry_key(&DOCUMENT, actor, now, value).unwrap();
        transaction
            .put(ROOT, key.as_str(), ScalarValue::Bytes(value.clone()))
            .unwrap();
    }
    transaction.commit_with(CommitOptions::default().with_time(0));
    automerge
        .get_last_local_change()
        .unwrap()
        .raw_bytes()
        .to_vec()
}

/// What Automerge reads in the chunk.
fn assert_automerge_reads_the_same(admitted: &Admitted) {
    let change = Change::try_from(admitted.chunk()).unwrap();
    assert_eq!(change.hash().0, admitted.hash().to_bytes());
    assert_eq!(change.seq(), admitted.seq());
    assert_eq!(change.actor_id().to_bytes(), admitted.actor().as_bytes());
    assert_eq!(change.start_op().get(), admitted.start_op());
    assert_eq!(change.max_op(), admitted.max_op());
    assert_eq!(change.timestamp(), 0);
    assert_eq!(change.message(), None);
    assert!(change.extra_bytes().is_empty() && change.other_actor_ids().is_empty());
    let deps: Vec<ChangeHash> = change
        .deps()
        .iter()
        .map(|dep| ChangeHash::from_bytes(dep.0))
        .collect();
    assert_eq!(deps, admitted.deps());
    let decoded = change.decode();
    assert_eq!(decoded.operations.len(), admitted.entries().len());
    for (operation, (key, value)) in decoded.operations.iter().zip(admitted.entries()) {
        assert_eq!(
            format!("{:?}", operation.key),
            format!("Map({:?})", key.as_str())
        );
        assert_eq!(
            operation.primitive_value(),
            Some(ScalarValue::Bytes(value.clone()))
        );
        assert!(operation.pred.is_empty() && !operation.insert);
    }
}

const UNCOMPRESSED: SaveOptions = SaveOptions {
    deflate: false,
    retain_orphans: false,
};

fn entries_of(doc: &Doc) -> Vec<(String, Vec<u8>)> {
    doc.entries()
        .map(|(key, value)| (key.to_string(), value.to_vec()))
        .collect()
}

fn entries_of_automerge(automerge: &Automerge) -> Vec<(String, Vec<u8>)> {
    automerge
        .map_range(ROOT, ..)
        .map(|item| match item.value.into_value() {
            Value::Scalar(value) => match value.into_owned() {
                ScalarValue::Bytes(bytes) => (item.key.to_string(), bytes),
                other => panic!("{other:?}"),
            },
            Value::Object(_) => panic!("an object"),
        })
        .collect()
}

/// What happens to a chunk on its way.
#[derive(Clone, Debug)]
enum Damage {
    Flip(prop::sample::Index, u8),
    Cut(prop::sample::Index),
    /// The head of one chunk and the tail of another.
    Splice(prop::sample::Index, prop::sample::Index),
    Insert(prop::sample::Index, Vec<u8>),
    Remove(prop::sample::Index, usize),
}

fn damages() -> impl Strategy<Value = Vec<Damage>> {
    use prop::sample::Index;
    let damage = prop_oneof![
        6 => (any::<Index>(), 0..8u8).prop_map(|(at, bit)| Damage::Flip(at, bit)),
        1 => any::<Index>().prop_map(Damage::Cut),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(a, b)| Damage::Splice(a, b)),
        1 => (any::<Index>(), prop::collection::vec(any::<u8>(), 1..4))
            .prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => (any::<Index>(), 1..5usize).prop_map(|(at, len)| Damage::Remove(at, len)),
    ];
    prop::collection::vec(damage, 1..3)
}

fn apply_damage(bytes: &mut Vec<u8>, other: &[u8], damage: &Damage) {
    if bytes.is_empty() {
        return;
    }
    match damage {
        Damage::Flip(at, bit) => *at.get_mut(bytes) ^= 1 << bit,
        Damage::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Damage::Splice(at, from) => {
            bytes.truncate(at.index(bytes.len()));
            bytes.extend(&other[from.index(other.len())..]);
        }
        Damage::Insert(at, inserted) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, inserted.iter().copied());
        }
        Damage::Remove(at, len) => {
            let at = at.index(bytes.len());
            bytes.drain(at..(at + len).min(bytes.len()));
        }
    }
}

/// Damage inside a chunk whose checksum is then made right again. Most of it is refused; what is not,
/// Automerge reads just like us, and a document takes it without a panic.
#[test]
fn damaged_chunks_are_refused_or_read_as_automerge_reads_them() {
    let repaired = prop::bool::weighted(0.9);
    let drawn = (1..4u64, damages(), repaired, any::<bool>());
    reads(
        (40, 4_096),
        &drawn,
        |(count, damages, repaired, in_deps)| {
            let mut doc = empty();
            let before = doc.write(&author(1), NOW, vec![value(0)]).unwrap();
            let values = (1..=count).map(value).collect();
            let chunk = doc.write(&author(1), NOW, values).unwrap().chunk;
            let mut data = data_of(&chunk).unwrap().to_vec();
            // Half the time only the front, where dependencies and numbers stand: entries are guarded
            // by the hashes in their keys, and hardly any damage there is admitted.
            let tail = if in_deps {
                data.split_off(53)
            } else {
                Vec::new()
            };
            for damage in &damages {
                apply_damage(&mut data, data_of(&before.chunk).unwrap(), damage);
            }
            data.extend(tail);
            let mut damaged = chunk_around(1, &data);
            if !repaired {
                damaged[4] ^= 1;
            }
            let Ok(admitted) = admit(&damaged, &DOCUMENT, &author(1)) else {
                return Ok(false);
            };
            assert_automerge_reads_the_same(&admitted);
            let mut doc = empty();
            let first = admit(&before.chunk, &DOCUMENT, &author(1)).unwrap();
            let applied = std::panic::catch_unwind(move || {
                doc.apply(vec![first, admitted]);
                let save = doc.save().unwrap();
                (Doc::load(DOCUMENT, &save).unwrap().heads(), doc.heads())
            });
            prop_assert!(applied.is_ok_and(|(loaded, heads)| loaded == heads));
            Ok(true)
        },
    );
}

#[derive(Clone, Debug)]
enum Step {
    /// Replica, author, and the lengths of the values.
    Write(usize, u8, Vec<usize>),
    /// From, to.
    Merge(usize, usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lengths =
        prop::collection::vec(prop_oneof![1..40usize, Just(7), Just(127), Just(300)], 1..9);
    let step = prop_oneof![
        3 => (0..3usize, 0..2u8, lengths).prop_map(|(at, who, lengths)| Step::Write(at, who, lengths)),
        1 => (0..3usize, 0..3usize).prop_map(|(from, to)| Step::Merge(from, to)),
    ];
    prop::collection::vec(step, 1..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn honest_writes_are_what_automerge_writes_and_reads(steps in steps()) {
        let mut replicas: Vec<_> = (0..3).map(|_| (empty(), Automerge::new(), Vec::new())).collect();
        let mut number = 0;
        for step in steps {
            match step {
                Step::Write(at, who, lengths) => {
                    // Replica and author together are one actor: two tablets never share a run.
                    let actor = author(u8::try_from(at).unwrap() * 2 + who);
                    let (doc, automerge, log) = &mut replicas[at];
                    let values: Vec<Vec<u8>> = lengths.iter().map(|len| {
                        number += 1;
                        let mut value = value(number);
                        value.resize(value.len().max(*len), b'.');
                        value
                    }).collect();
                    let theirs = write_with_automerge(automerge, &actor, NOW, &values);
                    let ours = doc.write(&actor, NOW, values).unwrap();
                    prop_assert_eq!(&ours.chunk, &theirs);
                    let admitted = admit(&theirs, &DOCUMENT, &actor).unwrap();
                    assert_automerge_reads_the_same(&admitted);
                    prop_assert_eq!(admitted.hash(), ours.hash);
                    log.push(admitted);
                }
                Step::Merge(from, to) => {
                    let changes: Vec<Admitted> = replicas[from].2.clone();
                    let (doc, automerge, log) = &mut replicas[to];
                    let theirs: Vec<Change> =
                        changes.iter().map(|c| Change::try_from(c.chunk()).unwrap()).collect();
                    automerge.apply_changes(theirs).unwrap();
                    let applied = doc.apply(changes);
                    prop_assert!(applied.refused.is_empty() && applied.rivals.is_empty());
                    prop_assert!(applied.waiting.is_empty());
                    log.extend(applied.ready);
                }
            }
        }
        for (doc, automerge, log) in &mut replicas {
            let mut heads: Vec<_> = automerge.get_heads().iter().map(|h| ChangeHash::from_bytes(h.0)).collect();
            heads.sort_unstable();
            prop_assert_eq!(doc.heads(), heads);
            prop_assert_eq!(entries_of(doc), entries_of_automerge(automerge));

            let ours = doc.save().unwrap();
            let theirs = automerge.save_with_options(UNCOMPRESSED);
            let read = Automerge::load(&ours).unwrap();
            prop_assert_eq!(entries_of(doc), entries_of_automerge(&read));
            let mut hashes: Vec<ChangeHash> = log.iter().map(Admitted::hash).collect();
            hashes.sort_unstable();
            for save in [ours, theirs] {
                let mut saved: Vec<ChangeHash> =
                    read_save(&save, &DOCUMENT).unwrap().iter().map(Admitted::hash).collect();
                saved.sort_unstable();
                prop_assert_eq!(&saved, &hashes);
                let loaded = Doc::load(DOCUMENT, &save).unwrap();
                prop_assert_eq!(loaded.heads(), doc.heads());
                prop_assert_eq!(entries_of(&loaded), entries_of(doc));
            }
        }
    }
}
