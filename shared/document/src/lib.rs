//! Entries in Automerge documents: which changes may exist, and the documents made of them.
//!
//! Exactly one kind of change exists here: one that puts byte strings under new keys of the root
//! map. Such a change is a pure function of its actor, sequence number, dependencies, first
//! operation number and entries, so [`admit`] can demand more than "Automerge would parse it":
//! the bytes must be the ones our own `chunk` writer produces from what was read. Automerge,
//! which panics on some parseable changes and believes the lengths it is told, is called only
//! after that.
//!
//! - [`admit`] turns untrusted bytes into an [`Admitted`] change; nothing else makes one from foreign bytes.
//! - [`Doc`] takes admitted changes in any order and holds back those whose dependencies are
//!   missing. It also writes new ones, and saves and loads itself.
//! - [`Body`] is what an envelope of kind *changes* carries; [`authorship_message`] is what its
//!   seals of authorship sign. [`Snapshot`] is what one of kind *snapshot* carries.
//!
//! Architecture invariant: nothing here knows what an entry says, who may write it, or which
//! place it has in a log. No clock, no randomness that could reach a byte, no I/O.

mod actor;
mod admitted;
mod body;
mod chunk;
mod doc;
mod key;
mod refused;
mod save;
mod snapshot;

pub use actor::{Actor, actor, authorship_message};
pub use admitted::{Admitted, admit, readmit};
pub use body::{Body, BodyError, Seal};
pub use doc::{Applied, Broken, Doc, LoadError, Rival, WriteError, Written};
pub use key::entry_key;
pub use refused::Refused;
pub use save::read_save;
pub use snapshot::{Snapshot, SnapshotAuthor, SnapshotError, Span, heads_hash};
