//! Contradictions of meaning, as pure rules over the entries that stand: what contradicts what,
//! and what follows from it until a person decides.
//!
//! An entry *stands* when nothing supersedes or strikes it. No rule hides an entry, and none picks
//! a winner: an [`Effect`] says how to act meanwhile, on the cautious side.
//!
//! Invariant: the findings depend on the set of standing entries alone, not on their order or on
//! where they were entered, so every tablet that has the same entries shows the same list.

mod as_needed;
mod beds;
mod choices;
mod decisions;
mod doses;
mod moves;
mod orders;
mod out_of_time;
mod registers;
#[cfg(test)]
pub(crate) mod samples;
mod twice;
mod versions;

pub use as_needed::{AS_NEEDED_APART_MS, Given, Together, as_needed_groups, with_those_given};
pub use choices::{allows, choices};
pub use decisions::{State, state};
pub use out_of_time::{FAR_AFTER_MS, FAR_BEFORE_MS, is_out_of_time};
pub use twice::{TWIN_APART_MINUTES, Twin, slot_meant, twins};

use crate::census::Presence;
use crate::chart::{CodeStatusChoice, Order, OrderId, Severity};
use crate::directory::{Date, TimeOfDay};
use crate::entry::{Fact, ResidentId, SpaceId, Subject};
use crate::journal::{NotGiven, SaturationScale};
use crate::runs::End;
use crate::slots::Version;
use ids::{DeviceId, EntryKey, StatedInstant};
use serde::{Deserialize, Serialize};

/// An entry that stands.
#[derive(Clone, Copy, Debug)]
pub struct Standing<'a> {
    /// Its key.
    pub key: &'a EntryKey,
    /// Whom or what it is about.
    pub subject: Subject,
    /// When it happened, as stated.
    pub stated: StatedInstant,
    /// What it says.
    pub fact: &'a Fact,
    /// The entry that it began with: of an order its first version, of all else itself.
    pub first: First<'a>,
}

/// The first version of an order, whatever became of it. Of the accepted versions that is the one with
/// the least number, of those with the least key.
#[derive(Clone, Copy, Debug)]
pub struct First<'a> {
    /// Its key.
    pub key: &'a EntryKey,
    /// On which device it was entered.
    pub device: DeviceId,
    /// When, as stated.
    pub stated: StatedInstant,
}

/// Kinds of contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Two doses for one slot of which at least one was given.
    DoubleDose,
    /// Two code statuses.
    CodeStatus,
    /// An allergy beside "none known".
    AllergyNoneKnown,
    /// One substance, two severities.
    AllergySeverity,
    /// A dose given after its resident had left for good or died.
    DoseAfterLeaving,
    /// A dose given after the last day of its order.
    DoseAfterEnd,
    /// Versions of one order that differ and all stand.
    Order,
    /// A dose given hours away from its slot, without a word why.
    DoseOutOfTime,
    /// Two decisions on the saturation scale.
    SaturationScale,
    /// Two identities that differ.
    Identity,
    /// Two residents with one record number.
    RecordNumber,
    /// Two residents in one bed.
    Bed,
    /// Moves made apart that bring one resident to two places.
    Whereabouts,
    /// Two values of a plain register that differ.
    Register,
    /// Two different decisions on one contradiction.
    Resolutions,
    /// One medicine ordered twice, on two tablets.
    OrderedTwice,
}

impl Kind {
    /// All.
    pub const ALL: [Kind; 16] = [
        Kind::DoubleDose,
        Kind::CodeStatus,
        Kind::AllergyNoneKnown,
        Kind::AllergySeverity,
        Kind::DoseAfterLeaving,
        Kind::DoseAfterEnd,
        Kind::Order,
        Kind::DoseOutOfTime,
        Kind::SaturationScale,
        Kind::Identity,
        Kind::RecordNumber,
        Kind::Bed,
        Kind::Whereabouts,
        Kind::Register,
        Kind::Resolutions,
        Kind::OrderedTwice,
    ];

    /// Its name in ids. Fixed for ever.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::DoubleDose => "double_dose",
            Kind::CodeStatus => "code_status",
            Kind::AllergyNoneKnown => "allergy_none_known",
            Kind::AllergySeverity => "allergy_severity",
            Kind::DoseAfterLeaving => "dose_after_leaving",
            Kind::DoseAfterEnd => "dose_after_end",
            Kind::Order => "order",
            Kind::DoseOutOfTime => "dose_out_of_time",
            Kind::SaturationScale => "saturation_scale",
            Kind::Identity => "identity",
            Kind::RecordNumber => "record_number",
            Kind::Bed => "bed",
            Kind::Whereabouts => "whereabouts",
            Kind::Register => "register",
            Kind::Resolutions => "resolutions",
            Kind::OrderedTwice => "ordered_twice",
        }
    }
}

/// How dangerous a contradiction is while it waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gravity {
    /// To tidy up.
    Note,
    /// To look at this shift.
    Warning,
    /// Someone may come to harm: now.
    Critical,
}

/// What follows from a contradiction until it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// If all that say so are right, this was given.
    DosesGiven {
        /// The order.
        order: OrderId,
        /// The medicine; empty while the order has not arrived here.
        medicine: String,
        /// The dose in words, of the newest version charted; empty while it has not arrived.
        dose: String,
        /// How many say "given".
        count: u32,
        /// The total in words, when it can be told, e.g. `6 mg`.
        total: Option<String>,
        /// Why not, when one says "not given" (the first stated, if several do).
        disagree: Option<NotGiven>,
        /// Whether any version is of a high-alert medicine.
        high_alert: bool,
        /// Local date of the slot.
        date: Date,
        /// Local time of the slot; `None` for a dose as needed.
        time: Option<TimeOfDay>,
    },
    /// Everyone acts on this, the most treatment of those that stand.
    ActsAs {
        /// The choice.
        choice: CodeStatusChoice,
    },
    /// The allergies count; "none known" does not.
    AllergyCounts {
        /// The substances, in order, each once.
        substances: Vec<String>,
    },
    /// The allergy counts as the worst that was said.
    SeverityCounts {
        /// The substance, as first entered.
        substance: String,
        /// The worst severity.
        severity: Severity,
    },
    /// The resident is shown as gone, and the dose as given.
    GivenAfterLeaving {
        /// The medicine; empty while the order has not arrived here.
        medicine: String,
        /// The dose in words; empty while the order has not arrived.
        dose: String,
        /// Discharged or deceased.
        presence: Presence,
        /// When that began.
        since: StatedInstant,
    },
    /// The order is shown as ended, and the dose as given.
    GivenAfterEnd {
        /// The order.
        order: OrderId,
        /// The medicine.
        medicine: String,
        /// The dose in words.
        dose: String,
        /// Whether it is a high-alert medicine.
        high_alert: bool,
        /// When the order ended.
        ended: End,
        /// Local date of the slot.
        date: Date,
        /// Local time of the slot; `None` for a dose as needed.
        time: Option<TimeOfDay>,
    },
    /// All versions are shown, each with its times. Whoever gives a dose is asked first.
    VersionsDiffer {
        /// The order.
        order: OrderId,
        /// The medicine, of the newest.
        medicine: String,
        /// The first end among them, if one ends it.
        ends: Option<End>,
        /// Whether any is of a high-alert medicine.
        high_alert: bool,
    },
    /// The dose is shown as given in its slot.
    GivenOutOfTime {
        /// The medicine.
        medicine: String,
        /// The dose in words.
        dose: String,
        /// Whether it is a high-alert medicine.
        high_alert: bool,
        /// When it was given, as stated.
        given: StatedInstant,
        /// Local date of the slot.
        date: Date,
        /// Local time of the slot.
        time: TimeOfDay,
    },
    /// Sets are scored on this scale.
    ScaleCounts {
        /// The scale.
        scale: SaturationScale,
    },
    /// The number finds all of them.
    NumberShared {
        /// The record number.
        number: String,
        /// Who has it, ascending.
        residents: Vec<ResidentId>,
    },
    /// The bed is shown with all of them.
    BedShared {
        /// The bed.
        bed: SpaceId,
        /// Who is in it, ascending.
        residents: Vec<ResidentId>,
    },
    /// The newest is shown, the others beside it.
    NewestShown {
        /// The newest.
        newest: EntryKey,
    },
    /// By one of them the resident has died, by another not. The newest is shown until it is decided.
    DeathApart {
        /// The newest.
        newest: EntryKey,
    },
    /// Both are due. Whoever gives a dose of either is asked first.
    OrderedTwice {
        /// The medicine, of the newest.
        medicine: String,
        /// Whether any is of a high-alert medicine.
        high_alert: bool,
    },
    /// The contradiction between these entries counts as not decided.
    StillOpen {
        /// The entries.
        of: Vec<EntryKey>,
    },
}

/// One contradiction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind.
    pub kind: Kind,
    /// Whom or what it is about, as its sides say.
    pub subject: Subject,
    /// The entries that contradict each other, ascending, at least two. Of orders of one medicine their
    /// first versions, so that a change of one is no other contradiction.
    pub sides: Vec<EntryKey>,
    /// What follows.
    pub effect: Effect,
}

impl Finding {
    /// What its stable id is a hash of: the kind's name, a zero byte, and the keys ascending. A
    /// side more is another contradiction.
    pub fn identity(&self) -> Vec<u8> {
        let mut bytes = self.kind.name().as_bytes().to_vec();
        bytes.push(0);
        for key in &self.sides {
            bytes.extend_from_slice(key.as_str().as_bytes());
        }
        bytes
    }

    /// How dangerous it is while it waits.
    pub fn gravity(&self) -> Gravity {
        match (&self.kind, &self.effect) {
            (
                Kind::DoubleDose,
                Effect::DosesGiven {
                    count, high_alert, ..
                },
            ) => {
                if *count > 1 || *high_alert {
                    Gravity::Critical
                } else {
                    Gravity::Warning
                }
            }
            (Kind::DoubleDose | Kind::CodeStatus | Kind::AllergyNoneKnown, _)
            | (Kind::Whereabouts, Effect::DeathApart { .. }) => Gravity::Critical,
            (
                Kind::DoseAfterLeaving,
                Effect::GivenAfterLeaving {
                    presence: Presence::Deceased,
                    ..
                },
            )
            | (
                Kind::DoseAfterEnd,
                Effect::GivenAfterEnd {
                    high_alert: true, ..
                },
            )
            | (
                Kind::Order,
                Effect::VersionsDiffer {
                    high_alert: true, ..
                },
            )
            | (
                Kind::OrderedTwice,
                Effect::OrderedTwice {
                    high_alert: true, ..
                },
            )
            | (
                Kind::DoseOutOfTime,
                Effect::GivenOutOfTime {
                    high_alert: true, ..
                },
            ) => Gravity::Critical,
            (
                Kind::AllergySeverity
                | Kind::DoseAfterLeaving
                | Kind::DoseAfterEnd
                | Kind::Order
                | Kind::OrderedTwice
                | Kind::DoseOutOfTime
                | Kind::SaturationScale
                | Kind::Identity
                | Kind::RecordNumber
                | Kind::Bed
                | Kind::Whereabouts
                | Kind::Resolutions,
                _,
            ) => Gravity::Warning,
            (Kind::Register, _) => Gravity::Note,
        }
    }
}

/// All contradictions among the entries that stand, most dangerous first, then by kind and sides.
/// `versions`: all that are known of the orders of whom the doses are about, replaced and struck
/// ones too. An entry given twice counts once.
pub fn find(standing: &[Standing<'_>], versions: &[Version<'_>]) -> Vec<Finding> {
    let orders: Vec<&Order> = versions.iter().map(|version| version.order).collect();
    let mut entries = standing.to_vec();
    entries.sort_by_key(|entry| entry.key);
    entries.dedup_by_key(|entry| entry.key);
    let mut findings = doses::double_doses(&entries, versions);
    findings.extend(registers::code_statuses(&entries));
    findings.extend(registers::allergies(&entries));
    findings.extend(registers::identities(&entries));
    findings.extend(registers::plain(&entries));
    findings.extend(registers::severities(&entries));
    findings.extend(registers::record_numbers(&entries));
    findings.extend(beds::shared(&entries));
    findings.extend(moves::apart(&entries));
    findings.extend(moves::doses_after_leaving(&entries, &orders));
    findings.extend(orders::doses_after_end(&entries, &orders));
    findings.extend(versions::differing(&entries));
    findings.extend(twice::ordered(&entries));
    findings.extend(out_of_time::doses(&entries));
    findings.extend(registers::scales(&entries));
    let disputes = decisions::disputes(&entries, &findings);
    findings.extend(disputes);
    findings.sort_by(|a, b| {
        let order = b.gravity().cmp(&a.gravity()).then(a.kind.cmp(&b.kind));
        order.then_with(|| a.sides.cmp(&b.sides))
    });
    findings
}

/// The keys of entries, ascending.
fn keys<'a>(entries: impl IntoIterator<Item = &'a Standing<'a>>) -> Vec<EntryKey> {
    let mut keys: Vec<EntryKey> = entries.into_iter().map(|entry| entry.key.clone()).collect();
    keys.sort_unstable();
    keys
}

#[cfg(test)]
mod tests {
    use super::samples::{Bench, given, moved, note};
    use super::*;
    use crate::directory::MoveKind;
    use proptest::prelude::*;

    #[test]
    fn a_kind_has_one_name_in_ids_and_on_the_screen() {
        for kind in Kind::ALL {
            let said = serde_json::to_value(kind).unwrap();
            assert_eq!(said, kind.name());
        }
    }

    #[test]
    fn a_stable_id_does_not_depend_on_the_order_of_arrival() {
        let mut bench = Bench::default();
        bench.add(100, given(1, "2026-11-21", Some("08:00")));
        bench.add(105, given(1, "2026-11-21", Some("08:00")));
        let forwards = find(&bench.standing(), &[]);
        let mut standing = bench.standing();
        standing.reverse();
        assert_eq!(find(&standing, &[]), forwards);
        assert_eq!(forwards.len(), 1);
        let identity = forwards.first().unwrap().identity();
        assert!(identity.starts_with(b"double_dose\0"));
        assert_eq!(identity.len(), "double_dose\0".len() + 2 * EntryKey::LEN);
    }

    #[test]
    fn the_most_dangerous_stands_first() {
        let mut bench = Bench::default();
        bench.add(10, moved(1, MoveKind::Admission, Some(1)));
        bench.add(11, moved(2, MoveKind::Admission, Some(1)));
        bench.add(100, given(1, "2026-11-21", Some("08:00")));
        bench.add(105, given(1, "2026-11-21", Some("08:00")));
        bench.add(110, note("slept well"));
        let kinds: Vec<_> = find(&bench.standing(), &[])
            .iter()
            .map(|f| f.kind)
            .collect();
        assert_eq!(kinds, [Kind::DoubleDose, Kind::Bed]);
    }

    #[test]
    fn an_entry_given_twice_does_not_contradict_itself() {
        let mut bench = Bench::default();
        bench.add(100, given(1, "2026-11-21", Some("08:00")));
        bench.add(110, note("slept well"));
        let twice = [bench.standing(), bench.standing()].concat();
        assert_eq!(find(&twice, &[]), []);
    }

    proptest! {
        #[test]
        fn findings_depend_on_the_set_alone(
            picks in proptest::collection::vec((0u8..6, 1u8..3, 0i64..100), 0..24),
            turn in 0usize..24,
        ) {
            let mut bench = Bench::default();
            for (what, who, at) in picks {
                bench.add(at, match what {
                    0 => given(who, "2026-11-21", Some("08:00")),
                    1 => given(who, "2026-11-21", None),
                    2 => moved(who, MoveKind::Admission, Some(1)),
                    3 => moved(who, MoveKind::Discharge, None),
                    4 => samples::none_known(),
                    _ => samples::allergic("penicillin"),
                });
            }
            let findings = find(&bench.standing(), &[]);
            let mut turned = bench.standing();
            let turn = turn.min(turned.len());
            turned.rotate_left(turn);
            prop_assert_eq!(&find(&turned, &[]), &findings);
            for finding in &findings {
                prop_assert!(finding.sides.len() > 1);
                prop_assert!(finding.sides.is_sorted());
            }
        }
    }
}
