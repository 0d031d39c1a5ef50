//! Why an entry is none, or may not stand where it stands.

use ids::{RosterSeq, StreamId};

/// Why bytes are no roster entry. Whoever made them is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EntryError {
    /// Over [`ids::limits::ROSTER_ENTRY_BYTES`].
    #[error("the entry is too long")]
    TooLong,
    /// The lengths do not fit the bytes.
    #[error("the entry's lengths do not fit")]
    Structure,
    /// The body is not that of its kind.
    #[error("the entry's body is not that of its kind")]
    Body,
}

macro_rules! roster_errors {
    ($($(#[doc = $doc:literal])* #[error($text:literal)] $code:literal $name:ident $({$($field:ident : $ty:ty),*})?,)*) => {
        /// Why an entry may not stand at its place. The entry's author is at fault, except where
        /// a variant says otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
        pub enum RosterError {
            /// It is no entry.
            #[error(transparent)]
            Entry(#[from] EntryError),
            $($(#[doc = $doc])* #[error($text)] $name $({
                $(#[doc = concat!("The ", stringify!($field), ".")] $field: $ty),*
            })?,)*
        }

        impl RosterError {
            /// The code in [`crate::message::RosterOutcome::Refused`].
            pub fn code(&self) -> u8 {
                match self {
                    Self::Entry(_) => 1,
                    $(Self::$name $({ $($field: _),* })? => $code,)*
                }
            }
        }
    };
}

roster_errors! {
    /// Names another facility.
    #[error("the entry is another facility's")]
    2 OtherFacility,
    /// Does not follow the last entry: the roster grew meanwhile, or one is missing here.
    #[error("entry {found} where {expected} comes next")]
    3 NotNext { expected: RosterSeq, found: RosterSeq },
    /// Follows another history: somebody forked the roster.
    #[error("the entry follows another history")]
    4 WrongPrevious,
    /// The relay is at fault: its time went backwards.
    #[error("the relay's time went backwards")]
    5 TimeBackwards,
    /// The relay, or who plays it, is at fault.
    #[error("the relay's countersignature does not fit")]
    6 BadCountersignature,
    /// The signature does not fit the signer's key.
    #[error("the entry's signature does not fit")]
    7 BadSignature,
    /// The signer is no administrator there.
    #[error("the signer is no administrator")]
    8 NotAdministrator,
    /// The signer holds no key of the stream.
    #[error("the signer holds no key of the stream")]
    9 NotHolder,
    /// Only the relay's or the recovery key may sign this, and the entry names a signer.
    #[error("this kind has no signer id")]
    10 SignerNotZero,
    /// No such person, or removed.
    #[error("the person is not in the roster")]
    11 UnknownPerson,
    /// No such device, or removed.
    #[error("the device is not in the roster")]
    12 UnknownDevice,
    /// The stream was never opened.
    #[error("the stream was never opened")]
    13 UnknownStream,
    /// No such invitation, or it was used.
    #[error("the invitation is used or unknown")]
    14 UnknownInvite,
    /// The invitation's time is over by the relay's clock.
    #[error("the invitation is expired")]
    15 InviteExpired,
    /// An id that was used before.
    #[error("an id was used before")]
    16 IdReused,
    /// A key that was used before.
    #[error("a key was used before")]
    17 KeyReused,
    /// A key that can verify or agree on nothing.
    #[error("a key is not usable")]
    18 UnusableKey,
    /// The facility's id is not that of its charter.
    #[error("the facility's id is not that of its charter")]
    19 WrongFacilityId,
    /// The stream's id is not that of its name.
    #[error("the stream's id is not that of its name")]
    20 WrongStreamId,
    /// The invitation's id is not that of its key.
    #[error("the invitation's id is not that of its key")]
    21 WrongInviteId,
    /// Not the next epoch.
    #[error("not the stream's next epoch")]
    22 WrongEpoch,
    /// The previous epoch's key is missing, or there is none to wrap.
    #[error("the rung does not fit the epoch")]
    23 WrongRung,
    /// Not exactly one wrap per grantee and one for the recovery key.
    #[error("{found} wraps of {stream} where {expected} are due")]
    24 WrongWraps { stream: StreamId, expected: usize, found: usize },
    /// Nobody would be left who may change the roster.
    #[error("no administrator would be left")]
    25 LastAdministrator,
    /// `devices` is granted to devices, never to persons.
    #[error("that stream is not granted to persons")]
    26 NotGrantable,
    /// The first entry is `found`, and no other is.
    #[error("the first entry is `found`, and no other is")]
    27 FoundOnlyFirst,
    /// `found` opens `directory`, `care` and `devices`, and no other stream.
    #[error("`found` opens directory, care and devices")]
    28 WrongOpening,
    /// A stream's name is not 1 to 32 of a-z, 0-9 and hyphen, or is taken.
    #[error("the stream's name is not usable")]
    29 WrongName,
    /// More streams than a facility may have, or a list over its bound.
    #[error("over a bound")]
    30 TooMany,
    /// Something ends before it begins.
    #[error("it would end before it begins")]
    31 AlreadyOver,
    /// The relay does not append what it cannot check.
    #[error("the entry's kind is not known here")]
    32 UnknownKind,
    /// The old log, or its new id, is not as the roster has it.
    #[error("the log does not follow the stream's logs")]
    33 WrongLog,
}
