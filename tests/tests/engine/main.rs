//! What an engine must do in company, each found by the simulator or while it was built.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss
)] // The strict lints guard the product; a test may unwrap, index and cast.

mod bounds;
mod drafts;
mod leaving;
mod looked_at;
mod nobody;
mod set_aside;
mod sittings;
mod struck;
mod told;
mod troubled;
mod turns;

use domain::directory::Role;
use ids::StatedInstant;
use interface::{Command, Query, Settled, View};
use lamplight_tests::harness::{
    Forgery, Hostile, Outcome, Reach, Template, World, digest, everything_shown,
};

/// The office and so many tablets, everybody in step and the administrator signed in.
fn in_step(tablets: usize, seed: u64) -> World {
    let mut world = Template::home().world(tablets, seed);
    for device in 0..=tablets {
        assert!(world.until(10_000, 50, |world| world.is_in_step(device)));
        assert!(world.sign_in(device, 0));
    }
    world
}

fn note(resident: domain::ResidentId, text: &str) -> Command {
    Command::WriteNote {
        resident,
        text: text.into(),
        replaces: None,
        at: None,
        sign: false,
    }
}

fn resident_of(n: u64) -> domain::ResidentId {
    let mut id = [0xaa; 16];
    id[..8].copy_from_slice(&n.to_be_bytes());
    domain::ResidentId(ids::CommandId::from_bytes(id))
}

fn admit(id: domain::ResidentId) -> Command {
    Command::AddResident(interface::NewResident {
        given: "Somebody".into(),
        family: format!("Number {id}"),
        preferred: None,
        born: None,
        sex: domain::chart::Sex::Unknown,
        bed: None,
        id: Some(id),
    })
}

fn notes(world: &mut World, device: usize, resident: domain::ResidentId) -> Vec<String> {
    let now = world.clock(device);
    let engine = world.devices[device].engine.as_mut().unwrap();
    let asked = Query::Notes {
        resident,
        limit: 1_000,
        before: None,
        search: String::new(),
    };
    match engine.query(&asked, now) {
        Ok(View::Notes(view)) => view.notes.into_iter().map(|note| note.text).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_connection_on_which_nothing_is_said_stands_for_an_hour() {
    let mut world = in_step(1, 1);
    world.pass(5_000);
    let before = world.tablet(1).unwrap();
    world.pass(3_600_000);
    let after = world.tablet(1).unwrap();
    assert_eq!(
        (after.link, after.link_since),
        (before.link, before.link_since)
    );
}

#[test]
fn a_tablet_without_network_sleeps_between_two_tries() {
    let mut world = in_step(1, 2);
    let resident = world.residents[0];
    world.set_reach(1, Reach::Nothing);
    world.pass(60_000);
    world.saved(1, note(resident, "offline"));
    let before = world.devices[1].wakes;
    world.pass(3_600_000);
    let wakes = world.devices[1].wakes - before;
    assert!(wakes < 1_200, "{wakes} wakes in an hour");
}

#[test]
fn a_clock_set_back_by_half_a_day_leaves_nobody_waiting_for_it() {
    let mut world = in_step(2, 31);
    let resident = resident_of(1);
    assert!(matches!(
        world.command(1, admit(resident)),
        Outcome::Done(_)
    ));
    world.pass(5_000);
    // One while it is cut off and waits for its next try, one while its connection stands.
    world.set_reach(1, Reach::Nothing);
    world.reset(1);
    world.pass(30_000);
    for device in [1, 2] {
        world.devices[device].skew_ms -= 12 * 3_600_000;
    }
    world.pass(1_000);
    world.set_reach(1, Reach::Relay);
    let written = world.command(1, note(resident, "the battery was flat"));
    assert!(matches!(written, Outcome::Done(_)), "{written:?}");
    // A connection that dies without a word is noticed, too.
    world.silence(2);
    assert!(world.until(180_000, 100, |world| {
        notes(world, 2, resident).len() == 1
    }));
}

#[test]
fn a_tablet_that_listens_does_not_answer_each_envelope() {
    let mut world = in_step(2, 29);
    let resident = resident_of(1);
    assert!(matches!(
        world.command(1, admit(resident)),
        Outcome::Done(_)
    ));
    world.pass(5_000);
    let (before, since) = (world.devices[2].sent, world.now);
    for n in 0..50 {
        let written = world.command(1, note(resident, &format!("{n} of many")));
        assert!(matches!(written, Outcome::Done(_)));
        world.pass(100);
    }
    world.pass(5_000);
    assert_eq!(notes(&mut world, 2, resident).len(), 50);
    // A mark of what it has, now and then, and a ping.
    let seconds = u64::try_from(world.now.since(since) / 1_000).unwrap();
    let sent = world.devices[2].sent - before;
    assert!(sent <= seconds + 1, "{sent} frames in {seconds} s");
}

#[test]
fn more_than_the_window_arrives_though_credit_comes_back_in_portions() {
    let mut world = in_step(2, 30);
    let resident = resident_of(1);
    assert!(matches!(
        world.command(1, admit(resident)),
        Outcome::Done(_)
    ));
    world.set_reach(2, Reach::Nothing);
    // Nothing that deflates: three windows of it.
    let mut dice = 1_u64;
    let mut words = || {
        std::iter::repeat_with(|| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            char::from(b'!' + (dice >> 33) as u8 % 90)
        })
        .take(7_500)
        .collect::<String>()
    };
    let many = 3 * ids::limits::CREDIT_BYTES / 6_000;
    for _ in 0..many {
        let written = world.command(1, note(resident, &words()));
        assert!(matches!(written, Outcome::Done(_)), "{written:?}");
        world.pass(50);
    }
    world.set_reach(2, Reach::Relay);
    assert!(world.until(60_000, 100, |world| {
        notes(world, 2, resident).len() as u64 == many
    }));
}

#[test]
fn what_is_written_while_a_long_record_is_still_arriving_on_screen_is_kept() {
    let mut world = in_step(1, 3);
    let resident = world.residents[0];
    world.command(1, Command::Lock);
    world.devices[1].person = None;
    // More documents than an engine keeps open, and more envelopes than it shows at once.
    let residents: Vec<_> = (0..150).map(resident_of).collect();
    for round in 0..9 {
        let stated = StatedInstant {
            at: world.now,
            offset_minutes: -360,
        };
        let one = |id: &domain::ResidentId| match round {
            0 => admit(*id),
            _ => note(*id, "one of many"),
        };
        let commands = residents.iter().map(|id| (stated, one(id))).collect();
        world.saved(0, Command::Bulk { commands });
        world.pass(5_000);
    }
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert!(world.sign_in(1, 0));
    let texts: Vec<String> = (0..6).map(|n| format!("written meanwhile {n}")).collect();
    for text in &texts {
        world.saved(1, note(resident, text));
        // One batch at a time.
        world.drive(1, replica::Event::Tick);
    }
    world.pass(60_000);
    for device in [0, 1] {
        let shown = notes(&mut world, device, resident);
        for text in &texts {
            assert!(
                shown.contains(text),
                "device {device} lacks {text}: {shown:?}"
            );
        }
    }
    let now = world.now;
    let mut shown =
        |device: usize| everything_shown(world.devices[device].engine.as_mut().unwrap(), now);
    assert!(shown(0) == shown(1));
}

#[test]
fn somebody_is_added_once_although_the_answer_was_lost() {
    let mut world = in_step(1, 4);
    let outcome = world.command(
        0,
        Command::AddPerson {
            given: "Ines".into(),
            family: "Duarte".into(),
            role: Role::RegisteredNurse,
            credential: None,
        },
    );
    // The append is on its way; nothing comes back.
    world.silence(0);
    world.pass(90_000);
    let Some(Settled::PersonAdded { badge, pin, .. }) = world.settled(0, &outcome) else {
        panic!("{outcome:?}");
    };
    assert!(world.until(60_000, 100, |world| world.is_in_step(0)
        && world.is_in_step(1)));
    world.pass(2_000);
    let names: Vec<String> = world
        .tablet(1)
        .unwrap()
        .people
        .into_iter()
        .map(|tile| tile.name)
        .collect();
    assert_eq!(
        names.iter().filter(|name| *name == "I. Duarte").count(),
        1,
        "{names:?}"
    );
    let signed_in = world.command(1, Command::SignIn { badge, pin });
    assert!(matches!(signed_in, Outcome::Done(_)), "{signed_in:?}");
}

#[test]
fn a_relay_without_room_says_so_and_an_invitation_can_be_tried_again() {
    let mut world = in_step(1, 5);
    let named = |world: &mut World| (0..2).all(|device| world.is_in_step(device));
    assert!(world.until(10_000, 50, named));
    world.relay.fill_disk(1);
    assert_eq!(world.invite(0, 1), None);
    assert_eq!(world.relay.times_full(), 1);
    let links = world.invite(0, 1).expect("there is room again");
    let tablet = world.add_blank();
    world.relay.fill_disk(1);
    assert!(
        world.enrol(tablet, &links[0]),
        "its first acceptance found no room: {:?}",
        world.tablet(tablet)
    );
}

#[test]
fn a_disk_that_stays_full_is_not_tried_without_an_end() {
    let mut world = in_step(2, 6);
    let resident = world.residents[0];
    world.saved(2, note(resident, "arrives on a full disk"));
    let plan = world.devices[1].disk.plan();
    for _ in 0..600 {
        plan.borrow_mut().next = Some((0, replica::disk::Fault::Full));
        world.pass(100);
    }
    let fired = plan.borrow().fired.len();
    assert!(fired < 100, "{fired} failed writes in a minute");
    plan.borrow_mut().next = None;
    world.pass(60_000);
    assert!(notes(&mut world, 1, resident).contains(&"arrives on a full disk".to_owned()));
    assert_eq!(world.tablet(1).unwrap().storage_problem, None);
}

/// The newest envelope that a tablet made itself.
fn newest_own(world: &World, tablet: usize) -> wire::Envelope {
    let plan = world.devices[tablet].disk.plan();
    let plan = plan.borrow();
    let changes = plan.history.as_ref().unwrap().iter().rev();
    let mut own = changes.flat_map(|change| change.envelopes.iter().rev());
    let newest = own.find(|new| new.outbox.is_some()).unwrap();
    newest.envelope.clone()
}

/// A device with a hostile program pushes an envelope into the run and document of `last`.
fn push_into_run(
    world: &mut World,
    device: usize,
    last: &wire::Envelope,
    (run_seq, prev): (u64, ids::EnvelopeId),
) {
    let mut hostile = Hostile::new(Template::home(), device, 2, 5);
    let document = last.header().document;
    let forgery = Forgery {
        header: Box::new(move |header| {
            header.document = document;
            header.prev = prev;
        }),
        chunks: Vec::new(),
        sealed: None,
    };
    let journal = domain::Document::from_canonical("journal", &[0; 16], "2026-11").unwrap();
    let run = last.header().run;
    let envelope = hostile.seal_plain(&journal, run, run_seq, &forgery, b"nothing");
    let answers = hostile.push(world, &[envelope]);
    assert!(
        matches!(
            answers.as_slice(),
            [wire::message::PushResult::Stored { .. }]
        ),
        "{answers:?}"
    );
}

/// Somebody who stole the tablet's keys takes the next place of its run, so that the relay refuses
/// what the tablet writes there for good.
fn take_the_next_place(world: &mut World, tablet: usize) {
    let last = newest_own(world, tablet);
    let next = (last.header().run_seq + 1, last.id());
    push_into_run(world, tablet, &last, next);
}

#[test]
fn another_device_that_names_this_ones_run_does_not_get_in_its_way() {
    let mut world = in_step(2, 33);
    let resident = world.residents[0];
    world.saved(1, note(resident, "the first"));
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    let last = newest_own(&world, 1);
    push_into_run(&mut world, 3, &last, (0, ids::EnvelopeId::ZERO));
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    world.saved(1, note(resident, "the second"));
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.saved(1, note(resident, "the third"));
    for device in [1, 2] {
        assert!(world.until(60_000, 100, |world| world.is_in_step(device)));
        world.pass(2_000);
        assert_eq!(notes(&mut world, device, resident).len(), 3);
        assert_eq!(world.tablet(device).unwrap().not_accepted, 0);
    }
}

#[test]
fn what_the_relay_refuses_for_good_is_shown_no_more_and_can_be_entered_again() {
    let mut world = in_step(2, 31);
    let resident = world.residents[0];
    world.saved(1, note(resident, "the first"));
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    world.set_reach(1, Reach::Nothing);
    take_the_next_place(&mut world, 1);
    world.saved(1, note(resident, "refused"));
    world.saved(1, note(resident, "built on it"));
    assert_eq!(notes(&mut world, 1, resident).len(), 3);
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert_eq!(world.tablet(1).unwrap().not_accepted, 2);
    assert_eq!(notes(&mut world, 1, resident), ["the first"]);
    // The author may enter it again, before a restart and after.
    world.saved(1, note(resident, "entered again"));
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    world.stop(1);
    world.start(1);
    world.saved(1, note(resident, "and after a restart"));
    for device in 0..3 {
        assert!(world.until(60_000, 100, |world| world.is_in_step(device)));
    }
    world.pass(2_000);
    let now = world.now;
    let mut shown = |device: usize| {
        let engine = world.devices[device].engine.as_mut().unwrap();
        (digest(engine, now), everything_shown(engine, now))
    };
    let here = shown(1);
    assert_eq!(here, shown(2));
    assert_eq!(notes(&mut world, 1, resident).len(), 3);
}

#[test]
fn a_refusal_that_comes_while_nobody_is_signed_in_is_heeded_at_the_next_sign_in() {
    let mut world = in_step(2, 32);
    let resident = world.residents[0];
    world.saved(1, note(resident, "the first"));
    assert!(world.until(10_000, 50, |world| world.is_in_step(1)));
    world.set_reach(1, Reach::Nothing);
    take_the_next_place(&mut world, 1);
    world.saved(1, note(resident, "refused"));
    world.command(1, Command::Lock);
    world.devices[1].person = None;
    world.set_reach(1, Reach::Relay);
    assert!(world.until(60_000, 100, |world| world.is_in_step(1)));
    assert_eq!(world.tablet(1).unwrap().not_accepted, 1);
    assert!(world.sign_in(1, 0));
    world.pass(1_000);
    assert_eq!(notes(&mut world, 1, resident), ["the first"]);
}
