//! Counts what passes on a client's line: bytes, envelopes of others, answers to its own.

use crate::machine::micros;
use bytes::Bytes;
use ids::DeviceId;
use lamplight_client_native::{Passing, Watcher};
use std::cell::RefCell;
use std::rc::Rc;
use wire::chunk::Reassembler;
use wire::{Envelope, Message};

/// What was counted.
#[derive(Default)]
pub(crate) struct Tally {
    messages: Reassembler,
    /// This client's device.
    pub(crate) device: Option<DeviceId>,
    /// Rows of the frame the engine is busy with, and when it came.
    busy: (u64, u64),
    /// Envelopes of others that are verified and durable here.
    pub(crate) rows: u64,
    /// For each of them: when its frame came, and when it was durable.
    pub(crate) arrivals: Vec<(u64, u64)>,
    /// Own envelopes the relay has answered.
    pub(crate) answered: u64,
    /// Bytes of WebSocket frames.
    pub(crate) bytes_in: u64,
    /// As above, sent.
    pub(crate) bytes_out: u64,
}

impl Tally {
    /// A tally and the watcher that keeps it.
    pub(crate) fn new() -> (Rc<RefCell<Self>>, Watcher) {
        let tally = Rc::new(RefCell::new(Self::default()));
        let watcher = Rc::clone(&tally);
        let watcher = move |passing: Passing<'_>| watcher.borrow_mut().note(passing);
        (tally, Box::new(watcher))
    }

    /// Forgets what was counted so far.
    pub(crate) fn reset(&mut self) {
        self.rows = 0;
        self.answered = 0;
        self.arrivals.clear();
        (self.bytes_in, self.bytes_out) = (0, 0);
    }

    fn note(&mut self, passing: Passing<'_>) {
        match passing {
            Passing::Came(frame) => {
                let at = micros();
                self.bytes_in += on_the_wire(frame.len(), false);
                self.busy = (self.read(frame.clone()), at);
            }
            Passing::TakenIn => {
                let (rows, came) = std::mem::take(&mut self.busy);
                if rows > 0 {
                    let at = micros();
                    self.rows += rows;
                    self.arrivals.extend((0..rows).map(|_| (came, at)));
                }
            }
            Passing::Goes(frame) => self.bytes_out += on_the_wire(frame.len(), true),
        }
    }

    /// The rows a frame brings.
    fn read(&mut self, frame: Bytes) -> u64 {
        let Ok(Some(message)) = self.messages.push(frame) else {
            return 0;
        };
        match Message::decode(message) {
            Ok(Message::Items(items)) => {
                let others = items.rows.into_iter().filter(|row| {
                    // While a client catches up, its own rows come with the others'.
                    Envelope::parse(row.envelope.clone())
                        .is_ok_and(|envelope| Some(envelope.header().device) != self.device)
                });
                others.count() as u64
            }
            Ok(Message::Results(results)) => {
                self.answered += results.results.len() as u64;
                0
            }
            _ => 0,
        }
    }
}

/// A frame with its WebSocket header; what a client sends is masked.
fn on_the_wire(payload: usize, masked: bool) -> u64 {
    let length = match payload {
        0..126 => 2,
        126..65_536 => 4,
        _ => 10,
    };
    payload as u64 + length + if masked { 4 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::on_the_wire;

    #[test]
    fn a_frame_s_header_grows_with_its_length_and_a_client_s_has_a_mask() {
        for (payload, plain) in [(125, 127), (126, 130), (65_535, 65_539), (65_536, 65_546)] {
            assert_eq!(on_the_wire(payload, false), plain);
            assert_eq!(on_the_wire(payload, true), plain + 4);
        }
    }
}
