//! What the screens of a chart are told.

use super::*;
use domain::chart::Order;
use domain::journal::NotGiven;
use interface::{DueView, NotesView, SlotState};

const DAY: &str = "2026-11-21";

fn notes(home: &mut Home, limit: u32, before: Option<EntryKey>, search: &str) -> NotesView {
    let search = search.to_owned();
    answer!(
        home.ask(Query::Notes {
            resident: resident(1),
            limit,
            before,
            search
        }),
        Notes
    )
}

#[test]
fn a_note_shows_its_author_signature_and_addenda() {
    let mut home = Home::new();
    let key = home.chart(1, 1, NOW, note("slept well"));
    home.chart(1, 1, NOW + 1, signature(&key));
    home.chart(2, 1, NOW + 2, addendum(&key, "was up twice"));
    let found = notes(&mut home, 9, None, "").notes.remove(0);
    assert_eq!((found.text.as_str(), found.own), ("slept well", true));
    assert_eq!(found.by.name, "M. Okafor");
    assert_eq!(found.by.credential.as_deref(), Some("RN"));
    assert_eq!(found.by.device_name, "tablet 101");
    assert!(!found.by.stored);
    assert_eq!(found.signatures.len(), 1);
    assert_eq!(found.addenda[0].text, "was up twice");
    assert_eq!(found.addenda[0].by.name, "J. Abe");
}

#[test]
fn an_entry_is_stored_when_it_has_a_place() {
    let mut home = Home::new();
    home.chart(1, 1, NOW, note("slept well"));
    assert!(!notes(&mut home, 9, None, "").notes[0].by.stored);
    home.care.place(4, &[]);
    let touched = home.project();
    assert!(touched.residents.contains(&resident(1)));
    assert!(notes(&mut home, 9, None, "").notes[0].by.stored);
}

#[test]
fn a_corrected_note_gives_way_and_a_struck_one_stays_marked() {
    let mut home = Home::new();
    let old = home.chart(1, 1, NOW, note("slept wel"));
    home.chart_over(1, 1, NOW, note("slept well"), &old);
    let wrong = home.chart(1, 1, NOW + 1, note("of somebody else"));
    home.strike(1, 1, NOW + 2, &wrong);
    let found = notes(&mut home, 9, None, "");
    let shown: Vec<_> = found
        .notes
        .iter()
        .map(|n| (n.text.as_str(), n.struck.as_deref()))
        .collect();
    assert_eq!(
        shown,
        [
            ("of somebody else", Some("wrong resident")),
            ("slept well", None)
        ]
    );
    assert_eq!(found.total, 2);
}

#[test]
fn notes_are_paged_without_gaps_or_repeats() {
    let mut home = Home::new();
    // Many share an instant: the key decides.
    for n in 0..25 {
        home.chart(1, 1, NOW - HOUR * (n / 4), note(&format!("note {n}")));
    }
    let all: Vec<String> = notes(&mut home, 100, None, "")
        .notes
        .into_iter()
        .map(|note| note.text)
        .collect();
    assert_eq!(all.len(), 25);
    let (mut paged, mut before) = (Vec::new(), None);
    loop {
        let page = notes(&mut home, 4, before.clone(), "");
        assert_eq!(page.total, 25);
        let Some(last) = page.notes.last() else { break };
        before = Some(last.by.entry.clone());
        paged.extend(page.notes.into_iter().map(|note| note.text));
    }
    assert_eq!(paged, all);
}

#[test]
fn notes_are_found_by_their_words_and_their_addenda() {
    let mut home = Home::new();
    let fell = home.chart(
        1,
        1,
        NOW,
        note("Fell beside the bed; Élodie (daughter) told"),
    );
    home.chart(1, 1, NOW + 1, note("slept well"));
    home.chart(2, 1, NOW + 2, addendum(&fell, "X-ray shows no fracture"));
    home.chart(1, 2, NOW, note("fell asleep"));
    let found = |home: &mut Home, search: &str| {
        let found = notes(home, 9, None, search);
        assert_eq!(usize::try_from(found.total).unwrap(), found.notes.len());
        found
            .notes
            .into_iter()
            .map(|note| note.by.entry)
            .collect::<Vec<_>>()
    };
    for search in ["fell", "ELODIE daugh", "fracture", "x-ray", "bed fell"] {
        assert_eq!(
            found(&mut home, search),
            std::slice::from_ref(&fell),
            "{search}"
        );
    }
    for search in [
        "asleep",
        "fell well",
        "resident",
        "\"",
        "?",
        "NEAR(",
        "fell\" OR \"well",
    ] {
        assert_eq!(found(&mut home, search).len(), 0, "{search}");
    }
    assert_eq!(found(&mut home, " ").len(), 2);
}

#[test]
fn the_slots_of_a_day_are_upcoming_due_late_given_or_not_given() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    let states = |home: &mut Home, now: i64| {
        let asked = Query::Medicines {
            resident: resident(1),
            date: None,
        };
        let day = answer!(home.ask_at(asked, now), Medicines);
        assert!(day.is_today);
        day.orders[0]
            .slots
            .iter()
            .map(|slot| slot.state)
            .collect::<Vec<_>>()
    };
    // 08:00 and 20:00 in Chicago, an hour's window.
    assert_eq!(
        states(&mut home, NOW - 2 * HOUR),
        [SlotState::Upcoming, SlotState::Upcoming]
    );
    assert_eq!(
        states(&mut home, NOW - HOUR),
        [SlotState::Due, SlotState::Upcoming]
    );
    assert_eq!(
        states(&mut home, NOW + HOUR),
        [SlotState::Due, SlotState::Upcoming]
    );
    assert_eq!(
        states(&mut home, NOW + HOUR + 1),
        [SlotState::Late, SlotState::Upcoming]
    );
    home.chart(1, 1, NOW, dose(9, DAY, Some("08:00"), None));
    home.chart(
        1,
        1,
        NOW,
        dose(9, DAY, Some("20:00"), Some(NotGiven::Refused)),
    );
    assert_eq!(
        states(&mut home, NOW + HOUR + 1),
        [SlotState::Given, SlotState::NotGiven]
    );
    // A day with none of that.
    let other = Query::Medicines {
        resident: resident(1),
        date: Some("2026-11-20".parse().unwrap()),
    };
    let other = answer!(home.ask(other), Medicines);
    assert!(!other.is_today);
    assert_eq!(other.orders[0].slots[1].state, SlotState::Late);
    let before = Query::Medicines {
        resident: resident(1),
        date: Some("2026-10-31".parse().unwrap()),
    };
    assert_eq!(answer!(home.ask(before), Medicines).orders, []);
}

#[test]
fn what_is_due_today_is_what_nobody_charted() {
    let mut home = Home::new();
    home.chart(
        1,
        1,
        NOW - 80 * HOUR,
        identity("Ada", "Day", "1940-06-15", "MH-000001-4"),
    );
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    home.chart(
        1,
        1,
        NOW - 12 * HOUR,
        dose(9, "2026-11-20", Some("20:00"), None),
    );
    home.chart(
        1,
        1,
        NOW - 24 * HOUR,
        dose(9, "2026-11-20", Some("08:00"), None),
    );
    let due = |home: &mut Home| {
        answer!(
            home.ask(Query::Banner {
                resident: resident(1)
            }),
            Banner
        )
        .row
        .due
    };
    let at = |time: &str, late| {
        Some(DueView::Medicines {
            date: DAY.parse().unwrap(),
            time: time.parse().unwrap(),
            count: 1,
            late,
        })
    };
    assert_eq!(due(&mut home), at("08:00", false));
    home.chart(1, 1, NOW, dose(9, DAY, Some("08:00"), None));
    assert_eq!(due(&mut home), at("20:00", false));
    let today = answer!(
        home.ask(Query::Today {
            resident: resident(1)
        }),
        Today
    );
    assert_eq!(today.due.len(), 1);
    home.chart(1, 1, NOW, dose(9, DAY, Some("20:00"), Some(NotGiven::Away)));
    assert_eq!(due(&mut home), None);
}

/// What stands among what is due for resident 1, and the slot her row shows.
fn due_at(home: &mut Home, now: i64) -> (Vec<(String, SlotState)>, Option<String>) {
    let resident = resident(1);
    let today = answer!(home.ask_at(Query::Today { resident }, now), Today);
    let slots = today.due.into_iter().map(|slot| {
        let (date, time) = (slot.slot.date, slot.slot.time.unwrap());
        (format!("{date} {time}"), slot.state)
    });
    let row = answer!(home.ask_at(Query::Banner { resident }, now), Banner).row;
    let shown = row
        .due
        .map(|DueView::Medicines { date, time, .. }| format!("{date} {time}"));
    (slots.collect(), shown)
}

#[test]
fn midnight_takes_no_dose_from_what_is_due() {
    let mut home = Home::new();
    let Fact::Order(order) = warfarin(9, 1, "3 mg") else {
        panic!()
    };
    let times = ["00:15", "22:00", "23:30"].map(|time| time.parse().unwrap());
    let order = domain::chart::Order {
        times: times.to_vec(),
        starts: "2026-11-20".parse().unwrap(),
        ..order
    };
    home.chart(1, 1, NOW - 80 * HOUR, Fact::Order(order));
    home.chart(
        1,
        1,
        NOW - 32 * HOUR,
        dose(9, "2026-11-20", Some("00:15"), None),
    );
    let slot = |text: &str, state| (text.to_owned(), state);
    let midnight = NOW - 8 * HOUR;
    let (due, shown) = due_at(&mut home, midnight + 3 * MINUTE);
    assert_eq!(
        due,
        [
            slot("2026-11-20 22:00", SlotState::Late),
            slot("2026-11-20 23:30", SlotState::Due),
            slot("2026-11-21 00:15", SlotState::Due),
            slot("2026-11-21 22:00", SlotState::Upcoming),
            slot("2026-11-21 23:30", SlotState::Upcoming),
        ]
    );
    assert_eq!(shown.as_deref(), Some("2026-11-20 22:00"));
    // Before midnight the first window of the next day has opened.
    for (date, time) in [("2026-11-20", "22:00"), ("2026-11-20", "23:30")] {
        home.chart(1, 1, NOW, dose(9, date, Some(time), None));
    }
    home.chart(1, 1, NOW, dose(9, DAY, Some("00:15"), None));
    let (due, _) = due_at(&mut home, midnight + 23 * HOUR + 50 * MINUTE);
    assert_eq!(
        due,
        [
            slot("2026-11-21 22:00", SlotState::Late),
            slot("2026-11-21 23:30", SlotState::Due),
            slot("2026-11-22 00:15", SlotState::Due),
        ]
    );
    // What was missed a day ago is found under its day.
    let (due, _) = due_at(&mut home, midnight + 46 * HOUR + MINUTE);
    assert!(
        due.iter().all(|(text, _)| text != "2026-11-21 22:00"),
        "{due:?}"
    );
}

#[test]
fn nobody_who_is_not_here_has_doses_due() {
    for (what, listed) in [
        (MoveKind::LeaveBegins, 1),
        (MoveKind::Discharge, 0),
        (MoveKind::Death, 0),
    ] {
        let mut home = Home::new();
        home.moved(1, NOW - 90 * HOUR, MoveKind::Admission, Some(4));
        home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
        home.chart(
            1,
            1,
            NOW - 12 * HOUR,
            dose(9, "2026-11-20", Some("20:00"), None),
        );
        assert_eq!(due_at(&mut home, NOW + 2 * HOUR).0.len(), 2);
        home.moved(1, NOW + HOUR, what, None);
        // Who is on leave may have been given the 08:00 dose before; the 20:00 one is nobody's to give.
        let (due, shown) = due_at(&mut home, NOW + 2 * HOUR);
        assert_eq!(
            (due.len(), shown.is_some()),
            (listed, listed == 1),
            "{what:?}"
        );
        let asked = Query::Medicines {
            resident: resident(1),
            date: None,
        };
        let day = answer!(home.ask_at(asked, NOW + 2 * HOUR), Medicines);
        let states: Vec<_> = day.orders[0].slots.iter().map(|slot| slot.state).collect();
        assert_eq!(states, [SlotState::Late, SlotState::Away], "{what:?}");
    }
}

#[test]
fn a_dose_as_needed_is_in_no_slot() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    home.chart(1, 1, NOW, dose(9, DAY, None, None));
    let asked = Query::Medicines {
        resident: resident(1),
        date: None,
    };
    let order = answer!(home.ask(asked), Medicines).orders.remove(0);
    assert_eq!(order.as_needed.len(), 1);
    assert!(order.slots.iter().all(|slot| slot.doses.is_empty()));
}

#[test]
fn what_was_given_as_needed_before_midnight_is_the_last_given_after_it() {
    let mut home = Home::new();
    let order = match warfarin(9, 1, "3 mg") {
        Fact::Order(order) => Fact::Order(Order {
            times: Vec::new(),
            as_needed: Some("pain".into()),
            ..order
        }),
        other => other,
    };
    home.chart(1, 1, NOW - 80 * HOUR, order);
    home.chart(1, 1, NOW - 30 * HOUR, dose(9, "2026-11-20", None, None));
    let late = home.chart(1, 1, NOW - 9 * HOUR, dose(9, "2026-11-20", None, None));
    let refused = dose(9, DAY, None, Some(NotGiven::Refused));
    home.chart(1, 1, NOW - HOUR, refused);
    let asked = Query::Medicines {
        resident: resident(1),
        date: None,
    };
    let order = answer!(home.ask(asked), Medicines).orders.remove(0);
    assert_eq!(order.last_given.map(|last| last.by.entry), Some(late));
}

#[test]
fn observations_come_newest_first_with_their_scores() {
    let mut home = Home::new();
    for n in 0..6 {
        home.chart(1, 1, NOW - n * HOUR, pulse(80 + n));
    }
    let wrong = home.chart(1, 1, NOW + 1, pulse(190));
    home.strike(1, 1, NOW + 2, &wrong);
    let page = |home: &mut Home, before| {
        let asked = Query::Observations {
            resident: resident(1),
            limit: 4,
            before,
        };
        answer!(home.ask(asked), Observations)
    };
    let first = page(&mut home, None);
    assert_eq!((first.sets.len(), first.total), (4, 6));
    assert_eq!(first.sets[0].by.stated.at.0, NOW);
    assert!(first.sets[0].news2.as_ref().unwrap().incomplete);
    let rest = page(&mut home, first.sets.last().map(|set| set.by.entry.clone()));
    assert_eq!(rest.sets.len(), 2);
    let today = answer!(
        home.ask(Query::Today {
            resident: resident(1)
        }),
        Today
    );
    assert_eq!(today.observations.as_ref(), first.sets.first());
}

#[test]
fn history_tells_what_was_before_and_what_became_of_it() {
    let mut home = Home::new();
    let old = home.chart(1, 1, NOW, note("slept wel"));
    let new = home.chart_over(1, 1, NOW + 1, note("slept well"), &old);
    let strike = home.strike(2, 1, NOW + 2, &new);
    home.moved(1, NOW - HOUR, MoveKind::Admission, Some(3));
    let asked = Query::History {
        resident: resident(1),
        limit: 9,
        before: None,
    };
    let history = answer!(home.ask(asked), History);
    assert_eq!(history.total, 4);
    let rows: Vec<_> = history
        .rows
        .iter()
        .map(|row| (row.by.entry.clone(), row.kind.as_str()))
        .collect();
    assert_eq!(
        rows[..3],
        [(strike, "strike"), (new, "note"), (old, "note")]
    );
    assert_eq!(rows[3].1, "move");
    assert_eq!(history.rows[1].before, [note("slept wel")]);
    assert_eq!(history.rows[1].struck.as_deref(), Some("wrong resident"));
    assert!(history.rows[2].superseded && history.rows[2].struck.is_none());
    assert!(history.rows.iter().all(|row| row.proved));
    for row in history.rows {
        let asked = Query::Entry {
            entry: row.by.entry.clone(),
        };
        let alone = answer!(home.ask(asked), Entry);
        assert_eq!(*alone, row);
    }
}

#[test]
fn an_entry_is_told_to_whom_the_history_tells_it_and_to_nobody_else() {
    let mut home = Home::new();
    let mine = home.chart(1, 1, NOW, note("never accepted"));
    home.care.place(40, std::slice::from_ref(&mine));
    home.project();
    let told = |home: &Home, who: u8, entry: &EntryKey| {
        let asker = Asker {
            person: author(who).person,
            may_read: &|_| true,
            may_resolve: &|_| false,
            is_arriving: &|| false,
            device_name: &|_| String::new(),
            proved: &|_, _, _| false,
        };
        let asked = Query::Entry {
            entry: entry.clone(),
        };
        query(&home.views, &asker, &asked, UnixMillis(NOW)).is_ok()
    };
    assert!(told(&home, 1, &mine), "to its author");
    assert!(!told(&home, 2, &mine));
    let unknown = EntryKey::from_parts(UnixMillis(NOW), [0; 10]);
    assert!(!told(&home, 1, &unknown));
    home.views.care = None;
    assert!(
        !told(&home, 1, &mine),
        "nothing of a chart that is not open"
    );
}

#[test]
fn without_the_chart_s_stream_nothing_of_it_is_told() {
    let mut home = Home::new();
    home.moved(1, NOW, MoveKind::Admission, None);
    home.project();
    home.views.care = None;
    let asker = Asker {
        person: author(1).person,
        may_read: &|_| false,
        may_resolve: &|_| false,
        is_arriving: &|| false,
        device_name: &|_| String::new(),
        proved: &|_, _, _| false,
    };
    let ask = |question: &Query| query(&home.views, &asker, question, UnixMillis(NOW));
    for question in [
        Query::Chart {
            resident: resident(1),
        },
        Query::Today {
            resident: resident(1),
        },
        Query::History {
            resident: resident(1),
            limit: 1,
            before: None,
        },
        Query::Notes {
            resident: resident(1),
            limit: 1,
            before: None,
            search: String::new(),
        },
        Query::Observations {
            resident: resident(1),
            limit: 1,
            before: None,
        },
        Query::Medicines {
            resident: resident(1),
            date: None,
        },
    ] {
        assert!(
            matches!(ask(&question), Err(interface::Refusal::NotAllowed { .. })),
            "{question:?}"
        );
    }
    assert!(ask(&Query::House).is_ok());
    assert!(matches!(
        ask(&Query::Tablet),
        Err(interface::Refusal::Bug { .. })
    ));
}

#[test]
fn a_dose_of_an_order_that_no_longer_runs_is_shown_with_its_day() {
    let mut home = Home::new();
    let old = home.chart(1, 1, NOW - 80 * HOUR, warfarin(9, 1, "3 mg"));
    home.chart(
        1,
        1,
        NOW - 24 * HOUR,
        dose(9, "2026-11-20", Some("08:00"), None),
    );
    let Fact::Order(mut changed) = warfarin(9, 2, "2 mg") else {
        panic!()
    };
    changed.starts = DAY.parse().unwrap();
    home.chart_over(1, 1, NOW, Fact::Order(changed), &old);
    let asked = |date: &str| Query::Medicines {
        resident: resident(1),
        date: date.parse().ok(),
    };
    let yesterday = answer!(home.ask(asked("2026-11-20")), Medicines).orders;
    assert_eq!(yesterday.len(), 1);
    assert_eq!(yesterday[0].slots.len(), 1);
    assert_eq!(yesterday[0].slots[0].state, SlotState::Given);
    let today = answer!(home.ask(asked(DAY)), Medicines).orders;
    assert_eq!((today.len(), today[0].slots.len()), (1, 2));
}
