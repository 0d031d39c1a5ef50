//! What befalls the folder of a home from outside, through the client as it runs: restored in part,
//! mixed with another's, copied, opened twice.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // The strict lints guard the product; a test may unwrap and index.

use interface::{Command, Done, NewResident, Query, View};
use lamplight_client_native::Home;
use lamplight_tests::harness::Badge;
use lamplight_tests::native::{Client, now};
use lamplight_tests::programs::RelayProcess;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;
use tokio::task::LocalSet;

/// Every file of `log.db`.
const LOG: [&str; 3] = ["log.db", "log.db-wal", "log.db-shm"];

/// A relay, an office and one tablet, both closed; who may sign in, and a resident.
struct Scene {
    relay: RelayProcess,
    badge: Badge,
    resident: domain::ResidentId,
    folder: TempDir,
}

impl Scene {
    async fn new() -> Self {
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .unwrap();
        let at = |name: &str| folder.path().join(name);
        let relay = RelayProcess::start(&at("relay"), 0, &at("relay.log"), &[]);
        let mut office = Client::open(&at("office"), &relay.origin).await;
        let badge = office.found(relay.founding.as_ref().unwrap()).await;
        office.sign_in(&badge).await;
        let new = NewResident {
            given: "Annmarie".into(),
            family: "Doyle".into(),
            preferred: None,
            born: None,
            sex: domain::chart::Sex::Female,
            bed: None,
            id: None,
        };
        let Done::Saved {
            resident: Some(resident),
            ..
        } = office.command(Command::AddResident(new)).await
        else {
            panic!("not admitted")
        };
        let link = office.invite(1).await.remove(0);
        let mut tablet = Client::open(&at("tablet"), &relay.origin).await;
        tablet.enrol(&link, "Tablet").await;
        for client in [&mut office, &mut tablet] {
            client.sign_in(&badge).await;
            client.until_synced().await;
        }
        for client in [office, tablet] {
            close(client).await;
        }
        Self {
            relay,
            badge,
            resident,
            folder,
        }
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn open(&self, name: &str) -> Client {
        let mut client = self.locked(name).await;
        client.sign_in(&self.badge).await;
        client.until_synced().await;
        client
    }

    async fn locked(&self, name: &str) -> Client {
        Client::open(&self.at(name), &self.relay.origin).await
    }

    async fn write(&self, client: &mut Client, text: &str) {
        let command = Command::WriteNote {
            resident: self.resident,
            text: text.into(),
            replaces: None,
            at: None,
            sign: false,
        };
        client.command(command).await;
        client.until_synced().await;
    }

    /// Turns the loop until so many notes are shown: a relay tells others when it has told the author.
    async fn until_it_shows(&self, client: &mut Client, count: usize) {
        for _ in 0..600 {
            if self.notes(client).len() == count {
                return;
            }
            client.turn(Duration::from_millis(100)).await;
        }
        panic!("{:?}", self.notes(client));
    }

    /// The notes that a client shows, in order; that it is in no trouble is seen to.
    fn notes(&self, client: &mut Client) -> Vec<String> {
        let tablet = client.process.tablet().unwrap();
        assert_eq!(tablet.not_shown, None, "{tablet:?}");
        assert_eq!((tablet.storage_problem, tablet.to_send), (None, 0));
        assert_eq!((tablet.not_accepted, tablet.refused), (0, 0));
        assert_eq!(tablet.relay_faults, []);
        let asked = Query::Notes {
            resident: self.resident,
            limit: 1_000,
            before: None,
            search: String::new(),
        };
        let engine = client.process.engine();
        engine.project_all();
        match engine.query(&asked, now()) {
            Ok(View::Notes(view)) => {
                let mut notes: Vec<String> = view.notes.into_iter().map(|note| note.text).collect();
                notes.sort();
                notes
            }
            other => panic!("{other:?}"),
        }
    }
}

async fn close(mut client: Client) {
    client.process.stop().await;
}

fn copy(from: &Path, to: &Path, names: &[&str]) {
    std::fs::create_dir_all(to).unwrap();
    for name in names {
        let _ = std::fs::remove_file(to.join(name));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).unwrap();
        }
    }
}

fn run(play: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, play);
}

#[test]
fn a_log_restored_from_yesterday_beside_the_views_of_today_shows_all_that_came_since() {
    run(async {
        let scene = Scene::new().await;
        let (home, backup) = (scene.at("tablet"), scene.at("backup"));
        copy(&home, &backup, &LOG);
        // What is written here takes two places in the local sequence: made, and placed.
        let mut tablet = scene.open("tablet").await;
        for n in 0..6 {
            scene
                .write(&mut tablet, &format!("a by the tablet {n}"))
                .await;
        }
        scene.notes(&mut tablet);
        close(tablet).await;
        copy(&backup, &home, &LOG);
        let mut office = scene.open("office").await;
        for n in 0..9 {
            scene
                .write(&mut office, &format!("b by the office {n}"))
                .await;
        }
        // Now it comes from others, in one place each, while nobody is signed in.
        let mut tablet = scene.locked("tablet").await;
        tablet.until_synced().await;
        tablet.sign_in(&scene.badge).await;
        let shown = scene.notes(&mut tablet);
        assert_eq!(shown, scene.notes(&mut office));
        assert_eq!(shown.len(), 15);
        // And it goes on.
        scene.write(&mut tablet, "c goes on").await;
        scene.until_it_shows(&mut office, 16).await;
        assert_eq!(scene.notes(&mut tablet), scene.notes(&mut office));
    });
}

#[test]
fn views_that_stand_under_each_others_names_or_come_from_another_home_are_built_again() {
    run(async {
        let scene = Scene::new().await;
        let mut office = scene.open("office").await;
        scene.write(&mut office, "written in the office").await;
        let before = scene.notes(&mut office);
        close(office).await;
        close(scene.open("tablet").await).await;
        let view = |home: &str, stream: &str| scene.at(home).join(format!("view-{stream}.db"));
        let swap = |one: &Path, other: &Path| {
            let beside = one.with_extension("beside");
            std::fs::rename(one, &beside).unwrap();
            std::fs::rename(other, one).unwrap();
            std::fs::rename(&beside, other).unwrap();
        };
        let (care, directory) = (view("tablet", "care"), view("tablet", "directory"));
        for other in [&directory, &view("office", "care")] {
            swap(&care, other);
            for home in ["tablet", "office"] {
                let mut client = scene.open(home).await;
                assert_eq!(scene.notes(&mut client), before, "{home}");
                close(client).await;
            }
        }
        // Nothing of it at all, and something that is no database.
        std::fs::remove_file(&care).unwrap();
        std::fs::write(&directory, vec![0x5a; 20_000]).unwrap();
        let mut tablet = scene.open("tablet").await;
        assert_eq!(scene.notes(&mut tablet), before);
    });
}

#[test]
fn a_home_is_opened_once_and_a_copy_of_it_works_beside_it_under_its_name() {
    run(async {
        let scene = Scene::new().await;
        let names: Vec<String> = std::fs::read_dir(scene.at("tablet"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        copy(&scene.at("tablet"), &scene.at("copy"), &names);
        let mut tablet = scene.open("tablet").await;
        let second = Home::open(&scene.at("tablet"));
        assert!(second.is_err(), "two processes would write one log");
        let mut twin = scene.open("copy").await;
        for n in 0..4 {
            scene
                .write(&mut tablet, &format!("a by the tablet {n}"))
                .await;
            scene.write(&mut twin, &format!("b by its copy {n}")).await;
        }
        for client in [&mut tablet, &mut twin] {
            scene.write(client, "c at last").await;
        }
        tablet.until_synced().await;
        twin.until_synced().await;
        let mut office = scene.open("office").await;
        scene.until_it_shows(&mut office, 10).await;
        let all = scene.notes(&mut office);
        for client in [&mut tablet, &mut twin] {
            scene.until_it_shows(client, 10).await;
            assert_eq!(scene.notes(client), all);
        }
    });
}
