//! Enrol this tablet: the invitation, a name, six words to compare. The fragment was cleared from
//! the address before this is shown; it goes to the engine and nowhere else.

use crate::components::brand::Brand;
use crate::components::deed_button::{DeedButton, Refused};
use crate::components::text_field::TextField;
use crate::focus;
use crate::state::deed::Deed;
use crate::state::invitation::{self, Invitation};
use crate::state::{State, use_state};
use crate::words::w;
use interface::{Command, Done, Refusal, TabletState};
use leptos::prelude::*;

/// The screen, from a blank device to the answer about the words.
#[component]
pub(crate) fn Enrol() -> impl IntoView {
    let state = use_state();
    let tablet = Memo::new(move |_| {
        state
            .tablet
            .value
            .with(|t| t.as_ref().map_or(TabletState::Blank, |t| t.state))
    });
    let enrolling = Deed::new();
    let rejected = RwSignal::new(false);
    // Kept while one link after another is tried.
    let name = RwSignal::new(String::new());
    Effect::new(move |_| {
        tablet.track();
        focus::after_paint("main h1");
    });
    view! {
        <main class="alone">
            <div class="card enrol">
                <Brand/>
                {move || match (tablet.get(), state.invitation.get()) {
                    (TabletState::Words, _) => view! { <SixWords rejected=rejected enrolling=enrolling/> }.into_any(),
                    (TabletState::Enrolling, _) => view! { <UnderWay rejected=rejected enrolling=enrolling/> }.into_any(),
                    (_, Some(Invitation::Enrol(fragment))) => {
                        view! { <NameTablet fragment=fragment name=name deed=enrolling/> }.into_any()
                    }
                    (_, found) => view! { <NoLink found=found rejected=rejected/> }.into_any(),
                }}
                <Refused deed=enrolling/>
            </div>
        </main>
    }
}

#[component]
fn NoLink(found: Option<Invitation>, rejected: RwSignal<bool>) -> impl IntoView {
    let state = use_state();
    let text = RwSignal::new(String::new());
    let error = RwSignal::new(match found {
        Some(Invitation::Broken) => Some(w().enrol_broken_link),
        Some(Invitation::Found) => Some(w().enrol_founding_link),
        Some(Invitation::OtherHost) => Some(w().enrol_other_host),
        Some(Invitation::Enrol(_)) | None => None,
    });
    let take = move || match invitation::pasted(&text.get_untracked(), &own_host()) {
        Some(Invitation::Enrol(fragment)) => {
            rejected.set(false);
            state.invitation.set(Some(Invitation::Enrol(fragment)));
        }
        Some(Invitation::Found) => error.set(Some(w().enrol_founding_link)),
        Some(Invitation::OtherHost) => error.set(Some(w().enrol_other_host)),
        Some(Invitation::Broken) | None => error.set(Some(w().enrol_broken_link)),
    };
    view! {
        <h1 tabindex="-1">{w().enrol_no_link_title}</h1>
        {move || rejected.get().then(|| view! { <p role="alert">{w().words_rejected}</p> })}
        <p>{w().enrol_no_link_words}</p>
        <form
            class="stack"
            on:submit=move |event| {
                event.prevent_default();
                take();
            }
        >
            <TextField label=w().enrol_link id="link" value=text error=error/>
            <button type="submit" class="btn primary big">{w().enrol_use_link}</button>
        </form>
    }
}

fn own_host() -> String {
    window().location().host().unwrap_or_default()
}

#[component]
fn NameTablet(fragment: String, name: RwSignal<String>, deed: Deed) -> impl IntoView {
    let state = use_state();
    let missing = RwSignal::new(None);
    let fragment = StoredValue::new(fragment);
    let enrol = move || {
        let device_name = name.get_untracked().trim().to_owned();
        if device_name.is_empty() {
            missing.set(Some(w().tablet_name_missing));
            focus::now("#tablet-name");
            return;
        }
        missing.set(None);
        let command = Command::Enrol {
            fragment: fragment.get_value().into(),
            device_name,
        };
        let enrolled = async move {
            let outcome = state.engine.command_settled(command).await;
            // A link that is spent makes room for the next one.
            if matches!(outcome, Ok(_) | Err(Refusal::LinkUsed | Refusal::BadLink)) {
                state.invitation.set(None);
            }
            outcome
        };
        deed.run(enrolled, |_| ());
    };
    view! {
        <h1 tabindex="-1">{w().enrol_title}</h1>
        <p>{w().enrol_words}</p>
        <form
            class="stack"
            on:submit=move |event| {
                event.prevent_default();
                enrol();
            }
        >
            <TextField
                label=w().tablet_name
                id="tablet-name"
                value=name
                hint=w().tablet_name_hint
                error=missing
            />
            <DeedButton
                deed=deed
                label=w().enrol
                busy=w().enrolling
                style="primary big"
                on_press=Callback::new(move |()| enrol())
            />
        </form>
    }
}

/// Forgets an enrolment, whose words differ or which somebody gave up. Its screen is gone before it
/// is answered; what was under way with the first link is not in the way of the next.
async fn forget(state: State, rejected: RwSignal<bool>, enrolling: Deed) -> Result<Done, Refusal> {
    let done = state.engine.command(Command::RejectWords).await?;
    enrolling.give_up();
    state.invitation.set(None);
    rejected.set(true);
    Ok(done)
}

/// Once this tablet's keys are kept the enrolment goes on by itself, and may be given up.
#[component]
fn UnderWay(rejected: RwSignal<bool>, enrolling: Deed) -> impl IntoView {
    let state = use_state();
    let deed = Deed::new();
    let carried_on = Memo::new(move |_| {
        let tablet = state.tablet.value;
        tablet.with(|t| t.as_ref().is_some_and(|t| t.carried_on))
    });
    let give_up = move |_| deed.run(forget(state, rejected, enrolling), |_| ());
    view! {
        <h1 tabindex="-1">{w().enrolling}</h1>
        <p role="status">
            {move || if carried_on.get() { w().enrolling_carried_on } else { w().enrolling_words }}
        </p>
        <Show when=move || carried_on.get()>
            <div class="actions">
                <button type="button" class="btn quiet big" on:click=give_up>
                    {w().enrolling_give_up}
                </button>
            </div>
        </Show>
        <Refused deed=deed/>
    }
}

#[component]
fn SixWords(rejected: RwSignal<bool>, enrolling: Deed) -> impl IntoView {
    let state = use_state();
    let deed = Deed::new();
    let words = move || {
        state
            .tablet
            .value
            .with(|t| t.as_ref().and_then(|t| t.words.clone()))
            .unwrap_or_default()
    };
    let confirm = move |()| deed.run(state.engine.command(Command::ConfirmWords), |_| ());
    let reject = move |_| deed.run(forget(state, rejected, enrolling), |_| ());
    view! {
        <h1 tabindex="-1">{w().words_title}</h1>
        <ol class="six-words" aria-label=w().words_label>
            {move || words().into_iter().map(|word| view! { <li>{word}</li> }).collect_view()}
        </ol>
        <p>{w().words_words}</p>
        <div class="actions">
            <DeedButton
                deed=deed
                label=w().the_same
                busy=w().enrolling
                style="primary big"
                on_press=Callback::new(confirm)
            />
            <button type="button" class="btn quiet big" on:click=reject>{w().different}</button>
        </div>
        <Refused deed=deed/>
    }
}
