//! A labelled line or block of text with its hint and its error.

use leptos::prelude::*;

/// A labelled text control.
#[component]
pub(crate) fn TextField(
    /// Its label.
    label: &'static str,
    /// Its name in the page, unique.
    id: &'static str,
    /// The text.
    value: RwSignal<String>,
    /// Said below.
    #[prop(optional)]
    hint: Option<&'static str>,
    /// Said below when something is wrong.
    #[prop(into, optional)]
    error: Signal<Option<&'static str>>,
    /// Several lines.
    #[prop(optional)]
    lines: Option<u32>,
) -> impl IntoView {
    let described = format!("{id}-more");
    let invalid = move || error.get().is_some().then_some("true");
    let control = match lines {
        Some(lines) => view! {
            <textarea
                id=id
                rows=lines
                prop:value=value
                aria-describedby=described.clone()
                aria-invalid=invalid
                on:input=move |event| value.set(event_target_value(&event))
            ></textarea>
        }
        .into_any(),
        None => view! {
            <input
                id=id
                type="text"
                autocomplete="off"
                prop:value=value
                aria-describedby=described.clone()
                aria-invalid=invalid
                on:input=move |event| value.set(event_target_value(&event))
            />
        }
        .into_any(),
    };
    view! {
        <div class="text-field" class:wrong=move || error.get().is_some()>
            <label for=id>{label}</label>
            {control}
            <small id=described role=move || error.get().is_some().then_some("alert")>
                {move || error.get().or(hint)}
            </small>
        </div>
    }
}
