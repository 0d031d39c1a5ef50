//! The accept loop: caps first, then a deadline for the first byte, then HTTP/1.1 with deadlines for
//! its headers, for the last request of a connection, and for an answer that nobody takes. No
//! HTTP/2, no request bodies. axum's own `serve` sets none of these.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use ids::limits;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, interval_at, sleep, timeout};

use super::caps::Door;
use super::hub::Hub;
use super::routes::Connection;
use super::watched::{Moved, Watched};
use crate::config::Deadlines;
use crate::metrics::Metrics;

/// How long to pause when the system has no file descriptor left.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// Accepts connections for which `door` has a place, until `stop` changes.
pub(crate) async fn accept(
    listener: TcpListener,
    hub: Arc<Hub>,
    door: Arc<Door>,
    routes: Router,
    mut stop: watch::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => admit(&hub, &door, &routes, stream, peer),
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

fn admit(hub: &Arc<Hub>, door: &Arc<Door>, routes: &Router, stream: TcpStream, peer: SocketAddr) {
    match door.enter(peer.ip()) {
        Ok((slot, given_away)) => {
            let connection = Connection::new(peer, slot);
            let serving = serve(hub.deadlines, routes.clone(), stream, connection);
            tokio::spawn(async move {
                tokio::select! {
                    () = serving => {}
                    () = given_away.notified() => {}
                }
            });
        }
        Err(full) => {
            Metrics::count(&hub.metrics.connections_refused);
            tracing::debug!(?full, "connection refused");
        }
    }
}

async fn serve(deadlines: Deadlines, routes: Router, stream: TcpStream, connection: Connection) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    // Looked at, not only said to be there: a socket may be called readable while nothing has come.
    match timeout(deadlines.first_byte, stream.peek(&mut [0])).await {
        Ok(Ok(1..)) => {}
        _ => return,
    }
    let moved = Moved::default();
    let stream = Watched::new(stream, moved.clone());
    let routes = TowerToHyperService::new(routes);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        routes.call(request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(deadlines.headers)
        .max_buf_size(limits::HTTP_HEADER_BYTES)
        .max_headers(limits::HTTP_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = pin!(serving);
    let mut last_request = pin!(sleep(deadlines.keep_alive));
    let mut asks_no_more = false;
    let mut look = interval_at(Instant::now() + deadlines.stall, deadlines.stall);
    let mut before = 0;
    loop {
        tokio::select! {
            ended = serving.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "http connection ended");
                }
                return;
            }
            () = last_request.as_mut(), if !asks_no_more => {
                // What was asked is answered, however long the line takes for it.
                serving.as_mut().graceful_shutdown();
                asks_no_more = true;
            }
            _ = look.tick() => {
                if moved.bytes() == before {
                    return;
                }
                before = moved.bytes();
            }
        }
    }
}
