//! Adopting what was withheld. The kind has its bytes and its rules; this version withholds an
//! adoption whose author had no right to it, and shows one that counts as something a newer version
//! wrote, so that nobody takes the chart for whole. Acting on it comes with the screen for it.

use crate::verdict::ascend;
use ids::EntryKey;
use minicbor::{Decode, Encode};

/// The name of the kind.
pub const KIND: &str = "adoption";
/// Most entries one adoption names.
pub const ENTRIES: usize = 256;

/// What an entry of this kind says: the entries named count from here on, as their authors' own.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Adoption {
    /// Ascending, each once, 1 to [`ENTRIES`].
    #[n(0)]
    pub entries: Vec<EntryKey>,
}

impl Adoption {
    /// Whether it names something, in order, and not too much.
    pub fn is_sound(&self) -> bool {
        (1..=ENTRIES).contains(&self.entries.len()) && ascend(&self.entries)
    }
}
