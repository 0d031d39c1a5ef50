//! The clear header of an envelope.

use crate::codec::take;
use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, Epoch, FacilityId, LogId, PersonId, RosterSeq,
    RunId, Seq, StreamId,
};

/// Length of a header in bytes.
pub const HEADER_LEN: usize = 212;
/// The version this program writes.
pub const VERSION: u8 = 1;

/// What an envelope carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Kind {
    /// Automerge changes under the document key.
    Changes = 1,
    /// A saved document that covers envelopes.
    Snapshot = 2,
    /// Another person's word that a snapshot is right.
    Ack = 3,
    /// Append-only records, sealed to the epoch's public key. Only in `audit`.
    Record = 4,
    /// A keyslot. Only in `devices`.
    Slot = 5,
    /// Untouched envelopes of an older epoch.
    Carried = 6,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 6] = [
        Self::Changes,
        Self::Snapshot,
        Self::Ack,
        Self::Record,
        Self::Slot,
        Self::Carried,
    ];

    /// The kind of a code; `None` for one this program does not know.
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// The code on the wire.
    pub const fn code(self) -> u8 {
        self as u8
    }
}

/// Who wrote what where, and what the author had seen. Field order is byte order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Version of the format; 1.
    pub version: u8,
    /// Code of the kind, see [`Header::kind`].
    pub kind: u8,
    /// Zero in version 1.
    pub flags: u16,
    /// The facility.
    pub facility: FacilityId,
    /// The stream.
    pub stream: StreamId,
    /// The document.
    pub document: DocumentId,
    /// The device that wrote and signed it.
    pub device: DeviceId,
    /// The person who signed it; zero: nobody.
    pub person: PersonId,
    /// The author's run.
    pub run: RunId,
    /// Position in (stream, document, run), from 0.
    pub run_seq: u64,
    /// The run's previous envelope in the document; for its first, the last one this device had
    /// stored there; zero: none.
    pub prev: EnvelopeId,
    /// The epoch it is sealed under.
    pub epoch: Epoch,
    /// The roster position the author had applied.
    pub roster_seq: RosterSeq,
    /// The log the author had verified.
    pub seen_log: LogId,
    /// How far.
    pub seen_seq: Seq,
    /// The chain there.
    pub seen_chain: ChainHash,
    /// Length of the body in bytes.
    pub body_len: u32,
}

impl Header {
    /// The kind; `None` for one this program does not know: the envelope waits.
    pub fn kind(&self) -> Option<Kind> {
        Kind::from_code(self.kind)
    }

    /// Whether this program can judge the envelope. If not, it is kept and waits for an update.
    pub fn is_understood(&self) -> bool {
        self.version == VERSION && self.flags == 0 && self.kind().is_some()
    }

    /// The bytes.
    pub fn to_bytes(&self) -> [u8; HEADER_LEN] {
        let mut out = [0; HEADER_LEN];
        let mut rest = out.as_mut_slice();
        let parts: [&[u8]; 17] = [
            &[self.version],
            &[self.kind],
            &self.flags.to_be_bytes(),
            self.facility.as_bytes(),
            self.stream.as_bytes(),
            self.document.as_bytes(),
            self.device.as_bytes(),
            self.person.as_bytes(),
            self.run.as_bytes(),
            &self.run_seq.to_be_bytes(),
            self.prev.as_bytes(),
            &self.epoch.0.to_be_bytes(),
            &self.roster_seq.0.to_be_bytes(),
            self.seen_log.as_bytes(),
            &self.seen_seq.0.to_be_bytes(),
            self.seen_chain.as_bytes(),
            &self.body_len.to_be_bytes(),
        ];
        for part in parts {
            let (head, tail) = rest.split_at_mut(part.len().min(rest.len()));
            head.copy_from_slice(part);
            rest = tail;
        }
        out
    }

    /// From its bytes. Every 212 bytes are a header.
    pub fn from_bytes(bytes: &[u8; HEADER_LEN]) -> Self {
        let mut rest = bytes.as_slice();
        Self::read(&mut rest).unwrap_or(Self::ZERO)
    }

    /// Every field zero; the start of a header that is filled in field by field.
    pub const ZERO: Self = Self {
        version: 0,
        kind: 0,
        flags: 0,
        facility: FacilityId::ZERO,
        stream: StreamId::ZERO,
        document: DocumentId::ZERO,
        device: DeviceId::ZERO,
        person: PersonId::ZERO,
        run: RunId::ZERO,
        run_seq: 0,
        prev: EnvelopeId::ZERO,
        epoch: Epoch(0),
        roster_seq: RosterSeq(0),
        seen_log: LogId::ZERO,
        seen_seq: Seq(0),
        seen_chain: ChainHash::ZERO,
        body_len: 0,
    };

    pub(super) fn read(rest: &mut &[u8]) -> Option<Self> {
        let [version, kind] = take(rest)?;
        Some(Self {
            version,
            kind,
            flags: u16::from_be_bytes(take(rest)?),
            facility: FacilityId::from_bytes(take(rest)?),
            stream: StreamId::from_bytes(take(rest)?),
            document: DocumentId::from_bytes(take(rest)?),
            device: DeviceId::from_bytes(take(rest)?),
            person: PersonId::from_bytes(take(rest)?),
            run: RunId::from_bytes(take(rest)?),
            run_seq: u64::from_be_bytes(take(rest)?),
            prev: EnvelopeId::from_bytes(take(rest)?),
            epoch: Epoch(u32::from_be_bytes(take(rest)?)),
            roster_seq: RosterSeq(u64::from_be_bytes(take(rest)?)),
            seen_log: LogId::from_bytes(take(rest)?),
            seen_seq: Seq(u64::from_be_bytes(take(rest)?)),
            seen_chain: ChainHash::from_bytes(take(rest)?),
            body_len: u32::from_be_bytes(take(rest)?),
        })
    }
}
