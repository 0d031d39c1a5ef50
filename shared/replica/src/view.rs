//! The read model: one SQLite database per stream, page-encrypted, derived from the log.
//!
//! Everything in a view can be thrown away and built again from `log.db`. A view knows how far it
//! has come ([`ViewDb::watermark`]); one transaction projects one batch and moves the watermark.
//! Nothing derived from one stream lies in another stream's file: answers that need both are put
//! together in memory ([`Views`]).

use domain::Stream;
use domain::entry::Recorded;
use ids::{
    ChangeHash, DeviceId, DocumentId, EntryKey, EnvelopeId, LogId, PersonId, Place, RosterSeq,
    RunId, Seq,
};

mod crossings;
mod documents;
mod entry;
mod findings;
mod open;
mod project;
mod queries;
mod schema;
#[cfg(test)]
mod tests;

pub(crate) use entry::{EntryRow, State};
pub(crate) use open::{ViewDb, ViewError};
pub(crate) use project::Touched;
pub(crate) use queries::{Asker, OpenSlot, next_turn, query};

/// The views that are open: those whose stream the person signed in may read.
#[derive(Default)]
pub(crate) struct Views {
    directory: Option<ViewDb>,
    care: Option<ViewDb>,
    /// Everyone in them, while neither changes.
    roll: queries::KeptRoll,
    /// Contradictions between them.
    crossings: crossings::Crossings,
}

impl Views {
    /// The streams that have a view.
    pub(crate) const STREAMS: [Stream; 2] = [Stream::Directory, Stream::Care];

    /// The open view of a stream.
    pub(crate) fn of(&self, stream: Stream) -> Option<&ViewDb> {
        match stream {
            Stream::Directory => self.directory.as_ref(),
            Stream::Care => self.care.as_ref(),
            Stream::Devices => None,
        }
    }

    /// As [`Self::of`], to write.
    pub(crate) fn of_mut(&mut self, stream: Stream) -> Option<&mut ViewDb> {
        match stream {
            Stream::Directory => self.directory.as_mut(),
            Stream::Care => self.care.as_mut(),
            Stream::Devices => None,
        }
    }

    /// What was read with the time before is read again.
    pub(crate) fn time_has_passed(&mut self) {
        self.roll = queries::KeptRoll::default();
    }

    /// Opens or closes the view of a stream. What was found between the views is found anew.
    pub(crate) fn hold(&mut self, stream: Stream, view: Option<ViewDb>) {
        self.forget_crossings();
        match stream {
            Stream::Directory => self.directory = view,
            Stream::Care => self.care = view,
            Stream::Devices => {}
        }
    }
}

/// One batch for one view, in log order; projected in one transaction.
pub(crate) struct Batch {
    /// What happened, in the order of the local sequence.
    pub(crate) facts: Vec<LogFact>,
    /// Chunks to keep, so that a document can be opened again without its envelopes.
    pub(crate) chunks: Vec<DocumentChunk>,
    /// Number of the last local fact covered, and the envelope it was about.
    pub(crate) watermark: (i64, EnvelopeId),
}

impl Default for Batch {
    fn default() -> Self {
        Self {
            facts: Vec::new(),
            chunks: Vec::new(),
            watermark: (0, EnvelopeId::ZERO),
        }
    }
}

/// One thing the local log numbered.
#[derive(Clone)]
pub(crate) enum LogFact {
    /// An envelope's changes were applied: its entries.
    Applied {
        /// Where they came from.
        origin: Origin,
        /// The entries, in order.
        entries: Vec<ProjectedEntry>,
    },
    /// An envelope got its place in the relay's log.
    Placed {
        /// The envelope.
        envelope: EnvelopeId,
        /// Its place.
        place: Place,
        /// Keys of its entries that their author had no right to make at that place.
        withheld: Vec<EntryKey>,
    },
}

/// Where entries came from: the clear header of their envelope.
#[derive(Clone, Debug)]
pub(crate) struct Origin {
    /// The envelope.
    pub(crate) envelope: EnvelopeId,
    /// The document.
    pub(crate) document: DocumentId,
    /// What the document is, as its body said (checked against the id).
    pub(crate) what: domain::Document,
    /// Who wrote it.
    pub(crate) person: PersonId,
    /// On which device.
    pub(crate) device: DeviceId,
    /// In which run.
    pub(crate) run: RunId,
    /// How much of the roster its author says to have had.
    pub(crate) roster_seq: RosterSeq,
    /// What its author had verified of the stream when sealing.
    pub(crate) seen: (LogId, Seq),
    /// Its place, when it has one.
    pub(crate) place: Option<Place>,
}

/// One entry to project.
#[derive(Clone)]
pub(crate) struct ProjectedEntry {
    /// Its key.
    pub(crate) key: EntryKey,
    /// Its bytes as in the document.
    pub(crate) value: Vec<u8>,
    /// What they say.
    pub(crate) recorded: Recorded,
    /// Its author had no right at its place: stored, shown nowhere, supersedes nothing.
    pub(crate) withheld: bool,
}

/// A change chunk of a document.
pub(crate) struct DocumentChunk {
    /// The document.
    pub(crate) document: DocumentId,
    /// What it is.
    pub(crate) what: domain::Document,
    /// The change.
    pub(crate) hash: ChangeHash,
    /// Its bytes.
    pub(crate) bytes: Vec<u8>,
}
