//! The one place that writes to standard output: text for people, JSON for programs. The JSON is
//! that of the interface's types, whose field names are kept stable (docs/cli.md). What cannot be
//! written is an error and no panic: whoever reads may have gone, and a disk may be full.
//!
//! A name or a note was written by somebody, maybe on a tablet that was changed: no text but our own
//! reaches a terminal as it is.

use super::{CliError, words};
use domain::validate::is_hidden;
use interface::{SecretText, Settled};
use serde::Serialize;
use std::fmt::{Display, Write as _};
use std::io::Write;

/// What a line begins with that goes on from the one above. No line of ours does.
const GOES_ON: &str = "\n        | ";

/// A text as a terminal may have it: control characters and those that nobody sees are spelt out, and
/// what stands behind a line break cannot be taken for a line of its own.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\n' => out.push_str(GOES_ON),
            '\t' => out.push('\t'),
            letter if letter.is_control() || is_hidden(letter) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(letter));
            }
            letter => out.push(letter),
        }
    }
    out
}

/// Standard output.
pub(crate) struct Out {
    to: Box<dyn Write>,
    as_json: bool,
}

impl Out {
    /// Over standard output.
    pub(crate) fn new(as_json: bool) -> Self {
        Self {
            to: Box::new(std::io::stdout()),
            as_json,
        }
    }

    /// Whether a program reads.
    pub(crate) fn is_json(&self) -> bool {
        self.as_json
    }

    /// One line, and it has left this process.
    pub(crate) fn line(&mut self, text: impl Display) -> Result<(), CliError> {
        self.as_it_is(shown(&text.to_string()))
    }

    /// Words that are all ours, or JSON.
    pub(crate) fn as_it_is(&mut self, text: impl Display) -> Result<(), CliError> {
        writeln!(self.to, "{text}")
            .and_then(|()| self.to.flush())
            .map_err(CliError::Io)
    }

    /// Some lines.
    pub(crate) fn lines(&mut self, lines: &[String]) -> Result<(), CliError> {
        lines.iter().try_for_each(|line| self.line(line))
    }

    /// One JSON value on a line of its own.
    pub(crate) fn json(&mut self, value: &impl Serialize) -> Result<(), CliError> {
        let text = serde_json::to_string(value)?;
        self.as_it_is(text)
    }

    /// What a settled command shows once. An error when it cannot be written: then nobody saw it.
    pub(crate) fn settled(&mut self, settled: &Settled, relay: &str) -> Result<(), CliError> {
        if self.as_json {
            return self.json(settled);
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
                self.as_it_is(shown.as_str())
            }
            Settled::PersonAdded { person, badge, pin } => {
                let shown = words::person_added(person, badge.expose(), pin.expose());
                self.as_it_is(shown.as_str())
            }
            Settled::Invited { fragments } => fragments
                .iter()
                .try_for_each(|it| self.as_it_is(format_args!("{relay}/enrol#{}", it.expose()))),
            Settled::Enrolled => self.line(words::ENROLLED),
            Settled::Failed { refusal } => self.line(words::refusal(refusal)),
        }
    }
}

/// Beside what is asked for, on standard error; nothing hangs on whether somebody reads it.
pub(crate) fn aside(text: impl Display) {
    let _ = writeln!(std::io::stderr(), "{}", shown(&text.to_string()));
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may say so at once")]

    use super::*;
    use ids::PersonId;
    use std::cell::RefCell;
    use std::rc::Rc;

    #[derive(Clone, Default)]
    struct Kept(Rc<RefCell<Vec<u8>>>);

    impl Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

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
            let kept = Kept::default();
            let to = Box::new(kept.clone());
            let mut out = Out { to, as_json };
            out.settled(&added(), "http://relay").unwrap();
            let text = String::from_utf8(kept.0.take()).unwrap();
            assert!(text.contains("LL1-BADGE") && text.contains("123456"));
        }
    }

    #[test]
    fn what_others_wrote_moves_no_cursor_and_forges_no_line() {
        let kept = Kept::default();
        let to = Box::new(kept.clone());
        let mut out = Out { to, as_json: false };
        let name = "Ann\u{1b}[2K\u{1b}]52;c;eA==\u{7}\r\nAllergies\n    none known 5\u{202e}0 mg\u{9b}2J\u{feff}";
        out.lines(&[format!("{name}, born 1940"), "Orders".to_owned()])
            .unwrap();
        let text = String::from_utf8(kept.0.take()).unwrap();
        assert_eq!(
            text,
            "Ann\\u{1b}[2K\\u{1b}]52;c;eA==\\u{7}\\u{d}\n        | Allergies\n        |     none known 5\\u{202e}0 mg\\u{9b}2J\\u{feff}, born 1940\nOrders\n"
        );
        // What people write, in whatever script, is as it was.
        for text in ["Zoë O’Brien", "ישראל", "می\u{200c}خواهم", "1\t2"] {
            assert_eq!(shown(text), text);
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
        let to = Box::new(Closed);
        let mut out = Out { to, as_json: false };
        let shown = out.settled(&added(), "http://relay");
        assert!(matches!(shown, Err(CliError::Io(_))));
    }
}
