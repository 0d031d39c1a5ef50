//! The relay: its real core over its real store, which can be full, and which survives the core.

use super::dice::Dice;
use bytes::Bytes;
use ed25519_dalek::{Signer, SigningKey};
use ids::{
    EnvelopeId, FacilityId, InviteId, LogId, RosterSeq, Seq, Signature, SigningPublic, StreamId,
    UnixMillis,
};
use server::relay::Counts;
use server::store::{
    RosterBatch, RunKey, RunPlace, StoredRow, StoredWrap, StreamAppend, StreamHead, Swap, TokenHash,
};
use server::{ConnId, LogStore, Output, Relay, Settings, SqliteStore, StoreError, Uptime};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;
use wire::{Countersigned, SeenMark};

/// The embedded store, and a disk below it that has no room for so many writes.
pub struct ShakyStore {
    store: SqliteStore,
    full: Arc<AtomicU32>,
    fired: Arc<AtomicU32>,
}

impl ShakyStore {
    fn room(&self) -> Result<(), StoreError> {
        let full = self.full.load(Ordering::Relaxed);
        if full == 0 {
            return Ok(());
        }
        self.full.store(full - 1, Ordering::Relaxed);
        self.fired.fetch_add(1, Ordering::Relaxed);
        Err(StoreError::DiskFull)
    }
}

impl LogStore for ShakyStore {
    fn facilities(&mut self) -> Result<Vec<FacilityId>, StoreError> {
        self.store.facilities()
    }
    fn found(&mut self, token: TokenHash, batch: &RosterBatch) -> Result<bool, StoreError> {
        self.store.found(token, batch)
    }
    fn append_roster(&mut self, batch: &RosterBatch) -> Result<Swap, StoreError> {
        self.room()?;
        self.store.append_roster(batch)
    }
    fn roster(
        &mut self,
        facility: FacilityId,
        after: RosterSeq,
        max: usize,
    ) -> Result<Vec<Countersigned>, StoreError> {
        self.store.roster(facility, after, max)
    }
    fn heads(&mut self, facility: FacilityId) -> Result<Vec<StreamHead>, StoreError> {
        self.store.heads(facility)
    }
    fn usage(&mut self, facility: FacilityId) -> Result<u64, StoreError> {
        self.store.usage(facility)
    }
    fn run_head(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
    ) -> Result<Option<RunPlace>, StoreError> {
        self.store.run_head(facility, run)
    }
    fn run_place(
        &mut self,
        facility: FacilityId,
        run: &RunKey,
        seq: u64,
    ) -> Result<Option<RunPlace>, StoreError> {
        self.store.run_place(facility, run, seq)
    }
    fn append(&mut self, batch: &[StreamAppend]) -> Result<(), StoreError> {
        self.room()?;
        self.store.append(batch)
    }
    fn rows(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        from: Seq,
        max: usize,
    ) -> Result<Vec<StoredRow>, StoreError> {
        self.store.rows(facility, stream, from, max)
    }
    fn wraps(
        &mut self,
        facility: FacilityId,
        stream: StreamId,
        after: RosterSeq,
        max: usize,
    ) -> Result<Vec<StoredWrap>, StoreError> {
        self.store.wraps(facility, stream, after, max)
    }
    fn invite_blob(
        &mut self,
        facility: FacilityId,
        invite: InviteId,
    ) -> Result<Option<Bytes>, StoreError> {
        self.store.invite_blob(facility, invite)
    }
    fn facility_of_invite(&mut self, invite: InviteId) -> Result<Option<FacilityId>, StoreError> {
        self.store.facility_of_invite(invite)
    }
    fn keep_seen(&mut self, facility: FacilityId, marks: &[SeenMark]) -> Result<(), StoreError> {
        self.store.keep_seen(facility, marks)
    }
    fn seen(&mut self, facility: FacilityId) -> Result<Vec<SeenMark>, StoreError> {
        self.store.seen(facility)
    }
}

/// One envelope as a relay stored it, or as a client says that it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stored {
    /// Its stream.
    pub stream: StreamId,
    /// Its place there.
    pub seq: Seq,
    /// Its id.
    pub id: EnvelopeId,
}

/// Every envelope in a relay's database, by stream and place.
pub fn stored(database: &Path) -> Vec<Stored> {
    let mut store = SqliteStore::open(database).unwrap();
    let mut out = Vec::new();
    for facility in store.facilities().unwrap() {
        for head in store.heads(facility).unwrap() {
            let mut from = Seq(1);
            while from <= head.seq {
                for row in store.rows(facility, head.stream, from, 1 << 20).unwrap() {
                    let envelope = wire::Envelope::parse(row.envelope).unwrap();
                    out.push(Stored {
                        stream: head.stream,
                        seq: row.seq,
                        id: envelope.id(),
                    });
                    from = Seq(row.seq.0 + 1);
                }
            }
        }
    }
    out
}

/// How many entries the roster of a relay's one facility has.
pub(super) fn roster_length(database: &Path) -> RosterSeq {
    let mut store = SqliteStore::open(database).unwrap();
    let mut length = RosterSeq(0);
    for facility in store.facilities().unwrap() {
        loop {
            let more = store.roster(facility, length, 1 << 20).unwrap();
            if more.is_empty() {
                break;
            }
            length.0 += more.len() as u64;
        }
    }
    length
}

/// The relay and what it keeps.
pub struct RelayHost {
    relay: Relay<ShakyStore>,
    key: [u8; 32],
    log_id: LogId,
    folder: TempDir,
    full: Arc<AtomicU32>,
    fired: Arc<AtomicU32>,
    dice: Dice,
}

impl RelayHost {
    /// A relay with this key over a database, or an empty one.
    pub fn new(key: [u8; 32], log_id: LogId, database: Option<&[u8]>, dice: Dice) -> Self {
        let folder = memory_folder();
        if let Some(bytes) = database {
            std::fs::write(folder.path().join("relay.db"), bytes).unwrap();
        }
        let (full, fired) = (Arc::default(), Arc::default());
        let relay = open(&folder, key, log_id, &full, &fired);
        Self {
            relay,
            key,
            log_id,
            folder,
            full,
            fired,
            dice,
        }
    }

    /// Its public key.
    pub fn key(&self) -> SigningPublic {
        self.relay.public_key()
    }

    /// Lets whoever holds the token found one facility.
    pub fn offer_founding(&mut self, token: [u8; 16]) {
        self.relay.offer_founding(&token);
    }

    /// What happened at it, in numbers; begins again with every restart.
    pub fn counts(&self) -> Counts {
        *self.relay.counts()
    }

    /// Its database file.
    pub fn database(&self) -> PathBuf {
        self.folder.path().join("relay.db")
    }

    /// Its database closed and read: what a copy of the world begins with.
    pub fn into_database(self) -> Vec<u8> {
        let path = self.database();
        drop(self.relay);
        std::fs::read(path).unwrap()
    }

    /// Its disk has no room for the next so many writes.
    pub fn fill_disk(&mut self, writes: u32) {
        self.full.store(writes, Ordering::Relaxed);
    }

    /// How many writes found no room.
    pub fn times_full(&self) -> u32 {
        self.fired.load(Ordering::Relaxed)
    }

    /// Signs as the relay.
    pub(super) fn sign(&self, message: &[u8]) -> Signature {
        let signature = SigningKey::from_bytes(&self.key).sign(message);
        Signature::from_bytes(signature.to_bytes())
    }

    /// The process dies where it stands and starts again on the same disk; something happens to
    /// its database in between.
    pub fn restart_with(&mut self, meanwhile: impl FnOnce(&Path)) {
        // The old core lets go of the file before the new one opens it.
        let nowhere = Relay::new(
            ShakyStore {
                store: SqliteStore::open(&self.folder.path().join("nowhere.db")).unwrap(),
                full: Arc::default(),
                fired: Arc::default(),
            },
            SigningKey::from_bytes(&self.key),
            self.log_id,
            Settings::default(),
        );
        drop(std::mem::replace(&mut self.relay, nowhere));
        meanwhile(&self.database());
        self.relay = open(&self.folder, self.key, self.log_id, &self.full, &self.fired);
    }

    pub(super) fn connect(&mut self, conn: ConnId, now: UnixMillis) {
        self.relay.connect(conn, Uptime(now.0));
    }

    pub(super) fn receive(&mut self, conn: ConnId, frame: Bytes, now: UnixMillis) {
        self.relay.receive(conn, frame, now, &mut self.dice);
    }

    pub(super) fn disconnect(&mut self, conn: ConnId) {
        self.relay.disconnect(conn);
    }

    pub(super) fn pause(&mut self, conn: ConnId) {
        self.relay.pause(conn);
    }

    pub(super) fn resume(&mut self, conn: ConnId) {
        self.relay.resume(conn);
    }

    pub(super) fn drain(&mut self, after: std::time::Duration) {
        self.relay.drain(after);
    }

    pub(super) fn tick(&mut self, now: UnixMillis) {
        self.relay.tick(now, Uptime(now.0));
    }

    /// One commit; whether another has something to do.
    pub(super) fn commit(&mut self, now: UnixMillis) -> bool {
        self.relay.commit(now);
        let failure = self.relay.take_failure();
        assert!(failure.is_none(), "the relay's store failed: {failure:?}");
        !self.relay.is_idle()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.relay.is_idle()
    }

    pub(super) fn output(&mut self) -> Vec<Output> {
        self.relay.take_output()
    }
}

fn open(
    folder: &TempDir,
    key: [u8; 32],
    log_id: LogId,
    full: &Arc<AtomicU32>,
    fired: &Arc<AtomicU32>,
) -> Relay<ShakyStore> {
    let store = SqliteStore::open(&folder.path().join("relay.db")).unwrap();
    let store = ShakyStore {
        store,
        full: Arc::clone(full),
        fired: Arc::clone(fired),
    };
    Relay::new(
        store,
        SigningKey::from_bytes(&key),
        log_id,
        Settings::default(),
    )
}

/// A folder in memory where the machine has one: the store syncs every commit, and what is shown
/// here does not depend on a disk.
fn memory_folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}
