//! A home in one process and one thread: many engines over disks in memory, the relay's real core
//! over its real store, a network and a clock that exist only here.
//!
//! [`World`] moves from one happening to the next in virtual time; nothing in it waits. Whatever is
//! drawn comes from one seeded [`Dice`], so that a world with the same seed and the same orders
//! happens again byte for byte. Founding, people, links and enrolment go through commands; the
//! founding of [`Template`] is done once a process, because each badge costs an Argon2.
//!
//! What is absent: no shortcut past an engine's commands, the stores or the relay's checks.

mod device;
mod dice;
pub mod forged;
mod hostile;
pub mod journal;
mod ledger;
mod lies;
mod network;
mod orders;
mod relay;
mod render;
mod template;
mod world;

pub use device::{Device, Hand, Reach, log_of};
pub use dice::{Dice, SeenSeeds};
pub use hostile::{Forgery, Hostile};
pub use ledger::{Attempt, Kept, Ledger};
pub use lies::Lie;
pub use network::{Tally, Weather};
pub use orders::{Badge, order_of, settings};
pub use relay::{RelayHost, ShakyStore, Stored, stored};
pub use render::{digest, everything_shown, history, residents, signed_in, tablet};
pub use template::{Person, Template};
pub use world::{Outcome, World};
