//! A member with real keys and bad intentions: a device of the roster and a person with every right
//! of a nurse, whose envelopes are made here and not by an engine.

mod codec;
mod office;

use super::dice::Dice;
use super::template::Template;
use super::world::World;
use bytes::Bytes;
use document::{Actor, Body, Seal};
use domain::{Document, Stream};
use ids::{
    ChainHash, ChangeHash, DeviceId, DocumentId, EnvelopeId, Epoch, FacilityId, LogId, PersonId,
    RosterSeq, RunId, Seq, StreamId, contexts,
};
use replica::Identity;
use server::ConnId;
use std::collections::BTreeMap;
use vault::{EpochKey, IdKey};
use wire::chunk::{Reassembler, frames};
use wire::handshake::PROTOCOL_VERSION;
use wire::message::{Auth, Hello, Push, PushResult};
use wire::{Envelope, Header, Kind, Message, Role, RosterState, SeenMark, Transcript, stream_id};

/// The member.
pub struct Hostile {
    facility: FacilityId,
    device: Identity,
    device_id: DeviceId,
    person: Identity,
    /// The person's id.
    pub person_id: PersonId,
    stream: StreamId,
    epoch: Epoch,
    epoch_key: EpochKey,
    id_key: IdKey,
    /// Where the roster stood when the member last looked.
    pub roster_seq: RosterSeq,
    /// The roster as it is now.
    roster: RosterState,
    relay_key: ids::SigningPublic,
    dice: Dice,
    conn: Option<ConnId>,
    last: BTreeMap<RunId, EnvelopeId>,
    requests: u32,
}

/// One envelope's worth of evil.
pub struct Forgery {
    /// What the header says, where that is not true.
    pub header: Box<dyn Fn(&mut Header)>,
    /// The chunks.
    pub chunks: Vec<Vec<u8>>,
    /// The change that the seal of authorship is over; none: no seal.
    pub sealed: Option<(Actor, u64, ChangeHash)>,
}

impl Hostile {
    /// Takes over a tablet of the template with one of its people.
    pub fn new(template: &Template, tablet: usize, person: usize, seed: u64) -> Self {
        Self::in_stream(template, tablet, person, Stream::Care, seed)
    }

    /// As [`Self::new`], to write in another stream than the charts.
    pub fn in_stream(
        template: &Template,
        tablet: usize,
        person: usize,
        stream: Stream,
        seed: u64,
    ) -> Self {
        let history = template.history(tablet);
        let mut roster = RosterState::default();
        for (_, entry) in history.iter().flat_map(|change| &change.roster) {
            if roster.head().0.0 < u64::MAX {
                // What was kept twice is refused the second time.
                let _ = roster.apply(entry);
            }
        }
        let facility = roster.facility().unwrap();
        let device_id = template.device(tablet);
        let device_key = roster.device(&device_id).unwrap().keys.signing;
        let device = template.identity_of(&device_key);
        let who = &template.people()[person];
        let identity = Identity::from_seed(&who.seed);
        let stream = stream_id(&facility, stream.name());
        let epoch = roster.stream(&stream).unwrap().epochs[0].clone();
        // The key of `devices` every device has; it is wrapped for the one that founded the home.
        let office = roster.device(&template.device(0)).unwrap().keys.signing;
        let office = template.identity_of(&office);
        let wraps = [history, template.history(0)]
            .into_iter()
            .flatten()
            .flat_map(|change| &change.wraps)
            .filter(|(of, _, _)| *of == stream);
        let (epoch_key, id_key) = wraps
            .filter_map(|(_, _, wrap)| {
                let open =
                    |who| vault::open_wrap(who, &stream, Epoch(0), &epoch.commitment, wrap).ok();
                open(&identity).or_else(|| open(&office))
            })
            .next()
            .unwrap();
        Self {
            facility,
            device,
            device_id,
            person: identity,
            person_id: who.id,
            stream,
            epoch: Epoch(0),
            epoch_key,
            id_key,
            roster_seq: roster.head().0,
            relay_key: roster.relay_key().unwrap(),
            roster,
            dice: Dice::new(seed),
            conn: None,
            last: BTreeMap::new(),
            requests: 0,
        }
    }

    /// A run that nobody used.
    pub fn run(&mut self) -> RunId {
        RunId::from_bytes(self.dice.bytes())
    }

    /// This person's actor in a run.
    pub fn actor(&self, run: &RunId) -> Actor {
        self.actor_of(run, &self.person_id)
    }

    /// Another person's actor in a run of this device.
    pub fn actor_of(&self, run: &RunId, person: &PersonId) -> Actor {
        document::actor(&self.device_id, run, person)
    }

    /// The id of a document of the stream it writes in.
    pub fn document_id(&self, what: &Document) -> DocumentId {
        let (kind, subject, period) = what.canonical();
        vault::document_id(&self.id_key, kind, subject.as_ref(), period.as_ref())
    }

    /// The id of a document of a type that no version knows yet.
    pub fn document_id_of(&self, kind: &str, subject: &[u8], period: &str) -> DocumentId {
        vault::document_id(&self.id_key, kind, subject, period)
    }

    /// Reads an envelope of the charts, as every member can.
    pub fn read(&self, envelope: &Envelope) -> Body {
        let key = self.epoch_key.document_key(&envelope.header().document);
        Body::decode(&vault::open(&key, envelope).unwrap()).unwrap()
    }

    /// The body of an envelope about a document.
    pub fn body(&self, what: &Document, forgery: &Forgery) -> Body {
        let (kind, subject, period) = what.canonical();
        let id = self.document_id(what);
        let seals = forgery.sealed.iter().map(|(actor, seq, hash)| {
            let message = document::authorship_message(&id, actor, *seq, hash);
            let signature = self.person.sign(contexts::SIGN_AUTHORSHIP, &message);
            Seal {
                actor: *actor,
                seq: *seq,
                hash: *hash,
                signature,
            }
        });
        Body {
            kind: kind.to_owned(),
            subject: AsRef::<[u8]>::as_ref(&subject).to_vec(),
            period: AsRef::<str>::as_ref(&period).to_owned(),
            chunks: forgery.chunks.clone(),
            seals: seals.collect(),
        }
    }

    /// Seals a forgery as the `run_seq`-th envelope of a run.
    pub fn seal(
        &mut self,
        what: &Document,
        run: RunId,
        run_seq: u64,
        forgery: &Forgery,
    ) -> Envelope {
        let plain = self.body(what, forgery).encode().unwrap();
        self.seal_plain(what, run, run_seq, forgery, &plain)
    }

    /// Seals any plaintext.
    pub fn seal_plain(
        &mut self,
        what: &Document,
        run: RunId,
        run_seq: u64,
        forgery: &Forgery,
        plain: &[u8],
    ) -> Envelope {
        let mut header = Header {
            version: wire::envelope::VERSION,
            kind: Kind::Changes.code(),
            facility: self.facility,
            stream: self.stream,
            document: self.document_id(what),
            device: self.device_id,
            person: self.person_id,
            run,
            run_seq,
            prev: self.last.get(&run).copied().unwrap_or(EnvelopeId::ZERO),
            epoch: self.epoch,
            roster_seq: self.roster_seq,
            ..Header::ZERO
        };
        (forgery.header)(&mut header);
        let envelope = self.seal_under(header, plain);
        self.last.insert(run, envelope.id());
        envelope
    }

    fn seal_under(&mut self, header: Header, plain: &[u8]) -> Envelope {
        let key = self.epoch_key.document_key(&header.document);
        let person = Some(&self.person);
        vault::seal(&mut self.dice, &key, header, plain, &self.device, person).unwrap()
    }

    /// Seals a keyslot of the member's person.
    pub fn seal_slot(&mut self, what: &Document, body: &[u8]) -> Envelope {
        let document = vault::keyslot_document_id(&self.id_key, &self.person_id);
        let run = self.run();
        let slot = Forgery {
            header: Box::new(move |header| {
                header.kind = Kind::Slot.code();
                header.document = document;
            }),
            chunks: Vec::new(),
            sealed: None,
        };
        self.seal_plain(what, run, 0, &slot, body)
    }

    /// Pushes envelopes through the relay like any device; its answers.
    pub fn push(&mut self, world: &mut World, envelopes: &[Envelope]) -> Vec<PushResult> {
        let conn = match self.conn {
            Some(conn) => conn,
            None => self.connect(world),
        };
        self.requests += 1;
        let request = self.requests;
        let envelopes: Vec<Bytes> = envelopes
            .iter()
            .map(|envelope| envelope.bytes().clone())
            .collect();
        say(world, conn, &Push { request, envelopes }.into());
        let answers = hear(world, conn);
        answers
            .into_iter()
            .find_map(|message| match message {
                Message::Results(results) if results.request == request => Some(results.results),
                _ => None,
            })
            .expect("results")
    }

    /// Says that this device has seen a place with a chain.
    pub fn say_seen(&mut self, world: &mut World, log_id: LogId, seq: Seq, chain: ChainHash) {
        let conn = match self.conn {
            Some(conn) => conn,
            None => self.connect(world),
        };
        let mut mark = SeenMark {
            device: self.device_id,
            stream: self.stream,
            log_id,
            seq,
            chain,
            signature: ids::Signature::ZERO,
        };
        mark.signature = self.device.sign(contexts::SIGN_SEEN, &mark.signed_hash());
        say(world, conn, &mark.into());
    }

    fn connect(&mut self, world: &mut World) -> ConnId {
        let conn = world.connect_raw();
        let role = Role::Device {
            facility: self.facility,
            device: self.device_id,
        };
        let nonce = self.dice.bytes();
        say(
            world,
            conn,
            &Hello {
                versions: vec![PROTOCOL_VERSION],
                role,
                nonce,
            }
            .into(),
        );
        let challenge = hear(world, conn);
        let [Message::Challenge(challenge)] = challenge.as_slice() else {
            panic!("{challenge:?}")
        };
        let offered = &[PROTOCOL_VERSION];
        let transcript = Transcript::new(
            &role,
            &self.relay_key,
            &nonce,
            &challenge.nonce,
            challenge.version,
            offered,
        );
        let signature = self
            .device
            .sign(contexts::SIGN_HANDSHAKE_DEVICE, transcript.as_bytes());
        say(world, conn, &Auth { signature }.into());
        let welcome = hear(world, conn);
        assert!(
            matches!(welcome.first(), Some(Message::Welcome(_))),
            "{welcome:?}"
        );
        self.conn = Some(conn);
        conn
    }
}

fn say(world: &mut World, conn: ConnId, message: &Message) {
    for frame in frames(&message.encode()).unwrap() {
        world.send_raw(conn, frame);
    }
    world.pass(50);
}

fn hear(world: &mut World, conn: ConnId) -> Vec<Message> {
    let mut parts = Reassembler::new();
    let frames = world.take_raw(conn);
    frames
        .into_iter()
        .filter_map(|frame| parts.push(frame).unwrap())
        .map(|message| Message::decode(message).unwrap())
        .collect()
}
