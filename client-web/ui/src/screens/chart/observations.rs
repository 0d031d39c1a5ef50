//! Observations: record a set, with limits and the live score beside it; trends and earlier sets.

mod form;
mod measure_field;
mod not_able_sheet;
mod record;
mod scale_sheet;
mod score_panel;
mod unusual_sheet;

use super::use_chart;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::keyed::keyed;
use crate::components::news_score::{self, NewsScore};
use crate::components::provenance::ProvenanceLine;
use crate::components::show_more::ShowMore;
use crate::components::trend::Trends;
use crate::engine::watch;
use crate::format::{name, reading, time};
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::directory::MeasureSystem;
use domain::journal::Measure;
use domain::quantity::Unit;
use form::Form;
use interface::{Command, ObservationRow, Query, View};
use leptos::prelude::*;
use record::Record;
use score_panel::ScorePanel;

const PORTION: u32 = 24;

/// The tab.
#[component]
pub(crate) fn Observations() -> impl IntoView {
    let state = use_state();
    let resident = use_chart().resident;
    let limit = RwSignal::new(PORTION);
    let observations = watch(
        state.engine,
        move || {
            Some(Query::Observations {
                resident,
                limit: limit.get(),
                before: None,
            })
        },
        |view| match view {
            View::Observations(observations) => Some(observations),
            _ => None,
        },
    );
    let system = Memo::new(move |_| {
        state.house.value.with(|h| {
            h.as_ref()
                .map_or(MeasureSystem::Metric, |h| h.settings.measures)
        })
    });
    let scale = Memo::new(move |_| {
        observations
            .value
            .with(|o| o.as_ref().map(|o| o.scale).unwrap_or_default())
    });
    let decided = Memo::new(move |_| {
        observations.value.with(|o| {
            let decisions = o.iter().flat_map(|o| &o.scale_decisions);
            decisions
                .map(|(_, by)| by.entry.clone())
                .collect::<Vec<_>>()
        })
    });
    let is_scored = Memo::new(move |_| {
        observations
            .value
            .with(|o| o.as_ref().is_none_or(|o| o.is_scored))
    });
    let form = Form::new(state, resident, system, (scale, is_scored), decided);
    let sets = move || {
        observations
            .value
            .with(|o| o.as_ref().map(|o| o.sets.clone()))
    };
    let before = Memo::new(move |_| {
        observations.value.with(|o| {
            let sets = o.as_ref().map(|o| o.sets.as_slice()).unwrap_or_default();
            news_score::before(sets.iter().filter_map(|set| set.news2.clone()))
        })
    });
    let total = Signal::derive(move || {
        let value = observations.value;
        value.with(|o| o.as_ref().map_or(0, |o| o.total))
    });
    let shown = Signal::derive(move || sets().map_or(0, |sets| sets.len()));
    view! {
        <div class="page two observe">
            <Show when=move || state.rights.get().chart>
                <Record form=form/>
            </Show>
            <aside class="stack">
                <ScorePanel form=form before=before/>
                {move || {
                    sets()
                        .filter(|sets| sets.len() > 1)
                        .map(|sets| {
                            view! {
                                <section class="card">
                                    <h2>{w().observing.trends}</h2>
                                    <Trends sets=sets panels=panels(system.get())/>
                                </section>
                            }
                        })
                }}
            </aside>
            <section class="card wide">
                <h2>{w().observing.earlier_sets}</h2>
                {move || {
                    (sets().is_some_and(|sets| sets.is_empty()))
                        .then(|| view! { <p class="muted">{w().no_observations}</p> })
                }}
                <ul class="plain-list">
                    {keyed(
                        move || sets().unwrap_or_default(),
                        |set| set.by.entry.clone(),
                        |set| view! { <li class="earlier">{move || view! { <Earlier set=set.get()/> }}</li> },
                    )}
                </ul>
                <ShowMore limit=limit portion=PORTION shown=shown total=total/>
            </section>
            <p class="muted wide">{w().observing.news2_source}</p>
        </div>
    }
}

/// One panel a unit, in the units of the home.
fn panels(system: MeasureSystem) -> Vec<(Unit, Vec<Measure>)> {
    let mut panels: Vec<(Unit, Vec<Measure>)> = Vec::new();
    for measure in [
        Measure::Systolic,
        Measure::Diastolic,
        Measure::Pulse,
        Measure::RespiratoryRate,
        Measure::OxygenSaturation,
        Measure::Temperature,
        Measure::Weight,
        Measure::Glucose,
    ] {
        let unit = measure.unit(system);
        match panels.iter_mut().find(|(of, _)| *of == unit) {
            Some((_, measures)) => measures.push(measure),
            None => panels.push((unit, vec![measure])),
        }
    }
    panels
}

#[component]
fn Earlier(set: ObservationRow) -> impl IntoView {
    let signers = set
        .signatures
        .iter()
        .map(name::author)
        .collect::<Vec<_>>()
        .join(", ");
    let comment = set.observations.comment.clone();
    let state = use_state();
    let deed = Deed::new();
    let entry = StoredValue::new(set.by.entry.clone());
    let person = set.by.person;
    let unsigned = set.signatures.is_empty();
    let may_sign = move || {
        let session = state.session.value;
        let own = session.with(|s| s.as_ref().is_some_and(|s| s.person == person));
        unsigned && own && state.may_sign()
    };
    let sign = move |()| {
        let entries = vec![entry.get_value()];
        let signed = async move {
            let done = state.engine.command(Command::Sign { entries }).await?;
            state.saved(w().signed);
            Ok(done)
        };
        deed.run(signed, |_| ());
    };
    let named = (w().of_entry)(
        w().sign_note,
        &time::when_full(set.by.stated, untrack(|| state.today())),
    );
    view! {
            <NewsScore news2=set.news2.clone()/>
            <div>
                <dl class="readings">
                    {reading::lines(&set.observations)
                        .into_iter()
                        .map(|(label, value)| view! { <div><dt>{label}</dt><dd>{value}</dd></div> })
                        .collect_view()}
                </dl>
                {comment.map(|comment| view! { <p>{comment}</p> })}
                <small>
                    <ProvenanceLine by=set.by/>
                    " · "
                    {if signers.is_empty() { w().observing.unsigned.to_owned() } else { (w().observing.signed_by)(&signers) }}
                </small>
                <Show when=may_sign>
                    <div class="actions">
                        <DeedButton
                            deed=deed
                            label=w().sign_note
                            named=named.clone()
                            style=""
                            on_press=Callback::new(sign)
                        />
                    </div>
                </Show>
                <Refused deed=deed/>
            </div>
    }
}
