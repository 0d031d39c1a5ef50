//! The Automerge documents that are open, opened from the chunks a view keeps.

use super::Engine;
use crate::view::{ViewDb, ViewError};
use document::Doc;
use domain::Stream;
use ids::{DocumentId, RunId, limits};
use interface::{Refusal, StorageFault};
use std::collections::{HashMap, HashSet};

/// Chunks after which a document's view keeps a save instead.
pub(super) const CHUNKS_PER_SAVE: usize = 128;

#[derive(Default)]
pub(super) struct Documents {
    open: HashMap<DocumentId, (Stream, Doc)>,
    /// Those that hold own changes which their view does not: they stay open.
    ahead: HashSet<DocumentId>,
}

impl Documents {
    /// Something of one's own is written to it that its view does not have yet.
    pub(super) fn goes_ahead(&mut self, id: DocumentId) {
        self.ahead.insert(id);
    }

    /// The view of a stream has everything that its log has.
    pub(super) fn caught_up(&mut self, stream: Stream) {
        let open = &self.open;
        self.ahead
            .retain(|id| open.get(id).is_some_and(|(of, _)| *of != stream));
    }

    /// Whether it is open, with what waits for its dependencies.
    pub(super) fn is_open(&self, id: &DocumentId) -> bool {
        self.open.contains_key(id)
    }

    fn make_room(&mut self) {
        let ahead = &self.ahead;
        if self.open.len() >= limits::OPEN_DOCUMENTS {
            self.open.retain(|id, _| ahead.contains(id));
        }
    }
}

/// Why a document could not be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum DocumentError {
    #[error(transparent)]
    View(#[from] ViewError),
    /// What the view keeps of it does not load: the view is to be built again.
    #[error("document")]
    Broken,
    /// The stream's view is not open.
    #[error("closed stream")]
    Closed,
}

impl DocumentError {
    /// As a screen is told.
    pub(super) fn fault(&self) -> StorageFault {
        match self {
            Self::View(error) => error.fault(),
            Self::Broken | Self::Closed => StorageFault::Damaged {
                said: self.to_string(),
            },
        }
    }
}

impl Engine {
    /// Closes every document. What was written in this run may be in none of the views yet, and a
    /// document opened again would count its run's changes from there: so the run is over, too.
    pub(super) fn forget_documents(&mut self) {
        self.documents = Documents::default();
        self.run_is_over = true;
    }

    /// Begins a run, if the last one is over. To be called before anything is planned, because an
    /// entry's key names its run.
    pub(super) fn begin_run(&mut self) -> Result<(), Refusal> {
        if self.run_is_over {
            self.run = RunId::from_bytes(self.draw::<16>()?);
            self.run_is_over = false;
        }
        Ok(())
    }

    /// The document, opened if it is not. A document nobody has written to is empty.
    pub(super) fn document(
        &mut self,
        stream: Stream,
        id: DocumentId,
    ) -> Result<&mut Doc, DocumentError> {
        if !self.documents.open.contains_key(&id) {
            let view = self.views.of(stream).ok_or(DocumentError::Closed)?;
            let doc = open_document(view, id)?;
            self.documents.make_room();
            self.documents.open.insert(id, (stream, doc));
        }
        self.documents
            .open
            .get_mut(&id)
            .map(|(_, doc)| doc)
            .ok_or(DocumentError::Closed)
    }
}

fn open_document(view: &ViewDb, id: DocumentId) -> Result<Doc, DocumentError> {
    let Some(stored) = view.document(&id)? else {
        return Ok(Doc::new(id));
    };
    let mut doc = match &stored.save {
        Some(save) => Doc::load(id, save).map_err(|_| DocumentError::Broken)?,
        None => Doc::new(id),
    };
    let changes = stored
        .chunks
        .iter()
        .map(|chunk| document::readmit(chunk, &id))
        .collect::<Result<Vec<_>, _>>()
        .map_err(|_| DocumentError::Broken)?;
    doc.apply(changes);
    Ok(doc)
}
