//! The order a relay gave a stream: its hash chain, the relay's receipts and the devices' `Seen`.

use crate::hash::{hash, signing_message};
use crate::sign::{BadSignature, verify_strict};
use ids::{
    ChainHash, DeviceId, EnvelopeId, FacilityId, LogId, RosterHash, RosterSeq, Seq, Signature,
    SigningPublic, StreamId, contexts,
};
use minicbor::{Decode, Encode};

/// chain\[0\] = H(facility ‖ stream ‖ log_id).
pub fn chain_start(facility: &FacilityId, stream: &StreamId, log_id: &LogId) -> ChainHash {
    ChainHash::from_bytes(hash(
        contexts::LOG_CHAIN_START,
        &[facility.as_bytes(), stream.as_bytes(), log_id.as_bytes()],
    ))
}

/// chain\[n\] = H(chain\[n-1\] ‖ n ‖ roster_seq ‖ roster_head ‖ id): what stands at `seq`, and the
/// roster in force there.
pub fn chain_next(
    prev: &ChainHash,
    seq: Seq,
    roster_seq: RosterSeq,
    roster_head: &RosterHash,
    id: &EnvelopeId,
) -> ChainHash {
    ChainHash::from_bytes(hash(
        contexts::LOG_CHAIN,
        &[
            prev.as_bytes(),
            &seq.0.to_be_bytes(),
            &roster_seq.0.to_be_bytes(),
            roster_head.as_bytes(),
            id.as_bytes(),
        ],
    ))
}

/// The relay's signed word that everything up to `seq` is durable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Receipt {
    /// The life of the log.
    #[n(0)]
    pub log_id: LogId,
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// The last durable position.
    #[n(2)]
    pub seq: Seq,
    /// The chain there.
    #[n(3)]
    pub chain: ChainHash,
    /// The roster position bound to it.
    #[n(4)]
    pub roster_seq: RosterSeq,
    /// The relay's signature.
    #[n(5)]
    pub signature: Signature,
}

impl Receipt {
    /// The hash that is signed: H(log_id ‖ stream ‖ seq ‖ chain ‖ roster_seq).
    pub fn signed_hash(&self) -> [u8; 32] {
        hash(
            contexts::SIGN_RECEIPT,
            &[
                self.log_id.as_bytes(),
                self.stream.as_bytes(),
                &self.seq.0.to_be_bytes(),
                self.chain.as_bytes(),
                &self.roster_seq.0.to_be_bytes(),
            ],
        )
    }

    /// The bytes the relay signs.
    pub fn message(&self) -> Vec<u8> {
        signing_message(contexts::SIGN_RECEIPT, &self.signed_hash())
    }

    /// Verifies it.
    ///
    /// # Errors
    /// [`BadSignature`]: the relay, or who plays it, is at fault.
    pub fn verify(&self, relay_key: &SigningPublic) -> Result<(), BadSignature> {
        verify_strict(relay_key, &self.message(), &self.signature)
    }
}

/// A device's signed word that every body since its pinned start is durable there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct SeenMark {
    /// The device.
    #[n(0)]
    pub device: DeviceId,
    /// The stream.
    #[n(1)]
    pub stream: StreamId,
    /// The life of the log.
    #[n(2)]
    pub log_id: LogId,
    /// The highest position without a gap.
    #[n(3)]
    pub seq: Seq,
    /// The chain there.
    #[n(4)]
    pub chain: ChainHash,
    /// The device's signature.
    #[n(5)]
    pub signature: Signature,
}

impl SeenMark {
    /// The hash that is signed: H(device ‖ stream ‖ log_id ‖ seq ‖ chain).
    pub fn signed_hash(&self) -> [u8; 32] {
        hash(
            contexts::SIGN_SEEN,
            &[
                self.device.as_bytes(),
                self.stream.as_bytes(),
                self.log_id.as_bytes(),
                &self.seq.0.to_be_bytes(),
                self.chain.as_bytes(),
            ],
        )
    }

    /// The bytes the device signs.
    pub fn message(&self) -> Vec<u8> {
        signing_message(contexts::SIGN_SEEN, &self.signed_hash())
    }

    /// Verifies it.
    ///
    /// # Errors
    /// [`BadSignature`]: the device, or who plays it, is at fault.
    pub fn verify(&self, device_key: &SigningPublic) -> Result<(), BadSignature> {
        verify_strict(device_key, &self.message(), &self.signature)
    }
}
