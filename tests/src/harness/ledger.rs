//! What people were told: the truth that everything else is compared with.

use super::device::Hand;
use domain::Fact;
use ids::{EntryKey, UnixMillis};
use std::collections::{BTreeMap, BTreeSet};

/// An entry that an engine called saved.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// By whom and where.
    pub hand: Hand,
    /// What was entered, where the command says it in so many words.
    pub fact: Option<Fact>,
}

/// A command that ended in a failed disk: nobody was told "saved", and nobody knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Attempt {
    /// By whom and where.
    pub hand: Hand,
    /// The device's clock then: what its entries say they were recorded at.
    pub recorded: UnixMillis,
}

/// What people were told.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Every entry called saved.
    pub kept: BTreeMap<EntryKey, Kept>,
    /// Their keys in the order in which they were entered.
    pub order: Vec<EntryKey>,
    /// What may or may not have been saved.
    pub uncertain: BTreeSet<Attempt>,
}

impl Ledger {
    pub(super) fn keep(&mut self, hand: Hand, entries: &[EntryKey], fact: Option<Fact>) {
        for (n, key) in entries.iter().enumerate() {
            let fact = fact.clone().filter(|_| n == 0);
            self.kept.insert(key.clone(), Kept { hand, fact });
            self.order.push(key.clone());
        }
    }

    /// Whether an entry that somebody's tablet shows was entered by somebody.
    pub fn explains(&self, key: &EntryKey, hand: Hand) -> bool {
        match self.kept.get(key) {
            Some(kept) => kept.hand == hand,
            None => self.uncertain.contains(&Attempt {
                hand,
                recorded: key.recorded_at(),
            }),
        }
    }
}
