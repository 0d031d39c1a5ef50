//! A NEWS2 score: the number big, its band by colour and frame, and spoken in words. A set from
//! which a parameter is missing calms nobody: it has a band only where what is there is alarming.

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

/// Whether a score has a band to show: a part of one has only when it is bad enough by itself.
pub(crate) fn has_band(gravity: Gravity, incomplete: bool) -> bool {
    !incomplete || matches!(gravity, Gravity::Warning | Gravity::Critical)
}

/// What a new set is compared with, of scores newest first: the last whole one, else the last.
pub(crate) fn before(scores: impl Iterator<Item = News2View>) -> Option<News2View> {
    let mut newest = None;
    for score in scores {
        if !score.incomplete {
            return Some(score);
        }
        newest.get_or_insert(score);
    }
    newest
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
            let class = if has_band(news2.gravity, news2.incomplete) {
                format!("news {}", gravity_class(news2.gravity))
            } else {
                "news part".to_owned()
            };
            let number = if news2.incomplete {
                (w().observing.news2_at_least)(news2.score)
            } else {
                news2.score.to_string()
            };
            let at = news2.at;
            view! {
                <span class=class class:incomplete=news2.incomplete>
                    <b aria-hidden="true">{number}</b>
                    <small>
                        <span class="spoken">{(w().observing.news2_spoken)(news2.score, news2.incomplete)}</span>
                        <span aria-hidden="true">
                            {if news2.incomplete { w().observing.news2_part } else { w().observing.news2 }}
                        </span>
                        <span>{move || time::when(at, state.told_from())}</span>
                    </small>
                </span>
            }
            .into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ids::{StatedInstant, UnixMillis};

    fn score(score: u8, incomplete: bool) -> News2View {
        News2View {
            score,
            incomplete,
            gravity: Gravity::Plain,
            single_three: false,
            at: StatedInstant {
                at: UnixMillis(0),
                offset_minutes: 0,
            },
        }
    }

    #[test]
    fn a_part_of_a_score_has_a_band_only_when_it_alarms() {
        assert!(!has_band(Gravity::Plain, true));
        assert!(!has_band(Gravity::Info, true));
        assert!(has_band(Gravity::Warning, true));
        assert!(has_band(Gravity::Plain, false));
    }

    #[test]
    fn a_new_set_is_compared_with_the_last_whole_one() {
        let sets = [score(0, true), score(6, false), score(2, false)];
        assert_eq!(before(sets.into_iter()).map(|s| s.score), Some(6));
        let parts = [score(3, true), score(0, true)];
        assert_eq!(before(parts.into_iter()).map(|s| s.score), Some(3));
        assert_eq!(before(std::iter::empty()), None);
    }
}
