//! Adds up what the test programs say of themselves.

/// The sum over all test programs of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Summary {
    passed: usize,
    failed: usize,
}

impl Summary {
    /// Reads one line of `cargo test`'s output.
    pub(crate) fn read(&mut self, line: &str) {
        if let Some(counts) = line.strip_prefix("test result: ") {
            self.passed += count(counts, "passed");
            self.failed += count(counts, "failed");
        }
    }

    /// Tests that passed.
    pub(crate) fn passed(&self) -> usize {
        self.passed
    }

    /// Tests that failed.
    pub(crate) fn failed(&self) -> usize {
        self.failed
    }
}

/// The number before a word, as in `ok. 12 passed; 0 failed; …`.
fn count(counts: &str, word: &str) -> usize {
    let before = counts.split(word).next().unwrap_or_default();
    let number = before
        .trim_end()
        .rsplit([' ', ';', '.'])
        .next()
        .unwrap_or_default();
    number.parse().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::Summary;

    #[test]
    fn the_programs_of_one_run_are_added_up() {
        let mut summary = Summary::default();
        for line in [
            "running 3 tests",
            "test a ... ok",
            "test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: FAILED. 7 passed; 2 failed; 0 ignored; 0 measured; 1 filtered out; finished in 0.01s",
        ] {
            summary.read(line);
        }
        assert_eq!((summary.passed(), summary.failed()), (19, 2));
    }

    #[test]
    fn words_that_are_no_summary_count_nothing() {
        let mut summary = Summary::default();
        summary.read("12 passed, 1 failed");
        assert_eq!(summary, Summary::default());
    }
}
