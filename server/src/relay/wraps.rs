//! Wrapped keys and invitations' blobs: opaque to the relay, handed to who may have them.

use ids::limits;
use wire::message::{ErrorCode, InviteBlobIs, WrapItem, WrapItems, Wraps};

use super::Relay;
use super::output::ConnId;
use super::session::State;
use crate::store::LogStore;

/// Bytes of wraps in one answer; a roster entry's are never divided.
const ANSWER_BYTES: usize = limits::MESSAGE_BYTES / 4;

impl<S: LogStore> Relay<S> {
    pub(super) fn wraps(&mut self, conn: ConnId, asked: Wraps) {
        let Some(device) = self
            .sessions
            .get(&conn)
            .and_then(|session| session.device())
        else {
            return;
        };
        let Some(facility) = self.facilities.get(&device.facility) else {
            return;
        };
        let record = facility.roster.device(&device.device);
        if !record.is_some_and(|record| record.carries(&asked.stream)) {
            return self.out.error(conn, ErrorCode::NotCarried, None);
        }
        let (head, _) = facility.roster.head();
        let found = self
            .store
            .wraps(facility.id, asked.stream, asked.after, ANSWER_BYTES);
        let Some(found) = self.stored(found) else {
            return;
        };
        let bytes: usize = found.iter().map(|wrap| wrap.bytes.len()).sum();
        let upto = match found.last() {
            Some(last) if bytes >= ANSWER_BYTES => last.roster_seq,
            _ => head,
        };
        let items = found
            .into_iter()
            .map(|wrap| WrapItem {
                roster_seq: wrap.roster_seq,
                wrap: wrap.bytes,
            })
            .collect();
        self.out.message(
            conn,
            WrapItems {
                stream: asked.stream,
                items,
                upto,
            },
        );
    }

    pub(super) fn invite_blob(&mut self, conn: ConnId) {
        let Some(State::Invite(session)) = self.sessions.get(&conn).map(|s| &s.state) else {
            return;
        };
        let blob = self.store.invite_blob(session.facility, session.invite);
        match self.stored(blob) {
            Some(Some(sealed)) => self.out.message(conn, InviteBlobIs { sealed }),
            Some(None) => self.out.error(conn, ErrorCode::NotFound, None),
            None => self.out.error(conn, ErrorCode::Busy, None),
        }
    }
}
