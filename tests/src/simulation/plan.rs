//! A plan: what the world is like, and what is done in it, one line each.

use crate::harness::Weather;
use core::fmt;
use core::str::FromStr;

/// What is done. The two numbers of a line mean what the verb says.
macro_rules! verbs {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// What is done.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb {
            $($(#[$doc])* $name,)*
        }

        impl Verb {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its word.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

verbs! {
    /// A note on resident `a`, signed when `b` is odd.
    Note = "note",
    /// Observations of resident `a`, signed when `b` is odd.
    Observations = "observations",
    /// Dose of resident `a`: order, slot and whether it was given from `b`.
    Dose = "dose",
    /// Allergy of resident `a`: none known, or to what and how bad, from `b`.
    Allergy = "allergy",
    /// Code status of resident `a`: choice and whether it replaces what stands from `b`.
    CodeStatus = "code-status",
    /// Saturation scale of resident `a`: which, and whether it replaces what stands from `b`.
    Scale = "scale",
    /// A problem of resident `a`.
    Problem = "problem",
    /// An order for resident `a`: of what, as needed or at its times from `b`.
    Order = "order",
    /// An order of resident `a` ends: which and when from `b`.
    End = "end",
    /// Resident `a` moves, leaves, comes back or dies: what may follow, and the bed, from `b`.
    Move = "move",
    /// A unit is added.
    Unit = "unit",
    /// A room with two beds is added to unit `a`.
    Room = "room",
    /// A resident is admitted.
    Admit = "admit",
    /// The name of resident `a` is corrected.
    Rename = "rename",
    /// An addendum to the `a`-th note kept so far.
    Addendum = "addendum",
    /// The `a`-th entry kept so far is struck.
    Strike = "strike",
    /// Whoever uses the device signs the `a`-th entry kept so far.
    Sign = "sign",
    /// The `a`-th contradiction is decided: how, and whether only if it waits from `b`.
    Resolve = "resolve",
    /// `b` notes on resident `a` in one command.
    Bulk = "bulk",
    /// The settings change.
    Settings = "settings",
    /// A draft is kept.
    Draft = "draft",
    /// Person `a` signs in.
    SignIn = "sign-in",
    /// The device is locked.
    Lock = "lock",
    /// The office makes a link and a new tablet enrols with it.
    Enrol = "enrol",

    /// The device loses the network.
    Cut = "cut",
    /// The device reaches a captive portal.
    Portal = "portal",
    /// The device has the network again; it is told so when `a` is odd.
    Restore = "restore",
    /// The device's connection breaks.
    Reset = "reset",
    /// The device's connection goes silent.
    Silence = "silence",
    /// The device's engine is closed and opened again.
    Restart = "restart",
    /// After `a` commits the process dies before one.
    CrashBefore = "crash-before",
    /// After `a` commits the process dies after one.
    CrashAfter = "crash-after",
    /// After `a` commits one fails and nothing was written.
    FailBefore = "fail-before",
    /// After `a` commits one fails and everything was written.
    FailAfter = "fail-after",
    /// After `a` commits one finds the disk full.
    Full = "full",

    /// The relay's process dies and starts again.
    RelayRestart = "relay-restart",
    /// The relay's disk is full for `a` writes.
    RelayFull = "relay-full",

    /// The relay answers the device's pushes with places from `a`, and keeps none.
    FalsePlaces = "false-places",
    /// The relay signs other receipts for the device.
    SwapReceipts = "swap-receipts",
    /// The relay tells the truth again.
    Truth = "truth",
    /// The relay's record is that of the plan's beginning.
    RollBack = "roll-back",
    /// The relay's logs are others, and empty.
    ReplaceLogs = "replace-logs",

    /// `a` milliseconds pass.
    Wait = "wait",
    /// `a` hours pass in which everybody sleeps.
    Night = "night",

    /// Planted: the device's disk forgets the newest entry of its outbox.
    Lose = "lose",
    /// Planted: the device believes that the newest entry of its outbox is stored.
    Believe = "believe",
    /// Planted: the ledger forgets the newest entry.
    Disown = "disown",
}

/// One line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Op {
    /// Which device.
    pub device: usize,
    /// What is done.
    pub verb: Verb,
    /// Its first number.
    pub a: u64,
    /// Its second number.
    pub b: u64,
}

/// A whole plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What everything that is not written here is drawn from.
    pub seed: u64,
    /// Tablets, beside the office.
    pub tablets: usize,
    /// What the network does.
    pub weather: Weather,
    /// By how much the clocks of the devices are wrong at most, in milliseconds.
    pub skew_ms: i64,
    /// What is done.
    pub ops: Vec<Op>,
}

/// A line that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError(pub String);

impl fmt::Display for Op {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} {} {} {}",
            self.device,
            self.verb.word(),
            self.a,
            self.b
        )
    }
}

impl FromStr for Op {
    type Err = PlanError;

    fn from_str(line: &str) -> Result<Self, PlanError> {
        let wrong = || PlanError(line.to_owned());
        let words: Vec<&str> = line.split_whitespace().collect();
        let [device, verb, a, b] = words.as_slice() else {
            return Err(wrong());
        };
        Ok(Self {
            device: device.parse().map_err(|_| wrong())?,
            verb: Verb::ALL
                .iter()
                .copied()
                .find(|known| known.word() == *verb)
                .ok_or_else(wrong)?,
            a: a.parse().map_err(|_| wrong())?,
            b: b.parse().map_err(|_| wrong())?,
        })
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Weather {
            delay_low_ms,
            delay_high_ms,
            loss_percent,
            damage_permille,
            reset_permille,
        } = self.weather;
        writeln!(f, "seed {}", self.seed)?;
        writeln!(f, "tablets {}", self.tablets)?;
        writeln!(f, "delay {delay_low_ms} {delay_high_ms}")?;
        writeln!(f, "loss {loss_percent}")?;
        writeln!(f, "damage {damage_permille}")?;
        writeln!(f, "reset {reset_permille}")?;
        writeln!(f, "skew {}", self.skew_ms)?;
        self.ops.iter().try_for_each(|op| writeln!(f, "{op}"))
    }
}

impl FromStr for Plan {
    type Err = PlanError;

    fn from_str(text: &str) -> Result<Self, PlanError> {
        let mut plan = Self {
            seed: 0,
            tablets: 2,
            weather: Weather::FAIR,
            skew_ms: 0,
            ops: Vec::new(),
        };
        for line in text
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let wrong = || PlanError(line.to_owned());
            let words: Vec<&str> = line.split_whitespace().collect();
            let number = |at: usize| {
                words
                    .get(at)
                    .and_then(|word| word.parse::<i64>().ok())
                    .ok_or_else(wrong)
            };
            let small = |at: usize| number(at).and_then(|n| u16::try_from(n).map_err(|_| wrong()));
            match words.first().copied() {
                Some("seed") => {
                    plan.seed = words
                        .get(1)
                        .and_then(|word| word.parse().ok())
                        .ok_or_else(wrong)?
                }
                Some("tablets") => plan.tablets = small(1)?.into(),
                Some("delay") => {
                    (plan.weather.delay_low_ms, plan.weather.delay_high_ms) =
                        (number(1)?, number(2)?)
                }
                Some("loss") => {
                    plan.weather.loss_percent = u8::try_from(small(1)?).map_err(|_| wrong())?
                }
                Some("damage") => plan.weather.damage_permille = small(1)?,
                Some("reset") => plan.weather.reset_permille = small(1)?,
                Some("skew") => plan.skew_ms = number(1)?,
                _ => plan.ops.push(line.parse()?),
            }
        }
        Ok(plan)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_reads_what_it_wrote() {
        for seed in 0..50 {
            let plan = crate::simulation::draw(seed);
            assert_eq!(plan.to_string().parse(), Ok(plan));
        }
    }

    #[test]
    fn a_line_that_is_none_is_named() {
        for line in [
            "1 note 2",
            "x note 1 1",
            "1 dance 1 1",
            "loss many",
            "loss 300",
        ] {
            assert_eq!(line.parse::<Plan>(), Err(PlanError(line.to_owned())));
        }
    }
}
