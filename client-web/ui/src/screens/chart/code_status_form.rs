//! Record a code status. It names every status its author saw, so that one recorded meanwhile on
//! another tablet stands beside it and is found as a contradiction.

use super::safety_forms::SafetyForm;
use super::sheet_draft::SheetDraft;
use super::use_chart;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::entry_text::EntryText;
use crate::components::provenance::ProvenanceLine;
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::Fact;
use domain::chart::{CodeStatus, CodeStatusChoice};
use interface::{ChartView, Command, ContradictionKind};
use leptos::prelude::*;
use leptos_router::components::A;
use serde::{Deserialize, Serialize};

const CHOICES: [CodeStatusChoice; 4] = [
    CodeStatusChoice::FullTreatment,
    CodeStatusChoice::Limited,
    CodeStatusChoice::DoNotResuscitate,
    CodeStatusChoice::ComfortOnly,
];

/// What was typed and chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    choice: Option<CodeStatusChoice>,
    stated_by: String,
    comment: String,
}

/// The form.
#[component]
pub(crate) fn CodeStatusForm(
    /// What stands.
    chart: ChartView,
    /// Called when it is saved or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let open = use_chart();
    let deed = Deed::new();
    let draft = SheetDraft::of(state, SafetyForm::CodeStatus, open.resident);
    let typed: Typed = untrack(|| draft.typed());
    let choice = RwSignal::new(typed.choice);
    let stated_by = RwSignal::new(typed.stated_by);
    let comment = RwSignal::new(typed.comment);
    Effect::new(move |_| {
        draft.keep(&Typed {
            choice: choice.get(),
            stated_by: stated_by.get(),
            comment: comment.get(),
        });
    });
    let wrong = RwSignal::new(None::<&'static str>);
    let unnamed = RwSignal::new(None::<&'static str>);
    // What waits for a decision is not replaced by a form: deciding is an act of its own.
    let waits = chart
        .contradictions
        .iter()
        .any(|case| case.kind == ContradictionKind::CodeStatus);
    let replaces: Vec<_> = chart
        .code_status
        .iter()
        .filter(|_| !waits)
        .map(|statement| statement.by.entry.clone())
        .collect();
    let save = move |()| {
        let Some(choice) = choice.get_untracked() else {
            return wrong.set(Some(w().registers.code_choose));
        };
        wrong.set(None);
        // In an emergency nobody acts on a status that nobody is known to have stated.
        if stated_by.with_untracked(|text| text.trim().is_empty()) {
            unnamed.set(Some(w().registers.code_stated_by_missing));
            return focus::now("#stated-by");
        }
        unnamed.set(None);
        let said = |text: RwSignal<String>| {
            let text = text.get_untracked().trim().to_owned();
            (!text.is_empty()).then_some(text)
        };
        let command = Command::RecordCodeStatus {
            resident: open.resident,
            status: CodeStatus {
                choice,
                comment: said(comment),
                stated_by: said(stated_by),
            },
            replaces: replaces.clone(),
            at: None,
        };
        let saved = async move {
            let done = draft.save(command).await?;
            state.saved(w().registers.code_saved);
            Ok(done)
        };
        deed.run(saved, move |_| on_close.run(()));
    };
    let shown = chart.code_status;
    view! {
        <Sheet title=w().registers.code_title on_close=on_close>
            {move || open.row().map(|row| view! { <ResidentEcho row=row/> })}
            {(!shown.is_empty())
                .then(|| {
                    view! {
                        <div class="note-box">
                            {if waits {
                                view! {
                                    <p>{w().registers.code_waits}</p>
                                    <A href="/reconcile" attr:class="btn danger">
                                        {w().registers.code_decide}
                                    </A>
                                }
                                    .into_any()
                            } else {
                                view! { <p>{w().registers.code_replaces}</p> }.into_any()
                            }}
                            {shown
                                .into_iter()
                                .map(|statement| {
                                    view! {
                                        <EntryText fact=Fact::CodeStatus(statement.says)/>
                                        <small><ProvenanceLine by=statement.by/></small>
                                    }
                                })
                                .collect_view()}
                        </div>
                    }
                })}
            <Choice
                label=w().registers.code_choice
                name="code-choice"
                style="rows"
                options=CHOICES.map(|choice| (choice, (w().registers.code_choice_name)(choice))).to_vec()
                value=choice
                on_choose=Callback::new(move |picked| choice.set(Some(picked)))
            />
            <TextField label=w().registers.code_stated_by id="stated-by" value=stated_by error=unnamed/>
            <TextField label=w().registers.code_comment id="code-comment" value=comment/>
            <p role="alert" class="wrong">{move || wrong.get()}</p>
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
