//! What keeps a view from following the log, and what is done about it: nothing that fails stops
//! the engine, and nobody is left to believe that a screen shows everything when it does not.

use super::Engine;
use super::documents::DocumentError;
use crate::log::StoreError;
use crate::view::{ViewError, Views};
use domain::Stream;
use ids::{UnixMillis, limits};
use interface::NotShown;
use std::collections::BTreeMap;

/// Why a view could not be brought up to the log.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    /// What the view keeps is damaged; it holds nothing that the log has not, and is built again.
    #[error("damaged: {0}")]
    Broken(String),
    /// Reading or writing failed; it may work the next time.
    #[error("{0}")]
    Failed(String),
}

impl Trouble {
    /// The view is not open.
    pub(super) fn closed() -> Self {
        Self::Failed(DocumentError::Closed.to_string())
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<ViewError> for Trouble {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::Rebuild(what) => Self::Broken(what.to_owned()),
            ViewError::Storage(what) => Self::Failed(what),
        }
    }
}

impl From<vault::NoRandom> for Trouble {
    fn from(error: vault::NoRandom) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<DocumentError> for Trouble {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::View(error) => error.into(),
            DocumentError::Broken => Self::Broken(error.to_string()),
            DocumentError::Closed => Self::Failed(error.to_string()),
        }
    }
}

/// The trouble of one stream's view.
struct Held {
    what: NotShown,
    again_at: UnixMillis,
}

#[derive(Default)]
pub(super) struct Troubles {
    held: BTreeMap<Stream, Held>,
    /// Views that were built again since somebody signed in: not a second time for the same trouble.
    built: Vec<Stream>,
}

impl Troubles {
    /// When what failed is tried again.
    pub(super) fn again_at(&self) -> Option<UnixMillis> {
        self.held.values().map(|held| held.again_at).min()
    }

    pub(super) fn clock_set_back(&mut self, by: i64) {
        for held in self.held.values_mut() {
            held.again_at = held.again_at.plus(-by);
        }
    }

    /// What the screen says.
    pub(super) fn shown(&self) -> Option<NotShown> {
        self.held.values().map(|held| held.what).max()
    }

    /// Somebody signs in: everything is tried anew.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

impl Engine {
    /// Whether a view may be worked on now: it is in no trouble, or is to be tried again.
    pub(super) fn may_try(&self, stream: Stream) -> bool {
        let held = self.troubles.held.get(&stream);
        held.is_none_or(|held| held.again_at <= self.now)
    }

    /// A view is as it should be.
    pub(super) fn out_of_trouble(&mut self, stream: Stream) {
        if self.troubles.held.remove(&stream).is_some() {
            self.notices.tablet();
        }
    }

    /// A view could not be brought up to the log. One that is damaged is built again, once; what
    /// still fails is said on the screen and tried again by and by.
    pub(super) fn in_trouble(&mut self, stream: Stream, trouble: Trouble) {
        self.forget_documents();
        self.was_no_death(stream);
        let trouble = match trouble {
            Trouble::Broken(_) if !self.troubles.built.contains(&stream) => {
                self.troubles.built.push(stream);
                match self.build_again(stream) {
                    Ok(()) => return self.wake_now(),
                    Err(trouble) => trouble,
                }
            }
            trouble => trouble,
        };
        let what = match trouble {
            Trouble::Broken(_) => NotShown::Damaged,
            Trouble::Failed(_) => NotShown::Storage,
        };
        let again_at = self.now.plus(limits::READ_AGAIN_MS);
        let before = self.troubles.held.insert(stream, Held { what, again_at });
        if before.is_none_or(|before| before.what != what) {
            self.notices.tablet();
        }
    }

    /// Opens the views that trouble keeps closed, when it is time.
    pub(super) fn open_what_is_closed(&mut self) {
        for stream in Views::STREAMS {
            if self.views.of(stream).is_none()
                && self.troubles.held.contains_key(&stream)
                && self.may_try(stream)
            {
                self.open_view_of(stream);
            }
        }
    }
}
