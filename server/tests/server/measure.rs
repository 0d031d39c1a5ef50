//! Scratch.
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::harness::home::{Home, Someone};
use crate::harness::peer::Peer;
use crate::shell::client::Client;
use futures_util::SinkExt;
use ids::Seq;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use wire::Role;
use wire::message::{Push, RosterAppend, RosterTail, Tail};

impl Drop for Relay { fn drop(&mut self) { let _ = self.child.kill(); } }
struct Relay {
    child: Child,
    addr: String,
    key: ids::SigningPublic,
    token: [u8; 16],
}

fn start(dir: &std::path::Path) -> Relay {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lamplight"))
        .args(["serve", "--listen", "127.0.0.1:0", "--per-address", "5000", "--connections", "5000", "--data"])
        .arg(dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let addr = lines.next().unwrap().unwrap().replace("listening on http://", "");
    let link = lines.next().unwrap().unwrap();
    let secret = data_encoding::BASE64URL_NOPAD.decode(link.split('#').nth(1).unwrap().as_bytes()).unwrap();
    Relay { child, addr, key: ids::SigningPublic::from_slice(&secret[..32]).unwrap(), token: secret[32..].try_into().unwrap() }
}

async fn connect(relay: &Relay) -> Client {
    let stream = TcpStream::connect(&relay.addr).await.unwrap();
    let mut request = format!("ws://{}/sync", relay.addr).into_client_request().unwrap();
    request.headers_mut().insert("sec-websocket-protocol", "lamplight.v1".parse().unwrap());
    let (socket, _) = tokio_tungstenite::client_async(request, stream).await.unwrap();
    Client { socket, peer: Peer::new(relay.key) }
}

fn cpu(pid: u32) -> f64 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    let f: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    (f[11].parse::<f64>().unwrap() + f[12].parse::<f64>().unwrap()) / 100.0
}

fn rss(pid: u32) -> u64 {
    let s = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    s.lines().find(|l| l.starts_with("VmRSS")).unwrap().split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn device(n: u16) -> Someone {
    let mut seed = [250u8; 32];
    seed[..2].copy_from_slice(&n.to_be_bytes());
    Someone { number: 0, key: ed25519_dalek::SigningKey::from_bytes(&seed) }
}

async fn home(relay: &Relay) -> (Home, Client) {
    let home = Home::new(10, relay.key);
    let mut c = connect(relay).await;
    c.hello(Role::Founder { relay_key: relay.key }).await;
    let (entry, wraps) = home.founding();
    let proof = c.peer.transcript.unwrap().founding_proof(&relay.token, &entry);
    c.say(wire::message::Found { proof, entry, wraps }).await;
    c.until(|p| p.welcome.is_some()).await;
    (home, c)
}

#[tokio::test(flavor = "current_thread")]
async fn throughput() {
    let dir = tempfile::tempdir().unwrap();
    let mut relay = start(dir.path());
    let pid = relay.child.id();
    let (home, first) = home(&relay).await;
    drop(first);
    for (scenario, (clients, per_push, window)) in [(4usize, 1usize, 1usize), (4, 1, 16), (4, 16, 4)].into_iter().enumerate() {
        let total = 8000usize / clients;
        let mut runs: Vec<Vec<wire::Envelope>> = Vec::new();
        for c in 0..clients {
            let mut run: Vec<wire::Envelope> = Vec::new();
            let body = vec![7u8; 700];
            let tag = (c + 20 * scenario + 1) as u8;
            for n in 0..total as u64 {
                let prev = run.last().map_or(ids::EnvelopeId::ZERO, wire::Envelope::id);
                run.push(home.envelope(wire::Header { run_seq: n, prev, ..home.header("care", tag) }, &body));
            }
            runs.push(run);
        }
        let before = cpu(pid);
        let begun = Instant::now();
        let tasks: Vec<_> = runs.into_iter().enumerate().map(|(i, run)| {
            let home = home.clone();
            let relay = Relay { child: Command::new("true").spawn().unwrap(), addr: relay.addr.clone(), key: relay.key, token: relay.token };
            async move {
                let mut c = connect(&relay).await;
                c.sign_in(&home, &home.tablet).await;
                let _ = i;
                let mut sent = 0u32;
                let chunks: Vec<_> = run.chunks(per_push).collect();
                let mut acked = 0usize;
                while acked < chunks.len() {
                    while (sent as usize) < chunks.len() && sent as usize - acked < window {
                        let envelopes = chunks[sent as usize].iter().map(|e| e.bytes().clone()).collect();
                        c.say(Push { request: sent, envelopes }).await;
                        sent += 1;
                    }
                    let want = acked + 1;
                    c.until(|p| p.results.len() >= want).await;
                    acked = c.peer.results.len();
                }
                assert!(c.peer.results.values().flatten().all(|r| r.place().is_some()));
                let _ = c.socket.close(None).await;
            }
        }).collect();
        let reader = async {
            let mut c = connect(&relay).await;
            c.sign_in(&home, &home.tablet).await;
        };
        let _ = reader;
        futures_util::future::join_all(tasks).await;
        let spent = cpu(pid) - before;
        let rate = 8000.0 / begun.elapsed().as_secs_f64();
        println!("{clients} clients, {per_push} per push, window {window}: {rate:.0}/s, {:.4} CPU-s per 1000, rss {} KB", spent / 8.0, rss(pid));
    }
    relay.child.kill().unwrap();
    let _ = (RosterTail { from: ids::RosterSeq(1) }, Seq(1), Tail { stream: home.stream("care"), log_id: ids::LogId::ZERO, from: Seq(1) });
}

#[tokio::test(flavor = "current_thread")]
async fn idle() {
    let dir = tempfile::tempdir().unwrap();
    let mut relay = start(dir.path());
    let pid = relay.child.id();
    let (home, mut c) = home(&relay).await;
    let mut head = c.peer.roster_head();
    let mut entries = Vec::new();
    let expect = head.0;
    for n in 0..250u16 {
        let d = device(n);
        let mut id = [0xee; 16];
        id[..2].copy_from_slice(&n.to_be_bytes());
        let mut ag = [0xdd; 32];
        ag[..2].copy_from_slice(&n.to_be_bytes());
        let body = wire::RosterBody::AddDevice(wire::roster::AddDevice {
            device: wire::roster::DeviceKeys { id: ids::DeviceId::from_bytes(id), signing: d.public(), agreement: ids::AgreementPublic::from_bytes(ag) },
            scope: home.scope(&["directory", "care", "devices"]),
            wraps: vec![],
        });
        let bytes = home.entry(head, &home.founder, home.founder.person(), body);
        let seq = head.0.next().unwrap();
        head = (seq, wire::roster::roster_hash(&head.1, seq, &bytes));
        entries.push(bytes);
    }
    c.say(RosterAppend { request: 1, expect, entries, wraps: vec![], blob: None }).await;
    c.until(|p| p.count("RosterResult") == 1).await;
    println!("{:?}", c.peer.roster_result(1));
    let mut held = Vec::new();
    let base = rss(pid);
    println!("base {base} KB");
    for round in 0..4 {
        for n in 0..250u16 {
            let d = device(n);
            let mut id = [0xee; 16];
            id[..2].copy_from_slice(&n.to_be_bytes());
            let mut c = connect(&relay).await;
            c.hello(Role::Device { facility: home.facility, device: ids::DeviceId::from_bytes(id) }).await;
            let signature = d.sign(&c.peer.transcript.unwrap().client_message());
            c.say(wire::message::Auth { signature }).await;
            c.until(|p| p.welcome.is_some()).await;
            let logs = c.peer.welcome.clone().unwrap().logs;
            for log in logs {
                c.say(Tail { stream: log.stream, log_id: log.log_id, from: Seq(1) }).await;
            }
            c.socket.flush().await.unwrap();
            held.push(c);
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let now = rss(pid);
        println!("{} sockets: {} KB, {:.2} KB each", (round + 1) * 250, now, (now - base) as f64 / held.len() as f64);
    }
    relay.child.kill().unwrap();
}
