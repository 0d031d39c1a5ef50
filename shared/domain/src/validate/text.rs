//! Rules of texts.

use super::{Broken, Rule, bounds, hold};

/// A name: mandatory, one line.
pub(super) fn name(field: &'static str, text: &str) -> Result<(), Broken> {
    mandatory(field, text)?;
    line(field, text, bounds::NAME_BYTES)
}

/// Not empty, and not of blanks and characters alone that nobody sees.
pub(super) fn mandatory(field: &'static str, text: &str) -> Result<(), Broken> {
    let shown = text.chars().any(|c| !c.is_whitespace() && !is_unseen(c));
    hold(shown, field, Rule::Mandatory)
}

/// Characters without a shape of their own: joiners, fillers, selectors, tags.
const fn is_unseen(c: char) -> bool {
    is_hidden(c)
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}'
            | '\u{17b5}' | '\u{180b}'..='\u{180f}' | '\u{200c}'..='\u{200f}' | '\u{2061}'..='\u{2064}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// Characters that turn the text around them, or part words without being seen: `5<RLO>0 mg`. Joiners
/// that a script is written with are not among them.
pub const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
    )
}

/// At most so long, without line breaks.
pub(super) fn line(field: &'static str, text: &str, most: usize) -> Result<(), Broken> {
    hold(text.len() <= most, field, Rule::TooLong { most })?;
    let passes = |c: char| !c.is_control() && !is_hidden(c);
    hold(text.chars().all(passes), field, Rule::Control)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lines_and_comments_are_bounded_at_n_and_n_plus_1() {
        type Check = fn(&str) -> Result<(), Broken>;
        let checks: [(usize, Check); 3] = [
            (bounds::NAME_BYTES, |text| name("f", text)),
            (bounds::LINE_BYTES, |text| line_if_any("f", Some(text))),
            (bounds::COMMENT_BYTES, |text| comment("f", Some(text))),
        ];
        for (most, check) in checks {
            assert_eq!(check(&"a".repeat(most)), Ok(()));
            let rule = check(&"a".repeat(most + 1)).unwrap_err().rule;
            assert_eq!(rule, Rule::TooLong { most });
        }
    }

    #[test]
    fn a_line_has_no_characters_that_turn_it_round_or_hide() {
        for text in [
            "5\u{202e}0 mg",
            "Al\u{200b}varez",
            "\u{2066}x\u{2069}",
            "\u{feff}x",
            "a\nb",
        ] {
            assert_eq!(name("f", text).unwrap_err().rule, Rule::Control, "{text:?}");
        }
        for hidden in [0x200b, 0x2060, 0xfeff]
            .into_iter()
            .chain(0x202a..=0x202e)
            .chain(0x2066..=0x2069)
        {
            let text = format!("a{}b", char::from_u32(hidden).unwrap());
            assert_eq!(
                name("f", &text).unwrap_err().rule,
                Rule::Control,
                "{text:?}"
            );
        }
        // Written with joiners, right to left, with marks.
        for text in ["می\u{200c}خواهم", "ישראל", "Zoë O’Brien", "क्\u{200d}ष"]
        {
            assert_eq!(name("f", text), Ok(()), "{text:?}");
        }
    }

    #[test]
    fn a_name_that_nobody_sees_is_no_name() {
        for text in [
            "",
            "  ",
            "\u{a0}",
            "\u{200d}",
            "\u{2800}\u{3164}",
            "\u{200f}\u{ad}",
        ] {
            assert_eq!(
                mandatory("f", text).unwrap_err().rule,
                Rule::Mandatory,
                "{text:?}"
            );
        }
        assert_eq!(mandatory("f", "?"), Ok(()));
    }
}
