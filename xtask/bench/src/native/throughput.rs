//! Envelopes stored with fsync and delivered, and what that costs the relay: once while people write,
//! so that nearly every push holds one envelope, and once when tablets come back with full outboxes.

use super::{float, seconds};
use crate::crew::Crew;
use crate::figure::{Figure, percentile};
use crate::sizes::Sizes;
use crate::stage::Stage;
use crate::task::{Client, Task, Write};
use crate::{Problem, say};
use domain::entry::ResidentId;
use std::path::PathBuf;

/// Envelopes a writing client has on the way at most.
const AHEAD: u64 = 8;

const PEERS: &str = "Hocuspocus with fsync 0.036, y-websocket in memory 0.021, samod 1.79; measured \
    elsewhere on a machine of this kind, on plain updates of their own documents, neither sealed nor signed";

/// How clients write.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Connected, each note as it is written.
    Live,
    /// Written apart from the relay, sent on connecting.
    Outboxes,
}

/// What one run came to.
struct Run {
    rate: f64,
    cpu: f64,
    cpu_delivered: f64,
    clients_cpu: f64,
    stored: f64,
    delivered: f64,
    commits: f64,
}

/// Both shapes.
pub(crate) async fn play(sizes: &Sizes) -> Result<Vec<Figure>, Problem> {
    let mut stage = Stage::new(false).await?;
    let resident = *stage.admit(1).await?.first().ok_or("nobody was admitted")?;
    say(format!("enrolling {} clients", sizes.clients));
    let homes = stage.enrol_and_name(sizes.clients).await?;
    stage.close_office().await;
    let mut figures = Vec::new();
    for (shape, words) in [
        (Shape::Live, "live writing"),
        (Shape::Outboxes, "full outboxes"),
    ] {
        let mut runs = Vec::new();
        for nth in 1..=sizes.runs {
            say(format!("{words}, run {nth} of {}", sizes.runs));
            runs.push(run(&stage, &homes, resident, sizes, shape)?);
        }
        figures.extend(told(&runs, sizes, words, shape));
    }
    Ok(figures)
}

fn run(
    stage: &Stage,
    homes: &[PathBuf],
    resident: ResidentId,
    sizes: &Sizes,
    shape: Shape,
) -> Result<Run, Problem> {
    let origin = stage.origin()?;
    let writers = usize::try_from(sizes.writers).map_err(|error| error.to_string())?;
    let tasks = homes.iter().enumerate().map(|(place, home)| {
        let writes = place < writers;
        Task::Client(Client {
            home: home.clone(),
            origin: origin.clone(),
            card: writes.then(|| stage.card().clone()),
            live: shape == Shape::Live || !writes,
            write: match writes {
                true => Write::Notes {
                    resident,
                    count: sizes.notes,
                    ahead: if shape == Shape::Live {
                        AHEAD
                    } else {
                        u64::MAX
                    },
                    every_ms: 0,
                },
                false => Write::Nothing,
            },
        })
    });
    let mut crew = Crew::start(&tasks.collect::<Vec<_>>())?;
    let each = u64::from(sizes.notes);
    let all = each * u64::from(sizes.writers);
    let expect: Vec<u64> = (0..homes.len())
        .map(|place| if place < writers { all - each } else { all })
        .collect();
    let (before, cpu) = (stage.counters()?, stage.relay_cpu()?);
    let reports = crew.go(&expect)?;
    let (after, cpu) = (stage.counters()?, stage.relay_cpu()? - cpu);
    let began = reports.iter().map(|report| report.began).min();
    let ended = reports.iter().map(|report| report.ended).max();
    let took = seconds(began.unwrap_or_default(), ended.unwrap_or_default());
    let stored = after.since(&before, "lamplight_envelopes_stored")?;
    if stored != float(all) {
        return Err(format!("{stored} envelopes were stored, not {all}"));
    }
    let delivered = after.since(&before, "lamplight_envelopes_delivered")?;
    Ok(Run {
        rate: stored / took,
        cpu: cpu / stored * 1_000.0,
        cpu_delivered: cpu / delivered * 1_000.0,
        clients_cpu: reports.iter().map(|report| report.cpu).sum(),
        stored,
        delivered,
        commits: after.since(&before, "lamplight_commits")?,
    })
}

fn told(runs: &[Run], sizes: &Sizes, words: &str, shape: Shape) -> [Figure; 3] {
    let of = |value: fn(&Run) -> f64| runs.iter().map(value).collect::<Vec<f64>>();
    let middle = |value: fn(&Run) -> f64| percentile(&of(value), 0.5);
    let how = match shape {
        Shape::Live => {
            format!("each note as it is written, at most {AHEAD} of a client on the way")
        }
        Shape::Outboxes => "all written before connecting, pushed by the outbox".to_owned(),
    };
    let stored = middle(|run| run.stored);
    let what = format!(
        "{stored} notes of {} writing clients ({how}), delivered to all {} clients but their author ({} deliveries); \
         {:.1} envelopes per fsync",
        sizes.writers,
        sizes.clients,
        middle(|run| run.delivered),
        stored / middle(|run| run.commits),
    );
    let clients = middle(|run| run.clients_cpu);
    [
        Figure::median(
            &format!("{words}: envelopes stored and delivered per second"),
            "1/s",
            &of(|run| run.rate),
        )
        .of(format!(
            "{what}; from the first command until all are verified and durable at all clients, which use {clients:.1} \
             CPU-seconds of the same processors for it"
        )),
        Figure::median(
            &format!("{words}: relay CPU-seconds per 1,000 stored"),
            "s",
            &of(|run| run.cpu),
        )
        .of(format!("{what}; user and system time of the relay's process"))
        .at_most(0.030)
        .beside(PEERS),
        Figure::median(
            &format!("{words}: … the same per 1,000 delivered"),
            "s",
            &of(|run| run.cpu_delivered),
        )
        .of(format!(
            "{what}; the same CPU-seconds over what came to its readers, for who counts messages that a server passes on"
        )),
    ]
}
