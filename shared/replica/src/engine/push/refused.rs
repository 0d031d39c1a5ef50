//! What the relay refused for good, and what was written behind it: sent no more, in the outbox until
//! a person has dealt with it. A refusal is a word that nobody signs. Where the relay's signature
//! covers the envelope all the same, the signature counts.

use super::Outbox;
use crate::engine::Engine;
use crate::engine::faults::Statement;
use crate::engine::not_accepted::{reason, word};
use crate::engine::trouble::Trouble;
use crate::log::{LogChange, OutboxRow, Standing, StoreError, StreamPosition};
use domain::Stream;
use ids::{EnvelopeId, StreamId};
use interface::{NotAcceptedWhy, RelayFault};

/// An envelope that is sent no more.
#[derive(Clone, Copy)]
pub(super) struct Refused {
    pub(super) stream: StreamId,
    ground: Ground,
    /// It stands in the log, and whether it can be read there is still to be seen.
    placed: bool,
}

/// Why it is sent no more.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ground {
    /// The relay said that it will never store it.
    Refusal,
    /// It was written behind such an envelope. The relay did not speak of it, or has stored it: then
    /// nobody can read it for as long as what it builds on is missing.
    BuiltOn,
    /// Somebody has dealt with it.
    DealtWith,
}

/// What is stored although it was to be sent no more.
pub(in crate::engine) struct StoredAfterAll {
    id: EnvelopeId,
    ground: Ground,
    at: StreamPosition,
}

impl Ground {
    /// From what the outbox row keeps.
    fn of(kept: &str) -> Self {
        use NotAcceptedWhy::{BuiltOn, Fork, NotAllowed, Other, TooLarge};
        match reason(kept) {
            (NotAllowed | TooLarge | Fork, _) => Self::Refusal,
            (BuiltOn | Other, true) => Self::DealtWith,
            (BuiltOn | Other, false) => Self::BuiltOn,
        }
    }
}

impl Outbox {
    /// The entry, and what was saved of its document since: it builds on it.
    fn with_what_builds_on(&self, id: &EnvelopeId) -> Vec<EnvelopeId> {
        let number = self.by_id.get(id);
        let Some((number, of)) = number.and_then(|n| Some((n, self.entries.get(n)?))) else {
            return Vec::new();
        };
        let behind = self.entries.range(number..).map(|(_, entry)| entry);
        behind
            .filter(|entry| entry.document == of.document)
            .map(|entry| entry.id)
            .collect()
    }

    fn refuse(&mut self, id: EnvelopeId, ground: Ground) {
        let Some(stream) = self.stream_of(&id) else {
            return;
        };
        self.remove(&id);
        let refused = Refused {
            stream,
            ground,
            placed: false,
        };
        self.refused.insert(id, refused);
    }

    /// Somebody has dealt with it; what the row keeps of it now.
    pub(in crate::engine) fn dealt_with(&mut self, id: &EnvelopeId, kept: &str) {
        if let Some(refused) = self.refused.get_mut(id) {
            refused.ground = Ground::of(kept);
        }
    }
}

impl Engine {
    /// A row of the outbox that is sent no more.
    pub(super) fn load_refused(&mut self, row: &OutboxRow, kept: &str) {
        // One that cannot be read back is as one that is nowhere.
        let stored = self.log.envelope(&row.id).ok().flatten();
        let refused = Refused {
            stream: row.stream,
            ground: Ground::of(kept),
            placed: stored.is_some_and(|stored| stored.place.is_some()),
        };
        self.push.refused.insert(row.id, refused);
    }

    /// An envelope that the relay will never store, and what was written behind it in its document
    /// since: that builds on it, and nobody else could ever apply it. All of it waits under *to
    /// reconcile*, for their authors to enter it again; also what the relay says it has stored, until
    /// it turns out that it is, and can be read.
    pub(super) fn refuse(&mut self, id: EnvelopeId, why: NotAcceptedWhy, change: &mut LogChange) {
        let stream = self.push.stream_of(&id);
        if let Some(state) = stream.and_then(|stream| self.streams.by_id.get_mut(&stream)) {
            state.refused_here = true;
        }
        for other in self.push.with_what_builds_on(&id) {
            let (why, ground) = match other == id {
                true => (why, Ground::Refusal),
                false => (NotAcceptedWhy::BuiltOn, Ground::BuiltOn),
            };
            change.refused.push((other, word(why).to_owned()));
            change.standing.push((other, Standing::Refused));
            self.push.refuse(other, ground);
        }
    }

    /// Own work that was to be sent no more and that the relay's signature covers, among what a
    /// change takes out of the outbox: it is judged by its place as any row is. What builds on
    /// something refused stays listed until it is read.
    ///
    /// # Errors
    /// When the disk does not give it back.
    pub(in crate::engine) fn stored_after_all(
        &self,
        change: &mut LogChange,
    ) -> Result<Vec<StoredAfterAll>, StoreError> {
        let mut found = Vec::new();
        for id in &change.sent {
            let Some(refused) = self.push.refused.get(id) else {
                continue;
            };
            let Some(stored) = self.log.envelope(id)? else {
                continue;
            };
            let here = self.streams.position(refused.stream);
            let new = change.placed.iter().find(|(placed, _)| placed == id);
            let (place, chain) = match (new, stored.place) {
                (Some((_, row)), _) => (row.place, row.chain),
                (None, Some(place)) => (place, here.chain),
                (None, None) => continue,
            };
            let standing = self.judge(&stored.envelope, refused.stream, place.roster_seq);
            change.standing.push((*id, standing));
            found.push(StoredAfterAll {
                id: *id,
                ground: refused.ground,
                at: StreamPosition {
                    seq: place.seq,
                    chain,
                    ..here
                },
            });
        }
        let stays = |id: &EnvelopeId| {
            let mut found = found.iter();
            found.any(|stored| stored.id == *id && stored.ground == Ground::BuiltOn)
        };
        change.sent.retain(|id| !stays(id));
        Ok(found)
    }

    /// And that is durable now.
    pub(in crate::engine) fn are_stored_after_all(&mut self, found: Vec<StoredAfterAll>) {
        for StoredAfterAll { id, ground, at } in found {
            match ground {
                Ground::Refusal => {
                    let said = Statement::Envelope(id);
                    self.relay_fault(RelayFault::FalseRefusal, Some(at), &said);
                }
                Ground::BuiltOn => {
                    if let Some(refused) = self.push.refused.get_mut(&id) {
                        refused.placed = true;
                    }
                }
                Ground::DealtWith => {}
            }
            self.notices.tablet();
        }
    }

    /// The relay refuses what its signature has covered already.
    pub(super) fn refused_too_late(&mut self, ids: &[EnvelopeId]) {
        for id in ids {
            let stored = self.log.envelope(id).ok().flatten();
            let place =
                stored.and_then(|stored| Some((stored.envelope.header().stream, stored.place?)));
            let Some((stream, place)) = place.filter(|_| !self.push.refused.contains_key(id))
            else {
                continue;
            };
            let at = StreamPosition {
                seq: place.seq,
                ..self.streams.position(stream)
            };
            let said = Statement::Envelope(*id);
            self.relay_fault(RelayFault::FalseRefusal, Some(at), &said);
        }
    }

    /// What was written behind something refused leaves the list when a view that has all that its
    /// log has shows it: it did not build on that, or that was stored after all.
    pub(in crate::engine) fn unlist_what_is_read(&mut self, stream: Stream) -> Result<(), Trouble> {
        if self.push.refused.is_empty() {
            return Ok(());
        }
        let of = self.stream_id(stream)?;
        let view = self.views.of(stream).ok_or_else(Trouble::closed)?;
        let mut read = Vec::new();
        for (id, refused) in &self.push.refused {
            let may_be_read = refused.ground == Ground::BuiltOn && refused.placed;
            if may_be_read && refused.stream == of && view.has_applied(id)? {
                read.push(*id);
            }
        }
        let change = LogChange {
            sent: read,
            ..LogChange::default()
        };
        if !change.is_empty() {
            self.commit(&change)?;
            self.push.sent(&change.sent);
            self.notices.tablet();
        }
        Ok(())
    }
}
