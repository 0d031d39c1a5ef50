//! An envelope of a version to come: its content is framed by a codec that nobody knows yet. The
//! product has no door for this, so it is sealed here from what `docs/crypto.md` says.

use super::{Forgery, Hostile};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::Document;
use ids::{EnvelopeId, RunId, contexts};
use vault::PlatformKey;
use wire::envelope::{device_message, person_message, signed_hash};
use wire::{Envelope, Header, Kind};

/// Where an epoch's key lies in the sealed pair.
const EPOCH_KEY: std::ops::Range<usize> = 0..32;
const TAG: usize = 16;

impl Hostile {
    /// Seals `framed`, whose first byte names its codec, as the first envelope of a run.
    pub fn seal_framed(&mut self, what: &Document, run: RunId, framed: &[u8]) -> Envelope {
        let header = Header {
            version: wire::envelope::VERSION,
            kind: Kind::Changes.code(),
            facility: self.facility,
            stream: self.stream,
            document: self.document_id(what),
            device: self.device_id,
            person: self.person_id,
            run,
            prev: EnvelopeId::ZERO,
            epoch: self.epoch,
            roster_seq: self.roster_seq,
            body_len: u32::try_from(framed.len() + TAG).unwrap(),
            ..Header::ZERO
        };
        let nonce = self.dice.bytes();
        let cipher = XChaCha20Poly1305::new(&self.document_secret(&header).into());
        let payload = Payload {
            msg: framed,
            aad: &header.to_bytes(),
        };
        let body = cipher.encrypt(&XNonce::from(nonce), payload).unwrap();
        let hash = signed_hash(&header, &nonce, &body);
        let person = self.person.sign_message(&person_message(&hash));
        let device = self
            .device
            .sign_message(&device_message(&hash, Some(&person)));
        let envelope = Envelope::assemble(&header, &nonce, &body, &device, Some(&person)).unwrap();
        self.last.insert(run, envelope.id());
        envelope
    }

    /// Content as version 1 frames it when it is short: stored as it is, padded.
    pub fn framed(&self, what: &Document, forgery: &Forgery, codec: u8) -> Vec<u8> {
        let content = self.body(what, forgery).encode().unwrap();
        let length = u32::try_from(content.len()).unwrap().to_be_bytes();
        let mut framed = [&[codec][..], &length, &length, &content].concat();
        framed.resize(framed.len().next_power_of_two().max(256), 0);
        framed
    }

    /// The document's key, out of the epoch's: sealed for a device vault and taken from there.
    fn document_secret(&mut self, header: &Header) -> [u8; 32] {
        let vault = PlatformKey::from_bytes(&[1; 32]).device_vault();
        let (epoch, id_key) = (&self.epoch_key, &self.id_key);
        let sealed = vault::seal_epoch_local(&mut self.dice, &vault, b"taken", epoch, id_key);
        let both = vault::open_local(&vault, b"taken", &sealed.unwrap()).unwrap();
        let mut hasher = blake3::Hasher::new_derive_key(contexts::DOCUMENT_KEY);
        hasher.update(&both[EPOCH_KEY]);
        hasher.update(header.document.as_bytes());
        *hasher.finalize().as_bytes()
    }
}
