//! What an entry changes, once it may stand. Nothing here can fail.

use super::RosterEntry;
use super::body::{RecoveryUsed, RekeyPerson, RosterBody, Rotate};
use super::charter::Found;
use super::parts::{DeviceKeys, DeviceScope, Grant, PersonKeys, RecoveryKeys, Right};
use super::records::{
    DeviceRecord, EpochRecord, GrantRecord, InviteRecord, LogStart, PersonKeysRecord, PersonRecord,
    StreamRecord,
};
use super::state::{Holder, RosterState};
use crate::hash::stream_id;
use bytes::Bytes;
use ids::{Epoch, FacilityId, InviteId, PersonId, RosterSeq, StreamId, UnixMillis};

impl RosterState {
    /// Lengthens the chain and does what the entry says.
    pub(super) fn enter(&mut self, entry: &RosterEntry, time: UnixMillis) {
        let at = entry.head().seq;
        self.mark_expired(time);
        self.chain.push((entry.roster_hash(), time));
        match entry.body() {
            RosterBody::Found(found) => self.enter_found_all(found, entry.head().facility),
            RosterBody::AddPerson(body) => self.set_person(&body.person, at),
            RosterBody::RekeyPerson(body) => self.rekey(body, at),
            RosterBody::RemovePerson(body) => self.remove_person(&body.person, at),
            RosterBody::AddDevice(body) => {
                let devices = self.devices_stream();
                let carries =
                    |scope: &DeviceScope| devices.is_some_and(|d| scope.streams.contains(&d));
                let before = self.devices.get(&body.device.id);
                let loses = before.is_some_and(|before| carries(&before.scope));
                if loses && !carries(&body.scope) {
                    self.mark_devices_stale();
                }
                self.set_device(&body.device, &body.scope, at, None);
            }
            RosterBody::RemoveDevice(body) => {
                if let Some(device) = self.devices.get_mut(&body.device) {
                    device.removed = Some(at);
                }
                self.mark_devices_stale();
            }
            RosterBody::Invite(body) => {
                let invite = InviteRecord {
                    id: body.id,
                    key: body.key,
                    scope: body.scope.clone(),
                    expires: body.expires,
                    made: at,
                };
                self.used_ids.insert(body.id.to_bytes());
                self.used_keys.insert(body.key.to_bytes());
                self.invites.insert(body.id, invite);
            }
            RosterBody::Accept(body) => {
                if let Some(invite) = self.invites.remove(&body.invite) {
                    self.set_device(&body.device, &invite.scope, at, Some(invite.id));
                }
            }
            RosterBody::Grant(grant) => self.set_grant(grant, at),
            RosterBody::Rotate(body) => self.rotate(body, at, time),
            RosterBody::RelayKey(body) => {
                self.used_keys.insert(body.key.to_bytes());
                self.relay_keys.push((at, body.key));
            }
            RosterBody::NewLog(body) => {
                self.used_ids.insert(body.new.to_bytes());
                self.used_ids.insert(body.old.to_bytes());
                if let Some(stream) = self.streams.get_mut(&body.stream) {
                    stream.logs.push(LogStart {
                        from: at,
                        old: body.old,
                        old_seq: body.old_seq,
                        old_chain: body.old_chain,
                        new: body.new,
                    });
                }
            }
            RosterBody::Policy(body) => {
                self.policies.insert(body.name.clone(), body.value.clone());
            }
            RosterBody::RecoveryUsed(body) => self.recovery_was_used(body, at),
            RosterBody::Destroy(body) => {
                for document in &body.documents {
                    self.destroyed.entry((body.stream, *document)).or_insert(at);
                }
            }
            // What ends by it was marked above.
            RosterBody::Clock(_) => {}
            RosterBody::WithdrawInvite(body) => {
                self.invites.remove(&body.invite);
                self.mark_devices_stale();
            }
            RosterBody::NewSheet(body) => {
                self.new_sheets.push(at);
                self.set_recovery(body.recovery);
                self.mark_all_stale();
            }
            RosterBody::Unknown { .. } => self.waiting.push(at),
        }
    }

    /// Streams of grants that ended since the last entry go stale, and `devices`, whose key an
    /// invitation holds, when one ended unused.
    fn mark_expired(&mut self, time: UnixMillis) {
        let Some(last) = self.time() else { return };
        let mut invites = self.invites.values();
        if invites.any(|invite| last < invite.expires && invite.expires <= time) {
            self.mark_devices_stale();
        }
        for (stream, grants) in &self.grants {
            let ended = grants
                .values()
                .filter_map(|grants| grants.last())
                .any(|grant| {
                    grant.right > Right::Withdrawn
                        && grant.is_in_force(last)
                        && !grant.is_in_force(time)
                });
            if let Some(stream) = self.streams.get_mut(stream).filter(|_| ended) {
                stream.stale = true;
            }
        }
    }

    fn enter_found_all(&mut self, found: &Found, facility: FacilityId) {
        self.enter_found(found, facility);
        for grant in &found.grants {
            self.set_grant(grant, RosterSeq(1));
        }
        for record in self
            .grants
            .values_mut()
            .flat_map(|of| of.values_mut())
            .flatten()
        {
            record.wrapped = true;
        }
    }

    /// All of `found` but its grants.
    pub(super) fn enter_found(&mut self, found: &Found, facility: FacilityId) {
        let (charter, at) = (found.charter(), RosterSeq(1));
        self.facility = Some(facility);
        self.used_ids.insert(facility.to_bytes());
        self.used_keys.insert(charter.relay_key.to_bytes());
        self.relay_keys.push((at, charter.relay_key));
        self.set_recovery(charter.recovery);
        self.set_person(&charter.person, at);
        self.set_device(&charter.device, &found.scope, at, None);
        for opening in &charter.streams {
            let epoch = EpochRecord {
                epoch: Epoch(0),
                commitment: opening.commitment,
                public: opening.public,
                rung: Bytes::new(),
                opened: at,
            };
            self.open_stream(stream_id(&facility, &opening.name), &opening.name, epoch);
        }
    }

    fn open_stream(&mut self, id: StreamId, name: &str, epoch: EpochRecord) {
        let (name, epochs) = (name.to_owned(), vec![epoch]);
        self.streams.insert(
            id,
            StreamRecord {
                id,
                name,
                epochs,
                stale: false,
                logs: Vec::new(),
            },
        );
    }

    fn set_recovery(&mut self, recovery: RecoveryKeys) {
        self.used_keys.insert(recovery.signing.to_bytes());
        self.used_keys.insert(recovery.agreement.to_bytes());
        self.recovery = Some(recovery);
    }

    fn set_person(&mut self, person: &PersonKeys, at: RosterSeq) {
        self.used_ids.insert(person.id.to_bytes());
        self.used_keys.insert(person.signing.to_bytes());
        self.used_keys.insert(person.agreement.to_bytes());
        let (id, signing, agreement) = (person.id, person.signing, person.agreement);
        let record = self.persons.entry(id).or_insert_with(|| PersonRecord {
            id,
            signing,
            agreement,
            added: at,
            removed: None,
            keys: Vec::new(),
        });
        record.signing = signing;
        record.agreement = agreement;
        record.keys.push(PersonKeysRecord {
            from: at,
            signing,
            agreement,
        });
    }

    fn set_device(
        &mut self,
        keys: &DeviceKeys,
        scope: &DeviceScope,
        at: RosterSeq,
        invite: Option<InviteId>,
    ) {
        self.used_ids.insert(keys.id.to_bytes());
        self.used_keys.insert(keys.signing.to_bytes());
        self.used_keys.insert(keys.agreement.to_bytes());
        let record = self.devices.entry(keys.id).or_insert_with(|| DeviceRecord {
            keys: *keys,
            scope: scope.clone(),
            added: at,
            removed: None,
            invite,
        });
        record.scope = scope.clone();
    }

    fn rekey(&mut self, body: &RekeyPerson, at: RosterSeq) {
        self.set_person(&body.person, at);
        self.mark_stale_of(&body.person.id);
        for (stream, grants) in &mut self.grants {
            let wrapped = body
                .wraps
                .iter()
                .any(|w| w.stream == *stream && !w.wraps.is_empty());
            if let Some(grant) = grants.get_mut(&body.person.id).and_then(|g| g.last_mut()) {
                grant.wrapped = wrapped;
            }
        }
    }

    fn remove_person(&mut self, person: &PersonId, at: RosterSeq) {
        self.mark_stale_of(person);
        if let Some(record) = self.persons.get_mut(person) {
            record.removed = Some(at);
        }
    }

    /// The streams whose key `person` may have go stale.
    fn mark_stale_of(&mut self, person: &PersonId) {
        for (stream, grants) in &self.grants {
            let held = grants
                .get(person)
                .and_then(|grants| grants.last())
                .is_some_and(|grant| grant.right > Right::Withdrawn);
            if let Some(stream) = self.streams.get_mut(stream).filter(|_| held) {
                stream.stale = true;
            }
        }
    }

    fn mark_devices_stale(&mut self) {
        let devices = self.devices_stream();
        if let Some(stream) = devices.and_then(|devices| self.streams.get_mut(&devices)) {
            stream.stale = true;
        }
    }

    pub(super) fn set_grant(&mut self, grant: &Grant, at: RosterSeq) {
        let of_person = self.grants.entry(grant.stream).or_default();
        let records = of_person.entry(grant.person).or_default();
        let before = records.last().copied();
        let kept = before.is_some_and(|b| b.wrapped && b.right > Right::Withdrawn);
        let record = GrantRecord {
            from: at,
            right: grant.right,
            acts: grant.acts,
            until: grant.until,
            wrapped: grant.right > Right::Withdrawn && (kept || !grant.wraps.is_empty()),
        };
        records.push(record);
        if before.is_some_and(|before| narrows(&before, &record))
            && let Some(stream) = self.streams.get_mut(&grant.stream)
        {
            stream.stale = true;
        }
    }

    fn rotate(&mut self, body: &Rotate, at: RosterSeq, time: UnixMillis) {
        let epoch = EpochRecord {
            epoch: body.epoch,
            commitment: body.commitment,
            public: body.public,
            rung: body.rung.clone(),
            opened: at,
        };
        let recipients = self.recipients(&body.stream, time);
        match (self.streams.get_mut(&body.stream), &body.name) {
            (Some(stream), _) => {
                stream.epochs.push(epoch);
                stream.stale = false;
            }
            (None, Some(name)) => self.open_stream(body.stream, name, epoch),
            (None, None) => {}
        }
        let Some(grants) = self.grants.get_mut(&body.stream) else {
            return;
        };
        for (person, records) in grants {
            let receives = recipients
                .iter()
                .any(|r| r.holder == Holder::Person(*person));
            if let Some(grant) = records.last_mut() {
                grant.wrapped = receives;
            }
        }
    }

    fn recovery_was_used(&mut self, body: &RecoveryUsed, at: RosterSeq) {
        self.recovery_used.push(at);
        self.set_recovery(body.recovery);
        if let Some(person) = &body.person {
            self.set_person(person, at);
        }
        if let Some(device) = &body.device {
            self.set_device(&device.keys, &device.scope, at, None);
        }
        for grant in &body.grants {
            self.set_grant(grant, at);
        }
        self.mark_all_stale();
    }

    /// Whoever has the sheet that was replaced may have every key.
    fn mark_all_stale(&mut self) {
        for stream in self.streams.values_mut() {
            stream.stale = true;
        }
    }
}

/// Whether `after` takes anything away that `before` gave.
fn narrows(before: &GrantRecord, after: &GrantRecord) -> bool {
    let shorter = match (before.until, after.until) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(before), Some(after)) => after < before,
    };
    after.right < before.right || before.acts & !after.acts != 0 || shorter
}
