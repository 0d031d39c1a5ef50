//! Answers: one function a question, over the views that are open. Everything a screen needs and
//! nothing it must compute; nothing here writes.

use super::{Origin, ViewDb, ViewError, Views};
use domain::Stream;
use domain::directory::Settings;
use ids::{DeviceId, EntryKey, PersonId, UnixMillis};
use interface::{Act, Missing, Query, Refusal, View};
use std::cell::OnceCell;

mod chart;
mod contradictions;
mod due;
mod history;
mod house;
mod medicines;
mod notes;
mod observations;
mod people;
mod residents;
mod roll;
mod row;
mod turns;
mod twins;

pub(super) use roll::KeptRoll;
pub(crate) use turns::next_turn;
pub(crate) use twins::OpenSlot;

/// Who asks, and what only the engine knows.
pub(crate) struct Asker<'a> {
    /// The person signed in.
    pub(crate) person: PersonId,
    /// Whether the person holds a grant to read a stream, whether it is open or not.
    pub(crate) may_read: &'a dyn Fn(Stream) -> bool,
    /// Whether the person may decide contradictions of a stream.
    pub(crate) may_resolve: &'a dyn Fn(Stream) -> bool,
    /// Whether records of the charts are on their way here, or here and not shown yet.
    pub(crate) is_arriving: &'a dyn Fn() -> bool,
    /// Name of a device, or its short id.
    pub(crate) device_name: &'a dyn Fn(DeviceId) -> String,
    /// Whether this entry stands in this envelope, and the seal of authorship over the envelope's
    /// changes was checked and holds.
    pub(crate) proved: &'a dyn Fn(&Origin, &EntryKey, &[u8]) -> bool,
}

/// What the answer to one question is put together with.
struct Asked<'a> {
    views: &'a Views,
    asker: &'a Asker<'a>,
    now: UnixMillis,
    settings: OnceCell<Settings>,
    staff: OnceCell<people::Staff>,
    arriving: OnceCell<bool>,
}

/// Answers a question about the record. Questions about this tablet (`Tablet`, `Session`,
/// `Drafts`, `Proof`, `Digest`) are the engine's and come back as [`Refusal::Bug`].
///
/// # Errors
/// [`Refusal::NotAllowed`] when the person may not read the stream that the question needs,
/// [`Refusal::NotOpenYet`] when the person may and it is not open,
/// [`Refusal::NotFound`] when what it names is not here, [`Refusal::Storage`] when the file cannot
/// be read.
pub(crate) fn query(
    views: &Views,
    asker: &Asker<'_>,
    query: &Query,
    now: UnixMillis,
) -> Result<View, Refusal> {
    let asked = Asked {
        views,
        asker,
        now,
        settings: OnceCell::new(),
        staff: OnceCell::new(),
        arriving: OnceCell::new(),
    };
    match query {
        Query::House => asked.house().map(View::House),
        Query::Staff => asked.all_staff().map(|staff| View::Staff { staff }),
        Query::Residents {
            order,
            unit,
            search,
            limit,
        } => asked
            .residents(*order, *unit, search, *limit)
            .map(View::Residents),
        Query::Banner { resident } => asked.banner(resident).map(View::Banner),
        Query::Today { resident } => asked.today_of(resident).map(View::Today),
        Query::Medicines { resident, date } => {
            asked.medicines(resident, *date).map(View::Medicines)
        }
        Query::Observations {
            resident,
            limit,
            before,
        } => asked
            .observations(resident, *limit, before.as_ref())
            .map(View::Observations),
        Query::Notes {
            resident,
            limit,
            before,
            search,
        } => asked
            .notes(resident, *limit, before.as_ref(), search)
            .map(View::Notes),
        Query::Chart { resident } => asked.chart(resident).map(View::Chart),
        Query::History {
            resident,
            limit,
            before,
        } => asked
            .history(resident, *limit, before.as_ref())
            .map(View::History),
        Query::Contradictions { decided, resident } => asked
            .contradictions(*decided, resident.as_ref())
            .map(|contradictions| View::Contradictions { contradictions }),
        Query::Entry { entry } => asked
            .history_of(entry)
            .map(|row| View::Entry(Box::new(row))),
        Query::Tablet
        | Query::Session
        | Query::Proof { .. }
        | Query::Drafts
        | Query::NotAccepted
        | Query::Digest => Err(Refusal::Bug {
            code: "view-query".into(),
        }),
    }
}

impl From<ViewError> for Refusal {
    fn from(error: ViewError) -> Self {
        Refusal::Storage {
            fault: error.fault(),
        }
    }
}

/// Rows one answer may have, whatever is asked.
const MOST_ROWS: u32 = 10_000;

/// Where a page begins: after this instant and key, newest first.
type Cursor = (i64, String);

impl Asked<'_> {
    fn care(&self) -> Result<&ViewDb, Refusal> {
        let care = self.views.care.as_ref();
        care.ok_or_else(|| self.closed(Stream::Care, Act::ReadCharts))
    }

    fn directory(&self) -> Result<&ViewDb, Refusal> {
        let directory = self.views.directory.as_ref();
        directory.ok_or_else(|| self.closed(Stream::Directory, Act::ReadDirectory))
    }

    /// Why a view is not open.
    fn closed(&self, stream: Stream, act: Act) -> Refusal {
        match (self.asker.may_read)(stream) {
            true => Refusal::NotOpenYet,
            false => Refusal::NotAllowed { act },
        }
    }

    /// Whether charts are arriving: the log is asked once for one answer.
    fn is_arriving(&self) -> bool {
        *self.arriving.get_or_init(|| (self.asker.is_arriving)())
    }

    /// The views that are open.
    fn open(&self) -> impl Iterator<Item = &ViewDb> {
        self.views.directory.iter().chain(self.views.care.iter())
    }

    /// The cursor a page before this entry begins at; of an entry that is not here, nothing is
    /// known, and the page is refused.
    fn cursor(&self, before: Option<&EntryKey>) -> Result<Option<Cursor>, Refusal> {
        let Some(key) = before else { return Ok(None) };
        for view in self.open() {
            if let Some(row) = view.entry(key)? {
                return Ok(Some((row.stated().at.0, key.as_str().to_owned())));
            }
        }
        Err(Refusal::NotFound {
            what: Missing::Entry,
        })
    }
}
