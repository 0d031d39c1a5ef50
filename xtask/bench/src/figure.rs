//! A figure: what was measured and how, the goal, what peers need elsewhere and on what work.

use crate::Problem;
use crate::machine::{Machine, load};
use crate::sizes::FULL;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;

/// One measured figure.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Figure {
    /// Its name.
    pub(crate) name: String,
    /// What exactly was measured, on what work.
    pub(crate) what: String,
    /// The median of the runs, or a value that has no runs.
    pub(crate) value: f64,
    /// Its unit.
    pub(crate) unit: &'static str,
    /// Least and greatest of the runs.
    pub(crate) spread: Option<(f64, f64)>,
    /// How many runs, or how many things were timed.
    pub(crate) runs: usize,
    /// At most this is wanted.
    pub(crate) goal: Option<f64>,
    /// What others need for the like, measured elsewhere, and on what work.
    pub(crate) peers: Option<&'static str>,
    /// The load average when it was measured.
    pub(crate) load: f64,
}

impl Figure {
    /// Of one value.
    pub(crate) fn one(name: &str, unit: &'static str, value: f64) -> Self {
        Self {
            name: name.to_owned(),
            what: String::new(),
            value,
            unit,
            spread: None,
            runs: 1,
            goal: None,
            peers: None,
            load: load(),
        }
    }

    /// The median of several.
    pub(crate) fn median(name: &str, unit: &'static str, values: &[f64]) -> Self {
        let (low, high) = (percentile(values, 0.0), percentile(values, 1.0));
        Self {
            spread: Some((low, high)),
            runs: values.len(),
            ..Self::one(name, unit, percentile(values, 0.5))
        }
    }

    /// Says what was measured.
    pub(crate) fn of(mut self, what: impl Into<String>) -> Self {
        self.what = what.into();
        self
    }

    /// Sets the goal.
    pub(crate) fn at_most(mut self, goal: f64) -> Self {
        self.goal = Some(goal);
        self
    }

    /// Names the peers.
    pub(crate) fn beside(mut self, peers: &'static str) -> Self {
        self.peers = Some(peers);
        self
    }

    /// Whether the goal is met, and if not, by which factor it is missed.
    fn verdict(&self) -> String {
        match self.goal {
            None => String::new(),
            Some(goal) if self.value <= goal => format!("goal ≤ {}: met", number(goal)),
            Some(goal) => format!(
                "goal ≤ {}: NOT met, {:.1} times as much",
                number(goal),
                self.value / goal
            ),
        }
    }
}

/// A share of values, 0.0 to 1.0; not a number when there are none.
pub(crate) fn percentile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let last = sorted.len().saturating_sub(1);
    // Positions in a list are far below what a float holds exactly.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a list's length is a small number above zero"
    )]
    let place = (last as f64 * share).round() as usize;
    sorted.get(place).copied().unwrap_or(f64::NAN)
}

/// Everything that was measured.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Results {
    /// On what.
    pub(crate) machine: Machine,
    /// Cargo's profile of the native programs.
    pub(crate) profile: String,
    /// Which sizes were used.
    pub(crate) sizes: String,
    /// The figures.
    pub(crate) figures: Vec<Figure>,
}

impl Results {
    /// As a program reads it.
    pub(crate) fn write(&self, file: &Path) -> Result<(), Problem> {
        let text = serde_json::to_string_pretty(self).map_err(|error| error.to_string())?;
        std::fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
    }

    /// What the figures are of.
    pub(crate) fn head(&self) -> String {
        let mut out = String::new();
        let machine = &self.machine;
        let _ = writeln!(
            out,
            "{} × {}, {} MiB, Linux {}; fdatasync of 4 KiB: {} ms\nprofile {}, {} sizes, {}, load average at the start {:.2}",
            machine.cores,
            machine.processor,
            machine.memory_mib,
            machine.kernel,
            number(machine.fdatasync_ms),
            self.profile,
            self.sizes,
            machine.at,
            machine.load,
        );
        if self.sizes != FULL.name {
            let _ = writeln!(
                out,
                "goals are stated for full sizes: what is said of them below is no judgement"
            );
        }
        out
    }
}

impl Figure {
    /// As a person reads it.
    pub(crate) fn told(&self) -> String {
        let mut out = String::new();
        let _ = writeln!(
            out,
            "\n{:<52} {:>10} {}",
            self.name,
            number(self.value),
            self.unit
        );
        if let Some((low, high)) = self.spread {
            let _ = writeln!(
                out,
                "    {} to {} over {} (median above)",
                number(low),
                number(high),
                self.runs
            );
        }
        let elsewhere = self.peers.map(|peers| format!("peers: {peers}"));
        let load = format!("load average {:.2}", self.load);
        for text in [
            self.verdict(),
            self.what.clone(),
            elsewhere.unwrap_or_default(),
            load,
        ] {
            for line in wrapped(&text) {
                let _ = writeln!(out, "    {line}");
            }
        }
        out
    }
}

/// Lines of at most so many letters, broken between words.
fn wrapped(text: &str) -> Vec<String> {
    const WIDTH: usize = 100;
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= WIDTH => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// With three digits that mean something.
fn number(value: f64) -> String {
    match value.abs() {
        size if size >= 1_000.0 => format!("{value:.0}"),
        size if size >= 100.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.4}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_of_the_list() {
        let values = [3.0, 1.0, 2.0, 5.0, 4.0];
        for (share, value) in [(0.0, 1.0), (0.5, 3.0), (0.99, 5.0), (1.0, 5.0)] {
            assert_eq!(percentile(&values, share), value);
        }
        assert!(percentile(&[], 0.5).is_nan());
    }

    #[test]
    fn long_lines_are_broken_between_words_and_nothing_is_lost() {
        let text = "twelve words ".repeat(30);
        let lines = wrapped(&text);
        assert!(lines.len() > 1 && lines.iter().all(|line| line.len() <= 100));
        assert_eq!(lines.join(" "), text.trim_end());
        assert!(wrapped("").is_empty());
    }

    #[test]
    fn a_goal_is_met_at_its_value_and_missed_above_it_with_the_factor() {
        let verdict = |value| Figure::one("a", "s", value).at_most(0.4).verdict();
        assert_eq!(verdict(0.4), "goal ≤ 0.4000: met");
        assert_eq!(verdict(0.8), "goal ≤ 0.4000: NOT met, 2.0 times as much");
    }
}
