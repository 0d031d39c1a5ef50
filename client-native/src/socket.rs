//! The WebSocket to the relay.

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use replica::Ended;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async_with_config};

/// The subprotocol.
const PROTOCOL: &str = "lamplight.v1";
/// Milliseconds a connection may take to be made.
const CONNECT_MS: u64 = 10_000;

/// An open connection.
pub struct Socket {
    stream: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Socket {
    /// Connects to a relay's origin (`http://host:port`).
    ///
    /// # Errors
    /// Why there is no connection.
    pub async fn connect(origin: &str) -> Result<Self, Ended> {
        let url = match origin.split_once("://") {
            Some(("http", host)) => format!("ws://{host}/sync"),
            Some(("https", host)) => format!("wss://{host}/sync"),
            _ => return Err(Ended::Network),
        };
        let mut request = url.into_client_request().map_err(|_| Ended::Network)?;
        request
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", HeaderValue::from_static(PROTOCOL));
        if let Ok(origin) = HeaderValue::from_str(origin) {
            request.headers_mut().insert("Origin", origin);
        }
        let config = WebSocketConfig::default()
            .read_buffer_size(ids::limits::FRAME_BYTES)
            .max_message_size(Some(ids::limits::FRAME_BYTES))
            .max_frame_size(Some(ids::limits::FRAME_BYTES));
        let connecting = connect_async_with_config(request, Some(config), true);
        match tokio::time::timeout(std::time::Duration::from_millis(CONNECT_MS), connecting).await {
            Ok(Ok((stream, _))) => Ok(Self { stream }),
            // Something answered in HTTP that is no relay.
            Ok(Err(Error::Http(response)))
                if response.status().is_redirection() || response.status().is_success() =>
            {
                Err(Ended::CaptivePortal)
            }
            Ok(Err(_)) | Err(_) => Err(Ended::Network),
        }
    }

    /// The next binary frame.
    ///
    /// # Errors
    /// How the connection ended.
    pub async fn receive(&mut self) -> Result<Bytes, Ended> {
        loop {
            match self.stream.next().await {
                Some(Ok(Message::Binary(frame))) => return Ok(frame),
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
                Some(Ok(Message::Text(_) | Message::Close(_))) | None => {
                    return Err(Ended::ByRelay);
                }
                Some(Err(_)) => return Err(Ended::Network),
            }
        }
    }

    /// Queues a frame.
    ///
    /// # Errors
    /// How the connection ended.
    pub async fn feed(&mut self, frame: Bytes) -> Result<(), Ended> {
        self.stream
            .feed(Message::Binary(frame))
            .await
            .map_err(|_| Ended::Network)
    }

    /// Sends what is queued.
    ///
    /// # Errors
    /// How the connection ended.
    pub async fn flush(&mut self) -> Result<(), Ended> {
        self.stream.flush().await.map_err(|_| Ended::Network)
    }

    /// Says goodbye, as far as the peer still listens.
    pub async fn close(mut self) {
        let _ = tokio::time::timeout(
            std::time::Duration::from_millis(500),
            self.stream.close(None),
        )
        .await;
    }
}
