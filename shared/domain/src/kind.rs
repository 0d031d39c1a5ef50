//! A kind by its name, where one entry says what kind another is of.

use crate::entry::Fact;
use minicbor::{Decode, Decoder, Encode, Encoder};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A kind that this version knows. What names another is read by none: the entry that does so is of a
/// newer version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KnownKind(&'static str);

impl KnownKind {
    /// The kind of this name; `None` when it is not known here.
    pub fn named(name: &str) -> Option<Self> {
        let mut kinds = Fact::KINDS.iter().map(|(kind, _)| *kind);
        kinds.find(|kind| *kind == name).map(Self)
    }

    /// Its name, as entries carry it.
    pub const fn name(self) -> &'static str {
        self.0
    }
}

impl<C> Encode<C> for KnownKind {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for KnownKind {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let not_known = || minicbor::decode::Error::message("a kind that is not known").at(at);
        Self::named(d.str()?).ok_or_else(not_known)
    }
}

impl Serialize for KnownKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for KnownKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name).ok_or_else(|| serde::de::Error::custom("a kind that is not known"))
    }
}
