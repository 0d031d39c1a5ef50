//! Where a relay may listen, and the sockets it listens with.

use std::net::SocketAddr;

use ids::limits;
use tokio::net::{TcpListener, TcpSocket};

use super::ServeError;
use crate::config::Config;
use crate::shell::upgrade::parse_origin;

/// Connections the system holds until they are accepted.
const BACKLOG: u32 = 1_024;

/// A socket that listens, and its address as the system gave it.
pub(super) type Listening = (TcpListener, SocketAddr);

/// Refuses what must not be served, before anything is made; the origins as browsers send them.
pub(super) fn checked(config: &Config) -> Result<Vec<String>, ServeError> {
    if !is_loopback(config.listen) && !config.behind_proxy {
        return Err(ServeError::NeedsTls(config.listen));
    }
    if let Some(abroad) = config.metrics.filter(|address| !is_loopback(*address)) {
        return Err(ServeError::MetricsAbroad(abroad));
    }
    origins_of(config)
}

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

pub(super) fn is_loopback(address: SocketAddr) -> bool {
    address.ip().to_canonical().is_loopback()
}

pub(super) fn listen(address: SocketAddr) -> Result<Listening, ServeError> {
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
