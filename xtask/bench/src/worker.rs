//! A worker: the native client's engine in a process of its own, doing what one line of its
//! standard input tells it. Nothing here goes round the engine; a line's traffic is counted where it
//! passes ([`crate::tally`]).

use crate::Problem;
use crate::machine::{cpu, micros};
use crate::tally::Tally;
use crate::task::{Client, Crowd, Go, Ready, Report, Roll, Task, Write};
use crate::writing::Commands;
use interface::{Command, Link, Notice};
use lamplight_client_native::{Home, Process, ProcessError};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::cell::RefCell;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader, Lines, Stdin};
use tokio::task::LocalSet;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(600);
/// How often a client that waits for the relay looks up.
const GLANCE: Duration = Duration::from_millis(20);

/// Does what the first line says, until the driver has heard everything.
pub(crate) fn run() -> Result<(), Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| error.to_string())?;
    LocalSet::new().block_on(&runtime, async {
        let mut input = BufReader::new(tokio::io::stdin()).lines();
        match hear(&mut input).await? {
            Task::Client(client) => work(&client, &mut input).await,
            Task::Crowd(crowd) => stay(&crowd, &mut input).await,
        }
    })
}

async fn hear<T: DeserializeOwned>(input: &mut Lines<BufReader<Stdin>>) -> Result<T, Problem> {
    let line = input.next_line().await.map_err(|error| error.to_string())?;
    let line = line.ok_or("the driver is gone")?;
    serde_json::from_str(&line).map_err(|error| error.to_string())
}

fn say(what: &impl Serialize) -> Result<(), Problem> {
    let line = serde_json::to_string(what).map_err(|error| error.to_string())?;
    println!("{line}");
    Ok(())
}

fn open(folder: &Path, origin: &str) -> Result<(Home, Process), Problem> {
    let home = Home::open(folder).map_err(|error| error.to_string())?;
    let engine = home.engine().map_err(|error| error.to_string())?;
    Ok((home, Process::new(engine, Some(origin.to_owned()))))
}

async fn work(task: &Client, input: &mut Lines<BufReader<Stdin>>) -> Result<(), Problem> {
    let (_home, process) = open(&task.home, &task.origin)?;
    let (tally, watcher) = Tally::new();
    let mut desk = Desk {
        process,
        tally,
        report: Report::default(),
        written: 0,
    };
    desk.process.watch(watcher);
    desk.tally.borrow_mut().device = desk.process.tablet().map_err(told)?.device;
    if let Some(card) = &task.card {
        let (badge, pin) = (card.badge.as_str().into(), card.pin.as_str().into());
        desk.command(Command::SignIn { badge, pin }).await?;
    }
    if task.live {
        desk.process.start().await;
        desk.synced().await?;
    } else {
        desk.write(&task.write).await?;
    }
    desk.tally.borrow_mut().reset();
    let to_send = desk.process.tablet().map_err(told)?.to_send;
    say(&Ready { to_send })?;

    let go: Go = hear(input).await?;
    let before = cpu(std::process::id())?;
    desk.report.began = micros();
    if task.live {
        desk.write(&task.write).await?;
    } else {
        desk.process.start().await;
    }
    while desk.tally.borrow().rows < go.expect {
        desk.turn().await?;
    }
    if !matches!(task.write, Write::Nothing) {
        desk.sent().await?;
    }
    desk.report.ended = micros();
    desk.report.cpu = cpu(std::process::id())? - before;
    say(&desk.report())?;
    // The relay sees a client leave only after everybody was heard.
    let _ = input.next_line().await;
    Ok(())
}

fn told(error: ProcessError) -> Problem {
    error.to_string()
}

/// A client at work.
struct Desk {
    process: Process,
    tally: Rc<RefCell<Tally>>,
    report: Report,
    written: u64,
}

impl Desk {
    async fn command(&mut self, command: Command) -> Result<(), Problem> {
        self.process.command(command).await.map_err(told)?;
        Ok(())
    }

    async fn synced(&mut self) -> Result<(), Problem> {
        let synced = self.process.until_synced(PATIENCE).await;
        synced.map(|_| ()).map_err(told)
    }

    async fn sent(&mut self) -> Result<(), Problem> {
        let sent = self.process.until(PATIENCE, |tablet| tablet.to_send == 0);
        sent.await.map(|_| ()).map_err(told)
    }

    /// Takes in one frame.
    async fn turn(&mut self) -> Result<(), Problem> {
        self.process.follow_quietly(PATIENCE).await.map_err(told)
    }

    async fn write(&mut self, write: &Write) -> Result<(), Problem> {
        let (ahead, every_ms) = match write {
            Write::Notes {
                ahead, every_ms, ..
            } => (*ahead, *every_ms),
            Write::Nothing | Write::Observations { .. } => (u64::MAX, 0),
        };
        let began = micros();
        for (nth, command) in (0..).zip(Commands::new(write)?) {
            let due = began + nth * every_ms * 1_000;
            while micros() < due {
                let wait = Duration::from_micros(due.saturating_sub(micros())).min(GLANCE);
                // That nothing came in time is as it should be.
                let _ = self.process.follow_quietly(wait).await;
            }
            while self.on_the_way() >= ahead {
                self.turn().await?;
            }
            let called = micros();
            self.command(command).await?;
            self.report.writes.push((called, micros()));
            self.written += 1;
        }
        Ok(())
    }

    /// Own envelopes the relay has not answered, when each command makes one.
    fn on_the_way(&self) -> u64 {
        self.written.saturating_sub(self.tally.borrow().answered)
    }

    fn report(&mut self) -> Report {
        let tally = self.tally.borrow();
        Report {
            rows: tally.rows,
            arrivals: tally.arrivals.clone(),
            bytes_in: tally.bytes_in,
            bytes_out: tally.bytes_out,
            ..std::mem::take(&mut self.report)
        }
    }
}

/// Since when each client of a crowd is live.
type Since = Rc<RefCell<Vec<Option<u64>>>>;

async fn stay(crowd: &Crowd, input: &mut Lines<BufReader<Stdin>>) -> Result<(), Problem> {
    let since: Since = Rc::new(RefCell::new(vec![None; crowd.homes.len()]));
    for (place, folder) in crowd.homes.iter().enumerate() {
        let (home, process) = open(folder, &crowd.origin)?;
        tokio::task::spawn_local(idle(home, process, place, Rc::clone(&since)));
    }
    while let Ok(Some(_)) = input.next_line().await {
        let live_since = since.borrow().iter().copied().flatten().collect();
        say(&Roll { live_since })?;
    }
    Ok(())
}

/// One client of a crowd: connected, connecting again when it is not, nothing else.
async fn idle(_home: Home, mut process: Process, place: usize, since: Since) {
    process.start().await;
    loop {
        let notices = process.follow(PATIENCE).await;
        if !notices.contains(&Notice::Tablet) {
            continue;
        }
        let live = process
            .tablet()
            .is_ok_and(|tablet| tablet.link == Link::Live);
        if let Some(since) = since.borrow_mut().get_mut(place) {
            *since = match (*since, live) {
                (Some(since), true) => Some(since),
                (None, true) => Some(micros()),
                (_, false) => None,
            };
        }
    }
}
