//! A relay's data and the relay over it, before anybody can reach it.

use std::net::SocketAddr;
use std::sync::Arc;

use ids::SigningPublic;
use zeroize::Zeroizing;

use super::ServeError;
use crate::config::{Config, Founding};
use crate::datadir::DataDir;
use crate::random::SystemRandom;
use crate::relay::{Relay, Settings};
use crate::shell::core_thread;
use crate::store::{LogStore, SqliteStore};

/// A relay that nobody drives yet.
pub(super) struct Opened {
    pub(super) data: Arc<DataDir>,
    pub(super) relay: Relay<SqliteStore>,
    /// A secret until it was used.
    pub(super) founding_link: Option<Zeroizing<String>>,
}

/// Takes hold of the data, opens the store and, where a facility may be founded, offers it.
pub(super) fn opened(
    config: &Config,
    origins: &[String],
    local_addr: SocketAddr,
) -> Result<Opened, ServeError> {
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
    if !empty {
        // Used, if the last run ended between storing the facility and removing the file.
        data.forget_founding_token()?;
    }
    let mut founding_link = None;
    if empty || config.founding == Founding::Always {
        let token = data.founding_token(random)?;
        relay.offer_founding(&token);
        let public = origins.first().filter(|_| config.behind_proxy);
        let link = link_to_found(public, local_addr, &relay.public_key(), &token);
        founding_link = Some(link);
    }
    Ok(Opened {
        data,
        relay,
        founding_link,
    })
}

/// `http://ADDRESS/found#…`: the relay's public key and a one-time token, in the fragment, which
/// browsers do not send.
fn link_to_found(
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
