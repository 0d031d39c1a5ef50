//! Sign in on a shared tablet: a badge, then six digits. Every character and digit goes to the
//! worker as it comes; no control keeps one. The left side tells what the tablet does while it is
//! locked, and whose draft waits.

mod badge;
mod keys;
mod names;
mod pin;
mod progress;
mod tablet_line;

use crate::components::brand::Brand;
use crate::components::icon::Icon;
use crate::state::use_state;
use crate::words::w;
use badge::Badge;
use keys::listen;
use leptos::prelude::*;
use names::Names;
use pin::Pin;
use progress::{SigningIn, Step};
use tablet_line::TabletLine;

/// The screen.
#[component]
pub(crate) fn SignIn() -> impl IntoView {
    let state = use_state();
    let signing_in = SigningIn::new(state);
    listen(move |key| signing_in.press(key));
    let step = signing_in.step;
    let facility = move || {
        state
            .tablet
            .value
            .with(|t| t.as_ref().and_then(|t| t.facility_name.clone()))
            .unwrap_or_else(|| w().lamplight.to_owned())
    };
    view! {
        <main class="signin">
            <section class="left">
                <Brand/>
                <h1 tabindex="-1">{facility}</h1>
                <TabletLine/>
                <Show when=move || step.get() == Step::Names>
                    <button
                        type="button"
                        class="btn primary big"
                        on:click=move |_| signing_in.show_badge(None)
                    >
                        <Icon icon=icondata_lu::LuScanQrCode/>
                        {w().show_badge}
                    </button>
                    <p class="muted">{w().or_touch_name}</p>
                </Show>
            </section>
            <section class="right">
                {move || match step.get() {
                    Step::Names => view! { <Names signing_in=signing_in/> }.into_any(),
                    Step::Badge => view! { <Badge signing_in=signing_in/> }.into_any(),
                    Step::Pin => view! { <Pin signing_in=signing_in/> }.into_any(),
                }}
            </section>
        </main>
    }
}
