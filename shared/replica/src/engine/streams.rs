//! How far each stream is verified, and what came ahead of its turn.

use super::set_back;
use ids::{
    ChainHash, DeviceId, EnvelopeId, LogId, Place, RosterSeq, Seq, StreamId, UnixMillis, limits,
};
use std::collections::{BTreeMap, VecDeque};
use wire::{Envelope, Receipt, SeenMark};

use super::faults::Statement;
use crate::log::{ChainedPlace, LogChange, StreamPosition};

#[derive(Default)]
pub(super) struct Streams {
    pub(super) by_id: BTreeMap<StreamId, StreamState>,
    /// What other devices have, by device and stream.
    pub(super) seen: BTreeMap<(DeviceId, StreamId), SeenMark>,
    /// Places were forgotten: what comes again is judged again, until everything is here.
    pub(super) places_forgotten: bool,
}

pub(super) struct StreamState {
    /// How far the chain is computed.
    pub(super) position: StreamPosition,
    /// How far it stands on rows that came with their bytes or are signed for: what is kept on
    /// the disk, said to others, and gone back to when a connection ends.
    pub(super) kept: StreamPosition,
    /// Own rows behind `kept`, ascending: only an unsigned answer or an unsigned list says so.
    pub(super) unproved: VecDeque<Unproved>,
    /// The relay's head as last heard.
    pub(super) head: Seq,
    /// Rows that came before their turn.
    pending: BTreeMap<Seq, Row>,
    /// Bytes of envelopes in `pending`.
    pending_bytes: u64,
    /// Places of own rows that the relay answered with and whose turn has not come.
    pub(super) claims: BTreeMap<Seq, Claim>,
    /// Receipts for places that are not reached yet.
    pub(super) receipts: BTreeMap<Seq, Receipt>,
    /// The chain the relay stated in `Welcome`, signed there.
    pub(super) stated: Option<(Seq, ChainHash)>,
    pub(super) seen_sent: Seq,
    pub(super) seen_at: Option<UnixMillis>,
    /// Bytes taken out of turn's queue for which no credit was given back yet.
    pub(super) consumed: u64,
    /// On this connection the relay refused something of this device's here. Should it have stored
    /// it all the same, that row comes with the next tail and not before.
    pub(super) refused_here: bool,
    /// What a signature is waited for, and since when nothing came nearer to it.
    awaits: Option<(Awaited, UnixMillis)>,
}

/// An own row that only an answer of the relay's says, or that it may have hidden: its place, and how
/// far the chain had to be computed to reach it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Awaited(Seq, Seq);

/// A row with its bytes.
pub(super) struct Row {
    pub(super) envelope: Envelope,
    pub(super) roster_seq: RosterSeq,
}

/// What the relay answered about an own envelope.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) id: EnvelopeId,
    pub(super) roster_seq: RosterSeq,
}

/// An own row in the chain that no signature covers yet.
pub(super) struct Unproved {
    pub(super) id: EnvelopeId,
    pub(super) row: ChainedPlace,
    /// The chain before it.
    pub(super) before: ChainHash,
}

/// The relay sent more ahead of its turn than it was given leave to.
pub(super) struct TooMuch;

impl StreamState {
    pub(super) fn new(position: StreamPosition) -> Self {
        Self {
            position,
            kept: position,
            unproved: VecDeque::new(),
            head: position.seq,
            pending: BTreeMap::new(),
            pending_bytes: 0,
            claims: BTreeMap::new(),
            receipts: BTreeMap::new(),
            stated: None,
            seen_sent: Seq(0),
            seen_at: None,
            consumed: 0,
            refused_here: false,
            awaits: None,
        }
    }

    /// The first own row that a signature is waited for, or the next row if it may be one that the
    /// relay refused.
    fn awaited(&self) -> Option<Awaited> {
        let reached = self.unproved.front().map(|own| own.row.place.seq);
        let reached = reached.map(|seq| Awaited(seq, seq));
        let at = self.position.seq;
        let claimed = || self.claims.keys().next().copied();
        let missing = || at.next().filter(|_| self.refused_here && self.head > at);
        reached.or_else(|| claimed().or_else(missing).map(|seq| Awaited(seq, at)))
    }

    /// Forgets whatever only the connection that ended had said.
    fn back_to_kept(&mut self) {
        self.position = self.kept;
        self.unproved.clear();
        self.pending.clear();
        self.pending_bytes = 0;
        self.claims.clear();
        self.receipts.clear();
        self.stated = None;
        self.consumed = 0;
        self.refused_here = false;
        self.seen_sent = Seq(0);
    }

    /// Holds a row until its turn.
    pub(super) fn hold(&mut self, seq: Seq, row: Row) -> Result<(), TooMuch> {
        let bytes = row.envelope.bytes().len() as u64;
        if let Some(old) = self.pending.insert(seq, row) {
            // The same place twice: paid for twice, held once.
            let old = old.envelope.bytes().len() as u64;
            self.pending_bytes = self.pending_bytes.saturating_sub(old);
            self.consumed = self.consumed.saturating_add(old);
        }
        self.pending_bytes = self.pending_bytes.saturating_add(bytes);
        if self.pending_bytes > limits::AHEAD_BYTES {
            return Err(TooMuch);
        }
        Ok(())
    }

    /// Holds a receipt until its place is reached.
    pub(super) fn hold_receipt(&mut self, receipt: Receipt) -> Result<(), TooMuch> {
        self.receipts.insert(receipt.seq, receipt);
        if self.receipts.len() > limits::RECEIPTS_AHEAD {
            return Err(TooMuch);
        }
        Ok(())
    }

    /// What the relay says stands at a place whose turn has not come.
    pub(super) fn said_at(&self, seq: Seq) -> Option<(EnvelopeId, RosterSeq)> {
        let row = self.pending.get(&seq);
        let of_row = row.map(|row| (row.envelope.id(), row.roster_seq));
        let of_claim = || {
            let claim = self.claims.get(&seq);
            claim.map(|claim| (claim.id, claim.roster_seq))
        };
        of_row.or_else(of_claim)
    }

    /// Takes the row whose turn has come out of the queue.
    pub(super) fn take(&mut self, seq: Seq) -> Option<Row> {
        let row = self.pending.remove(&seq)?;
        let bytes = row.envelope.bytes().len() as u64;
        self.pending_bytes = self.pending_bytes.saturating_sub(bytes);
        self.consumed = self.consumed.saturating_add(bytes);
        Some(row)
    }

    /// Goes one row on. An own row waits for a signature before it is kept as placed.
    pub(super) fn step(&mut self, id: EnvelopeId, place: Place, chain: ChainHash, own: bool) {
        if own {
            self.unproved.push_back(Unproved {
                id,
                row: ChainedPlace { place, chain },
                before: self.position.chain,
            });
        }
        self.position.seq = place.seq;
        self.position.chain = chain;
        if self.unproved.is_empty() {
            self.kept = self.position;
        }
    }

    /// The relay signed for this chain up to `seq`: own rows so far are stored.
    pub(super) fn prove(&mut self, seq: Seq, change: &mut LogChange) {
        while let Some(first) = self.unproved.front() {
            if first.row.place.seq > seq {
                break;
            }
            change.placed.push((first.id, first.row));
            change.sent.push(first.id);
            self.unproved.pop_front();
        }
        self.kept = match self.unproved.front() {
            None => self.position,
            Some(first) => StreamPosition {
                seq: Seq(first.row.place.seq.0.saturating_sub(1)),
                chain: first.before,
                ..self.position
            },
        };
    }

    /// Compares the chain just reached with what the relay signed for it; what it signed for
    /// another.
    pub(super) fn compare(&mut self, change: &mut LogChange) -> Option<Statement> {
        let StreamPosition { seq, chain, .. } = self.position;
        let mut contradicts = None;
        if let Some((stated, other)) = self.stated.take_if(|(stated, _)| *stated == seq) {
            if other == chain {
                self.prove(stated, change);
            } else {
                contradicts = Some(Statement::Welcome(other));
            }
        }
        if let Some(receipt) = self.receipts.remove(&seq) {
            if receipt.chain == chain {
                self.prove(seq, change);
                change.receipts.push(receipt);
            } else {
                contradicts = Some(Statement::Receipt(receipt));
            }
        }
        contradicts
    }

    /// The chain at a place behind `kept`, which is not on the disk yet.
    pub(super) fn unproved_chain(&self, seq: Seq) -> Option<ChainHash> {
        let at = |own: &&Unproved| own.row.place.seq == seq;
        self.unproved.iter().find(at).map(|own| own.row.chain)
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
            |state| state.kept,
        )
    }

    /// Rows the relay has that are not here yet.
    pub(super) fn arriving(&self) -> u32 {
        let missing = |state: &StreamState| state.head.0.saturating_sub(state.position.seq.0);
        let missing = self.by_id.values().map(missing);
        u32::try_from(missing.fold(0, u64::saturating_add)).unwrap_or(u32::MAX)
    }

    /// As [`Self::arriving`], of one stream.
    pub(super) fn is_arriving(&self, stream: StreamId) -> bool {
        let state = self.by_id.get(&stream);
        state.is_some_and(|state| state.head > state.position.seq)
    }

    pub(super) fn session_ended(&mut self) {
        self.by_id.values_mut().for_each(StreamState::back_to_kept);
    }

    pub(super) fn clock_set_back(&mut self, by: i64) {
        for state in self.by_id.values_mut() {
            set_back(&mut state.seen_at, by);
            state.awaits = state
                .awaits
                .map(|(awaited, since)| (awaited, since.plus(-by)));
        }
    }

    /// Notes what a signature is waited for at present.
    pub(super) fn watch(&mut self, now: UnixMillis) {
        for state in self.by_id.values_mut() {
            let awaited = state.awaited();
            if state.awaits.map(|(before, _)| before) != awaited {
                state.awaits = awaited.map(|awaited| (awaited, now));
            }
        }
    }

    /// When a signature has been waited for long enough.
    pub(super) fn signature_due(&self) -> Option<UnixMillis> {
        let since = self.by_id.values().filter_map(|state| state.awaits);
        since.map(|(_, since)| since.plus(limits::CLAIM_MS)).min()
    }

    /// When the next `Seen` is due.
    pub(super) fn seen_due(&self) -> Option<UnixMillis> {
        self.by_id
            .values()
            .filter(|state| state.seen_sent < state.kept.seq)
            .filter_map(|state| state.seen_at.map(|at| at.plus(limits::SEEN_INTERVAL_MS)))
            .min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::Signature;
    use wire::{Header, Kind};

    fn state() -> StreamState {
        StreamState::new(StreamPosition {
            stream: StreamId::from_bytes([1; 16]),
            log_id: LogId::from_bytes([2; 16]),
            seq: Seq(0),
            chain: ChainHash::ZERO,
        })
    }

    fn row(body: usize) -> Row {
        let header = Header {
            version: wire::envelope::VERSION,
            kind: Kind::Changes.code(),
            person: ids::PersonId::from_bytes([3; 16]),
            body_len: u32::try_from(body).unwrap(),
            ..Header::ZERO
        };
        let signature = Signature::ZERO;
        let body = vec![0; body];
        let envelope =
            Envelope::assemble(&header, &[8; 24], &body, &signature, Some(&signature)).unwrap();
        Row {
            envelope,
            roster_seq: RosterSeq(1),
        }
    }

    #[test]
    fn rows_ahead_of_their_turn_are_held_up_to_the_bound_and_not_a_byte_more() {
        let most = usize::try_from(limits::AHEAD_BYTES).unwrap();
        let framing = limits::ENVELOPE_BYTES - limits::ENVELOPE_BODY_BYTES;
        let fill = |extra: usize| {
            let mut state = state();
            let mut left = most + extra;
            let mut seq = Seq(2);
            while left > 0 {
                // What is left must have room for the framing of the last one.
                let bytes = left.min(limits::ENVELOPE_BYTES);
                let bytes = match left - bytes {
                    rest if rest > 0 && rest < framing => bytes - framing,
                    _ => bytes,
                };
                left -= bytes;
                state.hold(seq, row(bytes - framing))?;
                seq = seq.next().unwrap();
            }
            Ok::<u64, TooMuch>(state.pending_bytes)
        };
        assert!(matches!(fill(0), Ok(bytes) if bytes == limits::AHEAD_BYTES));
        assert!(fill(1).is_err());
    }

    #[test]
    fn a_place_that_comes_twice_is_held_once_and_paid_for() {
        let mut state = state();
        for _ in 0..100 {
            assert!(state.hold(Seq(2), row(limits::ENVELOPE_BODY_BYTES)).is_ok());
        }
        assert_eq!(state.pending_bytes, limits::ENVELOPE_BYTES as u64);
        assert_eq!(state.consumed, 99 * limits::ENVELOPE_BYTES as u64);
        assert!(state.take(Seq(2)).is_some());
        assert_eq!(state.pending_bytes, 0);
    }

    #[test]
    fn receipts_ahead_of_their_turn_are_held_up_to_the_bound_and_not_one_more() {
        let mut state = state();
        let receipt = |seq: usize| Receipt {
            log_id: state_log(),
            stream: StreamId::from_bytes([1; 16]),
            seq: Seq(seq as u64),
            chain: ChainHash::ZERO,
            roster_seq: RosterSeq(1),
            signature: Signature::ZERO,
        };
        for seq in 1..=limits::RECEIPTS_AHEAD {
            assert!(state.hold_receipt(receipt(seq)).is_ok());
        }
        assert!(state.hold_receipt(receipt(1)).is_ok(), "the same again");
        assert!(
            state
                .hold_receipt(receipt(limits::RECEIPTS_AHEAD + 1))
                .is_err()
        );
    }

    fn state_log() -> LogId {
        LogId::from_bytes([2; 16])
    }

    #[test]
    fn an_own_row_is_kept_as_placed_when_it_is_signed_for_and_not_before() {
        let mut state = state();
        let place = |seq| Place {
            log_id: state_log(),
            seq: Seq(seq),
            roster_seq: RosterSeq(1),
        };
        let id = EnvelopeId::from_bytes;
        let chain = |n| ChainHash::from_bytes([n; 32]);
        state.step(id([1; 32]), place(1), chain(1), false);
        state.step(id([2; 32]), place(2), chain(2), true);
        state.step(id([3; 32]), place(3), chain(3), false);
        state.step(id([4; 32]), place(4), chain(4), true);
        assert_eq!((state.kept.seq, state.position.seq), (Seq(1), Seq(4)));
        let mut change = LogChange::default();
        state.prove(Seq(3), &mut change);
        assert_eq!(change.sent, [id([2; 32])]);
        assert_eq!((state.kept.seq, state.kept.chain), (Seq(3), chain(3)));
        state.back_to_kept();
        assert_eq!((state.position.seq, state.unproved.len()), (Seq(3), 0));
    }
}
