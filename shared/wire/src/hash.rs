//! H, and the ids that are nothing but an H of public things.

use ids::{
    AgreementPublic, Epoch, FacilityId, InviteId, SigningPublic, StreamId, WrapHash, contexts,
};

/// H: BLAKE3 in its key-derivation mode under `context`, over the parts one after another. The
/// parts of every use are of fixed length, except at most the last one.
pub fn hash(context: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_derive_key(context);
    for part in parts {
        hasher.update(part);
    }
    *hasher.finalize().as_bytes()
}

/// The first 16 bytes of a hash.
pub(crate) fn first_16(hash: &[u8; 32]) -> [u8; 16] {
    hash.first_chunk::<16>().copied().unwrap_or_default()
}

/// The bytes Ed25519 signs, always: context text ‖ 0 ‖ hash.
pub fn signing_message(context: &str, hash: &[u8; 32]) -> Vec<u8> {
    let mut message = Vec::with_capacity(context.len() + 33);
    message.extend_from_slice(context.as_bytes());
    message.push(0);
    message.extend_from_slice(hash);
    message
}

/// Stream id = H(facility ‖ name)[..16].
pub fn stream_id(facility: &FacilityId, name: &str) -> StreamId {
    let hash = hash(contexts::STREAM_ID, &[facility.as_bytes(), name.as_bytes()]);
    StreamId::from_bytes(first_16(&hash))
}

/// Invitation id = H(invite public key)[..16].
pub fn invite_id(key: &SigningPublic) -> InviteId {
    InviteId::from_bytes(first_16(&hash(contexts::INVITE_ID, &[key.as_bytes()])))
}

/// H of one wrap, as roster entries list it.
pub fn wrap_hash(wrap: &[u8]) -> WrapHash {
    WrapHash::from_bytes(hash(contexts::WRAP_HASH, &[wrap]))
}

/// The first 8 bytes of a wrap, by which its recipient finds it:
/// H(recipient key ‖ stream ‖ epoch)[..8].
pub fn wrap_hint(recipient: &AgreementPublic, stream: &StreamId, epoch: Epoch) -> [u8; 8] {
    let epoch = epoch.0.to_be_bytes();
    let hash = hash(
        contexts::WRAP_HASH,
        &[recipient.as_bytes(), stream.as_bytes(), &epoch],
    );
    hash.first_chunk::<8>().copied().unwrap_or_default()
}
