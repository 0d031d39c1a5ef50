//! Contradictions that two tablets make apart, in whichever order their work reaches the relay: both
//! name them, in the same words and under the same id; and what a decision changes.

#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)] // The strict lints guard the product; a test may unwrap and index.

use domain::chart::{Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Identity, Severity, Sex};
use domain::directory::MoveKind;
use domain::entry::{Document, DocumentKind, Entry, Fact, ResidentId, SpaceId, Subject};
use domain::journal::Slot;
use domain::meta::Decision;
use ids::{CommandId, EntryKey, StatedInstant};
use interface::{
    Alert, Command, ContradictionKind, ContradictionView, DoseConcern, Effect, Gravity,
    NewResident, Query, Refusal, ResidentRow, ResidentStatus, View,
};
use lamplight_tests::harness::forged::Forged;
use lamplight_tests::harness::{
    Forgery, Hostile, Outcome, Reach, Template, World, everything_shown, order_of,
};
use std::collections::BTreeSet;

/// Two tablets that were in step and then lost the network.
fn apart() -> World {
    let mut world = Template::home().world(2, 9);
    for device in 0..=2 {
        assert!(world.until(10_000, 50, |world| world.is_in_step(device)));
        assert!(world.sign_in(device, 0));
    }
    for tablet in [1, 2] {
        world.set_reach(tablet, Reach::Nothing);
    }
    world.pass(60_000);
    world
}

/// Plays what each tablet does alone, then lets them reach the relay one after the other, in both
/// orders; hands on each world with everybody in step and the same on every screen.
fn meet(work: impl Fn(&mut World), then: impl Fn(&mut World)) {
    for order in [[1, 2], [2, 1]] {
        let mut world = apart();
        work(&mut world);
        for tablet in order {
            world.set_reach(tablet, Reach::Relay);
            assert!(world.until(60_000, 50, |world| world.is_in_step(tablet)));
        }
        let all = |world: &mut World| (0..3).all(|device| world.is_in_step(device));
        assert!(world.until(60_000, 50, all));
        world.pass(2_000);
        let now = world.now;
        let mut shown =
            |device: usize| everything_shown(world.devices[device].engine.as_mut().unwrap(), now);
        assert!(shown(1) == shown(2), "the tablets show different things");
        then(&mut world);
    }
}

fn ask(world: &mut World, device: usize, query: &Query) -> View {
    let now = world.clock(device);
    let engine = world.devices[device].engine.as_mut().unwrap();
    engine.query(query, now).unwrap()
}

fn contradictions(world: &mut World, decided: bool) -> Vec<ContradictionView> {
    let resident = None;
    match ask(world, 1, &Query::Contradictions { decided, resident }) {
        View::Contradictions { contradictions } => contradictions,
        other => panic!("{other:?}"),
    }
}

/// The one that waits.
fn only(world: &mut World) -> ContradictionView {
    let mut found = contradictions(world, false);
    assert_eq!(found.len(), 1, "{found:#?}");
    found.remove(0)
}

fn row(world: &mut World, resident: ResidentId) -> ResidentRow {
    match ask(world, 1, &Query::Banner { resident }) {
        View::Banner(banner) => banner.row,
        other => panic!("{other:?}"),
    }
}

fn chart(world: &mut World, device: usize, resident: ResidentId) -> interface::ChartView {
    match ask(world, device, &Query::Chart { resident }) {
        View::Chart(chart) => chart,
        other => panic!("{other:?}"),
    }
}

fn decide(world: &mut World, contradiction: String, decision: Decision) {
    let reason = "asked both".to_owned();
    world.saved(
        1,
        Command::Resolve {
            contradiction,
            decision,
            reason,
        },
    );
    world.pass(1_000);
}

/// The side about which `is` holds.
fn side(case: &ContradictionView, is: impl Fn(&Fact) -> bool) -> EntryKey {
    let side = case.sides.iter().find(|side| is(&side.fact));
    side.unwrap().by.entry.clone()
}

fn morning(resident: ResidentId) -> Command {
    Command::RecordDose {
        resident,
        slot: Slot {
            order: order_of(resident),
            version: 1,
            date: "2026-11-21".parse().unwrap(),
            time: "08:00".parse().ok(),
        },
        not_given: None,
        comment: None,
        at: None,
        despite: Vec::new(),
    }
}

fn moved(resident: ResidentId, what: MoveKind, bed: Option<u8>) -> Command {
    Command::RecordMove {
        resident,
        what,
        bed: bed.map(space),
        comment: None,
        at: None,
    }
}

fn space(n: u8) -> SpaceId {
    SpaceId(CommandId::from_bytes([n; 16]))
}

fn status(resident: ResidentId, choice: CodeStatusChoice, replaces: Vec<EntryKey>) -> Command {
    Command::RecordCodeStatus {
        resident,
        status: CodeStatus {
            choice,
            comment: None,
            stated_by: None,
        },
        replaces,
        at: None,
    }
}

#[test]
fn a_dose_after_a_discharge_or_a_death_is_named_on_the_banner_and_can_be_decided() {
    for (left, status, gravity) in [
        (
            MoveKind::Discharge,
            ResidentStatus::Discharged,
            Gravity::Warning,
        ),
        (MoveKind::Death, ResidentStatus::Deceased, Gravity::Critical),
    ] {
        let work = |world: &mut World| {
            let resident = world.residents[0];
            world.saved(1, moved(resident, left, None));
            world.pass(60_000);
            world.saved(2, morning(resident));
        };
        meet(work, |world| {
            let resident = world.residents[0];
            let case = only(world);
            assert_eq!(
                (case.kind, case.gravity),
                (ContradictionKind::DoseAfterLeaving, gravity)
            );
            let Effect::GivenAfterLeaving {
                medicine,
                dose,
                status: said,
                ..
            } = &case.effect
            else {
                panic!("{:?}", case.effect)
            };
            assert_eq!(
                (medicine.as_str(), dose.as_str(), *said),
                ("Warfarin", "3 mg", status)
            );
            assert!(case.may_resolve);
            let kind = ContradictionKind::DoseAfterLeaving;
            let warned = row(world, resident);
            assert!(warned.alerts.contains(&Alert::Contradiction { kind }));
            assert_eq!(warned.status, status);
            match ask(world, 1, &Query::Session) {
                View::Session(session) => assert_eq!(session.to_reconcile, 1),
                other => panic!("{other:?}"),
            }
            // The move was wrong: the resident is here.
            let dose = side(&case, |fact| matches!(fact, Fact::Dose(_)));
            decide(world, case.id.clone(), Decision::Only(dose));
            assert_eq!(contradictions(world, false), []);
            assert_eq!(contradictions(world, true).len(), 1);
            let after = row(world, resident);
            assert_eq!(after.status, ResidentStatus::Present);
            assert!(!after.alerts.contains(&Alert::Contradiction { kind }));
        });
    }
}

#[test]
fn a_dose_before_the_discharge_is_no_contradiction() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(2, morning(resident));
        world.pass(60_000);
        world.saved(1, moved(resident, MoveKind::Discharge, None));
    };
    meet(work, |world| {
        assert_eq!(contradictions(world, true), []);
    });
}

#[test]
fn a_dose_after_the_end_of_its_order_is_taken_on_receipt_and_named() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        let order = chart(world, 1, resident).orders[0].1.entry.clone();
        let last = "2026-11-20".parse().unwrap();
        world.saved(1, Command::EndOrder { order, last });
        world.saved(2, morning(resident));
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        assert_eq!(
            (case.kind, case.gravity),
            (ContradictionKind::DoseAfterEnd, Gravity::Critical)
        );
        assert!(matches!(
            &case.effect,
            Effect::GivenAfterEnd { medicine, ended, .. }
                if medicine == "Warfarin" && ended.to_string() == "2026-11-20"
        ));
        let kind = ContradictionKind::DoseAfterEnd;
        let alerts = row(world, resident).alerts;
        assert!(alerts.contains(&Alert::Contradiction { kind }));
        decide(world, case.id, Decision::Both);
        assert_eq!(contradictions(world, false), []);
    });
}

#[test]
fn of_two_ends_of_one_order_one_is_decided_for_and_takes_the_place_of_both() {
    let ends = |world: &mut World, device: usize, last: &str| {
        let resident = world.residents[0];
        let order = chart(world, device, resident).orders[0].1.entry.clone();
        let last = last.parse().unwrap();
        world.saved(device, Command::EndOrder { order, last });
    };
    let work = |world: &mut World| {
        ends(world, 1, "2026-11-20");
        ends(world, 2, "2026-12-31");
    };
    meet(work, |world| {
        let resident = world.residents[0];
        let case = only(world);
        assert_eq!(
            (case.kind, case.choices.len()),
            (ContradictionKind::Order, 2)
        );
        let concerns = vec![DoseConcern::OrderContradicted];
        let asked_back = Outcome::Refused(Refusal::Doubtful { concerns });
        assert_eq!(world.command(1, morning(resident)), asked_back);
        let stopped = side(
            &case,
            |fact| matches!(fact, Fact::Order(says) if says.ended == "2026-11-20".parse().ok()),
        );
        decide(world, case.id, Decision::Only(stopped));
        world.pass(1_000);
        assert_eq!(contradictions(world, false), []);
        let orders = chart(world, 1, resident).orders;
        assert_eq!((orders.len(), orders[0].0.version), (1, 3));
        assert_eq!(orders[0].0.ended, "2026-11-20".parse().ok());
    });
}

#[test]
fn who_decides_again_takes_back_what_they_decided_before() {
    let work = |world: &mut World| {
        let dose = morning(world.residents[0]);
        world.saved(1, dose.clone());
        world.saved(2, dose);
    };
    meet(work, |world| {
        let case = only(world);
        decide(world, case.id.clone(), Decision::Both);
        world.pass(1_000);
        let first = Decision::Only(case.sides[0].by.entry.clone());
        decide(world, case.id, first.clone());
        world.pass(1_000);
        let said = contradictions(world, true).remove(0).decisions;
        assert!(said.len() == 1 && said[0].decision == first);
    });
}

#[test]
fn one_resident_moved_to_two_beds_is_named_and_goes_where_was_decided() {
    let work = |world: &mut World| {
        let resident = world.residents[0];
        world.saved(1, moved(resident, MoveKind::BedChange, Some(1)));
        world.pass(60_000);
        world.saved(2, moved(resident, MoveKind::BedChange, Some(2)));
        // What follows one's own move was not made apart from it.
        world.pass(60_000);
        world.saved(2, moved(resident, MoveKind::LeaveBegins, None));
    };
    meet(work, |world| {
        let case = only(world);
        assert_eq!(
            (case.kind, case.sides.len()),
            (ContradictionKind::Whereabouts, 2)
        );
        assert_eq!(case.effect, Effect::NewestShown);
        let first = side(
            &case,
            |fact| matches!(fact, Fact::Move(says) if says.bed == Some(space(1))),
        );
        decide(world, case.id, Decision::Only(first));
        assert_eq!(contradictions(world, false), []);
        // Somebody else in the bed that was decided on shares it; in the other nobody does.
        for (bed, shared) in [(2, 0), (1, 1)] {
            world.saved(1, admit(Some(bed)));
            world.pass(1_000);
            assert_eq!(contradictions(world, false).len(), shared, "bed {bed}");
        }
    });
}

fn admit(bed: Option<u8>) -> Command {
    Command::AddResident(NewResident {
        given: "Somebody".into(),
        family: "New".into(),
        preferred: None,
        born: None,
        sex: Sex::Unknown,
        bed: bed.map(space),
        id: None,
    })
}

#[test]
fn two_residents_admitted_to_one_bed_are_named_each_by_name() {
    let work = |world: &mut World| {
        for tablet in [1, 2] {
            world.saved(tablet, admit(Some(7)));
        }
    };
    meet(work, |world| {
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::Bed);
        assert!(case.sides.iter().all(|side| {
            let row = side.resident.as_ref();
            row.is_some_and(|row| row.family == "New")
        }));
    });
}

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
        let none_known = chart(world, 1, resident).allergies[0].1.entry.clone();
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
fn tablets_apart_draw_different_record_numbers() {
    let work = |world: &mut World| {
        for tablet in [1, 2] {
            let stated = StatedInstant {
                at: world.now,
                offset_minutes: -360,
            };
            let commands = (0..300).map(|_| (stated, admit(None))).collect();
            world.saved(tablet, Command::Bulk { commands });
        }
    };
    meet(work, |world| {
        let residents = Query::Residents {
            order: interface::ResidentOrder::Name,
            unit: None,
            search: "New".into(),
            limit: 1_000,
        };
        let View::Residents(view) = ask(world, 1, &residents) else {
            panic!()
        };
        let numbers: BTreeSet<String> = view
            .residents
            .iter()
            .map(|row| row.record_number.clone())
            .collect();
        assert_eq!((view.residents.len(), numbers.len()), (600, 600));
        // The last three of the six digits are the device's own.
        let lanes: BTreeSet<&str> = numbers.iter().map(|number| &number[6..9]).collect();
        assert_eq!(lanes.len(), 2, "{lanes:?}");
        assert_eq!(contradictions(world, true), []);
    });
}

/// A tablet whose profile was copied, or a program of somebody's own, gives a number that is taken.
fn give_again(world: &mut World, to: ResidentId, number: &str) {
    let mut hostile = Hostile::new(Template::home(), 2, 0, 5);
    let stated = StatedInstant {
        at: world.now,
        offset_minutes: -360,
    };
    let subject = Subject::Resident(to);
    let entry = Entry {
        command: CommandId::from_bytes([5; 16]),
        line: 0,
        subject,
        stated,
        supersedes: Vec::new(),
        fact: Fact::Identity(Identity {
            given: "Ann".into(),
            family: "Other".into(),
            preferred: None,
            born: "1940-06-15".parse().ok(),
            sex: Sex::Female,
            record_number: number.to_owned(),
        }),
    };
    let what = Document::of(DocumentKind::Chart, subject, stated).unwrap();
    let run = hostile.run();
    let actor = hostile.actor(&run);
    let document = hostile.document_id(&what);
    let forged = Forged::honest(&document, &actor, world.now, &[entry.to_cbor()]);
    let forgery = Forgery {
        header: Box::new(|_| ()),
        chunks: vec![forged.chunk()],
        sealed: Some((actor, 1, forged.hash())),
    };
    let envelope = hostile.seal(&what, run, 0, &forgery);
    hostile.push(world, &[envelope]);
}

#[test]
fn of_two_residents_with_one_record_number_one_keeps_it_and_the_other_gets_another() {
    let other = ResidentId(CommandId::from_bytes([9; 16]));
    let work = |world: &mut World| {
        let one = world.residents[0];
        let number = row(world, one).record_number;
        give_again(world, other, &number);
    };
    meet(work, |world| {
        let one = world.residents[0];
        let number = row(world, one).record_number;
        let case = only(world);
        assert_eq!(case.kind, ContradictionKind::RecordNumber);
        assert_eq!(
            case.effect,
            Effect::NumberShared {
                number: number.clone()
            }
        );
        for resident in [one, other] {
            let kind = ContradictionKind::RecordNumber;
            let alerts = row(world, resident).alerts;
            assert!(alerts.contains(&Alert::Contradiction { kind }));
        }
        let keeps = side(
            &case,
            |fact| matches!(fact, Fact::Identity(says) if says.family == "Doyle"),
        );
        decide(world, case.id, Decision::Only(keeps));
        assert_eq!(contradictions(world, false), []);
        assert_eq!(row(world, one).record_number, number);
        let now = row(world, other);
        assert_ne!(now.record_number, number);
        assert_eq!(
            (now.family.as_str(), now.born.is_some()),
            ("Other", true),
            "the rest of the identity stays"
        );
        assert_eq!(contradictions(world, true), []);
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
            .map(|(_, by)| by.entry)
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
        let (contradiction, decision) = (case.id, Decision::Both);
        let reason = "both forms are valid".to_owned();
        let both = Command::Resolve {
            contradiction,
            decision,
            reason,
        };
        let refused = world.command(1, both);
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
            .map(|(_, by)| by.entry)
            .collect();
        world.saved(1, status(resident, FullTreatment, standing));
        world.pass(1_000);
        assert_eq!(chart(world, 1, resident).code_status.len(), 1);
        assert_eq!(contradictions(world, true), []);
    });
}
