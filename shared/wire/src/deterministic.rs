//! One encoding for what the roster says (RFC 8949 §4.2.1): shortest integers and lengths, definite
//! lengths, maps with unsigned keys that ascend, each once; no tags, no floats. Everybody's rights
//! hang on these bytes, and of two equal keys one library takes the first and another the last.

use crate::codec::{take, take_slice};
use ids::limits::ENTRY_DEPTH;

/// Whether `bytes` are exactly one item in its one encoding.
pub(crate) fn is_deterministic(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    item(&mut rest, 0).is_some() && rest.is_empty()
}

/// Passes over one item that lies in so many others.
fn item(rest: &mut &[u8], depth: usize) -> Option<()> {
    if depth > ENTRY_DEPTH {
        return None;
    }
    let (major, argument) = head(rest)?;
    match major {
        0 | 1 => Some(()),
        2 => string(rest, argument).map(drop),
        3 => core::str::from_utf8(string(rest, argument)?).ok().map(drop),
        4 => (0..argument).try_for_each(|_| item(rest, depth + 1)),
        5 => {
            let mut last = None;
            (0..argument).try_for_each(|_| {
                let (major, key) = head(rest)?;
                let ascends = last.is_none_or(|last| key > last);
                last = Some(key);
                (major == 0 && ascends).then_some(())?;
                item(rest, depth + 1)
            })
        }
        // false, true and null.
        7 => matches!(argument, 20..=22).then_some(()),
        _ => None,
    }
}

fn string<'b>(rest: &mut &'b [u8], length: u64) -> Option<&'b [u8]> {
    take_slice(rest, usize::try_from(length).ok()?)
}

/// Major type and argument of the next item, in its shortest form.
fn head(rest: &mut &[u8]) -> Option<(u8, u64)> {
    let [initial] = take(rest)?;
    let major = initial >> 5;
    let (argument, least) = match initial & 0x1f {
        short @ 0..=23 => return Some((major, u64::from(short))),
        24 => (u64::from(u8::from_be_bytes(take(rest)?)), 24),
        25 => (u64::from(u16::from_be_bytes(take(rest)?)), 1 << 8),
        26 => (u64::from(u32::from_be_bytes(take(rest)?)), 1 << 16),
        27 => (u64::from_be_bytes(take(rest)?), 1 << 32),
        // An indefinite length, or reserved.
        _ => return None,
    };
    // Of major type 7 these are floats, and simple values that nobody uses.
    (argument >= least && major != 7).then_some((major, argument))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_has_one_encoding() {
        for right in [
            &[0x00][..],
            &[0x17],
            &[0x18, 24],
            &[0x19, 1, 0],
            &[0x1a, 0, 1, 0, 0],
            &[0x1b, 0, 0, 0, 1, 0, 0, 0, 0],
            &[0x20],
            &[0x41, 0xff],
            &[0x61, b'a'],
            &[0x80],
            &[0x82, 0x00, 0x80],
            &[0xa0],
            &[0xa2, 0x00, 0xf5, 0x18, 24, 0xa1, 0x00, 0xf6],
        ] {
            assert!(is_deterministic(right), "{right:02x?}");
        }
        for wrong in [
            &[][..],
            &[0x00, 0x00],
            &[0x18, 23],
            &[0x19, 0, 255],
            &[0x1a, 0, 0, 255, 255],
            &[0x1b, 0, 0, 0, 0, 255, 255, 255, 255],
            &[0x1c],
            &[0x38, 23],
            &[0x58, 1, 0xff],
            &[0x42, 0xff],
            &[0x61, 0xff],
            &[0x5f, 0x41, 0xff, 0xff],
            &[0x9f, 0xff],
            &[0x98, 0],
            &[0xbf, 0xff],
            &[0xb8, 0],
            &[0xa1, 0x61, b'a', 0x00],
            &[0xa1, 0x20, 0x00],
            &[0xa2, 0x00, 0x01, 0x00, 0x02],
            &[0xa2, 0x01, 0x01, 0x00, 0x02],
            &[0xa1, 0x00],
            &[0xc0, 0x00],
            &[0xf7],
            &[0xf8, 32],
            &[0xf9, 0, 0],
        ] {
            assert!(!is_deterministic(wrong), "{wrong:02x?}");
        }
    }

    #[test]
    fn items_lie_in_each_other_as_deep_as_they_may_and_not_deeper() {
        let nested = |deep: usize| [vec![0x81; deep], vec![0x00]].concat();
        assert!(is_deterministic(&nested(ENTRY_DEPTH)));
        assert!(!is_deterministic(&nested(ENTRY_DEPTH + 1)));
    }
}
