//! A home whose two views are fed by hand: what the log would tell them, without keys and without
//! Automerge. One file of sentences per part of the view.

use super::project::Touched;
use super::{Batch, LogFact, Origin, ProjectedEntry, ViewDb, Views};
use crate::view::queries::{Asker, query};
use domain::directory::{Move, MoveKind, Role, Staff};
use domain::entry::{Recorded, ResidentId, SpaceId};
use domain::meta::Strike;
use domain::{Document, Entry, Fact, Stream, Subject};
use ids::{
    CommandId, DeviceId, DocumentId, EntryKey, EnvelopeId, LogId, PersonId, Place, RosterSeq,
    RunId, Seq, StatedInstant, UnixMillis,
};
use interface::{Query, View};
use rusqlite::Connection;
use std::collections::BTreeMap;

mod answers;
mod arriving;
mod as_needed;
mod contradictions;
mod copies;
mod facts;
mod floods;
mod moves;
mod newer;
mod open_slots;
mod order;
mod repeated;
mod residents;
mod safety;
mod scale;

use facts::*;

/// 2026-11-21T14:00:00Z: 08:00 in Chicago.
pub(super) const NOW: i64 = 1_795_269_600_000;
pub(super) const MINUTE: i64 = 60_000;
pub(super) const HOUR: i64 = 60 * MINUTE;
pub(super) const LOG: LogId = LogId::from_bytes([7; 16]);

pub(super) fn id(n: u16) -> CommandId {
    let [a, b] = n.to_be_bytes();
    CommandId::from_bytes([a, b, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, a, b])
}

pub(super) fn resident(n: u16) -> ResidentId {
    ResidentId(id(n))
}

pub(super) fn space(n: u16) -> SpaceId {
    SpaceId(id(n))
}

/// Who writes, on what, having seen how much.
#[derive(Clone, Copy)]
pub(super) struct Author {
    pub(super) person: PersonId,
    pub(super) device: DeviceId,
    pub(super) run: RunId,
    pub(super) seen: (LogId, Seq),
}

pub(super) fn author(n: u8) -> Author {
    Author {
        person: PersonId::from_bytes([n; 16]),
        device: DeviceId::from_bytes([n + 100; 16]),
        run: RunId::from_bytes([n + 50; 16]),
        seen: (LOG, Seq(0)),
    }
}

/// An entry to be, before it is in an envelope.
pub(super) struct Saying {
    pub(super) author: Author,
    pub(super) subject: Subject,
    pub(super) at: i64,
    pub(super) fact: Fact,
    pub(super) supersedes: Vec<EntryKey>,
    /// The command and line it is of; none of its own.
    pub(super) of: Option<(u16, u32)>,
    /// Whether it says something more that only a newer version can read.
    pub(super) newer: bool,
}

impl Saying {
    pub(super) fn new(author: Author, subject: Subject, at: i64, fact: Fact) -> Self {
        Self {
            author,
            subject,
            at,
            fact,
            supersedes: Vec::new(),
            of: None,
            newer: false,
        }
    }

    pub(super) fn superseding(mut self, keys: &[EntryKey]) -> Self {
        self.supersedes = keys.to_vec();
        self
    }
}

/// The entry's bytes with a fact that says something more, which this version cannot know.
fn of_newer_version(entry: &Entry) -> Vec<u8> {
    let mut bytes = entry.to_cbor();
    let mut reader = minicbor::Decoder::new(&bytes);
    for _ in 0..reader.map().unwrap().unwrap() - 1 {
        reader.u8().unwrap();
        reader.skip().unwrap();
    }
    assert_eq!(reader.u8().unwrap(), 6, "the fact comes last");
    let fact = reader.position();
    bytes.truncate(fact);
    bytes.extend([0xa1, 0x18, 63, 0x00]);
    bytes
}

/// What happened in one stream, in the order it was written.
#[derive(Default, Clone)]
pub(super) struct Told {
    pub(super) facts: Vec<LogFact>,
    homes: BTreeMap<EntryKey, Document>,
    count: u32,
}

impl Told {
    pub(super) fn say(&mut self, saying: Saying) -> EntryKey {
        self.count += 1;
        let stated = StatedInstant {
            at: UnixMillis(saying.at),
            offset_minutes: -360,
        };
        let entry = Entry {
            command: match saying.of {
                Some((command, _)) => id(command),
                None => CommandId::from_bytes(
                    *blake3::hash(&self.count.to_be_bytes())
                        .as_bytes()
                        .first_chunk()
                        .unwrap(),
                ),
            },
            line: saying.of.map_or(0, |(_, line)| line),
            subject: saying.subject,
            stated,
            supersedes: saying.supersedes,
            fact: saying.fact,
        };
        let value = match saying.newer {
            true => of_newer_version(&entry),
            false => entry.to_cbor(),
        };
        let recorded = Recorded::from_cbor(&value).unwrap();
        let hash = blake3::hash(&[value.as_slice(), &self.count.to_be_bytes()].concat());
        let key = EntryKey::from_parts(
            UnixMillis(saying.at),
            *hash.as_bytes().first_chunk().unwrap(),
        );
        let about = match &entry.fact {
            Fact::Addendum(says) => Some(&says.to),
            Fact::Signature(says) => says.entries.first(),
            Fact::Strike(says) => Some(&says.entry),
            Fact::Resolution(says) => says.of.iter().find(|key| self.homes.contains_key(*key)),
            _ => entry.supersedes.first(),
        };
        let target = about.and_then(|key| self.homes.get(key).copied());
        let what = entry.fact.home(saying.subject, stated, target).unwrap();
        self.homes.insert(key.clone(), what);
        let canonical = blake3::hash(format!("{:?}", what.canonical()).as_bytes());
        let origin = Origin {
            envelope: self.envelope(self.count),
            document: DocumentId::from_bytes(*canonical.as_bytes().first_chunk().unwrap()),
            what,
            person: saying.author.person,
            device: saying.author.device,
            run: saying.author.run,
            roster_seq: RosterSeq(1),
            seen: saying.author.seen,
            place: None,
        };
        let entries = vec![ProjectedEntry {
            key: key.clone(),
            value,
            recorded,
            withheld: false,
        }];
        self.facts.push(LogFact::Applied { origin, entries });
        key
    }

    /// A strike on what was said.
    pub(super) fn struck(&self, target: &EntryKey, reason: &str) -> Fact {
        let said = self.facts.iter().flat_map(|fact| match fact {
            LogFact::Applied { entries, .. } => entries.as_slice(),
            LogFact::Placed { .. } => &[],
        });
        let mut of = said.filter(|entry| entry.key == *target);
        let kind = of.next().unwrap().recorded.kind();
        Fact::Strike(Strike::on(target.clone(), kind, reason.into()).unwrap())
    }

    fn envelope(&self, n: u32) -> EnvelopeId {
        EnvelopeId::from_bytes(*blake3::hash(&n.to_be_bytes()).as_bytes())
    }

    /// Another envelope brings what was said last.
    pub(super) fn repeat(&mut self) {
        let last = self.facts.iter().rev().find_map(|fact| match fact {
            LogFact::Applied { origin, entries } => Some((origin.clone(), entries.clone())),
            LogFact::Placed { .. } => None,
        });
        let (mut origin, entries) = last.unwrap();
        self.count += 1;
        origin.envelope = self.envelope(self.count);
        self.facts.push(LogFact::Applied { origin, entries });
    }

    /// The envelope said last got its place.
    pub(super) fn place(&mut self, seq: u64, withheld: &[EntryKey]) {
        let place = Place {
            log_id: LOG,
            seq: Seq(seq),
            roster_seq: RosterSeq(1),
        };
        let envelope = self.envelope(self.count);
        self.facts.push(LogFact::Placed {
            envelope,
            place,
            withheld: withheld.to_vec(),
        });
    }
}

pub(super) fn empty(stream: Stream) -> ViewDb {
    let conn = Connection::open_in_memory().unwrap();
    conn.execute(&format!("ATTACH ':memory:' AS {}", stream.name()), [])
        .unwrap();
    ViewDb::open(conn, stream.name().into(), stream).unwrap()
}

/// A home with two views and what was told to them.
pub(super) struct Home {
    pub(super) care: Told,
    pub(super) directory: Told,
    pub(super) views: Views,
    told: (usize, usize),
}

impl Home {
    /// Settings of Maple House, and two nurses.
    pub(super) fn new() -> Self {
        let views = Views {
            directory: Some(empty(Stream::Directory)),
            care: Some(empty(Stream::Care)),
            ..Views::default()
        };
        let mut home = Self {
            care: Told::default(),
            directory: Told::default(),
            views,
            told: (0, 0),
        };
        home.house(Subject::Facility, Fact::Settings(settings()));
        for (n, given, family) in [(1, "Maria", "Okafor"), (2, "Jun", "Abe")] {
            let staff = Staff {
                given: given.into(),
                family: family.into(),
                role: Role::RegisteredNurse,
                credential: Some("RN".into()),
            };
            home.house(Subject::Person(author(n).person), Fact::Staff(staff));
        }
        home
    }

    pub(super) fn house(&mut self, subject: Subject, fact: Fact) -> EntryKey {
        self.directory
            .say(Saying::new(author(1), subject, NOW - 900 * HOUR, fact))
    }

    pub(super) fn moved(
        &mut self,
        who: u16,
        at: i64,
        what: MoveKind,
        bed: Option<u16>,
    ) -> EntryKey {
        let bed = bed.map(space);
        let says = Move {
            resident: resident(who),
            what,
            bed,
            comment: None,
            after: None,
        };
        self.directory.say(Saying::new(
            author(1),
            Subject::Resident(resident(who)),
            at,
            Fact::Move(says),
        ))
    }

    /// Something about a resident's chart or journal.
    pub(super) fn chart(&mut self, by: u8, who: u16, at: i64, fact: Fact) -> EntryKey {
        self.care.say(Saying::new(
            author(by),
            Subject::Resident(resident(who)),
            at,
            fact,
        ))
    }

    pub(super) fn chart_over(
        &mut self,
        by: u8,
        who: u16,
        at: i64,
        fact: Fact,
        over: &EntryKey,
    ) -> EntryKey {
        let subject = Subject::Resident(resident(who));
        self.care
            .say(Saying::new(author(by), subject, at, fact).superseding(std::slice::from_ref(over)))
    }

    /// As [`Self::chart_over`], in words that only a newer version can read.
    pub(super) fn newer(&mut self, who: u16, at: i64, fact: Fact, over: &[EntryKey]) -> EntryKey {
        let subject = Subject::Resident(resident(who));
        let mut saying = Saying::new(author(2), subject, at, fact).superseding(over);
        saying.newer = true;
        self.care.say(saying)
    }

    pub(super) fn strike(&mut self, by: u8, who: u16, at: i64, entry: &EntryKey) -> EntryKey {
        let fact = self.care.struck(entry, "wrong resident");
        self.chart_over(by, who, at, fact, entry)
    }

    /// Projects what was told since the last time.
    pub(super) fn project(&mut self) -> Touched {
        let (care, directory) = self.told;
        self.told = (self.care.facts.len(), self.directory.facts.len());
        let mut touched = Touched::default();
        let parts = [
            (
                &mut self.views.directory,
                &self.directory.facts[directory..],
            ),
            (&mut self.views.care, &self.care.facts[care..]),
        ];
        for (view, facts) in parts {
            let batch = Batch {
                facts: facts.to_vec(),
                ..Batch::default()
            };
            let part = view.as_mut().unwrap().project(batch).unwrap();
            touched.residents.extend(part.residents);
            touched.house |= part.house;
            touched.contradictions |= part.contradictions;
        }
        touched
    }

    /// Projects what is new and asks as nurse 1.
    pub(super) fn ask(&mut self, question: Query) -> View {
        self.ask_at(question, NOW)
    }

    pub(super) fn ask_at(&mut self, question: Query, now: i64) -> View {
        self.project();
        ask(&self.views, &question, now)
    }
}

pub(super) fn ask(views: &Views, question: &Query, now: i64) -> View {
    let asker = Asker {
        person: author(1).person,
        may_read: &|_| true,
        may_resolve: &|_| true,
        is_arriving: &|| false,
        device_name: &|device| format!("tablet {}", device.as_bytes()[0]),
        proved: &|_, _, _| true,
    };
    query(views, &asker, question, UnixMillis(now)).unwrap()
}

/// The answer in its variant.
macro_rules! answer {
    ($view:expr, $variant:ident) => {
        match $view {
            interface::View::$variant(says) => says,
            other => panic!("{other:?}"),
        }
    };
}
pub(super) use answer;
