//! One of a few: a row of radio buttons drawn as one bar, or as a list of large rows. Arrow keys
//! move as in any radio group.

use leptos::prelude::*;

/// A choice of one. Nothing is chosen until the person chooses.
#[component]
pub(crate) fn Choice<T: Copy + PartialEq + Send + Sync + 'static>(
    /// Name of the group for people.
    label: &'static str,
    /// Name of the group in the page, unique.
    name: &'static str,
    /// The choices with their words.
    options: Vec<(T, &'static str)>,
    /// What is chosen.
    #[prop(into)]
    value: Signal<Option<T>>,
    /// Called with a new choice.
    on_choose: Callback<T>,
    /// Drawn as `bar` or `rows`.
    #[prop(default = "bar")]
    style: &'static str,
    /// Whether the label is shown (it is always spoken).
    #[prop(default = true)]
    show_label: bool,
) -> impl IntoView {
    let buttons = options
        .into_iter()
        .map(|(option, words)| {
            let chosen = move || value.get() == Some(option);
            view! {
                <label class="option" class:on=chosen>
                    <input
                        type="radio"
                        name=name
                        prop:checked=chosen
                        on:change=move |_| on_choose.run(option)
                    />
                    <span>{words}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset class=format!("choice {style}")>
            <legend class=if show_label { "" } else { "spoken" }>{label}</legend>
            <div class="options">{buttons}</div>
        </fieldset>
    }
}
