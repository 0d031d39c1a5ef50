//! Who somebody is: what an administrator entered, once the directory is readable. Until then there
//! is only what a keyslot's own person wrote into it, which is good for a tile and proves nothing.

use super::Engine;
use super::slots::role_of;
use crate::view::{EntryRow, ViewError};
use domain::directory::{Role, Staff, short_name};
use domain::{Fact, Stream, Subject};
use ids::PersonId;
use interface::Named;

/// Characters of an id that stand for somebody nobody has named.
const UNNAMED: usize = 8;

impl Engine {
    /// The entry that names a person: of several that stand, the newest.
    fn staff_entry(&self, person: PersonId) -> Result<Option<(EntryRow, Staff)>, ViewError> {
        let Some(directory) = self.views.of(Stream::Directory) else {
            return Ok(None);
        };
        let newest = directory.house_of("staff", Subject::Person(person))?.pop();
        Ok(newest.and_then(|row| match row.fact() {
            Some(Fact::Staff(says)) => {
                let says = says.clone();
                Some((row, says))
            }
            _ => None,
        }))
    }

    /// Name and role of somebody who can sign in here.
    pub(super) fn name_and_role(&self, person: PersonId) -> (String, Option<Role>) {
        if let Ok(Some((_, says))) = self.staff_entry(person) {
            return (short_name(&says.given, &says.family), Some(says.role));
        }
        let slot = self.slots.of(person).map(|slot| &slot.public);
        let name = slot.and_then(|slot| slot.name.clone());
        let role = slot.and_then(|slot| slot.role).map(role_of);
        (name.unwrap_or_else(|| unnamed(person)), role)
    }

    /// Name and credential of an author, and who entered them. Nothing of it is the author's word.
    pub(super) fn named(
        &self,
        person: PersonId,
    ) -> Result<(String, Option<String>, Option<Named>), ViewError> {
        let Some((row, says)) = self.staff_entry(person)? else {
            return Ok((unnamed(person), None, None));
        };
        let by = row.origin.person;
        let enterer = self.staff_entry(by)?;
        let named = Named {
            by,
            name: enterer.map_or_else(
                || unnamed(by),
                |(_, says)| short_name(&says.given, &says.family),
            ),
            at: row.stated(),
        };
        let name = short_name(&says.given, &says.family);
        Ok((name, says.credential, Some(named)))
    }
}

fn unnamed(person: PersonId) -> String {
    person.to_string().chars().take(UNNAMED).collect()
}
