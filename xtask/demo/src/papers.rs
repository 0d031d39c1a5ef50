//! What the demo writes down: `demo.json` with everybody's badge and PIN, and the ready file.

use crate::Problem;
use crate::ports::Ports;
use domain::directory::Role;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::Write;
use std::net::SocketAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

const FILE: &str = "demo.json";

/// A member of staff with what signs them in.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Badge {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) badge: String,
    pub(crate) pin: String,
}

/// What a later start with the same folder needs.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Papers {
    /// The relay's port.
    pub(crate) port: u16,
    /// Nurses, coordinator, administrator.
    pub(crate) people: Vec<Badge>,
    /// The recovery sheet's words.
    pub(crate) recovery: Vec<String>,
    /// Whether the home was furnished to the end.
    pub(crate) complete: bool,
}

impl Papers {
    /// Those of an earlier start, if there was one.
    ///
    /// # Errors
    /// When the earlier start did not finish, or the file is damaged.
    pub(crate) fn read(data: &Path) -> Result<Option<Self>, Problem> {
        let file = data.join(FILE);
        let again = format!("remove {} and start again", data.display());
        let text = match fs::read(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return match data.join("relay").exists() {
                    true => Err(format!("an earlier start did not finish: {again}")),
                    false => Ok(None),
                };
            }
            Err(error) => return Err(format!("{}: {error}", file.display())),
        };
        let papers: Self =
            serde_json::from_slice(&text).map_err(|error| format!("{FILE}: {error}: {again}"))?;
        match papers.complete {
            true => Ok(Some(papers)),
            false => Err(format!("an earlier start did not finish: {again}")),
        }
    }

    /// Writes them, readable by their owner only.
    pub(crate) fn write(&self, data: &Path) -> Result<(), Problem> {
        write_private(&data.join(FILE), self)
    }

    /// The administrator.
    pub(crate) fn administrator(&self) -> Option<&Badge> {
        self.people
            .iter()
            .find(|person| person.role == Role::Administrator)
    }
}

/// A link for one tablet.
#[derive(Serialize)]
struct Tablet {
    n: usize,
    link: String,
}

/// What `--ready` writes when everything serves.
#[derive(Serialize)]
pub(crate) struct Ready<'a> {
    relay: String,
    tablets: Vec<Tablet>,
    people: &'a [Badge],
}

impl<'a> Ready<'a> {
    pub(crate) fn new(
        relay: SocketAddr,
        ports: &Ports,
        fragments: &[String],
        papers: &'a Papers,
    ) -> Self {
        let link = |(port, fragment): (&u16, &String)| {
            format!("http://{}:{port}/enrol#{fragment}", relay.ip())
        };
        let links = ports.tablets.iter().zip(fragments).map(link);
        Self {
            relay: format!("http://{relay}"),
            tablets: (1..)
                .zip(links)
                .map(|(n, link)| Tablet { n, link })
                .collect(),
            people: &papers.people,
        }
    }

    /// Writes the file beside its name, then gives it its name: whoever sees it sees all of it.
    pub(crate) fn write(&self, file: &Path) -> Result<(), Problem> {
        let unfinished = file.with_extension("unfinished");
        write_private(&unfinished, self)?;
        fs::rename(&unfinished, file).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// Prints it for a person.
    pub(crate) fn show(&self, data: &Path) {
        println!("\nMaple House is open. Relay: {}", self.relay);
        println!("\nOpen each link in a window of its own; each works once and enrols one tablet:");
        for tablet in &self.tablets {
            println!("  tablet {}  {}", tablet.n, tablet.link);
        }
        println!("\nSign in with badge and PIN:");
        for person in self.people {
            let role = words(person.role);
            println!(
                "  {:16} {:20} {}  {}",
                person.name, role, person.badge, person.pin
            );
        }
        println!(
            "\nAll of this, with the recovery sheet: {}",
            data.join(FILE).display()
        );
        println!(
            "Type `cut N`, `portal N` (a Wi-Fi that wants a sign-in) or `restore N` for the network of tablet N; Ctrl-C ends the demo.\n"
        );
    }
}

fn words(role: Role) -> &'static str {
    match role {
        Role::RegisteredNurse => "registered nurse",
        Role::RecordsCoordinator => "records coordinator",
        Role::Administrator => "administrator",
        Role::CareAssistant
        | Role::Clinician
        | Role::Volunteer
        | Role::Executive
        | Role::PrivacyOfficer
        | Role::Auditor
        | Role::Newer(_) => "member of staff",
    }
}

/// Makes a folder that only its owner may enter.
pub(crate) fn private_folder(folder: &Path) -> Result<(), Problem> {
    let made = fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder);
    made.map_err(|error| format!("{}: {error}", folder.display()))
}

fn write_private(file: &Path, what: &impl Serialize) -> Result<(), Problem> {
    let failed = |error: std::io::Error| format!("{}: {error}", file.display());
    let mut text = serde_json::to_vec_pretty(what).map_err(|error| error.to_string())?;
    text.push(b'\n');
    let mut options = fs::OpenOptions::new();
    let mut opened = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(file)
        .map_err(failed)?;
    // A file that was there keeps its mode when it is opened again.
    opened
        .set_permissions(fs::Permissions::from_mode(0o600))
        .map_err(failed)?;
    opened
        .write_all(&text)
        .and_then(|()| opened.sync_all())
        .map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn papers(complete: bool) -> Papers {
        let person = |role| Badge {
            name: "M. Okafor".into(),
            role,
            badge: "LL1X".into(),
            pin: "123456".into(),
        };
        let people = vec![person(Role::RegisteredNurse), person(Role::Administrator)];
        Papers {
            port: 1,
            people,
            recovery: vec![],
            complete,
        }
    }

    #[test]
    fn secrets_are_readable_by_their_owner_only() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(FILE), "old").unwrap();
        papers(true).write(folder.path()).unwrap();
        let mode = fs::metadata(folder.path().join(FILE))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(
            Papers::read(folder.path()).unwrap().unwrap().people.len(),
            2
        );
    }

    #[test]
    fn a_start_that_did_not_finish_is_told_and_an_empty_folder_is_a_first_start() {
        let folder = tempfile::tempdir().unwrap();
        assert!(Papers::read(folder.path()).unwrap().is_none());
        papers(false).write(folder.path()).unwrap();
        assert!(Papers::read(folder.path()).is_err());
        fs::remove_file(folder.path().join(FILE)).unwrap();
        fs::create_dir(folder.path().join("relay")).unwrap();
        assert!(Papers::read(folder.path()).is_err());
    }

    #[test]
    fn the_ready_file_names_relay_tablets_and_people() {
        let ports = Ports {
            relay: 9,
            tablets: vec![10, 11],
        };
        let fragments = ["one".to_owned(), "two".to_owned()];
        let papers = papers(true);
        let ready = Ready::new("127.0.0.1:9".parse().unwrap(), &ports, &fragments, &papers);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ready.json");
        ready.write(&file).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(read["relay"], "http://127.0.0.1:9");
        assert_eq!(read["tablets"][1]["n"], 2);
        assert_eq!(read["tablets"][1]["link"], "http://127.0.0.1:11/enrol#two");
        assert_eq!(read["people"][0]["role"], "registered_nurse");
    }
}
