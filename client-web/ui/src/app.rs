//! The root: which of the product's states is on screen, and the routes of the open one.

use crate::components::brand::Brand;
use crate::components::live_region::LiveRegion;
use crate::components::paper::PaperFoot;
use crate::components::rail::Rail;
use crate::components::top_bar::TopBar;
use crate::engine::Phase;
use crate::focus;
use crate::screens::{
    about::About, chart::Chart, elsewhere::Elsewhere, enrol::Enrol, not_found::NotFound,
    preparing::Preparing, reconcile::Reconcile, residents::Residents, sign_in::SignIn,
    stopped::Stopped, unopened::Unopened,
};
use crate::state::invitation::Invitation;
use crate::state::{State, use_state};
use crate::words::w;
use interface::{CannotStart, TabletState};
use leptos::prelude::*;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;

/// What fills the window.
#[derive(Clone, PartialEq, Eq)]
enum Place {
    Splash,
    Elsewhere,
    Stopped(Option<CannotStart>),
    Unopened,
    Enrol,
    Preparing,
    SignIn,
    Open,
}

fn place(state: State) -> Place {
    match state.engine.phase.get() {
        Phase::Starting => Place::Splash,
        Phase::Elsewhere => Place::Elsewhere,
        Phase::Failed(Some(CannotStart::Unopened)) => Place::Unopened,
        Phase::Failed(why) => Place::Stopped(why),
        Phase::Running => match state.tablet.value.with(|t| t.as_ref().map(|t| t.state)) {
            // An engine that cannot say what this tablet is says nothing else either.
            None if state.tablet.refused.with(Option::is_some) => Place::Stopped(None),
            None => Place::Splash,
            Some(TabletState::Blank | TabletState::Enrolling | TabletState::Words) => Place::Enrol,
            Some(TabletState::Preparing) => Place::Preparing,
            Some(TabletState::Locked) => Place::SignIn,
            Some(TabletState::Open) => Place::Open,
        },
    }
}

/// The page.
pub(crate) fn app(invitation: Option<Invitation>) -> impl IntoView {
    let state = State::provide(invitation);
    let place = Memo::new(move |_| place(state));
    Effect::new(move |before: Option<Place>| {
        let place = place.get();
        if place != Place::Open {
            document().set_title(w().lamplight);
            // Enrolling ends by itself; whoever waits for it is told what came of it.
            if matches!(before, Some(Place::Enrol | Place::Preparing)) {
                focus::after_paint("main h1");
            }
        }
        place
    });
    view! {
        <Router>
            {move || match place.get() {
                Place::Splash => {
                    view! {
                        <main class="splash">
                            <Brand/>
                            <p>{w().lamplight}</p>
                        </main>
                    }
                        .into_any()
                }
                Place::Elsewhere => view! { <Elsewhere/> }.into_any(),
                Place::Stopped(why) => view! { <Stopped why=why/> }.into_any(),
                Place::Unopened => view! { <Unopened/> }.into_any(),
                Place::Enrol => view! { <Enrol/> }.into_any(),
                Place::Preparing => view! { <Preparing/> }.into_any(),
                Place::SignIn => view! { <SignIn/> }.into_any(),
                Place::Open => view! { <Shell/> }.into_any(),
            }}
            <LiveRegion messages=state.messages/>
        </Router>
    }
}

/// What surrounds every screen while somebody is signed in.
#[component]
fn Shell() -> impl IntoView {
    let skip = |event: web_sys::MouseEvent| {
        event.prevent_default();
        focus::now("#main");
    };
    follow_places();
    let engine = use_state().engine;
    view! {
        // While keys are going, what is on screen is covered and takes nothing.
        {move || {
            engine.locking.get().then(|| view! { <div class="cover splash"><Brand/></div> })
        }}
        <div class="shell" inert=move || engine.locking.get()>
            <a class="skip" href="#main" on:click=skip>{w().skip_to_content}</a>
            <Rail/>
            <div class="body">
                <TopBar/>
                <main id="main" tabindex="-1">
                    <Routes fallback=NotFound>
                        <Route path=path!("/") view=Residents/>
                        <Route path=path!("/residents/:id/:tab") view=Chart/>
                        <Route path=path!("/reconcile") view=Reconcile/>
                        <Route path=path!("/about") view=About/>
                    </Routes>
                    <PaperFoot/>
                </main>
            </div>
        </div>
    }
}

/// Title and focus follow the place. Titles name no resident: browsers keep them.
fn follow_places() {
    let location = use_location();
    // A change of tab within a chart keeps the focus on the tab.
    let place = Memo::new(move |_| {
        let path = location.pathname.get();
        path.split('/').take(3).collect::<Vec<_>>().join("/")
    });
    Effect::new(move |before: Option<String>| {
        let place = place.get();
        let title = match place.as_str() {
            "/reconcile" => w().reconcile,
            "/about" => w().about,
            path if path.starts_with("/residents/") => w().chart_tabs,
            _ => w().residents,
        };
        document().set_title(&(w().page_title)(title));
        let searching = document()
            .active_element()
            .is_some_and(|element| element.id() == "search");
        match before {
            // Somebody signed in: a reader says where one is.
            None => focus::first_after_paint(&["main h1", "#main"]),
            // Back from a chart, a round goes on where it was.
            Some(before) if place == "/" && before.starts_with("/residents/") && !searching => {
                focus::when_there(format!("a.row[href^='{before}/']"), "main h1");
            }
            Some(before) if before != place && !searching => focus::after_paint("main h1"),
            Some(_) => {}
        }
        place
    });
}
