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
        let read = self.lines.read_line(&mut line).map_err(CliError::Input)?;
        let text = Zeroizing::new(line.trim().to_owned());
        if read == 0 || text.is_empty() {
            return Err(Usage::Ended(what).into());
        }
        Ok(text)
    }
}

/// What was answered to `same` or `different`; `None` for anything else, which decides nothing: a slip
/// of the finger must not use up a link.
pub(crate) fn same(answer: &str) -> Option<bool> {
    match answer.trim().to_lowercase().as_str() {
        "same" => Some(true),
        "different" => Some(false),
        _ => None,
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

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test may say so at once")]

    use super::*;
    use crate::cli::words;

    #[test]
    fn only_the_two_words_decide_whether_the_six_are_the_same() {
        for answer in ["same", "SAME", " Same "] {
            assert_eq!(same(answer), Some(true), "{answer}");
        }
        assert_eq!(same("Different"), Some(false));
        for slip in ["sme", "yes", "y", "same?", ""] {
            assert_eq!(same(slip), None, "{slip}");
        }
    }

    #[test]
    fn a_link_is_split_into_origin_and_fragment_whatever_stands_between() {
        for (link, origin) in [
            ("http://127.0.0.1:7878/enrol#LLI1x", "http://127.0.0.1:7878"),
            ("https://home.example/a/b?c=d#LLI1x", "https://home.example"),
            ("https://home.example#LLI1x", "https://home.example"),
        ] {
            let (named, fragment) = split_link(link).unwrap();
            assert_eq!((named.as_str(), fragment.as_str()), (origin, "LLI1x"));
        }
        let (_, fragment) = split_link("http://h/#a#b").unwrap();
        assert_eq!(fragment, "a#b");
    }

    #[test]
    fn what_is_no_link_is_refused_and_not_repeated() {
        for link in [
            "",
            "LLI1secret",
            "http://home.example/enrol",
            "http://home.example/enrol#",
            "http:///enrol#LLI1secret",
            "ftp://home.example/#LLI1secret",
            "home.example/enrol#LLI1secret",
        ] {
            let said = words::error(&split_link(link).unwrap_err());
            assert!(!said.contains("secret"), "{said}");
        }
    }
}
