//! New keys on the device: a row of what is known of them and the identity itself, each sealed under
//! the platform's key, from before the relay is told of them.

use super::{Engine, bug};
use crate::log::{MetaRow, StoreError};
use interface::Refusal;
use minicbor::{Decode, Encode};
use vault::Identity;
use zeroize::Zeroizing;

/// Where a row and its identity lie in `meta`. The names are also the purposes of the seals.
#[derive(Clone, Copy)]
pub(super) struct SealedKeys {
    pub(super) row: &'static str,
    pub(super) identity: &'static str,
}

impl SealedKeys {
    /// The rows of `meta` that forget them.
    pub(super) fn forgotten(self) -> Vec<MetaRow> {
        [self.row, self.identity]
            .map(|name| (name.to_owned(), None))
            .into()
    }
}

impl Engine {
    /// The rows of `meta` that keep a row and its identity.
    pub(super) fn seal_keys(
        &mut self,
        names: SealedKeys,
        row: &impl Encode<()>,
        identity: &Identity,
    ) -> Result<Vec<MetaRow>, Refusal> {
        let row = Zeroizing::new(minicbor::to_vec(row).map_err(|_| bug("sealed keys"))?);
        let key = self.platform.device_vault();
        let random = self.random.as_mut();
        let row = vault::seal_local(random, &key, names.row.as_bytes(), &row)
            .map_err(|_| Refusal::NoRandom)?;
        let identity =
            vault::seal_identity_local(random, &key, names.identity.as_bytes(), identity)
                .map_err(|_| Refusal::NoRandom)?;
        Ok(vec![
            (names.row.to_owned(), Some(row)),
            (names.identity.to_owned(), Some(identity)),
        ])
    }

    /// What is kept under these names, if anything is; `made` makes something of it, or says that it
    /// makes no sense.
    ///
    /// # Errors
    /// When it cannot be read, or does not open.
    pub(super) fn open_keys<R, T>(
        &self,
        names: SealedKeys,
        made: impl FnOnce(R, Identity) -> Option<T>,
    ) -> Result<Option<T>, StoreError>
    where
        R: for<'b> Decode<'b, ()>,
    {
        let (Some(row), Some(identity)) =
            (self.log.meta(names.row)?, self.log.meta(names.identity)?)
        else {
            return Ok(None);
        };
        let key = self.platform.device_vault();
        let opened = || {
            let row = vault::open_local(&key, names.row.as_bytes(), &row).ok()?;
            let row: R = minicbor::decode(&row).ok()?;
            let name = names.identity.as_bytes();
            let identity = vault::open_identity_local(&key, name, &identity).ok()?;
            made(row, identity)
        };
        let broken = || StoreError::Corrupt(names.row.to_owned());
        opened().map(Some).ok_or_else(broken)
    }
}
