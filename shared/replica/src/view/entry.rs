//! An entry as the view gives it back: what it says, where it came from, whether it stands.

use super::{Origin, ViewDb, ViewError, documents};
use domain::entry::{Recorded, ResidentId};
use domain::slots::{Counts, Version};
use domain::verdict::Supersedes;
use domain::{Fact, Subject, verdict};
use ids::{
    DeviceId, DocumentId, EntryKey, EnvelopeId, LogId, PersonId, Place, RosterSeq, RunId, Seq,
    StatedInstant,
};
use rusqlite::Row;
use std::borrow::Cow;

/// Whether an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum State {
    /// No accepted entry supersedes it.
    Stands,
    /// An accepted entry that is not a strike supersedes it.
    Replaced,
    /// Only strikes supersede it.
    Struck,
    /// Its author had no right at its place, or it says what cannot be said there: shown to its
    /// author alone, supersedes nothing.
    Withheld,
    /// Another entry of its author and document says the same for the same command: that one is
    /// shown.
    Copy,
}

impl State {
    pub(super) const fn number(self) -> u8 {
        match self {
            Self::Stands => 0,
            Self::Replaced => 1,
            Self::Struck => 2,
            Self::Withheld => 3,
            Self::Copy => 4,
        }
    }

    pub(super) const fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Stands,
            1 => Self::Replaced,
            2 => Self::Struck,
            3 => Self::Withheld,
            4 => Self::Copy,
            _ => return None,
        })
    }
}

/// An entry with its surroundings.
#[derive(Clone, Debug)]
pub(crate) struct EntryRow {
    /// Number within this view; means nothing elsewhere.
    pub(super) number: i64,
    /// Its key.
    pub(crate) key: EntryKey,
    /// What it says.
    pub(crate) recorded: Recorded,
    /// Its bytes as in the document.
    pub(crate) value: Vec<u8>,
    /// Where it came from.
    pub(crate) origin: Origin,
    /// Whether it stands.
    pub(crate) state: State,
    /// Hash of what it says, in its document.
    content: Vec<u8>,
}

impl EntryRow {
    /// Whether it stands.
    pub(crate) fn state(&self) -> State {
        self.state
    }

    /// What it says; `None` for a kind of a newer version.
    pub(crate) fn fact(&self) -> Option<&Fact> {
        match &self.recorded {
            Recorded::Known(entry) => Some(&entry.fact),
            Recorded::Unknown { .. } => None,
        }
    }

    /// As a version of an order; `None` of anything else.
    pub(crate) fn version(&self) -> Option<Version<'_>> {
        let Some(Fact::Order(order)) = self.fact() else {
            return None;
        };
        let counts = match self.state() {
            State::Stands => Counts::Stands,
            State::Replaced => Counts::Stood,
            State::Struck | State::Withheld | State::Copy => Counts::Struck,
        };
        Some(Version { order, counts })
    }

    /// The name of its kind.
    pub(crate) fn kind(&self) -> &str {
        self.recorded.kind()
    }

    /// Whom or what it is about.
    pub(crate) fn subject(&self) -> Subject {
        self.recorded.subject()
    }

    /// When it happened.
    pub(crate) fn stated(&self) -> StatedInstant {
        self.recorded.stated()
    }

    /// As the rules of what supersedes what take it.
    pub(crate) fn placed(&self) -> verdict::Placed<'_> {
        verdict::Placed {
            key: &self.key,
            recorded: &self.recorded,
            author: self.origin.person,
            what: self.origin.what,
        }
    }
}

/// The resident a subject names, if it names one.
pub(super) fn resident_of(subject: Subject) -> Option<ResidentId> {
    match subject {
        Subject::Resident(resident) => Some(resident),
        Subject::Facility | Subject::Person(_) | Subject::Space(_) | Subject::Device(_) => None,
    }
}

/// A resident's id as the tables hold it.
pub(super) fn resident_bytes(resident: &ResidentId) -> &[u8; 16] {
    resident.0.as_bytes()
}

/// A subject as the tables hold it: a tag and the id.
pub(super) fn subject_bytes(subject: Subject) -> Vec<u8> {
    let (tag, id): (u8, &[u8]) = match &subject {
        Subject::Facility => (0, &[]),
        Subject::Resident(id) => (1, id.0.as_bytes()),
        Subject::Person(id) => (2, id.as_bytes()),
        Subject::Space(id) => (3, id.0.as_bytes()),
        Subject::Device(id) => (4, id.as_bytes()),
    };
    let mut bytes = vec![tag];
    bytes.extend_from_slice(id);
    bytes
}

/// The kind as the tables hold it. What this version cannot read is kept apart from what it can,
/// also when only the fact, and not the kind, is of a newer version.
pub(super) fn kind_column(recorded: &Recorded) -> Cow<'_, str> {
    match recorded {
        Recorded::Known(entry) => Cow::Borrowed(entry.fact.kind()),
        Recorded::Unknown { kind, .. } => Cow::Owned(format!("?{kind}")),
    }
}

/// Columns and joins every selection of entries begins with. Entries are `e`.
const SELECT: &str = "SELECT e.id, e.key, e.state, e.value,
    v.envelope, v.person, v.device, v.run, v.seen_log, v.seen_seq,
    v.place_log, v.place_seq, v.place_roster, d.document, d.what, v.roster_seq, e.content
  FROM @.entries e
  JOIN @.envelopes v ON v.id = e.envelope
  JOIN @.documents d ON d.id = v.document ";

/// Which entries count. Only the envelope that an entry is of says that it is withheld: another may
/// bring the same change again, later and without the right to it, and somebody may have searched for
/// the same key in another document.
pub(super) const ACCEPTED: &str = "e.rival = 0 AND NOT EXISTS (SELECT 1 FROM @.withheld w
    WHERE w.key = e.key AND w.envelope = v.envelope)";

impl ViewDb {
    /// The entry of this key, if it is here; withheld ones too. Of two values in two documents the one
    /// that counts.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn entry(&self, key: &EntryKey) -> Result<Option<EntryRow>, ViewError> {
        let all = self.entries("WHERE e.key = ?1 ORDER BY e.rival", [key.as_str()])?;
        Ok(all.into_iter().next())
    }

    /// Accepted entries of a kind that are about `target` and stand: signatures, addenda,
    /// resolutions; those too that lie where they do not count.
    fn about(&self, target: &EntryKey, kind: &str) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.id IN (SELECT by FROM @.about WHERE target = ?1 AND kind = ?2)
               AND e.state = 0 ORDER BY e.stated_ms, e.key",
            [target.as_str(), kind],
        )
    }

    /// Decisions about `target` that stand and count.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn resolutions(&self, target: &EntryKey) -> Result<Vec<EntryRow>, ViewError> {
        let mut counting = Vec::new();
        for row in self.about(target, "resolution")? {
            if self.decides(&row)? {
                counting.push(row);
            }
        }
        Ok(counting)
    }

    /// Whether a decision lies with one of the entries that it is about.
    fn decides(&self, by: &EntryRow) -> Result<bool, ViewError> {
        let Some(Fact::Resolution(says)) = by.fact() else {
            return Ok(false);
        };
        for key in &says.of {
            let target = self.entry(key)?;
            if target.is_some_and(|target| verdict::decides(&by.placed(), &target.placed())) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Signatures of an entry: its author's own, for nobody signs what another wrote.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn signatures(&self, target: &EntryRow) -> Result<Vec<EntryRow>, ViewError> {
        let mut signatures = Vec::new();
        for target in self.copies(target)? {
            let mut rows = self.about(&target.key, "signature")?;
            rows.retain(|row| verdict::signs(&row.placed(), &target.placed()));
            signatures.extend(rows);
        }
        Ok(signatures)
    }

    /// Addenda to an entry, earliest stated first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn addenda(&self, target: &EntryRow) -> Result<Vec<EntryRow>, ViewError> {
        let mut addenda = Vec::new();
        for target in self.copies(target)? {
            let mut rows = self.about(&target.key, "addendum")?;
            rows.retain(|row| verdict::follows(&row.placed(), &target.placed()));
            addenda.extend(rows);
        }
        addenda.sort_by(|a, b| (a.stated().at, &a.key).cmp(&(b.stated().at, &b.key)));
        Ok(addenda)
    }

    /// An entry with its copies, as far as they are accepted: the first in the relay's log before the
    /// others, then those without a place. Never empty: itself, if it is withheld.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn copies(&self, of: &EntryRow) -> Result<Vec<EntryRow>, ViewError> {
        if !self.has_copies(of.number)? {
            return Ok(vec![of.clone()]);
        }
        let copies = self.entries(
            &format!(
                "WHERE e.content = ?1 AND {ACCEPTED}
                 ORDER BY v.place_seq IS NULL, v.place_seq, e.key"
            ),
            [of.content.as_slice()],
        )?;
        let is_accepted = copies.iter().any(|copy| copy.number == of.number);
        Ok(if is_accepted {
            copies
        } else {
            vec![of.clone()]
        })
    }

    /// Whether another entry is a copy of this one, or it of another; withheld ones too.
    pub(super) fn has_copies(&self, of: i64) -> Result<bool, ViewError> {
        Ok(self
            .statement(
                "SELECT 1 FROM @.entries e JOIN @.entries o ON o.content = e.content
                 WHERE e.id = ?1 AND o.id <> e.id",
            )?
            .exists([of])?)
    }

    /// Entries that take the place of `target` or of a copy of it, or strike it, and which of the two
    /// they do. Those that only say so are not among them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn superseders(
        &self,
        target: &EntryKey,
    ) -> Result<Vec<(EntryRow, Supersedes)>, ViewError> {
        let Some(target) = self.entry(target)? else {
            return Ok(Vec::new());
        };
        self.superseders_among(&self.copies(&target)?)
    }

    /// As [`Self::superseders`], of an entry and its copies.
    pub(super) fn superseders_among(
        &self,
        copies: &[EntryRow],
    ) -> Result<Vec<(EntryRow, Supersedes)>, ViewError> {
        let mut all = Vec::new();
        for copy in copies {
            all.extend(self.superseders_of(copy)?);
        }
        Ok(all)
    }

    /// As [`Self::superseders`], of this entry and not of its copies; earliest stated first.
    fn superseders_of(&self, target: &EntryRow) -> Result<Vec<(EntryRow, Supersedes)>, ViewError> {
        let named = self.entries(
            &format!(
                "WHERE e.id IN (SELECT by FROM @.supersedes WHERE target = ?1) AND {ACCEPTED}
                 ORDER BY e.stated_ms, e.key"
            ),
            [target.key.as_str()],
        )?;
        if named.is_empty() {
            return Ok(Vec::new());
        }
        let is_signed = self.is_signed(target)?;
        let does = |by: EntryRow| {
            let does = verdict::supersedes(&by.placed(), &target.placed(), is_signed)?;
            Some((by, does))
        };
        Ok(named.into_iter().filter_map(does).collect())
    }

    /// Whether its author has signed it, or a copy of it: whoever enters their signed note once more
    /// has not made it one that can be corrected. A signature that was struck still made it final.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn is_signed(&self, target: &EntryRow) -> Result<bool, ViewError> {
        for target in self.copies(target)? {
            let signatures = self.entries(
                &format!(
                    "WHERE e.id IN (SELECT by FROM @.about WHERE target = ?1 AND kind = 'signature')
                       AND {ACCEPTED}"
                ),
                [target.key.as_str()],
            )?;
            let signs = |by: &EntryRow| verdict::signs(&by.placed(), &target.placed());
            if signatures.iter().any(signs) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What an entry replaced or struck, of what it names.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn superseded_by(&self, row: &EntryRow) -> Result<Vec<EntryRow>, ViewError> {
        let mut superseded = Vec::new();
        for key in row.recorded.supersedes() {
            let target = self
                .entry(key)?
                .filter(|target| target.state != State::Withheld);
            let Some(target) = target else { continue };
            let is_signed = self.is_signed(&target)?;
            if verdict::supersedes(&row.placed(), &target.placed(), is_signed).is_some() {
                superseded.push(target);
            }
        }
        Ok(superseded)
    }

    /// Of what an entry replaced, what nothing else replaced and nobody struck.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn replaced_by_alone(&self, row: &EntryRow) -> Result<Vec<EntryRow>, ViewError> {
        let mut alone = Vec::new();
        for former in self.superseded_by(row)? {
            let superseders = self.superseders(&former.key)?;
            let by_others = superseders.iter().any(|(by, does)| match does {
                Supersedes::Strikes => true,
                Supersedes::Replaces => by.key != row.key && by.state() != State::Struck,
            });
            if former.state() == State::Replaced && !by_others {
                alone.push(former);
            }
        }
        Ok(alone)
    }

    /// The first accepted strike of `target`, by stated instant.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn strike(&self, target: &EntryKey) -> Result<Option<EntryRow>, ViewError> {
        let superseders = self.superseders(target)?;
        let strike = superseders
            .into_iter()
            .find(|(_, does)| *does == Supersedes::Strikes);
        Ok(strike.map(|(row, _)| row))
    }

    /// Entries of a resident and kind that stand, earliest stated first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn standing(
        &self,
        resident: &ResidentId,
        kind: &str,
    ) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.resident = ?1 AND e.kind = ?2 AND e.state = 0 ORDER BY e.stated_ms, e.key",
            (resident_bytes(resident), kind),
        )
    }

    /// Whether anything here is about a resident.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn knows(&self, resident: &ResidentId) -> Result<bool, ViewError> {
        Ok(self
            .statement("SELECT EXISTS (SELECT 1 FROM @.entries WHERE resident = ?1)")?
            .query_row([resident_bytes(resident)], |row| row.get(0))?)
    }

    /// Entries that are about no resident, of a kind, that stand, in order of subject and, within
    /// one, of recording: of several the last is shown.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn house(&self, kind: &str) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.kind = ?1 AND e.state = 0 AND e.resident IS NULL
             ORDER BY e.subject, e.key",
            [kind],
        )
    }

    /// As [`Self::house`], about one subject: the last is shown.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(crate) fn house_of(&self, kind: &str, of: Subject) -> Result<Vec<EntryRow>, ViewError> {
        self.entries(
            "WHERE e.kind = ?1 AND e.subject = ?2 AND e.state = 0 AND e.resident IS NULL
             ORDER BY e.key",
            (kind, subject_bytes(of)),
        )
    }

    /// Entries by any condition on `e` (the table of entries).
    pub(super) fn entries(
        &self,
        condition: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<EntryRow>, ViewError> {
        let mut statement = self.statement(&format!("{SELECT}{condition}"))?;
        let mut rows = statement.query(params)?;
        let mut entries = Vec::new();
        while let Some(row) = rows.next()? {
            entries.push(read(row)?);
        }
        Ok(entries)
    }

    /// The entry with this number.
    pub(super) fn entry_numbered(&self, number: i64) -> Result<Option<EntryRow>, ViewError> {
        Ok(self.entries("WHERE e.id = ?1", [number])?.pop())
    }

    /// The numbers of what has this key: one, or two that somebody searched for.
    pub(super) fn entry_numbers(&self, key: &EntryKey) -> Result<Vec<i64>, ViewError> {
        let mut statement = self.statement("SELECT id FROM @.entries WHERE key = ?1")?;
        let numbers = statement.query_map([key.as_str()], |row| row.get(0))?;
        Ok(numbers.collect::<Result<_, _>>()?)
    }

    /// Whether an entry counts: it is not withheld, and no other value of an earlier place has its key.
    pub(super) fn is_accepted(&self, number: i64) -> Result<bool, ViewError> {
        Ok(self
            .statement(&format!(
                "SELECT 1 FROM @.entries e JOIN @.envelopes v ON v.id = e.envelope
                 WHERE e.id = ?1 AND {ACCEPTED}"
            ))?
            .exists([number])?)
    }
}

fn read(row: &Row<'_>) -> Result<EntryRow, ViewError> {
    const DAMAGED: ViewError = ViewError::Rebuild("damaged entry");
    let value: Vec<u8> = row.get(3)?;
    let place = match row.get::<_, Option<[u8; 16]>>(10)? {
        Some(log) => Some(Place {
            log_id: LogId::from_bytes(log),
            seq: Seq(unsigned(row.get(11)?)),
            roster_seq: RosterSeq(unsigned(row.get(12)?)),
        }),
        None => None,
    };
    Ok(EntryRow {
        number: row.get(0)?,
        key: EntryKey::parse(row.get_ref(1)?.as_str().map_err(|_| DAMAGED)?).ok_or(DAMAGED)?,
        state: State::from_number(row.get(2)?).ok_or(DAMAGED)?,
        recorded: Recorded::from_cbor(&value).map_err(|_| DAMAGED)?,
        value,
        origin: Origin {
            envelope: EnvelopeId::from_bytes(row.get(4)?),
            document: DocumentId::from_bytes(row.get(13)?),
            what: documents::parse(row.get_ref(14)?.as_str().map_err(|_| DAMAGED)?)?,
            person: PersonId::from_bytes(row.get(5)?),
            device: DeviceId::from_bytes(row.get(6)?),
            run: RunId::from_bytes(row.get(7)?),
            roster_seq: RosterSeq(unsigned(row.get(15)?)),
            seen: (LogId::from_bytes(row.get(8)?), Seq(unsigned(row.get(9)?))),
            place,
        },
        content: row.get(16)?,
    })
}

/// SQLite has signed 64-bit integers only; sequences are stored bit for bit.
pub(super) fn unsigned(number: i64) -> u64 {
    number.cast_unsigned()
}
