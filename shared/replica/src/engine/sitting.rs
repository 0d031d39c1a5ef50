//! Sittings: who signed in here with badge and PIN may come back with the PIN alone, for twelve
//! hours and five wrong PINs. They are in memory only; a worker that is ended on purpose hands
//! them to the next, one that dies takes them with it.

use super::Engine;
use ids::{EnvelopeId, PersonId, UnixMillis, limits};
use interface::{Done, Refusal};
use vault::{Pin, Sitting, UnlockError};
use zeroize::Zeroizing;

/// Sittings by person, the oldest first.
#[derive(Default)]
pub(super) struct Sittings(Vec<Held>);

struct Held {
    person: PersonId,
    /// The slot it began with: a new badge or PIN is a new slot, and ends it.
    slot: EnvelopeId,
    began: UnixMillis,
    wrong: u32,
    sitting: Sitting,
}

impl Held {
    /// A clock that went back ends a sitting too: it could make it last for ever.
    fn lasts(&self, now: UnixMillis) -> bool {
        (0..limits::SITTING_MS).contains(&now.since(self.began))
    }
}

impl Sittings {
    fn end(&mut self, person: PersonId) {
        self.0.retain(|held| held.person != person);
    }

    fn begin(&mut self, held: Held) {
        self.end(held.person);
        if self.0.len() >= limits::SITTINGS {
            self.0.remove(0);
        }
        self.0.push(held);
    }
}

impl Engine {
    /// Begins a sitting of whoever has just signed in, while the PIN is at hand. Without one the
    /// badge is asked again; that is no reason to refuse the sign-in.
    pub fn begin_sitting(&mut self, pin: &str) {
        let (Ok(pin), Some(session)) = (Pin::parse(pin), &self.session) else {
            return;
        };
        let person = session.person;
        let Some(slot) = self.slots.badge_slot(person) else {
            return;
        };
        let made = vault::make_sitting(self.random.as_mut(), &pin, &session.identity);
        if let Ok(sitting) = made {
            self.sittings.begin(Held {
                person,
                slot,
                began: self.now,
                wrong: 0,
                sitting,
            });
        }
    }

    /// Whether a person may come back with the PIN alone.
    pub(super) fn may_come_back(&self, person: PersonId) -> bool {
        self.sittings.0.iter().any(|held| {
            held.person == person
                && held.lasts(self.now)
                && self.slots.badge_slot(person) == Some(held.slot)
        })
    }

    pub(super) fn sign_in_again(&mut self, person: PersonId, pin: &str) -> Result<Done, Refusal> {
        if !self.may_come_back(person) {
            self.sittings.end(person);
            self.notices.tablet();
            return Err(Refusal::BadgeNeeded);
        }
        let pin = Pin::parse(pin).map_err(|_| Refusal::NotKnown)?;
        let held = self
            .sittings
            .0
            .iter_mut()
            .find(|held| held.person == person);
        let held = held.ok_or(Refusal::BadgeNeeded)?;
        match held.sitting.resume(&pin) {
            Ok(identity) => {
                self.open_session(person, identity)?;
                Ok(Done::Ok)
            }
            Err(UnlockError::NoMemory) => Err(Refusal::NoMemory),
            Err(_) => {
                held.wrong = held.wrong.saturating_add(1);
                let tries_left = limits::PIN_TRIES.saturating_sub(held.wrong);
                if tries_left > 0 {
                    return Err(Refusal::WrongPin { tries_left });
                }
                self.sittings.end(person);
                self.notices.tablet();
                Err(Refusal::BadgeNeeded)
            }
        }
    }

    /// Everything the next worker needs so that people may come back: for a `MessagePort` to it,
    /// and for nothing else.
    pub fn hand_over(&mut self) -> Zeroizing<Vec<u8>> {
        let mut bytes = Zeroizing::new(Vec::new());
        for held in std::mem::take(&mut self.sittings).0 {
            let sitting = held.sitting.to_bytes();
            let Ok(length) = u16::try_from(sitting.len()) else {
                continue;
            };
            bytes.extend_from_slice(held.person.as_bytes());
            bytes.extend_from_slice(held.slot.as_bytes());
            bytes.extend_from_slice(&held.began.0.to_be_bytes());
            bytes.extend_from_slice(&held.wrong.to_be_bytes());
            bytes.extend_from_slice(&length.to_be_bytes());
            bytes.extend_from_slice(&sitting);
        }
        bytes
    }

    /// Takes over what [`Engine::hand_over`] of the engine before gave; bytes that are none end
    /// the list where they stop making sense.
    pub fn take_over(&mut self, bytes: &[u8], now: UnixMillis) -> Vec<crate::Effect> {
        self.clock_says(now);
        let mut rest = bytes;
        while let Some((held, after)) = read(rest) {
            rest = after;
            if held.wrong < limits::PIN_TRIES {
                self.sittings.begin(held);
            }
        }
        self.notices.tablet();
        self.take_effects()
    }

    /// Whose badge this is, if it can sign in here. Says nothing that the sign-in page does not.
    pub fn badge_owner(&self, badge: &str) -> Option<PersonId> {
        let badge = vault::Badge::parse(badge).ok()?;
        let slot = self.slots_of_badge(&badge).next()?;
        Some(slot.person)
    }
}

fn read(bytes: &[u8]) -> Option<(Held, &[u8])> {
    let (person, rest) = bytes.split_first_chunk::<16>()?;
    let (slot, rest) = rest.split_first_chunk::<32>()?;
    let (began, rest) = rest.split_first_chunk::<8>()?;
    let (wrong, rest) = rest.split_first_chunk::<4>()?;
    let (length, rest) = rest.split_first_chunk::<2>()?;
    let (sitting, rest) = rest.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
    let held = Held {
        person: PersonId::from_bytes(*person),
        slot: EnvelopeId::from_bytes(*slot),
        began: UnixMillis(i64::from_be_bytes(*began)),
        wrong: u32::from_be_bytes(*wrong),
        sitting: Sitting::from_bytes(sitting)?,
    };
    Some((held, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(person: u8, began: i64) -> Held {
        Held {
            person: PersonId::from_bytes([person; 16]),
            slot: EnvelopeId::from_bytes([0; 32]),
            began: UnixMillis(began),
            wrong: 0,
            sitting: Sitting::from_bytes(&[0; 48]).unwrap(),
        }
    }

    #[test]
    fn the_oldest_sitting_makes_room_for_one_more_than_there_may_be() {
        let mut sittings = Sittings::default();
        let bound = u8::try_from(limits::SITTINGS).unwrap();
        for person in 0..bound {
            sittings.begin(held(person, 0));
        }
        assert_eq!(sittings.0.len(), limits::SITTINGS);
        sittings.begin(held(0, 1));
        assert_eq!(sittings.0.len(), limits::SITTINGS, "one a person");
        sittings.begin(held(bound, 2));
        assert_eq!(sittings.0.len(), limits::SITTINGS);
        let first = PersonId::from_bytes([1; 16]);
        assert!(sittings.0.iter().all(|held| held.person != first));
    }

    #[test]
    fn a_sitting_lasts_twelve_hours_and_no_clock_makes_it_longer() {
        let held = held(1, 1_000);
        let last = UnixMillis(1_000 + limits::SITTING_MS);
        for (now, lasts) in [
            (UnixMillis(1_000), true),
            (last.plus(-1), true),
            (last, false),
            (UnixMillis(999), false),
        ] {
            assert_eq!(held.lasts(now), lasts, "{now:?}");
        }
    }

    #[test]
    fn what_is_cut_short_on_the_way_hands_over_nobody_who_is_not_whole() {
        let mut bytes = Vec::new();
        bytes.extend_from_slice(&[1; 16]);
        bytes.extend_from_slice(&[2; 32]);
        bytes.extend_from_slice(&7_i64.to_be_bytes());
        bytes.extend_from_slice(&3_u32.to_be_bytes());
        bytes.extend_from_slice(&48_u16.to_be_bytes());
        bytes.extend_from_slice(&[9; 48]);
        let (whole, rest) = read(&bytes).unwrap();
        assert_eq!((whole.wrong, whole.began.0, rest.len()), (3, 7, 0));
        for length in 0..bytes.len() {
            assert!(read(&bytes[..length]).is_none(), "{length}");
        }
    }
}
