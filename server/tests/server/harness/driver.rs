//! A relay driven by hand, with a clock that stands until it is moved.

use bytes::Bytes;
use ids::{FacilityId, LogId, RosterHash, RosterSeq, SigningPublic, UnixMillis};
use lamplight_server::{
    CloseCode, ConnId, LogStore, MemoryStore, NoRandom, Output, Random, Relay, Settings, Uptime,
};
use std::collections::BTreeMap;
use wire::message::{Push, PushResult, RosterAppend, RosterOutcome};
use wire::{Envelope, Message, Role, RosterBody, Transcript};

use super::home::{Home, START, Someone};
use super::peer::Peer;

pub const TOKEN: [u8; 16] = [77; 16];
pub const LOG: LogId = LogId::from_bytes([88; 16]);

/// Randomness that is not.
#[derive(Default)]
pub struct Counting(u64);

impl Random for Counting {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        self.0 += 1;
        for (i, byte) in bytes.iter_mut().enumerate() {
            *byte = blake3::hash(&self.0.to_be_bytes()).as_bytes()[i % 32];
        }
        Ok(())
    }
}

pub struct Driver<S = MemoryStore> {
    pub relay: Relay<S>,
    pub now: UnixMillis,
    /// Milliseconds since the start, whatever the wall clock says.
    pub up: i64,
    pub peers: BTreeMap<ConnId, Peer>,
    random: Counting,
    next: u64,
}

/// The relay's own key.
pub fn relay_someone() -> Someone {
    Someone::new(200)
}

impl Driver {
    /// A relay that holds nothing and offers one founding token.
    pub fn empty() -> Self {
        Self::over(MemoryStore::new(), Settings::default())
    }

    /// A relay that keeps one home; and the home.
    pub fn with_home() -> (Self, Home) {
        Self::with_settings(Settings::default())
    }

    pub fn with_settings(settings: Settings) -> (Self, Home) {
        let mut driver = Self::over(MemoryStore::new(), settings);
        let home = driver.found(10);
        (driver, home)
    }
}

impl<S: LogStore> Driver<S> {
    pub fn over(store: S, settings: Settings) -> Self {
        let mut relay = Relay::new(store, relay_someone().key, LOG, settings);
        relay.offer_founding(&TOKEN);
        let (random, peers) = (Counting::default(), BTreeMap::new());
        Self {
            relay,
            now: START,
            up: 0,
            peers,
            random,
            next: 1,
        }
    }

    pub fn relay_key(&self) -> SigningPublic {
        self.relay.public_key()
    }

    /// Founds a home.
    pub fn found(&mut self, number: u8) -> Home {
        let home = Home::new(number, self.relay_key());
        let conn = self.founder(&home, TOKEN);
        assert!(
            self.peers[&conn].welcome.is_some(),
            "{:?}",
            self.peers[&conn]
        );
        self.disconnect(conn);
        home
    }

    /// A connection that tries to found a home with a token.
    pub fn founder(&mut self, home: &Home, token: [u8; 16]) -> ConnId {
        let role = Role::Founder {
            relay_key: self.relay_key(),
        };
        let conn = self.hello(role);
        let Some(transcript) = self.peers[&conn].transcript else {
            return conn;
        };
        let (entry, wraps) = home.founding();
        let proof = transcript.founding_proof(&token, &entry);
        self.say(
            conn,
            wire::message::Found {
                proof,
                entry,
                wraps,
            },
        );
        conn
    }

    /// Opens a connection that has said nothing.
    pub fn connect(&mut self) -> ConnId {
        let conn = ConnId(self.next);
        self.next += 1;
        self.peers.insert(conn, Peer::new(self.relay_key()));
        self.relay.connect(conn, Uptime(self.up));
        self.settle();
        conn
    }

    /// Opens a connection and says who is there.
    pub fn hello(&mut self, role: Role) -> ConnId {
        let conn = self.connect();
        let hello = self.peers.get_mut(&conn).unwrap().hello(role);
        self.say(conn, hello);
        conn
    }

    /// Opens a connection of an enrolled device.
    pub fn device(&mut self, facility: FacilityId, device: &Someone) -> ConnId {
        let conn = self.hello(Role::Device {
            facility,
            device: device.device(),
        });
        self.auth(conn, device);
        conn
    }

    /// As [`Driver::device`], reading the roster and every stream it carries from the start.
    pub fn reader(&mut self, facility: FacilityId, device: &Someone) -> ConnId {
        let conn = self.device(facility, device);
        self.say(conn, wire::message::RosterTail { from: RosterSeq(1) });
        for log in self.peers[&conn].welcome.clone().expect("welcome").logs {
            self.tail(conn, log.stream, 1);
        }
        conn
    }

    pub fn tail(&mut self, conn: ConnId, stream: ids::StreamId, from: u64) {
        self.say(
            conn,
            wire::message::Tail {
                stream,
                log_id: LOG,
                from: ids::Seq(from),
            },
        );
    }

    /// Opens a connection of who holds an invitation.
    pub fn invited(&mut self, facility: FacilityId, link: &Someone) -> ConnId {
        let conn = self.hello(Role::Invite {
            facility,
            invite: link.invite(),
        });
        self.auth(conn, link);
        conn
    }

    pub fn auth(&mut self, conn: ConnId, signer: &Someone) {
        let Some(transcript) = self.peers[&conn].transcript else {
            return;
        };
        self.auth_with(conn, signer, &transcript);
    }

    pub fn auth_with(&mut self, conn: ConnId, signer: &Someone, transcript: &Transcript) {
        let signature = signer.sign(&transcript.client_message());
        self.say(conn, wire::message::Auth { signature });
    }

    /// Says something and lets the relay do everything that follows.
    pub fn say(&mut self, conn: ConnId, message: impl Into<Message>) {
        self.put(conn, message);
        self.settle();
    }

    /// Says something; the relay commits nothing yet.
    pub fn put(&mut self, conn: ConnId, message: impl Into<Message>) {
        for frame in wire::chunk::frames(&message.into().encode()).unwrap() {
            self.put_frame(conn, frame);
        }
    }

    pub fn put_frame(&mut self, conn: ConnId, frame: Bytes) {
        self.relay.receive(conn, frame, self.now, &mut self.random);
        self.deliver();
    }

    /// Lets the relay work until there is nothing left to do.
    pub fn settle(&mut self) {
        self.deliver();
        loop {
            self.relay.commit(self.now);
            self.deliver();
            if self.relay.is_idle() {
                return;
            }
        }
    }

    pub fn tick(&mut self, millis: i64) {
        self.now = self.now.plus(millis);
        self.up += millis;
        self.relay.tick(self.now, Uptime(self.up));
        self.settle();
    }

    pub fn disconnect(&mut self, conn: ConnId) {
        self.relay.disconnect(conn);
        self.settle();
    }

    /// Pushes envelopes; what became of each.
    pub fn push(&mut self, conn: ConnId, envelopes: &[Envelope]) -> Vec<PushResult> {
        let request = self.put_push(conn, envelopes);
        self.settle();
        self.peers[&conn].results_of(request)
    }

    /// Pushes envelopes; the relay commits nothing yet.
    pub fn put_push(&mut self, conn: ConnId, envelopes: &[Envelope]) -> u32 {
        let request = self.peers.get_mut(&conn).unwrap().next_request();
        let envelopes = envelopes
            .iter()
            .map(|envelope| envelope.bytes().clone())
            .collect();
        self.put(conn, Push { request, envelopes });
        request
    }

    /// Appends roster entries made one after another, signed by the founder.
    pub fn append(
        &mut self,
        conn: ConnId,
        home: &Home,
        bodies: Vec<RosterBody>,
        wraps: Vec<Bytes>,
    ) -> RosterOutcome {
        let head = self.peers[&conn].roster_head();
        let (mut seq, mut hash) = head;
        let mut entries = Vec::new();
        for body in bodies {
            let bytes = home.entry((seq, hash), &home.founder, home.founder.person(), body);
            seq = seq.next().unwrap();
            hash = wire::roster::roster_hash(&hash, seq, &bytes);
            entries.push(bytes);
        }
        self.append_entries(conn, head, entries, wraps)
    }

    pub fn append_entries(
        &mut self,
        conn: ConnId,
        head: (RosterSeq, RosterHash),
        entries: Vec<Bytes>,
        wraps: Vec<Bytes>,
    ) -> RosterOutcome {
        let request = self.peers.get_mut(&conn).unwrap().next_request();
        self.say(
            conn,
            RosterAppend {
                request,
                expect: head.0,
                entries,
                wraps,
                blob: None,
                former: None,
            },
        );
        self.peers[&conn].roster_result(request)
    }

    fn deliver(&mut self) {
        for output in self.relay.take_output() {
            match output {
                Output::Send { conn, frame } => {
                    assert!(frame.len() <= ids::limits::FRAME_BYTES);
                    let peer = self.peers.get_mut(&conn).unwrap();
                    assert_eq!(peer.closed, None, "something was sent after the close");
                    peer.frame(frame);
                }
                Output::Allow { .. } => {}
                Output::Close { conn, code } => {
                    let peer = self.peers.get_mut(&conn).unwrap();
                    assert_eq!(peer.closed, None, "closed twice");
                    peer.closed = Some(code);
                }
            }
        }
    }

    pub fn closed(&self, conn: ConnId) -> Option<CloseCode> {
        self.peers[&conn].closed
    }
}
