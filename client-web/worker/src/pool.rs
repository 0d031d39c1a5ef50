//! The pool of files in OPFS that SQLite writes to, page-encrypted.

use replica::disk::OpfsDisk;
use sqlite_wasm_rs::{WasmOsCallback, sqlite3_vfs_find, sqlite3mc_vfs_create};
use sqlite_wasm_vfs::sahpool::{OpfsSAHPoolCfgBuilder, install};
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

/// Installs the pool and returns the disk over it.
///
/// # Errors
/// What the browser said.
pub(crate) async fn disk() -> Result<OpfsDisk, String> {
    let settings = OpfsSAHPoolCfgBuilder::new()
        .vfs_name(POOL)
        .directory("lamplight")
        .initial_capacity(FILES)
        .build();
    let mut tries = 0;
    let pool = loop {
        match install::<WasmOsCallback>(&settings, true).await {
            Ok(pool) => break pool,
            Err(error) if tries >= TRIES => return Err(error.to_string()),
            Err(_) => {
                tries += 1;
                pause(PAUSE_MS).await;
            }
        }
    };
    pool.ensure_capacity(FILES)
        .await
        .map_err(|error| error.to_string())?;
    encrypt()?;
    Ok(OpfsDisk::new(Box::new(remove)))
}

#[allow(unsafe_code)]
fn encrypt() -> Result<(), String> {
    let name = CString::new(POOL).map_err(|_| "name".to_owned())?;
    // SAFETY: the name is a valid C string for the length of the call; SQLite copies it.
    let code = unsafe { sqlite3mc_vfs_create(name.as_ptr(), 0) };
    if code == 0 {
        Ok(())
    } else {
        Err(format!("encryption could not be installed ({code})"))
    }
}

/// SQLite's code for "nothing was there to delete".
const NOTHING_THERE: c_int = 5_898;

/// Deletes a file of the pool; an absent one is no error.
#[allow(unsafe_code)]
fn remove(file: &str) -> Result<(), String> {
    let pool = CString::new(POOL).map_err(|_| "name".to_owned())?;
    let file = CString::new(file).map_err(|_| "name".to_owned())?;
    // SAFETY: both names live until the end of the block; the VFS was registered by `disk` and is
    // never unregistered; `xDelete` is called as SQLite calls it.
    let code = unsafe {
        let vfs = sqlite3_vfs_find(pool.as_ptr());
        let delete = vfs.as_ref().and_then(|found| found.xDelete);
        let delete = delete.ok_or("the pool of files is gone")?;
        delete(vfs, file.as_ptr(), 1)
    };
    match code {
        0 | NOTHING_THERE => Ok(()),
        code => Err(format!("a file could not be deleted ({code})")),
    }
}

async fn pause(millis: i32) {
    let waited = js_sys::Promise::new(&mut |resolve, _| {
        let _ =
            crate::scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis);
    });
    let _ = JsFuture::from(waited).await;
}
