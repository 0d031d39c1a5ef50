//! Words people compare or copy by hand: BIP-39's English list, 2,048 words, 11 bits each.

use bip39::Language;

/// The first 66 bits of a hash as six words.
pub(crate) fn six(hash: &[u8; 32]) -> [&'static str; 6] {
    let bits = hash
        .first_chunk::<16>()
        .copied()
        .map_or(0, u128::from_be_bytes);
    let list = Language::English.word_list();
    let mut words = [""; 6];
    for (word, shift) in words.iter_mut().zip((0..=117).rev().step_by(11)) {
        let index = ((bits >> shift) & 0x7ff) as usize;
        *word = list.get(index).copied().unwrap_or_default();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_words_are_the_first_sixty_six_bits() {
        assert_eq!(six(&[0; 32]), ["abandon"; 6]);
        assert_eq!(six(&[0xff; 32]), ["zoo"; 6]);
        // 66 bits that count 1, 2, 3, 4, 5, 6.
        let bits = (1..=6u128).fold(0, |bits, n| (bits << 11) | n) << (128 - 66);
        let mut hash = [0xff; 32];
        hash[..16].copy_from_slice(&bits.to_be_bytes());
        assert_eq!(
            six(&hash),
            ["ability", "able", "about", "above", "absent", "absorb"]
        );
    }

    #[test]
    fn every_one_of_the_sixty_six_bits_counts_and_no_other() {
        let base = six(&[0x5a; 32]);
        for bit in 0..256 {
            let mut hash = [0x5a; 32];
            hash[bit / 8] ^= 0x80 >> (bit % 8);
            assert_eq!(six(&hash) != base, bit < 66, "{bit}");
        }
    }
}
