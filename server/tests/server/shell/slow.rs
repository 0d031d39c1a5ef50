//! Slow and silent peers: progress is life, silence is asked about in time.

use std::time::Duration;

use ids::{Seq, limits};
use tokio::io::AsyncReadExt;
use tokio::net::TcpSocket;
use tokio::time::{interval, timeout};
use wire::message::{Push, Tail};

use super::client::{Client, PATIENCE, served};
use super::frames::by_hand;

/// Bytes the slow peer's system takes in advance.
const RECEIVED_AHEAD: u32 = 16_384;
/// Frames of 64 KiB read slowly; the rest is read at once.
const SLOWLY: usize = 8;

#[tokio::test]
async fn a_large_envelope_passes_a_slow_line() {
    let served = served(|config| {
        config.deadlines.ping = Duration::from_millis(300);
        config.deadlines.pong = Duration::from_millis(150);
    })
    .await;
    let (home, mut first) = served.found().await;
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(RECEIVED_AHEAD).unwrap();
    let stream = socket.connect(served.relay.local_addr()).await.unwrap();
    let mut slow = Client::over(served.relay.relay_key(), stream).await;
    slow.sign_in(&home, &home.tablet).await;
    let care = home.stream("care");
    let logs = slow.peer.welcome.clone().unwrap().logs;
    let log_id = logs.iter().find(|log| log.stream == care).unwrap().log_id;
    let tail = Tail {
        stream: care,
        log_id,
        from: Seq(1),
    };
    slow.say(tail).await;

    let large = home.envelope(
        home.header("care", 1),
        &vec![7; limits::ENVELOPE_BODY_BYTES],
    );
    let push = Push {
        request: 1,
        envelopes: vec![large.bytes().clone()],
    };
    first.say(push).await;
    // Three times as long as a peer may be silent altogether.
    let mut pace = interval(Duration::from_millis(225));
    for _ in 0..SLOWLY {
        pace.tick().await;
        let frame = slow.next().await.expect("cut while bytes flowed");
        slow.peer.frame(frame);
    }
    slow.until(|peer| peer.rows.contains_key(&care)).await;
    assert_eq!(slow.peer.receipts.last().map(|r| r.seq), Some(Seq(1)));
    assert_eq!(slow.peer.rows[&care][&Seq(1)].envelope, *large.bytes());
}

#[tokio::test]
async fn the_first_ping_leaves_when_the_silence_is_over() {
    let served = served(|config| {
        config.deadlines.ping = Duration::from_millis(50);
        config.deadlines.pong = 10 * PATIENCE;
        config.deadlines.handshake = 10 * PATIENCE;
    })
    .await;
    let mut stream = by_hand(&served).await;
    let mut ping = [0; 2];
    timeout(PATIENCE, stream.read_exact(&mut ping))
        .await
        .expect("no ping left")
        .unwrap();
    assert_eq!(ping, [0x89, 0]);
}
