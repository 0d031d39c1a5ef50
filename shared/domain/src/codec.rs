//! The bytes of an entry: one deterministic CBOR map
//! `{0: command, 1: line, 2: kind, 3: subject, 4: stated, 5: supersedes, 6: fact}`.
//!
//! Which bytes are refused depends on the bounds and on the surroundings only, never on which
//! kinds this version knows: two versions give one verdict.

use crate::clock;
use crate::deterministic::{self, NotDeterministic};
use crate::entry::{Entry, Fact, Recorded, Subject};
use ids::limits::{KIND_NAME_BYTES, SUPERSEDES};
use ids::{CommandId, EntryKey, StatedInstant};
use minicbor::{Decoder, Encoder, decode};

/// Why bytes are no entry. The fault is their author's: no honest device writes such.
#[derive(Debug, thiserror::Error)]
pub enum EntryError {
    /// Not deterministic CBOR, or over a bound.
    #[error("an entry's bytes: {0}")]
    Bytes(#[from] NotDeterministic),
    /// What every entry carries is missing or of the wrong shape.
    #[error("an entry's surroundings: {0}")]
    Surroundings(#[from] decode::Error),
    /// A field that every entry carries is missing.
    #[error("an entry lacks its {0}")]
    Missing(&'static str),
    /// More keys are superseded than one entry may.
    #[error("an entry supersedes more than {SUPERSEDES} others")]
    Supersedes,
    /// The superseded keys do not ascend, or one stands twice, or the list is empty.
    #[error("an entry's superseded keys do not ascend")]
    SupersedesOrder,
    /// The stated instant is outside the years 1 to 9999, or its offset over 18 hours.
    #[error("an entry's stated instant is out of range")]
    Stated,
    /// The kind's name is not 1 to 64 lower-case letters and underscores.
    #[error("an entry's kind has no name")]
    Kind,
}

impl Entry {
    /// The entry's bytes. `supersedes` is written ascending, each key once.
    ///
    /// Bounds are not enforced here: `validate::entry` does so, before anything is written.
    pub fn to_cbor(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(256);
        let written = self.write(&mut Encoder::new(&mut bytes));
        // Writing into memory cannot fail, and none of our types refuses to be written.
        debug_assert!(written.is_ok());
        bytes
    }

    fn write<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let mut supersedes: Vec<&EntryKey> = self.supersedes.iter().collect();
        supersedes.sort_unstable();
        supersedes.dedup();
        e.map(if supersedes.is_empty() { 6 } else { 7 })?;
        e.u8(0)?.encode(self.command)?;
        e.u8(1)?.u32(self.line)?;
        e.u8(2)?.str(self.fact.kind())?;
        e.u8(3)?.encode(self.subject)?;
        e.u8(4)?.encode(self.stated)?;
        if !supersedes.is_empty() {
            e.u8(5)?.encode(supersedes)?;
        }
        e.u8(6)?;
        self.fact.encode_body(e)
    }
}

/// Whether a fact as it was read says all that its bytes say, extras apart: a field that a newer
/// version added may change what the others mean.
fn says_all(fact: &Fact, bytes: &[u8]) -> bool {
    let mut own = Vec::with_capacity(bytes.len());
    let written = fact.encode_body(&mut Encoder::new(&mut own));
    written.is_ok() && deterministic::without_extras(bytes).is_ok_and(|kept| kept == own)
}

/// What of an entry's bytes says what it is: command, line, kind, subject and fact, as they stand.
/// Two entries of one author in one document with the same are one, made twice: by one import on two
/// tablets.
///
/// # Errors
/// As [`Recorded::from_cbor`].
pub fn content(bytes: &[u8]) -> Result<Vec<u8>, EntryError> {
    deterministic::check(bytes)?;
    let mut d = Decoder::new(bytes);
    let mut content = Vec::with_capacity(bytes.len());
    for _ in 0..d.map()?.unwrap_or(0) {
        let start = d.position();
        let key = d.u64()?;
        d.skip()?;
        if matches!(key, 0..=3 | 6) {
            content.extend_from_slice(bytes.get(start..d.position()).unwrap_or_default());
        }
    }
    Ok(content)
}

impl Recorded {
    /// Reads an entry's bytes, from anyone.
    ///
    /// # Errors
    /// When the bytes are no deterministic CBOR within the bounds of [`ids::limits`], or what every
    /// entry carries is missing or malformed. A fact that this version cannot read is no error but
    /// [`Recorded::Unknown`].
    pub fn from_cbor(bytes: &[u8]) -> Result<Recorded, EntryError> {
        deterministic::check(bytes)?;
        let around = Surroundings::read(bytes)?;
        let around_fact = around.fact;
        let fact = Fact::decode_body(&around.kind, &mut Decoder::new(around_fact));
        let Surroundings {
            command,
            line,
            kind,
            subject,
            stated,
            supersedes,
            ..
        } = around;
        Ok(match fact {
            Ok(Some(fact)) if says_all(&fact, around_fact) => Recorded::Known(Entry {
                command,
                line,
                subject,
                stated,
                supersedes,
                fact,
            }),
            Ok(_) | Err(_) => Recorded::Unknown {
                command,
                line,
                kind,
                subject,
                stated,
                supersedes,
            },
        })
    }

    /// The name of its kind.
    pub fn kind(&self) -> &str {
        match self {
            Recorded::Known(entry) => entry.fact.kind(),
            Recorded::Unknown { kind, .. } => kind,
        }
    }

    /// Whom or what it is about.
    pub fn subject(&self) -> Subject {
        match self {
            Recorded::Known(entry) => entry.subject,
            Recorded::Unknown { subject, .. } => *subject,
        }
    }

    /// When it happened, as stated.
    pub fn stated(&self) -> StatedInstant {
        match self {
            Recorded::Known(entry) => entry.stated,
            Recorded::Unknown { stated, .. } => *stated,
        }
    }

    /// What it replaces, ascending.
    pub fn supersedes(&self) -> &[EntryKey] {
        match self {
            Recorded::Known(entry) => &entry.supersedes,
            Recorded::Unknown { supersedes, .. } => supersedes,
        }
    }
}

/// What every entry carries, and the bytes of its fact.
struct Surroundings<'b> {
    command: CommandId,
    line: u32,
    kind: String,
    subject: Subject,
    stated: StatedInstant,
    supersedes: Vec<EntryKey>,
    fact: &'b [u8],
}

impl<'b> Surroundings<'b> {
    /// Reads a map that `deterministic::check` let pass. Keys not known here are skipped.
    fn read(bytes: &'b [u8]) -> Result<Self, EntryError> {
        let mut d = Decoder::new(bytes);
        let (mut command, mut line, mut kind, mut subject) = (None, None, None, None);
        let (mut stated, mut supersedes, mut fact) = (None, Vec::new(), None);
        for _ in 0..d.map()?.unwrap_or(0) {
            match d.u64()? {
                0 => command = Some(d.decode()?),
                1 => line = Some(d.u32()?),
                2 => kind = Some(checked_kind(d.str()?)?),
                3 => subject = Some(d.decode()?),
                4 => stated = Some(checked_instant(d.decode()?)?),
                5 => supersedes = superseded(&mut d)?,
                6 => {
                    let start = d.position();
                    d.skip()?;
                    fact = bytes.get(start..d.position());
                }
                _ => d.skip()?,
            }
        }
        Ok(Self {
            command: command.ok_or(EntryError::Missing("command"))?,
            line: line.ok_or(EntryError::Missing("line"))?,
            kind: kind.ok_or(EntryError::Missing("kind"))?,
            subject: subject.ok_or(EntryError::Missing("subject"))?,
            stated: stated.ok_or(EntryError::Missing("stated instant"))?,
            supersedes,
            fact: fact.ok_or(EntryError::Missing("fact"))?,
        })
    }
}

fn checked_kind(kind: &str) -> Result<String, EntryError> {
    let plain = kind.bytes().all(|c| c.is_ascii_lowercase() || c == b'_');
    let fits = (1..=KIND_NAME_BYTES).contains(&kind.len());
    if plain && fits {
        Ok(kind.to_owned())
    } else {
        Err(EntryError::Kind)
    }
}

fn checked_instant(stated: StatedInstant) -> Result<StatedInstant, EntryError> {
    if clock::is_in_range(stated) {
        Ok(stated)
    } else {
        Err(EntryError::Stated)
    }
}

fn superseded(d: &mut Decoder<'_>) -> Result<Vec<EntryKey>, EntryError> {
    let count = d.array()?.unwrap_or(0);
    let count = usize::try_from(count).map_err(|_| EntryError::Supersedes)?;
    if count > SUPERSEDES {
        return Err(EntryError::Supersedes);
    }
    let mut keys: Vec<EntryKey> = Vec::with_capacity(count);
    for _ in 0..count {
        let key = d.decode()?;
        if keys.last().is_some_and(|last| *last >= key) {
            return Err(EntryError::SupersedesOrder);
        }
        keys.push(key);
    }
    if keys.is_empty() {
        Err(EntryError::SupersedesOrder)
    } else {
        Ok(keys)
    }
}
