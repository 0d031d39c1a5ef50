//! The handshake: who speaks, and the transcript both sides sign.

use crate::hash::{hash, signing_message};
use crate::sign::{BadSignature, verify_strict};
use ids::{DeviceId, FacilityId, InviteId, Signature, SigningPublic, contexts};
use minicbor::{Decode, Encode};

/// The protocol version this program speaks.
pub const PROTOCOL_VERSION: u8 = 1;
/// Versions a `Hello` may offer at most.
pub const VERSIONS_OFFERED: usize = 16;

/// A random number of one side.
pub type Nonce = [u8; 32];

/// Who opens the connection, and with which key `Auth` will be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(flat)]
pub enum Role {
    /// An enrolled device, with its own key.
    #[n(1)]
    Device {
        /// The facility.
        #[n(0)]
        facility: FacilityId,
        /// The device.
        #[n(1)]
        device: DeviceId,
    },
    /// A device that holds an invitation, with the invite key.
    #[n(2)]
    Invite {
        /// The facility.
        #[n(0)]
        facility: FacilityId,
        /// The invitation.
        #[n(1)]
        invite: InviteId,
    },
    /// A device that founds a facility; it proves the token in `Found` and signs nothing.
    #[n(3)]
    Founder {
        /// The relay's key, from the founding link.
        #[n(0)]
        relay_key: SigningPublic,
    },
    /// A device that holds the recovery sheet, with the recovery key: all it knows besides the
    /// relay's address.
    #[n(4)]
    Recovery {
        /// The facility; zero when only the sheet is at hand.
        #[n(0)]
        facility: FacilityId,
        /// The public half of the sheet's signing key, by which the relay finds the facility.
        #[n(1)]
        key: SigningPublic,
    },
    /// A device that puts a facility's roster back on a relay that lost it; it proves the token of
    /// the founding link and signs nothing.
    #[n(5)]
    Restorer {
        /// The relay's key, from the founding link.
        #[n(0)]
        relay_key: SigningPublic,
        /// The facility.
        #[n(1)]
        facility: FacilityId,
    },
}

impl Role {
    /// The facility; zero for a founder, and for who does not know it.
    pub fn facility(&self) -> FacilityId {
        match self {
            Self::Device { facility, .. }
            | Self::Invite { facility, .. }
            | Self::Recovery { facility, .. }
            | Self::Restorer { facility, .. } => *facility,
            Self::Founder { .. } => FacilityId::ZERO,
        }
    }

    fn tag_and_id(&self) -> (u8, [u8; 16]) {
        match self {
            Self::Device { device, .. } => (1, device.to_bytes()),
            Self::Invite { invite, .. } => (2, invite.to_bytes()),
            Self::Founder { .. } => (3, [0; 16]),
            Self::Recovery { .. } => (4, [0; 16]),
            Self::Restorer { .. } => (5, [0; 16]),
        }
    }

    /// The key that stands in the hello, where none is known by an id.
    fn key(&self) -> &[u8] {
        match self {
            Self::Recovery { key, .. } => key.as_bytes(),
            _ => &[],
        }
    }
}

/// The hash that both sides sign, each under its own context.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transcript([u8; 32]);

impl Transcript {
    /// H(facility ‖ role tag ‖ role id ‖ recovery key (role 4 only) ‖ relay key ‖ client nonce ‖ relay nonce ‖ version chosen
    /// ‖ versions offered). `relay_key` is the client's pinned key, and the relay's own.
    pub fn new(
        role: &Role,
        relay_key: &SigningPublic,
        client_nonce: &Nonce,
        relay_nonce: &Nonce,
        chosen: u8,
        offered: &[u8],
    ) -> Self {
        let (tag, id) = role.tag_and_id();
        Self(hash(
            contexts::HANDSHAKE,
            &[
                role.facility().as_bytes(),
                &[tag],
                &id,
                role.key(),
                relay_key.as_bytes(),
                client_nonce,
                relay_nonce,
                &[chosen],
                offered,
            ],
        ))
    }

    /// The hash itself: what `vault` signs under [`contexts::SIGN_HANDSHAKE_DEVICE`].
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The bytes the client signs in `Auth`.
    pub fn client_message(&self) -> Vec<u8> {
        signing_message(contexts::SIGN_HANDSHAKE_DEVICE, &self.0)
    }

    /// Verifies `Auth`.
    ///
    /// # Errors
    /// [`BadSignature`]: the client is not who it says.
    pub fn verify_client(
        &self,
        key: &SigningPublic,
        signature: &Signature,
    ) -> Result<(), BadSignature> {
        verify_strict(key, &self.client_message(), signature)
    }

    /// The hash the relay signs over `Welcome`: H(transcript ‖ fields), with the fields' CBOR.
    pub fn welcome_hash(&self, fields: &[u8]) -> [u8; 32] {
        hash(contexts::SIGN_HANDSHAKE_RELAY, &[&self.0, fields])
    }

    /// The bytes the relay signs over `Welcome`.
    pub fn welcome_message(&self, fields: &[u8]) -> Vec<u8> {
        signing_message(contexts::SIGN_HANDSHAKE_RELAY, &self.welcome_hash(fields))
    }

    /// Proof of the founding token: H(token ‖ transcript ‖ entry).
    pub fn founding_proof(&self, token: &[u8; 16], entry: &[u8]) -> [u8; 32] {
        hash(contexts::FOUNDING_PROOF, &[token, &self.0, entry])
    }

    /// Whether `proof` is the founding proof, compared in constant time.
    pub fn is_founding_proof(&self, token: &[u8; 16], entry: &[u8], proof: &[u8; 32]) -> bool {
        let expected = blake3::Hash::from_bytes(self.founding_proof(token, entry));
        expected == blake3::Hash::from_bytes(*proof)
    }
}
