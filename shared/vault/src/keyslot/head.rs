//! What stands in a keyslot in clear: a map that grows by further keys. Only factor and lookup
//! are always there; the parameters of stretching are there where the factor is stretched.

use super::{Factor, UnlockError};
use crate::hazmat::PasswordParams;
use minicbor::bytes::ByteArray;
use minicbor::{Decode, Encode};

/// What a slot says without being unlocked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotPublic {
    /// What opens it.
    pub factor: Factor,
    /// Equal to [`crate::Badge::lookup`] of its badge for the person whose slot it is.
    pub lookup: [u8; 8],
    /// Which of the person's slots of this factor it is: the newest of one number counts.
    pub number: u32,
    /// The name on the tile; `None` when the rest of the head is not understood.
    pub name: Option<String>,
    /// The role on the tile, in the domain's numbering.
    pub role: Option<u8>,
    /// Whether it takes the place of its number and opens nothing.
    pub withdrawn: bool,
}

/// Body of a slot: its head, and the seed sealed with the head as associated data.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct Body<'b> {
    #[cbor(b(0), with = "minicbor::bytes")]
    pub(super) head: &'b [u8],
    #[cbor(b(1), with = "minicbor::bytes")]
    pub(super) sealed: &'b [u8],
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(super) struct Head<'b> {
    #[n(0)]
    pub(super) factor: u8,
    #[n(1)]
    pub(super) lookup: ByteArray<8>,
    #[b(2)]
    pub(super) name: Option<&'b str>,
    #[n(3)]
    pub(super) role: Option<u8>,
    #[n(4)]
    pub(super) salt: Option<ByteArray<16>>,
    #[n(5)]
    pub(super) memory_kib: Option<u32>,
    #[n(6)]
    pub(super) passes: Option<u32>,
    #[n(7)]
    pub(super) number: Option<u32>,
    #[n(8)]
    pub(super) withdrawn: Option<bool>,
}

/// What takes a slot's place must be readable in every later form of the rest.
#[derive(Decode)]
#[cbor(map)]
struct Place {
    #[n(0)]
    factor: u8,
    #[n(1)]
    lookup: ByteArray<8>,
    #[n(7)]
    number: Option<u32>,
}

impl Head<'_> {
    /// Parameters within the bounds, and the salt.
    pub(super) fn stretching(&self) -> Result<(PasswordParams, [u8; 16]), UnlockError> {
        let (Some(memory), Some(passes), Some(salt)) = (self.memory_kib, self.passes, self.salt)
        else {
            return Err(UnlockError::Malformed);
        };
        let params = PasswordParams::admit(memory, passes).map_err(|_| UnlockError::Parameters)?;
        Ok((params, *salt))
    }
}

/// What a slot says without being unlocked. The envelope's signature must have been checked. One
/// whose head is not understood beyond factor, lookup and number still takes the place of the one
/// before it, so that a factor that was replaced is not good again on an older program.
///
/// # Errors
/// [`UnlockError::Malformed`] only.
pub fn peek_slot(body: &[u8]) -> Result<SlotPublic, UnlockError> {
    let body: Body<'_> = decode(body)?;
    let place: Place = decode(body.head)?;
    let rest: Option<Head<'_>> = decode(body.head).ok();
    Ok(SlotPublic {
        factor: Factor::from_code(place.factor),
        lookup: *place.lookup,
        number: place.number.unwrap_or(0),
        name: rest.as_ref().and_then(|head| head.name).map(str::to_owned),
        role: rest.as_ref().and_then(|head| head.role),
        withdrawn: rest.is_some_and(|head| head.withdrawn == Some(true)),
    })
}

pub(super) fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // Writing to a vector cannot fail, and the encoder adds no error of its own here.
    let Ok(()) = minicbor::encode(value, &mut bytes) else {
        return Vec::new();
    };
    bytes
}

pub(super) fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Result<T, UnlockError> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| UnlockError::Malformed)?;
    if decoder.position() == bytes.len() {
        Ok(value)
    } else {
        Err(UnlockError::Malformed)
    }
}
