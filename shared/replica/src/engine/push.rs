//! The outbox: what was saved here and the relay has not vouched for yet.

use super::Engine;
use crate::log::{LogChange, Standing, StoreError};
use ids::{DocumentId, EnvelopeId, Seq, StreamId, UnixMillis, limits};
use std::collections::{BTreeMap, VecDeque};
use wire::Envelope;
use wire::message::{Push, PushResult, Results};

/// Envelopes and bytes of one push.
const PUSH_ENVELOPES: usize = 64;
const PUSH_BYTES: usize = 56 * 1024;
/// Pushes on the way at once.
const PUSHES: usize = 8;
/// Milliseconds before what the relay put off is tried again.
const RETRY_MS: i64 = 2_000;
/// Outbox rows read at once at the start.
const OUTBOX_ROWS: usize = 1_000_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Queued,
    Pushed {
        request: u32,
    },
    Placed {
        seq: Seq,
    },
    /// The disk does not give it back; what follows it in its document waits with it.
    Unreadable,
}

struct Entry {
    id: EnvelopeId,
    stream: StreamId,
    document: DocumentId,
    state: State,
}

#[derive(Default)]
pub(super) struct Outbox {
    entries: VecDeque<Entry>,
    requests: BTreeMap<u32, Vec<EnvelopeId>>,
    next_request: u32,
    retry_at: Option<UnixMillis>,
}

impl Outbox {
    /// What was on the way is to be sent again: the relay answers `Duplicate` for what it has.
    pub(super) fn session_ended(&mut self) {
        self.requests.clear();
        self.retry_at = None;
        for entry in &mut self.entries {
            if matches!(entry.state, State::Pushed { .. } | State::Unreadable) {
                entry.state = State::Queued;
            }
        }
    }

    pub(super) fn session_began(&mut self) {
        self.session_ended();
    }

    pub(super) fn retry_at(&self) -> Option<UnixMillis> {
        self.retry_at
    }

    pub(super) fn add(&mut self, envelope: &Envelope) {
        self.entries.push_back(Entry {
            id: envelope.id(),
            stream: envelope.header().stream,
            document: envelope.header().document,
            state: State::Queued,
        });
    }

    /// Removes and returns what stands at or before a vouched place.
    pub(super) fn take_vouched(&mut self, stream: StreamId, vouched: Seq) -> Vec<EnvelopeId> {
        let covered = |entry: &Entry| {
            entry.stream == stream && matches!(entry.state, State::Placed { seq } if seq <= vouched)
        };
        let sent: Vec<EnvelopeId> = self
            .entries
            .iter()
            .filter(|e| covered(e))
            .map(|e| e.id)
            .collect();
        if !sent.is_empty() {
            self.entries.retain(|entry| !covered(entry));
        }
        sent
    }

    /// Own work that cannot be read to be sent.
    pub(super) fn unreadable(&self) -> usize {
        let all = self.entries.iter();
        all.filter(|entry| entry.state == State::Unreadable).count()
    }

    fn entry(&mut self, id: &EnvelopeId) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == *id)
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
        for row in self.log.outbox(OUTBOX_ROWS)? {
            if row.refused.is_some() {
                continue;
            }
            let header = row.envelope.header();
            let current = self.streams.position(header.stream).log_id;
            let state = match row.place {
                Some(place) if place.log_id == current => State::Placed { seq: place.seq },
                Some(_) | None => State::Queued,
            };
            self.push.entries.push_back(Entry {
                id: row.envelope.id(),
                stream: header.stream,
                document: header.document,
                state,
            });
        }
        Ok(())
    }

    /// Sends what waits, in order, within the window.
    pub(super) fn push_outbox(&mut self) {
        if !self.link.is_open() || self.roster.head().0 < self.work.roster_at_welcome {
            return;
        }
        if self.push.retry_at.is_some_and(|at| at > self.now) {
            return;
        }
        self.push.retry_at = None;
        while self.push.requests.len() < PUSHES {
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
        let mut stopped: Vec<DocumentId> = Vec::new();
        for entry in &mut self.push.entries {
            if stopped.contains(&entry.document) || entry.state == State::Unreadable {
                stopped.push(entry.document);
                continue;
            }
            if entry.state != State::Queued {
                continue;
            }
            let Ok(Some(stored)) = self.log.envelope(&entry.id) else {
                entry.state = State::Unreadable;
                stopped.push(entry.document);
                self.notices.tablet();
                continue;
            };
            let raw = stored.envelope.bytes().clone();
            let full = !envelopes.is_empty() && bytes + raw.len() > PUSH_BYTES;
            if full || envelopes.len() >= PUSH_ENVELOPES.min(limits::PUSH_ENVELOPES) {
                break;
            }
            bytes += raw.len();
            entry.state = State::Pushed { request };
            ids.push(entry.id);
            envelopes.push(raw);
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
        let mut touched: Vec<StreamId> = Vec::new();
        for (id, result) in ids.iter().zip(&results.results) {
            let Some(stream) = self.push.entry(id).map(|entry| entry.stream) else {
                continue;
            };
            match result {
                PushResult::Stored { seq, roster_seq }
                | PushResult::Duplicate { seq, roster_seq } => {
                    if let Some(entry) = self.push.entry(id) {
                        entry.state = State::Placed { seq: *seq };
                    }
                    self.own_row(stream, *id, *seq, *roster_seq);
                    if !touched.contains(&stream) {
                        touched.push(stream);
                    }
                }
                PushResult::NotAllowed | PushResult::TooLarge | PushResult::Fork => {
                    self.refuse(*id, refusal_word(result), &mut change);
                }
                PushResult::Gap
                | PushResult::StaleEpoch
                | PushResult::Quota
                | PushResult::Busy
                | PushResult::Unknown(_) => {
                    if let Some(entry) = self.push.entry(id) {
                        entry.state = State::Queued;
                    }
                    self.push.retry_at = Some(self.now.plus(RETRY_MS));
                }
            }
        }
        if self.commit(&change).is_err() {
            return;
        }
        if !change.refused.is_empty() {
            // The open documents hold it; the views are built again without it (`project`).
            self.forget_documents();
        }
        for stream in touched {
            self.advance(stream);
        }
        self.notices.tablet();
    }

    /// An envelope that the relay will never store, and what was written behind it in its document
    /// since: that builds on it, and nobody else could ever apply it. Both wait under *to
    /// reconcile*, for their author to enter them again.
    fn refuse(&mut self, id: EnvelopeId, word: &str, change: &mut LogChange) {
        let of = self.push.entry(&id).map(|entry| entry.document);
        let from = self.push.entries.iter().position(|entry| entry.id == id);
        let behind = self.push.entries.iter().skip(from.unwrap_or(usize::MAX));
        let refused: Vec<EnvelopeId> = behind
            .filter(|entry| !matches!(entry.state, State::Placed { .. }))
            .filter(|entry| Some(entry.document) == of)
            .map(|entry| entry.id)
            .collect();
        for other in &refused {
            let word = if *other == id { word } else { BUILT_ON_REFUSED };
            change.refused.push((*other, word.to_owned()));
            change.standing.push((*other, Standing::Refused));
        }
        self.push
            .entries
            .retain(|entry| !refused.contains(&entry.id));
    }
}

/// Why an envelope was refused that the relay did not judge.
const BUILT_ON_REFUSED: &str = "built on what was refused";

/// The relay's final refusals, as kept beside the outbox row.
fn refusal_word(result: &PushResult) -> &'static str {
    match result {
        PushResult::NotAllowed => "not allowed",
        PushResult::TooLarge => "too large",
        PushResult::Fork => "fork",
        _ => "refused",
    }
}
