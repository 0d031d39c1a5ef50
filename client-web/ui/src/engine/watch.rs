//! A query as a signal: asked at once, and asked again whenever a notice says that its answer
//! may differ. At most one question is under way; notices that come meanwhile lead to one more.
//! What was shown stays until the new answer is here, so nothing flickers and nothing spins.

use super::life::{Engine, Phase};
use interface::{Query, Refusal, View};
use leptos::prelude::*;

/// The newest answer to a query.
#[derive(Debug)]
pub(crate) struct Watched<T: Send + Sync + 'static> {
    /// The answer; `None` until the first is here.
    pub(crate) value: RwSignal<Option<T>>,
    /// Why the last question was refused.
    pub(crate) refused: RwSignal<Option<Refusal>>,
}

impl<T: Send + Sync + 'static> Clone for Watched<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Watched<T> {}

/// Watches the query that `query` makes (it may read signals; `None` asks nothing and shows
/// nothing). `take` picks the answer out of the view.
pub(crate) fn watch<T: Clone + PartialEq + Send + Sync + 'static>(
    engine: Engine,
    query: impl Fn() -> Option<Query> + 'static,
    take: fn(View) -> Option<T>,
) -> Watched<T> {
    let watched = Watched {
        value: RwSignal::new(None),
        refused: RwSignal::new(None),
    };
    let asked = StoredValue::new(None::<Query>);
    let busy = StoredValue::new(false);
    let again = StoredValue::new(false);
    Effect::new(move |_| {
        let running = engine.phase.get() == Phase::Running;
        let query = query().filter(|_| running);
        if let Some(query) = &query {
            track(engine, query);
        }
        asked.set_value(query.clone());
        match query {
            None => watched.value.set(None),
            Some(_) if busy.get_value() => again.set_value(true),
            Some(query) => {
                busy.set_value(true);
                leptos::task::spawn_local(ask(engine, query, take, watched, asked, busy, again));
            }
        }
    });
    watched
}

async fn ask<T: Clone + PartialEq + Send + Sync + 'static>(
    engine: Engine,
    query: Query,
    take: fn(View) -> Option<T>,
    watched: Watched<T>,
    asked: StoredValue<Option<Query>>,
    busy: StoredValue<bool>,
    again: StoredValue<bool>,
) {
    let mut query = query;
    loop {
        let answer = engine.ask(query.clone()).await;
        // The screen may be gone, or ask something else by now.
        let Some(wanted) = asked.try_get_value() else {
            return;
        };
        if wanted.as_ref() == Some(&query) {
            match answer {
                Ok(view) => {
                    let value = take(view);
                    if watched.value.with_untracked(|old| *old != value) {
                        watched.value.set(value);
                    }
                    watched.refused.set(None);
                }
                Err(refusal) => watched.refused.set(Some(refusal)),
            }
        }
        let stale = again.try_get_value().unwrap_or(false) || wanted.as_ref() != Some(&query);
        again.try_set_value(false);
        match wanted {
            Some(next) if stale => query = next,
            Some(_) | None => {
                busy.try_set_value(false);
                return;
            }
        }
    }
}

/// Subscribes to the notices that concern a query.
fn track(engine: Engine, query: &Query) {
    engine.run.track();
    match query {
        Query::Tablet => engine.tablet.track(),
        Query::Session => {
            engine.tablet.track();
            engine.house.track();
            engine.contradictions.track();
        }
        Query::House => {
            engine.house.track();
            engine.residents.track();
        }
        Query::Staff => engine.house.track(),
        Query::Residents { .. }
        | Query::Banner { .. }
        | Query::Today { .. }
        | Query::Chart { .. }
        | Query::Medicines { .. } => {
            engine.residents.track();
            engine.contradictions.track();
            engine.house.track();
        }
        Query::Observations { .. } | Query::Notes { .. } => engine.residents.track(),
        Query::History { .. } | Query::Entry { .. } | Query::Proof { .. } => {
            engine.residents.track();
            engine.tablet.track();
        }
        Query::Contradictions { .. } => {
            engine.contradictions.track();
            engine.residents.track();
        }
        Query::NotAccepted => engine.tablet.track(),
        Query::Drafts | Query::Digest => {}
    }
}
