//! What the relay answers over plain HTTP: the web client with a strict policy, health, metrics,
//! and who this relay is. It reads no request body and runs nothing it is sent.

mod assets;
mod headers;

use std::net::SocketAddr;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, Response, StatusCode};
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
    /// Whether the listener is on loopback: only then are there metrics.
    loopback: bool,
}

impl Site {
    pub(crate) fn new(serve_web: bool, relay_key: SigningPublic, loopback: bool) -> Self {
        Self {
            assets: serve_web.then(Assets::embedded),
            relay_key,
            loopback,
        }
    }

    /// Answers everything but `/sync`.
    pub(crate) fn respond<B>(
        &self,
        request: &Request<B>,
        peer: SocketAddr,
        hub: &Hub,
    ) -> Response<Full<Bytes>> {
        if request.method() != Method::GET && request.method() != Method::HEAD {
            return self.dress(not_allowed());
        }
        let response = match request.uri().path() {
            "/healthz" => plain(
                StatusCode::OK,
                "text/plain; charset=utf-8",
                "ok\n".to_owned(),
            ),
            "/metrics" => match self.may_see_metrics(request, peer) {
                true => plain(StatusCode::OK, "text/plain; version=0.0.4", metrics(hub)),
                false => not_found(),
            },
            "/.well-known/lamplight" => self.who(),
            path => self.asset(path, request),
        };
        self.dress(response)
    }

    /// Adds the headers that every response carries.
    pub(crate) fn dress(&self, mut response: Response<Full<Bytes>>) -> Response<Full<Bytes>> {
        headers::secure(response.headers_mut());
        response
    }

    /// Peers on this machine, under a name of this machine: a page elsewhere cannot get there by
    /// pointing its own name at 127.0.0.1.
    fn may_see_metrics<B>(&self, request: &Request<B>, peer: SocketAddr) -> bool {
        let host = request
            .headers()
            .get(HOST)
            .and_then(|host| host.to_str().ok());
        self.loopback
            && peer.ip().to_canonical().is_loopback()
            && host.is_some_and(is_loopback_authority)
    }

    /// A client can tell the relay from a captive portal's login page by this.
    fn who(&self) -> Response<Full<Bytes>> {
        let text = format!("{{\"lamplight\":1,\"relay_key\":\"{}\"}}\n", self.relay_key);
        plain(StatusCode::OK, "application/json", text)
    }

    fn asset<B>(&self, path: &str, request: &Request<B>) -> Response<Full<Bytes>> {
        let Some(assets) = &self.assets else {
            return not_found();
        };
        let wanted = Wanted::of(request.headers());
        assets
            .find(path)
            .map_or_else(not_found, |asset| asset.response(&wanted))
    }
}

fn metrics(hub: &Hub) -> String {
    let (total, unauthenticated) = hub.door.open();
    Metrics::set(&hub.metrics.connections, total as u64);
    Metrics::set(
        &hub.metrics.connections_unauthenticated,
        unauthenticated as u64,
    );
    hub.metrics.text()
}

fn plain(status: StatusCode, kind: &'static str, text: String) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

fn not_found() -> Response<Full<Bytes>> {
    let text = "nothing here\n".to_owned();
    plain(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", text)
}

fn not_allowed() -> Response<Full<Bytes>> {
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
