//! Where the resident is: another bed, a leave, back again, gone for good. An entry like any other: a
//! wrong one is marked as entered in error in the history, and the one before it counts again.

use super::safety_forms::SafetyForm;
use super::sheet_draft::SheetDraft;
use super::use_chart;
use crate::components::banner::ResidentEcho;
use crate::components::choice::Choice;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::icon::Icon;
use crate::components::sheet::Sheet;
use crate::components::text_field::TextField;
use crate::components::time_field::{StatedTime, TimeField};
use crate::focus;
use crate::state::deed::Deed;
use crate::state::use_state;
use crate::words::w;
use domain::directory::MoveKind;
use domain::entry::SpaceId;
use interface::{BannerView, Command, HouseView, ResidentStatus};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// What was typed and chosen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
struct Typed {
    what: Option<MoveKind>,
    bed: Option<SpaceId>,
    comment: String,
}

/// What can happen to somebody who is there, away, gone.
const fn kinds(status: ResidentStatus) -> &'static [MoveKind] {
    match status {
        ResidentStatus::Present => &[
            MoveKind::BedChange,
            MoveKind::LeaveBegins,
            MoveKind::Discharge,
            MoveKind::Death,
        ],
        ResidentStatus::OnLeave => &[MoveKind::LeaveEnds, MoveKind::Discharge, MoveKind::Death],
        ResidentStatus::Discharged => &[MoveKind::Admission],
        ResidentStatus::Deceased => &[],
    }
}

/// Whether it leads to a bed.
const fn has_bed(what: MoveKind) -> bool {
    matches!(what, MoveKind::BedChange | MoveKind::Admission)
}

/// The form.
#[component]
pub(crate) fn MoveForm(
    /// Of whom, and where they are.
    banner: BannerView,
    /// Called when it is saved or left.
    on_close: Callback<()>,
) -> impl IntoView {
    let state = use_state();
    let resident = use_chart().resident;
    let draft = SheetDraft::of(state, SafetyForm::Move, resident);
    let deed = Deed::new();
    let at = StatedTime::drafted(state, &draft.key());
    let Typed { what, bed, comment } = untrack(|| draft.typed());
    let what = RwSignal::new(what);
    let bed = RwSignal::new(bed);
    let comment = RwSignal::new(comment);
    let wrong = RwSignal::new(None::<&'static str>);
    let missing = RwSignal::new(None::<&'static str>);
    Effect::new(move |_| {
        draft.keep(&Typed {
            what: what.get(),
            bed: bed.get(),
            comment: comment.get(),
        });
    });
    let save = move |()| {
        wrong.set(None);
        missing.set(None);
        let Some(kind) = what.get_untracked() else {
            return wrong.set(Some(w().moving.choose));
        };
        let bed = bed.get_untracked().filter(|_| has_bed(kind));
        if has_bed(kind) && bed.is_none() {
            wrong.set(Some(w().moving.bed_missing));
            return focus::now("#move-bed");
        }
        let reason = comment.get_untracked().trim().to_owned();
        if reason.is_empty() {
            missing.set(Some(w().reason_missing));
            return focus::now("#move-reason");
        }
        let stated = match untrack(|| at.stated(state)) {
            Ok(stated) => stated,
            Err(words) => return wrong.set(Some(words)),
        };
        let command = Command::RecordMove {
            resident,
            what: kind,
            bed,
            comment: Some(reason),
            at: stated,
        };
        let saved = async move {
            let done = draft.save(command).await?;
            state.saved(w().moving.saved);
            Ok(done)
        };
        deed.run(saved, move |_| on_close.run(()));
    };
    let kinds = kinds(banner.row.status);
    let leaves = move || {
        what.get()
            .is_some_and(|what| matches!(what, MoveKind::Discharge | MoveKind::Death))
    };
    view! {
        <Sheet title=w().moving.title on_close=on_close>
            <ResidentEcho row=banner.row/>
            {if kinds.is_empty() {
                view! { <p class="note-box">{w().moving.none}</p> }.into_any()
            } else {
                view! {
                    <Choice
                        label=w().moving.what
                        name="move-what"
                        style="rows"
                        options=kinds.iter().map(|kind| (*kind, (w().moving.act)(*kind))).collect()
                        value=what
                        on_choose=Callback::new(move |kind| what.set(Some(kind)))
                    />
                    <Show when=move || what.get().is_some_and(has_bed)>
                        <Beds bed=bed/>
                    </Show>
                    <Show when=leaves>
                        <p class="note-box warn">
                            <Icon icon=icondata_lu::LuTriangleAlert/>
                            <span>{w().moving.leaves}</span>
                        </p>
                    </Show>
                    <TextField label=w().reason id="move-reason" value=comment error=missing/>
                    <TimeField value=at name="move" which="move-which"/>
                    <p class="muted">{w().moving.undo}</p>
                    <p role="alert" class="wrong">{move || wrong.get()}</p>
                    <Refused deed=deed/>
                    <div class="actions">
                        <DeedButton
                            deed=deed
                            label=w().moving.confirm
                            style="primary big"
                            on_press=Callback::new(save)
                        />
                        <button
                            type="button"
                            class="btn quiet big"
                            on:click=move |_| on_close.run(())
                        >
                            {w().cancel}
                        </button>
                    </div>
                }
                    .into_any()
            }}
        </Sheet>
    }
}

/// The home's beds, unit by unit, each with whether somebody is in it.
#[component]
fn Beds(bed: RwSignal<Option<SpaceId>>) -> impl IntoView {
    let house = use_state().house.value;
    let chosen = move |event| {
        let value = event_target_value(&event);
        bed.set(value.parse().ok());
    };
    let taken = move || {
        house.with(|house| {
            let beds = house.iter().flat_map(|house| &house.beds);
            let found = beds.into_iter().find(|row| Some(row.id) == bed.get());
            found.is_some_and(|row| !row.residents.is_empty())
        })
    };
    view! {
        <label class="typed">
            {w().moving.bed}
            <select id="move-bed" on:change=chosen>
                <option value="" selected=move || bed.get().is_none()>{w().moving.choose_bed}</option>
                {move || house.get().map(|house| groups(house, bed))}
            </select>
        </label>
        <Show when=taken>
            <p class="note-box warn">
                <Icon icon=icondata_lu::LuTriangleAlert/>
                <span>{w().moving.taken_words}</span>
            </p>
        </Show>
    }
}

fn groups(house: HouseView, bed: RwSignal<Option<SpaceId>>) -> impl IntoView {
    let HouseView { units, beds, .. } = house;
    units
        .into_iter()
        .map(|unit| {
            let of = beds.iter().filter(|row| row.unit == unit.id);
            let options = of
                .map(|row| {
                    let id = row.id;
                    let words = if row.residents.is_empty() {
                        row.name.clone()
                    } else {
                        (w().moving.taken)(&row.name)
                    };
                    view! {
                        <option value=id.to_string() selected=move || bed.get() == Some(id)>
                            {words}
                        </option>
                    }
                })
                .collect_view();
            view! { <optgroup label=unit.name>{options}</optgroup> }
        })
        .collect_view()
}
