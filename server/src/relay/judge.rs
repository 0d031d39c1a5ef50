//! The relay's checks, in the order `docs/protocol.md` gives them: Duplicate; Fork, Gap; the roster
//! long enough; device and person in it; kind fits stream; right; epoch; quota; device signature.
//!
//! The signature comes last because it is verified for a whole group at once.

use ids::{RosterSeq, SigningPublic};
use wire::message::PushResult;
use wire::{Envelope, Header, Kind, RosterState};

use super::facility::{Facility, StreamKind};

/// What is known of an envelope before its device's signature is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Admissible {
    /// The key that must have signed it.
    pub(super) device_key: SigningPublic,
}

/// Everything but the run, the quota and the signature.
///
/// # Errors
/// The answer to give instead.
pub(super) fn admit(facility: &Facility, envelope: &Envelope) -> Result<Admissible, PushResult> {
    let header = envelope.header();
    let roster = &facility.roster;
    let refused = Err(PushResult::NotAllowed);
    if header.facility != facility.id {
        return refused;
    }
    // A place in a shorter roster than its author knew would condemn an honest envelope, and take
    // its natural key: it waits until the roster is here.
    if header.roster_seq > roster.head().0 {
        return Err(PushResult::Busy);
    }
    // Absent and another facility's look alike.
    let Some(log) = facility.streams.get(&header.stream) else {
        return refused;
    };
    let Some(device) = roster.device(&header.device) else {
        return refused;
    };
    let nobody = header.person.is_zero();
    if !nobody && roster.person(&header.person).is_none() {
        return refused;
    }
    // A version, flag or kind from the future can be neither judged nor refused: the client keeps
    // it until this relay is updated.
    let Some(kind) = header.kind().filter(|_| header.is_understood()) else {
        return Err(PushResult::Busy);
    };
    if !fits(kind, log.kind) || !has_right(roster, header, kind) {
        return refused;
    }
    // Who adds a record may not read the stream: it was sealed to the public half, is not kept in
    // clear, and cannot be sealed again or carried after a rotation.
    let epoch_counts = match kind {
        Kind::Record => roster.epoch(&header.stream, header.epoch).is_some(),
        _ => roster.current_epoch(&header.stream) == Some(header.epoch),
    };
    if !epoch_counts {
        return Err(PushResult::StaleEpoch);
    }
    Ok(Admissible {
        device_key: device.keys.signing,
    })
}

/// Whether a kind of envelope belongs in a kind of stream.
fn fits(kind: Kind, stream: StreamKind) -> bool {
    match kind {
        Kind::Changes | Kind::Snapshot | Kind::Ack => stream == StreamKind::Documents,
        Kind::Record => stream == StreamKind::Audit,
        Kind::Slot => stream == StreamKind::Devices,
        Kind::Carried => true,
    }
}

/// Whether its author may write it now, or could at the place it names.
fn has_right(roster: &RosterState, header: &Header, kind: Kind) -> bool {
    let (head, _) = roster.head();
    let ever = [head, header.roster_seq];
    match kind {
        Kind::Changes | Kind::Snapshot | Kind::Ack => ever
            .iter()
            .any(|at| roster.may_write(&header.person, &header.stream, *at)),
        Kind::Slot => roster.person(&header.person).is_some_and(|person| {
            ever.iter()
                .any(|at| *at <= head && person.is_active_at(*at))
        }),
        Kind::Record => enrolled(roster, header, &ever, head),
        Kind::Carried => {
            let carries =
                |device: &wire::roster::DeviceRecord| device.scope.streams.contains(&header.stream);
            roster.device(&header.device).is_some_and(carries)
                && enrolled(roster, header, &ever, head)
        }
    }
}

fn enrolled(roster: &RosterState, header: &Header, ever: &[RosterSeq], head: RosterSeq) -> bool {
    let device = roster.device(&header.device);
    device.is_some_and(|device| {
        ever.iter()
            .any(|at| *at <= head && device.is_active_at(*at))
    })
}
