//! Keyslots that are made to keep others out.

use crate::scene::{HONEST, JONAS, Scene};
use domain::Stream;
use domain::directory::Role;
use ids::PersonId;
use interface::{Command, Done, Query, Refusal, View};
use lamplight_tests::harness::{Badge as Issued, Dice, Hostile, Outcome, Template, history};
use vault::{Badge, Identity, Pin};
use wire::message::PushResult;

impl Scene {
    /// Publishes a keyslot of the member's person, as any of its devices could.
    fn publish(&mut self, body: &[u8]) {
        let journal = self.journal;
        let envelope = self.hostile.seal_slot(&journal, body);
        let answers = self.hostile.push(&mut self.world, &[envelope]);
        assert!(
            matches!(answers.as_slice(), [PushResult::Stored { .. }]),
            "{answers:?}"
        );
        self.world.pass(2_000);
    }

    fn opens(&mut self, device: usize, issued: &Issued) -> Outcome {
        let command = Command::SignIn {
            badge: issued.text.clone(),
            pin: issued.pin.clone(),
        };
        self.world.command(device, command)
    }
}

/// A slot with the lookup that the attacker has read in another's.
fn with_lookup(body: &[u8], own: [u8; 8], copied: [u8; 8]) -> Vec<u8> {
    let at = body.windows(8).position(|bytes| bytes == own).unwrap();
    let mut body = body.to_vec();
    body[at..at + 8].copy_from_slice(&copied);
    body
}

#[test]
fn a_slot_that_carries_anothers_lookup_locks_nobody_out() {
    let mut scene = Scene::new(41);
    let home = Template::home();
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Devices, 41);
    let attacker: PersonId = scene.hostile.person_id;
    // Somebody whose id comes after the attacker's: slots are looked through in that order.
    let (victim, issued) = loop {
        let world = &mut scene.world;
        let (person, issued) = world.add_person(0, "Vera", "Dolan", Role::RegisteredNurse);
        if person > attacker {
            break (person, issued);
        }
    };
    assert!(scene.world.until(20_000, 100, |world| world.is_in_step(1)));
    let mut dice = Dice::new(41);
    let own = vault::make_badge(&mut dice).unwrap();
    let pin = Pin::parse("314159").unwrap();
    let identity = Identity::from_seed(&home.people()[JONAS].seed);
    let body =
        vault::make_badge_slot(&mut dice, &own, &pin, &attacker, &identity, "J. L.", 0).unwrap();
    let theirs = Badge::parse(issued.text.expose()).unwrap().lookup(&victim);
    scene.publish(&with_lookup(&body, own.lookup(&attacker), theirs));
    for device in [0, 1] {
        let outcome = scene.opens(device, &issued);
        assert_eq!(outcome, Outcome::Done(Done::Ok), "device {device}");
    }
}

#[test]
fn a_slot_with_parameters_out_of_bounds_is_said_to_be_unusable_and_not_the_pin_to_be_wrong() {
    let mut scene = Scene::new(44);
    let home = Template::home();
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Devices, 44);
    let person: PersonId = scene.hostile.person_id;
    let mut dice = Dice::new(44);
    let badge = vault::make_badge(&mut dice).unwrap();
    let pin = Pin::parse("314159").unwrap();
    let identity = Identity::from_seed(&home.people()[JONAS].seed);
    let body = vault::make_badge_slot(&mut dice, &badge, &pin, &person, &identity, "J. L.", 0);
    // 64 MiB of memory become 8 KiB, which would make guessing cheap.
    let (memory, cheap) = ([0x1a, 0, 1, 0, 0], [0x1a, 0, 0, 0, 8]);
    let mut body = body.unwrap();
    let at = body.windows(5).position(|bytes| bytes == memory).unwrap();
    body[at..at + 5].copy_from_slice(&cheap);
    scene.publish(&body);
    for device in [0, 1] {
        let command = Command::SignIn {
            badge: badge.text().to_string().into(),
            pin: "314159".into(),
        };
        let outcome = scene.world.command(device, command);
        assert_eq!(outcome, Outcome::Refused(Refusal::BadgeUnusable));
    }
}

#[test]
fn a_slot_under_keys_that_were_replaced_takes_no_slots_place() {
    let mut scene = Scene::new(42);
    let home = Template::home();
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Devices, 42);
    let thief: PersonId = scene.hostile.person_id;
    let mut dice = Dice::new(42);
    let pin = Pin::parse("314159").unwrap();
    let identity = Identity::from_seed(&home.people()[JONAS].seed);
    let mut slot = || {
        let badge = vault::make_badge(&mut dice).unwrap();
        let body =
            vault::make_badge_slot(&mut dice, &badge, &pin, &thief, &identity, "J. L.", 0).unwrap();
        (badge.text().to_string(), body)
    };
    let (good, body) = slot();
    scene.publish(&body);
    let owner = |scene: &Scene, device: usize, badge: &str| {
        let engine = scene.world.devices[device].engine.as_ref().unwrap();
        engine.badge_owner(badge)
    };
    assert_eq!(owner(&scene, 1, &good), Some(thief));
    scene.hostile.is_rekeyed(&mut scene.world, home);
    scene.world.pass(2_000);
    // The old badge opens nothing any more, and neither does one made after it was replaced.
    let (stolen, body) = slot();
    scene.publish(&body);
    for device in [0, 1, 2] {
        assert_eq!(owner(&scene, device, &good), None);
        assert_eq!(owner(&scene, device, &stolen), None);
        let view = scene.world.tablet(device).unwrap();
        assert!(view.people.iter().all(|tile| tile.person != thief));
    }
    scene.restart_everybody();
    assert_eq!(owner(&scene, 1, &stolen), None);
}

#[test]
fn a_name_and_role_that_somebody_gave_themself_are_shown_nowhere_once_the_directory_is_open() {
    let mut scene = Scene::new(43);
    let home = Template::home();
    let run = scene.hostile.run();
    let note = scene.honest(&run, "by somebody");
    scene.send_in(run, 0, &note);
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Devices, 43);
    let person: PersonId = scene.hostile.person_id;
    let mut dice = Dice::new(43);
    let badge = vault::make_badge(&mut dice).unwrap();
    let pin = Pin::parse("314159").unwrap();
    let identity = Identity::from_seed(&home.people()[JONAS].seed);
    let name = "M. Okafor";
    let body = vault::make_badge_slot(&mut dice, &badge, &pin, &person, &identity, name, 2);
    scene.publish(&body.unwrap());
    let now = scene.world.now;
    let resident = scene.world.residents[0];
    for device in [0, 1] {
        let tablet = scene.world.tablet(device).unwrap();
        let tile = tablet.people.into_iter().find(|tile| tile.person == person);
        let tile = tile.unwrap();
        let shown = (tile.name.as_str(), tile.role);
        assert_eq!(shown, ("J. Lindqvist", Some(Role::RegisteredNurse)));
        let engine = scene.world.devices[device].engine.as_mut().unwrap();
        let row = history(engine, resident, now)
            .into_iter()
            .find(|row| row.by.person == person)
            .unwrap();
        let entry = row.by.entry;
        let Ok(View::Proof(proof)) = engine.query(&Query::Proof { entry }, now) else {
            panic!()
        };
        assert!(proof.holds, "{proof:#?}");
        assert_eq!(proof.by.name, "J. Lindqvist");
        assert_eq!(proof.named.unwrap().by, home.people()[0].id);
    }
}

/// A head that says that the slot of this number is withdrawn, sealed over nothing.
fn withdrawn(lookup: [u8; 8], number: u8) -> Vec<u8> {
    let mut head = vec![0xa4, 0x00, 0x01, 0x01, 0x48];
    head.extend_from_slice(&lookup);
    head.extend_from_slice(&[0x07, number, 0x08, 0xf5]);
    if number == 0 {
        // Left out when it is zero.
        head.drain(13..15);
        head[0] = 0xa3;
    }
    let mut body = vec![0xa2, 0x00, 0x58, head.len() as u8];
    body.extend_from_slice(&head);
    body.extend_from_slice(&[0x01, 0x40]);
    body
}

#[test]
fn several_slots_of_one_person_are_one_tile_and_each_is_withdrawn_by_itself() {
    let mut scene = Scene::new(44);
    let home = Template::home();
    scene.hostile = Hostile::in_stream(home, 3, JONAS, Stream::Devices, 44);
    let person: PersonId = scene.hostile.person_id;
    let mut dice = Dice::new(44);
    let pin = Pin::parse("314159").unwrap();
    let identity = Identity::from_seed(&home.people()[JONAS].seed);
    let badge = vault::make_badge(&mut dice).unwrap();
    let mut slot = |badge: &Badge| {
        vault::make_badge_slot(&mut dice, badge, &pin, &person, &identity, "J. L.", 0).unwrap()
    };
    let (first, again) = (slot(&badge), slot(&badge));
    scene.publish(&first);
    let mut dice = Dice::new(45);
    let phrase = vault::Passphrase::parse("five words of no account").unwrap();
    let other = vault::make_passphrase_slot(&mut dice, &phrase, &identity, "J. L.", 0, 0).unwrap();
    scene.publish(&other);
    let lookup = badge.lookup(&person);
    scene.publish(&withdrawn(lookup, 1));
    let text = badge.text().to_string();
    let shown = |scene: &mut Scene, device: usize| {
        let people = scene.world.tablet(device).unwrap().people;
        let tiles = people.iter().filter(|tile| tile.person == person).count();
        let engine = scene.world.devices[device].engine.as_ref().unwrap();
        (tiles, engine.badge_owner(&text) == Some(person))
    };
    for device in 0..HONEST {
        assert_eq!(shown(&mut scene, device), (1, true), "device {device}");
    }
    let issued = Issued {
        text: text.clone().into(),
        pin: "314159".to_owned().into(),
    };
    assert_eq!(scene.opens(1, &issued), Outcome::Done(Done::Ok));
    // The one that opens is withdrawn; the other factors are no reason for a tile.
    scene.publish(&withdrawn(lookup, 0));
    for _ in 0..2 {
        for device in 0..HONEST {
            assert_eq!(shown(&mut scene, device), (0, false), "device {device}");
        }
        let opened = scene.opens(1, &issued);
        assert!(matches!(opened, Outcome::Refused(_)), "{opened:?}");
        scene.restart_everybody();
    }
    scene.publish(&again);
    assert_eq!(shown(&mut scene, 1), (1, true));
}
