//! Enrolling a blank device with an invitation: fetch the blob and the roster under the invite
//! key, make this device's keys durable, append `accept`, show six words, and then fetch what a
//! first sign-in needs.

use super::membership::{Facts, Membership, Pin};
use super::{Engine, bug, storage};
use crate::keyring::StreamKeys;
use crate::log::LogChange;
use ids::{CommandId, DeviceId, FacilityId, RosterHash, RosterSeq, SigningPublic};
use interface::{Done, Link as Shown, Refusal, Settled};
use vault::{Identity, InviteBlob as Blob, InviteLink};
use wire::message::{
    ErrorCode, InviteBlob, RosterAppend, RosterOutcome, RosterTail, WelcomeFields,
};
use wire::roster::{Accept, DeviceKeys, RosterBody, UnsignedEntry};
use wire::{Countersigned, Role, RosterState};

/// Appends tried before giving up (each lost race means somebody else changed the roster).
const TRIES: u32 = 8;

/// An enrolment under way. Nothing of it is kept over a restart until `accept` is about to be sent.
pub(super) struct Enrolment {
    command: CommandId,
    link: InviteLink,
    device_name: String,
    relay_key: Option<SigningPublic>,
    blob: Option<Blob>,
    roster: Vec<(RosterSeq, Countersigned)>,
    roster_head: RosterSeq,
    made: Option<Made>,
    request: Option<u32>,
    tries: u32,
}

/// The device's own keys, drawn once the invitation has been read.
struct Made {
    device: DeviceId,
    identity: Identity,
    words: Vec<String>,
}

impl Enrolment {
    pub(super) fn role(&self) -> Role {
        Role::Invite {
            facility: FacilityId::ZERO,
            invite: self.link.id(),
        }
    }

    pub(super) fn invite_identity(&self) -> &Identity {
        self.link.identity()
    }
}

impl Engine {
    pub(super) fn enrol(&mut self, fragment: &str, device_name: String) -> Result<Done, Refusal> {
        if self.membership.is_some() {
            return Err(Refusal::AlreadyEnrolled);
        }
        let link = InviteLink::parse(fragment.trim()).map_err(|_| Refusal::BadLink)?;
        let device_name = self.checked_device_name(&device_name)?;
        let command = self.draw_command_id()?;
        self.roster = RosterState::default();
        self.enrolment = Some(Enrolment {
            command,
            link,
            device_name,
            relay_key: None,
            blob: None,
            roster: Vec::new(),
            roster_head: RosterSeq(0),
            made: None,
            request: None,
            tries: 0,
        });
        self.notices.tablet();
        self.reconnect_as_new();
        Ok(Done::Pending { command })
    }

    pub(super) fn enrolment_welcomed(&mut self, relay_key: SigningPublic, fields: &WelcomeFields) {
        let Some(enrolment) = &mut self.enrolment else {
            return;
        };
        enrolment.relay_key = Some(relay_key);
        enrolment.roster_head = fields.roster_head;
        enrolment.roster.clear();
        self.roster = RosterState::default();
        self.send(&InviteBlob {}.into());
        self.send(&RosterTail { from: RosterSeq(1) }.into());
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
                self.hang_up(Shown::WrongRelay);
                self.enrolment_fails(Refusal::BadLink);
            }
            Err(_) => self.enrolment_fails(Refusal::BadLink),
        }
    }

    pub(super) fn enrolment_roster(
        &mut self,
        entries: Vec<(RosterSeq, Countersigned)>,
        head: RosterSeq,
    ) {
        if let Some(enrolment) = &mut self.enrolment {
            enrolment.roster.extend(entries);
            enrolment.roster_head = enrolment.roster_head.max(head);
        }
        self.enrolment_step();
    }

    /// Once blob and roster are here: keys, words, and then `accept`.
    fn enrolment_step(&mut self) {
        let Some(enrolment) = &self.enrolment else {
            return;
        };
        let (Some(blob), None) = (&enrolment.blob, enrolment.request) else {
            return;
        };
        let (head, before) = self.roster.head();
        if head < enrolment.roster_head || head == RosterSeq(0) {
            return;
        }
        let genuine = self.roster.facility() == Some(blob.facility)
            && self.roster.hash_at(blob.roster_seq) == Some(blob.roster_hash)
            && self.roster.relay_key() == Some(blob.relay_key);
        if !genuine {
            return self.enrolment_fails(Refusal::BadLink);
        }
        if let Err(refusal) = self.accept_invitation(before) {
            self.enrolment_fails(refusal);
        }
    }

    fn accept_invitation(&mut self, before: RosterHash) -> Result<(), Refusal> {
        let Some(mut enrolment) = self.enrolment.take() else {
            return Ok(());
        };
        let outcome = self.make_and_keep(&mut enrolment, before);
        let entry = outcome.and_then(|()| self.accept_entry(&enrolment, before));
        enrolment.request = Some(enrolment.tries);
        let request = enrolment.tries;
        self.enrolment = Some(enrolment);
        let (expect, _) = self.roster.head();
        let append = RosterAppend {
            request,
            expect,
            entries: vec![entry?],
            wraps: Vec::new(),
            blob: None,
        };
        self.send(&append.into());
        Ok(())
    }

    /// Keys and blob are durable before `accept` is sent.
    fn make_and_keep(
        &mut self,
        enrolment: &mut Enrolment,
        before: RosterHash,
    ) -> Result<(), Refusal> {
        let blob = enrolment.blob.as_ref().ok_or_else(|| bug("no blob"))?;
        let made = match enrolment.made.take() {
            Some(made) => made,
            None => Made {
                device: DeviceId::from_bytes(self.draw::<16>()?),
                identity: vault::make_identity(self.random.as_mut())
                    .map_err(|_| Refusal::NoRandom)?,
                words: Vec::new(),
            },
        };
        let words = vault::six_words(
            &blob.facility,
            &blob.relay_key,
            &before,
            &made.identity.signing_public(),
            &made.identity.agreement_public(),
        );
        enrolment.made = Some(Made {
            words: words.map(str::to_owned).to_vec(),
            ..made
        });
        Ok(())
    }

    fn accept_entry(
        &self,
        enrolment: &Enrolment,
        before: RosterHash,
    ) -> Result<bytes::Bytes, Refusal> {
        let made = enrolment.made.as_ref().ok_or_else(|| bug("no keys"))?;
        let blob = enrolment.blob.as_ref().ok_or_else(|| bug("no blob"))?;
        let seq = self
            .roster
            .head()
            .0
            .next()
            .ok_or_else(|| bug("roster full"))?;
        let device = DeviceKeys {
            id: made.device,
            signing: made.identity.signing_public(),
            agreement: made.identity.agreement_public(),
        };
        let body = RosterBody::Accept(Accept {
            invite: enrolment.link.id(),
            device,
        });
        let entry = UnsignedEntry::new(blob.facility, seq, before, enrolment.link.id(), &body);
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
                if let Err(refusal) = self.enrolment_accepted() {
                    self.enrolment_fails(refusal);
                }
            }
            RosterOutcome::Conflict { head } if enrolment.tries < TRIES => {
                enrolment.tries += 1;
                enrolment.request = None;
                enrolment.roster_head = enrolment.roster_head.max(head);
                self.enrolment_step();
            }
            RosterOutcome::Conflict { .. }
            | RosterOutcome::Refused { .. }
            | RosterOutcome::Unknown(_) => {
                self.enrolment_fails(Refusal::LinkUsed);
            }
        }
    }

    fn enrolment_accepted(&mut self) -> Result<(), Refusal> {
        let Some(enrolment) = self.enrolment.take() else {
            return Ok(());
        };
        let (Some(blob), Some(made)) = (enrolment.blob, enrolment.made) else {
            return Err(bug("enrolment"));
        };
        let facts = Facts {
            facility: blob.facility,
            device: made.device,
            relay_key: blob.relay_key,
            device_name: enrolment.device_name,
            facility_name: blob.facility_name,
            devices_epoch: blob.devices_epoch,
            confirmed: false,
            words: made.words,
            prepared: false,
            pinned: blob
                .streams
                .iter()
                .map(|s| Pin {
                    stream: s.stream,
                    log_id: s.log_id,
                    seq: s.seq,
                    chain: s.chain,
                })
                .collect(),
            introduced: false,
        };
        let devices = StreamKeys::from_epoch(
            blob.devices,
            blob.devices_epoch,
            blob.devices_key,
            blob.devices_id_key,
            &self.roster,
        );
        let membership = Membership {
            facts,
            identity: made.identity,
            devices,
        };
        let change = LogChange {
            meta: self
                .membership_meta(&membership)
                .map_err(|_| Refusal::NoRandom)?,
            roster: enrolment.roster,
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.membership = Some(membership);
        self.work.enrolling = Some(enrolment.command);
        self.notices.tablet();
        self.reconnect_as_new();
        Ok(())
    }

    pub(super) fn confirm_words(&mut self) -> Result<Done, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let mut facts = membership.facts.clone();
        facts.confirmed = true;
        self.keep_facts(facts)?;
        self.prepared();
        Ok(Done::Ok)
    }

    /// Forgets this enrolment. The device stays in the roster until an administrator removes it;
    /// without its keys nobody can use it.
    pub(super) fn reject_words(&mut self) -> Result<Done, Refusal> {
        if self.membership.as_ref().is_some_and(|m| m.facts.confirmed) {
            return Err(Refusal::AlreadyEnrolled);
        }
        let change = LogChange {
            meta: Self::forget_meta(),
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.membership = None;
        self.roster = RosterState::default();
        self.reconnect_as_new();
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
        if self.keep_facts(facts).is_ok()
            && let Some(command) = self.work.enrolling.take()
        {
            self.settle(command, Settled::Enrolled);
        }
    }

    pub(super) fn enrolment_refused(&mut self, code: ErrorCode) {
        match code {
            ErrorCode::InviteSpent
            | ErrorCode::UnknownDevice
            | ErrorCode::UnknownFacility
            | ErrorCode::NotFound => {
                self.enrolment_fails(Refusal::LinkUsed);
            }
            _ => {}
        }
    }

    /// The relay cannot keep the acceptance now: the link is as good as before.
    pub(super) fn enrolment_busy(&mut self, request: u32) {
        if self
            .enrolment
            .as_ref()
            .is_some_and(|e| e.request == Some(request))
        {
            self.enrolment_fails(Refusal::NeedsRelay);
        }
    }

    /// Without a network there is no enrolment: it fails at once rather than hang.
    pub(super) fn enrolment_link_ended(&mut self) {
        if self.enrolment.is_some() {
            self.enrolment_fails(Refusal::NeedsRelay);
        }
    }

    fn enrolment_fails(&mut self, refusal: Refusal) {
        let Some(enrolment) = self.enrolment.take() else {
            return;
        };
        self.roster = RosterState::default();
        self.fail(enrolment.command, refusal);
        self.reconnect_as_new();
    }
}
