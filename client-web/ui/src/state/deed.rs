//! One thing a person does: pending, then done or failed with words.

use interface::Refusal;
use leptos::prelude::*;

/// The state of one action of a screen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deed {
    /// Under way.
    pub(crate) pending: RwSignal<bool>,
    /// Why it was not done.
    pub(crate) refused: RwSignal<Option<Refusal>>,
    /// Counts those given up: what one of them comes to later is nobody's any more.
    given_up: StoredValue<u32>,
}

impl Deed {
    /// Nothing was done yet.
    pub(crate) fn new() -> Self {
        Self {
            pending: RwSignal::new(false),
            refused: RwSignal::new(None),
            given_up: StoredValue::new(0),
        }
    }

    /// Gives up what is under way: it may be done anew at once.
    pub(crate) fn give_up(self) {
        self.given_up
            .update_value(|count| *count = count.wrapping_add(1));
        self.pending.set(false);
        self.refused.set(None);
    }

    /// Runs it unless it runs already; calls `done` with what it came to. `done` is for the screen
    /// alone, which may be gone by then: what must happen all the same, such as forgetting a draft
    /// that was saved, is part of `work`.
    pub(crate) fn run<T: 'static>(
        self,
        work: impl Future<Output = Result<T, Refusal>> + 'static,
        done: impl FnOnce(T) + 'static,
    ) {
        if self.pending.get_untracked() {
            return;
        }
        self.pending.set(true);
        self.refused.set(None);
        let given_up = self.given_up.get_value();
        leptos::task::spawn_local(async move {
            let outcome = work.await;
            if self.given_up.try_get_value() != Some(given_up) {
                return;
            }
            // The screen may be gone by now (locked, or another place): nothing left to tell.
            if self.pending.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(value) => done(value),
                Err(refusal) => {
                    self.refused.try_set(Some(refusal));
                }
            }
        });
    }
}
