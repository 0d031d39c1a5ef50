//! Orders and their slots.

use super::Provenance;
use domain::chart::Order;
use domain::directory::Date;
use domain::journal::{Dose, Slot};
use serde::{Deserialize, Serialize};

/// Orders and slots of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MedicinesView {
    /// The local day.
    pub date: Date,
    /// Whether it is today.
    pub is_today: bool,
    /// Orders running on that day, in order of medicine.
    pub orders: Vec<OrderView>,
}

/// An order with its slots of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// Who ordered it.
    pub by: Provenance,
    /// Its slots.
    pub slots: Vec<SlotView>,
    /// Whether it may be given as needed on that day.
    pub may_give: bool,
    /// Doses given as needed that day.
    pub as_needed: Vec<DoseRow>,
    /// The newest dose given as needed that counts, of that day or the one before.
    pub last_given: Option<DoseRow>,
}

/// State of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// Not yet time.
    Upcoming,
    /// In its window.
    Due,
    /// Past its window, nothing charted.
    Late,
    /// Nothing charted, and the resident is not here, or was not then.
    Away,
    /// Nothing charted, and its window had passed before it was ordered.
    BeforeOrder,
    /// Nothing charted under this order, and the dose was given under another order of the medicine that
    /// another tablet entered.
    GivenUnderOther,
    /// Given.
    Given,
    /// Charted as not given.
    NotGiven,
    /// Two entries stand.
    Contradicted,
}

/// One dose slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotView {
    /// Which.
    pub slot: Slot,
    /// Medicine.
    pub medicine: String,
    /// Dose in words.
    pub dose: String,
    /// Route.
    pub route: String,
    /// High-alert medicine.
    pub high_alert: bool,
    /// State.
    pub state: SlotState,
    /// What was charted.
    pub doses: Vec<DoseRow>,
    /// What was given under the other order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub under_other: Option<DoseRow>,
}

/// A dose entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoseRow {
    /// What it says.
    pub dose: Dose,
    /// Who, when, where.
    pub by: Provenance,
    /// What somebody decided about it, once a contradiction that it is a side of was decided.
    pub decided: Option<DoseDecided>,
}

/// What a decision says about one dose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoseDecided {
    /// Whether it still counts; `false`: something else was decided to be right instead.
    pub counts: bool,
    /// Why.
    pub reason: String,
    /// Who decided, when, where.
    pub by: Provenance,
}
