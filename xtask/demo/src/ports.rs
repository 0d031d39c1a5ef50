//! Ports: fixed, because a tablet's records belong to an origin and the origin includes the port.

use crate::Problem;
use crate::papers::Papers;
use std::net::{Ipv4Addr, TcpListener};

/// The first start's relay port, unless it is taken.
const USUAL: u16 = 8_460;
/// How often the system is asked for a free port whose neighbours are free, too.
const TRIES: u16 = 256;

/// The relay's port and one for each tablet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ports {
    pub(crate) relay: u16,
    pub(crate) tablets: Vec<u16>,
}

/// The wanted ones, else those of the last start, else the usual ones, else free ones.
///
/// # Errors
/// When a port that cannot be changed is taken.
pub(crate) fn choose(
    wanted: Option<u16>,
    papers: Option<&Papers>,
    tablets: u16,
) -> Result<Ports, Problem> {
    let fixed = wanted
        .filter(|port| *port != 0)
        .or(papers.map(|papers| papers.port));
    if let Some(relay) = fixed {
        let ports = after(relay, tablets).ok_or("--port is too high for so many tablets")?;
        let taken = ports
            .tablets
            .iter()
            .chain([&ports.relay])
            .find(|port| !free(**port))
            .copied();
        return match (taken, papers) {
            (Some(taken), None) => Err(format!(
                "port {taken} is taken: stop what runs there, or say another --port"
            )),
            // Tablets keep their records under the port they were enrolled on.
            (Some(taken), Some(_)) => Err(format!(
                "port {taken} is taken: stop what runs there, or say --port with another --data"
            )),
            (None, _) => Ok(ports),
        };
    }
    let usual = (USUAL..=u16::MAX).step_by(usize::from(tablets) + 1);
    let found = if wanted.is_none() {
        first_free(usual, tablets)
    } else {
        // Where the system itself begins: two that start at the same moment hardly meet there.
        first_free((0..TRIES).filter_map(|_| any_free()), tablets)
    };
    found.ok_or_else(|| "there are no free ports".to_owned())
}

fn first_free(candidates: impl Iterator<Item = u16>, tablets: u16) -> Option<Ports> {
    candidates
        .filter_map(|relay| after(relay, tablets))
        .find(|ports| free(ports.relay) && ports.tablets.iter().all(|port| free(*port)))
}

/// One that the system gives away.
fn any_free() -> Option<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).ok()?;
    Some(listener.local_addr().ok()?.port())
}

fn after(relay: u16, tablets: u16) -> Option<Ports> {
    let tablets: Option<Vec<u16>> = (1..=tablets).map(|n| relay.checked_add(n)).collect();
    Some(Ports {
        relay,
        tablets: tablets?,
    })
}

fn free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_taken_port_is_refused_when_asked_for_and_passed_over_when_not() {
        let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert!(
            choose(Some(port), None, 2)
                .unwrap_err()
                .contains(&port.to_string())
        );
        let ports = choose(None, None, 2).unwrap();
        assert_eq!(ports.tablets, [ports.relay + 1, ports.relay + 2]);
        assert!(ports.relay != port && !ports.tablets.contains(&port));
    }

    #[test]
    fn ports_of_the_systems_choice_are_free_and_seldom_the_same() {
        let chosen: BTreeSet<u16> = (0..8)
            .map(|_| choose(Some(0), None, 2).unwrap().relay)
            .collect();
        assert!(chosen.len() > 1, "{chosen:?}");
    }
}
