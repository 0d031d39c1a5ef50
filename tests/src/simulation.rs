//! The simulator: one seed draws a whole profile (how many devices, what the network and the disks
//! do to them, what people enter), [`run()`] plays it in a [`World`] and [`check()`] compares everything
//! with what people were told.
//!
//! First comes a phase in which only safety can be asked for, then one in which everything is
//! healed and the home must come together again. A plan is a list of lines: a failing one is
//! shrunk, saved under `tests/simulation/plans/`, and played before any drawn one from then on.
//!
//! ```text
//! LAMPLIGHT_SEED=17 cargo test -p lamplight-tests --test simulation one_seed
//! ```
//!
//! [`World`]: crate::harness::World

mod acts;
mod canonical;
mod check;
mod plan;
mod profile;
mod run;
mod scenes;
mod shrink;

pub use canonical::{canonical, commits_of_canonical};
pub use check::check;
pub use plan::{Op, Plan, PlanError, Verb};
pub use profile::draw;
pub use run::{Report, play, run};
pub use shrink::{save_failure, saved_plans, shrink};
