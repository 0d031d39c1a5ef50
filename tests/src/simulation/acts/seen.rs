//! What somebody who holds a device sees there before they do something.

use crate::harness::World;
use domain::Fact;
use domain::clock::Zone;
use domain::directory::Date;
use domain::entry::ResidentId;
use ids::EntryKey;
use interface::{ChartView, ContradictionView, HistoryRow, HouseView, Query, View};

/// More than any home here has.
const ALL: u32 = 100_000;

fn ask(world: &mut World, device: usize, query: &Query) -> Option<View> {
    let now = world.clock(device);
    let engine = world.devices[device].engine.as_mut()?;
    engine.query(query, now).ok()
}

/// Today, by the device's clock.
pub(super) fn today(world: &World, device: usize) -> Date {
    let zone = Zone::named("America/Chicago").expect("a zone");
    zone.date(world.clock(device))
}

pub(super) fn house(world: &mut World, device: usize) -> Option<HouseView> {
    match ask(world, device, &Query::House)? {
        View::House(house) => Some(house),
        _ => None,
    }
}

pub(super) fn chart(world: &mut World, device: usize, resident: ResidentId) -> Option<ChartView> {
    match ask(world, device, &Query::Chart { resident })? {
        View::Chart(chart) => Some(chart),
        _ => None,
    }
}

/// Contradictions that wait, or all.
pub(super) fn contradictions(
    world: &mut World,
    device: usize,
    decided: bool,
) -> Vec<ContradictionView> {
    let asked = Query::Contradictions {
        decided,
        resident: None,
    };
    match ask(world, device, &asked) {
        Some(View::Contradictions { contradictions }) => contradictions,
        _ => Vec::new(),
    }
}

/// What stands of a resident, newest first.
pub(super) fn standing(
    world: &mut World,
    device: usize,
    resident: ResidentId,
) -> Vec<(EntryKey, Fact)> {
    let asked = Query::History {
        resident,
        limit: ALL,
        before: None,
    };
    let Some(View::History(history)) = ask(world, device, &asked) else {
        return Vec::new();
    };
    let stands = |row: &HistoryRow| !row.superseded && !row.withheld && row.struck.is_none();
    let rows = history.rows.into_iter().filter(stands);
    rows.filter_map(|row| Some((row.by.entry, row.fact?)))
        .collect()
}

/// One of a list, whatever the number; `None` of an empty one.
pub(super) fn pick<T>(all: &[T], number: u64) -> Option<&T> {
    let at = usize::try_from(number).ok()?.checked_rem(all.len())?;
    all.get(at)
}
