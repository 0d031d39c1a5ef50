//! Pushes that wait for the next group commit.

use ids::{FacilityId, limits};
use wire::message::{ErrorCode, Push, PushResult, Results};
use wire::{Envelope, EnvelopeError};

use super::Relay;
use super::output::ConnId;
use crate::store::LogStore;

/// One push as it came, its envelopes read.
#[derive(Debug)]
pub(super) struct QueuedPush {
    pub(super) conn: ConnId,
    pub(super) facility: FacilityId,
    pub(super) request: u32,
    /// What is no envelope has its answer already.
    pub(super) envelopes: Vec<Result<Envelope, PushResult>>,
}

/// Pushes in the order they came.
#[derive(Debug, Default)]
pub(super) struct PushQueue {
    waiting: Vec<QueuedPush>,
    envelopes: usize,
    bytes: usize,
    /// Somebody has sent all that it sends before it is answered.
    awaited: bool,
}

impl PushQueue {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether no more should be gathered.
    pub(super) fn is_full(&self) -> bool {
        self.envelopes >= limits::GROUP_COMMIT_ENVELOPES || self.bytes >= limits::GROUP_COMMIT_BYTES
    }

    /// Whether somebody sends no more until it is answered.
    pub(super) fn is_awaited(&self) -> bool {
        self.awaited
    }

    /// Whose they are.
    pub(super) fn facilities(&self) -> impl Iterator<Item = FacilityId> {
        self.waiting.iter().map(|push| push.facility)
    }

    pub(super) fn take(&mut self) -> Vec<QueuedPush> {
        std::mem::take(self).waiting
    }

    fn add(&mut self, push: QueuedPush, awaited: bool) {
        self.awaited |= awaited;
        let read = push.envelopes.iter().flatten();
        self.bytes += read.map(|envelope| envelope.bytes().len()).sum::<usize>();
        self.envelopes += push.envelopes.len();
        self.waiting.push(push);
    }
}

impl<S: LogStore> Relay<S> {
    pub(super) fn push(&mut self, conn: ConnId, push: Push) {
        let Some(device) = self.sessions.get_mut(&conn).and_then(|s| s.device_mut()) else {
            return;
        };
        let request = push.request;
        if device.in_flight >= limits::REQUESTS_IN_FLIGHT {
            let results = vec![PushResult::Busy; push.envelopes.len()];
            self.out.error(conn, ErrorCode::TooMany, Some(request));
            return self.out.message(conn, Results { request, results });
        }
        device.in_flight += 1;
        let awaited = device.in_flight >= limits::PUSHES_IN_FLIGHT;
        let facility = device.facility;
        let read = |bytes| Envelope::parse(bytes).map_err(answer_to);
        let envelopes = push.envelopes.into_iter().map(read).collect();
        let push = QueuedPush {
            conn,
            facility,
            request,
            envelopes,
        };
        self.pushes.add(push, awaited);
    }
}

/// What is no envelope is refused for good: no honest device makes it.
fn answer_to(error: EnvelopeError) -> PushResult {
    match error {
        EnvelopeError::BodyTooLong(_) => PushResult::TooLarge,
        EnvelopeError::Short
        | EnvelopeError::Trailing
        | EnvelopeError::PersonMissing
        | EnvelopeError::PersonUnexpected
        | EnvelopeError::NonceUnexpected
        | EnvelopeError::ClearPart => PushResult::NotAllowed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_full_by_its_envelopes_or_by_its_bytes() {
        let full = |envelopes, bytes| {
            let queue = PushQueue {
                envelopes,
                bytes,
                ..PushQueue::default()
            };
            queue.is_full()
        };
        let (envelopes, bytes) = (limits::GROUP_COMMIT_ENVELOPES, limits::GROUP_COMMIT_BYTES);
        assert!(!full(envelopes - 1, bytes - 1));
        assert!(full(envelopes, 0) && full(1, bytes));
    }
}
