//! A sheet over the page: a native modal dialog, so that focus stays inside, Escape closes it,
//! what is behind is inert, and focus returns to where it was.

use crate::components::icon::Icon;
use crate::focus;
use crate::words::w;
use leptos::html::Dialog;
use leptos::prelude::*;

/// A modal sheet, shown while it is mounted. `on_close` is called for Escape and the cross.
#[component]
pub(crate) fn Sheet(
    /// Its heading, also its name.
    #[prop(into)]
    title: Signal<String>,
    /// Called when the person leaves it.
    on_close: Callback<()>,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    let dialog = NodeRef::<Dialog>::new();
    // A dialog that is taken out of the page gives the focus back to nobody.
    let before = StoredValue::new_local(focus::before());
    on_cleanup(move || {
        if let Some(before) = before.try_get_value() {
            focus::return_to(before);
        }
    });
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get()
            && !dialog.open()
        {
            let _ = dialog.show_modal();
        }
    });
    view! {
        <dialog
            node_ref=dialog
            class="sheet"
            aria-labelledby="sheet-title"
            on:cancel=move |event: web_sys::Event| {
                event.prevent_default();
                on_close.run(());
            }
        >
            <div class="sheet-head">
                // Focus begins at the heading: no button is pressed by a stray Enter.
                <h2 id="sheet-title" tabindex="-1" autofocus>{title}</h2>
                <button
                    type="button"
                    class="square"
                    aria-label=w().close
                    on:click=move |_| on_close.run(())
                >
                    <Icon icon=icondata_lu::LuX/>
                </button>
            </div>
            {children()}
        </dialog>
    }
}
