//! A sign-in under way: which keys go where, and what the worker's counts mean. It counts what the
//! worker holds and knows none of it.
//!
//! Keys wait in line, each until the worker has answered the one before: a hand scanner types
//! faster than a busy worker answers, and what a key means depends on that answer.

use super::keys::Key;
use crate::components::pin_pad::PIN_DIGITS;
use crate::focus;
use crate::state::State;
use crate::state::deed::Deed;
use ids::{PersonId, limits};
use interface::{Answer, Forgotten, Refusal, RequestBody, TileView};
use leptos::prelude::*;
use std::collections::VecDeque;
use std::time::Duration;

/// How long what is held waits for the next key: as long as in the worker.
const HELD: Duration = Duration::from_millis(limits::HELD_BADGE_MS.unsigned_abs());

/// How far a sign-in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Names, and the invitation to show a badge.
    Names,
    /// A badge is awaited or being read.
    Badge,
    /// The badge is read, or not needed; digits.
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
    /// Whose PIN is awaited, as far as the badge or the touched name says.
    pub(super) whose: RwSignal<Option<TileView>>,
    /// The PIN alone is enough: this person's sitting lasts.
    pub(super) again: RwSignal<Option<PersonId>>,
    /// Digits the worker holds.
    pub(super) pin: RwSignal<u32>,
    /// Characters of a badge the worker holds.
    pub(super) badge: RwSignal<u32>,
    /// What was read is no badge.
    pub(super) badge_wrong: RwSignal<bool>,
    /// The attempt.
    pub(super) deed: Deed,
    line: StoredValue<VecDeque<Key>>,
    walking: StoredValue<bool>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl SigningIn {
    /// Nothing was done yet.
    pub(super) fn new(state: State) -> Self {
        Self {
            state,
            step: RwSignal::new(Step::Names),
            touched: RwSignal::new(None),
            whose: RwSignal::new(None),
            again: RwSignal::new(None),
            pin: RwSignal::new(0),
            badge: RwSignal::new(0),
            badge_wrong: RwSignal::new(false),
            deed: Deed::new(),
            line: StoredValue::default(),
            walking: StoredValue::new(false),
            timer: StoredValue::new(None),
        }
    }

    /// A name was touched: the badge is asked for, or the PIN alone within a sitting.
    pub(super) fn touch(self, person: TileView) {
        if person.pin_alone {
            self.deed.refused.set(None);
            self.again.set(Some(person.person));
            self.whose.set(Some(person.clone()));
            self.touched.set(Some(person));
            self.step.set(Step::Pin);
        } else {
            self.show_badge(Some(person));
        }
    }

    /// Awaits a badge, of the person whose name was touched or of anybody.
    pub(super) fn show_badge(self, person: Option<TileView>) {
        self.again.set(None);
        self.whose.set(None);
        self.touched.set(person);
        self.deed.refused.set(None);
        self.step.set(Step::Badge);
    }

    /// Takes one key, wherever it was pressed.
    pub(super) fn press(self, key: Key) {
        if self.deed.pending.get_untracked() {
            return;
        }
        self.wait_for_the_next();
        self.line.update_value(|line| {
            if line.len() < limits::KEYS_IN_LINE {
                line.push_back(key);
            }
        });
        if !self.walking.get_value() {
            self.walking.set_value(true);
            leptos::task::spawn_local(self.walk());
        }
    }

    /// Forgets badge and digits when no key follows. The worker forgets them by itself; this
    /// clears the screen.
    fn wait_for_the_next(self) {
        if let Some(Some(timer)) = self.timer.try_update_value(Option::take) {
            timer.clear();
        }
        let timer = set_timeout_with_handle(move || self.forget_idle(), HELD);
        self.timer.try_set_value(timer.ok());
    }

    fn forget_idle(self) {
        let holds = self.badge.try_get_untracked().unwrap_or_default() > 0
            || self.pin.try_get_untracked().unwrap_or_default() > 0
            || self.step.try_get_untracked() == Some(Step::Pin);
        if !holds || self.deed.pending.get_untracked() {
            return;
        }
        self.line.update_value(VecDeque::clear);
        leptos::task::spawn_local(async move {
            self.tell(RequestBody::PinClear).await;
            self.tell(RequestBody::BadgeClear).await;
            self.forgotten(Forgotten::Idle);
        });
    }

    /// Says why the badge is to be shown again.
    fn forgotten(self, why: Forgotten) {
        if self.step.try_get_untracked().is_some() {
            self.show_badge(None);
            self.deed.refused.set(Some(Refusal::BadgeForgotten { why }));
        }
    }

    /// Takes one digit.
    pub(super) fn digit(self, digit: u8) {
        if let Some(digit) = char::from_digit(u32::from(digit), 10) {
            self.press(Key::Character(digit));
        }
    }

    /// Takes the keys one by one.
    async fn walk(self) {
        // The screen may be gone by the time a key is taken.
        while let Some(Some(key)) = self.line.try_update_value(VecDeque::pop_front) {
            self.take(key).await;
        }
        self.walking.try_set_value(false);
    }

    async fn take(self, key: Key) {
        match (key, self.step.get_untracked()) {
            (Key::Character(c), Step::Pin) if c.is_ascii_digit() => {
                let digit = c.to_digit(10).and_then(|digit| u8::try_from(digit).ok());
                if let Some(digit) = digit.filter(|_| self.pin.get_untracked() < PIN_DIGITS) {
                    self.deed.refused.set(None);
                    self.tell(RequestBody::PinDigit(digit)).await;
                }
            }
            // A letter while digits are awaited: somebody scans another badge.
            (Key::Character(c), Step::Pin) => {
                self.start_again().await;
                self.tell(RequestBody::BadgeKey(c.to_ascii_uppercase()))
                    .await;
            }
            (Key::Character(c), Step::Names | Step::Badge) => {
                self.step.set(Step::Badge);
                self.badge_wrong.set(false);
                self.tell(RequestBody::BadgeKey(c.to_ascii_uppercase()))
                    .await;
            }
            (Key::Back, Step::Pin) => self.tell(RequestBody::PinBack).await,
            // A hand scanner ends with Enter; what is not a whole badge by then never will be.
            (Key::Enter, Step::Badge) if self.badge.get_untracked() > 0 => {
                self.start_again().await;
                self.badge_wrong.try_set(true);
            }
            (Key::Escape, _) => self.leave(),
            (Key::Clear, _) => self.tell(RequestBody::PinClear).await,
            (Key::Again, _) => self.start_again().await,
            (Key::Back, Step::Names | Step::Badge) | (Key::Enter, _) => {}
        }
    }

    /// Forgets badge and digits and awaits a badge.
    async fn start_again(self) {
        self.show_badge(self.touched.get_untracked());
        self.badge_wrong.set(false);
        self.tell(RequestBody::PinClear).await;
        self.tell(RequestBody::BadgeClear).await;
    }

    /// Back to the names.
    pub(super) fn leave(self) {
        self.line.update_value(VecDeque::clear);
        self.show_badge(None);
        self.badge_wrong.set(false);
        self.step.set(Step::Names);
        leptos::task::spawn_local(async move {
            self.tell(RequestBody::PinClear).await;
            self.tell(RequestBody::BadgeClear).await;
        });
        focus::after_paint("main h1");
    }

    /// Sends one key and takes over what the worker says it holds now.
    async fn tell(self, body: RequestBody) {
        match self.state.engine.request(body).await {
            Ok(Answer::Held {
                pin,
                badge,
                badge_ok,
                whose,
                forgotten,
            }) => {
                if self.pin.try_set(pin).is_some() {
                    return; // the screen is gone
                }
                self.badge.set(badge);
                if let Some(why) = forgotten {
                    self.forgotten(why);
                }
                self.go_on(badge_ok, whose).await;
            }
            Ok(Answer::Done(_) | Answer::View(_)) => {}
            Err(refusal) => {
                self.badge_wrong.try_set(refusal == Refusal::BadBadge);
            }
        }
    }

    /// Takes the next step when what is held is whole.
    async fn go_on(self, badge_ok: bool, whose: Option<PersonId>) {
        let again = self.again.get_untracked();
        if badge_ok && self.step.get_untracked() == Step::Badge {
            self.whose.set(whose.and_then(|person| self.tile(person)));
            self.step.set(Step::Pin);
        }
        let whole = self.pin.get_untracked() == PIN_DIGITS;
        if whole && (badge_ok || again.is_some()) && self.step.get_untracked() == Step::Pin {
            self.sign_in(again).await;
        }
    }

    fn tile(self, person: PersonId) -> Option<TileView> {
        self.state.tablet.value.with_untracked(|tablet| {
            let people = &tablet.as_ref()?.people;
            people.iter().find(|tile| tile.person == person).cloned()
        })
    }

    async fn sign_in(self, again: Option<PersonId>) {
        self.deed.pending.set(true);
        self.deed.refused.set(None);
        let body = again.map_or(RequestBody::SignIn, RequestBody::SignInAgain);
        let outcome = self.state.engine.request(body).await;
        match outcome {
            Ok(_) => self.state.engine.everything_changed(),
            Err(refusal) => self.refused(refusal).await,
        }
        self.line.try_update_value(VecDeque::clear);
        self.deed.pending.try_set(false);
    }

    /// Digits are not tried twice. Whether the badge is still held, the worker says.
    async fn refused(self, refusal: Refusal) {
        let held = self.state.engine.request(RequestBody::PinClear).await;
        self.pin.try_set(0);
        if self.again.try_get_untracked().flatten().is_some() {
            if refusal == Refusal::BadgeNeeded {
                self.show_badge(self.touched.get_untracked());
            }
        } else if let Ok(Answer::Held {
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
        self.deed.refused.try_set(Some(refusal));
    }
}
