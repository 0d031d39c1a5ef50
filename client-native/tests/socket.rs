//! The native socket against a peer that, like a relay whose queue is full, reads nothing until
//! what it has to say was taken.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a failing test may say so at once"
)]

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use ids::limits;
use lamplight_client_native::socket::Socket;
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::server::{Request, Response};

/// Longer than anything here takes; only a failure waits for it.
const PATIENCE: Duration = Duration::from_secs(60);
/// Frames each way: more than the buffers of both systems hold.
const FRAMES: usize = 256;
/// Bytes the peer's system holds, each way.
const BUFFER: u32 = 16_384;

fn frame(number: usize) -> Bytes {
    let mut frame = vec![0; limits::FRAME_BYTES];
    frame[..8].copy_from_slice(&number.to_le_bytes());
    frame.into()
}

fn listener() -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_send_buffer_size(BUFFER).unwrap();
    socket.set_recv_buffer_size(BUFFER).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    socket.listen(1).unwrap()
}

/// Says everything it has to say before it hears anything; the frames it heard.
async fn full_peer(listener: TcpListener) -> Vec<Bytes> {
    let (stream, _) = listener.accept().await.unwrap();
    #[expect(clippy::result_large_err, reason = "tungstenite's own type")]
    let name = |_: &Request, mut response: Response| {
        let protocol = "lamplight.v1".parse().unwrap();
        response
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        Ok(response)
    };
    let mut stream = tokio_tungstenite::accept_hdr_async(stream, name)
        .await
        .unwrap();
    for number in 0..FRAMES {
        stream.send(Message::Binary(frame(number))).await.unwrap();
    }
    let mut heard = Vec::new();
    while heard.len() < FRAMES {
        match stream.next().await.unwrap().unwrap() {
            Message::Binary(frame) => heard.push(frame),
            other => panic!("{other:?}"),
        }
    }
    heard
}

#[tokio::test]
async fn both_sides_get_through_though_each_has_more_to_say_than_the_line_holds() {
    let listener = listener();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let peer = tokio::spawn(full_peer(listener));
    let exchanged = async {
        let mut socket = Socket::connect(&origin).await.unwrap();
        for number in 0..FRAMES {
            socket.queue(frame(number));
        }
        socket.flush().await.unwrap();
        let mut came = Vec::new();
        while came.len() < FRAMES {
            came.push(socket.receive().await.unwrap());
        }
        socket.flush().await.unwrap();
        (came, peer.await.unwrap())
    };
    let (came, heard) = timeout(PATIENCE, exchanged)
        .await
        .expect("both wait for each other");
    let all: Vec<Bytes> = (0..FRAMES).map(frame).collect();
    assert!(came == all && heard == all);
}
