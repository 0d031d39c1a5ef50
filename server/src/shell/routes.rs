//! Which path is answered by what. An axum router made once; every connection of the accept loop
//! gives its requests to it together with what is known of the connection.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{any, get};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;

use super::caps::Slot;
use super::hub::Hub;
use super::socket::Socket;
use super::upgrade::{Origins, Upgrade};
use super::watched::Watched;
use crate::metrics::Metrics;
use crate::web::{self, Site};

/// What every request needs.
#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) hub: Arc<Hub>,
    pub(crate) site: Site,
    pub(crate) origins: Origins,
}

/// The connection a request came by. Cloned into each of its requests.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) peer: SocketAddr,
    /// The upgraded socket takes the slot along; otherwise it is given back with the last clone.
    slot: Arc<Mutex<Option<Slot>>>,
}

impl Connection {
    pub(super) fn new(peer: SocketAddr, slot: Slot) -> Self {
        let slot = Arc::new(Mutex::new(Some(slot)));
        Self { peer, slot }
    }

    fn take_slot(&self) -> Option<Slot> {
        self.slot
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }
}

/// All routes. What names no route is a file or a page of the web client.
pub(crate) fn router(front: Arc<Front>) -> Router {
    Router::new()
        .route("/healthz", get(web::health))
        .route("/metrics", get(metrics))
        .route("/.well-known/lamplight", get(who))
        .fallback_service(
            get(asset)
                .fallback(web::not_allowed)
                .with_state(Arc::clone(&front)),
        )
        .method_not_allowed_fallback(web::not_allowed)
        // A WebSocket's request says in its own words what is wrong with it.
        .route("/sync", any(sync))
        .layer(map_response(web::dress))
        .with_state(front)
}

/// The metrics and nothing else, for a listener of their own.
pub(crate) fn metrics_router(hub: Arc<Hub>) -> Router {
    Router::new()
        .route("/metrics", get(metrics_alone))
        .method_not_allowed_fallback(web::not_allowed)
        .layer(map_response(web::dress))
        .with_state(hub)
}

async fn metrics_alone(
    State(hub): State<Arc<Hub>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    web::metrics(request.headers(), connection.peer, &hub)
}

async fn metrics(
    State(front): State<Arc<Front>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    front
        .site
        .metrics(request.headers(), connection.peer, &front.hub)
}

async fn who(State(front): State<Arc<Front>>) -> Response {
    front.site.who()
}

async fn asset(State(front): State<Arc<Front>>, request: Request) -> Response {
    front.site.asset(request.uri().path(), request.headers())
}

async fn sync(
    State(front): State<Arc<Front>>,
    Extension(connection): Extension<Connection>,
    mut request: Request,
) -> Response {
    let upgrade = match Upgrade::of(&request, &front.origins) {
        Ok(upgrade) => upgrade,
        Err(refusal) => {
            if refusal.is_origin() {
                Metrics::count(&front.hub.metrics.origins_refused);
            }
            return refusal.response();
        }
    };
    if let Some(slot) = connection.take_slot() {
        let upgraded = hyper::upgrade::on(&mut request);
        tokio::spawn(upgrade_to_socket(Arc::clone(&front.hub), upgraded, slot));
    }
    upgrade.response()
}

async fn upgrade_to_socket(hub: Arc<Hub>, upgraded: hyper::upgrade::OnUpgrade, slot: Slot) {
    let Ok(Ok(upgraded)) = timeout(hub.deadlines.handshake, upgraded).await else {
        return;
    };
    let Ok(parts) = upgraded.downcast::<TokioIo<Watched>>() else {
        return;
    };
    let stream = parts.io.into_inner().into_inner();
    // The HTTP connection's memory is gone with this task; the socket's holds only what it needs.
    let socket = Socket::new(hub, stream, &parts.read_buf, slot);
    tokio::spawn(socket.run());
}
