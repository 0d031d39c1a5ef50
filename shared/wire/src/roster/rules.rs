//! The rules of each kind of entry, apart from who may sign it.

use super::body::{AddDevice, Invite, NewLog, NewSheet, RecoveryUsed, RekeyPerson, Rotate};
use super::charter::{DEVICES, StreamWraps};
use super::error::RosterError;
use super::parts::{DeviceKeys, DeviceScope, Grant, MaySignIn, PersonKeys, Right};
use super::records::PersonRecord;
use super::state::RosterState;
use crate::hash::{invite_id, stream_id};
use crate::sign::is_usable;
use ids::{
    AgreementPublic, Epoch, FacilityId, PersonId, SigningPublic, StreamId, UnixMillis, WrapHash,
    acts, limits,
};
use std::collections::BTreeSet;

impl RosterState {
    pub(super) fn active_person(&self, id: &PersonId) -> Result<&PersonRecord, RosterError> {
        self.person(id)
            .filter(|person| person.is_active())
            .ok_or(RosterError::UnknownPerson)
    }

    pub(super) fn known_stream(&self, id: &StreamId) -> Result<(), RosterError> {
        self.stream(id).map(drop).ok_or(RosterError::UnknownStream)
    }

    pub(super) fn check_fresh_id(&self, id: &[u8; 16]) -> Result<(), RosterError> {
        if *id == [0; 16] || self.used_ids.contains(id) {
            return Err(RosterError::IdReused);
        }
        Ok(())
    }

    pub(super) fn check_fresh_key(&self, key: &SigningPublic) -> Result<(), RosterError> {
        if !is_usable(key) {
            return Err(RosterError::UnusableKey);
        }
        match self.used_keys.contains(key.as_bytes()) {
            true => Err(RosterError::KeyReused),
            false => Ok(()),
        }
    }

    pub(super) fn check_fresh_keys(
        &self,
        signing: &SigningPublic,
        agreement: &AgreementPublic,
    ) -> Result<(), RosterError> {
        if agreement.is_zero() {
            return Err(RosterError::UnusableKey);
        }
        if self.used_keys.contains(agreement.as_bytes()) {
            return Err(RosterError::KeyReused);
        }
        self.check_fresh_key(signing)
    }

    pub(super) fn check_new_person(&self, person: &PersonKeys) -> Result<(), RosterError> {
        self.check_fresh_id(person.id.as_bytes())?;
        self.check_fresh_keys(&person.signing, &person.agreement)
    }

    pub(super) fn check_new_device(&self, device: &DeviceKeys) -> Result<(), RosterError> {
        self.check_fresh_id(device.id.as_bytes())?;
        self.check_fresh_keys(&device.signing, &device.agreement)
    }

    pub(super) fn check_rekey(&self, body: &RekeyPerson) -> Result<(), RosterError> {
        self.active_person(&body.person.id)?;
        self.check_fresh_keys(&body.person.signing, &body.person.agreement)?;
        let mut seen = BTreeSet::new();
        for StreamWraps { stream, wraps } in &body.wraps {
            let granted = self.grant(&body.person.id, stream).is_some();
            self.known_stream(stream)?;
            due(stream, usize::from(granted && seen.insert(*stream)), wraps)?;
        }
        Ok(())
    }

    pub(super) fn check_add_device(&self, body: &AddDevice) -> Result<(), RosterError> {
        self.check_scope(&body.scope)?;
        if let Some(stream) = self.devices_stream() {
            at_most_one(&stream, &body.wraps)?;
        }
        match self.device(&body.device.id) {
            Some(known) if known.is_active() && known.keys == body.device => Ok(()),
            _ => self.check_new_device(&body.device),
        }
    }

    pub(super) fn check_scope(&self, scope: &DeviceScope) -> Result<(), RosterError> {
        let distinct: BTreeSet<_> = scope.streams.iter().collect();
        if distinct.len() != scope.streams.len() || scope.streams.len() > limits::STREAMS {
            return Err(RosterError::TooMany);
        }
        scope
            .streams
            .iter()
            .try_for_each(|stream| self.known_stream(stream))?;
        match &scope.may_sign_in {
            MaySignIn::All => Ok(()),
            MaySignIn::Only(persons) => persons
                .iter()
                .try_for_each(|person| self.active_person(person).map(drop)),
        }
    }

    pub(super) fn check_invite(&self, body: &Invite, time: UnixMillis) -> Result<(), RosterError> {
        if body.id != invite_id(&body.key) {
            return Err(RosterError::WrongInviteId);
        }
        if body.expires <= time {
            return Err(RosterError::AlreadyOver);
        }
        self.check_fresh_id(body.id.as_bytes())?;
        self.check_fresh_key(&body.key)?;
        self.check_scope(&body.scope)
    }

    pub(super) fn check_grant(&self, grant: &Grant, time: UnixMillis) -> Result<(), RosterError> {
        self.active_person(&grant.person)?;
        self.check_grant_itself(grant, time)?;
        let stays = is_permanent_administrator(grant.right, grant.acts, grant.until);
        if stays {
            return Ok(());
        }
        self.check_administrators_left(|person, stream| {
            (person, stream) != (&grant.person, &grant.stream)
        })
    }

    pub(super) fn check_grant_itself(
        &self,
        grant: &Grant,
        time: UnixMillis,
    ) -> Result<(), RosterError> {
        if self.devices_stream() == Some(grant.stream) {
            return Err(RosterError::NotGrantable);
        }
        if grant.until.is_some_and(|until| until <= time) {
            return Err(RosterError::AlreadyOver);
        }
        let wrappable = self.stream(&grant.stream).is_some() && grant.right > Right::Withdrawn;
        if !wrappable {
            return due(&grant.stream, 0, &grant.wraps);
        }
        at_most_one(&grant.stream, &grant.wraps)
    }

    /// Whether somebody stays who may change the roster for good, among the grants that `stays`.
    pub(super) fn check_administrators_left(
        &self,
        stays: impl Fn(&PersonId, &StreamId) -> bool,
    ) -> Result<(), RosterError> {
        let left = self.grants.iter().any(|(stream, grants)| {
            grants.iter().any(|(person, grants)| {
                let active = self.person(person).is_some_and(PersonRecord::is_active);
                let permanent = grants
                    .last()
                    .is_some_and(|g| is_permanent_administrator(g.right, g.acts, g.until));
                active && permanent && stays(person, stream)
            })
        });
        if left {
            Ok(())
        } else {
            Err(RosterError::LastAdministrator)
        }
    }

    pub(super) fn check_rotate(
        &self,
        body: &Rotate,
        facility: &FacilityId,
        time: UnixMillis,
    ) -> Result<(), RosterError> {
        match (self.current_epoch(&body.stream), &body.name) {
            (None, Some(name)) => {
                check_name(name)?;
                if body.stream != stream_id(facility, name) {
                    return Err(RosterError::WrongStreamId);
                }
                if self.streams.len() >= limits::STREAMS {
                    return Err(RosterError::TooMany);
                }
                if body.epoch != Epoch(0) {
                    return Err(RosterError::WrongEpoch);
                }
                if !body.rung.is_empty() {
                    return Err(RosterError::WrongRung);
                }
            }
            (None, None) => return Err(RosterError::UnknownStream),
            (Some(_), Some(_)) => return Err(RosterError::WrongName),
            (Some(current), None) => {
                if current.next() != Some(body.epoch) {
                    return Err(RosterError::WrongEpoch);
                }
                if body.rung.is_empty() || body.rung.len() > limits::WRAP_BYTES {
                    return Err(RosterError::WrongRung);
                }
            }
        }
        if body.public.is_zero() {
            return Err(RosterError::UnusableKey);
        }
        due(
            &body.stream,
            self.recipients(&body.stream, time).len(),
            &body.wraps,
        )
    }

    pub(super) fn check_new_log(&self, body: &NewLog) -> Result<(), RosterError> {
        let stream = self
            .stream(&body.stream)
            .ok_or(RosterError::UnknownStream)?;
        self.check_fresh_id(body.new.as_bytes())?;
        match stream.logs.last() {
            Some(last) if last.new != body.old => Err(RosterError::WrongLog),
            _ if body.new == body.old => Err(RosterError::WrongLog),
            _ => Ok(()),
        }
    }

    pub(super) fn check_recovery_used(
        &self,
        body: &RecoveryUsed,
        time: UnixMillis,
    ) -> Result<(), RosterError> {
        self.check_fresh_keys(&body.recovery.signing, &body.recovery.agreement)?;
        if let Some(person) = &body.person {
            match self.person(&person.id) {
                Some(known) if known.is_active() => {
                    self.check_fresh_keys(&person.signing, &person.agreement)?;
                }
                _ => self.check_new_person(person)?,
            }
        }
        if let Some(device) = &body.device {
            self.check_new_device(&device.keys)?;
            self.check_scope(&device.scope)?;
        }
        let sheet = [
            body.recovery.signing.as_bytes(),
            body.recovery.agreement.as_bytes(),
        ];
        let person = body
            .person
            .iter()
            .flat_map(|p| [p.signing.as_bytes(), p.agreement.as_bytes()]);
        let device = body.device.iter().map(|d| &d.keys);
        let device = device.flat_map(|d| [d.signing.as_bytes(), d.agreement.as_bytes()]);
        all_distinct(sheet.into_iter().chain(person).chain(device))?;
        for grant in &body.grants {
            if body
                .person
                .as_ref()
                .is_none_or(|person| person.id != grant.person)
            {
                self.active_person(&grant.person)?;
            }
            self.check_grant_itself(grant, time)?;
        }
        let scope = body.device.as_ref().map(|device| &device.scope);
        self.check_sheet_wraps(body.wraps.as_deref(), scope)
    }

    pub(super) fn check_new_sheet(&self, body: &NewSheet) -> Result<(), RosterError> {
        let (signing, agreement) = (&body.recovery.signing, &body.recovery.agreement);
        self.check_fresh_keys(signing, agreement)?;
        all_distinct([signing.as_bytes(), agreement.as_bytes()])?;
        self.check_sheet_wraps(body.wraps.as_deref(), None)
    }

    /// One wrap a stream for the new sheet, and one of `devices` for a device that carries it.
    fn check_sheet_wraps(
        &self,
        wraps: Option<&[StreamWraps]>,
        device: Option<&DeviceScope>,
    ) -> Result<(), RosterError> {
        let devices = self.facility().map(|id| stream_id(&id, DEVICES));
        let scope = device.map(|scope| &scope.streams);
        let mut seen = BTreeSet::new();
        for StreamWraps { stream, wraps } in wraps.unwrap_or_default() {
            self.known_stream(stream)?;
            let to_device = devices == Some(*stream) && scope.is_some_and(|s| s.contains(stream));
            let once = usize::from(seen.insert(*stream));
            due(stream, once + usize::from(to_device), wraps)?;
        }
        Ok(())
    }
}

pub(super) fn is_permanent_administrator(
    right: Right,
    bits: u64,
    until: Option<UnixMillis>,
) -> bool {
    right >= Right::Read && bits & acts::ROSTER != 0 && until.is_none()
}

pub(super) fn check_name(name: &str) -> Result<(), RosterError> {
    let fits = (1..=32).contains(&name.len())
        && name
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-');
    if fits && name != DEVICES {
        Ok(())
    } else {
        Err(RosterError::WrongName)
    }
}

/// No two keys of one entry are the same.
pub(super) fn all_distinct<'a>(
    keys: impl IntoIterator<Item = &'a [u8; 32]>,
) -> Result<(), RosterError> {
    let mut seen = BTreeSet::new();
    match keys.into_iter().all(|key| seen.insert(key)) {
        true => Ok(()),
        false => Err(RosterError::KeyReused),
    }
}

/// Exactly `expected` wraps, no two alike.
pub(super) fn due(
    stream: &StreamId,
    expected: usize,
    wraps: &[WrapHash],
) -> Result<(), RosterError> {
    let found = wraps.iter().collect::<BTreeSet<_>>().len();
    if found == expected && wraps.len() == expected {
        return Ok(());
    }
    Err(RosterError::WrongWraps {
        stream: *stream,
        expected,
        found: wraps.len(),
    })
}

pub(super) fn at_most_one(stream: &StreamId, wraps: &[WrapHash]) -> Result<(), RosterError> {
    due(stream, wraps.len().min(1), wraps)
}
