//! Founds Maple House and furnishes it, all through commands of its staff.

use crate::Problem;
use crate::office::Office;
use crate::papers::{Badge, Papers};
use crate::ports::Ports;
use demo::generator::{self, Author, Batch, Member, STAFF, Wish};
use domain::entry::SpaceId;
use ids::{StatedInstant, UnixMillis};
use interface::{Command, HouseView, Query, SecretText, Settled, View};
use server::Running;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

/// Founds the home on a relay that holds none, and makes its record.
pub(crate) async fn found(
    office: &mut Office,
    relay: &Running,
    wish: &Wish,
    ports: &Ports,
    data: &Path,
) -> Result<Papers, Problem> {
    let link = relay
        .founding_link()
        .ok_or("the relay holds a home already, but not this demo's")?;
    let (_, fragment) = link
        .split_once('#')
        .ok_or("the founding link has no fragment")?;
    let began = Instant::now();
    say("Founding Maple House");
    let (badges, recovery) = people(office, fragment).await?;
    let mut papers = Papers {
        port: ports.relay,
        people: in_order_of_print(&badges),
        recovery,
        complete: false,
    };
    papers.write(data)?;

    let administrator = badge(&badges, Author::Administrator)?;
    office.sign_in(administrator).await?;
    let beds = build(office, wish).await?;
    furnish(office, &badges, generator::record(wish, &beds)).await?;
    papers.complete = true;
    papers.write(data)?;
    say(&format!(
        "Founded and furnished in {:.1} s",
        began.elapsed().as_secs_f64()
    ));
    Ok(papers)
}

/// One link's fragment for each tablet.
pub(crate) async fn invite(
    office: &mut Office,
    papers: &Papers,
    tablets: u32,
) -> Result<Vec<String>, Problem> {
    let administrator = papers
        .administrator()
        .ok_or("demo.json names no administrator")?;
    office.sign_in(administrator).await?;
    if tablets == 0 {
        return Ok(Vec::new());
    }
    match office
        .settle(Command::Invite {
            process: false,
            count: tablets,
        })
        .await?
    {
        Settled::Invited { fragments } => Ok(texts(&fragments)),
        other => Err(unfit(&other)),
    }
}

type Badges = Vec<(Author, Badge)>;

/// Founds, then adds the rest of the staff.
async fn people(office: &mut Office, fragment: &str) -> Result<(Badges, Vec<String>), Problem> {
    let mut badges = Badges::new();
    let mut sheet = Vec::new();
    for (author, member) in STAFF {
        if badges.is_empty() {
            let command = Command::Found {
                fragment: fragment.into(),
                settings: generator::settings(),
                given: member.given.to_owned(),
                family: member.family.to_owned(),
                device_name: "Office".to_owned(),
            };
            let settled = office.found(command).await?;
            let Settled::Founded {
                badge,
                pin,
                recovery,
                ..
            } = settled
            else {
                return Err(unfit(&settled));
            };
            sheet = texts(&recovery);
            badges.push((author, card(&member, &badge, &pin)));
            let founder = self::badge(&badges, author)?.clone();
            office.sign_in(&founder).await?;
        } else {
            let command = Command::AddPerson {
                given: member.given.to_owned(),
                family: member.family.to_owned(),
                role: member.role,
                credential: member.credential.map(str::to_owned),
            };
            let settled = office.settle(command).await?;
            let Settled::PersonAdded { badge, pin, .. } = settled else {
                return Err(unfit(&settled));
            };
            badges.push((author, card(&member, &badge, &pin)));
        }
    }
    Ok((badges, sheet))
}

/// The papers of a demo are there to be read.
fn texts(secrets: &[SecretText]) -> Vec<String> {
    let text = |secret: &SecretText| secret.expose().to_owned();
    secrets.iter().map(text).collect()
}

fn card(member: &Member, badge: &SecretText, pin: &SecretText) -> Badge {
    let initial = member.given.chars().next().unwrap_or('?');
    Badge {
        name: format!("{initial}. {}", member.family),
        role: member.role,
        badge: badge.expose().to_owned(),
        pin: pin.expose().to_owned(),
    }
}

fn badge(badges: &Badges, author: Author) -> Result<&Badge, Problem> {
    let found = badges
        .iter()
        .find(|(of, _)| *of == author)
        .map(|(_, badge)| badge);
    found.ok_or_else(|| format!("nobody is {author:?}"))
}

/// Nurses first: they are who a visitor wants to be.
fn in_order_of_print(badges: &Badges) -> Vec<Badge> {
    let order = [
        Author::EarlyNurse,
        Author::LateNurse,
        Author::Coordinator,
        Author::Administrator,
    ];
    order
        .iter()
        .filter_map(|author| badge(badges, *author).ok().cloned())
        .collect()
}

/// Builds the house and says which bed has which id.
async fn build(office: &mut Office, wish: &Wish) -> Result<BTreeMap<String, SpaceId>, Problem> {
    let plan = generator::house(wish.residents);
    let at = StatedInstant {
        at: UnixMillis(wish.now.0),
        offset_minutes: 0,
    };
    for unit in &plan {
        office
            .command(Command::AddUnit {
                name: unit.name.to_owned(),
            })
            .await?;
    }
    let units: BTreeMap<String, SpaceId> = house(office)
        .await?
        .units
        .into_iter()
        .map(|unit| (unit.name, unit.id))
        .collect();
    let mut commands = Vec::new();
    for unit in plan {
        let id = *units
            .get(unit.name)
            .ok_or("a unit that was added is not there")?;
        for (name, beds) in unit.rooms {
            commands.push((
                at,
                Command::AddRoom {
                    unit: id,
                    name,
                    beds,
                },
            ));
        }
    }
    office.command(Command::Bulk { commands }).await?;
    Ok(house(office)
        .await?
        .beds
        .into_iter()
        .map(|bed| (bed.name, bed.id))
        .collect())
}

async fn house(office: &mut Office) -> Result<HouseView, Problem> {
    match office.query(&Query::House)? {
        View::House(house) => Ok(house),
        _ => Err("an answer to something else".to_owned()),
    }
}

/// Gives everybody's commands, each signed in as themselves.
async fn furnish(office: &mut Office, badges: &Badges, batches: Vec<Batch>) -> Result<(), Problem> {
    let total: usize = batches.iter().map(|batch| batch.commands.len()).sum();
    let mut done = 0;
    let mut signed_in = None;
    for Batch { author, commands } in batches {
        if signed_in != Some(author) {
            office.sent().await?;
            office.sign_in(badge(badges, author)?).await?;
            signed_in = Some(author);
        }
        done += commands.len();
        office.command(Command::Bulk { commands }).await?;
        say(&format!("  {done} of {total} entries"));
    }
    office.sent().await
}

fn unfit(settled: &Settled) -> Problem {
    format!("the client settled a command as another: {settled:?}")
}

fn say(words: &str) {
    eprintln!("{words}");
}
