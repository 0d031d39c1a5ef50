//! What the relay sends: rows of streams, receipts, what others have seen. Everything is verified
//! and durable before it counts; opening and projecting come later and need somebody signed in.

use super::Engine;
use crate::log::{LogChange, NewEnvelope, Standing, StoreError, StreamPosition};
use domain::Stream;
use ids::{
    ChainHash, DeviceId, EnvelopeId, LogId, Place, RosterSeq, Seq, StreamId, UnixMillis, contexts,
};
use interface::Link as Shown;
use std::collections::BTreeMap;
use wire::message::{Credit, Items, RosterTail, Tail, WelcomeFields, Wraps};
use wire::{Envelope, Kind, Receipt, SeenMark, chain_next, chain_start};

/// Milliseconds between two `Seen` of one stream while rows stream in.
const SEEN_INTERVAL_MS: i64 = 250;

#[derive(Default)]
pub(super) struct Streams {
    by_id: BTreeMap<StreamId, StreamState>,
    /// What other devices have, by device and stream.
    pub(super) seen: BTreeMap<(DeviceId, StreamId), SeenMark>,
}

struct StreamState {
    position: StreamPosition,
    /// The relay's head as last heard.
    head: Seq,
    /// Rows that came before their turn.
    pending: BTreeMap<Seq, Row>,
    /// A receipt for a row that is not verified yet.
    receipts: BTreeMap<Seq, Receipt>,
    /// The chain the relay stated in `Welcome`, signed there.
    stated: Option<(Seq, ChainHash)>,
    /// Everything up to here is vouched for by a receipt or a `Welcome`.
    pub(super) vouched: Seq,
    seen_sent: Seq,
    seen_at: Option<UnixMillis>,
    consumed: u64,
}

enum Row {
    Full {
        envelope: Box<Envelope>,
        roster_seq: RosterSeq,
    },
    Own {
        id: EnvelopeId,
        roster_seq: RosterSeq,
    },
}

impl StreamState {
    fn new(position: StreamPosition) -> Self {
        Self {
            position,
            head: position.seq,
            pending: BTreeMap::new(),
            receipts: BTreeMap::new(),
            stated: None,
            vouched: Seq(0),
            seen_sent: Seq(0),
            seen_at: None,
            consumed: 0,
        }
    }
}

impl Streams {
    /// How far a stream is verified; the zero position before anything came.
    pub(super) fn position(&self, stream: StreamId) -> StreamPosition {
        self.by_id.get(&stream).map_or(
            StreamPosition {
                stream,
                log_id: LogId::ZERO,
                seq: Seq(0),
                chain: ChainHash::ZERO,
            },
            |state| state.position,
        )
    }

    /// Rows the relay has that are not here yet.
    pub(super) fn arriving(&self) -> u32 {
        let missing = |state: &StreamState| state.head.0.saturating_sub(state.position.seq.0);
        u32::try_from(self.by_id.values().map(missing).sum::<u64>()).unwrap_or(u32::MAX)
    }

    pub(super) fn vouched(&self, stream: StreamId) -> Seq {
        self.by_id
            .get(&stream)
            .map_or(Seq(0), |state| state.vouched)
    }

    pub(super) fn session_ended(&mut self) {
        for state in self.by_id.values_mut() {
            state.pending.clear();
            state.receipts.clear();
            state.stated = None;
            state.consumed = 0;
            state.seen_sent = Seq(0);
        }
    }

    /// When the next `Seen` is due.
    pub(super) fn seen_due(&self) -> Option<UnixMillis> {
        self.by_id
            .values()
            .filter(|state| state.seen_sent < state.position.seq)
            .filter_map(|state| state.seen_at.map(|at| at.plus(SEEN_INTERVAL_MS)))
            .min()
    }
}

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
        let facility = membership.facts.facility;
        let carried: Vec<StreamId> = Stream::ALL
            .into_iter()
            .map(|stream| membership.stream(stream))
            .collect();
        self.work.roster_at_welcome = fields.roster_head;
        let (head, hash) = self.roster.head();
        if fields.roster_head < head || (fields.roster_head == head && fields.roster_hash != hash) {
            self.relay_fault("the relay's roster is older than this tablet's, or another");
        }
        self.send(
            &RosterTail {
                from: RosterSeq(head.0.saturating_add(1)),
            }
            .into(),
        );
        for log in &fields.logs {
            if !carried.contains(&log.stream) {
                continue;
            }
            let start = StreamPosition {
                stream: log.stream,
                log_id: log.log_id,
                seq: Seq(0),
                chain: chain_start(&facility, &log.stream, &log.log_id),
            };
            let state = self
                .streams
                .by_id
                .entry(log.stream)
                .or_insert_with(|| StreamState::new(start));
            if state.position.log_id != log.log_id {
                let had = state.position.seq;
                *state = StreamState::new(start);
                if had > Seq(0) {
                    self.relay_fault("the relay began a new log");
                }
            } else if log.head < state.position.seq {
                self.relay_fault("the relay went backwards: it has lost what it had confirmed");
            }
            let Some(state) = self.streams.by_id.get_mut(&log.stream) else {
                continue;
            };
            state.head = log.head;
            state.stated = Some((log.head, log.chain));
            let from = Seq(state.position.seq.0.saturating_add(1));
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
            self.advance(log.stream);
        }
        self.push.session_began();
        self.check_caught_up();
    }

    pub(super) fn items(&mut self, items: Items) {
        let mut bytes = 0u64;
        for item in &items.rows {
            bytes = bytes.saturating_add(item.envelope.len() as u64);
        }
        if let Some(state) = self.streams.by_id.get_mut(&items.stream) {
            if state.position.log_id != items.log_id {
                return;
            }
            state.consumed = state.consumed.saturating_add(bytes);
            for item in items.rows {
                state.head = state.head.max(item.seq);
                if item.seq <= state.position.seq {
                    continue;
                }
                let Ok(envelope) = Envelope::parse(item.envelope) else {
                    return self.hang_up(Shown::Offline);
                };
                state.pending.insert(
                    item.seq,
                    Row::Full {
                        envelope: Box::new(envelope),
                        roster_seq: item.roster_seq,
                    },
                );
            }
        }
        self.advance(items.stream);
    }

    /// A row of one's own that the relay stored.
    pub(super) fn own_row(
        &mut self,
        stream: StreamId,
        id: EnvelopeId,
        seq: Seq,
        roster_seq: RosterSeq,
    ) {
        if let Some(state) = self.streams.by_id.get_mut(&stream) {
            state.head = state.head.max(seq);
            if seq > state.position.seq {
                state
                    .pending
                    .entry(seq)
                    .or_insert(Row::Own { id, roster_seq });
            }
        }
    }

    pub(super) fn receipt(&mut self, receipt: Receipt) {
        let Some(key) = self.link.relay_key else {
            return;
        };
        if receipt.verify(&key).is_err() {
            return self.hang_up(Shown::WrongRelay);
        }
        let Some(state) = self.streams.by_id.get_mut(&receipt.stream) else {
            return;
        };
        if state.position.log_id != receipt.log_id {
            return;
        }
        state.head = state.head.max(receipt.seq);
        if receipt.seq >= state.position.seq {
            state.receipts.insert(receipt.seq, receipt);
        }
        self.advance(receipt.stream);
    }

    /// Takes rows in order as far as they go: verifies each link of the chain and each envelope,
    /// makes them durable, and only then counts them.
    pub(super) fn advance(&mut self, stream: StreamId) {
        let Some(mut state) = self.streams.by_id.remove(&stream) else {
            return;
        };
        let before = state.position;
        let mut change = LogChange::default();
        let mut fault = None;
        while let Some(seq) = state.position.seq.next() {
            let Some(row) = state.pending.get(&seq) else {
                break;
            };
            let (roster_seq, id) = match row {
                Row::Full {
                    envelope,
                    roster_seq,
                } => (*roster_seq, envelope.id()),
                Row::Own { id, roster_seq } => (*roster_seq, *id),
            };
            let Some(roster_head) = self.roster.hash_at(roster_seq) else {
                break;
            };
            let chain = chain_next(&state.position.chain, seq, roster_seq, &roster_head, &id);
            let place = Place {
                log_id: state.position.log_id,
                seq,
                roster_seq,
            };
            match state.pending.remove(&seq) {
                Some(Row::Full { envelope, .. }) => {
                    let standing = self.judge(&envelope, stream, roster_seq);
                    change.envelopes.push(NewEnvelope {
                        envelope: *envelope,
                        standing,
                        place: Some(place),
                        outbox: None,
                    });
                }
                Some(Row::Own { id, .. }) => change.placed.push((id, place)),
                None => break,
            }
            state.position.seq = seq;
            state.position.chain = chain;
            fault = fault.or(check_chain(&mut state, &mut change));
        }
        if before.seq == state.position.seq {
            fault = fault.or(check_chain(&mut state, &mut change));
        } else {
            change.positions.push(state.position);
        }
        let consumed = std::mem::take(&mut state.consumed);
        let outcome = self.commit(&change);
        if outcome.is_err() {
            state.position = before;
            state.pending.clear();
        }
        self.streams.by_id.insert(stream, state);
        if outcome.is_err() {
            return self.hang_up(Shown::Offline);
        }
        if let Some(fault) = fault {
            self.relay_fault(fault);
        }
        if consumed > 0 {
            self.send(&Credit { bytes: consumed }.into());
        }
        self.arrived(stream);
    }

    /// After something new of a stream is durable.
    fn arrived(&mut self, stream: StreamId) {
        self.vouch(stream);
        let is_devices = self
            .membership
            .as_ref()
            .is_some_and(|m| m.stream(Stream::Devices) == stream);
        if is_devices && let Err(error) = self.read_slots() {
            self.storage_problem = Some(error.to_string());
        }
        self.check_caught_up();
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
        if header.facility != membership.facts.facility
            || header.stream != stream
            || header.roster_seq > roster_seq
        {
            return Standing::Refused;
        }
        if !header.is_understood() {
            return Standing::Waits;
        }
        let Some(device) = self.roster.device_key_at(&header.device, roster_seq) else {
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

    /// Own work up to what the relay vouched for leaves the outbox.
    fn vouch(&mut self, stream: StreamId) {
        let sent = self.push.take_vouched(stream, self.streams.vouched(stream));
        if sent.is_empty() {
            return;
        }
        let change = LogChange {
            sent,
            ..LogChange::default()
        };
        if self.commit(&change).is_ok() {
            self.notices.tablet();
        }
    }

    /// As [`Self::vouch`], for every stream.
    pub(super) fn vouch_all(&mut self) {
        let streams: Vec<StreamId> = self.streams.by_id.keys().copied().collect();
        for stream in streams {
            self.vouch(stream);
        }
    }

    pub(super) fn check_caught_up(&mut self) {
        if !self.link.is_open() {
            return;
        }
        let roster_here = self.roster.head().0 >= self.work.roster_at_welcome;
        let behind = self.streams.arriving() > 0 || !roster_here || !self.wraps_are_here();
        if behind {
            self.show_link(Shown::CatchingUp);
        } else {
            self.link.last_live = Some(self.now);
            self.show_link(Shown::Live);
            self.prepared();
        }
        self.notices.tablet();
    }

    pub(super) fn relay_fault(&mut self, what: &str) {
        if self.link.fault.as_deref() != Some(what) {
            self.link.fault = Some(what.to_owned());
            self.notices.tablet();
        }
    }

    pub(super) fn lagged(&mut self, stream: StreamId) {
        // The relay goes on from its cursor by itself; rows come in order as before.
        self.advance(stream);
    }

    /// Tells the relay what is durable here, soon but not for every row.
    pub(super) fn send_seen(&mut self) {
        if !self.link.is_open() {
            return;
        }
        let Some(membership) = &self.membership else {
            return;
        };
        let device = membership.facts.device;
        let mut marks = Vec::new();
        for state in self.streams.by_id.values_mut() {
            let due = state
                .seen_at
                .is_none_or(|at| self.now.since(at) >= SEEN_INTERVAL_MS);
            if state.seen_sent >= state.position.seq || !due {
                continue;
            }
            let position = state.position;
            let mut mark = SeenMark {
                device,
                stream: position.stream,
                log_id: position.log_id,
                seq: position.seq,
                chain: position.chain,
                signature: ids::Signature::from_bytes([0; 64]),
            };
            mark.signature = membership
                .identity
                .sign(contexts::SIGN_SEEN, &mark.signed_hash());
            state.seen_sent = position.seq;
            state.seen_at = Some(self.now);
            marks.push(mark);
        }
        for mark in marks {
            self.send(&mark.into());
        }
    }

    pub(super) fn seen_by(&mut self, marks: Vec<SeenMark>) {
        let mut change = LogChange::default();
        for mark in marks {
            let Some(device) = self.roster.device(&mark.device) else {
                continue;
            };
            if mark.verify(&device.keys.signing).is_ok() {
                self.streams.seen.insert((mark.device, mark.stream), mark);
                change.seen.push(mark);
            }
        }
        if self.commit(&change).is_ok() {
            self.notices.tablet();
        }
    }
}

/// Compares the chain just reached with what the relay signed for it.
fn check_chain(state: &mut StreamState, change: &mut LogChange) -> Option<&'static str> {
    let StreamPosition { seq, chain, .. } = state.position;
    let mut fault = None;
    if let Some(receipt) = state.receipts.remove(&seq) {
        if receipt.chain == chain {
            state.vouched = seq;
            change.receipts.push(receipt);
        } else {
            fault = Some("the relay shows two histories");
        }
    }
    if let Some((stated_seq, stated_chain)) = state.stated
        && stated_seq == seq
    {
        if stated_chain == chain {
            state.vouched = state.vouched.max(seq);
        } else {
            fault = Some("the relay shows two histories");
        }
        state.stated = None;
    }
    fault
}
