//! What the machine says: processors, load, what a process has used, how long its disk takes.

use crate::Problem;
use crate::figure::percentile;
use serde::Serialize;
use std::fs;
use std::io::{Seek as _, Write as _};
use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Clock ticks a second in `/proc`; fixed on Linux whatever the kernel's own rate.
const TICKS: f64 = 100.0;
/// Writes with fdatasync from which the disk's own time is told.
const SYNCS: usize = 200;

/// The machine, for the head of the table.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Machine {
    /// Its processor.
    pub(crate) processor: String,
    /// How many of them.
    pub(crate) cores: usize,
    /// Operating system.
    pub(crate) kernel: String,
    /// Memory in MiB.
    pub(crate) memory_mib: u64,
    /// Median milliseconds of 4 KiB written over and synced where the relay's data lies.
    pub(crate) fdatasync_ms: f64,
    /// When it was looked at, RFC 3339.
    pub(crate) at: String,
    /// Load of the last minute before the first figure.
    pub(crate) load: f64,
}

impl Machine {
    /// Looks.
    pub(crate) fn look(data: &Path) -> Result<Self, Problem> {
        let syncs = syncs(data).map_err(|error| error.to_string())?;
        Ok(Self {
            processor: line("/proc/cpuinfo", "model name").unwrap_or_default(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease")
                .unwrap_or_default()
                .trim()
                .to_owned(),
            memory_mib: kib(&line("/proc/meminfo", "MemTotal").unwrap_or_default()) / 1_024,
            fdatasync_ms: percentile(&syncs, 0.5),
            at: jiff::Timestamp::now()
                .round(jiff::Unit::Second)
                .map_or_else(|_| String::new(), |at| at.to_string()),
            load: load(),
        })
    }
}

/// The load average of the last minute.
pub(crate) fn load() -> f64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let first = text.split(' ').next().and_then(|text| text.parse().ok());
    first.unwrap_or(f64::NAN)
}

/// Microseconds of this machine's clock, the same in all its processes.
pub(crate) fn micros() -> u64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    u64::try_from(since.as_micros()).unwrap_or(u64::MAX)
}

/// CPU-seconds a process has used, in its own code and in the kernel's.
pub(crate) fn cpu(pid: u32) -> Result<f64, Problem> {
    let file = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    // The name in parentheses may contain anything.
    let (_, fields) = text.rsplit_once(')').ok_or("an odd /proc/PID/stat")?;
    let ticks = |n: usize| -> Option<f64> { fields.split_whitespace().nth(n)?.parse().ok() };
    match (ticks(11), ticks(12)) {
        (Some(user), Some(system)) => Ok((user + system) / TICKS),
        _ => Err("an odd /proc/PID/stat".to_owned()),
    }
}

/// Resident memory of a process in bytes.
pub(crate) fn resident_bytes(pid: u32) -> Result<u64, Problem> {
    let file = format!("/proc/{pid}/status");
    let text = line(&file, "VmRSS").ok_or_else(|| format!("{file} says nothing of VmRSS"))?;
    Ok(kib(&text) * 1_024)
}

/// Bytes of all files of a folder whose names begin so.
pub(crate) fn bytes_of(folder: &Path, name: &str) -> u64 {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    files
        .filter(|file| file.file_name().to_string_lossy().starts_with(name))
        .filter_map(|file| Some(file.metadata().ok()?.len()))
        .sum()
}

/// What follows a name and a colon in a file of `/proc`.
fn line(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn kib(text: &str) -> u64 {
    let number = text.split(' ').next().and_then(|text| text.parse().ok());
    number.unwrap_or(0)
}

/// Milliseconds that a page written over and synced takes in a folder, again and again: what a commit
/// of the relay's cannot go below there.
pub(crate) fn syncs(folder: &Path) -> std::io::Result<Vec<f64>> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut took = Vec::new();
    for nth in 0..=SYNCS {
        let began = Instant::now();
        file.rewind()?;
        file.write_all(&[0; 4_096])?;
        file.sync_data()?;
        // The first makes the file longer, which the relay's log seldom becomes.
        if nth > 0 {
            took.push(began.elapsed().as_secs_f64() * 1_000.0);
        }
    }
    Ok(took)
}
