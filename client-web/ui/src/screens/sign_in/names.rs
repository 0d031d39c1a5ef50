//! Names to touch, and whose draft waits. Never which resident's.

use super::progress::SigningIn;
use crate::components::icon::Icon;
use crate::format::isolated::isolated;
use crate::format::name;
use crate::words::w;
use ids::PersonId;
use interface::TileView;
use leptos::prelude::*;

/// The names.
#[component]
pub(super) fn Names(
    /// The sign-in.
    signing_in: SigningIn,
) -> impl IntoView {
    let tablet = signing_in.state.tablet.value;
    let people = Memo::new(move |_| {
        tablet.with(|t| t.as_ref().map(|t| t.people.clone()).unwrap_or_default())
    });
    let drafts = Memo::new(move |_| {
        tablet.with(|t| t.as_ref().map(|t| t.drafts_of.clone()).unwrap_or_default())
    });
    let tile = move |person: TileView| {
        let touched = person.clone();
        view! {
            <li>
                <button
                    type="button"
                    class="tile"
                    on:click=move |_| signing_in.touch(touched.clone())
                >
                    <span class="face big" aria-hidden="true">{name::initials_of(&person.name)}</span>
                    <strong>{person.name.clone()}</strong>
                    <small>
                        {person.role.map(|role| (w().role)(role))}
                        {person.pin_alone.then(|| format!(" · {}", w().pin_is_enough))}
                    </small>
                </button>
            </li>
        }
    };
    view! {
        <div class="names">
            <h2 class="spoken">{w().people}</h2>
            {move || people.get().is_empty().then(|| view! { <p class="muted">{w().nobody_yet}</p> })}
            <ul class="tiles">{move || people.get().into_iter().map(tile).collect_view()}</ul>
            {move || {
                drafts
                    .get()
                    .into_iter()
                    .map(|person| {
                        view! {
                            <p class="draft">
                                <Icon icon=icondata_lu::LuClock/>
                                {left_draft(&people.get(), person)}
                            </p>
                        }
                    })
                    .collect_view()
            }}
        </div>
    }
}

fn left_draft(people: &[TileView], person: PersonId) -> String {
    people
        .iter()
        .find(|tile| tile.person == person)
        .map_or(w().someone_left_draft.to_owned(), |tile| {
            (w().left_draft)(&isolated(&tile.name))
        })
}
