//! The plaintext of an envelope of kind *snapshot*: one part of a save, with what its reader can no
//! longer learn from the envelopes it stands for: who wrote which changes, and by which places of
//! log and roster each is judged.

use crate::Actor;
use crate::actor::actor;
use core::fmt;
use ids::{ChangeHash, DeviceId, PersonId, RosterSeq, RunId, Seq, Signature, contexts, limits};
use minicbor::{Decoder, Encoder};

/// The first key that may be passed over.
const FIRST_EXTRA_KEY: u64 = 64;

/// One part. The pieces of all parts, joined, are the save; their authors are the save's actors.
#[derive(Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The document's type, as `domain` names it.
    pub kind: String,
    /// Its subject in canonical bytes.
    pub subject: Vec<u8>,
    /// Its period.
    pub period: String,
    /// A piece of the save.
    pub save: Vec<u8>,
    /// Some of the save's actors: ascending, also over the parts, each once.
    pub authors: Vec<SnapshotAuthor>,
}

/// An actor of a save.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SnapshotAuthor {
    /// Whose run.
    pub device: DeviceId,
    /// The run.
    pub run: RunId,
    /// In whose hands.
    pub person: PersonId,
    /// Its changes, in stretches that are judged alike; the last ends at its newest change.
    pub spans: Vec<Span>,
    /// Hash of its newest change.
    pub hash: ChangeHash,
    /// The person's signature over [`crate::authorship_message`] of that change.
    pub signature: Signature,
}

/// Changes of one actor, from behind the stretch before to `last`, that came in envelopes with the
/// same two places in the roster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Sequence number of the last of them.
    pub last: u64,
    /// What their envelopes said of the roster: the keys that signed are those of this entry.
    pub signed_at: RosterSeq,
    /// Place of the last of these envelopes in the log that the snapshot's header names as seen.
    pub seq: Seq,
    /// The roster's length by which they are judged.
    pub judged_at: RosterSeq,
}

/// Why a part of a snapshot is of no use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// Not the CBOR of a part, or its numbers do not ascend. Its author is at fault.
    #[error("not a part of a snapshot")]
    Malformed,
    /// More actors, stretches or bytes than allowed. Its author is at fault.
    #[error("the part of a snapshot exceeds a limit")]
    Bound,
    /// It says more than this version knows: it waits for an update.
    #[error("the part of a snapshot is of a newer version")]
    Newer,
}

impl From<minicbor::decode::Error> for SnapshotError {
    fn from(_: minicbor::decode::Error) -> Self {
        Self::Malformed
    }
}

/// What an ack says of a document: H of its heads, ascending.
pub fn heads_hash(heads: &[ChangeHash]) -> [u8; 32] {
    let mut heads = heads.to_vec();
    heads.sort_unstable();
    let parts: Vec<&[u8]> = heads
        .iter()
        .map(|head| head.as_bytes().as_slice())
        .collect();
    wire::hash(contexts::HEADS, &parts)
}

impl SnapshotAuthor {
    /// The actor.
    pub fn actor(&self) -> Actor {
        actor(&self.device, &self.run, &self.person)
    }

    fn is_sound(&self) -> bool {
        let first = self.spans.first().is_some_and(|span| span.last > 0);
        first && self.spans.is_sorted_by(|a, b| a.last < b.last)
    }
}

impl Snapshot {
    /// Deterministic CBOR: `{0: kind, 1: subject, 2: period, 3: piece, 4: [[device, run, person,
    /// [[last, signed at, seq, judged at]], hash, signature]]}`.
    ///
    /// # Errors
    /// [`SnapshotError`] for what a reader would not take.
    pub fn encode(&self) -> Result<Vec<u8>, SnapshotError> {
        self.check()?;
        let mut out = Vec::with_capacity(self.save.len() + 256 * (1 + self.authors.len()));
        // Writing to a `Vec` cannot fail.
        self.write(&mut Encoder::new(&mut out))
            .map_err(|_| SnapshotError::Malformed)?;
        Ok(out)
    }

    fn write<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.map(5)?;
        e.u8(0)?.str(&self.kind)?;
        e.u8(1)?.bytes(&self.subject)?;
        e.u8(2)?.str(&self.period)?;
        e.u8(3)?.bytes(&self.save)?;
        e.u8(4)?.array(self.authors.len() as u64)?;
        for author in &self.authors {
            e.array(6)?.encode(author.device)?.encode(author.run)?;
            e.encode(author.person)?.array(author.spans.len() as u64)?;
            for span in &author.spans {
                e.array(4)?.u64(span.last)?.u64(span.signed_at.0)?;
                e.u64(span.seq.0)?.u64(span.judged_at.0)?;
            }
            e.encode(author.hash)?.encode(author.signature)?;
        }
        Ok(())
    }

    /// Reads one part. Allocates no more than the input is long.
    ///
    /// # Errors
    /// See [`SnapshotError`].
    pub fn decode(bytes: &[u8]) -> Result<Self, SnapshotError> {
        if bytes.len() > limits::INFLATED_BYTES {
            return Err(SnapshotError::Bound);
        }
        let mut d = Decoder::new(bytes);
        let count = d.map()?.ok_or(SnapshotError::Malformed)?;
        let (mut kind, mut subject, mut period) = (None, None, None);
        let (mut save, mut authors, mut before) = (None, None, None);
        for _ in 0..count {
            let key = d.u64()?;
            if before.is_some_and(|before| before >= key) {
                return Err(SnapshotError::Malformed);
            }
            before = Some(key);
            match key {
                0 => kind = Some(d.str()?.to_owned()),
                1 => subject = Some(d.bytes()?.to_vec()),
                2 => period = Some(d.str()?.to_owned()),
                3 => save = Some(d.bytes()?.to_vec()),
                4 => authors = Some(read_authors(&mut d)?),
                FIRST_EXTRA_KEY.. => d.skip()?,
                _ => return Err(SnapshotError::Newer),
            }
        }
        let all = kind.zip(subject).zip(period).zip(save).zip(authors);
        let Some(((((kind, subject), period), save), authors)) = all else {
            return Err(SnapshotError::Malformed);
        };
        if d.position() != bytes.len() {
            return Err(SnapshotError::Malformed);
        }
        let part = Self {
            kind,
            subject,
            period,
            save,
            authors,
        };
        part.check()?;
        Ok(part)
    }

    /// The whole: save and authors of all parts, which must be in order and complete.
    ///
    /// # Errors
    /// [`SnapshotError::Malformed`] when they are not of one document or the authors do not ascend.
    pub fn join(parts: Vec<Self>) -> Result<Self, SnapshotError> {
        let mut parts = parts.into_iter();
        let mut whole = parts.next().ok_or(SnapshotError::Malformed)?;
        for part in parts {
            if part.canonical() != whole.canonical() {
                return Err(SnapshotError::Malformed);
            }
            whole.save.extend_from_slice(&part.save);
            whole.authors.extend(part.authors);
        }
        whole
            .ascends()
            .then_some(whole)
            .ok_or(SnapshotError::Malformed)
    }

    /// Type, subject and period, as in [`crate::Body::canonical`].
    pub fn canonical(&self) -> (&str, &[u8], &str) {
        (&self.kind, &self.subject, &self.period)
    }

    fn ascends(&self) -> bool {
        let actors: Vec<Actor> = self.authors.iter().map(SnapshotAuthor::actor).collect();
        actors.is_sorted_by(|a, b| a < b)
    }

    fn check(&self) -> Result<(), SnapshotError> {
        let names = [self.kind.len(), self.subject.len(), self.period.len()];
        let within = names.iter().all(|len| *len <= limits::KIND_NAME_BYTES)
            && self.save.len() <= limits::INFLATED_BYTES
            && self.authors.len() <= limits::ACTORS_PER_SNAPSHOT
            && self
                .authors
                .iter()
                .all(|a| a.spans.len() <= limits::SPANS_PER_ACTOR);
        if !within {
            return Err(SnapshotError::Bound);
        }
        let sound = self.authors.iter().all(SnapshotAuthor::is_sound) && self.ascends();
        sound.then_some(()).ok_or(SnapshotError::Malformed)
    }
}

impl fmt::Debug for Snapshot {
    /// Its name and sizes; not what its changes say.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("kind", &self.kind)
            .field("period", &self.period)
            .field("save", &self.save.len())
            .field("authors", &self.authors.len())
            .finish_non_exhaustive()
    }
}

fn read_authors(d: &mut Decoder<'_>) -> Result<Vec<SnapshotAuthor>, SnapshotError> {
    let mut authors = Vec::new();
    for _ in 0..count(d, limits::ACTORS_PER_SNAPSHOT)? {
        fields(d, 6)?;
        authors.push(SnapshotAuthor {
            device: d.decode()?,
            run: d.decode()?,
            person: d.decode()?,
            spans: read_spans(d)?,
            hash: d.decode()?,
            signature: d.decode()?,
        });
    }
    Ok(authors)
}

fn read_spans(d: &mut Decoder<'_>) -> Result<Vec<Span>, SnapshotError> {
    let mut spans = Vec::new();
    for _ in 0..count(d, limits::SPANS_PER_ACTOR)? {
        fields(d, 4)?;
        spans.push(Span {
            last: d.u64()?,
            signed_at: RosterSeq(d.u64()?),
            seq: Seq(d.u64()?),
            judged_at: RosterSeq(d.u64()?),
        });
    }
    Ok(spans)
}

fn count(d: &mut Decoder<'_>, limit: usize) -> Result<usize, SnapshotError> {
    let len = d.array()?.ok_or(SnapshotError::Malformed)?;
    usize::try_from(len)
        .ok()
        .filter(|len| *len <= limit)
        .ok_or(SnapshotError::Bound)
}

/// A row of so many fields: more of them may change what the others mean.
fn fields(d: &mut Decoder<'_>, known: u64) -> Result<(), SnapshotError> {
    match d.array()? {
        Some(len) if len == known => Ok(()),
        Some(len) if len > known => Err(SnapshotError::Newer),
        _ => Err(SnapshotError::Malformed),
    }
}
