//! The recovery sheet: a seed printed once as 24 words. Its public halves are in the roster, and
//! every epoch of every stream is wrapped to them.

mod shares;

pub use shares::{RecoveryShare, SharesError};

use crate::identity::Identity;
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use bip39::{Language, Mnemonic};
use ids::contexts;
use zeroize::Zeroizing;

/// What is printed on the recovery sheet.
#[derive(Debug)]
pub struct RecoverySeed(Secret<32>);

/// Words that are no recovery sheet or share: misread, misspelt, or not as many. Whoever typed
/// them is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RecoveryWordsError {
    /// Not 24 words, or 25 of a share.
    #[error("a recovery sheet has 24 words, and a share 25")]
    Count,
    /// A word is not on the list; counted from 1.
    #[error("word {0} is not on the list")]
    Word(usize),
    /// The checksum does not fit: words are wrong or out of order.
    #[error("the words do not fit together")]
    Check,
}

/// A new recovery seed.
///
/// # Errors
/// [`NoRandom`].
pub fn make_recovery(rng: &mut dyn Random) -> Result<RecoverySeed, NoRandom> {
    draw_secret(rng).map(RecoverySeed)
}

impl RecoverySeed {
    /// The 24 words (BIP-39, English, with its checksum), one space between.
    pub fn words(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(24 * 9));
        // 32 bytes are always a valid amount of entropy.
        let Ok(mnemonic) = Mnemonic::from_entropy_in(Language::English, self.0.bytes()) else {
            return text;
        };
        for word in mnemonic.words() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        text
    }

    /// Reads the words; case and the amount of white space do not matter.
    ///
    /// # Errors
    /// [`RecoveryWordsError`].
    pub fn from_words(text: &str) -> Result<Self, RecoveryWordsError> {
        let mut normal = Zeroizing::new(String::with_capacity(text.len()));
        for word in text.split_whitespace() {
            if !normal.is_empty() {
                normal.push(' ');
            }
            normal.extend(word.chars().map(|c| c.to_ascii_lowercase()));
        }
        let mnemonic =
            Mnemonic::parse_in_normalized(Language::English, &normal).map_err(|e| match e {
                bip39::Error::UnknownWord(index) => RecoveryWordsError::Word(index + 1),
                bip39::Error::InvalidChecksum => RecoveryWordsError::Check,
                _ => RecoveryWordsError::Count,
            })?;
        let (entropy, len) = mnemonic.to_entropy_array();
        let entropy = Zeroizing::new(entropy);
        let seed = entropy.get(..len).and_then(Secret::from_slice);
        seed.map(Self).ok_or(RecoveryWordsError::Count)
    }

    /// The recovery identity: its public halves go into `found`, and it signs "recovery used".
    /// Its contexts are its own, so a seed mistaken for a person's gives other keys.
    pub fn identity(&self) -> Identity {
        Identity::derive(
            self.0.duplicate(),
            contexts::RECOVERY_SIGNING,
            contexts::RECOVERY_AGREEMENT,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_those_of_bip39() {
        // Trezor's reference vectors for 256 bits.
        let zeros = RecoverySeed(Secret::copy_of(&[0; 32])).words();
        assert_eq!(*zeros, format!("{}art", "abandon ".repeat(23)));
        let ones = RecoverySeed(Secret::copy_of(&[0xff; 32])).words();
        assert_eq!(*ones, format!("{}vote", "zoo ".repeat(23)));
        let sevens = RecoverySeed(Secret::copy_of(&[0x7f; 32])).words();
        assert!(sevens.starts_with("legal winner thank year wave sausage worth useful"));
        assert!(sevens.ends_with("title"));
    }

    #[test]
    fn a_sheet_typed_by_hand_gives_the_same_keys() {
        let seed = RecoverySeed(Secret::copy_of(b"thirty-two bytes of recovery see"));
        let typed = seed.words().to_uppercase().replace(' ', "\n  ");
        let again = RecoverySeed::from_words(&typed).unwrap();
        assert_eq!(
            again.identity().signing_public(),
            seed.identity().signing_public()
        );
        assert_eq!(
            again.identity().agreement_public(),
            seed.identity().agreement_public()
        );
    }

    #[test]
    fn a_mistake_on_a_sheet_is_named() {
        let words = RecoverySeed(Secret::copy_of(b"thirty-two bytes of recovery see")).words();
        let mut list: Vec<&str> = words.split(' ').collect();
        let all = list.join(" ");
        assert_eq!(
            RecoverySeed::from_words(&list[..23].join(" ")).err(),
            Some(RecoveryWordsError::Count)
        );
        // Twelve words are BIP-39, but no sheet of ours.
        let twelve = format!("{}about", "abandon ".repeat(11));
        assert_eq!(
            RecoverySeed::from_words(&twelve).err(),
            Some(RecoveryWordsError::Count)
        );
        list[4] = "lamplight";
        assert_eq!(
            RecoverySeed::from_words(&list.join(" ")).err(),
            Some(RecoveryWordsError::Word(5))
        );
        list = all.split(' ').collect();
        list.swap(0, 1);
        assert_eq!(
            RecoverySeed::from_words(&list.join(" ")).err(),
            Some(RecoveryWordsError::Check)
        );
    }
}
