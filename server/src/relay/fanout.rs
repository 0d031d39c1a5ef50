//! New rows to everybody who reads the stream: encoded once, shared by all. Who pushed a row does
//! not get it back; who has no room falls back to its cursor.

use std::collections::BTreeMap;

use bytes::Bytes;
use ids::{FacilityId, LogId, Seq, StreamId, limits};
use wire::Message;
use wire::log::Receipt;
use wire::message::{Item, Items, Lagged};

use super::facility::StreamLog;
use super::group::Fresh;
use super::output::{ConnId, frames_of};
use super::{Identity, Relay};
use crate::store::LogStore;

/// Bytes of an item beside its envelope, at most.
const ITEM_OVERHEAD: usize = 24;
/// Bytes of an `Items` beside its rows, at most.
const ITEMS_OVERHEAD: usize = 64;

/// The frames of some rows, and what they cost.
#[derive(Debug, Default)]
pub(super) struct Portion {
    pub(super) frames: Vec<Bytes>,
    /// Bytes of envelopes, as credit counts them.
    pub(super) bytes: i64,
    pub(super) envelopes: u64,
}

impl Portion {
    /// Puts rows into as few frames as they need; `first` is the position the first speaks of.
    pub(super) fn of(stream: StreamId, log_id: LogId, first: Seq, rows: Vec<Item>) -> Self {
        let mut portion = Self::default();
        let (mut group, mut size, mut first) = (Vec::new(), ITEMS_OVERHEAD, first);
        for row in rows {
            let len = row.envelope.len() + ITEM_OVERHEAD;
            let full =
                size + len > limits::FRAME_BYTES || group.len() >= limits::GROUP_COMMIT_ENVELOPES;
            if full && !group.is_empty() {
                let next = row.seq;
                portion.add(Items {
                    stream,
                    log_id,
                    first,
                    rows: std::mem::take(&mut group),
                });
                (size, first) = (ITEMS_OVERHEAD, next);
            }
            size += len;
            group.push(row);
        }
        if !group.is_empty() {
            portion.add(Items {
                stream,
                log_id,
                first,
                rows: group,
            });
        }
        portion
    }

    fn add(&mut self, items: Items) {
        let bytes: usize = items.rows.iter().map(|row| row.envelope.len()).sum();
        self.bytes = self
            .bytes
            .saturating_add(i64::try_from(bytes).unwrap_or(i64::MAX));
        self.envelopes += items.rows.len() as u64;
        // One envelope and its overhead is within a message; `MESSAGE_BYTES` says so.
        self.frames.extend(frames_of(items).unwrap_or_default());
    }
}

impl StreamLog {
    /// The receipt for the head, signed once; `None` for an empty log.
    pub(super) fn receipt(&mut self, identity: &Identity) -> Option<Bytes> {
        let head = self.head;
        if head.seq == Seq(0) {
            return None;
        }
        let signed = self.receipt.get_or_insert_with(|| {
            let mut receipt = Receipt {
                log_id: head.log_id,
                stream: head.stream,
                seq: head.seq,
                chain: head.chain,
                roster_seq: head.roster_seq,
                signature: ids::Signature::ZERO,
            };
            receipt.signature = identity.sign(&receipt.message());
            Message::from(receipt).encode()
        });
        Some(signed.clone())
    }
}

impl<S: LogStore> Relay<S> {
    /// Sends rows that were just stored. The stream's head stands at the last of them.
    pub(super) fn fan_out(&mut self, facility: FacilityId, stream: StreamId, rows: &[Fresh]) {
        let Some(facility) = self.facilities.get_mut(&facility) else {
            return;
        };
        let Some(log) = facility.streams.get_mut(&stream) else {
            return;
        };
        let Some(first) = rows.first().map(|row| row.item.seq) else {
            return;
        };
        let receipt = log.receipt(&self.identity);
        let after = log.head.seq.next().unwrap_or(log.head.seq);
        // One portion for all who pushed none of it, one for each who did.
        let mut portions: BTreeMap<Option<ConnId>, Portion> = BTreeMap::new();
        for conn in &log.readers {
            let Some(session) = self.sessions.get_mut(conn) else {
                continue;
            };
            let paused = session.paused;
            let Some(device) = session.device_mut() else {
                continue;
            };
            let credit = device.credit;
            let Some(tail) = device.tail_mut(&stream).filter(|tail| tail.live) else {
                continue;
            };
            if paused || credit <= 0 {
                tail.live = false;
                self.counts.readers_lagged += 1;
                self.out.frame(
                    *conn,
                    Message::from(Lagged {
                        stream,
                        from: tail.next,
                    })
                    .encode(),
                );
                continue;
            }
            tail.next = after;
            let pushed = rows.iter().any(|row| row.conn == *conn);
            let portion = portions.entry(pushed.then_some(*conn)).or_insert_with(|| {
                let others = rows.iter().filter(|row| !pushed || row.conn != *conn);
                let others = others.map(|row| row.item.clone()).collect();
                Portion::of(stream, log.head.log_id, first, others)
            });
            device.credit = device.credit.saturating_sub(portion.bytes);
            self.counts.envelopes_delivered += portion.envelopes;
            // First, so that whoever takes in the last row keeps both at once.
            if let Some(receipt) = &receipt {
                self.out.frame(*conn, receipt.clone());
            }
            self.out.frames(*conn, &portion.frames);
        }
    }
}
