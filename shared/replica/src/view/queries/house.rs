//! The house: settings, units, beds, and the local day they give.

use super::Asked;
use crate::view::ViewDb;
use domain::directory::{MeasureSystem, Settings};
use domain::{Fact, SpaceId, Subject};
use interface::{BedRow, HouseView, Refusal, UnitRow};
use std::collections::BTreeMap;

/// Units, rooms and beds: of each the newest entry that stands.
#[derive(Default)]
pub(super) struct Spaces {
    /// Unit names.
    pub(super) units: BTreeMap<SpaceId, String>,
    /// Beds with the unit they stand in, if it is known.
    pub(super) beds: BTreeMap<SpaceId, Bed>,
}

/// A bed.
pub(super) struct Bed {
    /// Its name within the home.
    pub(super) name: String,
    /// The unit of its room, if the room is known.
    pub(super) unit: Option<SpaceId>,
}

impl Spaces {
    /// Reads them from `directory`.
    pub(super) fn read(directory: &ViewDb) -> Result<Self, Refusal> {
        let mut spaces = Self::default();
        for row in directory.house("unit")? {
            if let Some(Fact::Unit(unit)) = row.fact() {
                spaces.units.insert(unit.id, unit.name.clone());
            }
        }
        let mut rooms = BTreeMap::new();
        for row in directory.house("room")? {
            if let Some(Fact::Room(room)) = row.fact() {
                rooms.insert(room.id, room.unit);
            }
        }
        for row in directory.house("bed")? {
            if let Some(Fact::Bed(bed)) = row.fact() {
                let unit = rooms.get(&bed.room).copied();
                spaces.beds.insert(
                    bed.id,
                    Bed {
                        name: bed.name.clone(),
                        unit,
                    },
                );
            }
        }
        Ok(spaces)
    }
}

impl Asked<'_> {
    pub(super) fn house(&self) -> Result<HouseView, Refusal> {
        let directory = self.directory()?;
        let spaces = Spaces::read(directory)?;
        let mut in_bed: BTreeMap<SpaceId, Vec<_>> = BTreeMap::new();
        let mut in_unit: BTreeMap<SpaceId, u32> = BTreeMap::new();
        let roll = self.views.roll.of(self.views, self.now)?;
        for person in roll.0.iter().filter(|person| person.is_here) {
            let Some(bed) = person.bed else { continue };
            in_bed.entry(bed).or_default().push(person.resident);
            if let Some(unit) = person.unit {
                *in_unit.entry(unit).or_default() += 1;
            }
        }
        let mut units: Vec<UnitRow> = spaces
            .units
            .iter()
            .map(|(id, name)| UnitRow {
                id: *id,
                name: name.clone(),
                residents: in_unit.get(id).copied().unwrap_or(0),
            })
            .collect();
        units.sort_by_cached_key(|unit| natural(&unit.name));
        let mut beds: Vec<BedRow> = spaces
            .beds
            .iter()
            .filter_map(|(id, bed)| {
                Some(BedRow {
                    id: *id,
                    name: bed.name.clone(),
                    unit: bed.unit?,
                    residents: in_bed.remove(id).unwrap_or_default(),
                })
            })
            .collect();
        beds.sort_by_cached_key(|bed| natural(&bed.name));
        Ok(HouseView {
            settings: self.settings()?.clone(),
            units,
            beds,
        })
    }

    /// The settings in force; before any arrived, those of a house that has said nothing.
    pub(super) fn settings(&self) -> Result<&Settings, Refusal> {
        if let Some(settings) = self.settings.get() {
            return Ok(settings);
        }
        let mut newest = None;
        if let Some(directory) = &self.views.directory {
            for row in directory.house("settings")? {
                if let (Subject::Facility, Some(Fact::Settings(says))) =
                    (row.recorded.subject(), row.fact())
                {
                    newest = Some(says.clone());
                }
            }
        }
        Ok(self.settings.get_or_init(|| newest.unwrap_or_else(unsaid)))
    }
}

fn unsaid() -> Settings {
    Settings {
        name: String::new(),
        time_zone: "UTC".into(),
        measures: MeasureSystem::Metric,
        dose_times: Vec::new(),
        shifts: Vec::new(),
        dose_window_minutes: 60,
        record_prefix: String::new(),
    }
}

/// A name as one sorts by: digits count as numbers, so `9A` comes before `12A`.
pub(super) fn natural(name: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    for c in name.chars().flat_map(char::to_lowercase) {
        match (c.to_digit(10), parts.last_mut()) {
            (Some(digit), Some(Part::Number(number))) => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            (Some(digit), _) => parts.push(Part::Number(u64::from(digit))),
            (None, Some(Part::Word(word))) => word.push(c),
            (None, _) => parts.push(Part::Word(c.into())),
        }
    }
    parts
}

/// A run of digits, or of anything else.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Its value.
    Number(u64),
    /// Lower case.
    Word(String),
}

#[cfg(test)]
mod tests {
    use super::natural;

    #[test]
    fn beds_sort_as_people_count() {
        let mut names = ["12B", "101", "9A", "12A", "East 2"];
        names.sort_by_cached_key(|name| natural(name));
        assert_eq!(names, ["9A", "12A", "12B", "101", "East 2"]);
    }
}
