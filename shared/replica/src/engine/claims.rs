//! What the relay says of places, against the chain that is computed here: its answers to pushes,
//! its receipts, rows it sends again.
//!
//! Nothing it says about an own envelope counts by itself. Its answer to a push puts the envelope's
//! id into the chain, and only a signature of the relay over that very chain takes it out of the
//! outbox.

use super::Engine;
use super::faults::Statement;
use super::streams::{Claim, StreamState};
use crate::log::{LogChange, StreamPosition};
use ids::{ChainHash, EnvelopeId, Seq, StreamId};
use interface::{Link as Shown, RelayFault};
use std::cmp::Ordering;
use wire::{Receipt, chain_start};

/// What an answer about an own envelope is worth.
pub(super) enum Claimed {
    /// A signature of the relay covers it there.
    Proved,
    /// It may be so: the chain and a signature will tell.
    Waits,
    /// Something else stands there.
    False,
}

impl Engine {
    /// The chain computed here at a place that is reached.
    pub(super) fn chain_at(&self, state: &StreamState, seq: Seq) -> Option<ChainHash> {
        let StreamPosition { stream, log_id, .. } = state.position;
        if seq == Seq(0) {
            let facility = self.membership.as_ref()?.facts.facility;
            return Some(chain_start(&facility, &stream, &log_id));
        }
        if seq == state.position.seq {
            return Some(state.position.chain);
        }
        let kept = || self.log.chain_at(stream, log_id, seq).ok().flatten();
        state.unproved_chain(seq).or_else(kept)
    }

    /// Compares a chain that somebody signed for a place behind the position with the one here.
    pub(super) fn said_before(
        &mut self,
        stream: StreamId,
        seq: Seq,
        chain: ChainHash,
        statement: impl FnOnce(ChainHash) -> Statement,
    ) -> bool {
        let Some(state) = self.streams.by_id.get(&stream) else {
            return true;
        };
        let at = state.position;
        match self.chain_at(state, seq) {
            Some(here) if here != chain => {
                let at = StreamPosition {
                    seq,
                    chain: here,
                    ..at
                };
                self.relay_fault(RelayFault::TwoHistories, Some(at), &statement(chain));
                false
            }
            _ => true,
        }
    }

    /// A row of a place that is reached: the same as before, or the relay contradicts itself.
    pub(super) fn stands_already(&mut self, stream: StreamId, seq: Seq, id: EnvelopeId) {
        if self.stands_at(stream, seq, &id) == Some(false) {
            let at = StreamPosition {
                seq,
                ..self.streams.position(stream)
            };
            self.relay_fault(RelayFault::TwoHistories, Some(at), &Statement::Envelope(id));
        }
    }

    /// Whether an envelope stands at a reached place of the stream's log; `None` when the disk does
    /// not say.
    fn stands_at(&self, stream: StreamId, seq: Seq, id: &EnvelopeId) -> Option<bool> {
        let state = self.streams.by_id.get(&stream)?;
        let unproved = state.unproved.iter().find(|own| own.row.place.seq == seq);
        if let Some(own) = unproved {
            return Some(own.id == *id);
        }
        let stored = self.log.envelope(id).ok()?;
        let place = stored.and_then(|stored| stored.place);
        let log_id = state.position.log_id;
        Some(place.is_some_and(|place| place.log_id == log_id && place.seq == seq))
    }

    /// The relay says where it stored an own envelope. `false`: something else stands there.
    pub(super) fn claimed(&mut self, stream: StreamId, seq: Seq, claim: Claim) -> Claimed {
        let Some(state) = self.streams.by_id.get_mut(&stream) else {
            return Claimed::Waits;
        };
        if seq > state.position.seq {
            let said = state.said_at(seq);
            if said.is_some_and(|said| said != (claim.id, claim.roster_seq)) {
                return Claimed::False;
            }
            state.claims.insert(seq, claim);
            return Claimed::Waits;
        }
        let unproved = state.unproved.iter().any(|own| own.id == claim.id);
        match self.stands_at(stream, seq, &claim.id) {
            Some(true) if unproved => Claimed::Waits,
            // It has its place on the disk only because a signature covered it.
            Some(true) => Claimed::Proved,
            Some(false) => Claimed::False,
            None => Claimed::Waits,
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
        // Signed after the answer was given: had it been stored, the receipt would cover it.
        let behind = Seq(receipt.seq.0.saturating_add(1));
        let false_claims = state.claims.split_off(&behind);
        let last = state.unproved.back();
        let false_row = last.filter(|own| own.row.place.seq > receipt.seq);
        let false_row = false_row.map(|own| (own.row.place.seq, own.id));
        let reached = receipt.seq.cmp(&state.position.seq);
        if reached != Ordering::Less && state.hold_receipt(receipt).is_err() {
            return self.too_much(receipt.stream);
        }
        for (seq, claim) in false_claims {
            self.false_place(receipt.stream, seq, claim.id);
        }
        match reached {
            Ordering::Less => self.receipt_behind(receipt),
            Ordering::Equal => self.advance(receipt.stream),
            // The rows it is for come next, and are kept together with it. Nothing moves yet.
            Ordering::Greater => {}
        }
        if let Some((seq, id)) = false_row {
            self.false_place(receipt.stream, seq, id);
            self.contradicted(receipt.stream);
        }
    }

    /// A receipt for a place that the chain has passed.
    fn receipt_behind(&mut self, receipt: Receipt) {
        let stream = receipt.stream;
        let fits = self.said_before(stream, receipt.seq, receipt.chain, |_| {
            Statement::Receipt(receipt)
        });
        let Some(state) = self.streams.by_id.get_mut(&stream) else {
            return;
        };
        if !fits {
            return self.contradicted(stream);
        }
        let mut change = LogChange {
            receipts: vec![receipt],
            ..LogChange::default()
        };
        let before = state.kept;
        state.prove(receipt.seq, &mut change);
        self.keep_taken(stream, before, change);
    }

    /// A relay that answers and does not sign is greeted anew: it states its head then, signed.
    pub(super) fn watch_claims(&mut self) {
        self.streams.watch(self.now);
        if self
            .streams
            .signature_due()
            .is_some_and(|at| at <= self.now)
        {
            self.hang_up(Shown::Offline);
            self.streams.watch(self.now);
        }
    }

    /// The relay named a place for an own envelope at which it does not stand.
    pub(super) fn false_place(&mut self, stream: StreamId, seq: Seq, id: EnvelopeId) {
        self.push.again(&id, self.now);
        let at = StreamPosition {
            seq,
            ..self.streams.position(stream)
        };
        self.relay_fault(RelayFault::FalsePlace, Some(at), &Statement::Envelope(id));
    }

    /// What the relay signed does not fit what it had said. Own rows that it placed without a
    /// signature may be why: they are asked for again, with their bytes, from the last place that
    /// stands without them.
    pub(super) fn contradicted(&mut self, stream: StreamId) {
        let state = self.streams.by_id.get(&stream);
        if state.is_some_and(|state| !state.unproved.is_empty()) {
            self.hang_up_for_long(Shown::Offline);
        }
    }
}
