//! Many clients that are only there: what each costs the relay's memory, and how long all of them
//! take to be back after the relay was killed.

use super::{float, seconds};
use crate::crew::Worker;
use crate::figure::{Figure, percentile};
use crate::machine::{micros, resident_bytes};
use crate::sizes::Sizes;
use crate::stage::Stage;
use crate::task::{Crowd, Task};
use crate::{Problem, say};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Homes of one worker process.
const HOMES: usize = 100;
/// How long all of a crowd may take to be live.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is asked who is live.
const PAUSE: Duration = Duration::from_millis(50);
/// How long the relay is gone.
const OUTAGE: Duration = Duration::from_secs(1);
/// How long after the last arrival the relay's memory is read.
const CALM: Duration = Duration::from_secs(3);

const PEERS: &str = "8 to 374 KB, measured elsewhere on a machine of this kind: idle connections of sync servers, each with one document open";

/// Plays it.
pub(crate) async fn play(sizes: &Sizes) -> Result<Vec<Figure>, Problem> {
    let mut stage = Stage::new(false).await?;
    say(format!("enrolling a crowd of {}", sizes.crowd));
    let homes = stage.enrol(sizes.crowd).await?;
    stage.close_office().await;
    let mut copies = Vec::new();
    for home in &homes {
        copies.extend(stage.copies(home, sizes.copies)?);
    }
    // What enrolment left behind in its memory is not what a connection costs.
    let port = stage.kill_relay()?;
    stage.start_relay_again(port);

    let origin = stage.origin()?;
    let mut crowd = gather(&homes, &origin)?;
    let mut figures = storms(&mut stage, &mut crowd, homes.len(), sizes)?;

    say(format!("{} idle sessions more", copies.len()));
    let pid = stage.relay()?.pid();
    std::thread::sleep(CALM);
    let few = resident_bytes(pid)?;
    let mut more = gather(&copies, &origin)?;
    all_live(&mut more, copies.len())?;
    std::thread::sleep(CALM);
    let many = resident_bytes(pid)?;
    let grew = float(many.saturating_sub(few)) / 1_000.0;
    figures.push(
        Figure::one("relay memory per idle connection", "KB", grew / float(copies.len() as u64))
            .of(format!(
                "growth of resident memory from {} to {} authenticated sessions that follow all three streams; the kernel's own buffers are not in it",
                homes.len(),
                homes.len() + copies.len(),
            ))
            .at_most(8.0)
            .beside(PEERS),
    );
    Ok(figures)
}

fn gather(homes: &[PathBuf], origin: &str) -> Result<Vec<Worker>, Problem> {
    let task = |homes: &[PathBuf]| {
        Task::Crowd(Crowd {
            homes: homes.to_vec(),
            origin: origin.to_owned(),
        })
    };
    homes
        .chunks(HOMES)
        .map(|homes| Worker::start(&task(homes)))
        .collect()
}

/// Waits until so many are live and says since when each is.
fn all_live(crowd: &mut [Worker], count: usize) -> Result<Vec<u64>, Problem> {
    let began = Instant::now();
    loop {
        let mut since = Vec::new();
        for worker in crowd.iter_mut() {
            since.extend(worker.roll()?.live_since);
        }
        if since.len() == count {
            return Ok(since);
        }
        if began.elapsed() > PATIENCE {
            return Err(format!("only {} of {count} clients came back", since.len()));
        }
        std::thread::sleep(PAUSE);
    }
}

fn storms(
    stage: &mut Stage,
    crowd: &mut [Worker],
    count: usize,
    sizes: &Sizes,
) -> Result<Vec<Figure>, Problem> {
    let (mut half, mut last, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    all_live(crowd, count)?;
    for nth in 1..=sizes.storms {
        say(format!("storm {nth} of {}", sizes.storms));
        let port = stage.kill_relay()?;
        std::thread::sleep(OUTAGE);
        stage.start_relay_again(port);
        let up = micros();
        // Whoever was live before the relay was there again has not noticed yet.
        let since = loop {
            let since = all_live(crowd, count)?;
            if since.iter().all(|since| *since >= up) {
                break since;
            }
            std::thread::sleep(PAUSE);
        };
        cpu.push(stage.relay_cpu()?);
        let took: Vec<f64> = since.iter().map(|since| seconds(up, *since)).collect();
        half.push(percentile(&took, 0.5));
        last.push(percentile(&took, 1.0));
    }
    let what = format!(
        "{count} clients, the relay killed and gone for {} s; full jitter between their tries",
        OUTAGE.as_secs()
    );
    Ok(vec![
        Figure::median(&format!("storm: the last of {count} is back"), "s", &last).of(format!(
            "{what}; from the moment the relay listens until the client is live"
        )),
        Figure::median("storm: half of them are back", "s", &half).of(what.clone()),
        Figure::median("storm: relay CPU", "s", &cpu)
            .of(format!("{what}; its start, {count} handshakes and tails")),
    ])
}
