//! The rules of `found`, the only entry that stands on nothing.

use super::charter::{Found, OPENED_BY_FOUND};
use super::error::RosterError;
use super::parts::SignerId;
use super::rules::{all_distinct, due};
use super::state::RosterState;
use crate::hash::stream_id;
use ids::{FacilityId, RosterSeq, UnixMillis};
use std::collections::BTreeSet;

pub(super) fn check_found(
    found: &Found,
    facility: &FacilityId,
    signer: SignerId,
    time: UnixMillis,
) -> Result<(), RosterError> {
    let charter = found.charter();
    if *facility != found.facility_id() {
        return Err(RosterError::WrongFacilityId);
    }
    if signer != SignerId::from(charter.person.id) {
        return Err(RosterError::UnknownPerson);
    }
    let empty = RosterState::new();
    empty.check_new_person(&charter.person)?;
    empty.check_new_device(&charter.device)?;
    empty.check_fresh_keys(&charter.recovery.signing, &charter.recovery.agreement)?;
    empty.check_fresh_key(&charter.relay_key)?;
    if charter.person.id.as_bytes() == charter.device.id.as_bytes() {
        return Err(RosterError::IdReused);
    }
    all_distinct([
        charter.relay_key.as_bytes(),
        charter.person.signing.as_bytes(),
        charter.person.agreement.as_bytes(),
        charter.device.signing.as_bytes(),
        charter.device.agreement.as_bytes(),
        charter.recovery.signing.as_bytes(),
        charter.recovery.agreement.as_bytes(),
    ])?;
    let names: BTreeSet<_> = charter.streams.iter().map(|s| s.name.as_str()).collect();
    if charter.streams.len() != OPENED_BY_FOUND.len() || names != BTreeSet::from(OPENED_BY_FOUND) {
        return Err(RosterError::WrongOpening);
    }
    // The rest is judged as if the streams stood open already.
    let mut opened = RosterState::new();
    opened.enter_found(found, *facility);
    opened.check_scope(&found.scope)?;
    for grant in &found.grants {
        opened.active_person(&grant.person)?;
        opened.check_grant_itself(grant, time)?;
        opened.known_stream(&grant.stream)?;
        due(&grant.stream, 0, &grant.wraps)?;
        opened.set_grant(grant, RosterSeq(1));
    }
    opened.check_administrators_left(|_, _| true)?;
    if found.wraps.len() != charter.streams.len() {
        return Err(RosterError::WrongOpening);
    }
    for opening in &charter.streams {
        let stream = stream_id(facility, &opening.name);
        let wraps = found.wraps.iter().find(|wraps| wraps.stream == stream);
        let listed = wraps.ok_or(RosterError::WrongOpening)?;
        due(
            &stream,
            opened.recipients(&stream, time).len(),
            &listed.wraps,
        )?;
    }
    Ok(())
}
