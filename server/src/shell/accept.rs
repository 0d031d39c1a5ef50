//! The accept loop: caps first, then a deadline for the first byte, then HTTP/1.1 with a deadline
//! for its headers. No HTTP/2, no request bodies. axum's own `serve` sets none of these.

use std::io::ErrorKind;
use std::net::SocketAddr;
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
use tokio::time::timeout;

use super::hub::Hub;
use super::routes::Connection;
use crate::config::Deadlines;
use crate::metrics::Metrics;

/// How long to pause when the system has no file descriptor left.
const EXHAUSTED: Duration = Duration::from_millis(50);

/// Accepts connections until `stop` changes.
pub(crate) async fn accept(
    listener: TcpListener,
    hub: Arc<Hub>,
    routes: Router,
    mut stop: watch::Receiver<()>,
) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.changed() => return,
        };
        match accepted {
            Ok((stream, peer)) => admit(&hub, &routes, stream, peer),
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

fn admit(hub: &Arc<Hub>, routes: &Router, stream: TcpStream, peer: SocketAddr) {
    match hub.door.enter(peer.ip()) {
        Ok(slot) => {
            let connection = Connection::new(peer, slot);
            let serving = serve(hub.deadlines, routes.clone(), stream, connection);
            tokio::spawn(serving);
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
    match timeout(deadlines.first_byte, stream.readable()).await {
        Ok(Ok(())) => {}
        _ => return,
    }
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
    if let Ok(Err(error)) = timeout(deadlines.http, serving).await {
        tracing::debug!(%error, "http connection ended");
    }
}
