//! Founding a facility: a one-time token proves that the founder holds the link this relay printed.

use ids::{DeviceId, RosterSeq, UnixMillis, contexts, limits};
use wire::message::{ErrorCode, Found};
use wire::roster::{RosterBody, match_wraps};
use wire::{Countersigned, RosterEntry, RosterState, Transcript};
use zeroize::Zeroizing;

use super::Relay;
use super::facility::{Facility, new_logs};
use super::output::ConnId;
use super::session::{DeviceSession, State};
use crate::store::{LogStore, RosterBatch, StoredWrap, TokenHash};

/// An open founding token.
pub(super) struct Token(Zeroizing<[u8; 16]>);

impl Token {
    pub(super) fn new(token: &[u8; 16]) -> Self {
        Self(Zeroizing::new(*token))
    }

    fn hash(&self) -> TokenHash {
        blake3::derive_key(contexts::RELAY_USED_TOKEN, self.0.as_slice())
    }
}

impl core::fmt::Debug for Token {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Token([redacted])")
    }
}

/// A founding entry that may stand.
struct Charter {
    batch: RosterBatch,
    roster: RosterState,
    device: DeviceId,
}

impl<S: LogStore> Relay<S> {
    pub(super) fn may_found(&self) -> bool {
        !self.tokens.is_empty()
    }

    pub(super) fn found(&mut self, conn: ConnId, found: Found, now: UnixMillis) {
        let Some(session) = self.sessions.get_mut(&conn) else {
            return;
        };
        let State::Founding(transcript) = std::mem::replace(&mut session.state, State::Greeting)
        else {
            return;
        };
        let proves =
            |token: &Token| transcript.is_founding_proof(&token.0, &found.entry, &found.proof);
        let Some(at) = self.tokens.iter().position(proves) else {
            return self.refuse(conn, ErrorCode::TokenRefused);
        };
        if self.doubts_clock(now) {
            return self.refuse(conn, ErrorCode::Busy);
        }
        let Some(charter) = self.charter(&found, now) else {
            return self.refuse(conn, ErrorCode::FoundRefused);
        };
        let token = self.tokens.get(at).map(Token::hash).unwrap_or_default();
        let kept = self.store.found(token, &charter.batch);
        match self.stored(kept) {
            Some(true) => {
                self.tokens.remove(at);
                self.enter(conn, charter, &transcript, now);
            }
            Some(false) => self.refuse(conn, ErrorCode::TokenRefused),
            None => self.refuse(conn, ErrorCode::Busy),
        }
    }

    /// Judges and countersigns the first entry; `None` when it may not stand.
    fn charter(&self, found: &Found, now: UnixMillis) -> Option<Charter> {
        let entry = RosterEntry::parse(found.entry.clone()).ok()?;
        let RosterBody::Found(body) = entry.body() else {
            return None;
        };
        if body.charter().relay_key != self.identity.public {
            return None;
        }
        let device = body.charter().device.id;
        let mut roster = RosterState::new();
        let accepted = roster.check(&entry, now).ok()?;
        let wraps = match_wraps([&entry], &found.wraps).ok()?;
        let countersigned = Countersigned {
            entry: found.entry.clone(),
            time: accepted.time,
            signature: self.identity.sign(&accepted.message()),
        };
        roster.apply(&countersigned).ok()?;
        let facility = accepted.facility;
        let opened = new_logs(&facility, &roster, &Default::default(), self.log_id);
        let stored = |(listed, bytes): (wire::roster::ListedWrap, _)| StoredWrap {
            stream: listed.stream,
            roster_seq: listed.roster_seq,
            bytes,
        };
        let batch = RosterBatch {
            facility,
            expect: RosterSeq(0),
            entries: vec![countersigned],
            wraps: wraps.into_iter().map(stored).collect(),
            opened,
            blob: None,
            used: Vec::new(),
        };
        Some(Charter {
            batch,
            roster,
            device,
        })
    }

    /// The founder's connection goes on as the founding device's.
    fn enter(&mut self, conn: ConnId, charter: Charter, transcript: &Transcript, now: UnixMillis) {
        let Charter {
            batch,
            roster,
            device,
        } = charter;
        let (facility, bytes) = (batch.facility, batch.bytes());
        self.facilities.insert(
            facility,
            Facility::founded(facility, roster, batch.opened, bytes),
        );
        self.counts.facilities = self.facilities.len() as u64;
        self.counts.founded += 1;
        self.counts.roster_entries += 1;
        let session = DeviceSession {
            facility,
            device,
            removed: false,
            credit: i64::try_from(limits::CREDIT_BYTES).unwrap_or(i64::MAX),
            tails: Vec::new(),
            roster_next: None,
            in_flight: 0,
        };
        self.open(
            conn,
            facility,
            State::Device(Box::new(session)),
            transcript,
            now,
        );
    }
}
