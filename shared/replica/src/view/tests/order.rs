//! The order of arrival does not matter, and nothing counts twice.

use super::*;
use crate::view::entry::State;
use domain::chart::CodeStatusChoice;
use domain::meta::Decision;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// A chart with everything in it that names something else.
fn eventful() -> Home {
    let mut home = Home::new();
    home.moved(1, NOW - 100 * HOUR, MoveKind::Admission, Some(12));
    home.moved(2, NOW - 90 * HOUR, MoveKind::Admission, Some(12));
    for who in [1, 2] {
        home.chart(
            1,
            who,
            NOW - 80 * HOUR,
            identity("Ada", "Day", "1940-06-15", "MH-000001-4"),
        );
        home.chart(1, who, NOW - 80 * HOUR, warfarin(100 + who, 1, "3 mg"));
        let day = "2026-11-21";
        let a = home.chart(1, who, NOW, dose(100 + who, day, Some("08:00"), None));
        home.care.place(u64::from(who) * 10, &[]);
        let b = home.chart(
            2,
            who,
            NOW + MINUTE,
            dose(100 + who, day, Some("08:00"), None),
        );
        if who == 1 {
            home.chart(1, who, NOW + HOUR, decided(&[a, b], Decision::Both));
        }
        let none = home.chart(1, who, NOW, none_known());
        let latex = home.chart(2, who, NOW + 1, allergic("latex"));
        let first = home.chart(
            1,
            who,
            NOW + 2,
            decided(&[none.clone(), latex.clone()], Decision::Only(none.clone())),
        );
        let second = home.chart(
            2,
            who,
            NOW + 3,
            decided(&[none, latex.clone()], Decision::Only(latex)),
        );
        if who == 2 {
            home.chart(
                2,
                who,
                NOW + 4,
                decided(&[first.clone(), second], Decision::Only(first)),
            );
        }
        let draft = home.chart(1, who, NOW + 10, note("slept well"));
        let text = home.chart_over(1, who, NOW + 11, note("slept badly"), &draft);
        home.chart(1, who, NOW + 12, signature(&text));
        home.chart(2, who, NOW + 13, addendum(&text, "was up twice"));
        let wrong = home.chart(1, who, NOW + 14, pulse(180));
        home.chart(1, who, NOW + 15, pulse(80));
        home.strike(1, who, NOW + 16, &wrong);
        let withheld = home.chart(1, who, NOW + 17, code(CodeStatusChoice::ComfortOnly));
        home.care
            .place(u64::from(who) * 10 + 1, std::slice::from_ref(&withheld));
        let status = home.chart(1, who, NOW + 18, code(CodeStatusChoice::FullTreatment));
        let not_allowed = home.strike(2, who, NOW + 19, &status);
        home.care
            .place(u64::from(who) * 10 + 2, std::slice::from_ref(&not_allowed));
    }
    home
}

fn questions() -> Vec<Query> {
    let mut questions = vec![
        Query::Residents {
            order: interface::ResidentOrder::Need,
            unit: None,
            search: String::new(),
            limit: 10,
        },
        Query::Contradictions {
            decided: true,
            resident: None,
        },
    ];
    for who in [1, 2].map(resident) {
        questions.extend([
            Query::Chart { resident: who },
            Query::Today { resident: who },
            Query::Medicines {
                resident: who,
                date: None,
            },
            Query::History {
                resident: who,
                limit: 100,
                before: None,
            },
            Query::Notes {
                resident: who,
                limit: 9,
                before: None,
                search: "up tw".into(),
            },
        ]);
    }
    questions
}

fn shuffle<T>(items: &mut [T], random: &mut ChaCha8Rng) {
    for i in (1..items.len()).rev() {
        let j = usize::try_from(random.next_u32()).unwrap() % (i + 1);
        items.swap(i, j);
    }
}

/// Projects the facts in this order, in batches of random size.
fn fed(stream: Stream, mut facts: Vec<LogFact>, random: &mut ChaCha8Rng) -> ViewDb {
    let mut view = empty(stream);
    while !facts.is_empty() {
        let size = 1 + usize::try_from(random.next_u32()).unwrap() % 9;
        let rest = facts.split_off(size.min(facts.len()));
        view.project(Batch {
            facts,
            ..Batch::default()
        })
        .unwrap();
        facts = rest;
    }
    view
}

#[test]
fn every_order_of_arrival_gives_the_same_record_and_the_same_answers() {
    let mut home = eventful();
    home.project();
    let questions = questions();
    let expect: Vec<View> = questions.iter().map(|q| ask(&home.views, q, NOW)).collect();
    let digest = home.views.care.as_ref().unwrap().digest().unwrap();
    for seed in 0..60 {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let (mut care, mut directory) = (home.care.facts.clone(), home.directory.facts.clone());
        shuffle(&mut care, &mut random);
        shuffle(&mut directory, &mut random);
        let views = Views {
            care: Some(fed(Stream::Care, care, &mut random)),
            directory: Some(fed(Stream::Directory, directory, &mut random)),
            ..Views::default()
        };
        assert_eq!(
            views.care.as_ref().unwrap().digest().unwrap(),
            digest,
            "seed {seed}"
        );
        for (question, expect) in questions.iter().zip(&expect) {
            assert_eq!(
                &ask(&views, question, NOW),
                expect,
                "seed {seed}: {question:?}"
            );
        }
    }
}

#[test]
fn projecting_twice_changes_nothing() {
    let mut home = eventful();
    home.project();
    let before: Vec<View> = questions()
        .iter()
        .map(|q| ask(&home.views, q, NOW))
        .collect();
    let batch = Batch {
        facts: home.care.facts.clone(),
        ..Batch::default()
    };
    home.views.care.as_mut().unwrap().project(batch).unwrap();
    let after: Vec<View> = questions()
        .iter()
        .map(|q| ask(&home.views, q, NOW))
        .collect();
    assert_eq!(before, after);
}

#[test]
fn an_entry_that_comes_after_its_superseder_does_not_stand() {
    let mut home = Home::new();
    let old = home.chart(1, 1, NOW, note("slept well"));
    home.chart_over(1, 1, NOW + 1, note("slept badly"), &old);
    home.care.facts.reverse();
    home.project();
    let care = home.views.care.as_ref().unwrap();
    assert_eq!(care.entry(&old).unwrap().unwrap().state, State::Replaced);
    assert_eq!(care.standing(&resident(1), "note").unwrap().len(), 1);
}

#[test]
fn what_supersedes_still_does_when_it_is_struck_itself() {
    let mut home = Home::new();
    let old = home.chart(1, 1, NOW, note("slept well"));
    let new = home.chart_over(1, 1, NOW + 1, note("slept badly"), &old);
    home.strike(1, 1, NOW + 2, &new);
    home.project();
    let care = home.views.care.as_ref().unwrap();
    assert_eq!(care.entry(&old).unwrap().unwrap().state, State::Replaced);
    assert_eq!(care.entry(&new).unwrap().unwrap().state, State::Struck);
}

#[test]
fn a_signature_and_a_correction_that_did_not_know_of_it_both_stand_whichever_comes_first() {
    for turn in 0..3 {
        let mut home = Home::new();
        let old = home.chart(1, 1, NOW, note("slept well"));
        home.chart_over(1, 1, NOW + 1, note("slept badly"), &old);
        let sign = Fact::Signature(domain::meta::Signature {
            entries: vec![old.clone()],
        });
        home.chart(1, 1, NOW + 2, sign);
        home.care.facts.rotate_left(turn);
        for fact in std::mem::take(&mut home.care.facts) {
            home.care.facts.push(fact);
            home.project();
        }
        let care = home.views.care.as_ref().unwrap();
        assert_eq!(care.entry(&old).unwrap().unwrap().state, State::Stands);
        let standing = care.standing(&resident(1), "note").unwrap();
        assert_eq!(standing.len(), 2, "turn {turn}");
        // Whether or not its right to sign is withdrawn afterwards.
        home.care.facts.rotate_right(turn);
        let signature = match &home.care.facts[2] {
            LogFact::Applied { entries, .. } => entries[0].key.clone(),
            LogFact::Placed { .. } => panic!(),
        };
        home.care.place(9, std::slice::from_ref(&signature));
        home.project();
        let care = home.views.care.as_ref().unwrap();
        assert_eq!(care.entry(&old).unwrap().unwrap().state, State::Replaced);
    }
}

#[test]
fn what_is_not_its_authors_to_say_shows_beside_what_it_names() {
    for reversed in [false, true] {
        let mut home = Home::new();
        let old = home.chart(1, 1, NOW, note("slept well"));
        let claim = home.chart_over(2, 1, NOW + 1, note("did not"), &old);
        if reversed {
            home.care.facts.reverse();
        }
        for fact in std::mem::take(&mut home.care.facts) {
            home.care.facts.push(fact);
            home.project();
        }
        let history = Query::History {
            resident: resident(1),
            limit: 9,
            before: None,
        };
        let rows = answer!(home.ask(history), History).rows;
        let shown: Vec<_> = rows
            .iter()
            .map(|row| (&row.by.entry, row.superseded))
            .collect();
        assert_eq!(shown, [(&claim, false), (&old, false)]);
        assert!(rows.iter().all(|row| row.before.is_empty()));
    }
}

#[test]
fn a_withheld_entry_supersedes_nothing_and_shows_to_nobody_else() {
    let mut home = Home::new();
    let status = home.chart(1, 1, NOW, code(CodeStatusChoice::FullTreatment));
    let comfort = code(CodeStatusChoice::ComfortOnly);
    let late = home.chart_over(2, 1, NOW + 1, comfort, &status);
    home.project();
    let care = home.views.care.as_ref().unwrap();
    assert_eq!(care.entry(&status).unwrap().unwrap().state, State::Replaced);
    // Its place shows that its author had no right.
    home.care.place(5, std::slice::from_ref(&late));
    let chart = answer!(
        home.ask(Query::Chart {
            resident: resident(1)
        }),
        Chart
    );
    assert_eq!(chart.code_status.len(), 1);
    assert_eq!(chart.code_status[0].by.entry, status);
    let history = Query::History {
        resident: resident(1),
        limit: 9,
        before: None,
    };
    let history = answer!(home.ask(history), History);
    assert_eq!((history.rows.len(), history.total), (1, 1));
    let care = home.views.care.as_ref().unwrap();
    assert_eq!(care.entry(&late).unwrap().unwrap().state, State::Withheld);
}

#[test]
fn an_unknown_kind_is_kept_and_shown_as_such() {
    let mut home = Home::new();
    let old = home.chart(1, 1, NOW, note("walked"));
    let newer = home.chart(1, 1, NOW + 1, note("of a newer version"));
    let Some(LogFact::Applied { entries, .. }) = home.care.facts.last_mut() else {
        panic!()
    };
    // The same bytes with a kind that this version has not heard of.
    let at = entries[0]
        .value
        .windows(5)
        .position(|bytes| bytes == b"\x64note")
        .unwrap();
    entries[0].value[at + 1..at + 5].copy_from_slice(b"poem");
    entries[0].recorded = Recorded::from_cbor(&entries[0].value).unwrap();
    let history = Query::History {
        resident: resident(1),
        limit: 9,
        before: None,
    };
    let rows = answer!(home.ask(history), History).rows;
    assert_eq!(rows[0].by.entry, newer);
    assert_eq!(
        (rows[0].fact.as_ref(), rows[0].kind.as_str()),
        (None, "poem")
    );
    assert_eq!(rows[1].by.entry, old);
    let notes = Query::Notes {
        resident: resident(1),
        limit: 9,
        before: None,
        search: String::new(),
    };
    assert_eq!(answer!(home.ask(notes), Notes).total, 1);
}

#[test]
fn a_failed_batch_leaves_nothing_behind() {
    let mut home = Home::new();
    home.chart(1, 1, NOW, note("kept"));
    let view = home.views.care.as_mut().unwrap();
    view.conn
        .execute_batch("DROP TABLE care.watermark")
        .unwrap();
    let batch = Batch {
        facts: home.care.facts.clone(),
        ..Batch::default()
    };
    assert!(view.project(batch).is_err());
    let entries: i64 = view
        .conn
        .query_row("SELECT count(*) FROM care.entries", [], |row| row.get(0))
        .unwrap();
    assert_eq!(entries, 0);
}
