//! What the relay answers over plain HTTP: the web client with a strict policy, health, metrics,
//! and who this relay is. It reads no request body and runs nothing it is sent.

mod assets;
mod headers;

use std::net::SocketAddr;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderMap, HeaderValue};
use axum::response::Response;
use ids::SigningPublic;

use self::assets::{Assets, Wanted};
use crate::metrics::Metrics;
use crate::shell::hub::Hub;
use crate::shell::upgrade::is_loopback_authority;

/// Everything served over plain HTTP.
#[derive(Debug)]
pub(crate) struct Site {
    assets: Option<Assets>,
    relay_key: SigningPublic,
    /// Whether there are metrics: on a listener on loopback that no proxy stands before.
    metrics: bool,
}

impl Site {
    pub(crate) fn new(serve_web: bool, relay_key: SigningPublic, metrics: bool) -> Self {
        Self {
            assets: serve_web.then(Assets::embedded),
            relay_key,
            metrics,
        }
    }

    /// The counters, for who may see them.
    pub(crate) fn metrics(&self, headers: &HeaderMap, peer: SocketAddr, hub: &Hub) -> Response {
        if self.metrics {
            metrics(headers, peer, hub)
        } else {
            not_found()
        }
    }

    /// A client can tell the relay from a captive portal's login page by this.
    pub(crate) fn who(&self) -> Response {
        let text = format!("{{\"lamplight\":1,\"relay_key\":\"{}\"}}\n", self.relay_key);
        plain(StatusCode::OK, "application/json", text)
    }

    /// A file of the web client, or the page of one of its routes.
    pub(crate) fn asset(&self, path: &str, headers: &HeaderMap) -> Response {
        let Some(assets) = &self.assets else {
            return not_found();
        };
        let wanted = Wanted::of(headers);
        assets
            .find(path)
            .map_or_else(not_found, |asset| asset.response(&wanted))
    }
}

/// The counters for peers on this machine that use a name of this machine: a page elsewhere cannot
/// get there by pointing its own name at 127.0.0.1.
pub(crate) fn metrics(headers: &HeaderMap, peer: SocketAddr, hub: &Hub) -> Response {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    if peer.ip().to_canonical().is_loopback() && host.is_some_and(is_loopback_authority) {
        plain(StatusCode::OK, "text/plain; version=0.0.4", counters(hub))
    } else {
        not_found()
    }
}

/// Whether the relay runs.
pub(crate) async fn health() -> Response {
    let text = "ok\n".to_owned();
    plain(StatusCode::OK, "text/plain; charset=utf-8", text)
}

/// Adds the headers that every response carries.
pub(crate) async fn dress(mut response: Response) -> Response {
    headers::secure(response.headers_mut());
    response
}

fn counters(hub: &Hub) -> String {
    let (total, unauthenticated) = hub.door.open();
    Metrics::set(&hub.metrics.connections, total as u64);
    Metrics::set(
        &hub.metrics.connections_unauthenticated,
        unauthenticated as u64,
    );
    hub.metrics.text()
}

fn plain(status: StatusCode, kind: &'static str, text: String) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn not_found() -> Response {
    let text = "nothing here\n".to_owned();
    plain(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", text)
}

/// Nothing here takes anything: every method but GET and HEAD is refused.
pub(crate) async fn not_allowed() -> Response {
    let text = "GET and HEAD only\n".to_owned();
    let mut response = plain(
        StatusCode::METHOD_NOT_ALLOWED,
        "text/plain; charset=utf-8",
        text,
    );
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
    response
}
