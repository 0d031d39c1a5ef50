//! Secrets from standard input, a line each.

use super::CliError;
use super::words::Usage;
use std::io::BufRead;
use zeroize::Zeroizing;

/// Standard input, read line by line.
pub(crate) struct Input {
    lines: std::io::StdinLock<'static>,
}

impl Input {
    /// Over standard input.
    pub(crate) fn new() -> Self {
        Self {
            lines: std::io::stdin().lock(),
        }
    }

    /// The next line; `what` says in an error which one was missing.
    pub(crate) fn line(&mut self, what: &'static str) -> Result<Zeroizing<String>, CliError> {
        let mut line = Zeroizing::new(String::new());
        let read = self.lines.read_line(&mut line)?;
        let text = Zeroizing::new(line.trim().to_owned());
        if read == 0 || text.is_empty() {
            return Err(Usage::Ended(what).into());
        }
        Ok(text)
    }
}

/// The origin and the fragment of a link such as `http://127.0.0.1:7878/enrol#…`.
pub(crate) fn split_link(link: &str) -> Result<(String, String), CliError> {
    let wrong = || CliError::from(Usage::Link);
    let (address, fragment) = link.split_once('#').ok_or_else(wrong)?;
    let (scheme, rest) = address.split_once("://").ok_or_else(wrong)?;
    let host = rest
        .split('/')
        .next()
        .filter(|host| !host.is_empty())
        .ok_or_else(wrong)?;
    if !matches!(scheme, "http" | "https") || fragment.is_empty() {
        return Err(wrong());
    }
    Ok((format!("{scheme}://{host}"), fragment.to_owned()))
}
