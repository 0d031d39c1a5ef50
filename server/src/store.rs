//! What a relay keeps, and the one trait through which it keeps it.
//!
//! A store orders nothing and judges nothing: the relay core decides, the store makes it durable
//! in one transaction or not at all. It never interprets an envelope. Every implementation passes
//! the conformance suite in `tests/stores`.

mod memory;
mod portion;
mod schema;
mod sqlite;

use bytes::Bytes;
use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, FacilityId, InviteId, LogId, RosterSeq, RunId,
    Seq, StreamId,
};
use wire::{Countersigned, SeenMark};

pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

/// Why a store did not do what it was asked. In every case nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The disk has no room. The store goes on: a later attempt may succeed.
    #[error("storage: no room left on the disk")]
    DiskFull,
    /// The disk failed to read, write or sync. The store has stopped and must be opened again.
    #[error("storage: the disk failed ({0})")]
    Io(String),
    /// The file is damaged. The store has stopped.
    #[error("storage: the database is damaged ({0})")]
    Corrupt(String),
    /// The file is something else, or of a version this program does not know.
    #[error("storage: not a relay database this program can read ({0})")]
    Foreign(String),
    /// An earlier failure stopped the store.
    #[error("storage: stopped by an earlier failure")]
    Stopped,
    /// Somebody else wrote to the store: it no longer holds what the relay believes.
    #[error("storage: changed by another writer")]
    Conflict,
    /// The store was asked for something that cannot be; a bug of ours.
    #[error("bug in the relay: {0}")]
    Bug(String),
}

impl StoreError {
    /// Whether the same call may succeed later without opening the store again.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::DiskFull)
    }
}

/// One run of one document in one stream: everything of an envelope's natural key but its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RunKey {
    /// The stream.
    pub stream: StreamId,
    /// The document.
    pub document: DocumentId,
    /// The device whose run it is.
    pub device: DeviceId,
    /// The run.
    pub run: RunId,
}

/// Where a run's envelope stands in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunPlace {
    /// Its number in the run.
    pub run_seq: u64,
    /// Its position in the stream.
    pub seq: Seq,
    /// The roster position bound to it.
    pub roster_seq: RosterSeq,
    /// Its id.
    pub id: EnvelopeId,
}

/// A row to append.
#[derive(Clone, Debug)]
pub struct NewRow {
    /// Its run (stream and document included).
    pub run: RunKey,
    /// Its place.
    pub place: RunPlace,
    /// The stream's chain including it.
    pub chain: ChainHash,
    /// The envelope, unchanged.
    pub envelope: Bytes,
}

/// Consecutive rows for one stream.
#[derive(Clone, Debug)]
pub struct StreamAppend {
    /// The facility.
    pub facility: FacilityId,
    /// The stream's head before the rows: the store refuses with [`StoreError::Conflict`] when it
    /// holds another.
    pub before: StreamHead,
    /// The rows; the first has the seq after `before.seq`.
    pub rows: Vec<NewRow>,
}

/// The end of a stream's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StreamHead {
    /// The stream.
    pub stream: StreamId,
    /// The life of its log.
    pub log_id: LogId,
    /// The last row; zero when there is none.
    pub seq: Seq,
    /// The chain up to it.
    pub chain: ChainHash,
    /// The roster position bound to it.
    pub roster_seq: RosterSeq,
}

/// A row as read back for a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRow {
    /// Its position.
    pub seq: Seq,
    /// The roster position bound to it.
    pub roster_seq: RosterSeq,
    /// The envelope.
    pub envelope: Bytes,
}

/// One wrapped key, as it came with a roster entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredWrap {
    /// The stream whose key it wraps.
    pub stream: StreamId,
    /// The roster entry that lists it.
    pub roster_seq: RosterSeq,
    /// The wrap, opaque to the relay.
    pub bytes: Bytes,
}

/// Roster entries and what comes with them, kept all together or not at all.
#[derive(Clone, Debug)]
pub struct RosterBatch {
    /// The facility.
    pub facility: FacilityId,
    /// The roster position the entries follow.
    pub expect: RosterSeq,
    /// The entries, countersigned, in order.
    pub entries: Vec<Countersigned>,
    /// The wraps they list.
    pub wraps: Vec<StoredWrap>,
    /// Streams they open, with empty logs.
    pub opened: Vec<StreamHead>,
    /// The sealed blob of an invitation among them.
    pub blob: Option<(InviteId, Bytes)>,
    /// Invitations they use up, or that are over: their blobs are erased.
    pub used: Vec<InviteId>,
}

impl RosterBatch {
    /// Bytes it takes of the facility's room.
    pub fn bytes(&self) -> u64 {
        let entries = self.entries.iter().map(|item| item.entry.len());
        let wraps = self.wraps.iter().map(|wrap| wrap.bytes.len());
        let blob = self.blob.iter().map(|(_, bytes)| bytes.len());
        entries.chain(wraps).chain(blob).map(|len| len as u64).sum()
    }
}

/// What came of a compare-and-swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Swap {
    /// Kept.
    Done,
    /// Not kept: the roster stands elsewhere.
    Conflict {
        /// Where it stands.
        head: RosterSeq,
    },
}

/// Hash of a founding token, kept so that no token founds twice.
pub type TokenHash = [u8; 32];

/// Durable storage of a relay. One writer: the relay's core thread.
///
/// Whatever returns `Ok` from a changing method is durable (synced to the disk, where there is
/// one) when it returns.
pub trait LogStore: Send {
    /// The facilities kept here, in no particular order.
    ///
    /// # Errors
    /// As [`StoreError`] says; so for every method.
    fn facilities(&mut self) -> Result<Vec<FacilityId>, StoreError>;

    /// Makes a facility of its first roster batch. `Ok(false)`: the facility exists, or the token
    /// was used before; nothing was kept.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn found(&mut self, token: TokenHash, batch: &RosterBatch) -> Result<bool, StoreError>;

    /// Appends to a facility's roster if it still stands at `batch.expect`.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn append_roster(&mut self, batch: &RosterBatch) -> Result<Swap, StoreError>;

    /// Roster entries after a position, oldest first, until `max_bytes` is reached (at least one).
    /// Of a facility that is not kept here there are none.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn roster(
        &mut self,
        facility: FacilityId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<Countersigned>, StoreError>;

    /// The heads of a facility's streams, in the order they were opened.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn heads(&mut self, facility: FacilityId) -> Result<Vec<StreamHead>, StoreError>;

    /// Bytes a facility has stored: envelopes, roster entries, wraps and invitations' blobs.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn usage(&mut self, facility: FacilityId) -> Result<u64, StoreError>;

    /// The newest envelope of a run.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn run_head(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
    ) -> Result<Option<RunPlace>, StoreError>;

    /// One envelope of a run by its number.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn run_place(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
        run_seq: u64,
    ) -> Result<Option<RunPlace>, StoreError>;

    /// Appends rows to any number of streams in one transaction.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn append(&mut self, batch: &[StreamAppend]) -> Result<(), StoreError>;

    /// Rows of a stream from a position on, until `max_bytes` is reached (at least one).
    ///
    /// # Errors
    /// See [`StoreError`].
    fn rows(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        from: Seq,
        max_bytes: usize,
    ) -> Result<Vec<StoredRow>, StoreError>;

    /// Wraps of a stream listed after a roster position, oldest first, until `max_bytes` is
    /// reached; a roster entry's wraps are never divided.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn wraps(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        after: RosterSeq,
        max_bytes: usize,
    ) -> Result<Vec<StoredWrap>, StoreError>;

    /// The sealed blob of an open invitation.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn invite_blob(
        &mut self,
        facility: FacilityId,
        invite: InviteId,
    ) -> Result<Option<Bytes>, StoreError>;

    /// The facility that an open invitation belongs to: its link names only the invitation.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn facility_of_invite(&mut self, invite: InviteId) -> Result<Option<FacilityId>, StoreError>;

    /// Keeps marks, one per (device, stream): a later call replaces an earlier.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn keep_seen(&mut self, facility: FacilityId, marks: &[SeenMark]) -> Result<(), StoreError>;

    /// All marks of a facility.
    ///
    /// # Errors
    /// See [`StoreError`].
    fn seen(&mut self, facility: FacilityId) -> Result<Vec<SeenMark>, StoreError>;
}
