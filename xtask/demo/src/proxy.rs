//! A TCP proxy before a relay, one for each tablet: two windows of one browser are two tablets because
//! the origin includes the port. Cutting one closes what is open and refuses what is new, as a pulled
//! cable with a lively router does. A portal does the same and answers what is new itself, as the Wi-Fi
//! of a hotel does before one has signed in.

use std::io;
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Whether bytes pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// They pass.
    Whole,
    /// Connections were closed; new ones are closed at once.
    Cut,
    /// Connections were closed; new ones are answered with a sign-in page that is nobody's relay.
    Portal,
}

/// What a portal answers, whatever it is asked.
const PORTAL: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 43\r\nconnection: close\r\n\r\n\
    <!doctype html><title>Guest Wi-Fi</title>\r\n";

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    line: watch::Sender<Line>,
    accepting: JoinHandle<()>,
}

impl Proxy {
    /// Listens on `listen` and passes everything on to `relay`.
    ///
    /// # Errors
    /// When the address cannot be listened on.
    pub async fn start(listen: SocketAddr, relay: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(listen).await?;
        let address = listener.local_addr()?;
        let (line, state) = watch::channel(Line::Whole);
        let accepting = tokio::spawn(accept(listener, relay, state));
        Ok(Self {
            address,
            line,
            accepting,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Cuts the line: open connections end, new ones too.
    pub fn cut(&self) {
        self.line.send_replace(Line::Cut);
    }

    /// Puts a portal before the line.
    pub fn portal(&self) {
        self.line.send_replace(Line::Portal);
    }

    /// Lets bytes pass again.
    pub fn restore(&self) {
        self.line.send_replace(Line::Whole);
    }

    /// Whether bytes pass.
    pub fn line(&self) -> Line {
        *self.line.borrow()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, relay: SocketAddr, line: watch::Receiver<Line>) {
    loop {
        match listener.accept().await {
            Ok((tablet, _)) => {
                let now = *line.borrow();
                match now {
                    Line::Whole => drop(tokio::spawn(pass(tablet, relay, line.clone()))),
                    Line::Cut => drop(tablet),
                    Line::Portal => drop(tokio::spawn(answer(tablet))),
                }
            }
            // Out of file descriptors: a moment later there may be some again.
            Err(_) => tokio::time::sleep(std::time::Duration::from_millis(50)).await,
        }
    }
}

/// Answers one request, as a portal does.
async fn answer(mut tablet: TcpStream) {
    let mut asked = [0; 4_096];
    let _ = tablet.read(&mut asked).await;
    let _ = tablet.write_all(PORTAL).await;
    let _ = tablet.shutdown().await;
}

/// Ends when either side ends, the line is cut or the proxy is dropped.
async fn pass(mut tablet: TcpStream, relay: SocketAddr, mut line: watch::Receiver<Line>) {
    let Ok(mut relay) = TcpStream::connect(relay).await else {
        return;
    };
    // Small frames both ways: waiting for more bytes would only add delay.
    let _ = tablet.set_nodelay(true);
    let _ = relay.set_nodelay(true);
    tokio::select! {
        _ = copy_bidirectional(&mut tablet, &mut relay) => {}
        _ = line.wait_for(|line| *line != Line::Whole) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOOPBACK: &str = "127.0.0.1:0";

    /// A relay that sends back what it gets.
    async fn echo() -> SocketAddr {
        let listener = TcpListener::bind(LOOPBACK).await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let (mut from, mut to) = socket.split();
                    let _ = tokio::io::copy(&mut from, &mut to).await;
                });
            }
        });
        address
    }

    async fn says_back(socket: &mut TcpStream) -> bool {
        let mut answer = [0; 2];
        socket.write_all(b"hi").await.is_ok()
            && matches!(socket.read_exact(&mut answer).await, Ok(2))
            && &answer == b"hi"
    }

    #[tokio::test]
    async fn a_cut_ends_what_is_open_and_what_is_new_until_the_line_is_restored() {
        let proxy = Proxy::start(LOOPBACK.parse().unwrap(), echo().await)
            .await
            .unwrap();
        let mut open = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(says_back(&mut open).await);

        proxy.cut();
        assert!(!says_back(&mut open).await);
        let mut refused = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(!says_back(&mut refused).await);

        proxy.restore();
        let mut again = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(says_back(&mut again).await);
    }

    #[tokio::test]
    async fn a_portal_ends_what_is_open_and_answers_what_is_new_with_a_whole_page() {
        let proxy = Proxy::start(LOOPBACK.parse().unwrap(), echo().await)
            .await
            .unwrap();
        let mut open = TcpStream::connect(proxy.address()).await.unwrap();
        assert!(says_back(&mut open).await);

        proxy.portal();
        assert!(!says_back(&mut open).await);
        let mut new = TcpStream::connect(proxy.address()).await.unwrap();
        new.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
        let mut answer = String::new();
        new.read_to_string(&mut answer).await.unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.starts_with("HTTP/1.1 200"));
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())));
    }

    #[tokio::test]
    async fn cutting_one_tablet_leaves_the_other_alone() {
        let relay = echo().await;
        let one = Proxy::start(LOOPBACK.parse().unwrap(), relay)
            .await
            .unwrap();
        let two = Proxy::start(LOOPBACK.parse().unwrap(), relay)
            .await
            .unwrap();
        let mut socket = TcpStream::connect(two.address()).await.unwrap();
        one.cut();
        assert!(says_back(&mut socket).await);
        assert_eq!((one.line(), two.line()), (Line::Cut, Line::Whole));
    }
}
