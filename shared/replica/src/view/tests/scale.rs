//! After ten years and with thousands of residents a question costs what it cost on the first day:
//! no plan walks through all entries, and no page sorts more than itself.

use super::*;
use interface::ResidentOrder;
use std::time::{Duration, Instant};

/// The statements a question makes, with the steps SQLite plans for each.
fn plans(views: &Views, question: &Query) -> Vec<(String, Vec<String>)> {
    for view in both(views) {
        view.asked.borrow_mut().clear();
    }
    ask(views, question, NOW);
    asked_plans(views)
}

fn both(views: &Views) -> [&ViewDb; 2] {
    [
        views.care.as_ref().unwrap(),
        views.directory.as_ref().unwrap(),
    ]
}

/// The statements made so far, with their steps.
fn asked_plans(views: &Views) -> Vec<(String, Vec<String>)> {
    let mut plans = Vec::new();
    for view in both(views) {
        for sql in view.asked.borrow().iter() {
            let mut statement = view
                .conn
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap();
            let mut rows = statement.raw_query();
            let mut steps = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                steps.push(row.get::<_, String>(3).unwrap());
            }
            plans.push((sql.clone(), steps));
        }
    }
    plans
}

/// Whether a step walks through a table; allowed are narrow rows of a resident, a stay or a departure, what
/// has one row in all, and the full-text index.
fn walks(step: &str) -> bool {
    let allowed = [
        "SCAN care.residents",
        "SCAN directory.residents",
        "SCAN directory.stays",
        "SCAN departures",
        "SCAN directory.departures",
        "SCAN w VIRTUAL TABLE",
    ];
    step.starts_with("SCAN") && !allowed.iter().any(|allowed| step.starts_with(allowed))
}

fn residents(order: ResidentOrder, search: &str) -> Query {
    Query::Residents {
        order,
        unit: None,
        search: search.into(),
        limit: 50,
    }
}

fn best_of(times: u32, mut work: impl FnMut()) -> Duration {
    let time = |work: &mut dyn FnMut()| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..times).map(|_| time(&mut work)).min().unwrap()
}

#[test]
fn no_question_walks_through_all_entries_or_sorts_more_than_its_page() {
    let mut home = Home::new();
    home.moved(1, NOW, MoveKind::Admission, Some(1));
    home.chart(
        1,
        1,
        NOW,
        identity("Ada", "Day", "1940-06-15", "MH-000001-4"),
    );
    home.chart(1, 1, NOW, warfarin(9, 1, "3 mg"));
    home.chart(1, 1, NOW, dose(9, "2026-11-21", Some("08:00"), None));
    home.chart(2, 1, NOW, dose(9, "2026-11-21", Some("08:00"), None));
    let key = home.chart(1, 1, NOW, pulse(80));
    home.chart(1, 1, NOW, note("slept well"));
    home.project();
    let who = resident(1);
    let before = Some(key);
    let paged = [
        Query::Observations {
            resident: who,
            limit: 5,
            before: before.clone(),
        },
        Query::Notes {
            resident: who,
            limit: 5,
            before: before.clone(),
            search: String::new(),
        },
        Query::History {
            resident: who,
            limit: 5,
            before: before.clone(),
        },
    ];
    let others = [
        Query::House,
        Query::Staff,
        residents(ResidentOrder::Need, "ada"),
        Query::Banner { resident: who },
        Query::Today { resident: who },
        Query::Medicines {
            resident: who,
            date: None,
        },
        Query::Observations {
            resident: who,
            limit: 5,
            before: None,
        },
        Query::Notes {
            resident: who,
            limit: 5,
            before,
            search: "slept".into(),
        },
        Query::Chart { resident: who },
        Query::Contradictions {
            decided: true,
            resident: None,
        },
        Query::Contradictions {
            decided: true,
            resident: Some(who),
        },
    ];
    let mut seen = 0;
    for view in both(&home.views) {
        view.next_to_count(ids::UnixMillis(NOW)).unwrap();
    }
    for (sql, steps) in asked_plans(&home.views) {
        let opening = sql.contains("sqlite_schema");
        assert!(
            opening || !steps.iter().any(|step| walks(step)),
            "projecting\n{sql}\n{steps:?}"
        );
    }
    for question in paged.iter().chain(&others) {
        for (sql, steps) in plans(&home.views, question) {
            seen += 1;
            for step in steps {
                assert!(!walks(&step), "{question:?}\n{sql}\n{step}");
                let sorts = step.contains("TEMP B-TREE") && sql.contains("LIMIT");
                assert!(
                    !(sorts && paged.contains(question)),
                    "{question:?}\n{sql}\n{step}"
                );
            }
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_chart_of_ten_years_opens_like_a_new_one() {
    let mut home = Home::new();
    for n in 0..10_000 {
        home.chart(1, 1, NOW - n * 9 * HOUR, pulse(60 + n % 80));
    }
    for n in 0..500 {
        home.chart(
            1,
            1,
            NOW - n * 100 * HOUR,
            note(&format!("slept well, night {n}")),
        );
    }
    home.chart(1, 2, NOW, pulse(70));
    home.chart(1, 2, NOW, note("slept well"));
    home.project();
    for asked in [
        |who| Query::Today { resident: who },
        |who| Query::Observations {
            resident: who,
            limit: 20,
            before: None,
        },
        |who| Query::Notes {
            resident: who,
            limit: 20,
            before: None,
            search: String::new(),
        },
        |who| Query::History {
            resident: who,
            limit: 20,
            before: None,
        },
        |who| Query::Chart { resident: who },
    ] {
        let time = |who| best_of(5, || drop(ask(&home.views, &asked(resident(who)), NOW)));
        let (old, new) = (time(1), time(2));
        // A full page against a page of one, on a busy machine: what must not be is a factor of
        // hundreds.
        assert!(
            old < new * 40 + Duration::from_millis(20),
            "{old:?} against {new:?}"
        );
    }
}

#[test]
fn five_thousand_residents_are_listed_and_searched_at_once() {
    let mut home = Home::new();
    let given = ["Ada", "Zoë", "Ben", "Inés", "Otto"];
    let family = ["Day", "Müller", "Cole", "O’Brien", "Strauß", "Abe", "Novak"];
    let mut random = 7u32;
    for n in 0..5_000u16 {
        let mut pick = |among: &[&'static str]| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            among[usize::try_from(random >> 8).unwrap() % among.len()]
        };
        let (given, family) = (pick(&given), pick(&family));
        let born = format!("19{:02}-{:02}-{:02}", 20 + n % 40, 1 + n % 12, 1 + n % 28);
        let number = format!("MH-{n:06}-4");
        home.chart(
            1,
            n,
            NOW - 80 * HOUR,
            identity(given, &format!("{family}{n}"), &born, &number),
        );
        home.chart(1, n, NOW, pulse(i64::from(60 + n % 90)));
        home.moved(n, NOW - 80 * HOUR, MoveKind::Admission, Some(n));
    }
    home.project();
    for (order, search, most) in [
        (ResidentOrder::Room, "", 5_000),
        (ResidentOrder::Name, "zoe mul", 900),
        (ResidentOrder::Name, "mh-004321", 1),
        (ResidentOrder::Need, "", 5_000),
    ] {
        let question = residents(order, search);
        let found = answer!(ask(&home.views, &question, NOW), Residents);
        assert!(
            (1..=most).contains(&found.total),
            "{search}: {}",
            found.total
        );
        assert!(found.residents.len() <= 50);
        let took = best_of(5, || drop(ask(&home.views, &question, NOW)));
        assert!(
            took < Duration::from_millis(500),
            "{order:?} {search:?}: {took:?}"
        );
    }
}
