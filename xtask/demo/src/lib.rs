//! The demo home, in parts that tests use too: [`generator`] makes up its record as commands,
//! [`proxy`] stands between a tablet and the relay and can be cut.

mod calendar;
mod dice;
pub mod generator;
pub mod proxy;

pub use dice::Dice;
