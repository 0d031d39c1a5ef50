//! The first sync of a tablet that has nothing of a record yet, and what an entry weighs on the wire
//! and at rest: once written in bulk, as imports and the demo do, once one entry at a time.

use super::{float, seconds};
use crate::crew::Crew;
use crate::figure::{Figure, percentile};
use crate::machine::bytes_of;
use crate::sizes::Sizes;
use crate::stage::Stage;
use crate::task::{Client, Report, Task, Write};
use crate::{Problem, say};
use domain::entry::ResidentId;
use std::path::{Path, PathBuf};

/// Clients that write; each has a share of the documents.
const WRITERS: usize = 2;
/// Megabytes as peers count them.
const MEGA: f64 = 1_000_000.0;

const PEERS: &str = "the best of the peers takes 0.41 s and 2.7 MB for 200 documents of 500 entries; measured elsewhere \
    on a machine of this kind, on plain documents of their own, neither sealed nor signed";

/// Both shapes, each with a home of its own.
pub(crate) async fn play(sizes: &Sizes) -> Result<Vec<Figure>, Problem> {
    let mut figures = shape(sizes, true).await?;
    figures.extend(shape(sizes, false).await?);
    Ok(figures)
}

async fn shape(sizes: &Sizes, bulk: bool) -> Result<Vec<Figure>, Problem> {
    let words = if bulk { "in bulk" } else { "one by one" };
    let mut stage = Stage::new(false).await?;
    let residents = stage.admit(sizes.documents).await?;
    let writers = stage.enrol(2).await?;
    let readers = stage.enrol(sizes.runs).await?;
    stage.close_office().await;
    let empty = bytes_of(&stage.relay_folder(), "relay.db");
    say(format!(
        "writing {} documents of {} entries {words}",
        sizes.documents, sizes.entries
    ));
    let (written, envelopes) = fill(&stage, &writers, &residents, sizes, bulk)?;
    let port = stage.kill_relay()?;
    stage.start_relay_again(port);
    let at_rest = bytes_of(&stage.relay_folder(), "relay.db").saturating_sub(empty);

    let mut reports = Vec::new();
    for (nth, home) in (1..).zip(&readers) {
        say(format!(
            "first sync {words}, run {nth} of {}",
            readers.len()
        ));
        let kept = bytes_of(home, "log.db");
        let mut crew = Crew::start(&[reader(home, &stage.origin()?)])?;
        let report = crew.go(&[envelopes])?.pop().ok_or("no report")?;
        drop(crew);
        let kept = bytes_of(home, "log.db").saturating_sub(kept);
        reports.push((report, kept));
    }
    Ok(told(sizes, bulk, envelopes, &written, at_rest, &reports))
}

/// Writes everything and returns the writers' reports and how many envelopes it became.
fn fill(
    stage: &Stage,
    homes: &[PathBuf],
    residents: &[ResidentId],
    sizes: &Sizes,
    bulk: bool,
) -> Result<(Vec<Report>, u64), Problem> {
    let origin = stage.origin()?;
    let share = residents.len().div_ceil(WRITERS).max(1);
    let tasks = homes
        .iter()
        .zip(residents.chunks(share))
        .map(|(home, residents)| {
            Task::Client(Client {
                home: home.clone(),
                origin: origin.clone(),
                card: Some(stage.card().clone()),
                live: false,
                write: Write::Observations {
                    residents: residents.to_vec(),
                    each: sizes.entries,
                    bulk,
                },
            })
        });
    let mut crew = Crew::start(&tasks.collect::<Vec<_>>())?;
    let to_send: Vec<u64> = crew.to_send().iter().map(|n| u64::from(*n)).collect();
    let all: u64 = to_send.iter().sum();
    let expect: Vec<u64> = to_send.iter().map(|own| all - own).collect();
    say(format!("sending {all} envelopes"));
    Ok((crew.go(&expect)?, all))
}

fn reader(home: &Path, origin: &str) -> Task {
    Task::Client(Client {
        home: home.to_owned(),
        origin: origin.to_owned(),
        card: None,
        live: false,
        write: Write::Nothing,
    })
}

fn told(
    sizes: &Sizes,
    bulk: bool,
    envelopes: u64,
    written: &[Report],
    at_rest: u64,
    reports: &[(Report, u64)],
) -> Vec<Figure> {
    let words = if bulk { "in bulk" } else { "one by one" };
    let entries = float(u64::from(sizes.documents) * u64::from(sizes.entries));
    let took: Vec<f64> = reports
        .iter()
        .map(|(report, _)| seconds(report.began, report.ended))
        .collect();
    let came: Vec<f64> = reports
        .iter()
        .map(|(report, _)| float(report.bytes_in))
        .collect();
    let mega: Vec<f64> = came.iter().map(|bytes| bytes / MEGA).collect();
    let kept: Vec<f64> = reports
        .iter()
        .map(|(_, kept)| float(*kept) / entries)
        .collect();
    // Of what a writer sends, nearly all is its own; what it receives is the other's.
    let pushed: u64 = written.iter().map(|report| report.bytes_out).sum();
    let what = format!(
        "{} documents of {} entries (sets of six observations), {}: {envelopes} envelopes",
        sizes.documents,
        sizes.entries,
        match bulk {
            true => "one command for each document",
            false => "one command for each entry",
        }
    );
    let mut time = Figure::median(&format!("first sync, written {words}"), "s", &took).of(format!(
        "{what}; from connecting until all are verified and durable on an enrolled tablet that had none, views apart"
    ));
    let mut bytes = Figure::median(
        &format!("first sync, written {words}: received"),
        "MB",
        &mega,
    )
    .of(format!("{what}; WebSocket frames with their headers"));
    if bulk {
        time = time.at_most(0.4).beside(PEERS);
        bytes = bytes.at_most(2.7).beside(PEERS);
    }
    vec![
        time,
        bytes,
        Figure::one(
            &format!("bytes per entry, written {words}: pushed"),
            "B",
            float(pushed) / entries,
        )
        .of("WebSocket frames of the writing tablets, with their marks and credit"),
        Figure::one(
            &format!("bytes per entry, written {words}: received"),
            "B",
            percentile(&came, 0.5) / entries,
        )
        .of("WebSocket frames of the first sync"),
        Figure::one(
            &format!("bytes per entry, written {words}: the relay's disk"),
            "B",
            float(at_rest) / entries,
        )
        .of("growth of the relay's database and its log"),
        Figure::one(
            &format!("bytes per entry, written {words}: a tablet's disk"),
            "B",
            percentile(&kept, 0.5),
        )
        .of("growth of log.db and its log on the tablet that synced; views apart"),
    ]
}
