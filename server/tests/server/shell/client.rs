//! A relay in this process, raw HTTP, and a client that speaks WebSocket.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use ids::SigningPublic;
use lamplight_server::{Config, Running, serve};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use wire::{Message, Role};

use crate::harness::home::{Home, Someone};
use crate::harness::peer::Peer;

/// Longer than anything here takes; only a failure waits for it.
pub const PATIENCE: Duration = Duration::from_secs(20);

pub struct Served {
    pub relay: Running,
    pub folder: TempDir,
}

/// A relay on a free loopback port.
pub async fn served(change: impl FnOnce(&mut Config)) -> Served {
    let folder = tempfile::tempdir().unwrap();
    let relay = serve_in(folder.path(), change).await;
    Served { relay, folder }
}

pub async fn serve_in(folder: &std::path::Path, change: impl FnOnce(&mut Config)) -> Running {
    let mut config = Config::new(folder, "127.0.0.1:0".parse().unwrap());
    config.deadlines.drain = Duration::from_millis(50);
    change(&mut config);
    serve(config).await.unwrap()
}

impl Served {
    pub async fn tcp(&self) -> TcpStream {
        TcpStream::connect(self.relay.local_addr()).await.unwrap()
    }

    /// Sends bytes and reads until the relay closes.
    pub async fn raw(&self, request: &str) -> String {
        let mut stream = self.tcp().await;
        stream.write_all(request.as_bytes()).await.unwrap();
        read_to_end(&mut stream).await
    }

    pub async fn get(&self, path: &str, headers: &str) -> String {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        self.raw(&request).await
    }

    /// What the metrics' own listener shows.
    pub async fn metrics(&self) -> String {
        let address = self.relay.metrics_addr().unwrap();
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).await.unwrap();
        read_to_end(&mut stream).await
    }

    pub async fn client(&self) -> Client {
        Client::connect(&self.relay).await
    }

    /// The relay key and the token in the founding link.
    pub fn token(&self) -> [u8; 16] {
        let link = self.relay.founding_link().unwrap();
        let (page, secret) = link.split_once("/found#").unwrap();
        assert_eq!(page, format!("http://{}", self.relay.local_addr()));
        let secret = data_encoding::BASE64URL_NOPAD
            .decode(secret.as_bytes())
            .unwrap();
        assert_eq!(&secret[..32], self.relay.relay_key().as_bytes());
        secret[32..].try_into().unwrap()
    }

    /// Founds a home; its founding tablet stays connected.
    pub async fn found(&self) -> (Home, Client) {
        let (home, mut client) = self.ask_to_found().await;
        client.until(|peer| peer.welcome.is_some()).await;
        (home, client)
    }

    /// Says everything that founds a home.
    pub async fn ask_to_found(&self) -> (Home, Client) {
        let home = Home::new(10, self.relay.relay_key());
        let mut client = self.client().await;
        client
            .hello(Role::Founder {
                relay_key: self.relay.relay_key(),
            })
            .await;
        let (entry, wraps) = home.founding();
        let transcript = client.peer.transcript.unwrap();
        let proof = transcript.founding_proof(&self.token(), &entry);
        client
            .say(wire::message::Found {
                proof,
                entry,
                wraps,
            })
            .await;
        (home, client)
    }
}

/// Reads until the other side closes, or panics when it does not.
pub async fn read_to_end(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut text)).await;
    match read.expect("the relay did not close") {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset),
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// One WebSocket to the relay.
pub struct Client {
    pub socket: WebSocketStream<TcpStream>,
    pub peer: Peer,
}

impl Client {
    pub async fn connect(relay: &Running) -> Self {
        Self::at(relay.local_addr(), relay.relay_key()).await
    }

    /// To a relay somewhere.
    pub async fn at(address: SocketAddr, relay_key: SigningPublic) -> Self {
        let stream = TcpStream::connect(address).await.unwrap();
        Self::over(relay_key, stream).await
    }

    /// Over a connection that was made already.
    pub async fn over(relay_key: SigningPublic, stream: TcpStream) -> Self {
        let mut request = format!("ws://{}/sync", stream.peer_addr().unwrap())
            .into_client_request()
            .unwrap();
        let protocol = "lamplight.v1".parse().unwrap();
        request
            .headers_mut()
            .insert("sec-websocket-protocol", protocol);
        let (socket, response) = tokio_tungstenite::client_async(request, stream)
            .await
            .unwrap();
        assert!(response.headers().get("sec-websocket-extensions").is_none());
        Self {
            socket,
            peer: Peer::new(relay_key),
        }
    }

    pub async fn say(&mut self, message: impl Into<Message>) {
        for frame in wire::chunk::frames(&message.into().encode()).unwrap() {
            self.socket.send(Frame::Binary(frame)).await.unwrap();
        }
    }

    pub async fn hello(&mut self, role: Role) {
        let hello = self.peer.hello(role);
        self.say(hello).await;
        self.until(|peer| peer.transcript.is_some()).await;
    }

    /// Connects as an enrolled device.
    pub async fn device(served: &Served, home: &Home, device: &Someone) -> Self {
        let mut client = served.client().await;
        client.sign_in(home, device).await;
        client
    }

    pub async fn sign_in(&mut self, home: &Home, device: &Someone) {
        let role = Role::Device {
            facility: home.facility,
            device: device.device(),
        };
        self.hello(role).await;
        let transcript = self.peer.transcript.unwrap();
        let signature = device.sign(&transcript.client_message());
        self.say(wire::message::Auth { signature }).await;
        self.until(|peer| peer.welcome.is_some()).await;
    }

    /// Reads until something holds.
    pub async fn until(&mut self, holds: impl Fn(&Peer) -> bool) {
        while !holds(&self.peer) {
            match self.next().await {
                Some(frame) => self.peer.frame(frame),
                None => panic!("closed early: {:?}", self.peer),
            }
        }
    }

    /// The next frame; none when the relay has closed.
    pub async fn next(&mut self) -> Option<Bytes> {
        loop {
            match timeout(PATIENCE, self.socket.next())
                .await
                .expect("nothing came")
            {
                Some(Ok(Frame::Binary(frame))) => return Some(frame),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }

    /// Reads until the relay closes; its code.
    pub async fn close_code(&mut self) -> Option<u16> {
        loop {
            match timeout(PATIENCE, self.socket.next())
                .await
                .expect("the relay did not close")
            {
                Some(Ok(Frame::Close(frame))) => return frame.map(|frame| frame.code.into()),
                Some(Ok(Frame::Binary(frame))) => self.peer.frame(frame),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return None,
            }
        }
    }
}
