//! What a document costs at 10,000 entries: `cargo run -p lamplight-document --example bench`.

use ids::{DeviceId, DocumentId, PersonId, RunId, UnixMillis};
use lamplight_document::{Actor, Admitted, Doc, actor, admit, read_save};
use std::time::{Duration, Instant};

const ENTRIES: u64 = 10_000;
const DOCUMENT: DocumentId = DocumentId::from_bytes([1; 16]);

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("{ENTRIES} changes of one entry of about 200 bytes, 20 authors in turns");
    let authors: Vec<Actor> = (0..20)
        .map(|n| {
            actor(
                &DeviceId::from_bytes([n; 16]),
                &RunId::from_bytes([n; 16]),
                &PersonId::from_bytes([n; 16]),
            )
        })
        .collect();

    let mut doc = Doc::new(DOCUMENT);
    let mut chunks = Vec::new();
    let start = Instant::now();
    for (n, author) in (0..ENTRIES).zip(authors.iter().cycle()) {
        let written = doc.write(author, moment(n), vec![value(n)])?;
        chunks.push((written.chunk, *author));
    }
    report("write, from empty", start.elapsed(), ENTRIES);

    let start = Instant::now();
    for (n, author) in (ENTRIES..ENTRIES + 200).zip(authors.iter().cycle()) {
        doc.write(author, moment(n), vec![value(n)])?;
    }
    report("write, at the end", start.elapsed(), 200);

    let start = Instant::now();
    let admitted = chunks
        .iter()
        .map(|(chunk, author)| admit(chunk, &DOCUMENT, author))
        .collect::<Result<Vec<Admitted>, _>>()?;
    report("admit", start.elapsed(), ENTRIES);

    let mut copy = Doc::new(DOCUMENT);
    let start = Instant::now();
    copy.apply(admitted.clone());
    report("apply, one batch", start.elapsed(), ENTRIES);

    let mut single = Doc::new(DOCUMENT);
    let start = Instant::now();
    for change in &admitted {
        single.apply(vec![change.clone()]);
    }
    report("apply, one by one", start.elapsed(), ENTRIES);

    let start = Instant::now();
    let count = copy.entries().count();
    report("entries", start.elapsed(), count as u64);

    let start = Instant::now();
    let save = copy.save()?;
    report("save, the first", start.elapsed(), ENTRIES);
    let start = Instant::now();
    copy.save()?;
    report("save, again", start.elapsed(), ENTRIES);
    println!("{:<32} {:>10} bytes", "", save.len());

    let start = Instant::now();
    read_save(&save, &DOCUMENT)?;
    report("read_save", start.elapsed(), ENTRIES);

    let start = Instant::now();
    let loaded = Doc::load(DOCUMENT, &save)?;
    report("load", start.elapsed(), ENTRIES);
    println!("heads equal: {}", loaded.heads() == copy.heads());
    Ok(())
}

fn moment(n: u64) -> UnixMillis {
    UnixMillis(1_795_302_000_000).plus(i64::try_from(n).unwrap_or(0) * 60_000)
}

fn value(n: u64) -> Vec<u8> {
    let mut value = format!("entry {n} ").into_bytes();
    value.resize(200, b'.');
    value
}

fn report(what: &str, elapsed: Duration, count: u64) {
    let each = elapsed.as_secs_f64() * 1e6 / count as f64;
    println!(
        "{what:<32} {:>10.1} ms  {each:>8.1} µs each",
        elapsed.as_secs_f64() * 1e3
    );
}
