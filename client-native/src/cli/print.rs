//! Text for people and JSON for programs. The JSON is that of the interface's types, whose field
//! names are kept stable (docs/cli.md).

use super::{CliError, words};
use interface::{SecretText, Settled, TabletView};
use serde::Serialize;
use std::io::Write;

/// One JSON value on a line of its own.
pub(crate) fn json(value: &impl Serialize) -> Result<(), CliError> {
    json_to(&mut std::io::stdout(), value)
}

fn json_to(out: &mut impl Write, value: &impl Serialize) -> Result<(), CliError> {
    writeln!(out, "{}", serde_json::to_string(value)?)?;
    Ok(out.flush()?)
}

/// What a settled command shows once. An error when it cannot be written: then nobody saw it.
pub(crate) fn settled(
    out: &mut impl Write,
    settled: &Settled,
    relay: &str,
    as_json: bool,
) -> Result<(), CliError> {
    if as_json {
        return json_to(out, settled);
    }
    match settled {
        Settled::Founded {
            facility,
            badge,
            pin,
            recovery,
        } => {
            let recovery: Vec<&str> = recovery.iter().map(SecretText::expose).collect();
            let shown = words::founded(facility, badge.expose(), pin.expose(), &recovery);
            writeln!(out, "{}", shown.as_str())?;
        }
        Settled::PersonAdded { person, badge, pin } => {
            let shown = words::person_added(person, badge.expose(), pin.expose());
            writeln!(out, "{}", shown.as_str())?;
        }
        Settled::Invited { fragments } => {
            for fragment in fragments {
                writeln!(out, "{relay}/enrol#{}", fragment.expose())?;
            }
        }
        Settled::Enrolled => writeln!(out, "{}", words::ENROLLED)?,
        Settled::Failed { refusal } => writeln!(out, "{}", words::refusal(refusal))?,
    }
    Ok(out.flush()?)
}

/// One line on the state of exchange.
pub(crate) fn tablet(tablet: &TabletView) {
    println!("{}", words::exchange(tablet));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may say so at once")]

    use super::*;
    use ids::PersonId;

    fn added() -> Settled {
        Settled::PersonAdded {
            person: PersonId::from_bytes([7; 16]),
            badge: "LL1-BADGE".to_owned().into(),
            pin: "123456".to_owned().into(),
        }
    }

    #[test]
    fn badge_and_pin_are_shown_as_text_and_as_json() {
        for as_json in [false, true] {
            let mut out = Vec::new();
            settled(&mut out, &added(), "http://relay", as_json).unwrap();
            let text = String::from_utf8(out).unwrap();
            assert!(text.contains("LL1-BADGE") && text.contains("123456"));
        }
    }

    #[test]
    fn what_nobody_reads_is_an_error_and_no_panic() {
        struct Closed;
        impl Write for Closed {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                Err(std::io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let shown = settled(&mut Closed, &added(), "http://relay", false);
        assert!(matches!(shown, Err(CliError::Io(_))));
    }
}
