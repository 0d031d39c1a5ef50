//! The relay as a process, killed again and again under load from eight native clients: what it
//! acknowledged is there afterwards.

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

use interface::{Command, Done, NewResident};
use lamplight_tests::harness::{Badge, Stored, stored};
use lamplight_tests::native::Client;
use lamplight_tests::programs::{RelayProcess, lacking};
use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::sync::Notify;
use tokio::task::LocalSet;

const CLIENTS: usize = 8;
/// Kills by default; `LAMPLIGHT_KILLS` says another number.
const KILLS: u32 = 20;
/// Envelopes acknowledged between two kills, at least.
const BETWEEN: u64 = 24;
/// Envelopes one client has on their way at most.
const ON_THE_WAY: u32 = 8;

/// Where the homes lie: in memory where the machine has such a folder, because only the relay's
/// disk is on trial.
fn homes() -> TempDir {
    tempfile::tempdir_in("/dev/shm")
        .or_else(|_| tempfile::tempdir())
        .unwrap()
}

/// A relay, a home and so many clients with the administrator signed in on each.
struct Scene {
    relay: Option<RelayProcess>,
    clients: Vec<Client>,
    resident: domain::ResidentId,
    data: TempDir,
    homes: TempDir,
}

impl Scene {
    async fn new(clients: usize, before: &[String]) -> Self {
        let (data, homes) = (tempfile::tempdir().unwrap(), homes());
        let relay = RelayProcess::start(
            &data.path().join("relay"),
            0,
            &data.path().join("relay.log"),
            before,
        );
        let mut office = Client::open(&homes.path().join("0"), &relay.origin).await;
        let badge = office.found(relay.founding.as_ref().unwrap()).await;
        let resident = admit(&mut office).await;
        let mut all = vec![office];
        if clients > 1 {
            let links = all[0].invite(clients as u32 - 1).await;
            for (n, link) in (1..).zip(links) {
                all.push(
                    enrolled(
                        &homes.path().join(n.to_string()),
                        &relay.origin,
                        &link,
                        &badge,
                    )
                    .await,
                );
            }
        }
        for client in &mut all {
            client.until_synced().await;
        }
        Self {
            relay: Some(relay),
            clients: all,
            resident,
            data,
            homes,
        }
    }

    fn database(&self) -> std::path::PathBuf {
        self.data.path().join("relay/relay.db")
    }

    /// SIGKILL, and a new process on the same folder and port.
    fn kill(&mut self) {
        let relay = self.relay.take().unwrap();
        let port = relay.port();
        relay.kill();
        let log = self.data.path().join("relay.log");
        self.relay = Some(RelayProcess::start(
            &self.data.path().join("relay"),
            port,
            &log,
            &[],
        ));
    }
}

async fn admit(office: &mut Client) -> domain::ResidentId {
    let new = NewResident {
        given: "Annmarie".into(),
        family: "Doyle".into(),
        preferred: None,
        born: None,
        sex: domain::chart::Sex::Female,
        bed: None,
        id: None,
    };
    match office.command(Command::AddResident(new)).await {
        Done::Saved {
            resident: Some(resident),
            ..
        } => resident,
        other => panic!("{other:?}"),
    }
}

async fn enrolled(folder: &Path, origin: &str, link: &str, badge: &Badge) -> Client {
    let mut client = Client::open(folder, origin).await;
    client.enrol(link, "Ward").await;
    client.sign_in(badge).await;
    client
}

fn note(resident: domain::ResidentId, text: String) -> Command {
    Command::WriteNote {
        resident,
        text,
        replaces: None,
        at: None,
        sign: false,
    }
}

/// What is held as acknowledged and is not in the relay's database, or is another envelope there.
fn missing(acknowledged: &BTreeSet<Stored>, kept: &[Stored]) -> Vec<Stored> {
    let kept: BTreeSet<Stored> = kept.iter().copied().collect();
    acknowledged.difference(&kept).copied().collect()
}

/// What all clients together know.
struct Load {
    /// Envelopes that left an outbox: acknowledged with a receipt.
    acknowledged: Cell<u64>,
    saved: Cell<u64>,
    stop: Cell<bool>,
    faults: RefCell<Vec<String>>,
    /// Something was acknowledged.
    more: Notify,
}

/// Writes without an end, a few envelopes ahead of the relay, until told to stop.
async fn work(
    mut client: Client,
    number: usize,
    resident: domain::ResidentId,
    load: Rc<Load>,
) -> Client {
    let mut written = 0u64;
    while !load.stop.get() {
        let tablet = client.process.tablet().unwrap();
        if let Some(fault) = tablet.relay_faults.first() {
            load.faults
                .borrow_mut()
                .push(format!("client {number}: {fault:?}"));
        }
        if tablet.to_send < ON_THE_WAY {
            client
                .command(note(resident, format!("note {written} of client {number}")))
                .await;
            written += 1;
            load.saved.set(load.saved.get() + 1);
        }
        let before = client.process.tablet().unwrap().to_send;
        client.turn(Duration::from_millis(20)).await;
        let after = client.process.tablet().unwrap().to_send;
        load.acknowledged
            .set(load.acknowledged.get() + u64::from(before.saturating_sub(after)));
        if after < before {
            load.more.notify_one();
        }
        tokio::task::yield_now().await;
    }
    client
}

fn run<T>(scene: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    LocalSet::new().block_on(&runtime, scene)
}

#[test]
fn whatever_was_acknowledged_survives_every_kill_of_the_relay() {
    run(async {
        let kills = std::env::var("LAMPLIGHT_KILLS")
            .ok()
            .and_then(|n| n.parse().ok())
            .unwrap_or(KILLS);
        let mut scene = Scene::new(CLIENTS, &[]).await;
        let before = stored(&scene.database()).len() as u64;
        let load = Rc::new(Load {
            acknowledged: Cell::new(0),
            saved: Cell::new(0),
            stop: Cell::new(false),
            faults: RefCell::default(),
            more: Notify::new(),
        });
        let workers: Vec<_> = std::mem::take(&mut scene.clients)
            .into_iter()
            .enumerate()
            .map(|(n, client)| {
                tokio::task::spawn_local(work(client, n, scene.resident, Rc::clone(&load)))
            })
            .collect();
        let yesterday = scene.homes.path().join("yesterday");
        for kill in 1..=kills {
            let from = load.acknowledged.get();
            while load.acknowledged.get() < from + BETWEEN {
                load.more.notified().await;
            }
            scene.kill();
            if kill == kills / 2 {
                copy(&scene.data.path().join("relay"), &yesterday);
            }
        }
        load.stop.set(true);
        let mut clients = Vec::new();
        for worker in workers {
            clients.push(worker.await.unwrap());
        }
        let mut acknowledged = BTreeSet::new();
        for client in &mut clients {
            let tablet = client.until_synced().await;
            assert_eq!(
                (tablet.not_accepted, tablet.relay_faults.len()),
                (0, 0),
                "{tablet:?}"
            );
        }
        for client in clients {
            acknowledged.extend(client.close_and_read());
        }
        scene.relay.take().unwrap().kill();
        assert!(
            load.faults.borrow().is_empty(),
            "{:?}",
            load.faults.borrow()
        );
        let kept = stored(&scene.database());
        let (saved, total) = (load.saved.get(), kept.len() as u64);
        println!(
            "{kills} kills, {saved} notes saved, {} rows acknowledged, {total} rows kept",
            acknowledged.len()
        );
        assert!(load.acknowledged.get() >= u64::from(kills) * BETWEEN);
        assert_eq!(missing(&acknowledged, &kept), [], "acknowledged and gone");
        assert_eq!(total - before, saved, "everything saved is stored, once");
        // That a loss would be seen: yesterday's database in place of today's.
        let lost = missing(&acknowledged, &stored(&yesterday.join("relay.db")));
        assert!(!lost.is_empty(), "half of the rows are missing there");
        let one_less = missing(&acknowledged, &kept[..kept.len() - 1]);
        assert_eq!(one_less, [kept[kept.len() - 1]], "one planted row");
        let store = server::SqliteStore::open(&scene.database()).unwrap();
        assert_eq!(
            store.durability().unwrap(),
            ("wal".to_owned(), 2),
            "WAL, synchronous = FULL"
        );
    });
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for name in ["relay.db", "relay.db-wal"] {
        let _ = std::fs::copy(from.join(name), to.join(name));
    }
}

/// What the relay asked of the system, in order, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Called {
    /// It received so much that it can only be a push.
    Received,
    /// What it wrote to the disk is durable.
    Synced,
    /// It sent something.
    Sent,
}

/// Bytes beyond which what was received is a push: an envelope is longer, other messages are not.
const PUSH_BYTES: i64 = 500;

/// Reads `strace -f`.
fn calls(trace: &str) -> Vec<Called> {
    trace
        .lines()
        .filter_map(|line| {
            let ended = !line.contains("<unfinished");
            let result = || {
                line.rsplit(" = ")
                    .next()?
                    .split_whitespace()
                    .next()?
                    .parse::<i64>()
                    .ok()
            };
            let is = |name: &str| {
                line.contains(&format!(" {name}("))
                    || line.contains(&format!("<... {name} resumed"))
            };
            if is("fdatasync") || is("fsync") {
                return (ended && result() == Some(0)).then_some(Called::Synced);
            }
            if is("recvfrom") || is("readv") || is("recvmsg") {
                return (ended && result()? > PUSH_BYTES).then_some(Called::Received);
            }
            // The moment of sending is when the call begins.
            let sends = ["sendto(", "sendmsg(", "writev("]
                .iter()
                .any(|name| line.contains(name));
            sends.then_some(Called::Sent)
        })
        .collect()
}

/// Answers to pushes that were sent before anything was synced, and all answers.
fn too_early(calls: &[Called]) -> (usize, usize) {
    let (mut early, mut answered, mut open, mut synced) = (0, 0, false, false);
    for call in calls {
        match call {
            Called::Received => (open, synced) = (true, false),
            Called::Synced => synced = true,
            Called::Sent if open => {
                answered += 1;
                early += usize::from(!synced);
                open = false;
            }
            Called::Sent => {}
        }
    }
    (early, answered)
}

#[test]
fn the_relay_syncs_its_disk_before_it_answers() {
    let works = std::process::Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .status();
    if !works.is_ok_and(|status| status.success()) {
        return lacking(
            "the relay syncs its disk before it answers",
            "no strace that may trace",
        );
    }
    const PUSHES: u64 = 20;
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let trace = folder.path().join("trace");
        let before = [
            "strace",
            "-f",
            "-e",
            "trace=network,fdatasync,fsync,readv,writev",
            "-o",
            trace.to_str().unwrap(),
        ];
        let mut scene = Scene::new(1, &before.map(str::to_owned)).await;
        let client = &mut scene.clients[0];
        client.until_synced().await;
        let quiet = std::fs::read_to_string(&trace).unwrap().len();
        for n in 0..PUSHES {
            client
                .command(note(scene.resident, format!("one push after another: {n}")))
                .await;
            client.until_synced().await;
        }
        drop(scene.relay.take());
        let text = std::fs::read_to_string(&trace).unwrap();
        let calls = calls(&text[quiet.min(text.len())..]);
        let synced = calls.iter().filter(|call| **call == Called::Synced).count() as u64;
        let (early, answered) = too_early(&calls);
        println!("{PUSHES} pushes, {answered} answers traced, {synced} syncs, {early} too early");
        assert!(
            synced >= PUSHES,
            "{synced} syncs for {PUSHES} pushes that came one after another"
        );
        assert!(answered as u64 >= PUSHES, "{answered}");
        assert_eq!(early, 0);
    });
}

#[test]
fn an_answer_before_the_sync_would_be_seen() {
    let good = "\
7 recvfrom(9, \"\"..., 4096, 0, NULL, NULL) = 1200
8 fdatasync(5 <unfinished ...>
7 recvfrom(9, \"\"..., 4096, 0, NULL, NULL) = 40
8 <... fdatasync resumed>) = 0
7 sendto(9, \"\"..., 90, MSG_NOSIGNAL, NULL, 0) = 90
";
    assert_eq!(too_early(&calls(good)), (0, 1));
    let bad = "\
7 recvfrom(9, \"\"..., 4096, 0, NULL, NULL) = 1200
8 fdatasync(5 <unfinished ...>
7 sendto(9, \"\"..., 90, MSG_NOSIGNAL, NULL, 0) = 90
8 <... fdatasync resumed>) = 0
";
    assert_eq!(too_early(&calls(bad)), (1, 1));
}
