//! What every test needs: one document, a few authors, and values.

use document::{Actor, Admitted, Doc, Written, actor, admit};
use ids::{DeviceId, DocumentId, PersonId, RunId, UnixMillis};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use std::cell::Cell;

/// The document of all tests.
pub(crate) const DOCUMENT: DocumentId = DocumentId::from_bytes([0xd0; 16]);
/// When they record: 2026-11-21T23:00:00Z.
pub(crate) const NOW: UnixMillis = UnixMillis(1_795_302_000_000);

/// The `n`-th author.
pub(crate) fn author(n: u8) -> Actor {
    actor(
        &DeviceId::from_bytes([0xdd; 16]),
        &RunId::from_bytes([n; 16]),
        &PersonId::from_bytes([0xee; 16]),
    )
}

/// A value that no other number gives.
pub(crate) fn value(n: u64) -> Vec<u8> {
    format!("value {n}").into_bytes()
}

/// A document with nothing in it.
pub(crate) fn empty() -> Doc {
    Doc::new(DOCUMENT)
}

/// Writes one entry as the `n`-th author, and admits it as others would.
pub(crate) fn write(doc: &mut Doc, n: u8, number: u64) -> Admitted {
    let written = write_values(doc, n, vec![value(number)]);
    admit(&written.chunk, &DOCUMENT, &author(n)).unwrap()
}

/// Writes values as the `n`-th author.
pub(crate) fn write_values(doc: &mut Doc, n: u8, values: Vec<Vec<u8>>) -> Written {
    doc.write(&author(n), NOW, values).unwrap()
}

/// Draws so many cases. `check` says whether one of them was read, as at least `least` must be: what
/// holds of all that is read says nothing when nothing is.
pub(crate) fn reads<S: Strategy>(
    (least, cases): (u32, u32),
    drawn: &S,
    check: impl Fn(S::Value) -> Result<bool, TestCaseError>,
) {
    let config = ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let read = Cell::new(0_u32);
    let ran = TestRunner::new(config).run(drawn, |case| {
        read.set(read.get() + u32::from(check(case)?));
        Ok(())
    });
    if let Err(failed) = ran {
        panic!("{failed}");
    }
    assert!(read.get() >= least, "read {} of {cases}", read.get());
}
