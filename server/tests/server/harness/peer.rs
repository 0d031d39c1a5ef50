//! The other end of a connection: keeps what it was sent and verifies what a client would.

use bytes::Bytes;
use ids::{RosterHash, RosterSeq, Seq, SigningPublic, StreamId};
use lamplight_server::CloseCode;
use std::collections::BTreeMap;
use wire::chunk::Reassembler;
use wire::log::Receipt;
use wire::message::{
    Challenge, Error, ErrorCode, Hello, Item, PushResult, Results, RosterOutcome, Welcome,
    WelcomeFields,
};
use wire::{Envelope, Message, Role, RosterState, SeenMark, Transcript, chain_next, chain_start};

pub struct Peer {
    relay_key: SigningPublic,
    hello: Option<Hello>,
    parts: Reassembler,
    pub transcript: Option<Transcript>,
    pub welcome: Option<WelcomeFields>,
    pub roster: RosterState,
    pub messages: Vec<Message>,
    /// Every frame as it came.
    pub raw: Vec<Bytes>,
    pub errors: Vec<Error>,
    pub results: BTreeMap<u32, Vec<PushResult>>,
    pub rows: BTreeMap<StreamId, BTreeMap<Seq, Item>>,
    pub receipts: Vec<Receipt>,
    pub seen: Vec<SeenMark>,
    pub closed: Option<CloseCode>,
    requests: u32,
}

impl std::fmt::Debug for Peer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Peer {{ closed: {:?}, errors: {:?} }}",
            self.closed, self.errors
        )
    }
}

impl Peer {
    pub fn new(relay_key: SigningPublic) -> Self {
        Self {
            relay_key,
            hello: None,
            parts: Reassembler::new(),
            transcript: None,
            welcome: None,
            roster: RosterState::new(),
            messages: Vec::new(),
            raw: Vec::new(),
            errors: Vec::new(),
            results: BTreeMap::new(),
            rows: BTreeMap::new(),
            receipts: Vec::new(),
            seen: Vec::new(),
            closed: None,
            requests: 0,
        }
    }

    pub fn hello(&mut self, role: Role) -> Hello {
        let hello = Hello {
            versions: vec![1],
            role,
            nonce: [11; 32],
        };
        self.hello = Some(hello.clone());
        hello
    }

    pub fn next_request(&mut self) -> u32 {
        self.requests += 1;
        self.requests
    }

    pub fn frame(&mut self, frame: Bytes) {
        self.raw.push(frame.clone());
        let Some(whole) = self.parts.push(frame).unwrap() else {
            return;
        };
        self.message(Message::decode(whole).unwrap());
    }

    pub fn message(&mut self, message: Message) {
        self.messages.push(message.clone());
        match message {
            Message::Challenge(challenge) => self.challenged(&challenge),
            Message::Welcome(welcome) => self.welcomed(&welcome),
            Message::Results(Results { request, results }) => {
                assert!(
                    self.results.insert(request, results).is_none(),
                    "answered twice"
                );
            }
            Message::Items(items) => {
                let rows = self.rows.entry(items.stream).or_default();
                let mut last = Seq(items.first.0 - 1);
                for item in items.rows {
                    assert!(item.seq > last, "rows out of order");
                    last = item.seq;
                    rows.insert(item.seq, item);
                }
            }
            Message::Receipt(receipt) => {
                receipt.verify(&self.relay_key).unwrap();
                self.receipts.push(receipt);
            }
            Message::RosterItems(items) => {
                for item in &items.items {
                    self.roster.apply(item).unwrap();
                }
            }
            Message::SeenBy(by) => self.seen.extend(by.marks),
            Message::Error(error) => self.errors.push(error),
            _ => {}
        }
    }

    fn challenged(&mut self, challenge: &Challenge) {
        assert_eq!(challenge.relay_key, self.relay_key);
        let hello = self.hello.as_ref().unwrap();
        self.transcript = Some(Transcript::new(
            &hello.role,
            &self.relay_key,
            &hello.nonce,
            &challenge.nonce,
            challenge.version,
            &hello.versions,
        ));
    }

    fn welcomed(&mut self, welcome: &Welcome) {
        let transcript = self.transcript.unwrap();
        self.welcome = Some(welcome.verify(&transcript, &self.relay_key).unwrap());
    }

    pub fn results_of(&self, request: u32) -> Vec<PushResult> {
        self.results[&request].clone()
    }

    pub fn roster_result(&self, request: u32) -> RosterOutcome {
        let results = self.messages.iter().filter_map(|message| match message {
            Message::RosterResult(result) if result.request == request => Some(result.result),
            _ => None,
        });
        results.last().unwrap()
    }

    /// The roster as far as it was read, else as `Welcome` states it.
    pub fn roster_head(&self) -> (RosterSeq, RosterHash) {
        match (self.roster.head(), &self.welcome) {
            ((RosterSeq(0), _), Some(welcome)) => (welcome.roster_head, welcome.roster_hash),
            (head, _) => head,
        }
    }

    /// The ids of a stream's rows, after verifying their chain against the last receipt. `own` are
    /// rows this peer pushed.
    pub fn verified(&self, stream: StreamId, own: &[(Seq, &Envelope)]) -> Vec<ids::EnvelopeId> {
        let mut rows: BTreeMap<Seq, (RosterSeq, ids::EnvelopeId)> = self
            .rows
            .get(&stream)
            .into_iter()
            .flatten()
            .map(|(seq, item)| {
                let envelope = Envelope::parse(item.envelope.clone()).unwrap();
                (*seq, (item.roster_seq, envelope.id()))
            })
            .collect();
        let receipt = self
            .receipts
            .iter()
            .rfind(|receipt| receipt.stream == stream)
            .unwrap();
        for (seq, envelope) in own {
            rows.entry(*seq)
                .or_insert((receipt.roster_seq, envelope.id()));
        }
        let facility = self.roster.facility().unwrap();
        let mut chain = chain_start(&facility, &stream, &receipt.log_id);
        for (expected, (seq, (roster_seq, id))) in (1..).zip(&rows) {
            assert_eq!(seq.0, expected, "a gap");
            let head = self.roster.hash_at(*roster_seq).unwrap();
            chain = chain_next(&chain, *seq, *roster_seq, &head, id);
        }
        assert_eq!(rows.len() as u64, receipt.seq.0);
        assert_eq!(chain, receipt.chain, "the chain does not fit the receipt");
        rows.into_values().map(|(_, id)| id).collect()
    }

    pub fn errors(&self) -> Vec<ErrorCode> {
        self.errors.iter().map(|error| error.code).collect()
    }

    /// How many messages of a name were received.
    pub fn count(&self, name: &str) -> usize {
        let code = Message::TYPES
            .iter()
            .find(|(_, known)| *known == name)
            .unwrap()
            .0;
        self.messages
            .iter()
            .filter(|message| message.type_byte() == code)
            .count()
    }
}
