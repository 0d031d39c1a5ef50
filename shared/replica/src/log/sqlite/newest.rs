//! The newest place of a device in a log, once it was looked for. It is asked for with every look at
//! the tablet's state, and of a device that seldom writes it lies far behind the end.

use crate::log::{LogChange, StoreError};
use ids::{DeviceId, LogId, Seq, StreamId};
use std::cell::RefCell;
use std::collections::BTreeMap;

type Key = (StreamId, LogId, DeviceId);

/// What was found.
#[derive(Default)]
pub(super) struct Newest {
    found: RefCell<BTreeMap<Key, Option<Seq>>>,
}

impl Newest {
    pub(super) fn of(
        &self,
        key: Key,
        look: impl FnOnce() -> Result<Option<Seq>, StoreError>,
    ) -> Result<Option<Seq>, StoreError> {
        if let Some(found) = self.found.borrow().get(&key) {
            return Ok(*found);
        }
        let found = look()?;
        self.found.borrow_mut().insert(key, found);
        Ok(found)
    }

    /// Before a change is kept: forgets what it may be about to move, whether it is kept or not.
    pub(super) fn forget(&mut self, change: &LogChange) {
        let found = self.found.get_mut();
        if !change.placed.is_empty() || !change.unplaced.is_empty() {
            found.clear();
        }
        for new in &change.envelopes {
            let header = new.envelope.header();
            if let Some(row) = new.place {
                found.remove(&(header.stream, row.place.log_id, header.device));
            }
        }
    }
}
