//! What a body looks like before it is sealed: codec u8 ‖ inflated length u32 ‖ length u32 ‖
//! bytes ‖ zeros. Long content is deflated, and all of it padded, so that the length of a
//! ciphertext says little about the length of a note.

use ids::limits::INFLATED_BYTES;
use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress, create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress, inflate_flags};
use zeroize::Zeroizing;

/// codec ‖ inflated length ‖ length.
const HEAD_LEN: usize = 9;
/// The shortest framed content.
const FLOOR: usize = 256;
/// Content of this many bytes and more is deflated, where that makes it shorter.
const DEFLATE_FROM: usize = 256;
const LEVEL: i32 = 6;

const STORED: u8 = 0;
const DEFLATED: u8 = 1;

/// Content that fits no envelope. Its author must split it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooLong;

/// Why opened bytes are no framed content. Their author is at fault: they were sealed so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FramingError {
    /// A length does not fit the bytes, the padding is not zeros, or the compressed form is
    /// broken or of another length than stated.
    #[error("the sealed content is malformed")]
    Malformed,
    /// It states more than `ids::limits::INFLATED_BYTES`.
    #[error("the sealed content is too long")]
    TooLong,
    /// A codec of a later version: the envelope waits for an update.
    #[error("the sealed content has an unknown codec")]
    UnknownCodec,
}

/// PADMÉ with a floor of 256: the length padded content has. Leaks O(log log n) bits of the
/// length and costs at most 12 % (Nikitin et al., "Reducing Metadata Leakage from Encrypted
/// Files and Communication with PURBs", 2019).
pub(crate) fn padded_len(len: usize) -> usize {
    if len <= FLOOR {
        return FLOOR;
    }
    let exponent = len.ilog2();
    let kept_bits = exponent.ilog2() + 1;
    let mask = (1usize << (exponent - kept_bits)) - 1;
    len.saturating_add(mask) & !mask
}

/// Frames `content`, deflated or not, padded so that with `overhead` more bytes it fits a body of
/// at most `bound`.
pub(crate) fn frame(
    content: &[u8],
    overhead: usize,
    bound: usize,
) -> Result<Zeroizing<Vec<u8>>, TooLong> {
    if content.len() > INFLATED_BYTES {
        return Err(TooLong);
    }
    let deflated = if content.len() >= DEFLATE_FROM {
        deflate(content)
    } else {
        None
    };
    let (codec, bytes) = match &deflated {
        Some(deflated) => (DEFLATED, deflated.as_slice()),
        None => (STORED, content),
    };
    let total = padded_len(HEAD_LEN + bytes.len());
    if total.saturating_add(overhead) > bound {
        return Err(TooLong);
    }
    let inflated_len = u32::try_from(content.len()).map_err(|_| TooLong)?;
    let len = u32::try_from(bytes.len()).map_err(|_| TooLong)?;
    // Room for the overhead too: the cipher then appends its tag without a second copy.
    let mut framed = Zeroizing::new(Vec::with_capacity(total + overhead));
    framed.push(codec);
    framed.extend_from_slice(&inflated_len.to_be_bytes());
    framed.extend_from_slice(&len.to_be_bytes());
    framed.extend_from_slice(bytes);
    framed.resize(total, 0);
    Ok(framed)
}

/// The content of framed bytes. Never allocates more than the bound, whatever they claim.
pub(crate) fn unframe(framed: &[u8]) -> Result<Zeroizing<Vec<u8>>, FramingError> {
    let (codec, rest) = framed.split_first().ok_or(FramingError::Malformed)?;
    // First of all: what follows is laid out and bounded as its codec says.
    if !matches!(*codec, STORED | DEFLATED) {
        return Err(FramingError::UnknownCodec);
    }
    let (inflated_len, rest) = length(rest)?;
    let (len, rest) = length(rest)?;
    if inflated_len > INFLATED_BYTES {
        return Err(FramingError::TooLong);
    }
    let (bytes, padding) = rest.split_at_checked(len).ok_or(FramingError::Malformed)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(FramingError::Malformed);
    }
    let content = match (*codec, inflated_len == len) {
        (DEFLATED, _) => inflate(bytes, inflated_len),
        (_, same) => same.then(|| Zeroizing::new(bytes.to_vec())),
    };
    content.ok_or(FramingError::Malformed)
}

fn length(bytes: &[u8]) -> Result<(usize, &[u8]), FramingError> {
    let (length, rest) = bytes.split_first_chunk().ok_or(FramingError::Malformed)?;
    let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| FramingError::TooLong)?;
    Ok((length, rest))
}

/// Raw deflate; `None` when that is no shorter. Into a buffer of fixed size, so that no grown
/// copy of what a person wrote stays on the heap.
fn deflate(content: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(vec![0; content.len() - 1]);
    let flags = create_comp_flags_from_zip_params(LEVEL, 0, 0);
    let mut state = Box::new(CompressorOxide::new(flags));
    let (status, _, written) = compress(&mut state, content, &mut out, TDEFLFlush::Finish);
    out.truncate(written);
    (status == TDEFLStatus::Done).then_some(out)
}

/// Raw inflate of exactly `inflated_len` bytes, which the caller has checked against the bound.
fn inflate(bytes: &[u8], inflated_len: usize) -> Option<Zeroizing<Vec<u8>>> {
    let mut out = Zeroizing::new(vec![0; inflated_len]);
    let mut state = Box::new(DecompressorOxide::new());
    let flags = inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    let (status, read, written) = decompress(&mut state, bytes, &mut out, 0, flags);
    let whole = status == TINFLStatus::Done && read == bytes.len() && written == inflated_len;
    whole.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::limits::{CARRIABLE_BODY_BYTES, ENVELOPE_BODY_BYTES};

    const BOUND: usize = ENVELOPE_BODY_BYTES;

    /// Framed by hand: what an author might seal.
    fn claim(codec: u8, inflated: u32, len: u32, bytes: &[u8]) -> Vec<u8> {
        let mut out = vec![codec];
        out.extend_from_slice(&inflated.to_be_bytes());
        out.extend_from_slice(&len.to_be_bytes());
        out.extend_from_slice(bytes);
        out
    }

    #[test]
    fn framings_are_these_bytes() {
        let mut stored = vec![0, 0, 0, 0, 5, 0, 0, 0, 5, b'0', b'8', b':', b'0', b'0'];
        stored.resize(256, 0);
        assert_eq!(*frame(b"08:00", 16, BOUND).unwrap(), stored);
        // Raw deflate by another program (zlib).
        let mut deflated = vec![
            1, 0, 0, 1, 44, 0, 0, 0, 7, 0xab, 0xa8, 0x18, 0x05, 0xc4, 0x02, 0x00,
        ];
        deflated.resize(256, 0);
        assert_eq!(*unframe(&deflated).unwrap(), [b'x'; 300]);
    }

    #[test]
    fn padded_lengths_follow_padme_with_a_floor() {
        // Independent of the code: E = floor(log2 L), S = floor(log2 E) + 1, the low E − S bits
        // rounded up.
        let table = [
            (9, 256),
            (255, 256),
            (256, 256),
            (257, 272),
            (272, 272),
            (273, 288),
            (500, 512),
            (512, 512),
            (513, 544),
            (1_000, 1_024),
            (1_025, 1_088),
            (4_097, 4_352),
            (65_536, 65_536),
            (65_537, 67_584),
            (1_000_000, 1_015_808),
            (1_032_192, 1_032_192),
            (1_032_193, 1_048_576),
        ];
        for (len, expected) in table {
            assert_eq!(padded_len(len), expected, "{len}");
        }
    }

    #[test]
    fn padding_never_costs_more_than_an_eighth() {
        for len in (257..200_000).step_by(7) {
            let padded = padded_len(len);
            assert!(
                padded >= len && padded - len <= len / 8,
                "{len} became {padded}"
            );
            assert_eq!(padded_len(padded), padded);
        }
    }

    #[test]
    fn content_of_every_length_around_the_bounds_survives() {
        for len in [0, 1, 246, 247, 248, 255, 256, 257, 4_096, 70_000] {
            let content: Vec<u8> = (0..=250).cycle().step_by(7).take(len).collect();
            let framed = frame(&content, 16, BOUND).unwrap();
            assert_eq!(framed.len(), padded_len(framed.len()));
            assert_eq!(*unframe(&framed).unwrap(), content);
        }
    }

    #[test]
    fn long_content_is_deflated_and_short_content_is_not() {
        assert_eq!(frame(&[b'a'; 255], 16, BOUND).unwrap()[0], STORED);
        assert_eq!(frame(&[b'a'; 256], 16, BOUND).unwrap()[0], DEFLATED);
    }

    #[test]
    fn content_that_does_not_shrink_is_stored() {
        let noise: Vec<u8> = (0u32..2_000)
            .flat_map(|i| *blake3::hash(&i.to_be_bytes()).as_bytes())
            .collect();
        let framed = frame(&noise, 16, BOUND).unwrap();
        assert_eq!(framed[0], STORED);
        assert_eq!(*unframe(&framed).unwrap(), noise);
    }

    #[test]
    fn content_up_to_the_bound_is_framed_and_one_byte_more_is_not() {
        let framed = frame(&vec![7; INFLATED_BYTES], 16, BOUND).unwrap();
        assert_eq!(unframe(&framed).unwrap().len(), INFLATED_BYTES);
        assert_eq!(
            frame(&vec![7; INFLATED_BYTES + 1], 16, BOUND).err(),
            Some(TooLong)
        );
    }

    #[test]
    fn a_body_is_never_longer_than_its_bound() {
        let noise = |len: usize| -> Vec<u8> {
            (0u32..)
                .flat_map(|i| *blake3::hash(&i.to_be_bytes()).as_bytes())
                .take(len)
                .collect()
        };
        // The longest padded lengths within them.
        for (bound, longest) in [(BOUND, 1_032_192), (CARRIABLE_BODY_BYTES, 1_015_808)] {
            let framed = |len: usize| frame(&noise(len), 16, bound).map(|framed| framed.len());
            assert_eq!(framed(longest - HEAD_LEN), Ok(longest));
            assert_eq!(framed(longest - HEAD_LEN + 1), Err(TooLong));
        }
    }

    #[test]
    fn a_bomb_is_refused_without_being_inflated() {
        let zeros = vec![0u8; INFLATED_BYTES];
        let packed = deflate(&zeros).unwrap();
        let len = u32::try_from(packed.len()).unwrap();
        assert!(packed.len() < 8_192);
        // It claims more than the bound: refused before anything is allocated.
        let over = u32::try_from(INFLATED_BYTES).unwrap() + 1;
        assert_eq!(
            unframe(&claim(DEFLATED, over, len, &packed)),
            Err(FramingError::TooLong)
        );
        assert_eq!(
            unframe(&claim(DEFLATED, u32::MAX, len, &packed)),
            Err(FramingError::TooLong)
        );
        // It claims less than it holds: the output buffer is that long and no longer.
        assert_eq!(
            unframe(&claim(DEFLATED, 1_000, len, &packed)),
            Err(FramingError::Malformed)
        );
        assert_eq!(
            unframe(&claim(DEFLATED, over - 1, len, &packed)).map(|out| out.len()),
            Ok(INFLATED_BYTES)
        );
    }

    #[test]
    fn an_unknown_codec_is_told_before_anything_else_is_looked_at() {
        let framings = [
            vec![2],
            vec![255, 1],
            claim(2, 0, 0, &[]),
            claim(2, u32::MAX, 0, &[]),
            claim(2, 0, 9, &[]),
            claim(2, 0, 0, &[1]),
        ];
        for framed in framings {
            assert_eq!(unframe(&framed), Err(FramingError::UnknownCodec));
        }
    }

    #[test]
    fn malformed_framings_are_refused() {
        let packed = deflate(&[b'x'; 300]).unwrap();
        let len = u32::try_from(packed.len()).unwrap();
        let mut trailing = packed.to_vec();
        trailing.push(1);
        let cases = [
            vec![],
            vec![STORED],
            claim(STORED, 1, 1, &[]),
            claim(STORED, 2, 1, &[0]),
            claim(STORED, 1, 1, &[5, 0, 0, 1]),
            claim(STORED, 0, u32::MAX, &[]),
            claim(DEFLATED, 301, len, &packed),
            claim(DEFLATED, 299, len, &packed),
            claim(DEFLATED, 300, len - 1, &packed[..packed.len() - 1]),
            claim(DEFLATED, 300, len + 1, &trailing),
            claim(DEFLATED, 300, 0, &[]),
        ];
        for case in cases {
            assert_eq!(unframe(&case), Err(FramingError::Malformed), "{case:?}");
        }
        assert_eq!(unframe(&claim(STORED, 1, 1, &[5, 0, 0])).unwrap()[..], [5]);
        assert_eq!(
            unframe(&claim(DEFLATED, 300, len, &packed)).unwrap().len(),
            300
        );
    }
}
