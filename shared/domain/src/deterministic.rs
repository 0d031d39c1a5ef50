//! The checker of deterministic CBOR (RFC 8949 §4.2.1), narrowed to what entries use: shortest
//! integers and lengths, definite lengths, maps with ascending unsigned keys each once, UTF-8
//! text, `false`, `true`, `null`; no tags, no floats, bounded depth and strings. One value has
//! one encoding, so two replicas never disagree about what an entry's bytes say.

use ids::limits::{ENTRY_BYTES, ENTRY_DEPTH, STRING_BYTES};

/// Why bytes are no deterministic CBOR within the bounds. The fault is their author's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDeterministic {
    /// Longer than an entry may be.
    #[error("longer than {ENTRY_BYTES} bytes")]
    TooLong,
    /// Ends in the middle of an item.
    #[error("ends in the middle of an item")]
    Truncated,
    /// Bytes follow the item.
    #[error("bytes follow the item")]
    Trailing,
    /// An integer or length is not in its shortest form.
    #[error("an integer or a length is not in its shortest form")]
    NotShortest,
    /// A length is indefinite, or the initial byte is reserved.
    #[error("an indefinite length or a reserved initial byte")]
    Indefinite,
    /// Tags, floats, `undefined` and other simple values are not used.
    #[error("a tag, a float or an unused simple value")]
    NotUsed,
    /// A map's key is no unsigned integer.
    #[error("a map's key is no unsigned integer")]
    KeyType,
    /// A map's keys do not ascend, or one stands twice.
    #[error("a map's keys do not ascend")]
    KeyOrder,
    /// Nested deeper than is allowed.
    #[error("nested deeper than {ENTRY_DEPTH}")]
    TooDeep,
    /// A string is longer than is allowed.
    #[error("a string is longer than {STRING_BYTES} bytes")]
    StringTooLong,
    /// Text is not UTF-8.
    #[error("text is not UTF-8")]
    NotText,
}

/// Checks that `bytes` are exactly one item of deterministic CBOR within the bounds of
/// [`ids::limits`].
///
/// # Errors
/// The first rule that is broken.
pub fn check(bytes: &[u8]) -> Result<(), NotDeterministic> {
    if bytes.len() > ENTRY_BYTES {
        return Err(NotDeterministic::TooLong);
    }
    let mut rest = Reader { rest: bytes };
    rest.item(0)?;
    if rest.rest.is_empty() {
        Ok(())
    } else {
        Err(NotDeterministic::Trailing)
    }
}

/// The first key of a map in a fact that a version may pass over without misreading the rest.
pub const FIRST_EXTRA_KEY: u64 = 64;

/// One item without what may be passed over: of every map in it, the keys from
/// [`FIRST_EXTRA_KEY`] on.
///
/// # Errors
/// The first rule of [`check`] that is broken.
pub(crate) fn without_extras(bytes: &[u8]) -> Result<Vec<u8>, NotDeterministic> {
    let mut kept = Vec::with_capacity(bytes.len());
    Reader { rest: bytes }.keep(0, &mut kept)?;
    Ok(kept)
}

struct Reader<'b> {
    rest: &'b [u8],
}

impl<'b> Reader<'b> {
    /// Passes over one item lying in `depth` arrays or maps.
    fn item(&mut self, depth: usize) -> Result<(), NotDeterministic> {
        let (major, argument) = self.head()?;
        match major {
            0 | 1 => Ok(()),
            2 => self.string(argument).map(|_| ()),
            3 => core::str::from_utf8(self.string(argument)?)
                .map(|_| ())
                .map_err(|_| NotDeterministic::NotText),
            4 => {
                let depth = deeper(depth)?;
                (0..argument).try_for_each(|_| self.item(depth))
            }
            5 => self.map(argument, deeper(depth)?),
            7 if matches!(argument, 20..=22) => Ok(()),
            _ => Err(NotDeterministic::NotUsed),
        }
    }

    /// Copies one item, leaving out what may be passed over.
    fn keep(&mut self, depth: usize, kept: &mut Vec<u8>) -> Result<(), NotDeterministic> {
        let whole = self.rest;
        let (major, argument) = self.head()?;
        match major {
            4 => {
                kept.extend_from_slice(before(whole, self.rest));
                let depth = deeper(depth)?;
                (0..argument).try_for_each(|_| self.keep(depth, kept))
            }
            5 => {
                let depth = deeper(depth)?;
                let (mut pairs, mut count) = (Vec::new(), 0);
                for _ in 0..argument {
                    let pair = self.rest;
                    let (_, key) = self.head()?;
                    if key >= FIRST_EXTRA_KEY {
                        self.item(depth)?;
                        continue;
                    }
                    count += 1;
                    pairs.extend_from_slice(before(pair, self.rest));
                    self.keep(depth, &mut pairs)?;
                }
                // Fewer than 64 keys remain: their number fits into one or two bytes.
                match u8::try_from(count).unwrap_or(u8::MAX) {
                    few @ 0..=23 => kept.push(0xa0 | few),
                    many => kept.extend_from_slice(&[0xb8, many]),
                }
                kept.append(&mut pairs);
                Ok(())
            }
            _ => {
                self.rest = whole;
                self.item(depth)?;
                kept.extend_from_slice(before(whole, self.rest));
                Ok(())
            }
        }
    }

    fn map(&mut self, pairs: u64, depth: usize) -> Result<(), NotDeterministic> {
        let mut last = None;
        for _ in 0..pairs {
            let (major, key) = self.head()?;
            if major != 0 {
                return Err(NotDeterministic::KeyType);
            }
            if last.is_some_and(|last| key <= last) {
                return Err(NotDeterministic::KeyOrder);
            }
            last = Some(key);
            self.item(depth)?;
        }
        Ok(())
    }

    /// The major type and argument of the next item.
    fn head(&mut self) -> Result<(u8, u64), NotDeterministic> {
        let initial = self.take(1)?.first().copied().unwrap_or_default();
        let (major, additional) = (initial >> 5, initial & 0x1f);
        let (length, least) = match additional {
            0..=23 => return Ok((major, u64::from(additional))),
            24 => (1, 24),
            25 => (2, 1 << 8),
            26 => (4, 1 << 16),
            27 => (8, 1 << 32),
            _ => return Err(NotDeterministic::Indefinite),
        };
        if major == 7 {
            // Floats, and simple values over 23.
            return Err(NotDeterministic::NotUsed);
        }
        let argument = self
            .take(length)?
            .iter()
            .fold(0u64, |n, b| (n << 8) | u64::from(*b));
        if argument < least {
            Err(NotDeterministic::NotShortest)
        } else {
            Ok((major, argument))
        }
    }

    fn string(&mut self, length: u64) -> Result<&'b [u8], NotDeterministic> {
        match usize::try_from(length) {
            Ok(length) if length <= STRING_BYTES => self.take(length),
            _ => Err(NotDeterministic::StringTooLong),
        }
    }

    fn take(&mut self, length: usize) -> Result<&'b [u8], NotDeterministic> {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .ok_or(NotDeterministic::Truncated)?;
        self.rest = rest;
        Ok(taken)
    }
}

/// What of `whole` was read when `rest` remains.
fn before<'b>(whole: &'b [u8], rest: &[u8]) -> &'b [u8] {
    let read = whole.len().saturating_sub(rest.len());
    whole.get(..read).unwrap_or_default()
}

fn deeper(depth: usize) -> Result<usize, NotDeterministic> {
    if depth < ENTRY_DEPTH {
        Ok(depth + 1)
    } else {
        Err(NotDeterministic::TooDeep)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_rule_has_bytes_that_break_it() {
        use NotDeterministic as E;
        let cases: &[(&[u8], Result<(), E>)] = &[
            (&[0x17], Ok(())),
            (&[0x18, 0x18], Ok(())),
            (&[0x18, 0x17], Err(E::NotShortest)),
            (&[0x38, 0x17], Err(E::NotShortest)),
            (&[0x19, 0x00, 0xff], Err(E::NotShortest)),
            (&[0x1a, 0x00, 0x00, 0xff, 0xff], Err(E::NotShortest)),
            (
                &[0x1b, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff],
                Err(E::NotShortest),
            ),
            (&[0x1b, 0, 0, 0, 1, 0, 0, 0, 0], Ok(())),
            (&[0x58, 0x01, 0x00], Err(E::NotShortest)),
            (&[0x5f, 0xff], Err(E::Indefinite)),
            (&[0x9f, 0xff], Err(E::Indefinite)),
            (&[0xbf, 0xff], Err(E::Indefinite)),
            (&[0x1c], Err(E::Indefinite)),
            (&[0xc0, 0x00], Err(E::NotUsed)),
            (&[0xf9, 0x00, 0x00], Err(E::NotUsed)),
            (&[0xfb, 0, 0, 0, 0, 0, 0, 0, 0], Err(E::NotUsed)),
            (&[0xf7], Err(E::NotUsed)),
            (&[0xf8, 0x20], Err(E::NotUsed)),
            (&[0xf4], Ok(())),
            (&[0xf6], Ok(())),
            (&[0xa1, 0x61, b'a', 0x00], Err(E::KeyType)),
            (&[0xa1, 0x20, 0x00], Err(E::KeyType)),
            (&[0xa2, 0x01, 0x00, 0x01, 0x00], Err(E::KeyOrder)),
            (&[0xa2, 0x02, 0x00, 0x01, 0x00], Err(E::KeyOrder)),
            (&[0xa2, 0x01, 0x00, 0x02, 0x00], Ok(())),
            (&[0x61, 0xff], Err(E::NotText)),
            (&[0x00, 0x00], Err(E::Trailing)),
            (&[], Err(E::Truncated)),
            (&[0x42, 0x00], Err(E::Truncated)),
            (
                &[0x9b, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
                Err(E::Truncated),
            ),
        ];
        for (bytes, expect) in cases {
            assert_eq!(check(bytes), *expect, "{bytes:02x?}");
        }
    }

    #[test]
    fn extras_are_left_out_of_every_map() {
        let cases: &[(&[u8], &[u8])] = &[
            (&[0xa1, 0x18, 0x40, 0x00], &[0xa0]),
            (&[0xa1, 0x18, 0x3f, 0x00], &[0xa1, 0x18, 0x3f, 0x00]),
            (
                // [{0: {1: "a", 64: [0]}}, 7]
                &[
                    0x82, 0xa1, 0x00, 0xa2, 0x01, 0x61, b'a', 0x18, 0x40, 0x81, 0x00, 0x07,
                ],
                &[0x82, 0xa1, 0x00, 0xa1, 0x01, 0x61, b'a', 0x07],
            ),
        ];
        for (bytes, kept) in cases {
            assert_eq!(without_extras(bytes).as_deref(), Ok(*kept), "{bytes:02x?}");
        }
    }

    #[test]
    fn depth_is_bounded_at_n_and_n_plus_1() {
        let nested = |n: usize| [vec![0x81; n], vec![0x00]].concat();
        assert_eq!(check(&nested(ENTRY_DEPTH)), Ok(()));
        assert_eq!(
            check(&nested(ENTRY_DEPTH + 1)),
            Err(NotDeterministic::TooDeep)
        );
    }

    #[test]
    fn strings_and_the_whole_are_bounded_at_n_and_n_plus_1() {
        let text = |n: usize| minicbor::to_vec("a".repeat(n)).unwrap();
        assert_eq!(check(&text(STRING_BYTES)), Ok(()));
        assert_eq!(
            check(&text(STRING_BYTES + 1)),
            Err(NotDeterministic::StringTooLong)
        );
        let bytes = [vec![0x99, 0x7f, 0xfd], vec![0x00; ENTRY_BYTES - 3]].concat();
        assert_eq!(bytes.len(), ENTRY_BYTES);
        assert_eq!(check(&bytes), Ok(()));
        let longer = [vec![0x99, 0x7f, 0xfe], vec![0x00; ENTRY_BYTES - 2]].concat();
        assert_eq!(check(&longer), Err(NotDeterministic::TooLong));
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_checker_fail(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let checked = check(&bytes);
            let kept = without_extras(&bytes);
            if checked.is_ok() {
                let kept = kept.unwrap();
                prop_assert_eq!(check(&kept), Ok(()));
                prop_assert_eq!(without_extras(&kept), Ok(kept.clone()));
            }
        }
    }
}
