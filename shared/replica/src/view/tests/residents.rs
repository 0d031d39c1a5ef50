//! The list of residents: order, search, units.

use super::*;
use domain::chart::{Allergy, AllergyTo, Severity};
use domain::directory::{Bed, ResidentName, Room, Unit as Ward};
use domain::journal::SaturationScale;
use domain::meta::Decision;
use interface::{Alert, Gravity, ResidentOrder, ResidentStatus, ResidentsView};

fn list(
    home: &mut Home,
    order: ResidentOrder,
    unit: Option<SpaceId>,
    search: &str,
) -> ResidentsView {
    let search = search.to_owned();
    answer!(
        home.ask(Query::Residents {
            order,
            unit,
            search,
            limit: 50
        }),
        Residents
    )
}

fn families(home: &mut Home, order: ResidentOrder, search: &str) -> Vec<String> {
    list(home, order, None, search)
        .residents
        .into_iter()
        .map(|row| row.family)
        .collect()
}

/// Two units, three beds, three residents.
fn home() -> Home {
    let mut home = Home::new();
    for (n, name) in [(1, "West"), (2, "East")] {
        let unit = Ward {
            id: space(n),
            name: name.into(),
        };
        home.house(Subject::Space(space(n)), Fact::Unit(unit));
        let room = Room {
            id: space(10 + n),
            unit: space(n),
            name: name.into(),
        };
        home.house(Subject::Space(space(10 + n)), Fact::Room(room));
    }
    for (n, room, name) in [(21, 11, "12A"), (22, 11, "9B"), (23, 12, "E-3")] {
        let bed = Bed {
            id: space(n),
            room: space(room),
            name: name.into(),
        };
        home.house(Subject::Space(space(n)), Fact::Bed(bed));
    }
    for (who, given, family, born, number, bed) in [
        (1, "Ada", "Day", "1940-06-15", "MH-000001-4", 21),
        (2, "Zoë", "Müller-O’Brien", "1938-02-03", "MH-002417-5", 22),
        (3, "Ben", "Cole", "1951-12-24", "MH-000300-1", 23),
    ] {
        home.chart(
            1,
            who,
            NOW - 80 * HOUR,
            identity(given, family, born, number),
        );
        home.moved(who, NOW - 80 * HOUR, MoveKind::Admission, Some(bed));
        let name = ResidentName {
            given: given.into(),
            family: family.into(),
        };
        home.house(Subject::Resident(resident(who)), Fact::ResidentName(name));
    }
    home
}

#[test]
fn residents_stand_by_room_as_people_count_by_name_or_by_need() {
    let mut home = home();
    home.chart(1, 3, NOW, pulse(135));
    assert_eq!(
        families(&mut home, ResidentOrder::Room, ""),
        ["Müller-O’Brien", "Day", "Cole"]
    );
    assert_eq!(
        families(&mut home, ResidentOrder::Name, ""),
        ["Cole", "Day", "Müller-O’Brien"]
    );
    assert_eq!(families(&mut home, ResidentOrder::Need, "")[0], "Cole");
    // A contradiction goes before a score, and a score before a late dose.
    home.chart(1, 1, NOW, none_known());
    home.chart(2, 1, NOW, allergic("latex"));
    assert_eq!(
        families(&mut home, ResidentOrder::Need, "")[..2],
        ["Day", "Cole"]
    );
    home.chart(1, 2, NOW - 80 * HOUR, warfarin(4, 1, "3 mg"));
    let late = home.ask_at(
        Query::Residents {
            order: ResidentOrder::Need,
            unit: None,
            search: String::new(),
            limit: 3,
        },
        NOW + 2 * HOUR,
    );
    let rows = answer!(late, Residents).residents;
    assert_eq!(rows[2].family, "Müller-O’Brien");
    assert!(rows[2].due.is_some());
}

#[test]
fn one_value_taken_alone_does_not_hide_a_worse_whole_score() {
    let mut home = home();
    let score = |home: &mut Home| {
        let asked = Query::Banner {
            resident: resident(1),
        };
        let shown = answer!(home.ask(asked), Banner).row.news2.unwrap();
        (shown.score, shown.incomplete)
    };
    home.chart(1, 1, NOW - HOUR, whole_set(30));
    home.chart(1, 1, NOW, pulse(72));
    assert_eq!(score(&mut home), (3, false));
    // A worse value taken alone counts at once, and so does a whole set after it.
    home.chart(1, 1, NOW + MINUTE, pulse(135));
    assert_eq!(score(&mut home), (3, true));
    home.chart(1, 1, NOW + 2 * MINUTE, whole_set(16));
    assert_eq!(score(&mut home), (0, false));
}

/// Score and whether it is incomplete, as resident 1's banner shows them.
fn score(home: &mut Home) -> (u8, bool) {
    let asked = Query::Banner {
        resident: resident(1),
    };
    let shown = answer!(home.ask(asked), Banner).row.news2.unwrap();
    (shown.score, shown.incomplete)
}

#[test]
fn one_value_taken_alone_does_not_hide_another_taken_alone() {
    let mut home = home();
    home.chart(1, 1, NOW, pulse(135));
    assert_eq!(score(&mut home), (3, true));
    home.chart(1, 1, NOW + 1, celsius(370));
    assert_eq!(score(&mut home), (3, true));
    home.chart(1, 1, NOW + 2, celsius(391));
    assert_eq!(score(&mut home), (5, true), "both count");
    home.chart(1, 1, NOW + 3, pulse(72));
    assert_eq!(score(&mut home), (2, true), "its own newest value counts");
    home.chart(1, 1, NOW + 4, whole_set(16));
    assert_eq!(score(&mut home), (0, false));
}

#[test]
fn sets_without_a_parameter_of_the_score_hide_no_score() {
    let mut home = home();
    home.chart(1, 1, NOW - HOUR, whole_set(30));
    for n in 0..9 {
        home.chart(1, 1, NOW + n, glucose(100 + n));
        assert_eq!(score(&mut home), (3, false), "after {n}");
    }
    for n in 0..70 {
        home.chart(1, 1, NOW + 100 + n, pulse(72));
    }
    assert_eq!(score(&mut home), (3, false));
}

fn scale(scale: SaturationScale) -> Fact {
    Fact::SaturationScale(domain::chart::ScaleDecision {
        scale,
        decided_by: "Dr Ito".into(),
        decided_on: "2026-11-20".parse().unwrap(),
        reason: None,
    })
}

#[test]
fn a_set_is_scored_on_the_scale_that_was_decided_by_then() {
    let mut home = home();
    let Fact::Observations(set) = whole_set(16) else {
        panic!()
    };
    let saturated = |on: SaturationScale| {
        let mut set = set.clone();
        set.readings[1].1 = percent(88);
        Fact::Observations(domain::journal::Observations { scale: on, ..set })
    };
    // That a set says scale 2 makes it no decision.
    home.chart(1, 1, NOW - 2 * HOUR, saturated(SaturationScale::Two));
    assert_eq!(score(&mut home), (3, false));
    let decided = home.chart(1, 1, NOW - HOUR, scale(SaturationScale::Two));
    assert_eq!(score(&mut home), (3, false), "the set was before");
    home.chart(1, 1, NOW, saturated(SaturationScale::One));
    assert_eq!(score(&mut home), (0, false));
    // Two that differ decide nothing, until one of them is right.
    let other = home.chart(2, 1, NOW - HOUR + 1, scale(SaturationScale::One));
    assert_eq!(score(&mut home), (3, false));
    let right = Decision::Only(decided.clone());
    home.chart(1, 1, NOW + 1, super::decided(&[decided, other], right));
    assert_eq!(score(&mut home), (0, false));
}

#[test]
fn a_resident_whose_name_has_no_letters_is_listed_and_found() {
    let mut home = Home::new();
    let unknown = identity("", "?", "1940-01-01", "MH-590000-9");
    home.chart(1, 7, NOW, unknown);
    assert_eq!(families(&mut home, ResidentOrder::Name, ""), ["?"]);
    assert_eq!(
        families(&mut home, ResidentOrder::Name, "MH-590000-9"),
        ["?"]
    );
}

#[test]
fn residents_are_found_by_name_room_birth_date_and_record_number() {
    let mut home = home();
    for search in [
        "zoe",
        "mull",
        "OBRIEN z",
        "9b",
        "3.2.1938",
        "1938-02-03",
        "2417",
        "mh-002417",
    ] {
        let found = families(&mut home, ResidentOrder::Name, search);
        assert_eq!(found, ["Müller-O’Brien"], "{search}");
    }
    assert_eq!(
        families(&mut home, ResidentOrder::Name, "nobody"),
        Vec::<String>::new()
    );
}

#[test]
fn a_search_of_signs_alone_finds_nobody() {
    let mut home = home();
    let everyone = families(&mut home, ResidentOrder::Name, " ");
    assert!(everyone.len() > 1);
    for search in ["?", "\"", "…"] {
        let found = families(&mut home, ResidentOrder::Name, search);
        assert_eq!(found, Vec::<String>::new(), "{search}");
    }
}

#[test]
fn a_unit_shows_those_in_its_beds() {
    let mut home = home();
    let east = list(&mut home, ResidentOrder::Room, Some(space(2)), "");
    assert_eq!((east.total, east.residents[0].family.as_str()), (1, "Cole"));
    assert_eq!(east.residents[0].room, "E-3");
    let house = answer!(home.ask(Query::House), House);
    let units: Vec<_> = house
        .units
        .iter()
        .map(|u| (u.name.as_str(), u.residents))
        .collect();
    assert_eq!(units, [("East", 1), ("West", 2)]);
    let beds: Vec<_> = house
        .beds
        .iter()
        .map(|b| (b.name.as_str(), b.residents.len()))
        .collect();
    assert_eq!(beds, [("9B", 1), ("12A", 1), ("E-3", 1)]);
    assert_eq!(house.settings.name, "Maple House");
}

#[test]
fn who_left_is_found_by_searching_only() {
    let mut home = home();
    home.moved(3, NOW, MoveKind::Discharge, None);
    assert_eq!(list(&mut home, ResidentOrder::Name, None, "").total, 2);
    let found = list(&mut home, ResidentOrder::Name, None, "cole").residents;
    assert_eq!(
        (found[0].status, found[0].room.as_str()),
        (ResidentStatus::Discharged, "")
    );
}

#[test]
fn a_row_has_age_and_room_and_what_the_newest_identity_says() {
    let mut home = home();
    let old = home
        .views
        .care
        .as_ref()
        .map(|_| ())
        .map(|()| home.chart(1, 1, NOW, note("x")));
    drop(old);
    home.project();
    let care = home.views.care.as_ref().unwrap();
    let old = care.standing(&resident(1), "identity").unwrap()[0]
        .key
        .clone();
    let corrected = identity("Ada", "Day-Lewis", "1940-11-22", "MH-000001-4");
    home.chart_over(1, 1, NOW, corrected, &old);
    let row = answer!(
        home.ask(Query::Banner {
            resident: resident(1)
        }),
        Banner
    )
    .row;
    assert_eq!(
        (row.family.as_str(), row.room.as_str(), row.age),
        ("Day-Lewis", "12A", Some(85))
    );
    let care = home.views.care.as_ref().unwrap();
    assert!(care.record_number_taken("MH-000001-4").unwrap());
    assert!(!care.record_number_taken("MH-000002-2").unwrap());
}

#[test]
fn a_resident_whose_chart_has_not_arrived_has_a_name() {
    let mut home = Home::new();
    let name = ResidentName {
        given: "Ada".into(),
        family: "Day".into(),
    };
    home.house(Subject::Resident(resident(7)), Fact::ResidentName(name));
    let rows = list(&mut home, ResidentOrder::Room, None, "ada").residents;
    assert_eq!((rows[0].family.as_str(), rows[0].born), ("Day", None));
}

#[test]
fn an_age_is_shown_as_far_as_the_birth_date_tells_it() {
    for (born, age, between) in [
        ("1941-03", Some(85), None),
        ("1941", None, Some((84, 85))),
        ("1941-11", None, Some((84, 85))),
    ] {
        let mut home = Home::new();
        let who = identity("Ada", "Day", born, "MH-000009-9");
        home.chart(1, 9, NOW, who);
        let banner = Query::Banner {
            resident: resident(9),
        };
        let row = answer!(home.ask(banner), Banner).row;
        assert_eq!(row.born.unwrap().to_string(), born);
        assert_eq!(row.age, age);
        assert_eq!(
            row.age_between.map(|age| (age.least, age.most)),
            between,
            "{born}"
        );
        let found = list(&mut home, ResidentOrder::Room, None, "day 1941").total;
        assert_eq!(found, 1, "{born}");
        let first = list(&mut home, ResidentOrder::Room, None, "day 1/1941").total;
        assert_eq!(first, 0, "{born}: nobody said the first, or January");
    }
}

#[test]
fn moves_of_which_none_is_right_leave_the_census_when_the_right_one_is_here() {
    let mut home = Home::new();
    for n in 5..8 {
        let bed = Bed {
            id: space(n),
            room: space(90),
            name: n.to_string(),
        };
        home.house(Subject::Space(space(n)), Fact::Bed(bed));
    }
    let wrong =
        [5, 6].map(|bed| home.moved(1, NOW + i64::from(bed), MoveKind::BedChange, Some(bed)));
    let mut wrong = wrong.to_vec();
    wrong.sort();
    // Stated before the wrong ones: as long as they count, they are the newest.
    let right = home.moved(1, NOW, MoveKind::BedChange, Some(7));
    let room = |home: &mut Home| {
        let banner = Query::Banner {
            resident: resident(1),
        };
        answer!(home.ask(banner), Banner).row.room
    };
    assert_eq!(room(&mut home), "6");
    let neither = decided(&wrong, Decision::Neither(right.clone()));
    let subject = Subject::Resident(resident(1));
    home.directory
        .say(Saying::new(author(2), subject, NOW + 9, neither));
    assert_eq!(room(&mut home), "7");
    let struck = Fact::Strike(Strike {
        entry: right.clone(),
        reason: "not there either".into(),
    });
    let strike = Saying::new(author(1), subject, NOW + 20, struck);
    home.directory.say(strike.superseding(&[right]));
    assert_eq!(
        room(&mut home),
        "6",
        "better a place that may be wrong than none"
    );
}

#[test]
fn a_row_without_warnings_says_so_when_the_charts_are_not_open() {
    let mut home = Home::new();
    home.moved(1, NOW - 90 * HOUR, MoveKind::Admission, None);
    home.chart(1, 1, NOW, allergic("latex"));
    let resident = resident(1);
    let alerts = |home: &mut Home| {
        let row = answer!(home.ask(Query::Banner { resident }), Banner).row;
        row.alerts
    };
    assert!(!alerts(&mut home).contains(&Alert::ChartNotOpen));
    home.project();
    home.views.care = None;
    let row = answer!(ask(&home.views, &Query::Banner { resident }, NOW), Banner);
    assert_eq!(row.row.alerts, [Alert::ChartNotOpen]);
}

#[test]
fn a_score_of_several_sets_is_as_old_as_its_oldest() {
    let mut home = Home::new();
    home.chart(1, 1, NOW - 5 * HOUR, pulse(140));
    home.chart(1, 1, NOW - HOUR, celsius(370));
    let resident = resident(1);
    let row = answer!(home.ask(Query::Banner { resident }), Banner).row;
    assert_eq!(row.news2.unwrap().at.at.0, NOW - 5 * HOUR);
}

#[test]
fn a_tablet_whose_clock_was_ahead_hides_nobody_s_state() {
    const YEAR: i64 = 365 * 24 * HOUR;
    let mut home = Home::new();
    home.moved(1, NOW - 90 * HOUR, MoveKind::Admission, None);
    home.chart(
        1,
        1,
        NOW - 80 * HOUR,
        identity("Ada", "Day", "1940-06-15", "MH-000001-4"),
    );
    let now = home.chart(1, 1, NOW - HOUR, whole_set(26));
    home.chart(2, 1, NOW + YEAR, whole_set(16));
    home.moved(1, NOW + YEAR, MoveKind::Discharge, None);
    let banner = |home: &mut Home, at| {
        let resident = resident(1);
        answer!(home.ask_at(Query::Banner { resident }, at), Banner).row
    };
    let row = banner(&mut home, NOW);
    assert_eq!(row.news2.as_ref().unwrap().at.at.0, NOW - HOUR);
    assert_eq!(row.status, ResidentStatus::Present);
    let told = |row: &interface::ResidentRow| {
        let told = row.alerts.iter();
        told.filter(|alert| **alert == Alert::StatedAhead).count()
    };
    assert_eq!(told(&row), 1);
    assert_eq!(list(&mut home, ResidentOrder::Need, None, "").total, 1);
    let resident = resident(1);
    let today = answer!(home.ask(Query::Today { resident }), Today);
    assert_eq!(today.observations.unwrap().by.entry, now);
    // It is shown where it lies, and says so.
    let asked = Query::Observations {
        resident,
        limit: 5,
        before: None,
    };
    let sets = answer!(home.ask(asked), Observations).sets;
    assert_eq!(
        sets.iter().map(|set| set.by.ahead).collect::<Vec<_>>(),
        [true, false]
    );
    // Once its time has come it counts like any other.
    let row = banner(&mut home, NOW + YEAR);
    assert_eq!(row.news2.as_ref().unwrap().at.at.0, NOW + YEAR);
    assert_eq!((row.status, told(&row)), (ResidentStatus::Discharged, 0));
}

#[test]
fn a_role_of_a_newer_version_is_shown_beside_the_name() {
    let mut home = Home::new();
    let staff = Staff {
        given: "Vera".into(),
        family: "Dolan".into(),
        role: Role::Newer(90),
        credential: None,
    };
    let who = Subject::Person(author(9).person);
    home.house(who, Fact::Staff(staff));
    let View::Staff { staff } = home.ask(Query::Staff) else {
        panic!()
    };
    assert!(
        staff
            .iter()
            .any(|row| row.name == "V. Dolan" && row.role == Role::Newer(90))
    );
}

#[test]
fn staff_stand_by_family_name() {
    let mut home = Home::new();
    let View::Staff { staff } = home.ask(Query::Staff) else {
        panic!()
    };
    let names: Vec<_> = staff.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["J. Abe", "M. Okafor"]);
}

#[test]
fn two_of_one_short_name_are_shown_by_their_whole_names() {
    let mut home = Home::new();
    let third = Staff {
        given: "Marcus".into(),
        family: "Okafor".into(),
        role: Role::RegisteredNurse,
        credential: None,
    };
    let who = Subject::Person(author(9).person);
    home.house(who, Fact::Staff(third));
    let View::Staff { staff } = home.ask(Query::Staff) else {
        panic!()
    };
    let names: Vec<_> = staff.iter().map(|row| row.name.as_str()).collect();
    assert_eq!(names, ["J. Abe", "Marcus Okafor", "Maria Okafor"]);
}

#[test]
fn a_substance_stands_once_in_the_banner_however_it_is_written() {
    let allergy = |substance: &str, reaction: Option<&str>, severity| {
        Fact::Allergy(Allergy::To(AllergyTo {
            substance: substance.into(),
            reaction: reaction.map(str::to_owned),
            severity,
            source: None,
        }))
    };
    let mut home = Home::new();
    for (n, says) in [
        allergy("Penicillin", Some("hives"), Some(Severity::Mild)),
        allergy("latex", None, Some(Severity::Mild)),
        allergy("penicillin ", Some("Swelling"), Some(Severity::Severe)),
        allergy("PENICILLIN", Some("Hives"), None),
        allergy("?", None, None),
        allergy("!", None, None),
    ]
    .into_iter()
    .enumerate()
    {
        home.chart(1, 1, NOW + i64::try_from(n).unwrap(), says);
    }
    let resident = resident(1);
    let alerts = answer!(home.ask(Query::Banner { resident }), Banner)
        .row
        .alerts;
    let told: Vec<_> = alerts
        .iter()
        .filter_map(|alert| match alert {
            Alert::Allergy {
                text,
                reaction,
                gravity,
            } => Some((text.as_str(), reaction.as_deref(), *gravity)),
            _ => None,
        })
        .collect();
    assert_eq!(
        told,
        [
            ("Penicillin", Some("hives, Swelling"), Gravity::Critical),
            ("?", None, Gravity::Warning),
            ("!", None, Gravity::Warning),
            ("latex", None, Gravity::Info),
        ]
    );
    let chart = answer!(home.ask(Query::Chart { resident }), Chart);
    assert_eq!(chart.allergies.len(), 6);
}
