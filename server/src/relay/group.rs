//! The group commit: judge all that waits, verify its signatures at once, store it in one
//! transaction, then answer. Nothing is answered before it is durable.

use std::collections::{BTreeMap, HashMap};

use ids::{FacilityId, Seq, Signature, SigningPublic, StreamId};
use wire::message::{Item, PushResult, Results};
use wire::{Envelope, chain_next, verify_batch, verify_strict};

use super::Relay;
use super::facility::Facility;
use super::judge::admit;
use super::output::ConnId;
use super::push::QueuedPush;
use super::runs::{GroupRuns, Run, RunCache, Standing};
use crate::store::{LogStore, NewRow, RunKey, RunPlace, StoreError, StreamAppend};

/// What is to become of one envelope.
#[derive(Clone, Copy, Debug)]
enum Verdict {
    /// Known without the store.
    Answer(PushResult),
    /// To be stored here.
    Accept(RunPlace),
    /// The same as one that is to be stored.
    SameAs(RunPlace),
}

/// One row that was stored and who pushed it.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) conn: ConnId,
    pub(super) item: Item,
}

/// Rows that were stored, by stream.
type FreshRows = BTreeMap<(FacilityId, StreamId), Vec<Fresh>>;

/// The bytes a device must have signed, and its key.
struct Signed {
    message: Vec<u8>,
    signature: Signature,
    key: SigningPublic,
}

impl Signed {
    fn of(envelope: &Envelope, key: SigningPublic) -> Self {
        Self {
            message: envelope.device_message(),
            signature: envelope.device_signature(),
            key,
        }
    }

    fn is_good(&self) -> bool {
        verify_strict(&self.key, &self.message, &self.signature).is_ok()
    }
}

/// How signatures are met while judging.
enum Signatures {
    /// Assumed good and gathered, by the envelope's number in the group.
    Gather(Vec<(usize, Signed)>),
    /// Known by number; one that is not was never reached before and is verified now.
    Known(HashMap<usize, bool>),
}

/// Judges a group from its first envelope on.
struct Judge<'a, S> {
    store: &'a mut S,
    cache: &'a mut RunCache,
    facilities: &'a BTreeMap<FacilityId, Facility>,
    facility_bytes: u64,
    signatures: Signatures,
    runs: GroupRuns,
    ends: BTreeMap<(FacilityId, StreamId), Seq>,
    bytes: BTreeMap<FacilityId, u64>,
}

impl<S: LogStore> Judge<'_, S> {
    fn judge_all(&mut self, pushes: &[QueuedPush]) -> Result<Vec<Verdict>, StoreError> {
        let mut verdicts = Vec::new();
        for push in pushes {
            for envelope in &push.envelopes {
                let verdict = match envelope {
                    Ok(envelope) => self.judge(verdicts.len(), push.facility, envelope)?,
                    Err(answer) => Verdict::Answer(*answer),
                };
                verdicts.push(verdict);
            }
        }
        Ok(verdicts)
    }

    fn judge(
        &mut self,
        number: usize,
        facility: FacilityId,
        envelope: &Envelope,
    ) -> Result<Verdict, StoreError> {
        let Some(facility) = self.facilities.get(&facility) else {
            return Ok(Verdict::Answer(PushResult::NotAllowed));
        };
        let run = run_of(facility.id, envelope);
        match self.runs.standing(self.store, self.cache, &run, envelope)? {
            Standing::Next => {}
            Standing::Stored(place) => {
                let RunPlace {
                    seq, roster_seq, ..
                } = place;
                return Ok(Verdict::Answer(PushResult::Duplicate { seq, roster_seq }));
            }
            Standing::InGroup(place) => return Ok(Verdict::SameAs(place)),
            Standing::Gap => return Ok(Verdict::Answer(PushResult::Gap)),
            Standing::Fork => return Ok(Verdict::Answer(PushResult::Fork)),
        }
        let admissible = match admit(facility, envelope) {
            Ok(admissible) => admissible,
            Err(answer) => return Ok(Verdict::Answer(answer)),
        };
        let len = envelope.bytes().len() as u64;
        let bytes = self.bytes.entry(facility.id).or_insert(facility.bytes);
        if bytes.saturating_add(len) > self.facility_bytes {
            return Ok(Verdict::Answer(PushResult::Quota));
        }
        let Some(log) = facility.streams.get(&envelope.header().stream) else {
            return Ok(Verdict::Answer(PushResult::NotAllowed));
        };
        if !is_signed(
            &mut self.signatures,
            number,
            envelope,
            admissible.device_key,
        ) {
            return Ok(Verdict::Answer(PushResult::NotAllowed));
        }
        let end = self
            .ends
            .entry((facility.id, log.head.stream))
            .or_insert(log.head.seq);
        let Some(seq) = end.next() else {
            return Ok(Verdict::Answer(PushResult::Quota));
        };
        *end = seq;
        *bytes += len;
        let place = RunPlace {
            run_seq: envelope.header().run_seq,
            seq,
            roster_seq: facility.roster.head().0,
            id: envelope.id(),
        };
        self.runs.enter(run, place);
        Ok(Verdict::Accept(place))
    }
}

/// Signatures from which a batch is cheaper than one after another.
const BATCH: usize = 3;

fn all_good(gathered: &[(usize, Signed)]) -> bool {
    if gathered.len() < BATCH {
        return gathered.iter().all(|(_, signed)| signed.is_good());
    }
    let items: Vec<_> = gathered
        .iter()
        .map(|(_, signed)| (signed.message.as_slice(), signed.signature, signed.key))
        .collect();
    verify_batch(&items)
}

fn is_signed(
    signatures: &mut Signatures,
    number: usize,
    envelope: &Envelope,
    key: SigningPublic,
) -> bool {
    match signatures {
        Signatures::Gather(all) => {
            all.push((number, Signed::of(envelope, key)));
            true
        }
        Signatures::Known(known) => *known
            .entry(number)
            .or_insert_with(|| Signed::of(envelope, key).is_good()),
    }
}

fn run_of(facility: FacilityId, envelope: &Envelope) -> Run {
    let key = envelope.natural_key();
    (
        facility,
        RunKey {
            stream: key.stream,
            document: key.document,
            device: key.device,
            run: key.run,
        },
    )
}

impl<S: LogStore> Relay<S> {
    /// Judges, stores and answers everything that was pushed.
    pub(super) fn commit_pushes(&mut self) {
        let pushes = self.pushes.take();
        if pushes.is_empty() {
            return;
        }
        let judged = self.judge_group(&pushes);
        let Some((verdicts, runs)) = self.stored(judged) else {
            return self.answer_all(&pushes, None);
        };
        let (appends, fresh) = self.rows(&pushes, &verdicts);
        if !appends.is_empty() {
            let appended = self.store.append(&appends);
            if self.stored(appended).is_none() {
                return self.answer_all(&pushes, None);
            }
            self.counts.commits += 1;
            let rows = appends.iter().map(|append| append.rows.len());
            self.together = rows.max().unwrap_or_default();
            for (run, place) in runs.into_heads() {
                self.runs.remember(run, Some(place));
            }
        }
        self.answer_all(&pushes, Some(&verdicts));
        for append in &appends {
            self.advance(append);
        }
        for ((facility, stream), rows) in fresh {
            self.fan_out(facility, stream, &rows);
        }
    }

    fn judge_group(
        &mut self,
        pushes: &[QueuedPush],
    ) -> Result<(Vec<Verdict>, GroupRuns), StoreError> {
        let mut judge = self.judge(Signatures::Gather(Vec::new()));
        let verdicts = judge.judge_all(pushes)?;
        let Signatures::Gather(gathered) = judge.signatures else {
            return Ok((verdicts, judge.runs));
        };
        if all_good(&gathered) {
            return Ok((verdicts, judge.runs));
        }
        // At least one is bad: find out which, and judge again without them, because what comes
        // after a bad one of its run has a gap before it.
        let known = gathered
            .iter()
            .map(|(number, signed)| (*number, signed.is_good()))
            .collect();
        let mut judge = self.judge(Signatures::Known(known));
        let verdicts = judge.judge_all(pushes)?;
        Ok((verdicts, judge.runs))
    }

    fn judge(&mut self, signatures: Signatures) -> Judge<'_, S> {
        Judge {
            store: &mut self.store,
            cache: &mut self.runs,
            facilities: &self.facilities,
            facility_bytes: self.settings.facility_bytes,
            signatures,
            runs: GroupRuns::default(),
            ends: BTreeMap::new(),
            bytes: BTreeMap::new(),
        }
    }

    /// The rows to append, by stream, and the same for the readers.
    fn rows(&self, pushes: &[QueuedPush], verdicts: &[Verdict]) -> (Vec<StreamAppend>, FreshRows) {
        let mut appends: BTreeMap<(FacilityId, StreamId), StreamAppend> = BTreeMap::new();
        let mut fresh = FreshRows::new();
        let pushed = pushes
            .iter()
            .flat_map(|p| p.envelopes.iter().map(move |e| (p, e)));
        for ((push, envelope), verdict) in pushed.zip(verdicts) {
            let (Ok(envelope), Verdict::Accept(place)) = (envelope, verdict) else {
                continue;
            };
            let Some(facility) = self.facilities.get(&push.facility) else {
                continue;
            };
            let key = (facility.id, envelope.header().stream);
            let Some(log) = facility.streams.get(&key.1) else {
                continue;
            };
            let append = appends.entry(key).or_insert_with(|| StreamAppend {
                facility: facility.id,
                before: log.head,
                rows: Vec::new(),
            });
            let chain = append
                .rows
                .last()
                .map_or(append.before.chain, |row| row.chain);
            let (roster_seq, roster_head) = facility.roster.head();
            append.rows.push(NewRow {
                run: run_of(facility.id, envelope).1,
                place: *place,
                chain: chain_next(&chain, place.seq, roster_seq, &roster_head, &place.id),
                envelope: envelope.bytes().clone(),
            });
            let envelope = envelope.bytes().clone();
            let item = Item {
                seq: place.seq,
                roster_seq: place.roster_seq,
                envelope,
            };
            fresh.entry(key).or_default().push(Fresh {
                conn: push.conn,
                item,
            });
        }
        (appends.into_values().collect(), fresh)
    }

    /// Answers every push; with no verdicts, that nothing was stored.
    fn answer_all(&mut self, pushes: &[QueuedPush], verdicts: Option<&[Verdict]>) {
        let mut verdicts = verdicts.map(|verdicts| verdicts.iter());
        for push in pushes {
            let results: Vec<PushResult> = push
                .envelopes
                .iter()
                .map(|_| match verdicts.as_mut() {
                    Some(verdicts) => verdicts.next().map_or(PushResult::Busy, answer),
                    None => PushResult::Busy,
                })
                .collect();
            self.count(&results, push);
            let Some(session) = self.sessions.get_mut(&push.conn) else {
                continue;
            };
            if let Some(device) = session.device_mut() {
                device.in_flight = device.in_flight.saturating_sub(1);
            }
            self.out.message(
                push.conn,
                Results {
                    request: push.request,
                    results,
                },
            );
        }
    }

    fn count(&mut self, results: &[PushResult], push: &QueuedPush) {
        for (result, envelope) in results.iter().zip(&push.envelopes) {
            match result {
                PushResult::Stored { .. } => {
                    let len = envelope
                        .as_ref()
                        .map_or(0, |envelope| envelope.bytes().len());
                    self.counts.envelopes_stored += 1;
                    self.counts.envelope_bytes_stored += len as u64;
                }
                PushResult::Duplicate { .. } => self.counts.envelopes_duplicate += 1,
                PushResult::Gap
                | PushResult::StaleEpoch
                | PushResult::Quota
                | PushResult::Busy
                | PushResult::NotAllowed
                | PushResult::TooLarge
                | PushResult::Fork
                | PushResult::Unknown(_) => self.counts.envelopes_refused += 1,
            }
        }
    }

    /// Moves a stream's head in memory to where the store has it.
    fn advance(&mut self, append: &StreamAppend) {
        let Some(facility) = self.facilities.get_mut(&append.facility) else {
            return;
        };
        let bytes: usize = append.rows.iter().map(|row| row.envelope.len()).sum();
        facility.bytes = facility.bytes.saturating_add(bytes as u64);
        let Some(log) = facility.streams.get_mut(&append.before.stream) else {
            return;
        };
        if let Some(last) = append.rows.last() {
            log.head.seq = last.place.seq;
            log.head.chain = last.chain;
            log.head.roster_seq = last.place.roster_seq;
            log.receipt = None;
        }
    }
}

fn answer(verdict: &Verdict) -> PushResult {
    match *verdict {
        Verdict::Answer(answer) => answer,
        Verdict::Accept(RunPlace {
            seq, roster_seq, ..
        }) => PushResult::Stored { seq, roster_seq },
        Verdict::SameAs(RunPlace {
            seq, roster_seq, ..
        }) => PushResult::Duplicate { seq, roster_seq },
    }
}
