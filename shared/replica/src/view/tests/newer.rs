//! What a newer version wrote about allergies, code status and orders, and what else of a chart, is not
//! read, and not passed over.

use super::*;
use domain::chart::{CodeStatusChoice, Problem};
use interface::{Alert, Unreadable};

fn alerts(home: &mut Home) -> Vec<Alert> {
    let banner = Query::Banner {
        resident: resident(1),
    };
    answer!(home.ask(banner), Banner).row.alerts
}

fn newer(what: Unreadable) -> Alert {
    Alert::WrittenByNewer { what }
}

fn says_none(alert: &Alert) -> bool {
    matches!(alert, Alert::NoKnownAllergies { .. })
}

/// A home with a resident of whom nothing else is charted.
fn home() -> Home {
    let mut home = Home::new();
    home.chart(
        1,
        1,
        NOW - HOUR,
        identity("Ada", "Day", "1941-03-02", "MH-000001-4"),
    );
    home
}

#[test]
fn an_allergy_of_a_newer_version_stands_on_the_banner_before_none_known() {
    let mut home = home();
    home.newer(1, NOW, allergic("latex"), &[]);
    let shown = alerts(&mut home);
    assert!(shown.contains(&newer(Unreadable::Allergy)));
    assert!(!shown.contains(&Alert::AllergiesUnknown), "somebody asked");
    let none = home.chart(1, 1, NOW - 9 * MINUTE, none_known());
    let shown = alerts(&mut home);
    assert_eq!(shown[0], newer(Unreadable::Allergy));
    assert!(shown.iter().any(says_none));
    home.strike(1, 1, NOW + 1, &none);
    assert!(!alerts(&mut home).iter().any(says_none));
}

#[test]
fn what_a_newer_version_superseded_stays_on_the_banner_beside_the_alert() {
    let mut home = home();
    let penicillin = home.chart(1, 1, NOW - 9 * MINUTE, allergic("penicillin"));
    let full = home.chart(
        1,
        1,
        NOW - 9 * MINUTE,
        code(CodeStatusChoice::DoNotResuscitate),
    );
    let order = home.chart(1, 1, NOW - 9 * MINUTE, warfarin(9, 1, "3 mg"));
    let before = alerts(&mut home);
    let over = |home: &mut Home, fact, over: &EntryKey| {
        home.newer(1, NOW, fact, std::slice::from_ref(over))
    };
    let written = [
        over(&mut home, allergic("penicillin"), &penicillin),
        over(&mut home, code(CodeStatusChoice::FullTreatment), &full),
        over(&mut home, warfarin(9, 2, "2 mg"), &order),
    ];
    let shown = alerts(&mut home);
    for alert in &before {
        assert!(shown.contains(alert), "{alert:?}");
    }
    let added = [
        Unreadable::Allergy,
        Unreadable::CodeStatus,
        Unreadable::Order,
    ];
    assert_eq!(shown.len(), before.len() + added.len());
    for what in added {
        assert!(shown.contains(&newer(what)), "{what:?}");
    }
    let day = Query::Medicines {
        resident: resident(1),
        date: None,
    };
    assert_eq!(
        answer!(home.ask(day), Medicines).orders.len(),
        1,
        "still due"
    );
    // Entered in error, they are gone.
    for key in &written {
        home.strike(1, 1, NOW + 1, key);
    }
    assert_eq!(alerts(&mut home), before);
}

#[test]
fn a_code_status_of_a_newer_version_is_not_none() {
    let mut home = home();
    assert!(alerts(&mut home).contains(&Alert::NoCodeStatus));
    home.newer(1, NOW, code(CodeStatusChoice::ComfortOnly), &[]);
    let shown = alerts(&mut home);
    assert!(shown.contains(&newer(Unreadable::CodeStatus)));
    assert!(!shown.contains(&Alert::NoCodeStatus));
}

#[test]
fn whatever_else_a_newer_version_wrote_in_a_chart_is_one_alert() {
    let mut home = home();
    let before = alerts(&mut home);
    // What lies in journals is found in the history.
    home.newer(1, NOW, note("of a newer form"), &[]);
    assert_eq!(alerts(&mut home), before);
    let problem = Fact::Problem(Problem {
        text: "swallows nothing thin".into(),
        coding: None,
        onset: None,
        ended: None,
    });
    let written = [1, 2].map(|n| home.newer(1, NOW + n, problem.clone(), &[]));
    let shown = alerts(&mut home);
    let other = newer(Unreadable::Other);
    assert_eq!(shown.iter().filter(|alert| **alert == other).count(), 1);
    assert_eq!(shown.len(), before.len() + 1);
    for key in &written {
        home.strike(1, 1, NOW + 5, key);
    }
    assert_eq!(alerts(&mut home), before);
}
