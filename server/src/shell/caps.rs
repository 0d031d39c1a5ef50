//! Counts connections: in all, unauthenticated, and per address. A slot counts itself out when it
//! is dropped, whatever the reason.
//!
//! Strangers cannot shut anybody out: where there is no place left, whoever comes takes that of the
//! oldest connection that has not authenticated, of the address that holds most of those. An honest
//! handshake takes far less time than a flood needs to get round to it.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::config::Caps;
use crate::metrics::Metrics;

/// Why a connection is turned away: nobody there is a stranger who could make room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    Total,
    Unauthenticated,
    Address,
}

/// The doorkeeper.
#[derive(Debug)]
pub(crate) struct Door {
    caps: Caps,
    count_addresses: bool,
    metrics: Arc<Metrics>,
    places: Mutex<Places>,
    emptied: Notify,
}

#[derive(Debug, Default)]
struct Places {
    total: usize,
    /// The number the next stranger gets: the lowest is the oldest.
    next: u64,
    strangers: BTreeMap<u64, Stranger>,
    addresses: HashMap<IpAddr, Address>,
}

#[derive(Debug)]
struct Stranger {
    address: IpAddr,
    leave: Arc<Notify>,
}

#[derive(Debug, Default)]
struct Address {
    connections: usize,
    strangers: BTreeSet<u64>,
}

/// One connection's place.
#[derive(Debug)]
pub(crate) struct Slot {
    door: Arc<Door>,
    address: IpAddr,
    /// While it has not authenticated: its number, and who wakes when it must leave.
    stranger: Option<(u64, Arc<Notify>)>,
}

impl Door {
    pub(crate) fn new(caps: Caps, count_addresses: bool, metrics: Arc<Metrics>) -> Arc<Self> {
        Arc::new(Self {
            caps,
            count_addresses,
            metrics,
            places: Mutex::default(),
            emptied: Notify::new(),
        })
    }

    /// Takes a place for an unauthenticated connection, and says who wakes when it is given away.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Result<(Slot, Arc<Notify>), Full> {
        let address = address.to_canonical();
        let mut places = self.places();
        let here = places.addresses.get(&address);
        let here = here.map_or(0, |here| here.connections);
        if self.count_addresses && here >= self.caps.per_address {
            self.make_room(&mut places, Some(address))
                .ok_or(Full::Address)?;
        }
        if places.strangers.len() >= self.caps.unauthenticated {
            self.make_room(&mut places, None)
                .ok_or(Full::Unauthenticated)?;
        }
        if places.total >= self.caps.total {
            self.make_room(&mut places, None).ok_or(Full::Total)?;
        }
        let number = places.next;
        places.next += 1;
        places.total += 1;
        let leave = Arc::new(Notify::new());
        let here = places.addresses.entry(address).or_default();
        here.connections += 1;
        here.strangers.insert(number);
        let stranger = Stranger {
            address,
            leave: Arc::clone(&leave),
        };
        places.strangers.insert(number, stranger);
        let slot = Slot {
            door: Arc::clone(self),
            address,
            stranger: Some((number, Arc::clone(&leave))),
        };
        Ok((slot, leave))
    }

    /// Sends the oldest stranger away: of this address, else of the one that holds most of them.
    fn make_room(&self, places: &mut Places, of: Option<IpAddr>) -> Option<()> {
        let oldest = match of {
            Some(address) => places.addresses.get(&address)?.strangers.first().copied(),
            None => {
                let held = places.addresses.values();
                let oldest = held.filter_map(|a| Some((a.strangers.len(), *a.strangers.first()?)));
                oldest
                    .max_by_key(|(count, first)| (*count, Reverse(*first)))
                    .map(|(_, first)| first)
            }
        }?;
        let stranger = places.strangers.remove(&oldest)?;
        places.forget(stranger.address, Some(oldest));
        Metrics::count(&self.metrics.connections_evicted);
        stranger.leave.notify_one();
        Some(())
    }

    /// Waits until nobody is left. Safe to cancel.
    pub(crate) async fn emptied(&self) {
        loop {
            let emptied = self.emptied.notified();
            if self.open().0 == 0 {
                return;
            }
            emptied.await;
        }
    }

    /// Connections in all, and those that have not authenticated.
    pub(crate) fn open(&self) -> (usize, usize) {
        let places = self.places();
        (places.total, places.strangers.len())
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        // Plain numbers: a panic elsewhere cannot have left them half changed.
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    fn forget(&mut self, address: IpAddr, stranger: Option<u64>) {
        self.total = self.total.saturating_sub(1);
        if let Some(here) = self.addresses.get_mut(&address) {
            here.connections = here.connections.saturating_sub(1);
            if let Some(number) = stranger {
                here.strangers.remove(&number);
            }
            if here.connections == 0 {
                self.addresses.remove(&address);
            }
        }
    }
}

impl Slot {
    /// The connection has authenticated; `false` when its place was given away before.
    #[must_use]
    pub(crate) fn admit(&mut self) -> bool {
        let Some((number, _)) = self.stranger else {
            return true;
        };
        let mut places = self.door.places();
        if places.strangers.remove(&number).is_none() {
            return false;
        }
        if let Some(here) = places.addresses.get_mut(&self.address) {
            here.strangers.remove(&number);
        }
        drop(places);
        self.stranger = None;
        true
    }

    /// Waits until the place is given away; for ever once the connection has authenticated. Safe to
    /// cancel.
    pub(crate) async fn given_away(&self) {
        match &self.stranger {
            Some((_, leave)) => leave.notified().await,
            None => std::future::pending().await,
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut places = self.door.places();
        match self.stranger {
            Some((number, _)) => {
                // Else it was counted out when its place was given away.
                if places.strangers.remove(&number).is_some() {
                    places.forget(self.address, Some(number));
                }
            }
            None => places.forget(self.address, None),
        }
        if places.total == 0 {
            self.door.emptied.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(per_address: usize, unauthenticated: usize, total: usize) -> Arc<Door> {
        let caps = Caps {
            per_address,
            unauthenticated,
            total,
            facility_bytes: 0,
        };
        Door::new(caps, true, Arc::new(Metrics::default()))
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    fn members(door: &Arc<Door>, of: u8, count: usize) -> Vec<Slot> {
        let member = |_| {
            let mut slot = door.enter(address(of)).unwrap().0;
            assert!(slot.admit());
            assert!(slot.admit());
            slot
        };
        (0..count).map(member).collect()
    }

    #[test]
    fn members_keep_their_places_to_the_last() {
        let door = door(2, 10, 3);
        let mut here = members(&door, 1, 2);
        assert_eq!(door.enter(address(1)).unwrap_err(), Full::Address);
        let _there = members(&door, 2, 1);
        assert_eq!(door.enter(address(3)).unwrap_err(), Full::Total);
        drop(here.pop());
        assert_eq!(door.open(), (2, 0));
        assert!(door.enter(address(1)).is_ok());
    }

    #[test]
    fn the_address_with_most_strangers_makes_room_oldest_first() {
        let door = door(9, 3, 9);
        let mut honest = door.enter(address(1)).unwrap().0;
        let mut first = door.enter(address(2)).unwrap().0;
        let mut second = door.enter(address(2)).unwrap().0;
        let mut newcomer = door.enter(address(3)).unwrap().0;
        assert_eq!(door.open(), (3, 3));
        assert!(!first.admit());
        assert!(second.admit() && honest.admit() && newcomer.admit());
        drop(first);
        assert_eq!(door.open(), (3, 0));
    }

    #[test]
    fn an_address_at_its_share_makes_room_of_its_own() {
        let door = door(2, 9, 9);
        let mut other = door.enter(address(7)).unwrap().0;
        let mut first = door.enter(address(1)).unwrap().0;
        let _member = members(&door, 1, 1);
        let mut second = door.enter(address(1)).unwrap().0;
        assert!(!first.admit());
        assert!(second.admit() && other.admit());
    }
}
