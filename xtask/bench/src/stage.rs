//! The stage of every native scene: the relay's own program on the real disk, a founded home, and
//! enrolled devices whose homes lie in memory where the machine has such a folder, because it is the
//! relay's disk that is measured.

use crate::Problem;
use crate::machine::cpu;
use crate::task::Card;
use domain::chart::Sex;
use domain::entry::ResidentId;
use interface::{Command, Done, NewResident};
use lamplight_tests::harness::Badge;
use lamplight_tests::native::Client;
use lamplight_tests::programs::{RelayProcess, program};
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Connections the relay allows: more than any scene makes.
const CONNECTIONS: &str = "4096";

/// Links of one invitation, at most.
const LINKS: u32 = 100;

/// A relay, a home, enrolled devices.
pub(crate) struct Stage {
    relay: Option<RelayProcess>,
    office: Option<Client>,
    card: Card,
    data: TempDir,
    homes: TempDir,
    devices: usize,
    residents: u8,
}

impl Stage {
    /// Founds a home; `web` says whether the relay serves the web client.
    pub(crate) async fn new(web: bool) -> Result<Self, Problem> {
        let data = folder(None)?;
        let homes = folder(Some(Path::new("/dev/shm")))?;
        let relay = start(data.path(), 0, web);
        let mut office = Client::open(&homes.path().join("office"), &relay.origin).await;
        let fragment = relay.founding.clone();
        let fragment = fragment.ok_or("the relay printed no founding link")?;
        let badge = office.found(&fragment).await;
        let card = Card {
            badge: badge.text.expose().to_owned(),
            pin: badge.pin.expose().to_owned(),
        };
        office.sign_in(&badge).await;
        office.until_synced().await;
        Ok(Self {
            relay: Some(relay),
            office: Some(office),
            card,
            data,
            homes,
            devices: 0,
            residents: 0,
        })
    }

    /// The administrator's badge.
    pub(crate) fn card(&self) -> &Card {
        &self.card
    }

    /// The relay.
    pub(crate) fn relay(&self) -> Result<&RelayProcess, Problem> {
        self.relay.as_ref().ok_or_else(|| "no relay".to_owned())
    }

    /// Where it answers.
    pub(crate) fn origin(&self) -> Result<String, Problem> {
        Ok(self.relay()?.origin.clone())
    }

    /// The office, for commands.
    pub(crate) fn office(&mut self) -> Result<&mut Client, Problem> {
        self.office.as_mut().ok_or_else(|| "no office".to_owned())
    }

    /// Admits residents, and waits until the relay has them.
    pub(crate) async fn admit(&mut self, count: u32) -> Result<Vec<ResidentId>, Problem> {
        let mut residents = Vec::new();
        for nth in 0..count {
            let new = NewResident {
                given: format!("Given{nth}"),
                family: format!("Family{}", self.residents),
                preferred: None,
                born: None,
                sex: Sex::Female,
                bed: None,
                id: None,
            };
            match self.office()?.command(Command::AddResident(new)).await {
                Done::Saved {
                    resident: Some(resident),
                    ..
                } => residents.push(resident),
                _ => return Err("a resident was not admitted".to_owned()),
            }
        }
        self.residents = self.residents.wrapping_add(1);
        self.office()?.until_synced().await;
        Ok(residents)
    }

    /// Enrols devices, each of which has everything so far, and names their homes.
    pub(crate) async fn enrol(&mut self, count: u32) -> Result<Vec<PathBuf>, Problem> {
        let origin = self.origin()?;
        let mut links = Vec::new();
        let mut rest = count;
        while rest > 0 {
            let some = rest.min(LINKS);
            links.extend(self.office()?.invite(some).await);
            rest -= some;
        }
        let mut homes = Vec::new();
        for link in links {
            self.devices += 1;
            let home = self.homes.path().join(self.devices.to_string());
            let mut client = Client::open(&home, &origin).await;
            client.enrol(&link, &format!("Ward {}", self.devices)).await;
            client.until_synced().await;
            homes.push(home);
            // Its six words were shown in the office, as everybody's are.
            self.office()?.until_synced().await;
        }
        Ok(homes)
    }

    /// As above; somebody has signed in on each once, so that it has said its name and nothing but
    /// what is measured is on the way later.
    pub(crate) async fn enrol_and_name(&mut self, count: u32) -> Result<Vec<PathBuf>, Problem> {
        let origin = self.origin()?;
        let homes = self.enrol(count).await?;
        let badge = Badge {
            text: self.card().badge.as_str().into(),
            pin: self.card().pin.as_str().into(),
        };
        for home in &homes {
            let mut client = Client::open(home, &origin).await;
            client.sign_in(&badge).await;
            client.until_synced().await;
            client.process.stop().await;
        }
        Ok(homes)
    }

    /// Copies of a home: the same device in several places, as far as the relay can tell.
    pub(crate) fn copies(&self, home: &Path, count: usize) -> Result<Vec<PathBuf>, Problem> {
        let name = home.file_name().unwrap_or_default().to_string_lossy();
        (1..=count)
            .map(|nth| {
                let copy = self.homes.path().join(format!("{name}-{nth}"));
                let copied = copy_files(home, &copy);
                copied.map_err(|error| format!("{}: {error}", copy.display()))?;
                Ok(copy)
            })
            .collect()
    }

    /// Ends the office's client, so that it receives nothing while others are measured.
    pub(crate) async fn close_office(&mut self) {
        if let Some(mut office) = self.office.take() {
            office.process.stop().await;
        }
    }

    /// CPU-seconds the relay has used.
    pub(crate) fn relay_cpu(&self) -> Result<f64, Problem> {
        cpu(self.relay()?.pid())
    }

    /// The relay's own counters.
    pub(crate) fn counters(&self) -> Result<Counters, Problem> {
        let origin = self.origin()?;
        let address = origin.trim_start_matches("http://");
        let ask = || -> std::io::Result<String> {
            let mut stream = TcpStream::connect(address)?;
            let lines =
                format!("GET /metrics HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
            stream.write_all(lines.as_bytes())?;
            let mut text = String::new();
            stream.read_to_string(&mut text)?;
            Ok(text)
        };
        let text = ask().map_err(|error| format!("the relay's metrics: {error}"))?;
        let pairs = text.lines().filter_map(|line| {
            let (name, value) = line.split_once(' ')?;
            Some((name.to_owned(), value.parse().ok()?))
        });
        Ok(Counters(pairs.collect()))
    }

    /// SIGKILL.
    pub(crate) fn kill_relay(&mut self) -> Result<u16, Problem> {
        let relay = self.relay.take().ok_or("no relay")?;
        let port = relay.port();
        relay.kill();
        Ok(port)
    }

    /// The relay once more, on the same folder and port.
    pub(crate) fn start_relay_again(&mut self, port: u16) {
        self.relay = Some(start(self.data.path(), port, false));
    }

    /// Where the relay keeps its files.
    pub(crate) fn relay_folder(&self) -> PathBuf {
        self.data.path().join("relay")
    }
}

/// A temporary folder: in memory if a place for that is named and is there.
pub(crate) fn folder(memory: Option<&Path>) -> Result<TempDir, Problem> {
    let made = match memory {
        Some(memory) if memory.is_dir() => tempfile::tempdir_in(memory),
        _ => tempfile::tempdir(),
    };
    made.map_err(|error| format!("a temporary folder: {error}"))
}

fn start(data: &Path, port: u16, web: bool) -> RelayProcess {
    let mut command = std::process::Command::new(program("lamplight"));
    command.args([
        "serve",
        "--per-address",
        CONNECTIONS,
        "--connections",
        CONNECTIONS,
    ]);
    if !web {
        command.arg("--no-web");
    }
    command.args(["--log", "warn"]);
    RelayProcess::start_as(command, &data.join("relay"), port, &data.join("relay.log"))
}

fn copy_files(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for file in std::fs::read_dir(from)? {
        let file = file?;
        std::fs::copy(file.path(), to.join(file.file_name()))?;
    }
    Ok(())
}

/// Values by name, as the relay prints them.
pub(crate) struct Counters(BTreeMap<String, f64>);

impl Counters {
    /// How much a counter grew since.
    pub(crate) fn since(&self, before: &Self, name: &str) -> Result<f64, Problem> {
        let of = |counters: &Self| counters.0.get(name).copied();
        let grew = of(self).zip(of(before)).map(|(now, then)| now - then);
        grew.ok_or_else(|| format!("the relay counts no {name}"))
    }
}
