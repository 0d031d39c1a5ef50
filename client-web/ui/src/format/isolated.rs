//! People's text inside our sentences. A name written from right to left must not reorder the words
//! around it: "Only given 08:04 · דנה" would show the time on the other side of the name.

const FIRST_STRONG_ISOLATE: char = '\u{2068}';
const POP_ISOLATE: char = '\u{2069}';

/// The text, closed off from what stands around it. Most texts are written from left to right and stay
/// as they are. Only for showing: what is saved is what was typed.
pub(crate) fn isolated(text: &str) -> String {
    // Controls of its own, which older versions let pass, would reach beyond it.
    let plain = text.chars().filter(|letter| !is_control(*letter));
    if text.chars().any(is_right_to_left) {
        std::iter::once(FIRST_STRONG_ISOLATE)
            .chain(plain)
            .chain([POP_ISOLATE])
            .collect()
    } else {
        plain.collect()
    }
}

fn is_control(letter: char) -> bool {
    matches!(letter, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The blocks of Unicode whose letters run from right to left.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter,
        '\u{590}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_right_to_left_is_closed_off_and_others_stay_as_they_are() {
        assert_eq!(isolated("דנה"), "\u{2068}דנה\u{2069}");
        assert_eq!(isolated("BERGSTRÖM, Nils"), "BERGSTRÖM, Nils");
    }

    #[test]
    fn a_text_does_not_reach_out_of_its_isolation() {
        assert_eq!(isolated("5\u{202e}0 mg"), "50 mg");
        assert_eq!(isolated("\u{2069}مريم"), "\u{2068}مريم\u{2069}");
    }
}
