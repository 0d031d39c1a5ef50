//! The newest message: shown for a while, and spoken.

use crate::components::icon::Icon;
use crate::state::messages::Messages;
use leptos::prelude::*;

/// The region; it is always in the page, so that screen readers watch it.
#[component]
pub(crate) fn LiveRegion(
    /// What to say.
    messages: Messages,
) -> impl IntoView {
    view! {
        <div class="messages" role="status" aria-live="polite">
            {move || {
                messages
                    .newest
                    .get()
                    .map(|message| {
                        view! {
                            <p class="message">
                                <Icon icon=icondata_lu::LuCircleCheck/>
                                <span>{message.text}</span>
                            </p>
                        }
                    })
            }}
        </div>
    }
}
