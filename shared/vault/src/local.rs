//! What never leaves the device: device keys, the `devices` key, view keys, drafts. One blob
//! form for all: nonce 24 ‖ ciphertext ‖ tag under XChaCha20-Poly1305, with the use's name as
//! associated data so that no blob can stand in for another.

use crate::epoch::{EpochKey, IdKey};
use crate::hazmat::{self, NotSealed};
use crate::identity::Identity;
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use ids::{DeviceId, contexts};
use zeroize::Zeroizing;

/// A key that seals local blobs.
#[derive(Debug)]
pub struct LocalKey(pub(crate) Secret<32>);

/// The key that the platform keeps for this device: a key file, or what a non-extractable
/// WebCrypto key unwrapped.
#[derive(Debug)]
pub struct PlatformKey(Secret<32>);

/// The key of one database file: what its pages are encrypted under.
#[derive(Debug)]
pub struct FileKey(Secret<32>);

/// A local blob did not open: altered, cut, sealed under another key or for another use. Storage
/// is at fault, or whoever touched it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a sealed local value does not open")]
pub struct LocalOpenError;

/// A new platform key, for a shell that keeps it in a file.
///
/// # Errors
/// [`NoRandom`].
pub fn make_platform_key(rng: &mut dyn Random) -> Result<PlatformKey, NoRandom> {
    draw_secret(rng).map(PlatformKey)
}

/// A new view file's key.
///
/// # Errors
/// [`NoRandom`].
pub fn make_view_key(rng: &mut dyn Random) -> Result<FileKey, NoRandom> {
    draw_secret(rng).map(FileKey)
}

impl PlatformKey {
    /// From the shell's bytes; wiping those is the shell's matter.
    pub fn from_bytes(bytes: &[u8; 32]) -> Self {
        Self(Secret::copy_of(bytes))
    }

    /// The bytes, for the key file and nothing else.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.bytes()
    }

    /// The key of the file `log.db`.
    pub fn log_file_key(&self) -> FileKey {
        FileKey(hazmat::derive(contexts::LOG_FILE, &[self.0.bytes()]))
    }

    /// The key of the device vault.
    pub fn device_vault(&self) -> LocalKey {
        LocalKey(hazmat::derive(contexts::DEVICE_VAULT, &[self.0.bytes()]))
    }
}

impl FileKey {
    /// The bytes, for the database's key pragma and nothing else: whoever writes them out wipes what
    /// they wrote.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.bytes()
    }
}

impl Identity {
    /// The key of this person's drafts on one device.
    pub fn draft_key(&self, device: &DeviceId) -> LocalKey {
        LocalKey(hazmat::derive(
            contexts::DRAFT_KEY,
            &[self.seed().bytes(), device.as_bytes()],
        ))
    }
}

/// Seals `plaintext`; `purpose` names the use (and the row, where there are several).
///
/// # Errors
/// [`NotSealed`].
pub fn seal_local(
    rng: &mut dyn Random,
    key: &LocalKey,
    purpose: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, NotSealed> {
    hazmat::seal_fresh(rng, &key.0, purpose, plaintext)
}

/// Opens what [`seal_local`] made under the same key for the same purpose.
///
/// # Errors
/// [`LocalOpenError`].
pub fn open_local(
    key: &LocalKey,
    purpose: &[u8],
    blob: &[u8],
) -> Result<Zeroizing<Vec<u8>>, LocalOpenError> {
    hazmat::open_fresh(&key.0, purpose, blob).ok_or(LocalOpenError)
}

/// Seals an identity's master seed.
///
/// # Errors
/// [`NotSealed`].
pub fn seal_identity_local(
    rng: &mut dyn Random,
    key: &LocalKey,
    purpose: &[u8],
    identity: &Identity,
) -> Result<Vec<u8>, NotSealed> {
    seal_local(rng, key, purpose, identity.seed().bytes())
}

/// Opens what [`seal_identity_local`] made.
///
/// # Errors
/// [`LocalOpenError`].
pub fn open_identity_local(
    key: &LocalKey,
    purpose: &[u8],
    blob: &[u8],
) -> Result<Identity, LocalOpenError> {
    let seed = Secret::from_slice(&open_local(key, purpose, blob)?).ok_or(LocalOpenError)?;
    Ok(Identity::from_secret(seed))
}

/// Seals an epoch's key and its stream's id key (of `devices`, in the device vault).
///
/// # Errors
/// [`NotSealed`].
pub fn seal_epoch_local(
    rng: &mut dyn Random,
    key: &LocalKey,
    purpose: &[u8],
    epoch: &EpochKey,
    id_key: &IdKey,
) -> Result<Vec<u8>, NotSealed> {
    let both = Zeroizing::new([epoch.0.bytes().as_slice(), id_key.0.bytes()].concat());
    seal_local(rng, key, purpose, &both)
}

/// Opens what [`seal_epoch_local`] made.
///
/// # Errors
/// [`LocalOpenError`].
pub fn open_epoch_local(
    key: &LocalKey,
    purpose: &[u8],
    blob: &[u8],
) -> Result<(EpochKey, IdKey), LocalOpenError> {
    let both = open_local(key, purpose, blob)?;
    let (epoch, id_key) = both.split_at_checked(32).ok_or(LocalOpenError)?;
    let epoch = Secret::from_slice(epoch).ok_or(LocalOpenError)?;
    let id_key = Secret::from_slice(id_key).ok_or(LocalOpenError)?;
    Ok((EpochKey(epoch), IdKey(id_key)))
}

/// Seals a view file's key under [`EpochKey::view_key_key`].
///
/// # Errors
/// [`NotSealed`].
pub fn seal_view_key(
    rng: &mut dyn Random,
    key: &LocalKey,
    purpose: &[u8],
    view: &FileKey,
) -> Result<Vec<u8>, NotSealed> {
    seal_local(rng, key, purpose, view.0.bytes())
}

/// Opens what [`seal_view_key`] made.
///
/// # Errors
/// [`LocalOpenError`].
pub fn open_view_key(
    key: &LocalKey,
    purpose: &[u8],
    blob: &[u8],
) -> Result<FileKey, LocalOpenError> {
    Secret::from_slice(&open_local(key, purpose, blob)?)
        .map(FileKey)
        .ok_or(LocalOpenError)
}
