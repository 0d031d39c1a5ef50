//! Records of the audit: who looked at what, printed it, took it out. Written by any device, sealed to
//! those who may read the audit, never shown to their author again. Their bytes are fixed; nothing
//! writes them yet.

use crate::clock;
use crate::deterministic::{self, NotDeterministic};
use crate::entry::Subject;
use ids::limits::RECORD_ACTS;
use ids::{CommandId, StatedInstant, StreamId};
use minicbor::{Decode, Encode};

/// The plaintext of an envelope of kind *record*: acts of one device and one person, or of nobody
/// signed in, that began in one year by UTC. The audit document is of that year.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AuditRecord {
    /// At least one, as they began.
    #[n(0)]
    pub acts: Vec<Act>,
}

/// One act, or several alike within one sitting.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Act {
    /// What was done: a number of [`act`], or one of a later version.
    #[n(0)]
    pub what: u16,
    /// When, by the device's clock; of several, the first.
    #[n(1)]
    pub at: StatedInstant,
    /// When the last of several was.
    #[n(2)]
    pub until: Option<StatedInstant>,
    /// How many, when several.
    #[n(3)]
    pub times: Option<u32>,
    /// Whom or what it concerned: at a failed sign-in the person whose tile was touched.
    #[n(4)]
    pub about: Option<Subject>,
    /// The stream whose content it was.
    #[n(5)]
    pub stream: Option<StreamId>,
    /// What of it: a document's type, the name of a list or print.
    #[n(6)]
    pub part: Option<String>,
    /// In the words of who did it: what was searched for, the reason for breaking the glass.
    #[n(7)]
    pub words: Option<String>,
    /// Random, drawn at sign-in: repeats are counted together within one only.
    #[n(8)]
    pub sitting: Option<CommandId>,
    /// The command it was part of.
    #[n(9)]
    pub command: Option<CommandId>,
}

/// What an act was. Numbers are never used again for something else.
pub mod act {
    /// Opened a chart, a list or another screen with content.
    pub const OPENED: u16 = 1;
    /// Searched.
    pub const SEARCHED: u16 = 2;
    /// Printed.
    pub const PRINTED: u16 = 3;
    /// Exported, or released to somebody outside.
    pub const EXPORTED: u16 = 4;
    /// Signed in.
    pub const SIGNED_IN: u16 = 5;
    /// Failed to sign in.
    pub const SIGN_IN_FAILED: u16 = 6;
    /// Locked, or was locked.
    pub const LOCKED: u16 = 7;
    /// Broke the glass.
    pub const BROKE_GLASS: u16 = 8;
    /// Ended a broken glass.
    pub const ENDED_GLASS: u16 = 9;
    /// Did what is an entry of the roster.
    pub const ADMINISTERED: u16 = 10;
    /// Read the audit itself.
    pub const AUDITED: u16 = 11;
}

/// Why bytes are no record of this version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// Not deterministic CBOR, or over a bound. The author is at fault.
    #[error("a record's bytes: {0}")]
    Bytes(#[from] NotDeterministic),
    /// No acts or too many, or they began in two years. The author is at fault.
    #[error("a record's acts")]
    Acts,
    /// It says something this version cannot read: it waits for an update.
    #[error("a record of a newer version")]
    Newer,
}

impl AuditRecord {
    /// The record's bytes: deterministic CBOR.
    ///
    /// # Errors
    /// [`AuditError`] for what a reader would refuse.
    pub fn to_cbor(&self) -> Result<Vec<u8>, AuditError> {
        let bytes = self.written();
        deterministic::check(&bytes)?;
        self.year().map(|_| bytes)
    }

    fn written(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 * self.acts.len());
        let written = minicbor::encode(self, &mut bytes);
        // Writing into memory cannot fail, and none of our types refuses to be written.
        debug_assert!(written.is_ok());
        bytes
    }

    /// Reads a record's bytes, from anyone. Like an entry's fact it is never read as less than it
    /// says: a key below 64 or a shape that is not known here makes it [`AuditError::Newer`].
    ///
    /// # Errors
    /// [`AuditError`].
    pub fn from_cbor(bytes: &[u8]) -> Result<Self, AuditError> {
        deterministic::check(bytes)?;
        let record: Self = minicbor::decode(bytes).map_err(|_| AuditError::Newer)?;
        if deterministic::without_extras(bytes)? != record.written() {
            return Err(AuditError::Newer);
        }
        record.year().map(|_| record)
    }

    /// The year in the id of its document.
    ///
    /// # Errors
    /// [`AuditError::Acts`] when there is none.
    pub fn year(&self) -> Result<u16, AuditError> {
        let in_range = |act: &Act| {
            let until = act.until.is_none_or(clock::is_in_range);
            clock::is_in_range(act.at) && until
        };
        let fits = (1..=RECORD_ACTS).contains(&self.acts.len()) && self.acts.iter().all(in_range);
        let mut years = self.acts.iter().map(|act| clock::utc_date(act.at.at).year);
        let first = years.next().filter(|_| fits).ok_or(AuditError::Acts)?;
        if years.any(|year| year != first) {
            return Err(AuditError::Acts);
        }
        u16::try_from(first).map_err(|_| AuditError::Acts)
    }
}
