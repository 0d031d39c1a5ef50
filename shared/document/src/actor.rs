//! Who writes: an actor is one run of one device in the hands of one person, so it has one author
//! by construction and its changes form one line.

use core::fmt;
use ids::{ChangeHash, DeviceId, DocumentId, PersonId, RunId, contexts};
use wire::hash;

/// An Automerge actor: H(device ‖ run ‖ person)[..16].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Actor([u8; 16]);

impl Actor {
    /// Length in bytes.
    pub const LEN: usize = 16;

    /// From its bytes, as a save or a seal states them.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// From a slice of exactly [`Self::LEN`] bytes; `None` for any other length.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Actor({self})")
    }
}

/// The actor of a person in a run of a device. Runs are no secret: without the device, a second
/// one on which the person signs in could take the next change of the first one's actor.
pub fn actor(device: &DeviceId, run: &RunId, person: &PersonId) -> Actor {
    let parts: [&[u8]; 3] = [device.as_bytes(), run.as_bytes(), person.as_bytes()];
    let digest = hash(contexts::ACTOR, &parts);
    Actor(digest.first_chunk().copied().unwrap_or_default())
}

/// What a seal of authorship signs (under the context `SIGN_AUTHORSHIP`): that the change `hash`
/// is the `seq`-th of `actor` in `document`. Since every change names its actor's previous one,
/// a seal vouches for all of them up to `seq`.
pub fn authorship_message(
    document: &DocumentId,
    actor: &Actor,
    seq: u64,
    hash: &ChangeHash,
) -> [u8; 32] {
    wire::hash(
        contexts::SIGN_AUTHORSHIP,
        &[
            document.as_bytes(),
            actor.as_bytes(),
            &seq.to_be_bytes(),
            hash.as_bytes(),
        ],
    )
}
