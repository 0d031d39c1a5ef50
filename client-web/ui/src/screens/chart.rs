//! A resident's chart: the banner, the tabs, and what is under each.

mod allergy_form;
mod code_status_form;
mod history;
mod medicines;
mod move_form;
mod notes;
mod observations;
mod over;
mod proof_sheet;
mod safety_card;
mod safety_forms;
mod sheet_draft;
mod strike_sheet;
mod today;

use crate::components::banner::Banner;
use crate::components::icon::Icon;
use crate::components::paper::PaperHead;
use crate::components::thin_line::banner_gone;
use crate::engine::{Watched, watch};
use crate::focus;
use crate::state::use_state;
use crate::words::w;
use domain::ResidentId;
use ids::EntryKey;
use interface::{BannerView, Query, Refusal, ResidentRow, View};
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_params_map;
use over::{Over, Overs};
use safety_forms::{SafetyForm, SafetyForms};

/// The tabs, in order; their names in addresses.
const TABS: [&str; 5] = ["today", "medicines", "observations", "notes", "history"];

/// The chart that is open, for everything under its tabs.
#[derive(Clone, Copy)]
pub(crate) struct Open {
    /// Whose.
    pub(crate) resident: ResidentId,
    /// Its banner.
    pub(crate) banner: Watched<BannerView>,
    /// The form over the chart, if one is open.
    pub(crate) form: RwSignal<Option<SafetyForm>>,
    /// The sheet over it that charting opens, if one is open.
    pub(crate) over: RwSignal<Option<Over>>,
}

impl Open {
    /// The resident's row, for the echo on sheets.
    pub(crate) fn row(self) -> Option<ResidentRow> {
        self.banner
            .value
            .with(|banner| banner.as_ref().map(|banner| banner.row.clone()))
    }
}

/// The chart given by the screen above.
pub(crate) fn use_chart() -> Open {
    expect_context::<Open>()
}

/// Key of a resident's note draft.
pub(crate) fn note_draft(resident: ResidentId) -> String {
    format!("note/{resident}")
}

/// Key of a resident's observations draft.
pub(crate) fn observations_draft(resident: ResidentId) -> String {
    format!("observations/{resident}")
}

/// Key of the draft of words added to a note.
pub(crate) fn addendum_draft(resident: ResidentId, note: &EntryKey) -> String {
    format!("addendum/{resident}/{note}")
}

/// Key of the draft of a note's correction.
pub(crate) fn correction_draft(resident: ResidentId, note: &EntryKey) -> String {
    format!("correction/{resident}/{note}")
}

/// Where a draft is gone on with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DraftPlace {
    /// Of which form.
    pub(crate) form: &'static str,
    /// In whose chart.
    pub(crate) resident: ResidentId,
    tab: &'static str,
}

impl DraftPlace {
    /// Its address.
    pub(crate) fn address(self) -> String {
        format!("/residents/{}/{}", self.resident, self.tab)
    }
}

/// Where the draft of this key is gone on with. A stated time goes with the draft it is beside.
pub(crate) fn draft_place(key: &str) -> Option<DraftPlace> {
    let (form, rest) = key.split_once('/')?;
    let resident = rest.split('/').next()?.parse().ok()?;
    let (form, tab) = match form {
        "note" => ("note", "notes"),
        "addendum" => ("addendum", "notes"),
        "correction" => ("correction", "notes"),
        "observations" => ("observations", "observations"),
        form => match over::place(form) {
            Some(place) => place,
            None => (SafetyForm::named(form)?.name(), "today"),
        },
    };
    Some(DraftPlace {
        form,
        resident,
        tab,
    })
}

/// The screen.
#[component]
pub(crate) fn Chart() -> impl IntoView {
    let params = use_params_map();
    let resident = Memo::new(move |_| {
        params.with(|params| {
            params
                .get("id")
                .and_then(|id| id.parse::<ResidentId>().ok())
        })
    });
    let tab = Memo::new(move |_| params.with(|params| params.get("tab").unwrap_or_default()));
    view! {
        {move || match resident.get() {
            Some(resident) => view! { <ChartOf resident=resident tab=tab/> }.into_any(),
            None => view! { <Missing/> }.into_any(),
        }}
    }
}

#[component]
fn ChartOf(resident: ResidentId, tab: Memo<String>) -> impl IntoView {
    let state = use_state();
    let banner = watch(
        state.engine,
        move || Some(Query::Banner { resident }),
        |view| match view {
            View::Banner(banner) => Some(banner),
            _ => None,
        },
    );
    let form = RwSignal::new(None);
    provide_context(Open {
        resident,
        banner,
        form,
        over: RwSignal::new(None),
    });
    Effect::new(move |_| {
        tab.track();
        focus::reveal_after_paint(".tabs .on");
    });
    let gone = banner_gone();
    Effect::new(move |_| {
        let row = banner.value.with(|b| b.as_ref().map(|b| b.row.clone()));
        state.thin.set(row.filter(|_| gone.get()));
    });
    on_cleanup(move || state.thin.set(None));
    let missing = Memo::new(move |_| {
        banner
            .refused
            .with(|refused| matches!(refused, Some(Refusal::NotFound { .. })))
    });
    view! {
        <Show when=move || !missing.get() fallback=Missing>
            <Banner
                banner=banner.value
                on_place=Callback::new(move |()| form.set(Some(SafetyForm::Move)))
            >
                <OpenForm form=SafetyForm::Allergy words=w().banner_allergy/>
                <OpenForm form=SafetyForm::CodeStatus words=w().banner_code_status/>
            </Banner>
            <PaperHead banner=banner.value/>
            <SafetyForms/>
            <Overs/>
            <nav class="tabs" aria-label=w().chart_tabs>
                {TABS.map(|name| {
                    let current = move || tab.with(|tab| tab == name);
                    view! {
                        <A
                            href=format!("/residents/{resident}/{name}")
                            scroll=false
                            class:on=current
                            attr:aria-current=move || current().then_some("page")
                        >
                            {tab_words(name)}
                        </A>
                    }
                })}
            </nav>
            {move || match tab.get().as_str() {
                "medicines" => view! { <medicines::Medicines/> }.into_any(),
                "observations" => view! { <observations::Observations/> }.into_any(),
                "notes" => view! { <notes::Notes/> }.into_any(),
                "history" => view! { <history::History/> }.into_any(),
                _ => view! { <today::Today/> }.into_any(),
            }}
        </Show>
    }
}

/// A button of the banner.
#[component]
fn OpenForm(form: SafetyForm, words: &'static str) -> impl IntoView {
    let open = use_chart().form;
    let rights = use_state().rights;
    view! {
        <Show when=move || form.may(rights.get())>
            <button type="button" class="btn quiet" on:click=move |_| open.set(Some(form))>
                <Icon icon=icondata_lu::LuPlus/>
                {words}
            </button>
        </Show>
    }
}

fn tab_words(name: &str) -> &'static str {
    match name {
        "medicines" => w().tab_medicines,
        "observations" => w().tab_observations,
        "notes" => w().tab_notes,
        "history" => w().tab_history,
        _ => w().tab_today,
    }
}

#[component]
fn Missing() -> impl IntoView {
    view! {
        <div class="page">
            <h1 tabindex="-1">{w().resident_missing}</h1>
            <p><A href="/" attr:class="btn">{w().to_residents}</A></p>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::time_field::time_draft;

    #[test]
    fn every_draft_leads_to_its_form_and_a_stated_time_to_none_of_its_own() {
        let resident = ResidentId(ids::CommandId::from_bytes([7; 16]));
        let at = |key: &str| draft_place(key).map(DraftPlace::address);
        let notes = Some(format!("/residents/{resident}/notes"));
        assert_eq!(at(&note_draft(resident)), notes);
        assert_eq!(at(&format!("correction/{resident}/x")), notes);
        let observations = observations_draft(resident);
        assert!(at(&observations).is_some_and(|to| to.ends_with("/observations")));
        assert_eq!(at(&time_draft(&observations)), None);
    }
}
