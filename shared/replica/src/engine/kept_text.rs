//! Secrets in rows that are sealed under the device's vault: wiped when the row is.

use interface::SecretText;
use minicbor::decode::{self, Decoder};
use minicbor::encode::{self, Encoder, Write};
use minicbor::{Decode, Encode};

/// A secret as a row keeps it: CBOR text.
pub(super) struct KeptText(pub(super) SecretText);

impl KeptText {
    pub(super) fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl<T: Into<SecretText>> From<T> for KeptText {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl<C> Encode<C> for KeptText {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.str(self.expose())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for KeptText {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        d.str().map(Self::from)
    }
}
