//! Rules of a chart.

use super::{Broken, Rule, bounds, directory, hold, text};
use crate::chart::{
    Allergy, CodeStatus, CodeStatusChoice, Identity, Order, Problem, ScaleDecision,
};
use crate::directory::{Date, TimeOfDay};
use crate::partial_date::PartialDate;
use crate::record_number;

/// `today`: the local date of the stated instant.
pub(super) fn identity(says: &Identity, today: Date) -> Result<(), Broken> {
    directory::person(&says.given, &says.family)?;
    if let Some(preferred) = &says.preferred {
        text::name("preferred", preferred)?;
    }
    if let Some(born) = says.born {
        hold(born.is_valid(), "born", Rule::NoSuch)?;
        let age = born.age_on(today);
        hold(age.is_some(), "born", Rule::Future)?;
        hold(
            age.is_some_and(|age| age.least <= bounds::AGE_YEARS),
            "born",
            Rule::NoSuch,
        )?;
    }
    hold(
        record_number::is_valid(&says.record_number),
        "record_number",
        Rule::Form,
    )
}

pub(super) fn problem(says: &Problem, today: Date) -> Result<(), Broken> {
    text::mandatory("text", &says.text)?;
    text::line("text", &says.text, bounds::LINE_BYTES)?;
    if let Some(coding) = &says.coding {
        text::name("coding", &coding.system)?;
        text::name("coding", &coding.code)?;
        text::line("coding", &coding.display, bounds::LINE_BYTES)?;
    }
    past("onset", says.onset, today)?;
    past("ended", says.ended, today)?;
    let ordered = says
        .onset
        .zip(says.ended)
        .is_none_or(|(onset, ended)| onset.first_day() <= ended.last_day());
    hold(ordered, "ended", Rule::Before)
}

fn past(field: &'static str, date: Option<PartialDate>, today: Date) -> Result<(), Broken> {
    hold(date.is_none_or(PartialDate::is_valid), field, Rule::NoSuch)?;
    hold(
        date.is_none_or(|date| date.first_day() <= today),
        field,
        Rule::Future,
    )
}

pub(super) fn allergy(says: &Allergy) -> Result<(), Broken> {
    match says {
        Allergy::NoneKnown => Ok(()),
        Allergy::To(to) => {
            text::name("substance", &to.substance)?;
            text::line_if_any("reaction", to.reaction.as_deref())?;
            text::line_if_any("source", to.source.as_deref())
        }
    }
}

pub(super) fn code_status(says: &CodeStatus) -> Result<(), Broken> {
    if says.choice == CodeStatusChoice::Limited {
        text::mandatory("comment", says.comment.as_deref().unwrap_or_default())?;
    }
    text::comment("comment", says.comment.as_deref())?;
    text::line_if_any("stated_by", says.stated_by.as_deref())
}

pub(super) fn scale_decision(says: &ScaleDecision, today: Date) -> Result<(), Broken> {
    text::name("decided_by", &says.decided_by)?;
    hold(says.decided_on.is_valid(), "decided_on", Rule::NoSuch)?;
    hold(says.decided_on <= today, "decided_on", Rule::Future)?;
    text::comment("reason", says.reason.as_deref())
}

/// Limits of what is given as needed belong to an order that may be.
fn as_needed_limits(says: &Order) -> Result<(), Broken> {
    let other = Rule::Contradicts { other: "as_needed" };
    for (field, said, most) in [
        ("apart_minutes", says.apart_minutes, bounds::APART_MINUTES),
        ("most_in_a_day", says.most_in_a_day, bounds::MOST_IN_A_DAY),
    ] {
        let Some(number) = said else { continue };
        hold(says.as_needed.is_some(), field, other)?;
        let rule = Rule::Count { least: 1, most };
        hold((1..=most).contains(&number), field, rule)?;
    }
    text::line_if_any("hold", says.hold.as_deref())
}

/// An order may begin and end in the future.
pub(super) fn order(says: &Order) -> Result<(), Broken> {
    hold(says.version >= 1, "version", Rule::Form)?;
    text::name("medicine", &says.medicine)?;
    text::mandatory("dose", &says.dose)?;
    text::line("dose", &says.dose, bounds::LINE_BYTES)?;
    text::mandatory("route", &says.route)?;
    text::line("route", &says.route, bounds::LINE_BYTES)?;
    directory::times("times", &says.times)?;
    text::line_if_any("as_needed", says.as_needed.as_deref())?;
    as_needed_limits(says)?;
    let due = !says.times.is_empty() || says.as_needed.is_some();
    hold(due, "times", Rule::Mandatory)?;
    hold(says.starts.is_valid(), "starts", Rule::NoSuch)?;
    hold(says.ended.is_none_or(Date::is_valid), "ended", Rule::NoSuch)?;
    hold(
        says.ended
            .is_none_or(|ended| ended >= says.starts.first_day()),
        "ended",
        Rule::Before,
    )?;
    times_of_ends(says)?;
    text::line_if_any("prescriber", says.prescriber.as_deref())
}

/// A time of day belongs to a day that is known, and an order does not end before it begins.
fn times_of_ends(says: &Order) -> Result<(), Broken> {
    let valid = |time: Option<TimeOfDay>| time.is_none_or(TimeOfDay::is_valid);
    hold(valid(says.starts_at), "starts_at", Rule::NoSuch)?;
    hold(valid(says.ended_at), "ended_at", Rule::NoSuch)?;
    let whole = says.starts_at == says.begins_at();
    hold(whole, "starts_at", Rule::Contradicts { other: "starts" })?;
    let known = says.ended_at.is_none() || says.ended.is_some();
    hold(known, "ended_at", Rule::Contradicts { other: "ended" })?;
    let one_day = says.ended == Some(says.starts.first_day());
    let times = says.begins_at().zip(says.ended_at);
    let ordered = !one_day || times.is_none_or(|(begins, ends)| begins <= ends);
    hold(ordered, "ended_at", Rule::Before)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{AllergyTo, Sex};

    fn date(text: &str) -> Date {
        text.parse().unwrap()
    }

    fn partial(text: &str) -> PartialDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_birth_date_lies_in_a_lifetime() {
        let born = |born: &str| {
            let says = Identity {
                given: "Rosa".into(),
                family: "Alvarez".into(),
                preferred: None,
                born: Some(partial(born)),
                sex: Sex::Female,
                record_number: "MH-002417-5".into(),
            };
            identity(&says, date("2026-11-21")).map_err(|broken| broken.rule)
        };
        assert_eq!(born("2026-11-21"), Ok(()));
        assert_eq!(born("2026-11-22"), Err(Rule::Future));
        assert_eq!(bounds::AGE_YEARS, 2026 - 1896);
        assert_eq!(born("1896-11-21"), Ok(()));
        assert_eq!(born("1895-11-21"), Err(Rule::NoSuch));
        // Half a date is refused only where every day of it would be.
        assert_eq!(born("2026"), Ok(()));
        assert_eq!(born("2026-12"), Err(Rule::Future));
        assert_eq!(born("1895"), Ok(()));
        assert_eq!(born("1894"), Err(Rule::NoSuch));
    }

    #[test]
    fn a_record_number_is_canonical() {
        let says = |record_number: &str| Identity {
            given: String::new(),
            family: "Suharto".into(),
            preferred: None,
            born: None,
            sex: Sex::Unknown,
            record_number: record_number.into(),
        };
        assert_eq!(identity(&says("MH-002417-5"), date("2026-11-21")), Ok(()));
        for text in ["MH-002417-6", "MH0024175", "", "2417"] {
            let field = identity(&says(text), date("2026-11-21")).unwrap_err().field;
            assert_eq!(field, "record_number");
        }
    }

    #[test]
    fn an_order_is_due_at_times_or_as_needed() {
        let mut says = crate::contradictions::samples::order(1, 1, "3 mg", true);
        assert_eq!(order(&says), Ok(()));
        says.times.clear();
        assert_eq!(
            order(&says),
            Err(Broken {
                field: "times",
                rule: Rule::Mandatory
            })
        );
        says.as_needed = Some("pain".into());
        assert_eq!(order(&says), Ok(()));
        says.ended = says.starts.first_day().plus_days(-1);
        assert_eq!(
            order(&says),
            Err(Broken {
                field: "ended",
                rule: Rule::Before
            })
        );
        says.ended = says.starts.first_day().plus_days(400);
        assert_eq!(order(&says), Ok(()));
        says.ended_at = "11:00".parse().ok();
        says.starts_at = "14:00".parse().ok();
        assert_eq!(order(&says), Ok(()));
        let broken = |change: fn(&mut Order)| {
            let mut says = says.clone();
            change(&mut says);
            order(&says).unwrap_err().field
        };
        assert_eq!(broken(|says| says.ended = None), "ended_at");
        assert_eq!(
            broken(|says| says.ended = Some(says.starts.first_day())),
            "ended_at"
        );
        assert_eq!(
            broken(|says| says.starts = "2026-11".parse().unwrap()),
            "starts_at"
        );
        says.dose = " ".into();
        assert_eq!(
            order(&says),
            Err(Broken {
                field: "dose",
                rule: Rule::Mandatory
            })
        );
    }

    #[test]
    fn limits_of_what_is_given_as_needed_are_bounded_at_n_and_n_plus_1() {
        let needed = Order {
            as_needed: Some("pain".into()),
            ..crate::contradictions::samples::order(1, 1, "3 mg", false)
        };
        let apart = |minutes| {
            let says = Order {
                apart_minutes: Some(minutes),
                ..needed.clone()
            };
            order(&says).map_err(|broken| (broken.field, broken.rule))
        };
        let most = |doses| {
            let says = Order {
                most_in_a_day: Some(doses),
                ..needed.clone()
            };
            order(&says).map_err(|broken| (broken.field, broken.rule))
        };
        let rule = |most| Rule::Count { least: 1, most };
        for minutes in [1, bounds::APART_MINUTES] {
            assert_eq!(apart(minutes), Ok(()));
        }
        for minutes in [0, bounds::APART_MINUTES + 1] {
            let told = Err(("apart_minutes", rule(bounds::APART_MINUTES)));
            assert_eq!(apart(minutes), told);
        }
        for doses in [1, bounds::MOST_IN_A_DAY] {
            assert_eq!(most(doses), Ok(()));
        }
        for doses in [0, bounds::MOST_IN_A_DAY + 1] {
            let told = Err(("most_in_a_day", rule(bounds::MOST_IN_A_DAY)));
            assert_eq!(most(doses), told);
        }
        // They are of what is given as needed, and of nothing else.
        for (apart_minutes, most_in_a_day) in [(Some(60), None), (None, Some(4))] {
            let says = Order {
                as_needed: None,
                apart_minutes,
                most_in_a_day,
                ..needed.clone()
            };
            let other = Rule::Contradicts { other: "as_needed" };
            assert_eq!(order(&says).unwrap_err().rule, other);
        }
    }

    #[test]
    fn what_an_order_says_besides_is_one_line_and_not_empty() {
        type Set = fn(&mut Order, String);
        let sets: [(&str, Set); 3] = [
            ("hold", |order, text| order.hold = Some(text)),
            ("prescriber", |order, text| order.prescriber = Some(text)),
            ("as_needed", |order, text| order.as_needed = Some(text)),
        ];
        for (field, set) in sets {
            let of = |text: &str| {
                let mut says = crate::contradictions::samples::order(1, 1, "3 mg", false);
                set(&mut says, text.into());
                order(&says).map_err(|broken| (broken.field, broken.rule))
            };
            assert_eq!(of("pulse below 55"), Ok(()));
            assert_eq!(of(" "), Err((field, Rule::Mandatory)));
            assert_eq!(of("a\nb"), Err((field, Rule::Control)));
        }
    }

    #[test]
    fn a_problem_began_by_today_and_not_after_it_ended() {
        let of = |onset: &str, ended: &str| {
            let says = Problem {
                text: "Gout".into(),
                coding: None,
                onset: onset.parse().ok(),
                ended: ended.parse().ok(),
            };
            problem(&says, date("2026-11-21")).map_err(|broken| (broken.field, broken.rule))
        };
        assert_eq!(of("2026-11-21", "2026-11-21"), Ok(()));
        assert_eq!(of("2026-11-22", ""), Err(("onset", Rule::Future)));
        assert_eq!(of("", "2026-11-22"), Err(("ended", Rule::Future)));
        // Half a date lies in the future only when all of it does.
        assert_eq!(of("2026-11", "2026"), Ok(()));
        assert_eq!(of("2026-12", ""), Err(("onset", Rule::Future)));
        assert_eq!(of("2020-06", "2020"), Ok(()));
        assert_eq!(of("2020-06", "2020-05"), Err(("ended", Rule::Before)));
    }

    #[test]
    fn a_decision_on_the_scale_names_who_made_it_and_when() {
        let of = |decided_by: &str, decided_on: &str| {
            let says = ScaleDecision {
                scale: crate::journal::SaturationScale::Two,
                decided_by: decided_by.into(),
                decided_on: date(decided_on),
                reason: (decided_by == "Dr Sato").then(String::new),
            };
            scale_decision(&says, date("2026-11-21")).map_err(|broken| (broken.field, broken.rule))
        };
        assert_eq!(of("Dr Ito", "2026-11-21"), Ok(()));
        assert_eq!(of("", "2026-11-21"), Err(("decided_by", Rule::Mandatory)));
        // Who says why says something.
        assert_eq!(
            of("Dr Sato", "2026-11-21"),
            Err(("reason", Rule::Mandatory))
        );
        assert_eq!(
            of("Dr Ito", "2026-11-22"),
            Err(("decided_on", Rule::Future))
        );
    }

    #[test]
    fn limits_of_treatment_are_told() {
        let says = |choice, comment: Option<&str>| {
            let comment = comment.map(str::to_owned);
            code_status(&CodeStatus {
                choice,
                comment,
                stated_by: None,
            })
            .is_ok()
        };
        assert!(says(CodeStatusChoice::FullTreatment, None));
        assert!(!says(CodeStatusChoice::Limited, None));
        assert!(says(CodeStatusChoice::Limited, Some("no intubation")));
        let unnamed = CodeStatus {
            choice: CodeStatusChoice::FullTreatment,
            comment: None,
            stated_by: Some(" ".into()),
        };
        assert_eq!(code_status(&unnamed).unwrap_err().field, "stated_by");
    }

    #[test]
    fn an_allergy_names_its_substance() {
        let to = |substance: &str| {
            let substance = substance.to_owned();
            Allergy::To(AllergyTo {
                substance,
                reaction: None,
                severity: None,
                source: None,
            })
        };
        assert!(allergy(&to("penicillin")).is_ok());
        assert!(allergy(&to("")).is_err());
        assert!(allergy(&to("two\nlines")).is_err());
        assert!(allergy(&to(&"a".repeat(bounds::NAME_BYTES))).is_ok());
        assert!(allergy(&to(&"a".repeat(bounds::NAME_BYTES + 1))).is_err());
    }
}
