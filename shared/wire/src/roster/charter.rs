//! What a facility begins with: its charter, whose hash is its id, and the entry `found` around it.

use super::body::whole;
use super::parts::{DeviceKeys, DeviceScope, Grant, PersonKeys, RecoveryKeys};
use crate::codec::{blob, to_cbor};
use crate::hash::{first_16, hash};
use bytes::Bytes;
use ids::{AgreementPublic, FacilityId, SigningPublic, StreamId, WrapHash, contexts};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// Name of the stream of keyslots, which is granted to devices and not to persons.
pub const DEVICES: &str = "devices";
/// The streams `found` opens.
pub const OPENED_BY_FOUND: [&str; 3] = ["directory", "care", DEVICES];

/// A stream opened by `found`, at epoch 0.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StreamOpening {
    /// Its name.
    #[n(0)]
    pub name: String,
    /// Commitment to the epoch's key.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub commitment: [u8; 32],
    /// The epoch's X25519 public half.
    #[n(2)]
    pub public: AgreementPublic,
}

/// What makes a facility this facility. Its hash is the facility's id, so nothing in it may
/// depend on that id: stream ids and wraps stand beside it, in [`Found`].
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Charter {
    /// The relay's key.
    #[n(0)]
    pub relay_key: SigningPublic,
    /// The recovery sheet's public halves.
    #[n(1)]
    pub recovery: RecoveryKeys,
    /// The founder.
    #[n(2)]
    pub person: PersonKeys,
    /// The founding device.
    #[n(3)]
    pub device: DeviceKeys,
    /// The streams opened: `directory`, `care`, `devices`.
    #[n(4)]
    pub streams: Vec<StreamOpening>,
}

impl Charter {
    /// Facility id = H(charter's CBOR)\[..16\].
    pub fn facility_id(&self) -> FacilityId {
        charter_id(&to_cbor(self))
    }
}

fn charter_id(charter: &[u8]) -> FacilityId {
    FacilityId::from_bytes(first_16(&hash(contexts::FACILITY_ID, &[charter])))
}

/// H of the wraps of one stream's epoch.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StreamWraps {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// One per grantee and one for the recovery key, in any order.
    #[n(1)]
    pub wraps: Vec<WrapHash>,
}

/// Kind 1: the first entry. Signed by the founder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    charter: Charter,
    /// The charter's bytes as they travel: the facility's id is their hash.
    raw: Bytes,
    /// What the founding device carries.
    pub scope: DeviceScope,
    /// The founder's grants, without wraps.
    pub grants: Vec<Grant>,
    /// The wraps of the streams opened.
    pub wraps: Vec<StreamWraps>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct FoundOnWire {
    #[cbor(n(0), with = "blob")]
    charter: Bytes,
    #[n(1)]
    scope: DeviceScope,
    #[n(2)]
    grants: Vec<Grant>,
    #[n(3)]
    wraps: Vec<StreamWraps>,
}

impl Found {
    /// Makes one.
    pub fn new(
        charter: Charter,
        scope: DeviceScope,
        grants: Vec<Grant>,
        wraps: Vec<StreamWraps>,
    ) -> Self {
        let raw = to_cbor(&charter).into();
        Self {
            charter,
            raw,
            scope,
            grants,
            wraps,
        }
    }

    /// What the facility's id is the hash of. Travels as a byte string.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// The facility's id: H over the charter's bytes as they travel.
    pub fn facility_id(&self) -> FacilityId {
        charter_id(&self.raw)
    }
}

impl<C> Encode<C> for Found {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        FoundOnWire {
            charter: self.raw.clone(),
            scope: self.scope.clone(),
            grants: self.grants.clone(),
            wraps: self.wraps.clone(),
        }
        .encode(e, ctx)
    }
}

impl<'b, C> Decode<'b, C> for Found {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, decode::Error> {
        let FoundOnWire {
            charter: raw,
            scope,
            grants,
            wraps,
        } = FoundOnWire::decode(d, ctx)?;
        let charter = whole(&raw).map_err(|_| decode::Error::message("no charter"))?;
        Ok(Self {
            charter,
            raw,
            scope,
            grants,
            wraps,
        })
    }
}
