//! Where residents are: units, rooms, beds, and one step of a stay after another.

use super::seen::{chart, house, pick};
use crate::harness::World;
use crate::simulation::plan::Op;
use domain::census::{Presence, may_follow};
use domain::directory::MoveKind::{
    self, Admission, BedChange, Death, Discharge, LeaveBegins, LeaveEnds,
};
use domain::entry::ResidentId;
use interface::{Command, ResidentStatus};

/// The steps of a stay, in the order in which one looks for one that may follow.
const STEPS: [MoveKind; 7] = [
    BedChange,
    LeaveBegins,
    BedChange,
    LeaveEnds,
    Discharge,
    LeaveBegins,
    Admission,
];
/// From this many on the second number says another bed too; each multiple of it begins with a
/// change of bed.
pub(in crate::simulation) const STEPS_OF_A_STAY: u64 = STEPS.len() as u64;
/// One in so many steps is the last.
const LAST: u64 = 13;

pub(super) fn unit(number: usize) -> Command {
    let name = format!("Unit {number}");
    Command::AddUnit { name }
}

pub(super) fn room(world: &mut World, op: Op, number: usize) -> Option<Command> {
    let unit = pick(&house(world, op.device)?.units, op.a)?.id;
    Some(Command::AddRoom {
        unit,
        name: format!("Room {number}"),
        beds: vec![format!("{number} A"), format!("{number} B")],
    })
}

/// A step that may follow where the resident is, as far as this device knows.
pub(super) fn step(world: &mut World, op: Op, resident: ResidentId) -> Option<Command> {
    let presence = match chart(world, op.device, resident)?.banner.row.status {
        ResidentStatus::Present => Presence::Present,
        ResidentStatus::OnLeave => Presence::OnLeave,
        ResidentStatus::Discharged => Presence::Discharged,
        ResidentStatus::Deceased => Presence::Deceased,
    };
    let beds = house(world, op.device)?.beds;
    let bed = pick(&beds, op.b / STEPS_OF_A_STAY).map(|bed| bed.id);
    let from = usize::try_from(op.b).ok()? % STEPS.len();
    let last = (op.b % LAST == LAST - 1).then_some(Death);
    let steps = last
        .into_iter()
        .chain(STEPS.into_iter().cycle().skip(from).take(STEPS.len()));
    let what = steps
        .filter(|what| bed.is_some() || *what != BedChange)
        .find(|what| may_follow(Some(presence), *what))?;
    Some(Command::RecordMove {
        resident,
        what,
        bed: bed.filter(|_| matches!(what, BedChange | Admission)),
        comment: None,
        at: None,
    })
}
