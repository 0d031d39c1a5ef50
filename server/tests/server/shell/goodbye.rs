//! What the relay says last before it closes reaches the peer.

use wire::Role;
use wire::message::{ErrorCode, Hello};

use super::client::served;
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
