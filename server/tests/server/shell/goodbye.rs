//! What the relay says last before it closes reaches the peer.

use wire::Role;
use wire::message::{ErrorCode, Hello};

use super::client::{Client, serve_in, served};
use crate::harness::home::{Home, Someone};

/// Often enough that no race between the last message and the close goes unnoticed.
const TIMES: usize = 100;

#[tokio::test]
async fn whoever_is_turned_away_is_told_why() {
    let served = served(|_| {}).await;
    let stranger = Home::new(10, served.relay.relay_key());
    for _ in 0..TIMES {
        let mut client = served.client().await;
        let hello = client.peer.hello(Role::Founder {
            relay_key: Someone::new(99).public(),
        });
        client.say(hello).await;
        assert_eq!(client.close_code().await, Some(1008));
        assert_eq!(client.peer.errors(), [ErrorCode::TokenRefused]);

        let mut client = served.client().await;
        let role = Role::Device {
            facility: stranger.facility,
            device: stranger.tablet.device(),
        };
        let hello = Hello {
            versions: vec![77],
            ..client.peer.hello(role)
        };
        client.say(hello).await;
        assert_eq!(client.close_code().await, Some(1008));
        assert_eq!(client.peer.errors(), [ErrorCode::Version]);
    }
}

/// Tablets that are connected when the relay stops.
const CONNECTED: usize = 200;

#[tokio::test]
async fn a_relay_that_ends_has_said_goodbye_to_everyone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().to_owned();
    let (tell, told) = tokio::sync::oneshot::channel();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    // A runtime of its own, which ends where the program would: right after the shutdown.
    let program = std::thread::spawn(move || {
        // One thread: whoever ends it first has the last word.
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let relay = serve_in(&path, |_| {}).await;
            let address = (relay.local_addr(), relay.relay_key());
            tell.send(address).unwrap();
            stopped.await.unwrap();
            relay.shutdown().await.unwrap();
        });
    });
    let (address, relay_key) = told.await.unwrap();
    let mut clients = Vec::new();
    for _ in 0..CONNECTED {
        clients.push(Client::at(address, relay_key).await);
    }
    stop.send(()).unwrap();
    for client in &mut clients {
        assert_eq!(client.close_code().await, Some(1001));
    }
    program.join().unwrap();
}
