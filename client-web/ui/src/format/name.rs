//! Names of residents and staff as text.

use crate::format::isolated::isolated;
use crate::words::w;
use interface::{Provenance, ResidentRow};

/// `BERGSTRÖM, Nils`.
pub(crate) fn listed(row: &ResidentRow) -> String {
    both(&row.family, &row.given)
}

/// `92`, or `91 or 92` of somebody whose birthday is not known.
pub(crate) fn age(row: &ResidentRow) -> Option<String> {
    let certain = row.age.map(|age| age.to_string());
    certain.or_else(|| {
        row.age_between
            .map(|age| (w().age_between)(age.least, age.most))
    })
}

/// `BERGSTRÖM, Nils` of the two parts.
pub(crate) fn both(family: &str, given: &str) -> String {
    match (family.is_empty(), given.is_empty()) {
        (false, false) => isolated(&format!("{}, {given}", family.to_uppercase())),
        (false, true) => isolated(&family.to_uppercase()),
        _ => isolated(given),
    }
}

/// `NB` of given and family name, in that order.
pub(crate) fn initials(given: &str, family: &str) -> String {
    [given, family]
        .iter()
        .filter_map(|part| part.chars().find(|c| c.is_alphabetic()))
        .flat_map(char::to_uppercase)
        .collect()
}

/// `MO` of `M. Okafor`.
pub(crate) fn initials_of(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().unwrap_or_default();
    initials(first, words.last().unwrap_or_default())
}

/// `M. Okafor, RN`.
pub(crate) fn author(by: &Provenance) -> String {
    let name = isolated(&by.name);
    match by.credential.as_deref() {
        Some(letters) if !letters.is_empty() => format!("{name}, {}", isolated(letters)),
        _ => name,
    }
}
