//! Keys and sealing: identities, epochs and their wraps, envelopes, keyslots, invitations,
//! recovery, and what a device keeps for itself.
//!
//! The map, from the inside out:
//!
//! - `hazmat` (private) wraps the primitives; nothing else in the repository names their crates
//!   for anything but verifying signatures.
//! - [`Identity`] is a person, a device or the recovery key: one seed, a signing and an
//!   agreement key.
//! - [`EpochKey`] is one generation of a stream's key; [`wrap_epoch`] gives it to somebody;
//!   [`EpochKey::document_key`] and [`document_id()`] lead to one document.
//! - [`seal()`] and [`open()`] make envelopes; [`seal_to_epoch`] and [`open_from_epoch`] do so for
//!   those who may write but not read.
//! - [`make_badge_slot`] and [`unlock_slot`] are signing in offline; [`Sitting`] is a PIN alone.
//! - [`InviteLink`], [`InviteBlob`], [`six_words`], [`FoundingLink`] and [`RecoverySeed`] are how
//!   devices, facilities and survivors begin.
//! - [`PieceKey`] seals what is too long for an envelope: attachments and carry files.
//! - [`seal_local`] is for what never leaves the device.
//!
//! `make_*` draws randomness and takes a [`Random`]; `derive_*` and plain accessors do not.
//! Secrets are wiped on drop, print as `[redacted]` and cannot be cloned. Nothing here reads a
//! clock, a disk or the machine's random source. `docs/crypto.md` says why each choice was made.

mod badge;
mod document_id;
mod epoch;
mod founding;
mod framing;
mod hazmat;
mod identity;
mod invite;
mod keyslot;
mod local;
mod pieces;
mod random;
mod recovery;
mod seal;
mod secret;
mod sitting;
mod words;
mod wrap;

pub use badge::{Badge, BadgeTextError, Pin, PinTextError, make_badge};
pub use document_id::{Imported, audit_document_id, document_id, import_id, keyslot_document_id};
pub use epoch::{DocumentKey, EpochKey, IdKey, RungError, make_epoch, make_id_key};
pub use founding::FoundingLink;
pub use framing::FramingError;
pub use hazmat::NotSealed;
pub use identity::{Identity, make_identity};
pub use invite::{
    InviteBlob, InviteBlobError, InviteLink, InviteStream, LinkTextError, make_invite, six_words,
};
pub use keyslot::{
    Factor, PasskeyOutput, Passphrase, PassphraseError, SlotMakeError, SlotPublic, SlotTile,
    UnlockError, make_badge_slot, make_night_slot, make_passkey_slot, make_passphrase_slot,
    peek_slot, unlock_night_slot, unlock_passkey_slot, unlock_passphrase_slot, unlock_slot,
};
pub use local::{
    FileKey, LocalKey, LocalOpenError, PlatformKey, make_platform_key, make_view_key,
    open_epoch_local, open_identity_local, open_local, open_view_key, seal_epoch_local,
    seal_identity_local, seal_local, seal_view_key,
};
pub use pieces::{BlobKey, BlobShape, PieceKey, blob_hash, make_blob_key};
pub use random::{NoRandom, Random};
pub use recovery::{RecoverySeed, RecoveryShare, RecoveryWordsError, SharesError, make_recovery};
pub use seal::{
    OpenError, SealError, open, open_from_epoch, open_snapshot, seal, seal_snapshot, seal_to_epoch,
    sign_ack,
};
pub use sitting::{Sitting, make_sitting};
pub use wrap::{WrapError, WrapMakeError, open_wrap, wrap_epoch, wrap_is_for};
// One implementation, shared with the relay: `wire` needs no key for these.
pub use wire::{BadSignature, verify_strict, wrap_hash};
