//! The home's office: the native client's engine, which everybody of the staff uses in turn.

use crate::Problem;
use crate::papers::Badge;
use interface::{Command, Done, Link, Notice, Query, Refusal, Settled, View};
use lamplight_client_native::{Home, Process, ProcessError};
use std::path::Path;
use std::time::Duration;

/// How long anything that needs the relay may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long a keyslot that was just made may take to come back from the relay.
const TRIES: u32 = 100;

/// A client that runs.
pub(crate) struct Office {
    home: Home,
    process: Process,
}

impl Office {
    /// Opens the client's folder, or makes it, and begins to connect. Nobody is signed in.
    pub(crate) async fn open(folder: &Path, origin: &str) -> Result<Self, Problem> {
        let home = Home::open(folder).map_err(|error| error.to_string())?;
        home.keep_relay(origin).map_err(|error| error.to_string())?;
        let process = start(&home).await?;
        Ok(Self { home, process })
    }

    /// Signs a person in on an engine that holds nobody's keys: what a lock does in a browser.
    pub(crate) async fn sign_in(&mut self, person: &Badge) -> Result<(), Problem> {
        self.process.stop().await;
        self.process = start(&self.home).await?;
        for _ in 0..TRIES {
            let command = Command::SignIn {
                badge: person.badge.as_str().into(),
                pin: person.pin.as_str().into(),
            };
            match self.process.command(command).await {
                Ok(_) => {
                    self.process.engine().project_all();
                    return Ok(());
                }
                Err(ProcessError::Refused(Refusal::NotKnown)) => {
                    let _ = self.process.follow_quietly(Duration::from_millis(50)).await;
                }
                Err(error) => return Err(format!("{} cannot sign in: {error}", person.name)),
            }
        }
        Err(format!("{} is not known in the office", person.name))
    }

    /// A command on the record.
    pub(crate) async fn command(&mut self, command: Command) -> Result<Done, Problem> {
        self.process
            .command(command)
            .await
            .map_err(|error| error.to_string())
    }

    /// Founds the home on this blank client.
    pub(crate) async fn found(&mut self, command: Command) -> Result<Settled, Problem> {
        self.process
            .settle(command, PATIENCE)
            .await
            .map_err(|error| error.to_string())
    }

    /// A command that needs the relay, with what it came to.
    pub(crate) async fn settle(&mut self, command: Command) -> Result<Settled, Problem> {
        let live = self
            .process
            .until(PATIENCE, |tablet| tablet.link == Link::Live)
            .await;
        live.map_err(|error| error.to_string())?;
        self.process
            .settle(command, PATIENCE)
            .await
            .map_err(|error| error.to_string())
    }

    /// An answer.
    pub(crate) fn query(&mut self, query: &Query) -> Result<View, Problem> {
        self.process.query(query).map_err(|error| error.to_string())
    }

    /// Waits until the relay has stored everything saved here.
    pub(crate) async fn sent(&mut self) -> Result<(), Problem> {
        let sent = self
            .process
            .until(PATIENCE, |tablet| tablet.to_send == 0)
            .await;
        sent.map(drop).map_err(|error| error.to_string())
    }

    /// What is new. To be awaited to the end: half a turn of the engine's loop loses what it wanted
    /// done.
    pub(crate) async fn notices(&mut self) -> Vec<Notice> {
        self.process.follow(Duration::from_secs(3_600)).await
    }

    /// Says goodbye to the relay.
    pub(crate) async fn close(&mut self) {
        self.process.stop().await;
    }
}

async fn start(home: &Home) -> Result<Process, Problem> {
    let engine = home.engine().map_err(|error| error.to_string())?;
    let mut process = Process::new(engine, home.relay());
    process.start().await;
    Ok(process)
}
