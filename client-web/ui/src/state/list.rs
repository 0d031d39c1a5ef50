//! How residents are listed; kept while the person goes to a chart and back.

use domain::SpaceId;
use interface::ResidentOrder;
use leptos::prelude::*;

/// Order and unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    /// In which order.
    pub(crate) order: RwSignal<ResidentOrder>,
    /// Only this unit.
    pub(crate) unit: RwSignal<Option<SpaceId>>,
}

impl List {
    pub(super) fn new() -> Self {
        Self {
            order: RwSignal::new(ResidentOrder::Room),
            unit: RwSignal::new(None),
        }
    }

    pub(super) fn reset(self) {
        self.order.set(ResidentOrder::Room);
        self.unit.set(None);
    }
}
