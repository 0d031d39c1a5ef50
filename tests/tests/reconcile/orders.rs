//! Versions of one order that differ, and decisions taken back.

use crate::{chart, contradictions, decide, meet, morning, only, side};
use domain::entry::Fact;
use domain::meta::Decision;
use interface::{Command, ContradictionKind, DoseConcern, Refusal};
use lamplight_tests::harness::{Outcome, World};

#[test]
fn of_two_ends_of_one_order_one_is_decided_for_and_takes_the_place_of_both() {
    let ends = |world: &mut World, device: usize, last: &str| {
        let resident = world.residents[0];
        let order = chart(world, device, resident).orders[0].1.entry.clone();
        let last = last.parse().unwrap();
        world.saved(
            device,
            Command::EndOrder {
                order,
                last,
                last_at: None,
            },
        );
    };
    let work = |world: &mut World| {
        ends(world, 1, "2026-11-20");
        ends(world, 2, "2026-12-31");
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        assert_eq!(
            (case.kind, case.choices.len()),
            (ContradictionKind::Order, 2)
        );
        let concerns = vec![DoseConcern::OrderContradicted];
        let asked_back = Outcome::Refused(Refusal::Doubtful { concerns });
        assert_eq!(world.command(1, morning(resident)), asked_back);
        let stopped = side(
            &case,
            |fact| matches!(fact, Fact::Order(says) if says.ended == "2026-11-20".parse().ok()),
        );
        decide(world, case.id, Decision::Only(stopped));
        world.pass(1_000);
        assert_eq!(contradictions(world, false), []);
        let orders = chart(world, 1, resident).orders;
        assert_eq!((orders.len(), orders[0].0.version), (1, 3));
        assert_eq!(orders[0].0.ended, "2026-11-20".parse().ok());
    });
}

#[test]
fn who_decides_again_takes_back_what_they_decided_before() {
    let work = |world: &mut World| {
        let dose = morning(world.residents[0]);
        world.saved(1, dose.clone());
        world.saved(2, dose);
    };
    meet(work, |world| {
        let case = only(world);
        decide(world, case.id.clone(), Decision::Both);
        world.pass(1_000);
        let first = Decision::Only(case.sides[0].by.entry.clone());
        decide(world, case.id, first.clone());
        world.pass(1_000);
        let said = contradictions(world, true).remove(0).decisions;
        assert!(said.len() == 1 && said[0].decision == first);
    });
}
