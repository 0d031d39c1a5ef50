//! Where entries live: streams, types of document, and which document an entry of each kind belongs
//! to. Periods are in `period.rs`.

use crate::entry::{Fact, MergeClass, ResidentId, Subject};
pub use crate::period::{NotAPeriod, Period};
use ids::StatedInstant;
use serde::{Deserialize, Serialize};

/// The streams this version opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stream {
    /// Staff, beds, units, equipment, tasks.
    Directory,
    /// Charts.
    Care,
    /// Keyslots; granted to devices.
    Devices,
}

impl Stream {
    /// All, in the order a locked tablet fetches them.
    pub const ALL: [Stream; 3] = [Stream::Devices, Stream::Directory, Stream::Care];

    /// The name its id is derived from.
    pub const fn name(self) -> &'static str {
        match self {
            Stream::Directory => "directory",
            Stream::Care => "care",
            Stream::Devices => "devices",
        }
    }

    /// The stream with this name; `None` for one of a newer version.
    pub fn named(name: &str) -> Option<Stream> {
        Stream::ALL.into_iter().find(|stream| stream.name() == name)
    }
}

/// The types of document. `name` is hashed into the document id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DocumentKind {
    /// Units, rooms, beds, settings, names of devices; by year.
    Facility,
    /// Staff, and display names of residents; by year.
    People,
    /// Bed and census events; by month.
    Moves,
    /// Tasks; by month.
    Work,
    /// Identity, allergies, problems, orders, directives of one resident; by year.
    Chart,
    /// Observations, notes, doses of one resident; by month.
    Journal,
}

impl DocumentKind {
    /// All of them.
    pub const ALL: [DocumentKind; 6] = [
        DocumentKind::Facility,
        DocumentKind::People,
        DocumentKind::Moves,
        DocumentKind::Work,
        DocumentKind::Chart,
        DocumentKind::Journal,
    ];

    /// Its name in document ids and bodies. Fixed for ever.
    pub const fn name(self) -> &'static str {
        match self {
            DocumentKind::Facility => "facility",
            DocumentKind::People => "people",
            DocumentKind::Moves => "moves",
            DocumentKind::Work => "work",
            DocumentKind::Chart => "chart",
            DocumentKind::Journal => "journal",
        }
    }

    /// The type with this name; `None` for one of a newer version.
    pub fn named(name: &str) -> Option<DocumentKind> {
        DocumentKind::ALL
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// The stream its documents lie in.
    pub const fn stream(self) -> Stream {
        match self {
            DocumentKind::Facility
            | DocumentKind::People
            | DocumentKind::Moves
            | DocumentKind::Work => Stream::Directory,
            DocumentKind::Chart | DocumentKind::Journal => Stream::Care,
        }
    }

    /// Whether one document is one month; else it is one year.
    pub const fn is_monthly(self) -> bool {
        match self {
            DocumentKind::Moves | DocumentKind::Work | DocumentKind::Journal => true,
            DocumentKind::Facility | DocumentKind::People | DocumentKind::Chart => false,
        }
    }

    /// Whether each resident has documents of this type; else the house has them.
    pub const fn is_of_resident(self) -> bool {
        matches!(self, DocumentKind::Chart | DocumentKind::Journal)
    }

    /// The type in which entries of a kind (by its name) lie. `None` for kinds about other entries
    /// (they lie with their target) and for kinds not known here.
    pub fn of_entries(kind: &str) -> Option<DocumentKind> {
        Some(match kind {
            "settings" | "unit" | "room" | "bed" | "device" => DocumentKind::Facility,
            "staff" | "resident_name" => DocumentKind::People,
            "move" => DocumentKind::Moves,
            "identity" | "problem" | "allergy" | "code_status" | "saturation_scale" | "order" => {
                DocumentKind::Chart
            }
            "dose" | "observations" | "note" => DocumentKind::Journal,
            _ => return None,
        })
    }
}

/// Which document an entry belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Document {
    /// The type.
    pub kind: DocumentKind,
    /// `Facility` for documents of the house; the resident for charts and journals.
    pub subject: Subject,
    /// The period.
    pub period: Period,
}

/// Why an entry has no document. A bug of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoHome {
    /// A kind about other entries, and no target was given.
    #[error("an entry about another needs its target's document")]
    NeedsTarget,
    /// A fact of a resident whose subject is no resident.
    #[error("an entry of a chart or journal needs a resident as its subject")]
    NeedsResident,
    /// The target's document is of another type or of another resident.
    #[error("an entry cannot replace one of another document's type or resident")]
    OtherDocument,
}

impl Document {
    /// The document of this type for this subject that covers the instant.
    ///
    /// # Errors
    /// [`NoHome::NeedsResident`] for a chart or journal without a resident.
    pub fn of(
        kind: DocumentKind,
        subject: Subject,
        stated: StatedInstant,
    ) -> Result<Document, NoHome> {
        let subject = match subject {
            Subject::Resident(_) if kind.is_of_resident() => subject,
            _ if kind.is_of_resident() => return Err(NoHome::NeedsResident),
            _ => Subject::Facility,
        };
        Ok(Document {
            kind,
            subject,
            period: Period::of(kind, stated),
        })
    }

    /// The document in which an entry stated then lies that supersedes, signs, strikes, adds to or
    /// resolves something in this one: of a month's document itself, of a year's the present year's.
    pub fn for_followers(self, stated: StatedInstant) -> Document {
        if self.kind.is_monthly() {
            self
        } else {
            Document {
                period: Period::of(self.kind, stated),
                ..self
            }
        }
    }

    /// The stream it lies in.
    pub const fn stream(&self) -> Stream {
        self.kind.stream()
    }

    /// What its id is derived from: the type's name, the subject's bytes (none for the house, 16 of
    /// a resident) and the period's text.
    pub fn canonical(&self) -> (&'static str, Vec<u8>, String) {
        let subject = match self.subject {
            Subject::Facility => Vec::new(),
            Subject::Resident(ResidentId(id)) => id.to_bytes().to_vec(),
            Subject::Person(id) => id.to_bytes().to_vec(),
            Subject::Space(id) => id.0.to_bytes().to_vec(),
            Subject::Device(id) => id.to_bytes().to_vec(),
        };
        (self.kind.name(), subject, self.period.to_string())
    }

    /// Reads what [`Document::canonical`] gave; `None` for a type of a newer version, a subject
    /// that does not fit the type, or a period that does not.
    pub fn from_canonical(kind: &str, subject: &[u8], period: &str) -> Option<Document> {
        let kind = DocumentKind::named(kind)?;
        let period: Period = period.parse().ok()?;
        (period.month.is_some() == kind.is_monthly()).then_some(())?;
        let subject = if kind.is_of_resident() {
            Subject::Resident(ResidentId(ids::CommandId::from_slice(subject)?))
        } else if subject.is_empty() {
            Subject::Facility
        } else {
            return None;
        };
        Some(Document {
            kind,
            subject,
            period,
        })
    }
}

impl Fact {
    /// The document in which an entry saying this lies. `target`: the document of what it
    /// supersedes, signs, strikes, adds to or resolves, if it does. With targets in several
    /// documents the command makes one entry in each.
    ///
    /// # Errors
    /// See [`NoHome`].
    pub fn home(
        &self,
        subject: Subject,
        stated: StatedInstant,
        target: Option<Document>,
    ) -> Result<Document, NoHome> {
        match (DocumentKind::of_entries(self.kind()), target) {
            (None, target) => target
                .map(|t| t.for_followers(stated))
                .ok_or(NoHome::NeedsTarget),
            (Some(kind), None) => Document::of(kind, subject, stated),
            (Some(kind), Some(target)) => {
                let own = Document::of(kind, subject, stated)?;
                if (own.kind, own.subject) == (target.kind, target.subject) {
                    Ok(target.for_followers(stated))
                } else {
                    Err(NoHome::OtherDocument)
                }
            }
        }
    }

    /// Whether it is about other entries, and so lies with its target.
    pub const fn is_about(&self) -> bool {
        matches!(self.class(), MergeClass::About)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{CommandId, UnixMillis};

    fn stated(at: i64) -> StatedInstant {
        StatedInstant {
            at: UnixMillis(at),
            offset_minutes: -360,
        }
    }

    /// 2026-11-30T23:30-06:00, in UTC already December.
    const LATE_NOVEMBER: i64 = 1_796_103_000_000;
    /// 2027-01-02T12:00Z.
    const JANUARY: i64 = 1_798_891_200_000;

    fn resident() -> Subject {
        Subject::Resident(ResidentId(CommandId::from_bytes([7; 16])))
    }

    #[test]
    fn every_kind_has_a_home_or_is_about_others() {
        for (kind, class) in Fact::KINDS {
            let has_home = DocumentKind::of_entries(kind).is_some();
            assert_eq!(has_home, *class != MergeClass::About, "{kind}");
        }
    }

    #[test]
    fn periods_are_of_utc() {
        let journal = Document::of(DocumentKind::Journal, resident(), stated(LATE_NOVEMBER));
        assert_eq!(journal.unwrap().period.to_string(), "2026-12");
        let chart = Document::of(DocumentKind::Chart, resident(), stated(LATE_NOVEMBER));
        assert_eq!(chart.unwrap().period.to_string(), "2026");
    }

    #[test]
    fn a_strike_lies_with_its_target_in_a_month_and_in_its_own_year() {
        let strike = Fact::Strike(crate::meta::Strike {
            entry: ids::EntryKey::from_parts(UnixMillis(LATE_NOVEMBER), [0; 10]),
            reason: "wrong resident".into(),
            kind: crate::KnownKind::named("note").unwrap(),
        });
        let journal =
            Document::of(DocumentKind::Journal, resident(), stated(LATE_NOVEMBER)).unwrap();
        let chart = Document::of(DocumentKind::Chart, resident(), stated(LATE_NOVEMBER)).unwrap();
        let home = |target| strike.home(resident(), stated(JANUARY), target);
        assert_eq!(home(Some(journal)), Ok(journal));
        assert_eq!(home(Some(chart)).unwrap().period.to_string(), "2027");
        assert_eq!(home(None), Err(NoHome::NeedsTarget));
    }

    #[test]
    fn a_correction_cannot_leave_its_target_s_resident() {
        let note = Fact::Note(crate::journal::Note {
            text: "slept well".into(),
        });
        let journal =
            Document::of(DocumentKind::Journal, resident(), stated(LATE_NOVEMBER)).unwrap();
        let other = Subject::Resident(ResidentId(CommandId::from_bytes([8; 16])));
        assert_eq!(
            note.home(resident(), stated(JANUARY), Some(journal)),
            Ok(journal)
        );
        let err = note.home(other, stated(JANUARY), Some(journal));
        assert_eq!(err, Err(NoHome::OtherDocument));
        let err = note.home(Subject::Facility, stated(JANUARY), None);
        assert_eq!(err, Err(NoHome::NeedsResident));
    }

    #[test]
    fn a_document_survives_its_canonical_form() {
        for kind in DocumentKind::ALL {
            let document = Document::of(kind, resident(), stated(JANUARY)).unwrap();
            let (name, subject, period) = document.canonical();
            assert_eq!(
                Document::from_canonical(name, &subject, &period),
                Some(document)
            );
            assert_eq!(Document::from_canonical(name, &[1], &period), None);
            assert_eq!(Document::from_canonical(name, &subject, "2027-1"), None);
        }
        assert_eq!(Document::from_canonical("chart", &[7; 16], "2027-01"), None);
        assert_eq!(Document::from_canonical("journal", &[7; 16], "2027"), None);
        assert_eq!(Document::from_canonical("poems", &[], "2027"), None);
    }

    #[test]
    fn names_are_their_own_inverse() {
        for kind in DocumentKind::ALL {
            assert_eq!(DocumentKind::named(kind.name()), Some(kind));
        }
        for stream in Stream::ALL {
            assert_eq!(Stream::named(stream.name()), Some(stream));
        }
    }
}
