//! A NEWS2 score: the number big, its band by colour and frame, and spoken in words.

use crate::format::time;
use crate::state::use_state;
use crate::words::w;
use interface::{Gravity, News2View};
use leptos::prelude::*;

/// Class of a gravity.
pub(crate) fn gravity_class(gravity: Gravity) -> &'static str {
    match gravity {
        Gravity::Critical => "crit",
        Gravity::Warning => "warn",
        Gravity::Info | Gravity::Plain => "ok",
    }
}

/// The score of a list row.
#[component]
pub(crate) fn NewsScore(
    /// The score, if there is one.
    news2: Option<News2View>,
) -> impl IntoView {
    let state = use_state();
    match news2 {
        None => view! {
            <span class="news none">
                <b aria-hidden="true">"–"</b>
                <small>
                    <span class="spoken">{w().observing.news2_none_spoken}</span>
                    <span aria-hidden="true">{w().observing.news2}</span>
                </small>
            </span>
        }
        .into_any(),
        Some(news2) => {
            let class = format!("news {}", gravity_class(news2.gravity));
            let at = news2.at;
            view! {
                <span class=class class:incomplete=news2.incomplete>
                    <b aria-hidden="true">{news2.score.to_string()}</b>
                    <small>
                        <span class="spoken">{(w().observing.news2_spoken)(news2.score, news2.incomplete)}</span>
                        <span aria-hidden="true">
                            {if news2.incomplete { (w().observing.news2_at_least)(news2.score) } else { w().observing.news2.to_owned() }}
                        </span>
                        <span>{move || time::when(at, state.today())}</span>
                    </small>
                </span>
            }
            .into_any()
        }
    }
}
