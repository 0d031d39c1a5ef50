//! Enrolling a blank device with an invitation: fetch the blob and the roster under the invite
//! key, make this device's keys durable, append `accept`, show six words, and then fetch what a
//! first sign-in needs.

use super::joining::Asks;
use super::kept_text::KeptText;
use super::membership::{Facts, Membership, Pin};
use super::{Engine, OpenError, bug, storage};
use crate::keyring::StreamKeys;
use crate::log::{LogChange, Setting, SettingRow};
use ids::{CommandId, DeviceId, FacilityId, RosterHash, RosterSeq, SigningPublic};
use interface::{Done, Link as Shown, Refusal, Settled};
use minicbor::{Decode, Encode};
use vault::{Identity, InviteBlob as Blob, InviteLink};
use wire::message::{InviteBlob, RosterAppend, RosterOutcome, RosterTail, WelcomeFields};
use wire::roster::{Accept, RosterBody, UnsignedEntry};
use wire::{Countersigned, Role, RosterState};
use zeroize::Zeroizing;

/// Appends tried before giving up (each lost race means somebody else changed the roster).
const TRIES: u32 = 8;
/// Where it lies; the name is also the purpose of the seal.
const ENROLMENT: Setting = Setting::Enrolment;

/// An enrolment under way. Its keys are this device's membership from the moment before `accept`
/// is sent first; until then nothing of it is kept.
pub(super) struct Enrolment {
    pub(super) command: CommandId,
    pub(super) asks: Asks,
    link: InviteLink,
    device_name: String,
    relay_key: Option<SigningPublic>,
    blob: Option<Blob>,
    roster: Vec<(RosterSeq, Countersigned)>,
    roster_head: RosterSeq,
    request: Option<u32>,
    tries: u32,
}

/// What is kept of it besides the membership.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Kept {
    #[n(0)]
    command: CommandId,
    #[n(1)]
    link: KeptText,
}

impl Enrolment {
    fn new(command: CommandId, link: InviteLink, device_name: String, asks: Asks) -> Self {
        Self {
            command,
            asks,
            link,
            device_name,
            relay_key: None,
            blob: None,
            roster: Vec::new(),
            roster_head: RosterSeq(0),
            request: None,
            tries: 0,
        }
    }

    pub(super) fn role(&self) -> Role {
        Role::Invite {
            facility: FacilityId::ZERO,
            invite: self.link.id(),
        }
    }

    pub(super) fn invite_identity(&self) -> &Identity {
        self.link.identity()
    }

    /// The connection ended: whether the relay has the `accept` that was on its way is not known.
    pub(super) fn lost_sight(&mut self) {
        if self.request.take().is_some() {
            self.asks = Asks::AsDevice {
                link_is_spent: false,
            };
        }
    }
}

impl Engine {
    pub(super) fn enrol(&mut self, fragment: &str, device_name: String) -> Result<Done, Refusal> {
        let link = InviteLink::parse(fragment.trim()).map_err(|_| Refusal::BadLink)?;
        if let Some(enrolment) = &self.enrolment
            && enrolment.link.id() == link.id()
        {
            // Begun already: it goes on.
            let command = enrolment.command;
            self.link_retry_now();
            return Ok(Done::Pending { command });
        }
        if self.membership.is_some() || self.is_joining() {
            return Err(Refusal::AlreadyEnrolled);
        }
        let device_name = self.checked_device_name(&device_name)?;
        let command = self.draw_command_id()?;
        self.roster = RosterState::default();
        self.enrolment = Some(Enrolment::new(command, link, device_name, Asks::ByLink));
        self.notices.tablet();
        self.reconnect_as_new();
        Ok(Done::Pending { command })
    }

    /// An enrolment whose end this device has not seen is carried on. The relay may have the
    /// `accept`, so it is asked as the device first.
    pub(super) fn load_enrolment(&mut self) -> Result<(), OpenError> {
        let Some(sealed) = self.log.setting(ENROLMENT)? else {
            return Ok(());
        };
        let Some(membership) = &self.membership else {
            return Ok(());
        };
        let key = self.platform.device_vault();
        let bytes = vault::open_local(&key, ENROLMENT.name().as_bytes(), &sealed)
            .map_err(|_| OpenError::Vault)?;
        let kept: Kept = minicbor::decode(&bytes).map_err(|_| OpenError::Vault)?;
        let link = InviteLink::parse(kept.link.expose()).map_err(|_| OpenError::Vault)?;
        let name = membership.facts.device_name.clone();
        let asks = Asks::AsDevice {
            link_is_spent: false,
        };
        self.enrolment = Some(Enrolment::new(kept.command, link, name, asks));
        Ok(())
    }

    /// Whether the connection speaks for the invitation and not for a device.
    pub(super) fn enrols_by_link(&self) -> bool {
        let enrolment = self.enrolment.as_ref();
        enrolment.is_some_and(|enrolment| enrolment.asks == Asks::ByLink)
    }

    pub(super) fn enrolment_welcomed(&mut self, relay_key: SigningPublic, fields: &WelcomeFields) {
        let kept = self.membership.is_some();
        let Some(enrolment) = &mut self.enrolment else {
            return;
        };
        enrolment.relay_key = Some(relay_key);
        enrolment.roster_head = fields.roster_head;
        enrolment.roster.clear();
        if !kept {
            self.roster = RosterState::default();
            self.send(&InviteBlob {}.into());
        }
        let (head, _) = self.roster.head();
        let from = RosterSeq(head.0.saturating_add(1));
        self.send(&RosterTail { from }.into());
        self.enrolment_step();
    }

    pub(super) fn enrolment_blob(&mut self, sealed: &[u8]) {
        let Some(enrolment) = &mut self.enrolment else {
            return;
        };
        match enrolment.link.open_blob(sealed) {
            Ok(blob) if Some(blob.relay_key) == enrolment.relay_key => {
                enrolment.blob = Some(blob);
                self.enrolment_step();
            }
            Ok(_) => {
                self.joining_fails(Refusal::BadLink);
                self.show_link(Shown::WrongRelay);
            }
            Err(_) => self.joining_fails(Refusal::BadLink),
        }
    }

    /// More of the roster, verified, on an invitation's connection.
    pub(super) fn enrolment_roster(
        &mut self,
        entries: Vec<(RosterSeq, Countersigned)>,
        roster: RosterState,
        head: RosterSeq,
    ) {
        if self.membership.is_some() {
            let change = LogChange {
                roster: entries,
                ..LogChange::default()
            };
            if self.commit(&change).is_err() {
                return self.hang_up(Shown::Offline);
            }
        } else if let Some(enrolment) = &mut self.enrolment {
            enrolment.roster.extend(entries);
        }
        self.roster = roster;
        if let Some(enrolment) = &mut self.enrolment {
            enrolment.roster_head = enrolment.roster_head.max(head);
        }
        self.enrolment_step();
    }

    /// Once blob and roster are here: keys, and then `accept`.
    fn enrolment_step(&mut self) {
        let (head, before) = self.roster.head();
        let is_due = |enrolment: &Enrolment| {
            enrolment.request.is_none() && head >= enrolment.roster_head && head > RosterSeq(0)
        };
        if !self.enrolment.as_ref().is_some_and(is_due) {
            return;
        }
        if self.membership.is_none() {
            let Some(blob) = self.enrolment.as_mut().and_then(|e| e.blob.take()) else {
                return;
            };
            let genuine = self.roster.facility() == Some(blob.facility)
                && self.roster.hash_at(blob.roster_seq) == Some(blob.roster_hash)
                && self.roster.relay_key() == Some(blob.relay_key)
                && self.roster.devices_stream() == Some(blob.devices)
                && self.is_committed(&blob);
            if !genuine {
                return self.joining_fails(Refusal::BadLink);
            }
            if let Err(refusal) = self.keep_enrolment(blob) {
                return self.joining_fails(refusal);
            }
        }
        if let Err(refusal) = self.accept_invitation(before) {
            self.joining_fails(refusal);
        }
    }

    /// Whether the keys in the blob are those the roster committed to.
    fn is_committed(&self, blob: &Blob) -> bool {
        let epoch = self.roster.epoch(&blob.devices, blob.devices_epoch);
        epoch.is_some_and(|epoch| {
            blob.devices_key
                .matches(&blob.devices_id_key, &epoch.commitment)
        })
    }

    /// Keys and blob are durable before `accept` is sent.
    fn keep_enrolment(&mut self, blob: Blob) -> Result<(), Refusal> {
        let enrolment = self.enrolment.as_ref().ok_or_else(|| bug("enrolment"))?;
        let kept = Kept {
            command: enrolment.command,
            link: enrolment.link.text().into(),
        };
        let roster = enrolment.roster.clone();
        let device_name = enrolment.device_name.clone();
        let membership = self.newcomer(blob, device_name)?;
        let mut rows = self
            .membership_rows(&membership)
            .map_err(|_| Refusal::NoRandom)?;
        let kept = minicbor::to_vec(&kept).map_err(|_| bug("enrolment"))?;
        let sealed = vault::seal_local(
            self.random.as_mut(),
            &self.platform.device_vault(),
            ENROLMENT.name().as_bytes(),
            &Zeroizing::new(kept),
        )
        .map_err(|_| Refusal::NoRandom)?;
        rows.push((ENROLMENT, Some(sealed)));
        let change = LogChange {
            settings: rows,
            roster_anew: true,
            roster,
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.membership = Some(membership);
        self.notices.tablet();
        Ok(())
    }

    /// What this device will be, with keys of its own.
    fn newcomer(&mut self, blob: Blob, device_name: String) -> Result<Membership, Refusal> {
        let device = DeviceId::from_bytes(self.draw::<16>()?);
        let identity = vault::make_identity(self.random.as_mut()).map_err(|_| Refusal::NoRandom)?;
        let pinned = blob.streams.iter().map(|s| Pin {
            stream: s.stream,
            log_id: s.log_id,
            seq: s.seq,
            chain: s.chain,
        });
        let facts = Facts {
            facility: blob.facility,
            device,
            relay_key: blob.relay_key,
            device_name,
            facility_name: blob.facility_name,
            devices_epoch: blob.devices_epoch,
            confirmed: false,
            words: Vec::new(),
            prepared: false,
            pinned: pinned.collect(),
            introduced: false,
        };
        let devices = StreamKeys::from_epoch(
            blob.devices,
            blob.devices_epoch,
            blob.devices_key,
            blob.devices_id_key,
            &self.roster,
        );
        Ok(Membership {
            facts,
            identity,
            devices,
        })
    }

    fn accept_invitation(&mut self, before: RosterHash) -> Result<(), Refusal> {
        let entry = self.accept_entry(before)?;
        let (expect, _) = self.roster.head();
        let enrolment = self.enrolment.as_mut().ok_or_else(|| bug("enrolment"))?;
        let request = enrolment.tries;
        enrolment.request = Some(request);
        let append = RosterAppend {
            request,
            expect,
            entries: vec![entry],
            wraps: Vec::new(),
            blob: None,
            former: None,
        };
        self.send(&append.into());
        Ok(())
    }

    fn accept_entry(&self, before: RosterHash) -> Result<bytes::Bytes, Refusal> {
        let enrolment = self.enrolment.as_ref().ok_or_else(|| bug("enrolment"))?;
        let membership = self.membership.as_ref().ok_or_else(|| bug("no keys"))?;
        let (head, _) = self.roster.head();
        let seq = head.next().ok_or_else(|| bug("roster full"))?;
        let body = RosterBody::Accept(Accept {
            invite: enrolment.link.id(),
            device: membership.device_keys(),
        });
        let facility = membership.facts.facility;
        let entry = UnsignedEntry::new(facility, seq, before, enrolment.link.id(), &body);
        let signature = enrolment.link.identity().sign_message(&entry.message());
        let entry = entry.signed(&signature).map_err(|_| bug("accept"))?;
        Ok(entry.bytes().clone())
    }

    /// The relay's answer to `accept`.
    pub(super) fn enrolment_result(&mut self, request: u32, result: RosterOutcome) {
        let Some(enrolment) = &mut self.enrolment else {
            return;
        };
        if enrolment.request != Some(request) {
            return;
        }
        match result {
            RosterOutcome::Appended { .. } => {
                enrolment.asks = Asks::AsDevice {
                    link_is_spent: true,
                };
                enrolment.request = None;
                self.reconnect_as_new();
            }
            RosterOutcome::Conflict { head } if enrolment.tries < TRIES => {
                enrolment.tries += 1;
                enrolment.request = None;
                enrolment.roster_head = enrolment.roster_head.max(head);
                self.enrolment_step();
            }
            RosterOutcome::Conflict { .. } | RosterOutcome::Refused { .. } => {
                self.joining_fails(Refusal::LinkUsed);
            }
            // Neither success nor final: asked for again, as an answer that was lost.
            RosterOutcome::Unknown(_) => self.hang_up(Shown::Offline),
        }
    }

    /// Once the roster here has this device: the six words, over what stood before it.
    pub(super) fn finish_enrolment(&mut self) {
        let (Some(enrolment), Some(membership)) = (&self.enrolment, &self.membership) else {
            return;
        };
        let keys = membership.device_keys();
        let Some(record) = self.roster.device(&keys.id) else {
            return;
        };
        if record.keys != keys {
            return self.joining_fails(Refusal::LinkUsed);
        }
        let before = record.added.0.checked_sub(1).map(RosterSeq);
        let Some(before) = before.and_then(|at| self.roster.hash_at(at)) else {
            return;
        };
        let command = enrolment.command;
        let mut facts = membership.facts.clone();
        facts.words = vault::six_words(
            &facts.facility,
            &facts.relay_key,
            &before,
            &keys.signing,
            &keys.agreement,
        )
        .map(str::to_owned)
        .to_vec();
        if self
            .keep_facts(facts, Self::forget_enrolment_rows())
            .is_err()
        {
            return;
        }
        self.enrolment = None;
        self.work.enrolling = Some(command);
        if !self.link.is_open() {
            self.reconnect_as_new();
        }
    }

    pub(super) fn forget_enrolment_rows() -> Vec<SettingRow> {
        vec![(ENROLMENT, None)]
    }

    pub(super) fn confirm_words(&mut self) -> Result<Done, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        if self.is_joining() {
            return Err(Refusal::NotEnrolled);
        }
        let mut facts = membership.facts.clone();
        facts.confirmed = true;
        self.keep_facts(facts, Vec::new())?;
        self.send_seen();
        self.prepared();
        Ok(Done::Ok)
    }

    /// Once everything a first sign-in needs is durable, and the words were the same.
    pub(super) fn prepared(&mut self) {
        let Some(membership) = &self.membership else {
            return;
        };
        let done = membership.facts.confirmed && self.link.shown().0 == Shown::Live;
        if !done || membership.facts.prepared {
            return;
        }
        let mut facts = membership.facts.clone();
        facts.prepared = true;
        if self.keep_facts(facts, Vec::new()).is_ok()
            && let Some(command) = self.work.enrolling.take()
        {
            self.settle(command, Settled::Enrolled);
        }
    }

    /// The relay cannot keep the acceptance now: it is asked again by and by.
    pub(super) fn enrolment_busy(&mut self, request: u32) {
        let enrolment = self.enrolment.as_ref();
        if enrolment.is_some_and(|e| e.request == Some(request)) {
            self.hang_up(Shown::Offline);
        }
    }
}
