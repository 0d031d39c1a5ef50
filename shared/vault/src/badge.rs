//! The two factors of signing in: a printed badge and six digits.
//!
//! Badge text = `LL1` ‖ Crockford base32 of 16 secret bytes (26 characters) ‖ 2 check characters.

use crate::hazmat;
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use ids::{PersonId, contexts};
use zeroize::Zeroizing;

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const PREFIX: &str = "LL1";
/// Characters of the secret: 25 of five bits, one of three and two zeros.
const SECRET_CHARS: usize = 26;

/// A badge's secret: what its QR code holds.
#[derive(Debug)]
pub struct Badge(pub(crate) Secret<16>);

/// Six digits.
#[derive(Debug)]
pub struct Pin(pub(crate) Secret<6>);

/// A text that is no badge. Whoever typed or printed it is at fault, or the scanner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadgeTextError {
    /// Not `LL1` and 28 characters of Crockford base32.
    #[error("not a badge of this system")]
    Form,
    /// The check characters do not fit: something was misread.
    #[error("the badge was misread")]
    Check,
}

/// A text that is not six digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a PIN is six digits")]
pub struct PinTextError;

/// A new badge.
///
/// # Errors
/// [`NoRandom`].
pub fn make_badge(rng: &mut dyn Random) -> Result<Badge, NoRandom> {
    draw_secret(rng).map(Badge)
}

impl Badge {
    /// The text in the QR code and under it.
    pub fn text(&self) -> Zeroizing<String> {
        let number = u128::from_be_bytes(*self.0.bytes());
        let mut text = Zeroizing::new(String::with_capacity(PREFIX.len() + SECRET_CHARS + 2));
        text.push_str(PREFIX);
        for shift in (3..128).step_by(5).rev() {
            text.push(symbol(number >> shift));
        }
        text.push(symbol(number << 2));
        for check in self.check() {
            text.push(check);
        }
        text
    }

    /// Reads a typed or scanned text. Case, spaces and hyphens do not matter, and `I`, `L`, `O`
    /// pass for `1`, `1`, `0`.
    ///
    /// # Errors
    /// [`BadgeTextError`].
    pub fn parse(text: &str) -> Result<Self, BadgeTextError> {
        let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
        for character in text.bytes().filter(|c| !matches!(c, b' ' | b'-')) {
            symbols.push(value(character).ok_or(BadgeTextError::Form)?);
        }
        // `LL1` reads as three ones.
        let rest = symbols
            .strip_prefix(&[1, 1, 1])
            .ok_or(BadgeTextError::Form)?;
        let (secret, check) = rest
            .split_at_checked(SECRET_CHARS)
            .ok_or(BadgeTextError::Form)?;
        let (last, others) = secret.split_last().ok_or(BadgeTextError::Form)?;
        if last & 0b11 != 0 || check.len() != 2 {
            return Err(BadgeTextError::Form);
        }
        let number = others
            .iter()
            .fold(0u128, |number, five| (number << 5) | u128::from(*five));
        let number = (number << 3) | u128::from(last >> 2);
        let badge = Self(Secret::copy_of(&number.to_be_bytes()));
        let expected = badge.check().map(|character| value(character as u8));
        let stated = [check.first().copied(), check.last().copied()];
        if expected == stated {
            Ok(badge)
        } else {
            Err(BadgeTextError::Check)
        }
    }

    /// By which a tablet tells whether this badge opens a person's keyslot: says nothing of the
    /// secret. It is bound to the person, so that nobody who reads it in a slot can put it into a
    /// slot of their own and have that tried instead.
    pub fn lookup(&self, person: &PersonId) -> [u8; 8] {
        let parts: [&[u8]; 2] = [self.0.bytes(), person.as_bytes()];
        let hash = hazmat::derive(contexts::SLOT_LOOKUP, &parts);
        hash.bytes().first_chunk().copied().unwrap_or_default()
    }

    /// The first ten bits of H([`contexts::BADGE_CHECK`], secret).
    fn check(&self) -> [char; 2] {
        let hash = hazmat::derive(contexts::BADGE_CHECK, &[self.0.bytes()]);
        let bits = hash
            .bytes()
            .first_chunk()
            .copied()
            .map_or(0, u16::from_be_bytes);
        [
            symbol(u128::from(bits >> 11)),
            symbol(u128::from(bits >> 6)),
        ]
    }
}

impl Pin {
    /// Reads six ASCII digits.
    ///
    /// # Errors
    /// [`PinTextError`].
    pub fn parse(text: &str) -> Result<Self, PinTextError> {
        let pin = Secret::from_slice(text.as_bytes()).ok_or(PinTextError)?;
        if pin.bytes().iter().all(u8::is_ascii_digit) {
            Ok(Self(pin))
        } else {
            Err(PinTextError)
        }
    }
}

/// The character of the low five bits.
fn symbol(number: u128) -> char {
    let index = (number & 31) as usize;
    char::from(CROCKFORD.get(index).copied().unwrap_or(b'0'))
}

fn value(character: u8) -> Option<u8> {
    let canonical = match character.to_ascii_uppercase() {
        b'I' | b'L' => b'1',
        b'O' => b'0',
        other => other,
    };
    CROCKFORD
        .iter()
        .position(|c| *c == canonical)
        .and_then(|index| u8::try_from(index).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn badge(bytes: [u8; 16]) -> Badge {
        Badge(Secret::copy_of(&bytes))
    }

    #[test]
    fn a_badge_survives_its_text() {
        for bytes in [
            [0; 16],
            [0xff; 16],
            *b"sixteen secrets!",
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
        ] {
            let text = badge(bytes).text();
            assert_eq!(text.len(), 31);
            assert!(text.starts_with("LL1"));
            assert_eq!(Badge::parse(&text).unwrap().0.bytes(), &bytes);
        }
    }

    #[test]
    fn a_badge_typed_by_hand_is_understood() {
        let text = badge(*b"sixteen secrets!").text();
        let lower = text.to_lowercase();
        let spaced: String = text
            .chars()
            .enumerate()
            .flat_map(|(i, c)| [if i % 4 == 3 { '-' } else { ' ' }, c])
            .collect();
        let confused = text.replace('0', "o").replace('1', "l");
        for typed in [lower, spaced, confused] {
            assert_eq!(
                Badge::parse(&typed).unwrap().0.bytes(),
                b"sixteen secrets!",
                "{typed}"
            );
        }
    }

    #[test]
    fn every_single_wrong_character_is_noticed_nearly_always() {
        let text = badge(*b"sixteen secrets!").text();
        let (mut wrong, mut noticed) = (0, 0);
        for at in 3..text.len() {
            for other in CROCKFORD {
                if text.as_bytes()[at] == *other {
                    continue;
                }
                let mut typed = text.as_bytes().to_vec();
                typed[at] = *other;
                wrong += 1;
                noticed +=
                    usize::from(Badge::parse(core::str::from_utf8(&typed).unwrap()).is_err());
            }
        }
        // One in 1,024 passes by chance.
        assert!(wrong - noticed <= 4, "{noticed} of {wrong}");
    }

    #[test]
    fn other_texts_are_no_badges() {
        let text = badge([7; 16]).text();
        for other in [
            "",
            "LL1",
            "LL2",
            &text[1..],
            &text[..30],
            &format!("{}0", *text),
            "LL1ä",
        ] {
            assert_eq!(
                Badge::parse(other).err(),
                Some(BadgeTextError::Form),
                "{other}"
            );
        }
        assert_eq!(
            Badge::parse(&text.replace("LL1", "LL2")).err(),
            Some(BadgeTextError::Form)
        );
        assert_eq!(
            Badge::parse(&format!("{}U{}", &text[..10], &text[11..])).err(),
            Some(BadgeTextError::Form)
        );
    }

    #[test]
    fn a_pin_is_six_ascii_digits() {
        assert!(Pin::parse("004217").is_ok());
        for text in ["", "12345", "1234567", "12345a", "-12345", "１２", "12 456"] {
            assert_eq!(Pin::parse(text).err(), Some(PinTextError), "{text}");
        }
    }
}
