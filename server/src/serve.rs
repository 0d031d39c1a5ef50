//! Starts a relay: checks what it was told, takes hold of its data, opens the store, starts the
//! core thread, listens.

mod listening;
mod opened;

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use ids::{SigningPublic, limits};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use zeroize::Zeroizing;

use crate::config::{Caps, Config};
use crate::datadir::{DataDir, DataDirError};
use crate::metrics::Metrics;
use crate::relay::Relay;
use crate::shell::Door;
use crate::shell::accept::accept;
use crate::shell::core_thread::{self, Keeper, TICK_MS};
use crate::shell::hub::{Event, Hub};
use crate::shell::routes::{Front, metrics_router, router};
use crate::shell::upgrade::Origins;
use crate::store::{SqliteStore, StoreError};
use crate::web::Site;
use listening::{checked, is_loopback, listen};
use opened::{Opened, opened};

/// Why a relay does not run.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can be reached from elsewhere and nothing ends TLS.
    #[error(
        "refusing to listen on {0} without TLS: put a proxy that ends TLS in front and say \
         --behind-proxy, or listen on 127.0.0.1. (This version does not read certificates itself.)"
    )]
    NeedsTls(SocketAddr),
    /// The metrics would be read from elsewhere.
    #[error(
        "refusing to show metrics on {0}: --metrics wants a loopback address, such as 127.0.0.1:9090"
    )]
    MetricsAbroad(SocketAddr),
    /// An origin is not written as browsers write it.
    #[error(
        "--origin {0}: not an origin. It is a scheme and a host, and a port unless it is the usual one: \
         https://lamplight.example"
    )]
    NotAnOrigin(String),
    /// Pages would be served whose connections would all be refused.
    #[error(
        "--behind-proxy wants --origin with the address that tablets use, such as \
         https://lamplight.example: pages from elsewhere are refused. (With --no-web it may be left out.)"
    )]
    NeedsOrigin,
    /// The data folder cannot be used.
    #[error(transparent)]
    Data(#[from] DataDirError),
    /// The store cannot be opened, or stopped.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The address cannot be listened on, or the thread cannot be started.
    #[error("cannot serve on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: std::io::Error,
    },
    /// The core thread ended by a bug.
    #[error("bug in the relay: its core ended unexpectedly")]
    Crashed,
}

/// A relay that runs. Dropping it stops the relay without ceremony; [`Running::shutdown`] says
/// goodbye first.
pub struct Running {
    local_addr: SocketAddr,
    metrics_addr: Option<SocketAddr>,
    relay_key: SigningPublic,
    founding_link: Option<Zeroizing<String>>,
    stopper: Stopper,
    stop: watch::Sender<()>,
    ended: oneshot::Receiver<()>,
    core: JoinHandle<Result<(), StoreError>>,
    // Held until the core has ended.
    _data: Arc<DataDir>,
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The founding link is a secret until it was used.
        f.debug_struct("Running")
            .field("local_addr", &self.local_addr)
            .field("metrics_addr", &self.metrics_addr)
            .field("relay_key", &self.relay_key)
            .finish_non_exhaustive()
    }
}

/// Ends core and ticker when dropped.
#[derive(Debug)]
struct Stopper {
    hub: Arc<Hub>,
    ticker: AbortHandle,
}

impl Drop for Stopper {
    fn drop(&mut self) {
        self.ticker.abort();
        // With a full queue the core ends when the last socket does.
        let _ = self.hub.events.try_send(Event::Stop);
    }
}

impl Running {
    /// Where it listens.
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// Where it shows its metrics, if they have a listener of their own.
    pub fn metrics_addr(&self) -> Option<SocketAddr> {
        self.metrics_addr
    }

    /// Its identity key.
    pub fn relay_key(&self) -> SigningPublic {
        self.relay_key
    }

    /// The link that founds a facility, if one is offered. A secret until used.
    pub fn founding_link(&self) -> Option<&str> {
        self.founding_link.as_ref().map(|link| link.as_str())
    }

    /// Waits until the relay ends by itself, which only a failure makes it do. Safe to cancel.
    pub async fn failed(&mut self) {
        let _ = (&mut self.ended).await;
    }

    /// Tells everyone to come back later, commits what is queued, closes all connections.
    ///
    /// # Errors
    /// The failure that stopped the relay earlier, if one did.
    pub async fn shutdown(self) -> Result<(), ServeError> {
        let _ = self.stop.send(());
        let hub = &self.stopper.hub;
        let drain = hub.deadlines.drain;
        if hub.events.send(Event::Drain { after: drain }).await.is_ok() {
            tokio::time::sleep(drain).await;
            let _ = hub.events.send(Event::Stop).await;
        }
        let core = self.core;
        let ended = tokio::task::spawn_blocking(move || core.join()).await;
        // The last words are on their way: a runtime that ends now would cut them off.
        let patience = hub.deadlines.linger;
        let _ = tokio::time::timeout(patience, hub.door.emptied()).await;
        match ended {
            Ok(Ok(result)) => Ok(result?),
            _ => Err(ServeError::Crashed),
        }
    }
}

/// Starts a relay within the current tokio runtime.
///
/// # Errors
/// [`ServeError`]; nothing runs then.
pub async fn serve(config: Config) -> Result<Running, ServeError> {
    let origins = checked(&config)?;
    // Before anything is made: a taken port leaves no folder with a key of its own behind.
    let (listener, local_addr) = listen(config.listen)?;
    let metrics_listener = config.metrics.map(listen).transpose()?;
    let Opened {
        data,
        relay,
        founding_link,
    } = opened(&config, &origins, local_addr)?;
    let relay_key = relay.public_key();

    let metrics = Arc::new(Metrics::default());
    let (events, queue) = mpsc::channel(limits::CORE_EVENTS);
    let door = Door::new(config.caps, !config.behind_proxy, Arc::clone(&metrics));
    let hub = Arc::new(Hub::new(
        events,
        config.deadlines,
        door,
        Arc::clone(&metrics),
    ));
    let started = start_core(relay, queue, metrics, &data);
    let (core, ended) = started.map_err(|source| ServeError::Listen {
        address: config.listen,
        source,
    })?;
    let front = front(&config, origins, relay_key, &hub);
    let (stop, stopped) = watch::channel(());
    let metrics_addr = metrics_listener.as_ref().map(|(_, address)| *address);
    if let Some((listener, _)) = metrics_listener {
        show_metrics(listener, &hub, stopped.clone());
    }
    let door = Arc::clone(&hub.door);
    let accepting = accept(listener, Arc::clone(&hub), door, router(front), stopped);
    tokio::spawn(accepting);
    let ticker = tokio::spawn(tick(Arc::clone(&hub))).abort_handle();
    tracing::info!(%local_addr, %relay_key, "relay running");
    Ok(Running {
        local_addr,
        metrics_addr,
        relay_key,
        founding_link,
        stopper: Stopper { hub, ticker },
        stop,
        ended,
        core,
        _data: data,
    })
}

/// What browsers and clients are answered.
fn front(
    config: &Config,
    origins: Vec<String>,
    relay_key: SigningPublic,
    hub: &Arc<Hub>,
) -> Arc<Front> {
    // Behind a proxy every page would look like one of this machine.
    let at_home = is_loopback(config.listen) && !config.behind_proxy;
    let shows_metrics = at_home && config.metrics.is_none();
    Arc::new(Front {
        hub: Arc::clone(hub),
        site: Site::new(config.serve_web, relay_key, shows_metrics),
        origins: Origins {
            named: origins,
            loopback: at_home,
        },
    })
}

/// Metrics on a listener of their own: nobody who fills the relay's places keeps its operator from
/// seeing it.
fn show_metrics(listener: TcpListener, hub: &Arc<Hub>, stopped: watch::Receiver<()>) {
    let routes = metrics_router(Arc::clone(hub));
    let door = Door::new(metrics_caps(), true, Arc::clone(&hub.metrics));
    tokio::spawn(accept(listener, Arc::clone(hub), door, routes, stopped));
}

type StartedCore = (JoinHandle<Result<(), StoreError>>, oneshot::Receiver<()>);

fn start_core(
    relay: Relay<SqliteStore>,
    queue: mpsc::Receiver<Event>,
    metrics: Arc<Metrics>,
    data: &Arc<DataDir>,
) -> std::io::Result<StartedCore> {
    let (alive, ended) = oneshot::channel();
    let (token, clock) = (Arc::clone(data), Arc::clone(data));
    let founded = move || {
        // Dropped with the thread, whatever ends it: that is how `Running` learns of it.
        let _ = &alive;
        if let Err(error) = token.forget_founding_token() {
            tracing::error!(%error, "the used founding token could not be removed");
        }
    };
    let clock_right = move |time| {
        if let Err(error) = clock.keep_clock(time) {
            tracing::error!(%error, "the time could not be kept");
        }
    };
    let keeper = Keeper {
        founded: Box::new(founded),
        clock_right: Box::new(clock_right),
    };
    let core = core_thread::start(relay, queue, metrics, keeper)?;
    Ok((core, ended))
}

fn metrics_caps() -> Caps {
    Caps {
        per_address: limits::METRICS_CONNECTIONS,
        unauthenticated: limits::METRICS_CONNECTIONS,
        total: limits::METRICS_CONNECTIONS,
        facility_bytes: 0,
    }
}

async fn tick(hub: Arc<Hub>) {
    let mut interval =
        tokio::time::interval(std::time::Duration::from_millis(TICK_MS.unsigned_abs()));
    loop {
        interval.tick().await;
        // A full queue means that the core is awake anyway.
        let _ = hub.events.try_send(Event::Tick);
    }
}
