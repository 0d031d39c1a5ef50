//! The two clocks. Deadlines go by [`Uptime`], which only goes forward. Wall time is for what is
//! signed, and that cannot be taken back: one entry stated years ahead would hold the roster's time
//! there for ever. So the relay signs roster entries only while its wall clock is not far beyond
//! the last time at which it was right.

use ids::{UnixMillis, limits};

use super::Relay;
use crate::store::LogStore;

/// Milliseconds since the driver's start, by a clock that nobody sets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Uptime(pub i64);

impl Uptime {
    /// Milliseconds since an earlier moment.
    pub(super) fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// How far the wall clock is believed.
#[derive(Debug, Default)]
pub(super) struct WallClock {
    /// The last time at which it was right; none when the driver vouches for it.
    right: Option<UnixMillis>,
}

impl WallClock {
    /// Whether what is signed may state `now`.
    pub(super) fn believes(&self, now: UnixMillis) -> bool {
        self.right
            .is_none_or(|right| now.since(right) <= limits::CLOCK_LEAP_MS)
    }

    /// Time passes.
    pub(super) fn passes(&mut self, now: UnixMillis) {
        if self.believes(now) {
            self.right = self.right.map(|right| right.max(now));
        }
    }
}

impl<S: LogStore> Relay<S> {
    /// The wall clock was right at this time, as far as is known: kept from the last run, or said
    /// by whoever looked at it. Without it the driver vouches for its clock.
    pub fn clock_was_right_at(&mut self, time: UnixMillis) {
        self.clock.right = Some(time);
    }

    /// The last time at which the wall clock was right, to be kept for the next run.
    pub fn clock_right_at(&self) -> Option<UnixMillis> {
        self.clock.right
    }

    /// Whether nothing is appended to a roster because the wall clock leapt ahead.
    pub fn doubts_clock(&self, now: UnixMillis) -> bool {
        !self.clock.believes(now)
    }
}
