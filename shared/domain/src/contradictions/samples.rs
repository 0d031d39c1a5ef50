//! Entries for the tests of the rules.

use super::{First, Standing};
use crate::chart::{
    Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Identity, Order, OrderId, Severity, Sex,
};
use crate::directory::{Move, MoveKind};
use crate::entry::{Fact, ResidentId, SpaceId, Subject};
use crate::journal::{Dose, NotGiven, Note, Slot};
use crate::meta::{Decision, Resolution};
use crate::slots::{Counts, Version};
use ids::{CommandId, DeviceId, EntryKey, StatedInstant, UnixMillis};

/// Entries that stand, each with a key of its own. All are of resident 1 unless they say otherwise.
#[derive(Default)]
pub(crate) struct Bench {
    entries: Vec<Entered>,
    taken: Vec<EntryKey>,
}

type Entered = (EntryKey, Subject, StatedInstant, DeviceId, Fact);

impl Bench {
    /// Adds what was stated at `at`; gives its key.
    pub(crate) fn add(&mut self, at: i64, fact: Fact) -> EntryKey {
        let subject = match &fact {
            Fact::Move(says) => Subject::Resident(says.resident),
            Fact::Settings(_) => Subject::Facility,
            _ => Subject::Resident(resident(1)),
        };
        self.add_about(subject, at, fact)
    }

    pub(crate) fn add_about(&mut self, subject: Subject, at: i64, fact: Fact) -> EntryKey {
        self.enter(0, subject, at, fact)
    }

    /// Adds what was entered about resident 1 on a device.
    pub(crate) fn add_on(&mut self, device: u8, at: i64, fact: Fact) -> EntryKey {
        self.enter(device, Subject::Resident(resident(1)), at, fact)
    }

    fn enter(&mut self, device: u8, subject: Subject, at: i64, fact: Fact) -> EntryKey {
        let number = u8::try_from(self.entries.len()).unwrap();
        let key = EntryKey::from_parts(UnixMillis(1_000 + i64::from(number)), [number; 10]);
        let stated = StatedInstant {
            at: UnixMillis(at),
            offset_minutes: 0,
        };
        let device = DeviceId::from_bytes([device; 16]);
        self.entries
            .push((key.clone(), subject, stated, device, fact));
        key
    }

    /// Strikes or supersedes an entry: it stands no longer.
    pub(crate) fn take(&mut self, key: &EntryKey) {
        self.taken.push(key.clone());
    }

    fn first_of(&self, fact: &Fact) -> Option<&Entered> {
        let versions = self
            .entries
            .iter()
            .filter_map(|entry| match (&entry.4, fact) {
                (Fact::Order(one), Fact::Order(other)) if one.order == other.order => {
                    Some((one.version, entry))
                }
                _ => None,
            });
        let first = versions.min_by_key(|(version, entry)| (*version, &entry.0));
        first.map(|(_, entry)| entry)
    }

    pub(crate) fn standing(&self) -> Vec<Standing<'_>> {
        let entries = self.entries.iter();
        entries
            .filter(|entry| !self.taken.contains(&entry.0))
            .map(|entry| {
                let (key, subject, stated, _, fact) = entry;
                let (first, _, first_stated, device, _) = self.first_of(fact).unwrap_or(entry);
                Standing {
                    key,
                    subject: *subject,
                    stated: *stated,
                    fact,
                    first: First {
                        key: first,
                        device: *device,
                        stated: *first_stated,
                    },
                }
            })
            .collect()
    }
}

fn id(n: u8) -> CommandId {
    CommandId::from_bytes([n; 16])
}

pub(crate) fn resident(n: u8) -> ResidentId {
    ResidentId(id(n))
}

pub(crate) fn bed(n: u8) -> SpaceId {
    SpaceId(id(n))
}

pub(crate) fn moved(who: u8, what: MoveKind, to: Option<u8>) -> Fact {
    Fact::Move(a_move(who, what, to))
}

/// A move whose author knew of that one.
pub(crate) fn followed(who: u8, what: MoveKind, to: Option<u8>, after: &EntryKey) -> Fact {
    Fact::Move(Move {
        after: Some(after.clone()),
        ..a_move(who, what, to)
    })
}

fn a_move(who: u8, what: MoveKind, to: Option<u8>) -> Move {
    Move {
        resident: resident(who),
        what,
        bed: to.map(bed),
        comment: None,
        after: None,
    }
}

pub(crate) fn dose(
    order: u8,
    version: u32,
    date: &str,
    time: Option<&str>,
    not_given: Option<NotGiven>,
) -> Fact {
    let slot = Slot {
        order: OrderId(id(order)),
        version,
        date: date.parse().unwrap(),
        time: time.map(|time| time.parse().unwrap()),
    };
    Fact::Dose(Dose {
        slot,
        not_given,
        comment: None,
    })
}

pub(crate) fn given(order: u8, date: &str, time: Option<&str>) -> Fact {
    dose(order, 1, date, time, None)
}

pub(crate) fn order(n: u8, version: u32, words: &str, high_alert: bool) -> Order {
    Order {
        order: OrderId(id(n)),
        version,
        medicine: "Warfarin".into(),
        dose: words.into(),
        route: "by mouth".into(),
        times: vec!["08:00".parse().unwrap()],
        as_needed: None,
        starts: "2026-11-01".parse().unwrap(),
        ended: None,
        prescriber: None,
        apart_minutes: None,
        most_in_a_day: None,
        hold: None,
        ended_at: None,
        starts_at: None,
        high_alert,
    }
}

/// A version of an order that stands.
pub(crate) fn stands(order: &Order) -> Version<'_> {
    Version {
        order,
        counts: Counts::Stands,
    }
}

pub(crate) fn note(text: &str) -> Fact {
    Fact::Note(Note { text: text.into() })
}

pub(crate) fn none_known() -> Fact {
    Fact::Allergy(Allergy::NoneKnown)
}

pub(crate) fn allergic(substance: &str) -> Fact {
    reacts(substance, None)
}

pub(crate) fn reacts(substance: &str, severity: Option<Severity>) -> Fact {
    Fact::Allergy(Allergy::To(AllergyTo {
        substance: substance.into(),
        reaction: None,
        severity,
        source: None,
    }))
}

pub(crate) fn code(choice: CodeStatusChoice, comment: Option<&str>) -> Fact {
    let comment = comment.map(str::to_owned);
    Fact::CodeStatus(CodeStatus {
        choice,
        comment,
        stated_by: None,
    })
}

pub(crate) fn identity(given: &str, family: &str, born: &str) -> Fact {
    Fact::Identity(Identity {
        given: given.into(),
        family: family.into(),
        preferred: None,
        born: Some(born.parse().unwrap()),
        sex: Sex::Female,
        record_number: "MH-002417-5".into(),
    })
}

pub(crate) fn decided(of: &[EntryKey], decision: Decision) -> Fact {
    let mut of = of.to_vec();
    of.sort_unstable();
    Fact::Resolution(Resolution {
        of,
        decision,
        reason: "asked both".into(),
    })
}
