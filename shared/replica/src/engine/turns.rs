//! What the clock alone changes on a screen is told like anything else that changes it: "later" becomes
//! "due", "due" becomes "late", at midnight the day is another, and what was stated ahead counts when its
//! time comes. See `view/queries/turns.rs`.

use super::Engine;
use crate::view::{ViewDb, Views, next_turn};
use domain::Stream;
use domain::clock::Zone;
use domain::directory::TimeOfDay;
use ids::UnixMillis;
use std::collections::BTreeSet;

/// When the lists of the person signed in turn by themselves.
#[derive(Default)]
pub(super) struct Turns {
    /// Times of day that orders name.
    times: BTreeSet<TimeOfDay>,
    /// The last row of orders that was read for them.
    read_to: i64,
    /// The next turn; `None` before it was looked for.
    next: Option<UnixMillis>,
}

impl Turns {
    /// The next turn.
    pub(super) fn next(&self) -> Option<UnixMillis> {
        self.next
    }

    /// Another view, or none: its rows are read from the first.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    /// The clock was set back: what was late may be due again.
    pub(super) fn clock_set_back(&mut self) {
        if self.next.is_some() {
            self.next = Some(UnixMillis(i64::MIN));
        }
    }
}

impl Engine {
    /// Tells of a turn that has come, and finds the next one when it may be another.
    pub(super) fn watch_turns(&mut self) {
        if self.held_views().next().is_none() {
            return self.turns.forget();
        }
        if self.turns.next.is_some_and(|at| at <= self.now) {
            self.turns.next = None;
            self.views.time_has_passed();
            self.notices.everybody();
        }
        if self.turns.next.is_none() || self.notices.may_move_a_slot() {
            self.turns.next = self.find_turn();
        }
    }

    fn find_turn(&mut self) -> Option<UnixMillis> {
        let settings = self.settings()?;
        let zone = Zone::named(&settings.time_zone).unwrap_or(Zone::UTC);
        if let Some(Ok((times, last))) = self
            .views
            .of(Stream::Care)
            .map(|care| care.order_times(self.turns.read_to))
        {
            self.turns.times.extend(times);
            self.turns.read_to = last;
        }
        let window_ms = i64::from(settings.dose_window_minutes) * 60_000;
        let counts = self.held_views().map(|view| view.next_to_count(self.now));
        let ahead = counts.filter_map(|at| at.ok().flatten()).min();
        let turn = next_turn(&zone, window_ms, &self.turns.times, self.now);
        turn.into_iter().chain(ahead).min()
    }

    fn held_views(&self) -> impl Iterator<Item = &ViewDb> {
        Views::STREAMS
            .into_iter()
            .filter_map(|stream| self.views.of(stream))
    }
}
