//! When this tablet last exchanged everything with the relay, and when what it shows was last whole.
//! Both are kept: a lock ends the worker, and a tablet that was cut off yesterday must not say after
//! it that it never exchanged anything, nor give last night's records the time of this morning.

use super::Engine;
use crate::log::{LogChange, Setting, SettingRow, StoreError};
use ids::{UnixMillis, limits};
use interface::Link;

/// Two times, and what the disk has of them.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Lately {
    /// Everything the relay had was here, and it had everything.
    pub(super) exchanged: Option<UnixMillis>,
    /// Of that time is the newest of which nothing was missing in the views.
    pub(super) whole: Option<UnixMillis>,
}

impl Lately {
    /// Whether keeping this anew is worth a write.
    fn is_much_later_than(self, kept: Self) -> bool {
        let later = |new: Option<UnixMillis>, kept: Option<UnixMillis>| match (new, kept) {
            (Some(new), Some(kept)) => new.since(kept).abs() >= limits::LATELY_KEPT_MS,
            (new, kept) => new != kept,
        };
        later(self.exchanged, kept.exchanged) || later(self.whole, kept.whole)
    }
}

impl Engine {
    pub(super) fn load_lately(&mut self) -> Result<(), StoreError> {
        let Some(bytes) = self.log.setting(Setting::Lately)? else {
            return Ok(());
        };
        let (exchanged, whole): (Option<i64>, Option<i64>) =
            minicbor::decode(&bytes).map_err(|e| StoreError::Corrupt(format!("lately: {e}")))?;
        self.lately = Lately {
            exchanged: exchanged.map(UnixMillis),
            whole: whole.map(UnixMillis),
        };
        self.lately_kept = self.lately;
        if let Some(at) = self.lately.exchanged {
            self.link.offline_since(at);
        }
        Ok(())
    }

    /// Notes the time while everything is exchanged, and while everything that is here is shown.
    /// On the disk it is some minutes behind: then records are older than they are said to be by
    /// none, and newer by those minutes.
    pub(super) fn note_lately(&mut self, all_shown: bool) {
        if self.link.shown().0 == Link::Live && self.streams.arriving() == 0 {
            self.lately.exchanged = Some(self.now);
        }
        if all_shown {
            self.lately.whole = self.lately.exchanged;
        }
        if self.membership.is_some() && self.lately.is_much_later_than(self.lately_kept) {
            self.keep_lately();
        }
    }

    /// Keeps both times as they are. A disk that refuses is told of by what matters more.
    pub(super) fn keep_lately(&mut self) {
        if self.membership.is_none() || self.lately == self.lately_kept {
            return;
        }
        let both = (
            self.lately.exchanged.map(|at| at.0),
            self.lately.whole.map(|at| at.0),
        );
        let Ok(bytes) = minicbor::to_vec(both) else {
            return;
        };
        self.lately_kept = self.lately;
        let change = LogChange {
            settings: vec![(Setting::Lately, Some(bytes))],
            ..LogChange::default()
        };
        let _ = self.commit(&change);
    }

    /// The row that forgets both.
    pub(super) fn forget_lately_rows() -> Vec<SettingRow> {
        vec![(Setting::Lately, None)]
    }
}
