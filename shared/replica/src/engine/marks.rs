//! What devices say that they have seen: this one's own marks, the others', and the headers of
//! envelopes. Each is compared with the chain computed here wherever it lies at or behind what is
//! kept: beyond, this chain may stand on a false word of the relay, and nobody is accused by it.

use super::Engine;
use super::faults::Statement;
use super::streams::StreamState;
use crate::log::{LogChange, NewEnvelope, StreamPosition};
use ids::{ChainHash, Seq, StreamId, contexts, limits};
use interface::RelayFault;
use wire::message::Ping;
use wire::{Envelope, SeenMark};

impl Engine {
    /// Tells the relay what is durable here, soon but not for every row.
    pub(super) fn send_seen(&mut self) {
        if !self.link.is_open() {
            return;
        }
        // A device speaks for itself once its six words were the same: one that never does is known
        // by its silence, and nobody waits for it.
        let Some(membership) = self.membership.as_ref().filter(|m| m.facts.confirmed) else {
            return;
        };
        let device = membership.facts.device;
        let mut marks = Vec::new();
        for state in self.streams.by_id.values_mut() {
            let due = state
                .seen_at
                .is_none_or(|at| self.now.since(at) >= limits::SEEN_INTERVAL_MS);
            if state.seen_sent >= state.kept.seq || !due {
                continue;
            }
            let position = state.kept;
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

    /// Asks for an answer that comes when the relay has read all before it.
    pub(super) fn ask_answer(&mut self) {
        if self.link.is_open() {
            let asked = self.link.unanswered.unwrap_or_default();
            self.link.unanswered = Some(asked.saturating_add(1));
            self.send(&Ping {}.into());
        }
    }

    /// Whether this session's marks went both ways: what is durable here is told, and what the relay
    /// knew of others is here. A device that does not speak yet has nothing to tell.
    pub(super) fn marks_exchanged(&self) -> bool {
        let speaks = self.membership.as_ref().is_some_and(|m| m.facts.confirmed);
        let mut streams = self.streams.by_id.values();
        self.link.unanswered == Some(0)
            && (!speaks || streams.all(|state| state.seen_sent >= state.kept.seq))
    }

    pub(super) fn seen_by(&mut self, marks: Vec<SeenMark>) {
        let mut change = LogChange::default();
        for mark in marks {
            let Some(device) = self.roster.device(&mark.device) else {
                continue;
            };
            let Some(state) = self.streams.by_id.get(&mark.stream) else {
                continue;
            };
            let known = self.streams.seen.get(&(mark.device, mark.stream));
            let older =
                known.is_some_and(|known| known.log_id == mark.log_id && known.seq >= mark.seq);
            // An older one says nothing new unless it contradicts.
            let fits = self.mark_fits(state, &mark);
            if (older && fits != Some(false)) || mark.verify(&device.keys.signing).is_err() {
                continue;
            }
            if fits == Some(false) {
                self.mark_contradicts(mark);
            } else {
                self.streams.seen.insert((mark.device, mark.stream), mark);
                change.seen.push(mark);
            }
        }
        if self.commit(&change).is_ok() {
            self.notices.tablet();
        }
    }

    /// Whether a mark's chain is the one computed here; `None` while its place is not reached.
    fn mark_fits(&self, state: &StreamState, mark: &SeenMark) -> Option<bool> {
        if mark.log_id != state.kept.log_id || mark.seq > state.kept.seq {
            return None;
        }
        let here = self.chain_at(state, mark.seq)?;
        Some(here == mark.chain)
    }

    fn mark_contradicts(&mut self, mark: SeenMark) {
        let at = StreamPosition {
            seq: mark.seq,
            ..self.streams.position(mark.stream)
        };
        self.relay_fault(RelayFault::OtherDevice, Some(at), &Statement::Mark(mark));
    }

    /// Marks, and the invitation's pin, that were ahead until now.
    pub(super) fn compare_passed(&mut self, stream: StreamId, (from, to): (Seq, Seq)) {
        let Some(state) = self.streams.by_id.get(&stream) else {
            return;
        };
        let marks = self.streams.seen.values();
        let wrong: Vec<SeenMark> = marks
            .filter(|mark| mark.stream == stream && mark.seq > from && mark.seq <= to)
            .filter(|mark| self.mark_fits(state, mark) == Some(false))
            .copied()
            .collect();
        let pin = self.pin(stream).filter(|pin| {
            let passed = pin.log_id == state.kept.log_id && pin.seq > from && pin.seq <= to;
            passed && self.chain_at(state, pin.seq) != Some(pin.chain)
        });
        for mark in wrong {
            self.mark_contradicts(mark);
        }
        if let Some(pin) = pin {
            let at = StreamPosition {
                seq: pin.seq,
                ..self.streams.position(stream)
            };
            let said = Statement::Pinned(pin.chain);
            self.relay_fault(RelayFault::TwoHistories, Some(at), &said);
        }
    }

    /// Whether another device ever said what it has. One whose six words were not the same says
    /// nothing.
    pub(super) fn has_spoken(&self, device: ids::DeviceId) -> bool {
        let marks = (device, StreamId::ZERO)..;
        let next = self.streams.seen.range(marks).next();
        next.is_some_and(|((of, _), _)| *of == device)
    }

    /// Whether another device is known to have a stream up to `seq`, in the history that is here.
    pub(super) fn has_seen(&self, device: ids::DeviceId, stream: StreamId, seq: Seq) -> bool {
        let state = self.streams.by_id.get(&stream);
        let mark = self.streams.seen.get(&(device, stream));
        state.zip(mark).is_some_and(|(state, mark)| {
            mark.seq >= seq && self.mark_fits(state, mark) == Some(true)
        })
    }

    /// What an envelope's author had seen, as its device signed it, against what is here.
    pub(super) fn compare_seen(
        &self,
        state: &StreamState,
        seq: Seq,
        change: &LogChange,
        envelope: &Envelope,
    ) -> Option<(RelayFault, StreamPosition, Statement)> {
        let header = envelope.header();
        let position = state.position;
        if header.seen_log != position.log_id {
            return None;
        }
        let of_batch = || {
            let place = |new: &NewEnvelope| new.place.map(|row| row.place.seq);
            let taken = &change.envelopes;
            let at = taken.binary_search_by_key(&Some(header.seen_seq), place);
            Some(taken.get(at.ok()?)?.place?.chain)
        };
        let here: Option<ChainHash> = match header.seen_seq {
            // Its author cannot have seen its place, or what comes behind.
            ahead if ahead >= seq => None,
            unproved if unproved > state.kept.seq => return None,
            behind => Some(of_batch().or_else(|| self.chain_at(state, behind))?),
        };
        if here == Some(header.seen_chain) {
            return None;
        }
        // A header that its device did not sign says nothing.
        let device = self.roster.device(&header.device)?;
        envelope.verify_device(&device.keys.signing).ok()?;
        let at = StreamPosition {
            seq: header.seen_seq,
            chain: here.unwrap_or(ChainHash::ZERO),
            ..position
        };
        Some((
            RelayFault::OtherDevice,
            at,
            Statement::Envelope(envelope.id()),
        ))
    }
}
