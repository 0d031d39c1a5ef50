//! Readers that are not live: served from the store in portions, as far as their credit reaches,
//! until they have everything.

use ids::Seq;
use wire::message::{Credit, ErrorCode, Item, Tail as TailFrom};

use super::Relay;
use super::fanout::Portion;
use super::output::ConnId;
use super::session::Tail;
use crate::store::LogStore;

/// Bytes one reader is served at once: two full frames, so that no reader waits long for another.
const PORTION_BYTES: usize = 2 * ids::limits::FRAME_BYTES;

impl<S: LogStore> Relay<S> {
    pub(super) fn tail(&mut self, conn: ConnId, asked: TailFrom) {
        let Some(device) = self.sessions.get_mut(&conn).and_then(|s| s.device_mut()) else {
            return;
        };
        let Some(facility) = self.facilities.get_mut(&device.facility) else {
            return;
        };
        let record = facility.roster.device(&device.device);
        let carried = record.is_some_and(|record| record.carries(&asked.stream));
        let Some(log) = facility.streams.get_mut(&asked.stream).filter(|_| carried) else {
            return self.out.error(conn, ErrorCode::NotCarried, None);
        };
        // Another life of the log is read from its start. A position that is not there yet cannot
        // be skipped to: whoever asks for it sees what comes next and knows that rows are missing.
        let end = log.head.seq.next().unwrap_or(log.head.seq);
        let from = if asked.log_id == log.head.log_id {
            asked.from
        } else {
            Seq(1)
        };
        let tail = Tail {
            stream: asked.stream,
            next: from.clamp(Seq(1), end),
            live: false,
        };
        device.tails.retain(|tail| tail.stream != asked.stream);
        device.tails.push(tail);
        log.readers.insert(conn);
        self.backlog.insert(conn);
    }

    pub(super) fn credit(&mut self, conn: ConnId, granted: Credit) {
        let Some(session) = self.sessions.get_mut(&conn) else {
            return;
        };
        let paused = session.paused;
        let Some(device) = session.device_mut() else {
            return;
        };
        let granted = i64::try_from(granted.bytes).unwrap_or(i64::MAX);
        device.credit = device.credit.saturating_add(granted);
        if !paused && device.tails.iter().any(|tail| !tail.live) {
            self.backlog.insert(conn);
        }
    }

    /// Serves every waiting reader one portion.
    pub(super) fn serve_backlog(&mut self) {
        let waiting = std::mem::take(&mut self.backlog);
        for conn in waiting {
            let paused = self
                .sessions
                .get(&conn)
                .is_none_or(|session| session.paused);
            if !paused && self.serve(conn) {
                self.backlog.insert(conn);
            }
        }
    }

    /// Serves one reader one portion; `true` when it could take another.
    fn serve(&mut self, conn: ConnId) -> bool {
        if self.serve_roster(conn, PORTION_BYTES) {
            return true;
        }
        let Some(device) = self
            .sessions
            .get(&conn)
            .and_then(|session| session.device())
        else {
            return false;
        };
        let Some(tail) = device.tails.iter().find(|tail| !tail.live).copied() else {
            return false;
        };
        let credit = device.credit;
        let Some(log) = self
            .facilities
            .get_mut(&device.facility)
            .and_then(|f| f.streams.get_mut(&tail.stream))
        else {
            return false;
        };
        let head = log.head;
        if tail.next > head.seq {
            let receipt = log.receipt(&self.identity);
            self.out.frames(conn, receipt.as_slice());
            self.move_tail(conn, Tail { live: true, ..tail });
            return true;
        }
        if credit <= 0 {
            return false;
        }
        let facility = device.facility;
        let max_bytes = PORTION_BYTES.min(usize::try_from(credit).unwrap_or(PORTION_BYTES));
        let rows = self.store.rows(facility, tail.stream, tail.next, max_bytes);
        let Some(rows) = self.stored(rows) else {
            return false;
        };
        let Some(last) = rows.last().map(|row| row.seq) else {
            // Memory and store disagree: somebody else writes there.
            self.store_failed(crate::store::StoreError::Conflict);
            return false;
        };
        let item = |row: crate::store::StoredRow| Item {
            seq: row.seq,
            roster_seq: row.roster_seq,
            envelope: row.envelope,
        };
        let rows = rows.into_iter().map(item).collect();
        let portion = Portion::of(tail.stream, head.log_id, tail.next, rows);
        self.out.frames(conn, &portion.frames);
        self.counts.envelopes_delivered += portion.envelopes;
        if let Some(device) = self.sessions.get_mut(&conn).and_then(|s| s.device_mut()) {
            device.credit = device.credit.saturating_sub(portion.bytes);
        }
        self.move_tail(
            conn,
            Tail {
                next: last.next().unwrap_or(last),
                ..tail
            },
        );
        true
    }

    fn move_tail(&mut self, conn: ConnId, to: Tail) {
        let device = self.sessions.get_mut(&conn).and_then(|s| s.device_mut());
        if let Some(tail) = device.and_then(|device| device.tail_mut(&to.stream)) {
            *tail = to;
        }
    }
}
