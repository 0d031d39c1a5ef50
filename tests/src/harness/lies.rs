//! A relay that lies: to one device for as long as it is told to, or with the whole of its record.

use super::relay::roster_length;
use super::world::World;
use bytes::Bytes;
use ids::{ChainHash, LogId, RosterSeq, Seq};
use server::ConnId;
use std::path::Path;
use std::time::Duration;
use wire::chunk::frames;
use wire::message::{PushResult, Results, RosterOutcome, WrapItem};
use wire::{Message, Receipt, chain_start};

/// What one device is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lie {
    /// Every push is answered with this place, and none is kept.
    FalsePlaces(Seq),
    /// Every receipt is for another chain, signed with the relay's key.
    SwappedReceipts,
    /// Pushes are kept and answered, and nothing is signed for.
    NoReceipts,
    /// As [`Self::NoReceipts`], and every row is stated under this place of the roster.
    RowsUnder(RosterSeq),
    /// No wraps are handed on.
    NoWraps,
    /// Of wraps only one that nobody listed is handed on, and said to be all there will ever be.
    NoWrapsEver,
    /// Wraps are handed on a roster entry's at a time, as an honest relay does where there are many.
    WrapsOneByOne,
    /// No push is answered, and none is kept.
    NoAnswers,
    /// Every push is answered with "no room", and none is kept.
    NoRoom,
    /// Every push is refused for good, and none is kept.
    Refusals,
    /// Every push is kept, and answered with a final refusal.
    FalseRefusals,
    /// What is appended to the roster is answered as only a newer relay would.
    NewerOutcomes,
}

impl World {
    /// From now on a device is lied to.
    pub fn lie_to(&mut self, device: usize, lie: Lie) {
        self.lies.insert(device, lie);
        self.lied_to.insert(device);
    }

    /// No device is lied to any more.
    pub fn stop_lying(&mut self) {
        self.lies.clear();
    }

    /// Whether a push is not handed on, and what is answered to it.
    pub(super) fn false_answer(&mut self, conn: ConnId, frame: &Bytes) -> Option<Option<Bytes>> {
        let lie = self.lie_on(conn)?;
        let Ok(Message::Push(push)) = Message::decode(frame.clone()) else {
            return None;
        };
        let roster_seq = roster_length(&self.relay.database());
        let stored = |seq: Seq, n: usize| PushResult::Duplicate {
            seq: Seq(seq.0 + n as u64),
            roster_seq,
        };
        let count = push.envelopes.len();
        let results = match lie {
            Lie::FalsePlaces(seq) => {
                self.tally.count("false place");
                (0..count).map(|n| stored(seq, n)).collect()
            }
            Lie::NoRoom => vec![PushResult::Quota; count],
            Lie::Refusals => vec![PushResult::NotAllowed; count],
            Lie::NoAnswers => {
                self.unanswered.push(push.envelopes);
                return Some(None);
            }
            Lie::SwappedReceipts
            | Lie::NoReceipts
            | Lie::RowsUnder(_)
            | Lie::NoWraps
            | Lie::NoWrapsEver
            | Lie::WrapsOneByOne
            | Lie::FalseRefusals
            | Lie::NewerOutcomes => {
                return None;
            }
        };
        let answer = Results {
            request: push.request,
            results,
        };
        Some(frames(&Message::from(answer).encode()).ok()?.pop())
    }

    /// What a device is sent instead of a frame, if anything.
    pub(super) fn lied(&mut self, conn: ConnId, frame: Bytes) -> Option<Bytes> {
        let Some(lie) = self.lie_on(conn) else {
            return Some(frame);
        };
        match (lie, Message::decode(frame.clone())) {
            (Lie::SwappedReceipts, Ok(Message::Receipt(mut receipt))) => {
                receipt.chain = ChainHash::from_bytes([0x5a; 32]);
                receipt.signature = self.relay.sign(&receipt.message());
                self.tally.count("receipt swapped");
                Some(Message::from(receipt).encode())
            }
            (Lie::NoReceipts | Lie::RowsUnder(_), Ok(Message::Receipt(_))) => {
                self.tally.count("receipt kept back");
                None
            }
            (Lie::RowsUnder(roster), Ok(Message::Items(mut items))) => {
                for item in &mut items.rows {
                    item.roster_seq = roster;
                }
                self.tally.count("rows under another roster");
                Some(Message::from(items).encode())
            }
            (Lie::FalseRefusals, Ok(Message::Results(mut results))) => {
                results.results.fill(PushResult::NotAllowed);
                self.tally.count("refusal of what was kept");
                Some(Message::from(results).encode())
            }
            (Lie::NewerOutcomes, Ok(Message::RosterResult(mut result))) => {
                result.result = RosterOutcome::Unknown(200);
                self.tally.count("outcome of a newer relay");
                Some(Message::from(result).encode())
            }
            (Lie::NoWraps, Ok(Message::WrapItems(_))) => {
                self.tally.count("wraps kept back");
                None
            }
            (Lie::NoWrapsEver, Ok(Message::WrapItems(mut items))) => {
                let listed_nowhere = WrapItem {
                    roster_seq: RosterSeq(1),
                    wrap: Bytes::from_static(&[0x5a; 120]),
                };
                items.items = vec![listed_nowhere];
                items.upto = RosterSeq(u64::MAX);
                self.tally.count("wraps said to be all");
                Some(Message::from(items).encode())
            }
            (Lie::WrapsOneByOne, Ok(Message::WrapItems(mut items))) => {
                let first = items.items.first().map(|item| item.roster_seq);
                if let Some(first) = first {
                    items.upto = first;
                    items.items.retain(|item| item.roster_seq == first);
                    self.tally.count("wraps in portions");
                }
                Some(Message::from(items).encode())
            }
            _ => Some(frame),
        }
    }

    /// Says something to a device on its connection, as the relay.
    pub fn say_as_relay(&mut self, device: usize, message: &Message) {
        let conn = self.devices[device].conn.expect("it is connected");
        self.tally.count("said by a false relay");
        for frame in frames(&message.encode()).unwrap() {
            self.send_to_device(conn, frame);
        }
    }

    /// A receipt with the relay's signature, whatever it says.
    pub fn sign_receipt(&self, mut receipt: Receipt) -> Receipt {
        receipt.signature = self.relay.sign(&receipt.message());
        receipt
    }

    fn lie_on(&self, conn: ConnId) -> Option<Lie> {
        let device = self.holder(conn)?;
        self.lies.get(&device).copied()
    }

    /// The relay's record is as it was when [`Self::keep_relay_copy`] was called.
    pub fn roll_relay_back(&mut self) {
        let Some(copy) = self.relay_copy.clone() else {
            return;
        };
        self.tally.count("relay rolled back");
        self.relay_lost = true;
        self.restart_relay_with(|path| std::fs::write(path, copy).unwrap());
    }

    /// A copy of the relay's record, as a backup would be.
    pub fn keep_relay_copy(&mut self) {
        let mut copy = Vec::new();
        self.restart_relay_with(|path| copy = std::fs::read(path).unwrap());
        self.relay_copy = Some(copy);
    }

    /// Every log of the relay is another one, and empty.
    pub fn replace_relay_logs(&mut self) {
        self.tally.count("relay log replaced");
        self.relay_lost = true;
        self.restart_relay_with(|database| empty_logs(database, LogId::from_bytes([0xa5; 16])));
    }

    /// Every log of the relay is empty, and says that it is the one it was.
    pub fn empty_relay_logs(&mut self, log_id: LogId) {
        self.relay_lost = true;
        self.restart_relay_with(|database| empty_logs(database, log_id));
    }

    /// The relay says that it is about to stop, and goes on.
    pub fn drain_relay(&mut self, after: Duration) {
        self.relay.drain(after);
        self.wake_relay();
    }
}

fn empty_logs(database: &Path, another: LogId) {
    let connection = rusqlite::Connection::open(database).unwrap();
    let mut statement = connection
        .prepare("SELECT number, facility, stream FROM streams")
        .unwrap();
    let rows = statement.query_map([], |row| {
        Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?))
    });
    let logs: Vec<(i64, [u8; 16], [u8; 16])> = rows.unwrap().map(Result::unwrap).collect();
    for (number, facility, stream) in logs {
        let start = chain_start(
            &ids::FacilityId::from_bytes(facility),
            &ids::StreamId::from_bytes(stream),
            &another,
        );
        let set = "UPDATE streams SET log_id = ?2, seq = 0, chain = ?3 WHERE number = ?1";
        let values = (number, another.as_bytes(), start.as_bytes());
        assert_eq!(connection.execute(set, values).unwrap(), 1);
    }
    connection.execute("DELETE FROM envelopes", ()).unwrap();
}
