//! Finding residents by what people type: names without regard to case and marks, rooms, birth
//! dates in any order of their parts, record numbers with or without dashes.
//!
//! Both sides go through [`normalise`], so `zoe`, `Zoë` and `ZOË` are one word everywhere.

use crate::directory::Date;
use crate::partial_date::PartialDate;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Words of a text in normal form, in order: compatibility decomposition, marks stripped, lower
/// case, apostrophes dropped, split at everything that is no letter or digit.
pub fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    for c in text
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
    {
        let plain = unmarked(c);
        match words.last_mut() {
            Some(word) if plain.chars().next().unwrap_or(c).is_alphanumeric() => {
                if plain.is_empty() {
                    word.push(c)
                } else {
                    word.push_str(plain)
                }
            }
            _ if matches!(c, '\'' | '\u{2019}' | '\u{2bc}' | '`' | '\u{ad}') => {}
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The words of a text in normal form with one blank between them: for full-text indexes. Whether two
/// texts say the same, [`meaning`] tells.
pub fn normalise(text: &str) -> String {
    words(text).join(" ")
}

/// What a text says, to be compared with another: blanks and case aside, every sign counts. `< 88` is
/// not `> 88`, and in many scripts the marks are the vowels.
pub fn meaning(text: &str) -> String {
    let composed: String = text.nfc().flat_map(char::to_lowercase).collect();
    let words: Vec<&str> = composed.split_whitespace().collect();
    words.join(" ")
}

/// What a person's name says: in Latin letters, marks and apostrophes aside, which keyboards lack (`Zoë`
/// and `ZOE` are one person); in other scripts as [`meaning`] has it.
pub fn name_meaning(name: &str) -> String {
    let plain = normalise(name);
    match plain.is_ascii() && !plain.is_empty() {
        true => plain,
        false => meaning(name),
    }
}

/// What two texts have in common that name one thing, such as a substance: their words, or the text
/// itself where it has none. `Penicillin ` and `penicillin` are one, `?` and `!` are two.
pub fn name_of(text: &str) -> String {
    let words = normalise(text);
    match words.is_empty() {
        true => text.trim().to_owned(),
        false => words,
    }
}

/// What two texts have in common that name one medicine: blanks, case and hyphens aside, and of Latin
/// letters their marks. Every other sign counts, since signs tell medicines apart: `70/30` is not `70
/// 30`, and a name with a plus is another's.
pub fn medicine_name(text: &str) -> String {
    let decomposed = text.nfkd().filter(|c| !is_combining_mark(*c));
    let plain: String = decomposed
        .map(|c| match c {
            '-' | '\u{2010}' => ' ',
            c => c,
        })
        .collect();
    match plain.is_ascii() {
        true => meaning(&plain),
        false => meaning(text),
    }
}

/// Letters that Unicode does not decompose but people type without their marks; empty for others.
fn unmarked(c: char) -> &'static str {
    match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ł' => "l",
        'ı' => "i",
        'þ' => "th",
        'ħ' => "h",
        _ => "",
    }
}

/// What a resident can be found by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Searchable {
    words: Vec<String>,
    born: Option<PartialDate>,
}

impl Searchable {
    /// From names, room and record number as shown, and the birth date.
    pub fn new<'t>(
        names: impl IntoIterator<Item = &'t str>,
        room: &str,
        born: Option<PartialDate>,
        record_number: &str,
    ) -> Self {
        let mut all: Vec<String> = names.into_iter().flat_map(words).collect();
        for text in [room, record_number] {
            all.extend(words(text));
            all.extend(compact(text));
        }
        // A record number's digits are also found without the prefix, and without leading zeros.
        let digits: String = record_number.chars().filter(char::is_ascii_digit).collect();
        all.push(digits.trim_start_matches('0').to_owned());
        all.push(digits);
        all.retain(|word| !word.is_empty());
        all.sort_unstable();
        all.dedup();
        Self { words: all, born }
    }

    /// Whether every part of the query is found: as the beginning of a word, or as a part of the
    /// birth date (each part of the date answers for one part of the query). An empty query finds
    /// everyone, and one in which nothing can be found, such as `?`, nobody.
    pub fn matches(&self, query: &Query) -> bool {
        query.is_empty() || (!query.parts.is_empty() && self.matches_from(&query.parts, [true; 3]))
    }

    fn matches_from(&self, parts: &[Part], free: [bool; 3]) -> bool {
        let Some((part, rest)) = parts.split_first() else {
            return true;
        };
        let found = self.words.iter().any(|word| word.starts_with(&part.word));
        (found && self.matches_from(rest, free)) || self.matches_date(part, rest, free)
    }

    fn matches_date(&self, part: &Part, rest: &[Part], free: [bool; 3]) -> bool {
        let (Some(born), Some(number)) = (self.born, part.number) else {
            return false;
        };
        if part.word.len() == 8 {
            let PartialDate::Day(born) = born else {
                return false;
            };
            return whole_dates(born).contains(&number) && self.matches_from(rest, free);
        }
        let (month, day) = match born {
            PartialDate::Year(_) => (None, None),
            PartialDate::Month(_, month) => (Some(month), None),
            PartialDate::Day(born) => (Some(born.month), Some(born.day)),
        };
        let year = u32::from(born.first_day().year.unsigned_abs());
        let is = |known: Option<u8>| {
            part.word.len() <= 2 && known.is_some_and(|known| number == u32::from(known))
        };
        let fits = [
            number == year || (part.word.len() == 2 && number == year % 100),
            is(month),
            is(day),
        ];
        fits.iter().enumerate().any(|(at, fits)| {
            let mut left = free;
            let taken = left.get_mut(at).is_some_and(core::mem::take);
            *fits && taken && self.matches_from(rest, left)
        })
    }
}

/// The date written without separators: year first, month first, day first.
fn whole_dates(date: Date) -> [u32; 3] {
    let (year, month, day) = (
        u32::from(date.year.unsigned_abs()),
        u32::from(date.month),
        u32::from(date.day),
    );
    [
        year * 10_000 + month * 100 + day,
        month * 1_000_000 + day * 10_000 + year,
        day * 1_000_000 + month * 10_000 + year,
    ]
}

/// What someone typed into the search box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    parts: Vec<Part>,
    /// Whether there was more than blanks, if only a question mark.
    is_typed: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    word: String,
    number: Option<u32>,
}

impl Query {
    /// Most parts of a query that are looked at.
    pub const PARTS: usize = 8;

    /// Reads what was typed. A record number or a room with dashes is one part.
    pub fn parse(text: &str) -> Self {
        let parts = text
            .split_whitespace()
            .flat_map(|chunk| compact(chunk).map_or_else(|| words(chunk), |one| vec![one]))
            .map(|word| {
                let plain = word.bytes().all(|c| c.is_ascii_digit());
                let number = word.parse().ok().filter(|_| plain);
                Part { word, number }
            });
        Self {
            parts: parts.take(Self::PARTS).collect(),
            is_typed: !text.trim().is_empty(),
        }
    }

    /// Whether nothing was typed: it finds everyone.
    pub fn is_empty(&self) -> bool {
        !self.is_typed
    }
}

/// `MH-002417-5` as `mh0024175` and `E-12` as `e12`: letters, then digits, with dashes between;
/// `None` for any other form.
fn compact(text: &str) -> Option<String> {
    let joined: String = text.trim().chars().filter(|c| *c != '-').collect();
    let joined = joined.to_ascii_lowercase();
    let letters = joined.find(|c: char| c.is_ascii_digit())?;
    let (letters, digits) = joined.split_at_checked(letters)?;
    let fits = !letters.is_empty()
        && letters.bytes().all(|c| c.is_ascii_lowercase())
        && digits.bytes().all(|c| c.is_ascii_digit());
    fits.then_some(joined.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn resident() -> Searchable {
        let born = "1940-06-15".parse().ok();
        Searchable::new(["Zoë", "Müller-O’Brien", "Zo"], "12A", born, "MH-002417-5")
    }

    #[test]
    fn what_differs_in_a_sign_or_a_mark_says_something_else() {
        for (one, other) in [
            ("no oxygen if SpO2 < 88", "no oxygen if SpO2 > 88"),
            ("0.5 mg", "5 mg"),
            ("1-2 tablets", "1/2 tablets"),
            ("10²", "102"),
            ("की", "कु"),
        ] {
            assert_ne!(meaning(one), meaning(other), "{one} {other}");
        }
        assert_eq!(name_meaning("Zoë O’Brien"), name_meaning("ZOE  O'Brien"));
        assert_ne!(name_meaning("की"), name_meaning("कु"));
        assert_eq!(meaning(" No  CPR "), meaning("no cpr"));
        assert_eq!(meaning("Jose\u{301}"), meaning("José"));
    }

    #[test]
    fn names_are_found_without_case_and_marks() {
        assert_eq!(words("Zoë  MÜLLER-O’Brien"), ["zoe", "muller", "obrien"]);
        assert_eq!(
            normalise("Łukasz Strauß-Åse Søren"),
            "lukasz strauss ase soren"
        );
        assert_eq!(normalise("ﬁne Ⅷ"), "fine viii");
        assert_eq!(normalise(" \u{301} "), "");
        assert_eq!(normalise("Иванов 山田"), "иванов 山田");
    }

    #[test]
    fn people_are_found_by_what_nurses_type() {
        for text in [
            "",
            "zo",
            "Zoe m",
            "MULLER",
            "o'brien zoe",
            "obri",
            "12",
            "12a",
            "12A mul",
            "1940-06-15",
            "15.6.1940",
            "6/15/1940",
            "06/15/40",
            "1940",
            "15",
            "06 1940",
            "19400615",
            "15061940",
            "06151940",
            "MH-002417-5",
            "mh0024175",
            "mh-0024",
            "002417",
            "2417",
            "24175",
            "0024175",
            "zoe 1940 12a",
        ] {
            assert!(resident().matches(&Query::parse(text)), "{text}");
        }
    }

    #[test]
    fn others_are_not_found() {
        for text in [
            "zoey",
            "rien",
            "13",
            "2a",
            "6/6/1940",
            "15/15/1940",
            "1941-06-15",
            "16.6.1940",
            "19400616",
            "MH-002418",
            "zoe 13a",
            "417",
            "140615",
        ] {
            assert!(!resident().matches(&Query::parse(text)), "{text}");
        }
    }

    #[test]
    fn a_name_without_letters_is_still_a_name_of_its_own() {
        assert_eq!(name_of(" Penicillin-G "), name_of("penicillin g"));
        assert_eq!(name_of(" ? "), "?");
        assert_ne!(name_of("?"), name_of("!"));
    }

    #[test]
    fn signs_alone_find_nobody_and_nothing_typed_finds_everyone() {
        for text in ["?", "\"", "…", " - ", "' '", "\u{301}", "\u{200b}"] {
            assert!(!resident().matches(&Query::parse(text)), "{text:?}");
        }
        for text in ["", "  ", "\t"] {
            assert!(resident().matches(&Query::parse(text)), "{text:?}");
        }
        assert!(resident().matches(&Query::default()));
    }

    #[test]
    fn nobody_is_found_by_a_birth_date_that_is_not_known() {
        let unknown = Searchable::new(["Ann", "Day"], "", None, "");
        assert!(!unknown.matches(&Query::parse("1940")));
        assert!(unknown.matches(&Query::parse("day")));
    }

    #[test]
    fn half_a_birth_date_is_found_by_what_is_known_of_it() {
        let finds = |born: &str, text: &str| {
            let some = Searchable::new(["Ann", "Day"], "", born.parse().ok(), "");
            some.matches(&Query::parse(text))
        };
        for text in ["1940", "40", "6/1940"] {
            assert!(finds("1940-06", text), "{text}");
        }
        assert!(finds("1940", "1940"));
        // Nobody was born on the first only because the day is not known.
        for text in ["1", "1940-06-01", "19400601", "1/6/1940"] {
            assert!(!finds("1940-06", text), "{text}");
        }
        assert!(!finds("1940", "1/1940"));
    }

    #[test]
    fn a_medicine_is_one_however_it_is_written_and_a_sign_makes_another_of_it() {
        for (one, other) in [
            ("Warfarin", " WARFARIN "),
            ("Co-amoxiclav", "co\u{2011}amoxiclav"),
            ("Co-amoxiclav", "Co  amoxiclav"),
            ("T\u{e9}gr\u{e9}tol", "Tegretol"),
        ] {
            assert_eq!(medicine_name(one), medicine_name(other), "{one} {other}");
        }
        for (one, other) in [
            ("Insulin 70/30", "Insulin 7030"),
            ("Insulin 70/30", "Insulin 70 30"),
            ("Humalog +", "Humalog"),
            ("Digoxin 0.5", "Digoxin 05"),
            ("Warfarin", "Warfarin 3 mg"),
            ("\u{928}\u{93f}", "\u{928}\u{940}"),
        ] {
            assert_ne!(medicine_name(one), medicine_name(other), "{one} {other}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in ".{0,40}") {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }

        #[test]
        fn no_query_makes_the_search_fail(text in ".{0,80}") {
            let _ = resident().matches(&Query::parse(&text));
        }

        #[test]
        fn everyone_is_found_by_their_own_name(name in "\\PC{1,20}") {
            let someone = Searchable::new([name.as_str()], "", None, "");
            let parts: Vec<Part> = words(&name).into_iter().take(Query::PARTS)
                .map(|word| Part { word, number: None }).collect();
            let is_typed = !parts.is_empty();
            let query = Query { parts, is_typed };
            prop_assert!(someone.matches(&query));
        }
    }
}
