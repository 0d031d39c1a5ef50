//! What is being applied, noted before it is: an envelope that makes our reader trap takes the
//! whole engine with it, so only what was durable beforehand can name it afterwards.
//!
//! A note goes with the commit that stores an arrival, or is made for what is applied later. After
//! a death everything that was noted and is not in the view is suspected, and so is what waited in
//! the same documents. Suspects are kept apart from everything else and tried one by one; what
//! was alone in [`limits::DEATHS_ALONE`] deaths is set aside.

mod notes;
mod saves;

use super::Engine;
use super::trouble::Trouble;
use crate::log::{FactKind, LocalFact, LogChange, Setting, SettingRow, Standing};
use crate::view::Views;
use domain::Stream;
use ids::{DocumentId, EnvelopeId, limits};
use notes::{Note, read_suspects, suspects_row};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Default)]
pub(super) struct Trying {
    streams: BTreeMap<Stream, Tries>,
    saves: saves::Saves,
}

#[derive(Default)]
struct Tries {
    /// Noted since the last batch was projected.
    noted: BTreeSet<EnvelopeId>,
    /// Noted before a death; with the deaths they were alone in.
    suspects: BTreeMap<EnvelopeId, u8>,
    /// The suspect that is tried now.
    alone: Option<EnvelopeId>,
}

impl Trying {
    /// Whether an envelope is kept apart, to be tried alone and not now.
    pub(super) fn suspects(&self, stream: Stream, id: &EnvelopeId) -> bool {
        let tries = self.streams.get(&stream);
        tries.is_some_and(|tries| tries.suspects.contains_key(id) && tries.alone != Some(*id))
    }
}

impl Engine {
    /// The notes that go with a change whose envelopes are projected as soon as it is durable.
    pub(super) fn notes_for(&mut self, change: &LogChange) -> Vec<SettingRow> {
        let mut notes = Vec::new();
        for stream in Views::STREAMS {
            let Some(membership) = &self.membership else {
                continue;
            };
            let id = membership.stream(stream);
            let new: Vec<EnvelopeId> = change
                .envelopes
                .iter()
                .filter(|new| new.standing == Standing::Accepted)
                .filter(|new| new.envelope.header().stream == id)
                .map(|new| new.envelope.id())
                .collect();
            if new.is_empty() || self.views.of(stream).is_none() {
                continue;
            }
            let tries = self.trying.streams.entry(stream).or_default();
            if notes::add(&mut tries.noted, new) {
                let note = Note::of(&tries.noted);
                notes.push((Setting::Trying(stream), Some(note.row())));
            }
        }
        notes
    }

    /// After a view was opened: whom to suspect of the last death, and whom to try no more.
    pub(super) fn find_suspects(&mut self, stream: Stream) -> Result<(), Trouble> {
        let note = Note::read(self.log.setting(Setting::Trying(stream))?.as_deref());
        let mut deaths = read_suspects(self.log.setting(Setting::Suspects(stream))?.as_deref());
        let alone = self.log.setting(Setting::Alone(stream))?;
        let had_some = alone.is_some() || !deaths.is_empty();
        if let Some(id) = alone.as_deref().and_then(EnvelopeId::from_slice) {
            let deaths = deaths.entry(id).or_default();
            *deaths = deaths.saturating_add(1);
        }
        for id in self.tried_with(stream, &note)? {
            deaths.entry(id).or_default();
        }
        let mut tries = Tries::default();
        let mut guilty = Vec::new();
        for (id, deaths) in deaths {
            if !self.is_untried(stream, &id)? {
                continue;
            }
            if deaths >= limits::DEATHS_ALONE {
                guilty.push(id);
            } else {
                tries.suspects.insert(id, deaths);
            }
        }
        if had_some || !guilty.is_empty() || !tries.suspects.is_empty() {
            let (mut rows, queue) = self.without(stream, &guilty);
            let suspects = suspects_row(&tries.suspects);
            rows.push((Setting::Suspects(stream), suspects));
            rows.push((Setting::Alone(stream), None));
            rows.push((Setting::Trying(stream), None));
            let standing = guilty.into_iter().map(|id| (id, Standing::SetAside));
            let change = LogChange {
                settings: rows,
                standing: standing.collect(),
                ..LogChange::default()
            };
            self.commit(&change)?;
            self.keep_queue(stream, queue);
        }
        self.trying.streams.insert(stream, tries);
        Ok(())
    }

    /// What a note names, and what waited in the same documents and was tried with it.
    fn tried_with(&self, stream: Stream, note: &Note) -> Result<Vec<EnvelopeId>, Trouble> {
        let mut documents: BTreeSet<DocumentId> = BTreeSet::new();
        for id in &note.ids {
            let stored = self.log.envelope(id)?;
            documents.extend(stored.map(|stored| stored.envelope.header().document));
        }
        let waiters = self.waiting.of(stream).waiters.iter();
        let with_them = waiters
            .filter(|waiter| note.all_that_waits || documents.contains(&waiter.document))
            .map(|waiter| waiter.id);
        Ok(note.ids.iter().copied().chain(with_them).collect())
    }

    /// Whether an envelope that was noted is still to be applied.
    fn is_untried(&self, stream: Stream, id: &EnvelopeId) -> Result<bool, Trouble> {
        let Some(view) = self.views.of(stream) else {
            return Ok(false);
        };
        let stored = self.log.envelope(id)?;
        let counts = stored.is_some_and(|stored| stored.standing == Standing::Accepted);
        Ok(counts && !view.has_applied(id)?)
    }

    /// Cuts a batch so that every suspect is tried alone, and notes it unless it was noted when
    /// it arrived. Says whether something was cut off.
    pub(super) fn note_batch(
        &mut self,
        stream: Stream,
        facts: &mut Vec<LocalFact>,
    ) -> Result<bool, Trouble> {
        let tries = self.trying.streams.entry(stream).or_default();
        let is_suspect = |fact: &LocalFact| {
            let id = fact.envelope.envelope.id();
            fact.kind == FactKind::Arrived && tries.suspects.contains_key(&id)
        };
        let whole = facts.len();
        let mut alone = None;
        match facts.iter().position(is_suspect) {
            Some(0) => {
                facts.truncate(1);
                alone = facts.first().map(|fact| fact.envelope.envelope.id());
            }
            Some(before) => facts.truncate(before),
            None => {}
        }
        if let Some(id) = alone {
            self.note_alone(stream, id)?;
        } else {
            let ids: BTreeSet<EnvelopeId> = facts
                .iter()
                .filter(|fact| fact.kind == FactKind::Arrived)
                .filter(|fact| fact.envelope.standing == Standing::Accepted)
                .map(|fact| fact.envelope.envelope.id())
                .collect();
            if !ids.is_subset(&tries.noted) {
                self.note_tries(stream, ids)?;
            }
        }
        Ok(facts.len() < whole)
    }

    /// A batch was projected: nobody in it stopped anything. What was noted of it may stay, since
    /// what is in the view is no suspect; unless something waits beside it.
    pub(super) fn batch_survived(
        &mut self,
        stream: Stream,
        facts: &[LocalFact],
        documents: &BTreeSet<DocumentId>,
    ) -> Result<(), Trouble> {
        let tries = self.trying.streams.entry(stream).or_default();
        tries.noted.clear();
        if let Some(id) = tries.alone.take() {
            return self.survived_alone(stream, id);
        }
        let waits = |fact: &LocalFact| {
            let id = fact.envelope.envelope.id();
            self.waiting.of(stream).waiters.iter().any(|w| w.id == id)
        };
        let beside = self.waiting.of(stream).waiters.iter();
        let mut beside = beside.map(|waiter| waiter.document);
        if beside.any(|document| documents.contains(&document)) || facts.iter().any(waits) {
            self.nothing_is_tried(stream)?;
        }
        Ok(())
    }

    /// When the log has been gone through: tries the next suspect that the view has passed.
    /// Says whether there was one.
    pub(super) fn try_suspects(&mut self, stream: Stream) -> Result<bool, Trouble> {
        let Some(tries) = self.trying.streams.get(&stream) else {
            return Ok(false);
        };
        let waiters = &self.waiting.of(stream).waiters;
        let of_queue = waiters.iter().map(|waiter| waiter.id);
        let mut in_order = of_queue.filter(|id| tries.suspects.contains_key(id));
        let any = tries.suspects.keys().next().copied();
        let Some(id) = in_order.next().or(any) else {
            return Ok(false);
        };
        self.note_alone(stream, id)?;
        let met_a_rival = self.apply_alone(stream, id)?;
        if let Some(tries) = self.trying.streams.get_mut(&stream) {
            tries.alone = None;
        }
        self.survived_alone(stream, id)?;
        if met_a_rival {
            // It was kept apart, and so came later than everywhere else.
            self.build_again(stream)?;
        }
        Ok(true)
    }

    fn survived_alone(&mut self, stream: Stream, id: EnvelopeId) -> Result<(), Trouble> {
        let tries = self.trying.streams.entry(stream).or_default();
        tries.suspects.remove(&id);
        let mut change = LogChange {
            settings: vec![(Setting::Alone(stream), None)],
            ..LogChange::default()
        };
        if tries.suspects.is_empty() {
            change.settings.push((Setting::Suspects(stream), None));
        }
        Ok(self.commit(&change)?)
    }

    /// What was tried alone failed, which is no death.
    pub(super) fn was_no_death(&mut self, stream: Stream) {
        let tries = self.trying.streams.entry(stream).or_default();
        if tries.alone.take().is_some() {
            // Should the disk fail here too, a second death would have to come to it.
            let _ = self.note((Setting::Alone(stream), None));
        }
    }

    /// Whether suspects are still to be tried.
    pub(super) fn has_suspects(&self, stream: Stream) -> bool {
        let tries = self.trying.streams.get(&stream);
        tries.is_some_and(|tries| !tries.suspects.is_empty())
    }

    /// Applies a suspect. Whether it met a rival.
    fn apply_alone(&mut self, stream: Stream, id: EnvelopeId) -> Result<bool, Trouble> {
        if self.waiting.of(stream).holds(&id) {
            return self.retry_alone(stream, id);
        }
        self.take_up_one(stream, id)
    }

    fn note_alone(&mut self, stream: Stream, id: EnvelopeId) -> Result<(), Trouble> {
        self.note((Setting::Alone(stream), Some(id.to_bytes().to_vec())))?;
        self.trying.streams.entry(stream).or_default().alone = Some(id);
        Ok(())
    }

    /// These are tried now.
    pub(super) fn note_tries(
        &mut self,
        stream: Stream,
        ids: BTreeSet<EnvelopeId>,
    ) -> Result<(), Trouble> {
        if ids.is_empty() {
            return Ok(());
        }
        self.note((Setting::Trying(stream), Some(Note::of(&ids).row())))?;
        self.trying.streams.entry(stream).or_default().noted = ids;
        Ok(())
    }

    /// All that waits is tried now.
    pub(super) fn note_all_that_waits(&mut self, stream: Stream) -> Result<(), Trouble> {
        self.note((Setting::Trying(stream), Some(Note::ALL_THAT_WAITS.row())))
    }

    /// What was tried has done no harm.
    pub(super) fn nothing_is_tried(&mut self, stream: Stream) -> Result<(), Trouble> {
        self.trying.streams.entry(stream).or_default().noted.clear();
        self.note((Setting::Trying(stream), None))
    }

    fn note(&mut self, row: SettingRow) -> Result<(), Trouble> {
        let change = LogChange {
            settings: vec![row],
            ..LogChange::default()
        };
        Ok(self.commit(&change)?)
    }
}
