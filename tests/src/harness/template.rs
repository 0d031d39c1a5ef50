//! A home that was founded and furnished once, to begin from again and again.

use super::dice::Dice;
use super::ledger::Ledger;
use super::relay::RelayHost;
use super::world::World;
use domain::directory::Role;
use domain::entry::ResidentId;
use ids::{DeviceId, LogId, PersonId, SigningPublic, UnixMillis};
use replica::Identity;
use replica::disk::MemoryDisk;
use replica::log::LogChange;
use std::sync::OnceLock;

/// When the home was founded: 2026-11-21, five in the morning in Chicago.
const FOUNDED: UnixMillis = UnixMillis(1_795_258_800_000);
/// When every world made from the template begins: three hours later.
const BEGINS: UnixMillis = UnixMillis(1_795_269_600_000);
/// Tablets that are enrolled.
const TABLETS: u32 = 4;
const RELAY_KEY: [u8; 32] = [77; 32];
const RELAY_LOG: LogId = LogId::from_bytes([88; 16]);

/// Somebody of the staff.
#[derive(Clone, Debug)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Id in the roster.
    pub id: PersonId,
    /// Seed of their identity.
    pub seed: [u8; 32],
}

/// The home "Maple House": an office and four tablets, an administrator, two nurses, two
/// residents. Founded through commands like any other.
pub struct Template {
    devices: Vec<(Vec<LogChange>, [u8; 32], Option<DeviceId>)>,
    relay: Vec<u8>,
    people: Vec<Person>,
    residents: Vec<ResidentId>,
    ledger: Ledger,
    seeds: Vec<[u8; 32]>,
}

impl Template {
    /// The one of this process.
    pub fn home() -> &'static Self {
        static HOME: OnceLock<Template> = OnceLock::new();
        HOME.get_or_init(Self::found)
    }

    fn found() -> Self {
        let mut dice = Dice::new(0x4d61_706c_6548);
        let relay = RelayHost::new(RELAY_KEY, RELAY_LOG, None, dice.fork());
        let mut world = World::new(FOUNDED, relay, dice);
        let office = world.add_blank();
        world.devices[office].disk.plan().borrow_mut().history = Some(Vec::new());
        world.found(office, [66; 16]);
        world.add_person(office, "Mary", "Okafor", Role::RegisteredNurse);
        world.add_person(office, "Jonas", "Lindqvist", Role::RegisteredNurse);
        let links = world.invite(office, TABLETS).expect("links");
        for link in &links {
            let tablet = world.add_blank();
            world.devices[tablet].disk.plan().borrow_mut().history = Some(Vec::new());
            assert!(world.enrol(tablet, link), "a tablet did not enrol");
        }
        world.know_everybody(office);
        assert_eq!(world.people.len(), 3, "{:?}", world.people);
        assert!(world.sign_in(office, 0), "the founder signs in");
        world.admit(office, 1, "Annmarie", "Doyle");
        world.admit(office, 2, "Rosa", "Alvarez");
        for device in 0..world.devices.len() {
            let in_step = world.until(60_000, 100, |world| world.is_in_step(device));
            assert!(in_step, "device {device}: {:?}", world.tablet(device));
        }
        Self::of(world)
    }

    fn of(mut world: World) -> Self {
        world.pass(10_000);
        for device in 0..world.devices.len() {
            world.stop(device);
        }
        world.pass(1_000);
        let devices = world
            .devices
            .iter()
            .map(|device| {
                let history = device.disk.plan().borrow_mut().history.take();
                (history.expect("it was kept"), device.platform, device.id)
            })
            .collect();
        Self {
            devices,
            relay: world.relay.into_database(),
            people: world.people,
            residents: world.residents,
            ledger: world.ledger,
            seeds: world.seeds.seen(),
        }
    }

    /// Everything a device has committed.
    pub fn history(&self, device: usize) -> &[LogChange] {
        &self.devices[device].0
    }

    /// The id of a device.
    pub fn device(&self, device: usize) -> DeviceId {
        self.devices[device].2.expect("it is enrolled")
    }

    /// The staff.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// The identity with this signing key, whosever it is: all were thrown here.
    pub fn identity_of(&self, key: &SigningPublic) -> Identity {
        let identities = self.seeds.iter().map(Identity::from_seed);
        identities
            .into_iter()
            .find(|identity| identity.signing_public() == *key)
            .expect("it was thrown here")
    }

    /// A world that begins here with the office and so many tablets running, everybody locked.
    /// Disks remember their history.
    pub fn world(&self, tablets: usize, seed: u64) -> World {
        let mut dice = Dice::new(seed);
        let relay = RelayHost::new(RELAY_KEY, RELAY_LOG, Some(&self.relay), dice.fork());
        let mut world = World::new(BEGINS, relay, dice);
        world.people.clone_from(&self.people);
        world.residents.clone_from(&self.residents);
        world.ledger.clone_from(&self.ledger);
        for (changes, platform, id) in self.devices.iter().take(tablets + 1) {
            let disk = MemoryDisk::of(changes).expect("a disk in memory");
            disk.plan().borrow_mut().history = Some(changes.clone());
            let device = world.add_device(disk, *platform);
            world.devices[device].id = *id;
        }
        world
    }
}
