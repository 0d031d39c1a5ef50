//! One facility in memory: its roster, its streams' heads, who is connected.

use std::collections::{BTreeMap, BTreeSet};

use bytes::Bytes;
use ids::{DeviceId, FacilityId, InviteId, LogId, RosterSeq, StreamId, UnixMillis, limits};
use wire::{RosterError, RosterState, SeenMark, chain_start};

use super::output::ConnId;
use crate::store::{LogStore, StoreError, StreamHead};

/// Everything the relay needs at hand about a facility.
#[derive(Debug)]
pub(super) struct Facility {
    pub(super) id: FacilityId,
    pub(super) roster: RosterState,
    /// When the next grant or invitation ends by itself.
    pub(super) next_end: Option<UnixMillis>,
    pub(super) streams: BTreeMap<StreamId, StreamLog>,
    /// Bytes stored.
    pub(super) bytes: u64,
    /// Invitations that are over and whose blobs are erased.
    pub(super) erased: BTreeSet<InviteId>,
    pub(super) seen: BTreeMap<(DeviceId, StreamId), SeenMark>,
    /// Connections of this facility, oldest first.
    pub(super) conns: BTreeSet<ConnId>,
}

/// One stream's log.
#[derive(Debug)]
pub(super) struct StreamLog {
    pub(super) head: StreamHead,
    pub(super) kind: StreamKind,
    /// Connections that asked for it.
    pub(super) readers: BTreeSet<ConnId>,
    /// The receipt for the head, once it was signed.
    pub(super) receipt: Option<Bytes>,
}

/// Why a facility cannot be taken into memory.
#[derive(Debug, thiserror::Error)]
pub(super) enum LoadError {
    /// The store failed, for all facilities.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Its own roster does not hold together. The others' do, for all that is known.
    #[error("roster entry {0}: {1}")]
    Roster(u64, RosterError),
}

/// What kinds of envelope belong in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamKind {
    /// Keyslots.
    Devices,
    /// Records.
    Audit,
    /// Documents.
    Documents,
}

impl StreamKind {
    fn of(name: &str) -> Self {
        match name {
            wire::roster::DEVICES => Self::Devices,
            "audit" => Self::Audit,
            _ => Self::Documents,
        }
    }
}

impl Facility {
    /// Reads a facility from the store; `None` when it is not kept there.
    ///
    /// # Errors
    /// See [`LoadError`].
    pub(super) fn load(
        store: &mut impl LogStore,
        id: FacilityId,
    ) -> Result<Option<Self>, LoadError> {
        let mut roster = RosterState::new();
        loop {
            let (head, _) = roster.head();
            let items = store.roster(id, head, limits::MESSAGE_BYTES)?;
            if items.is_empty() {
                break;
            }
            for item in &items {
                roster.apply(item).map_err(|error| {
                    let next = roster.head().0.0.saturating_add(1);
                    LoadError::Roster(next, error)
                })?;
            }
        }
        if roster.facility().is_none() {
            return Ok(None);
        }
        let heads = store.heads(id)?;
        let mut facility = Self {
            id,
            next_end: roster.next_end(),
            roster,
            streams: BTreeMap::new(),
            bytes: store.usage(id)?,
            erased: BTreeSet::new(),
            seen: BTreeMap::new(),
            conns: BTreeSet::new(),
        };
        for head in heads {
            facility.open(head);
        }
        facility.seen.extend(
            store
                .seen(id)?
                .into_iter()
                .map(|m| ((m.device, m.stream), m)),
        );
        Ok(Some(facility))
    }

    /// One that was just founded.
    pub(super) fn founded(
        id: FacilityId,
        roster: RosterState,
        opened: Vec<StreamHead>,
        bytes: u64,
    ) -> Self {
        let mut facility = Self {
            id,
            next_end: roster.next_end(),
            roster,
            streams: BTreeMap::new(),
            bytes,
            erased: BTreeSet::new(),
            seen: BTreeMap::new(),
            conns: BTreeSet::new(),
        };
        for head in opened {
            facility.open(head);
        }
        facility
    }

    /// Invitations that are over by now and whose blobs may still be there.
    pub(super) fn over(&self, time: UnixMillis) -> impl Iterator<Item = InviteId> {
        let over = self.roster.invites().filter(move |i| time >= i.expires);
        over.map(|invite| invite.id)
            .filter(|invite| !self.erased.contains(invite))
    }

    /// Takes over a roster that grew.
    pub(super) fn follow(&mut self, roster: RosterState) {
        self.next_end = roster.next_end();
        self.roster = roster;
    }

    /// Begins the log of a stream that the roster has opened.
    pub(super) fn open(&mut self, head: StreamHead) {
        let name = self
            .roster
            .stream(&head.stream)
            .map_or("", |stream| stream.name.as_str());
        let kind = StreamKind::of(name);
        let log = StreamLog {
            head,
            kind,
            readers: BTreeSet::new(),
            receipt: None,
        };
        self.streams.insert(head.stream, log);
    }

    /// The streams a device carries now, in the order of their ids.
    pub(super) fn carried(&self, device: &DeviceId) -> Vec<StreamId> {
        let device = self.roster.device(device);
        let carries = |stream: &&StreamId| device.is_some_and(|device| device.carries(stream));
        self.streams.keys().filter(carries).copied().collect()
    }

    pub(super) fn forget(&mut self, conn: ConnId) {
        self.conns.remove(&conn);
        for log in self.streams.values_mut() {
            log.readers.remove(&conn);
        }
    }
}

/// The empty logs of the streams in `roster` that are not in `known`.
pub(super) fn new_logs(
    facility: &FacilityId,
    roster: &RosterState,
    known: &BTreeMap<StreamId, StreamLog>,
    log_id: LogId,
) -> Vec<StreamHead> {
    let new = roster
        .streams()
        .filter(|stream| !known.contains_key(&stream.id));
    new.map(|stream| StreamHead {
        stream: stream.id,
        log_id,
        seq: ids::Seq(0),
        chain: chain_start(facility, &stream.id, &log_id),
        roster_seq: RosterSeq(0),
    })
    .collect()
}
