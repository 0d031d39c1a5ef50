//! Small pieces every decoder of this crate is made of: reading fixed-length fields off a slice,
//! and byte strings as `bytes` in CBOR.

/// Takes the next `N` bytes off the front; `None` when there are fewer.
pub(crate) fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk::<N>()?;
    *rest = tail;
    Some(*head)
}

/// Takes the next `len` bytes off the front; `None` when there are fewer.
pub(crate) fn take_slice<'a>(rest: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(len)?;
    *rest = tail;
    Some(head)
}

/// A length as the 32-bit number it is written as. Everything measured is bounded far below.
pub(crate) fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// `value` as CBOR.
pub(crate) fn to_cbor<T: minicbor::Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    append_cbor(value, &mut out);
    out
}

/// Appends `value` as CBOR.
pub(crate) fn append_cbor<T: minicbor::Encode<()>>(value: &T, out: &mut Vec<u8>) {
    // Neither a `Vec` nor the encoders of this crate can fail.
    let written = minicbor::encode(value, out);
    debug_assert!(written.is_ok());
}

/// One `Bytes` as a byte string.
pub(crate) mod blob {
    use bytes::Bytes;
    use minicbor::decode::Error as DecodeError;
    use minicbor::encode::{Error as EncodeError, Write};
    use minicbor::{Decoder, Encoder};

    pub(crate) fn encode<Ctx, W: Write>(
        value: &Bytes,
        e: &mut Encoder<W>,
        _: &mut Ctx,
    ) -> Result<(), EncodeError<W::Error>> {
        e.bytes(value)?.ok()
    }

    pub(crate) fn decode<'b, Ctx>(d: &mut Decoder<'b>, _: &mut Ctx) -> Result<Bytes, DecodeError> {
        d.bytes().map(Bytes::copy_from_slice)
    }
}

/// Many `Bytes` as an array of byte strings.
pub(crate) mod blobs {
    use bytes::Bytes;
    use minicbor::decode::Error as DecodeError;
    use minicbor::encode::{Error as EncodeError, Write};
    use minicbor::{Decoder, Encoder};

    pub(crate) fn encode<Ctx, W: Write>(
        value: &[Bytes],
        e: &mut Encoder<W>,
        _: &mut Ctx,
    ) -> Result<(), EncodeError<W::Error>> {
        e.array(value.len() as u64)?;
        for bytes in value {
            e.bytes(bytes)?;
        }
        e.ok()
    }

    pub(crate) fn decode<'b, Ctx>(
        d: &mut Decoder<'b>,
        _: &mut Ctx,
    ) -> Result<Vec<Bytes>, DecodeError> {
        let mut out = Vec::new();
        for bytes in d.array_iter::<&minicbor::bytes::ByteSlice>()? {
            out.push(Bytes::copy_from_slice(bytes?));
        }
        Ok(out)
    }
}
