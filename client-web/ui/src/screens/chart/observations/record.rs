//! The form for a set of observations.

use super::form::{Form, Missing};
use super::measure_field::{MeasureField, PressureField, field_id};
use super::not_able_sheet::NotAbleSheet;
use super::scale_sheet::ScaleSheet;
use super::unusual_sheet::UnusualSheet;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::Refused;
use crate::components::save_and_sign::SaveAndSign;
use crate::components::time_field::{StatedTime, TimeField};
use crate::focus;
use crate::screens::chart::{observations_draft, use_chart};
use crate::state::deed::Deed;
use crate::words::w;
use domain::journal::{Consciousness, Measure};
use interface::{Command, Refusal};
use leptos::prelude::*;

const ALWAYS: [Measure; 6] = [
    Measure::RespiratoryRate,
    Measure::OxygenSaturation,
    Measure::Systolic,
    Measure::Diastolic,
    Measure::Pulse,
    Measure::Temperature,
];
const MORE: [Measure; 4] = [
    Measure::Weight,
    Measure::Pain,
    Measure::Glucose,
    Measure::OxygenFlow,
];
const LEVELS: [Consciousness; 5] = [
    Consciousness::Alert,
    Consciousness::Confusion,
    Consciousness::Voice,
    Consciousness::Pain,
    Consciousness::Unresponsive,
];

/// The form.
#[component]
pub(super) fn Record(
    /// Its state.
    form: Form,
) -> impl IntoView {
    let state = form.state;
    let chart = use_chart();
    let deed = Deed::new();
    let at = StatedTime::drafted(state, &observations_draft(form.resident));
    let wrong = RwSignal::new(None::<&'static str>);
    let not_able = RwSignal::new(false);
    let scaling = RwSignal::new(false);
    let confirming = RwSignal::new(None::<bool>);
    let opened = RwSignal::new(false);
    // What was wrong is mended: nothing red stays.
    Effect::new(move |_| {
        form.observations.track();
        wrong.set(None);
    });
    let more = move || {
        opened.get()
            || MORE
                .iter()
                .any(|m| !form.text(*m).is_empty() || form.absent(Missing::Value(*m)).is_some())
    };
    let store = move |sign: bool| {
        let stated = match untrack(|| at.stated(state)) {
            Ok(stated) => stated,
            Err(words) => return wrong.set(Some(words)),
        };
        let command = Command::RecordObservations {
            resident: form.resident,
            observations: form.observations.get_untracked(),
            at: stated,
            sign,
            // They were shown before this could be pressed.
            confirmed: untrack(|| form.unusual())
                .into_iter()
                .map(|(measure, _)| measure)
                .collect(),
        };
        let score = form.score.get_untracked();
        let said = match (score.is_empty(), score.is_incomplete()) {
            (true, _) => None,
            (false, true) => Some((w().observing.news2_at_least)(score.total())),
            (false, false) => Some(score.total().to_string()),
        };
        let saved = async move {
            let draft = observations_draft(form.resident);
            let done = state.drafts.save(draft, command).await;
            if let Err(Refusal::Unusual { measures }) = &done {
                form.ask_back(measures);
                confirming.try_set(Some(sign));
            }
            let done = done?;
            match said {
                Some(score) => state.saved(&(w().observing.observations_saved)(&score)),
                None => state.saved(w().saved),
            }
            Ok(done)
        };
        deed.run(saved, move |_| {
            confirming.set(None);
            form.clear();
            at.reset();
            opened.set(false);
        });
    };
    let save = move |sign: bool| {
        wrong.set(None);
        form.judge_all();
        let (first_wrong, crossed, empty, unusual) = untrack(|| {
            (
                form.first_wrong(),
                form.pressures_crossed(),
                form.is_empty(),
                form.unusual(),
            )
        });
        if let Some(measure) = first_wrong {
            wrong.set(Some(w().observing.mend_values));
            focus::now(&format!("#{}", field_id(measure)));
        } else if crossed {
            wrong.set(Some(w().observing.too_low_diastolic));
            focus::now(&format!("#{}", field_id(Measure::Diastolic)));
        } else if empty {
            wrong.set(Some(w().observing.nothing_entered));
        } else if unusual.is_empty() {
            store(sign);
        } else {
            confirming.set(Some(sign));
        }
    };
    let shown = move || {
        ALWAYS
            .into_iter()
            .chain(more().then_some(MORE).into_iter().flatten())
            .collect::<Vec<_>>()
    };
    view! {
        <form class="card" on:submit=|event| event.prevent_default()>
            <div class="head">
                <h2>{w().record_observations}</h2>
                <TimeField value=at name="observations" which="observations-which"/>
            </div>
            <div class="fields">
                <MeasureField form=form measure=Measure::RespiratoryRate/>
                <MeasureField form=form measure=Measure::OxygenSaturation/>
                <div class="field">
                    <Choice
                        label=w().observing.oxygen
                        name="oxygen"
                        options=vec![(false, w().observing.room_air), (true, w().observing.on_oxygen)]
                        value=Signal::derive(move || form.on_oxygen())
                        on_choose=Callback::new(move |on| form.set_on_oxygen(on))
                    />
                    <small aria-live="polite">{move || not_measured(form, Missing::Oxygen)}</small>
                </div>
                <PressureField form=form/>
                <MeasureField form=form measure=Measure::Pulse/>
                <MeasureField form=form measure=Measure::Temperature/>
                <Show when=more>
                    {MORE.map(|measure| view! { <MeasureField form=form measure=measure/> })}
                </Show>
            </div>
            <Choice
                label=w().observing.consciousness_label
                name="consciousness"
                style="bar wide"
                options=LEVELS.map(|level| (level, (w().observing.consciousness)(level))).to_vec()
                value=Signal::derive(move || form.consciousness())
                on_choose=Callback::new(move |level| form.set_consciousness(level))
            />
            <small aria-live="polite">{move || not_measured(form, Missing::Consciousness)}</small>
            {move || chart.row().map(|row| view! { <ResidentEcho row=row/> })}
            <p role="alert" class="wrong">{move || wrong.get()}</p>
            <Refused deed=deed/>
            <div class="actions">
                <SaveAndSign deed=deed on_save=Callback::new(save)/>
                <button type="button" class="btn quiet" on:click=move |_| not_able.set(true)>
                    {w().observing.not_able}
                </button>
                <button
                    type="button"
                    class="btn quiet"
                    aria-expanded=move || more().to_string()
                    on:click=move |_| opened.update(|opened| *opened = !*opened)
                >
                    {move || if more() { w().observing.fewer_measures } else { w().observing.more_measures }}
                </button>
                <Show when=move || state.rights.get().order>
                    <button type="button" class="btn quiet" on:click=move |_| scaling.set(true)>
                        {move || (w().observing.scale_button)(form.scale.get())}
                    </button>
                </Show>
            </div>
            <Show when=move || scaling.get()>
                <ScaleSheet form=form on_close=Callback::new(move |()| scaling.set(false))/>
            </Show>
            <Show when=move || not_able.get()>
                <NotAbleSheet
                    form=form
                    measures=untrack(shown)
                    on_close=Callback::new(move |()| not_able.set(false))
                />
            </Show>
            {move || {
                confirming
                    .get()
                    .map(|sign| {
                        view! {
                            <UnusualSheet
                                form=form
                                deed=deed
                                on_confirm=Callback::new(move |()| store(sign))
                                on_close=Callback::new(move |()| confirming.set(None))
                            />
                        }
                    })
            }}
        </form>
    }
}

/// `Not measured: asleep`.
fn not_measured(form: Form, what: Missing) -> Option<String> {
    let why = form.absent(what)?;
    Some((w().observing.not_able_why)((w().observing.absent)(why)))
}
