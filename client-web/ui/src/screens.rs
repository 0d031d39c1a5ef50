//! The places of the product. The file tree is the screen tree.

pub(crate) mod about;
pub(crate) mod chart;
pub(crate) mod elsewhere;
pub(crate) mod enrol;
pub(crate) mod not_found;
pub(crate) mod preparing;
pub(crate) mod reconcile;
pub(crate) mod residents;
pub(crate) mod sign_in;
pub(crate) mod stopped;
pub(crate) mod unopened;
