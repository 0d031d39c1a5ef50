//! The accept loop: caps first, then a deadline for the first byte, then HTTP/1.1 with a deadline
//! for its headers. No HTTP/2, no request bodies.

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use ids::limits;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::timeout;

use super::caps::Slot;
use super::hub::Hub;
use super::socket::Socket;
use super::upgrade::{Origins, Upgrade};
use crate::metrics::Metrics;
use crate::web::Site;

/// Header fields of one request.
const HEADERS: usize = 64;
/// How long to pause when the system has no file descriptor left.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// What every connection needs.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) hub: Arc<Hub>,
    pub(crate) site: Site,
    pub(crate) origins: Origins,
}

/// Accepts connections until `stop` changes.
pub(crate) async fn accept(
    listener: TcpListener,
    front: Arc<Front>,
    mut stop: watch::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => admit(&front, stream, peer),
            Err(error) => {
                tracing::warn!(kind = ?error.kind(), "accepting failed");
                if !matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset
                ) {
                    tokio::time::sleep(EXHAUSTED).await;
                }
            }
        }
    }
}

fn admit(front: &Arc<Front>, stream: TcpStream, peer: SocketAddr) {
    match front.hub.door.enter(peer.ip()) {
        Ok(slot) => {
            tokio::spawn(connection(Arc::clone(front), stream, peer, slot));
        }
        Err(full) => {
            Metrics::count(&front.hub.metrics.connections_refused);
            tracing::debug!(?full, "connection refused");
        }
    }
}

async fn connection(front: Arc<Front>, stream: TcpStream, peer: SocketAddr, slot: Slot) {
    let deadlines = front.hub.deadlines;
    if stream.set_nodelay(true).is_err() {
        return;
    }
    match timeout(deadlines.first_byte, stream.readable()).await {
        Ok(Ok(())) => {}
        _ => return,
    }
    // The upgraded socket takes the slot along; otherwise it is given back when this ends.
    let slot = Arc::new(Mutex::new(Some(slot)));
    let service = {
        let (front, slot) = (Arc::clone(&front), Arc::clone(&slot));
        service_fn(move |request| {
            let (front, slot) = (Arc::clone(&front), Arc::clone(&slot));
            async move { Ok::<_, Infallible>(respond(&front, &slot, peer, request)) }
        })
    };
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(deadlines.headers)
        .max_buf_size(limits::HTTP_HEADER_BYTES)
        .max_headers(HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    if let Ok(Err(error)) = timeout(deadlines.http, serving).await {
        tracing::debug!(%error, "http connection ended");
    }
}

fn respond(
    front: &Arc<Front>,
    slot: &Mutex<Option<Slot>>,
    peer: SocketAddr,
    mut request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    if request.uri().path() != "/sync" {
        return front.site.respond(&request, peer, &front.hub);
    }
    let upgrade = match Upgrade::of(&request, &front.origins) {
        Ok(upgrade) => upgrade,
        Err(refusal) => {
            if refusal.is_origin() {
                Metrics::count(&front.hub.metrics.origins_refused);
            }
            return front.site.dress(refusal.response());
        }
    };
    let taken = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
    if let Some(slot) = taken {
        let upgraded = hyper::upgrade::on(&mut request);
        tokio::spawn(upgrade_to_socket(Arc::clone(&front.hub), upgraded, slot));
    }
    upgrade.response()
}

async fn upgrade_to_socket(hub: Arc<Hub>, upgraded: hyper::upgrade::OnUpgrade, slot: Slot) {
    let Ok(Ok(upgraded)) = timeout(hub.deadlines.handshake, upgraded).await else {
        return;
    };
    let Ok(parts) = upgraded.downcast::<TokioIo<TcpStream>>() else {
        return;
    };
    // The HTTP connection's memory is gone with this task; the socket's holds only what it needs.
    let socket = Socket::new(hub, parts.io.into_inner(), &parts.read_buf, slot);
    tokio::spawn(socket.run());
}
