//! A founding on the device: sealed under the platform's key from before the relay is told of it
//! until its badge has signed in here.

use super::super::joining::Asks;
use super::super::kept_text::KeptText;
use super::super::sealed_keys::SealedKeys;
use super::super::{Engine, OpenError, storage};
use super::{Beginning, Founding, listed_wraps};
use crate::log::{LogChange, Setting, SettingRow, StoreError};
use domain::directory::Settings;
use ids::{CommandId, PersonId};
use interface::Refusal;
use minicbor::{Decode, Encode};
use vault::{Badge, FoundingLink, Identity, Pin, RecoverySeed};
use wire::roster::RosterEntry;

/// Where a founding lies.
const KEPT: SealedKeys = SealedKeys {
    row: Setting::Founding,
    identity: Setting::FounderIdentity,
};

/// A founding as it was read from the disk.
pub(super) struct Kept {
    pub(super) founding: Founding,
    /// Its first entries are in the record.
    pub(super) written: bool,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Row {
    #[n(0)]
    command: CommandId,
    #[n(1)]
    link: KeptText,
    #[cbor(n(2), with = "minicbor::bytes")]
    entry: Vec<u8>,
    #[n(3)]
    wraps: Vec<minicbor::bytes::ByteVec>,
    #[n(4)]
    person: PersonId,
    #[n(5)]
    recovery: KeptText,
    #[n(6)]
    badge: KeptText,
    #[n(7)]
    pin: KeptText,
    #[n(8)]
    settings: Settings,
    #[n(9)]
    given: String,
    #[n(10)]
    family: String,
    #[n(11)]
    written: bool,
}

impl Engine {
    /// Keys and entry are durable before the entry is sent.
    pub(super) fn keep_founding(&mut self) -> Result<(), Refusal> {
        let Some(mut founding) = self.founding.take() else {
            return Ok(());
        };
        let outcome = self.keep(&mut founding);
        self.founding = Some(founding);
        outcome
    }

    fn keep(&mut self, founding: &mut Founding) -> Result<(), Refusal> {
        let Some(membership) = founding.membership.take() else {
            return Ok(());
        };
        let of_device = self
            .membership_rows(&membership)
            .map_err(|_| Refusal::NoRandom)?;
        let change = LogChange {
            settings: [of_device, self.founding_rows(founding, false)?].concat(),
            roster_anew: true,
            wraps: listed_wraps(&founding.wraps, &membership),
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.membership = Some(membership);
        self.notices.tablet();
        Ok(())
    }

    /// The settings that keep a founding.
    pub(super) fn founding_rows(
        &mut self,
        founding: &Founding,
        written: bool,
    ) -> Result<Vec<SettingRow>, Refusal> {
        let beginning = &founding.beginning;
        let wraps = founding.wraps.iter().map(|wrap| wrap.to_vec().into());
        let row = Row {
            command: founding.command,
            link: founding.link.text().into(),
            entry: founding.entry.bytes().to_vec(),
            wraps: wraps.collect(),
            person: beginning.person,
            recovery: beginning.recovery.words().into(),
            badge: beginning.badge.text().into(),
            pin: beginning.pin_text.clone().into(),
            settings: beginning.settings.clone(),
            given: beginning.given.clone(),
            family: beginning.family.clone(),
            written,
        };
        self.seal_keys(KEPT, &row, &beginning.identity)
    }

    /// What is kept of a founding, if any is.
    pub(super) fn kept_founding(&self) -> Result<Option<Kept>, StoreError> {
        self.open_keys(KEPT, |row: Row, identity| {
            let written = row.written;
            let founding = founding_of(row, identity)?;
            Some(Kept { founding, written })
        })
    }

    /// A founding whose end this device has not seen is carried on, and one that is done is shown
    /// again.
    pub(in super::super) fn load_founding(&mut self) -> Result<(), OpenError> {
        if self.membership.is_none() {
            return Ok(());
        }
        match self.kept_founding()? {
            Some(Kept {
                founding,
                written: true,
            }) => self.settle_founding(&founding),
            Some(Kept {
                founding,
                written: false,
            }) => self.founding = Some(founding),
            None => {}
        }
        Ok(())
    }

    /// Somebody signed in by badge: if it is the founder's, what is kept of the founding has been
    /// read, and is forgotten.
    pub(in super::super) fn founding_was_read(&mut self, by: PersonId) {
        let read = |kept: Kept| kept.written && kept.founding.beginning.person == by;
        if self.kept_founding().ok().flatten().is_some_and(read) {
            let change = LogChange {
                settings: Self::forget_founding_rows(),
                ..LogChange::default()
            };
            // If it fails, it is shown once more.
            let _ = self.commit(&change);
        }
    }

    pub(in super::super) fn forget_founding_rows() -> Vec<SettingRow> {
        KEPT.forgotten()
    }
}

/// `None` when something in the row is not what it should be.
fn founding_of(row: Row, identity: Identity) -> Option<Founding> {
    let wraps = row.wraps.into_iter().map(|wrap| Vec::from(wrap).into());
    Some(Founding {
        command: row.command,
        asks: Asks::AsDevice {
            link_is_spent: false,
        },
        sent: false,
        link: FoundingLink::parse(row.link.expose()).ok()?,
        entry: RosterEntry::parse(row.entry.into()).ok()?,
        wraps: wraps.collect(),
        membership: None,
        beginning: Beginning {
            person: row.person,
            identity,
            recovery: RecoverySeed::from_words(row.recovery.expose()).ok()?,
            badge: Badge::parse(row.badge.expose()).ok()?,
            pin: Pin::parse(row.pin.expose()).ok()?,
            pin_text: row.pin.0,
            settings: row.settings,
            given: row.given,
            family: row.family,
        },
    })
}
