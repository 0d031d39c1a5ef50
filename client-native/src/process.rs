//! An engine and its connection, driven by one task.
//!
//! Nothing happens between two calls. Every `async` function here is to be awaited to its end: what
//! one turn of the loop wanted done (a frame to send, a connection to make) is lost with a future
//! that is dropped half-way. Whoever drops one stops the process or begins a new one over the home;
//! what was saved or taken in is durable by then, and is sent or asked for again.

use crate::home::now;
use crate::socket::{NoConnection, Socket, Unreached};
use bytes::Bytes;
use ids::{CommandId, UnixMillis, limits};
use interface::{Command, Done, Link, Notice, Query, Refusal, Settled, TabletView, View};
use replica::{Effect, Ended, Engine, Event};
use std::collections::VecDeque;
use std::time::Duration;
use tokio::time::Instant;

/// What is further off than the clock goes is waited for as long as this.
const FAR: Duration = Duration::from_secs(365 * 24 * 3_600);

/// Why a process gave up. The words for people are the command line's.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// The engine refused.
    #[error("{0}")]
    Refused(#[from] Refusal),
    /// The relay was not reached.
    #[error("unreached: {0:?}")]
    Unreached(Unreached),
    /// It took too long.
    #[error("timeout")]
    TooLong,
    /// The relay is not the one this facility knows, or speaks another version.
    #[error("relay: {0:?}")]
    Relay(RelayTrouble),
}

/// What is wrong between a device and the relay that answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelayTrouble {
    /// It is not the one this facility knows.
    Another,
    /// The two speak no common version.
    OtherVersion,
    /// The device was removed from the facility.
    Removed,
}

/// What passes on the line, for whoever counts it.
#[derive(Clone, Copy, Debug)]
pub enum Passing<'a> {
    /// A frame came; the engine has not seen it yet.
    Came(&'a Bytes),
    /// The engine is done with that frame: what it holds is verified and durable.
    TakenIn,
    /// A frame goes.
    Goes(&'a Bytes),
}

/// Is told of everything that passes.
pub type Watcher = Box<dyn FnMut(Passing<'_>)>;

/// An engine with its connection.
///
/// The engine is told this machine's clock. What is waited for here is measured by one that nobody
/// sets: a minute stays a minute when the clock is put right meanwhile.
pub struct Process {
    engine: Engine,
    clock: fn() -> UnixMillis,
    relay: Option<String>,
    socket: Option<Socket>,
    /// Why the last try to connect came to nothing.
    unreached: Option<Unreached>,
    wake_at: Option<Instant>,
    notices: VecDeque<Notice>,
    watcher: Option<Watcher>,
}

/// What one turn of the loop found.
enum Turn {
    Frame(Bytes),
    Ended(Ended),
    Woken,
}

impl Process {
    /// Over an engine; `relay` is the origin to connect to, if any.
    pub fn new(engine: Engine, relay: Option<String>) -> Self {
        Self {
            engine,
            clock: now,
            relay,
            socket: None,
            unreached: None,
            wake_at: None,
            notices: VecDeque::new(),
            watcher: None,
        }
    }

    /// Names the origin to connect to from now on.
    pub fn connect_to(&mut self, relay: String) {
        self.relay = Some(relay);
    }

    /// Has everything that passes on the line told to a watcher.
    pub fn watch(&mut self, watcher: Watcher) {
        self.watcher = Some(watcher);
    }

    fn tell(&mut self, passing: Passing<'_>) {
        if let Some(watcher) = &mut self.watcher {
            watcher(passing);
        }
    }

    /// Why the last try to connect came to nothing; `None` after one that did not, and before any.
    pub fn unreached(&self) -> Option<&Unreached> {
        self.unreached.as_ref()
    }

    /// A refusal, with why the relay was not reached where it says only that it was not.
    fn refused(&self, refusal: Refusal) -> ProcessError {
        match (&self.unreached, refusal) {
            (Some(why), Refusal::NeedsRelay) => ProcessError::Unreached(why.clone()),
            (_, refusal) => ProcessError::Refused(refusal),
        }
    }

    /// The engine, for what needs no connection.
    pub fn engine(&mut self) -> &mut Engine {
        &mut self.engine
    }

    /// Begins to connect, if this device belongs anywhere.
    pub async fn start(&mut self) {
        let effects = self.engine.start((self.clock)());
        self.carry_out(effects).await;
    }

    /// Says goodbye to the relay.
    pub async fn stop(&mut self) {
        if let Some(socket) = self.socket.take() {
            socket.close().await;
        }
    }

    /// Carries out a command that answers at once.
    ///
    /// # Errors
    /// [`ProcessError::Refused`].
    pub async fn command(&mut self, command: Command) -> Result<Done, ProcessError> {
        let (outcome, effects) = self.engine.command_first(command, (self.clock)());
        self.carry_out(effects).await;
        // What was saved is on its way to everybody else by now.
        let effects = self.engine.follow_up((self.clock)());
        self.carry_out(effects).await;
        outcome.map_err(|refusal| self.refused(refusal))
    }

    /// Carries out a command that needs the relay, and waits until it has settled.
    ///
    /// # Errors
    /// [`ProcessError`].
    pub async fn settle(
        &mut self,
        command: Command,
        within: Duration,
    ) -> Result<Settled, ProcessError> {
        let Done::Pending { command } = self.command(command).await? else {
            return Ok(Settled::Enrolled);
        };
        self.settled(command, within).await
    }

    /// Waits until a pending command has settled.
    ///
    /// # Errors
    /// [`ProcessError`].
    pub async fn settled(
        &mut self,
        command: CommandId,
        within: Duration,
    ) -> Result<Settled, ProcessError> {
        let deadline = deadline(within);
        loop {
            while let Some(notice) = self.notices.pop_front() {
                if let Notice::Settled {
                    command: which,
                    settled,
                } = notice
                    && which == command
                {
                    return match settled {
                        Settled::Failed { refusal } => Err(self.refused(refusal)),
                        settled => Ok(settled),
                    };
                }
            }
            self.turn(deadline).await?;
        }
    }

    /// Turns the loop until `done` says so of the tablet's state.
    ///
    /// # Errors
    /// [`ProcessError::TooLong`], or that the relay is the wrong one.
    pub async fn until(
        &mut self,
        within: Duration,
        done: impl Fn(&TabletView) -> bool,
    ) -> Result<TabletView, ProcessError> {
        let deadline = deadline(within);
        loop {
            let tablet = self.tablet()?;
            if done(&tablet) {
                return Ok(tablet);
            }
            match tablet.link {
                Link::WrongRelay => {
                    return Err(ProcessError::Relay(RelayTrouble::Another));
                }
                Link::Outdated => {
                    return Err(ProcessError::Relay(RelayTrouble::OtherVersion));
                }
                Link::Removed => {
                    return Err(ProcessError::Relay(RelayTrouble::Removed));
                }
                Link::Offline
                | Link::Connecting
                | Link::CatchingUp
                | Link::Live
                | Link::CaptivePortal => {}
            }
            self.turn(deadline).await?;
        }
    }

    /// Waits until everything was exchanged with the relay.
    ///
    /// # Errors
    /// As [`Self::until`].
    pub async fn until_synced(&mut self, within: Duration) -> Result<TabletView, ProcessError> {
        self.until(within, is_synced).await
    }

    /// As [`Self::until_synced`], and until the others can know what is here and it is known what they
    /// had: a process that leaves before never says that anything was received.
    ///
    /// # Errors
    /// As [`Self::until`].
    pub async fn until_told(&mut self, within: Duration) -> Result<TabletView, ProcessError> {
        let told = |tablet: &TabletView| is_synced(tablet) && tablet.marks_exchanged;
        self.until(within, told).await?;
        // The marks are out: whoever leaves before the relay has read them may take them along.
        let effects = self.engine.ask_for_an_answer((self.clock)());
        self.carry_out(effects).await;
        self.until(within, told).await
    }

    /// Turns the loop once and returns the notices so far.
    pub async fn follow(&mut self, within: Duration) -> Vec<Notice> {
        let deadline = deadline(within);
        let _ = self.turn(deadline).await;
        self.notices.drain(..).collect()
    }

    /// Turns the loop once, keeping the notices.
    ///
    /// # Errors
    /// [`ProcessError::TooLong`].
    pub async fn follow_quietly(&mut self, within: Duration) -> Result<(), ProcessError> {
        let deadline = deadline(within);
        self.turn(deadline).await
    }

    /// The tablet's state.
    ///
    /// # Errors
    /// [`ProcessError::Refused`].
    pub fn tablet(&mut self) -> Result<TabletView, ProcessError> {
        match self.engine.query(&Query::Tablet, (self.clock)())? {
            View::Tablet(tablet) => Ok(tablet),
            _ => Err(Refusal::Bug {
                code: "view".into(),
            }
            .into()),
        }
    }

    /// Answers a query.
    ///
    /// # Errors
    /// [`ProcessError::Refused`].
    pub fn query(&mut self, query: &Query) -> Result<View, ProcessError> {
        Ok(self.engine.query(query, (self.clock)())?)
    }

    async fn turn(&mut self, deadline: Instant) -> Result<(), ProcessError> {
        if Instant::now() >= deadline {
            return Err(match &self.unreached {
                Some(why) => ProcessError::Unreached(why.clone()),
                None => ProcessError::TooLong,
            });
        }
        let wake_at = self.wake_at.unwrap_or(deadline).min(deadline);
        let turn = match &mut self.socket {
            Some(socket) => tokio::select! {
                frame = socket.receive() => frame.map_or_else(Turn::Ended, Turn::Frame),
                () = tokio::time::sleep_until(wake_at) => Turn::Woken,
            },
            None => {
                tokio::time::sleep_until(wake_at).await;
                Turn::Woken
            }
        };
        let came = matches!(turn, Turn::Frame(_));
        let event = match turn {
            Turn::Frame(frame) => {
                self.tell(Passing::Came(&frame));
                Event::Received(frame)
            }
            Turn::Ended(how) => {
                self.socket = None;
                Event::Disconnected(how)
            }
            Turn::Woken => {
                self.wake_at = None;
                Event::Tick
            }
        };
        let effects = self.engine.handle(event, (self.clock)());
        if came {
            self.tell(Passing::TakenIn);
        }
        self.carry_out(effects).await;
        Ok(())
    }

    async fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut queue: VecDeque<Effect> = effects.into();
        let mut fed = false;
        while let Some(effect) = queue.pop_front() {
            let event = match effect {
                Effect::Connect => {
                    self.socket = None;
                    Some(self.connect().await)
                }
                Effect::Send(frame) => match &mut self.socket {
                    Some(socket) => {
                        if let Some(watcher) = &mut self.watcher {
                            watcher(Passing::Goes(&frame));
                        }
                        fed = true;
                        socket.queue(frame);
                        None
                    }
                    None => None,
                },
                Effect::Disconnect => {
                    if let Some(socket) = self.socket.take() {
                        socket.close().await;
                    }
                    None
                }
                Effect::WakeAt(at) => {
                    let wait = u64::try_from(at.since((self.clock)())).unwrap_or(0);
                    self.wake_at = Some(deadline(Duration::from_millis(wait)));
                    None
                }
                Effect::Notice(notice) => {
                    keep(&mut self.notices, notice);
                    None
                }
            };
            if let Some(event) = event {
                if matches!(event, Event::Disconnected(_)) {
                    self.socket = None;
                }
                queue.extend(self.engine.handle(event, (self.clock)()));
            }
        }
        if fed
            && let Some(socket) = &mut self.socket
            && let Err(how) = socket.flush().await
        {
            self.socket = None;
            let effects = self.engine.handle(Event::Disconnected(how), (self.clock)());
            Box::pin(self.carry_out(effects)).await;
        }
    }

    async fn connect(&mut self) -> Event {
        let Some(relay) = &self.relay else {
            return Event::Disconnected(Ended::Network);
        };
        match Socket::connect(relay).await {
            Ok(socket) => {
                self.socket = Some(socket);
                self.unreached = None;
                Event::Connected
            }
            Err(NoConnection { ended, why }) => {
                self.unreached = Some(why);
                Event::Disconnected(ended)
            }
        }
    }
}

fn is_synced(tablet: &TabletView) -> bool {
    tablet.link == Link::Live && tablet.to_send == 0 && tablet.arriving == 0
}

/// As far ahead as the clock of this machine goes, at most.
fn deadline(within: Duration) -> Instant {
    let begun = Instant::now();
    begun.checked_add(within).unwrap_or(begun + FAR)
}

/// Keeps a notice for whoever asks. Who never does is told less of what changed, and all the same how
/// each command ended.
fn keep(notices: &mut VecDeque<Notice>, notice: Notice) {
    notices.push_back(notice);
    if notices.len() > limits::NOTICES_KEPT {
        let ends = |notice: &Notice| matches!(notice, Notice::Settled { .. });
        let oldest = notices.iter().position(|notice| !ends(notice)).unwrap_or(0);
        notices.remove(oldest);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a failing test may say so at once")]
mod tests {
    use super::*;
    use crate::home::Home;
    use std::sync::atomic::{AtomicI64, Ordering};

    /// Longer than anything here takes; only a failure waits for it.
    const PATIENCE: Duration = Duration::from_secs(20);
    const HOUR_MS: i64 = 3_600_000;

    /// Set back by an hour each time it is looked at.
    fn set_back() -> UnixMillis {
        static HOURS: AtomicI64 = AtomicI64::new(0);
        now().plus(-HOUR_MS * HOURS.fetch_add(1, Ordering::Relaxed))
    }

    #[tokio::test]
    async fn a_clock_that_is_set_back_lengthens_no_deadline() {
        let folder = tempfile::tempdir().unwrap();
        let home = Home::open(folder.path()).unwrap();
        let mut process = Process::new(home.engine().unwrap(), None);
        process.clock = set_back;
        let within = Duration::from_millis(100);
        let waiting = process.until(within, |_| false);
        let ended = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(matches!(ended, Ok(Err(ProcessError::TooLong))));
    }

    #[test]
    fn notices_nobody_asks_for_do_not_pile_up_and_no_end_of_a_command_is_lost() {
        let mut notices = VecDeque::new();
        let settled = Notice::Settled {
            command: CommandId::ZERO,
            settled: Settled::Enrolled,
        };
        keep(&mut notices, settled.clone());
        for _ in 0..2 * limits::NOTICES_KEPT {
            keep(&mut notices, Notice::Tablet);
        }
        assert_eq!(notices.len(), limits::NOTICES_KEPT);
        assert_eq!(notices.front(), Some(&settled));
    }
}
