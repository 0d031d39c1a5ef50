//! The live score: a large number, its band in words, what to do, and what it was before.

use super::form::Form;
use crate::components::icon::Icon;
use crate::components::news_score::{gravity_class, has_band};
use crate::format::time;
use crate::words::w;
use domain::news2::{Band, Score};
use interface::{Gravity, News2View};
use leptos::prelude::*;

/// How bad a band is.
fn gravity(band: Band) -> Gravity {
    match band {
        Band::Zero => Gravity::Plain,
        Band::Low => Gravity::Info,
        Band::SingleThree | Band::Urgent => Gravity::Warning,
        Band::Emergency => Gravity::Critical,
    }
}

/// The panel.
#[component]
pub(super) fn ScorePanel(
    /// The form.
    form: Form,
    /// What it is compared with.
    before: Memo<Option<News2View>>,
) -> impl IntoView {
    let was = move || {
        before.get().map(|before| {
            let at = time::when(before.at, form.state.today());
            if before.incomplete {
                (w().observing.news2_was_part)(before.score, &at)
            } else {
                (w().observing.news2_was)(before.score, &at)
            }
        })
    };
    // Whoever hears the page hears the score when a value was typed, and not with every key.
    let heard = Memo::new(move |before: Option<&String>| match before {
        Some(before) if form.is_typing_any() => before.clone(),
        _ => form.score.with(spoken),
    });
    view! {
        <p class="spoken" role="status">{heard}</p>
        <section class=move || score_class(&form.score.get()) aria-label=w().observing.news2>
            {move || {
                let score = form.score.get();
                if score.is_empty() {
                    return view! {
                        <div class="number"><b aria-hidden="true">"–"</b><span>{w().observing.news2}</span></div>
                        <p>
                            <span>
                                {move || match form.is_scored.get() {
                                    true => format!("{}.", w().observing.news2_none),
                                    false => w().observing.news2_for_adults.to_owned(),
                                }}
                            </span>
                            <span>{was}</span>
                        </p>
                    }
                        .into_any();
                }
                let gravity = gravity(score.band());
                let single = score.band() == Band::SingleThree;
                let incomplete = score.is_incomplete();
                let number = if incomplete {
                    (w().observing.news2_at_least)(score.total())
                } else {
                    score.total().to_string()
                };
                // "Normal, go on as planned" is said of whole sets alone.
                let band = has_band(gravity, incomplete);
                let words = if band {
                    (w().observing.news2_band)(gravity, single)
                } else {
                    w().observing.news2_part
                };
                let icon = match gravity {
                    Gravity::Critical => icondata_lu::LuOctagonAlert,
                    Gravity::Warning => icondata_lu::LuTriangleAlert,
                    Gravity::Info | Gravity::Plain if band => icondata_lu::LuCircleCheck,
                    Gravity::Info | Gravity::Plain => icondata_lu::LuCircleDashed,
                };
                view! {
                    <div class="number">
                        <b>{number}</b>
                        <span>{w().observing.news2}</span>
                    </div>
                    <p>
                        <strong>
                            <Icon icon=icon/>
                            {words}
                        </strong>
                        <span>{was} " " {band.then(|| (w().observing.news2_advice)(gravity, single))}</span>
                        {incomplete
                            .then(|| view! { <span class="missing">{missing(&score)}</span> })}
                    </p>
                }
                    .into_any()
            }}
        </section>
    }
}

/// Score and band in words.
fn spoken(score: &Score) -> String {
    if score.is_empty() {
        return String::new();
    }
    let (gravity, incomplete) = (gravity(score.band()), score.is_incomplete());
    let number = (w().observing.news2_spoken)(score.total(), incomplete);
    if !has_band(gravity, incomplete) {
        return number;
    }
    let single = score.band() == Band::SingleThree;
    format!("{number}: {}", (w().observing.news2_band)(gravity, single))
}

/// What is to be measured yet, by name.
fn missing(score: &Score) -> String {
    let names: Vec<&str> = score
        .missing()
        .into_iter()
        .map(w().observing.parameter)
        .collect();
    (w().observing.news2_missing)(&names.join(", "))
}

fn score_class(score: &Score) -> &'static str {
    let gravity = gravity(score.band());
    if score.is_empty() {
        return "score none";
    }
    if !has_band(gravity, score.is_incomplete()) {
        return "score part";
    }
    match gravity_class(gravity) {
        "crit" => "score crit",
        "warn" => "score warn",
        _ => "score ok",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::journal::{Measure, Observations, Reading};
    use domain::quantity::{Quantity, Unit};

    fn pulse(per_minute: &str) -> Score {
        Score::of(&Observations {
            readings: vec![(
                Measure::Pulse,
                Reading::Value(Quantity::parse(per_minute, Unit::PerMinute).unwrap()),
            )],
            unread: Vec::new(),
            oxygen_unstated: None,
            consciousness_unstated: None,
            on_oxygen: None,
            consciousness: None,
            scale: domain::journal::SaturationScale::One,
            comment: None,
        })
    }

    #[test]
    fn one_good_value_is_neither_green_nor_normal_and_says_what_is_missing() {
        let score = pulse("80");
        assert_eq!(score_class(&score), "score part");
        let missing = missing(&score);
        assert!(missing.contains("temperature"), "{missing}");
        assert!(!missing.contains("pulse"), "{missing}");
    }

    #[test]
    fn a_score_is_heard_with_its_band() {
        assert_eq!(spoken(&pulse("80")), "NEWS2 at least 0, incomplete");
        let alarming = spoken(&pulse("140"));
        assert!(
            alarming.starts_with("NEWS2 at least 3, incomplete: "),
            "{alarming}"
        );
    }

    #[test]
    fn one_value_that_scores_three_alarms_at_once() {
        assert_eq!(score_class(&pulse("140")), "score warn");
    }
}
