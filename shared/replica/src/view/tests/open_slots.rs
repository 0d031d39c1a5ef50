//! Which slots are open: what was decided against, what lies before an order or a stay, and what
//! somebody else's chart says of them.

use super::*;
use domain::meta::Decision;
use interface::{DueView, SlotState};

const DAY: &str = "2026-11-21";

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

#[test]
fn a_dose_decided_against_leaves_its_slot_open() {
    let mut home = Home::new();
    let order = home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
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
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
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
