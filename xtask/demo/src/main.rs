//! The demo: a relay with "Maple House" in it, a proxy for each tablet, and a terminal that can cut
//! them off. Started by `cargo xtask demo`, which builds everything first.

mod flags;
mod home;
mod office;
mod papers;
mod ports;
mod terminal;

use clap::Parser;
use demo::generator::Wish;
use demo::proxy::Proxy;
use flags::{Flags, History};
use ids::UnixMillis;
use office::Office;
use papers::Ready;
use server::{Config, Running};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;

/// Why the demo does not run; a sentence for the person at the terminal.
type Problem = String;

/// Two tablets of one nursing home: a relay with "Maple House" in it, and a link for each tablet.
#[derive(Parser)]
#[command(name = "cargo xtask demo")]
struct Arguments {
    #[command(flatten)]
    flags: Flags,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse().flags).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("\ndemo: {problem}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Flags) -> Result<(), Problem> {
    let wish = wish(arguments)?;
    let data = &arguments.data;
    papers::private_folder(data)?;
    if let Some(ready) = &arguments.ready {
        let _ = std::fs::remove_file(ready);
    }
    log_to(&data.join("relay.log"))?;
    let papers = papers::Papers::read(data)?;
    let tablets = u16::try_from(arguments.tablets).map_err(|_| "too many tablets".to_owned())?;
    let ports = ports::choose(arguments.port, papers.as_ref(), tablets)?;

    let relay = start_relay(data, ports.relay).await?;
    let address = relay.local_addr();
    let origin = format!("http://{address}");
    let mut office = Office::open(&data.join("office"), &origin).await?;
    let papers = match papers {
        Some(papers) => {
            // Whatever was said of residents and history now: the home is the one it was.
            eprintln!(
                "The home of the first start: --residents, --history, --seed and --now shape a new --data only."
            );
            papers
        }
        None => home::found(&mut office, &relay, &wish, &ports, data).await?,
    };
    let fragments = home::invite(&mut office, &papers, arguments.tablets).await?;

    let mut proxies = Vec::new();
    for port in &ports.tablets {
        let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), *port);
        let proxy = Proxy::start(listen, address).await;
        proxies.push(proxy.map_err(|error| format!("port {port}: {error}"))?);
    }
    let ready = Ready::new(address, &ports, &fragments, &papers);
    ready.show(data);
    if let Some(file) = &arguments.ready {
        ready.write(file)?;
    }
    terminal::attend(proxies, &mut office).await;

    office.close().await;
    relay.shutdown().await.map_err(|error| error.to_string())
}

fn wish(arguments: &Flags) -> Result<Wish, Problem> {
    let clock = jiff::Timestamp::now();
    let now = match &arguments.now {
        Some(text) => text
            .parse::<jiff::Timestamp>()
            .map_err(|_| format!("--now {text}: not like 2026-11-21T07:52:00Z"))?,
        None => clock,
    };
    if now > clock {
        return Err("--now lies in the future: nobody can have recorded anything then".to_owned());
    }
    Ok(Wish {
        residents: arguments.residents,
        history: arguments.history == History::Full,
        seed: arguments.seed,
        now: UnixMillis(now.as_millisecond()),
    })
}

/// A relay of this process: whatever ends the demo ends it too.
async fn start_relay(data: &Path, port: u16) -> Result<Running, Problem> {
    let listen = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
    let config = Config::new(data.join("relay"), listen);
    server::serve(config)
        .await
        .map_err(|error| error.to_string())
}

/// The relay's log goes to a file: the terminal is for people.
fn log_to(file: &Path) -> Result<(), Problem> {
    let opened = std::fs::File::options()
        .create(true)
        .append(true)
        .open(file);
    let file = opened.map_err(|error| format!("{}: {error}", file.display()))?;
    tracing_subscriber::fmt()
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .init();
    Ok(())
}
