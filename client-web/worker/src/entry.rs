//! Badge and PIN as they are entered, keystroke by keystroke: kept here and nowhere else.

use ids::PersonId;
use interface::{Answer, SecretText};
use vault::Badge;
use zeroize::Zeroizing;

/// Longest text that can be a badge, with room for a scanner's prefix.
const BADGE_KEYS: usize = 64;
const PIN_DIGITS: usize = 6;

/// What has been entered so far.
#[derive(Default)]
pub(crate) struct Entry {
    badge: Zeroizing<String>,
    pin: Zeroizing<String>,
}

impl Entry {
    pub(crate) fn badge_key(&mut self, key: char) {
        if self.badge.len() < BADGE_KEYS && key.is_ascii_graphic() {
            self.badge.push(key);
        }
    }

    pub(crate) fn pin_digit(&mut self, digit: u8) {
        if self.pin.len() < PIN_DIGITS
            && let Some(digit) = char::from_digit(u32::from(digit), 10)
        {
            self.pin.push(digit);
        }
    }

    pub(crate) fn pin_back(&mut self) {
        self.pin.pop();
    }

    pub(crate) fn clear_pin(&mut self) {
        self.pin = Zeroizing::default();
    }

    pub(crate) fn clear_badge(&mut self) {
        self.badge = Zeroizing::default();
    }

    /// The digits, for the command that signs in again.
    pub(crate) fn held_pin(&self) -> SecretText {
        self.pin.as_str().into()
    }

    /// Badge and PIN, for the command that signs in.
    pub(crate) fn held_texts(&self) -> (SecretText, SecretText) {
        (self.badge.as_str().into(), self.pin.as_str().into())
    }

    /// How much is held; what is held is not said.
    pub(crate) fn held(&self, whose: impl FnOnce(&str) -> Option<PersonId>) -> Answer {
        let count = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
        Answer::Held {
            pin: count(&self.pin),
            badge: count(&self.badge),
            badge_ok: Badge::parse(&self.badge).is_ok(),
            whose: whose(&self.badge),
        }
    }
}
