//! What is served over plain HTTP, and under which policy.

use lamplight_server::{Config, ServeError, serve};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::client::{read_to_end, served};

const POLICY: &str = "content-security-policy: default-src 'none'; script-src 'self' \
    'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; img-src 'self' blob: data:; \
    style-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'\r\n";

#[tokio::test]
async fn every_response_carries_the_policy() {
    let served = served(|_| {}).await;
    for path in [
        "/",
        "/residents/12",
        "/missing.js",
        "/healthz",
        "/metrics",
        "/sync",
    ] {
        let response = served.get(path, "").await;
        assert!(response.contains(POLICY), "{path}: {response}");
        for header in [
            "cross-origin-opener-policy: same-origin\r\n",
            "cross-origin-resource-policy: same-origin\r\n",
            "x-content-type-options: nosniff\r\n",
            "referrer-policy: no-referrer\r\n",
            "permissions-policy: camera=(self)",
        ] {
            assert!(response.contains(header), "{path}: {header}");
        }
    }
}

#[tokio::test]
async fn the_clients_own_routes_get_its_page_and_missing_files_are_missing() {
    let served = served(|_| {}).await;
    for path in ["/", "/index.html", "/found", "/residents/12/chart"] {
        let response = served.get(path, "").await;
        assert!(
            response.starts_with("HTTP/1.1 200 OK\r\n"),
            "{path}: {response}"
        );
        assert!(response.contains("content-type: text/html; charset=utf-8\r\n"));
        assert!(response.contains("cache-control: no-cache\r\n"));
        assert!(response.contains("etag: W/\""));
    }
    assert!(
        served
            .get("/missing.js", "")
            .await
            .starts_with("HTTP/1.1 404")
    );
}

#[tokio::test]
async fn a_page_that_is_known_is_not_sent_again() {
    let served = served(|_| {}).await;
    let first = served.get("/", "").await;
    let tag = first
        .split("etag: ")
        .nth(1)
        .unwrap()
        .split("\r\n")
        .next()
        .unwrap();
    let again = served.get("/", &format!("If-None-Match: {tag}\r\n")).await;
    assert!(again.starts_with("HTTP/1.1 304"), "{again}");
    assert!(again.ends_with("\r\n\r\n"));
}

#[tokio::test]
async fn without_the_web_there_is_no_page() {
    let served = served(|config| config.serve_web = false).await;
    assert!(served.get("/", "").await.starts_with("HTTP/1.1 404"));
    assert!(served.get("/healthz", "").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn health_metrics_and_who_this_is() {
    let served = served(|_| {}).await;
    assert!(served.get("/healthz", "").await.ends_with("ok\n"));
    let metrics = served.get("/metrics", "").await;
    assert!(metrics.contains("\nlamplight_connections 1\n"), "{metrics}");
    assert!(metrics.contains("# TYPE lamplight_envelopes_stored counter\n"));
    let who = served.get("/.well-known/lamplight", "").await;
    assert!(who.contains(&served.relay.relay_key().to_string()));
}

#[tokio::test]
async fn metrics_are_not_for_a_page_that_points_its_name_at_this_machine() {
    let served = served(|_| {}).await;
    let request = "GET /metrics HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n";
    assert!(served.raw(request).await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn metrics_are_not_for_a_listener_that_others_reach() {
    let served = served(|config| {
        config.listen = "0.0.0.0:0".parse().unwrap();
        config.behind_proxy = true;
        config.origins = vec!["https://home.example".to_owned()];
    })
    .await;
    assert!(served.get("/metrics", "").await.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn behind_a_proxy_metrics_are_on_an_address_of_their_own_only() {
    let served = served(|config| {
        config.behind_proxy = true;
        config.origins = vec!["https://home.example".to_owned()];
        config.metrics = Some("127.0.0.1:0".parse().unwrap());
    })
    .await;
    assert!(served.get("/metrics", "").await.starts_with("HTTP/1.1 404"));
    let alone = served.relay.metrics_addr().unwrap();
    let ask = async |path: &str, host: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let mut stream = TcpStream::connect(alone).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        read_to_end(&mut stream).await
    };
    let metrics = ask("/metrics", &alone.to_string()).await;
    assert!(metrics.contains("# TYPE lamplight_envelopes_stored counter\n"));
    for (path, host) in [
        ("/metrics", "evil.example"),
        ("/", "127.0.0.1"),
        ("/sync", "127.0.0.1"),
    ] {
        let answer = ask(path, host).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn metrics_on_an_address_that_others_reach_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path(), "127.0.0.1:0".parse().unwrap());
    config.metrics = Some("0.0.0.0:0".parse().unwrap());
    let refused = serve(config).await.unwrap_err();
    assert!(matches!(refused, ServeError::MetricsAbroad(_)), "{refused}");
}

#[tokio::test]
async fn only_reading_is_possible() {
    let served = served(|_| {}).await;
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"] {
        let request = format!(
            "{method} / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        );
        assert!(
            served.raw(&request).await.starts_with("HTTP/1.1 405"),
            "{method}"
        );
    }
    let head = "HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let response = served.raw(head).await;
    assert!(response.starts_with("HTTP/1.1 200") && response.ends_with("\r\n\r\n"));
}
