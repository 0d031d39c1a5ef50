//! The pool of files in OPFS that SQLite writes to, page-encrypted.

use interface::CannotStart;
use replica::disk::OpfsDisk;
use sqlite_wasm_rs::vfs::VfsFilesManager;
use sqlite_wasm_rs::{WasmOsCallback, sqlite3_vfs_find, sqlite3mc_vfs_create};
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, OpfsSAHPoolUtil, install};
use std::ffi::{CString, c_int};
use wasm_bindgen_futures::JsFuture;

/// The plain pool; `multipleciphers-opfs` stands on it.
const POOL: &str = "opfs";
/// Files: three databases with their journals, and room for temporary ones.
const FILES: usize = 16;
/// The worker before this one may still hold the files; it is gone within this many tries.
const TRIES: u32 = 100;
/// Milliseconds between two tries.
const PAUSE_MS: i32 = 50;

/// The files of this browser profile.
pub(crate) struct Pool {
    files: OpfsSAHPoolUtil,
}

impl Pool {
    /// Installs the pool.
    ///
    /// # Errors
    /// What the browser said.
    pub(crate) async fn install() -> Result<Self, CannotStart> {
        let settings = OpfsSAHPoolCfgBuilder::new()
            .vfs_name(POOL)
            .directory("lamplight")
            .initial_capacity(FILES)
            .build();
        let mut tries = 0;
        let files = loop {
            match install::<WasmOsCallback>(&settings, true).await {
                Ok(files) => break files,
                Err(error) if tries >= TRIES => return Err(failed(&error)),
                Err(_) => {
                    tries += 1;
                    pause(PAUSE_MS).await;
                }
            }
        };
        let room = files.ensure_capacity(FILES).await;
        room.map_err(|error| failed(&error))?;
        encrypt()?;
        Ok(Self { files })
    }

    /// The disk over it.
    pub(crate) fn disk(&self) -> OpfsDisk {
        OpfsDisk::new(Box::new(remove))
    }

    /// Whether no file was ever written, or all were removed.
    ///
    /// # Errors
    /// What the browser said.
    pub(crate) fn is_empty(&self) -> Result<bool, CannotStart> {
        let files = self.files.len().map_err(|error| failed(&error))?;
        Ok(files == 0)
    }

    /// Removes every file. None may be open.
    ///
    /// # Errors
    /// What the browser said.
    pub(crate) fn empty(&self) -> Result<(), CannotStart> {
        self.files.clear().map_err(|error| failed(&error))
    }
}

fn failed(error: &impl ToString) -> CannotStart {
    CannotStart::Storage {
        said: error.to_string(),
    }
}

#[allow(unsafe_code)]
fn encrypt() -> Result<(), CannotStart> {
    let name = CString::new(POOL).map_err(|error| failed(&error))?;
    // SAFETY: the name is a valid C string for the length of the call; SQLite copies it.
    let code = unsafe { sqlite3mc_vfs_create(name.as_ptr(), 0) };
    if code == 0 {
        Ok(())
    } else {
        Err(failed(&format!("sqlite3mc {code}")))
    }
}

/// SQLite's code for "nothing was there to delete".
const NOTHING_THERE: c_int = 5_898;

/// Deletes a file of the pool; an absent one is no error.
#[allow(unsafe_code)]
fn remove(file: &str) -> Result<(), String> {
    let pool = CString::new(POOL).map_err(|error| error.to_string())?;
    let file = CString::new(file).map_err(|error| error.to_string())?;
    // SAFETY: both names live until the end of the block; the VFS was registered by `disk` and is
    // never unregistered; `xDelete` is called as SQLite calls it.
    let code = unsafe {
        let vfs = sqlite3_vfs_find(pool.as_ptr());
        let delete = vfs.as_ref().and_then(|found| found.xDelete);
        let delete = delete.ok_or("pool")?;
        delete(vfs, file.as_ptr(), 1)
    };
    match code {
        0 | NOTHING_THERE => Ok(()),
        code => Err(format!("xDelete {code}")),
    }
}

async fn pause(millis: i32) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        let _ =
            crate::scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    let _ = JsFuture::from(waited).await;
}
