//! What the relay sends: rows of streams and receipts. Everything is verified and durable before
//! it counts; opening and projecting come later and need somebody signed in.

use super::Engine;
use super::faults::Statement;
use super::membership::Pin;
use super::streams::{Row, StreamState, Streams};
use crate::log::{ChainedPlace, LogChange, NewEnvelope, Standing, StoreError, StreamPosition};
use domain::Stream;
use ids::{EnvelopeId, Place, RosterSeq, Seq, StreamId};
use interface::{Link as Shown, RelayFault};
use wire::message::{Items, LogHead, RosterTail, Tail, WelcomeFields, Wraps};
use wire::{Envelope, Kind, chain_next, chain_start};

/// What was found while rows were taken: the fault, where, and what showed it.
type Found = (RelayFault, StreamPosition, Statement);

impl Engine {
    pub(super) fn load_streams(&mut self) -> Result<(), StoreError> {
        self.streams = Streams::default();
        for position in self.log.positions()? {
            self.streams
                .by_id
                .insert(position.stream, StreamState::new(position));
        }
        for mark in self.log.seen()? {
            self.streams.seen.insert((mark.device, mark.stream), mark);
        }
        self.load_outbox()
    }

    /// A device's session stands: ask for everything at once.
    pub(super) fn session_begins(&mut self, fields: &WelcomeFields) {
        let Some(membership) = &self.membership else {
            return;
        };
        let carried: Vec<StreamId> = Stream::ALL
            .into_iter()
            .map(|stream| membership.stream(stream))
            .collect();
        self.work.roster_at_welcome = fields.roster_head;
        let (head, hash) = self.roster.head();
        if fields.roster_head < head || (fields.roster_head == head && fields.roster_hash != hash) {
            self.relay_fault(RelayFault::Roster, None, &Statement::None);
        }
        self.send(
            &RosterTail {
                from: RosterSeq(head.0.saturating_add(1)),
            }
            .into(),
        );
        for log in &fields.logs {
            if carried.contains(&log.stream) {
                self.log_begins(log);
            }
        }
        // The relay sends the marks of others behind its welcome, and none where there are none.
        self.ask_answer();
        self.check_caught_up();
    }

    /// A stream as the relay states it in `Welcome`.
    fn log_begins(&mut self, log: &LogHead) {
        let Some(membership) = &self.membership else {
            return;
        };
        let start = StreamPosition {
            stream: log.stream,
            log_id: log.log_id,
            seq: Seq(0),
            chain: chain_start(&membership.facts.facility, &log.stream, &log.log_id),
        };
        let pin = self.pin(log.stream);
        let state = self.streams.by_id.entry(log.stream);
        let state = state.or_insert_with(|| StreamState::new(start));
        let had = state.position;
        if had.log_id != log.log_id {
            *state = StreamState::new(start);
        }
        let fault = match pin {
            _ if had.log_id != log.log_id && had.seq > Seq(0) => Some((RelayFault::NewLog, had)),
            _ if had.log_id == log.log_id && log.head < had.seq => {
                Some((RelayFault::WentBackwards, had))
            }
            // Until this tablet has read up to its pin, the pin is what it knows of the log.
            Some(pin) if had.seq < pin.seq && pin.log_id != log.log_id => {
                Some((RelayFault::NewLog, start))
            }
            Some(pin) if had.seq < pin.seq && log.head < pin.seq => {
                Some((RelayFault::WentBackwards, start))
            }
            _ => None,
        };
        state.head = log.head;
        state.stated = Some((log.head, log.chain));
        let from = Seq(state.position.seq.0.saturating_add(1));
        if let Some((fault, at)) = fault {
            self.relay_fault(fault, Some(at), &Statement::Welcome(log.chain));
        }
        self.send(
            &Tail {
                stream: log.stream,
                log_id: log.log_id,
                from,
            }
            .into(),
        );
        let after = self.wraps_upto(log.stream);
        self.send(
            &Wraps {
                stream: log.stream,
                after,
            }
            .into(),
        );
        if log.head < had.seq && had.log_id == log.log_id {
            self.said_before(log.stream, log.head, log.chain, |chain| {
                Statement::Welcome(chain)
            });
        }
        if self.forget_unproved(log.stream).is_err() {
            return self.hang_up(Shown::Offline);
        }
        self.advance(log.stream);
    }

    /// Rows behind what is kept came after own rows that no signature covered before the last
    /// connection ended. They come again, and may stand elsewhere now.
    pub(super) fn forget_unproved(&mut self, stream: StreamId) -> Result<(), StoreError> {
        let kept = self.streams.position(stream);
        let behind = Seq(kept.seq.0.saturating_add(1));
        let last = Seq(i64::MAX.unsigned_abs());
        if self.log.rows(stream, kept.log_id, behind, last)?.is_empty() {
            return Ok(());
        }
        self.streams.places_forgotten = true;
        // The disk may stand further on than this engine knows: a commit that failed may be there.
        self.commit(&LogChange {
            unplaced: vec![kept],
            positions: vec![kept],
            ..LogChange::default()
        })
    }

    pub(super) fn pin(&self, stream: StreamId) -> Option<Pin> {
        let pinned = &self.membership.as_ref()?.facts.pinned;
        pinned.iter().find(|pin| pin.stream == stream).cloned()
    }

    pub(super) fn items(&mut self, items: Items) {
        let mut stands = Vec::new();
        let mut overflow = false;
        if let Some(state) = self.streams.by_id.get_mut(&items.stream) {
            if state.position.log_id != items.log_id {
                return;
            }
            for item in items.rows {
                state.head = state.head.max(item.seq);
                let Ok(envelope) = Envelope::parse(item.envelope) else {
                    return self.hang_up(Shown::Offline);
                };
                if item.seq <= state.position.seq {
                    let bytes = envelope.bytes().len() as u64;
                    state.consumed = state.consumed.saturating_add(bytes);
                    stands.push((item.seq, envelope.id()));
                    continue;
                }
                let row = Row {
                    envelope,
                    roster_seq: item.roster_seq,
                };
                if state.hold(item.seq, row).is_err() {
                    overflow = true;
                    break;
                }
            }
        }
        if overflow {
            return self.too_much(items.stream);
        }
        for (seq, id) in stands {
            self.stands_already(items.stream, seq, id);
        }
        self.advance(items.stream);
    }

    pub(super) fn too_much(&mut self, stream: StreamId) {
        let at = self.streams.position(stream);
        self.relay_fault(RelayFault::TooMuch, Some(at), &Statement::None);
        self.hang_up_for_long(Shown::Offline);
    }

    /// Takes rows in order as far as they go: verifies each link of the chain and each envelope,
    /// makes them durable, and only then counts them.
    pub(super) fn advance(&mut self, stream: StreamId) {
        let Some(mut state) = self.streams.by_id.remove(&stream) else {
            return;
        };
        let Ok(mut under) = self.roster_of_last_row(&state) else {
            self.streams.by_id.insert(stream, state);
            return self.hang_up(Shown::Offline);
        };
        let kept = state.kept;
        let mut change = LogChange::default();
        let mut found: Vec<Found> = Vec::new();
        let mut false_places = Vec::new();
        found.extend(compare(&mut state, &mut change));
        while let Some(seq) = state.position.seq.next() {
            let Some((id, roster_seq)) = state.said_at(seq) else {
                break;
            };
            let Some(roster_head) = self.roster.hash_at(roster_seq) else {
                break;
            };
            if roster_seq < under {
                found.push(older_roster(&state, seq, id, roster_seq));
                break;
            }
            under = roster_seq;
            let claim = state.claims.remove(&seq);
            let row = state.take(seq);
            if let Some(claim) = claim.filter(|claim| claim.id != id) {
                false_places.push((seq, claim.id));
            }
            let chain = chain_next(&state.position.chain, seq, roster_seq, &roster_head, &id);
            let place = Place {
                log_id: state.position.log_id,
                seq,
                roster_seq,
            };
            let own = self.push.holds(&id) || row.is_none();
            if let Some(Row { envelope, .. }) = row.filter(|_| !own) {
                found.extend(self.compare_seen(&state, seq, &change, &envelope));
                let standing = self.judge(&envelope, stream, roster_seq);
                change.envelopes.push(NewEnvelope {
                    envelope,
                    standing,
                    place: Some(ChainedPlace { place, chain }),
                    outbox: None,
                });
            }
            if own {
                self.push.claimed(&id);
            }
            state.step(id, place, chain, own);
            found.extend(compare(&mut state, &mut change));
        }
        let has = |what| found.iter().any(|(fault, ..)| *fault == what);
        let contradicted = has(RelayFault::TwoHistories);
        let went_back = has(RelayFault::OlderRoster);
        self.streams.by_id.insert(stream, state);
        if !self.keep_taken(stream, kept, change) {
            return;
        }
        for (fault, at, said) in found {
            self.relay_fault(fault, Some(at), &said);
        }
        for (seq, id) in false_places {
            self.false_place(stream, seq, id);
        }
        if went_back {
            self.hang_up_for_long(Shown::Offline);
        } else if contradicted {
            self.contradicted(stream);
        }
    }

    /// Where the roster stood at the last row that is reached. No later row may be placed under an
    /// earlier one: its rights would be judged by what had ended since.
    fn roster_of_last_row(&self, state: &StreamState) -> Result<RosterSeq, StoreError> {
        let StreamPosition {
            stream,
            log_id,
            seq,
            ..
        } = state.position;
        let own = state.unproved.back().map(|own| own.row.place);
        if let Some(own) = own.filter(|own| own.seq == seq) {
            return Ok(own.roster_seq);
        }
        let rows = self.log.rows(stream, log_id, seq, seq)?;
        Ok(rows.first().map_or(RosterSeq(0), |(_, under, _)| *under))
    }

    /// Makes durable what was taken, and gives back credit for it.
    pub(super) fn keep_taken(
        &mut self,
        stream: StreamId,
        kept: StreamPosition,
        mut change: LogChange,
    ) -> bool {
        let Some(state) = self.streams.by_id.get_mut(&stream) else {
            return false;
        };
        if state.kept != kept {
            change.positions.push(state.kept);
        }
        let passed = (kept.seq, state.kept.seq);
        let consumed = std::mem::take(&mut state.consumed);
        let stored = self.stored_after_all(&mut change);
        let stored = stored.and_then(|stored| self.commit(&change).map(|()| stored));
        let Ok(stored) = stored else {
            if let Some(state) = self.streams.by_id.get_mut(&stream) {
                state.kept = kept;
            }
            self.hang_up(Shown::Offline);
            return false;
        };
        if !change.sent.is_empty() {
            self.push.sent(&change.sent);
            self.notices.tablet();
        }
        self.are_stored_after_all(stored);
        self.grant(consumed);
        self.compare_passed(stream, passed);
        let is_devices = self
            .membership
            .as_ref()
            .is_some_and(|m| m.stream(Stream::Devices) == stream);
        if is_devices && let Err(error) = self.read_slots() {
            self.storage_problem = Some(error.fault());
        }
        self.check_caught_up();
        true
    }

    /// What a received envelope is before anything of it is read: a pure function of its bytes and
    /// the roster at its place.
    pub(super) fn judge(
        &self,
        envelope: &Envelope,
        stream: StreamId,
        roster_seq: RosterSeq,
    ) -> Standing {
        let header = envelope.header();
        let Some(membership) = &self.membership else {
            return Standing::Waits;
        };
        if self.link.older_places.contains(&envelope.id()) {
            return Standing::Elsewhere;
        }
        if header.facility != membership.facts.facility
            || header.stream != stream
            || header.roster_seq > roster_seq
        {
            return Standing::Refused;
        }
        if !header.is_understood() || !self.roster.is_understood_at(roster_seq) {
            return Standing::Waits;
        }
        let Some(device) = self.roster.device_key_at(&header.device, header.roster_seq) else {
            return Standing::Refused;
        };
        if envelope.verify_device(&device).is_err() {
            return Standing::Refused;
        }
        if envelope.person_signature().is_some() {
            let Some(person) = self.person_key_then(header.person, header.roster_seq) else {
                return Standing::Refused;
            };
            if envelope.verify_person(&person).is_err() {
                return Standing::Refused;
            }
        }
        let in_devices = membership.stream(Stream::Devices) == stream;
        match header.kind() {
            Some(Kind::Changes) if header.person.is_zero() || in_devices => Standing::Refused,
            Some(Kind::Slot) if header.person.is_zero() || !in_devices => Standing::Refused,
            Some(Kind::Changes | Kind::Slot) => Standing::Accepted,
            Some(Kind::Snapshot | Kind::Ack | Kind::Record | Kind::Carried) | None => {
                Standing::Waits
            }
        }
    }

    pub(super) fn check_caught_up(&mut self) {
        if !self.link.is_open() || self.link.removed {
            return;
        }
        let roster_here = self.roster.head().0 >= self.work.roster_at_welcome;
        let behind = self.streams.arriving() > 0 || !roster_here || !self.wraps_are_here();
        if behind {
            self.show_link(Shown::CatchingUp);
        } else {
            self.streams.places_forgotten = false;
            self.show_link(Shown::Live);
            self.prepared();
        }
        self.notices.tablet();
    }

    pub(super) fn lagged(&mut self, stream: StreamId) {
        // The relay goes on from its cursor by itself; rows come in order as before.
        self.advance(stream);
    }
}

/// Compares the chain just reached with what the relay signed for it.
fn compare(state: &mut StreamState, change: &mut LogChange) -> Option<Found> {
    let at = state.position;
    let said = state.compare(change)?;
    Some((RelayFault::TwoHistories, at, said))
}

/// A row that the relay puts under an earlier roster than the row before it, with what it signed
/// for it.
fn older_roster(state: &StreamState, seq: Seq, id: EnvelopeId, under: RosterSeq) -> Found {
    let receipt = state.receipts.range(seq..).next();
    let said = Statement::Row(under, id, receipt.map(|(_, receipt)| *receipt));
    (RelayFault::OlderRoster, state.position, said)
}
