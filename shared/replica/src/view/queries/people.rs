//! Who entered something: names of staff, and provenance.

use super::Asked;
use crate::view::entry::EntryRow;
use domain::Fact;
use domain::Subject;
use domain::directory::{Role, short_name};
use domain::validate::bounds;
use ids::PersonId;
use interface::{Provenance, Refusal, StaffRow};
use std::collections::BTreeMap;

/// Staff by person: of each the newest entry that stands.
pub(super) type Staff = BTreeMap<PersonId, Member>;

/// A member of staff as screens show one.
pub(super) struct Member {
    given: String,
    /// Family name, for ordering.
    family: String,
    /// `M. Okafor`; with the given name in full where two would read alike.
    name: String,
    role: Role,
    credential: Option<String>,
}

impl Asked<'_> {
    pub(super) fn all_staff(&self) -> Result<Vec<StaffRow>, Refusal> {
        self.directory()?;
        let mut members: Vec<(&PersonId, &Member)> = self.staff()?.iter().collect();
        members.sort_by(|(_, a), (_, b)| (&a.family, &a.name).cmp(&(&b.family, &b.name)));
        Ok(members
            .into_iter()
            .map(|(person, member)| StaffRow {
                person: *person,
                name: member.name.clone(),
                role: member.role,
                credential: member.credential.clone(),
            })
            .collect())
    }

    /// Who entered it, when and where.
    pub(super) fn provenance(&self, row: &EntryRow) -> Result<Provenance, Refusal> {
        let person = row.origin.person;
        let member = self.staff()?.get(&person);
        let unnamed = || person.to_string().chars().take(8).collect();
        Ok(Provenance {
            entry: row.key.clone(),
            person,
            name: member.map_or_else(unnamed, |member| member.name.clone()),
            credential: member.and_then(|member| member.credential.clone()),
            device: row.origin.device,
            device_name: (self.asker.device_name)(row.origin.device),
            stated: row.stated(),
            ahead: row.stated().at > self.now.plus(bounds::FUTURE_MS),
            recorded: row.key.recorded_at(),
            stored: row.origin.place.is_some(),
        })
    }

    /// Who signed an entry.
    pub(super) fn signatures(
        &self,
        view: &crate::view::ViewDb,
        target: &EntryRow,
    ) -> Result<Vec<Provenance>, Refusal> {
        let signed = view.signatures(target)?;
        signed.iter().map(|row| self.provenance(row)).collect()
    }

    fn staff(&self) -> Result<&Staff, Refusal> {
        if let Some(staff) = self.staff.get() {
            return Ok(staff);
        }
        let mut staff = Staff::new();
        if let Some(directory) = &self.views.directory {
            // Of several that stand, the last is shown.
            for row in directory.house("staff")? {
                let (Subject::Person(person), Some(Fact::Staff(says))) =
                    (row.recorded.subject(), row.fact())
                else {
                    continue;
                };
                let member = Member {
                    family: says.family.clone(),
                    given: says.given.clone(),
                    name: short_name(&says.given, &says.family),
                    role: says.role,
                    credential: says.credential.clone(),
                };
                staff.insert(person, member);
            }
        }
        tell_apart(&mut staff);
        Ok(self.staff.get_or_init(|| staff))
    }
}

/// Two whose short names are the same are shown by their whole names.
fn tell_apart(staff: &mut Staff) {
    let mut alike: BTreeMap<String, u32> = BTreeMap::new();
    for member in staff.values() {
        *alike.entry(member.name.clone()).or_default() += 1;
    }
    for member in staff.values_mut() {
        if alike.get(&member.name).is_some_and(|count| *count > 1) {
            member.name = format!("{} {}", member.given, member.family);
        }
    }
}
