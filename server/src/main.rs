//! `lamplight`: the relay as a program.

use std::io::IsTerminal;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use lamplight_server::{Config, Founding, Running, ServeError, serve};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// The Lamplight relay: orders and keeps ciphertext for the tablets of nursing homes and clinics.
#[derive(Parser)]
#[command(name = "lamplight", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run a relay until it is told to stop.
    Serve(Serve),
}

/// More than a machine has ports for one address of its own.
const MOST_CONNECTIONS: i64 = 65_535;

#[derive(Args)]
struct Serve {
    /// Folder for the database and the relay's key. Made when missing.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Address to listen on.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Origin whose pages may connect, besides loopback ones on a loopback address. Repeatable.
    #[arg(long, value_name = "ORIGIN")]
    origin: Vec<String>,
    /// Do not serve the web client.
    #[arg(long)]
    no_web: bool,
    /// A proxy in front ends TLS and caps connections per address.
    #[arg(long)]
    behind_proxy: bool,
    /// Loopback address for /metrics alone. By default they are served where the relay listens, if
    /// that is on loopback and not behind a proxy.
    #[arg(long, value_name = "ADDR")]
    metrics: Option<SocketAddr>,
    /// Offer a founding link although facilities are kept here already.
    #[arg(long)]
    another_facility: bool,
    /// This machine's clock is right, though it is far from where the last run left it.
    #[arg(long)]
    clock_is_right: bool,
    /// Connections of one address; a home is often one address.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_CONNECTIONS))]
    per_address: Option<u32>,
    /// Connections in all.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST_CONNECTIONS))]
    connections: Option<u32>,
    /// How much the relay tells of itself: off, error, warn, info, debug or trace. What libraries
    /// would say is never logged.
    #[arg(long, value_name = "LEVEL", default_value_t = LevelFilter::INFO)]
    log: LevelFilter,
    /// Log as JSON lines.
    #[arg(long)]
    json_log: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Serve(arguments) = Arguments::parse().command;
    log(arguments.log, arguments.json_log);
    match run(arguments).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("lamplight: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Serve) -> Result<(), ServeError> {
    let mut relay = serve(config(arguments)).await?;
    announce(&relay);
    tokio::select! {
        () = asked_to_stop() => tracing::info!("stopping"),
        () = relay.failed() => {}
    }
    relay.shutdown().await
}

fn config(arguments: Serve) -> Config {
    let mut config = Config::new(arguments.data, arguments.listen);
    config.origins = arguments.origin;
    config.serve_web = !arguments.no_web;
    config.behind_proxy = arguments.behind_proxy;
    config.metrics = arguments.metrics;
    config.clock_is_right = arguments.clock_is_right;
    if arguments.another_facility {
        config.founding = Founding::Always;
    }
    if let Some(per_address) = arguments.per_address {
        config.caps.per_address = usize::try_from(per_address).unwrap_or(usize::MAX);
    }
    if let Some(total) = arguments.connections {
        config.caps.total = usize::try_from(total).unwrap_or(usize::MAX);
    }
    config
}

/// The only thing on standard output: a person, or a program that started this one, reads it.
fn announce(relay: &Running) {
    println!("listening on http://{}", relay.local_addr());
    if let Some(link) = relay.founding_link() {
        println!("founding link (works once): {link}");
    }
}

/// Only our own events: what a library logs of a connection at its deepest level is that
/// connection's content.
fn log(level: LevelFilter, json: bool) {
    let ours = Targets::new()
        .with_target("lamplight", level)
        .with_target("lamplight_server", level);
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let lines = if json {
        lines.json().boxed()
    } else {
        lines.boxed()
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(ours))
        .init();
}

#[cfg(unix)]
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupted().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        () = interrupted() => {}
    }
}

#[cfg(not(unix))]
async fn asked_to_stop() {
    interrupted().await;
}

async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without signals only killing ends it, which the store survives.
        std::future::pending::<()>().await;
    }
}
