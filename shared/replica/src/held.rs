//! Badge and PIN as they are entered, keystroke by keystroke: kept here and nowhere else, and not for
//! long. Who scans a badge, mistypes and is called away leaves nothing that the next person could
//! try PINs on: five wrong ones, or a minute without a key, and the badge is forgotten.

use ids::limits::{HELD_BADGE_MS, PIN_TRIES};
use ids::{PersonId, UnixMillis};
use interface::{Answer, Forgotten, Refusal, SecretText};
use vault::Badge;
use zeroize::Zeroizing;

/// Longest text that can be a badge, with room for a scanner's prefix.
const BADGE_KEYS: usize = 64;
const PIN_DIGITS: usize = 6;

/// What has been entered so far.
#[derive(Default)]
pub struct Held {
    badge: Zeroizing<String>,
    pin: Zeroizing<String>,
    /// Wrong PINs with this badge.
    wrong: u32,
    /// When the last key came.
    last: UnixMillis,
}

impl Held {
    /// One more character of a badge.
    pub fn badge_key(&mut self, key: char, now: UnixMillis) -> Option<Forgotten> {
        let forgotten = self.touched(now);
        if self.badge.len() < BADGE_KEYS && key.is_ascii_graphic() {
            self.badge.push(key);
        }
        forgotten
    }

    /// One more digit of a PIN.
    pub fn pin_digit(&mut self, digit: u8, now: UnixMillis) -> Option<Forgotten> {
        let forgotten = self.touched(now);
        // A digit meant for a badge that is gone is no digit.
        if forgotten.is_none()
            && self.pin.len() < PIN_DIGITS
            && let Some(digit) = char::from_digit(u32::from(digit), 10)
        {
            self.pin.push(digit);
        }
        forgotten
    }

    /// The last digit was wrong.
    pub fn pin_back(&mut self, now: UnixMillis) -> Option<Forgotten> {
        let forgotten = self.touched(now);
        self.pin.pop();
        forgotten
    }

    /// Forgets the digits.
    pub fn clear_pin(&mut self) {
        self.pin = Zeroizing::default();
    }

    /// Forgets the badge, and the tries made with it.
    pub fn clear_badge(&mut self) {
        self.badge = Zeroizing::default();
        self.wrong = 0;
    }

    /// The digits, for the command that signs in again. They are tried once.
    ///
    /// # Errors
    /// [`Refusal::BadgeForgotten`] when nobody pressed a key for a minute.
    pub fn take_pin(&mut self, now: UnixMillis) -> Result<SecretText, Refusal> {
        match self.touched(now) {
            Some(why) => Err(Refusal::BadgeForgotten { why }),
            None => Ok(std::mem::take(&mut self.pin).as_str().into()),
        }
    }

    /// Badge and PIN, for the command that signs in. The PIN is tried once.
    ///
    /// # Errors
    /// As [`Self::take_pin`].
    pub fn take_texts(&mut self, now: UnixMillis) -> Result<(SecretText, SecretText), Refusal> {
        let pin = self.take_pin(now)?;
        Ok((self.badge.as_str().into(), pin))
    }

    /// A sign-in with the badge was refused: a wrong PIN asks for the PIN again, the last of them
    /// for the badge.
    pub fn refused(&mut self, refusal: Refusal) -> Refusal {
        if refusal != Refusal::NotKnown {
            return refusal;
        }
        self.wrong = self.wrong.saturating_add(1);
        if self.wrong < PIN_TRIES {
            return refusal;
        }
        self.clear_badge();
        Refusal::BadgeForgotten {
            why: Forgotten::Tries,
        }
    }

    /// How much is held; what is held is not said.
    pub fn answer(
        &self,
        forgotten: Option<Forgotten>,
        whose: impl FnOnce(&str) -> Option<PersonId>,
    ) -> Answer {
        let count = |text: &str| u32::try_from(text.len()).unwrap_or(u32::MAX);
        Answer::Held {
            pin: count(&self.pin),
            badge: count(&self.badge),
            badge_ok: Badge::parse(&self.badge).is_ok(),
            whose: whose(&self.badge),
            forgotten,
        }
    }

    /// A key came. What was held when none had come for too long is forgotten first; a clock that
    /// went back proves nothing about who is there.
    fn touched(&mut self, now: UnixMillis) -> Option<Forgotten> {
        let holds = !self.badge.is_empty() || !self.pin.is_empty();
        let late = !(0..HELD_BADGE_MS).contains(&now.since(self.last));
        self.last = now;
        (holds && late).then(|| {
            self.clear_pin();
            self.clear_badge();
            Forgotten::Idle
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_795_269_600_000;

    fn scanned() -> Held {
        let mut held = Held::default();
        for key in "LL1ABC".chars() {
            held.badge_key(key, UnixMillis(START));
        }
        held
    }

    fn counts(held: &Held) -> (u32, u32) {
        match held.answer(None, |_| None) {
            Answer::Held { pin, badge, .. } => (badge, pin),
            other => panic!("{other:?}"),
        }
    }

    fn try_once(held: &mut Held, now: i64) -> Refusal {
        for digit in [1, 2, 3, 4, 5, 6] {
            held.pin_digit(digit, UnixMillis(now));
        }
        held.take_texts(UnixMillis(now)).unwrap();
        held.refused(Refusal::NotKnown)
    }

    #[test]
    fn a_badge_left_behind_can_be_tried_five_times_and_no_more() {
        let mut held = scanned();
        for n in 1..PIN_TRIES {
            assert_eq!(try_once(&mut held, START), Refusal::NotKnown, "{n}");
            assert_eq!(counts(&held), (6, 0));
        }
        let why = Forgotten::Tries;
        assert_eq!(try_once(&mut held, START), Refusal::BadgeForgotten { why });
        assert_eq!(counts(&held), (0, 0));
    }

    #[test]
    fn a_badge_scanned_again_has_its_five_tries_again() {
        let mut held = scanned();
        for _ in 1..PIN_TRIES {
            try_once(&mut held, START);
        }
        held.clear_badge();
        held.badge_key('L', UnixMillis(START));
        assert_eq!(try_once(&mut held, START), Refusal::NotKnown);
    }

    #[test]
    fn a_minute_without_a_key_forgets_the_badge_and_what_was_typed() {
        let mut held = scanned();
        let last = UnixMillis(START + HELD_BADGE_MS - 1);
        assert_eq!(held.pin_digit(1, last), None);
        assert_eq!(counts(&held), (6, 1));
        let late = last.plus(HELD_BADGE_MS);
        assert_eq!(held.pin_digit(2, late), Some(Forgotten::Idle));
        assert_eq!(counts(&held), (0, 0));
        assert_eq!(held.badge_key('L', late), None);
        assert_eq!(counts(&held), (1, 0));
    }

    #[test]
    fn nothing_is_tried_after_the_minute_and_a_clock_set_back_does_not_lengthen_it() {
        for now in [START + HELD_BADGE_MS, START - 1] {
            let mut held = scanned();
            let why = Forgotten::Idle;
            let refused = Err(Refusal::BadgeForgotten { why });
            assert_eq!(held.take_texts(UnixMillis(now)).map(drop), refused);
            assert_eq!(counts(&held), (0, 0));
        }
    }

    #[test]
    fn what_is_no_wrong_pin_is_no_try() {
        let mut held = scanned();
        for _ in 0..=PIN_TRIES {
            assert_eq!(held.refused(Refusal::NotEnrolled), Refusal::NotEnrolled);
        }
        assert_eq!(counts(&held), (6, 0));
    }
}
