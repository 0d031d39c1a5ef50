//! Whose acts a strike or a decision asks, and what strikes take out of the house.

use crate::scene::{HONEST, JONAS, Scene};
use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Severity};
use domain::directory::{Bed, Move, MoveKind, ResidentName, Role, Room, Staff, Unit};
use domain::entry::{ResidentId, SpaceId};
use domain::meta::{Decision, Resolution, Strike};
use domain::{Fact, Stream, Subject};
use ids::{CommandId, EntryKey, PersonId, acts};
use interface::{Alert, Command, Gravity, HistoryRow, Query, View};
use lamplight_tests::harness::journal::stated;
use lamplight_tests::harness::{Hostile, Template, everything_shown};

fn strike(entry: &EntryKey, kind: &str) -> Fact {
    Fact::Strike(Strike::on(entry.clone(), kind, "none".into()).unwrap())
}

impl Scene {
    /// How everybody shows the entry of this key.
    #[track_caller]
    fn shown(&mut self, key: &EntryKey) -> HistoryRow {
        let all: Vec<HistoryRow> = (0..HONEST)
            .filter_map(|device| {
                let rows = self.history(device);
                rows.into_iter().find(|row| row.by.entry == *key)
            })
            .collect();
        assert_eq!(all.len(), HONEST);
        assert!(all.iter().all(|row| row.struck == all[0].struck));
        all[0].clone()
    }

    fn alerts(&mut self, device: usize) -> Vec<Alert> {
        let now = self.world.now;
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        let banner = Query::Banner {
            resident: self.world.residents[0],
        };
        match engine.query(&banner, now) {
            Ok(View::Banner(banner)) => banner.row.alerts,
            other => panic!("{other:?}"),
        }
    }

    fn speaks_of(&mut self, device: usize, words: &str) -> bool {
        let now = self.world.now;
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        let shown = everything_shown(engine, now);
        serde_json::to_string(&shown).unwrap().contains(words)
    }
}

#[test]
fn who_may_strike_and_neither_order_nor_register_strikes_no_order_and_no_move() {
    let mut scene = Scene::new(91);
    let resident = scene.world.residents[0];
    let status = Command::RecordCodeStatus {
        resident,
        status: CodeStatus {
            choice: CodeStatusChoice::DoNotResuscitate,
            comment: None,
            stated_by: Some("daughter".into()),
        },
        replaces: Vec::new(),
        at: None,
    };
    let status = scene.world.saved(1, status).remove(0);
    let leave = Command::RecordMove {
        resident,
        what: MoveKind::LeaveBegins,
        bed: None,
        comment: None,
        at: None,
    };
    let leave = scene.world.saved(1, leave).remove(0);
    scene.others_go_on("a code status and a leave");
    let note = scene.row(1, "1 goes on after before").unwrap().by.entry;
    // As a role to come would be granted: to write, and to mark what is wrong.
    let home = Template::home();
    scene
        .hostile
        .is_granted_acts(&mut scene.world, home, acts::SIGN | acts::STRIKE);
    let (chart, journal, subject) = (scene.chart(), scene.journal, scene.resident());
    let over = |key: &EntryKey| vec![key.clone()];
    // Under the kind that it is of, and under one for which the act is there.
    for kind in ["code_status", "note"] {
        scene.say(chart, subject, strike(&status, kind), &over(&status));
    }
    scene.say(journal, subject, strike(&note, "note"), &over(&note));
    let moves = Fact::Move(Move {
        resident: ResidentId(CommandId::ZERO),
        what: MoveKind::Death,
        bed: None,
        comment: None,
        after: None,
    });
    let moves = moves.home(subject, stated(scene.world.now), None).unwrap();
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Directory, 92);
    scene.hostile.catches_up(&mut scene.world);
    scene
        .hostile
        .is_granted_acts(&mut scene.world, home, acts::SIGN | acts::STRIKE);
    for kind in ["move", "note"] {
        scene.say(moves, subject, strike(&leave, kind), &over(&leave));
    }
    assert_eq!(scene.shown(&status).struck, None);
    assert_eq!(scene.shown(&leave).struck, None);
    assert!(scene.shown(&note).struck.is_some());
    scene.all_agree();
    scene.restart_everybody();
    assert_eq!(scene.shown(&status).struck, None);
    scene.all_agree();
}

#[test]
fn who_may_resolve_and_not_order_makes_no_allergy_harmless_and_decides_nothing() {
    let mut scene = Scene::new(94);
    let resident = scene.world.residents[0];
    let penicillin = |severity| {
        Allergy::To(AllergyTo {
            substance: "Penicillin".into(),
            reaction: None,
            severity: Some(severity),
            source: None,
        })
    };
    let severe = Command::RecordAllergy {
        resident,
        allergy: penicillin(Severity::Severe),
        at: None,
    };
    let severe = scene.world.saved(1, severe).remove(0);
    scene.others_go_on("an allergy");
    let home = Template::home();
    let granted = acts::SIGN | acts::STRIKE | acts::RESOLVE;
    scene
        .hostile
        .is_granted_acts(&mut scene.world, home, granted);
    let (chart, subject) = (scene.chart(), scene.resident());
    let mild = Fact::Allergy(penicillin(Severity::Mild));
    let mild = scene.say(chart, subject, mild, std::slice::from_ref(&severe));
    let mut of = vec![severe.clone(), mild.clone()];
    of.sort();
    let decision = Fact::Resolution(Resolution {
        of,
        decision: Decision::Only(mild),
        reason: "none".into(),
    });
    scene.say(chart, subject, decision, &[]);
    for device in 0..HONEST {
        let rows = scene.history(device);
        let row = rows.iter().find(|row| row.by.entry == severe).unwrap();
        assert!(!row.superseded && row.struck.is_none(), "{row:#?}");
        assert!(!rows.iter().any(|row| row.kind == "resolution"));
        // Both stand, the worst of them counts, and the question is open.
        assert!(scene.speaks_of(device, "allergy_severity"), "{device}");
        let alerts = scene.alerts(device);
        let counts = |alert: &Alert| matches!(alert, Alert::Allergy { gravity, .. } if *gravity == Gravity::Critical);
        assert!(alerts.iter().any(counts), "{alerts:#?}");
    }
    scene.all_agree();
}

#[test]
fn what_an_import_made_of_the_house_and_its_people_is_undone_by_strikes() {
    let mut scene = Scene::new(93);
    let home = Template::home();
    let space = |n| SpaceId(CommandId::from_bytes([n; 16]));
    let (unit, room, bed) = (space(1), space(2), space(3));
    let name = || "Ghost".to_owned();
    let staff = Staff {
        given: name(),
        family: name(),
        role: Role::RegisteredNurse,
        credential: None,
    };
    let of_resident = ResidentName {
        given: name(),
        family: name(),
    };
    let somebody = Subject::Person(PersonId::from_bytes([6; 16]));
    let ghost = Subject::Resident(ResidentId(CommandId::from_bytes([7; 16])));
    let made = [
        (
            Subject::Space(unit),
            Fact::Unit(Unit {
                id: unit,
                name: name(),
            }),
        ),
        (
            Subject::Space(room),
            Fact::Room(Room {
                id: room,
                unit,
                name: name(),
            }),
        ),
        (
            Subject::Space(bed),
            Fact::Bed(Bed {
                id: bed,
                room,
                name: name(),
            }),
        ),
        (somebody, Fact::Staff(staff)),
        (ghost, Fact::ResidentName(of_resident)),
    ];
    // By an administrator, and then all of it by somebody who is none.
    let mut keys = Vec::new();
    scene.hostile = Hostile::in_stream(home, 3, 0, Stream::Directory, 93);
    for (subject, fact) in &made {
        let what = fact.home(*subject, stated(scene.world.now), None).unwrap();
        let key = scene.say(what, *subject, fact.clone(), &[]);
        keys.push((what, *subject, fact.kind(), key));
    }
    assert!((0..HONEST).all(|device| scene.speaks_of(device, "Ghost")));
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Directory, 94);
    for (what, subject, kind, key) in keys.iter().filter(|key| key.2 != "resident_name") {
        scene.say(
            *what,
            *subject,
            strike(key, kind),
            std::slice::from_ref(key),
        );
    }
    assert!((0..HONEST).all(|device| scene.speaks_of(device, "Ghost")));
    scene.all_agree();
    scene.hostile = Hostile::in_stream(home, 3, 0, Stream::Directory, 95);
    for (what, subject, kind, key) in &keys {
        scene.say(
            *what,
            *subject,
            strike(key, kind),
            std::slice::from_ref(key),
        );
    }
    assert!((0..HONEST).all(|device| !scene.speaks_of(device, "Ghost")));
    scene.all_agree();
    scene.restart_everybody();
    assert!((0..HONEST).all(|device| !scene.speaks_of(device, "Ghost")));
    scene.all_agree();
}
