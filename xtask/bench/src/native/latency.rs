//! One write to all others: the time from a nurse's command on one client until the envelope is
//! verified and durable on each of the others.

use super::seconds;
use crate::crew::Crew;
use crate::figure::{Figure, percentile};
use crate::machine::syncs;
use crate::sizes::Sizes;
use crate::stage::Stage;
use crate::task::{Client, Report, Task, Write};
use crate::{Problem, say};

/// Milliseconds from one write to the next.
const APART_MS: u64 = 20;

/// Two moments, in microseconds.
type Times = (u64, u64);

/// A stretch of the way of an envelope.
struct Stretch {
    name: &'static str,
    detail: &'static str,
    /// Given when a write began and was saved, and when its frame came and was taken in: from when
    /// until when.
    span: fn(Times, Times) -> Times,
    /// For p50 and p99, in milliseconds.
    goal: Option<(f64, f64)>,
}

const STRETCHES: [Stretch; 3] = [
    Stretch {
        name: "one write to the others",
        detail: "from the command until verified and durable there",
        span: |write, arrival| (write.0, arrival.1),
        goal: Some((1.0, 2.4)),
    },
    Stretch {
        name: "… until its frame is there",
        detail: "from the command until the frame is read from the socket there",
        span: |write, arrival| (write.0, arrival.0),
        goal: None,
    },
    Stretch {
        name: "… from saved here until its frame is there",
        detail: "from the answer “saved here” until the frame is read there: the relay, its fsync and the network alone",
        span: |write, arrival| (write.1, arrival.0),
        goal: None,
    },
];

/// Plays it.
pub(crate) async fn play(sizes: &Sizes) -> Result<Vec<Figure>, Problem> {
    let mut stage = Stage::new(false).await?;
    let resident = *stage.admit(1).await?.first().ok_or("nobody was admitted")?;
    let homes = stage.enrol_and_name(sizes.clients).await?;
    stage.close_office().await;
    let origin = stage.origin()?;
    let tasks = homes.iter().enumerate().map(|(place, home)| {
        Task::Client(Client {
            home: home.clone(),
            origin: origin.clone(),
            card: (place == 0).then(|| stage.card().clone()),
            live: true,
            write: match place {
                0 => Write::Notes {
                    resident,
                    count: sizes.beats,
                    ahead: u64::MAX,
                    every_ms: APART_MS,
                },
                _ => Write::Nothing,
            },
        })
    });
    let mut crew = Crew::start(&tasks.collect::<Vec<_>>())?;
    say(format!("one write to the others, {} times", sizes.beats));
    let beats = u64::from(sizes.beats);
    let expect: Vec<u64> = (0..homes.len())
        .map(|n| if n == 0 { 0 } else { beats })
        .collect();
    let disk = || syncs(&stage.relay_folder()).map_err(|error| error.to_string());
    let mut alone = disk()?;
    let reports = crew.go(&expect)?;
    alone.extend(disk()?);
    let mut figures = figures(&reports, sizes)?;
    figures.extend(floor(&alone));
    Ok(figures)
}

/// What no write can go below: one sync of the relay's disk, when nobody else asks it for one.
fn floor(alone: &[f64]) -> [Figure; 2] {
    [(0.5, "p50"), (0.99, "p99")].map(|(share, words)| {
        let value = percentile(alone, share);
        let mut figure = Figure::one(&format!("… the disk by itself, {words}"), "ms", value);
        figure.runs = alone.len();
        figure.of("a page written over and fdatasync where the relay's data lies, before the writes and after them")
    })
}

fn figures(reports: &[Report], sizes: &Sizes) -> Result<Vec<Figure>, Problem> {
    let (writer, others) = reports.split_first().ok_or("nobody reported")?;
    let is_of_the_write = |(write, arrival): (&Times, &Times)| write.0 < arrival.1;
    let mut others_arrivals = others.iter();
    if !others_arrivals.all(|other| {
        writer
            .writes
            .iter()
            .zip(&other.arrivals)
            .all(is_of_the_write)
    }) {
        return Err(
            "something else arrived among the writes: they cannot be told apart".to_owned(),
        );
    }
    let mut figures = Vec::new();
    let what = format!(
        "{} notes, one every {APART_MS} ms, to {} other clients, each a process",
        sizes.beats,
        others.len()
    );
    for Stretch {
        name,
        detail,
        span,
        goal,
    } in STRETCHES
    {
        let took: Vec<f64> = others
            .iter()
            .flat_map(|other| writer.writes.iter().zip(&other.arrivals))
            .map(|(write, arrival)| {
                let (from, to) = span(*write, *arrival);
                seconds(from, to) * 1_000.0
            })
            .collect();
        if took.len() != writer.writes.len() * others.len() {
            return Err("an envelope did not arrive everywhere".to_owned());
        }
        for (share, words, goal) in [
            (0.5, "p50", goal.map(|goal| goal.0)),
            (0.99, "p99", goal.map(|goal| goal.1)),
        ] {
            let mut figure =
                Figure::one(&format!("{name}, {words}"), "ms", percentile(&took, share))
                    .of(format!("{what}; {detail}"));
            figure.runs = took.len();
            figure.goal = goal;
            figures.push(figure);
        }
    }
    Ok(figures)
}
