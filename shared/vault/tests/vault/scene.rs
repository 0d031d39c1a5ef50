//! The scene of most tests: a stream with one epoch, a document in it, a nurse on a tablet.

use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, Epoch, FacilityId, LogId, PersonId, RosterSeq,
    RunId, Seq, StreamId,
};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use vault::{EpochKey, IdKey, Identity, NoRandom, Random};
use wire::{Header, Kind};

/// A random source that gives the same bytes for the same seed.
pub(crate) struct Seeded(ChaCha20Rng);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }
}

impl Random for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        self.0.fill_bytes(bytes);
        Ok(())
    }
}

/// A random source that fails after so many draws.
pub(crate) struct Failing(pub(crate) Seeded, pub(crate) usize);

impl Random for Failing {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        self.1 = self.1.checked_sub(1).ok_or(NoRandom)?;
        self.0.fill(bytes)
    }
}

/// A dead random source that does not know it: it says yes and writes nothing.
pub(crate) struct Dead;

impl Random for Dead {
    fn fill(&mut self, _: &mut [u8]) -> Result<(), NoRandom> {
        Ok(())
    }
}

pub(crate) struct Scene {
    pub(crate) rng: Seeded,
    pub(crate) device: Identity,
    pub(crate) nurse: Identity,
    pub(crate) epoch: EpochKey,
    pub(crate) id_key: IdKey,
    pub(crate) stream: StreamId,
    pub(crate) document: DocumentId,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let mut rng = Seeded::new(7);
        let device = vault::make_identity(&mut rng).unwrap();
        let nurse = vault::make_identity(&mut rng).unwrap();
        let epoch = vault::make_epoch(&mut rng).unwrap();
        let id_key = vault::make_id_key(&mut rng).unwrap();
        let document = vault::document_id(&id_key, "journal", b"resident", "2026-03");
        let stream = StreamId::from_bytes([2; 16]);
        Self {
            rng,
            device,
            nurse,
            epoch,
            id_key,
            stream,
            document,
        }
    }

    /// A header of this kind; signed by the nurse unless the kind is a device's alone.
    pub(crate) fn header(&self, kind: Kind) -> Header {
        let person = if kind == Kind::Carried {
            PersonId::ZERO
        } else {
            PersonId::from_bytes([5; 16])
        };
        Header {
            version: 1,
            kind: kind.code(),
            flags: 0,
            facility: FacilityId::from_bytes([1; 16]),
            stream: self.stream,
            document: self.document,
            device: DeviceId::from_bytes([4; 16]),
            person,
            run: RunId::from_bytes([6; 16]),
            run_seq: 9,
            prev: EnvelopeId::from_bytes([7; 32]),
            epoch: Epoch(3),
            roster_seq: RosterSeq(12),
            seen_log: LogId::from_bytes([8; 16]),
            seen_seq: Seq(99),
            seen_chain: ChainHash::from_bytes([9; 32]),
            body_len: 0,
        }
    }

    pub(crate) fn person(&self, kind: Kind) -> Option<&Identity> {
        (kind != Kind::Carried).then_some(&self.nurse)
    }
}
