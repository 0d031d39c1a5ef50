//! The live score: a large number, its band in words, what to do, and what it was before.

use super::form::Form;
use crate::components::icon::Icon;
use crate::components::news_score::gravity_class;
use crate::format::time;
use crate::words::w;
use domain::news2::{Band, Score};
use interface::{Gravity, ObservationRow};
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
    /// The set before.
    last: Memo<Option<ObservationRow>>,
) -> impl IntoView {
    let was = move || {
        last.with(|last| {
            last.as_ref().map(|last| {
                let at = time::when(last.by.stated, form.state.today());
                (w().observing.news2_was)(last.news2.score, &at)
            })
        })
    };
    let class = move || {
        let score = form.score.get();
        if score.is_empty() {
            "score none"
        } else {
            score_class(&score)
        }
    };
    view! {
        <section class=class role="status" aria-label=w().observing.news2>
            {move || {
                let score = form.score.get();
                if score.is_empty() {
                    return view! {
                        <div class="number"><b aria-hidden="true">"–"</b><span>{w().observing.news2}</span></div>
                        <p><span>{w().observing.news2_none}"."</span><span>{was}</span></p>
                    }
                        .into_any();
                }
                let gravity = gravity(score.band());
                let single = score.band() == Band::SingleThree;
                let incomplete = score.is_incomplete();
                let number = score.total();
                view! {
                    <div class="number">
                        <b>
                            {incomplete.then_some("≥")}
                            {number.to_string()}
                        </b>
                        <span>{w().observing.news2}</span>
                    </div>
                    <p>
                        <strong>
                            <Icon icon=match gravity {
                                Gravity::Critical => icondata_lu::LuOctagonAlert,
                                Gravity::Warning => icondata_lu::LuTriangleAlert,
                                Gravity::Info | Gravity::Plain => icondata_lu::LuCircleCheck,
                            }/>
                            {(w().observing.news2_band)(gravity, single)}
                        </strong>
                        <span>{was} " " {(w().observing.news2_advice)(gravity, single)}</span>
                        {incomplete.then(|| view! { <span class="missing">{w().observing.news2_incomplete}</span> })}
                    </p>
                }
                    .into_any()
            }}
        </section>
    }
}

fn score_class(score: &Score) -> &'static str {
    match gravity_class(gravity(score.band())) {
        "crit" => "score crit",
        "warn" => "score warn",
        _ => "score ok",
    }
}
