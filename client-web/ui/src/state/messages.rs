//! What was saved or failed just now: shown for a while and spoken by screen readers.

use leptos::prelude::*;
use std::time::Duration;

const SHOWN_FOR: Duration = Duration::from_secs(6);

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Message {
    /// Counts messages, so that the same words twice are spoken twice.
    pub(crate) number: u32,
    /// The words.
    pub(crate) text: String,
}

/// The newest message.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Messages {
    /// It, while it is shown.
    pub(crate) newest: RwSignal<Option<Message>>,
    count: RwSignal<u32>,
}

impl Messages {
    pub(super) fn new() -> Self {
        Self {
            newest: RwSignal::new(None),
            count: RwSignal::new(0),
        }
    }

    /// Says something.
    pub(crate) fn say(self, text: impl Into<String>) {
        let number = self.count.get_untracked().wrapping_add(1);
        self.count.set(number);
        self.newest.set(Some(Message {
            number,
            text: text.into(),
        }));
        set_timeout(
            move || {
                if self
                    .newest
                    .with_untracked(|m| m.as_ref().is_some_and(|m| m.number == number))
                {
                    self.newest.set(None);
                }
            },
            SHOWN_FOR,
        );
    }

    /// Takes it away.
    pub(crate) fn clear(self) {
        self.newest.set(None);
    }
}
