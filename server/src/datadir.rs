//! The relay's data folder: who this relay is, which life of the log it writes, when its clock was
//! last right, and the open founding token. All files have mode 0600; one process at a time holds the folder.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use ed25519_dalek::SigningKey;
use ids::{LogId, UnixMillis};
use zeroize::Zeroizing;

use crate::random::{NoRandom, Random};

/// Why a data folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Reading or writing failed.
    #[error("data folder: {path}: {source}")]
    Io {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Another relay runs on it.
    #[error("data folder: another relay is running on it")]
    InUse,
    /// A file of ours has been changed or cut.
    #[error("data folder: {path} is damaged")]
    Damaged {
        /// Which file.
        path: PathBuf,
    },
    /// There is no randomness to make keys of.
    #[error(transparent)]
    NoRandom(#[from] NoRandom),
}

/// A held data folder.
#[derive(Debug)]
pub(crate) struct DataDir {
    root: PathBuf,
    _lock: File,
}

const KEY: &str = "relay.key";
const LOG_ID: &str = "log.id";
const TOKEN: &str = "founding.token";
const CLOCK: &str = "clock";
const LOCK: &str = "relay.lock";
const DATABASE: &str = "relay.db";

impl DataDir {
    /// Makes the folder if it is missing and takes hold of it.
    ///
    /// # Errors
    /// [`DataDirError::InUse`] when another process holds it, [`DataDirError::Io`].
    pub(crate) fn open(root: &Path) -> Result<Self, DataDirError> {
        let failed = |source| DataDirError::Io {
            path: root.to_owned(),
            source,
        };
        make_folder(root).map_err(failed)?;
        let lock = private()
            .create(true)
            .truncate(false)
            .open(root.join(LOCK))
            .map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => Ok(Self {
                root: root.to_owned(),
                _lock: lock,
            }),
            Err(fs::TryLockError::WouldBlock) => Err(DataDirError::InUse),
            Err(fs::TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Where the database lies. It is made here, empty, so that it and the files SQLite puts beside
    /// it are their owner's only.
    ///
    /// # Errors
    /// [`DataDirError::Io`].
    pub(crate) fn database(&self) -> Result<PathBuf, DataDirError> {
        let path = self.root.join(DATABASE);
        match private().create_new(true).open(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
                Err(DataDirError::Io { path, source })
            }
            _ => Ok(path),
        }
    }

    /// The relay's identity key, made at the first start.
    ///
    /// # Errors
    /// See [`DataDirError`].
    pub(crate) fn identity(&self, random: &mut dyn Random) -> Result<SigningKey, DataDirError> {
        let seed = self.read_or_make::<32>(KEY, random)?;
        Ok(SigningKey::from_bytes(&seed))
    }

    /// The life of the log that new streams get, made at the first start.
    ///
    /// # Errors
    /// See [`DataDirError`].
    pub(crate) fn log_id(&self, random: &mut dyn Random) -> Result<LogId, DataDirError> {
        Ok(LogId::from_bytes(*self.read_or_make::<16>(LOG_ID, random)?))
    }

    /// The open founding token, made when there is none.
    ///
    /// # Errors
    /// See [`DataDirError`].
    pub(crate) fn founding_token(
        &self,
        random: &mut dyn Random,
    ) -> Result<Zeroizing<[u8; 16]>, DataDirError> {
        self.read_or_make::<16>(TOKEN, random)
    }

    /// Forgets the founding token after it was used.
    ///
    /// # Errors
    /// See [`DataDirError`].
    pub(crate) fn forget_founding_token(&self) -> Result<(), DataDirError> {
        let path = self.root.join(TOKEN);
        match fs::remove_file(&path) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(DataDirError::Io { path, source })
            }
            _ => Ok(()),
        }
    }

    /// The last time at which an earlier run's clock was right, if there was one.
    ///
    /// # Errors
    /// See [`DataDirError`].
    pub(crate) fn clock(&self) -> Result<Option<UnixMillis>, DataDirError> {
        let kept = self.read::<8>(CLOCK)?;
        Ok(kept.map(|time| UnixMillis(i64::from_be_bytes(*time))))
    }

    /// Keeps it for the next run.
    ///
    /// # Errors
    /// See [`DataDirError`].
    pub(crate) fn keep_clock(&self, time: UnixMillis) -> Result<(), DataDirError> {
        let path = self.root.join(CLOCK);
        self.keep(CLOCK, &time.0.to_be_bytes())
            .map_err(|source| DataDirError::Io { path, source })
    }

    fn read_or_make<const N: usize>(
        &self,
        name: &str,
        random: &mut dyn Random,
    ) -> Result<Zeroizing<[u8; N]>, DataDirError> {
        if let Some(kept) = self.read(name)? {
            return Ok(kept);
        }
        let mut made = Zeroizing::new([0u8; N]);
        random.fill(made.as_mut_slice())?;
        let path = self.root.join(name);
        self.keep(name, made.as_slice())
            .map_err(|source| DataDirError::Io { path, source })?;
        Ok(made)
    }

    fn read<const N: usize>(&self, name: &str) -> Result<Option<Zeroizing<[u8; N]>>, DataDirError> {
        let path = self.root.join(name);
        let failed = |source| DataDirError::Io {
            path: path.clone(),
            source,
        };
        match File::open(&path) {
            Ok(mut file) => {
                let mut text = Zeroizing::new(String::new());
                file.read_to_string(&mut text).map_err(failed)?;
                let kept = parse(&text).ok_or(DataDirError::Damaged { path: path.clone() })?;
                Ok(Some(kept))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(failed(source)),
        }
    }

    /// Writes beside, syncs, renames, syncs the folder: the file is whole or not there. Its twin is
    /// `Home::keep` of the native client, which may not depend on a relay, nor this on a client.
    fn keep(&self, name: &str, bytes: &[u8]) -> std::io::Result<()> {
        let text = Zeroizing::new(data_encoding::HEXLOWER.encode(bytes));
        let beside = self.root.join(format!("{name}.new"));
        // What an earlier attempt left is not ours to trust, its mode neither.
        match fs::remove_file(&beside) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private().create_new(true).open(&beside)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&beside, self.root.join(name))?;
        File::open(&self.root)?.sync_all()
    }
}

fn parse<const N: usize>(text: &str) -> Option<Zeroizing<[u8; N]>> {
    let bytes = Zeroizing::new(
        data_encoding::HEXLOWER
            .decode(text.trim_end().as_bytes())
            .ok()?,
    );
    bytes.as_slice().try_into().ok().map(Zeroizing::new)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the folder for its owner only. One that is there is somebody's, and stays as it is.
#[cfg(unix)]
fn make_folder(root: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    if let Some(parent) = root.parent() {
        fs::create_dir_all(parent)?;
    }
    match fs::DirBuilder::new().mode(0o700).create(root) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let there = fs::metadata(root)?;
            if !there.is_dir() {
                return Err(std::io::ErrorKind::NotADirectory.into());
            }
            if there.permissions().mode() & 0o077 != 0 {
                tracing::warn!(
                    "others can look into the data folder; its files are closed to them"
                );
            }
            Ok(())
        }
        made => made,
    }
}

#[cfg(not(unix))]
fn make_folder(root: &Path) -> std::io::Result<()> {
    fs::create_dir_all(root)
}

#[cfg(all(test, unix))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may say so at once")]

    use super::*;
    use crate::random::SystemRandom;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn what_an_earlier_attempt_left_lends_no_key_its_mode() {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::open(folder.path()).unwrap();
        for name in [KEY, TOKEN] {
            let left = folder.path().join(format!("{name}.new"));
            fs::write(&left, "half").unwrap();
            fs::set_permissions(&left, fs::Permissions::from_mode(0o644)).unwrap();
        }
        data.identity(&mut SystemRandom).unwrap();
        data.founding_token(&mut SystemRandom).unwrap();
        for name in [KEY, TOKEN] {
            let kept = fs::metadata(folder.path().join(name)).unwrap();
            assert_eq!(kept.permissions().mode() & 0o777, 0o600, "{name}");
        }
    }
}
