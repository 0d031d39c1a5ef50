//! The WebSocket to the relay. Events of a socket that was let go are ignored.

use crate::shell::Shell;
use crate::with_shell;
use bytes::Bytes;
use js_sys::{ArrayBuffer, Uint8Array};
use replica::{Ended, Event};
use wasm_bindgen::prelude::*;
use web_sys::{BinaryType, MessageEvent, WebSocket};

const PROTOCOL: &str = "lamplight.v1";

/// An open or opening connection.
pub(crate) struct Socket {
    socket: WebSocket,
    _heard: [Closure<dyn FnMut(MessageEvent)>; 3],
}

impl Socket {
    /// Begins to connect to the origin this program came from.
    ///
    /// # Errors
    /// When the browser will not even try.
    pub(crate) fn open(origin: &str) -> Result<Self, Ended> {
        let address = match origin.split_once("://") {
            Some(("http", host)) => format!("ws://{host}/sync"),
            Some(("https", host)) => format!("wss://{host}/sync"),
            _ => return Err(Ended::Network),
        };
        let socket = WebSocket::new_with_str(&address, PROTOCOL).map_err(|_| Ended::Network)?;
        socket.set_binary_type(BinaryType::Arraybuffer);
        let opened = Closure::new(|_: MessageEvent| {
            with_shell(|shell| {
                shell.opened();
                shell.happened(Event::Connected);
            });
        });
        let came =
            Closure::new(
                |event: MessageEvent| match event.data().dyn_into::<ArrayBuffer>() {
                    Ok(buffer) => {
                        let frame = Bytes::from(Uint8Array::new(&buffer).to_vec());
                        with_shell(|shell| shell.happened(Event::Received(frame)));
                    }
                    Err(_) => with_shell(|shell| shell.lost(Ended::ByRelay)),
                },
            );
        let closed = Closure::new(|_: MessageEvent| with_shell(Shell::closed));
        socket.set_onopen(Some(opened.as_ref().unchecked_ref()));
        socket.set_onmessage(Some(came.as_ref().unchecked_ref()));
        socket.set_onclose(Some(closed.as_ref().unchecked_ref()));
        Ok(Self {
            socket,
            _heard: [opened, came, closed],
        })
    }

    /// Sends a frame; a socket that is closing drops it, and says so by closing.
    pub(crate) fn send(&self, frame: &[u8]) {
        let _ = self.socket.send_with_u8_array(frame);
    }
}

impl Drop for Socket {
    fn drop(&mut self) {
        self.socket.set_onopen(None);
        self.socket.set_onmessage(None);
        self.socket.set_onclose(None);
        let _ = self.socket.close();
    }
}
