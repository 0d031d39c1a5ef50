//! What may be asked of a roster. Where history matters the question names a position, and the
//! answer is the same on every replica that has the roster that far.

use super::parts::{RecoveryKeys, Right};
use super::records::{
    DeviceRecord, EpochRecord, GrantRecord, InviteRecord, PersonRecord, StreamRecord,
};
use super::state::RosterState;
use bytes::Bytes;
use ids::{
    DeviceId, DocumentId, Epoch, FacilityId, InviteId, PersonId, RosterHash, RosterSeq,
    SigningPublic, StreamId, UnixMillis, acts,
};

impl RosterState {
    /// Length and hash; (0, zero) before `found`.
    pub fn head(&self) -> (RosterSeq, RosterHash) {
        let seq = RosterSeq(self.chain.len() as u64);
        (
            seq,
            self.chain
                .last()
                .map_or(RosterHash::ZERO, |(hash, _)| *hash),
        )
    }

    /// The hash at a position; zero at 0, `None` beyond the end.
    pub fn hash_at(&self, at: RosterSeq) -> Option<RosterHash> {
        if at.0 == 0 {
            return Some(RosterHash::ZERO);
        }
        self.link(at).map(|(hash, _)| *hash)
    }

    /// The relay's time at a position; `None` at 0 and beyond the end.
    pub fn time_at(&self, at: RosterSeq) -> Option<UnixMillis> {
        self.link(at).map(|(_, time)| *time)
    }

    /// The relay's time at the last entry; `None` before `found`.
    pub fn time(&self) -> Option<UnixMillis> {
        self.chain.last().map(|(_, time)| *time)
    }

    fn link(&self, at: RosterSeq) -> Option<&(RosterHash, UnixMillis)> {
        let index = usize::try_from(at.0.checked_sub(1)?).ok()?;
        self.chain.get(index)
    }

    /// The next time at which a grant or an open invitation ends by itself, after the last entry's.
    pub fn next_end(&self) -> Option<UnixMillis> {
        let last = self.time()?;
        let invites = self.invites.values().map(|invite| invite.expires);
        let grants = self.grants.values().flat_map(|of| of.values());
        let grants = grants
            .filter_map(|grants| grants.last())
            .filter(|grant| grant.right > Right::Withdrawn)
            .filter_map(|grant| grant.until);
        invites.chain(grants).filter(|end| *end > last).min()
    }

    /// The facility; `None` before `found`.
    pub fn facility(&self) -> Option<FacilityId> {
        self.facility
    }

    /// The relay's key now; `None` before `found`.
    pub fn relay_key(&self) -> Option<SigningPublic> {
        self.relay_keys.last().map(|(_, key)| *key)
    }

    /// Every key the relay ever had, and from which position on.
    pub fn relay_keys(&self) -> &[(RosterSeq, SigningPublic)] {
        &self.relay_keys
    }

    /// The relay's key in force at a position: what it signed there is verified with it, although it may
    /// have another one now.
    pub fn relay_key_at(&self, at: RosterSeq) -> Option<SigningPublic> {
        let until = self.relay_keys.iter().rev();
        let mut before = until.filter(|(from, _)| *from <= at);
        before.next().map(|(_, key)| *key)
    }

    /// The recovery sheet's public halves now; `None` before `found`.
    pub fn recovery(&self) -> Option<&RecoveryKeys> {
        self.recovery.as_ref()
    }

    /// Where the recovery sheet was used: everyone is shown that.
    pub fn recovery_used(&self) -> &[RosterSeq] {
        &self.recovery_used
    }

    /// Where an administrator replaced the recovery sheet: everyone is shown that.
    pub fn new_sheets(&self) -> &[RosterSeq] {
        &self.new_sheets
    }

    /// One person, also after they left.
    pub fn person(&self, id: &PersonId) -> Option<&PersonRecord> {
        self.persons.get(id)
    }

    /// Every person, also those who left.
    pub fn persons(&self) -> impl Iterator<Item = &PersonRecord> {
        self.persons.values()
    }

    /// The signing key of a person in force at a position, also after they left.
    pub fn person_key_at(&self, id: &PersonId, at: RosterSeq) -> Option<SigningPublic> {
        self.persons.get(id)?.signing_at(at)
    }

    /// One device, also after it was removed.
    pub fn device(&self, id: &DeviceId) -> Option<&DeviceRecord> {
        self.devices.get(id)
    }

    /// Every device, also removed ones.
    pub fn devices(&self) -> impl Iterator<Item = &DeviceRecord> {
        self.devices.values()
    }

    /// The signing key of a device that was enrolled at or before a position, also after it was
    /// removed.
    pub fn device_key_at(&self, id: &DeviceId, at: RosterSeq) -> Option<SigningPublic> {
        self.devices
            .get(id)
            .filter(|device| device.added <= at)
            .map(|device| device.keys.signing)
    }

    /// An invitation that is not used up.
    pub fn invite(&self, id: &InviteId) -> Option<&InviteRecord> {
        self.invites.get(id)
    }

    /// Every invitation that is not used up.
    pub fn invites(&self) -> impl Iterator<Item = &InviteRecord> {
        self.invites.values()
    }

    /// One stream.
    pub fn stream(&self, id: &StreamId) -> Option<&StreamRecord> {
        self.streams.get(id)
    }

    /// Every stream.
    pub fn streams(&self) -> impl Iterator<Item = &StreamRecord> {
        self.streams.values()
    }

    /// The epoch to seal under. A stale stream's stays current until it is rotated.
    pub fn current_epoch(&self, stream: &StreamId) -> Option<Epoch> {
        self.streams
            .get(stream)?
            .epochs
            .last()
            .map(|epoch| epoch.epoch)
    }

    /// One epoch of a stream.
    pub fn epoch(&self, stream: &StreamId, epoch: Epoch) -> Option<&EpochRecord> {
        self.streams
            .get(stream)?
            .epochs
            .iter()
            .find(|record| record.epoch == epoch)
    }

    /// The grant of a person in a stream at a position, whether in force or not.
    pub fn grant_at(
        &self,
        person: &PersonId,
        stream: &StreamId,
        at: RosterSeq,
    ) -> Option<&GrantRecord> {
        let grants = self.grants.get(stream)?.get(person)?;
        let after = grants.partition_point(|grant| grant.from <= at);
        grants.get(after.checked_sub(1)?)
    }

    /// The latest grant of a person in a stream, whether in force or not.
    pub fn grant(&self, person: &PersonId, stream: &StreamId) -> Option<&GrantRecord> {
        self.grants.get(stream)?.get(person)?.last()
    }

    /// The grant in force at a position, for a person who belonged there.
    fn in_force_at(
        &self,
        person: &PersonId,
        stream: &StreamId,
        at: RosterSeq,
    ) -> Option<&GrantRecord> {
        let active = self.persons.get(person)?.is_active_at(at);
        let time = self.time_at(at)?;
        self.grant_at(person, stream, at)
            .filter(|grant| active && grant.is_in_force(time))
    }

    /// How far a person's right goes at a position.
    pub fn right_at(&self, person: &PersonId, stream: &StreamId, at: RosterSeq) -> Right {
        self.in_force_at(person, stream, at)
            .map_or(Right::Withdrawn, |grant| grant.right)
    }

    /// Whether a person may write in a stream at a position.
    pub fn may_write(&self, person: &PersonId, stream: &StreamId, at: RosterSeq) -> bool {
        self.right_at(person, stream, at) >= Right::Write
    }

    /// Whether a person may read a stream at a position without breaking the glass.
    pub fn may_read(&self, person: &PersonId, stream: &StreamId, at: RosterSeq) -> bool {
        self.right_at(person, stream, at) >= Right::Read
    }

    /// What a person may do in a stream at a position: bits of [`acts`].
    pub fn acts(&self, person: &PersonId, stream: &StreamId, at: RosterSeq) -> u64 {
        self.in_force_at(person, stream, at)
            .map_or(0, |grant| grant.acts)
    }

    /// Whether a person may read a stream at `time`, by the latest entries.
    pub(super) fn holds(&self, person: &PersonId, stream: &StreamId, time: UnixMillis) -> bool {
        let active = self
            .persons
            .get(person)
            .is_some_and(PersonRecord::is_active);
        let grant = self.grant(person, stream);
        active && grant.is_some_and(|grant| grant.is_in_force(time) && grant.right >= Right::Read)
    }

    /// Whether a person may change the roster at `time`: the act [`acts::ROSTER`] on a grant, of
    /// any stream, that is in force and lets them read.
    pub fn is_administrator(&self, person: &PersonId, time: UnixMillis) -> bool {
        self.streams_granted(person).any(|(stream, grant)| {
            grant.acts & acts::ROSTER != 0 && self.holds(person, stream, time)
        })
    }

    /// The latest grants of a person, by stream.
    pub fn streams_granted<'a>(
        &'a self,
        person: &PersonId,
    ) -> impl Iterator<Item = (&'a StreamId, &'a GrantRecord)> + use<'a> {
        let person = *person;
        self.grants.iter().filter_map(move |(stream, grants)| {
            grants.get(&person)?.last().map(|grant| (stream, grant))
        })
    }

    /// A setting.
    pub fn policy(&self, name: &str) -> Option<&Bytes> {
        self.policies.get(name)
    }

    /// Where a document was destroyed, if it was.
    pub fn destroyed(&self, stream: &StreamId, document: &DocumentId) -> Option<RosterSeq> {
        self.destroyed.get(&(*stream, *document)).copied()
    }
}
