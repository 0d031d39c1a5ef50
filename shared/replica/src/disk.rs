//! Where databases lie: a folder, the browser's OPFS pool, or memory.
//!
//! Every file is page-encrypted under a key of its own and attached to a connection of its own,
//! whose main database is an empty one in memory. One connection, one file, one writer.

use crate::log::{LogStore, StoreError};
use rusqlite::Connection;
use vault::FileKey;

mod attach;
#[cfg(not(target_arch = "wasm32"))]
mod folder;
mod memory;
#[cfg(target_arch = "wasm32")]
mod opfs;

#[cfg(not(target_arch = "wasm32"))]
pub use folder::FolderDisk;
pub use memory::{Fault, FaultPlan, MemoryDisk};
#[cfg(target_arch = "wasm32")]
pub use opfs::OpfsDisk;

/// An attached file: the connection and the schema name it is attached under.
pub struct Attached {
    /// The connection.
    pub connection: Connection,
    /// The schema name.
    pub schema: String,
}

/// Where databases lie.
pub trait Disk {
    /// Opens `log.db`, creating it when absent.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] when the key does not fit or the file is not ours.
    fn open_log(&mut self, key: &FileKey) -> Result<Box<dyn LogStore>, StoreError>;

    /// Opens the file of a view, creating it when absent.
    ///
    /// # Errors
    /// As [`Self::open_log`].
    fn open_view(&mut self, name: &str, key: &FileKey) -> Result<Attached, StoreError>;

    /// Removes the file of a view; no error when it is absent.
    ///
    /// # Errors
    /// When the disk will not.
    fn remove_view(&mut self, name: &str) -> Result<(), StoreError>;
}
