//! Engines as the native client runs them: a home folder each, real sockets, the real clock.

use crate::harness::{Badge, SeenSeeds, Stored, settings};
use domain::directory::Role;
use ids::{Seq, UnixMillis};
use interface::{Command, Done, Settled, TabletState, TabletView};
use lamplight_client_native::{Home, Process};
use replica::disk::{Disk, FolderDisk};
use replica::{Engine, PlatformKey, Random};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long anything may take before the test gives up.
const PATIENCE: Duration = Duration::from_secs(120);

/// One native client.
pub struct Client {
    /// Its engine and connection.
    pub process: Process,
    folder: PathBuf,
    _home: Home,
}

impl Client {
    /// Opens a home and begins to connect.
    pub async fn open(folder: &Path, origin: &str) -> Self {
        let home = Home::open(folder).expect("a home");
        home.keep_relay(origin).expect("a home can be written");
        let engine = home.engine().expect("an engine");
        let mut process = Process::new(engine, Some(origin.to_owned()));
        process.start().await;
        Self {
            process,
            folder: folder.to_owned(),
            _home: home,
        }
    }

    /// As [`Self::open`], with randomness that remembers its throws; connects only when `online`.
    pub async fn open_seen(folder: &Path, origin: &str, mut seen: SeenSeeds, online: bool) -> Self {
        let home = Home::open(folder).expect("a home");
        home.keep_relay(origin).expect("a home can be written");
        let key = folder.join("device.key");
        if !key.exists() {
            let mut bytes = [0; 32];
            seen.fill(&mut bytes).expect("dice do not fail");
            std::fs::write(&key, bytes).expect("a key can be kept");
        }
        let disk = Box::new(FolderDisk::new(folder));
        let engine =
            Engine::open(disk, platform_key(folder), Box::new(seen), now()).expect("an engine");
        let mut process = Process::new(engine, Some(origin.to_owned()));
        if online {
            process.start().await;
        }
        Self {
            process,
            folder: folder.to_owned(),
            _home: home,
        }
    }

    /// Founds the home of every test.
    pub async fn found(&mut self, fragment: &str) -> Badge {
        let command = Command::Found {
            fragment: fragment.into(),
            settings: settings(),
            given: "Ada".into(),
            family: "Admin".into(),
            device_name: "Office".into(),
        };
        match self.process.settle(command, PATIENCE).await {
            Ok(Settled::Founded { badge, pin, .. }) => Badge { text: badge, pin },
            other => panic!("not founded: {other:?}"),
        }
    }

    /// Adds a nurse.
    pub async fn add_nurse(&mut self, given: &str, family: &str) -> Badge {
        let (given, family) = (given.to_owned(), family.to_owned());
        let command = Command::AddPerson {
            given,
            family,
            role: Role::RegisteredNurse,
            credential: None,
        };
        match self.process.settle(command, PATIENCE).await {
            Ok(Settled::PersonAdded { badge, pin, .. }) => Badge { text: badge, pin },
            other => panic!("not added: {other:?}"),
        }
    }

    /// Links for so many devices.
    pub async fn invite(&mut self, count: u32) -> Vec<String> {
        match self
            .process
            .settle(
                Command::Invite {
                    process: false,
                    count,
                },
                PATIENCE,
            )
            .await
        {
            Ok(Settled::Invited { fragments }) => fragments
                .iter()
                .map(|fragment| fragment.expose().to_owned())
                .collect(),
            other => panic!("not invited: {other:?}"),
        }
    }

    /// Enrols a blank device.
    pub async fn enrol(&mut self, fragment: &str, name: &str) {
        let command = Command::Enrol {
            fragment: fragment.into(),
            device_name: name.to_owned(),
        };
        self.command(command).await;
        self.until(|tablet| tablet.state == TabletState::Words)
            .await;
        self.command(Command::ConfirmWords).await;
        self.until(|tablet| tablet.state == TabletState::Locked && !tablet.people.is_empty())
            .await;
    }

    /// Signs in.
    pub async fn sign_in(&mut self, badge: &Badge) {
        self.command(Command::SignIn {
            badge: badge.text.clone(),
            pin: badge.pin.clone(),
        })
        .await;
    }

    /// A command that is carried out.
    pub async fn command(&mut self, command: Command) -> Done {
        self.process
            .command(command)
            .await
            .unwrap_or_else(|error| panic!("refused: {error}"))
    }

    /// Turns the loop until it is so.
    pub async fn until(&mut self, is_so: impl Fn(&TabletView) -> bool) -> TabletView {
        let outcome = self.process.until(PATIENCE, is_so).await;
        outcome.unwrap_or_else(|error| panic!("{error}: {:?}", self.process.tablet()))
    }

    /// Turns the loop until everything was exchanged.
    pub async fn until_synced(&mut self) -> TabletView {
        let outcome = self.process.until_synced(PATIENCE).await;
        outcome.unwrap_or_else(|error| panic!("{error}: {:?}", self.process.tablet()))
    }

    /// Turns the loop for at most so long.
    pub async fn turn(&mut self, within: Duration) {
        // That nothing happened in time is no fault here.
        let _ = self.process.follow_quietly(within).await;
    }

    /// Ends it, and reads from its `log.db` every envelope it holds as stored by the relay.
    pub fn close_and_read(self) -> Vec<Stored> {
        let Self {
            process,
            folder,
            _home,
        } = self;
        drop(process);
        acknowledged(&folder)
    }
}

/// Every envelope that a home holds as stored by the relay.
fn acknowledged(folder: &Path) -> Vec<Stored> {
    let key = platform_key(folder).log_file_key();
    let log = FolderDisk::new(folder)
        .open_log(&key)
        .expect("its log opens");
    let mut out = Vec::new();
    for position in log.positions().expect("positions") {
        let rows = log
            .rows(
                position.stream,
                position.log_id,
                Seq(1),
                Seq(i64::MAX as u64),
            )
            .expect("rows");
        out.extend(rows.into_iter().map(|(seq, _, id)| Stored {
            stream: position.stream,
            seq,
            id,
        }));
    }
    out
}

fn platform_key(folder: &Path) -> PlatformKey {
    let bytes = std::fs::read(folder.join("device.key")).expect("a key");
    PlatformKey::from_bytes(&bytes.try_into().expect("32 bytes"))
}

/// The machine's time.
pub fn now() -> UnixMillis {
    lamplight_client_native::home::now()
}
