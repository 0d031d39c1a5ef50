//! `log.db`: what arrived and what was made here, as ciphertext and clear headers; open while the
//! tablet is locked.
//!
//! The store is a trait with one conformance suite (`conformance`), so that the simulator runs
//! the engine over a disk that fails. A change is committed as one value, in one transaction, and
//! is durable when [`LogStore::commit`] returns.

use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, LogId, PersonId, Place, RosterSeq, RunId, Seq,
    StreamId, UnixMillis,
};
use interface::StorageFault;
use wire::{Countersigned, Envelope, Receipt, SeenMark};

#[cfg(test)]
mod conformance;
mod schema;
mod setting;
mod sqlite;

pub use setting::Setting;
pub use sqlite::SqliteLog;

/// Why the disk did not do it. Nothing of the change was applied. As text for logs only: screens and
/// command lines have words of their own for [`StoreError::fault`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space.
    #[error("full")]
    Full,
    /// It cannot be written or read.
    #[error("failed: {0}")]
    Io(String),
    /// What is there is not ours, or damaged.
    #[error("damaged: {0}")]
    Corrupt(String),
    /// The bytes are of a newer version of Lamplight.
    #[error("newer: {found} > {known}")]
    Newer {
        /// What was found.
        found: i64,
        /// What this version knows.
        known: i64,
    },
}

impl StoreError {
    /// As a screen is told.
    pub fn fault(&self) -> StorageFault {
        match self {
            Self::Full => StorageFault::Full,
            Self::Io(said) => StorageFault::Failed { said: said.clone() },
            Self::Corrupt(said) => StorageFault::Damaged { said: said.clone() },
            Self::Newer { .. } => StorageFault::Newer,
        }
    }
}

/// How far one stream is verified here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamPosition {
    /// The stream.
    pub stream: StreamId,
    /// The life of the log.
    pub log_id: LogId,
    /// The last row whose chain was verified here and whose body is durable here.
    pub seq: Seq,
    /// The chain at that row.
    pub chain: ChainHash,
}

/// What became of a received envelope before anything of it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Structure, signatures and rights to be stored are in order.
    Accepted,
    /// Structure, signature or bounds are wrong: kept as a row, never applied.
    Refused,
    /// A version, kind or roster kind this version does not know: waits for an update.
    Waits,
    /// It stopped this tablet's engine: applied no more until a new version tries again.
    SetAside,
    /// It holds a change that its document does not take: another has its number, or it does not
    /// follow on what it names. Follows from the order of the log, and is judged again with it.
    Unfit,
    /// The relay said that it stood elsewhere before it lost it: waits for a version that can judge
    /// it by that place. Nothing else here remembers that it did.
    Elsewhere,
}

/// A place, and the chain as this device computed it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChainedPlace {
    /// The place.
    pub place: Place,
    /// The chain at it.
    pub chain: ChainHash,
}

/// An envelope to keep.
#[derive(Clone, Debug)]
pub struct NewEnvelope {
    /// The bytes.
    pub envelope: Envelope,
    /// What became of it.
    pub standing: Standing,
    /// Its place, when it came from the log.
    pub place: Option<ChainedPlace>,
    /// Made here: goes to the outbox, saved at this instant.
    pub outbox: Option<UnixMillis>,
}

/// An envelope as kept.
#[derive(Clone, Debug)]
pub struct StoredEnvelope {
    /// The bytes.
    pub envelope: Envelope,
    /// What became of it.
    pub standing: Standing,
    /// Its place, when it has one.
    pub place: Option<Place>,
}

/// What a local fact says about its envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactKind {
    /// It arrived or was made here.
    Arrived,
    /// It got its place.
    Placed,
    /// It was set aside, or tried again.
    Standing,
}

/// One row of the local sequence.
#[derive(Clone, Debug)]
pub struct LocalFact {
    /// Its number, ascending without reuse.
    pub number: i64,
    /// What it says.
    pub kind: FactKind,
    /// The envelope it is about.
    pub envelope: StoredEnvelope,
}

/// One envelope that waits to be stored by the relay; its bytes are asked for when they are sent.
#[derive(Clone, Debug)]
pub struct OutboxRow {
    /// Its number here: outbox rows ascend by it.
    pub number: i64,
    /// The envelope.
    pub id: EnvelopeId,
    /// Its stream.
    pub stream: StreamId,
    /// Its document.
    pub document: DocumentId,
    /// The relay's final refusal: waits under *to reconcile*.
    pub refused: Option<String>,
}

/// What the refusal of a row begins with that somebody has dealt with: it is kept and waits no more.
pub const DEALT_WITH: &str = "dealt with";

/// Whether somebody has [dealt with](DEALT_WITH) a row, by its refusal.
pub fn is_dealt_with(refused: &str) -> bool {
    refused.starts_with(DEALT_WITH)
}

/// A draft as kept: sealed, its author in clear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftRow {
    /// Its author.
    pub person: PersonId,
    /// What it is a draft of.
    pub key: String,
    /// When it was kept.
    pub at: UnixMillis,
    /// The sealed text.
    pub sealed: Vec<u8>,
}

/// A setting of the engine, and its value or `None` to forget it.
pub type SettingRow = (Setting, Option<Vec<u8>>);

/// One change of `log.db`: all of it or nothing.
#[derive(Clone, Debug, Default)]
pub struct LogChange {
    /// Settings of the engine; `None` removes.
    pub settings: Vec<SettingRow>,
    /// The roster that is kept is another device's past: forgotten before `roster` is kept.
    pub roster_anew: bool,
    /// Roster entries with their positions, ascending.
    pub roster: Vec<(RosterSeq, Countersigned)>,
    /// Wraps with the roster entry that lists them.
    pub wraps: Vec<(StreamId, RosterSeq, Vec<u8>)>,
    /// Envelopes, in the order in which they get their numbers.
    pub envelopes: Vec<NewEnvelope>,
    /// Places after these positions of their logs are forgotten, before any are kept: they were
    /// reached over own rows that no signature covered.
    pub unplaced: Vec<StreamPosition>,
    /// Envelopes kept already that now have a place.
    pub placed: Vec<(EnvelopeId, ChainedPlace)>,
    /// Envelopes whose standing changed.
    pub standing: Vec<(EnvelopeId, Standing)>,
    /// How far streams are verified now.
    pub positions: Vec<StreamPosition>,
    /// Receipts verified.
    pub receipts: Vec<Receipt>,
    /// What other devices have.
    pub seen: Vec<SeenMark>,
    /// Outbox rows the relay has vouched for.
    pub sent: Vec<EnvelopeId>,
    /// Outbox rows the relay refused for good, with its reason.
    pub refused: Vec<(EnvelopeId, String)>,
    /// Drafts to keep; an empty `sealed` forgets.
    pub drafts: Vec<DraftRow>,
}

impl LogChange {
    /// Whether there is nothing to commit.
    pub fn is_empty(&self) -> bool {
        self.settings.is_empty()
            && !self.roster_anew
            && self.roster.is_empty()
            && self.wraps.is_empty()
            && self.envelopes.is_empty()
            && self.unplaced.is_empty()
            && self.placed.is_empty()
            && self.standing.is_empty()
            && self.positions.is_empty()
            && self.receipts.is_empty()
            && self.seen.is_empty()
            && self.sent.is_empty()
            && self.refused.is_empty()
            && self.drafts.is_empty()
    }
}

/// The last envelope of a run in a document, or of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tail {
    /// Its `run_seq`.
    pub run_seq: u64,
    /// Its id.
    pub id: EnvelopeId,
}

/// The store behind `log.db`.
pub trait LogStore {
    /// Applies a change, durably, in one transaction.
    ///
    /// # Errors
    /// Nothing was applied. After [`StoreError::Io`] the caller must treat the outcome as unknown
    /// until it has read back.
    fn commit(&mut self, change: &LogChange) -> Result<(), StoreError>;

    /// A setting.
    fn setting(&self, setting: Setting) -> Result<Option<Vec<u8>>, StoreError>;

    /// The roster after a place, ascending.
    fn roster_after(&self, after: RosterSeq)
    -> Result<Vec<(RosterSeq, Countersigned)>, StoreError>;

    /// The whole roster, ascending.
    ///
    /// # Errors
    /// As [`Self::roster_after`].
    fn roster(&self) -> Result<Vec<(RosterSeq, Countersigned)>, StoreError> {
        self.roster_after(RosterSeq(0))
    }

    /// Wraps of a stream, ascending by the roster entry that lists them.
    fn wraps(&self, stream: StreamId) -> Result<Vec<(RosterSeq, Vec<u8>)>, StoreError>;

    /// How far each stream is verified.
    fn positions(&self) -> Result<Vec<StreamPosition>, StoreError>;

    /// The chain as it was computed here at a place of the stream's log.
    fn chain_at(
        &self,
        stream: StreamId,
        log_id: LogId,
        seq: Seq,
    ) -> Result<Option<ChainHash>, StoreError>;

    /// The earliest receipt of the stream's log that covers `seq`.
    fn receipt_covering(
        &self,
        stream: StreamId,
        log_id: LogId,
        seq: Seq,
    ) -> Result<Option<Receipt>, StoreError>;

    /// What other devices have.
    fn seen(&self) -> Result<Vec<SeenMark>, StoreError>;

    /// Outbox rows with a number above `after`, oldest first, at most `limit`.
    fn outbox(&self, after: i64, limit: usize) -> Result<Vec<OutboxRow>, StoreError>;

    /// How many outbox rows wait (refused ones not counted), the oldest instant, and how many were
    /// refused and are not [dealt with](DEALT_WITH).
    fn outbox_summary(&self) -> Result<(u32, Option<UnixMillis>, u32), StoreError>;

    /// Why an own envelope waits no more to be stored: the relay's final refusal, or that somebody has
    /// [dealt with](DEALT_WITH) it.
    fn refusal(&self, id: &EnvelopeId) -> Result<Option<String>, StoreError>;

    /// Envelopes of a stream with a standing other than accepted, in the order in which they came;
    /// not own work that the relay refused, which the outbox speaks of.
    fn with_standing(
        &self,
        stream: StreamId,
        standing: Standing,
    ) -> Result<Vec<EnvelopeId>, StoreError>;

    /// How many those are.
    fn count_standing(&self, stream: StreamId, standing: Standing) -> Result<u32, StoreError>;

    /// The newest of them, newest first, at most `limit`.
    fn newest_with_standing(
        &self,
        stream: StreamId,
        standing: Standing,
        limit: usize,
    ) -> Result<Vec<EnvelopeId>, StoreError>;

    /// An envelope.
    fn envelope(&self, id: &EnvelopeId) -> Result<Option<StoredEnvelope>, StoreError>;

    /// Envelopes of a stream by place, `from..=to`, with `(seq, roster_seq, id)` of each row.
    fn rows(
        &self,
        stream: StreamId,
        log_id: LogId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<(Seq, RosterSeq, EnvelopeId)>, StoreError>;

    /// Local facts of a stream after `after`, at most `limit`.
    fn facts(
        &self,
        stream: StreamId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<LocalFact>, StoreError>;

    /// How many facts of a stream come after `after`.
    fn facts_after(&self, stream: StreamId, after: i64) -> Result<u32, StoreError>;

    /// The last envelope of a device's run in a document.
    fn tail_of_run(
        &self,
        document: DocumentId,
        device: DeviceId,
        run: RunId,
    ) -> Result<Option<Tail>, StoreError>;

    /// The last envelope of a device in a document, whatever the run.
    fn tail_of_device(
        &self,
        document: DocumentId,
        device: DeviceId,
    ) -> Result<Option<Tail>, StoreError>;

    /// The highest place of an own envelope in a stream's log.
    fn newest_own_place(
        &self,
        stream: StreamId,
        log_id: LogId,
        device: DeviceId,
    ) -> Result<Option<Seq>, StoreError>;

    /// Drafts of everybody, newest first.
    fn drafts(&self) -> Result<Vec<DraftRow>, StoreError>;
}
