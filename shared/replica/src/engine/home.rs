//! What the engine itself must know of the home: its settings and its time zone.

use super::Engine;
use domain::Stream;
use domain::entry::Fact;

impl Engine {
    /// The settings in force, when the directory is open.
    pub(super) fn settings(&self) -> Option<domain::directory::Settings> {
        let view = self.views.of(Stream::Directory)?;
        let newest = view.house("settings").ok()?.into_iter().next_back()?;
        match newest.fact() {
            Some(Fact::Settings(settings)) => Some(settings.clone()),
            _ => None,
        }
    }

    /// The home's time zone; `None` before its settings are known.
    pub(super) fn zone(&self) -> Option<domain::clock::Zone> {
        domain::clock::Zone::named(&self.settings()?.time_zone).ok()
    }
}
