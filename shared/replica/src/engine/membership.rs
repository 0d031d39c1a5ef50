//! What this device is: its identity, its facility, the relay it trusts and the keys of
//! `devices`. All of it sealed under the platform's key.

use super::{Engine, OpenError};
use crate::keyring::StreamKeys;
use crate::log::{LogChange, Setting, SettingRow, StoreError};
use domain::Stream;
use ids::{ChainHash, DeviceId, Epoch, FacilityId, LogId, Seq, SigningPublic, StreamId};
use minicbor::{Decode, Encode};
use vault::{Identity, NoRandom};
use wire::roster::DeviceKeys;
use wire::stream_id;

/// Where a membership lies; the names are also the purposes of the seals.
const FACTS: Setting = Setting::Membership;
const IDENTITY: Setting = Setting::DeviceIdentity;
const DEVICES: Setting = Setting::DevicesKey;

/// An enrolled device.
pub(super) struct Membership {
    pub(super) facts: Facts,
    pub(super) identity: Identity,
    pub(super) devices: StreamKeys,
}

/// What is kept of a membership besides its keys.
#[derive(Clone, Debug, Encode, Decode)]
#[cbor(map)]
pub(super) struct Facts {
    #[n(0)]
    pub(super) facility: FacilityId,
    #[n(1)]
    pub(super) device: DeviceId,
    #[n(2)]
    pub(super) relay_key: SigningPublic,
    #[n(3)]
    pub(super) device_name: String,
    #[n(4)]
    pub(super) facility_name: String,
    /// Epoch of `devices` whose key is kept.
    #[n(5)]
    pub(super) devices_epoch: Epoch,
    /// The words were compared (or this device founded the facility).
    #[n(6)]
    pub(super) confirmed: bool,
    /// The words to compare, until they are.
    #[n(7)]
    pub(super) words: Vec<String>,
    /// Everything a first sign-in needs has arrived once.
    #[n(8)]
    pub(super) prepared: bool,
    /// Where each stream's log stood in the invitation.
    #[n(9)]
    pub(super) pinned: Vec<Pin>,
    /// The directory has this device's name from itself.
    #[n(10)]
    #[cbor(default)]
    pub(super) introduced: bool,
}

/// A place pinned in an invitation.
#[derive(Clone, Debug, Encode, Decode)]
#[cbor(map)]
pub(super) struct Pin {
    #[n(0)]
    pub(super) stream: StreamId,
    #[n(1)]
    pub(super) log_id: LogId,
    #[n(2)]
    pub(super) seq: Seq,
    #[n(3)]
    pub(super) chain: ChainHash,
}

impl Membership {
    /// This device as the roster has it.
    pub(super) fn device_keys(&self) -> DeviceKeys {
        DeviceKeys {
            id: self.facts.device,
            signing: self.identity.signing_public(),
            agreement: self.identity.agreement_public(),
        }
    }

    /// The id of one of the streams this version opens.
    pub(super) fn stream(&self, stream: Stream) -> StreamId {
        stream_id(&self.facts.facility, stream.name())
    }
}

impl Engine {
    pub(super) fn load_membership(&mut self) -> Result<(), OpenError> {
        let (Some(facts), Some(identity), Some(devices)) = (
            self.log.setting(FACTS)?,
            self.log.setting(IDENTITY)?,
            self.log.setting(DEVICES)?,
        ) else {
            return Ok(());
        };
        let key = self.platform.device_vault();
        let facts = vault::open_local(&key, FACTS.name().as_bytes(), &facts)
            .map_err(|_| OpenError::Vault)?;
        let facts: Facts = minicbor::decode(&facts).map_err(|_| OpenError::Vault)?;
        let identity = vault::open_identity_local(&key, IDENTITY.name().as_bytes(), &identity)
            .map_err(|_| OpenError::Vault)?;
        let (epoch_key, id_key) =
            vault::open_epoch_local(&key, DEVICES.name().as_bytes(), &devices)
                .map_err(|_| OpenError::Vault)?;
        let stream = stream_id(&facts.facility, Stream::Devices.name());
        let devices =
            StreamKeys::from_epoch(stream, facts.devices_epoch, epoch_key, id_key, &self.roster);
        self.membership = Some(Membership {
            facts,
            identity,
            devices,
        });
        Ok(())
    }

    /// The settings that keep a membership.
    pub(super) fn membership_rows(
        &mut self,
        membership: &Membership,
    ) -> Result<Vec<SettingRow>, NoRandom> {
        let key = self.platform.device_vault();
        let mut rows = vec![self.facts_row(&membership.facts)?];
        let sealed = vault::seal_identity_local(
            self.random.as_mut(),
            &key,
            IDENTITY.name().as_bytes(),
            &membership.identity,
        )
        .map_err(|_| NoRandom)?;
        rows.push((IDENTITY, Some(sealed)));
        if let Some(epoch) = membership.devices.epoch(membership.facts.devices_epoch) {
            let id_key = membership.devices.id_key();
            let sealed = vault::seal_epoch_local(
                self.random.as_mut(),
                &key,
                DEVICES.name().as_bytes(),
                epoch,
                id_key,
            )
            .map_err(|_| NoRandom)?;
            rows.push((DEVICES, Some(sealed)));
        }
        Ok(rows)
    }

    pub(super) fn facts_row(&mut self, facts: &Facts) -> Result<SettingRow, NoRandom> {
        let key = self.platform.device_vault();
        let bytes = minicbor::to_vec(facts).map_err(|_| NoRandom)?;
        let sealed = vault::seal_local(self.random.as_mut(), &key, FACTS.name().as_bytes(), &bytes)
            .map_err(|_| NoRandom)?;
        Ok((FACTS, Some(sealed)))
    }

    /// Keeps changed facts of the membership, and what changes with them.
    pub(super) fn keep_facts(
        &mut self,
        facts: Facts,
        mut rows: Vec<SettingRow>,
    ) -> Result<(), interface::Refusal> {
        let row = self
            .facts_row(&facts)
            .map_err(|_| interface::Refusal::NoRandom)?;
        rows.push(row);
        let change = LogChange {
            settings: rows,
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| super::storage(&e))?;
        if let Some(membership) = &mut self.membership {
            membership.facts = facts;
        }
        self.notices.tablet();
        Ok(())
    }

    /// Takes over the keys of `devices` that wraps for this device bring. After a rotation the
    /// kept ones open no slot that is written from then on: who has a new PIN would go on signing
    /// in here with the old one.
    pub(super) fn follow_devices(&mut self) -> Result<(), StoreError> {
        let Some(membership) = &self.membership else {
            return Ok(());
        };
        let (stream, before) = (membership.devices.stream(), membership.facts.devices_epoch);
        let Ok((key, id_key)) = self.devices_keys_again() else {
            return Ok(());
        };
        let held = Some((before, key, id_key));
        let (roster, log) = (&self.roster, self.log.as_ref());
        let opened = StreamKeys::open(stream, &membership.identity, held, roster, log)?;
        let Some(opened) = opened.filter(|keys| keys.newest() > before) else {
            return Ok(());
        };
        let Some(mut membership) = self.membership.take() else {
            return Ok(());
        };
        membership.facts.devices_epoch = opened.newest();
        membership.devices = opened;
        let settings = self.membership_rows(&membership);
        self.membership = Some(membership);
        // What cannot be kept now is opened from its wrap again when the engine next begins.
        if let Ok(settings) = settings {
            let change = LogChange {
                settings,
                ..LogChange::default()
            };
            self.commit(&change)?;
        }
        self.load_slots()
    }

    /// Another copy of the kept keys of `devices`, for an invitation.
    pub(super) fn devices_keys_again(
        &self,
    ) -> Result<(vault::EpochKey, vault::IdKey), interface::Refusal> {
        let sealed = self
            .log
            .setting(DEVICES)
            .map_err(|e| super::storage(&e))?
            .ok_or(interface::Refusal::NotEnrolled)?;
        vault::open_epoch_local(
            &self.platform.device_vault(),
            DEVICES.name().as_bytes(),
            &sealed,
        )
        .map_err(|_| super::bug("devices key"))
    }

    /// The settings that forget a membership.
    pub(super) fn forget_membership_rows() -> Vec<SettingRow> {
        [FACTS, IDENTITY, DEVICES]
            .map(|setting| (setting, None))
            .to_vec()
    }
}
