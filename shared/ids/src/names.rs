//! The newtypes. Each prints as lower-case hexadecimal and travels as bytes (CBOR) or hex (JSON).

use crate::hex::{ParseIdError, decode};
use core::fmt;

macro_rules! bytes_newtype {
    ($(#[$doc:meta])* $name:ident, $len:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;
            /// All bytes zero: "none" where a format says so.
            pub const ZERO: Self = Self([0; $len]);

            /// From its bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }

            /// From a slice of exactly [`Self::LEN`] bytes; `None` for any other length.
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }

            /// The bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// The bytes, by value.
            pub const fn to_bytes(self) -> [u8; $len] {
                self.0
            }

            /// Whether every byte is zero.
            pub fn is_zero(&self) -> bool {
                self.0 == [0; $len]
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for byte in self.0 {
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        impl core::str::FromStr for $name {
            type Err = ParseIdError;
            fn from_str(text: &str) -> Result<Self, ParseIdError> {
                decode(text).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                _: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                let at = d.position();
                Self::from_slice(d.bytes()?).ok_or_else(|| {
                    minicbor::decode::Error::message(concat!("wrong length of ", stringify!($name)))
                        .at(at)
                })
            }
        }
    };
}

macro_rules! number_newtype {
    ($(#[$doc:meta])* $name:ident, $inner:ty) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $inner);

        impl $name {
            /// The next one; `None` at the end of the range.
            pub fn next(self) -> Option<Self> {
                self.0.checked_add(1).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                ctx: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                self.0.encode(e, ctx)
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(
                d: &mut minicbor::Decoder<'b>,
                ctx: &mut C,
            ) -> Result<Self, minicbor::decode::Error> {
                <$inner>::decode(d, ctx).map(Self)
            }
        }
    };
}

bytes_newtype!(
    /// One nursing home or clinic.
    FacilityId, 16
);
bytes_newtype!(
    /// A compartment of a facility with its own key and log.
    StreamId, 16
);
bytes_newtype!(
    /// One Automerge document.
    DocumentId, 16
);
bytes_newtype!(
    /// One tablet's browser profile or one native process.
    DeviceId, 16
);
bytes_newtype!(
    /// Someone who works in the facility. Zero: nobody signed in.
    PersonId, 16
);
bytes_newtype!(
    /// Drawn at engine start and held in memory only.
    RunId, 16
);
bytes_newtype!(
    /// One life of the relay's log.
    LogId, 16
);
bytes_newtype!(
    /// One thing a person did; may leave entries in several documents.
    CommandId, 16
);
bytes_newtype!(
    /// One invitation: H(invite public key)[..16].
    InviteId, 16
);
bytes_newtype!(
    /// One attachment.
    BlobId, 16
);
bytes_newtype!(
    /// H(ctx ‖ H(header) ‖ H(rest)) of an envelope.
    EnvelopeId, 32
);
bytes_newtype!(
    /// One link of a stream's hash chain.
    ChainHash, 32
);
bytes_newtype!(
    /// One link of the roster's hash chain.
    RosterHash, 32
);
bytes_newtype!(
    /// Automerge's hash of a change (SHA-256).
    ChangeHash, 32
);
bytes_newtype!(
    /// H of one wrapped key.
    WrapHash, 32
);
bytes_newtype!(
    /// An Ed25519 public key.
    SigningPublic, 32
);
bytes_newtype!(
    /// An X25519 public key.
    AgreementPublic, 32
);
bytes_newtype!(
    /// An Ed25519 signature.
    Signature, 64
);
number_newtype!(
    /// Position in a stream's log, from 1; 0 is "before the first".
    Seq, u64
);
number_newtype!(
    /// Position in the roster, from 1 (`found`); 0 is "no roster yet".
    RosterSeq, u64
);
number_newtype!(
    /// One generation of a stream's key, from 0.
    Epoch, u32
);

/// Where an envelope stands in the order the relay gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// The life of the log.
    pub log_id: LogId,
    /// The position in it.
    pub seq: Seq,
    /// The roster position the relay bound to it.
    pub roster_seq: RosterSeq,
}

/// Key of an entry in its document: the text of a ULID (26 characters of Crockford base32,
/// upper case): 48 bits of recording time in Unix milliseconds, 80 bits of hash.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EntryKey(String);

const CROCKFORD: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

impl EntryKey {
    /// Length of the text in bytes.
    pub const LEN: usize = 26;

    /// From the recording time (low 48 bits are used) and 80 bits of hash.
    pub fn from_parts(time: crate::UnixMillis, hash: [u8; 10]) -> Self {
        let mut number = u128::from(time.0.cast_unsigned() & 0xffff_ffff_ffff) << 80;
        for (i, byte) in hash.iter().rev().enumerate() {
            number |= u128::from(*byte) << (8 * i);
        }
        let text = (0..Self::LEN)
            .rev()
            .map(|i| {
                let index = ((number >> (5 * i)) & 31) as usize;
                char::from(CROCKFORD.get(index).copied().unwrap_or(b'0'))
            })
            .collect();
        Self(text)
    }

    /// Parses the canonical text; `None` for anything else (lower case and a first
    /// character over `7` included).
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let canonical = bytes.len() == Self::LEN
            && bytes.first().is_some_and(|c| (b'0'..=b'7').contains(c))
            && bytes.iter().all(|c| CROCKFORD.contains(c));
        canonical.then(|| Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The two parts it was made from.
    pub fn parts(&self) -> (crate::UnixMillis, [u8; 10]) {
        let number = self.0.bytes().fold(0u128, |n, c| {
            let digit = CROCKFORD.iter().position(|x| *x == c).unwrap_or(0);
            (n << 5) | digit as u128
        });
        let bytes = number.to_be_bytes();
        let mut hash = [0u8; 10];
        hash.copy_from_slice(bytes.last_chunk::<10>().unwrap_or(&[0; 10]));
        let millis = i64::try_from(number >> 80).unwrap_or(0);
        (crate::UnixMillis(millis), hash)
    }

    /// When the author's tablet saved it, by that tablet's clock.
    pub fn recorded_at(&self) -> crate::UnixMillis {
        self.parts().0
    }
}

impl fmt::Display for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for EntryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryKey({})", self.0)
    }
}

impl TryFrom<String> for EntryKey {
    type Error = ParseIdError;
    fn try_from(text: String) -> Result<Self, ParseIdError> {
        Self::parse(&text).ok_or(ParseIdError {
            expected: Self::LEN,
        })
    }
}

impl From<EntryKey> for String {
    fn from(key: EntryKey) -> String {
        key.0
    }
}

impl<C> minicbor::Encode<C> for EntryKey {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.str(&self.0)?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for EntryKey {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        Self::parse(d.str()?)
            .ok_or_else(|| minicbor::decode::Error::message("not an entry key").at(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::UnixMillis;

    #[test]
    fn an_id_survives_its_text() {
        let id = FacilityId::from_bytes([0xab; 16]);
        assert_eq!(id.to_string().parse::<FacilityId>().unwrap(), id);
        assert!("AB".repeat(16).parse::<FacilityId>().is_err());
        assert!("ab".repeat(15).parse::<FacilityId>().is_err());
    }

    #[test]
    fn an_entry_key_is_a_ulid() {
        // The example of the ULID specification: time 1469922850259 is 01ARZ3NDEK.
        let key = EntryKey::from_parts(UnixMillis(1_469_922_850_259), [0xff; 10]);
        assert_eq!(
            key.as_str(),
            "01ARZ3NDEKZZZZZZZZZZZZZZZZ"
                .get(..10)
                .map(|p| format!("{p}{}", "Z".repeat(16)))
                .unwrap()
        );
        assert_eq!(key.parts(), (UnixMillis(1_469_922_850_259), [0xff; 10]));
        assert_eq!(EntryKey::parse(key.as_str()), Some(key.clone()));
        assert_eq!(EntryKey::parse(&key.as_str().to_lowercase()), None);
        assert_eq!(EntryKey::parse("8ZZZZZZZZZZZZZZZZZZZZZZZZZ"), None);
    }
}
