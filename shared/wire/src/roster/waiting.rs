//! What a replica does with entries that it cannot judge: an unknown kind or version, and what
//! may rest on one. They stay in the chain, and rights are not judged from there on.

use super::RosterEntry;
use super::body::RosterBody;
use super::error::RosterError;
use super::parts::SignerId;
use super::state::RosterState;
use ids::{RosterSeq, SigningPublic, UnixMillis};

impl RosterState {
    /// Entries of a kind or version this program does not know, and those that cannot be judged
    /// without them.
    pub fn waiting(&self) -> &[RosterSeq] {
        &self.waiting
    }

    /// Whether the roster says something this program does not understand.
    pub fn needs_update(&self) -> bool {
        !self.waiting.is_empty()
    }

    /// Whether all of the roster up to a position is understood. What lies at a later place is
    /// not judged: an entry that is not understood may have changed who may do it.
    pub fn is_understood_at(&self, at: RosterSeq) -> bool {
        self.waiting.first().is_none_or(|first| at < *first)
    }

    /// Whether an entry that cannot be judged may lengthen the chain. No kind or version that is
    /// not known here gives a known signer another key, so that a signature can be refused even
    /// then.
    pub(super) fn check_kept(&self, entry: &RosterEntry) -> Result<(), RosterError> {
        let signer = entry.head().signer;
        let keys = self.keys_of(signer);
        if keys.is_empty() {
            // Somebody whom only an entry that waits can have brought in.
            return match self.needs_update() {
                true => Ok(()),
                false => Err(RosterError::UnknownPerson),
            };
        }
        let fits = keys.iter().any(|key| entry.verify(key).is_ok());
        match fits || self.unsure.contains(signer.as_bytes()) {
            true => Ok(()),
            false => Err(RosterError::BadSignature),
        }
    }

    /// Lengthens the chain by an entry that is not understood.
    pub(super) fn keep(&mut self, entry: &RosterEntry, time: UnixMillis) {
        // Known kinds that change keys, and were not entered: what these sign cannot be refused.
        match entry.body() {
            RosterBody::RekeyPerson(body) => drop(self.unsure.insert(body.person.id.to_bytes())),
            RosterBody::RecoveryUsed(body) => {
                self.unsure.insert(*SignerId::NONE.as_bytes());
                let person = body.person.iter().map(|person| person.id.to_bytes());
                self.unsure.extend(person);
            }
            RosterBody::RelayKey(_) | RosterBody::NewSheet(_) => {
                self.unsure.insert(*SignerId::NONE.as_bytes());
            }
            _ => {}
        }
        self.waiting.push(entry.head().seq);
        self.chain.push((entry.roster_hash(), time));
    }

    /// Every key that may sign as `signer`, also of who has left; none for somebody unknown.
    fn keys_of(&self, signer: SignerId) -> Vec<SigningPublic> {
        if signer == SignerId::NONE {
            let recovery = self.recovery().map(|keys| keys.signing);
            return self.relay_key().into_iter().chain(recovery).collect();
        }
        let person = self.person(&signer.person()).map(|person| person.signing);
        let device = self.device(&signer.device());
        let invite = self.invite(&signer.invite());
        let device = device.map(|device| device.keys.signing);
        let invite = invite.map(|invite| invite.key);
        person.into_iter().chain(device).chain(invite).collect()
    }
}
