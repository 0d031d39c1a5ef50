//! What the roster refuses: one test per rule, each of which lets the entry pass without it.

mod founding;
mod grants;
mod ids_and_keys;
mod invitations;
mod place;
mod rotation;
mod signers;

use crate::home::*;
use crate::roster_rules::rotate;
use bytes::Bytes;
use ids::{AgreementPublic, ChainHash, LogId, StreamId, UnixMillis, limits};
use ids::{DeviceId, FacilityId, InviteId, PersonId, RosterHash, RosterSeq, Seq, SigningPublic};
use wire::roster::*;
use wire::{RosterBody, RosterEntry, RosterError, RosterState, SignerId, UnsignedEntry};

fn add(n: u8) -> RosterBody {
    Body::from(AddPerson {
        person: person_keys(n),
    })
    .0
}

/// A home in which person 10 may write `care` and do nothing else.
fn with_nurse() -> (Home, PersonId) {
    let mut home = Home::new();
    let nurse = home.add_person(10);
    home.admin(home.grant(nurse, Right::Write, acts::SIGN))
        .unwrap();
    (home, nurse)
}

/// An entry of the founder at a place of the caller's choice.
fn placed(facility: FacilityId, seq: u64, prev: RosterHash) -> RosterEntry {
    let founder = PersonId::from_bytes([FOUNDER; 16]);
    let unsigned = UnsignedEntry::new(facility, RosterSeq(seq), prev, founder, &add(10));
    unsigned
        .signed(&sign(&key(FOUNDER), &unsigned.message()))
        .unwrap()
}
