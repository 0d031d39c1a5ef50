//! New keys on the device: a row of what is known of them and the identity itself, each sealed under
//! the platform's key, from before the relay is told of them.

use super::{Engine, bug};
use crate::log::{Setting, SettingRow, StoreError};
use interface::Refusal;
use minicbor::{Decode, Encode};
use vault::Identity;
use zeroize::Zeroizing;

/// Where a row and its identity lie. The names are also the purposes of the seals.
#[derive(Clone, Copy)]
pub(super) struct SealedKeys {
    pub(super) row: Setting,
    pub(super) identity: Setting,
}

impl SealedKeys {
    /// The settings that forget them.
    pub(super) fn forgotten(self) -> Vec<SettingRow> {
        [self.row, self.identity]
            .map(|setting| (setting, None))
            .into()
    }
}

impl Engine {
    /// The settings that keep a row and its identity.
    pub(super) fn seal_keys(
        &mut self,
        names: SealedKeys,
        row: &impl Encode<()>,
        identity: &Identity,
    ) -> Result<Vec<SettingRow>, Refusal> {
        let row = Zeroizing::new(minicbor::to_vec(row).map_err(|_| bug("sealed keys"))?);
        let key = self.platform.device_vault();
        let random = self.random.as_mut();
        let row = vault::seal_local(random, &key, names.row.name().as_bytes(), &row)
            .map_err(|_| Refusal::NoRandom)?;
        let identity =
            vault::seal_identity_local(random, &key, names.identity.name().as_bytes(), identity)
                .map_err(|_| Refusal::NoRandom)?;
        Ok(vec![
            (names.row, Some(row)),
            (names.identity, Some(identity)),
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
        let (Some(row), Some(identity)) = (
            self.log.setting(names.row)?,
            self.log.setting(names.identity)?,
        ) else {
            return Ok(None);
        };
        let key = self.platform.device_vault();
        let opened = || {
            let row = vault::open_local(&key, names.row.name().as_bytes(), &row).ok()?;
            let row: R = minicbor::decode(&row).ok()?;
            let name = names.identity.name();
            let identity = vault::open_identity_local(&key, name.as_bytes(), &identity).ok()?;
            made(row, identity)
        };
        let broken = || StoreError::Corrupt(names.row.name().into_owned());
        opened().map(Some).ok_or_else(broken)
    }
}
