//! A relay's life: founded, used by two tablets, stopped, started again.

use std::os::unix::fs::PermissionsExt;

use ids::Seq;
use lamplight_server::{Config, DataDirError, ServeError, serve};
use wire::Header;
use wire::message::{Credit, Push, RosterTail, Tail};

use super::client::{Client, PATIENCE, Served, serve_in, served};
use crate::harness::home::Home;
use crate::harness::peer::Peer;

async fn tail(client: &mut Client, home: &Home) {
    client
        .say(RosterTail {
            from: ids::RosterSeq(1),
        })
        .await;
    let log = client.peer.welcome.as_ref().unwrap().logs.iter();
    let log = *log
        .into_iter()
        .find(|log| log.stream == home.stream("care"))
        .unwrap();
    client
        .say(Tail {
            stream: log.stream,
            log_id: log.log_id,
            from: Seq(1),
        })
        .await;
}

/// Waits for the row at a place and for a receipt that covers it: live, the receipt comes first.
async fn has_up_to(client: &mut Client, home: &Home, seq: u64) {
    let care = home.stream("care");
    let has_row = |peer: &Peer| peer.rows.get(&care)?.get(&Seq(seq)).map(drop);
    let has_receipt = |peer: &Peer| peer.receipts.last().is_some_and(|r| r.seq == Seq(seq));
    client
        .until(|peer| has_row(peer).is_some() && has_receipt(peer))
        .await;
}

#[tokio::test]
async fn what_one_tablet_pushes_the_other_gets_also_after_a_restart() {
    let Served { relay, folder } = {
        let served = served(|_| {}).await;
        let (home, mut first) = served.found().await;
        let mut second = Client::device(&served, &home, &home.tablet).await;
        tail(&mut second, &home).await;
        let run = home.run("care", 1, 100);
        for (request, chunk) in (0..).zip(run.chunks(10)) {
            let envelopes = chunk
                .iter()
                .map(|envelope| envelope.bytes().clone())
                .collect();
            first.say(Push { request, envelopes }).await;
        }
        first.until(|peer| peer.results.len() == 10).await;
        has_up_to(&mut second, &home, 100).await;
        assert_eq!(second.peer.verified(home.stream("care"), &[]).len(), 100);
        served
    };
    relay.shutdown().await.unwrap();
    let relay = serve_in(folder.path(), |_| {}).await;
    assert_eq!(relay.founding_link(), None);
    let served = Served { relay, folder };
    let home = Home::new(10, served.relay.relay_key());
    let mut late = Client::device(&served, &home, &home.tablet).await;
    tail(&mut late, &home).await;
    late.until(|peer| !peer.receipts.is_empty()).await;
    assert_eq!(late.peer.verified(home.stream("care"), &[]).len(), 100);
    let metrics = served.get("/metrics", "").await;
    assert!(
        metrics.contains("\nlamplight_envelopes_delivered 100\n"),
        "{metrics}"
    );
}

#[tokio::test]
async fn a_reader_that_reads_nothing_holds_nobody_up_and_misses_nothing() {
    let served = served(|_| {}).await;
    let (home, mut first) = served.found().await;
    let mut stuck = Client::device(&served, &home, &home.tablet).await;
    tail(&mut stuck, &home).await;
    stuck.say(Credit { bytes: u64::MAX }).await;
    stuck.until(|peer| peer.roster.facility().is_some()).await;
    let mut third = Client::device(&served, &home, &home.tablet).await;
    third.say(Credit { bytes: u64::MAX }).await;
    tail(&mut third, &home).await;
    let body = vec![5; 200_000];
    let mut prev = ids::EnvelopeId::ZERO;
    for n in 0..100 {
        let header = Header {
            run_seq: n,
            prev,
            ..home.header("care", 1)
        };
        let envelope = home.envelope(header, &body);
        prev = envelope.id();
        let request = u32::try_from(n).unwrap();
        first
            .say(Push {
                request,
                envelopes: vec![envelope.bytes().clone()],
            })
            .await;
        first
            .until(|peer| peer.results.contains_key(&request))
            .await;
    }
    has_up_to(&mut third, &home, 100).await;
    assert_eq!(third.peer.verified(home.stream("care"), &[]).len(), 100);
    has_up_to(&mut stuck, &home, 100).await;
    assert_eq!(stuck.peer.verified(home.stream("care"), &[]).len(), 100);
}

#[tokio::test]
async fn everyone_is_told_when_the_relay_stops() {
    let served = served(|_| {}).await;
    let (_, mut member) = served.found().await;
    let Served {
        relay,
        folder: _folder,
    } = served;
    let stopped = tokio::spawn(relay.shutdown());
    assert_eq!(member.close_code().await, Some(1001));
    assert_eq!(member.peer.count("Drain"), 1);
    stopped.await.unwrap().unwrap();
}

#[tokio::test]
async fn keys_are_for_their_owner_and_the_folder_for_one_relay() {
    let served = served(|_| {}).await;
    for file in [
        "relay.key",
        "log.id",
        "founding.token",
        "relay.lock",
        "relay.db",
        "relay.db-wal",
        "relay.db-shm",
    ] {
        let mode = std::fs::metadata(served.folder.path().join(file))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let config = Config::new(served.folder.path(), "127.0.0.1:0".parse().unwrap());
    let second = serve(config).await.unwrap_err();
    assert!(matches!(second, ServeError::Data(DataDirError::InUse)));
}

#[tokio::test]
async fn a_folder_that_was_there_stays_as_open_as_it_was_and_a_new_one_is_closed() {
    let outer = tempfile::tempdir().unwrap();
    let mode = |folder: &std::path::Path| {
        let metadata = std::fs::metadata(folder).unwrap();
        metadata.permissions().mode() & 0o777
    };
    std::fs::set_permissions(outer.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let relay = serve_in(outer.path(), |_| {}).await;
    relay.shutdown().await.unwrap();
    assert_eq!(mode(outer.path()), 0o755);
    let new = outer.path().join("a").join("new");
    let relay = serve_in(&new, |_| {}).await;
    relay.shutdown().await.unwrap();
    assert_eq!(mode(&new), 0o700);
}

#[tokio::test]
async fn a_relay_whose_clock_leapt_ahead_founds_nothing_until_it_is_told_that_it_is_right() {
    let folder = tempfile::tempdir().unwrap();
    // The clock was last right in 2001.
    let long_ago = data_encoding::HEXLOWER.encode(&1_000_000_000_000i64.to_be_bytes());
    std::fs::write(folder.path().join("clock"), long_ago).unwrap();
    let relay = serve_in(folder.path(), |_| {}).await;
    let served = Served { relay, folder };
    let mut founder = served.ask_to_found().await.1;
    assert_eq!(founder.close_code().await, Some(1008));
    assert_eq!(founder.peer.errors(), [wire::message::ErrorCode::Busy]);

    let Served { relay, folder } = served;
    relay.shutdown().await.unwrap();
    let relay = serve_in(folder.path(), |config| config.clock_is_right = true).await;
    let served = Served { relay, folder };
    let _ = served.found().await;
    // It is kept, and need not be said again.
    let Served { relay, folder } = served;
    relay.shutdown().await.unwrap();
    let kept = std::fs::read(folder.path().join("clock")).unwrap();
    let kept = data_encoding::HEXLOWER.decode(&kept).unwrap();
    let kept = i64::from_be_bytes(kept.try_into().unwrap());
    assert!(kept > 1_700_000_000_000, "{kept}");
}

#[tokio::test]
async fn a_relay_that_is_dropped_gives_its_folder_back() {
    let served = served(|_| {}).await;
    let (_, mut member) = served.found().await;
    let Served { relay, folder } = served;
    drop(relay);
    assert_eq!(member.close_code().await, Some(1001));
    let again = async {
        loop {
            let config = Config::new(folder.path(), "127.0.0.1:0".parse().unwrap());
            match serve(config).await {
                Ok(relay) => return relay,
                Err(ServeError::Data(DataDirError::InUse)) => tokio::task::yield_now().await,
                Err(error) => panic!("{error}"),
            }
        }
    };
    let relay = tokio::time::timeout(PATIENCE, again)
        .await
        .expect("the folder stayed held");
    assert_eq!(relay.founding_link(), None);
}

#[tokio::test]
async fn a_founding_link_survives_a_restart_until_it_is_used() {
    let served = served(|_| {}).await;
    let token = served.token();
    let Served { relay, folder } = served;
    relay.shutdown().await.unwrap();
    let relay = serve_in(folder.path(), |_| {}).await;
    let served = Served { relay, folder };
    assert_eq!(served.token(), token);
    let (_, founder) = served.found().await;
    drop(founder);
    let Served { relay, folder } = served;
    relay.shutdown().await.unwrap();
    assert!(!folder.path().join("founding.token").exists());
    // Another facility gets another token.
    let relay = serve_in(folder.path(), |config| {
        config.founding = lamplight_server::Founding::Always;
    })
    .await;
    assert_ne!(Served { relay, folder }.token(), token);
}

#[tokio::test]
async fn a_damaged_key_is_named_and_not_replaced() {
    let served = served(|_| {}).await;
    let Served { relay, folder } = served;
    relay.shutdown().await.unwrap();
    let key = folder.path().join("relay.key");
    std::fs::write(&key, "0000").unwrap();
    let config = Config::new(folder.path(), "127.0.0.1:0".parse().unwrap());
    let error = serve(config).await.unwrap_err();
    assert!(matches!(
        error,
        ServeError::Data(DataDirError::Damaged { .. })
    ));
    assert_eq!(std::fs::read_to_string(&key).unwrap(), "0000");
}

#[tokio::test]
async fn a_port_that_is_taken_leaves_no_data_behind() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("new");
    let config = Config::new(&data, taken.local_addr().unwrap());
    let error = serve(config).await.unwrap_err();
    assert!(matches!(error, ServeError::Listen { .. }), "{error}");
    assert!(!data.exists());
}
