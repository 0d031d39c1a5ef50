//! The engine as the page sees it: ask, command, and hear of changes. It holds no data of the
//! record; `watch` turns a query into a signal that is asked again whenever a notice says so.

mod channel;
mod hold;
mod life;
mod traps;
mod version;
mod watch;

pub(crate) use life::{Engine, Phase};
pub(crate) use version::bundle;
pub(crate) use watch::{Watched, watch};

use interface::{Answer, Command, Done, Query, Refusal, RequestBody, Settled, View};

impl Engine {
    /// Sends one request.
    ///
    /// # Errors
    /// What the engine refused, or [`Refusal::Bug`] when its worker ended before it answered.
    pub(crate) async fn request(self, body: RequestBody) -> Result<Answer, Refusal> {
        channel::request(body).await
    }

    /// Asks once. For what a screen shows, use [`watch()`].
    ///
    /// # Errors
    /// As [`Engine::request`].
    pub(crate) async fn ask(self, query: Query) -> Result<View, Refusal> {
        match self.request(RequestBody::Query(query)).await? {
            Answer::View(view) => Ok(*view),
            Answer::Done(_) | Answer::Held { .. } => Err(out_of_turn()),
        }
    }

    /// Does something.
    ///
    /// # Errors
    /// As [`Engine::request`].
    pub(crate) async fn command(self, command: Command) -> Result<Done, Refusal> {
        match self.request(RequestBody::Command(command)).await? {
            Answer::Done(done) => Ok(done),
            Answer::View(_) | Answer::Held { .. } => Err(out_of_turn()),
        }
    }

    /// Does something that needs the relay and waits until it is settled.
    ///
    /// # Errors
    /// As [`Engine::request`], or the refusal the command was settled with.
    pub(crate) async fn command_settled(
        self,
        command: Command,
    ) -> Result<Option<Settled>, Refusal> {
        match self.command(command).await? {
            Done::Pending { command } => match channel::settled(command).await {
                Settled::Failed { refusal } => Err(refusal),
                settled => Ok(Some(settled)),
            },
            Done::Saved { .. } | Done::Ok => Ok(None),
        }
    }
}

fn out_of_turn() -> Refusal {
    Refusal::Bug {
        code: "page-answer".to_owned(),
    }
}
