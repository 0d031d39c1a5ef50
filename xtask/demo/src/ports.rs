//! Ports: fixed, because a tablet's records belong to an origin and the origin includes the port.

use crate::Problem;
use crate::papers::Papers;
use std::net::{Ipv4Addr, TcpListener};

/// The first start's relay port, unless it is taken.
const USUAL: u16 = 8_460;

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
        return match taken {
            Some(taken) => Err(format!(
                "port {taken} is taken; stop what runs there, or say --port with another --data"
            )),
            None => Ok(ports),
        };
    }
    let candidates = if wanted.is_none() {
        USUAL..=u16::MAX
    } else {
        20_000..=u16::MAX
    };
    candidates
        .step_by(usize::from(tablets) + 1)
        .filter_map(|relay| after(relay, tablets))
        .find(|ports| free(ports.relay) && ports.tablets.iter().all(|port| free(*port)))
        .ok_or_else(|| "there are no free ports".to_owned())
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
}
