//! Doses given as needed against what the versions of their order allow: which of them are a
//! contradiction, whatever becomes of the order.

use super::*;
use domain::chart::{Order, OrderId};
use domain::journal::{Dose, Slot};
use interface::ContradictionKind;

const DAY: &str = "2026-11-21";

/// A version of an order that allows so many in a day.
fn allows(version: u32, most: u16) -> Fact {
    let Fact::Order(order) = warfarin(9, version, "5 mg") else {
        panic!()
    };
    Fact::Order(Order {
        times: Vec::new(),
        as_needed: Some("pain".into()),
        most_in_a_day: Some(most),
        ..order
    })
}

/// Chart a dose given so many hours after now, by who saw this version.
fn given(home: &mut Home, version: u32, hours: i64) -> EntryKey {
    let slot = Slot {
        order: OrderId(id(9)),
        version,
        date: DAY.parse().unwrap(),
        time: None,
    };
    let dose = Dose {
        slot,
        not_given: None,
        comment: None,
    };
    home.chart(1, 1, NOW + hours * HOUR, Fact::Dose(dose))
}

/// How many sides each double dose has, the fewest first.
fn double_doses(home: &mut Home) -> Vec<usize> {
    let asked = Query::Contradictions {
        decided: false,
        resident: None,
    };
    let View::Contradictions { contradictions } = home.ask(asked) else {
        panic!()
    };
    let mut sides: Vec<usize> = contradictions
        .iter()
        .filter(|found| found.kind == ContradictionKind::DoubleDose)
        .map(|found| found.sides.len())
        .collect();
    sides.sort_unstable();
    sides
}

#[test]
fn after_an_order_was_corrected_from_two_to_four_a_day_a_third_dose_is_right_and_a_fifth_is_not() {
    let mut home = Home::new();
    let first = home.chart(1, 1, NOW - 80 * HOUR, allows(1, 2));
    given(&mut home, 1, -7);
    given(&mut home, 1, -5);
    home.chart_over(1, 1, NOW - 4 * HOUR, allows(2, 4), &first);
    given(&mut home, 2, -3);
    given(&mut home, 2, -1);
    assert_eq!(double_doses(&mut home), [0; 0]);
    // Somebody apart, who had not heard of the correction, gave a third too.
    given(&mut home, 1, -4);
    assert_eq!(double_doses(&mut home), [3, 5]);
}

#[test]
fn what_an_order_allowed_is_forgotten_when_that_version_is_replaced() {
    let mut home = Home::new();
    let first = home.chart(1, 1, NOW - 80 * HOUR, allows(1, 1));
    given(&mut home, 2, -7);
    given(&mut home, 2, -5);
    assert_eq!(double_doses(&mut home), [2]);
    home.chart_over(1, 1, NOW - 9 * HOUR, allows(2, 2), &first);
    assert_eq!(double_doses(&mut home), [0; 0]);
}

#[test]
fn a_version_of_an_order_that_was_struck_counts_for_the_doses_that_name_it_alone() {
    let mut home = Home::new();
    let wrong = home.chart(1, 1, NOW - 80 * HOUR, allows(1, 1));
    home.chart(1, 1, NOW - 79 * HOUR, allows(2, 3));
    given(&mut home, 2, -7);
    given(&mut home, 2, -5);
    assert_eq!(double_doses(&mut home), [2]);
    let strike = home.care.struck(&wrong, "ten times too few");
    home.chart_over(1, 1, NOW, strike, &wrong);
    assert_eq!(double_doses(&mut home), [0; 0]);
    given(&mut home, 1, -3);
    assert_eq!(double_doses(&mut home), [2], "of five and three hours ago");
}

#[test]
fn a_dose_charted_late_is_too_many_only_where_24_hours_hold_it() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, allows(1, 2));
    given(&mut home, 1, -14);
    given(&mut home, 1, 16);
    given(&mut home, 1, 0);
    assert_eq!(double_doses(&mut home), [0; 0], "of 30 hours");
    given(&mut home, 1, 10);
    // 24 hours after the first it is none of its day.
    assert_eq!(double_doses(&mut home), [3]);
}
