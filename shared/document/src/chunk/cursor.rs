//! Reading forward through bytes that nobody vouches for.

use crate::refused::Refused;

/// The unread rest of a slice.
#[derive(Clone, Copy)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// Refuses bytes after the end.
    pub(crate) fn end(&self) -> Result<(), Refused> {
        self.is_empty().then_some(()).ok_or(Refused::Length)
    }

    pub(crate) fn take(&mut self, len: usize) -> Result<&'a [u8], Refused> {
        let (head, tail) = self.rest.split_at_checked(len).ok_or(Refused::Length)?;
        self.rest = tail;
        Ok(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<&'a [u8; N], Refused> {
        let (head, tail) = self.rest.split_first_chunk().ok_or(Refused::Length)?;
        self.rest = tail;
        Ok(head)
    }

    pub(crate) fn byte(&mut self) -> Result<u8, Refused> {
        self.array::<1>().map(|[byte]| *byte)
    }

    /// An unsigned LEB128 number in its shortest form.
    pub(crate) fn uleb(&mut self) -> Result<u64, Refused> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if (bits << shift) >> shift != bits {
                return Err(Refused::Bound);
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || shift == 0;
                return if shortest {
                    Ok(number)
                } else {
                    Err(Refused::NotCanonical)
                };
            }
        }
        Err(Refused::Bound)
    }

    /// A signed LEB128 number in its shortest form.
    pub(crate) fn sleb(&mut self) -> Result<i64, Refused> {
        let mut number = 0i64;
        let mut before = 0u8;
        for shift in (0..64u32).step_by(7) {
            let byte = self.byte()?;
            if shift == 63 && byte != 0 && byte != 0x7f {
                return Err(Refused::Bound);
            }
            number |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                let only_sign =
                    (byte == 0 && before & 0x40 == 0) || (byte == 0x7f && before & 0x40 != 0);
                if shift > 0 && only_sign {
                    return Err(Refused::NotCanonical);
                }
                if negative && shift < 57 {
                    number |= -1 << (shift + 7);
                }
                return Ok(number);
            }
            before = byte;
        }
        Err(Refused::Bound)
    }

    /// A count of at most `limit`.
    pub(crate) fn count(&mut self, limit: usize) -> Result<usize, Refused> {
        usize::try_from(self.uleb()?)
            .ok()
            .filter(|count| *count <= limit)
            .ok_or(Refused::Bound)
    }
}
