//! The relay's side of the world and the connections to it.

use super::{Happening, TICK_MS, World};
use crate::harness::device::Reach;
use crate::harness::network::{Connection, Fate};
use bytes::Bytes;
use ids::limits;
use replica::{Ended, Event};
use server::{ConnId, Output};
use std::path::Path;

/// Milliseconds after a push at which the relay commits it with its company.
const GROUP_MS: i64 = limits::GROUP_COMMIT_MS;
/// Milliseconds after the last activity for which the relay still ticks.
const TICKING_MS: i64 = 8_000;
/// Milliseconds after which the relay notices that a peer is gone that said no goodbye.
const FORGOTTEN_MS: i64 = 60_000;

impl World {
    pub(in crate::harness) fn wake_relay(&mut self) {
        self.post();
        if !self.commit_due && !self.relay.is_idle() {
            self.commit_due = true;
            self.later(GROUP_MS, Happening::Commit);
        }
        self.ticking_until = self.now.0 + TICKING_MS;
        if !self.tick_due {
            self.tick_due = true;
            self.later(TICK_MS, Happening::Tick);
        }
    }

    /// Carries out what the relay wants.
    pub(super) fn post(&mut self) {
        for output in self.relay.output() {
            match output {
                Output::Send { conn, frame } => match self.raw.get_mut(&conn) {
                    Some(inbox) => inbox.push(frame),
                    None => {
                        if let Some(frame) = self.lied(conn, frame) {
                            self.send_to_device(conn, frame);
                        }
                    }
                },
                Output::Allow { .. } => {}
                Output::Close { conn, .. } => {
                    let Some(connection) = self.conns.remove(&conn) else {
                        continue;
                    };
                    let at = connection.to_device.last_at.max(self.now.0);
                    self.relay.disconnect(conn);
                    if !connection.broken {
                        self.tally.count("closed by the relay");
                    }
                    self.at(
                        at,
                        Happening::EndAtDevice {
                            conn,
                            how: Ended::ByRelay,
                        },
                    );
                }
            }
        }
    }

    /// The relay's process dies and starts again; what was on the way to or from it is lost.
    pub fn restart_relay(&mut self) {
        self.tally.count("relay restarted");
        self.restart_relay_with(|_| ());
    }

    /// As [`Self::restart_relay`]; something happens to its database in between.
    pub(in crate::harness) fn restart_relay_with(&mut self, meanwhile: impl FnOnce(&Path)) {
        let conns: Vec<ConnId> = std::mem::take(&mut self.conns).into_keys().collect();
        self.relay.restart_with(meanwhile);
        for conn in conns {
            let delay = self.dice.between(0, 2_000);
            self.later(
                delay,
                Happening::EndAtDevice {
                    conn,
                    how: Ended::Network,
                },
            );
        }
    }

    pub(super) fn send_to_relay(&mut self, conn: ConnId, frame: Bytes) {
        assert!(
            frame.len() <= limits::FRAME_BYTES,
            "a frame of {} bytes",
            frame.len()
        );
        let Some(connection) = self.conns.get(&conn).filter(|c| !c.broken) else {
            return;
        };
        let lane = connection.to_relay;
        let fate = self.weather.fate(&frame, &mut self.dice, &mut self.tally);
        let (delay, arrives, breaks) = match fate {
            Fate::Arrives(delay) => (delay, Some(frame), false),
            Fate::Breaks(delay) => (delay, None, true),
            Fate::BreaksBehind(delay) => (delay, Some(frame), true),
            Fate::Damaged(delay, bytes) => (delay, Some(bytes), true),
        };
        let at = lane.last_at.max(self.now.0 + delay);
        if let Some(frame) = arrives {
            let connection = self.conns.get_mut(&conn).expect("it is there");
            let len = frame.len();
            connection.to_relay.last_at = at;
            connection.to_relay.bytes += len;
            let most = connection.to_relay.bytes as u64;
            self.tally.most("most bytes on the way to the relay", most);
            self.at(at, Happening::ToRelay { conn, frame, len });
        }
        if breaks {
            self.break_up(conn, at);
        }
    }

    pub(in crate::harness) fn send_to_device(&mut self, conn: ConnId, frame: Bytes) {
        assert!(
            frame.len() <= limits::FRAME_BYTES,
            "a frame of {} bytes",
            frame.len()
        );
        let Some(connection) = self.conns.get(&conn).filter(|c| !c.broken) else {
            return;
        };
        let lane = connection.to_device;
        let fate = self.weather.fate(&frame, &mut self.dice, &mut self.tally);
        let greeting = lane.arrived < 2;
        let (delay, arrives, breaks) = match fate {
            Fate::Arrives(delay) => (delay, Some(frame), false),
            Fate::Breaks(delay) => (delay, None, true),
            Fate::BreaksBehind(delay) => (delay, Some(frame), true),
            // Before the session stands every byte is verified, so the engine may see the damage;
            // afterwards the transport ends the connection in front of it.
            Fate::Damaged(delay, bytes) => (delay, Some(bytes).filter(|_| greeting), true),
        };
        let at = lane.last_at.max(self.now.0 + delay);
        if let Some(frame) = arrives {
            let connection = self.conns.get_mut(&conn).expect("it is there");
            connection.to_device.last_at = at;
            connection.to_device.bytes += frame.len();
            connection.to_device.arrived += 1;
            let most = connection.to_device.bytes as u64;
            let full = connection.to_device.bytes > limits::OUTBOUND_BYTES;
            if full && !connection.paused {
                connection.paused = true;
                self.relay.pause(conn);
                self.tally.count("reader paused");
            }
            self.tally.most("most bytes on the way to a device", most);
            self.at(at, Happening::ToDevice { conn, frame });
        }
        if breaks {
            self.break_up(conn, at);
        }
    }

    pub(super) fn arrive_at_device(&mut self, conn: ConnId, frame: Bytes) {
        if let Some(connection) = self.conns.get_mut(&conn) {
            connection.to_device.bytes -= frame.len();
            if connection.paused && connection.to_device.bytes < limits::OUTBOUND_BYTES / 2 {
                connection.paused = false;
                self.relay.resume(conn);
                self.wake_relay();
            }
        }
        if let Some(device) = self.holder(conn) {
            self.drive(device, Event::Received(frame));
        }
    }

    /// Nothing more gets through from now on; both ends learn of it at about `at`.
    pub(super) fn break_up(&mut self, conn: ConnId, at: i64) {
        let Some(connection) = self.conns.get_mut(&conn) else {
            return;
        };
        connection.broken = true;
        let (a, b) = (self.dice.between(0, 500), self.dice.between(0, 500));
        self.at(
            at + a,
            Happening::EndAtDevice {
                conn,
                how: Ended::Network,
            },
        );
        self.at(at + b, Happening::EndAtRelay { conn });
    }

    /// The device's connection breaks now.
    pub fn reset(&mut self, device: usize) {
        if let Some(conn) = self.devices[device].conn {
            self.tally.count("connection reset");
            self.break_up(conn, self.now.0);
        }
    }

    /// Nothing gets through any more and neither end is told: a Wi-Fi that died.
    pub fn silence(&mut self, device: usize) {
        let Some(conn) = self.devices[device].conn else {
            return;
        };
        let Some(connection) = self.conns.get_mut(&conn).filter(|c| !c.broken) else {
            return;
        };
        connection.broken = true;
        self.tally.count("connection gone silent");
        self.later(FORGOTTEN_MS, Happening::EndAtRelay { conn });
    }

    /// Changes what a device reaches; what it was connected to is gone, told or untold.
    pub fn set_reach(&mut self, device: usize, reach: Reach) {
        self.devices[device].reach = reach;
        if reach != Reach::Relay {
            match self.dice.below(2) {
                0 => self.reset(device),
                _ => self.silence(device),
            }
        }
    }

    pub(super) fn opened(&mut self, device: usize, attempt: u64) {
        if self.devices[device].connecting != Some(attempt) {
            return;
        }
        self.next += 1;
        let conn = ConnId(self.next);
        self.devices[device].connecting = None;
        self.devices[device].conn = Some(conn);
        self.conns.insert(conn, Connection::new());
        self.relay.connect(conn, self.now);
        self.wake_relay();
        self.drive(device, Event::Connected);
    }

    pub(super) fn connect(&mut self, device: usize) {
        self.hang_up(device);
        self.next += 1;
        let attempt = self.next;
        self.devices[device].connecting = Some(attempt);
        let delay = 2 * self
            .dice
            .between(self.weather.delay_low_ms, self.weather.delay_high_ms);
        let lost = self.dice.percent(self.weather.loss_percent);
        let happening = match self.devices[device].reach {
            Reach::Relay if !lost => Happening::Opened { device, attempt },
            Reach::Relay | Reach::Nothing => {
                self.tally.count("connection refused");
                Happening::NotOpened {
                    device,
                    attempt,
                    how: Ended::Network,
                }
            }
            Reach::Portal => {
                self.tally.count("captive portal");
                Happening::NotOpened {
                    device,
                    attempt,
                    how: Ended::CaptivePortal,
                }
            }
        };
        self.later(delay, happening);
    }

    /// The device closes its connection; what it sent before still arrives.
    pub(super) fn hang_up(&mut self, device: usize) {
        self.devices[device].connecting = None;
        let Some(conn) = self.devices[device].conn.take() else {
            return;
        };
        let Some(connection) = self.conns.get_mut(&conn) else {
            return;
        };
        let at = connection.to_relay.last_at.max(self.now.0) + 1;
        if !connection.broken {
            connection.broken = true;
            self.at(at, Happening::EndAtRelay { conn });
        }
    }

    /// A connection that a test speaks on itself.
    pub fn connect_raw(&mut self) -> ConnId {
        self.next += 1;
        let conn = ConnId(self.next);
        self.raw.insert(conn, Vec::new());
        self.relay.connect(conn, self.now);
        self.wake_relay();
        conn
    }

    /// Sends a frame on it; it arrives at once.
    pub fn send_raw(&mut self, conn: ConnId, frame: Bytes) {
        self.relay.receive(conn, frame, self.now);
        self.wake_relay();
    }

    /// Takes what came on it.
    pub fn take_raw(&mut self, conn: ConnId) -> Vec<Bytes> {
        self.raw
            .get_mut(&conn)
            .map(std::mem::take)
            .unwrap_or_default()
    }
}
