//! Worker processes, as the driver has them: started, told to go together, heard. Dropped, they end.

use crate::Problem;
use crate::task::{Go, Ready, Report, Roll, Task};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// One worker process.
pub(crate) struct Worker {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Worker {
    /// Starts one.
    pub(crate) fn start(task: &Task) -> Result<Self, Problem> {
        let program = std::env::current_exe().map_err(|error| error.to_string())?;
        let mut child = Command::new(program)
            .arg("worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("a worker: {error}"))?;
        let pipes = child.stdin.take().zip(child.stdout.take());
        let (input, output) = pipes.ok_or("a worker without pipes")?;
        let mut worker = Self {
            child,
            input,
            output: BufReader::new(output),
        };
        worker.tell(task)?;
        Ok(worker)
    }

    fn tell(&mut self, what: &impl Serialize) -> Result<(), Problem> {
        let line = serde_json::to_string(what).map_err(|error| error.to_string())?;
        writeln!(self.input, "{line}").map_err(|error| format!("a worker is gone: {error}"))
    }

    fn hear<T: DeserializeOwned>(&mut self) -> Result<T, Problem> {
        let mut line = String::new();
        let read = self.output.read_line(&mut line);
        match read {
            Ok(0) => Err("a worker gave up; it said why above".to_owned()),
            Ok(_) => serde_json::from_str(&line).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        }
    }

    /// Who of a crowd is live.
    pub(crate) fn roll(&mut self) -> Result<Roll, Problem> {
        self.tell(&"who is live?")?;
        self.hear()
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Clients that work at the same time.
pub(crate) struct Crew {
    workers: Vec<Worker>,
    /// Of each, how many envelopes it holds for the relay.
    to_send: Vec<u32>,
}

impl Crew {
    /// Starts them and waits until all are ready.
    pub(crate) fn start(tasks: &[Task]) -> Result<Self, Problem> {
        let workers: Result<Vec<_>, _> = tasks.iter().map(Worker::start).collect();
        let mut workers = workers?;
        let ready: Result<Vec<Ready>, _> = workers.iter_mut().map(Worker::hear).collect();
        let to_send = ready?.iter().map(|ready| ready.to_send).collect();
        Ok(Self { workers, to_send })
    }

    /// Envelopes that each holds for the relay.
    pub(crate) fn to_send(&self) -> &[u32] {
        &self.to_send
    }

    /// Tells all to go, each with how many envelopes of others will come to it, and hears all.
    pub(crate) fn go(&mut self, expect: &[u64]) -> Result<Vec<Report>, Problem> {
        for (worker, expect) in self.workers.iter_mut().zip(expect) {
            worker.tell(&Go { expect: *expect })?;
        }
        self.workers.iter_mut().map(Worker::hear).collect()
    }
}
