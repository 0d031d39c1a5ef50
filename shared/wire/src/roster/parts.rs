//! The pieces roster bodies are made of.

use ids::{
    AgreementPublic, DeviceId, InviteId, PersonId, SigningPublic, StreamId, UnixMillis, WrapHash,
};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// The signer of an entry: a person, a device (rotate of `devices`), an invitation (accept) or
/// zero (the relay's or the recovery key).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SignerId([u8; 16]);

impl SignerId {
    /// The relay's or the recovery key.
    pub const NONE: Self = Self([0; 16]);

    /// From its bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Read as a person.
    pub const fn person(self) -> PersonId {
        PersonId::from_bytes(self.0)
    }

    /// Read as a device.
    pub const fn device(self) -> DeviceId {
        DeviceId::from_bytes(self.0)
    }

    /// Read as an invitation.
    pub const fn invite(self) -> InviteId {
        InviteId::from_bytes(self.0)
    }
}

impl From<PersonId> for SignerId {
    fn from(id: PersonId) -> Self {
        Self(id.to_bytes())
    }
}

impl From<DeviceId> for SignerId {
    fn from(id: DeviceId) -> Self {
        Self(id.to_bytes())
    }
}

impl From<InviteId> for SignerId {
    fn from(id: InviteId) -> Self {
        Self(id.to_bytes())
    }
}

/// A person's public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PersonKeys {
    /// The person; random, never reused.
    #[n(0)]
    pub id: PersonId,
    /// Signs.
    #[n(1)]
    pub signing: SigningPublic,
    /// Receives keys.
    #[n(2)]
    pub agreement: AgreementPublic,
}

/// A device's public keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceKeys {
    /// The device; random, never reused.
    #[n(0)]
    pub id: DeviceId,
    /// Signs.
    #[n(1)]
    pub signing: SigningPublic,
    /// Receives keys.
    #[n(2)]
    pub agreement: AgreementPublic,
}

/// Public halves of the recovery sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RecoveryKeys {
    /// Signs.
    #[n(0)]
    pub signing: SigningPublic,
    /// Receives every epoch's key.
    #[n(1)]
    pub agreement: AgreementPublic,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Encode)]
#[cbor(index_only)]
pub enum DeviceKind {
    /// A tablet's browser profile: counts in "n of m tablets".
    #[n(1)]
    Tablet,
    /// A native process.
    #[n(2)]
    Process,
}

// Not derived: within an optional field a derived decoder takes a code it does not know for a field
// that is absent, and goes on in the middle of it.
impl<'b, C> Decode<'b, C> for DeviceKind {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        match d.u64()? {
            1 => Ok(Self::Tablet),
            2 => Ok(Self::Process),
            _ => Err(decode::Error::message("no such kind of device").at(at)),
        }
    }
}

/// Who may sign in on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MaySignIn {
    /// Everybody in the roster.
    All,
    /// These only.
    Only(Vec<PersonId>),
}

impl MaySignIn {
    /// Whether `person` may.
    pub fn allows(&self, person: &PersonId) -> bool {
        match self {
            Self::All => true,
            Self::Only(persons) => persons.contains(person),
        }
    }
}

impl<C> Encode<C> for MaySignIn {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::All => e.bool(true)?.ok(),
            Self::Only(persons) => persons.encode(e, ctx),
        }
    }
}

impl<'b, C> Decode<'b, C> for MaySignIn {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        if d.datatype()? != minicbor::data::Type::Bool {
            return Vec::decode(d, ctx).map(Self::Only);
        }
        if d.bool()? {
            Ok(Self::All)
        } else {
            Err(decode::Error::message("nobody").at(at))
        }
    }
}

/// What a device may carry and who may use it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeviceScope {
    /// What it is.
    #[n(0)]
    pub kind: DeviceKind,
    /// The streams it carries; `devices` among them unless nobody signs in there.
    #[n(1)]
    pub streams: Vec<StreamId>,
    /// Who may sign in.
    #[n(2)]
    pub may_sign_in: MaySignIn,
}

/// How far a grant goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode)]
#[cbor(index_only)]
pub enum Right {
    /// Nothing any more.
    #[n(0)]
    Withdrawn,
    /// Read, after breaking the glass.
    #[n(1)]
    Emergency,
    /// Read.
    #[n(2)]
    Read,
    /// Read and write.
    #[n(3)]
    Write,
}

impl<'b, C> Decode<'b, C> for Right {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        match d.u64()? {
            0 => Ok(Self::Withdrawn),
            1 => Ok(Self::Emergency),
            2 => Ok(Self::Read),
            3 => Ok(Self::Write),
            _ => Err(decode::Error::message("no such right").at(at)),
        }
    }
}

/// What a person may do in a stream. A later grant for the same two replaces the earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Grant {
    /// The person.
    #[n(0)]
    pub person: PersonId,
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// How far.
    #[n(2)]
    pub right: Right,
    /// Bits of [`ids::acts`].
    #[n(3)]
    pub acts: u64,
    /// The end, by the relay's time; exclusive.
    #[n(4)]
    pub until: Option<UnixMillis>,
    /// H of the wrap of the current epoch for the person; empty: waits for a holder.
    #[n(5)]
    pub wraps: Vec<WrapHash>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Decode)]
    #[cbor(map)]
    struct Optional {
        #[n(0)]
        kind: Option<DeviceKind>,
        #[n(1)]
        right: Option<Right>,
    }

    #[test]
    fn a_code_that_is_not_known_is_an_error_in_an_optional_field_too() {
        let read = |bytes: &[u8]| minicbor::decode::<Optional>(bytes);
        for right in 0..=3 {
            assert!(read(&[0xa2, 0, 1 + right % 2, 1, right]).is_ok());
        }
        for later in [0, 3] {
            assert!(read(&[0xa2, 0, later, 1, 3]).is_err());
            // As a decoder reads it that skips an item behind the code and goes on there.
            assert!(read(&[0xa2, 0, later, 7, 1, 3]).is_err());
        }
        assert!(read(&[0xa2, 1, 4, 7, 0, 1]).is_err());
    }
}
