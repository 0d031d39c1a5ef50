//! From the log into the views: open, admit, apply, project. The only way there, for one's own
//! work as for everybody's, so that a view can always be built again.

use super::Engine;
use super::trouble::Trouble;
use super::verdict::Author;
use super::waiting::Unread;
use crate::log::{FactKind, LocalFact, Standing, StoredEnvelope};
use crate::view::{Batch, DocumentChunk, LogFact, Origin, ProjectedEntry, Touched, Views};
use document::{Admitted, Body};
use domain::entry::Recorded;
use domain::{Document, Stream};
use ids::{ChangeHash, DocumentId, EntryKey, Place, limits};
use std::collections::{BTreeSet, HashMap};
use wire::{Envelope, Kind};

/// Facts projected at once; between two batches the engine answers its screen.
const BATCH: usize = 256;

/// An envelope, opened and admitted.
pub(super) struct Opened {
    what: Document,
    pub(super) changes: Vec<Admitted>,
}

/// Why an envelope was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotOpened {
    /// Structure or bounds are wrong: never applied.
    Refused,
    /// Its key is not here yet.
    Waits,
    /// A newer version wrote it: waits for an update.
    Newer,
}

impl From<vault::OpenError> for NotOpened {
    fn from(error: vault::OpenError) -> Self {
        match error {
            vault::OpenError::Framing(vault::FramingError::UnknownCodec) => Self::Newer,
            vault::OpenError::Framing(_) | vault::OpenError::Sealed | vault::OpenError::Kind => {
                Self::Refused
            }
        }
    }
}

impl Engine {
    /// Projects one batch of every open view; asks to be woken when more is left. Whether every view
    /// that is open shows all that is here.
    pub(super) fn project_some(&mut self) -> bool {
        self.open_what_is_closed();
        let (mut open, mut done) = (0usize, 0usize);
        for stream in Views::STREAMS {
            if self.views.of(stream).is_none() {
                continue;
            }
            open += 1;
            if !self.may_try(stream) {
                continue;
            }
            match self.project_batch(stream) {
                Ok(true) => self.wake_now(),
                Ok(false) => {
                    done += 1;
                    self.out_of_trouble(stream);
                }
                Err(trouble) => self.in_trouble(stream, trouble),
            }
        }
        self.introduce_device();
        open > 0 && open == done
    }

    /// Projects everything that is there. For processes that have nobody to answer meanwhile.
    pub fn project_all(&mut self) {
        for stream in Views::STREAMS {
            while self.views.of(stream).is_some() && matches!(self.project_batch(stream), Ok(true))
            {
            }
        }
        self.introduce_device();
    }

    fn project_batch(&mut self, stream: Stream) -> Result<bool, Trouble> {
        let Some(view) = self.views.of(stream) else {
            return Ok(false);
        };
        let (after, _) = view.watermark()?;
        let mut facts = self.log.facts(self.stream_id(stream)?, after, BATCH)?;
        if facts.is_empty() {
            let more = self.try_suspects(stream)? || self.take_up_left_out(stream)?;
            if !more {
                self.unlist_what_is_read(stream)?;
            }
            return Ok(more);
        }
        if self.shows_what_was_refused(stream, &facts)? {
            self.build_again(stream)?;
            return Ok(true);
        }
        let full = facts.len() == BATCH;
        let more = self.note_batch(stream, &mut facts)? || full;
        let Some(last) = facts.last() else {
            return Ok(more);
        };
        let mut batch = Batch {
            watermark: (last.number, last.envelope.envelope.id()),
            ..Batch::default()
        };
        self.gather(stream, after, &facts, &mut batch)?;
        let documents: BTreeSet<DocumentId> =
            batch.chunks.iter().map(|chunk| chunk.document).collect();
        let touched = self
            .views
            .of_mut(stream)
            .ok_or_else(Trouble::closed)?
            .project(batch)?;
        if !more {
            self.documents.caught_up(stream);
        }
        self.retry_waiting_in(stream, &documents)?;
        self.batch_survived(stream, &facts, &documents)?;
        self.save_long_documents(stream)?;
        self.tell(touched);
        self.notices.tablet();
        self.take_up_accepted(stream, &facts)?;
        let more = more || self.has_suspects(stream) || self.can_take_up(stream);
        if !more {
            self.unlist_what_is_read(stream)?;
        }
        Ok(more)
    }

    /// Whether a view has applied something that was refused later.
    fn shows_what_was_refused(&self, stream: Stream, facts: &[LocalFact]) -> Result<bool, Trouble> {
        let Some(view) = self.views.of(stream) else {
            return Ok(false);
        };
        for fact in facts {
            // Of what is unfit that may stand which its document had taken before.
            let refused = fact.envelope.standing == Standing::Refused;
            if fact.kind == FactKind::Standing
                && refused
                && view.has_applied(&fact.envelope.envelope.id())?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Tells the screen what a batch touched.
    pub(super) fn tell(&mut self, touched: Touched) {
        let crossed = self.views.cross(&touched.residents);
        self.notices.residents(touched.residents);
        // When they cannot be read, the screen asks for them and is told why.
        if !matches!(crossed, Ok(false)) {
            self.notices.contradictions();
        }
        if touched.house {
            self.notices.house();
        }
        if touched.contradictions {
            self.notices.contradictions();
        }
    }

    fn gather(
        &mut self,
        stream: Stream,
        after: i64,
        facts: &[LocalFact],
        batch: &mut Batch,
    ) -> Result<(), Trouble> {
        let mut arrived: Vec<&StoredEnvelope> = Vec::new();
        for fact in facts {
            match fact.kind {
                FactKind::Arrived => arrived.push(&fact.envelope),
                FactKind::Placed => {
                    let unread =
                        self.apply_arrived(stream, &std::mem::take(&mut arrived), batch)?;
                    self.note_unread(stream, after, unread)?;
                    // A place that was forgotten since comes again, as a fact of its own.
                    if let Some(place) = fact.envelope.place {
                        batch.facts.push(self.placed(stream, &fact.envelope, place));
                    }
                }
                FactKind::Standing => {}
            }
        }
        let unread = self.apply_arrived(stream, &arrived, batch)?;
        self.note_unread(stream, after, unread)
    }

    /// Applies a run of envelopes, one call per document.
    pub(super) fn apply_arrived(
        &mut self,
        stream: Stream,
        arrived: &[&StoredEnvelope],
        batch: &mut Batch,
    ) -> Result<Unread, Trouble> {
        let mut origins = Origins::new();
        let mut by_document: Vec<(DocumentId, Vec<Admitted>)> = Vec::new();
        let mut unread = Unread::default();
        for stored in arrived {
            let envelope = &stored.envelope;
            if stored.standing != Standing::Accepted
                || envelope.header().kind() != Some(Kind::Changes)
            {
                continue;
            }
            match self.open_envelope(stream, envelope) {
                Ok(opened) => {
                    let document = envelope.header().document;
                    brought(&mut origins, stored, &opened);
                    match by_document.iter_mut().find(|(id, _)| *id == document) {
                        Some((_, changes)) => changes.extend(opened.changes),
                        None => by_document.push((document, opened.changes)),
                    }
                }
                Err(NotOpened::Waits) => unread.waits.push(envelope.id()),
                Err(NotOpened::Refused) => {
                    unread.judged.push((envelope.id(), Standing::Refused));
                }
                Err(NotOpened::Newer) => unread.judged.push((envelope.id(), Standing::Waits)),
            }
        }
        for (id, changes) in by_document {
            let changes = self.behind_what_waits(stream, id, changes, &mut origins)?;
            self.apply_to(stream, id, changes, &origins, batch, &mut unread)?;
        }
        Ok(unread)
    }

    /// What waits for a document is in memory only while the document is open. It is offered again
    /// before anything new, so that it comes in the order of the log here as everywhere.
    fn behind_what_waits(
        &self,
        stream: Stream,
        id: DocumentId,
        changes: Vec<Admitted>,
        origins: &mut Origins,
    ) -> Result<Vec<Admitted>, Trouble> {
        if self.documents.is_open(&id) {
            return Ok(changes);
        }
        let mut all = Vec::new();
        for stored in self.waiting_in(stream, &id)? {
            let Ok(opened) = self.open_envelope(stream, &stored.envelope) else {
                continue;
            };
            brought(origins, &stored, &opened);
            all.extend(opened.changes);
        }
        all.extend(changes);
        Ok(all)
    }

    fn apply_to(
        &mut self,
        stream: Stream,
        id: DocumentId,
        mut changes: Vec<Admitted>,
        origins: &Origins,
        batch: &mut Batch,
        unread: &mut Unread,
    ) -> Result<(), Trouble> {
        let mut offered = BTreeSet::new();
        changes.retain(|change| offered.insert(change.hash()));
        let doc = self.document(stream, id)?;
        // Own work is in the open document already; it is projected all the same.
        let (own, new): (Vec<_>, Vec<_>) = changes
            .into_iter()
            .partition(|change| doc.contains(&change.hash()));
        let applied = if new.is_empty() {
            Default::default()
        } else {
            doc.apply(new)
        };
        let envelopes = |hash: &ChangeHash| {
            let of = origins.get(hash).into_iter().flatten();
            of.map(|origin| origin.envelope)
        };
        let waits = applied.waiting.iter().chain(&applied.turned_away);
        unread.waits.extend(waits.flat_map(envelopes));
        unread.met_a_rival |= !applied.rivals.is_empty();
        let rivals = applied.rivals.iter().map(|rival| &rival.newcomer);
        let refused = applied.refused.iter().map(|(hash, _)| hash);
        let unfit = rivals.chain(refused).flat_map(envelopes);
        unread.judged.extend(unfit.map(|id| (id, Standing::Unfit)));
        for change in own.into_iter().chain(applied.ready) {
            // One that waited, and whose envelope is tried again after this batch, has none.
            for (n, origin) in origins
                .get(&change.hash())
                .into_iter()
                .flatten()
                .enumerate()
            {
                if n == 0 {
                    batch.chunks.push(DocumentChunk {
                        document: id,
                        what: origin.what,
                        hash: change.hash(),
                        bytes: change.chunk().to_vec(),
                    });
                }
                let entries = change
                    .entries()
                    .iter()
                    .filter_map(|(key, value)| self.projected(origin, key, value))
                    .collect();
                batch.facts.push(LogFact::Applied {
                    origin: origin.clone(),
                    entries,
                });
            }
        }
        Ok(())
    }

    fn projected(&self, origin: &Origin, key: &EntryKey, value: &[u8]) -> Option<ProjectedEntry> {
        let recorded = Recorded::from_cbor(value).ok()?;
        let withheld = !self.counts(&Author::of_origin(origin), &recorded, origin.place);
        Some(ProjectedEntry {
            key: key.clone(),
            value: value.to_vec(),
            recorded,
            withheld,
        })
    }

    fn placed(&self, stream: Stream, stored: &StoredEnvelope, place: Place) -> LogFact {
        let envelope = &stored.envelope;
        let mut withheld = Vec::new();
        if let Ok(opened) = self.open_envelope(stream, envelope) {
            let author = Author::of_header(envelope.header(), opened.what);
            for change in &opened.changes {
                for (key, value) in change.entries() {
                    if let Ok(recorded) = Recorded::from_cbor(value)
                        && !self.counts(&author, &recorded, Some(place))
                    {
                        withheld.push(key.clone());
                    }
                }
            }
        }
        LogFact::Placed {
            envelope: envelope.id(),
            place,
            withheld,
        }
    }

    pub(super) fn open_envelope(
        &self,
        stream: Stream,
        envelope: &Envelope,
    ) -> Result<Opened, NotOpened> {
        let header = envelope.header();
        let keys = self
            .session
            .as_ref()
            .and_then(|s| s.keys(stream))
            .ok_or(NotOpened::Waits)?;
        let key = keys
            .document_key(header.epoch, &header.document)
            .ok_or(NotOpened::Waits)?;
        let plain = vault::open(&key, envelope)?;
        let body = Body::decode(&plain).map_err(|_| NotOpened::Refused)?;
        let (kind, subject, period) = body.canonical();
        if vault::document_id(keys.id_key(), kind, subject, period) != header.document {
            return Err(NotOpened::Refused);
        }
        let what = Document::from_canonical(kind, subject, period).ok_or(NotOpened::Newer)?;
        if what.stream() != stream || body.chunks.len() > limits::CHANGES_PER_ENVELOPE {
            return Err(NotOpened::Refused);
        }
        let actor = document::actor(&header.device, &header.run, &header.person);
        let mut changes = Vec::with_capacity(body.chunks.len());
        for chunk in &body.chunks {
            let change =
                document::admit(chunk, &header.document, &actor).map_err(|_| NotOpened::Refused)?;
            for (_, value) in change.entries() {
                Recorded::from_cbor(value).map_err(|_| NotOpened::Refused)?;
            }
            changes.push(change);
        }
        self.check_seals(envelope, &body, &changes)?;
        Ok(Opened { what, changes })
    }

    /// One valid seal of authorship per actor, over its newest change here.
    fn check_seals(
        &self,
        envelope: &Envelope,
        body: &Body,
        changes: &[Admitted],
    ) -> Result<(), NotOpened> {
        let header = envelope.header();
        let newest = changes
            .iter()
            .max_by_key(|change| change.seq())
            .ok_or(NotOpened::Refused)?;
        let [seal] = body.seals.as_slice() else {
            return Err(NotOpened::Refused);
        };
        if seal.actor != *newest.actor() || seal.seq != newest.seq() || seal.hash != newest.hash() {
            return Err(NotOpened::Refused);
        }
        let key = self
            .person_key_then(header.person, header.roster_seq)
            .ok_or(NotOpened::Waits)?;
        let message =
            document::authorship_message(&header.document, &seal.actor, seal.seq, &seal.hash);
        let message = wire::signing_message(ids::contexts::SIGN_AUTHORSHIP, &message);
        wire::verify_strict(&key, &message, &seal.signature).map_err(|_| NotOpened::Refused)
    }
}

/// Where changes came from: several envelopes may bring one, and the view says whose it is.
type Origins = HashMap<ChangeHash, Vec<Origin>>;

fn brought(origins: &mut Origins, stored: &StoredEnvelope, opened: &Opened) {
    for change in &opened.changes {
        let of = origins.entry(change.hash()).or_default();
        of.push(origin(stored, opened.what));
    }
}

fn origin(stored: &StoredEnvelope, what: Document) -> Origin {
    let (envelope, place) = (&stored.envelope, stored.place);
    let header = envelope.header();
    Origin {
        envelope: envelope.id(),
        document: header.document,
        what,
        person: header.person,
        device: header.device,
        run: header.run,
        roster_seq: header.roster_seq,
        seen: (header.seen_log, header.seen_seq),
        place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use vault::{FramingError, OpenError};

    #[test]
    fn what_an_unknown_codec_wraps_waits_for_an_update_and_what_is_malformed_does_not() {
        for (error, not_opened) in [
            (
                OpenError::Framing(FramingError::UnknownCodec),
                NotOpened::Newer,
            ),
            (
                OpenError::Framing(FramingError::Malformed),
                NotOpened::Refused,
            ),
            (
                OpenError::Framing(FramingError::TooLong),
                NotOpened::Refused,
            ),
            (OpenError::Sealed, NotOpened::Refused),
            (OpenError::Kind, NotOpened::Refused),
        ] {
            assert_eq!(NotOpened::from(error), not_opened);
        }
    }
}
