//! What the roster takes from people and devices, on tablets that have the keys all the same.

use crate::scene::{HONEST, JONAS, Scene};
use domain::Stream;
use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Problem};
use domain::directory::{Role, Unit};
use domain::entry::{Fact, SpaceId, Subject};
use ids::{CommandId, StatedInstant};
use interface::{
    Act, Command, Done, Link, MemberChange, NotAcceptedView, Query, Refusal, TabletState, View,
};
use lamplight_tests::harness::journal::stated;
use lamplight_tests::harness::{
    Hostile, Lie, Outcome, Reach, Template, World, everything_shown, settings, stored,
};
use wire::roster::Right;

impl Scene {
    /// What a device says when it is asked for the notes.
    fn notes_or(&mut self, device: usize) -> Result<(), Refusal> {
        let (now, resident) = (self.world.now, self.world.residents[0]);
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        let asked = Query::Notes {
            resident,
            limit: 10,
            before: None,
            search: String::new(),
        };
        engine.query(&asked, now).map(drop)
    }

    fn state(&mut self, device: usize) -> TabletState {
        self.world.tablet(device).unwrap().state
    }

    fn not_accepted(&mut self, device: usize) -> NotAcceptedView {
        let now = self.world.now;
        let engine = self.world.devices[device].engine.as_mut().unwrap();
        match engine.query(&Query::NotAccepted, now) {
            Ok(View::NotAccepted(view)) => view,
            other => panic!("{other:?}"),
        }
    }

    /// How many people can sign in on a device.
    fn can_sign_in(&mut self, device: usize) -> usize {
        self.world.tablet(device).unwrap().people.len()
    }
}

const READ_CHARTS: Refusal = Refusal::NotAllowed {
    act: Act::ReadCharts,
};

#[test]
fn who_may_read_no_more_is_locked_out_and_their_wrap_opens_nothing() {
    let mut scene = Scene::new(71);
    let home = Template::home();
    assert!(scene.world.sign_in(1, JONAS));
    assert_eq!(scene.notes_or(1), Ok(()));
    // What is left is for breaking the glass, which this version cannot do.
    scene
        .hostile
        .is_granted(&mut scene.world, home, Right::Emergency, None);
    scene.world.pass(2_000);
    assert_eq!(scene.state(1), TabletState::Locked);
    assert!(scene.world.sign_in(1, JONAS));
    assert_eq!(scene.notes_or(1), Err(READ_CHARTS));
    // Also after the engine began anew, and for nobody else.
    scene.restart_everybody();
    assert!(scene.world.sign_in(1, JONAS));
    assert_eq!(scene.notes_or(1), Err(READ_CHARTS));
    assert!(scene.world.sign_in(2, 0));
    assert_eq!(scene.notes_or(2), Ok(()));
    // Whoever is granted it again reads at once.
    scene
        .hostile
        .is_granted(&mut scene.world, home, Right::Read, None);
    scene.world.pass(2_000);
    assert!(scene.world.sign_in(1, 0));
    assert!(scene.world.sign_in(1, JONAS));
    assert_eq!(scene.notes_or(1), Ok(()));
}

#[test]
fn a_grant_that_is_over_opens_nothing() {
    let mut scene = Scene::new(72);
    let home = Template::home();
    let until = Some(scene.world.now.plus(60_000));
    scene
        .hostile
        .is_granted(&mut scene.world, home, Right::Read, until);
    scene.world.pass(2_000);
    assert!(scene.world.sign_in(1, JONAS));
    assert_eq!(scene.notes_or(1), Ok(()));
    scene.world.pass(70_000);
    // The relay says the time before the next row.
    let note = Command::WriteNote {
        resident: scene.world.residents[0],
        text: "after the end".into(),
        replaces: None,
        at: None,
        sign: false,
    };
    scene.world.saved(2, note);
    scene.world.pass(5_000);
    assert_eq!(scene.state(1), TabletState::Locked);
    assert!(scene.world.sign_in(1, JONAS));
    assert_eq!(scene.notes_or(1), Err(READ_CHARTS));
}

#[test]
fn who_may_not_sign_in_on_a_tablet_does_not() {
    let mut scene = Scene::new(73);
    let home = Template::home();
    assert!(scene.world.sign_in(1, JONAS));
    let before = scene.can_sign_in(1);
    let (tablet, administrator) = (home.device(1), home.people()[0].id);
    scene
        .hostile
        .lets_sign_in(&mut scene.world, home, tablet, vec![administrator]);
    scene.world.pass(2_000);
    assert_eq!(scene.state(1), TabletState::Locked);
    assert!(!scene.world.sign_in(1, JONAS));
    assert!(before > 1 && scene.can_sign_in(1) == 1);
    assert!(scene.world.sign_in(1, 0));
    assert!(scene.world.sign_in(2, JONAS));
    assert_eq!(scene.can_sign_in(2), before);
}

#[test]
fn a_tablet_follows_a_rotation_of_the_keyslots_key() {
    let mut scene = Scene::new(74);
    let home = Template::home();
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Devices, 74);
    scene.hostile.rotates(&mut scene.world, home);
    scene.world.pass(5_000);
    // The slot of somebody who is added now is sealed under the new key, and opens everywhere.
    let (_, issued) = scene
        .world
        .add_person(0, "Vera", "Dolan", Role::RegisteredNurse);
    let in_step = |world: &mut World| (0..HONEST).all(|device| world.is_in_step(device));
    assert!(scene.world.until(20_000, 100, in_step));
    scene.restart_everybody();
    for device in 0..HONEST {
        let command = Command::SignIn {
            badge: issued.text.clone(),
            pin: issued.pin.clone(),
        };
        let outcome = scene.world.command(device, command);
        assert_eq!(outcome, Outcome::Done(Done::Ok), "device {device}");
    }
    // A newcomer is given the new key and reads it, too.
    assert!(scene.world.sign_in(0, 0));
    let links = scene.world.invite(0, 1).unwrap();
    let newcomer = scene.world.add_blank();
    assert!(scene.world.enrol(newcomer, &links[0]));
    scene.world.pass(5_000);
    assert_eq!(scene.can_sign_in(newcomer), scene.can_sign_in(0));
}

#[test]
fn a_removed_tablet_hands_in_what_it_had_although_it_never_heard_of_its_removal() {
    let mut scene = Scene::new(75);
    let home = Template::home();
    assert!(scene.world.sign_in(1, JONAS));
    scene.world.set_reach(1, Reach::Nothing);
    scene.world.pass(1_000);
    let before = stored(&scene.world.relay.database()).len();
    let note = Command::WriteNote {
        resident: scene.world.residents[0],
        text: "written before it was removed".into(),
        replaces: None,
        at: None,
        sign: false,
    };
    scene.world.saved(1, note);
    scene
        .hostile
        .removes(&mut scene.world, home, home.device(1));
    scene.world.pass(5_000);
    assert_eq!(stored(&scene.world.relay.database()).len(), before);
    scene.world.set_reach(1, Reach::Relay);
    let came = scene.world.until(60_000, 100, |world| {
        stored(&world.relay.database()).len() == before + 1
    });
    assert!(came);
    scene.world.pass(2_000);
    assert_eq!(scene.world.tablet(1).unwrap().link, Link::Removed);
    assert!(!scene.world.is_connected(1));
    // It is there to be adopted, and shown to nobody until then.
    for device in [0, 2] {
        let notes = scene.notes(device);
        assert!(!notes.iter().any(|text| text.contains("was removed")));
    }
}

#[test]
fn that_the_sheet_was_replaced_is_said_on_every_tablet_whatever_comes_after() {
    let mut scene = Scene::new(78);
    let home = Template::home();
    scene.hostile.replaces_the_sheet(&mut scene.world, home);
    for _ in 0..12 {
        scene
            .hostile
            .is_granted(&mut scene.world, home, Right::Write, None);
    }
    scene.world.pass(5_000);
    for _ in 0..2 {
        for device in 0..HONEST {
            let members = scene.world.tablet(device).unwrap().members;
            let grave: Vec<_> = members.iter().filter(|row| row.what.is_grave()).collect();
            assert_eq!(grave.len(), 1, "device {device}: {members:?}");
            assert_eq!(grave[0].what, MemberChange::NewSheet);
            assert!(grave[0].by.is_some() && grave[0].of.is_none());
            let newest = &members[0];
            assert_eq!(newest.what, MemberChange::Granted);
            assert!(newest.of.is_some(), "{newest:?}");
        }
        scene.restart_everybody();
    }
}

#[test]
fn that_somebody_may_change_the_roster_is_said_by_name_and_stands_out_on_every_tablet() {
    let mut scene = Scene::new(79);
    let home = Template::home();
    let roster = wire::roster::acts::ROSTER;
    scene
        .hostile
        .is_granted_acts(&mut scene.world, home, roster);
    for _ in 0..12 {
        scene
            .hostile
            .is_granted(&mut scene.world, home, Right::Write, None);
    }
    scene.world.pass(5_000);
    for _ in 0..2 {
        for device in 0..HONEST {
            let members = scene.world.tablet(device).unwrap().members;
            let grave: Vec<_> = members.iter().filter(|row| row.grave).collect();
            assert_eq!(grave.len(), 1, "device {device}: {members:?}");
            assert_eq!(grave[0].what, MemberChange::Administers);
            assert!(grave[0].by.is_some() && grave[0].of.is_some());
            let grants = members.iter();
            let grants = grants.filter(|row| row.what == MemberChange::Granted);
            assert_eq!(grants.count(), 1, "{members:?}");
        }
        scene.restart_everybody();
    }
}

#[test]
fn nobody_says_what_the_house_is_but_an_administrator() {
    let mut scene = Scene::new(76);
    scene.hostile = Hostile::in_stream(Template::home(), 3, JONAS, Stream::Directory, 76);
    let now: StatedInstant = stated(scene.world.now);
    let id = SpaceId(CommandId::from_bytes([5; 16]));
    let name = "Impostor".to_owned();
    let (subject, unit) = (Subject::Space(id), Fact::Unit(Unit { id, name }));
    let house = unit.home(subject, now, None).unwrap();
    scene.say(house, subject, unit, &[]);
    let mut settings = settings();
    settings.name = "Impostor".into();
    scene.say(house, Subject::Facility, Fact::Settings(settings), &[]);
    for device in 0..HONEST {
        let shown = everything_shown(
            scene.world.devices[device].engine.as_mut().unwrap(),
            scene.world.now,
        );
        let shown = serde_json::to_string(&shown).unwrap();
        assert!(!shown.contains("Impostor"), "device {device}");
    }
    scene.all_agree();
    // Nor do the member's tablet and its commands.
    assert!(scene.world.sign_in(1, JONAS));
    let command = Command::AddUnit {
        name: "North".into(),
    };
    assert!(matches!(
        scene.world.command(1, command.clone()),
        Outcome::Refused(Refusal::NotAllowed { .. })
    ));
    assert!(scene.world.sign_in(1, 0));
    scene.world.saved(1, command);
}

#[test]
fn who_has_not_the_act_orders_and_registers_nothing() {
    let mut scene = Scene::new(77);
    // As a role to come would be granted: to write, and no act.
    scene
        .hostile
        .is_granted(&mut scene.world, Template::home(), Right::Write, None);
    scene.world.pass(2_000);
    let (chart, subject) = (scene.chart(), scene.resident());
    let status = Fact::CodeStatus(CodeStatus {
        choice: CodeStatusChoice::Limited,
        comment: Some("no orders of mine".into()),
        stated_by: None,
    });
    scene.say(chart, subject, status, &[]);
    let problem = Fact::Problem(Problem {
        text: "no diagnosis of mine".into(),
        coding: None,
        onset: None,
        ended: None,
    });
    scene.say(chart, subject, problem, &[]);
    // Of an allergy anybody may tell who may write.
    let allergy = Fact::Allergy(Allergy::To(AllergyTo {
        substance: "Buckwheat".into(),
        reaction: None,
        severity: None,
        source: None,
    }));
    scene.say(chart, subject, allergy, &[]);
    for device in 0..HONEST {
        let shown = everything_shown(
            scene.world.devices[device].engine.as_mut().unwrap(),
            scene.world.now,
        );
        let shown = serde_json::to_string(&shown).unwrap();
        assert!(!shown.contains("of mine"), "device {device}");
        assert!(shown.contains("Buckwheat"), "device {device}");
    }
    scene.all_agree();
    // Nor does their own tablet let them.
    assert!(scene.world.sign_in(1, JONAS));
    let now = scene.world.clock(1);
    let engine = scene.world.devices[1].engine.as_mut().unwrap();
    let Ok(View::Session(session)) = engine.query(&Query::Session, now) else {
        panic!("nobody is signed in");
    };
    let offered = [session.may_chart, session.may_order, session.may_register];
    // What they may in the directory, where moves lie, is granted as before.
    assert_eq!(offered, [true, false, true]);
    let resident = scene.world.residents[0];
    let status = CodeStatus {
        choice: CodeStatusChoice::Limited,
        comment: Some("no orders of mine".into()),
        stated_by: Some("nobody".into()),
    };
    let replaces = Vec::new();
    let command = Command::RecordCodeStatus {
        resident,
        status,
        replaces,
        at: None,
    };
    assert!(matches!(
        scene.world.command(1, command),
        Outcome::Refused(Refusal::NotAllowed { .. })
    ));
}

#[test]
fn what_was_not_accepted_of_somebody_who_left_is_dealt_with_by_whoever_may_resolve() {
    let mut scene = Scene::new(79);
    assert!(scene.world.sign_in(1, JONAS));
    scene.world.lie_to(1, Lie::Refusals);
    let resident = scene.world.residents[0];
    let note = Command::WriteNote {
        resident,
        text: "refused".into(),
        replaces: None,
        at: None,
        sign: false,
    };
    scene.world.saved(1, note);
    scene.world.pass(2_000);
    scene.world.stop_lying();
    assert_eq!(scene.world.tablet(1).unwrap().not_accepted, 1);
    assert!(scene.world.sign_in(1, 0));
    let before = scene.not_accepted(1);
    assert_eq!(
        (before.rows.len(), before.rows[0].may_deal_with),
        (1, false)
    );
    let envelope = before.rows[0].envelope;
    let deal_with = Command::DealWith { envelope };
    let outcome = scene.world.command(1, deal_with.clone());
    let anothers = Refusal::NotAllowed { act: Act::DealWith };
    assert_eq!(outcome, Outcome::Refused(anothers));
    let home = Template::home();
    scene
        .hostile
        .is_granted(&mut scene.world, home, Right::Withdrawn, None);
    scene.world.pass(2_000);
    assert!(scene.not_accepted(1).rows[0].may_deal_with);
    let outcome = scene.world.command(1, deal_with);
    assert!(matches!(outcome, Outcome::Done(_)), "{outcome:?}");
    assert_eq!(scene.world.tablet(1).unwrap().not_accepted, 0);
    assert!(scene.not_accepted(1).rows.is_empty());
}
