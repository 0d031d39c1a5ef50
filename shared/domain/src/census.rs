//! Census arithmetic: where each resident is, from the moves that stand. A pure function of the
//! entries, never stored as truth.

use crate::contradictions::Standing;
use crate::directory::{Move, MoveKind};
use crate::entry::{Fact, ResidentId, SpaceId};
use ids::{EntryKey, StatedInstant, UnixMillis};
use std::collections::BTreeMap;

/// Whether a resident is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Presence {
    /// Here.
    Present,
    /// Away for a while; the bed is held.
    OnLeave,
    /// Left for good.
    Discharged,
    /// Died.
    Deceased,
}

impl Presence {
    /// What a move makes of it.
    pub const fn after(what: MoveKind) -> Self {
        match what {
            MoveKind::Admission | MoveKind::BedChange | MoveKind::LeaveEnds => Presence::Present,
            MoveKind::LeaveBegins => Presence::OnLeave,
            MoveKind::Discharge => Presence::Discharged,
            MoveKind::Death => Presence::Deceased,
        }
    }
}

/// Whether a move may follow where somebody is; `None` where nothing says it. Nobody comes back from the
/// dead, and who left comes back by being admitted: what was entered in error is struck.
pub const fn may_follow(presence: Option<Presence>, what: MoveKind) -> bool {
    match (presence, what) {
        (None | Some(Presence::Discharged), MoveKind::Admission)
        | (
            None | Some(Presence::Present),
            MoveKind::BedChange | MoveKind::LeaveBegins | MoveKind::Discharge | MoveKind::Death,
        )
        | (Some(Presence::OnLeave), MoveKind::LeaveEnds | MoveKind::Discharge | MoveKind::Death) => {
            true
        }
        (None, MoveKind::LeaveEnds)
        | (Some(Presence::Present), MoveKind::Admission | MoveKind::LeaveEnds)
        | (
            Some(Presence::OnLeave),
            MoveKind::Admission | MoveKind::BedChange | MoveKind::LeaveBegins,
        )
        | (
            Some(Presence::Discharged),
            MoveKind::BedChange
            | MoveKind::LeaveBegins
            | MoveKind::LeaveEnds
            | MoveKind::Discharge
            | MoveKind::Death,
        )
        | (Some(Presence::Deceased), _) => false,
    }
}

/// Where a resident is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Whereabouts {
    /// Whether here.
    pub presence: Presence,
    /// The bed, also while on leave; `None` when none was named or it was given up.
    pub bed: Option<SpaceId>,
    /// The entry that put the resident into this bed, if one did.
    pub bed_by: Option<EntryKey>,
    /// When the resident came or left: the newest change of presence.
    pub since: StatedInstant,
}

/// Where every resident is, from the moves among the entries. Moves count in the order in which
/// they happened as stated; of two at one instant the greater key counts last.
pub fn whereabouts<'a>(
    entries: impl IntoIterator<Item = Standing<'a>>,
) -> BTreeMap<ResidentId, Whereabouts> {
    let mut moves: Vec<(Standing<'a>, &'a Move)> = entries
        .into_iter()
        .filter_map(|entry| match entry.fact {
            Fact::Move(says) => Some((entry, says)),
            _ => None,
        })
        .collect();
    moves.sort_by_key(|(entry, _)| (entry.stated.at, entry.key));
    let mut residents = BTreeMap::new();
    for (entry, says) in moves {
        let before = residents.remove(&says.resident);
        residents.insert(says.resident, after(before, &entry, says));
    }
    residents
}

/// Whether a resident was here at an instant, and the move that began it, by the resident's moves in
/// the order in which they happened; `None` before the first. What happens at the instant of a move
/// still belongs to before it.
pub fn at<'m, 'a>(
    moves: &[(&'m Standing<'a>, &Move)],
    at: UnixMillis,
) -> Option<(Presence, &'m Standing<'a>)> {
    let before = moves.iter().take_while(|(entry, _)| entry.stated.at < at);
    before.fold(None, |known, (entry, says)| {
        let presence = Presence::after(says.what);
        match known {
            Some((before, _)) if before == presence => known,
            _ => Some((presence, *entry)),
        }
    })
}

/// Where a resident is after a move.
fn after(before: Option<Whereabouts>, entry: &Standing<'_>, says: &Move) -> Whereabouts {
    let presence = Presence::after(says.what);
    let held = before
        .as_ref()
        .map(|before| (before.bed, before.bed_by.clone()));
    let (bed, bed_by) = match (says.what, says.bed) {
        (MoveKind::Discharge | MoveKind::Death, _) => (None, None),
        (_, Some(bed)) => (Some(bed), Some(entry.key.clone())),
        (MoveKind::Admission, None) => (None, None),
        (MoveKind::BedChange | MoveKind::LeaveBegins | MoveKind::LeaveEnds, None) => {
            held.unwrap_or_default()
        }
    };
    let since = match before {
        Some(before) if before.presence == presence => before.since,
        _ => entry.stated,
    };
    Whereabouts {
        presence,
        bed,
        bed_by,
        since,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contradictions::samples::{Bench, bed, moved, resident};

    #[test]
    fn a_stay_is_followed_from_admission_to_discharge() {
        let mut bench = Bench::default();
        bench.add(10, moved(1, MoveKind::Admission, Some(5)));
        let at = |bench: &Bench| whereabouts(bench.standing()).remove(&resident(1)).unwrap();
        assert_eq!(
            (at(&bench).presence, at(&bench).bed),
            (Presence::Present, Some(bed(5)))
        );
        bench.add(20, moved(1, MoveKind::LeaveBegins, None));
        assert_eq!(
            (at(&bench).presence, at(&bench).bed),
            (Presence::OnLeave, Some(bed(5)))
        );
        bench.add(30, moved(1, MoveKind::LeaveEnds, None));
        bench.add(40, moved(1, MoveKind::BedChange, Some(6)));
        assert_eq!(
            (at(&bench).presence, at(&bench).bed),
            (Presence::Present, Some(bed(6)))
        );
        assert_eq!(at(&bench).since.at.0, 30);
        bench.add(50, moved(1, MoveKind::Discharge, None));
        assert_eq!(
            (at(&bench).presence, at(&bench).bed),
            (Presence::Discharged, None)
        );
    }

    #[test]
    fn nobody_comes_back_from_the_dead_and_who_left_is_admitted_again() {
        use MoveKind::{Admission, BedChange, Death, LeaveEnds};
        for what in [Admission, BedChange, LeaveEnds, Death] {
            assert!(!may_follow(Some(Presence::Deceased), what), "{what:?}");
            let again = may_follow(Some(Presence::Discharged), what);
            assert_eq!(again, what == Admission, "{what:?}");
        }
        assert!(may_follow(Some(Presence::OnLeave), LeaveEnds));
        assert!(!may_follow(Some(Presence::Present), LeaveEnds));
        assert!(may_follow(None, Admission));
    }

    #[test]
    fn the_order_is_that_of_what_happened_not_of_arrival() {
        let mut bench = Bench::default();
        bench.add(40, moved(1, MoveKind::Death, None));
        bench.add(10, moved(1, MoveKind::Admission, Some(5)));
        let found = whereabouts(bench.standing());
        assert_eq!(found[&resident(1)].presence, Presence::Deceased);
    }
}
