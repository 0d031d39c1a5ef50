//! What a screen, a command line or another program may ask of the engine: [`Command`] changes
//! the record, [`Query`] reads it and is answered by a [`View`], [`Notice`] says that something
//! changed. Plain data over `domain`; no keys, no ciphertext, no database.
//!
//! Every type travels as JSON between the page and its worker, so field names are kept stable.

mod command;
mod notice;
mod query;
mod refusal;
mod request;
mod rule;
mod secret_text;
mod view;
mod worker;

pub use command::{Command, Done, NewOrder, NewResident, Settled};
pub use notice::Notice;
pub use query::{Query, ResidentOrder};
pub use refusal::{DoseConcern, Forgotten, Refusal};
pub use request::{Answer, Reply, Request, RequestBody};
pub use rule::{Act, Missing, Rule, StorageFault};
pub use secret_text::SecretText;
pub use view::*;
pub use worker::{CannotStart, FromPage, FromWorker, Heir, Start, To};
