//! Names of residents, as mixed as a town's.

use crate::dice::Dice;
use domain::chart::Sex;
use std::collections::BTreeSet;

/// The bed of the first resident.
pub(super) const FIRST_BED: &str = "12B";

const WOMEN: &[&str] = &[
    "Adèle",
    "Agnieszka",
    "Alice",
    "Amina",
    "Anneliese",
    "Beatriz",
    "Bernice",
    "Carmen",
    "Chiyo",
    "Concepción",
    "Doris",
    "Dorothy",
    "Edith",
    "Elsa",
    "Esther",
    "Eun-ji",
    "Fatima",
    "Françoise",
    "Geraldine",
    "Gloria",
    "Grace",
    "Gudrun",
    "Halina",
    "Helen",
    "Hortensia",
    "Ingrid",
    "Irène",
    "Jadwiga",
    "Josephine",
    "Joyce",
    "Kamala",
    "Lakshmi",
    "Leila",
    "Lorraine",
    "Lucía",
    "Mabel",
    "Margarethe",
    "Marie",
    "Mei-Ling",
    "Mildred",
    "Nadezhda",
    "Ngozi",
    "Olive",
    "Opal",
    "Pearl",
    "Phyllis",
    "Rosa",
    "Ruby",
    "Ruth",
    "Saoirse",
    "Shirley",
    "Siobhán",
    "Sofía",
    "Thelma",
    "Thị Mai",
    "Vera",
    "Violet",
    "Winifred",
    "Yetunde",
    "Zofia",
];

const MEN: &[&str] = &[
    "Abebe",
    "Albert",
    "Aleksander",
    "Amadou",
    "André",
    "Anselm",
    "Arthur",
    "Bernard",
    "Björn",
    "Carlos",
    "Cecil",
    "Chidi",
    "Clarence",
    "Dimitri",
    "Earl",
    "Edwin",
    "Emeka",
    "Ernest",
    "Eugene",
    "Fernando",
    "Francis",
    "Friedrich",
    "George",
    "Gordon",
    "Håkon",
    "Harold",
    "Herbert",
    "Hiroshi",
    "Ignacio",
    "István",
    "Jean-Pierre",
    "Jesús",
    "José",
    "Kenji",
    "Lars",
    "Leonard",
    "Lloyd",
    "Luis",
    "Mahmoud",
    "Marcel",
    "Milton",
    "Nils",
    "Norman",
    "Olufemi",
    "Otto",
    "Paweł",
    "Rajesh",
    "Ralph",
    "Raúl",
    "Roland",
    "Stanisław",
    "Sven",
    "Theodore",
    "Tomáš",
    "Vernon",
    "Viktor",
    "Walter",
    "Wen",
    "Wilbur",
    "Yusuf",
];

const FAMILIES: &[&str] = &[
    "Abernathy",
    "Achterberg",
    "Adeleke",
    "Aguirre",
    "Åkesson",
    "Albright",
    "Almeida",
    "Andersson",
    "Bakshi",
    "Barlow",
    "Beauchamp",
    "Bergström",
    "Blackwood",
    "Bondarenko",
    "Boudreaux",
    "Brzeziński",
    "Calloway",
    "Castañeda",
    "Chaudhry",
    "Chen",
    "Côté",
    "Crenshaw",
    "Da Silva",
    "Delacroix",
    "Diallo",
    "Dvořák",
    "Eze",
    "Fairbanks",
    "Fitzgerald",
    "Fujimoto",
    "Gallagher",
    "García",
    "Goldstein",
    "Gómez",
    "Grünwald",
    "Haddad",
    "Hathaway",
    "Hernández",
    "Hoang",
    "Holloway",
    "Horváth",
    "Ibrahim",
    "Jankowski",
    "Jørgensen",
    "Kaczmarek",
    "Kapoor",
    "Kim",
    "Kowalczyk",
    "Lambert",
    "Larsen",
    "Lefèvre",
    "Lindqvist",
    "Łuczak",
    "MacDougall",
    "Maldonado",
    "Mbeki",
    "McAllister",
    "Mendoza",
    "Müller",
    "Nakamura",
    "Nguyễn",
    "Novák",
    "Núñez",
    "O'Brien",
    "Ó Súilleabháin",
    "Odhiambo",
    "Okonkwo",
    "Ortega",
    "Ouellette",
    "Özdemir",
    "Park",
    "Patel",
    "Pellegrini",
    "Peña",
    "Petrov",
    "Phillips",
    "Quigley",
    "Ramírez",
    "Rasmussen",
    "Rosenbaum",
    "Saito",
    "Sánchez",
    "Schneider",
    "Şahin",
    "Singh",
    "Sørensen",
    "Sutherland",
    "Tanaka",
    "Thibodeaux",
    "Thompson",
    "Trần",
    "Vance",
    "Van der Berg",
    "Vasquez",
    "Villanueva",
    "Washington",
    "Weiß",
    "Whitfield",
    "Yamada",
    "Zieliński",
];

/// A name with the sex it was drawn for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Person {
    pub(super) given: String,
    pub(super) family: String,
    pub(super) preferred: Option<String>,
    pub(super) sex: Sex,
}

/// Draws residents' names; no two alike while names last.
#[derive(Default)]
pub(super) struct Cast {
    taken: BTreeSet<(String, String)>,
}

impl Cast {
    /// The next resident. The first is always the same: the demo's story is told about him.
    pub(super) fn next(&mut self, number: u64, dice: &mut Dice) -> Person {
        if number == 0 {
            let (given, family) = ("Nils".to_owned(), "Bergström".to_owned());
            self.taken.insert((given.clone(), family.clone()));
            return Person {
                given,
                family,
                preferred: None,
                sex: Sex::Male,
            };
        }
        let mut person = draw(dice);
        for _ in 0..32 {
            if self
                .taken
                .insert((person.given.clone(), person.family.clone()))
            {
                break;
            }
            person = draw(dice);
        }
        person
    }
}

fn draw(dice: &mut Dice) -> Person {
    // In nursing homes of the United States about two of three residents are women.
    let sex = if dice.chance(66) {
        Sex::Female
    } else {
        Sex::Male
    };
    let given = dice.one(if sex == Sex::Female { WOMEN } else { MEN });
    let family = dice.one(FAMILIES);
    Person {
        given: given.to_owned(),
        family: family.to_owned(),
        preferred: preferred(given).map(str::to_owned),
        sex,
    }
}

/// What some want to be called.
fn preferred(given: &str) -> Option<&'static str> {
    Some(match given {
        "Margarethe" => "Grete",
        "Josephine" => "Josie",
        "Dorothy" => "Dot",
        "Concepción" => "Conchita",
        "Winifred" => "Winnie",
        "Theodore" => "Ted",
        "Stanisław" => "Staszek",
        "Friedrich" => "Fritz",
        "Leonard" => "Len",
        "José" => "Pepe",
        _ => return None,
    })
}
