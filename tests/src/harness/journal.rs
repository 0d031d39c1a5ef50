//! Notes about a resident, as their bytes and their document.

use domain::clock::Zone;
use domain::entry::{Entry, Subject};
use domain::journal::Note;
use domain::{Document, Fact, ResidentId};
use ids::{CommandId, StatedInstant, UnixMillis};

/// The journal that a note about a resident lies in.
pub fn journal_of(resident: ResidentId, now: UnixMillis) -> Document {
    let note = Fact::Note(Note { text: "x".into() });
    note.home(Subject::Resident(resident), stated(now), None)
        .unwrap()
}

/// The bytes of a note that could stand in it.
pub fn note_in(resident: ResidentId, now: UnixMillis, text: &str) -> Vec<u8> {
    let entry = Entry {
        command: CommandId::from_bytes([9; 16]),
        line: 0,
        subject: Subject::Resident(resident),
        stated: stated(now),
        supersedes: Vec::new(),
        fact: Fact::Note(Note { text: text.into() }),
    };
    entry.to_cbor()
}

/// By the clock of the home.
pub fn stated(now: UnixMillis) -> StatedInstant {
    Zone::named("America/Chicago").unwrap().stated(now)
}
