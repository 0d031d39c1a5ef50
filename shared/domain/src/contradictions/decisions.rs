//! Decisions: which contradictions a person has decided, and decisions that differ.
//!
//! A resolution covers exactly the entries it names. A side more or less is another contradiction,
//! and waits: that is how a fact that arrives later reopens one.

use super::{Effect, Finding, Kind, Standing, choices, keys};
use crate::entry::Fact;
use crate::meta::{Decision, Resolution};
use ids::EntryKey;
use std::collections::{BTreeMap, BTreeSet};

/// How far a contradiction is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has decided.
    Waiting,
    /// Decided.
    Decided {
        /// The resolutions that say so, ascending.
        by: Vec<EntryKey>,
        /// What they say.
        decision: Decision,
    },
    /// Two decisions differ: a contradiction of its own ([`Kind::Resolutions`]), in whose place
    /// this one does not wait.
    Disputed {
        /// The resolutions, ascending.
        by: Vec<EntryKey>,
    },
}

/// How far a contradiction is, by the resolutions among the entries that stand. A decision that its
/// kind does not have counts for none.
pub fn state(finding: &Finding, standing: &[Standing<'_>]) -> State {
    let all = by_sides(standing);
    decided(finding.kind, &finding.sides, &all, DISPUTES_DEEP)
}

/// How many disputes about disputes are followed. Keys are hashes over what an entry says, so no
/// circle of resolutions can be made; this bound holds all the same.
const DISPUTES_DEEP: u32 = 8;

/// Contradictions among these that have two different decisions, and decisions on decisions.
pub(super) fn disputes<'a>(entries: &'a [Standing<'a>], findings: &[Finding]) -> Vec<Finding> {
    let mut kinds: BTreeMap<&[EntryKey], Vec<Kind>> = BTreeMap::new();
    for finding in findings {
        let of = kinds.entry(finding.sides.as_slice()).or_default();
        of.push(finding.kind);
    }
    let made_here = |entry: &&Standing<'_>| matches!(entry.fact, Fact::Resolution(_));
    let resolutions: BTreeSet<&EntryKey> = entries
        .iter()
        .filter(made_here)
        .map(|entry| entry.key)
        .collect();
    let counts = |of: &[EntryKey], decision: &Decision| match kinds.get(of) {
        Some(kinds) => kinds.iter().any(|kind| choices::has(*kind, decision)),
        None => {
            let on_decisions = of.iter().all(|key| resolutions.contains(key));
            !on_decisions || choices::has(Kind::Resolutions, decision)
        }
    };
    let found = by_sides(entries).into_iter().filter_map(|(of, mut made)| {
        made.retain(|(_, says)| counts(&of, &says.decision));
        let (first, says) = made.first()?;
        made.iter()
            .any(|(_, other)| other.decision != says.decision)
            .then(|| Finding {
                kind: Kind::Resolutions,
                subject: first.subject,
                sides: keys(made.iter().map(|(entry, _)| *entry)),
                effect: Effect::StillOpen { of },
            })
    });
    found.collect()
}

type Made<'a> = Vec<(&'a Standing<'a>, &'a Resolution)>;

/// Resolutions by the set of entries they cover.
fn by_sides<'a>(entries: &'a [Standing<'a>]) -> BTreeMap<Vec<EntryKey>, Made<'a>> {
    let mut all: BTreeMap<Vec<EntryKey>, Made<'a>> = BTreeMap::new();
    for entry in entries {
        if let Fact::Resolution(says) = entry.fact {
            // Ascending, each once: else the resolution is withheld (`verdict`).
            all.entry(says.of.clone()).or_default().push((entry, says));
        }
    }
    all
}

fn decided(
    kind: Kind,
    sides: &[EntryKey],
    all: &BTreeMap<Vec<EntryKey>, Made<'_>>,
    deep: u32,
) -> State {
    let mut made = all.get(sides).cloned().unwrap_or_default();
    made.retain(|(_, says)| choices::has(kind, &says.decision));
    let by = keys(made.iter().map(|(entry, _)| *entry));
    let Some((_, says)) = made.first() else {
        return State::Waiting;
    };
    if made
        .iter()
        .all(|(_, other)| other.decision == says.decision)
    {
        return State::Decided {
            by,
            decision: says.decision.clone(),
        };
    }
    // A dispute is itself decided by naming one of its resolutions.
    let above = deep.checked_sub(1).map_or(State::Waiting, |deep| {
        decided(Kind::Resolutions, &by, all, deep)
    });
    let settled = match above {
        State::Decided {
            decision: Decision::Only(right),
            ..
        } => made.iter().find(|(entry, _)| *entry.key == right),
        State::Decided {
            decision: Decision::Both | Decision::Neither(_),
            ..
        }
        | State::Waiting
        | State::Disputed { .. } => None,
    };
    match settled {
        Some((entry, says)) => State::Decided {
            by: vec![entry.key.clone()],
            decision: says.decision.clone(),
        },
        None => State::Disputed { by },
    }
}

#[cfg(test)]
mod tests {
    use super::super::find;
    use super::super::samples::{Bench, allergic, decided, none_known};
    use super::*;

    /// "None known" beside penicillin, and both keys.
    fn contradicted() -> (Bench, [EntryKey; 2]) {
        let mut bench = Bench::default();
        let none = bench.add(1, none_known());
        let penicillin = bench.add(2, allergic("penicillin"));
        (bench, [none, penicillin])
    }

    fn of(bench: &Bench, kind: Kind) -> (Finding, State) {
        let standing = bench.standing();
        let mut findings = find(&standing, &[]);
        findings.retain(|finding| finding.kind == kind);
        let finding = findings.pop().unwrap();
        let state = state(&finding, &standing);
        (finding, state)
    }

    #[test]
    fn a_decision_settles_and_hides_nothing() {
        let (mut bench, sides) = contradicted();
        assert_eq!(of(&bench, Kind::AllergyNoneKnown).1, State::Waiting);
        let decision = Decision::Only(sides[1].clone());
        let by = bench.add(3, decided(&sides, decision.clone()));
        let (finding, state) = of(&bench, Kind::AllergyNoneKnown);
        assert_eq!(
            state,
            State::Decided {
                by: vec![by],
                decision
            }
        );
        assert_eq!(finding.sides.len(), 2);
    }

    #[test]
    fn a_fact_that_arrives_later_reopens() {
        let (mut bench, sides) = contradicted();
        bench.add(3, decided(&sides, Decision::Only(sides[1].clone())));
        bench.add(4, allergic("latex"));
        assert_eq!(of(&bench, Kind::AllergyNoneKnown).1, State::Waiting);
    }

    #[test]
    fn two_equal_decisions_agree_and_two_different_ones_are_a_contradiction() {
        let (mut bench, sides) = contradicted();
        let decision = Decision::Only(sides[1].clone());
        bench.add(3, decided(&sides, decision.clone()));
        bench.add(4, decided(&sides, decision.clone()));
        assert!(matches!(
            of(&bench, Kind::AllergyNoneKnown).1,
            State::Decided { .. }
        ));
        assert!(
            find(&bench.standing(), &[])
                .iter()
                .all(|f| f.kind != Kind::Resolutions)
        );

        let none = Decision::Only(sides[0].clone());
        let other = bench.add(5, decided(&sides, none.clone()));
        assert!(matches!(
            of(&bench, Kind::AllergyNoneKnown).1,
            State::Disputed { .. }
        ));
        let (dispute, state) = of(&bench, Kind::Resolutions);
        assert_eq!((dispute.sides.len(), state), (3, State::Waiting));

        bench.add(6, decided(&dispute.sides, Decision::Only(other.clone())));
        let expect = State::Decided {
            by: vec![other],
            decision: none,
        };
        assert_eq!(of(&bench, Kind::AllergyNoneKnown).1, expect);
        assert!(matches!(
            of(&bench, Kind::Resolutions).1,
            State::Decided { .. }
        ));
    }

    #[test]
    fn a_decision_that_its_kind_does_not_have_decides_nothing_and_disputes_nothing() {
        let (mut bench, sides) = contradicted();
        let note = bench.add(3, super::super::samples::note("asked the daughter"));
        bench.add(4, decided(&sides, Decision::Both));
        bench.add(5, decided(&sides, Decision::Neither(note)));
        assert_eq!(of(&bench, Kind::AllergyNoneKnown).1, State::Waiting);
        let decision = Decision::Only(sides[1].clone());
        bench.add(6, decided(&sides, decision));
        let decided = of(&bench, Kind::AllergyNoneKnown).1;
        assert!(matches!(decided, State::Decided { .. }));
        let disputes = find(&bench.standing(), &[]);
        assert!(disputes.iter().all(|f| f.kind != Kind::Resolutions));
    }

    #[test]
    fn a_struck_decision_decides_nothing() {
        let (mut bench, sides) = contradicted();
        let by = bench.add(3, decided(&sides, Decision::Only(sides[0].clone())));
        bench.take(&by);
        assert_eq!(of(&bench, Kind::AllergyNoneKnown).1, State::Waiting);
    }

    #[test]
    fn resolutions_in_a_circle_end() {
        let mut bench = Bench::default();
        let a = EntryKey::from_parts(ids::UnixMillis(1_000), [0; 10]);
        let b = EntryKey::from_parts(ids::UnixMillis(1_001), [1; 10]);
        let pair = [a.clone(), b.clone()];
        assert_eq!(bench.add(1, decided(&pair, Decision::Only(a.clone()))), a);
        assert_eq!(bench.add(2, decided(&pair, Decision::Only(b.clone()))), b);
        assert!(matches!(
            of(&bench, Kind::Resolutions).1,
            State::Disputed { .. }
        ));
    }
}
