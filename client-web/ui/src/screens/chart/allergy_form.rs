//! Record an allergy, or that none is known. An allergy beside "none known" leaves both standing.

use super::safety_forms::SafetyForm;
use super::sheet_draft::SheetDraft;
use super::use_chart;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::chart::{Allergy, AllergyTo, Severity};
use interface::{ChartView, Command};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What was typed and chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    none_known: bool,
    substance: String,
    reaction: String,
    /// As chosen; `Some(None)` is "not known".
    #[serde(with = "chosen")]
    severity: Option<Option<Severity>>,
    source: String,
}

/// Chosen or not, and then known or not: JSON has one `null` for both.
mod chosen {
    use super::Severity;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        chosen: &Option<Option<Severity>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        chosen.map(|severity| [severity]).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Option<Severity>>, D::Error> {
        let chosen = Option::<[Option<Severity>; 1]>::deserialize(deserializer)?;
        Ok(chosen.map(|[severity]| severity))
    }
}

/// The form.
#[component]
pub(crate) fn AllergyForm(
    /// What stands.
    chart: ChartView,
    /// Called when it is saved or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let open = use_chart();
    let deed = Deed::new();
    let draft = SheetDraft::of(state, SafetyForm::Allergy, open.resident);
    let typed: Typed = untrack(|| draft.typed());
    let is_allergy = RwSignal::new(!typed.none_known);
    let substance = RwSignal::new(typed.substance);
    let reaction = RwSignal::new(typed.reaction);
    let severity = RwSignal::new(typed.severity);
    let source = RwSignal::new(typed.source);
    Effect::new(move |_| {
        draft.keep(&Typed {
            none_known: !is_allergy.get(),
            substance: substance.get(),
            reaction: reaction.get(),
            severity: severity.get(),
            source: source.get(),
        });
    });
    let missing = RwSignal::new(None::<&'static str>);
    let none_stands = chart
        .allergies
        .iter()
        .any(|statement| statement.says == Allergy::NoneKnown);
    let save = move |()| {
        missing.set(None);
        let said = |text: RwSignal<String>| {
            let text = text.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let allergy = match (is_allergy.get_untracked(), said(substance)) {
            (false, _) => Allergy::NoneKnown,
            (true, Some(substance)) => Allergy::To(AllergyTo {
                substance,
                reaction: said(reaction),
                severity: severity.get_untracked().flatten(),
                source: said(source),
            }),
            (true, None) => {
                missing.set(Some(w().registers.allergy_substance_missing));
                return focus::now("#substance");
            }
        };
        let command = Command::RecordAllergy {
            resident: open.resident,
            allergy,
            at: None,
        };
        let saved = async move {
            let done = draft.save(command).await?;
            state.saved(w().registers.allergy_saved);
            Ok(done)
        };
        deed.run(saved, move |_| on_close.run(()));
    };
    view! {
        <Sheet title=w().registers.allergy_title on_close=on_close>
            {move || open.row().map(|row| view! { <ResidentEcho row=row/> })}
            <Choice
                label=w().registers.allergy_what
                name="allergy-what"
                show_label=false
                options=vec![(true, w().registers.allergy_to), (false, w().registers.allergy_none_known)]
                value=Signal::derive(move || Some(is_allergy.get()))
                on_choose=Callback::new(move |choice| is_allergy.set(choice))
            />
            <Show
                when=move || is_allergy.get()
                fallback=|| view! { <p>{w().registers.allergy_none_words}</p> }
            >
                <TextField
                    label=w().registers.allergy_substance
                    id="substance"
                    value=substance
                    error=missing
                />
                <TextField label=w().registers.allergy_reaction id="reaction" value=reaction/>
                <Choice
                    label=w().registers.allergy_severity
                    name="severity"
                    options=vec![
                        (None, w().registers.severity_unknown),
                        (Some(Severity::Mild), (w().registers.severity)(Severity::Mild)),
                        (Some(Severity::Moderate), (w().registers.severity)(Severity::Moderate)),
                        (Some(Severity::Severe), (w().registers.severity)(Severity::Severe)),
                    ]
                    value=severity
                    on_choose=Callback::new(move |choice| severity.set(Some(choice)))
                />
                <TextField label=w().registers.allergy_source id="source" value=source/>
                {none_stands.then(|| view! { <p class="note-box">{w().registers.allergy_beside_none}</p> })}
            </Show>
            <Refused deed=deed/>
            <div class="actions">
                <DeedButton
                    deed=deed
                    label=w().save
                    style="primary big"
                    on_press=Callback::new(save)
                />
                <button type="button" class="btn quiet big" on:click=move |_| on_close.run(())>
                    {w().cancel}
                </button>
            </div>
        </Sheet>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_severity_that_is_not_known_is_another_thing_than_one_that_was_not_chosen() {
        for severity in [None, Some(None), Some(Some(Severity::Severe))] {
            let typed = Typed {
                substance: "Penicillin".into(),
                severity,
                ..Typed::default()
            };
            let text = serde_json::to_string(&typed).unwrap();
            assert_eq!(serde_json::from_str::<Typed>(&text).unwrap(), typed);
        }
    }
}
