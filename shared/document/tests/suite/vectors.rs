//! Golden vectors: bytes that never change. The files are written once, by hand, and only read.

use crate::body;
use crate::house::{DOCUMENT, NOW, author, empty, value};
use document::{authorship_message, entry_key, heads_hash};
use ids::ChangeHash;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[track_caller]
fn assert_golden(vector: &str, bytes: &[u8]) {
    let golden: String = vector.split_whitespace().collect();
    assert_eq!(hex(bytes), golden);
}

#[test]
fn an_actor() {
    assert_golden(
        include_str!("../../vectors/actor.hex"),
        author(1).as_bytes(),
    );
}

#[test]
fn an_entry_key() {
    let key = entry_key(&DOCUMENT, &author(1), NOW, &value(1)).unwrap();
    assert_eq!(
        key.as_str(),
        include_str!("../../vectors/entry_key.txt").trim()
    );
}

#[test]
fn a_change_of_one_entry() {
    let written = empty().write(&author(1), NOW, vec![value(1)]).unwrap();
    assert_golden(include_str!("../../vectors/change_one.hex"), &written.chunk);
}

#[test]
fn a_change_of_three_entries_after_two_others() {
    let mut doc = empty();
    doc.write(&author(1), NOW, vec![value(1)]).unwrap();
    doc.write(&author(2), NOW, vec![value(2)]).unwrap();
    let values = vec![value(3), value(4), value(1_000)];
    let written = doc.write(&author(1), NOW.plus(1), values).unwrap();
    assert_golden(
        include_str!("../../vectors/change_three.hex"),
        &written.chunk,
    );
    assert_golden(include_str!("../../vectors/save.hex"), &doc.save().unwrap());
}

#[test]
fn a_body() {
    assert_golden(
        include_str!("../../vectors/body.hex"),
        &body::sample().encode().unwrap(),
    );
}

#[test]
fn an_authorship_message() {
    let hash = ChangeHash::from_bytes([0x11; 32]);
    let message = authorship_message(&DOCUMENT, &author(1), 7, &hash);
    assert_golden(
        include_str!("../../vectors/authorship_message.hex"),
        &message,
    );
}

#[test]
fn a_part_of_a_snapshot() {
    assert_golden(
        include_str!("../../vectors/snapshot.hex"),
        &crate::snapshot::sample().encode().unwrap(),
    );
}

#[test]
fn the_heads_in_an_ack() {
    let heads = [0x22, 0x11].map(|n| ChangeHash::from_bytes([n; 32]));
    assert_golden(include_str!("../../vectors/heads.hex"), &heads_hash(&heads));
    let turned = [heads[1], heads[0]];
    assert_eq!(heads_hash(&turned), heads_hash(&heads));
}
