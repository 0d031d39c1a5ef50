//! Projection: log facts become rows. One batch, one transaction, one file.
//!
//! Order must not matter: an entry may come before or after what it supersedes or is about, a
//! place before or after its entries. Every table here is therefore either a plain union or
//! recomputed from unions for what the batch touched.

use super::entry::{kind_column, resident_bytes, resident_of, subject_bytes};
use super::{Batch, LogFact, Origin, ProjectedEntry, ViewDb, ViewError};
use domain::chart::Order;
use domain::codec;
use domain::directory::{MoveKind, TimeOfDay};
use domain::entry::{Recorded, ResidentId};
use domain::{Entry, Fact, Subject};
use ids::{EntryKey, EnvelopeId, Place};
use std::collections::{BTreeMap, BTreeSet};

mod alerts;
mod findings;
mod moves;
mod repeated;
mod scales;
mod scope;
mod scores;
mod standing;
mod substances;
mod summary;
mod twins;

pub(super) use alerts::{Counting, more, short};
pub(super) use findings::{Finding, as_standing, findings_among, parse as parse_finding};
pub(crate) use scales::Scales;
pub(super) use scope::Scope;
pub(super) use scores::scored;
pub(super) use standing::{born_number, born_of, date_number, time_number};
pub(super) use summary::{Card, need, status_number, status_numbered};

/// The end of an order that has none.
const NEVER: i64 = i64::MAX;

/// What a batch changed, for notices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Touched {
    /// Residents of whom anything changed.
    pub(crate) residents: BTreeSet<ResidentId>,
    /// Something that is about no resident changed: staff, beds, settings.
    pub(crate) house: bool,
    /// Contradictions came, went or changed.
    pub(crate) contradictions: bool,
}

/// What must be worked out again at the end of the batch.
#[derive(Default)]
struct Dirty<'b> {
    /// Entries this batch inserted.
    fresh: BTreeMap<i64, &'b ProjectedEntry>,
    /// Entries whose superseders, decisions or rights changed.
    entries: BTreeSet<i64>,
    /// Entries whose place changed.
    placed: BTreeSet<i64>,
}

impl ViewDb {
    /// Projects one batch and moves the watermark, all or nothing. Entries that are here already
    /// stay as they are; places and withheld keys are taken over.
    ///
    /// # Errors
    /// When the file cannot be written: nothing of the batch was kept.
    pub(crate) fn project(&mut self, batch: Batch) -> Result<Touched, ViewError> {
        let tx = self.conn.unchecked_transaction()?;
        let mut dirty = Dirty::default();
        for fact in &batch.facts {
            match fact {
                LogFact::Applied { origin, entries } => self.apply(origin, entries, &mut dirty)?,
                LogFact::Placed {
                    envelope,
                    place,
                    withheld,
                } => {
                    self.place(envelope, place, &mut dirty)?;
                    self.withhold_only(envelope, withheld, &mut dirty)?;
                }
            }
        }
        for chunk in &batch.chunks {
            self.keep_chunk(chunk)?;
        }
        let touched = self.settle(&dirty)?;
        self.set_watermark(batch.watermark)?;
        tx.commit()?;
        self.changed();
        Ok(touched)
    }

    fn apply<'b>(
        &self,
        origin: &Origin,
        entries: &'b [ProjectedEntry],
        dirty: &mut Dirty<'b>,
    ) -> Result<(), ViewError> {
        let envelope = self.envelope(origin)?;
        if let Some(place) = &origin.place {
            self.place(&origin.envelope, place, dirty)?;
        }
        for entry in entries {
            if entry.withheld {
                self.withhold(&origin.envelope, &entry.key, dirty)?;
            }
            match self.lying_with(&entry.key, envelope)? {
                None => {
                    self.insert(envelope, origin, entry, dirty)?;
                    self.rank(&entry.key, dirty)?;
                }
                Some((_, by)) if by == envelope => {}
                Some((number, by)) => self.repeat(number, [by, envelope], dirty)?,
            }
        }
        Ok(())
    }

    /// A key is made of its document. Of two values in two documents for which somebody searched one
    /// key, that of the earlier place in the stream's log counts; what has no place yet comes last.
    fn rank(&self, key: &EntryKey, dirty: &mut Dirty<'_>) -> Result<(), ViewError> {
        let mut statement = self.statement(
            "SELECT e.id FROM @.entries e JOIN @.envelopes v ON v.id = e.envelope
             JOIN @.documents d ON d.id = v.document
             WHERE e.key = ?1 ORDER BY v.place_seq IS NULL, v.place_seq, d.document",
        )?;
        let numbers = statement.query_map([key.as_str()], |row| row.get(0))?;
        let numbers: Vec<i64> = numbers.collect::<Result<_, _>>()?;
        if numbers.len() < 2 {
            return Ok(());
        }
        for (n, number) in numbers.iter().enumerate() {
            self.statement("UPDATE @.entries SET rival = ?2 WHERE id = ?1")?
                .execute((number, n > 0))?;
        }
        self.changes(key, dirty)
    }

    /// The row of an envelope, completed with what its header says.
    fn envelope(&self, origin: &Origin) -> Result<i64, ViewError> {
        let document = self.document_number(&origin.document, &origin.what)?;
        let (seen_log, seen_seq) = origin.seen;
        self.statement(
            "INSERT INTO @.envelopes (envelope, document, person, device, run, seen_log, seen_seq,
                roster_seq)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT (envelope) DO UPDATE SET document = ?2, person = ?3, device = ?4,
                run = ?5, seen_log = ?6, seen_seq = ?7, roster_seq = ?8",
        )?
        .execute((
            origin.envelope.as_bytes(),
            document,
            origin.person.as_bytes(),
            origin.device.as_bytes(),
            origin.run.as_bytes(),
            seen_log.as_bytes(),
            seen_seq.0.cast_signed(),
            origin.roster_seq.0.cast_signed(),
        ))?;
        Ok(self
            .statement("SELECT id FROM @.envelopes WHERE envelope = ?1")?
            .query_row([origin.envelope.as_bytes()], |row| row.get(0))?)
    }

    fn place(
        &self,
        envelope: &EnvelopeId,
        place: &Place,
        dirty: &mut Dirty<'_>,
    ) -> Result<(), ViewError> {
        self.statement(
            "INSERT INTO @.envelopes (envelope, place_log, place_seq, place_roster)
             VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (envelope) DO UPDATE
                SET place_log = ?2, place_seq = ?3, place_roster = ?4",
        )?
        .execute((
            envelope.as_bytes(),
            place.log_id.as_bytes(),
            place.seq.0.cast_signed(),
            place.roster_seq.0.cast_signed(),
        ))?;
        self.repeated_is_placed(envelope, dirty)?;
        let mut statement = self.statement(
            "SELECT e.id FROM @.envelopes v JOIN @.entries e ON e.envelope = v.id
             WHERE v.envelope = ?1",
        )?;
        let mut placed = Vec::new();
        for number in statement.query_map([envelope.as_bytes()], |row| row.get(0))? {
            placed.push(number?);
        }
        for number in placed {
            dirty.placed.insert(number);
            // Of copies the first in the log is shown.
            self.dirty_copies_numbered(number, dirty)?;
        }
        let mut statement = self.statement(
            "SELECT e.key FROM @.envelopes v JOIN @.entries e ON e.envelope = v.id
             WHERE v.envelope = ?1
               AND EXISTS (SELECT 1 FROM @.entries o WHERE o.key = e.key AND o.id <> e.id)",
        )?;
        let met = statement.query_map([envelope.as_bytes()], |row| row.get::<_, String>(0))?;
        for key in met.collect::<Result<Vec<_>, _>>()? {
            if let Some(key) = EntryKey::parse(&key) {
                self.rank(&key, dirty)?;
            }
        }
        Ok(())
    }

    /// An envelope's place is known, maybe for the second time: of what it brought these entries are
    /// withheld and no others.
    fn withhold_only(
        &self,
        envelope: &EnvelopeId,
        withheld: &[EntryKey],
        dirty: &mut Dirty<'_>,
    ) -> Result<(), ViewError> {
        let mut statement =
            self.statement("DELETE FROM @.withheld WHERE envelope = ?1 RETURNING key")?;
        let before = statement.query_map([envelope.as_bytes()], |row| row.get::<_, String>(0))?;
        for key in before.collect::<Result<Vec<_>, _>>()? {
            if let Some(key) = EntryKey::parse(&key) {
                self.changes(&key, dirty)?;
            }
        }
        for key in withheld {
            self.withhold(envelope, key, dirty)?;
        }
        Ok(())
    }

    fn withhold(
        &self,
        envelope: &EnvelopeId,
        key: &EntryKey,
        dirty: &mut Dirty<'_>,
    ) -> Result<(), ViewError> {
        self.statement("INSERT OR IGNORE INTO @.withheld (key, envelope) VALUES (?1, ?2)")?
            .execute((key.as_str(), envelope.as_bytes()))?;
        self.changes(key, dirty)
    }

    /// Whether an entry is withheld has changed, and so has what it does to others.
    fn changes(&self, key: &EntryKey, dirty: &mut Dirty<'_>) -> Result<(), ViewError> {
        for number in self.entry_numbers(key)? {
            dirty.entries.insert(number);
            self.dirty_copies_numbered(number, dirty)?;
            if let Some(row) = self.entry_numbered(number)? {
                self.dirty_targets(&row.recorded, dirty)?;
            }
        }
        Ok(())
    }

    /// Inserts an entry that is not here yet, with the rows that find it again. Until `settle`
    /// gives it its state, it is as if withheld.
    fn insert<'b>(
        &self,
        envelope: i64,
        origin: &Origin,
        entry: &'b ProjectedEntry,
        dirty: &mut Dirty<'b>,
    ) -> Result<(), ViewError> {
        let fact = match &entry.recorded {
            Recorded::Known(known) => Some(&known.fact),
            Recorded::Unknown { .. } => None,
        };
        let (subject, stated) = (entry.recorded.subject(), entry.recorded.stated());
        let resident = resident_of(subject);
        self.statement(
            "INSERT INTO @.entries (key, envelope, kind, resident, subject, stated_ms,
                stated_offset, state, content, value)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 3, ?8, ?9)",
        )?
        .execute((
            entry.key.as_str(),
            envelope,
            kind_column(&entry.recorded),
            resident.as_ref().map(resident_bytes),
            subject_bytes(subject),
            stated.at.0,
            stated.offset_minutes,
            content_hash(origin, &entry.value).as_slice(),
            &entry.value,
        ))?;
        let number = self.conn.last_insert_rowid();
        for target in entry.recorded.supersedes() {
            self.statement("INSERT OR IGNORE INTO @.supersedes (target, by) VALUES (?1, ?2)")?
                .execute((target.as_str(), number))?;
        }
        if let Some(fact) = fact {
            self.insert_fact(number, entry, fact)?;
        }
        dirty.fresh.insert(number, entry);
        self.dirty_copies_numbered(number, dirty)?;
        self.dirty_targets(&entry.recorded, dirty)
    }

    /// Rows beside the entry that its kind asks for.
    fn insert_fact(
        &self,
        number: i64,
        entry: &ProjectedEntry,
        fact: &Fact,
    ) -> Result<(), ViewError> {
        let subject = entry.recorded.subject();
        let about = |targets: &[EntryKey]| -> Result<(), ViewError> {
            for target in targets {
                self.statement(
                    "INSERT OR IGNORE INTO @.about (target, kind, by) VALUES (?1, ?2, ?3)",
                )?
                .execute((target.as_str(), fact.kind(), number))?;
            }
            Ok(())
        };
        let words = |text: &str| -> Result<(), ViewError> {
            let Some(resident) = resident_of(subject) else {
                return Ok(());
            };
            self.statement("INSERT INTO @.words (rowid, resident, text) VALUES (?1, ?2, ?3)")?
                .execute((number, resident.to_string(), text))?;
            Ok(())
        };
        match fact {
            Fact::Note(note) => words(&note.text),
            Fact::Addendum(addendum) => {
                words(&addendum.text)?;
                about(std::slice::from_ref(&addendum.to))
            }
            Fact::Signature(signature) => about(&signature.entries),
            Fact::Strike(strike) => about(std::slice::from_ref(&strike.entry)),
            Fact::Resolution(resolution) => about(&resolution.of),
            Fact::Dose(dose) => {
                self.statement(
                    "INSERT INTO @.dose_slots (\"order\", date, time, entry)
                     VALUES (?1, ?2, ?3, ?4)",
                )?
                .execute((
                    dose.slot.order.0.as_bytes(),
                    standing::date_number(dose.slot.date),
                    standing::time_number(dose.slot.time),
                    number,
                ))?;
                Ok(())
            }
            Fact::Order(order) => self.insert_order(number, subject, order),
            Fact::Move(says) => match says.what {
                MoveKind::Discharge | MoveKind::Death => {
                    self.statement("INSERT INTO @.departures (entry, resident) VALUES (?1, ?2)")?
                        .execute((number, resident_bytes(&says.resident)))?;
                    Ok(())
                }
                MoveKind::Admission
                | MoveKind::BedChange
                | MoveKind::LeaveBegins
                | MoveKind::LeaveEnds => Ok(()),
            },
            Fact::Settings(_)
            | Fact::Unit(_)
            | Fact::Room(_)
            | Fact::Bed(_)
            | Fact::Staff(_)
            | Fact::Device(_)
            | Fact::ResidentName(_)
            | Fact::Identity(_)
            | Fact::Problem(_)
            | Fact::Allergy(_)
            | Fact::CodeStatus(_) => Ok(()),
            Fact::SaturationScale(_) => self.insert_scale(number, subject),
            Fact::Observations(says) => self.insert_scored(number, entry, says),
        }
    }

    fn insert_order(&self, number: i64, subject: Subject, order: &Order) -> Result<(), ViewError> {
        let Some(resident) = resident_of(subject) else {
            return Ok(());
        };
        let times: Vec<String> = order
            .times
            .iter()
            .map(|time| standing::time_number(Some(*time)).to_string())
            .collect();
        self.statement(
            "INSERT INTO @.orders (entry, resident, \"order\",
                version, starts, ended, starts_at, ended_at, times, high_alert, medicine)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute((
            number,
            resident_bytes(&resident),
            order.order.0.as_bytes(),
            order.version,
            standing::date_number(order.starts.first_day()),
            order.ended.map_or(NEVER, standing::date_number),
            order.begins_at().map(TimeOfDay::minutes),
            order.ended_at.map(TimeOfDay::minutes),
            times.join(" "),
            order.high_alert,
            &order.medicine,
        ))?;
        Ok(())
    }

    /// What an entry supersedes, signs or decides on changes with it.
    fn dirty_targets(&self, recorded: &Recorded, dirty: &mut Dirty<'_>) -> Result<(), ViewError> {
        for target in targets(recorded) {
            for number in self.entry_numbers(target)? {
                dirty.entries.insert(number);
                self.dirty_copies_numbered(number, dirty)?;
            }
        }
        Ok(())
    }

    /// Entries that are copies of this one, or it of them: which of them is shown may change.
    fn dirty_copies_numbered(&self, of: i64, dirty: &mut Dirty<'_>) -> Result<(), ViewError> {
        let mut statement = self.statement(
            "SELECT o.id FROM @.entries e JOIN @.entries o ON o.content = e.content
             WHERE e.id = ?1 AND o.id <> e.id",
        )?;
        let copies = statement.query_map([of], |row| row.get::<_, i64>(0))?;
        let copies: Vec<i64> = copies.collect::<Result<_, _>>()?;
        if !copies.is_empty() {
            dirty.entries.insert(of);
            dirty.entries.extend(copies);
        }
        Ok(())
    }
}

/// What copies of one entry have in common, and no other entry has. Whoever found two contents with
/// one hash would only hide their own later entry.
fn content_hash(origin: &Origin, value: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(origin.document.as_bytes());
    hasher.update(origin.person.as_bytes());
    match codec::content(value) {
        Ok(content) => hasher.update(&content),
        Err(_) => hasher.update(value),
    };
    let mut hash = [0; 16];
    hasher.finalize_xof().fill(&mut hash);
    hash
}

/// Entries that change their standing or their contradictions when this entry comes or goes.
fn targets(recorded: &Recorded) -> impl Iterator<Item = &EntryKey> {
    let of: &[EntryKey] = match recorded {
        Recorded::Known(Entry {
            fact: Fact::Resolution(resolution),
            ..
        }) => &resolution.of,
        // A signed entry is corrected no more.
        Recorded::Known(Entry {
            fact: Fact::Signature(signature),
            ..
        }) => &signature.entries,
        Recorded::Known(_) | Recorded::Unknown { .. } => &[],
    };
    recorded.supersedes().iter().chain(of)
}
