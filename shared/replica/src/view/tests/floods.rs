//! What a member with a program of their own can enter in thousands: it is named, and costs every other
//! tablet no more than a few rows.

use super::*;
use domain::chart::{Allergy, AllergyTo, Severity};
use ids::limits;
use interface::Alert;

const MANY: i64 = 3_000;

#[test]
fn a_slot_with_thousands_of_doses_is_one_contradiction_that_costs_no_more_than_a_few() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    for n in 0..MANY {
        let (day, eight) = ("2026-11-21", Some("08:00"));
        home.chart(2, 1, NOW + n, dose(9, day, eight, None));
    }
    home.project();
    let care = home.views.care.as_ref().unwrap();
    let sides_kept = usize::try_from(limits::SIDES_KEPT).unwrap();
    let kept = care.findings(true, 10).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].sides.len(), sides_kept);
    let asked = Query::Contradictions {
        decided: false,
        resident: None,
    };
    let found = match home.ask(asked) {
        View::Contradictions { contradictions } => contradictions,
        other => panic!("{other:?}"),
    };
    assert_eq!(found[0].sides.len(), limits::SIDES_SHOWN);
    let more = sides_kept - limits::SIDES_SHOWN;
    assert_eq!(usize::try_from(found[0].more_sides).unwrap(), more);
    let named = found[0].sides.iter().map(|side| side.had_not_seen.len());
    assert!(named.sum::<usize>() <= limits::SIDES_SHOWN * limits::SIDES_SHOWN);
    let asked = Query::Medicines {
        resident: resident(1),
        date: None,
    };
    let day = answer!(home.ask(asked), Medicines);
    assert_eq!(day.orders[0].slots[0].doses.len(), sides_kept);
}

#[test]
fn thousands_of_allergies_are_a_few_warnings_and_a_number() {
    let mut home = Home::new();
    for n in 0..MANY {
        let to = AllergyTo {
            substance: format!("{n:04} {}", "ä".repeat(200)),
            reaction: Some("ö".repeat(200)),
            severity: (n == MANY - 1).then_some(Severity::Severe),
            source: None,
        };
        home.chart(2, 1, NOW + n, Fact::Allergy(Allergy::To(to)));
    }
    let asked = Query::Banner {
        resident: resident(1),
    };
    let alerts = answer!(home.ask(asked), Banner).row.alerts;
    let words = |alert: &Alert| match alert {
        Alert::Allergy { text, reaction, .. } => {
            let reaction = reaction.as_ref().map_or(0, String::len);
            Some((text.clone(), text.len().max(reaction)))
        }
        _ => None,
    };
    let shown: Vec<_> = alerts.iter().filter_map(words).collect();
    assert_eq!(shown.len(), limits::ALERTS_SHOWN);
    assert!(shown.iter().all(|(_, bytes)| *bytes <= limits::ALERT_BYTES));
    let last = format!("{:04}", MANY - 1);
    assert!(shown[0].0.starts_with(&last), "the worst is among them");
    let count = u32::try_from(MANY).unwrap() - u32::try_from(limits::ALERTS_SHOWN).unwrap();
    assert!(alerts.contains(&Alert::More { count }));
}
