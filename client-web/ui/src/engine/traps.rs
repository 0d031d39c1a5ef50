//! When to stop starting a worker again. Each start is one more try of whatever ended the last
//! one; the engine needs a few of them to find out what that was and to set it aside.

use ids::UnixMillis;

/// Traps close upon each other after which the page stops trying by itself: more than the engine
/// needs to set aside what stops it.
const TRAPS: u32 = 5;
/// Milliseconds without a trap after which the earlier ones count no more. That a worker says it
/// is ready proves nothing: it says so before it has read anything.
const QUIET_MS: i64 = 60_000;

/// The traps of one worker after another.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Traps {
    count: u32,
    last: Option<UnixMillis>,
}

impl Traps {
    /// One more, now. Whether a fresh worker is to be started.
    pub(super) fn one_more(&mut self, now: UnixMillis) -> bool {
        // A clock that was set back is no quiet minute.
        if self.last.is_some_and(|last| now.since(last) >= QUIET_MS) {
            self.count = 0;
        }
        self.count = self.count.saturating_add(1);
        self.last = Some(now);
        self.count < TRAPS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn workers_that_trap_one_after_another_are_not_started_without_an_end() {
        let mut traps = Traps::default();
        for n in 1..TRAPS {
            assert!(traps.one_more(UnixMillis(i64::from(n) * 1_000)));
        }
        assert!(!traps.one_more(UnixMillis(60_000)));
        assert!(
            !traps.one_more(UnixMillis(119_999)),
            "no quiet minute between"
        );
    }

    #[test]
    fn a_quiet_minute_ends_the_count_and_a_clock_set_back_does_not() {
        let mut traps = Traps::default();
        for n in 1..TRAPS {
            assert!(traps.one_more(UnixMillis(i64::from(n))));
        }
        assert!(traps.one_more(UnixMillis(QUIET_MS + i64::from(TRAPS) - 1)));
        for _ in 2..TRAPS {
            assert!(traps.one_more(UnixMillis(5)));
        }
        assert!(!traps.one_more(UnixMillis(4)));
    }
}
