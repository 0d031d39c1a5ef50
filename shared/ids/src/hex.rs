//! Hexadecimal text of ids, the only textual form they have.

/// A text that is not the lower-case hexadecimal form of an id of the expected length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected {expected} hexadecimal digits")]
pub struct ParseIdError {
    /// How many digits the id has.
    pub expected: usize,
}

pub(crate) fn decode<const N: usize>(text: &str) -> Result<[u8; N], ParseIdError> {
    let error = ParseIdError { expected: N * 2 };
    let digits = text.as_bytes();
    if digits.len() != N * 2 {
        return Err(error);
    }
    let mut out = [0u8; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let &[high, low] = pair else {
            return Err(error);
        };
        *byte = (digit(high).ok_or(error)? << 4) | digit(low).ok_or(error)?;
    }
    Ok(out)
}

fn digit(c: u8) -> Option<u8> {
    match c {
        b'0'..=b'9' => Some(c - b'0'),
        b'a'..=b'f' => Some(c - b'a' + 10),
        _ => None,
    }
}
