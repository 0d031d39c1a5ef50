//! Whether a request may become a WebSocket: origin, version, subprotocol.

use std::net::IpAddr;

use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{
    CONNECTION, HeaderMap, HeaderName, HeaderValue, ORIGIN, SEC_WEBSOCKET_ACCEPT,
    SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use axum::http::{Method, StatusCode, Uri, Version};
use axum::response::Response;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

/// The subprotocol, which both sides must name.
pub(crate) const SUBPROTOCOL: &str = "lamplight.v1";

/// Which pages may connect. Programs that are no browser send no origin and may.
#[derive(Clone, Debug)]
pub(crate) struct Origins {
    pub(crate) named: Vec<String>,
    /// On a loopback listener any loopback origin and port may.
    pub(crate) loopback: bool,
}

impl Origins {
    fn allow(&self, headers: &HeaderMap) -> bool {
        let mut origins = headers.get_all(ORIGIN).iter();
        match (origins.next(), origins.next()) {
            (None, _) => true,
            (Some(origin), None) => origin.to_str().is_ok_and(|origin| self.allows(origin)),
            (Some(_), Some(_)) => false,
        }
    }

    fn allows(&self, origin: &str) -> bool {
        let named = || {
            self.named
                .iter()
                .any(|named| named.eq_ignore_ascii_case(origin))
        };
        named() || (self.loopback && is_loopback_origin(origin))
    }
}

/// An origin as browsers write it: lower case, no slash at its end, no port that its scheme implies.
pub(crate) fn parse_origin(text: &str) -> Option<String> {
    let uri: Uri = text.parse().ok()?;
    let scheme = uri.scheme_str()?;
    let usual = match scheme {
        "http" => 80,
        "https" => 443,
        _ => return None,
    };
    let authority = uri.authority()?;
    let names_more = authority.as_str().contains('@') || uri.path() != "/" || uri.query().is_some();
    if names_more || text.contains('#') || authority.host().is_empty() {
        return None;
    }
    let port = match authority.port() {
        Some(port) => Some(port.as_u16()).filter(|port| *port != usual),
        // A colon with nothing, or with no number, after it.
        None if authority.as_str() != authority.host() => return None,
        None => None,
    };
    let host = authority.host().to_ascii_lowercase();
    Some(match port {
        Some(port) => format!("{scheme}://{host}:{port}"),
        None => format!("{scheme}://{host}"),
    })
}

/// Whether an origin is a page of this machine, whatever the port.
fn is_loopback_origin(origin: &str) -> bool {
    let rest = origin
        .strip_prefix("http://")
        .or_else(|| origin.strip_prefix("https://"));
    rest.is_some_and(is_loopback_authority)
}

/// Whether `host[:port]` names this machine.
pub(crate) fn is_loopback_authority(authority: &str) -> bool {
    let (host, port) = match authority
        .strip_prefix('[')
        .and_then(|rest| rest.split_once(']'))
    {
        Some((host, port)) => (host, port),
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port_fits = match port.strip_prefix(':') {
        Some(digits) => digits.parse::<u16>().is_ok(),
        None => port.is_empty(),
    };
    port_fits
        && (host.eq_ignore_ascii_case("localhost")
            || host
                .parse::<IpAddr>()
                .is_ok_and(|ip| ip.to_canonical().is_loopback()))
}

/// A request that may be upgraded.
#[derive(Debug)]
pub(crate) struct Upgrade {
    accept: HeaderValue,
}

/// Why it may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    NotAWebSocket,
    Version,
    Subprotocol,
    Origin,
}

impl Upgrade {
    pub(crate) fn of(request: &Request, origins: &Origins) -> Result<Self, Refusal> {
        let headers = request.headers();
        let upgrading = request.method() == Method::GET
            && request.version() == Version::HTTP_11
            && names(headers, &UPGRADE, "websocket")
            && names(headers, &CONNECTION, "upgrade");
        let key = headers.get(SEC_WEBSOCKET_KEY).filter(|_| upgrading);
        let key = key
            .filter(|key| is_nonce(key))
            .ok_or(Refusal::NotAWebSocket)?;
        if headers
            .get(SEC_WEBSOCKET_VERSION)
            .is_none_or(|version| version != "13")
        {
            return Err(Refusal::Version);
        }
        if !origins.allow(headers) {
            return Err(Refusal::Origin);
        }
        if !names(headers, &SEC_WEBSOCKET_PROTOCOL, SUBPROTOCOL) {
            return Err(Refusal::Subprotocol);
        }
        let accept = derive_accept_key(key.as_bytes());
        let accept = HeaderValue::try_from(accept).map_err(|_| Refusal::NotAWebSocket)?;
        Ok(Self { accept })
    }

    /// The answer that opens the WebSocket. It names no extension: nothing is compressed.
    pub(crate) fn response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        headers.insert(SEC_WEBSOCKET_ACCEPT, self.accept);
        headers.insert(
            SEC_WEBSOCKET_PROTOCOL,
            HeaderValue::from_static(SUBPROTOCOL),
        );
        response
    }
}

impl Refusal {
    pub(crate) fn is_origin(self) -> bool {
        self == Self::Origin
    }

    pub(crate) fn response(self) -> Response {
        let (status, text) = match self {
            Self::NotAWebSocket => (StatusCode::UPGRADE_REQUIRED, "a WebSocket is spoken here\n"),
            Self::Version => (
                StatusCode::UPGRADE_REQUIRED,
                "WebSocket version 13 is spoken here\n",
            ),
            Self::Subprotocol => (
                StatusCode::BAD_REQUEST,
                "the subprotocol lamplight.v1 is spoken here\n",
            ),
            Self::Origin => (StatusCode::FORBIDDEN, "this origin may not connect\n"),
        };
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = status;
        if status == StatusCode::UPGRADE_REQUIRED {
            let headers = response.headers_mut();
            headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
            headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        }
        response
    }
}

/// Whether a comma-separated header names `token`.
fn names(headers: &HeaderMap, header: &HeaderName, token: &str) -> bool {
    headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|value| {
            value
                .split(',')
                .any(|part| part.trim().eq_ignore_ascii_case(token))
        })
}

fn is_nonce(key: &HeaderValue) -> bool {
    data_encoding::BASE64
        .decode(key.as_bytes())
        .is_ok_and(|nonce| nonce.len() == 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loopback_listener_lets_pages_of_this_machine_in_and_no_others() {
        let origins = Origins {
            named: vec!["https://relay.example".into()],
            loopback: true,
        };
        for good in [
            "http://localhost:8080",
            "http://127.0.0.1",
            "https://127.8.9.1:1",
            "http://[::1]:65535",
            "https://relay.example",
        ] {
            assert!(origins.allows(good), "{good}");
        }
        for bad in [
            "null",
            "http://localhost.evil.example",
            "http://localhost:80@evil.example",
            "http://127.0.0.1.evil.example",
            "http://10.0.0.1",
            "http://[::1]evil",
            "http://localhost:",
            "ftp://localhost",
            "https://relay.example.evil",
            "https://relay.example:444",
        ] {
            assert!(!origins.allows(bad), "{bad}");
        }
    }

    #[test]
    fn an_origin_is_kept_as_browsers_write_it_or_refused() {
        for (typed, sent) in [
            ("https://home.example", "https://home.example"),
            ("https://home.example/", "https://home.example"),
            ("HTTPS://Home.Example:443", "https://home.example"),
            ("http://10.0.0.1:8080/", "http://10.0.0.1:8080"),
            ("http://[::1]:80", "http://[::1]"),
        ] {
            assert_eq!(parse_origin(typed).as_deref(), Some(sent), "{typed}");
        }
        for typed in [
            "",
            "home.example",
            "//home.example",
            "ftp://home.example",
            "https://",
            "https://home.example/app",
            "https://home.example?x",
            "https://home.example/#x",
            "https://me@home.example",
            "https://home.example:",
            "https://home.example:port",
            "*",
        ] {
            assert_eq!(parse_origin(typed), None, "{typed}");
        }
    }

    #[test]
    fn elsewhere_only_named_origins_may() {
        let origins = Origins {
            named: vec!["https://relay.example".into()],
            loopback: false,
        };
        assert!(origins.allows("https://relay.example"));
        assert!(!origins.allows("http://localhost:8080"));
    }
}
