//! The house and who works there.

use domain::directory::{Role, Settings};
use domain::entry::{ResidentId, SpaceId};
use ids::PersonId;
use serde::{Deserialize, Serialize};

/// The house.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HouseView {
    /// Settings.
    pub settings: Settings,
    /// Units in order of name.
    pub units: Vec<UnitRow>,
    /// Beds in natural order of name.
    pub beds: Vec<BedRow>,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Its id.
    pub id: SpaceId,
    /// Its name.
    pub name: String,
    /// Residents in it.
    pub residents: u32,
}

/// A bed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BedRow {
    /// Its id.
    pub id: SpaceId,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: SpaceId,
    /// Who is in it.
    pub residents: Vec<ResidentId>,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffRow {
    /// The person.
    pub person: PersonId,
    /// `M. Okafor`.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Letters after the name.
    pub credential: Option<String>,
}
