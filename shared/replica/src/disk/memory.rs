//! A disk in memory that outlives the engine and fails on request: what the simulator runs on.
//!
//! `log.db` is the real [`SqliteLog`]; faults stand between it and the engine. Views are derived
//! and begin empty at every start, so that every start also proves that they can be built again;
//! unless they are to be kept ([`FaultPlan::views_are_kept`]).

use super::{Attached, Disk, attach};
use crate::log::{
    DraftRow, LocalFact, LogChange, LogStore, OutboxRow, Setting, SqliteLog, Standing, StoreError,
    StoredEnvelope, StreamPosition, Tail,
};
use ids::{
    ChainHash, DeviceId, DocumentId, EnvelopeId, LogId, RosterSeq, RunId, Seq, StreamId, UnixMillis,
};
use rusqlite::Connection;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use vault::FileKey;
use wire::{Countersigned, Receipt, SeenMark};

/// What a commit does instead of succeeding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fault {
    /// The disk is full: nothing is written.
    Full,
    /// An error before anything was written.
    FailBefore,
    /// Everything was written, and then an error was reported.
    FailAfter,
    /// The process dies before anything was written.
    CrashBefore,
    /// The process dies after everything was written.
    CrashAfter,
}

/// Which commits fail, and how often each fault fired.
#[derive(Debug, Default)]
pub struct FaultPlan {
    /// The next faults: a number of commits that succeed first, then the fault.
    pub next: Option<(u32, Fault)>,
    /// An envelope whose reading traps: the process dies when it is durably noted that this one
    /// is tried, before it is applied.
    pub fatal: Option<EnvelopeId>,
    /// An envelope that cannot be read.
    pub unreadable: Option<EnvelopeId>,
    /// Envelopes cannot be counted by their standing.
    pub uncountable: bool,
    /// Views cannot be removed.
    pub views_stay: bool,
    /// Views outlive the engine, as on a real disk.
    pub views_are_kept: bool,
    /// Every fault that fired, in order.
    pub fired: Vec<Fault>,
    /// Whether the process is to be taken for dead.
    pub crashed: bool,
    /// Commits that were durable.
    pub commits: u64,
    /// Every change that was made durable, in order, when somebody wants them: see
    /// [`MemoryDisk::of`].
    pub history: Option<Vec<LogChange>>,
}

impl FaultPlan {
    fn committed(&mut self, change: &LogChange) {
        self.commits += 1;
        if let Some(history) = &mut self.history {
            history.push(change.clone());
        }
    }
}

/// A disk in memory. Clones share the same disk.
#[derive(Clone, Default)]
pub struct MemoryDisk {
    log: Rc<RefCell<Option<SqliteLog>>>,
    plan: Rc<RefCell<FaultPlan>>,
    /// Views that are kept, each by a connection that nobody uses.
    views: Rc<RefCell<BTreeMap<String, Connection>>>,
}

impl MemoryDisk {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// A disk that holds what these changes made: a copy of another whose history was kept, or
    /// its state of an earlier day.
    ///
    /// # Errors
    /// As [`LogStore::commit`].
    pub fn of(changes: &[LogChange]) -> Result<Self, StoreError> {
        let mut log = SqliteLog::open(connection("log")?, "log")?;
        for change in changes {
            log.commit(change)?;
        }
        Ok(Self {
            log: Rc::new(RefCell::new(Some(log))),
            ..Self::default()
        })
    }

    /// The plan of faults, shared with every store opened from this disk.
    pub fn plan(&self) -> Rc<RefCell<FaultPlan>> {
        Rc::clone(&self.plan)
    }

    /// Damages the changes that a kept view has of its documents.
    pub fn damage_view(&self, name: &str) {
        let views = self.views.borrow();
        let damage = format!("UPDATE {}.chunks SET bytes = x'00'", name.replace('-', "_"));
        let damaged = views.get(name).map(|view| view.execute_batch(&damage));
        debug_assert!(matches!(damaged, Some(Ok(()))), "no such view: {damaged:?}");
    }
}

fn connection(schema: &str) -> Result<Connection, StoreError> {
    connection_to(":memory:", schema)
}

fn connection_to(file: &str, schema: &str) -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory().map_err(|e| attach::fault(&e))?;
    connection
        .execute_batch(&format!(
            "ATTACH '{file}' AS {schema}; PRAGMA temp_store = MEMORY;"
        ))
        .map_err(|e| attach::fault(&e))?;
    Ok(connection)
}

impl Disk for MemoryDisk {
    fn open_log(&mut self, _: &FileKey) -> Result<Box<dyn LogStore>, StoreError> {
        let mut slot = self.log.borrow_mut();
        if slot.is_none() {
            *slot = Some(SqliteLog::open(connection("log")?, "log")?);
        }
        self.plan.borrow_mut().crashed = false;
        Ok(Box::new(FaultyLog {
            log: Rc::clone(&self.log),
            plan: Rc::clone(&self.plan),
        }))
    }

    fn open_view(&mut self, name: &str, _: &FileKey) -> Result<Attached, StoreError> {
        let schema = name.replace('-', "_");
        if !self.plan.borrow().views_are_kept {
            return Ok(Attached {
                connection: connection(&schema)?,
                schema,
            });
        }
        let place = Rc::as_ptr(&self.plan) as usize;
        let file = format!("file:{name}-{place}?mode=memory&cache=shared");
        let mut views = self.views.borrow_mut();
        if !views.contains_key(name) {
            views.insert(name.to_owned(), connection_to(&file, &schema)?);
        }
        Ok(Attached {
            connection: connection_to(&file, &schema)?,
            schema,
        })
    }

    fn remove_view(&mut self, name: &str) -> Result<(), StoreError> {
        if self.plan.borrow().views_stay {
            return Err(StoreError::Io("delete failed".into()));
        }
        self.views.borrow_mut().remove(name);
        Ok(())
    }
}

/// Whether a change notes that this envelope is tried now.
fn tries(change: &LogChange, id: &EnvelopeId) -> bool {
    let rows = change.settings.iter().filter_map(|(setting, row)| {
        let row = row.as_deref()?;
        match setting {
            Setting::Alone(_) => Some(row),
            // Its first byte says whether all that waits is tried as well.
            Setting::Trying(_) => row.get(1..),
            _ => None,
        }
    });
    rows.flat_map(|row| row.chunks(EnvelopeId::LEN))
        .any(|noted| noted == id.as_bytes())
}

/// The real store behind a plan of faults.
struct FaultyLog {
    log: Rc<RefCell<Option<SqliteLog>>>,
    plan: Rc<RefCell<FaultPlan>>,
}

impl FaultyLog {
    fn read<T>(
        &self,
        read: impl FnOnce(&SqliteLog) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        match self.log.borrow().as_ref() {
            Some(log) if !self.plan.borrow().crashed => read(log),
            _ => Err(StoreError::Io("the disk is gone".into())),
        }
    }
}

impl LogStore for FaultyLog {
    fn commit(&mut self, change: &LogChange) -> Result<(), StoreError> {
        let mut slot = self.log.borrow_mut();
        let mut plan = self.plan.borrow_mut();
        let Some(log) = slot.as_mut().filter(|_| !plan.crashed) else {
            return Err(StoreError::Io("the disk is gone".into()));
        };
        let fault = match &mut plan.next {
            Some((0, fault)) => Some(*fault),
            Some((left, _)) => {
                *left -= 1;
                None
            }
            None => None,
        };
        let fatal = plan.fatal.filter(|id| tries(change, id));
        let fault = fault.or(fatal.map(|_| Fault::CrashAfter));
        let Some(fault) = fault else {
            log.commit(change)?;
            plan.committed(change);
            return Ok(());
        };
        plan.next = None;
        plan.fired.push(fault);
        let error = match fault {
            Fault::Full => return Err(StoreError::Full),
            Fault::FailBefore => return Err(StoreError::Io("write failed".into())),
            Fault::FailAfter => {
                log.commit(change)?;
                plan.committed(change);
                return Err(StoreError::Io("sync failed".into()));
            }
            Fault::CrashBefore => StoreError::Io("crash".into()),
            Fault::CrashAfter => {
                log.commit(change)?;
                plan.committed(change);
                StoreError::Io("crash".into())
            }
        };
        plan.crashed = true;
        Err(error)
    }

    fn setting(&self, setting: Setting) -> Result<Option<Vec<u8>>, StoreError> {
        self.read(|log| log.setting(setting))
    }
    fn roster_after(
        &self,
        after: RosterSeq,
    ) -> Result<Vec<(RosterSeq, Countersigned)>, StoreError> {
        self.read(|log| log.roster_after(after))
    }
    fn wraps(&self, stream: StreamId) -> Result<Vec<(RosterSeq, Vec<u8>)>, StoreError> {
        self.read(|log| log.wraps(stream))
    }
    fn positions(&self) -> Result<Vec<StreamPosition>, StoreError> {
        self.read(LogStore::positions)
    }
    fn chain_at(
        &self,
        stream: StreamId,
        log_id: LogId,
        seq: Seq,
    ) -> Result<Option<ChainHash>, StoreError> {
        self.read(|log| log.chain_at(stream, log_id, seq))
    }
    fn receipt_covering(
        &self,
        stream: StreamId,
        log_id: LogId,
        seq: Seq,
    ) -> Result<Option<Receipt>, StoreError> {
        self.read(|log| log.receipt_covering(stream, log_id, seq))
    }
    fn seen(&self) -> Result<Vec<SeenMark>, StoreError> {
        self.read(LogStore::seen)
    }
    fn outbox(&self, after: i64, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        self.read(|log| log.outbox(after, limit))
    }
    fn outbox_summary(&self) -> Result<(u32, Option<UnixMillis>, u32), StoreError> {
        self.read(LogStore::outbox_summary)
    }
    fn refusal(&self, id: &EnvelopeId) -> Result<Option<String>, StoreError> {
        self.read(|log| log.refusal(id))
    }
    fn with_standing(
        &self,
        stream: StreamId,
        standing: Standing,
    ) -> Result<Vec<EnvelopeId>, StoreError> {
        self.read(|log| log.with_standing(stream, standing))
    }
    fn count_standing(&self, stream: StreamId, standing: Standing) -> Result<u32, StoreError> {
        if self.plan.borrow().uncountable {
            return Err(StoreError::Io("read failed".into()));
        }
        self.read(|log| log.count_standing(stream, standing))
    }
    fn newest_with_standing(
        &self,
        stream: StreamId,
        standing: Standing,
        limit: usize,
    ) -> Result<Vec<EnvelopeId>, StoreError> {
        self.read(|log| log.newest_with_standing(stream, standing, limit))
    }
    fn envelope(&self, id: &EnvelopeId) -> Result<Option<StoredEnvelope>, StoreError> {
        if self.plan.borrow().unreadable == Some(*id) {
            return Err(StoreError::Io("read failed".into()));
        }
        self.read(|log| log.envelope(id))
    }
    fn rows(
        &self,
        stream: StreamId,
        log_id: LogId,
        from: Seq,
        to: Seq,
    ) -> Result<Vec<(Seq, RosterSeq, EnvelopeId)>, StoreError> {
        self.read(|log| log.rows(stream, log_id, from, to))
    }
    fn facts(
        &self,
        stream: StreamId,
        after: i64,
        limit: usize,
    ) -> Result<Vec<LocalFact>, StoreError> {
        self.read(|log| log.facts(stream, after, limit))
    }
    fn facts_after(&self, stream: StreamId, after: i64) -> Result<u32, StoreError> {
        self.read(|log| log.facts_after(stream, after))
    }
    fn tail_of_run(
        &self,
        document: DocumentId,
        device: DeviceId,
        run: RunId,
    ) -> Result<Option<Tail>, StoreError> {
        self.read(|log| log.tail_of_run(document, device, run))
    }
    fn tail_of_device(
        &self,
        document: DocumentId,
        device: DeviceId,
    ) -> Result<Option<Tail>, StoreError> {
        self.read(|log| log.tail_of_device(document, device))
    }
    fn newest_own_place(
        &self,
        stream: StreamId,
        log_id: LogId,
        device: DeviceId,
    ) -> Result<Option<Seq>, StoreError> {
        self.read(|log| log.newest_own_place(stream, log_id, device))
    }
    fn drafts(&self) -> Result<Vec<DraftRow>, StoreError> {
        self.read(LogStore::drafts)
    }
}
