//! Observations taken together, and their bytes: `{0: readings, 1: on oxygen, 2: consciousness,
//! 3: scale, 4: comment, 5: why oxygen
//! is not stated, 6: why consciousness is not}`. A reading is `[measure, what was found]`.
//!
//! One reading that this version cannot read hides itself and not the others: a blood pressure is
//! not to vanish because a newer version measured something beside it.

use super::{Absent, Consciousness, Measure, Reading, SaturationScale};
use crate::deterministic;
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use serde::{Deserialize, Serialize};

/// Observations taken together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observations {
    /// Values in ascending order of measure, each measure at most once.
    pub readings: Vec<(Measure, Reading)>,
    /// Readings of a newer version, in the same order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
    /// Whether oxygen was given; `None` when not stated.
    pub on_oxygen: Option<bool>,
    /// Consciousness; `None` when not stated.
    pub consciousness: Option<Consciousness>,
    /// The saturation scale in force.
    pub scale: SaturationScale,
    /// Words.
    pub comment: Option<String>,
    /// Why it is not stated whether oxygen was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oxygen_unstated: Option<Unstated>,
    /// Why consciousness is not stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consciousness_unstated: Option<Unstated>,
}

/// Why something is not stated. CBOR: its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unstated {
    /// For this reason.
    Because(Absent),
    /// For one of a newer version: it hides itself and no value beside it.
    Newer(u64),
}

impl<C> Encode<C> for Unstated {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        match self {
            Unstated::Because(why) => e.encode(why)?.ok(),
            Unstated::Newer(number) => e.u64(*number)?.ok(),
        }
    }
}

impl<'b, C> Decode<'b, C> for Unstated {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let number = d.u64()?;
        let known = Absent::ALL
            .into_iter()
            .find(|why| *why as u64 == number)
            .map(Unstated::Because);
        Ok(known.unwrap_or(Unstated::Newer(number)))
    }
}

/// A reading of a newer version: of a measure, in a unit or for a reason that is not known here. It
/// is shown as a value that cannot be read, and counts nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unread {
    /// The number of its measure, which may be one that is known here.
    pub measure: u64,
    /// What was found, as CBOR.
    pub found: Vec<u8>,
}

impl Unread {
    /// Its measure, if that is known here.
    pub fn of(&self) -> Option<Measure> {
        Measure::ALL
            .into_iter()
            .find(|measure| measure.number() == self.measure)
    }
}

impl<C> Encode<C> for Observations {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        let optional = [
            self.on_oxygen.is_some(),
            self.consciousness.is_some(),
            self.comment.is_some(),
            self.oxygen_unstated.is_some(),
            self.consciousness_unstated.is_some(),
        ];
        let stated = optional.iter().filter(|stated| **stated).count();
        e.map(2 + stated as u64)?.u8(0)?;
        self.encode_readings(e, ctx)?;
        if let Some(on_oxygen) = self.on_oxygen {
            e.u8(1)?.bool(on_oxygen)?;
        }
        if let Some(level) = self.consciousness {
            e.u8(2)?.encode(level)?;
        }
        e.u8(3)?.encode(self.scale)?;
        if let Some(comment) = &self.comment {
            e.u8(4)?.str(comment)?;
        }
        if let Some(why) = self.oxygen_unstated {
            e.u8(5)?.encode(why)?;
        }
        if let Some(why) = self.consciousness_unstated {
            e.u8(6)?.encode(why)?;
        }
        Ok(())
    }
}

impl Observations {
    /// Both kinds of readings in the order of their measures.
    fn encode_readings<C, W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        let count = self.readings.len() + self.unread.len();
        e.array(count as u64)?;
        let mut unread = self.unread.iter().peekable();
        for (measure, reading) in &self.readings {
            while let Some(before) = unread.next_if(|unread| unread.measure < measure.number()) {
                before.encode(e, ctx)?;
            }
            e.array(2)?.encode(measure)?.encode(reading)?;
        }
        unread.try_for_each(|rest| rest.encode(e, ctx))
    }
}

impl<C> Encode<C> for Unread {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.array(2)?.u64(self.measure)?;
        e.writer_mut()
            .write_all(&self.found)
            .map_err(encode::Error::write)
    }
}

impl<'b, C> Decode<'b, C> for Observations {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        let at = d.position();
        let missing = || decode::Error::message("observations lack a field").at(at);
        let (mut readings, mut unread, mut scale) = (None, Vec::new(), None);
        let (mut on_oxygen, mut consciousness, mut comment) = (None, None, None);
        let (mut oxygen_unstated, mut consciousness_unstated) = (None, None);
        for _ in 0..d.map()?.ok_or_else(missing)? {
            match d.u64()? {
                0 => readings = Some(readings_of(d, &mut unread)?),
                1 => on_oxygen = Some(d.bool()?),
                2 => consciousness = Some(d.decode()?),
                3 => scale = Some(d.decode()?),
                4 => comment = Some(d.str()?.to_owned()),
                5 => oxygen_unstated = Some(d.decode()?),
                6 => consciousness_unstated = Some(d.decode()?),
                _ => d.skip()?,
            }
        }
        Ok(Self {
            readings: readings.ok_or_else(missing)?,
            unread,
            on_oxygen,
            consciousness,
            scale: scale.ok_or_else(missing)?,
            comment,
            oxygen_unstated,
            consciousness_unstated,
        })
    }
}

/// The readings that can be read; the others into `unread`.
fn readings_of(
    d: &mut Decoder<'_>,
    unread: &mut Vec<Unread>,
) -> Result<Vec<(Measure, Reading)>, decode::Error> {
    let mut readings = Vec::new();
    for _ in 0..d.array()?.unwrap_or(0) {
        let at = d.position();
        if d.array()? != Some(2) {
            return Err(decode::Error::message("a reading has two parts").at(at));
        }
        let measure = d.u64()?;
        let start = d.position();
        d.skip()?;
        let found = d.input().get(start..d.position()).unwrap_or_default();
        let found = deterministic::without_extras(found).unwrap_or_default();
        let known = Measure::ALL
            .into_iter()
            .find(|known| known.number() == measure);
        match known.zip(whole(&found)) {
            Some(reading) => readings.push(reading),
            None => unread.push(Unread { measure, found }),
        }
    }
    Ok(readings)
}

/// What was found, if it is all known here.
fn whole(found: &[u8]) -> Option<Reading> {
    let reading: Reading = minicbor::decode(found).ok()?;
    let says_all = minicbor::to_vec(reading).is_ok_and(|own| own == found);
    says_all.then_some(reading)
}
