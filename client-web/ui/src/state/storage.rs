//! Whether the browser promises to keep what is stored. Asked once this device belongs to a home;
//! the answer is shown, and never assumed.

use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Asks, and keeps the answer: `None` until there is one.
pub(super) fn persist(belongs: Memo<bool>) -> RwSignal<Option<bool>> {
    let persisted = RwSignal::new(None);
    Effect::new(move |_| {
        if belongs.get() && persisted.get_untracked().is_none() {
            leptos::task::spawn_local(async move {
                let Ok(asked) = window().navigator().storage().persist() else {
                    return;
                };
                if let Ok(answer) = JsFuture::from(asked).await {
                    persisted.set(answer.as_bool());
                }
            });
        }
    });
    persisted
}
