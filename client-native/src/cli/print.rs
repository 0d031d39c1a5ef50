//! Text for people and JSON for programs. The JSON is that of the interface's types, whose field
//! names are kept stable (docs/cli.md).

use super::CliError;
use interface::{SecretText, Settled, TabletView};
use serde::Serialize;

/// One JSON value on a line of its own.
pub(crate) fn json(value: &impl Serialize) -> Result<(), CliError> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}

/// What a settled command shows once.
pub(crate) fn settled(settled: &Settled, relay: &str, as_json: bool) -> Result<(), CliError> {
    if as_json {
        return json(settled);
    }
    match settled {
        Settled::Founded {
            facility,
            badge,
            pin,
            recovery,
        } => {
            println!("Founded facility {facility}.\n");
            println!(
                "First administrator\n    badge  {}\n    PIN    {}\n",
                badge.expose(),
                pin.expose()
            );
            println!("Recovery sheet: print it, lock it away, do not keep it on a computer.");
            for (number, words) in recovery.chunks(6).enumerate() {
                println!(
                    "    {:>2}  {}",
                    number * 6 + 1,
                    words
                        .iter()
                        .map(SecretText::expose)
                        .collect::<Vec<_>>()
                        .join(" ")
                );
            }
        }
        Settled::PersonAdded { person, badge, pin } => {
            let (badge, pin) = (badge.expose(), pin.expose());
            println!("Added person {person}.\n    badge  {badge}\n    PIN    {pin}");
        }
        Settled::Invited { fragments } => {
            for fragment in fragments {
                println!("{relay}/enrol#{}", fragment.expose());
            }
        }
        Settled::Enrolled => println!("Enrolled."),
        Settled::Failed { refusal } => println!("Failed: {refusal}"),
    }
    Ok(())
}

/// One line on the state of exchange.
pub(crate) fn tablet(tablet: &TabletView) {
    println!(
        "{:?} · {} to send · {} arriving · received by {} of {} tablets",
        tablet.link, tablet.to_send, tablet.arriving, tablet.received_by, tablet.tablets
    );
}
