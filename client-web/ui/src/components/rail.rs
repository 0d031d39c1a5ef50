//! The places of the product: a rail in landscape, a bar at the bottom in portrait.

use crate::components::brand::Brand;
use crate::components::icon::Icon;
use crate::state::use_state;
use crate::words::w;
use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;

/// The rail.
#[component]
pub(crate) fn Rail() -> impl IntoView {
    let state = use_state();
    let location = use_location();
    let at_residents = Memo::new(move |_| {
        let path = location.pathname.get();
        path == "/" || path.starts_with("/residents")
    });
    let at = move |place: &'static str| location.pathname.get() == place;
    let waiting = move || {
        state
            .session
            .value
            .with(|session| session.as_ref().map_or(0, |s| s.to_reconcile))
    };
    view! {
        <nav class="rail" aria-label=w().places>
            <div class="brand"><Brand/></div>
            <A
                href="/"
                attr:class="rail-item"
                class:on=at_residents
                attr:aria-current=move || at_residents.get().then_some("page")
            >
                <Icon icon=icondata_lu::LuBedDouble/>
                <span>{w().residents}</span>
            </A>
            <A
                href="/reconcile"
                attr:class="rail-item"
                class:on=move || at("/reconcile")
                attr:aria-current=move || at("/reconcile").then_some("page")
            >
                <Icon icon=icondata_lu::LuGitMerge/>
                <span>{w().reconcile}</span>
                {move || {
                    let waiting = waiting();
                    (waiting > 0)
                        .then(|| {
                            view! {
                                <span class="count">
                                    <span aria-hidden="true">{waiting}</span>
                                    <span class="spoken">{(w().waiting_to_reconcile)(waiting)}</span>
                                </span>
                            }
                        })
                }}
            </A>
            <A
                href="/about"
                attr:class="rail-item small"
                class:on=move || at("/about")
                attr:aria-current=move || at("/about").then_some("page")
            >
                <Icon icon=icondata_lu::LuInfo/>
                <span>{w().about}</span>
            </A>
        </nav>
    }
}
