//! Which entries count, as far as the roster says: a function of the entry, the clear header of its
//! envelope and the roster at the envelope's place, so that every replica says the same.

use super::Engine;
use crate::view::Origin;
use domain::Document;
use domain::entry::Recorded;
use ids::{DeviceId, PersonId, Place, RosterSeq, SigningPublic};
use wire::Header;

/// Whom an envelope names as its authors, and in what they wrote.
pub(super) struct Author {
    person: PersonId,
    device: DeviceId,
    /// How much of the roster they say they had. It chooses the keys that verify, so it is theirs
    /// to state and never enough.
    roster_seq: RosterSeq,
    what: Document,
}

impl Author {
    pub(super) fn of_origin(origin: &Origin) -> Self {
        Self {
            person: origin.person,
            device: origin.device,
            roster_seq: origin.roster_seq,
            what: origin.what,
        }
    }

    pub(super) fn of_header(header: &Header, what: Document) -> Self {
        Self {
            person: header.person,
            device: header.device,
            roster_seq: header.roster_seq,
            what,
        }
    }
}

impl Engine {
    /// Whether an entry counts. Before it has a place only what it says can be judged.
    pub(super) fn counts(
        &self,
        author: &Author,
        recorded: &Recorded,
        place: Option<Place>,
    ) -> bool {
        domain::verdict::is_sound(recorded, &author.what)
            && place.is_none_or(|place| self.had_right(author, recorded, place.roster_seq))
    }

    /// Whether its authors had the right to make an entry when the roster stood at `at`.
    pub(super) fn had_right(&self, author: &Author, recorded: &Recorded, at: RosterSeq) -> bool {
        let Some(membership) = &self.membership else {
            return false;
        };
        let id = membership.stream(author.what.stream());
        let needed = domain::rights::required_act(recorded, author.device);
        self.keys_stood(author.person, author.device, author.roster_seq, at)
            && self.roster.may_write(&author.person, &id, at)
            && self.roster.acts(&author.person, &id, at) & needed == needed
    }

    /// Whether the keys that were a person's and a device's at `signed` were still theirs at `at`.
    /// A key that was replaced is in other hands by then, or it would not have been.
    pub(super) fn keys_stood(
        &self,
        person: PersonId,
        device: DeviceId,
        signed: RosterSeq,
        at: RosterSeq,
    ) -> bool {
        self.person_key_standing(person, signed, at).is_some()
            && self
                .roster
                .device(&device)
                .is_some_and(|device| device.is_active_at(at))
            && self.roster.device_key_at(&device, signed) == self.roster.device_key_at(&device, at)
    }

    /// The key that was a person's at `signed`, if it was still theirs at `at`.
    pub(super) fn person_key_standing(
        &self,
        person: PersonId,
        signed: RosterSeq,
        at: RosterSeq,
    ) -> Option<SigningPublic> {
        let key = self.roster.person_key_at(&person, signed)?;
        (self.roster.person_key_at(&person, at) == Some(key)).then_some(key)
    }
}
