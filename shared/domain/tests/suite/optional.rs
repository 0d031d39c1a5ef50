//! Which fields a kind may leave out: the sentence of `docs/record-model.md` against the code.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::generate;
use ids::UnixMillis;
use lamplight_domain::{Entry, Fact, Recorded};
use minicbor::{Decoder, Encoder};
use std::collections::{BTreeMap, BTreeSet};

const NOW: UnixMillis = UnixMillis(1_795_000_000_000);

/// The fields of a map, each with its bytes.
fn fields(map: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let mut d = Decoder::new(map);
    let count = d.map().unwrap().unwrap();
    let mut fields = Vec::new();
    for _ in 0..count {
        let key = d.u64().unwrap();
        let start = d.position();
        d.skip().unwrap();
        fields.push((key, map[start..d.position()].to_vec()));
    }
    fields
}

fn map_of(fields: &[(u64, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    Encoder::new(&mut bytes).map(fields.len() as u64).unwrap();
    for (key, value) in fields {
        Encoder::new(&mut bytes).u64(*key).unwrap();
        bytes.extend(value);
    }
    bytes
}

/// The map that an allergy to something holds, or the fact itself.
fn says(kind: &str, fact: &[u8]) -> Option<Vec<u8>> {
    if kind != "allergy" {
        return Some(fact.to_vec());
    }
    fact.strip_prefix(&[0x82, 0x01]).map(<[u8]>::to_vec)
}

/// The fields of an entry without which it still reads as one of this version.
fn left_out(entry: &Entry) -> BTreeSet<u64> {
    let kind = entry.fact.kind();
    let mut around = fields(&entry.to_cbor());
    let (_, fact) = around.last().unwrap().clone();
    let Some(map) = says(kind, &fact) else {
        return BTreeSet::new();
    };
    let all = fields(&map);
    let mut optional = BTreeSet::new();
    for (left, _) in &all {
        let mut rest = all.clone();
        rest.retain(|(key, _)| key != left);
        let before = &fact[..fact.len() - map.len()];
        around.last_mut().unwrap().1 = [before, &map_of(&rest)].concat();
        let recorded = Recorded::from_cbor(&map_of(&around)).unwrap();
        if matches!(recorded, Recorded::Known(_)) {
            optional.insert(*left);
        }
    }
    optional
}

/// Entries of a kind: drawn ones, with what the generator leaves out everywhere, and the golden ones.
fn samples() -> Vec<Entry> {
    let mut draw = generate::counting(7);
    let mut all = Vec::new();
    for (kind, _) in Fact::KINDS {
        for _ in 0..200 {
            let mut entry = generate::entry(kind, NOW, &mut draw).unwrap();
            if let Fact::Order(order) = &mut entry.fact {
                order.starts_at = "08:00".parse().ok();
            }
            all.push(entry);
        }
    }
    let mut golden = 0;
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors");
    for file in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let digits: String = text.split_whitespace().collect();
        let pairs = (0..digits.len()).step_by(2);
        let bytes: Vec<u8> = pairs
            .map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap())
            .collect();
        if let Ok(Recorded::Known(entry)) = Recorded::from_cbor(&bytes) {
            golden += 1;
            all.push(entry);
        }
    }
    assert!(golden > 20, "read {golden}");
    all
}

fn of_the_code() -> BTreeMap<String, BTreeSet<u64>> {
    let mut all: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for entry in samples() {
        let optional = left_out(&entry);
        if !optional.is_empty() {
            let kind = entry.fact.kind().to_owned();
            all.entry(kind).or_default().extend(optional);
        }
    }
    all
}

/// The numbers in words such as "1, 2 and 4 to 6".
fn numbers(words: &str) -> BTreeSet<u64> {
    let plain = words.replace(',', " ").replace(" and ", " ");
    let mut found = BTreeSet::new();
    let (mut last, mut upto) = (0, false);
    for word in plain.split_whitespace() {
        match word.parse::<u64>() {
            Ok(number) => {
                let from = if upto { last } else { number };
                found.extend(from..=number);
                (last, upto) = (number, false);
            }
            Err(_) => upto = word == "to",
        }
    }
    found
}

fn of_the_page() -> BTreeMap<String, BTreeSet<u64>> {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/record-model.md");
    let page = std::fs::read_to_string(page).unwrap().replace('\n', " ");
    let (_, rest) = page.split_once("Optional are ").unwrap();
    let (list, _) = rest.split_once(". False,").unwrap();
    let each = list.split(';').map(|part| {
        let (fields, of) = part.split_once(" of ").unwrap();
        let kind = of.split('`').nth(1).unwrap_or("allergy");
        (kind.to_owned(), numbers(fields))
    });
    each.collect()
}

#[test]
fn the_page_lists_every_field_that_may_be_left_out_and_no_other() {
    assert_eq!(of_the_code(), of_the_page());
}
