//! Why the engine did not do what was asked. The screen turns each into words and a next step.

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

/// Why the engine did not do what was asked. Carries no patient data.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "snake_case")]
pub enum Refusal {
    /// Nobody is signed in.
    #[error("sign in first")]
    Locked,
    /// This device belongs to no facility yet.
    #[error("this device is not enrolled")]
    NotEnrolled,
    /// This device already belongs to a facility.
    #[error("this device is already enrolled")]
    AlreadyEnrolled,
    /// The relay cannot be reached and the command needs it.
    #[error("the relay cannot be reached")]
    NeedsRelay,
    /// The link is not one of ours, or damaged.
    #[error("the link is not complete: copy the whole of it")]
    BadLink,
    /// The link was used or has expired.
    #[error("the link was used already or has expired: ask for a new one")]
    LinkUsed,
    /// The badge's check characters do not match.
    #[error("the badge could not be read: try again")]
    BadBadge,
    /// Badge unknown on this tablet, or wrong PIN. Not told apart.
    #[error("badge or PIN not known on this tablet")]
    NotKnown,
    /// The badge that was shown is not held any longer: it is to be shown again.
    #[error("show your badge again")]
    BadgeForgotten {
        /// Why.
        why: Forgotten,
    },
    /// Not the PIN of this sitting.
    #[error("wrong PIN: {tries_left} more before the badge is needed")]
    WrongPin {
        /// Wrong PINs until the badge is needed.
        tries_left: u32,
    },
    /// The sitting is over (too many wrong PINs, or its time): the badge is needed.
    #[error("show your badge")]
    BadgeNeeded,
    /// The person may not do this.
    #[error("you may not do this: {act}")]
    NotAllowed {
        /// What was tried.
        act: String,
    },
    /// A field is missing or out of its bounds.
    #[error("{field}: {rule}")]
    Field {
        /// Which field.
        field: String,
        /// The rule it breaks, with its bound.
        rule: String,
    },
    /// The dose belongs to no slot of its order.
    #[error("not charted: this order has no such dose here")]
    NoSlot(domain::slots::NoSlot),
    /// What it would replace waits for a decision, which is an act of its own.
    #[error("two answers stand: decide first")]
    Contradicted {
        /// What waits.
        kind: crate::ContradictionKind,
    },
    /// What the command names is not here.
    #[error("not found on this tablet: {what}")]
    NotFound {
        /// What.
        what: String,
    },
    /// It changed under the author's hands; look again.
    #[error("this changed in the meantime: look again")]
    Changed,
    /// The disk is full or failed: nothing was saved.
    #[error("nothing was saved: this tablet cannot write ({reason})")]
    Storage {
        /// What the disk said, without data.
        reason: String,
    },
    /// The random source failed: nothing was sealed.
    #[error("nothing was saved: this tablet has no random numbers")]
    NoRandom,
    /// There is not enough memory to check a PIN.
    #[error("this tablet has not enough memory to check the PIN: close other programs")]
    NoMemory,
    /// The two devices run versions that cannot talk.
    #[error("this version is too old for the relay: update the app")]
    Outdated,
    /// A bug. The id finds it in the log.
    #[error("something went wrong in Lamplight ({code})")]
    Bug {
        /// Which check failed.
        code: String,
    },
}
