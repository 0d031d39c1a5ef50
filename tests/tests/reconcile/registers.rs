//! Contradictions within a register: severities, and what decisions are for.

use crate::{chart, contradictions, decide, house, meet, only, row, side, status};
use domain::chart::{Allergy, AllergyTo, CodeStatusChoice, Severity};
use domain::entry::Fact;
use domain::meta::Decision;
use ids::EntryKey;
use interface::{Alert, Command, ContradictionKind, Effect, Gravity, Refusal};
use lamplight_tests::harness::{Outcome, World};

#[test]
fn one_substance_of_two_severities_counts_as_the_worst_until_it_is_decided() {
    let penicillin = |resident, severity| Command::RecordAllergy {
        resident,
        allergy: Allergy::To(AllergyTo {
            substance: "Penicillin".into(),
            reaction: None,
            severity: Some(severity),
            source: None,
        }),
        at: None,
    };
    let work = |world: &mut World| {
        let resident = world.residents[0];
        let none_known = chart(world, 1, resident).allergies[0].by.entry.clone();
        let reason = "was never asked".to_owned();
        world.saved(
            1,
            Command::Strike {
                entry: none_known,
                reason,
            },
        );
        world.saved(1, penicillin(resident, Severity::Mild));
        world.saved(2, penicillin(resident, Severity::Severe));
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        assert_eq!(
            case.effect,
            Effect::SeverityCounts {
                substance: "Penicillin".into(),
                severity: Severity::Severe
            }
        );
        let bad = |world: &mut World| -> Vec<Gravity> {
            let alerts = row(world, resident).alerts;
            let of = alerts.into_iter().filter_map(|alert| match alert {
                Alert::Allergy { gravity, .. } => Some(gravity),
                _ => None,
            });
            of.collect()
        };
        assert!(bad(world).contains(&Gravity::Critical));
        let mild = side(
            &case,
            |fact| matches!(fact, Fact::Allergy(Allergy::To(to)) if to.severity == Some(Severity::Mild)),
        );
        decide(world, case.id, Decision::Only(mild));
        assert_eq!(bad(world), [Gravity::Info]);
        assert_eq!(contradictions(world, false), []);
        assert_eq!(chart(world, 1, resident).allergies.len(), 2);
    });
}

#[test]
fn while_two_code_statuses_stand_a_form_adds_one_and_replaces_none() {
    use CodeStatusChoice::{ComfortOnly, DoNotResuscitate, FullTreatment};
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(1, status(resident, FullTreatment, Vec::new()));
        world.saved(2, status(resident, DoNotResuscitate, Vec::new()));
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let shown: Vec<EntryKey> = chart(world, 1, resident)
            .code_status
            .into_iter()
            .map(|statement| statement.by.entry)
            .collect();
        assert_eq!(shown.len(), 2);
        let kind = ContradictionKind::CodeStatus;
        for replaces in [shown.clone(), vec![shown[0].clone()]] {
            assert_eq!(
                world.command(1, status(resident, DoNotResuscitate, replaces)),
                Outcome::Refused(Refusal::Contradicted { kind })
            );
        }
        let case = only(world);
        let (contradiction, decision) = (case.id.clone(), Decision::Both);
        let reason = "both forms are valid".to_owned();
        let both = Command::Resolve {
            contradiction,
            decision,
            reason,
        };
        let refused = world.command(1, both);
        assert!(matches!(refused, Outcome::Refused(Refusal::Field { .. })));
        // Nor is a code status decided away for something that is none.
        let note = Command::WriteNote {
            resident,
            text: "See the folder.".into(),
            replaces: None,
            at: None,
            sign: false,
        };
        let note = world.saved(1, note).remove(0);
        world.pass(1_000);
        let neither = Command::Resolve {
            contradiction: case.id,
            decision: Decision::Neither(note),
            reason: "neither is right".into(),
        };
        let refused = world.command(1, neither);
        assert!(matches!(refused, Outcome::Refused(Refusal::Field { .. })));
        // What is said meanwhile stands beside them, and one waits for all three.
        world.saved(1, status(resident, ComfortOnly, Vec::new()));
        world.pass(1_000);
        let case = only(world);
        assert_eq!((case.kind, case.sides.len()), (kind, 3));
        let comfort = side(
            &case,
            |fact| matches!(fact, Fact::CodeStatus(says) if says.choice == ComfortOnly),
        );
        decide(world, case.id, Decision::Only(comfort));
        // Once decided, the form replaces what stands again.
        let standing: Vec<EntryKey> = chart(world, 1, resident)
            .code_status
            .into_iter()
            .map(|statement| statement.by.entry)
            .collect();
        world.saved(1, status(resident, FullTreatment, standing));
        world.pass(1_000);
        assert_eq!(chart(world, 1, resident).code_status.len(), 1);
        assert_eq!(contradictions(world, true), []);
    });
}

#[test]
fn of_two_identities_what_was_decided_is_shown_everywhere() {
    let correct = |world: &mut World, device: usize, born: &str| {
        let resident = world.residents[0];
        let (identity, by) = chart(world, device, resident).identity.remove(0);
        let identity = domain::chart::Identity {
            born: born.parse().ok(),
            ..identity
        };
        let replaces = by.entry;
        world.saved(
            device,
            Command::CorrectIdentity {
                resident,
                identity,
                replaces,
            },
        );
    };
    let work = |world: &mut World| {
        correct(world, 1, "1940-06-15");
        world.pass(60_000);
        correct(world, 2, "1941-06-15");
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::Identity);
        assert_eq!(case.choices.len(), 2, "both cannot be true");
        // Until it is decided the newest is shown.
        assert_eq!(row(world, resident).born, "1941-06-15".parse().ok());
        let older = side(
            &case,
            |fact| matches!(fact, Fact::Identity(says) if says.born == "1940-06-15".parse().ok()),
        );
        decide(world, case.id, Decision::Only(older));
        assert_eq!(contradictions(world, false), []);
        assert_eq!(row(world, resident).born, "1940-06-15".parse().ok());
        assert_eq!(chart(world, 1, resident).identity.len(), 1);
    });
}

#[test]
fn of_two_settings_what_was_decided_is_what_the_house_goes_by() {
    let set = |world: &mut World, device: usize, window: u16| {
        let settings = domain::directory::Settings {
            dose_window_minutes: window,
            ..house(world)
        };
        world.saved(device, Command::ChangeSettings { settings });
    };
    let work = |world: &mut World| {
        set(world, 1, 30);
        world.pass(60_000);
        set(world, 2, 90);
    };
    meet(work, |world| {
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::Register);
        assert_eq!(house(world).dose_window_minutes, 90);
        let older = side(
            &case,
            |fact| matches!(fact, Fact::Settings(says) if says.dose_window_minutes == 30),
        );
        decide(world, case.id, Decision::Only(older));
        assert_eq!(contradictions(world, false), []);
        assert_eq!(house(world).dose_window_minutes, 30);
    });
}
