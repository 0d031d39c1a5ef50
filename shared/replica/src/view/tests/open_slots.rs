//! Which slots are open: what was decided against, what lies before an order or a stay, and what
//! somebody else's chart says of them.

use super::*;
use domain::meta::Decision;
use interface::{DueView, SlotState};

const DAY: &str = "2026-11-21";

/// Warfarin at eight and at twenty, from today on.
fn from_today(version: u32, words: &str) -> Fact {
    match warfarin(9, version, words) {
        Fact::Order(order) => Fact::Order(domain::chart::Order {
            starts: DAY.parse().unwrap(),
            ..order
        }),
        other => other,
    }
}

/// The slots of resident 1 today: time, state, and how many doses are shown in it.
fn slots(home: &mut Home, now: i64) -> Vec<(String, SlotState, usize)> {
    let asked = Query::Medicines {
        resident: resident(1),
        date: DAY.parse().ok(),
    };
    let shown = answer!(home.ask_at(asked, now), Medicines);
    let slots = shown.orders.into_iter().flat_map(|order| order.slots);
    slots
        .map(|slot| {
            let time = slot.slot.time.unwrap().to_string();
            (time, slot.state, slot.doses.len())
        })
        .collect()
}

/// What stands among what is due for resident 1: on their own screen, and on their row.
fn due(home: &mut Home, now: i64) -> (Vec<String>, Option<String>) {
    let resident = resident(1);
    let today = answer!(home.ask_at(Query::Today { resident }, now), Today);
    let listed = today.due.into_iter();
    let listed = listed.map(|slot| slot.slot.time.unwrap().to_string());
    let row = answer!(home.ask_at(Query::Banner { resident }, now), Banner).row;
    let shown = row
        .due
        .map(|DueView::Medicines { time, late, .. }| format!("{time} {late}"));
    (listed.collect(), shown)
}

fn cases(home: &mut Home) -> Vec<interface::ContradictionView> {
    let asked = Query::Contradictions {
        decided: true,
        resident: None,
    };
    match home.ask(asked) {
        View::Contradictions { contradictions } => contradictions,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_dose_decided_against_leaves_its_slot_open() {
    let mut home = Home::new();
    let order = home.chart(1, 1, NOW - 80 * HOUR, from_today(1, "3 mg"));
    home.chart(1, 1, NOW, dose(9, DAY, Some("08:00"), None));
    // Tonight's, charted by mistake this morning.
    let wrong = home.chart(1, 1, NOW, dose(9, DAY, Some("20:00"), None));
    let evening = NOW + 12 * HOUR;
    assert_eq!(due(&mut home, evening), (vec![], None));
    home.chart(
        2,
        1,
        NOW + HOUR,
        decided(&[order.clone(), wrong], Decision::Only(order)),
    );
    let shown = slots(&mut home, evening);
    assert_eq!(shown[1], ("20:00".into(), SlotState::Due, 1));
    let open = (vec!["20:00".into()], Some("20:00 false".into()));
    assert_eq!(due(&mut home, evening), open);
    home.chart(2, 1, evening, dose(9, DAY, Some("20:00"), None));
    assert_eq!(due(&mut home, evening), (vec![], None));
}

#[test]
fn a_dose_decided_against_between_two_streams_leaves_its_slot_open() {
    let mut home = Home::new();
    home.moved(1, NOW - 90 * HOUR, MoveKind::Admission, None);
    home.chart(1, 1, NOW - 80 * HOUR, from_today(1, "3 mg"));
    let left = home.moved(1, NOW - HOUR, MoveKind::Discharge, None);
    let wrong = home.chart(1, 1, NOW, dose(9, DAY, Some("08:00"), None));
    home.chart(
        2,
        1,
        NOW + 1,
        decided(&[left.clone(), wrong], Decision::Only(left)),
    );
    home.moved(1, NOW + 5 * MINUTE, MoveKind::Admission, None);
    let now = NOW + 10 * MINUTE;
    assert_eq!(slots(&mut home, now)[0].1, SlotState::Due);
    let (listed, shown) = due(&mut home, now);
    assert_eq!(listed, ["08:00", "20:00"]);
    assert_eq!(shown.as_deref(), Some("08:00 false"));
}

#[test]
fn a_dose_in_another_resident_s_journal_closes_no_slot_and_contradicts_none() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, from_today(1, "3 mg"));
    // By the entry's own words of this order, in whosever journal it lies.
    home.chart(2, 2, NOW, dose(9, DAY, Some("08:00"), None));
    home.chart(2, 2, NOW, dose(9, DAY, None, None));
    let (listed, shown) = due(&mut home, NOW);
    assert_eq!(listed, ["08:00", "20:00"]);
    assert_eq!(shown.as_deref(), Some("08:00 false"));
    home.chart(1, 1, NOW + 1, dose(9, DAY, Some("08:00"), None));
    home.chart(1, 1, NOW + 1, dose(9, DAY, None, None));
    let found = cases(&mut home);
    assert_eq!(found, [], "one dose in each of two journals");
    // A version in another's chart neither ends the order nor gives it its words.
    let Fact::Order(order) = from_today(2, "1 mg") else {
        panic!()
    };
    let ended = domain::chart::Order {
        medicine: "Aspirin".into(),
        ended: "2026-11-01".parse().ok(),
        ..order
    };
    home.chart(2, 2, NOW + 2, Fact::Order(ended));
    home.chart(1, 1, NOW + 3, dose(9, DAY, Some("08:00"), None));
    let found = cases(&mut home);
    let of_one = |case: &&interface::ContradictionView| {
        case.sides
            .iter()
            .all(|side| side.by.person == author(1).person)
    };
    let found: Vec<_> = found.iter().filter(of_one).collect();
    assert_eq!(found.len(), 1);
    assert!(matches!(
        &found[0].effect,
        interface::Effect::DosesGiven { medicine, .. } if medicine == "Warfarin"
    ));
}

#[test]
fn what_lies_before_an_order_was_recorded_is_not_late() {
    let mut home = Home::new();
    let first = home.chart(1, 1, NOW + 6 * HOUR, from_today(1, "3 mg"));
    let at = |hours| NOW + hours * HOUR;
    let states = |home: &mut Home, now| {
        let shown = slots(home, now).into_iter();
        shown.map(|(_, state, _)| state).collect::<Vec<_>>()
    };
    let expect = [SlotState::BeforeOrder, SlotState::Upcoming];
    assert_eq!(states(&mut home, at(7)), expect);
    let evening = (vec!["20:00".to_owned()], Some("20:00 false".to_owned()));
    assert_eq!(due(&mut home, at(7)), evening);
    // A later version does not make it another order.
    home.chart_over(1, 1, at(8), from_today(2, "2 mg"), &first);
    assert_eq!(states(&mut home, at(9)), expect);
    assert_eq!(due(&mut home, at(15)).1.as_deref(), Some("20:00 true"));
}

#[test]
fn what_is_ordered_within_a_window_is_due_as_long_as_that_is_open() {
    let mut home = Home::new();
    home.chart(1, 1, NOW + 10 * MINUTE, from_today(1, "3 mg"));
    assert_eq!(slots(&mut home, NOW + 20 * MINUTE)[0].1, SlotState::Due);
    assert_eq!(
        slots(&mut home, NOW + 3 * HOUR)[0].1,
        SlotState::BeforeOrder
    );
}

#[test]
fn what_fell_due_before_a_stay_or_within_a_leave_is_not_late() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, from_today(1, "3 mg"));
    home.moved(1, NOW + 6 * HOUR, MoveKind::Admission, None);
    assert_eq!(slots(&mut home, NOW + 7 * HOUR)[0].1, SlotState::Away);
    let (listed, shown) = due(&mut home, NOW + 7 * HOUR);
    assert_eq!(listed, ["20:00"]);
    assert_eq!(shown.as_deref(), Some("20:00 false"));

    let mut home = Home::new();
    home.moved(1, NOW - 90 * HOUR, MoveKind::Admission, None);
    home.chart(1, 1, NOW - 80 * HOUR, from_today(1, "3 mg"));
    home.moved(1, NOW - 9 * HOUR, MoveKind::LeaveBegins, None);
    home.moved(1, NOW + 4 * HOUR, MoveKind::LeaveEnds, None);
    assert_eq!(slots(&mut home, NOW + 5 * HOUR)[0].1, SlotState::Away);
    assert_eq!(due(&mut home, NOW + 5 * HOUR).0, ["20:00"]);
    // Back while the window is open: the dose can be given.
    home.moved(1, NOW + 10 * MINUTE, MoveKind::LeaveEnds, None);
    assert_eq!(slots(&mut home, NOW + 20 * MINUTE)[0].1, SlotState::Due);
}

#[test]
fn of_somebody_who_came_back_only_doses_while_gone_are_looked_at() {
    let mut home = Home::new();
    home.moved(1, NOW - 90 * HOUR, MoveKind::Admission, None);
    home.chart(1, 1, NOW - 89 * HOUR, from_today(1, "3 mg"));
    home.moved(1, NOW - 80 * HOUR, MoveKind::Discharge, None);
    let gone = home.chart(1, 1, NOW - 75 * HOUR, dose(9, DAY, Some("08:00"), None));
    home.moved(1, NOW - 70 * HOUR, MoveKind::Admission, None);
    for hour in 0..60 {
        home.chart(1, 1, NOW - hour * HOUR, dose(9, DAY, Some("20:00"), None));
    }
    home.project();
    let (Some(directory), Some(care)) = (&home.views.directory, &home.views.care) else {
        panic!("both are open");
    };
    let moves = directory.standing(&resident(1), "move").unwrap();
    let looked_at = care.doses_while_gone(&resident(1), &moves).unwrap();
    let keys: Vec<EntryKey> = looked_at.into_iter().map(|row| row.key).collect();
    assert_eq!(keys, [gone]);
    assert_eq!(home.views.waiting_crossings().unwrap(), 1);
}
