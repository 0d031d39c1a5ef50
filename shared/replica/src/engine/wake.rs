//! When the engine is to be woken: the earliest of everybody's deadlines.

use super::Engine;
use crate::event::Effect;
use ids::UnixMillis;

impl Engine {
    pub(super) fn wake_now(&mut self) {
        self.link.wake_at = Some(self.now);
    }

    /// Asks to be woken at the earliest deadline.
    pub(super) fn schedule(&mut self) {
        // What is due and was not done waits for something else than time: to be woken for it now
        // would be to be woken for ever.
        let waits = |at: &UnixMillis| *at > self.now;
        let all = [
            self.push.retry_at().filter(waits),
            self.streams.seen_due().filter(waits),
            self.streams.signature_due().filter(waits),
            self.read_again_at,
            self.standings.again_at,
            self.troubles.again_at().filter(waits),
            self.turns.next().filter(waits),
            self.link.wake_at.take(),
            self.link.due(),
        ];
        if let Some(at) = all.into_iter().flatten().min() {
            self.effects.push(Effect::WakeAt(at));
        }
    }
}
