//! Raw frames that no honest client sends, and the close code each gets.

use std::time::Duration;

use bytes::Bytes;
use futures_util::SinkExt;
use ids::limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::frame::{Frame as RawFrame, FrameHeader};

use super::client::{Client, PATIENCE, Served, served};

#[tokio::test]
async fn a_stranger_may_send_4_kib_in_a_frame_and_a_member_64() {
    let served = served(|_| {}).await;
    let (home, _) = served.found().await;
    let mut client = served.client().await;
    let frame = Bytes::from(vec![0x3c; limits::FRAME_BYTES_BEFORE_AUTH + 1]);
    client.socket.send(Frame::Binary(frame)).await.unwrap();
    assert_eq!(client.close_code().await, Some(1009));

    let mut client = Client::device(&served, &home, &home.tablet).await;
    let frame = Bytes::from(vec![0x3c; limits::FRAME_BYTES]);
    client.socket.send(Frame::Binary(frame)).await.unwrap();
    client
        .say(wire::message::RosterTail {
            from: ids::RosterSeq(1),
        })
        .await;
    client.until(|peer| peer.roster.facility().is_some()).await;
    let frame = Bytes::from(vec![0x3c; limits::FRAME_BYTES + 1]);
    client.socket.send(Frame::Binary(frame)).await.unwrap();
    assert_eq!(client.close_code().await, Some(1009));
}

#[tokio::test]
async fn nothing_is_gathered_for_a_founder_who_has_proved_nothing() {
    let served = served(|_| {}).await;
    let mut client = served.client().await;
    let relay_key = served.relay.relay_key();
    client.hello(wire::Role::Founder { relay_key }).await;
    let long = Bytes::from(vec![3; 2 * limits::FRAME_BYTES]);
    let begun = wire::chunk::frames(&long).unwrap().swap_remove(0);
    client.socket.send(Frame::Binary(begun)).await.unwrap();
    assert_eq!(client.close_code().await, Some(1009));
}

#[tokio::test]
async fn text_is_not_spoken() {
    let served = served(|_| {}).await;
    let mut client = served.client().await;
    client.socket.send(Frame::text("hello")).await.unwrap();
    assert_eq!(client.close_code().await, Some(1003));
}

#[tokio::test]
async fn fragments_of_a_message_count_together() {
    let served = served(|_| {}).await;
    let mut client = served.client().await;
    for i in 0..3 {
        let data = if i == 0 { Data::Binary } else { Data::Continue };
        let header = FrameHeader {
            is_final: false,
            opcode: OpCode::Data(data),
            ..FrameHeader::default()
        };
        let part = Bytes::from(vec![0; limits::FRAME_BYTES_BEFORE_AUTH / 2]);
        let frame = RawFrame::from_payload(header, part);
        if client.socket.send(Frame::Frame(frame)).await.is_err() {
            break;
        }
    }
    assert_eq!(client.close_code().await, Some(1009));
}

/// Opens a WebSocket by hand.
pub async fn by_hand(served: &Served) -> tokio::net::TcpStream {
    let mut stream = served.tcp().await;
    let request = "GET /sync HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\
        Sec-WebSocket-Protocol: lamplight.v1\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("HTTP/1.1 101"));
    assert!(head.contains("sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"));
    assert!(head.contains("sec-websocket-protocol: lamplight.v1\r\n"));
    assert!(!head.to_lowercase().contains("extensions"));
    stream
}

/// The close code of the first close frame in what the relay sends.
async fn close_code(stream: &mut tokio::net::TcpStream) -> Option<u16> {
    let mut all = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut all))
        .await
        .expect("not closed")
        .ok()?;
    let mut rest = all.as_slice();
    while let [head, len, tail @ ..] = rest {
        let payload = &tail[..usize::from(*len)];
        if head & 0x0f == 8 {
            return Some(u16::from_be_bytes([payload[0], payload[1]]));
        }
        rest = &tail[payload.len()..];
    }
    None
}

#[tokio::test]
async fn broken_frames_get_the_code_of_their_fault() {
    let served = served(|_| {}).await;
    let table: [(&str, &[u8], u16); 10] = [
        ("unmasked", &[0x82, 0x01, 0x00], 1002),
        ("a reserved bit", &[0xc2, 0x80, 0, 0, 0, 0], 1002),
        ("another reserved bit", &[0x92, 0x80, 0, 0, 0, 0], 1002),
        ("a reserved opcode", &[0x83, 0x80, 0, 0, 0, 0], 1002),
        ("a reserved control", &[0x8b, 0x80, 0, 0, 0, 0], 1002),
        ("a fragmented ping", &[0x09, 0x80, 0, 0, 0, 0], 1002),
        ("a long ping", &[0x89, 0xfe, 0x00, 0x7e, 0, 0, 0, 0], 1002),
        ("nothing to continue", &[0x80, 0x80, 0, 0, 0, 0], 1002),
        (
            "a giant",
            &[
                0x82, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0,
            ],
            1009,
        ),
        (
            "a bad close code",
            &[0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe7],
            1002,
        ),
    ];
    for (name, bytes, code) in table {
        let mut stream = by_hand(&served).await;
        stream.write_all(bytes).await.unwrap();
        if name == "a long ping" {
            stream.write_all(&[0; 126]).await.unwrap();
        }
        assert_eq!(close_code(&mut stream).await, Some(code), "{name}");
    }
}

#[tokio::test]
async fn a_message_one_byte_at_a_time_is_a_message() {
    let served = served(|_| {}).await;
    let (home, _) = served.found().await;
    let mut client = served.client().await;
    let role = wire::Role::Device {
        facility: home.facility,
        device: home.tablet.device(),
    };
    let hello = wire::Message::from(client.peer.hello(role)).encode();
    let last = hello.len() - 1;
    for (i, byte) in hello.iter().enumerate() {
        let data = if i == 0 { Data::Binary } else { Data::Continue };
        let header = FrameHeader {
            is_final: i == last,
            opcode: OpCode::Data(data),
            ..FrameHeader::default()
        };
        let frame = RawFrame::from_payload(header, Bytes::copy_from_slice(&[*byte]));
        client.socket.send(Frame::Frame(frame)).await.unwrap();
    }
    client.until(|peer| peer.transcript.is_some()).await;
}

#[tokio::test]
async fn a_silent_peer_is_pinged_and_given_up() {
    let served = served(|config| {
        config.deadlines.ping = Duration::from_millis(50);
        config.deadlines.pong = Duration::from_millis(50);
    })
    .await;
    let mut stream = by_hand(&served).await;
    let mut all = Vec::new();
    let closed = timeout(PATIENCE, stream.read_to_end(&mut all)).await;
    closed.expect("not given up").unwrap();
    assert_eq!(all, [0x89, 0, 0x89, 0], "two pings and nothing more");
}

#[tokio::test]
async fn a_ping_is_answered() {
    let served = served(|_| {}).await;
    let mut stream = by_hand(&served).await;
    stream
        .write_all(&[0x89, 0x82, 0, 0, 0, 0, 7, 8])
        .await
        .unwrap();
    let mut pong = [0; 4];
    timeout(PATIENCE, stream.read_exact(&mut pong))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(pong, [0x8a, 2, 7, 8]);
}
