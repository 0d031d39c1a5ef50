//! Domain-separation strings: one for every hash, key derivation and signature, so that no two
//! uses of a primitive can be confused. Fixed for version 1; `docs/protocol.md` lists them.

macro_rules! contexts {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$doc])* pub const $name: &str = $text;)*
        /// Every context, for the test that none begins another.
        pub const ALL: &[&str] = &[$($text),*];
    };
}

contexts! {
    /// Envelope id.
    ENVELOPE_ID = "lamplight v1 envelope id";
    /// H(header) inside the envelope id.
    ENVELOPE_HEADER = "lamplight v1 envelope header";
    /// H(rest) inside the envelope id.
    ENVELOPE_REST = "lamplight v1 envelope rest";
    /// What both signatures of an envelope cover: H(header ‖ nonce ‖ body).
    ENVELOPE_SIGNED = "lamplight v1 envelope signed bytes";
    /// What the device signs: H(that ‖ the person's signature, where there is one).
    ENVELOPE_VOUCHED = "lamplight v1 envelope vouched bytes";
    /// The device's signature on an envelope.
    SIGN_ENVELOPE_DEVICE = "lamplight v1 signature envelope device";
    /// The person's signature on an envelope.
    SIGN_ENVELOPE_PERSON = "lamplight v1 signature envelope person";
    /// One link of a stream's chain.
    LOG_CHAIN = "lamplight v1 log chain";
    /// The chain before its first row.
    LOG_CHAIN_START = "lamplight v1 log start";
    /// The relay's receipt.
    SIGN_RECEIPT = "lamplight v1 signature receipt";
    /// A device's `Seen`.
    SIGN_SEEN = "lamplight v1 signature seen";
    /// One link of the roster's chain.
    ROSTER_CHAIN = "lamplight v1 roster chain";
    /// The signature on a roster entry.
    SIGN_ROSTER = "lamplight v1 signature roster entry";
    /// The relay's countersignature on a roster entry.
    SIGN_ROSTER_COUNTER = "lamplight v1 signature roster countersignature";
    /// Facility id, from the `found` entry.
    FACILITY_ID = "lamplight v1 facility id";
    /// Stream id, from facility and name.
    STREAM_ID = "lamplight v1 stream id";
    /// Invitation id, from its public key.
    INVITE_ID = "lamplight v1 invite id";
    /// Document id (keyed with the id key).
    DOCUMENT_ID = "lamplight v1 document id";
    /// Document id of an audit document.
    AUDIT_DOCUMENT_ID = "lamplight v1 audit document id";
    /// Automerge actor, from device, run and person.
    ACTOR = "lamplight v1 actor";
    /// The hash in an entry key.
    ENTRY_KEY = "lamplight v1 entry key";
    /// A seal of authorship.
    SIGN_AUTHORSHIP = "lamplight v1 signature authorship";
    /// The heads in an ack.
    HEADS = "lamplight v1 heads";
    /// Document key, from the epoch key.
    DOCUMENT_KEY = "lamplight v1 document key";
    /// Commitment to an epoch key.
    EPOCH_COMMITMENT = "lamplight v1 epoch commitment";
    /// X25519 seed of an epoch, from its key.
    EPOCH_AGREEMENT = "lamplight v1 epoch agreement seed";
    /// Key under which the previous epoch's key is wrapped.
    EPOCH_RUNG = "lamplight v1 epoch rung";
    /// HPKE info of a wrapped epoch key.
    HPKE_WRAP = "lamplight v1 hpke wrap";
    /// HPKE info of a record.
    HPKE_RECORD = "lamplight v1 hpke record";
    /// HPKE info of a carried envelope.
    HPKE_CARRIED = "lamplight v1 hpke carried";
    /// HPKE info of the key of a night slot.
    HPKE_NIGHT = "lamplight v1 hpke night";
    /// Hash of a wrap, as a roster entry lists it.
    WRAP_HASH = "lamplight v1 wrap hash";
    /// Badge check characters.
    BADGE_CHECK = "lamplight v1 badge check";
    /// Lookup of a keyslot, from the badge's secret.
    SLOT_LOOKUP = "lamplight v1 slot lookup";
    /// Salted factor of a keyslot: badge secret ‖ PIN.
    SLOT_FACTOR = "lamplight v1 slot factor";
    /// Key of a keyslot, from Argon2id's output.
    SLOT_KEY = "lamplight v1 slot key";
    /// Device vault body key, from the platform's key.
    DEVICE_VAULT = "lamplight v1 device vault";
    /// Key of the file `log.db`, from the platform's key.
    LOG_FILE = "lamplight v1 log file";
    /// Draft key, from person seed and device.
    DRAFT_KEY = "lamplight v1 draft key";
    /// Key under which a view file's random key is sealed.
    VIEW_KEY = "lamplight v1 view key";
    /// Invite signing seed, from the link's seed.
    INVITE_SIGNING = "lamplight v1 invite signing seed";
    /// Invite AEAD key, from the link's seed.
    INVITE_SEALING = "lamplight v1 invite sealing key";
    /// The six words.
    SIX_WORDS = "lamplight v1 six words";
    /// Handshake transcript.
    HANDSHAKE = "lamplight v1 handshake transcript";
    /// The device's signature on the transcript.
    SIGN_HANDSHAKE_DEVICE = "lamplight v1 signature handshake device";
    /// The relay's signature on the transcript and Welcome.
    SIGN_HANDSHAKE_RELAY = "lamplight v1 signature handshake relay";
    /// Proof of a founding token.
    FOUNDING_PROOF = "lamplight v1 founding proof";
    /// Recovery signing seed, from the recovery seed.
    RECOVERY_SIGNING = "lamplight v1 recovery signing seed";
    /// Recovery agreement seed, from the recovery seed.
    RECOVERY_AGREEMENT = "lamplight v1 recovery agreement seed";
    /// Person or device signing seed, from its master seed.
    IDENTITY_SIGNING = "lamplight v1 identity signing seed";
    /// Person or device agreement seed, from its master seed.
    IDENTITY_AGREEMENT = "lamplight v1 identity agreement seed";
    /// Session under a PIN within a sitting.
    SITTING_KEY = "lamplight v1 sitting key";
    /// Id of a contradiction, from its kind and entries.
    CONTRADICTION_ID = "lamplight v1 contradiction id";
    /// Hash of an attachment.
    BLOB_HASH = "lamplight v1 blob hash";
    /// Key of an attachment's pieces, from the key in the entry that refers to it.
    BLOB_PIECES = "lamplight v1 blob pieces";
    /// Key of a carry file's pieces, from the key of `devices`.
    CARRY_FILE = "lamplight v1 carry file";
    /// What tells the shares of one recovery sheet from another's.
    RECOVERY_SHARE = "lamplight v1 recovery share";
    /// Ids of what an import brings, from its source.
    IMPORT_ID = "lamplight v1 import id";
    /// What a relay remembers a used founding token by. Local to its store.
    RELAY_USED_TOKEN = "lamplight relay v1 used founding token";
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_two_contexts_are_equal_and_none_is_a_prefix_of_another() {
        for (i, a) in super::ALL.iter().enumerate() {
            for (j, b) in super::ALL.iter().enumerate() {
                assert!(i == j || !b.starts_with(a), "{a} begins {b}");
            }
        }
    }
}
