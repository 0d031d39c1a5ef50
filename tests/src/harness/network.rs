//! The network: connections that keep order and lose nothing until they break, as TCP does, and
//! what breaks and delays them.

use super::dice::Dice;
use bytes::Bytes;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// What the network does to frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weather {
    /// Least milliseconds one way.
    pub delay_low_ms: i64,
    /// Most milliseconds one way.
    pub delay_high_ms: i64,
    /// Lost packets in a hundred. A loss delays what comes behind it; five in a row end the
    /// connection.
    pub loss_percent: u8,
    /// Frames in a thousand whose bytes are cut or flipped below the transport, which ends the
    /// connection; the relay is shown the damaged frame all the same.
    pub damage_permille: u16,
    /// Frames in a thousand behind which the connection breaks at once.
    pub reset_permille: u16,
}

impl Weather {
    /// A cable.
    pub const FAIR: Self = Self {
        delay_low_ms: 5,
        delay_high_ms: 25,
        loss_percent: 0,
        damage_permille: 0,
        reset_permille: 0,
    };
}

/// First retransmission, milliseconds; it doubles.
const RETRANSMIT_MS: i64 = 200;
/// Losses in a row that end a connection.
const LOSSES: u32 = 5;

/// What becomes of one frame.
#[derive(Clone, Debug)]
pub(super) enum Fate {
    /// It arrives after so many milliseconds.
    Arrives(i64),
    /// Nothing arrives; the connection ends after so many milliseconds.
    Breaks(i64),
    /// It arrives after so many milliseconds, and with it the connection ends.
    BreaksBehind(i64),
    /// These bytes arrive instead, and the connection ends.
    Damaged(i64, Bytes),
}

/// How often each thing really happened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally(BTreeMap<Cow<'static, str>, u64>);

impl Tally {
    /// Counts one.
    pub fn count(&mut self, what: impl Into<Cow<'static, str>>) {
        self.add(what, 1);
    }

    /// Counts many.
    pub fn add(&mut self, what: impl Into<Cow<'static, str>>, n: u64) {
        *self.0.entry(what.into()).or_default() += n;
    }

    /// Keeps the largest.
    pub fn most(&mut self, what: impl Into<Cow<'static, str>>, n: u64) {
        let most = self.0.entry(what.into()).or_default();
        *most = (*most).max(n);
    }

    /// How often.
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Adds another's counts.
    pub fn merge(&mut self, other: &Self) {
        for (what, n) in &other.0 {
            if what.starts_with("most ") {
                self.most(what.clone(), *n);
            } else {
                self.add(what.clone(), *n);
            }
        }
    }

    /// Everything that was counted.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0.iter().map(|(what, n)| (&**what, *n))
    }
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// Nothing more gets through, whatever its ends believe.
    pub(super) broken: bool,
    pub(super) to_relay: Lane,
    pub(super) to_device: Lane,
    pub(super) paused: bool,
}

/// One direction of a connection.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Lane {
    /// When the last frame arrives; none arrives before it.
    pub(super) last_at: i64,
    /// Bytes on the way.
    pub(super) bytes: usize,
    /// Frames that have arrived.
    pub(super) arrived: u64,
}

impl Connection {
    pub(super) fn new() -> Self {
        Self {
            broken: false,
            to_relay: Lane::default(),
            to_device: Lane::default(),
            paused: false,
        }
    }
}

impl Weather {
    /// Draws what becomes of a frame.
    pub(super) fn fate(&self, frame: &Bytes, dice: &mut Dice, tally: &mut Tally) -> Fate {
        let mut delay = dice.between(self.delay_low_ms, self.delay_high_ms);
        let mut losses = 0;
        while dice.percent(self.loss_percent) {
            losses += 1;
            tally.count("packet lost");
            if losses == LOSSES {
                tally.count("connection given up after losses");
                return Fate::Breaks(delay);
            }
            delay += RETRANSMIT_MS << losses;
        }
        if delay >= 100 {
            tally.count("frame delayed");
        }
        if dice.permille(self.damage_permille) {
            return Fate::Damaged(delay, damaged(frame, dice, tally));
        }
        if dice.permille(self.reset_permille) {
            tally.count("connection reset");
            return match dice.below(2) {
                0 => Fate::Breaks(delay),
                _ => Fate::BreaksBehind(delay),
            };
        }
        Fate::Arrives(delay)
    }
}

fn damaged(frame: &Bytes, dice: &mut Dice, tally: &mut Tally) -> Bytes {
    if dice.below(2) == 0 {
        tally.count("frame truncated");
        let len = dice.below(frame.len() as u64) as usize;
        return frame.slice(..len);
    }
    tally.count("bits flipped");
    let mut bytes = frame.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len() as u64) as usize;
        if let Some(byte) = bytes.get_mut(at) {
            *byte ^= 1 << dice.below(8);
        }
    }
    bytes.into()
}
