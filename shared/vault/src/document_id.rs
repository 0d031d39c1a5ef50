//! Ids of documents: keyed hashes, so that the relay cannot guess whose chart an id is.

use crate::epoch::IdKey;
use crate::hazmat;
use ids::{DeviceId, DocumentId, FacilityId, PersonId, StreamId, contexts};

/// The id of the document of this kind, subject and period: the first 16 bytes of the hash,
/// keyed with derive_key([`contexts::DOCUMENT_ID`], id key), of the three, each behind its
/// length as u32.
pub fn document_id(key: &IdKey, kind_name: &str, subject: &[u8], period: &str) -> DocumentId {
    let keyed = hazmat::derive(contexts::DOCUMENT_ID, &[key.0.bytes()]);
    let parts = [kind_name.as_bytes(), subject, period.as_bytes()];
    let lengths = parts.map(|part| u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    let mut framed: Vec<&[u8]> = Vec::with_capacity(6);
    for (length, part) in lengths.iter().zip(parts) {
        framed.extend([length.as_slice(), part]);
    }
    first_16(hazmat::keyed(&keyed, &framed).bytes())
}

/// The id of the document in `devices` that holds a person's keyslots.
pub fn keyslot_document_id(devices_id_key: &IdKey, person: &PersonId) -> DocumentId {
    document_id(devices_id_key, "keyslot", person.as_bytes(), "")
}

/// The id of a device's audit document of a year: no secret, since whoever may only add to
/// `audit` must find it.
pub fn audit_document_id(stream: &StreamId, device: &DeviceId, year: u16) -> DocumentId {
    let parts: [&[u8]; 3] = [stream.as_bytes(), device.as_bytes(), &year.to_be_bytes()];
    first_16(hazmat::derive(contexts::AUDIT_DOCUMENT_ID, &parts).bytes())
}

/// What an id made by [`import_id`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Imported {
    /// A resident.
    Resident,
    /// A unit, room or bed.
    Space,
    /// An order for a medicine.
    Order,
    /// A command: all that one file brings about one thing.
    Command,
}

/// The id of something that an import brings, from the name of the system it comes from and its id
/// there: two tablets apart that import the same give it one id. First 16 bytes of the hash.
pub fn import_id(facility: &FacilityId, system: &str, id: &str, what: Imported) -> [u8; 16] {
    let code = match what {
        Imported::Resident => 1,
        Imported::Space => 2,
        Imported::Order => 3,
        Imported::Command => 4,
    };
    let [system_len, id_len] =
        [system, id].map(|part| u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
    let parts: [&[u8]; 6] = [
        facility.as_bytes(),
        &system_len,
        system.as_bytes(),
        &id_len,
        id.as_bytes(),
        &[code],
    ];
    let hash = hazmat::derive(contexts::IMPORT_ID, &parts);
    hash.bytes().first_chunk().copied().unwrap_or_default()
}

fn first_16(hash: &[u8; 32]) -> DocumentId {
    hash.first_chunk()
        .map_or(DocumentId::ZERO, |id| DocumentId::from_bytes(*id))
}
