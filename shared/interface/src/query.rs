//! Queries: what a screen shows.

use domain::directory::Date;
use domain::entry::{ResidentId, SpaceId};
use ids::EntryKey;
use serde::{Deserialize, Serialize};

/// In which order residents are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResidentOrder {
    /// By room.
    #[default]
    Room,
    /// Most urgent first.
    Need,
    /// By family name.
    Name,
}

/// A question to the engine, answered by the [`crate::View`] of the same name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Query {
    /// What this tablet is and does: answered in every state.
    Tablet,
    /// Who is signed in and what they may do.
    Session,
    /// The house: settings, units, beds.
    House,
    /// Staff.
    Staff,
    /// Residents. `search` matches name, room, birth date (any order of parts), record number.
    Residents {
        /// Order.
        order: ResidentOrder,
        /// Only this unit.
        unit: Option<SpaceId>,
        /// Search text; empty matches all.
        search: String,
        /// At most this many rows.
        limit: u32,
    },
    /// Banner of a resident: on every screen of the chart.
    Banner {
        /// The resident.
        resident: ResidentId,
    },
    /// What matters today: due, last observations, notes of the last day, problems.
    Today {
        /// The resident.
        resident: ResidentId,
    },
    /// Orders with the slots of one local day.
    Medicines {
        /// The resident.
        resident: ResidentId,
        /// The day; today when absent.
        date: Option<Date>,
    },
    /// Observations, newest first, with NEWS2.
    Observations {
        /// The resident.
        resident: ResidentId,
        /// At most this many sets.
        limit: u32,
        /// Only sets stated before this entry's (paging).
        before: Option<EntryKey>,
    },
    /// Notes, newest first, with their state and addenda.
    Notes {
        /// The resident.
        resident: ResidentId,
        /// At most this many.
        limit: u32,
        /// Paging.
        before: Option<EntryKey>,
        /// Full-text search; empty matches all.
        search: String,
    },
    /// Allergies, code status, problems, identity: all entries that stand, with contradictions.
    Chart {
        /// The resident.
        resident: ResidentId,
    },
    /// Everything ever entered on a resident, newest first: who, when, where, what before, proof.
    History {
        /// The resident.
        resident: ResidentId,
        /// At most this many.
        limit: u32,
        /// Paging.
        before: Option<EntryKey>,
    },
    /// One entry, as the history shows it.
    Entry {
        /// Which.
        entry: EntryKey,
    },
    /// One entry with its proof of authorship, checked anew while answering.
    Proof {
        /// The entry.
        entry: EntryKey,
    },
    /// Contradictions that wait, most dangerous first; decided ones after them when asked.
    Contradictions {
        /// Include what was decided.
        decided: bool,
        /// Only of this resident.
        resident: Option<ResidentId>,
    },
    /// What the relay refused for good of what was saved on this device, as far as the keys of the
    /// person signed in open it.
    NotAccepted,
    /// Drafts of the person signed in on this tablet.
    Drafts,
    /// Heads and entry digests of every document: for tests and support. Debug builds only.
    Digest,
}
