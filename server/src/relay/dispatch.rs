//! From a frame to the part of the core that answers it. A peer that says what it may not say at
//! this point is closed; what is known and not served is answered.

use bytes::Bytes;
use ids::UnixMillis;
use wire::chunk::ChunkError;
use wire::message::{ErrorCode, Pong};
use wire::{Message, MessageError};

use super::Relay;
use super::output::{CloseCode, ConnId};
use super::session::State;
use crate::random::Random;
use crate::store::LogStore;

impl<S: LogStore> Relay<S> {
    pub(super) fn dispatch(
        &mut self,
        conn: ConnId,
        frame: Bytes,
        now: UnixMillis,
        random: &mut dyn Random,
    ) {
        let Some(message) = self.message_of(conn, frame) else {
            return;
        };
        let Some(session) = self.sessions.get(&conn) else {
            return;
        };
        match &session.state {
            State::Greeting => match message {
                Message::Hello(hello) => self.hello(conn, hello, random),
                _ => self.out_of_turn(conn),
            },
            State::Challenged(_) => match message {
                Message::Auth(auth) => self.auth(conn, auth, now),
                _ => self.out_of_turn(conn),
            },
            State::Founding(_) => match message {
                Message::Found(found) => self.found(conn, found, now),
                _ => self.out_of_turn(conn),
            },
            State::Invite(_) => self.heard_invite(conn, message, now),
            State::Device(device) if device.removed => self.heard_removed(conn, message),
            State::Device(_) => self.heard_device(conn, message, now),
        }
    }

    /// The message that is complete with this frame, if one is.
    fn message_of(&mut self, conn: ConnId, frame: Bytes) -> Option<Message> {
        let session = self.sessions.get_mut(&conn)?;
        let allowed = session.state.frame_bytes();
        let is_open = session.state.is_open();
        if frame.len() > allowed {
            self.end(conn, ErrorCode::TooLarge, CloseCode::TooBig);
            return None;
        }
        let whole = match session.parts.push(frame) {
            Ok(whole) => whole,
            Err(ChunkError::TooLong | ChunkError::FrameTooLong) => {
                self.end(conn, ErrorCode::TooLarge, CloseCode::TooBig);
                return None;
            }
            Err(ChunkError::Malformed | ChunkError::Interleaved) => {
                self.end(conn, ErrorCode::Malformed, CloseCode::Policy);
                return None;
            }
        };
        if whole.is_none() && !is_open {
            // Nobody is anybody yet, a founder neither: nothing is gathered for them.
            self.end(conn, ErrorCode::TooLarge, CloseCode::TooBig);
            return None;
        }
        match Message::decode(whole?) {
            Ok(message) => Some(message),
            Err(MessageError::TooLarge(_)) => {
                self.end(conn, ErrorCode::TooLarge, CloseCode::TooBig);
                None
            }
            Err(_) => {
                self.end(conn, ErrorCode::Malformed, CloseCode::Policy);
                None
            }
        }
    }

    fn heard_device(&mut self, conn: ConnId, message: Message, now: UnixMillis) {
        match message {
            Message::Push(push) => self.push(conn, push),
            Message::Tail(tail) => self.tail(conn, tail),
            Message::Credit(credit) => self.credit(conn, credit),
            // Countersigning anew would state other times than the entries had.
            Message::RosterAppend(append) if append.former.is_some() => {
                self.unsupported(conn, Some(append.request));
            }
            Message::RosterAppend(append) => self.roster_append(conn, append, now),
            Message::RosterTail(tail) => self.roster_tail(conn, tail),
            Message::Wraps(wraps) => self.wraps(conn, wraps),
            Message::Seen(mark) => self.seen(conn, mark),
            Message::Fetch(fetch) => self.unsupported(conn, Some(fetch.request)),
            Message::FetchRows(fetch) => self.unsupported(conn, Some(fetch.request)),
            Message::FetchSkeletons(fetch) => self.unsupported(conn, Some(fetch.request)),
            Message::BlobPut(put) => self.unsupported(conn, Some(put.request)),
            Message::BlobGet(get) => self.unsupported(conn, Some(get.request)),
            Message::OldPlace(place) => self.unsupported(conn, Some(place.request)),
            Message::Ping(_) => self.still_here(conn),
            Message::Unknown(_) => {}
            // What is said before this, by an invitation, or by a relay. Listed, so that a new
            // message cannot be forgotten here.
            Message::Hello(_)
            | Message::Auth(_)
            | Message::Found(_)
            | Message::InviteBlob(_)
            | Message::Challenge(_)
            | Message::Welcome(_)
            | Message::Results(_)
            | Message::Items(_)
            | Message::Receipt(_)
            | Message::RosterItems(_)
            | Message::RosterResult(_)
            | Message::WrapItems(_)
            | Message::InviteBlobIs(_)
            | Message::SeenBy(_)
            | Message::Rows(_)
            | Message::Skeletons(_)
            | Message::BlobChunk(_)
            | Message::BlobResult(_)
            | Message::Error(_)
            | Message::Drain(_)
            | Message::Lagged(_)
            | Message::Fetched(_)
            | Message::Pong(_)
            | Message::OldPlaces(_) => self.out_of_turn(conn),
        }
    }

    /// Blob, roster, accept; nothing else.
    fn heard_invite(&mut self, conn: ConnId, message: Message, now: UnixMillis) {
        match message {
            Message::InviteBlob(_) => self.invite_blob(conn),
            Message::RosterTail(tail) => self.roster_tail(conn, tail),
            Message::RosterAppend(append) => self.roster_append(conn, append, now),
            Message::Ping(_) => self.still_here(conn),
            Message::Unknown(_) => {}
            _ => self.out_of_turn(conn),
        }
    }

    /// What a removed device did before is taken; it pulls nothing.
    fn heard_removed(&mut self, conn: ConnId, message: Message) {
        match message {
            Message::Push(push) => self.push(conn, push),
            Message::Ping(_) => self.still_here(conn),
            Message::Credit(_) | Message::Unknown(_) => {}
            Message::RosterAppend(append) => {
                self.out
                    .error(conn, ErrorCode::Removed, Some(append.request));
            }
            Message::Tail(_) | Message::RosterTail(_) | Message::Wraps(_) | Message::Seen(_) => {
                self.out.error(conn, ErrorCode::Removed, None);
            }
            _ => self.out_of_turn(conn),
        }
    }

    /// A client that heard nothing for a while asks whether anybody is there.
    fn still_here(&mut self, conn: ConnId) {
        self.out.message(conn, Pong {});
    }

    fn unsupported(&mut self, conn: ConnId, request: Option<u32>) {
        self.out.error(conn, ErrorCode::Unsupported, request);
    }

    fn out_of_turn(&mut self, conn: ConnId) {
        self.end(conn, ErrorCode::Malformed, CloseCode::Policy);
    }
}
