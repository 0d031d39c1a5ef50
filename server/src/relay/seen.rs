//! What devices say is durable with them: the newest mark of each device and stream, gathered
//! between ticks so that a busy home costs one batch of signatures and one frame, and passed on to
//! the other devices that carry the stream.

use std::collections::{BTreeMap, BTreeSet};

use ids::{DeviceId, FacilityId, SigningPublic, StreamId};
use wire::message::{ErrorCode, SeenBy};
use wire::{SeenMark, verify_batch};

use super::Relay;
use super::clock::Uptime;
use super::output::{ConnId, frames_of};
use crate::store::LogStore;

/// Milliseconds between two writes of marks to the store: a mark that is lost is said again.
const KEEP_MS: i64 = 2_000;

type MarkKey = (FacilityId, DeviceId, StreamId);

/// Marks that wait.
#[derive(Debug, Default)]
pub(super) struct SeenQueue {
    /// Not verified yet.
    waiting: BTreeMap<MarkKey, (SeenMark, SigningPublic)>,
    /// Not written yet.
    unkept: BTreeSet<MarkKey>,
    kept: Uptime,
}

impl<S: LogStore> Relay<S> {
    pub(super) fn seen(&mut self, conn: ConnId, mark: SeenMark) {
        let Some(device) = self
            .sessions
            .get(&conn)
            .and_then(|session| session.device())
        else {
            return;
        };
        let Some(facility) = self.facilities.get(&device.facility) else {
            return;
        };
        let record = facility.roster.device(&device.device);
        let own = record.filter(|_| mark.device == device.device);
        let Some(record) = own.filter(|record| record.carries(&mark.stream)) else {
            return self.out.error(conn, ErrorCode::NotCarried, None);
        };
        let key = (facility.id, mark.device, mark.stream);
        self.seen.waiting.insert(key, (mark, record.keys.signing));
    }

    /// Verifies what came since the last tick and passes it on.
    pub(super) fn pass_on_seen(&mut self, now: Uptime) {
        let waiting = std::mem::take(&mut self.seen.waiting);
        let mut news: BTreeMap<(FacilityId, StreamId), Vec<SeenMark>> = BTreeMap::new();
        for (key, mark) in verified(waiting) {
            let (facility, device, stream) = key;
            let Some(facility) = self.facilities.get_mut(&facility) else {
                continue;
            };
            let known = facility.seen.get(&(device, stream));
            if known.is_some_and(|known| known.log_id == mark.log_id && known.seq >= mark.seq) {
                continue;
            }
            facility.seen.insert((device, stream), mark);
            self.seen.unkept.insert(key);
            news.entry((facility.id, stream)).or_default().push(mark);
        }
        for ((facility, stream), marks) in news {
            self.send_seen(facility, stream, marks);
        }
        if now.since(self.seen.kept) >= KEEP_MS {
            self.seen.kept = now;
            self.keep_seen();
        }
    }

    fn send_seen(&mut self, facility: FacilityId, stream: StreamId, marks: Vec<SeenMark>) {
        let Some(facility) = self.facilities.get(&facility) else {
            return;
        };
        let Some(frames) = frames_of(SeenBy {
            marks: marks.clone(),
        }) else {
            return;
        };
        for conn in &facility.conns {
            let Some(session) = self.sessions.get_mut(conn) else {
                continue;
            };
            let Some(device) = session.device().filter(|device| !device.removed) else {
                continue;
            };
            let record = facility.roster.device(&device.device);
            let only_own = marks.iter().all(|mark| mark.device == device.device);
            if only_own || !record.is_some_and(|record| record.carries(&stream)) {
                continue;
            }
            if session.paused {
                session.missed_seen = true;
            } else {
                self.out.frames(*conn, &frames);
            }
        }
    }

    /// Sends a device all marks of the streams it carries.
    pub(super) fn send_all_seen(&mut self, conn: ConnId) {
        let Some(device) = self
            .sessions
            .get(&conn)
            .and_then(|session| session.device())
        else {
            return;
        };
        let Some(facility) = self.facilities.get(&device.facility) else {
            return;
        };
        let carried = facility.carried(&device.device);
        let known = facility
            .seen
            .values()
            .filter(|mark| carried.contains(&mark.stream));
        let marks: Vec<SeenMark> = known.copied().collect();
        if !marks.is_empty() {
            self.out.message(conn, SeenBy { marks });
        }
    }

    /// Writes the marks that changed.
    pub(super) fn keep_seen(&mut self) {
        let mut by_facility: BTreeMap<FacilityId, Vec<SeenMark>> = BTreeMap::new();
        for (facility, device, stream) in std::mem::take(&mut self.seen.unkept) {
            let known = self.facilities.get(&facility);
            if let Some(mark) = known.and_then(|f| f.seen.get(&(device, stream))) {
                by_facility.entry(facility).or_default().push(*mark);
            }
        }
        for (facility, marks) in by_facility {
            let kept = self.store.keep_seen(facility, &marks);
            // A mark that was not kept is said again when its device reconnects.
            let _ = self.stored(kept);
        }
    }
}

/// The marks whose signature fits.
fn verified(
    waiting: BTreeMap<MarkKey, (SeenMark, SigningPublic)>,
) -> impl Iterator<Item = (MarkKey, SeenMark)> {
    let messages: Vec<Vec<u8>> = waiting.values().map(|(mark, _)| mark.message()).collect();
    let items: Vec<_> = waiting
        .values()
        .zip(&messages)
        .map(|((mark, key), message)| (message.as_slice(), mark.signature, *key))
        .collect();
    let all_good = verify_batch(&items);
    waiting.into_iter().filter_map(move |(place, (mark, key))| {
        (all_good || mark.verify(&key).is_ok()).then_some((place, mark))
    })
}
