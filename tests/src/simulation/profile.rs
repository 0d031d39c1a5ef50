//! What a seed stands for.

use super::plan::{Op, Plan, Verb};
use super::scenes::{apart, furnished};
use crate::harness::{Dice, Weather};

/// What people do, and how often beside each other.
const WORK: &[(Verb, u64)] = &[
    (Verb::Note, 10),
    (Verb::Observations, 10),
    (Verb::Dose, 14),
    (Verb::Allergy, 6),
    (Verb::CodeStatus, 6),
    (Verb::Scale, 3),
    (Verb::Problem, 2),
    (Verb::Order, 3),
    (Verb::End, 3),
    (Verb::Move, 8),
    (Verb::Room, 1),
    (Verb::Admit, 2),
    (Verb::Rename, 3),
    (Verb::Addendum, 3),
    (Verb::Strike, 3),
    (Verb::Sign, 4),
    (Verb::Resolve, 8),
    (Verb::Bulk, 1),
    (Verb::Settings, 1),
    (Verb::Draft, 2),
    (Verb::SignIn, 2),
    (Verb::Lock, 1),
    (Verb::Enrol, 1),
];

/// What befalls devices and the relay.
const FAULTS: &[(Verb, u64)] = &[
    (Verb::Cut, 10),
    (Verb::Portal, 2),
    (Verb::Restore, 14),
    (Verb::Reset, 4),
    (Verb::Silence, 4),
    (Verb::Restart, 3),
    (Verb::CrashBefore, 5),
    (Verb::CrashAfter, 5),
    (Verb::FailBefore, 4),
    (Verb::FailAfter, 4),
    (Verb::Full, 4),
    (Verb::RelayRestart, 3),
    (Verb::RelayFull, 3),
    (Verb::Night, 3),
    (Verb::FalsePlaces, 2),
    (Verb::SwapReceipts, 2),
    (Verb::Truth, 2),
];

/// Scenes of a home, at most.
const MOST_SCENES: u64 = 2;

/// The small plan of a seed.
pub fn draw(seed: u64) -> Plan {
    draw_sized(seed, 12, 28)
}

/// A plan of a seed with so many things done.
pub fn draw_sized(seed: u64, fewest: i64, most: i64) -> Plan {
    let mut dice = Dice::new(seed ^ 0x0070_6c61_6e00);
    let tablets = dice.between(1, 4) as usize;
    let weather = weather(&mut dice);
    let skew_ms = match dice.below(6) {
        0 => 12 * 3_600_000,
        1 => 600_000,
        _ => 0,
    };
    // Some homes are calm, some are not.
    let trouble = dice.below(70) as u8;
    let mut ops = Vec::new();
    for _ in 0..dice.between(fewest, most) {
        let table = if dice.percent(trouble) { FAULTS } else { WORK };
        ops.push(op(table, tablets, &mut dice));
        if dice.percent(60) {
            ops.push(wait(&mut dice));
        }
    }
    for _ in 0..dice.below(MOST_SCENES + 1) {
        let at = dice.below(ops.len() as u64 + 1) as usize;
        let scene = apart(tablets, &mut dice);
        ops.splice(at..at, scene);
    }
    if dice.percent(60) {
        ops.splice(0..0, furnished());
    }
    Plan {
        seed,
        tablets,
        weather,
        skew_ms,
        ops,
    }
}

fn weather(dice: &mut Dice) -> Weather {
    let delay_low_ms = dice.between(1, 50);
    let spread = [20, 200, 2_000][dice.below(3) as usize];
    let loss = [0, 0, 5, 20, 40][dice.below(5) as usize];
    Weather {
        delay_low_ms,
        delay_high_ms: delay_low_ms + dice.between(1, spread),
        loss_percent: dice.between(0, loss) as u8,
        damage_permille: [0, 0, 5, 20][dice.below(4) as usize],
        reset_permille: [0, 0, 10, 40][dice.below(4) as usize],
    }
}

fn op(table: &[(Verb, u64)], tablets: usize, dice: &mut Dice) -> Op {
    let all: u64 = table.iter().map(|(_, weight)| weight).sum();
    let mut drawn = dice.below(all);
    let mut verb = table[0].0;
    for (candidate, weight) in table {
        verb = *candidate;
        match drawn.checked_sub(*weight) {
            Some(left) => drawn = left,
            None => break,
        }
    }
    let device = dice.below(tablets as u64 + 1) as usize;
    let (a, b) = match verb {
        Verb::CrashBefore | Verb::CrashAfter | Verb::FailBefore | Verb::FailAfter | Verb::Full => {
            (dice.below(6), 0)
        }
        Verb::RelayFull => (1 + dice.below(4), 0),
        Verb::Night => ([1, 8, 30, 80][dice.below(4) as usize], 0),
        Verb::Bulk => (dice.below(4), 2 + dice.below(40)),
        _ => (dice.below(40), dice.below(40)),
    };
    Op { device, verb, a, b }
}

fn wait(dice: &mut Dice) -> Op {
    let millis = match dice.below(10) {
        0..4 => dice.between(1, 400),
        4..8 => dice.between(400, 10_000),
        8 => dice.between(10_000, 60_000),
        _ => dice.between(60_000, 600_000),
    };
    Op {
        device: 0,
        verb: Verb::Wait,
        a: millis as u64,
        b: 0,
    }
}
