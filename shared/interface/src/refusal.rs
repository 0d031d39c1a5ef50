//! Why the engine did not do what was asked. The screen turns each into words and a next step.

use crate::{Act, Missing, Rule, StorageFault};
use core::fmt;
use serde::{Deserialize, Serialize};

/// Why a badge that was shown is not held any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgotten {
    /// Too many wrong PINs.
    Tries,
    /// Nobody pressed a key for a while.
    Idle,
}

/// What speaks against charting a dose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoseConcern {
    /// A dose, given or not given, is charted for this slot already.
    Charted,
    /// The resident is on leave, discharged or dead.
    NotHere,
    /// Versions of its order differ, and nobody has decided.
    OrderContradicted,
    /// Its medicine is ordered twice, and nobody has decided.
    OrderedTwice,
    /// It is given as needed sooner after the last one than its order allows.
    TooSoon,
    /// It is one more in 24 hours than its order allows.
    TooMany,
    /// It is given before its window, or hours away from its slot: then its comment says why. Or it is
    /// given or not given in a slot of a day to come.
    OutOfTime,
}

/// Why the engine did not do what was asked. Carries no patient data, and no words: as text it is for
/// logs only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody is signed in.
    Locked,
    /// This device belongs to no facility yet.
    NotEnrolled,
    /// This device already belongs to a facility.
    AlreadyEnrolled,
    /// The relay cannot be reached and the command needs it.
    NeedsRelay,
    /// The link is not one of ours, or damaged.
    BadLink,
    /// The link was used or has expired.
    LinkUsed,
    /// The badge's check characters do not match.
    BadBadge,
    /// Badge unknown on this tablet, or wrong PIN. Not told apart.
    NotKnown,
    /// The badge is known, and what it should open is not as this version makes it: no PIN helps.
    BadgeUnusable,
    /// The badge that was shown is not held any longer: it is to be shown again.
    BadgeForgotten {
        /// Why.
        why: Forgotten,
    },
    /// Not the PIN of this sitting.
    WrongPin {
        /// Wrong PINs until the badge is needed.
        tries_left: u32,
    },
    /// The sitting is over (too many wrong PINs, or its time): the badge is needed.
    BadgeNeeded,
    /// The person may read this, and it is not open on this tablet yet, or not now.
    NotOpenYet,
    /// The person may not do this.
    NotAllowed {
        /// What was tried.
        act: Act,
    },
    /// A field is missing or out of its bounds.
    Field {
        /// Which field, as a code.
        field: String,
        /// The rule it breaks, with its bound.
        rule: Rule,
    },
    /// The dose belongs to no slot of its order.
    NoSlot(domain::slots::NoSlot),
    /// Something speaks against giving this dose: it is asked back, and saved when the command
    /// confirms it.
    Doubtful {
        /// What, gravest first.
        concerns: Vec<DoseConcern>,
    },
    /// These values are unusual for anybody, or far from the resident's last: they are asked back, and
    /// saved when the command confirms them.
    Unusual {
        /// Of which measures.
        measures: Vec<domain::journal::Measure>,
    },
    /// What it would replace waits for a decision, which is an act of its own.
    Contradicted {
        /// What waits.
        kind: crate::ContradictionKind,
    },
    /// What the command names is not here.
    NotFound {
        /// What.
        what: Missing,
    },
    /// It changed under the author's hands; look again.
    Changed,
    /// The disk is full or failed: nothing was saved.
    Storage {
        /// What the disk said.
        fault: StorageFault,
    },
    /// The random source failed: nothing was sealed.
    NoRandom,
    /// There is not enough memory to check a PIN.
    NoMemory,
    /// The two devices run versions that cannot talk.
    Outdated,
    /// A bug. The id finds it in the log.
    Bug {
        /// Which check failed.
        code: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl core::error::Error for Refusal {}
