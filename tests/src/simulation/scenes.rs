//! What drawn lines alone would seldom bring about: two devices without a network on which people
//! do something about the same things, several steps each, before the devices meet again.

use super::acts::STEPS_OF_A_STAY;
use super::plan::{Op, Verb};
use crate::harness::Dice;

/// What is done apart, and how often beside each other.
const APART: &[&[Verb]] = &[
    &[Verb::Move],
    &[Verb::Move],
    &[Verb::End, Verb::Dose],
    &[Verb::End, Verb::Order],
    &[Verb::Order],
    &[Verb::Order, Verb::Dose],
    &[Verb::Move, Verb::Dose],
    &[Verb::Dose],
    &[Verb::CodeStatus, Verb::Scale],
    &[Verb::Scale],
    &[Verb::Allergy],
    &[Verb::Rename],
    &[Verb::Settings],
    &[Verb::Resolve],
    &[Verb::Resolve],
];

/// How many of these scenes are about one bed.
const ONE_BED_PERCENT: u8 = 10;

const fn op(device: usize, verb: Verb, a: u64, b: u64) -> Op {
    Op { device, verb, a, b }
}

/// A house that somebody can move about in, and time in which it is shown here and there.
pub(super) fn furnished() -> [Op; 4] {
    [
        op(0, Verb::Unit, 0, 0),
        op(0, Verb::Wait, 1_000, 0),
        op(0, Verb::Room, 0, 0),
        op(0, Verb::Wait, 3_000, 0),
    ]
}

/// One such scene.
pub(super) fn apart(tablets: usize, dice: &mut Dice) -> Vec<Op> {
    let devices = tablets as u64 + 1;
    let one = dice.below(devices);
    let other = (one + 1 + dice.below(devices - 1)) % devices;
    let both = [one as usize, other as usize];
    let mut ops: Vec<Op> = both.map(|device| op(device, Verb::Cut, 0, 0)).into();
    if dice.percent(ONE_BED_PERCENT) {
        ops.extend(into_one_bed(both, dice));
    } else {
        ops.extend(about_one_thing(both, dice));
    }
    ops.extend(both.map(|device| op(device, Verb::Restore, 1, 0)));
    ops.push(op(0, Verb::Wait, 3_000 + dice.below(12_000), 0));
    if dice.percent(60) {
        let device = dice.below(devices) as usize;
        ops.push(op(device, Verb::Resolve, dice.below(40), dice.below(40)));
    }
    ops
}

fn about_one_thing(both: [usize; 2], dice: &mut Dice) -> Vec<Op> {
    let work = APART[dice.below(APART.len() as u64) as usize];
    let about = dice.below(40);
    let mut ops = Vec::new();
    if work.contains(&Verb::Settings) {
        // The house is the administrator's.
        ops.extend(both.map(|device| op(device, Verb::SignIn, 0, 0)));
    }
    for device in both {
        for _ in 0..dice.between(1, 3) {
            let verb = work[dice.below(work.len() as u64) as usize];
            let a = if dice.percent(80) {
                about
            } else {
                dice.below(40)
            };
            ops.push(op(device, verb, a, dice.below(40)));
            ops.push(op(device, Verb::Wait, 1 + dice.below(2_000), 0));
        }
    }
    ops
}

/// Each device knows the bed to be free, and brings another resident to it.
fn into_one_bed(both: [usize; 2], dice: &mut Dice) -> Vec<Op> {
    let resident = dice.below(40);
    let bed = STEPS_OF_A_STAY * dice.below(2);
    let moved = |n: usize| op(both[n], Verb::Move, resident + n as u64, bed);
    vec![moved(0), moved(1)]
}
