//! What is not said: of whom only a part is here, and of whom a score says nothing.

use super::*;
use interface::Alert;

#[test]
fn of_a_chart_that_is_arriving_nobody_says_that_there_is_no_code_status_or_that_nobody_asked() {
    let mut home = Home::new();
    home.moved(1, NOW - 90 * HOUR, MoveKind::Admission, None);
    home.chart(1, 1, NOW, pulse(72));
    home.project();
    let resident = resident(1);
    let alerts = |arriving: bool| {
        let asker = Asker {
            person: author(1).person,
            may_read: &|_| true,
            may_resolve: &|_| true,
            is_arriving: &|| arriving,
            device_name: &|_| String::new(),
            proved: &|_, _, _| true,
        };
        let banner = Query::Banner { resident };
        let shown = query(&home.views, &asker, &banner, UnixMillis(NOW)).unwrap();
        answer!(shown, Banner).row.alerts
    };
    let nothing = [Alert::NoCodeStatus, Alert::AllergiesUnknown];
    assert_eq!(alerts(false), nothing);
    assert_eq!(alerts(true), [Alert::Arriving]);
}

#[test]
fn nobody_under_sixteen_at_the_time_of_a_set_has_a_score() {
    let mut home = Home::new();
    let turned_sixteen = "2010-11-20";
    home.chart(
        1,
        1,
        NOW - 90 * HOUR,
        identity("Tim", "Young", turned_sixteen, "MH-1"),
    );
    let before = NOW - 72 * HOUR;
    home.chart(1, 1, before, whole_set(30));
    let resident = resident(1);
    let news2 = |home: &mut Home| {
        answer!(home.ask(Query::Banner { resident }), Banner)
            .row
            .news2
    };
    assert_eq!(news2(&mut home), None);
    home.chart(1, 1, NOW, pulse(135));
    let shown = news2(&mut home).expect("sixteen by now");
    assert_eq!((shown.score, shown.incomplete), (3, true));
    let asked = Query::Observations {
        resident,
        limit: 9,
        before: None,
    };
    let shown = answer!(home.ask(asked), Observations);
    assert!(shown.is_scored);
    let scored: Vec<bool> = shown.sets.iter().map(|set| set.news2.is_some()).collect();
    assert_eq!(scored, [true, false]);
}
