//! What can be decided about each kind of contradiction. The one table for engine and screens: two
//! answers to one question cannot both hold, whoever asks.

use super::Kind;
use crate::chart::Allergy;
use crate::entry::Fact;
use crate::meta::Decision;
use ids::EntryKey;

/// Whether all sides may be right.
const fn may_both_be(kind: Kind) -> bool {
    match kind {
        Kind::DoubleDose
        | Kind::DoseAfterLeaving
        | Kind::DoseAfterEnd
        | Kind::DoseOutOfTime
        | Kind::OrderedTwice
        | Kind::Bed => true,
        Kind::CodeStatus
        | Kind::AllergyNoneKnown
        | Kind::AllergySeverity
        | Kind::Order
        | Kind::SaturationScale
        | Kind::Identity
        | Kind::RecordNumber
        | Kind::Whereabouts
        | Kind::Register
        | Kind::Resolutions => false,
    }
}

/// Whether such an entry can be right where no side is. Of kinds whose sides are all that stand none
/// can: it would be a side.
const fn may_be_instead(kind: Kind, right: &Fact) -> bool {
    match kind {
        Kind::DoubleDose | Kind::DoseAfterEnd | Kind::DoseOutOfTime => {
            matches!(right, Fact::Dose(_))
        }
        Kind::DoseAfterLeaving => matches!(right, Fact::Dose(_) | Fact::Move(_)),
        Kind::Bed | Kind::Whereabouts => matches!(right, Fact::Move(_)),
        Kind::CodeStatus
        | Kind::AllergyNoneKnown
        | Kind::AllergySeverity
        | Kind::Order
        | Kind::OrderedTwice
        | Kind::SaturationScale
        | Kind::Identity
        | Kind::RecordNumber
        | Kind::Register
        | Kind::Resolutions => false,
    }
}

/// Whether a kind can be decided so at all. A decision that it does not have decides nothing, whoever
/// made it: no code status goes by "none of these".
pub(super) const fn has(kind: Kind, decision: &Decision) -> bool {
    match decision {
        Decision::Both => may_both_be(kind),
        Decision::Only(_) => true,
        Decision::Neither(_) => match kind {
            Kind::DoubleDose
            | Kind::DoseAfterLeaving
            | Kind::DoseAfterEnd
            | Kind::DoseOutOfTime
            | Kind::Bed
            | Kind::Whereabouts => true,
            Kind::CodeStatus
            | Kind::AllergyNoneKnown
            | Kind::AllergySeverity
            | Kind::Order
            | Kind::OrderedTwice
            | Kind::SaturationScale
            | Kind::Identity
            | Kind::RecordNumber
            | Kind::Register
            | Kind::Resolutions => false,
        },
    }
}

/// Whether this side alone may be right. That a dose is, and not its order's times, says nothing.
const fn may_be_right(kind: Kind, side: &Fact) -> bool {
    !matches!((kind, side), (Kind::DoseOutOfTime, Fact::Dose(_)))
}

/// The decisions to choose from, in the order of the sides.
pub fn choices(kind: Kind, sides: &[(&EntryKey, &Fact)]) -> Vec<Decision> {
    let both = may_both_be(kind).then_some(Decision::Both);
    let is_allergy = |fact: &Fact| matches!(fact, Fact::Allergy(Allergy::To(_)));
    // Beside "none known", allergies are not in question: one choice stands for them all.
    let mut allergy_offered = false;
    let only = sides.iter().filter_map(|(key, fact)| {
        let again = kind == Kind::AllergyNoneKnown && is_allergy(fact) && allergy_offered;
        allergy_offered |= is_allergy(fact);
        (may_be_right(kind, fact) && !again).then(|| Decision::Only((*key).clone()))
    });
    both.into_iter().chain(only).collect()
}

/// Whether a decision is one of this kind's. `instead`: what the entry says that is right where no
/// side is, if it stands and is about whom a side is about; it must be one that a side could have been.
pub fn allows(
    kind: Kind,
    decision: &Decision,
    sides: &[(&EntryKey, &Fact)],
    instead: Option<&Fact>,
) -> bool {
    match decision {
        Decision::Both => may_both_be(kind),
        Decision::Neither(right) => {
            instead.is_some_and(|fact| may_be_instead(kind, fact))
                && sides.iter().all(|(key, _)| *key != right)
        }
        Decision::Only(right) => sides
            .iter()
            .any(|(key, fact)| *key == right && may_be_right(kind, fact)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, allergic, code, given, moved, none_known, note, order};
    use super::*;
    use crate::chart::CodeStatusChoice::{ComfortOnly, FullTreatment};
    use crate::directory::MoveKind::Discharge;

    fn sides(facts: &[Fact]) -> Vec<(EntryKey, Fact)> {
        let mut bench = Bench::default();
        facts
            .iter()
            .map(|fact| (bench.add(1, fact.clone()), fact.clone()))
            .collect()
    }

    fn borrowed(sides: &[(EntryKey, Fact)]) -> Vec<(&EntryKey, &Fact)> {
        sides.iter().map(|(key, fact)| (key, fact)).collect()
    }

    #[test]
    fn two_answers_to_one_question_cannot_both_hold() {
        let two = sides(&[code(FullTreatment, None), code(ComfortOnly, None)]);
        let two = borrowed(&two);
        assert!(!allows(Kind::CodeStatus, &Decision::Both, &two, None));
        let only: Vec<_> = two
            .iter()
            .map(|(k, _)| Decision::Only((*k).clone()))
            .collect();
        assert_eq!(choices(Kind::CodeStatus, &two), only);
        assert!(
            only.iter()
                .all(|one| allows(Kind::CodeStatus, one, &two, None))
        );
        let elsewhere = Decision::Only(EntryKey::from_parts(ids::UnixMillis(9), [9; 10]));
        assert!(!allows(Kind::CodeStatus, &elsewhere, &two, None));
    }

    #[test]
    fn both_doses_may_have_been_given() {
        let two = sides(&[
            given(1, "2026-11-21", Some("08:00")),
            given(1, "2026-11-21", Some("08:00")),
        ]);
        assert_eq!(choices(Kind::DoubleDose, &borrowed(&two)).len(), 3);
    }

    #[test]
    fn none_of_them_is_right_only_where_another_could_have_been_a_side() {
        let elsewhere = EntryKey::from_parts(ids::UnixMillis(9), [9; 10]);
        let neither = Decision::Neither(elsewhere);
        let two = sides(&[code(FullTreatment, None), code(ComfortOnly, None)]);
        for instead in [code(FullTreatment, None), note("see the folder")] {
            assert!(!allows(
                Kind::CodeStatus,
                &neither,
                &borrowed(&two),
                Some(&instead)
            ));
        }
        let eight = given(1, "2026-11-21", Some("08:00"));
        let two = sides(&[eight.clone(), eight]);
        let may =
            |instead: Option<&Fact>| allows(Kind::DoubleDose, &neither, &borrowed(&two), instead);
        assert!(may(Some(&given(1, "2026-11-21", Some("20:00")))));
        assert!(!may(Some(&note("neither"))));
        assert!(!may(None));
        for kind in Kind::ALL {
            let other = may_be_instead(kind, &given(1, "2026-11-21", None))
                || may_be_instead(kind, &moved(1, Discharge, None));
            assert_eq!(has(kind, &neither), other, "{kind:?}");
        }
    }

    #[test]
    fn allergies_beside_none_known_are_one_choice() {
        let three = sides(&[none_known(), allergic("penicillin"), allergic("latex")]);
        let offered = choices(Kind::AllergyNoneKnown, &borrowed(&three));
        assert_eq!(offered.len(), 2);
        let last = Decision::Only(three[2].0.clone());
        assert!(allows(
            Kind::AllergyNoneKnown,
            &last,
            &borrowed(&three),
            None
        ));
    }

    #[test]
    fn a_dose_out_of_time_was_given_then_or_not_at_all() {
        let two = sides(&[
            given(1, "2026-11-21", Some("08:00")),
            Fact::Order(order(1, 1, "3 mg", false)),
        ]);
        let expect = [Decision::Both, Decision::Only(two[1].0.clone())];
        assert_eq!(choices(Kind::DoseOutOfTime, &borrowed(&two)), expect);
    }

    #[test]
    fn what_both_may_be_right_about_is_what_the_record_model_says() {
        let not_both = [
            Kind::CodeStatus,
            Kind::AllergyNoneKnown,
            Kind::AllergySeverity,
            Kind::Order,
            Kind::SaturationScale,
            Kind::Identity,
            Kind::RecordNumber,
            Kind::Whereabouts,
            Kind::Register,
            Kind::Resolutions,
        ];
        for kind in Kind::ALL {
            let both = allows(kind, &Decision::Both, &[], None);
            assert_eq!(both, !not_both.contains(&kind), "{kind:?}");
        }
    }

    #[test]
    fn none_of_them_is_none_of_the_sides_and_a_dose_out_of_time_is_not_right_alone() {
        let two = sides(&[
            given(1, "2026-11-21", Some("08:00")),
            Fact::Order(order(1, 1, "3 mg", false)),
        ]);
        let two = borrowed(&two);
        let instead = given(1, "2026-11-21", Some("20:00"));
        let may = |decision| allows(Kind::DoseOutOfTime, &decision, &two, Some(&instead));
        assert!(!may(Decision::Only(two[0].0.clone())) && may(Decision::Only(two[1].0.clone())));
        let elsewhere = EntryKey::from_parts(ids::UnixMillis(9), [9; 10]);
        assert!(may(Decision::Neither(elsewhere)));
        for (side, _) in &two {
            assert!(!may(Decision::Neither((*side).clone())));
        }
    }
}
