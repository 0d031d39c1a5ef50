//! Hello, Challenge, Auth, Welcome: who is there, proved by a signature over both nonces.

use ids::{FacilityId, RosterSeq, UnixMillis, limits};
use wire::handshake::PROTOCOL_VERSION;
use wire::message::{
    Auth, Challenge, ErrorCode, Hello, LogHead, SessionLimits, Welcome, WelcomeFields,
};
use wire::{Role, Transcript};

use super::Relay;
use super::facility::{Facility, LoadError};
use super::output::{CloseCode, ConnId};
use super::session::{Challenged, DeviceSession, InviteSession, State};
use crate::random::Random;
use crate::store::LogStore;

impl<S: LogStore> Relay<S> {
    pub(super) fn hello(&mut self, conn: ConnId, hello: Hello, random: &mut dyn Random) {
        if !hello.versions.contains(&PROTOCOL_VERSION) {
            return self.refuse(conn, ErrorCode::Version);
        }
        let mut nonce = [0; 32];
        if random.fill(&mut nonce).is_err() {
            return self.end(conn, ErrorCode::Internal, CloseCode::Internal);
        }
        let relay_key = self.identity.public;
        let (role, version) = (hello.role, PROTOCOL_VERSION);
        let transcript = Transcript::new(
            &role,
            &relay_key,
            &hello.nonce,
            &nonce,
            version,
            &hello.versions,
        );
        let state = match role {
            Role::Founder { relay_key: pinned } if pinned == relay_key && self.may_found() => {
                // A founding entry with its wraps is longer than a stranger's frame.
                self.out.allow(conn, limits::FRAME_BYTES, false);
                State::Founding(Box::new(transcript))
            }
            Role::Founder { .. } => return self.refuse(conn, ErrorCode::TokenRefused),
            Role::Recovery { .. } | Role::Restorer { .. } => {
                return self.refuse(conn, ErrorCode::Unsupported);
            }
            Role::Device { .. } | Role::Invite { .. } => {
                State::Challenged(Box::new(Challenged { role, transcript }))
            }
        };
        if let Some(session) = self.sessions.get_mut(&conn) {
            session.state = state;
        }
        self.out.message(
            conn,
            Challenge {
                version,
                nonce,
                relay_key,
            },
        );
    }

    pub(super) fn auth(&mut self, conn: ConnId, auth: Auth, now: UnixMillis) {
        let Some(session) = self.sessions.get_mut(&conn) else {
            return;
        };
        let State::Challenged(challenged) = std::mem::replace(&mut session.state, State::Greeting)
        else {
            return;
        };
        let Challenged { role, transcript } = *challenged;
        let found = self.facility_of(&role);
        let loaded = found.and_then(|facility| self.load(facility).map(|()| facility));
        let facility_id = match loaded {
            Ok(facility) => facility,
            Err(code) => return self.refuse(conn, code),
        };
        let Some(facility) = self.facilities.get(&facility_id) else {
            return;
        };
        let known = match identify(facility, &role, now) {
            Ok(known) => known,
            Err(code) => return self.refuse(conn, code),
        };
        let (key, state) = known;
        if transcript.verify_client(&key, &auth.signature).is_err() {
            return self.refuse(conn, ErrorCode::Unauthorised);
        }
        self.open(conn, facility_id, state, &transcript, now);
    }

    /// The session stands.
    pub(super) fn open(
        &mut self,
        conn: ConnId,
        facility_id: FacilityId,
        state: State,
        transcript: &Transcript,
        now: UnixMillis,
    ) {
        self.supersede(facility_id, &state);
        let Some(facility) = self.facilities.get_mut(&facility_id) else {
            return;
        };
        facility.conns.insert(conn);
        let fields = Welcome::encode_fields(&fields(facility, &state, now));
        let signature = self.identity.sign(&transcript.welcome_message(&fields));
        let removed = matches!(&state, State::Device(device) if device.removed);
        if let Some(session) = self.sessions.get_mut(&conn) {
            session.state = state;
        }
        self.counts.sessions += 1;
        self.out.allow(conn, limits::FRAME_BYTES, true);
        self.out.message(conn, Welcome::new(fields, signature));
        if removed {
            self.out.error(conn, ErrorCode::Removed, None);
        } else {
            self.send_all_seen(conn);
        }
    }

    /// The facility a role speaks of. The holder of an invitation may not know it yet: the link
    /// names only the invitation. What the store cannot say is no refusal: a newcomer who hears
    /// one gives up for good.
    fn facility_of(&mut self, role: &Role) -> Result<FacilityId, ErrorCode> {
        match role {
            Role::Invite { facility, invite } if facility.is_zero() => {
                let found = self.store.facility_of_invite(*invite);
                let found = self.stored(found).ok_or(ErrorCode::Busy)?;
                found.ok_or(ErrorCode::InviteSpent)
            }
            _ => Ok(role.facility()),
        }
    }

    /// Takes a facility into memory.
    fn load(&mut self, id: FacilityId) -> Result<(), ErrorCode> {
        if self.facilities.contains_key(&id) {
            return Ok(());
        }
        if self.damaged.contains_key(&id) {
            return Err(ErrorCode::Internal);
        }
        let facility = match Facility::load(&mut self.store, id) {
            Ok(loaded) => loaded.ok_or(ErrorCode::UnknownFacility)?,
            Err(LoadError::Store(error)) => {
                self.store_failed(error);
                return Err(ErrorCode::Busy);
            }
            Err(error @ LoadError::Roster(..)) => {
                self.damaged.insert(id, error.to_string());
                return Err(ErrorCode::Internal);
            }
        };
        self.facilities.insert(id, facility);
        self.counts.facilities = self.facilities.len() as u64;
        Ok(())
    }

    fn supersede(&mut self, facility: FacilityId, state: &State) {
        let Some(facility) = self.facilities.get(&facility) else {
            return;
        };
        let same =
            |conn: &&ConnId| match (self.sessions.get(conn).map(|session| &session.state), state) {
                (Some(State::Device(old)), State::Device(new)) => old.device == new.device,
                (Some(State::Invite(old)), State::Invite(new)) => old.invite == new.invite,
                _ => false,
            };
        let others: Vec<ConnId> = facility.conns.iter().filter(same).copied().collect();
        let surplus = (others.len() + 1).saturating_sub(limits::SESSIONS_PER_DEVICE);
        for conn in others.into_iter().take(surplus) {
            self.end(conn, ErrorCode::Superseded, CloseCode::Policy);
        }
    }

    pub(super) fn refuse(&mut self, conn: ConnId, code: ErrorCode) {
        self.counts.handshakes_failed += 1;
        self.end(conn, code, CloseCode::Policy);
    }
}

/// The key a role signs with, and the session it gets.
fn identify(
    facility: &Facility,
    role: &Role,
    now: UnixMillis,
) -> Result<(ids::SigningPublic, State), ErrorCode> {
    match role {
        Role::Device { device, .. } => {
            let record = facility
                .roster
                .device(device)
                .ok_or(ErrorCode::UnknownDevice)?;
            let session = DeviceSession {
                facility: facility.id,
                device: *device,
                removed: !record.is_active(),
                credit: i64::try_from(limits::CREDIT_BYTES).unwrap_or(i64::MAX),
                tails: Vec::new(),
                roster_next: None,
                in_flight: 0,
            };
            Ok((record.keys.signing, State::Device(Box::new(session))))
        }
        Role::Invite { invite, .. } => {
            let record = facility
                .roster
                .invite(invite)
                .ok_or(ErrorCode::InviteSpent)?;
            let time = facility.roster.time().map_or(now, |last| last.max(now));
            if time >= record.expires {
                return Err(ErrorCode::InviteSpent);
            }
            let session = InviteSession {
                facility: facility.id,
                invite: *invite,
                roster_next: None,
            };
            Ok((record.key, State::Invite(Box::new(session))))
        }
        Role::Founder { .. } | Role::Recovery { .. } | Role::Restorer { .. } => {
            Err(ErrorCode::Unsupported)
        }
    }
}

fn fields(facility: &Facility, state: &State, now: UnixMillis) -> WelcomeFields {
    let carried = match state {
        State::Device(session) => facility.carried(&session.device),
        _ => Vec::new(),
    };
    let head = |stream: &ids::StreamId| {
        let head = facility.streams.get(stream)?.head;
        Some(LogHead {
            stream: *stream,
            log_id: head.log_id,
            head: head.seq,
            chain: head.chain,
        })
    };
    let (roster_head, roster_hash): (RosterSeq, _) = facility.roster.head();
    WelcomeFields {
        now,
        logs: carried.iter().filter_map(head).collect(),
        roster_head,
        roster_hash,
        limits: SessionLimits {
            credit: limits::CREDIT_BYTES,
            frame: u32::try_from(limits::FRAME_BYTES).unwrap_or(u32::MAX),
        },
    }
}
