//! A home folder: `device.key` (mode 0600), `relay` (the relay's origin), `log.db` and the views.
//! One process at a time holds it.

use replica::disk::FolderDisk;
use replica::{Engine, NoRandom, OpenError, PlatformKey, Random};
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

/// Why a home could not be opened. The words for people are the command line's.
#[derive(Debug, thiserror::Error)]
pub enum HomeError {
    /// The folder cannot be read or written.
    #[error("home folder: {0}")]
    Io(#[from] io::Error),
    /// There is no home in this folder.
    #[error("no home: {0}")]
    Missing(PathBuf),
    /// Another process has it open.
    #[error("in use")]
    InUse,
    /// The key file is not 32 bytes.
    #[error("device.key")]
    Key,
    /// The engine would not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// No randomness.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
}

/// An open home. Dropping it lets go of the lock.
pub struct Home {
    folder: PathBuf,
    _lock: File,
}

/// The operating system's randomness.
pub struct SystemRandom;

impl Random for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), NoRandom> {
        getrandom::fill(bytes).map_err(|_| NoRandom)
    }
}

/// Now, by this machine's clock.
pub fn now() -> ids::UnixMillis {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    ids::UnixMillis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Home {
    /// Opens a home that was made before, and makes nothing: a mistyped folder is no new device.
    ///
    /// # Errors
    /// [`HomeError::Missing`], and as [`Self::open`].
    pub fn open_existing(folder: &Path) -> Result<Self, HomeError> {
        if !folder.join("device.key").is_file() {
            return Err(HomeError::Missing(folder.to_owned()));
        }
        Self::open(folder)
    }

    /// Opens or makes the folder and takes its lock.
    ///
    /// # Errors
    /// [`HomeError::InUse`], [`HomeError::Io`].
    pub fn open(folder: &Path) -> Result<Self, HomeError> {
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .mode(0o600)
            .open(folder.join("lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                folder: folder.to_owned(),
                _lock: lock,
            }),
            Err(std::fs::TryLockError::WouldBlock) => Err(HomeError::InUse),
            Err(std::fs::TryLockError::Error(error)) => Err(error.into()),
        }
    }

    /// The engine over this folder.
    ///
    /// # Errors
    /// [`HomeError`].
    pub fn engine(&self) -> Result<Engine, HomeError> {
        let key = self.platform_key()?;
        let disk = FolderDisk::new(&self.folder);
        Ok(Engine::open(
            Box::new(disk),
            key,
            Box::new(SystemRandom),
            now(),
        )?)
    }

    fn platform_key(&self) -> Result<PlatformKey, HomeError> {
        let path = self.folder.join("device.key");
        match File::open(&path) {
            Ok(mut file) => {
                let mut bytes = Zeroizing::new([0u8; 33]);
                let mut length = 0;
                while let Some(rest) = bytes.get_mut(length..).filter(|rest| !rest.is_empty()) {
                    match file.read(rest)? {
                        0 => break,
                        read => length += read,
                    }
                }
                let key: [u8; 32] = bytes
                    .get(..length)
                    .and_then(|bytes| bytes.try_into().ok())
                    .ok_or(HomeError::Key)?;
                Ok(PlatformKey::from_bytes(&key))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let mut bytes = Zeroizing::new([0u8; 32]);
                SystemRandom.fill(bytes.as_mut_slice())?;
                self.keep("device.key", bytes.as_slice())?;
                Ok(PlatformKey::from_bytes(&bytes))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The relay's origin, e.g. `http://127.0.0.1:7878`, once a link has named it.
    pub fn relay(&self) -> Option<String> {
        let text = std::fs::read_to_string(self.folder.join("relay")).ok()?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Keeps the relay's origin.
    ///
    /// # Errors
    /// When the folder cannot be written.
    pub fn keep_relay(&self, origin: &str) -> Result<(), HomeError> {
        Ok(self.keep("relay", format!("{origin}\n").as_bytes())?)
    }

    /// Writes beside, syncs, renames, syncs the folder: the file is whole or as it was. Its twin is
    /// `DataDir::keep` of the relay, which may not depend on a client, nor this on a relay.
    fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let beside = self.folder.join(format!("{name}.new"));
        // What an earlier attempt left is not ours to trust, its mode neither.
        match std::fs::remove_file(&beside) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&beside, self.folder.join(name))?;
        File::open(&self.folder)?.sync_all()
    }
}
