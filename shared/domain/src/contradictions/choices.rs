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
        | Kind::Identity
        | Kind::Bed
        | Kind::Register => true,
        Kind::CodeStatus
        | Kind::AllergyNoneKnown
        | Kind::AllergySeverity
        | Kind::Order
        | Kind::SaturationScale
        | Kind::RecordNumber
        | Kind::Whereabouts
        | Kind::Resolutions => false,
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

/// Whether a decision is one of this kind's. That none of the sides is right can be said of any:
/// the entry that is must then be one the sides could have been.
pub fn allows(kind: Kind, decision: &Decision, sides: &[(&EntryKey, &Fact)]) -> bool {
    match decision {
        Decision::Both => may_both_be(kind),
        Decision::Neither(right) => sides.iter().all(|(key, _)| *key != right),
        Decision::Only(right) => sides
            .iter()
            .any(|(key, fact)| *key == right && may_be_right(kind, fact)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{Bench, allergic, code, given, none_known, order};
    use super::*;
    use crate::chart::CodeStatusChoice::{ComfortOnly, FullTreatment};

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
        assert!(!allows(Kind::CodeStatus, &Decision::Both, &two));
        let only: Vec<_> = two
            .iter()
            .map(|(k, _)| Decision::Only((*k).clone()))
            .collect();
        assert_eq!(choices(Kind::CodeStatus, &two), only);
        assert!(only.iter().all(|one| allows(Kind::CodeStatus, one, &two)));
        let elsewhere = Decision::Only(EntryKey::from_parts(ids::UnixMillis(9), [9; 10]));
        assert!(!allows(Kind::CodeStatus, &elsewhere, &two));
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
    fn allergies_beside_none_known_are_one_choice() {
        let three = sides(&[none_known(), allergic("penicillin"), allergic("latex")]);
        let offered = choices(Kind::AllergyNoneKnown, &borrowed(&three));
        assert_eq!(offered.len(), 2);
        let last = Decision::Only(three[2].0.clone());
        assert!(allows(Kind::AllergyNoneKnown, &last, &borrowed(&three)));
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
            Kind::RecordNumber,
            Kind::Whereabouts,
            Kind::Resolutions,
        ];
        for kind in Kind::ALL {
            let both = allows(kind, &Decision::Both, &[]);
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
        let may = |decision| allows(Kind::DoseOutOfTime, &decision, &two);
        assert!(!may(Decision::Only(two[0].0.clone())) && may(Decision::Only(two[1].0.clone())));
        let elsewhere = EntryKey::from_parts(ids::UnixMillis(9), [9; 10]);
        assert!(may(Decision::Neither(elsewhere)));
        for (side, _) in &two {
            assert!(!may(Decision::Neither((*side).clone())));
        }
    }
}
