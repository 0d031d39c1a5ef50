//! The relay as a process, killed in the middle of work. The larger test stands in `tests/`.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use ids::{EnvelopeId, Seq, SigningPublic};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use wire::message::{Credit, Found, Push, Tail};
use wire::{Envelope, Role};

use super::client::Client;
use crate::harness::home::Home;
use crate::harness::peer::Peer;

const KILLS: u8 = 5;
/// Acknowledged pushes before each kill, with as many on their way.
const ACKNOWLEDGED: usize = 20;
const IN_FLIGHT: usize = 8;

struct Process {
    child: Child,
    address: String,
    link: Option<String>,
}

impl Process {
    fn start(data: &Path) -> Self {
        let is_new = !data.join("relay.db").exists();
        let mut child = Command::new(env!("CARGO_BIN_EXE_lamplight"))
            .args(["serve", "--listen", "127.0.0.1:0", "--no-web", "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut line = || lines.next().unwrap().unwrap();
        let address = line()
            .strip_prefix("listening on http://")
            .unwrap()
            .to_owned();
        let link = is_new.then(|| line().split_once('#').unwrap().1.to_owned());
        Self {
            child,
            address,
            link,
        }
    }

    async fn client(&self, key: SigningPublic) -> Client {
        let stream = TcpStream::connect(&self.address).await.unwrap();
        let mut request = format!("ws://{}/sync", self.address)
            .into_client_request()
            .unwrap();
        let protocol = "lamplight.v1".parse().unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let (socket, _) = tokio_tungstenite::client_async(request, stream)
            .await
            .unwrap();
        Client {
            socket,
            peer: Peer::new(key),
        }
    }
}

impl Drop for Process {
    /// SIGKILL.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

async fn found(process: &Process) -> (Home, SigningPublic) {
    let secret = process.link.as_ref().unwrap().as_bytes();
    let secret = data_encoding::BASE64URL_NOPAD.decode(secret).unwrap();
    let (key, token) = secret.split_first_chunk::<32>().unwrap();
    let key = SigningPublic::from_bytes(*key);
    let home = Home::new(10, key);
    let mut client = process.client(key).await;
    client.hello(Role::Founder { relay_key: key }).await;
    let (entry, wraps) = home.founding();
    let transcript = client.peer.transcript.unwrap();
    let proof = transcript.founding_proof(token.try_into().unwrap(), &entry);
    client
        .say(Found {
            proof,
            entry,
            wraps,
        })
        .await;
    client.until(|peer| peer.welcome.is_some()).await;
    (home, key)
}

/// Pushes one envelope after another, several on their way at a time, until enough were
/// acknowledged: the ids by the places the relay gave them.
async fn work(client: &mut Client, home: &Home, run: u8) -> Vec<(Seq, EnvelopeId)> {
    let envelopes = home.run("care", run, (ACKNOWLEDGED + IN_FLIGHT) as u64);
    for (request, envelope) in (0..).zip(&envelopes) {
        client
            .say(Push {
                request,
                envelopes: vec![envelope.bytes().clone()],
            })
            .await;
        let sent = request as usize + 1;
        client
            .until(|peer| sent - peer.results.len() <= IN_FLIGHT)
            .await;
    }
    client
        .until(|peer| peer.results.len() >= ACKNOWLEDGED)
        .await;
    let acknowledged = client.peer.results.iter().map(|(request, results)| {
        let (seq, _) = results[0].place().expect("stored");
        (seq, envelopes[*request as usize].id())
    });
    acknowledged.collect()
}

#[tokio::test]
async fn a_relay_killed_in_the_middle_of_work_has_everything_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut process = Process::start(folder.path());
    let (home, key) = found(&process).await;
    let mut acknowledged: BTreeMap<Seq, EnvelopeId> = BTreeMap::new();
    for run in 1..=KILLS {
        let mut client = process.client(key).await;
        client.sign_in(&home, &home.tablet).await;
        for (seq, id) in work(&mut client, &home, run).await {
            assert!(
                acknowledged.insert(seq, id).is_none(),
                "{seq} was given twice"
            );
        }
        drop(process);
        process = Process::start(folder.path());
        assert_eq!(process.link, None);
    }
    let mut reader = process.client(key).await;
    reader.sign_in(&home, &home.tablet).await;
    let care = home.stream("care");
    let logs = reader.peer.welcome.clone().unwrap().logs;
    let log = logs.iter().find(|log| log.stream == care).unwrap();
    reader.say(Credit { bytes: u64::MAX }).await;
    reader
        .say(Tail {
            stream: care,
            log_id: log.log_id,
            from: Seq(1),
        })
        .await;
    reader.until(|peer| !peer.receipts.is_empty()).await;
    let rows = &reader.peer.rows[&care];
    for (seq, id) in &acknowledged {
        let stored = Envelope::parse(rows[seq].envelope.clone()).unwrap();
        assert_eq!(stored.id(), *id, "row {seq}");
    }
    assert!(acknowledged.len() >= ACKNOWLEDGED * usize::from(KILLS));
}
