//! Starts a relay: checks what it was told, takes hold of its data, opens the store, starts the
//! core thread, listens.

use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;

use ids::{SigningPublic, limits};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::AbortHandle;
use zeroize::Zeroizing;

use crate::config::{Caps, Config, Founding};
use crate::datadir::{DataDir, DataDirError};
use crate::metrics::Metrics;
use crate::random::SystemRandom;
use crate::relay::{Relay, Settings};
use crate::shell::Door;
use crate::shell::accept::accept;
use crate::shell::core_thread::{self, Keeper, TICK_MS};
use crate::shell::hub::{Event, Hub};
use crate::shell::routes::{Front, metrics_router, router};
use crate::shell::upgrade::{Origins, parse_origin};
use crate::store::{LogStore, SqliteStore, StoreError};
use crate::web::Site;

/// Connections the system holds until they are accepted.
const BACKLOG: u32 = 1_024;

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

/// Starts a relay within the current tokio runtime.
///
/// # Errors
/// [`ServeError`]; nothing runs then.
pub async fn serve(config: Config) -> Result<Running, ServeError> {
    let loopback = is_loopback(config.listen);
    if !loopback && !config.behind_proxy {
        return Err(ServeError::NeedsTls(config.listen));
    }
    if let Some(abroad) = config.metrics.filter(|address| !is_loopback(*address)) {
        return Err(ServeError::MetricsAbroad(abroad));
    }
    let origins = origins_of(&config)?;
    let listen_failed = |source| ServeError::Listen {
        address: config.listen,
        source,
    };
    // Before anything is made: a taken port leaves no folder with a key of its own behind.
    let (listener, local_addr) = listen(config.listen)?;
    let metrics_listener = match config.metrics {
        Some(address) => Some(listen(address)?),
        None => None,
    };
    let random = &mut SystemRandom;
    let data = Arc::new(DataDir::open(&config.data)?);
    let mut store = SqliteStore::open(&data.database()?)?;
    let empty = store.facilities()?.is_empty();
    let identity = data.identity(random)?;
    let settings = Settings {
        facility_bytes: config.caps.facility_bytes,
        handshake_ms: i64::try_from(config.deadlines.handshake.as_millis()).unwrap_or(i64::MAX),
    };
    let mut relay = Relay::new(store, identity, data.log_id(random)?, settings);
    let kept = data.clock()?.filter(|_| !config.clock_is_right);
    relay.clock_was_right_at(kept.unwrap_or_else(core_thread::now));
    let relay_key = relay.public_key();

    if !empty {
        // Used, if the last run ended between storing the facility and removing the file.
        data.forget_founding_token()?;
    }
    let founding_link = if empty || config.founding == Founding::Always {
        let token = data.founding_token(random)?;
        relay.offer_founding(&token);
        Some(founding_link(
            origins.first().filter(|_| config.behind_proxy),
            local_addr,
            &relay_key,
            &token,
        ))
    } else {
        None
    };

    let metrics = Arc::new(Metrics::default());
    let (events, queue) = mpsc::channel(limits::CORE_EVENTS);
    let door = Door::new(config.caps, !config.behind_proxy, Arc::clone(&metrics));
    let hub = Arc::new(Hub::new(
        events,
        config.deadlines,
        door,
        Arc::clone(&metrics),
    ));
    let (core, ended) = start_core(relay, queue, metrics, &data).map_err(listen_failed)?;

    let front = Arc::new(Front {
        hub: Arc::clone(&hub),
        site: Site::new(
            config.serve_web,
            relay_key,
            loopback && !config.behind_proxy && metrics_listener.is_none(),
        ),
        origins: Origins {
            named: origins,
            // Behind a proxy every page would look like one of this machine.
            loopback: loopback && !config.behind_proxy,
        },
    });
    let (stop, stopped) = watch::channel(());
    let mut metrics_addr = None;
    if let Some((listener, address)) = metrics_listener {
        metrics_addr = Some(address);
        let routes = metrics_router(Arc::clone(&hub));
        // Nobody who fills the relay's places keeps its operator from seeing it.
        let door = Door::new(metrics_caps(), true, Arc::clone(&hub.metrics));
        let hub = Arc::clone(&hub);
        tokio::spawn(accept(listener, hub, door, routes, stopped.clone()));
    }
    let door = Arc::clone(&hub.door);
    tokio::spawn(accept(
        listener,
        Arc::clone(&hub),
        door,
        router(front),
        stopped,
    ));
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

/// The origins as browsers send them.
fn origins_of(config: &Config) -> Result<Vec<String>, ServeError> {
    if config.behind_proxy && config.serve_web && config.origins.is_empty() {
        return Err(ServeError::NeedsOrigin);
    }
    let parsed = config
        .origins
        .iter()
        .map(|origin| parse_origin(origin).ok_or_else(|| ServeError::NotAnOrigin(origin.clone())));
    parsed.collect()
}

fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr), ServeError> {
    let failed = |source| ServeError::Listen { address, source };
    let listener = bind(address).map_err(failed)?;
    let local = listener.local_addr().map_err(failed)?;
    Ok((listener, local))
}

/// Connections inherit the bound on what the system keeps for them: without it megabytes wait there
/// for a slow line, and neither its progress nor its silence is seen here.
fn bind(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    // As the standard library does: a relay that is started again gets its port back at once.
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(limits::SEND_BUFFER_BYTES)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
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

/// `http://ADDRESS/found#…`: the relay's public key and a one-time token, in the fragment, which
/// browsers do not send.
fn founding_link(
    public: Option<&String>,
    local_addr: SocketAddr,
    relay_key: &SigningPublic,
    token: &[u8; 16],
) -> Zeroizing<String> {
    let origin = public
        .cloned()
        .unwrap_or_else(|| format!("http://{local_addr}"));
    let secret = Zeroizing::new([relay_key.as_bytes().as_slice(), token].concat());
    let fragment = Zeroizing::new(data_encoding::BASE64URL_NOPAD.encode(&secret));
    Zeroizing::new(format!("{origin}/found#{}", fragment.as_str()))
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
