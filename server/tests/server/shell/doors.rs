//! Who gets as far as a WebSocket: deadlines, caps, origins.

use std::time::Duration;

use lamplight_server::{Config, ServeError, serve};
use tokio::io::AsyncWriteExt;

use super::client::{Client, PATIENCE, read_to_end, served};

const KEY: &str = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
const VERSION: &str = "Sec-WebSocket-Version: 13\r\n";
const PROTOCOL: &str = "Sec-WebSocket-Protocol: chat, lamplight.v1\r\n";

fn short(config: &mut Config) {
    config.deadlines.first_byte = Duration::from_millis(200);
    config.deadlines.headers = Duration::from_millis(200);
    config.deadlines.handshake = Duration::from_millis(300);
}

fn upgrade(headers: &[&str]) -> String {
    let fixed = "GET /sync HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    format!("{fixed}{}\r\n", headers.concat())
}

#[tokio::test]
async fn a_connection_that_says_nothing_is_closed() {
    // Nothing else closes it as long as anybody here waits.
    let served = served(|config| {
        short(config);
        config.deadlines.headers = 2 * PATIENCE;
        config.deadlines.keep_alive = 2 * PATIENCE;
        config.deadlines.stall = 2 * PATIENCE;
    })
    .await;
    let mut stream = served.tcp().await;
    assert_eq!(read_to_end(&mut stream).await, "");
}

#[tokio::test]
async fn headers_that_trickle_in_are_not_waited_for() {
    let served = served(short).await;
    let mut stream = served.tcp().await;
    let trickle = async {
        stream.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
        while stream.write_all(b"X: y\r\n").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(PATIENCE, trickle)
        .await
        .expect("the relay kept reading");
}

#[tokio::test]
async fn a_websocket_that_never_says_hello_is_closed() {
    let served = served(short).await;
    let mut client = served.client().await;
    assert_eq!(client.close_code().await, Some(1008));
}

#[tokio::test]
async fn headers_without_end_are_refused() {
    let served = served(|_| {}).await;
    let long = "x".repeat(2 * ids::limits::HTTP_HEADER_BYTES);
    let response = served.get("/", &format!("X: {long}\r\n")).await;
    assert!(
        response.starts_with("HTTP/1.1 431") || response.is_empty(),
        "{response}"
    );
    let many: String = (0..200).map(|n| format!("X-{n}: y\r\n")).collect();
    let response = served.get("/", &many).await;
    assert!(response.starts_with("HTTP/1.1 431"), "{response}");
}

#[tokio::test]
async fn one_address_gets_its_share_of_connections_and_no_more() {
    let served = served(|config| config.caps.per_address = 2).await;
    let (home, _founder) = served.found().await;
    let mut stranger = served.client().await;
    // A newcomer takes the place of a stranger of the same address, never a member's.
    let member = Client::device(&served, &home, &home.tablet).await;
    assert_eq!(stranger.next().await, None);
    let mut turned_away = served.tcp().await;
    assert_eq!(read_to_end(&mut turned_away).await, "");
    drop(member);
    // The place is free once the relay has noticed.
    let again = async {
        loop {
            let response = served.get("/healthz", "").await;
            if response.starts_with("HTTP/1.1 200") {
                return;
            }
        }
    };
    tokio::time::timeout(PATIENCE, again)
        .await
        .expect("the place stayed taken");
}

#[tokio::test]
async fn strangers_cannot_keep_members_out() {
    let served = served(|config| config.caps.unauthenticated = 2).await;
    let (home, mut founder) = served.found().await;
    let mut first = served.client().await;
    let second = served.tcp().await;
    // However many strangers come, each place is the next one's.
    let mut held = vec![second];
    for _ in 0..20 {
        held.push(served.tcp().await);
    }
    assert_eq!(first.next().await, None, "the oldest went first");
    let mut member = Client::device(&served, &home, &home.tablet).await;
    for client in [&mut founder, &mut member] {
        client.say(wire::message::Ping {}).await;
        client.until(|peer| peer.count("Pong") == 1).await;
    }
}

#[tokio::test]
async fn whoever_fills_the_relay_does_not_hide_its_metrics() {
    let served = served(|config| {
        config.caps.total = 1;
        config.metrics = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    let (_, _founder) = served.found().await;
    let mut turned_away = served.tcp().await;
    assert_eq!(read_to_end(&mut turned_away).await, "");
    let metrics = served.metrics().await;
    assert!(
        metrics.contains("\nlamplight_connections_refused 1\n"),
        "{metrics}"
    );
}

#[tokio::test]
async fn only_pages_of_this_machine_or_named_ones_may_connect() {
    let served = served(|config| config.origins = vec!["https://home.example".to_owned()]).await;
    for (origin, status) in [
        ("Origin: http://localhost:9999\r\n", "101"),
        ("Origin: http://127.0.0.1:1\r\n", "101"),
        ("Origin: http://[::1]:8080\r\n", "101"),
        ("Origin: https://home.example\r\n", "101"),
        ("", "101"),
        ("Origin: https://evil.example\r\n", "403"),
        ("Origin: http://localhost.evil.example\r\n", "403"),
        ("Origin: null\r\n", "403"),
        (
            "Origin: http://localhost\r\nOrigin: https://evil.example\r\n",
            "403",
        ),
    ] {
        let mut stream = served.tcp().await;
        let request = upgrade(&[KEY, VERSION, PROTOCOL, origin]);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut first)
            .await
            .unwrap();
        assert_eq!(&first[9..], status.as_bytes(), "{origin:?}");
    }
}

#[tokio::test]
async fn what_is_no_websocket_of_ours_is_told_so() {
    let served = served(|_| {}).await;
    for (headers, status) in [
        (vec![KEY, VERSION], "400"),
        (
            vec![KEY, VERSION, "Sec-WebSocket-Protocol: lamplight.v2\r\n"],
            "400",
        ),
        (vec![KEY, PROTOCOL], "426"),
        (vec![KEY, PROTOCOL, "Sec-WebSocket-Version: 8\r\n"], "426"),
        (vec![VERSION, PROTOCOL], "426"),
        (
            vec![VERSION, PROTOCOL, "Sec-WebSocket-Key: short\r\n"],
            "426",
        ),
    ] {
        let request =
            upgrade(&headers).replace("Connection: Upgrade", "Connection: Upgrade, close");
        let mut stream = served.tcp().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let response = read_to_end(&mut stream).await;
        assert!(
            response.starts_with(&format!("HTTP/1.1 {status}")),
            "{headers:?}: {response}"
        );
    }
}

#[tokio::test]
async fn an_open_address_without_tls_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::new(folder.path(), "0.0.0.0:0".parse().unwrap());
    let error = serve(config).await.unwrap_err();
    assert!(matches!(error, ServeError::NeedsTls(_)));
    assert!(error.to_string().contains("--behind-proxy"));
}

#[tokio::test]
async fn behind_a_proxy_a_page_of_this_machine_is_a_page_like_any_other() {
    let served = served(|config| {
        config.behind_proxy = true;
        config.origins = vec!["https://Home.example:443/".to_owned()];
    })
    .await;
    let link = served.relay.founding_link().unwrap();
    assert!(link.starts_with("https://home.example/found#"), "{link}");
    for (origin, status) in [
        ("Origin: https://home.example\r\n", "101"),
        ("Origin: http://localhost:9999\r\n", "403"),
        ("Origin: http://127.0.0.1:1\r\n", "403"),
    ] {
        let mut stream = served.tcp().await;
        let request = upgrade(&[KEY, VERSION, PROTOCOL, origin]);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        tokio::io::AsyncReadExt::read_exact(&mut stream, &mut first)
            .await
            .unwrap();
        assert_eq!(&first[9..], status.as_bytes(), "{origin:?}");
    }
}

#[tokio::test]
async fn an_origin_that_no_browser_sends_is_refused_in_words() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path(), "127.0.0.1:0".parse().unwrap());
    config.behind_proxy = true;
    let error = serve(config.clone()).await.unwrap_err();
    assert!(matches!(error, ServeError::NeedsOrigin));
    assert!(error.to_string().contains("--origin"));
    config.origins = vec!["https://home.example/app".to_owned()];
    let error = serve(config.clone()).await.unwrap_err();
    assert!(matches!(error, ServeError::NotAnOrigin(_)));
    assert!(error.to_string().contains("https://home.example/app"));
    config.origins.clear();
    config.serve_web = false;
    serve(config).await.unwrap();
}
