//! May this entry stand here? Place, countersignature, signer, signature; then the rules of its
//! kind (`rules`, `founding`). All is checked before anything changes.

use super::body::{Accept, RosterBody};
use super::error::RosterError;
use super::parts::SignerId;
use super::rules::check_name;
use super::state::RosterState;
use super::{Countersigned, RosterEntry, founding};
use crate::sign::verify_strict;
use ids::{FacilityId, RosterHash, RosterSeq, SigningPublic, UnixMillis};

/// What the relay countersigns for an entry that may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// The facility.
    pub facility: FacilityId,
    /// The entry's position.
    pub seq: RosterSeq,
    /// The roster's hash with it.
    pub hash: RosterHash,
    /// The time to state: `now`, or the last entry's if the clock went backwards.
    pub time: UnixMillis,
}

impl Accepted {
    /// The bytes the relay signs.
    pub fn message(&self) -> Vec<u8> {
        Countersigned::message(&self.facility, self.seq, &self.hash, self.time)
    }
}

impl RosterState {
    /// Whether the relay may append `entry` now.
    ///
    /// # Errors
    /// [`RosterError`]; [`RosterError::UnknownKind`] for what this program cannot check.
    pub fn check(&self, entry: &RosterEntry, now: UnixMillis) -> Result<Accepted, RosterError> {
        let time = self.time().map_or(now, |last| last.max(now));
        self.check_position(entry)?;
        self.check_body(entry, time)?;
        let head = entry.head();
        let (facility, seq, hash) = (head.facility, head.seq, entry.roster_hash());
        Ok(Accepted {
            facility,
            seq,
            hash,
            time,
        })
    }

    /// Whether the relay may append `entries`, one after another, now.
    ///
    /// # Errors
    /// The index of the first that may not, and why.
    pub fn check_all(
        &self,
        entries: &[RosterEntry],
        now: UnixMillis,
    ) -> Result<Vec<Accepted>, (usize, RosterError)> {
        let mut state = self.clone();
        let mut all = Vec::with_capacity(entries.len());
        for (i, entry) in entries.iter().enumerate() {
            let accepted = state.check(entry, now).map_err(|error| (i, error))?;
            state.enter(entry, accepted.time);
            all.push(accepted);
        }
        Ok(all)
    }

    /// Verifies and applies the next entry.
    ///
    /// An entry of unknown kind or version is kept in the chain and [`RosterState::waiting`]; so
    /// is a later one whose rules cannot be judged without it. Either is signed by who it says.
    ///
    /// # Errors
    /// [`RosterError`]; nothing has changed then.
    pub fn apply(&mut self, item: &Countersigned) -> Result<RosterHash, RosterError> {
        let entry = RosterEntry::parse(item.entry.clone())?;
        self.check_position(&entry)?;
        if self.time().is_some_and(|last| item.time < last) {
            return Err(RosterError::TimeBackwards);
        }
        let hash = entry.roster_hash();
        let key = self
            .countersigning_key(&entry)
            .ok_or(RosterError::FoundOnlyFirst)?;
        let head = entry.head();
        let message = Countersigned::message(&head.facility, head.seq, &hash, item.time);
        verify_strict(&key, &message, &item.signature)
            .map_err(|_| RosterError::BadCountersignature)?;
        match self.check_body(&entry, item.time) {
            Ok(()) => self.enter(&entry, item.time),
            Err(error) if error == RosterError::UnknownKind || self.needs_update() => {
                self.check_kept(&entry)?;
                self.keep(&entry, item.time);
            }
            Err(error) => return Err(error),
        }
        Ok(hash)
    }

    fn check_position(&self, entry: &RosterEntry) -> Result<(), RosterError> {
        let (head, expected) = (entry.head(), self.next_seq());
        if head.seq != expected {
            return Err(RosterError::NotNext {
                expected,
                found: head.seq,
            });
        }
        if self
            .facility
            .is_some_and(|facility| facility != head.facility)
        {
            return Err(RosterError::OtherFacility);
        }
        if head.prev != self.head().1 {
            return Err(RosterError::WrongPrevious);
        }
        Ok(())
    }

    fn countersigning_key(&self, entry: &RosterEntry) -> Option<SigningPublic> {
        match (self.relay_key(), entry.body()) {
            (None, RosterBody::Found(found)) => Some(found.charter().relay_key),
            (Some(_), RosterBody::RelayKey(body)) => Some(body.key),
            (current, _) => current,
        }
    }

    fn check_body(&self, entry: &RosterEntry, time: UnixMillis) -> Result<(), RosterError> {
        let (head, body) = (entry.head(), entry.body());
        if matches!(body, RosterBody::Found(_)) != (self.facility.is_none()) {
            return Err(RosterError::FoundOnlyFirst);
        }
        let key = self.signing_key(head.signer, body, time)?;
        entry.verify(&key).map_err(|_| RosterError::BadSignature)?;
        match body {
            RosterBody::Found(found) => {
                founding::check_found(found, &head.facility, head.signer, time)
            }
            RosterBody::AddPerson(body) => self.check_new_person(&body.person),
            RosterBody::RekeyPerson(body) => self.check_rekey(body),
            RosterBody::RemovePerson(body) => {
                self.active_person(&body.person)?;
                self.check_administrators_left(|person, _| *person != body.person)
            }
            RosterBody::AddDevice(body) => self.check_add_device(body),
            RosterBody::RemoveDevice(body) => match self.device(&body.device) {
                Some(device) if device.is_active() => Ok(()),
                _ => Err(RosterError::UnknownDevice),
            },
            RosterBody::Invite(body) => self.check_invite(body, time),
            RosterBody::Accept(body) => self.check_new_device(&body.device),
            RosterBody::Grant(grant) => self.check_grant(grant, time),
            RosterBody::Rotate(body) => self.check_rotate(body, &head.facility, time),
            RosterBody::RelayKey(body) => self.check_fresh_key(&body.key),
            RosterBody::NewLog(body) => self.check_new_log(body),
            RosterBody::Policy(body) => check_name(&body.name),
            RosterBody::RecoveryUsed(body) => self.check_recovery_used(body, time),
            RosterBody::NewSheet(body) => self.check_new_sheet(body),
            RosterBody::Destroy(body) => self.known_stream(&body.stream),
            RosterBody::Clock(_) => Ok(()),
            RosterBody::WithdrawInvite(body) => match self.invite(&body.invite) {
                Some(_) => Ok(()),
                None => Err(RosterError::UnknownInvite),
            },
            RosterBody::Unknown { .. } => Err(RosterError::UnknownKind),
        }
    }

    /// The key that must have signed, if the signer may sign this kind at all.
    fn signing_key(
        &self,
        signer: SignerId,
        body: &RosterBody,
        time: UnixMillis,
    ) -> Result<SigningPublic, RosterError> {
        let nobody = || {
            (signer == SignerId::NONE)
                .then_some(())
                .ok_or(RosterError::SignerNotZero)
        };
        match body {
            RosterBody::Found(found) => Ok(found.charter().person.signing),
            RosterBody::Accept(body) => self.invite_key(signer, body, time),
            RosterBody::Rotate(body) if self.devices_stream() == Some(body.stream) => {
                let device = self
                    .device(&signer.device())
                    .ok_or(RosterError::UnknownDevice)?;
                match device.carries(&body.stream) {
                    true => Ok(device.keys.signing),
                    false => Err(RosterError::NotHolder),
                }
            }
            RosterBody::Rotate(body) => {
                let person = self.active_person(&signer.person())?;
                match self.holds(&person.id, &body.stream, time) {
                    true => Ok(person.signing),
                    false => Err(RosterError::NotHolder),
                }
            }
            RosterBody::NewLog(_) | RosterBody::Clock(_) => {
                nobody()?;
                self.relay_key().ok_or(RosterError::FoundOnlyFirst)
            }
            RosterBody::RecoveryUsed(_) => {
                nobody()?;
                self.recovery()
                    .map(|keys| keys.signing)
                    .ok_or(RosterError::FoundOnlyFirst)
            }
            RosterBody::AddPerson(_)
            | RosterBody::RekeyPerson(_)
            | RosterBody::RemovePerson(_)
            | RosterBody::AddDevice(_)
            | RosterBody::RemoveDevice(_)
            | RosterBody::Invite(_)
            | RosterBody::Grant(_)
            | RosterBody::RelayKey(_)
            | RosterBody::Policy(_)
            | RosterBody::Destroy(_)
            | RosterBody::WithdrawInvite(_)
            | RosterBody::NewSheet(_) => {
                let person = self.active_person(&signer.person())?;
                match self.is_administrator(&person.id, time) {
                    true => Ok(person.signing),
                    false => Err(RosterError::NotAdministrator),
                }
            }
            RosterBody::Unknown { .. } => Err(RosterError::UnknownKind),
        }
    }

    fn invite_key(
        &self,
        signer: SignerId,
        body: &Accept,
        time: UnixMillis,
    ) -> Result<SigningPublic, RosterError> {
        let invite = self
            .invite(&body.invite)
            .ok_or(RosterError::UnknownInvite)?;
        if signer.invite() != body.invite {
            return Err(RosterError::UnknownInvite);
        }
        if time >= invite.expires {
            return Err(RosterError::InviteExpired);
        }
        Ok(invite.key)
    }
}
