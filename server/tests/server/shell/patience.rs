//! How long an HTTP connection lasts: as long as it moves, and asks for a short while only.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::net::tcp::OwnedReadHalf;
use tokio::time::{interval, timeout};

use super::client::{PATIENCE, Served, served};

const STALL: Duration = Duration::from_millis(300);
/// Requests whose answers are more than the buffers of both systems hold.
const ASKED: usize = 4_000;

/// A peer whose system takes little in advance, and who has asked for much.
async fn asks_for_much(served: &Served) -> OwnedReadHalf {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(16_384).unwrap();
    let stream = socket.connect(served.relay.local_addr()).await.unwrap();
    let asked = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(ASKED);
    let (reads, mut writes) = stream.into_split();
    // The relay stops reading while it cannot write.
    tokio::spawn(async move { writes.write_all(asked.as_bytes()).await });
    reads.readable().await.unwrap();
    reads
}

#[tokio::test]
async fn an_answer_goes_on_as_long_as_bytes_move_and_no_longer() {
    let served = served(|config| {
        config.deadlines.stall = STALL;
        config.deadlines.keep_alive = 10 * PATIENCE;
        config.deadlines.headers = 10 * PATIENCE;
        config.metrics = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    let mut slow = asks_for_much(&served).await;
    // Five times as long as a connection may stand still.
    let mut pace = interval(STALL / 3);
    let mut part = vec![0; 32_768];
    for _ in 0..15 {
        pace.tick().await;
        slow.read_exact(&mut part)
            .await
            .expect("cut while bytes moved");
    }
    // From here on it takes nothing, and its place is given back.
    let gone = async {
        while !served
            .metrics()
            .await
            .contains("\nlamplight_connections 0\n")
        {}
    };
    timeout(PATIENCE, gone).await.expect("kept for ever");
}

#[tokio::test]
async fn a_connection_asks_for_a_short_while_and_is_not_kept_for_more() {
    let served = served(|config| {
        config.deadlines.keep_alive = Duration::from_millis(200);
    })
    .await;
    let mut stream = served.tcp().await;
    let asks_on = async {
        let mut answers = 0;
        loop {
            let request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";
            if stream.write_all(request).await.is_err() {
                return answers;
            }
            let mut answer = [0; 4_096];
            match stream.read(&mut answer).await {
                Ok(0) | Err(_) => return answers,
                Ok(_) => answers += 1,
            }
        }
    };
    let answers = timeout(PATIENCE, asks_on).await.expect("kept for ever");
    assert!(answers > 0);
}
