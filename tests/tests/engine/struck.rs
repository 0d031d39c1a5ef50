//! Entered in error: what a wrong entry of a register had replaced is there again.

use crate::in_step;
use domain::Fact;
use domain::chart::{CodeStatus, CodeStatusChoice, Identity};
use ids::EntryKey;
use interface::{ChartView, Command, Query, View};
use lamplight_tests::harness::{World, history};

fn chart(world: &mut World, resident: domain::ResidentId) -> ChartView {
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    match engine.query(&Query::Chart { resident }, now) {
        Ok(View::Chart(chart)) => chart,
        other => panic!("{other:?}"),
    }
}

fn strike(world: &mut World, entry: EntryKey) {
    let reason = "another resident's".to_owned();
    world.saved(1, Command::Strike { entry, reason });
}

/// The names by which lists that need no chart have a resident.
fn names_in_directory(world: &mut World, resident: domain::ResidentId) -> Vec<String> {
    let now = world.clock(1);
    let engine = world.devices[1].engine.as_mut().unwrap();
    let rows = history(engine, resident, now).into_iter();
    rows.filter(|row| !row.superseded && row.struck.is_none())
        .filter_map(|row| match row.fact {
            Some(Fact::ResidentName(says)) => Some(format!("{} {}", says.given, says.family)),
            _ => None,
        })
        .collect()
}

fn ends(world: &mut World, resident: domain::ResidentId, last: &str) -> EntryKey {
    let order = chart(world, resident).orders[0].1.entry.clone();
    let end = Command::EndOrder {
        order,
        last: last.parse().unwrap(),
        last_at: None,
    };
    world.saved(1, end).remove(0)
}

#[test]
fn an_end_that_was_entered_in_error_ends_no_order() {
    let mut world = in_step(1, 71);
    let resident = world.residents[0];
    let before = chart(&mut world, resident).orders[0].0.clone();
    let end = ends(&mut world, resident, "2026-11-30");
    strike(&mut world, end);
    let orders = chart(&mut world, resident).orders;
    assert_eq!(orders.len(), 1);
    let again = &orders[0].0;
    assert_eq!((again.order, again.ended), (before.order, None));
    assert!(again.version > before.version);
}

#[test]
fn of_several_ends_the_one_before_counts_again() {
    let mut world = in_step(1, 72);
    let resident = world.residents[0];
    ends(&mut world, resident, "2026-12-24");
    let end = ends(&mut world, resident, "2026-11-30");
    strike(&mut world, end);
    let orders = chart(&mut world, resident).orders;
    let ended: Vec<_> = orders.iter().map(|(order, _)| order.ended).collect();
    assert_eq!(ended, ["2026-12-24".parse().ok()]);
}

#[test]
fn a_code_status_entered_in_error_leaves_the_one_before() {
    let mut world = in_step(1, 73);
    let resident = world.residents[0];
    let status = |choice, replaces| Command::RecordCodeStatus {
        resident,
        status: CodeStatus {
            choice,
            comment: None,
            stated_by: Some("daughter".into()),
        },
        replaces,
        at: None,
    };
    let first = world.saved(1, status(CodeStatusChoice::DoNotResuscitate, Vec::new()));
    let wrong = world.saved(1, status(CodeStatusChoice::FullTreatment, first));
    strike(&mut world, wrong[0].clone());
    let shown = chart(&mut world, resident).code_status;
    let choices: Vec<_> = shown.iter().map(|row| row.says.choice).collect();
    assert_eq!(choices, [CodeStatusChoice::DoNotResuscitate]);
}

#[test]
fn an_identity_entered_in_error_leaves_its_name_in_no_list() {
    let mut world = in_step(1, 74);
    let resident = world.residents[0];
    let (before, by) = chart(&mut world, resident).identity.remove(0);
    let correction = Command::CorrectIdentity {
        resident,
        identity: Identity {
            given: "Somebody".into(),
            family: "Else".into(),
            ..before.clone()
        },
        replaces: by.entry,
    };
    let wrong = world.saved(1, correction);
    assert_eq!(names_in_directory(&mut world, resident), ["Somebody Else"]);
    strike(&mut world, wrong[0].clone());
    let shown = chart(&mut world, resident).identity;
    assert_eq!(shown.len(), 1);
    assert_eq!(shown[0].0, before);
    let name = format!("{} {}", before.given, before.family);
    assert_eq!(names_in_directory(&mut world, resident), [name]);
}
