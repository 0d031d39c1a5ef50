//! The closed lists of answers. Every list keeps a code it does not know, so that a newer relay
//! can say more than an older client understands.

use ids::{RosterSeq, Seq};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// What became of one pushed envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushResult {
    /// Durable, at this place.
    Stored {
        /// Position in the log.
        seq: Seq,
        /// Roster position bound to it.
        roster_seq: RosterSeq,
    },
    /// Was durable already, at this place.
    Duplicate {
        /// Position in the log.
        seq: Seq,
        /// Roster position bound to it.
        roster_seq: RosterSeq,
    },
    /// An earlier envelope of the run is missing: push that first.
    Gap,
    /// Sealed under an epoch that was rotated away: send it as carried.
    StaleEpoch,
    /// The facility has no room.
    Quota,
    /// Try again.
    Busy,
    /// Final: the author may not write there, or the signature does not fit.
    NotAllowed,
    /// Final: over a bound.
    TooLarge,
    /// Final: another envelope has this natural key, or `prev` names another one.
    Fork,
    /// A code this program does not know: neither stored nor refused.
    Unknown(u8),
}

impl PushResult {
    /// The code on the wire.
    pub fn code(&self) -> u8 {
        match self {
            Self::Stored { .. } => 0,
            Self::Duplicate { .. } => 1,
            Self::Gap => 2,
            Self::StaleEpoch => 3,
            Self::Quota => 4,
            Self::Busy => 5,
            Self::NotAllowed => 6,
            Self::TooLarge => 7,
            Self::Fork => 8,
            Self::Unknown(code) => *code,
        }
    }

    /// The place, if the envelope has one.
    pub fn place(&self) -> Option<(Seq, RosterSeq)> {
        match self {
            Self::Stored { seq, roster_seq } | Self::Duplicate { seq, roster_seq } => {
                Some((*seq, *roster_seq))
            }
            _ => None,
        }
    }
}

impl<C> Encode<C> for PushResult {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        match self.place() {
            Some((seq, roster_seq)) => e
                .array(3)?
                .u8(self.code())?
                .u64(seq.0)?
                .u64(roster_seq.0)?
                .ok(),
            None => e.array(1)?.u8(self.code())?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for PushResult {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let mut fields = Fields::open(d)?;
        Ok(match fields.next_u8(d)? {
            code @ (0 | 1) => {
                let seq = Seq(fields.next_u64(d)?);
                let roster_seq = RosterSeq(fields.next_u64(d)?);
                fields.skip_rest(d)?;
                match code {
                    0 => Self::Stored { seq, roster_seq },
                    _ => Self::Duplicate { seq, roster_seq },
                }
            }
            code => {
                fields.skip_rest(d)?;
                match code {
                    2 => Self::Gap,
                    3 => Self::StaleEpoch,
                    4 => Self::Quota,
                    5 => Self::Busy,
                    6 => Self::NotAllowed,
                    7 => Self::TooLarge,
                    8 => Self::Fork,
                    other => Self::Unknown(other),
                }
            }
        })
    }
}

/// What became of a roster append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RosterOutcome {
    /// All entries are durable; this is the new length.
    Appended {
        /// The roster's length.
        head: RosterSeq,
    },
    /// The roster has grown meanwhile: read on from what one has and make the entries anew.
    Conflict {
        /// The roster's length.
        head: RosterSeq,
    },
    /// Refused, see `docs/protocol.md` for the codes ([`crate::RosterError::code`]).
    Refused {
        /// Why.
        code: u8,
    },
    /// An outcome this program does not know.
    Unknown(u8),
}

impl<C> Encode<C> for RosterOutcome {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        match self {
            Self::Appended { head } => e.array(2)?.u8(0)?.u64(head.0)?.ok(),
            Self::Conflict { head } => e.array(2)?.u8(1)?.u64(head.0)?.ok(),
            Self::Refused { code } => e.array(2)?.u8(2)?.u8(*code)?.ok(),
            Self::Unknown(code) => e.array(1)?.u8(*code)?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for RosterOutcome {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let mut fields = Fields::open(d)?;
        let outcome = match fields.next_u8(d)? {
            0 => Self::Appended {
                head: RosterSeq(fields.next_u64(d)?),
            },
            1 => Self::Conflict {
                head: RosterSeq(fields.next_u64(d)?),
            },
            2 => Self::Refused {
                code: fields.next_u8(d)?,
            },
            other => Self::Unknown(other),
        };
        fields.skip_rest(d)?;
        Ok(outcome)
    }
}

/// The fields of one CBOR array of known length, the rest of which may be skipped.
struct Fields {
    left: u64,
}

impl Fields {
    fn open(d: &mut Decoder<'_>) -> Result<Self, decode::Error> {
        let at = d.position();
        match d.array()? {
            Some(left) => Ok(Self { left }),
            None => Err(decode::Error::message("an array of indefinite length").at(at)),
        }
    }

    fn take(&mut self, d: &Decoder<'_>) -> Result<(), decode::Error> {
        let missing = || decode::Error::message("a field is missing").at(d.position());
        self.left = self.left.checked_sub(1).ok_or_else(missing)?;
        Ok(())
    }

    fn next_u8(&mut self, d: &mut Decoder<'_>) -> Result<u8, decode::Error> {
        self.take(d)?;
        d.u8()
    }

    fn next_u64(&mut self, d: &mut Decoder<'_>) -> Result<u64, decode::Error> {
        self.take(d)?;
        d.u64()
    }

    fn skip_rest(self, d: &mut Decoder<'_>) -> Result<(), decode::Error> {
        for _ in 0..self.left {
            d.skip()?;
        }
        Ok(())
    }
}

macro_rules! error_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal,)*) => {
        /// Why the relay did not do something.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $name,)*
            /// A code this program does not know.
            Unknown(u8),
        }

        impl ErrorCode {
            /// The code on the wire.
            pub fn code(self) -> u8 {
                match self {
                    $(Self::$name => $code,)*
                    Self::Unknown(code) => code,
                }
            }

            /// The error of a code.
            pub fn from_code(code: u8) -> Self {
                match code {
                    $($code => Self::$name,)*
                    other => Self::Unknown(other),
                }
            }
        }
    };
}

error_codes! {
    /// None of the versions offered is spoken here.
    Version = 1,
    /// Bytes that are no message, or a message out of turn.
    Malformed = 2,
    /// The signature does not fit the role.
    Unauthorised = 3,
    /// This relay does not keep that facility.
    UnknownFacility = 4,
    /// The device, or the invitation, is not in the roster.
    UnknownDevice = 5,
    /// The device was removed.
    Removed = 6,
    /// The device does not carry the stream.
    NotCarried = 7,
    /// Over a bound.
    TooLarge = 8,
    /// Too many requests or connections at once.
    TooMany = 9,
    /// Try again.
    Busy = 10,
    /// The message is known here and not served.
    Unsupported = 11,
    /// The relay's own fault.
    Internal = 12,
    /// The founding token is not this relay's, or was used.
    TokenRefused = 13,
    /// The invitation is used or expired.
    InviteSpent = 14,
    /// The handshake took too long.
    TooSlow = 15,
    /// Nothing is stored under that name.
    NotFound = 16,
    /// The facility has no room.
    Quota = 17,
    /// The founding entry was refused.
    FoundRefused = 18,
    /// A newer connection of the same device took this one's place.
    Superseded = 19,
}

impl<C> Encode<C> for ErrorCode {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.u8(self.code())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for ErrorCode {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        d.u8().map(Self::from_code)
    }
}
