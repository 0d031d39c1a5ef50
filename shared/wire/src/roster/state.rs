//! The roster as it stands after its entries: the one implementation that relay, clients and
//! simulator share. It is kept in memory and rebuilt by applying the stored entries.

use super::charter::DEVICES;
use super::parts::RecoveryKeys;
use super::records::{DeviceRecord, GrantRecord, InviteRecord, PersonRecord, StreamRecord};
use crate::hash::stream_id;
use bytes::Bytes;
use ids::{
    AgreementPublic, DeviceId, DocumentId, FacilityId, InviteId, PersonId, RosterHash, RosterSeq,
    SigningPublic, StreamId, UnixMillis,
};
use std::collections::{BTreeMap, BTreeSet};

/// Everything the roster says.
///
/// Rules that need time use the time the relay countersigned, so that every replica comes to the
/// same state from the same entries.
#[derive(Clone, Debug, Default)]
pub struct RosterState {
    pub(super) facility: Option<FacilityId>,
    pub(super) relay_keys: Vec<(RosterSeq, SigningPublic)>,
    pub(super) recovery: Option<RecoveryKeys>,
    pub(super) recovery_used: Vec<RosterSeq>,
    pub(super) new_sheets: Vec<RosterSeq>,
    /// Hash and time of every entry, by position.
    pub(super) chain: Vec<(RosterHash, UnixMillis)>,
    pub(super) persons: BTreeMap<PersonId, PersonRecord>,
    pub(super) devices: BTreeMap<DeviceId, DeviceRecord>,
    pub(super) invites: BTreeMap<InviteId, InviteRecord>,
    pub(super) streams: BTreeMap<StreamId, StreamRecord>,
    pub(super) grants: BTreeMap<StreamId, BTreeMap<PersonId, Vec<GrantRecord>>>,
    pub(super) policies: BTreeMap<String, Bytes>,
    pub(super) destroyed: BTreeMap<(StreamId, DocumentId), RosterSeq>,
    pub(super) waiting: Vec<RosterSeq>,
    /// Signers whose key an entry that waits may have changed.
    pub(super) unsure: BTreeSet<[u8; 16]>,
    pub(super) used_ids: BTreeSet<[u8; 16]>,
    pub(super) used_keys: BTreeSet<[u8; 32]>,
}

/// Who receives a stream's keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// A person with a grant.
    Person(PersonId),
    /// A device that carries `devices`.
    Device(DeviceId),
    /// The recovery sheet.
    Recovery,
}

/// Somebody a new epoch's key is wrapped for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// Who.
    pub holder: Holder,
    /// Under which key.
    pub agreement: AgreementPublic,
}

impl RosterState {
    /// The roster before `found`.
    pub fn new() -> Self {
        Self::default()
    }

    /// The stream of keyslots; `None` before `found`.
    pub fn devices_stream(&self) -> Option<StreamId> {
        self.facility.map(|facility| stream_id(&facility, DEVICES))
    }

    /// Everybody a rotation entered at `time` wraps for: who holds a grant (for `devices`: the
    /// devices that carry it), and last the recovery sheet.
    pub fn recipients(&self, stream: &StreamId, time: UnixMillis) -> Vec<Recipient> {
        let mut recipients = Vec::new();
        if self.devices_stream() == Some(*stream) {
            let carriers = self
                .devices
                .values()
                .filter(|device| device.carries(stream));
            recipients.extend(carriers.map(|device| Recipient {
                holder: Holder::Device(device.keys.id),
                agreement: device.keys.agreement,
            }));
        } else {
            let persons = self.grantees(stream, time);
            recipients.extend(persons.map(|person| Recipient {
                holder: Holder::Person(person.id),
                agreement: person.agreement,
            }));
        }
        recipients.extend(self.recovery.iter().map(|recovery| Recipient {
            holder: Holder::Recovery,
            agreement: recovery.agreement,
        }));
        recipients
    }

    /// The persons who hold a grant of `stream` that is in force at `time`.
    pub fn grantees<'a>(
        &'a self,
        stream: &StreamId,
        time: UnixMillis,
    ) -> impl Iterator<Item = &'a PersonRecord> + use<'a> {
        let holders = self.grants.get(stream).into_iter().flatten();
        holders
            .filter(move |(_, grants)| grants.last().is_some_and(|grant| grant.is_in_force(time)))
            .filter_map(|(person, _)| self.persons.get(person))
            .filter(|person| person.is_active())
    }

    /// The position of the entry that comes next.
    pub(super) fn next_seq(&self) -> RosterSeq {
        RosterSeq(self.chain.len() as u64 + 1)
    }
}
