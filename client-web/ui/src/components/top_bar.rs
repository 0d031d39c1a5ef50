//! Always on screen: the home, search, the connection pill, who is signed in, the lock.

use crate::components::icon::Icon;
use crate::components::pill::Pill;
use crate::components::search_box::SearchBox;
use crate::components::thin_line::ThinLine;
use crate::format::{name, time, zone};
use crate::state::use_state;
use crate::words::w;
use leptos::prelude::*;

/// The bar.
#[component]
pub(crate) fn TopBar() -> impl IntoView {
    let state = use_state();
    let home = move || {
        state
            .house
            .value
            .with(|house| house.as_ref().map(|h| h.settings.name.clone()))
            .or_else(|| {
                state
                    .tablet
                    .value
                    .with(|t| t.as_ref().and_then(|t| t.facility_name.clone()))
            })
    };
    let residents = move || {
        state.house.value.with(|house| {
            house.as_ref().map(|house| match house.units.as_slice() {
                [unit] => (w().residents_in)(&unit.name, unit.residents),
                units => (w().residents_in_all)(units.iter().map(|u| u.residents).sum()),
            })
        })
    };
    // While records arrive, what is shown is "as of".
    let as_of = move || {
        state.session.value.with(|session| {
            let session = session.as_ref().filter(|s| s.arriving > 0)?;
            let at = zone::in_zone(session.as_of?, &session.time_zone);
            Some((w().as_of)(
                &time::when(at, session.today),
                session.arriving,
            ))
        })
    };
    let session = move || state.session.value.get();
    view! {
        <header class="top">
            <div class="home">
                <strong>{home}</strong>
                <span>{move || as_of().or_else(residents)}</span>
            </div>
            <SearchBox/>
            <Pill/>
            {move || {
                session()
                    .map(|session| {
                        view! {
                            <div class="me">
                                <b class="face" aria-hidden="true">{name::initials_of(&session.name)}</b>
                                <span>
                                    {session.name.clone()}
                                    <span class="muted">{session.role.map(|role| (w().role)(role))}</span>
                                </span>
                            </div>
                        }
                    })
            }}
            <button
                type="button"
                class="square"
                aria-label=w().lock_tablet
                title=w().lock
                on:click=move |_| state.lock()
            >
                <Icon icon=icondata_lu::LuLock/>
            </button>
            // The banner says it to whoever hears the page.
            {move || {
                state
                    .thin
                    .get()
                    .map(|row| {
                        view! {
                            <div class="thin thin-line" aria-hidden="true">
                                <ThinLine row=row full=false/>
                            </div>
                        }
                    })
            }}
        </header>
    }
}
