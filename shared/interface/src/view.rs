//! Views: answers to queries. Everything a screen needs and nothing it must compute from several
//! answers.

mod chart;
mod contradictions;
mod history;
mod house;
mod medicines;
mod not_accepted;
mod residents;
mod tablet;

pub use chart::*;
pub use contradictions::*;
pub use history::*;
pub use house::*;
pub use medicines::*;
pub use not_accepted::*;
pub use residents::*;
pub use tablet::*;

use serde::{Deserialize, Serialize};

/// The answer to a [`crate::Query`]; variants are named alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "view", rename_all = "snake_case")]
pub enum View {
    /// To [`crate::Query::Tablet`].
    Tablet(TabletView),
    /// To [`crate::Query::Session`].
    Session(SessionView),
    /// To [`crate::Query::House`].
    House(HouseView),
    /// To [`crate::Query::Staff`].
    Staff {
        /// In order of family name.
        staff: Vec<StaffRow>,
    },
    /// To [`crate::Query::Residents`].
    Residents(ResidentsView),
    /// To [`crate::Query::Banner`].
    Banner(BannerView),
    /// To [`crate::Query::Today`].
    Today(TodayView),
    /// To [`crate::Query::Medicines`].
    Medicines(MedicinesView),
    /// To [`crate::Query::Observations`].
    Observations(ObservationsView),
    /// To [`crate::Query::Notes`].
    Notes(NotesView),
    /// To [`crate::Query::Chart`].
    Chart(ChartView),
    /// To [`crate::Query::History`].
    History(HistoryView),
    /// To [`crate::Query::NotAccepted`].
    NotAccepted(NotAcceptedView),
    /// To [`crate::Query::Entry`].
    Entry(Box<HistoryRow>),
    /// To [`crate::Query::Proof`].
    Proof(ProofView),
    /// To [`crate::Query::Contradictions`].
    Contradictions {
        /// Waiting ones first, most dangerous first.
        contradictions: Vec<ContradictionView>,
    },
    /// To [`crate::Query::Drafts`].
    Drafts {
        /// Key, text and when it was kept.
        drafts: Vec<DraftRow>,
    },
    /// To [`crate::Query::Digest`].
    Digest {
        /// One row a document, ascending: id, sorted heads, hash over sorted (key, value).
        documents: Vec<(String, Vec<String>, String)>,
    },
}
