//! The wraps that travel beside roster entries: which an entry lists, and whether those that
//! came are exactly those.

use super::RosterEntry;
use super::body::RosterBody;
use super::charter::DEVICES;
use crate::hash::{stream_id, wrap_hash};
use bytes::Bytes;
use ids::{RosterSeq, StreamId, WrapHash};

/// A wrap that an entry lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListedWrap {
    /// The entry.
    pub roster_seq: RosterSeq,
    /// The stream whose key is wrapped.
    pub stream: StreamId,
    /// H of the wrap.
    pub hash: WrapHash,
}

/// The wraps that came are not those listed. Whoever sent them is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrapsError {
    /// Fewer or more came.
    #[error("{found} wraps came where {listed} are listed")]
    Count {
        /// How many the entries list.
        listed: usize,
        /// How many came.
        found: usize,
    },
    /// One is not the one listed at its place.
    #[error("a wrap is not the one listed")]
    Hash,
}

impl RosterEntry {
    /// The wraps it lists, in the order in which they travel.
    pub fn listed_wraps(&self) -> Vec<ListedWrap> {
        let roster_seq = self.head().seq;
        let of = |stream: StreamId, wraps: &[WrapHash]| -> Vec<ListedWrap> {
            wraps
                .iter()
                .map(|hash| ListedWrap {
                    roster_seq,
                    stream,
                    hash: *hash,
                })
                .collect()
        };
        match self.body() {
            RosterBody::Found(body) => body
                .wraps
                .iter()
                .flat_map(|w| of(w.stream, &w.wraps))
                .collect(),
            RosterBody::RekeyPerson(body) => body
                .wraps
                .iter()
                .flat_map(|w| of(w.stream, &w.wraps))
                .collect(),
            RosterBody::AddDevice(body) => {
                of(stream_id(&self.head().facility, DEVICES), &body.wraps)
            }
            RosterBody::Grant(body) => of(body.stream, &body.wraps),
            RosterBody::Rotate(body) => of(body.stream, &body.wraps),
            RosterBody::RecoveryUsed(body) => body
                .grants
                .iter()
                .flat_map(|g| of(g.stream, &g.wraps))
                .chain(
                    body.wraps
                        .iter()
                        .flatten()
                        .flat_map(|w| of(w.stream, &w.wraps)),
                )
                .collect(),
            RosterBody::NewSheet(body) => body
                .wraps
                .iter()
                .flatten()
                .flat_map(|w| of(w.stream, &w.wraps))
                .collect(),
            RosterBody::AddPerson(_)
            | RosterBody::RemovePerson(_)
            | RosterBody::RemoveDevice(_)
            | RosterBody::Invite(_)
            | RosterBody::Accept(_)
            | RosterBody::RelayKey(_)
            | RosterBody::NewLog(_)
            | RosterBody::Policy(_)
            | RosterBody::Destroy(_)
            | RosterBody::Clock(_)
            | RosterBody::WithdrawInvite(_)
            | RosterBody::Unknown { .. } => Vec::new(),
        }
    }
}

/// Pairs the wraps that came with `entries` with what these list, in order.
///
/// # Errors
/// [`WrapsError`] unless they are exactly those.
pub fn match_wraps<'a>(
    entries: impl IntoIterator<Item = &'a RosterEntry>,
    wraps: &[Bytes],
) -> Result<Vec<(ListedWrap, Bytes)>, WrapsError> {
    let listed: Vec<_> = entries
        .into_iter()
        .flat_map(RosterEntry::listed_wraps)
        .collect();
    if listed.len() != wraps.len() {
        return Err(WrapsError::Count {
            listed: listed.len(),
            found: wraps.len(),
        });
    }
    let mut paired = Vec::with_capacity(wraps.len());
    for (listed, wrap) in listed.into_iter().zip(wraps) {
        if wrap_hash(wrap) != listed.hash {
            return Err(WrapsError::Hash);
        }
        paired.push((listed, wrap.clone()));
    }
    Ok(paired)
}
