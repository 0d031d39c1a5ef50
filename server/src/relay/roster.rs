//! The roster: compare-and-swap with everything that comes with it, and its readers.

use std::collections::BTreeSet;

use bytes::Bytes;
use ids::{InviteId, RosterSeq, UnixMillis, limits};
use wire::message::{
    ErrorCode, RosterAppend, RosterItems, RosterOutcome, RosterResult, RosterTail,
};
use wire::roster::{EntryError, RosterBody, match_wraps};
use wire::{Countersigned, RosterEntry, RosterError, RosterState};

use super::Relay;
use super::facility::{Facility, new_logs};
use super::output::{CloseCode, ConnId, frames_of};
use super::session::{InviteSession, State};
use crate::store::{LogStore, RosterBatch, StoreError, StoredWrap, Swap};

/// Why nothing was appended, as an outcome.
type Refusal = RosterOutcome;

impl<S: LogStore> Relay<S> {
    pub(super) fn roster_append(&mut self, conn: ConnId, append: RosterAppend, now: UnixMillis) {
        // What was pushed before is bound to the roster before.
        self.store_pushes(now);
        let request = append.request;
        let Some(session) = self.sessions.get(&conn) else {
            return;
        };
        let Some(facility) = session.facility() else {
            return;
        };
        if self.doubts_clock(now) {
            return self.out.error(conn, ErrorCode::Busy, Some(request));
        }
        let invite = match &session.state {
            State::Invite(session) => Some(session.invite),
            _ => None,
        };
        let result = match self.prepare(facility, invite, append, now) {
            Ok((batch, _)) if !self.has_room(&batch) => {
                return self.out.error(conn, ErrorCode::Busy, Some(request));
            }
            Ok((batch, roster)) => match self.append(batch, roster) {
                Some(result) => result,
                None => return self.out.error(conn, ErrorCode::Busy, Some(request)),
            },
            Err(refusal) => refusal,
        };
        self.out.message(conn, RosterResult { request, result });
        if let RosterOutcome::Appended { .. } = result {
            self.roster_grew(facility);
        }
    }

    /// Judges and countersigns the entries and what comes with them.
    fn prepare(
        &self,
        facility: ids::FacilityId,
        invite: Option<InviteId>,
        append: RosterAppend,
        now: UnixMillis,
    ) -> Result<(RosterBatch, RosterState), Refusal> {
        let facility = self
            .facilities
            .get(&facility)
            .ok_or(refused(RosterError::OtherFacility))?;
        let (head, _) = facility.roster.head();
        if append.expect != head {
            return Err(RosterOutcome::Conflict { head });
        }
        let entries: Vec<RosterEntry> = append
            .entries
            .into_iter()
            .map(|bytes| RosterEntry::parse(bytes).map_err(|error| refused(error.into())))
            .collect::<Result<_, _>>()?;
        if entries.is_empty() {
            return Err(refused(EntryError::Structure.into()));
        }
        if let Some(invite) = invite {
            check_is_accept(&entries, invite)?;
        }
        let (countersigned, roster) = self.countersign(facility, &entries, now)?;
        let blob = match append.blob {
            Some(blob) if !opens(&entries, blob.invite) => {
                return Err(refused(RosterError::UnknownInvite));
            }
            blob => blob.map(|blob| (blob.invite, blob.sealed)),
        };
        let batch = RosterBatch {
            facility: facility.id,
            expect: head,
            wraps: wraps_of(&entries, &append.wraps)?,
            opened: new_logs(&facility.id, &roster, &facility.streams, self.log_id),
            entries: countersigned,
            blob,
            used: used_by(&entries).chain(facility.over(now)).collect(),
        };
        Ok((batch, roster))
    }

    pub(super) fn countersign(
        &self,
        facility: &Facility,
        entries: &[RosterEntry],
        now: UnixMillis,
    ) -> Result<(Vec<Countersigned>, RosterState), Refusal> {
        let accepted = facility
            .roster
            .check_all(entries, now)
            .map_err(|(_, error)| refused(error))?;
        let mut roster = facility.roster.clone();
        let mut countersigned = Vec::with_capacity(entries.len());
        for (entry, accepted) in entries.iter().zip(accepted) {
            let item = Countersigned {
                entry: entry.bytes().clone(),
                time: accepted.time,
                signature: self.identity.sign(&accepted.message()),
            };
            // Fails when the entry names a relay key that is not ours.
            roster.apply(&item).map_err(refused)?;
            countersigned.push(item);
        }
        Ok((countersigned, roster))
    }

    /// Whether a batch fits beside what is stored. What only the roster can do, such as removing a
    /// stolen tablet, has room beyond that of the record.
    pub(super) fn has_room(&self, batch: &RosterBatch) -> bool {
        let room = self.settings.facility_bytes;
        let room = room.saturating_add(room / limits::ROSTER_PART);
        let facility = self.facilities.get(&batch.facility);
        facility.is_some_and(|facility| facility.bytes.saturating_add(batch.bytes()) <= room)
    }

    /// Has a batch kept, and takes over what was; `None` when it could not be kept.
    pub(super) fn append(
        &mut self,
        batch: RosterBatch,
        roster: RosterState,
    ) -> Option<RosterOutcome> {
        // An invitation is found by its id alone, and its key can be read in the roster it stands
        // in: whoever copies it into a roster of their own gets none of its newcomers.
        if let Some((invite, _)) = batch.blob {
            let holder = self.store.facility_of_invite(invite);
            if self.stored(holder)?.is_some() {
                return Some(RosterOutcome::Refused {
                    code: RosterError::UnknownInvite.code(),
                });
            }
        }
        let swapped = self.store.append_roster(&batch);
        match self.stored(swapped)? {
            Swap::Done => {}
            Swap::Conflict { .. } => {
                self.store_failed(StoreError::Conflict);
                return None;
            }
        }
        let usage = self.store.usage(batch.facility);
        let usage = self.stored(usage)?;
        let facility = self.facilities.get_mut(&batch.facility)?;
        facility.bytes = usage;
        facility.erased.extend(batch.used);
        facility.follow(roster);
        for head in batch.opened {
            facility.open(head);
        }
        self.counts.roster_entries += batch.entries.len() as u64;
        let (head, _) = facility.roster.head();
        self.send_live(batch.facility, batch.expect, &batch.entries);
        Some(RosterOutcome::Appended { head })
    }

    /// Sends new entries to all who have everything before them.
    fn send_live(
        &mut self,
        facility: ids::FacilityId,
        before: RosterSeq,
        entries: &[Countersigned],
    ) {
        let Some(facility) = self.facilities.get(&facility) else {
            return;
        };
        let (head, _) = facility.roster.head();
        let frames: Vec<Bytes> = frames_of(RosterItems {
            items: entries.to_vec(),
            head,
        })
        .unwrap_or_default();
        for conn in &facility.conns {
            let Some(session) = self.sessions.get_mut(conn) else {
                continue;
            };
            let paused = session.paused;
            let Some(Some(next)) = session.roster_next_mut() else {
                continue;
            };
            if before.next() == Some(*next) && !paused && !frames.is_empty() {
                *next = head.next().unwrap_or(head);
                self.out.frames(*conn, &frames);
            } else {
                self.backlog.insert(*conn);
            }
        }
    }

    /// Cuts what the roster no longer allows.
    pub(super) fn roster_grew(&mut self, facility: ids::FacilityId) {
        let Some(facility) = self.facilities.get_mut(&facility) else {
            return;
        };
        let mut removed = Vec::new();
        for conn in facility.conns.clone() {
            let Some(session) = self.sessions.get_mut(&conn) else {
                continue;
            };
            let Some(device) = session.device_mut().filter(|device| !device.removed) else {
                continue;
            };
            let Some(record) = facility.roster.device(&device.device) else {
                continue;
            };
            if !record.is_active() {
                removed.push(conn);
                continue;
            }
            let dropped: BTreeSet<_> = device
                .tails
                .extract_if(.., |tail| !record.carries(&tail.stream))
                .map(|tail| tail.stream)
                .collect();
            for stream in dropped {
                if let Some(log) = facility.streams.get_mut(&stream) {
                    log.readers.remove(&conn);
                }
                self.out.error(conn, ErrorCode::NotCarried, None);
            }
        }
        for conn in removed {
            self.end(conn, ErrorCode::Removed, CloseCode::Policy);
        }
    }

    /// Ends the sessions of invitations that are used up or over: they have nothing left to ask.
    pub(super) fn end_invitations(&mut self, now: UnixMillis) {
        let is_over = |session: &InviteSession| {
            let facility = self.facilities.get(&session.facility);
            let invite = facility.and_then(|facility| facility.roster.invite(&session.invite));
            invite.is_none_or(|invite| now >= invite.expires)
        };
        let over: Vec<ConnId> = self
            .sessions
            .iter()
            .filter(|(_, session)| matches!(&session.state, State::Invite(i) if is_over(i)))
            .map(|(conn, _)| *conn)
            .collect();
        for conn in over {
            self.end(conn, ErrorCode::InviteSpent, CloseCode::Policy);
        }
    }

    pub(super) fn roster_tail(&mut self, conn: ConnId, tail: RosterTail) {
        let Some(session) = self.sessions.get_mut(&conn) else {
            return;
        };
        if let Some(next) = session.roster_next_mut() {
            *next = Some(tail.from.max(RosterSeq(1)));
            self.backlog.insert(conn);
        }
    }

    /// Sends a portion of the roster; `true` when something was sent.
    pub(super) fn serve_roster(&mut self, conn: ConnId, max_bytes: usize) -> bool {
        let Some(session) = self.sessions.get_mut(&conn) else {
            return false;
        };
        let facility = session.facility();
        let Some(Some(next)) = session.roster_next_mut().copied() else {
            return false;
        };
        let Some(facility) = facility.and_then(|id| self.facilities.get(&id)) else {
            return false;
        };
        let (head, _) = facility.roster.head();
        if next > head {
            return false;
        }
        let after = RosterSeq(next.0.saturating_sub(1));
        let items = self.store.roster(facility.id, after, max_bytes);
        let Some(items) = self.stored(items) else {
            return false;
        };
        let count = items.len() as u64;
        if let Some(next) = self
            .sessions
            .get_mut(&conn)
            .and_then(|s| s.roster_next_mut())
        {
            *next = Some(RosterSeq(after.0.saturating_add(count).saturating_add(1)));
        }
        self.out.message(conn, RosterItems { items, head });
        count > 0
    }
}

fn refused(error: RosterError) -> Refusal {
    RosterOutcome::Refused { code: error.code() }
}

/// An invitation's session may append its own accept and nothing else.
fn check_is_accept(entries: &[RosterEntry], invite: InviteId) -> Result<(), Refusal> {
    match entries {
        [entry] => match entry.body() {
            RosterBody::Accept(accept) if accept.invite == invite => Ok(()),
            _ => Err(refused(RosterError::NotAdministrator)),
        },
        _ => Err(refused(RosterError::NotAdministrator)),
    }
}

fn opens(entries: &[RosterEntry], invite: InviteId) -> bool {
    entries
        .iter()
        .any(|e| matches!(e.body(), RosterBody::Invite(body) if body.id == invite))
}

fn used_by(entries: &[RosterEntry]) -> impl Iterator<Item = InviteId> {
    entries.iter().filter_map(|entry| match entry.body() {
        RosterBody::Accept(accept) => Some(accept.invite),
        RosterBody::WithdrawInvite(body) => Some(body.invite),
        _ => None,
    })
}

fn wraps_of(entries: &[RosterEntry], wraps: &[Bytes]) -> Result<Vec<StoredWrap>, Refusal> {
    let matched = match_wraps(entries, wraps).map_err(|_| {
        let (stream, expected, found) = (ids::StreamId::ZERO, 0, wraps.len());
        refused(RosterError::WrongWraps {
            stream,
            expected,
            found,
        })
    })?;
    let stored = matched.into_iter().map(|(listed, bytes)| StoredWrap {
        stream: listed.stream,
        roster_seq: listed.roster_seq,
        bytes,
    });
    Ok(stored.collect())
}
