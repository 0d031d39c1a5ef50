//! Which of several statements on allergies and code status counts: those the alerts are made of.

use super::*;
use domain::chart::{Allergy, AllergyTo, CodeStatusChoice, Severity};
use domain::meta::Decision;

fn to(substance: &str, reaction: Option<&str>, severity: Option<Severity>) -> Fact {
    Fact::Allergy(Allergy::To(AllergyTo {
        substance: substance.into(),
        reaction: reaction.map(str::to_owned),
        severity,
        source: None,
    }))
}

fn chart(home: &mut Home) -> interface::ChartView {
    let query = Query::Chart {
        resident: resident(1),
    };
    answer!(home.ask(query), Chart)
}

/// Whether these allergies count, in their order.
fn count(home: &mut Home, keys: &[EntryKey]) -> Vec<bool> {
    let stated = chart(home).allergies;
    let of = |key: &EntryKey| stated.iter().find(|row| row.by.entry == *key).unwrap();
    keys.iter().map(|key| of(key).counts).collect()
}

#[test]
fn every_entry_that_a_substance_on_the_banner_is_made_of_counts() {
    let mut home = Home::new();
    let long = "thirty words of what happened then ".repeat(12);
    let keys = [
        to("Penicillin", Some("hives"), Some(Severity::Moderate)),
        to("penicillin ", Some("anaphylaxis"), Some(Severity::Severe)),
        to("PENICILLIN", None, None),
        to("latex", Some(&long), None),
    ]
    .map(|fact| home.chart(1, 1, NOW, fact));
    assert_eq!(count(&mut home, &keys), [true; 4]);
}

#[test]
fn an_allergy_counts_that_the_banner_has_no_room_for() {
    let mut home = Home::new();
    let more = ids::limits::ALERTS_SHOWN + 1;
    let keys: Vec<EntryKey> = (0..more)
        .map(|n| home.chart(1, 1, NOW, allergic(&format!("substance {n}"))))
        .collect();
    assert_eq!(count(&mut home, &keys), vec![true; more]);
}

#[test]
fn none_known_does_not_count_beside_an_allergy_nor_a_severity_decided_against() {
    let mut home = Home::new();
    let none = home.chart(1, 1, NOW, none_known());
    assert_eq!(count(&mut home, std::slice::from_ref(&none)), [true]);
    let mild = to("Penicillin", None, Some(Severity::Mild));
    let mild = home.chart(1, 1, NOW + 1, mild);
    let severe = to("Penicillin", None, Some(Severity::Severe));
    let severe = home.chart(1, 1, NOW + 2, severe);
    let keys = [none, mild.clone(), severe.clone()];
    assert_eq!(count(&mut home, &keys), [false, true, true]);
    let right = Decision::Only(severe.clone());
    home.chart(2, 1, NOW + 3, decided(&[mild, severe], right));
    assert_eq!(count(&mut home, &keys), [false, false, true]);
}

#[test]
fn of_two_code_statuses_the_one_acted_on_counts() {
    use CodeStatusChoice::{DoNotResuscitate, FullTreatment};
    let counted = |home: &mut Home| -> Vec<_> {
        let stated = chart(home).code_status;
        let counted = stated.iter().filter(|row| row.counts);
        counted.map(|row| row.says.choice).collect()
    };
    let mut home = Home::new();
    let full = home.chart(1, 1, NOW, code(FullTreatment));
    let none = home.chart(2, 1, NOW, code(DoNotResuscitate));
    assert_eq!(counted(&mut home), [FullTreatment]);
    let right = Decision::Only(none.clone());
    home.chart(2, 1, NOW + 1, decided(&[full, none], right));
    assert_eq!(counted(&mut home), [DoNotResuscitate]);
}
