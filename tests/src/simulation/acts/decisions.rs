//! Contradictions, and decisions on them: any that the kind of contradiction has.

use super::seen::{contradictions, pick, standing};
use crate::harness::World;
use crate::simulation::plan::Op;
use domain::contradictions::allows;
use domain::meta::Decision;
use ids::EntryKey;
use interface::{Command, ContradictionView};

/// Counts what a device knows, decided or not, by kind.
pub(in crate::simulation) fn count_contradictions(world: &mut World, device: usize) {
    for found in contradictions(world, device, true) {
        world
            .tally
            .count(format!("contradiction: {}", found.kind.name()));
    }
}

/// Decides one that waits; every fourth time one that may be decided already.
pub(super) fn decide(world: &mut World, op: Op, number: usize) -> Option<Command> {
    count_contradictions(world, op.device);
    let found = contradictions(world, op.device, op.b % 4 == 3);
    let one = pick(&found, op.a)?;
    let mut choices = one.choices.clone();
    choices.extend(instead(world, op.device, one).map(Decision::Neither));
    let decision = pick(&choices, op.b / 4)?.clone();
    world.tally.count(match decision {
        Decision::Both => "decided: both",
        Decision::Only(_) => "decided: only one",
        Decision::Neither(_) => "decided: neither",
    });
    Some(Command::Resolve {
        contradiction: one.id.clone(),
        decision,
        reason: format!("decided {number}"),
    })
}

/// What could be right where no side is.
fn instead(world: &mut World, device: usize, one: &ContradictionView) -> Option<EntryKey> {
    let of_side = || one.sides.first()?.resident.as_ref();
    let resident = one.resident.as_ref().or_else(of_side)?.id;
    let sides: Vec<_> = one
        .sides
        .iter()
        .map(|side| (&side.by.entry, &side.fact))
        .collect();
    let stands = standing(world, device, resident);
    let mut may_be = stands.into_iter().filter(|(key, fact)| {
        let neither = Decision::Neither(key.clone());
        allows(one.kind, &neither, &sides, Some(fact))
    });
    may_be.next().map(|(key, _)| key)
}
