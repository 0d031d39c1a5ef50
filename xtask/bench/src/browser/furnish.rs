//! The browser's home: the demo's residents, five thousand of them, and one with a long chart.

use crate::sizes::Sizes;
use crate::stage::Stage;
use crate::writing::{at, observations};
use crate::{Problem, say};
use demo::Dice;
use demo::generator::{self, Wish};
use domain::chart::Sex;
use domain::entry::{ResidentId, SpaceId};
use ids::UnixMillis;
use interface::{Command, HouseView, NewResident, Query, View};
use lamplight_client_native::home::now;
use lamplight_tests::native::Client;
use std::collections::BTreeMap;

/// Commands of one bulk.
const BULK: usize = 1_000;
/// The long chart goes back so many milliseconds: a year.
const BACK: i64 = 365 * 86_400_000;

/// A family name that the generator does not know.
const FAMILY: &str = "Quartermain";

/// Where to look.
pub(crate) struct Home {
    /// Family name of the resident with the long chart, in capitals as it is shown. Nobody else's.
    pub(crate) family: String,
}

/// Fills the home that was founded.
pub(crate) async fn furnish(stage: &mut Stage, sizes: &Sizes) -> Result<Home, Problem> {
    let office = stage.office()?;
    let wish = Wish {
        // One more comes with the long chart.
        residents: sizes.residents.saturating_sub(1),
        history: false,
        seed: 1,
        now: now(),
    };
    say(format!("admitting {} residents", sizes.residents));
    let beds = build(office, &wish).await?;
    for batch in generator::record(&wish, &beds) {
        let commands = batch.commands;
        office.command(Command::Bulk { commands }).await;
        office.until_synced().await;
    }
    let resident = ResidentId(Dice::new(3, 3).id());
    office.command(Command::AddResident(long(resident))).await;
    say(format!("a chart of {} observations", sizes.chart));
    chart(office, resident, sizes.chart).await;
    office.until_synced().await;
    Ok(Home {
        family: FAMILY.to_uppercase(),
    })
}

/// The resident with the long chart.
fn long(id: ResidentId) -> NewResident {
    NewResident {
        given: "Wilhelmina".into(),
        family: FAMILY.into(),
        preferred: None,
        born: None,
        sex: Sex::Female,
        bed: None,
        id: Some(id),
    }
}

async fn chart(office: &mut Client, resident: ResidentId, count: u32) {
    let mut dice = Dice::new(2, 2);
    let (now, step) = (now(), BACK / i64::from(count.max(1)));
    let all: Vec<_> = (0..i64::from(count))
        .map(|nth| {
            let when = at(UnixMillis(now.0 - BACK + nth * step));
            (when, observations(resident, when, &mut dice))
        })
        .collect();
    for commands in all.chunks(BULK) {
        let commands = commands.to_vec();
        office.command(Command::Bulk { commands }).await;
    }
}

/// Units, rooms and beds, by name.
async fn build(office: &mut Client, wish: &Wish) -> Result<BTreeMap<String, SpaceId>, Problem> {
    let plan = generator::house(wish.residents);
    for unit in &plan {
        let name = unit.name.to_owned();
        office.command(Command::AddUnit { name }).await;
    }
    let units = house(office)?
        .units
        .into_iter()
        .map(|unit| (unit.name, unit.id));
    let units: BTreeMap<String, SpaceId> = units.collect();
    let mut commands = Vec::new();
    for unit in plan {
        let id = *units
            .get(unit.name)
            .ok_or("a unit that was added is not there")?;
        for (name, beds) in unit.rooms {
            commands.push((
                at(wish.now),
                Command::AddRoom {
                    unit: id,
                    name,
                    beds,
                },
            ));
        }
    }
    for commands in commands.chunks(BULK) {
        let commands = commands.to_vec();
        office.command(Command::Bulk { commands }).await;
    }
    let beds = house(office)?
        .beds
        .into_iter()
        .map(|bed| (bed.name, bed.id));
    Ok(beds.collect())
}

fn house(office: &mut Client) -> Result<HouseView, Problem> {
    match office.process.query(&Query::House) {
        Ok(View::House(house)) => Ok(house),
        Ok(_) => Err("an answer to something else".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
