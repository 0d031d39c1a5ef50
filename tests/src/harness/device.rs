//! One device: a disk that outlives its engine, a clock of its own, a network it may be without.

use ids::{DeviceId, PersonId, UnixMillis};
use interface::Notice;
use replica::Engine;
use replica::PlatformKey;
use replica::disk::{Disk, MemoryDisk};
use replica::log::LogStore;
use server::ConnId;

/// What a device reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The relay.
    Relay,
    /// Nothing.
    Nothing,
    /// A Wi-Fi that wants somebody to sign in.
    Portal,
}

/// One device of a [`crate::harness::World`].
pub struct Device {
    /// What it keeps over crashes.
    pub disk: MemoryDisk,
    /// The key its device vault is sealed under.
    pub platform: [u8; 32],
    /// What runs on it; none while it is crashed.
    pub engine: Option<Engine>,
    /// Its id in the roster, once enrolled.
    pub id: Option<DeviceId>,
    /// Who uses it, as an index into the world's people.
    pub person: Option<usize>,
    /// What it reaches.
    pub reach: Reach,
    /// Its clock minus the world's, in milliseconds.
    pub skew_ms: i64,
    /// What its engine told, newest last, until somebody takes it.
    pub notices: Vec<Notice>,
    /// The link it enrols with, until it has.
    pub link: Option<String>,
    pub(super) conn: Option<ConnId>,
    pub(super) connecting: Option<u64>,
    pub(super) wake: Option<u64>,
    /// The second in which it was woken last, and how often in it.
    pub(super) woken: (i64, u32),
    /// How often its engine was woken by the clock.
    pub wakes: u64,
    /// Frames it gave to its connection.
    pub sent: u64,
    /// Counts the engines that ran here.
    pub(super) life: u64,
}

/// What a device keeps, to be read beside its engine.
pub fn log_of(device: &Device) -> Box<dyn LogStore> {
    let key = PlatformKey::from_bytes(&device.platform).log_file_key();
    let mut disk = device.disk.clone();
    disk.open_log(&key).unwrap()
}

impl Device {
    pub(super) fn new(disk: MemoryDisk, platform: [u8; 32]) -> Self {
        Self {
            disk,
            platform,
            engine: None,
            id: None,
            person: None,
            reach: Reach::Relay,
            skew_ms: 0,
            notices: Vec::new(),
            link: None,
            conn: None,
            connecting: None,
            wake: None,
            woken: (0, 0),
            wakes: 0,
            sent: 0,
            life: 0,
        }
    }

    /// What its clock says when the world's says `now`.
    pub fn clock(&self, now: UnixMillis) -> UnixMillis {
        now.plus(self.skew_ms)
    }

    /// Whether its process died in the middle of a commit.
    pub fn has_crashed(&self) -> bool {
        self.disk.plan().borrow().crashed
    }
}

/// Who did something where: for messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hand {
    /// The device, by its index in the world.
    pub device: usize,
    /// The person.
    pub person: PersonId,
}
