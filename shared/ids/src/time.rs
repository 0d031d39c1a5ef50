//! Times. Nothing here asks a clock.

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct UnixMillis(pub i64);

impl UnixMillis {
    /// This instant moved by `millis` (saturating).
    pub fn plus(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant (saturating, may be negative).
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

impl<C> minicbor::Encode<C> for UnixMillis {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.0.encode(e, ctx)
    }
}

impl<'b, C> minicbor::Decode<'b, C> for UnixMillis {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        i64::decode(d, ctx).map(Self)
    }
}

/// When something happened, as its author stated it: an instant and the UTC offset of the wall
/// clock it was read from.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct StatedInstant {
    /// The instant.
    pub at: UnixMillis,
    /// Minutes east of UTC, −1,080 to 1,080.
    pub offset_minutes: i16,
}

impl<C> minicbor::Encode<C> for StatedInstant {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(2)?.i64(self.at.0)?.i16(self.offset_minutes)?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for StatedInstant {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        if d.array()? != Some(2) {
            return Err(minicbor::decode::Error::message("a stated instant has two parts").at(at));
        }
        Ok(Self {
            at: UnixMillis(d.i64()?),
            offset_minutes: d.i16()?,
        })
    }
}
