//! Inviting devices: links, and the six words of those who accepted.

use super::super::Engine;
use super::Append;
use crate::log::LogChange;
use domain::Stream;
use ids::{RosterSeq, limits};
use interface::{Notice, Refusal};
use vault::{InviteBlob, InviteLink, InviteStream};
use wire::message::InviteBlobFor;
use wire::roster::{DeviceKind, DeviceScope, Invite, MaySignIn, RosterBody, RosterEntry};

impl Engine {
    pub(super) fn append_invite(
        &mut self,
        link: &InviteLink,
        process: bool,
    ) -> Result<Append, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let streams = Stream::ALL.map(|stream| membership.stream(stream)).to_vec();
        let scope = DeviceScope {
            kind: if process {
                DeviceKind::Process
            } else {
                DeviceKind::Tablet
            },
            streams: streams.clone(),
            may_sign_in: MaySignIn::All,
        };
        let body = RosterBody::Invite(Invite {
            id: link.id(),
            key: link.identity().signing_public(),
            scope,
            // By the relay's time it counts, which a clock that once was wrong may have left ahead.
            expires: self
                .roster
                .time()
                .map_or(self.now, |time| time.max(self.now))
                .plus(limits::INVITE_MS),
        });
        let (roster_seq, roster_hash) = self.roster.head();
        let (devices_key, devices_id_key) = self.devices_keys_again()?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let blob = InviteBlob {
            relay_key: self
                .roster
                .relay_key()
                .unwrap_or(membership.facts.relay_key),
            facility: membership.facts.facility,
            roster_seq,
            roster_hash,
            streams: streams
                .iter()
                .map(|stream| self.streams.position(*stream))
                .map(|at| InviteStream {
                    stream: at.stream,
                    log_id: at.log_id,
                    seq: at.seq,
                    chain: at.chain,
                })
                .collect(),
            devices: membership.devices.stream(),
            devices_epoch: membership.facts.devices_epoch,
            devices_key,
            devices_id_key,
            facility_name: self
                .settings()
                .map_or_else(|| membership.facts.facility_name.clone(), |s| s.name),
        };
        let sealed = link
            .seal_blob(self.random.as_mut(), &blob)
            .map_err(|_| Refusal::NoRandom)?;
        let blob = InviteBlobFor {
            invite: link.id(),
            sealed: sealed.into(),
        };
        Ok(Append {
            entries: self.roster_entries(&[body])?,
            wraps: Vec::new(),
            blob: Some(blob),
        })
    }

    /// Tells whoever supervises an enrolment which six words the other screen must show.
    pub(in super::super) fn announce_accepted(&mut self, change: &LogChange) {
        for (seq, entry) in &change.roster {
            let Ok(entry) = RosterEntry::parse(entry.entry.clone()) else {
                continue;
            };
            let RosterBody::Accept(accept) = entry.body() else {
                continue;
            };
            let before = seq
                .0
                .checked_sub(1)
                .and_then(|n| self.roster.hash_at(RosterSeq(n)));
            let (Some(before), Some(membership)) = (before, &self.membership) else {
                continue;
            };
            let words = vault::six_words(
                &membership.facts.facility,
                &self
                    .roster
                    .relay_key()
                    .unwrap_or(membership.facts.relay_key),
                &before,
                &accept.device.signing,
                &accept.device.agreement,
            );
            let words = words.map(str::to_owned).to_vec();
            self.notices.push(Notice::DeviceAccepted {
                device: accept.device.id,
                words,
            });
        }
    }
}
