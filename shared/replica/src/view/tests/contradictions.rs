//! Contradictions: found, named with their effect, decided, reopened.

use super::*;
use domain::chart::CodeStatusChoice;
use domain::meta::Decision;
use interface::{Alert, ContradictionKind, ContradictionView, Effect, Gravity, SlotState};

const DAY: &str = "2026-11-21";

fn list(home: &mut Home, decided: bool) -> Vec<ContradictionView> {
    match home.ask(Query::Contradictions {
        decided,
        resident: None,
    }) {
        View::Contradictions { contradictions } => contradictions,
        other => panic!("{other:?}"),
    }
}

/// What the banner of the first resident warns of.
fn alerts(home: &mut Home) -> Vec<Alert> {
    let asked = Query::Banner {
        resident: resident(1),
    };
    answer!(home.ask(asked), Banner).row.alerts
}

fn slot(home: &mut Home) -> interface::SlotView {
    let asked = Query::Medicines {
        resident: resident(1),
        date: None,
    };
    answer!(home.ask(asked), Medicines)
        .orders
        .remove(0)
        .slots
        .remove(0)
}

/// Two nurses apart give the same warfarin. Both keys.
fn double_dose() -> (Home, [EntryKey; 2]) {
    let mut home = Home::new();
    home.chart(
        1,
        1,
        NOW - 80 * HOUR,
        identity("Ada", "Day", "1940-06-15", "MH-000001-4"),
    );
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    let a = home.chart(1, 1, NOW, dose(9, DAY, Some("08:00"), None));
    home.care.place(40, &[]);
    let b = home.chart(2, 1, NOW + 4 * MINUTE, dose(9, DAY, Some("08:00"), None));
    home.care.place(41, &[]);
    (home, [a, b])
}

#[test]
fn a_double_dose_is_named_with_what_was_given_and_by_whom() {
    let (mut home, [a, b]) = double_dose();
    let touched = home.project();
    assert!(touched.contradictions);
    let found = list(&mut home, false).remove(0);
    assert_eq!(
        (found.kind, found.gravity),
        (ContradictionKind::DoubleDose, Gravity::Critical)
    );
    assert_eq!(found.id.len(), 16);
    let Effect::DosesGiven {
        medicine,
        total,
        count,
        high_alert,
        ..
    } = &found.effect
    else {
        panic!("{found:?}");
    };
    assert_eq!(
        (medicine.as_str(), total.as_deref(), *count),
        ("Warfarin", Some("6 mg"), 2)
    );
    assert!(high_alert);
    let sides: Vec<_> = found
        .sides
        .iter()
        .map(|s| (&s.by.entry, s.by.name.as_str()))
        .collect();
    assert_eq!(sides, [(&a, "M. Okafor"), (&b, "J. Abe")]);
    assert_eq!(found.sides[0].had_not_seen, [b]);
    assert_eq!(found.sides[1].had_not_seen, [a]);
    assert_eq!(found.resident.unwrap().family, "Day");
    assert!(found.waiting && found.may_resolve && found.decisions.is_empty());
    assert_eq!(slot(&mut home).state, SlotState::Contradicted);
}

#[test]
fn its_alert_stands_on_the_resident_s_row_and_banner() {
    let (mut home, _) = double_dose();
    let banner = answer!(
        home.ask(Query::Banner {
            resident: resident(1)
        }),
        Banner
    );
    assert_eq!(banner.to_reconcile, 1);
    let alert = Alert::Contradiction {
        kind: ContradictionKind::DoubleDose,
    };
    assert_eq!(banner.row.alerts[0], alert);
    assert!(banner.row.alerts.contains(&Alert::HighAlert {
        medicine: "Warfarin".into()
    }));
}

#[test]
fn a_decision_ends_the_waiting_and_stands_in_the_list_of_decided_ones() {
    let (mut home, [a, b]) = double_dose();
    home.chart(
        2,
        1,
        NOW + HOUR,
        decided(&[a.clone(), b], Decision::Only(a)),
    );
    assert_eq!(list(&mut home, false), []);
    let decided = list(&mut home, true).remove(0);
    assert!(!decided.waiting);
    assert_eq!(decided.decisions.len(), 1);
    assert_eq!(decided.decisions[0].reason, "asked both");
    assert_eq!(decided.decisions[0].by.name, "J. Abe");
    assert_eq!(slot(&mut home).state, SlotState::Given);
}

#[test]
fn a_dose_that_was_decided_against_says_so_where_it_is_charted() {
    let (mut home, [a, b]) = double_dose();
    assert!(
        slot(&mut home)
            .doses
            .iter()
            .all(|one| one.decided.is_none())
    );
    home.chart(
        2,
        1,
        NOW + HOUR,
        decided(&[a.clone(), b.clone()], Decision::Only(a.clone())),
    );
    let doses = slot(&mut home).doses;
    let said: Vec<_> = doses
        .iter()
        .map(|one| (&one.by.entry, one.decided.as_ref().map(|said| said.counts)))
        .collect();
    assert_eq!(said, [(&a, Some(true)), (&b, Some(false))]);
    let why = doses[1].decided.as_ref().unwrap();
    assert_eq!(
        (why.reason.as_str(), why.by.name.as_str()),
        ("asked both", "J. Abe")
    );
}

#[test]
fn a_later_dose_reopens_it() {
    let (mut home, [a, b]) = double_dose();
    home.chart(2, 1, NOW + HOUR, decided(&[a, b], Decision::Both));
    let id = list(&mut home, true).remove(0).id;
    home.chart(2, 1, NOW + 9 * MINUTE, dose(9, DAY, Some("08:00"), None));
    let reopened = list(&mut home, false).remove(0);
    assert_eq!(reopened.sides.len(), 3);
    assert_ne!(reopened.id, id);
}

#[test]
fn two_different_decisions_are_again_one_contradiction() {
    let (mut home, [a, b]) = double_dose();
    home.chart(
        1,
        1,
        NOW + HOUR,
        decided(&[a.clone(), b.clone()], Decision::Both),
    );
    home.chart(
        2,
        1,
        NOW + HOUR + 1,
        decided(&[a.clone(), b], Decision::Only(a)),
    );
    let waiting = list(&mut home, false);
    assert_eq!(waiting.len(), 1);
    assert_eq!(waiting[0].kind, ContradictionKind::Resolutions);
    // They say what they are about, and are as dangerous.
    let about = waiting[0].about.as_ref().unwrap();
    assert_eq!(about.kind, ContradictionKind::DoubleDose);
    assert_eq!(about.sides.len(), 2);
    assert_eq!(waiting[0].gravity, Gravity::Critical);
    assert_eq!(slot(&mut home).state, SlotState::Contradicted);
    let both = list(&mut home, true);
    assert_eq!(
        both.iter().map(|c| c.decisions.len()).collect::<Vec<_>>(),
        [0, 2]
    );
    // Deciding between them settles both.
    let [first, second] = [&waiting[0].sides[0], &waiting[0].sides[1]].map(|s| s.by.entry.clone());
    let choice = decided(&[first.clone(), second], Decision::Only(first));
    home.chart(1, 1, NOW + 2 * HOUR, choice);
    assert_eq!(list(&mut home, false), []);
    assert_eq!(slot(&mut home).state, SlotState::Given);
}

#[test]
fn a_struck_side_takes_the_contradiction_and_its_dispute_away() {
    let (mut home, [a, b]) = double_dose();
    home.chart(
        1,
        1,
        NOW + HOUR,
        decided(&[a.clone(), b.clone()], Decision::Both),
    );
    home.chart(
        2,
        1,
        NOW + HOUR + 1,
        decided(&[a.clone(), b.clone()], Decision::Only(a)),
    );
    home.strike(2, 1, NOW + 2 * HOUR, &b);
    assert_eq!(list(&mut home, true), []);
    assert_eq!(slot(&mut home).state, SlotState::Given);
    let care = home.views.care.as_ref().unwrap();
    assert_eq!(care.waiting_contradictions().unwrap(), 0);
}

#[test]
fn the_entries_of_a_contradiction_are_found_by_its_id() {
    let (mut home, keys) = double_dose();
    let id = list(&mut home, false).remove(0).id;
    let mut expect = keys.to_vec();
    expect.sort();
    let found = home.views.contradiction(&id).unwrap();
    assert_eq!(found, Some((ContradictionKind::DoubleDose, expect)));
    assert_eq!(home.views.contradiction("0123456789abcdef").unwrap(), None);
}

#[test]
fn who_had_seen_the_other_side_is_told() {
    let (mut home, [a, _]) = double_dose();
    let knowing = Author {
        seen: (LOG, Seq(40)),
        ..author(2)
    };
    let subject = Subject::Resident(resident(1));
    let third = dose(9, DAY, Some("08:00"), None);
    home.care
        .say(Saying::new(knowing, subject, NOW + 5 * MINUTE, third));
    let sides = list(&mut home, false).remove(0).sides;
    // Nurse 2 wrote two doses on one tablet: the later one knew the earlier, and now also the first.
    // Of the third, which has no place yet, nobody says what nurse 1 had seen.
    assert_eq!(sides[2].had_not_seen, []);
    assert!(sides[1].had_not_seen.contains(&a));
    assert_eq!(sides[0].had_not_seen.len(), 1);
}

#[test]
fn what_a_tablet_held_before_it_was_started_anew_was_seen() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    let a = home.chart(2, 1, NOW, dose(9, DAY, Some("08:00"), None));
    let restarted = Author {
        run: ids::RunId::from_bytes([9; 16]),
        ..author(2)
    };
    let subject = Subject::Resident(resident(1));
    let again = dose(9, DAY, Some("08:00"), None);
    let b = home
        .care
        .say(Saying::new(restarted, subject, NOW + MINUTE, again));
    let sides = list(&mut home, false).remove(0).sides;
    assert_eq!(sides[1].by.entry, b);
    assert_eq!(sides[1].had_not_seen, [], "it held {a:?}");
}

#[test]
fn a_clock_that_was_set_back_makes_nobody_blind() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    // One tablet: the first with its clock an hour ahead, the second after that was put right.
    home.chart(2, 1, NOW + HOUR, dose(9, DAY, Some("08:00"), None));
    home.care.place(50, &[]);
    home.chart(2, 1, NOW + MINUTE, dose(9, DAY, Some("08:00"), None));
    home.care.place(51, &[]);
    let sides = list(&mut home, false).remove(0).sides;
    let [second, first] = [&sides[0], &sides[1]];
    assert!(first.by.entry > second.by.entry, "by the clock");
    assert_eq!(second.had_not_seen, []);
    assert_eq!(first.had_not_seen, std::slice::from_ref(&second.by.entry));
}

#[test]
fn what_cannot_be_known_is_not_said_of_anybody() {
    // Neither entry has a place in the log yet.
    let mut home = Home::new();
    for nurse in [1, 2] {
        let at = NOW + i64::from(nurse) * MINUTE;
        home.chart(nurse, 1, at, dose(9, DAY, Some("08:00"), None));
    }
    let sides = list(&mut home, false).remove(0).sides;
    assert!(sides.iter().all(|side| side.had_not_seen.is_empty()));
}

#[test]
fn two_ends_of_one_order_are_a_contradiction_with_its_choices() {
    let mut home = Home::new();
    let first = home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    let ends = |day: &str| {
        let Fact::Order(order) = warfarin(9, 2, "3 mg") else {
            panic!()
        };
        Fact::Order(domain::chart::Order {
            ended: day.parse().ok(),
            ..order
        })
    };
    let a = home.chart_over(1, 1, NOW, ends("2026-11-21"), &first);
    assert_eq!(list(&mut home, false).len(), 0);
    let b = home.chart_over(2, 1, NOW + 1, ends("2026-12-31"), &first);
    let found = list(&mut home, false).remove(0);
    assert_eq!(
        (found.kind, found.gravity),
        (ContradictionKind::Order, Gravity::Critical)
    );
    assert_eq!(found.choices, [Decision::Only(a), Decision::Only(b)]);
    let shown = alerts(&mut home);
    let kind = ContradictionKind::Order;
    assert!(shown.contains(&Alert::Contradiction { kind }), "{shown:?}");
}

#[test]
fn a_dose_far_from_its_slot_is_found_with_the_version_its_author_saw() {
    let mut home = Home::new();
    let first = home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    // Tonight's, charted as given this morning.
    home.chart(1, 1, NOW, dose(9, DAY, Some("20:00"), None));
    let found = list(&mut home, false).remove(0);
    assert_eq!(found.kind, ContradictionKind::DoseOutOfTime);
    assert_eq!(
        found.choices,
        [Decision::Both, Decision::Only(first.clone())]
    );
    // A later version of the order makes no new contradiction of it.
    home.chart_over(1, 1, NOW + 1, warfarin(9, 2, "2 mg"), &first);
    assert_eq!(list(&mut home, false).remove(0).id, found.id);
}

#[test]
fn doses_as_needed_are_judged_by_an_order_that_arrives_after_them() {
    let mut home = Home::new();
    home.chart(1, 1, NOW, dose(9, DAY, None, None));
    home.chart(2, 1, NOW + 40 * MINUTE, dose(9, DAY, None, None));
    assert_eq!(list(&mut home, false).len(), 0);
    let Fact::Order(order) = warfarin(9, 1, "5 mg") else {
        panic!()
    };
    let order = domain::chart::Order {
        times: Vec::new(),
        as_needed: Some("pain".into()),
        apart_minutes: Some(240),
        ..order
    };
    home.chart(1, 1, NOW - HOUR, Fact::Order(order));
    let found = list(&mut home, false);
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].kind, found[0].sides.len()),
        (ContradictionKind::DoubleDose, 2)
    );
}

#[test]
fn deciding_for_one_allergy_against_none_known_leaves_the_others_in_the_banner() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - HOUR, none_known());
    let penicillin = home.chart(2, 1, NOW, allergic("penicillin"));
    home.chart(2, 1, NOW + 1, allergic("latex"));
    let found = list(&mut home, false).remove(0);
    assert_eq!(found.sides.len(), 3);
    let sides: Vec<EntryKey> = found
        .sides
        .iter()
        .map(|side| side.by.entry.clone())
        .collect();
    home.chart(2, 1, NOW + 2, decided(&sides, Decision::Only(penicillin)));
    let shown = alerts(&mut home);
    for substance in ["penicillin", "latex"] {
        assert!(
            shown
                .iter()
                .any(|alert| matches!(alert, Alert::Allergy { text, .. } if text == substance)),
            "{substance} is missing: {shown:?}"
        );
    }
    let says_none = |alert: &Alert| matches!(alert, Alert::NoKnownAllergies { .. });
    assert!(!shown.iter().any(says_none), "{shown:?}");
}

#[test]
fn a_decision_for_something_else_leaves_the_code_status_that_stands() {
    let mut home = Home::new();
    let a = home.chart(1, 1, NOW - HOUR, code(CodeStatusChoice::FullTreatment));
    let b = home.chart(2, 1, NOW, code(CodeStatusChoice::DoNotResuscitate));
    let elsewhere = home.chart(2, 1, NOW + 1, allergic("latex"));
    home.chart(2, 1, NOW + 2, decided(&[a, b], Decision::Only(elsewhere)));
    let shown = alerts(&mut home);
    let status = |alert: &Alert| matches!(alert, Alert::CodeStatus { .. });
    assert!(shown.iter().any(status), "{shown:?}");
}

#[test]
fn an_allergy_beside_none_known_counts_until_decided() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - HOUR, none_known());
    assert!(matches!(
        alerts(&mut home)[..],
        [Alert::NoCodeStatus, Alert::NoKnownAllergies { .. }]
    ));
    home.chart(2, 1, NOW, allergic("penicillin"));
    let found = list(&mut home, false).remove(0);
    assert_eq!(found.kind, ContradictionKind::AllergyNoneKnown);
    assert_eq!(
        found.effect,
        Effect::AllergyCounts {
            substances: vec!["penicillin".into()]
        }
    );
    let shown = alerts(&mut home);
    assert!(shown.contains(&Alert::AllergyContradiction));
    assert!(
        shown
            .iter()
            .any(|alert| matches!(alert, Alert::Allergy { .. }))
    );
    assert!(
        !shown
            .iter()
            .any(|alert| matches!(alert, Alert::Contradiction { .. })),
        "said twice"
    );
    let sides: Vec<EntryKey> = found
        .sides
        .iter()
        .map(|side| side.by.entry.clone())
        .collect();
    home.chart(
        2,
        1,
        NOW + 1,
        decided(&sides, Decision::Only(sides[1].clone())),
    );
    let shown = alerts(&mut home);
    assert!(!shown.contains(&Alert::AllergyContradiction));
    assert!(
        shown
            .iter()
            .any(|alert| matches!(alert, Alert::Allergy { .. }))
    );
}

#[test]
fn two_code_statuses_act_as_the_most_cautious_until_decided() {
    let mut home = Home::new();
    let dnr = home.chart(1, 1, NOW, code(CodeStatusChoice::DoNotResuscitate));
    let full = home.chart(2, 1, NOW + 1, code(CodeStatusChoice::FullTreatment));
    let shown = |home: &mut Home| {
        let banner = answer!(
            home.ask(Query::Banner {
                resident: resident(1)
            }),
            Banner
        );
        banner.row.alerts[0].clone()
    };
    let acts = Alert::CodeStatus {
        choice: CodeStatusChoice::FullTreatment,
        contradicted: true,
    };
    assert_eq!(shown(&mut home), acts);
    home.chart(
        1,
        1,
        NOW + 2,
        decided(&[dnr.clone(), full], Decision::Only(dnr)),
    );
    let acts = Alert::CodeStatus {
        choice: CodeStatusChoice::DoNotResuscitate,
        contradicted: false,
    };
    assert_eq!(shown(&mut home), acts);
}

#[test]
fn doses_as_needed_around_midnight_are_found_in_every_order_of_arrival() {
    let next = "2026-11-22";
    for late_first in [false, true] {
        let mut home = Home::new();
        home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
        let mut doses = [(NOW, DAY), (NOW + 8 * MINUTE, next)];
        if late_first {
            doses.reverse();
        }
        for (nurse, (at, day)) in [1, 2].into_iter().zip(doses) {
            home.chart(nurse, 1, at, dose(9, day, None, None));
        }
        let found = list(&mut home, false);
        assert_eq!(found.len(), 1, "once: {found:?}");
        assert_eq!(found[0].sides.len(), 2);
    }
}

#[test]
fn two_residents_in_one_bed_are_a_contradiction_on_both_rows() {
    let mut home = Home::new();
    home.moved(1, NOW, MoveKind::Admission, Some(12));
    home.moved(2, NOW + 1, MoveKind::Admission, Some(12));
    let found = list(&mut home, false).remove(0);
    assert_eq!((found.kind, found.sides.len()), (ContradictionKind::Bed, 2));
    assert_eq!(found.resident, None);
    for who in [1, 2] {
        let banner = answer!(
            home.ask(Query::Banner {
                resident: resident(who)
            }),
            Banner
        );
        assert_eq!(banner.to_reconcile, 1);
    }
    home.moved(2, NOW + 2, MoveKind::BedChange, Some(13));
    assert_eq!(list(&mut home, false), []);
}

#[test]
fn an_order_that_arrives_late_gives_the_effect_its_words() {
    let mut home = Home::new();
    home.chart(1, 1, NOW, dose(9, DAY, Some("08:00"), None));
    home.chart(2, 1, NOW + 1, dose(9, DAY, Some("08:00"), None));
    let Effect::DosesGiven { medicine, .. } = list(&mut home, false).remove(0).effect else {
        panic!()
    };
    assert_eq!(medicine, "");
    home.chart(1, 1, NOW - HOUR, warfarin(9, 1, "3 mg"));
    let Effect::DosesGiven {
        medicine, total, ..
    } = list(&mut home, false).remove(0).effect
    else {
        panic!()
    };
    assert_eq!(
        (medicine.as_str(), total.as_deref()),
        ("Warfarin", Some("6 mg"))
    );
}
