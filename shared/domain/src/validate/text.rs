//! Rules of texts.

use super::{Broken, Rule, bounds, hold};

/// A name: mandatory, one line.
pub(super) fn name(field: &'static str, text: &str) -> Result<(), Broken> {
    mandatory(field, text)?;
    line(field, text, bounds::NAME_BYTES)
}

/// Not empty and not blanks alone.
pub(super) fn mandatory(field: &'static str, text: &str) -> Result<(), Broken> {
    hold(!text.trim().is_empty(), field, Rule::Mandatory)
}

/// At most so long, without line breaks.
pub(super) fn line(field: &'static str, text: &str, most: usize) -> Result<(), Broken> {
    hold(text.len() <= most, field, Rule::TooLong { most })?;
    hold(!text.chars().any(char::is_control), field, Rule::Control)
}

/// An optional line; when present not empty.
pub(super) fn line_if_any(field: &'static str, text: Option<&str>) -> Result<(), Broken> {
    text.map_or(Ok(()), |text| {
        mandatory(field, text)?;
        line(field, text, bounds::LINE_BYTES)
    })
}

/// Mandatory prose, line breaks and tabs allowed.
pub(super) fn prose(field: &'static str, text: &str, most: usize) -> Result<(), Broken> {
    mandatory(field, text)?;
    hold(text.len() <= most, field, Rule::TooLong { most })?;
    let control = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    hold(!text.chars().any(control), field, Rule::Control)
}

/// Optional prose; when present not empty.
pub(super) fn comment(field: &'static str, text: Option<&str>) -> Result<(), Broken> {
    text.map_or(Ok(()), |text| prose(field, text, bounds::COMMENT_BYTES))
}
