//! Queries: those about this tablet are answered here, those about the record by the views.

use super::introduce::name_in;
use super::proof::ProvedEnvelope;
use super::{Engine, bug};
use crate::view::{Asker, Origin, Views, query};
use domain::Stream;
use domain::rights::DECIDE;
use ids::{DeviceId, EntryKey};
use interface::{Query, Refusal, View};
use std::cell::RefCell;

impl Engine {
    pub(super) fn ask(&mut self, asked: &Query) -> Result<View, Refusal> {
        match asked {
            Query::Tablet => self.tablet_view(),
            Query::Session => self.session_view(),
            Query::Drafts => self.drafts_view(),
            Query::Proof { entry } => self.proof(entry),
            Query::NotAccepted => self.not_accepted(),
            Query::Digest => self.digest(),
            Query::House
            | Query::Staff
            | Query::Residents { .. }
            | Query::Banner { .. }
            | Query::Today { .. }
            | Query::Medicines { .. }
            | Query::Observations { .. }
            | Query::Notes { .. }
            | Query::Chart { .. }
            | Query::History { .. }
            | Query::Entry { .. }
            | Query::Contradictions { .. } => self.ask_views(asked),
        }
    }

    pub(super) fn ask_views(&self, asked: &Query) -> Result<View, Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let (at, _) = self.roster.head();
        let may_resolve = |stream: Stream| {
            let id = membership.stream(stream);
            self.roster.may_write(&session.person, &id, at)
                && self.roster.acts(&session.person, &id, at) & DECIDE == DECIDE
        };
        let names = self.device_names()?;
        let device_name = |device: DeviceId| name_in(&names, device);
        // Entries of one command follow one another: their envelope is opened once.
        let last = RefCell::new(None::<ProvedEnvelope>);
        let proved = |origin: &Origin, key: &EntryKey, value: &[u8]| {
            let mut last = last.borrow_mut();
            if last.as_ref().is_none_or(|last| last.id != origin.envelope) {
                *last = self.proved_envelope(origin);
            }
            last.as_ref().is_some_and(|last| last.holds(key, value))
        };
        let may_read = |stream: Stream| {
            self.roster
                .may_read(&session.person, &membership.stream(stream), at)
        };
        let is_arriving = || {
            let arriving = self.is_arriving(Stream::Care);
            self.told_arriving.set(self.told_arriving.get() || arriving);
            arriving
        };
        let asker = Asker {
            person: session.person,
            may_read: &may_read,
            may_resolve: &may_resolve,
            is_arriving: &is_arriving,
            device_name: &device_name,
            proved: &proved,
        };
        query(&self.views, &asker, asked, self.now)
    }

    /// Heads and content of every document that is open to the person signed in.
    fn digest(&mut self) -> Result<View, Refusal> {
        let mut documents = Vec::new();
        for stream in Views::STREAMS {
            let Some(view) = self.views.of(stream) else {
                continue;
            };
            for (id, hash) in view.digest().map_err(|_| bug("digest"))? {
                let doc = self.document(stream, id).map_err(|_| bug("document"))?;
                let mut heads: Vec<String> = doc.heads().iter().map(ToString::to_string).collect();
                heads.sort();
                let hash = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                documents.push((id.to_string(), heads, hash));
            }
        }
        documents.sort();
        Ok(View::Digest { documents })
    }
}
