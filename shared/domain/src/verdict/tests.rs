//! Who may say that an entry takes another's place, and what can be said in which document.

use super::*;
use crate::chart::{AllergyTo, CodeStatus, CodeStatusChoice, Order, OrderId, Problem};
use crate::directory::{Date, ResidentName, Role, Staff};
use crate::entry::ResidentId;
use crate::generate;
use crate::home::{Period, Stream};
use crate::journal::Note;
use crate::meta::{Addendum, Signature, Strike};
use ids::{CommandId, StatedInstant, UnixMillis};

mod bounds;

const NOW: i64 = 1_795_269_600_000;
const MONTH: i64 = 31 * 86_400_000;

fn resident(n: u8) -> Subject {
    Subject::Resident(ResidentId(CommandId::from_bytes([n; 16])))
}

fn key(n: i64) -> EntryKey {
    EntryKey::from_parts(UnixMillis(n), [0; 10])
}

/// An entry, where its kind lies, under key `n`.
struct Said {
    key: EntryKey,
    recorded: Recorded,
    author: PersonId,
    what: Document,
}

impl Said {
    fn new(n: i64, by: u8, fact: Fact, over: &[&Said]) -> Self {
        let stated = StatedInstant {
            at: UnixMillis(NOW + n),
            offset_minutes: 0,
        };
        let target = over.first().map(|said| said.what);
        let entry = Entry {
            command: CommandId::from_bytes([1; 16]),
            line: 0,
            subject: resident(1),
            stated,
            supersedes: over.iter().map(|said| said.key.clone()).collect(),
            fact,
        };
        Self {
            key: key(NOW + n),
            author: PersonId::from_bytes([by; 16]),
            what: entry.fact.home(entry.subject, stated, target).unwrap(),
            recorded: Recorded::Known(entry),
        }
    }

    fn about(mut self, subject: Subject) -> Self {
        if let Recorded::Known(entry) = &mut self.recorded {
            entry.subject = subject;
        }
        self
    }

    fn placed(&self) -> Placed<'_> {
        Placed {
            key: &self.key,
            recorded: &self.recorded,
            author: self.author,
            what: self.what,
        }
    }

    fn does_to(&self, target: &Said) -> Option<Supersedes> {
        supersedes(&self.placed(), &target.placed(), false)
    }
}

fn note(text: &str) -> Fact {
    Fact::Note(Note { text: text.into() })
}

fn code(choice: CodeStatusChoice) -> Fact {
    Fact::CodeStatus(CodeStatus {
        choice,
        comment: None,
        stated_by: None,
    })
}

fn allergy(substance: &str) -> Fact {
    Fact::Allergy(Allergy::To(AllergyTo {
        substance: substance.into(),
        reaction: None,
        severity: None,
        source: None,
    }))
}

fn order(id: u8, medicine: &str) -> Fact {
    Fact::Order(Order {
        order: OrderId(CommandId::from_bytes([id; 16])),
        version: 1,
        medicine: medicine.into(),
        dose: "1 mg".into(),
        route: "by mouth".into(),
        times: Vec::new(),
        as_needed: None,
        starts: Date::new(2026, 11, 21).unwrap().into(),
        ended: None,
        prescriber: None,
        apart_minutes: None,
        most_in_a_day: None,
        hold: None,
        ended_at: None,
        starts_at: None,
        high_alert: false,
    })
}

fn strike_of(target: &Said) -> Fact {
    Fact::Strike(Strike {
        entry: target.key.clone(),
        reason: "wrong resident".into(),
        kind: KnownKind::named(target.recorded.kind()).unwrap(),
    })
}

const REPLACES: Option<Supersedes> = Some(Supersedes::Replaces);

#[test]
fn what_was_done_or_seen_is_replaced_by_its_author_alone_and_only_unsigned() {
    let mut draw = generate::counting(3);
    for (kind, class) in Fact::KINDS {
        if *class != MergeClass::Event || *kind == "move" {
            continue;
        }
        let drawn = generate::entry(kind, UnixMillis(NOW), &mut draw).unwrap();
        let old = Said::new(1, 7, drawn.fact.clone(), &[]);
        let own = Said::new(2, 7, drawn.fact.clone(), &[&old]);
        assert_eq!(own.does_to(&old), REPLACES, "{kind}");
        let signed = supersedes(&own.placed(), &old.placed(), true);
        assert_eq!(signed, None, "{kind}, signed");
        let anothers = Said::new(2, 8, drawn.fact, &[&old]);
        assert_eq!(anothers.does_to(&old), None, "{kind}, by another");
    }
}

#[test]
fn a_register_is_replaced_by_whoever_may_write_there() {
    let status = Said::new(1, 7, code(CodeStatusChoice::FullTreatment), &[]);
    let other = Said::new(2, 8, code(CodeStatusChoice::ComfortOnly), &[&status]);
    assert_eq!(other.does_to(&status), REPLACES);
    // Not by what names nothing, is of another kind, about another, or elsewhere.
    let beside = Said::new(2, 8, code(CodeStatusChoice::ComfortOnly), &[]);
    assert_eq!(beside.does_to(&status), None);
    let problem = Fact::Problem(Problem {
        text: "hay fever".into(),
        coding: None,
        onset: None,
        ended: None,
    });
    assert_eq!(Said::new(2, 7, problem, &[&status]).does_to(&status), None);
    let another = Said::new(2, 7, code(CodeStatusChoice::ComfortOnly), &[&status]);
    assert_eq!(another.about(resident(2)).does_to(&status), None);
    let mut elsewhere = Said::new(2, 7, code(CodeStatusChoice::ComfortOnly), &[&status]);
    elsewhere.what.period.year += 1;
    assert_eq!(elsewhere.does_to(&status), None);
}

#[test]
fn an_order_is_changed_by_its_own_versions_and_an_identity_under_its_record_number() {
    let warfarin = Said::new(1, 7, order(1, "Warfarin"), &[]);
    let changed = Said::new(2, 8, order(1, "Warfarin"), &[&warfarin]);
    assert_eq!(changed.does_to(&warfarin), REPLACES);
    let aspirin = Said::new(2, 8, order(2, "Aspirin"), &[&warfarin]);
    assert_eq!(aspirin.does_to(&warfarin), None);
    let mut draw = generate::counting(5);
    let drawn = generate::entry("identity", UnixMillis(NOW), &mut draw).unwrap();
    let old = Said::new(1, 7, drawn.fact.clone(), &[]);
    let same = Said::new(2, 8, drawn.fact.clone(), &[&old]);
    assert_eq!(same.does_to(&old), REPLACES);
    let Fact::Identity(mut identity) = drawn.fact else {
        panic!()
    };
    identity.record_number = "MH-000000-0".into();
    let swapped = Said::new(2, 8, Fact::Identity(identity), &[&old]);
    assert_eq!(swapped.does_to(&old), None);
}

#[test]
fn an_allergy_leaves_only_by_a_strike_and_none_known_gives_way_to_one() {
    let penicillin = Said::new(1, 7, allergy("penicillin"), &[]);
    let latex = Said::new(2, 7, allergy("latex"), &[&penicillin]);
    assert_eq!(latex.does_to(&penicillin), None);
    let none = Said::new(2, 7, Fact::Allergy(Allergy::NoneKnown), &[&penicillin]);
    assert_eq!(none.does_to(&penicillin), None);
    let again = Said::new(2, 7, allergy("penicillin"), &[&penicillin]);
    assert_eq!(again.does_to(&penicillin), REPLACES);
    // Who may only write makes nobody else's harmless.
    let milder = Said::new(2, 8, allergy("penicillin"), &[&penicillin]);
    assert_eq!(milder.does_to(&penicillin), None);
    let known = Said::new(3, 8, allergy("latex"), &[&none]);
    assert_eq!(known.does_to(&none), REPLACES);
}

#[test]
fn a_strike_strikes_the_one_entry_it_names_and_gives_its_reason_for() {
    let (one, two) = (
        Said::new(1, 7, note("slept"), &[]),
        Said::new(2, 7, note("ate"), &[]),
    );
    let strike = Said::new(3, 8, strike_of(&one), &[&one, &two]);
    assert_eq!(strike.does_to(&one), Some(Supersedes::Strikes));
    assert_eq!(strike.does_to(&two), None);
    // What right it needs follows from the kind it names, so it strikes nothing of another.
    let status = Said::new(1, 7, code(CodeStatusChoice::FullTreatment), &[]);
    let mut pretends = Said::new(3, 8, strike_of(&status), &[&status]);
    assert_eq!(pretends.does_to(&status), Some(Supersedes::Strikes));
    if let Recorded::Known(Entry {
        fact: Fact::Strike(says),
        ..
    }) = &mut pretends.recorded
    {
        says.kind = KnownKind::named("note").unwrap();
    }
    assert_eq!(pretends.does_to(&status), None);
    let anothers = Said::new(3, 8, strike_of(&one), &[&one]).about(resident(2));
    assert_eq!(anothers.does_to(&one), None);
    // In another month it could be missing where the note is.
    let mut elsewhere = Said::new(3, 8, strike_of(&one), &[&one]);
    elsewhere.what.period = Period::of(
        DocumentKind::Journal,
        StatedInstant {
            at: UnixMillis(NOW + MONTH),
            offset_minutes: 0,
        },
    );
    assert_eq!(elsewhere.does_to(&one), None);
}

#[test]
fn what_is_about_other_entries_replaces_none() {
    let old = Said::new(1, 7, note("slept"), &[]);
    let said = |fact| Said::new(2, 7, fact, &[&old]);
    let words = Fact::Addendum(Addendum {
        to: old.key.clone(),
        text: "well".into(),
    });
    let signature = Fact::Signature(Signature {
        entries: vec![old.key.clone()],
    });
    let resolution = Fact::Resolution(Resolution {
        of: vec![old.key.clone(), key(NOW + 9)],
        decision: Decision::Both,
        reason: "asked".into(),
    });
    for fact in [words, signature, resolution] {
        assert_eq!(said(fact).does_to(&old), None);
    }
}

#[test]
fn what_a_newer_version_wrote_replaces_nothing_yet_and_can_be_struck() {
    let status = Said::new(1, 7, code(CodeStatusChoice::FullTreatment), &[]);
    let mut newer = Said::new(2, 7, code(CodeStatusChoice::ComfortOnly), &[&status]);
    newer.recorded = Recorded::Unknown {
        command: CommandId::from_bytes([1; 16]),
        line: 0,
        kind: "code_status".into(),
        subject: resident(1),
        stated: newer.recorded.stated(),
        supersedes: vec![status.key.clone()],
    };
    assert_eq!(newer.does_to(&status), None);
    let strike = Said::new(3, 8, strike_of(&newer), &[&newer]);
    assert_eq!(strike.does_to(&newer), Some(Supersedes::Strikes));
    let replaced = Said::new(3, 8, code(CodeStatusChoice::FullTreatment), &[&newer]);
    assert_eq!(replaced.does_to(&newer), REPLACES);
}

#[test]
fn a_signature_is_the_authors_own() {
    let one = Said::new(1, 7, note("slept"), &[]);
    let signature = |by| {
        let fact = Fact::Signature(Signature {
            entries: vec![one.key.clone()],
        });
        let mut said = Said::new(2, by, note("x"), &[]);
        if let Recorded::Known(entry) = &mut said.recorded {
            entry.fact = fact;
        }
        said
    };
    assert!(signs(&signature(7).placed(), &one.placed()));
    assert!(!signs(&signature(8).placed(), &one.placed()));
    let elsewhere = signature(7).about(resident(2));
    assert!(!signs(&elsewhere.placed(), &one.placed()));
}

#[test]
fn whatever_the_generator_draws_is_sound_where_it_lies_and_nowhere_else() {
    let mut draw = generate::counting(11);
    for _ in 0..100 {
        for (kind, _) in Fact::KINDS {
            let mut entry = generate::entry(kind, UnixMillis(NOW), &mut draw).unwrap();
            let journal = Document::of(DocumentKind::Journal, resident(1), entry.stated).unwrap();
            if entry.fact.is_about() {
                entry.subject = resident(1);
                let sound = is_sound(&Recorded::Known(entry.clone()), &journal);
                assert!(sound, "{entry:?}");
                entry.subject = resident(2);
                assert!(!is_sound(&Recorded::Known(entry), &journal), "{kind}");
                continue;
            }
            entry.supersedes = Vec::new();
            let home = entry.fact.home(entry.subject, entry.stated, None).unwrap();
            let recorded = Recorded::Known(entry);
            assert!(is_sound(&recorded, &home), "{recorded:?}");
            let mut next = home;
            next.period.year += 1;
            assert!(!is_sound(&recorded, &next), "{kind} in another year");
            for other in DocumentKind::ALL.into_iter().filter(|k| *k != home.kind) {
                let subject = if other.is_of_resident() {
                    resident(1)
                } else {
                    Subject::Facility
                };
                let what = Document::of(other, subject, recorded.stated()).unwrap();
                assert!(!is_sound(&recorded, &what), "{kind} in {other:?}");
            }
        }
    }
}

#[test]
fn an_entry_that_does_not_hold_together_is_not_sound() {
    let at = |n| key(NOW + n);
    let said = |fact: Fact, over: Vec<EntryKey>| {
        let mut said = Said::new(1, 7, note("x"), &[]);
        let what = said.what;
        if let Recorded::Known(entry) = &mut said.recorded {
            (entry.fact, entry.supersedes) = (fact, over);
        }
        is_sound(&said.recorded, &what)
    };
    let strike = |entry| {
        Fact::Strike(Strike {
            entry,
            reason: String::new(),
            kind: KnownKind::named("note").unwrap(),
        })
    };
    assert!(said(strike(at(1)), vec![at(1)]));
    assert!(!said(strike(at(1)), vec![at(2)]));
    assert!(!said(strike(at(1)), Vec::new()));
    let sign = |entries| said(Fact::Signature(Signature { entries }), Vec::new());
    assert!(sign(vec![at(1), at(2)]));
    assert!(!sign(Vec::new()));
    assert!(!sign(vec![at(2), at(1)]));
    let resolve = |of: Vec<EntryKey>, decision| {
        let reason = String::new();
        let resolution = Resolution {
            of,
            decision,
            reason,
        };
        said(Fact::Resolution(resolution), Vec::new())
    };
    assert!(resolve(vec![at(1), at(2)], Decision::Only(at(2))));
    assert!(!resolve(vec![at(1), at(2)], Decision::Only(at(3))));
    assert!(resolve(vec![at(1), at(2)], Decision::Neither(at(3))));
    assert!(!resolve(vec![at(1), at(2)], Decision::Neither(at(2))));
    assert!(!resolve(vec![at(2), at(1)], Decision::Both));
    assert!(!resolve(vec![at(1)], Decision::Both));
}

#[test]
fn an_entry_is_about_what_it_says() {
    let name = Fact::ResidentName(ResidentName {
        given: "Rosa".into(),
        family: "Alvarez".into(),
    });
    let staff = Fact::Staff(Staff {
        given: "Mary".into(),
        family: "Okafor".into(),
        role: Role::RegisteredNurse,
        credential: None,
    });
    let person = Subject::Person(PersonId::from_bytes([3; 16]));
    for (fact, right, wrong) in [(name, resident(1), person), (staff, person, resident(1))] {
        let said = Said::new(1, 7, fact, &[]).about(right);
        assert_eq!(said.what.stream(), Stream::Directory);
        assert!(is_sound(&said.recorded, &said.what));
        let said = said.about(wrong);
        assert!(!is_sound(&said.recorded, &said.what));
    }
}

/// A fact of a kind, drawn.
fn drawn(kind: &str) -> (Subject, Fact) {
    let mut draw = generate::counting(13);
    let entry = generate::entry(kind, UnixMillis(NOW), &mut draw).unwrap();
    (entry.subject, entry.fact)
}

#[test]
fn settings_and_names_of_devices_are_said_anew_and_never_struck_and_the_rest_of_the_house_can_be() {
    let strikes = Some(Supersedes::Strikes);
    for (kind, struck) in [
        ("settings", None),
        ("device", None),
        ("unit", strikes),
        ("room", strikes),
        ("bed", strikes),
        ("staff", strikes),
        ("resident_name", strikes),
        ("identity", strikes),
        ("move", strikes),
    ] {
        let (subject, fact) = drawn(kind);
        let old = Said::new(1, 7, fact.clone(), &[]).about(subject);
        let strike = Said::new(2, 7, strike_of(&old), &[&old]).about(subject);
        let mut strike = strike;
        strike.what = old.what;
        assert_eq!(strike.does_to(&old), struck, "{kind}");
        let anew = Said::new(2, 7, fact, &[&old]).about(subject);
        assert_eq!(anew.does_to(&old), REPLACES, "{kind}");
    }
}

#[test]
fn a_signature_is_taken_back_by_its_author_alone() {
    let one = Said::new(1, 7, note("slept"), &[]);
    let fact = Fact::Signature(Signature {
        entries: vec![one.key.clone()],
    });
    let mut signature = Said::new(2, 7, note("x"), &[]);
    if let Recorded::Known(entry) = &mut signature.recorded {
        entry.fact = fact;
    }
    let strike = |by| Said::new(3, by, strike_of(&signature), &[&signature]).does_to(&signature);
    assert_eq!(strike(7), Some(Supersedes::Strikes));
    assert_eq!(strike(8), None);
}

#[test]
fn a_problem_gives_way_to_the_same_problem_alone() {
    let problem = |text: &str, code: Option<&str>| {
        Fact::Problem(Problem {
            text: text.into(),
            coding: code.map(|code| crate::chart::Coding {
                system: "http://hl7.org/fhir/sid/icd-10-cm".into(),
                code: code.into(),
                display: String::new(),
            }),
            onset: None,
            ended: None,
        })
    };
    let old = Said::new(1, 7, problem("Heart failure", Some("I50.9")), &[]);
    let does = |fact| Said::new(2, 8, fact, &[&old]).does_to(&old);
    assert_eq!(does(problem("Heart failure", None)), REPLACES);
    assert_eq!(
        does(problem("Cardiac insufficiency", Some("I50.9"))),
        REPLACES
    );
    assert_eq!(does(problem("Gout", None)), None);
    assert_eq!(does(problem("Gout", Some("M10.9"))), None);
    let uncoded = Said::new(1, 7, problem("Fall", None), &[]);
    let other = Said::new(2, 8, problem("Gout", None), &[&uncoded]);
    assert_eq!(other.does_to(&uncoded), None);
}

#[test]
fn a_decision_gives_way_to_another_of_its_author_on_the_same_entries() {
    let sides = [key(NOW), key(NOW + 1)];
    let decided = |of: &[EntryKey], decision| {
        Fact::Resolution(Resolution {
            of: of.to_vec(),
            decision,
            reason: "asked".into(),
        })
    };
    let said = |n, by, fact, over: &[&Said]| {
        let mut said = Said::new(n, by, note("x"), over);
        if let Recorded::Known(entry) = &mut said.recorded {
            entry.fact = fact;
        }
        said
    };
    let first = said(1, 7, decided(&sides, Decision::Both), &[]);
    let only = decided(&sides, Decision::Only(sides[0].clone()));
    assert_eq!(
        said(2, 7, only.clone(), &[&first]).does_to(&first),
        REPLACES
    );
    assert_eq!(said(2, 8, only, &[&first]).does_to(&first), None);
    let third = [sides[0].clone(), sides[1].clone(), key(NOW + 2)];
    let wider = decided(&third, Decision::Both);
    assert_eq!(said(2, 7, wider, &[&first]).does_to(&first), None);
}

#[test]
fn a_decision_counts_where_it_lies_with_one_of_the_entries_it_is_about() {
    let one = Said::new(1, 7, note("one"), &[]);
    let other = Said::new(2, 8, note("other"), &[]);
    let decided = Fact::Resolution(Resolution {
        of: vec![one.key.clone(), other.key.clone()],
        decision: Decision::Both,
        reason: "asked".into(),
    });
    let said = |n: i64| {
        let mut said = Said::new(n, 9, note("x"), &[]);
        if let Recorded::Known(entry) = &mut said.recorded {
            entry.fact = decided.clone();
        }
        said
    };
    let here = said(3);
    assert!(decides(&here.placed(), &one.placed()) && decides(&here.placed(), &other.placed()));
    // In the chart of another resident, in another month, and over what it does not name.
    assert!(!decides(
        &said(3).about(resident(2)).placed(),
        &one.placed()
    ));
    assert!(!decides(&said(3 + MONTH).placed(), &one.placed()));
    let third = Said::new(4, 7, note("third"), &[]);
    assert!(!decides(&here.placed(), &third.placed()));
    assert!(!decides(&one.placed(), &other.placed()));
}
