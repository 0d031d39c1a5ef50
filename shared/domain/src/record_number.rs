//! Record numbers: the home's prefix, six digits and a check digit, `MH-002417-5`. A resident keeps
//! it for life.
//!
//! The check digit is that of ISO/IEC 7064, MOD 11,10 (hybrid system, digits only), over the six
//! digits, leading zeros included: it finds every single wrong digit and nearly every swap of
//! neighbours.

/// Largest number without its check digit.
pub const LARGEST: u32 = 999_999;

/// The record number of this prefix and number, e.g. `MH-002417-5`; `None` when the prefix is not
/// 1 to 6 letters A to Z or the number is over [`LARGEST`].
pub fn make(prefix: &str, number: u32) -> Option<String> {
    (is_prefix(prefix) && number <= LARGEST).then(|| {
        let digits = format!("{number:06}");
        format!("{prefix}-{digits}-{}", check_digit(digits.bytes()))
    })
}

/// Whether a prefix can stand in a record number: 1 to 6 letters A to Z.
pub fn is_prefix(prefix: &str) -> bool {
    (1..=6).contains(&prefix.len()) && prefix.bytes().all(|c| c.is_ascii_uppercase())
}

/// Reads a record number with or without dashes and blanks, in either case, and gives its canonical
/// form; `None` when it is none or the check digit is wrong.
pub fn parse(text: &str) -> Option<String> {
    let compact: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '-')
        .collect::<String>();
    let compact = compact.to_ascii_uppercase();
    let (prefix, digits) = compact.split_at_checked(compact.len().checked_sub(7)?)?;
    let (number, check) = digits.split_at_checked(6)?;
    digits.bytes().all(|c| c.is_ascii_digit()).then_some(())?;
    make(prefix, number.parse().ok()?).filter(|canonical| canonical.ends_with(check))
}

/// Whether the text is a record number in its canonical form.
pub fn is_valid(text: &str) -> bool {
    parse(text).as_deref() == Some(text)
}

/// The next free number above all given ones of a prefix: what a tablet proposes. Two tablets apart
/// may propose the same; that is found and shown.
pub fn next<'n>(prefix: &str, taken: impl IntoIterator<Item = &'n str>) -> Option<String> {
    let largest = taken
        .into_iter()
        .filter_map(|number| number_of(prefix, number))
        .max();
    make(
        prefix,
        largest.map_or(1, |largest| largest.saturating_add(1)),
    )
}

fn number_of(prefix: &str, record_number: &str) -> Option<u32> {
    let canonical = parse(record_number)?;
    canonical
        .strip_prefix(prefix)?
        .strip_prefix('-')?
        .get(..6)?
        .parse()
        .ok()
}

/// ISO/IEC 7064 MOD 11,10 over ASCII digits.
fn check_digit(digits: impl Iterator<Item = u8>) -> u32 {
    let product = digits.fold(10, |product, digit| {
        let sum = (product + u32::from(digit.wrapping_sub(b'0'))) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::test_runner::TestRunner;
    use std::cell::Cell;

    #[test]
    fn the_standard_s_example_holds() {
        // ISO/IEC 7064: the string 0794 takes the check digit 5.
        assert_eq!(check_digit("0794".bytes()), 5);
    }

    #[test]
    fn a_record_number_is_read_in_every_way_people_write_it() {
        let number = make("MH", 2417).unwrap();
        assert_eq!(number, "MH-002417-5");
        for text in [
            "MH-002417-5",
            "mh-002417-5",
            "MH0024175",
            "mh 002417 5",
            " MH 0024175 ",
        ] {
            assert_eq!(parse(text).as_deref(), Some("MH-002417-5"), "{text}");
        }
        for text in [
            "MH-002417-6",
            "MH-02417-5",
            "MH-0024175-5",
            "002417-5",
            "M1-002417-5",
            "",
            "MÄ0024175",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(is_valid("MH-002417-5"));
        assert!(!is_valid("MH0024175"));
    }

    #[test]
    fn prefix_and_number_are_bounded() {
        assert!(make("ABCDEF", LARGEST).is_some());
        assert_eq!(make("ABCDEFG", 1), None);
        assert_eq!(make("", 1), None);
        assert_eq!(make("Mh", 1), None);
        assert_eq!(make("MH", LARGEST + 1), None);
    }

    #[test]
    fn the_next_number_is_above_all_of_the_prefix() {
        let taken = [
            make("MH", 7).unwrap(),
            make("MH", 41).unwrap(),
            make("XY", 900).unwrap(),
        ];
        let taken: Vec<&str> = taken.iter().map(String::as_str).collect();
        assert_eq!(next("MH", taken), make("MH", 42));
        assert_eq!(next("MH", []), make("MH", 1));
    }

    proptest! {
        #[test]
        fn every_single_wrong_digit_is_found(number in 0u32..=LARGEST, at in 0usize..7, by in 1u8..10) {
            let mut bytes = make("MH", number).unwrap().replace('-', "").into_bytes();
            let digit = &mut bytes[at + 2];
            *digit = (*digit - b'0' + by) % 10 + b'0';
            prop_assert_eq!(parse(core::str::from_utf8(&bytes).unwrap()), None);
        }
    }

    #[test]
    fn no_text_makes_the_reader_fail_and_what_is_read_is_read_again() {
        let config = ProptestConfig {
            cases: 2_000,
            failure_persistence: None,
            ..ProptestConfig::default()
        };
        // Of ten check digits one is right.
        let texts = prop_oneof![".{0,20}", "[A-Za-z]{1,6}[- ]?[0-9]{6}[- ]?[0-9]"];
        let read = Cell::new(0_u32);
        TestRunner::new(config)
            .run(&texts, |text| {
                if let Some(canonical) = parse(&text) {
                    read.set(read.get() + 1);
                    prop_assert!(is_valid(&canonical));
                    prop_assert_eq!(parse(&canonical), Some(canonical));
                }
                Ok(())
            })
            .unwrap();
        assert!(read.get() > 20, "read {}", read.get());
    }
}
