//! A plan of entries becomes sealed envelopes and outbox rows in one `log.db` transaction: the
//! moment at which a tablet may say "saved".

use super::plan::{Plan, Planned};
use super::{Engine, bug, storage};
use crate::log::{DraftRow, LogChange, NewEnvelope, Standing, StoreError, Tail};
use document::{Body, Seal};
use domain::Stream;
use ids::{DocumentId, EntryKey, EnvelopeId, RosterSeq, UnixMillis, contexts, limits};
use interface::{Done, Refusal, Rule};
use std::collections::HashMap;
use wire::{Envelope, Header, Kind};

/// Where runs of this engine stand in the documents of one transaction.
type Tails = HashMap<DocumentId, Tail>;

impl Engine {
    /// Seals and commits a plan; all of it or nothing.
    pub(super) fn write(&mut self, plan: Plan) -> Result<Done, Refusal> {
        let outcome = self.seal_plan(&plan).and_then(|envelopes| {
            let change = LogChange {
                envelopes,
                settings: plan.settings.clone(),
                drafts: self.forgetting(&plan.drafts)?,
                ..LogChange::default()
            };
            self.commit(&change).map_err(|e| storage(&e))?;
            self.queue(&change);
            Ok(())
        });
        if let Err(refusal) = outcome {
            // The open documents may hold what was not saved.
            self.forget_documents();
            return Err(refusal);
        }
        self.notices.tablet();
        Ok(Done::Saved {
            command: plan.command,
            entries: plan
                .entries
                .into_iter()
                .map(|planned| planned.key)
                .collect(),
            resident: plan.resident,
        })
    }

    /// Rows that forget drafts of the person signed in.
    fn forgetting(&self, drafts: &[String]) -> Result<Vec<DraftRow>, Refusal> {
        let person = self.session.as_ref().ok_or(Refusal::Locked)?.person;
        let row = |key: &String| DraftRow {
            person,
            key: key.clone(),
            at: self.now,
            sealed: Vec::new(),
        };
        Ok(drafts.iter().map(row).collect())
    }

    fn seal_plan(&mut self, plan: &Plan) -> Result<Vec<NewEnvelope>, Refusal> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        let mut newest: HashMap<DocumentId, usize> = HashMap::new();
        for planned in &plan.entries {
            let open = newest
                .get(&planned.id)
                .and_then(|index| groups.get_mut(*index));
            match open.filter(|group| group.has_room(planned)) {
                Some(group) => group.add(planned),
                None => {
                    newest.insert(planned.id, groups.len());
                    groups.push(Group::new(planned));
                }
            }
        }
        let mut tails = Tails::new();
        groups
            .into_iter()
            .map(|group| self.seal_group(&group, &mut tails))
            .collect()
    }

    /// One change, one envelope.
    fn seal_group(&mut self, group: &Group<'_>, tails: &mut Tails) -> Result<NewEnvelope, Refusal> {
        let first = group.entries.first().ok_or_else(|| bug("empty group"))?;
        let person = self.session.as_ref().ok_or(Refusal::Locked)?.person;
        let actor = self.own_actor(person)?;
        let values = group
            .entries
            .iter()
            .map(|planned| planned.value.clone())
            .collect();
        let now = self.now;
        self.documents.goes_ahead(first.id);
        let doc = match self.document(first.stream, first.id) {
            Ok(doc) => doc,
            Err(error) => {
                let fault = error.fault();
                self.in_trouble(first.stream, error.into());
                return Err(Refusal::Storage { fault });
            }
        };
        let written = doc.write(&actor, now, values).map_err(|_| bug("write"))?;
        let expected = group.entries.iter().map(|planned| &planned.key);
        if !written.keys.iter().eq(expected) {
            return Err(bug("entry key"));
        }
        let message = document::authorship_message(&first.id, &actor, written.seq, &written.hash);
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let signature = session.identity.sign(contexts::SIGN_AUTHORSHIP, &message);
        let (kind, subject, period) = first.what.canonical();
        let body = Body {
            kind: kind.to_owned(),
            subject: AsRef::<[u8]>::as_ref(&subject).to_vec(),
            period: AsRef::<str>::as_ref(&period).to_owned(),
            chunks: vec![written.chunk],
            seals: vec![Seal {
                actor,
                seq: written.seq,
                hash: written.hash,
                signature,
            }],
        };
        let plain = body.encode().map_err(|_| bug("body"))?;
        let envelope = self.seal_changes(first.stream, first.id, &plain, tails)?;
        Ok(NewEnvelope {
            envelope,
            standing: Standing::Accepted,
            place: None,
            outbox: Some(self.now),
        })
    }

    fn seal_changes(
        &mut self,
        stream: Stream,
        document: DocumentId,
        plain: &[u8],
        tails: &mut Tails,
    ) -> Result<Envelope, Refusal> {
        let session = self.session.as_ref().ok_or(Refusal::Locked)?;
        let keys = session.keys(stream).ok_or(Refusal::Locked)?;
        let epoch = keys.newest();
        let key = keys.document_key(epoch, &document).ok_or(Refusal::Locked)?;
        let mut header = self
            .next_header(Kind::Changes, stream, document, tails)
            .map_err(|e| storage(&e))?;
        header.person = session.person;
        header.epoch = epoch;
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let envelope = vault::seal(
            self.random.as_mut(),
            &key,
            header,
            plain,
            &membership.identity,
            Some(&session.identity),
        )
        .map_err(|e| seal_refusal(&e))?;
        tails.insert(
            document,
            Tail {
                run_seq: header.run_seq,
                id: envelope.id(),
            },
        );
        Ok(envelope)
    }

    /// Who writes on this device in this run.
    pub(super) fn own_actor(&self, person: ids::PersonId) -> Result<document::Actor, Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let device = membership.facts.device;
        Ok(document::actor(&device, &self.run, &person))
    }

    /// A header for the next envelope of this run in a document; epoch and person are the caller's.
    pub(super) fn next_header(
        &self,
        kind: Kind,
        stream: Stream,
        document: DocumentId,
        tails: &Tails,
    ) -> Result<Header, StoreError> {
        let Some(membership) = &self.membership else {
            return Err(StoreError::Corrupt("no membership".into()));
        };
        let device = membership.facts.device;
        let id = membership.stream(stream);
        let of_run = match tails.get(&document) {
            Some(tail) => Some(*tail),
            None => self.log.tail_of_run(document, device, self.run)?,
        };
        let (run_seq, prev) = match of_run {
            Some(tail) => (tail.run_seq.saturating_add(1), tail.id),
            None => (
                0,
                self.log
                    .tail_of_device(document, device)?
                    .map_or(EnvelopeId::ZERO, |tail| tail.id),
            ),
        };
        let seen = self.streams.position(id);
        let (roster_seq, _) = self.roster.head();
        Ok(Header {
            version: wire::envelope::VERSION,
            kind: kind.code(),
            facility: membership.facts.facility,
            stream: id,
            document,
            device,
            run: self.run,
            run_seq,
            prev,
            roster_seq,
            seen_log: seen.log_id,
            seen_seq: seen.seq,
            seen_chain: seen.chain,
            ..Header::ZERO
        })
    }

    /// The signing key a person had when the roster stood at `at`.
    pub(super) fn person_key_then(
        &self,
        person: ids::PersonId,
        at: RosterSeq,
    ) -> Option<ids::SigningPublic> {
        self.roster.person_key_at(&person, at)
    }
}

/// Entries of one document that go into one change.
struct Group<'a> {
    entries: Vec<&'a Planned>,
    bytes: usize,
}

impl<'a> Group<'a> {
    fn new(first: &'a Planned) -> Self {
        Self {
            entries: vec![first],
            bytes: first.value.len(),
        }
    }

    fn has_room(&self, planned: &Planned) -> bool {
        self.entries.len() < limits::ENTRIES_PER_CHANGE
            && self.bytes + planned.value.len() <= limits::BULK_CHANGE_BYTES
    }

    fn add(&mut self, planned: &'a Planned) {
        self.bytes += planned.value.len();
        self.entries.push(planned);
    }
}

/// Why nothing was sealed.
pub(super) fn seal_refusal(error: &vault::SealError) -> Refusal {
    match error {
        vault::SealError::NoRandom(_) => Refusal::NoRandom,
        vault::SealError::TooLong => Refusal::Field {
            field: "entry".into(),
            rule: Rule::TooLong {
                most: ids::limits::ENTRY_BYTES,
            },
        },
        vault::SealError::Header
        | vault::SealError::BadRecipient
        | vault::SealError::Envelope(_) => super::bug("seal"),
    }
}

/// A key of an entry, before it is written.
pub(super) fn key_of(
    document: &DocumentId,
    actor: &document::Actor,
    now: UnixMillis,
    value: &[u8],
) -> Result<EntryKey, Refusal> {
    document::entry_key(document, actor, now, value).ok_or_else(|| Refusal::Field {
        field: "clock".into(),
        rule: Rule::FarOff,
    })
}
