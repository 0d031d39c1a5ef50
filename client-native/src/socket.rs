//! The WebSocket to the relay. While it writes it reads: a relay that has more to say than we take
//! stops listening until we have taken it, and would wait for us as we for it.

use bytes::Bytes;
use futures_util::{Sink, StreamExt};
use ids::limits;
use replica::Ended;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep_until, timeout};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// The subprotocol.
const PROTOCOL: &str = "lamplight.v1";
/// How long a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(10);
/// How long what is to be sent may wait without a frame of it leaving.
const WRITE: Duration = Duration::from_secs(30);
/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(500);
/// Frames kept that came while something was sent: more than the relay's credit lets it send.
const CAME: usize = 2 * limits::MESSAGE_BYTES / limits::FRAME_BYTES;

/// An open connection.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
    /// Frames to send.
    going: VecDeque<Bytes>,
    /// Whether a frame was given to the stream and may not have left yet.
    unflushed: bool,
    /// Frames that came while something was sent.
    came: VecDeque<Bytes>,
    /// How it ended, if that was seen while frames that came before were still kept.
    ended: Option<Ended>,
    /// When to give up what is sent; armed while something is.
    patience: Option<Pin<Box<Sleep>>>,
}

/// Why no connection came about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unreached {
    /// Nobody answered in time.
    Silent,
    /// What answers there is no relay.
    NotARelay,
    /// What the system said: refused, no such host, no network.
    System(String),
}

/// No connection, for the engine and for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoConnection {
    /// As the engine is told.
    pub ended: Ended,
    /// Why.
    pub why: Unreached,
}

impl NoConnection {
    fn network(why: Unreached) -> Self {
        let ended = Ended::Network;
        Self { ended, why }
    }
}

impl Socket {
    /// Connects to a relay's origin (`http://host:port`).
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn connect(origin: &str) -> Result<Self, NoConnection> {
        let url = match origin.split_once("://") {
            Some(("http", host)) => format!("ws://{host}/sync"),
            Some(("https", host)) => format!("wss://{host}/sync"),
            _ => return Err(NoConnection::network(Unreached::NotARelay)),
        };
        let mut request = url
            .into_client_request()
            .map_err(|_| NoConnection::network(Unreached::NotARelay))?;
        request
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", HeaderValue::from_static(PROTOCOL));
        if let Ok(origin) = HeaderValue::from_str(origin) {
            request.headers_mut().insert("Origin", origin);
        }
        let config = WebSocketConfig::default()
            .read_buffer_size(limits::FRAME_BYTES)
            .max_message_size(Some(limits::FRAME_BYTES))
            .max_frame_size(Some(limits::FRAME_BYTES));
        let connecting = connect_async_with_config(request, Some(config), true);
        match timeout(CONNECT, connecting).await {
            Ok(Ok((stream, _))) => Ok(Self {
                stream,
                going: VecDeque::new(),
                unflushed: false,
                came: VecDeque::new(),
                ended: None,
                patience: None,
            }),
            // Something answered in HTTP that is no relay.
            Ok(Err(Error::Http(response)))
                if response.status().is_redirection() || response.status().is_success() =>
            {
                Err(NoConnection {
                    ended: Ended::CaptivePortal,
                    why: Unreached::NotARelay,
                })
            }
            Ok(Err(Error::Io(error))) => {
                Err(NoConnection::network(Unreached::System(error.to_string())))
            }
            Ok(Err(_)) => Err(NoConnection::network(Unreached::NotARelay)),
            Err(_) => Err(NoConnection::network(Unreached::Silent)),
        }
    }

    /// The next binary frame; what is queued is sent meanwhile. Safe to cancel.
    ///
    /// # Errors
    /// How the connection ended.
    pub async fn receive(&mut self) -> Result<Bytes, Ended> {
        poll_fn(|context| {
            if let Some(frame) = self.came.pop_front() {
                return Poll::Ready(Ok(frame));
            }
            if let Some(ended) = self.ended.take() {
                return Poll::Ready(Err(ended));
            }
            // First what came: a relay that turns us away says why before it closes.
            if let Poll::Ready(frame) = self.poll_came(context) {
                return Poll::Ready(frame);
            }
            match self.poll_going(context) {
                Poll::Ready(Err(ended)) => Poll::Ready(Err(ended)),
                Poll::Ready(Ok(())) | Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    /// Queues a frame.
    pub fn queue(&mut self, frame: Bytes) {
        self.going.push_back(frame);
    }

    /// Sends what is queued and keeps what comes meanwhile. Ends early when much has come: it is to
    /// be taken in first, and the rest is sent while the next is received. Safe to cancel.
    ///
    /// # Errors
    /// How the connection ended.
    pub async fn flush(&mut self) -> Result<(), Ended> {
        poll_fn(|context| {
            while self.came.len() < CAME && self.ended.is_none() {
                match self.poll_came(context) {
                    Poll::Ready(Ok(frame)) => self.came.push_back(frame),
                    Poll::Ready(Err(ended)) => self.ended = Some(ended),
                    Poll::Pending => return self.poll_going(context),
                }
            }
            Poll::Ready(Ok(()))
        })
        .await
    }

    /// Says goodbye, as far as the peer still listens.
    pub async fn close(mut self) {
        let goodbye = async {
            while !self.going.is_empty() && self.ended.is_none() {
                self.came.clear();
                if self.flush().await.is_err() {
                    return;
                }
            }
            let _ = self.stream.close(None).await;
        };
        let _ = timeout(GOODBYE, goodbye).await;
    }

    fn poll_came(&mut self, context: &mut Context<'_>) -> Poll<Result<Bytes, Ended>> {
        loop {
            match ready!(self.stream.poll_next_unpin(context)) {
                Some(Ok(Message::Binary(frame))) => return Poll::Ready(Ok(frame)),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Text(_) | Message::Close(_))) | None => {
                    return Poll::Ready(Err(Ended::ByRelay));
                }
                Some(Err(_)) => return Poll::Ready(Err(Ended::Network)),
            }
        }
    }

    /// Gives frames to the stream until all have left, or none has for too long.
    fn poll_going(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Ended>> {
        let sent = loop {
            let before = self.going.len();
            let sent = self.poll_send(context);
            if sent.is_pending() && self.going.len() < before {
                self.patience = None;
                continue;
            }
            break sent;
        };
        if sent.is_ready() {
            self.patience = None;
            return sent;
        }
        let patience = self
            .patience
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + WRITE)));
        ready!(patience.as_mut().poll(context));
        Poll::Ready(Err(Ended::Network))
    }

    fn poll_send(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Ended>> {
        let mut stream = Pin::new(&mut self.stream);
        while !self.going.is_empty() {
            ready!(stream.as_mut().poll_ready(context)).map_err(|_| Ended::Network)?;
            if let Some(frame) = self.going.pop_front() {
                self.unflushed = true;
                stream
                    .as_mut()
                    .start_send(Message::Binary(frame))
                    .map_err(|_| Ended::Network)?;
            }
        }
        if self.unflushed {
            ready!(stream.poll_flush(context)).map_err(|_| Ended::Network)?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }
}
