//! Two residents in one bed: a claim that cannot be unique offline.

use super::{Effect, Finding, Kind, Standing};
use crate::census::{self, Presence};
use crate::entry::{ResidentId, SpaceId, Subject};
use ids::EntryKey;
use std::collections::BTreeMap;

/// Beds with more than one resident who is here or holds the bed while away. The sides are the
/// entries that put them there.
pub(super) fn shared(entries: &[Standing<'_>]) -> Vec<Finding> {
    let mut beds: BTreeMap<SpaceId, Vec<(ResidentId, EntryKey)>> = BTreeMap::new();
    for (resident, whereabouts) in census::whereabouts(entries.iter().copied()) {
        let holds = matches!(whereabouts.presence, Presence::Present | Presence::OnLeave);
        if let (true, Some(bed), Some(by)) = (holds, whereabouts.bed, whereabouts.bed_by) {
            beds.entry(bed).or_default().push((resident, by));
        }
    }
    let found = beds
        .into_iter()
        .filter(|(_, all)| all.len() > 1)
        .map(|(bed, all)| {
            let (residents, mut sides): (Vec<_>, Vec<_>) = all.into_iter().unzip();
            sides.sort_unstable();
            Finding {
                kind: Kind::Bed,
                subject: Subject::Space(bed),
                sides,
                effect: Effect::BedShared { bed, residents },
            }
        });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::super::samples::{Bench, bed, moved, resident};
    use super::*;
    use crate::directory::MoveKind::{Admission, BedChange, Discharge, LeaveBegins};

    #[test]
    fn two_residents_in_one_bed_are_found_until_one_leaves_it() {
        let mut bench = Bench::default();
        let a = bench.add(1, moved(1, Admission, Some(9)));
        let b = bench.add(2, moved(2, Admission, Some(9)));
        let found = find(&bench.standing(), &[]).pop().unwrap();
        let residents = vec![resident(1), resident(2)];
        assert_eq!(
            found.effect,
            Effect::BedShared {
                bed: bed(9),
                residents
            }
        );
        assert!(found.sides.contains(&a) && found.sides.contains(&b));
        bench.add(3, moved(2, BedChange, Some(8)));
        assert_eq!(find(&bench.standing(), &[]), []);
    }

    #[test]
    fn a_bed_held_during_leave_is_taken_and_one_left_for_good_is_free() {
        let mut bench = Bench::default();
        bench.add(1, moved(1, Admission, Some(9)));
        bench.add(2, moved(1, LeaveBegins, None));
        bench.add(3, moved(2, Admission, Some(9)));
        assert_eq!(find(&bench.standing(), &[]).len(), 1);
        bench.add(4, moved(1, Discharge, None));
        assert_eq!(find(&bench.standing(), &[]), []);
    }
}
