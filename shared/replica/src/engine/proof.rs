//! Proof of who wrote an entry, checked anew from the bytes that are kept, step by step.

use super::introduce::name_in;
use super::verdict::Author;
use super::{Engine, storage};
use crate::log::StoredEnvelope;
use crate::view::Origin;
use document::Body;
use domain::Stream;
use domain::validate::bounds;
use ids::{EntryKey, EnvelopeId, Place, Seq, SigningPublic, contexts};
use interface::{Missing, ProofCheck, ProofStep, ProofView, Provenance, Refusal, View};
use std::collections::BTreeMap;
use wire::{Envelope, chain_next, chain_start};

impl Engine {
    pub(super) fn proof(&mut self, key: &EntryKey) -> Result<View, Refusal> {
        let row = self.target(key)?;
        let stored = self
            .log
            .envelope(&row.origin.envelope)
            .map_err(|e| storage(&e))?
            .ok_or(Refusal::NotFound {
                what: Missing::Envelope,
            })?;
        let header = *stored.envelope.header();
        let stream = row.origin.what.stream();
        let body = self.opened_body(stream, &stored.envelope);
        let at = stored
            .place
            .map_or(self.roster.head().0, |place| place.roster_seq);
        let person_key = self.person_key_standing(header.person, header.roster_seq, at);
        let author = Author::of_header(&header, row.origin.what);
        let mut checks = vec![
            (
                ProofStep::EntryInEnvelope,
                body.as_ref().is_some_and(|body| {
                    entries_of(&stored.envelope, body).get(key) == Some(&row.value)
                }),
            ),
            (
                ProofStep::PersonSignature,
                person_key.is_some_and(|key| stored.envelope.verify_person(&key).is_ok()),
            ),
            (
                ProofStep::DeviceSignature,
                self.roster
                    .device_key_at(&header.device, at)
                    .is_some_and(|key| stored.envelope.verify_device(&key).is_ok()),
            ),
            (
                ProofStep::AuthorshipSeal,
                body.as_ref()
                    .zip(person_key)
                    .is_some_and(|(body, key)| holds_seal(&stored.envelope, body, &key)),
            ),
            (ProofStep::Right, self.had_right(&author, &row.recorded, at)),
        ];
        if let Some(place) = stored.place {
            checks.push((ProofStep::Receipt, self.receipt_covers(&stored, place)?));
        }
        let (name, credential, named) = self.named(header.person)?;
        Ok(View::Proof(ProofView {
            by: Provenance {
                entry: key.clone(),
                person: header.person,
                name,
                credential,
                device: header.device,
                device_name: name_in(&self.device_names()?, header.device),
                stated: row.stated(),
                ahead: row.stated().at > self.now.plus(bounds::FUTURE_MS),
                recorded: key.recorded_at(),
                stored: stored.place.is_some(),
            },
            holds: checks.iter().all(|(_, holds)| *holds),
            checks: checks
                .into_iter()
                .map(|(check, holds)| ProofCheck { check, holds })
                .collect(),
            envelope: stored.envelope.id().to_string(),
            key: person_key.map(|key| key.to_string()).unwrap_or_default(),
            named,
            place: stored.place,
        }))
    }

    /// An envelope whose author and seal hold; what the history marks as proved stands in one.
    pub(super) fn proved_envelope(&self, origin: &Origin) -> Option<ProvedEnvelope> {
        let stored = self.log.envelope(&origin.envelope).ok()??;
        let header = stored.envelope.header();
        let at = stored
            .place
            .map_or(self.roster.head().0, |place| place.roster_seq);
        let key = self.person_key_standing(header.person, header.roster_seq, at)?;
        stored.envelope.verify_person(&key).ok()?;
        let body = self.opened_body(origin.what.stream(), &stored.envelope)?;
        holds_seal(&stored.envelope, &body, &key).then(|| ProvedEnvelope {
            id: origin.envelope,
            entries: entries_of(&stored.envelope, &body),
        })
    }

    fn opened_body(&self, stream: Stream, envelope: &Envelope) -> Option<Body> {
        let header = envelope.header();
        let keys = self.session.as_ref()?.keys(stream)?;
        let key = keys.document_key(header.epoch, &header.document)?;
        let plain = vault::open(&key, envelope).ok()?;
        Body::decode(&plain).ok()
    }

    /// Whether a receipt of the relay, verified again, covers the place: the chain from the row to
    /// the receipt is computed anew from what is kept.
    fn receipt_covers(&self, stored: &StoredEnvelope, place: Place) -> Result<bool, Refusal> {
        let header = stored.envelope.header();
        let stream = header.stream;
        let receipt = self
            .log
            .receipt_covering(stream, place.log_id, place.seq)
            .map_err(|e| storage(&e))?;
        let Some(receipt) = receipt else {
            return Ok(false);
        };
        let Some(key) = self.roster.relay_key_at(receipt.roster_seq) else {
            return Ok(false);
        };
        if receipt.verify(&key).is_err() {
            return Ok(false);
        }
        // From the chain kept at the row before it. It needs no signature of its own: only the
        // right one leads to the chain that was signed.
        let from = Seq(place.seq.0.saturating_sub(1));
        let mut chain = match from {
            Seq(0) => chain_start(&header.facility, &stream, &place.log_id),
            from => {
                let kept = self.log.chain_at(stream, place.log_id, from);
                let Some(chain) = kept.map_err(|e| storage(&e))? else {
                    return Ok(false);
                };
                chain
            }
        };
        let mut includes = false;
        let rows = self
            .log
            .rows(stream, place.log_id, place.seq, receipt.seq)
            .map_err(|e| storage(&e))?;
        for (seq, roster_seq, id) in rows {
            let Some(head) = self.roster.hash_at(roster_seq) else {
                return Ok(false);
            };
            chain = chain_next(&chain, seq, roster_seq, &head, &id);
            includes |= seq == place.seq && id == stored.envelope.id();
        }
        Ok(includes && chain == receipt.chain)
    }
}

/// An envelope whose author and seal hold.
pub(super) struct ProvedEnvelope {
    pub(super) id: EnvelopeId,
    entries: BTreeMap<EntryKey, Vec<u8>>,
}

impl ProvedEnvelope {
    /// Whether it holds exactly this entry.
    pub(super) fn holds(&self, key: &EntryKey, value: &[u8]) -> bool {
        self.entries.get(key).is_some_and(|held| held == value)
    }
}

/// The entries of the body's changes, each admitted anew.
fn entries_of(envelope: &Envelope, body: &Body) -> BTreeMap<EntryKey, Vec<u8>> {
    let header = envelope.header();
    let actor = document::actor(&header.device, &header.run, &header.person);
    let changes = body
        .chunks
        .iter()
        .filter_map(|chunk| document::admit(chunk, &header.document, &actor).ok());
    changes
        .flat_map(|change| change.entries().to_vec())
        .collect()
}

/// Whether the seal of authorship covers the newest change and verifies.
fn holds_seal(envelope: &Envelope, body: &Body, key: &SigningPublic) -> bool {
    let header = envelope.header();
    let actor = document::actor(&header.device, &header.run, &header.person);
    let newest = body
        .chunks
        .iter()
        .filter_map(|chunk| document::admit(chunk, &header.document, &actor).ok())
        .max_by_key(document::Admitted::seq);
    let (Some(newest), [seal]) = (newest, body.seals.as_slice()) else {
        return false;
    };
    let message = document::authorship_message(&header.document, &seal.actor, seal.seq, &seal.hash);
    seal.actor == actor
        && seal.seq == newest.seq()
        && seal.hash == newest.hash()
        && wire::verify_strict(
            key,
            &wire::signing_message(contexts::SIGN_AUTHORSHIP, &message),
            &seal.signature,
        )
        .is_ok()
}
