//! The recovery sheet in three shares, any two of which give it back: Shamir's scheme over GF(2^8)
//! with a line per byte. One share says nothing about the seed.

use super::{RecoverySeed, RecoveryWordsError};
use crate::hazmat;
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use bip39::Language;
use ids::contexts;
use zeroize::Zeroizing;

/// One of the three.
#[derive(Debug)]
pub struct RecoveryShare {
    number: u8,
    /// Nine bits that the shares of one sheet have in common.
    set: u16,
    value: Secret<32>,
}

/// Why two shares gave no seed. Whoever typed them is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharesError {
    /// The same share twice.
    #[error("these are the same share")]
    Same,
    /// Of two sheets.
    #[error("these shares are of two sheets")]
    OtherSheet,
}

impl RecoverySeed {
    /// The three shares, numbered from 1.
    ///
    /// # Errors
    /// [`NoRandom`].
    pub fn shares(&self, rng: &mut dyn Random) -> Result<[RecoveryShare; 3], NoRandom> {
        let slope: Secret<32> = draw_secret(rng)?;
        let set = self.set();
        Ok([1, 2, 3].map(|number| {
            let mut value = Secret::zeroed();
            let bytes = self.0.bytes().iter().zip(slope.bytes());
            for (out, (seed, slope)) in value.bytes_mut().iter_mut().zip(bytes) {
                *out = seed ^ times(number, *slope);
            }
            RecoveryShare { number, set, value }
        }))
    }

    /// The seed from two of its shares. Whether it is the facility's the roster says.
    ///
    /// # Errors
    /// [`SharesError`].
    pub fn from_shares(a: &RecoveryShare, b: &RecoveryShare) -> Result<Self, SharesError> {
        if a.number == b.number {
            return Err(SharesError::Same);
        }
        // On a line over GF(2^8): y(0) = (y1 x2 + y2 x1) / (x1 + x2), and + is exclusive or.
        let divisor = inverse(a.number ^ b.number);
        let mut seed = Secret::zeroed();
        let values = a.value.bytes().iter().zip(b.value.bytes());
        for (out, (y1, y2)) in seed.bytes_mut().iter_mut().zip(values) {
            *out = times(divisor, times(b.number, *y1) ^ times(a.number, *y2));
        }
        let seed = Self(seed);
        (a.set == b.set && a.set == seed.set())
            .then_some(seed)
            .ok_or(SharesError::OtherSheet)
    }

    fn set(&self) -> u16 {
        let hash = hazmat::derive(contexts::RECOVERY_SHARE, &[self.0.bytes()]);
        let [high, low, ..] = *hash.bytes();
        u16::from_be_bytes([high, low]) >> 7
    }
}

impl RecoveryShare {
    /// Which of the three it is.
    pub fn number(&self) -> u8 {
        self.number
    }

    /// 25 words of BIP-39's list: number and sheet in 11 bits, then the share's 32 bytes with their
    /// checksum as for a sheet.
    pub fn words(&self) -> Zeroizing<String> {
        let index = usize::from(u16::from(self.number) << 9 | self.set);
        let first = Language::English.word_list().get(index).copied();
        let rest = RecoverySeed(self.value.duplicate()).words();
        let mut text = Zeroizing::new(String::with_capacity(25 * 9));
        text.push_str(first.unwrap_or_default());
        text.push(' ');
        text.push_str(&rest);
        text
    }

    /// Reads the words; case and the amount of white space do not matter.
    ///
    /// # Errors
    /// [`RecoveryWordsError`]; words are counted from 1.
    pub fn from_words(text: &str) -> Result<Self, RecoveryWordsError> {
        let text = text.trim_start();
        let (first, rest) = text
            .split_once(char::is_whitespace)
            .ok_or(RecoveryWordsError::Count)?;
        let index = Language::English
            .find_word(&first.to_ascii_lowercase())
            .ok_or(RecoveryWordsError::Word(1))?;
        let number = u8::try_from(index >> 9).unwrap_or(0);
        let RecoverySeed(value) = RecoverySeed::from_words(rest).map_err(|error| match error {
            RecoveryWordsError::Word(at) => RecoveryWordsError::Word(at + 1),
            other => other,
        })?;
        if number == 0 {
            return Err(RecoveryWordsError::Check);
        }
        Ok(Self {
            number,
            set: index & 0x1ff,
            value,
        })
    }
}

/// The product in GF(2^8) modulo x^8 + x^4 + x^3 + x + 1. Takes as long whatever `secret` is.
fn times(public: u8, secret: u8) -> u8 {
    let (mut product, mut power) = (0, secret);
    for bit in 0..8 {
        product ^= power & 0u8.wrapping_sub(public >> bit & 1);
        power = power << 1 ^ 0x1b & 0u8.wrapping_sub(power >> 7);
    }
    product
}

/// The inverse: the 254th power.
fn inverse(public: u8) -> u8 {
    (0..253).fold(public, |power, _| times(public, power))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_those_of_the_field() {
        // The examples of FIPS 197, sections 4.2 and 4.2.1.
        assert_eq!(times(0x57, 0x83), 0xc1);
        assert_eq!(times(0x57, 0x13), 0xfe);
        assert_eq!((inverse(1), inverse(2), inverse(3)), (1, 0x8d, 0xf6));
    }
}
