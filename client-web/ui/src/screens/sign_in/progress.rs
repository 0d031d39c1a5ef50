//! A sign-in under way: which keys go where, and what the worker's counts mean. It counts what the
//! worker holds and knows none of it.

use super::keys::Key;
use crate::components::pin_pad::PIN_DIGITS;
use crate::focus;
use crate::state::State;
use crate::state::deed::Deed;
use interface::{Answer, Refusal, RequestBody, TileView};
use leptos::prelude::*;

/// How far a sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Names, and the invitation to show a badge.
    Names,
    /// A badge is awaited or being read.
    Badge,
    /// The badge is read; digits.
    Pin,
}

/// A sign-in under way. It counts what the worker holds and knows none of it.
#[derive(Clone, Copy)]
pub(super) struct SigningIn {
    /// The page's state.
    pub(super) state: State,
    /// How far it is.
    pub(super) step: RwSignal<Step>,
    /// Whose name was touched.
    pub(super) touched: RwSignal<Option<TileView>>,
    /// Digits the worker holds.
    pub(super) pin: RwSignal<u32>,
    /// Characters of a badge the worker holds.
    pub(super) badge: RwSignal<u32>,
    /// What was read is no badge.
    pub(super) badge_wrong: RwSignal<bool>,
    /// The attempt.
    pub(super) deed: Deed,
}

impl SigningIn {
    /// Nothing was done yet.
    pub(super) fn new(state: State) -> Self {
        Self {
            state,
            step: RwSignal::new(Step::Names),
            touched: RwSignal::new(None),
            pin: RwSignal::new(0),
            badge: RwSignal::new(0),
            badge_wrong: RwSignal::new(false),
            deed: Deed::new(),
        }
    }

    /// Awaits a badge, of the person whose name was touched or of anybody.
    pub(super) fn show_badge(self, person: Option<TileView>) {
        self.touched.set(person);
        self.deed.refused.set(None);
        self.step.set(Step::Badge);
    }

    /// Takes one key, wherever it was pressed.
    pub(super) fn press(self, key: Key) {
        if self.deed.pending.get_untracked() {
            return;
        }
        match (key, self.step.get_untracked()) {
            (Key::Character(c), Step::Pin) if c.is_ascii_digit() => {
                if let Some(digit) = c.to_digit(10).and_then(|digit| u8::try_from(digit).ok()) {
                    self.digit(digit);
                }
            }
            // A letter while digits are awaited: somebody scans another badge.
            (Key::Character(c), Step::Pin) => {
                self.start_again();
                self.send(RequestBody::BadgeKey(c.to_ascii_uppercase()));
            }
            (Key::Character(c), Step::Names | Step::Badge) => {
                self.step.set(Step::Badge);
                self.badge_wrong.set(false);
                self.send(RequestBody::BadgeKey(c.to_ascii_uppercase()));
            }
            (Key::Back, Step::Pin) => self.send(RequestBody::PinBack),
            (Key::Enter, Step::Badge) => {
                // A hand scanner ends with Enter; what is not a whole badge by then never will be.
                let read = self.badge;
                set_timeout(
                    move || {
                        if self.step.get_untracked() == Step::Badge && read.get_untracked() > 0 {
                            self.start_again();
                            self.badge_wrong.set(true);
                        }
                    },
                    std::time::Duration::from_millis(300),
                );
            }
            (Key::Enter, Step::Pin) if self.pin.get_untracked() == PIN_DIGITS => self.sign_in(),
            (Key::Escape, _) => self.leave(),
            (Key::Back, Step::Names | Step::Badge) | (Key::Enter, Step::Names | Step::Pin) => {}
        }
    }

    /// Takes one digit.
    pub(super) fn digit(self, digit: u8) {
        if self.pin.get_untracked() < PIN_DIGITS && !self.deed.pending.get_untracked() {
            self.deed.refused.set(None);
            self.send(RequestBody::PinDigit(digit));
        }
    }

    /// Forgets badge and digits and awaits a badge.
    pub(super) fn start_again(self) {
        self.send(RequestBody::PinClear);
        self.send(RequestBody::BadgeClear);
        self.deed.refused.set(None);
        self.badge_wrong.set(false);
        self.step.set(Step::Badge);
    }

    /// Back to the names.
    pub(super) fn leave(self) {
        self.start_again();
        self.touched.set(None);
        self.step.set(Step::Names);
        focus::after_paint("main h1");
    }

    /// Sends one key and takes over what the worker says it holds now.
    pub(super) fn send(self, body: RequestBody) {
        leptos::task::spawn_local(async move {
            match self.state.engine.request(body).await {
                Ok(Answer::Held {
                    pin,
                    badge,
                    badge_ok,
                }) => self.holds(pin, badge, badge_ok),
                Ok(Answer::Done(_) | Answer::View(_)) => {}
                Err(refusal) => {
                    self.badge_wrong.try_set(refusal == Refusal::BadBadge);
                }
            }
        });
    }

    fn holds(self, pin: u32, badge: u32, badge_ok: bool) {
        if self.pin.try_set(pin).is_some() {
            return; // the screen is gone
        }
        self.badge.set(badge);
        if badge_ok && self.step.get_untracked() == Step::Badge {
            self.step.set(Step::Pin);
        }
        if badge_ok && pin == PIN_DIGITS && self.deed.refused.get_untracked().is_none() {
            self.sign_in();
        }
    }

    fn sign_in(self) {
        let attempt = async move {
            let outcome = self.state.engine.request(RequestBody::SignIn).await;
            if outcome.is_err() {
                self.after_refusal().await;
            }
            outcome
        };
        self.deed
            .run(attempt, move |_| self.state.engine.everything_changed());
    }

    /// Digits are not tried twice. Whether the badge is still held, the worker says.
    async fn after_refusal(self) {
        let held = self.state.engine.request(RequestBody::PinClear).await;
        self.pin.try_set(0);
        if let Ok(Answer::Held {
            badge, badge_ok, ..
        }) = held
        {
            self.badge.try_set(badge);
            if !badge_ok {
                let _ = self.state.engine.request(RequestBody::BadgeClear).await;
                self.badge.try_set(0);
                self.step.try_set(Step::Badge);
            }
        }
    }
}
