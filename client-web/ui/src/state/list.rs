//! How residents are listed; kept while the person goes to a chart and back.

use domain::SpaceId;
use interface::ResidentOrder;
use leptos::prelude::*;

/// Rows shown at first, and added by "show more".
pub(crate) const PORTION: u32 = 60;

/// Order, unit and length.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List {
    /// In which order.
    pub(crate) order: RwSignal<ResidentOrder>,
    /// Only this unit.
    pub(crate) unit: RwSignal<Option<SpaceId>>,
    /// How many rows.
    pub(crate) limit: RwSignal<u32>,
}

impl List {
    pub(super) fn new() -> Self {
        Self {
            order: RwSignal::new(ResidentOrder::Room),
            unit: RwSignal::new(None),
            limit: RwSignal::new(PORTION),
        }
    }

    pub(super) fn reset(self) {
        self.order.set(ResidentOrder::Room);
        self.unit.set(None);
        self.limit.set(PORTION);
    }
}
