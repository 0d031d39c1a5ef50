//! The web client's files inside the program, and how a browser may cache each.

use std::collections::HashMap;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue,
    IF_NONE_MATCH, VARY,
};
use axum::response::Response;
use bytes::Bytes;

/// One file as `build.rs` lists it.
struct Embedded {
    path: &'static str,
    bytes: &'static [u8],
    brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

const INDEX: &str = "/index.html";

/// Shown when the program was built without the web client.
const WITHOUT_CLIENT: &[u8] = b"<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
    <title>Lamplight relay</title><h1>Lamplight relay</h1>\
    <p>This relay was built without the web client. It serves native clients and web clients \
    hosted elsewhere.</p></html>\n";

/// All files, by path.
#[derive(Debug)]
pub(super) struct Assets {
    files: HashMap<&'static str, Asset>,
    index: Asset,
}

/// One file.
#[derive(Clone, Debug)]
pub(super) struct Asset {
    bytes: Bytes,
    brotli: Option<Bytes>,
    kind: &'static str,
    cache: &'static str,
    etag: HeaderValue,
}

/// What the browser said it has and can read.
#[derive(Debug)]
pub(super) struct Wanted {
    brotli: bool,
    known: Vec<String>,
}

impl Assets {
    pub(super) fn embedded() -> Self {
        let files: HashMap<_, _> = EMBEDDED
            .iter()
            .map(|file| (file.path, Asset::of(file)))
            .collect();
        let without = Embedded {
            path: INDEX,
            bytes: WITHOUT_CLIENT,
            brotli: None,
        };
        let index = files
            .get(INDEX)
            .cloned()
            .unwrap_or_else(|| Asset::of(&without));
        Self { files, index }
    }

    /// The file at a path. A path that names no file belongs to the client's own routes.
    pub(super) fn find(&self, path: &str) -> Option<&Asset> {
        let last = path.rsplit('/').next().unwrap_or_default();
        match self.files.get(path) {
            Some(asset) => Some(asset),
            None if !last.contains('.') || path == INDEX => Some(&self.index),
            None => None,
        }
    }
}

impl Asset {
    fn of(file: &Embedded) -> Self {
        let hash = blake3::hash(file.bytes).to_hex();
        // Weak, because the same tag stands for the file and its compressed form.
        let etag = format!("W/\"{}\"", hash.get(..32).unwrap_or_default());
        Self {
            bytes: Bytes::from_static(file.bytes),
            brotli: file.brotli.map(Bytes::from_static),
            kind: kind_of(file.path),
            cache: if is_hashed(file.path) {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            },
            etag: HeaderValue::try_from(etag).unwrap_or(HeaderValue::from_static("W/\"\"")),
        }
    }

    pub(super) fn response(&self, wanted: &Wanted) -> Response {
        let compressed = self.brotli.as_ref().filter(|_| wanted.brotli);
        let tag = self
            .etag
            .to_str()
            .unwrap_or_default()
            .trim_start_matches("W/");
        let unchanged = wanted.known.iter().any(|known| known == tag);
        let body = match (unchanged, compressed) {
            (true, _) => Bytes::new(),
            (false, Some(brotli)) => brotli.clone(),
            (false, None) => self.bytes.clone(),
        };
        let mut response = Response::new(Body::from(body));
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(ETAG, self.etag.clone());
        if self.brotli.is_some() {
            headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.kind));
        if compressed.is_some() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

impl Wanted {
    pub(super) fn of(headers: &HeaderMap) -> Self {
        let encodings = headers
            .get_all(ACCEPT_ENCODING)
            .iter()
            .filter_map(|v| v.to_str().ok());
        let brotli = encodings.flat_map(|value| value.split(',')).any(|part| {
            let mut fields = part.split(';').map(str::trim);
            let named = fields
                .next()
                .is_some_and(|name| name.eq_ignore_ascii_case("br"));
            // q=0 in any spelling means "not that one".
            named && !fields.any(is_zero_weight)
        });
        let known = headers
            .get_all(IF_NONE_MATCH)
            .iter()
            .filter_map(|v| v.to_str().ok());
        let known = known
            .flat_map(|value| value.split(','))
            .map(|tag| tag.trim().trim_start_matches("W/").to_owned())
            .collect();
        Self { brotli, known }
    }
}

fn is_zero_weight(field: &str) -> bool {
    let weight = field
        .strip_prefix("q=")
        .or_else(|| field.strip_prefix("Q="));
    weight.is_some_and(|weight| weight.trim_matches(['0', '.']).is_empty())
}

fn kind_of(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "wasm" => "application/wasm",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "sha256" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether a name carries the hash of its content, so that it never changes: a part between dots
/// and hyphens of at least 8 lower-case hexadecimal digits, one of them a decimal one.
fn is_hashed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.split(['-', '.', '_']).any(|part| {
        part.len() >= 8
            && part.bytes().all(|c| matches!(c, b'0'..=b'9' | b'a'..=b'f'))
            && part.bytes().any(|c| c.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(encoding: &'static str, known: &'static str) -> Wanted {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static(encoding));
        headers.insert(IF_NONE_MATCH, HeaderValue::from_static(known));
        Wanted::of(&headers)
    }

    fn asset(path: &'static str) -> Asset {
        Asset::of(&Embedded {
            path,
            bytes: b"plain",
            brotli: Some(b"small"),
        })
    }

    #[test]
    fn a_name_with_its_hash_never_changes_and_any_other_is_asked_for_again() {
        for hashed in [
            "/ui-5f3c2a91b0c4d7e8.js",
            "/w/engine-0123abcd_bg.wasm",
            "/a.deadbee1.css",
        ] {
            assert!(asset(hashed).cache.contains("immutable"), "{hashed}");
        }
        for plain in [
            "/index.html",
            "/sw.js",
            "/manifest.webmanifest",
            "/facade-decade.js",
        ] {
            assert_eq!(asset(plain).cache, "no-cache", "{plain}");
        }
    }

    #[test]
    fn brotli_goes_only_to_who_accepts_it() {
        for (header, accepted) in [
            ("gzip, br", true),
            ("br;q=1.0", true),
            ("BR", true),
            ("gzip", false),
            ("br;q=0", false),
            ("br; q=0.000", false),
            ("brotli", false),
        ] {
            let response = asset("/a.js").response(&wanted(header, "\"other\""));
            let encoding = response.headers().get(CONTENT_ENCODING);
            assert_eq!(encoding.is_some(), accepted, "{header}");
            assert_eq!(response.headers().get(VARY).unwrap(), "Accept-Encoding");
        }
    }

    #[test]
    fn a_known_file_is_not_sent_again() {
        let asset = asset("/a.js");
        let tag = asset.etag.to_str().unwrap().to_owned();
        let mut headers = HeaderMap::new();
        headers.insert(
            IF_NONE_MATCH,
            HeaderValue::try_from(format!("\"x\", {tag}")).unwrap(),
        );
        let response = asset.response(&Wanted::of(&headers));
        assert_eq!(response.status(), StatusCode::NOT_MODIFIED);
        let changed = asset.response(&wanted("gzip", "\"x\""));
        assert_eq!(changed.status(), StatusCode::OK);
    }

    #[test]
    fn a_path_without_an_ending_is_the_clients_own_and_a_missing_file_is_missing() {
        let assets = Assets::embedded();
        assert!(assets.find("/").is_some());
        assert!(assets.find("/residents/12/chart").is_some());
        assert!(assets.find("/missing.js").is_none());
        assert!(assets.find("/../Cargo.toml").is_none());
    }
}
