//! Counts connections: in all, unauthenticated, and per address. A slot counts itself out when it
//! is dropped, whatever the reason.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use crate::config::Caps;

/// Why a connection is turned away.
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
    counts: Mutex<Counts>,
}

#[derive(Debug, Default)]
struct Counts {
    total: usize,
    unauthenticated: usize,
    per_address: HashMap<IpAddr, usize>,
}

/// One connection's place.
#[derive(Debug)]
pub(crate) struct Slot {
    door: Arc<Door>,
    address: IpAddr,
    admitted: bool,
}

impl Door {
    pub(crate) fn new(caps: Caps, count_addresses: bool) -> Arc<Self> {
        Arc::new(Self {
            caps,
            count_addresses,
            counts: Mutex::default(),
        })
    }

    /// Takes a place for an unauthenticated connection.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Result<Slot, Full> {
        let address = address.to_canonical();
        let mut counts = self.counts();
        if counts.total >= self.caps.total {
            return Err(Full::Total);
        }
        if counts.unauthenticated >= self.caps.unauthenticated {
            return Err(Full::Unauthenticated);
        }
        let here = counts.per_address.entry(address).or_default();
        if self.count_addresses && *here >= self.caps.per_address {
            return Err(Full::Address);
        }
        *here += 1;
        counts.total += 1;
        counts.unauthenticated += 1;
        Ok(Slot {
            door: Arc::clone(self),
            address,
            admitted: false,
        })
    }

    /// Connections in all, and those that have not authenticated.
    pub(crate) fn open(&self) -> (usize, usize) {
        let counts = self.counts();
        (counts.total, counts.unauthenticated)
    }

    fn counts(&self) -> std::sync::MutexGuard<'_, Counts> {
        // Plain numbers: a panic elsewhere cannot have left them half changed.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Slot {
    /// The connection has authenticated.
    pub(crate) fn admit(&mut self) {
        if !self.admitted {
            self.admitted = true;
            let mut counts = self.door.counts();
            counts.unauthenticated = counts.unauthenticated.saturating_sub(1);
        }
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut counts = self.door.counts();
        counts.total = counts.total.saturating_sub(1);
        if !self.admitted {
            counts.unauthenticated = counts.unauthenticated.saturating_sub(1);
        }
        if let Some(here) = counts.per_address.get_mut(&self.address) {
            *here = here.saturating_sub(1);
            if *here == 0 {
                counts.per_address.remove(&self.address);
            }
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
        Door::new(caps, true)
    }

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    #[test]
    fn the_last_place_is_given_and_the_next_is_not() {
        let door = door(2, 10, 10);
        let first = door.enter(address(1)).unwrap();
        let _second = door.enter(address(1)).unwrap();
        assert_eq!(door.enter(address(1)).unwrap_err(), Full::Address);
        assert!(door.enter(address(2)).is_ok());
        drop(first);
        assert!(door.enter(address(1)).is_ok());
    }

    #[test]
    fn an_admitted_connection_leaves_room_for_another_stranger() {
        let door = door(9, 1, 2);
        let mut first = door.enter(address(1)).unwrap();
        assert_eq!(door.enter(address(2)).unwrap_err(), Full::Unauthenticated);
        first.admit();
        first.admit();
        let _second = door.enter(address(2)).unwrap();
        assert_eq!(door.enter(address(3)).unwrap_err(), Full::Total);
        assert_eq!(door.open(), (2, 1));
    }
}
