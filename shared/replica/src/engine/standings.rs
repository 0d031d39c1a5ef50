//! What was not taken, and why: counted for the screen, and judged again by every new version.

use super::Engine;
use super::trouble::Trouble;
use crate::log::{FactKind, LocalFact, LogChange, Setting, SettingRow, Standing, StoreError};
use crate::view::Views;
use domain::Stream;
use ids::{PersonId, StreamId, UnixMillis, limits};
use std::collections::BTreeSet;

/// The version that judged what `log.db` holds.
const PROGRAM: &str = env!("CARGO_PKG_VERSION");
/// Refused envelopes whose authors are looked up.
const NAMED: usize = 16;

/// How much was not taken.
#[derive(Default)]
pub(super) struct Standings {
    /// Stopped this tablet's engine.
    pub(super) set_aside: u32,
    /// Every tablet refuses it.
    pub(super) refused: u32,
    /// Waits for an update.
    pub(super) for_update: u32,
    /// Who wrote the newest of what is refused.
    pub(super) refused_of: Vec<PersonId>,
    /// The disk did not say how much it is: what stands here is of before, and it is asked again
    /// at this time.
    pub(super) again_at: Option<UnixMillis>,
}

impl Engine {
    /// Counts anew. Should the disk not say, it is asked again by and by: what was committed is
    /// committed.
    pub(super) fn count_standings(&mut self) {
        match self.counted() {
            Ok(counted) => self.standings = counted,
            Err(_) => {
                let again_at = self.now.plus(limits::READ_AGAIN_MS);
                self.standings.again_at = Some(again_at);
            }
        }
    }

    /// Counts anew if the disk did not say before, and it is time.
    pub(super) fn count_again(&mut self) {
        if self.standings.again_at.is_some_and(|at| at <= self.now) {
            self.count_standings();
            self.notices.tablet();
        }
    }

    fn counted(&self) -> Result<Standings, StoreError> {
        let mut counted = Standings::default();
        for stream in self.streams_here() {
            let count = |standing| self.log.count_standing(stream, standing);
            counted.set_aside += count(Standing::SetAside)?;
            counted.for_update += count(Standing::Waits)? + count(Standing::Elsewhere)?;
            for standing in [Standing::Refused, Standing::Unfit] {
                counted.refused += count(standing)?;
                for id in self.log.newest_with_standing(stream, standing, NAMED)? {
                    // What cannot be read back is counted all the same.
                    let stored = self.log.envelope(&id).ok().flatten();
                    let person = stored.map(|stored| stored.envelope.header().person);
                    counted
                        .refused_of
                        .extend(person.filter(|person| !person.is_zero()));
                }
            }
        }
        counted.refused_of.sort();
        counted.refused_of.dedup();
        Ok(counted)
    }

    /// Whether a change that is durable makes a new count necessary.
    pub(super) fn changes_standings(&self, change: &LogChange) -> bool {
        let may_be_judged_again = self.streams.places_forgotten;
        let is_other = |standing: &Standing| may_be_judged_again || *standing != Standing::Accepted;
        !change.standing.is_empty() || change.envelopes.iter().any(|new| is_other(&new.standing))
    }

    /// The names of those who wrote what is refused.
    pub(super) fn refused_of(&self) -> Vec<String> {
        let name = |person: &PersonId| {
            let slot = self.slots.of(*person);
            let name = slot.and_then(|slot| slot.public.name.clone());
            name.unwrap_or_else(|| person.to_string())
        };
        self.standings.refused_of.iter().map(name).collect()
    }

    fn streams_here(&self) -> Vec<StreamId> {
        let membership = self.membership.iter();
        membership
            .flat_map(|membership| Stream::ALL.map(|stream| membership.stream(stream)))
            .collect()
    }

    /// A new version tries again what an earlier one did not know or did not survive. What stood
    /// elsewhere waits on: this one cannot judge it either. Should the disk fail, the next start does.
    pub(super) fn after_update(&mut self) -> Result<(), StoreError> {
        if self.log.setting(Setting::Program)?.as_deref() == Some(PROGRAM.as_bytes()) {
            return Ok(());
        }
        let mut change = LogChange {
            settings: vec![
                (Setting::Program, Some(PROGRAM.as_bytes().to_vec())),
                (Setting::Saving, None),
            ],
            ..LogChange::default()
        };
        for stream in Stream::ALL {
            let Some(id) = self.membership.as_ref().map(|m| m.stream(stream)) else {
                continue;
            };
            let before = change.standing.len();
            for waits in self.log.with_standing(id, Standing::Waits)? {
                let stored = self.log.envelope(&waits)?;
                let placed = stored.and_then(|stored| Some((stored.place?, stored.envelope)));
                let Some((place, envelope)) = placed else {
                    continue;
                };
                let standing = self.judge(&envelope, id, place.roster_seq);
                if standing != Standing::Waits {
                    change.standing.push((waits, standing));
                }
            }
            for aside in self.log.with_standing(id, Standing::SetAside)? {
                change.standing.push((aside, Standing::Accepted));
            }
            if change.standing.len() > before && Views::STREAMS.contains(&stream) {
                change.settings.push(begin_anew(stream));
            }
        }
        // What the disk says is shown; nothing else depends on it.
        let _ = self.commit(&change);
        Ok(())
    }

    /// Takes up what was not accepted when the view passed it and is now, and what waited for it: it
    /// was judged by a place at which it does not stand, or by a refusal that was none.
    pub(super) fn take_up_accepted(
        &mut self,
        stream: Stream,
        facts: &[LocalFact],
    ) -> Result<(), Trouble> {
        let mut accepted = Vec::new();
        for fact in facts {
            let id = fact.envelope.envelope.id();
            let is_open = fact.kind == FactKind::Standing
                && fact.envelope.standing == Standing::Accepted
                && !self.waiting.of(stream).holds(&id)
                && !self.trying.suspects(stream, &id);
            let view = self.views.of(stream).ok_or_else(Trouble::closed)?;
            if is_open && !view.has_applied(&id)? {
                accepted.push((id, fact.envelope.envelope.header().document));
            }
        }
        let mut met_a_rival = false;
        for (id, document) in accepted {
            self.note_tries(stream, BTreeSet::from([id]))?;
            met_a_rival |= self.take_up_one(stream, id)?;
            self.retry_waiting_in(stream, &BTreeSet::from([document]))?;
            self.nothing_is_tried(stream)?;
        }
        if met_a_rival {
            self.build_again(stream)?;
        }
        Ok(())
    }

    /// Whether a view is to be begun anew, and the row that forgets it.
    pub(super) fn begins_anew(&self, stream: Stream) -> Result<Option<SettingRow>, StoreError> {
        let setting = Setting::Anew(stream);
        Ok(self.log.setting(setting)?.map(|_| (setting, None)))
    }

    pub(super) fn keep_beginning_anew(&mut self, stream: Stream) -> Result<(), Trouble> {
        let change = LogChange {
            settings: vec![begin_anew(stream)],
            ..LogChange::default()
        };
        Ok(self.commit(&change)?)
    }

    /// An empty view is going to be built from the whole log in its order: nothing waits in it yet,
    /// and which of two changes stands is decided again.
    pub(super) fn begin_in_order(
        &mut self,
        stream: Stream,
        anew: Option<SettingRow>,
    ) -> Result<(), Trouble> {
        let unfit = self
            .log
            .with_standing(self.stream_id(stream)?, Standing::Unfit)?;
        let mut rows = self.rows_of_an_empty_queue(stream);
        rows.extend(anew);
        let change = LogChange {
            settings: rows,
            standing: unfit
                .into_iter()
                .map(|id| (id, Standing::Accepted))
                .collect(),
            ..LogChange::default()
        };
        self.commit(&change)?;
        self.empty_queue(stream);
        Ok(())
    }

    pub(super) fn stream_id(&self, stream: Stream) -> Result<StreamId, Trouble> {
        let membership = self.membership.as_ref();
        membership
            .map(|membership| membership.stream(stream))
            .ok_or_else(Trouble::closed)
    }
}

/// The view of a stream is to be begun anew when it is next opened.
fn begin_anew(stream: Stream) -> SettingRow {
    (Setting::Anew(stream), Some(vec![1]))
}
