//! What the relay refused for good, read out of the outbox for whoever may open it: the envelope is in
//! no view, so its author could not know what to enter again.

use super::introduce::{Names, name_in};
use super::{Engine, storage};
use crate::log::{DEALT_WITH, LogChange, OutboxRow, is_dealt_with};
use domain::Subject;
use domain::entry::Recorded;
use domain::rights::DECIDE;
use domain::validate::bounds;
use ids::{EntryKey, EnvelopeId, limits};
use interface::{
    Act, Done, Missing, NotAcceptedEntry, NotAcceptedRow, NotAcceptedView, NotAcceptedWhy,
    Provenance, Query, Refusal, ResidentRow, View,
};
use wire::{Envelope, Header};

/// An envelope, and what stands in it.
type Entries = (Envelope, Vec<(EntryKey, Recorded)>);

/// Envelopes listed at once.
const LISTED: usize = 64;

/// The word kept beside the outbox row.
pub(super) fn word(why: NotAcceptedWhy) -> &'static str {
    match why {
        NotAcceptedWhy::NotAllowed => "not allowed",
        NotAcceptedWhy::TooLarge => "too large",
        NotAcceptedWhy::Fork => "fork",
        NotAcceptedWhy::BuiltOn => "built on",
        NotAcceptedWhy::Other => "refused",
    }
}

fn of_word(kept: &str) -> NotAcceptedWhy {
    use NotAcceptedWhy::{BuiltOn, Fork, NotAllowed, Other, TooLarge};
    let mut known = [NotAllowed, TooLarge, Fork, BuiltOn].into_iter();
    known.find(|why| word(*why) == kept).unwrap_or(Other)
}

/// Why a row waits no more to be stored, from what is kept beside it; whether somebody has dealt with
/// it.
pub(super) fn reason(kept: &str) -> (NotAcceptedWhy, bool) {
    match kept.strip_prefix(DEALT_WITH) {
        Some(rest) => (of_word(rest.trim_start_matches(": ")), true),
        None => (of_word(kept), false),
    }
}

impl Engine {
    pub(super) fn not_accepted(&self) -> Result<View, Refusal> {
        self.session.as_ref().ok_or(Refusal::Locked)?;
        let names = self.device_names()?;
        let mut view = NotAcceptedView {
            rows: Vec::new(),
            not_listed: 0,
        };
        let mut listed = 0usize;
        let mut after = 0;
        loop {
            let page = self
                .log
                .outbox(after, limits::OUTBOX_PAGE)
                .map_err(|e| storage(&e))?;
            let Some(last) = page.last() else {
                return Ok(View::NotAccepted(view));
            };
            after = last.number;
            for row in &page {
                let Some(why) = row.refused.as_deref().filter(|why| !is_dealt_with(why)) else {
                    continue;
                };
                let why = of_word(why);
                let entries = match listed < LISTED {
                    true => self.entries_of(row)?,
                    false => None,
                };
                let Some((envelope, entries)) = entries else {
                    view.not_listed = view.not_listed.saturating_add(1);
                    continue;
                };
                listed += 1;
                view.rows
                    .extend(self.not_accepted_row(&envelope, entries, why, &names)?);
            }
        }
    }

    /// Takes an envelope off the list: it was entered again, or is not wanted. It stays in the log.
    pub(super) fn deal_with(&mut self, id: EnvelopeId) -> Result<Done, Refusal> {
        self.session.as_ref().ok_or(Refusal::Locked)?;
        let stored = self.log.envelope(&id).map_err(|e| storage(&e))?;
        let waits = self.log.refusal(&id).map_err(|e| storage(&e))?;
        let waits = waits.filter(|why| !is_dealt_with(why));
        let (Some(stored), Some(why)) = (stored, waits) else {
            return Err(Refusal::NotFound {
                what: Missing::Envelope,
            });
        };
        if !self.may_deal_with(stored.envelope.header()) {
            return Err(Refusal::NotAllowed { act: Act::DealWith });
        }
        let kept = format!("{DEALT_WITH}: {why}");
        let change = LogChange {
            refused: vec![(id, kept.clone())],
            ..LogChange::default()
        };
        self.commit(&change).map_err(|e| storage(&e))?;
        self.push.dealt_with(&id, &kept);
        self.notices.tablet();
        Ok(Done::Ok)
    }

    /// Its author may take it off the list; when they may write there no more, whoever may resolve.
    fn may_deal_with(&self, header: &Header) -> bool {
        let Some(session) = &self.session else {
            return false;
        };
        let (at, _) = self.roster.head();
        let writes = |person| self.roster.may_write(person, &header.stream, at);
        let of_session = self.roster.acts(&session.person, &header.stream, at);
        header.person == session.person
            || (!writes(&header.person) && writes(&session.person) && of_session & DECIDE == DECIDE)
    }

    /// The entries of an envelope, if the keys here open it.
    fn entries_of(&self, row: &OutboxRow) -> Result<Option<Entries>, Refusal> {
        let stored = self.log.envelope(&row.id).map_err(|e| storage(&e))?;
        let Some(envelope) = stored.map(|stored| stored.envelope) else {
            return Ok(None);
        };
        let stream = crate::view::Views::STREAMS
            .into_iter()
            .find(|stream| self.stream_id(*stream).is_ok_and(|id| id == row.stream));
        let Some(opened) = stream.and_then(|stream| self.open_envelope(stream, &envelope).ok())
        else {
            return Ok(None);
        };
        let entries = opened.changes.iter().flat_map(|change| change.entries());
        let entries = entries
            .filter_map(|(key, value)| Some((key.clone(), Recorded::from_cbor(value).ok()?)))
            .collect();
        Ok(Some((envelope, entries)))
    }

    fn not_accepted_row(
        &self,
        envelope: &Envelope,
        entries: Vec<(EntryKey, Recorded)>,
        why: NotAcceptedWhy,
        names: &Names,
    ) -> Result<Option<NotAcceptedRow>, Refusal> {
        let header = envelope.header();
        let (name, credential, _) = self.named(header.person)?;
        let Some((key, first)) = entries.first() else {
            return Ok(None);
        };
        let by = Provenance {
            entry: key.clone(),
            person: header.person,
            name,
            credential,
            device: header.device,
            device_name: name_in(names, header.device),
            stated: first.stated(),
            recorded: key.recorded_at(),
            stored: false,
            ahead: first.stated().at > self.now.plus(bounds::FUTURE_MS),
        };
        let entries = entries.into_iter().map(|(_, recorded)| NotAcceptedEntry {
            resident: match recorded.subject() {
                Subject::Resident(resident) => self.resident_row(resident),
                _ => None,
            },
            kind: recorded.kind().to_owned(),
            fact: match recorded {
                Recorded::Known(entry) => Some(entry.fact),
                Recorded::Unknown { .. } => None,
            },
        });
        Ok(Some(NotAcceptedRow {
            envelope: envelope.id(),
            may_deal_with: self.may_deal_with(header),
            by,
            why,
            entries: entries.collect(),
        }))
    }

    fn resident_row(&self, resident: domain::ResidentId) -> Option<ResidentRow> {
        match self.ask_views(&Query::Banner { resident }) {
            Ok(View::Banner(banner)) => Some(banner.row),
            _ => None,
        }
    }
}
