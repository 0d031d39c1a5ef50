//! Envelopes that arrived but cannot be applied yet: their key, or what they build on, is missing.
//! Kept in `log.db`, so that a restart forgets none of them.

mod queue;

use super::Engine;
use super::trouble::Trouble;
use crate::log::{FactKind, LogChange, Setting, SettingRow, Standing, StoreError, StoredEnvelope};
use crate::view::{Batch, Views};
use domain::Stream;
use ids::{DocumentId, EnvelopeId};
use queue::{LeftOut, Queue, Waiter};
use std::collections::{BTreeMap, BTreeSet};

/// Facts gone through at once for what found no room.
const FACTS: usize = 256;

/// What was not applied, and why not.
#[derive(Default)]
pub(super) struct Unread {
    /// Key or dependencies are missing.
    pub(super) waits: Vec<EnvelopeId>,
    /// What became of those that nothing is waited for.
    pub(super) judged: Vec<(EnvelopeId, Standing)>,
    /// Whether something did not become part of its document because another had its number.
    pub(super) met_a_rival: bool,
}

#[derive(Default)]
pub(super) struct Waiting {
    streams: BTreeMap<Stream, Queue>,
    /// What found no room is being taken up.
    searches: BTreeMap<Stream, Search>,
}

/// A search of the local facts for what found no room.
#[derive(Default)]
struct Search {
    /// The last fact gone through.
    at: i64,
    /// What found none again.
    again: Option<LeftOut>,
}

impl Waiting {
    pub(super) fn of(&self, stream: Stream) -> &Queue {
        self.streams.get(&stream).unwrap_or(Queue::NONE)
    }

    /// Envelopes that found no room and are not shown until there is some.
    pub(super) fn left_out(&self) -> u32 {
        let left = self
            .streams
            .values()
            .filter_map(|queue| queue.left.as_ref());
        left.map(LeftOut::count).fold(0, u32::saturating_add)
    }

    /// Whether any of a stream found no room.
    pub(super) fn has_left_out(&self, stream: Stream) -> bool {
        self.of(stream).left.is_some()
    }

    /// Waiting envelopes that the disk does not give back.
    pub(super) fn unreadable(&self) -> usize {
        self.streams
            .values()
            .map(|queue| queue.unreadable.len())
            .sum()
    }
}

impl Engine {
    pub(super) fn load_waiting(&mut self) -> Result<(), StoreError> {
        self.waiting = Waiting::default();
        for stream in Views::STREAMS {
            let row = self
                .log
                .setting(Setting::Waiting(stream))?
                .unwrap_or_default();
            let mut queue = Queue::default();
            for id in row
                .chunks_exact(EnvelopeId::LEN)
                .filter_map(EnvelopeId::from_slice)
            {
                // One damaged row keeps nobody from working; it is counted on the screen.
                match self.log.envelope(&id) {
                    Ok(Some(stored)) => queue.waiters.push(Waiter::new(&stored)),
                    Ok(None) | Err(_) => queue.unreadable.push(id),
                }
            }
            queue.left = self
                .log
                .setting(Setting::LeftOut(stream))?
                .as_deref()
                .and_then(LeftOut::read);
            self.waiting.streams.insert(stream, queue);
        }
        Ok(())
    }

    /// Takes note of what a batch could not apply that began after the fact `after`.
    pub(super) fn note_unread(
        &mut self,
        stream: Stream,
        after: i64,
        unread: Unread,
    ) -> Result<(), Trouble> {
        let mut queue = self.waiting.of(stream).clone();
        let new = self.waiters(&mut queue, &unread.waits);
        let left = queue.add(new, after);
        queue.left = LeftOut::join(queue.left, left);
        self.keep_waiting(stream, queue, unread.judged)
    }

    /// Who they are; those that cannot be read are kept all the same.
    fn waiters(&self, queue: &mut Queue, ids: &[EnvelopeId]) -> Vec<Waiter> {
        let mut waiters = Vec::new();
        for id in ids
            .iter()
            .filter(|id| !queue.holds(id))
            .copied()
            .collect::<Vec<_>>()
        {
            match self.log.envelope(&id) {
                Ok(Some(stored)) => waiters.push(Waiter::new(&stored)),
                Ok(None) | Err(_) => queue.unreadable.push(id),
            }
        }
        waiters
    }

    fn keep_waiting(
        &mut self,
        stream: Stream,
        queue: Queue,
        judged: Vec<(EnvelopeId, Standing)>,
    ) -> Result<(), Trouble> {
        let change = LogChange {
            standing: judged,
            settings: self.queue_rows(stream, &queue),
            ..LogChange::default()
        };
        self.commit(&change)?;
        self.waiting.streams.insert(stream, queue);
        Ok(())
    }

    /// What is to be written of a queue that took the place of the one kept.
    fn queue_rows(&self, stream: Stream, queue: &Queue) -> Vec<SettingRow> {
        let before = self.waiting.of(stream);
        let mut rows = Vec::new();
        if !before.has_same_ids(queue) {
            let row = queue.row();
            rows.push((
                Setting::Waiting(stream),
                Some(row).filter(|row| !row.is_empty()),
            ));
        }
        if before.left != queue.left {
            rows.push((
                Setting::LeftOut(stream),
                queue.left.as_ref().map(LeftOut::row),
            ));
        }
        rows
    }

    pub(super) fn rows_of_an_empty_queue(&self, stream: Stream) -> Vec<SettingRow> {
        self.queue_rows(stream, Queue::NONE)
    }

    pub(super) fn empty_queue(&mut self, stream: Stream) {
        self.keep_queue(stream, Queue::default());
        self.waiting.searches.remove(&stream);
    }

    /// Whether what found no room can be taken up now.
    pub(super) fn can_take_up(&self, stream: Stream) -> bool {
        let queue = self.waiting.of(stream);
        let has_room = |left| queue.has_room_for(left);
        self.waiting.searches.contains_key(&stream) || queue.left.as_ref().is_some_and(has_room)
    }

    /// Takes some out of a stream's queue: the row to commit, and the queue to keep when it is.
    pub(super) fn without(&self, stream: Stream, ids: &[EnvelopeId]) -> (Vec<SettingRow>, Queue) {
        let mut queue = self.waiting.of(stream).clone();
        queue.waiters.retain(|waiter| !ids.contains(&waiter.id));
        (self.queue_rows(stream, &queue), queue)
    }

    pub(super) fn keep_queue(&mut self, stream: Stream, queue: Queue) {
        self.waiting.streams.insert(stream, queue);
    }

    /// What waits for one document, in the order in which it came, except for those that are to be
    /// tried alone.
    pub(super) fn waiting_in(
        &self,
        stream: Stream,
        document: &DocumentId,
    ) -> Result<Vec<StoredEnvelope>, Trouble> {
        let queue = self.waiting.of(stream);
        let here = queue
            .waiters
            .iter()
            .filter(|waiter| waiter.document == *document);
        self.read_waiters(stream, here.map(|waiter| waiter.id))
    }

    fn read_waiters(
        &self,
        stream: Stream,
        ids: impl Iterator<Item = EnvelopeId>,
    ) -> Result<Vec<StoredEnvelope>, Trouble> {
        let mut all = Vec::new();
        for id in ids.filter(|id| !self.trying.suspects(stream, id)) {
            all.extend(self.log.envelope(&id)?);
        }
        Ok(all)
    }

    /// Tries again whatever waits: keys may have come.
    pub(super) fn retry_waiting(&mut self) {
        for stream in Views::STREAMS {
            let is_idle = self.waiting.of(stream).waiters.is_empty();
            if is_idle || self.views.of(stream).is_none() {
                continue;
            }
            if let Err(trouble) = self.retry_with_new_keys(stream) {
                self.in_trouble(stream, trouble);
            }
        }
    }

    /// What a key opens late comes in another order than that of the log. Where that decides which
    /// of two changes stands, the view is built again in the order of the log.
    fn retry_with_new_keys(&mut self, stream: Stream) -> Result<(), Trouble> {
        self.note_all_that_waits(stream)?;
        let met_a_rival = self.retry(stream, |_| true)?;
        self.nothing_is_tried(stream)?;
        if met_a_rival {
            self.build_again(stream)?;
            self.wake_now();
        }
        Ok(())
    }

    /// Tries again what waits in documents to which something was added.
    pub(super) fn retry_waiting_in(
        &mut self,
        stream: Stream,
        documents: &BTreeSet<DocumentId>,
    ) -> Result<(), Trouble> {
        self.retry(stream, |waiter| documents.contains(&waiter.document))
            .map(|_| ())
    }

    /// Tries one that waits by itself. Whether it met a rival.
    pub(super) fn retry_alone(&mut self, stream: Stream, id: EnvelopeId) -> Result<bool, Trouble> {
        self.retry(stream, |waiter| waiter.id == id)
    }

    /// Takes up one that the view has passed and that does not wait. Whether it met a rival.
    pub(super) fn take_up_one(&mut self, stream: Stream, id: EnvelopeId) -> Result<bool, Trouble> {
        let stored: Vec<StoredEnvelope> = self.log.envelope(&id)?.into_iter().collect();
        let unread = self.apply_late(stream, &stored)?;
        let met_a_rival = unread.met_a_rival;
        let (shown, _) = self
            .views
            .of(stream)
            .ok_or_else(Trouble::closed)?
            .watermark()?;
        self.note_unread(stream, shown, unread)?;
        Ok(met_a_rival)
    }

    /// Whether one of them met a rival.
    fn retry(
        &mut self,
        stream: Stream,
        concerns: impl Fn(&Waiter) -> bool,
    ) -> Result<bool, Trouble> {
        let waiters = &self.waiting.of(stream).waiters;
        let ids: Vec<EnvelopeId> = waiters
            .iter()
            .filter(|waiter| concerns(waiter))
            .map(|waiter| waiter.id)
            .collect();
        let stored = self.read_waiters(stream, ids.into_iter())?;
        if stored.is_empty() {
            return Ok(false);
        }
        let unread = self.apply_late(stream, &stored)?;
        let tried: BTreeSet<EnvelopeId> =
            stored.iter().map(|stored| stored.envelope.id()).collect();
        let mut queue = self.waiting.of(stream).clone();
        queue
            .waiters
            .retain(|waiter| !tried.contains(&waiter.id) || unread.waits.contains(&waiter.id));
        self.keep_waiting(stream, queue, unread.judged)?;
        Ok(unread.met_a_rival)
    }

    /// Applies envelopes whose facts the view has passed already.
    fn apply_late(&mut self, stream: Stream, stored: &[StoredEnvelope]) -> Result<Unread, Trouble> {
        let view = self.views.of(stream).ok_or_else(Trouble::closed)?;
        let mut batch = Batch {
            watermark: view.watermark()?,
            ..Batch::default()
        };
        let unread = self.apply_arrived(stream, &stored.iter().collect::<Vec<_>>(), &mut batch)?;
        let touched = self
            .views
            .of_mut(stream)
            .ok_or_else(Trouble::closed)?
            .project(batch)?;
        self.tell(touched);
        Ok(unread)
    }

    /// Once there is room again: takes up what found none, as far as one batch goes. Says whether
    /// there was something to do.
    pub(super) fn take_up_left_out(&mut self, stream: Stream) -> Result<bool, Trouble> {
        if !self.can_take_up(stream) {
            return Ok(false);
        }
        let begun = self.waiting.searches.remove(&stream);
        let left = &self.waiting.of(stream).left;
        let mut search = begun.unwrap_or_else(|| Search {
            at: left.as_ref().map_or(0, |left| left.after),
            again: None,
        });
        let (missed, end) = self.missed_after(stream, search.at)?;
        let ids = missed.iter().map(|stored| stored.envelope.id()).collect();
        self.note_tries(stream, ids)?;
        let unread = self.apply_late(stream, &missed)?;
        let mut queue = self.waiting.of(stream).clone();
        let new = self.waiters(&mut queue, &unread.waits);
        search.again = LeftOut::join(search.again, queue.add(new, search.at));
        match end {
            Some(end) => {
                search.at = end;
                self.waiting.searches.insert(stream, search);
            }
            None => queue.left = search.again,
        }
        self.keep_waiting(stream, queue, unread.judged)?;
        self.nothing_is_tried(stream)?;
        self.notices.tablet();
        Ok(true)
    }

    /// What the view has passed after a fact and neither shows nor waits for, and the last fact
    /// looked at; none, when there are no more.
    fn missed_after(
        &self,
        stream: Stream,
        after: i64,
    ) -> Result<(Vec<StoredEnvelope>, Option<i64>), Trouble> {
        let queue = self.waiting.of(stream);
        let view = self.views.of(stream).ok_or_else(Trouble::closed)?;
        let (shown, _) = view.watermark()?;
        let mut facts = self.log.facts(self.stream_id(stream)?, after, FACTS)?;
        facts.retain(|fact| fact.number <= shown);
        let end = facts.last().map(|fact| fact.number);
        let mut missed = Vec::new();
        for fact in facts {
            let id = fact.envelope.envelope.id();
            let is_open = fact.kind == FactKind::Arrived
                && fact.envelope.standing == Standing::Accepted
                && !queue.holds(&id)
                && !self.trying.suspects(stream, &id);
            if is_open && !view.has_applied(&id)? {
                missed.push(fact.envelope);
            }
        }
        Ok((missed, end))
    }
}
