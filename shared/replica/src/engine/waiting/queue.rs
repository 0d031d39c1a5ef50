//! What waits in one stream, within bounds, and what found no room.

use crate::log::StoredEnvelope;
use ids::{DocumentId, EnvelopeId, PersonId, limits};
use std::collections::BTreeMap;

/// One envelope that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::engine) struct Waiter {
    pub(in crate::engine) id: EnvelopeId,
    pub(in crate::engine) document: DocumentId,
    pub(in crate::engine) person: PersonId,
}

impl Waiter {
    pub(super) fn new(stored: &StoredEnvelope) -> Self {
        let header = stored.envelope.header();
        Self {
            id: stored.envelope.id(),
            document: header.document,
            person: header.person,
        }
    }
}

/// What waits in one stream.
#[derive(Clone, Debug, Default)]
pub(in crate::engine) struct Queue {
    /// In the order in which they came.
    pub(in crate::engine) waiters: Vec<Waiter>,
    /// Waited, and cannot be read back now.
    pub(super) unreadable: Vec<EnvelopeId>,
    /// What found no room.
    pub(super) left: Option<LeftOut>,
}

impl Queue {
    pub(super) const NONE: &'static Self = &Self {
        waiters: Vec::new(),
        unreadable: Vec::new(),
        left: None,
    };

    pub(in crate::engine) fn holds(&self, id: &EnvelopeId) -> bool {
        self.waiters.iter().any(|waiter| waiter.id == *id) || self.unreadable.contains(id)
    }

    fn ids(&self) -> impl Iterator<Item = EnvelopeId> {
        let waiters = self.waiters.iter().map(|waiter| waiter.id);
        waiters.chain(self.unreadable.iter().copied())
    }

    pub(super) fn has_same_ids(&self, other: &Self) -> bool {
        self.ids().eq(other.ids())
    }

    pub(super) fn row(&self) -> Vec<u8> {
        self.ids().flat_map(|id| id.to_bytes()).collect()
    }

    /// Adds what waits newly, in its order, as far as [`limits::WAITING_PER_PERSON`] and
    /// [`limits::WAITING`] allow. What finds no room is returned, as coming after the fact `after`.
    pub(super) fn add(&mut self, new: Vec<Waiter>, after: i64) -> Option<LeftOut> {
        let mut left = None;
        let mut per_person: BTreeMap<PersonId, usize> = BTreeMap::new();
        for waiter in &self.waiters {
            *per_person.entry(waiter.person).or_default() += 1;
        }
        for waiter in new {
            let of_person = per_person.entry(waiter.person).or_default();
            if self.waiters.len() < limits::WAITING && *of_person < limits::WAITING_PER_PERSON {
                *of_person += 1;
                self.waiters.push(waiter);
            } else {
                let none = LeftOut {
                    after,
                    persons: BTreeMap::new(),
                };
                let count = left.get_or_insert(none).persons.entry(waiter.person);
                *count.or_default() += 1;
            }
        }
        left
    }

    /// Whether what found no room would find some now: nothing waits any more of one of those
    /// whose it is. One person's waiting for ever thus keeps nobody else's out.
    pub(super) fn has_room_for(&self, left: &LeftOut) -> bool {
        let waits = |person: &PersonId| self.waiters.iter().any(|waiter| waiter.person == *person);
        self.waiters.len() <= limits::WAITING / 2
            && left.persons.keys().any(|person| !waits(person))
    }
}

/// What found no room among the waiting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LeftOut {
    /// It comes after this local fact.
    pub(super) after: i64,
    /// How many, by author.
    pub(super) persons: BTreeMap<PersonId, u32>,
}

impl LeftOut {
    /// Both together.
    pub(super) fn join(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        let (Some(mut one), Some(other)) = (one.clone(), other.clone()) else {
            return one.or(other);
        };
        one.after = one.after.min(other.after);
        for (person, more) in other.persons {
            let count = one.persons.entry(person).or_default();
            *count = count.saturating_add(more);
        }
        Some(one)
    }

    pub(super) fn count(&self) -> u32 {
        self.persons.values().copied().fold(0, u32::saturating_add)
    }

    pub(super) fn row(&self) -> Vec<u8> {
        let mut row = self.after.to_be_bytes().to_vec();
        for (person, count) in &self.persons {
            row.extend(person.to_bytes());
            row.extend(count.to_be_bytes());
        }
        row
    }

    pub(super) fn read(row: &[u8]) -> Option<Self> {
        let (after, rest) = row.split_first_chunk()?;
        let persons = rest.chunks_exact(PersonId::LEN + 4).filter_map(|one| {
            let (person, count) = one.split_at_checked(PersonId::LEN)?;
            let count = u32::from_be_bytes(count.try_into().ok()?);
            Some((PersonId::from_slice(person)?, count))
        });
        Some(Self {
            after: i64::from_be_bytes(*after),
            persons: persons.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiter(person: u8, number: usize) -> Waiter {
        let mut id = [0; 32];
        id[0] = person;
        id[1..9].copy_from_slice(&(number as u64).to_be_bytes());
        Waiter {
            id: EnvelopeId::from_bytes(id),
            document: DocumentId::ZERO,
            person: PersonId::from_bytes([person; 16]),
        }
    }

    fn of(person: u8, count: usize) -> Vec<Waiter> {
        (0..count).map(|number| waiter(person, number)).collect()
    }

    fn count(left: Option<LeftOut>) -> u32 {
        left.map_or(0, |left| left.count())
    }

    #[test]
    fn what_waits_of_one_person_is_bounded_and_leaves_others_their_room() {
        let mut queue = Queue::default();
        assert_eq!(queue.add(of(1, limits::WAITING_PER_PERSON), 5), None);
        assert_eq!(queue.waiters.len(), limits::WAITING_PER_PERSON);
        let next = waiter(1, limits::WAITING_PER_PERSON);
        assert_eq!(count(queue.add(vec![next, waiter(2, 0)], 6)), 1);
        assert_eq!(queue.waiters.len(), limits::WAITING_PER_PERSON + 1);
        assert!(!queue.holds(&next.id));
    }

    #[test]
    fn what_waits_in_a_stream_is_bounded() {
        let mut queue = Queue::default();
        let persons = limits::WAITING / limits::WAITING_PER_PERSON;
        for person in (0u8..).take(persons) {
            let some = of(person, limits::WAITING_PER_PERSON);
            assert_eq!(queue.add(some, 1), None);
        }
        assert_eq!(queue.waiters.len(), limits::WAITING);
        assert_eq!(count(queue.add(vec![waiter(200, 0)], 2)), 1);
        assert_eq!(queue.waiters.len(), limits::WAITING);
    }

    #[test]
    fn what_found_no_room_is_remembered_from_where_it_began_until_its_author_has_room() {
        let mut queue = Queue::default();
        let first = queue.add(of(1, limits::WAITING_PER_PERSON + 2), 7);
        assert_eq!(queue.add(of(2, 1), 8), None);
        let more = queue.add(vec![waiter(1, 9_999)], 9);
        let noted = LeftOut::join(first, more).unwrap();
        assert_eq!((noted.after, noted.count()), (7, 3));
        assert_eq!(LeftOut::read(&noted.row()), Some(noted.clone()));
        assert!(!queue.has_room_for(&noted));
        queue
            .waiters
            .retain(|waiter| waiter.person != PersonId::from_bytes([1; 16]));
        assert!(queue.has_room_for(&noted), "another still waits");
    }
}
