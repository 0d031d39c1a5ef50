//! The roll: everyone who can stand in a list, held in memory in order of room, with what they are
//! searched by. It is made from narrow rows of both streams, lives as long as neither changes,
//! and goes with the views when they are closed.

use super::house::{Part, Spaces, natural};
use crate::view::project::{born_of, need, status_number};
use crate::view::{ViewDb, ViewError, Views};
use domain::PartialDate;
use domain::entry::{ResidentId, SpaceId};
use domain::search::Searchable;
use domain::validate::bounds;
use ids::{CommandId, UnixMillis};
use interface::{Refusal, ResidentStatus};
use std::cell::{OnceCell, Ref, RefCell};
use std::collections::BTreeMap;

/// What both views were when a roll was made.
type Stamps = (Option<u64>, Option<u64>);

/// The roll of the views it lies beside, if one was made.
#[derive(Default)]
pub(in crate::view) struct KeptRoll(RefCell<Option<(Stamps, Roll)>>);

/// Everyone, in order of room and name.
pub(in crate::view) struct Roll(pub(super) Vec<Person>);

/// What a resident is searched and sorted by.
pub(in crate::view) struct Person {
    /// The resident.
    pub(super) resident: ResidentId,
    /// Bed, if in one.
    pub(super) bed: Option<SpaceId>,
    /// Name of the bed; empty when in none, or in one not known here.
    pub(super) room: String,
    /// The unit the bed stands in.
    pub(super) unit: Option<SpaceId>,
    /// Family name first, in normal form.
    pub(super) name: String,
    /// How urgent, as far as it does not depend on the time.
    pub(super) need: i64,
    /// Present or on leave.
    pub(super) is_here: bool,
    /// Discharged or dead: nothing is due.
    pub(super) has_left: bool,
    names: String,
    born: Option<PartialDate>,
    record_number: String,
    searchable: OnceCell<Searchable>,
}

impl Person {
    /// What a search looks through.
    pub(super) fn searchable(&self) -> &Searchable {
        self.searchable.get_or_init(|| {
            Searchable::new(
                [self.names.as_str()],
                &self.room,
                self.born,
                &self.record_number,
            )
        })
    }

    /// Whether an identity or a display name has arrived, if only "?".
    pub(super) fn is_named(&self) -> bool {
        !self.names.is_empty()
    }

    /// What the chart says goes before the directory's display name.
    fn add(&mut self, other: Person) {
        self.bed = self.bed.or(other.bed);
        self.is_here &= other.is_here;
        self.has_left |= other.has_left;
        self.need = self.need.max(other.need);
        if !self.is_named() {
            self.name = other.name;
            self.names = other.names;
        }
    }
}

impl KeptRoll {
    /// The roll of these views, made anew if one of them changed.
    pub(super) fn of<'v>(
        &'v self,
        views: &Views,
        now: UnixMillis,
    ) -> Result<Ref<'v, Roll>, Refusal> {
        let stamp = |view: &Option<ViewDb>| view.as_ref().map(ViewDb::stamp);
        let stamps = (stamp(&views.directory), stamp(&views.care));
        let is_current = self
            .0
            .borrow()
            .as_ref()
            .is_some_and(|(of, _)| *of == stamps);
        if !is_current {
            let roll = Roll::read(views, now)?;
            *self.0.borrow_mut() = Some((stamps, roll));
        }
        Ref::filter_map(self.0.borrow(), |kept| kept.as_ref().map(|(_, roll)| roll)).map_err(|_| {
            Refusal::Bug {
                code: "roll".into(),
            }
        })
    }
}

impl Roll {
    fn read(views: &Views, now: UnixMillis) -> Result<Self, Refusal> {
        let mut people: BTreeMap<ResidentId, Person> = BTreeMap::new();
        for view in views.care.iter().chain(views.directory.iter()) {
            view.each_person(now, |person| match people.get_mut(&person.resident) {
                Some(known) => known.add(person),
                None => drop(people.insert(person.resident, person)),
            })?;
        }
        let spaces = match &views.directory {
            Some(directory) => Spaces::read(directory)?,
            None => Spaces::default(),
        };
        let mut roll: Vec<(Option<Vec<Part>>, Person)> = Vec::with_capacity(people.len());
        for mut person in people.into_values() {
            let bed = person.bed.and_then(|bed| spaces.beds.get(&bed));
            person.room = bed.map_or_else(String::new, |bed| bed.name.clone());
            person.unit = bed.and_then(|bed| bed.unit);
            roll.push((bed.map(|bed| natural(&bed.name)), person));
        }
        roll.sort_by(|(x, a), (y, b)| {
            let key = |room: &Option<Vec<Part>>| room.is_none();
            (key(x), x, &a.name, a.resident).cmp(&(key(y), y, &b.name, b.resident))
        });
        Ok(Self(roll.into_iter().map(|(_, person)| person).collect()))
    }
}

impl ViewDb {
    fn each_person(&self, now: UnixMillis, mut take: impl FnMut(Person)) -> Result<(), ViewError> {
        let until = now.plus(bounds::FUTURE_MS);
        let mut statement = self.statement(
            "SELECT resident, name, names, record_number, need, bed, status, born, newest
             FROM @.residents",
        )?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let resident = ResidentId(CommandId::from_bytes(row.get(0)?));
            let bed: Option<[u8; 16]> = row.get(5)?;
            let mut bed = bed.map(|bed| SpaceId(CommandId::from_bytes(bed)));
            let mut status: u8 = row.get(6)?;
            let mut urgency: i64 = row.get(4)?;
            if UnixMillis(row.get(8)?) > until
                && let Some(card) = self.card_at(&resident, now)?
            {
                bed = card.bed;
                status = card.status.map_or(0, status_number);
                urgency = need(&card);
            }
            let is_here = status <= status_number(ResidentStatus::OnLeave);
            take(Person {
                resident,
                name: row.get(1)?,
                names: row.get(2)?,
                record_number: row.get(3)?,
                need: urgency,
                bed,
                is_here,
                has_left: !is_here,
                born: row.get::<_, Option<i64>>(7)?.and_then(born_of),
                room: String::new(),
                unit: None,
                searchable: OnceCell::new(),
            });
        }
        Ok(())
    }
}
