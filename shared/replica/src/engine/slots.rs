//! Keyslots: who can sign in on this device. They arrive in the `devices` stream, are opened with
//! this device's own copy of its key, and count only when signed by the person whose keys they
//! hold; per person, factor and number the newest by place, whether this version can open it or
//! not.

use super::Engine;
use crate::log::{Standing, StoreError, StoredEnvelope};
use domain::Stream;
use domain::directory::Role;
use ids::{EnvelopeId, PersonId, Place, SigningPublic, limits};
use interface::TileView;
use std::collections::BTreeMap;
use vault::{Badge, Factor, SlotPublic};
use wire::Kind;
use zeroize::Zeroizing;

/// How many facts are read at once.
const FACTS: usize = 512;

#[derive(Default)]
pub(super) struct Slots {
    by_person: BTreeMap<(PersonId, u8, u32), Slot>,
    /// The last local fact of `devices` read.
    read_to: i64,
}

pub(super) struct Slot {
    pub(super) person: PersonId,
    pub(super) public: SlotPublic,
    pub(super) body: Zeroizing<Vec<u8>>,
    /// Under which key it was signed: the only one it can be of use for.
    pub(super) signer: SigningPublic,
    id: EnvelopeId,
    place: Option<Place>,
}

impl Slot {
    fn opens_by_badge(&self) -> bool {
        self.public.factor == Factor::BadgeAndPin && !self.public.withdrawn
    }
}

impl Slots {
    /// Name and role of a person, as the slot says.
    pub(super) fn of(&self, person: PersonId) -> Option<&Slot> {
        self.by_person.values().find(|slot| slot.person == person)
    }

    /// Which slot a person opens with badge and PIN.
    pub(super) fn badge_slot(&self, person: PersonId) -> Option<EnvelopeId> {
        let mut slots = self.by_person.values();
        let slot = slots.find(|slot| slot.person == person && slot.opens_by_badge());
        slot.map(|slot| slot.id)
    }

    /// Keeps a slot whose number there may be.
    fn keep(&mut self, slot: Slot) {
        if slot.public.number >= limits::KEYSLOTS_PER_PERSON {
            return;
        }
        let key = (slot.person, slot.public.factor.code(), slot.public.number);
        let newer = self
            .by_person
            .get(&key)
            .is_none_or(|old| match (old.place, slot.place) {
                (Some(old), Some(new)) => old.log_id != new.log_id || old.seq <= new.seq,
                (Some(_), None) | (None, _) => true,
            });
        if newer {
            self.by_person.insert(key, slot);
        }
    }

    /// An envelope that does not count turned out to be none: its place said so.
    fn forget(&mut self, id: &EnvelopeId) {
        self.by_person.retain(|_, slot| slot.id != *id);
    }
}

/// A role's code in a slot.
pub(super) fn role_code(role: Role) -> u8 {
    // Greater numbers are a newer version's, which alone writes slots of such roles.
    u8::try_from(role.number()).unwrap_or(u8::MAX)
}

/// A role from its code.
pub(super) fn role_of(code: u8) -> Role {
    Role::from_number(code.into())
}

impl Engine {
    pub(super) fn load_slots(&mut self) -> Result<(), StoreError> {
        self.slots = Slots::default();
        self.read_slots()
    }

    /// Reads what has arrived in `devices` since the last time.
    pub(super) fn read_slots(&mut self) -> Result<(), StoreError> {
        let Some(membership) = &self.membership else {
            return Ok(());
        };
        let stream = membership.stream(Stream::Devices);
        loop {
            let facts = self.log.facts(stream, self.slots.read_to, FACTS)?;
            let Some(last) = facts.last() else {
                return Ok(());
            };
            let read_to = last.number;
            for fact in &facts {
                match self.read_slot(&fact.envelope) {
                    Some(slot) => self.slots.keep(slot),
                    None => self.slots.forget(&fact.envelope.envelope.id()),
                }
            }
            self.slots.read_to = read_to;
            self.notices.tablet();
        }
    }

    fn read_slot(&self, stored: &StoredEnvelope) -> Option<Slot> {
        let membership = self.membership.as_ref()?;
        let header = stored.envelope.header();
        if stored.standing != Standing::Accepted || header.kind() != Some(Kind::Slot) {
            return None;
        }
        let at = stored
            .place
            .map_or(self.roster.head().0, |place| place.roster_seq);
        if !self.keys_stood(header.person, header.device, header.roster_seq, at) {
            return None;
        }
        let signer = self.person_key_then(header.person, header.roster_seq)?;
        let id = vault::keyslot_document_id(membership.devices.id_key(), &header.person);
        if header.document != id {
            return None;
        }
        let key = membership.devices.document_key(header.epoch, &id)?;
        let body = vault::open(&key, &stored.envelope).ok()?;
        let public = vault::peek_slot(&body).ok()?;
        Some(Slot {
            person: header.person,
            public,
            body,
            signer,
            id: stored.envelope.id(),
            place: stored.place,
        })
    }

    /// Slots that a badge may open: they carry its lookup for their own person, and are signed with
    /// the key that is that person's now.
    pub(super) fn slots_of_badge(&self, badge: &Badge) -> impl Iterator<Item = &Slot> {
        self.slots
            .by_person
            .values()
            .filter(|slot| slot.opens_by_badge())
            .filter(|slot| slot.public.lookup == badge.lookup(&slot.person))
            .filter(|slot| self.is_current(slot))
    }

    /// Whether its person belongs, may sign in on this device, and still has the keys it is for.
    fn is_current(&self, slot: &Slot) -> bool {
        let person = self.roster.person(&slot.person);
        person.is_some_and(|person| person.is_active() && person.signing == slot.signer)
            && self.may_sign_in_here(&slot.person)
    }

    /// Whether an administrator lets a person sign in on this device.
    pub(super) fn may_sign_in_here(&self, person: &PersonId) -> bool {
        let facts = self.membership.as_ref().map(|membership| &membership.facts);
        let own = facts.and_then(|facts| self.roster.device(&facts.device));
        own.is_none_or(|device| device.scope.may_sign_in.allows(person))
    }

    /// Who can sign in here now: has a slot with a factor this version knows, and is in the roster
    /// with its keys.
    pub(super) fn tiles(&self) -> Vec<TileView> {
        let mut tiles: Vec<TileView> = self
            .slots
            .by_person
            .values()
            .filter(|slot| slot.opens_by_badge() && self.is_current(slot))
            .map(|slot| {
                let (name, role) = self.name_and_role(slot.person);
                TileView {
                    person: slot.person,
                    name,
                    role,
                    pin_alone: self.may_come_back(slot.person),
                }
            })
            .collect();
        tiles.sort_by(|a, b| a.name.cmp(&b.name).then(a.person.cmp(&b.person)));
        // Somebody with two badges is one person.
        tiles.dedup_by_key(|tile| tile.person);
        tiles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slot(number: u32) -> Slot {
        let mut head = vec![0xa3, 0x00, 0x01, 0x01, 0x48];
        head.extend_from_slice(&[7; 8]);
        head.extend_from_slice(&[0x07, 0x1a]);
        head.extend_from_slice(&number.to_be_bytes());
        let mut body = vec![0xa2, 0x00, 0x58, u8::try_from(head.len()).unwrap()];
        body.extend_from_slice(&head);
        body.extend_from_slice(&[0x01, 0x40]);
        Slot {
            person: PersonId::from_bytes([1; 16]),
            public: vault::peek_slot(&body).unwrap(),
            body: Zeroizing::new(body),
            signer: SigningPublic::from_bytes([2; 32]),
            id: EnvelopeId::from_bytes([u8::try_from(number).unwrap(); 32]),
            place: None,
        }
    }

    #[test]
    fn a_person_has_as_many_numbers_of_a_factor_as_there_may_be_and_not_one_more() {
        let mut slots = Slots::default();
        for number in 0..limits::KEYSLOTS_PER_PERSON {
            slots.keep(slot(number));
            slots.keep(slot(number));
        }
        let most = usize::try_from(limits::KEYSLOTS_PER_PERSON).unwrap();
        assert_eq!(slots.by_person.len(), most);
        slots.keep(slot(limits::KEYSLOTS_PER_PERSON));
        assert_eq!(slots.by_person.len(), most);
    }
}
