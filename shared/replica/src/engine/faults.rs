//! What was found untrue of what the relay said: kept, with what shows it, for as long as the
//! facility has that relay.

use super::Engine;
use crate::log::{LogChange, Setting, StoreError, StreamPosition};
use ids::{ChainHash, EnvelopeId, RosterSeq, Seq, SigningPublic, StreamId, UnixMillis, limits};
use interface::RelayFault;
use minicbor::{Decode, Encode};
use wire::{Message, Receipt, SeenMark};

/// What was said that cannot be true beside the chain that was computed here.
pub(super) enum Statement {
    /// Nothing that could be kept.
    None,
    /// A receipt, signed by the relay.
    Receipt(Receipt),
    /// The chain stated in `Welcome`, signed there for that connection alone.
    Welcome(ChainHash),
    /// The chain an invitation pinned.
    Pinned(ChainHash),
    /// A device's mark of what it has seen, signed by the device.
    Mark(SeenMark),
    /// The envelope whose author's device states in its header what it had seen, which the relay
    /// puts at a place where another stands, or which it refused and stored.
    Envelope(EnvelopeId),
    /// The row after the chain computed here, as the relay says it: with the chain it follows on,
    /// it makes the chain that the receipt signs for, if one came and ends there.
    Row(RosterSeq, EnvelopeId, Option<Receipt>),
}

impl Statement {
    fn bytes(&self) -> Vec<u8> {
        match self {
            Self::None => Vec::new(),
            Self::Receipt(receipt) => Message::from(*receipt).encode().to_vec(),
            Self::Mark(mark) => Message::from(*mark).encode().to_vec(),
            Self::Welcome(chain) | Self::Pinned(chain) => chain.as_bytes().to_vec(),
            Self::Envelope(id) => id.as_bytes().to_vec(),
            Self::Row(under, id, receipt) => {
                let receipt = receipt.map(|receipt| Message::from(receipt).encode());
                let receipt = receipt.unwrap_or_default();
                [under.0.to_be_bytes().as_slice(), id.as_bytes(), &receipt].concat()
            }
        }
    }
}

/// A fault as kept.
#[derive(Clone, Debug, Encode, Decode)]
#[cbor(map)]
struct Kept {
    /// What it is; see [`code`].
    #[n(0)]
    fault: u8,
    /// This tablet's clock when it was found.
    #[n(1)]
    at: UnixMillis,
    /// The relay's key then.
    #[n(2)]
    relay: Option<SigningPublic>,
    /// Where.
    #[n(3)]
    stream: Option<StreamId>,
    #[n(4)]
    seq: Seq,
    /// The chain computed here, where there is one.
    #[n(5)]
    here: Option<ChainHash>,
    /// What was said: a message with its signature, a chain or an envelope's id.
    #[cbor(n(6), with = "minicbor::bytes")]
    said: Vec<u8>,
}

/// What was found since the engine was opened and before.
#[derive(Default)]
pub(super) struct Faults {
    kept: Vec<Kept>,
}

impl Faults {
    /// Keeps a fault unless it is known; whether it is new.
    fn keep(&mut self, new: Kept) -> bool {
        let is_known = |kept: &Kept| {
            (kept.fault, kept.relay, kept.stream) == (new.fault, new.relay, new.stream)
        };
        if self.kept.iter().any(is_known) {
            return false;
        }
        if self.kept.len() >= limits::RELAY_FAULTS {
            // What was found of relays before this one makes room.
            self.kept.retain(|kept| kept.relay == new.relay);
        }
        let has_room = self.kept.len() < limits::RELAY_FAULTS;
        if has_room {
            self.kept.push(new);
        }
        has_room
    }
}

impl Engine {
    pub(super) fn load_faults(&mut self) -> Result<(), StoreError> {
        let Some(bytes) = self.log.setting(Setting::RelayFaults)? else {
            return Ok(());
        };
        self.faults.kept =
            minicbor::decode(&bytes).map_err(|e| StoreError::Corrupt(format!("faults: {e}")))?;
        Ok(())
    }

    /// Notes a fault for good: each kind once in a stream, with what showed it first.
    pub(super) fn relay_fault(
        &mut self,
        fault: RelayFault,
        at: Option<StreamPosition>,
        said: &Statement,
    ) {
        let new = Kept {
            fault: code(fault),
            at: self.now,
            relay: self.relay_key_now(),
            stream: at.map(|at| at.stream),
            seq: at.map_or(Seq(0), |at| at.seq),
            here: at.map(|at| at.chain),
            said: said.bytes(),
        };
        if !self.faults.keep(new) {
            return;
        }
        self.notices.tablet();
        // On a disk that cannot be written it is said until the engine is closed, and found again.
        let Ok(bytes) = minicbor::to_vec(&self.faults.kept) else {
            return;
        };
        let change = LogChange {
            settings: vec![(Setting::RelayFaults, Some(bytes))],
            ..LogChange::default()
        };
        let _ = self.commit(&change);
    }

    /// What is to be said of the relay the facility has now.
    pub(super) fn relay_faults(&self) -> Vec<RelayFault> {
        let relay = self.relay_key_now();
        let of_relay = self.faults.kept.iter().filter(|kept| kept.relay == relay);
        let mut faults: Vec<RelayFault> = of_relay.filter_map(|kept| fault(kept.fault)).collect();
        faults.sort_unstable();
        faults.dedup();
        faults
    }

    fn relay_key_now(&self) -> Option<SigningPublic> {
        let pinned = || self.membership.as_ref().map(|m| m.facts.relay_key);
        self.roster.relay_key().or_else(pinned)
    }
}

const fn code(fault: RelayFault) -> u8 {
    match fault {
        RelayFault::TwoHistories => 1,
        RelayFault::FalsePlace => 2,
        RelayFault::WentBackwards => 3,
        RelayFault::NewLog => 4,
        RelayFault::Roster => 5,
        RelayFault::OtherDevice => 6,
        RelayFault::TooMuch => 7,
        RelayFault::OlderRoster => 8,
        RelayFault::FalseRefusal => 9,
    }
}

const fn fault(code: u8) -> Option<RelayFault> {
    Some(match code {
        1 => RelayFault::TwoHistories,
        2 => RelayFault::FalsePlace,
        3 => RelayFault::WentBackwards,
        4 => RelayFault::NewLog,
        5 => RelayFault::Roster,
        6 => RelayFault::OtherDevice,
        7 => RelayFault::TooMuch,
        8 => RelayFault::OlderRoster,
        9 => RelayFault::FalseRefusal,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_of_fault_reads_back_as_itself() {
        for code_of in 1..=9 {
            assert_eq!(fault(code_of).map(code), Some(code_of));
        }
        assert_eq!(fault(0), None);
        assert_eq!(fault(10), None);
    }

    fn found(relay: u8, stream: usize) -> Kept {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&stream.to_be_bytes());
        Kept {
            fault: code(RelayFault::TwoHistories),
            at: UnixMillis(1),
            relay: Some(SigningPublic::from_bytes([relay; 32])),
            stream: Some(StreamId::from_bytes(id)),
            seq: Seq(1),
            here: None,
            said: Vec::new(),
        }
    }

    #[test]
    fn as_many_faults_of_a_relay_are_kept_as_there_may_be_and_those_of_former_ones_make_room() {
        let mut faults = Faults::default();
        for n in 0..limits::RELAY_FAULTS {
            assert!(faults.keep(found(1, n)));
            assert!(!faults.keep(found(1, n)), "each once");
        }
        assert!(!faults.keep(found(1, limits::RELAY_FAULTS)));
        assert_eq!(faults.kept.len(), limits::RELAY_FAULTS);
        assert!(faults.keep(found(2, 0)));
        assert_eq!(faults.kept.len(), 1);
    }
}
