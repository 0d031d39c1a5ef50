//! Why a value is missing, measure by measure.

use super::form::{Form, Missing};
use crate::components::sheet::Sheet;
use crate::words::w;
use domain::journal::{Absent, Measure};
use leptos::prelude::*;

/// The sheet.
#[component]
pub(super) fn NotAbleSheet(
    /// The form.
    form: Form,
    /// Measures shown on the form.
    measures: Vec<Measure>,
    /// Called when the person leaves it.
    on_close: Callback<()>,
) -> impl IntoView {
    let row = move |what: Missing| {
        let (name, label) = match what {
            Missing::Value(measure) => (measure.name(), (w().observing.measure)(measure)),
            Missing::Oxygen => ("on_oxygen", w().observing.oxygen),
            Missing::Consciousness => ("consciousness", w().observing.consciousness_label),
        };
        let id = format!("absent-{name}");
        let chosen = move |event| {
            let picked = event_target_value(&event);
            let why = picked
                .parse::<usize>()
                .ok()
                .and_then(|index| Absent::ALL.get(index).copied());
            form.set_absent(what, why);
        };
        view! {
            <div class="absent-row">
                <label for=id.clone()>{label}</label>
                <select id=id on:change=chosen>
                    <option value="" selected=move || form.absent(what).is_none()>
                        {w().observing.measured}
                    </option>
                    {Absent::ALL
                        .iter()
                        .enumerate()
                        .map(|(index, why)| {
                            view! {
                                <option
                                    value=index.to_string()
                                    selected=move || form.absent(what) == Some(*why)
                                >
                                    {(w().observing.absent)(*why)}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </div>
        }
    };
    view! {
        <Sheet title=w().observing.not_able_title on_close=on_close>
            <p>{w().observing.not_able_words}</p>
            {measures
                .into_iter()
                .map(Missing::Value)
                .chain([Missing::Oxygen, Missing::Consciousness])
                .map(row)
                .collect_view()}
            <div class="actions">
                <button type="button" class="btn primary" on:click=move |_| on_close.run(())>
                    {w().observing.done}
                </button>
            </div>
        </Sheet>
    }
}
