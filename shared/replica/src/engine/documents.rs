//! The Automerge documents that are open, opened from the chunks a view keeps.

use super::Engine;
use crate::view::{ViewDb, ViewError};
use document::Doc;
use domain::Stream;
use ids::DocumentId;
use std::collections::HashMap;

/// Documents kept open; the cost of opening one again is a few milliseconds.
const OPEN_DOCUMENTS: usize = 96;
/// Chunks after which a document's view keeps a save instead.
pub(super) const CHUNKS_PER_SAVE: usize = 128;

#[derive(Default)]
pub(super) struct Documents {
    open: HashMap<DocumentId, (Stream, Doc)>,
}

impl Documents {
    pub(super) fn forget(&mut self, id: &DocumentId) {
        self.open.remove(id);
    }

    pub(super) fn forget_all(&mut self) {
        self.open.clear();
    }
}

/// Why a document could not be opened.
#[derive(Debug, thiserror::Error)]
pub(super) enum DocumentError {
    #[error(transparent)]
    View(#[from] ViewError),
    /// What the view keeps of it does not load: the view is to be built again.
    #[error("what is kept of a document does not load")]
    Broken,
    /// The stream's view is not open.
    #[error("the stream is not open")]
    Closed,
}

impl Engine {
    /// The document, opened if it is not. A document nobody has written to is empty.
    pub(super) fn document(
        &mut self,
        stream: Stream,
        id: DocumentId,
    ) -> Result<&mut Doc, DocumentError> {
        if !self.documents.open.contains_key(&id) {
            let view = view_of(&self.views, stream).ok_or(DocumentError::Closed)?;
            let doc = open_document(view, id)?;
            if self.documents.open.len() >= OPEN_DOCUMENTS {
                self.documents.open.clear();
            }
            self.documents.open.insert(id, (stream, doc));
        }
        self.documents
            .open
            .get_mut(&id)
            .map(|(_, doc)| doc)
            .ok_or(DocumentError::Closed)
    }
}

/// The open view of a stream.
pub(super) fn view_of(views: &crate::view::Views, stream: Stream) -> Option<&ViewDb> {
    match stream {
        Stream::Directory => views.directory.as_ref(),
        Stream::Care => views.care.as_ref(),
        Stream::Devices => None,
    }
}

/// As [`view_of`], to write.
pub(super) fn view_of_mut(views: &mut crate::view::Views, stream: Stream) -> Option<&mut ViewDb> {
    match stream {
        Stream::Directory => views.directory.as_mut(),
        Stream::Care => views.care.as_mut(),
        Stream::Devices => None,
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
    doc.apply(changes).map_err(|_| DocumentError::Broken)?;
    Ok(doc)
}
