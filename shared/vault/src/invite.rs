//! Invitations: how a new device learns where it is, and how two people check that it is this
//! one. The link's fragment is a seed; the relay keeps a blob sealed under a key from it.

use crate::epoch::{EpochKey, IdKey};
use crate::hazmat::{self, NotSealed};
use crate::identity::Identity;
use crate::random::{NoRandom, Random, draw_secret};
use crate::secret::Secret;
use crate::words;
use data_encoding::BASE64URL_NOPAD;
use ids::{
    AgreementPublic, ChainHash, Epoch, FacilityId, InviteId, LogId, RosterHash, RosterSeq, Seq,
    SigningPublic, StreamId, contexts, limits,
};
use minicbor::{Decode, Encode};
use zeroize::Zeroizing;

/// An invitation's secret: whoever has the link has it.
#[derive(Debug)]
pub struct InviteLink {
    seed: Secret<32>,
    identity: Identity,
    sealing: Secret<32>,
}

/// Where a stream stood when the invitation was made: the new device pins it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct InviteStream {
    /// The stream.
    #[n(0)]
    pub stream: StreamId,
    /// The life of its log.
    #[n(1)]
    pub log_id: LogId,
    /// The last position.
    #[n(2)]
    pub seq: Seq,
    /// The chain there.
    #[n(3)]
    pub chain: ChainHash,
}

/// What the relay keeps, sealed, for the invited device.
#[derive(Debug)]
pub struct InviteBlob {
    /// The relay's key, pinned from here on.
    pub relay_key: SigningPublic,
    /// The facility.
    pub facility: FacilityId,
    /// The roster position the inviter had verified.
    pub roster_seq: RosterSeq,
    /// The roster's hash there.
    pub roster_hash: RosterHash,
    /// The place of every stream the device will carry.
    pub streams: Vec<InviteStream>,
    /// The `devices` stream.
    pub devices: StreamId,
    /// The epoch of the key below.
    pub devices_epoch: Epoch,
    /// The key of `devices` in that epoch.
    pub devices_key: EpochKey,
    /// The id key of `devices`.
    pub devices_id_key: IdKey,
    /// The facility's name, for the screen that asks whether this is the right one.
    pub facility_name: String,
}

/// A text that is no link of ours: cut, mistyped or of another kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the link is incomplete or not one of ours")]
pub struct LinkTextError;

/// Why a blob gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteBlobError {
    /// Altered, or for another link. The relay is at fault, or the link is.
    #[error("the invitation does not open")]
    Sealed,
    /// It opened and is malformed or beyond its bounds. The inviter is at fault.
    #[error("the invitation is malformed")]
    Malformed,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct BlobCbor<'b> {
    #[n(0)]
    relay_key: SigningPublic,
    #[n(1)]
    facility: FacilityId,
    #[n(2)]
    roster_seq: RosterSeq,
    #[n(3)]
    roster_hash: RosterHash,
    #[n(4)]
    streams: Vec<InviteStream>,
    #[n(5)]
    devices: StreamId,
    #[n(6)]
    devices_epoch: Epoch,
    #[cbor(b(7), with = "minicbor::bytes")]
    devices_key: &'b [u8],
    #[cbor(b(8), with = "minicbor::bytes")]
    devices_id_key: &'b [u8],
    #[b(9)]
    facility_name: &'b str,
}

/// A new invitation.
///
/// # Errors
/// [`NoRandom`].
pub fn make_invite(rng: &mut dyn Random) -> Result<InviteLink, NoRandom> {
    draw_secret(rng).map(InviteLink::from_secret)
}

impl InviteLink {
    fn from_secret(seed: Secret<32>) -> Self {
        Self {
            identity: Identity::derive(
                seed.duplicate(),
                contexts::INVITE_SIGNING,
                contexts::IDENTITY_AGREEMENT,
            ),
            sealing: hazmat::derive(contexts::INVITE_SEALING, &[seed.bytes()]),
            seed,
        }
    }

    /// Reads the text after the link's `#`: base64url of the seed, without padding.
    ///
    /// # Errors
    /// [`LinkTextError`].
    pub fn parse(text: &str) -> Result<Self, LinkTextError> {
        let bytes = BASE64URL_NOPAD
            .decode(text.as_bytes())
            .map_err(|_| LinkTextError)?;
        let bytes = Zeroizing::new(bytes);
        Secret::from_slice(&bytes)
            .map(Self::from_secret)
            .ok_or(LinkTextError)
    }

    /// The text after the link's `#`.
    pub fn text(&self) -> Zeroizing<String> {
        Zeroizing::new(BASE64URL_NOPAD.encode(self.seed.bytes()))
    }

    /// The identity that signs the handshake and `accept`. Nothing is ever sealed to its
    /// agreement key.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The invitation's id: a hash of its public key.
    pub fn id(&self) -> InviteId {
        wire::invite_id(&self.identity.signing_public())
    }

    /// Seals the blob for the relay.
    ///
    /// # Errors
    /// [`NotSealed`]; too long means a name over `ids::limits::STRING_BYTES` or more than
    /// `ids::limits::STREAMS` streams.
    pub fn seal_blob(&self, rng: &mut dyn Random, blob: &InviteBlob) -> Result<Vec<u8>, NotSealed> {
        let name = &blob.facility_name;
        if blob.streams.len() > limits::STREAMS || name.len() > limits::STRING_BYTES {
            return Err(NotSealed::TooLong);
        }
        let cbor = BlobCbor {
            relay_key: blob.relay_key,
            facility: blob.facility,
            roster_seq: blob.roster_seq,
            roster_hash: blob.roster_hash,
            streams: blob.streams.clone(),
            devices: blob.devices,
            devices_epoch: blob.devices_epoch,
            devices_key: blob.devices_key.0.bytes(),
            devices_id_key: blob.devices_id_key.0.bytes(),
            facility_name: name,
        };
        // Room for the longest, so that no outgrown copy of the keys stays behind.
        let mut plaintext = Zeroizing::new(Vec::with_capacity(limits::INVITE_BLOB_BYTES));
        minicbor::encode(&cbor, &mut *plaintext).map_err(|_| NotSealed::TooLong)?;
        hazmat::seal_fresh(rng, &self.sealing, self.id().as_bytes(), &plaintext)
    }

    /// Opens the blob that the relay kept for this link.
    ///
    /// # Errors
    /// [`InviteBlobError`].
    pub fn open_blob(&self, sealed: &[u8]) -> Result<InviteBlob, InviteBlobError> {
        if sealed.len() > limits::INVITE_BLOB_BYTES {
            return Err(InviteBlobError::Malformed);
        }
        let plaintext = hazmat::open_fresh(&self.sealing, self.id().as_bytes(), sealed)
            .ok_or(InviteBlobError::Sealed)?;
        let cbor: BlobCbor<'_> =
            minicbor::decode(&plaintext).map_err(|_| InviteBlobError::Malformed)?;
        let key = |bytes| Secret::from_slice(bytes).ok_or(InviteBlobError::Malformed);
        if cbor.streams.len() > limits::STREAMS {
            return Err(InviteBlobError::Malformed);
        }
        Ok(InviteBlob {
            relay_key: cbor.relay_key,
            facility: cbor.facility,
            roster_seq: cbor.roster_seq,
            roster_hash: cbor.roster_hash,
            streams: cbor.streams,
            devices: cbor.devices,
            devices_epoch: cbor.devices_epoch,
            devices_key: EpochKey(key(cbor.devices_key)?),
            devices_id_key: IdKey(key(cbor.devices_id_key)?),
            facility_name: cbor.facility_name.to_owned(),
        })
    }
}

/// Six words that both screens show: 66 bits of H(facility ‖ relay key ‖ roster head before
/// `accept` ‖ the new device's two keys). Whoever stands between the two cannot make them equal.
pub fn six_words(
    facility: &FacilityId,
    relay_key: &SigningPublic,
    roster_head: &RosterHash,
    device_signing: &SigningPublic,
    device_agreement: &AgreementPublic,
) -> [&'static str; 6] {
    words::six(&wire::hash(
        contexts::SIX_WORDS,
        &[
            facility.as_bytes(),
            relay_key.as_bytes(),
            roster_head.as_bytes(),
            device_signing.as_bytes(),
            device_agreement.as_bytes(),
        ],
    ))
}
