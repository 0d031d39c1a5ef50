//! Moves made apart, and doses after somebody left: rules over the census.

use super::{Effect, Finding, Kind, Standing, doses, keys};
use crate::census::{self, Presence};
use crate::chart::Order;
use crate::directory::Move;
use crate::entry::{Fact, ResidentId, SpaceId, Subject};
use ids::EntryKey;
use std::collections::BTreeMap;

/// Two moves that follow the same move of one resident and bring him to two places, or to one place
/// and on from there to two: neither author knew of the other. The census shows the newest as stated.
/// The sides are the moves at the fork; what followed on one of them goes with it.
pub(super) fn apart(entries: &[Standing<'_>]) -> Vec<Finding> {
    let all: Vec<(&Standing<'_>, &Move)> = moves(entries).collect();
    let mut following: Following<'_> = BTreeMap::new();
    for (n, (_, says)) in all.iter().enumerate() {
        if let Some(after) = &says.after {
            following.entry((says.resident, after)).or_default().push(n);
        }
    }
    let ends = ends(&all, &following);
    let found = following.iter().filter_map(|((resident, _), fork)| {
        let here = |n: &usize| all.get(*n).map(|(_, says)| outcome(says));
        // Where those went on to who were followed.
        let later = |n: &usize| {
            let end = ends.get(*n).filter(|end| *end != n)?;
            all.get(*end).map(|(_, says)| outcome(says))
        };
        let sides: Vec<&Standing<'_>> = fork
            .iter()
            .filter_map(|n| all.get(*n))
            .map(|(entry, _)| *entry)
            .collect();
        let newest = sides.iter().max_by_key(|side| (side.stated.at, side.key))?;
        let newest = newest.key.clone();
        let outcomes = fork.iter().flat_map(|n| [here(n), later(n)]).flatten();
        let died = outcomes
            .map(|(presence, _)| presence)
            .any(|presence| presence == Presence::Deceased);
        (differ(fork.iter().map(here)) || differ(fork.iter().map(later).filter(Option::is_some)))
            .then(|| Finding {
                kind: Kind::Whereabouts,
                subject: Subject::Resident(*resident),
                sides: keys(sides.iter().copied()),
                effect: match died {
                    true => Effect::DeathApart { newest },
                    false => Effect::NewestShown { newest },
                },
            })
    });
    found.collect()
}

/// Which moves follow which, by their places in a list.
type Following<'m> = BTreeMap<(ResidentId, &'m EntryKey), Vec<usize>>;

fn differ<T: PartialEq>(mut all: impl Iterator<Item = T>) -> bool {
    let first = all.next();
    all.any(|other| Some(&other) != first.as_ref())
}

/// Of each move the newest as stated among itself and all that followed on it.
fn ends(all: &[(&Standing<'_>, &Move)], following: &Following<'_>) -> Vec<usize> {
    let place: BTreeMap<&EntryKey, usize> = all
        .iter()
        .enumerate()
        .map(|(n, (entry, _))| (entry.key, n))
        .collect();
    let parent = |n: usize| {
        let (_, says) = all.get(n)?;
        let parent = *place.get(says.after.as_ref()?)?;
        let same = all
            .get(parent)
            .is_some_and(|(_, of)| of.resident == says.resident);
        same.then_some(parent)
    };
    // Each before what follows on it; a key holds a hash over what it follows, so there is no ring.
    let mut order: Vec<usize> = (0..all.len()).filter(|n| parent(*n).is_none()).collect();
    let mut at = 0;
    while let Some(n) = order.get(at).copied() {
        at += 1;
        if let Some((entry, says)) = all.get(n)
            && let Some(next) = following.get(&(says.resident, entry.key))
        {
            order.extend(next);
        }
    }
    let mut ends: Vec<usize> = (0..all.len()).collect();
    let stated = |n: usize| all.get(n).map(|(entry, _)| (entry.stated.at, entry.key));
    for n in order.into_iter().rev() {
        let (Some(end), Some(parent)) = (ends.get(n).copied(), parent(n)) else {
            continue;
        };
        if let Some(of_parent) = ends.get_mut(parent)
            && stated(end) > stated(*of_parent)
        {
            *of_parent = end;
        }
    }
    ends
}

/// Where a move brings a resident.
fn outcome(says: &Move) -> (Presence, Option<SpaceId>) {
    (Presence::after(says.what), says.bed)
}

/// Doses given to somebody who had left for good or died by then, each with the move that says so.
pub(super) fn doses_after_leaving(entries: &[Standing<'_>], orders: &[&Order]) -> Vec<Finding> {
    let mut histories: BTreeMap<ResidentId, Vec<(&Standing<'_>, &Move)>> = BTreeMap::new();
    for (entry, says) in moves(entries) {
        histories
            .entry(says.resident)
            .or_default()
            .push((entry, says));
    }
    for history in histories.values_mut() {
        history.sort_by_key(|(entry, _)| (entry.stated.at, entry.key));
    }
    let found = entries.iter().filter_map(|entry| {
        let (Fact::Dose(dose), Subject::Resident(resident)) = (entry.fact, entry.subject) else {
            return None;
        };
        let history = histories
            .get(&resident)
            .filter(|_| dose.not_given.is_none())?;
        let (presence, left) = census::at(history, entry.stated.at)?;
        let gone = matches!(presence, Presence::Discharged | Presence::Deceased);
        let (medicine, words) = doses::words_of(orders, &dose.slot);
        gone.then(|| Finding {
            kind: Kind::DoseAfterLeaving,
            subject: entry.subject,
            sides: keys([entry, left]),
            effect: Effect::GivenAfterLeaving {
                medicine,
                dose: words,
                presence,
                since: left.stated,
            },
        })
    });
    found.collect()
}

fn moves<'e, 'a>(
    entries: &'e [Standing<'a>],
) -> impl Iterator<Item = (&'e Standing<'a>, &'a Move)> {
    entries.iter().filter_map(|entry| match entry.fact {
        Fact::Move(says) => Some((entry, says)),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, followed, given, moved, order, stands};
    use super::super::{Gravity, find};
    use super::*;
    use crate::directory::MoveKind::{
        Admission, BedChange, Death, Discharge, LeaveBegins, LeaveEnds,
    };
    use crate::journal::NotGiven;

    const DAY: &str = "2026-11-21";

    fn of(bench: &Bench, kind: Kind) -> Vec<Finding> {
        let mut found = find(&bench.standing(), &[stands(&order(1, 1, "3 mg", true))]);
        found.retain(|finding| finding.kind == kind);
        found
    }

    #[test]
    fn two_moves_made_apart_contradict_when_they_end_in_two_places() {
        let mut bench = Bench::default();
        let first = bench.add(1, moved(1, Admission, Some(9)));
        let a = bench.add(20, followed(1, BedChange, Some(5), &first));
        assert_eq!(of(&bench, Kind::Whereabouts), []);
        let b = bench.add(10, followed(1, BedChange, Some(6), &first));
        let found = of(&bench, Kind::Whereabouts).pop().unwrap();
        assert_eq!(found.sides, [a.clone(), b.clone()]);
        assert_eq!(found.effect, Effect::NewestShown { newest: a.clone() });
        bench.take(&b);
        assert_eq!(of(&bench, Kind::Whereabouts), []);
        // The same bed twice, and a move that followed another, contradict nothing.
        bench.add(30, followed(1, BedChange, Some(5), &first));
        bench.add(40, followed(1, BedChange, Some(7), &a));
        assert_eq!(of(&bench, Kind::Whereabouts), []);
        bench.add(50, followed(1, Discharge, None, &first));
        assert_eq!(of(&bench, Kind::Whereabouts).len(), 1);
    }

    #[test]
    fn the_same_step_made_apart_contradicts_when_both_went_on_from_it_to_two_places() {
        let mut bench = Bench::default();
        let first = bench.add(1, moved(1, Admission, Some(9)));
        let a = bench.add(20, followed(1, LeaveBegins, None, &first));
        let b = bench.add(21, followed(1, LeaveBegins, None, &first));
        let back = bench.add(40, followed(1, LeaveEnds, None, &a));
        assert_eq!(of(&bench, Kind::Whereabouts), []);
        bench.add(30, followed(1, Death, None, &b));
        let found = of(&bench, Kind::Whereabouts).pop().unwrap();
        assert_eq!(found.sides, [a, b]);
        // Of one branch the end counts, not each step.
        bench.add(50, followed(1, Death, None, &back));
        assert_eq!(of(&bench, Kind::Whereabouts), []);
    }

    #[test]
    fn leaving_for_a_while_and_for_good_are_two_places() {
        let mut bench = Bench::default();
        let first = bench.add(1, moved(1, Admission, Some(9)));
        bench.add(20, followed(1, LeaveBegins, None, &first));
        bench.add(21, followed(1, Discharge, None, &first));
        assert_eq!(of(&bench, Kind::Whereabouts).len(), 1);
    }

    #[test]
    fn a_discharge_recorded_before_the_return_that_preceded_it_counts_where_it_happened() {
        let mut bench = Bench::default();
        bench.add(60, moved(1, Discharge, None));
        bench.add(1, moved(1, Admission, Some(9)));
        bench.add(50, given(1, DAY, Some("08:00")));
        assert_eq!(of(&bench, Kind::DoseAfterLeaving), []);
        bench.add(61, given(1, DAY, Some("20:00")));
        assert_eq!(of(&bench, Kind::DoseAfterLeaving).len(), 1);
    }

    #[test]
    fn moves_of_a_version_that_named_none_before_them_contradict_nothing() {
        let mut bench = Bench::default();
        bench.add(1, moved(1, BedChange, Some(5)));
        bench.add(2, moved(1, BedChange, Some(6)));
        assert_eq!(of(&bench, Kind::Whereabouts), []);
    }

    #[test]
    fn a_dose_given_to_somebody_who_had_left_is_named_with_the_move_that_says_so() {
        for (left, presence, gravity) in [
            (Discharge, Presence::Discharged, Gravity::Warning),
            (Death, Presence::Deceased, Gravity::Critical),
        ] {
            let mut bench = Bench::default();
            bench.add(1, moved(1, Admission, Some(9)));
            let before = bench.add(50, given(1, DAY, Some("08:00")));
            let gone = bench.add(60, moved(1, left, None));
            assert_eq!(of(&bench, Kind::DoseAfterLeaving), []);
            let after = bench.add(61, given(1, DAY, Some("20:00")));
            let found = of(&bench, Kind::DoseAfterLeaving).pop().unwrap();
            assert_eq!(found.sides, [gone.clone(), after.clone()]);
            assert_eq!(found.gravity(), gravity);
            let Effect::GivenAfterLeaving {
                medicine,
                dose,
                presence: said,
                ..
            } = found.effect
            else {
                panic!()
            };
            assert_eq!(
                (medicine.as_str(), dose.as_str(), said),
                ("Warfarin", "3 mg", presence)
            );
            assert!(before < gone);
        }
    }

    #[test]
    fn away_on_leave_back_again_or_not_given_is_no_dose_after_leaving() {
        let mut bench = Bench::default();
        bench.add(1, moved(1, Admission, Some(9)));
        bench.add(10, moved(1, LeaveBegins, None));
        bench.add(20, given(1, DAY, Some("08:00")));
        bench.add(30, moved(1, LeaveEnds, None));
        bench.add(40, moved(1, Discharge, None));
        let away = Some(NotGiven::Away);
        bench.add(
            45,
            super::super::samples::dose(1, 1, DAY, Some("12:00"), away),
        );
        bench.add(50, moved(1, Admission, Some(9)));
        bench.add(60, given(1, DAY, Some("20:00")));
        // Another resident's discharge is another's.
        bench.add(55, moved(2, Discharge, None));
        assert_eq!(of(&bench, Kind::DoseAfterLeaving), []);
    }

    #[test]
    fn of_two_moves_that_say_the_same_the_first_is_the_side() {
        let mut bench = Bench::default();
        let first = bench.add(10, moved(1, Discharge, None));
        bench.add(12, moved(1, Discharge, None));
        let after = bench.add(61, given(1, DAY, Some("20:00")));
        let found = of(&bench, Kind::DoseAfterLeaving);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].sides, [first, after]);
    }
}
