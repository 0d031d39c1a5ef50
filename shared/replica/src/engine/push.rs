//! The outbox: what was saved here and the relay has not vouched for yet.

mod refused;

use super::claims::Claimed;
use super::streams::Claim;
use super::{Engine, set_back};
use crate::log::{LogChange, StoreError};
use ids::{DocumentId, EnvelopeId, Seq, StreamId, UnixMillis, limits};
use interface::{HeldUp, Link as Shown, NotAcceptedWhy};
use refused::Refused;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use wire::message::{Push, PushResult, Results};

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Queued,
    Pushed,
    /// The relay named its place; the chain and a signature will tell.
    Claimed,
    /// The disk does not give it back; what follows it in its document waits with it.
    Unreadable,
}

struct Entry {
    id: EnvelopeId,
    stream: StreamId,
    document: DocumentId,
    state: State,
}

/// Entries by the order in which they were saved, and the two ways to look for one.
#[derive(Default)]
pub(super) struct Outbox {
    entries: BTreeMap<u64, Entry>,
    by_id: HashMap<EnvelopeId, u64>,
    queued: BTreeSet<u64>,
    unreadable: BTreeSet<u64>,
    /// What is sent no more and waits for a person.
    refused: BTreeMap<EnvelopeId, Refused>,
    next_entry: u64,
    requests: BTreeMap<u32, Vec<EnvelopeId>>,
    next_request: u32,
    retry_at: Option<UnixMillis>,
    /// Why the relay did not take what it was last asked to.
    held_up_by: Option<HeldUp>,
}

impl Outbox {
    /// What was on the way is to be sent again: the relay answers `Duplicate` for what it has.
    pub(super) fn session_ended(&mut self) {
        self.requests.clear();
        self.unreadable.clear();
        self.retry_at = None;
        self.held_up_by = None;
        for (number, entry) in &mut self.entries {
            if entry.state != State::Queued {
                entry.state = State::Queued;
                self.queued.insert(*number);
            }
        }
    }

    pub(super) fn clock_set_back(&mut self, by: i64) {
        set_back(&mut self.retry_at, by);
    }

    pub(super) fn retry_at(&self) -> Option<UnixMillis> {
        self.retry_at
    }

    pub(super) fn add(&mut self, id: EnvelopeId, stream: StreamId, document: DocumentId) {
        let number = self.next_entry;
        self.next_entry = number.saturating_add(1);
        self.entries.insert(
            number,
            Entry {
                id,
                stream,
                document,
                state: State::Queued,
            },
        );
        self.by_id.insert(id, number);
        self.queued.insert(number);
    }

    /// Whether an envelope is own work that nobody has signed for yet: also if the relay had said
    /// that it would never store it.
    pub(super) fn holds(&self, id: &EnvelopeId) -> bool {
        self.by_id.contains_key(id) || self.refused.contains_key(id)
    }

    fn stream_of(&self, id: &EnvelopeId) -> Option<StreamId> {
        let number = self.by_id.get(id);
        let entry = number.and_then(|number| self.entries.get(number));
        let refused = || self.refused.get(id).map(|refused| refused.stream);
        entry.map(|entry| entry.stream).or_else(refused)
    }

    /// The relay's signature covers these.
    pub(super) fn sent(&mut self, ids: &[EnvelopeId]) {
        for id in ids {
            self.remove(id);
            self.refused.remove(id);
        }
    }

    /// Own work that cannot be read to be sent.
    pub(super) fn unreadable(&self) -> usize {
        self.unreadable.len()
    }

    /// Why own work is not taken, though the relay is reached.
    pub(super) fn held_up_by(&self) -> Option<HeldUp> {
        self.held_up_by
    }

    /// Documents that such work holds up.
    fn held_up(&self) -> BTreeSet<DocumentId> {
        let held_up = self.unreadable.iter();
        held_up
            .filter_map(|number| self.entries.get(number))
            .map(|entry| entry.document)
            .collect()
    }

    /// It stands in the chain as the relay said it; a signature will tell.
    pub(super) fn claimed(&mut self, id: &EnvelopeId) {
        self.set(id, State::Claimed);
    }

    /// What the relay said of it is not so.
    pub(super) fn again(&mut self, id: &EnvelopeId, now: UnixMillis) {
        if !self.by_id.contains_key(id) {
            return;
        }
        self.set(id, State::Queued);
        // Not at once: it would say the same.
        self.retry_at = Some(now.plus(limits::RECONNECT_MAX_MS));
    }

    /// To be sent again in a while.
    fn put_off(&mut self, id: &EnvelopeId, now: UnixMillis) {
        self.set(id, State::Queued);
        let at = now.plus(limits::PUSH_RETRY_MS);
        self.retry_at = Some(self.retry_at.map_or(at, |other| other.max(at)));
    }

    /// Whether the relay has answered to all there is, as far as that is tried now.
    pub(super) fn is_answered(&self) -> bool {
        self.requests.is_empty() && (self.queued.is_empty() || self.retry_at.is_some())
    }

    fn set(&mut self, id: &EnvelopeId, state: State) {
        let Some(number) = self.by_id.get(id) else {
            return;
        };
        if let Some(entry) = self.entries.get_mut(number) {
            entry.state = state;
        }
        if state == State::Queued {
            self.queued.insert(*number);
        } else {
            self.queued.remove(number);
        }
        if state == State::Unreadable {
            self.unreadable.insert(*number);
        }
    }

    fn remove(&mut self, id: &EnvelopeId) {
        if let Some(number) = self.by_id.remove(id) {
            self.entries.remove(&number);
            self.queued.remove(&number);
            self.unreadable.remove(&number);
        }
    }
}

impl Engine {
    pub(super) fn load_outbox(&mut self) -> Result<(), StoreError> {
        // Answers to what is on the way must not be taken for answers to what comes next.
        let next_request = self.push.next_request;
        self.push = Outbox {
            next_request,
            ..Outbox::default()
        };
        let mut after = 0;
        loop {
            let page = self.log.outbox(after, limits::OUTBOX_PAGE)?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.number;
            for row in &page {
                match row.refused.as_deref() {
                    None => self.push.add(row.id, row.stream, row.document),
                    Some(kept) => self.load_refused(row, kept),
                }
            }
        }
    }

    /// Sends what waits, in order, within the window.
    pub(super) fn push_outbox(&mut self) {
        // Whoever was removed is not told of it in the roster, and has its work taken as it is.
        let roster_here = self.roster.head().0 >= self.work.roster_at_welcome;
        if !self.link.is_open() || !(roster_here || self.link.removed) {
            return;
        }
        if self.push.retry_at.is_some_and(|at| at > self.now) {
            return;
        }
        self.push.retry_at = None;
        while self.push.requests.len() < limits::PUSHES_IN_FLIGHT {
            let Some((request, envelopes)) = self.next_push() else {
                return;
            };
            self.send(&Push { request, envelopes }.into());
        }
    }

    fn next_push(&mut self) -> Option<(u32, Vec<bytes::Bytes>)> {
        let request = self.push.next_request;
        let mut envelopes = Vec::new();
        let mut ids = Vec::new();
        let mut bytes = 0usize;
        let mut held_up = self.push.held_up();
        let mut unreadable = Vec::new();
        for number in &self.push.queued {
            let Some(entry) = self.push.entries.get(number) else {
                continue;
            };
            if held_up.contains(&entry.document) {
                continue;
            }
            let Ok(Some(stored)) = self.log.envelope(&entry.id) else {
                unreadable.push(entry.id);
                held_up.insert(entry.document);
                continue;
            };
            let raw = stored.envelope.bytes().clone();
            let full = !envelopes.is_empty() && bytes + raw.len() > limits::PUSH_BYTES;
            if full || envelopes.len() >= limits::PUSH_ENVELOPES_SENT {
                break;
            }
            bytes += raw.len();
            ids.push(entry.id);
            envelopes.push(raw);
        }
        for id in &ids {
            self.push.set(id, State::Pushed);
        }
        for id in &unreadable {
            self.push.set(id, State::Unreadable);
            self.notices.tablet();
        }
        if envelopes.is_empty() {
            return None;
        }
        self.push.next_request = request.wrapping_add(1);
        self.push.requests.insert(request, ids);
        Some((request, envelopes))
    }

    pub(super) fn results(&mut self, results: &Results) {
        let Some(ids) = self.push.requests.remove(&results.request) else {
            return;
        };
        let mut change = LogChange::default();
        // What is stored first: a refusal takes along what was written behind it, and what of that
        // is stored is not sent again and is no gap in the log.
        let said = self.places_said(&ids, results, &mut change);
        let mut refused_too_late = Vec::new();
        for (id, result) in ids.iter().zip(&results.results) {
            if !self.push.by_id.contains_key(id) {
                if is_final(result) {
                    refused_too_late.push(*id);
                }
                continue;
            }
            match result {
                PushResult::Stored { .. } | PushResult::Duplicate { .. } => {}
                PushResult::NotAllowed => {
                    self.refuse(*id, NotAcceptedWhy::NotAllowed, &mut change);
                }
                PushResult::TooLarge => self.refuse(*id, NotAcceptedWhy::TooLarge, &mut change),
                PushResult::Fork => self.refuse(*id, NotAcceptedWhy::Fork, &mut change),
                PushResult::Gap
                | PushResult::StaleEpoch
                | PushResult::Quota
                | PushResult::Busy
                | PushResult::Unknown(_) => self.push.put_off(id, self.now),
            }
        }
        self.push.held_up_by = results.results.iter().find_map(held_up_by);
        // No answer is none.
        for id in ids.iter().skip(results.results.len()) {
            self.push.put_off(id, self.now);
        }
        let Ok(stored) = self.stored_after_all(&mut change) else {
            return;
        };
        if self.commit(&change).is_err() {
            return;
        }
        self.push.sent(&change.sent);
        self.are_stored_after_all(stored);
        self.refused_too_late(&refused_too_late);
        for (stream, seq, id) in said.untrue {
            self.false_place(stream, seq, id);
        }
        if !change.refused.is_empty() {
            // The open documents hold it; the views are built again without it (`project`).
            self.forget_documents();
        }
        for stream in said.streams {
            self.advance(stream);
        }
        self.notices.tablet();
        if self.link.removed && self.push.is_answered() {
            self.hang_up_for_long(Shown::Removed);
        }
    }

    /// The places that an answer names.
    fn places_said(
        &mut self,
        ids: &[EnvelopeId],
        results: &Results,
        change: &mut LogChange,
    ) -> PlacesSaid {
        let mut said = PlacesSaid::default();
        for (id, result) in ids.iter().zip(&results.results) {
            let (PushResult::Stored { seq, roster_seq }
            | PushResult::Duplicate { seq, roster_seq }) = result
            else {
                continue;
            };
            // It may have been taken along by a refusal since it was sent.
            let Some(stream) = self.push.stream_of(id) else {
                continue;
            };
            let claim = Claim {
                id: *id,
                roster_seq: *roster_seq,
            };
            match self.claimed(stream, *seq, claim) {
                Claimed::Proved => change.sent.push(*id),
                Claimed::Waits => self.push.claimed(id),
                Claimed::False => said.untrue.push((stream, *seq, *id)),
            }
            if !said.streams.contains(&stream) {
                said.streams.push(stream);
            }
        }
        said
    }
}

/// What an answer says of places.
#[derive(Default)]
struct PlacesSaid {
    /// In whose logs.
    streams: Vec<StreamId>,
    /// At which something else stands.
    untrue: Vec<(StreamId, Seq, EnvelopeId)>,
}

/// Whether an envelope is refused for good.
fn is_final(result: &PushResult) -> bool {
    use PushResult::{Fork, NotAllowed, TooLarge};
    matches!(result, NotAllowed | TooLarge | Fork)
}

/// What keeps an envelope from being taken for longer than a moment.
fn held_up_by(result: &PushResult) -> Option<HeldUp> {
    match result {
        PushResult::Quota => Some(HeldUp::RelayFull),
        PushResult::StaleEpoch => Some(HeldUp::KeysChanged),
        PushResult::Unknown(_) => Some(HeldUp::NewerRelay),
        PushResult::Stored { .. }
        | PushResult::Duplicate { .. }
        | PushResult::Gap
        | PushResult::Busy
        | PushResult::NotAllowed
        | PushResult::TooLarge
        | PushResult::Fork => None,
    }
}
