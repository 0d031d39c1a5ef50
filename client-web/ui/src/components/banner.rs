//! The resident banner, on every screen of a chart: who it is, and what to beware of. Shown
//! again, smaller, on every sheet that charts something.

use crate::components::alert_chip::AlertChip;
use crate::components::icon::Icon;
use crate::format::isolated::isolated;
use crate::format::{name, time};
use crate::state::use_state;
use crate::words::w;
use interface::{BannerView, ResidentRow, ResidentStatus};
use leptos::prelude::*;
use leptos_router::components::A;

/// The banner. What can be done from it stays while what it says changes.
#[component]
pub(crate) fn Banner(
    /// Of whom; hidden until it is known.
    banner: RwSignal<Option<BannerView>>,
    /// The place was pressed: the resident is to be moved.
    on_place: Callback<()>,
    /// Buttons.
    children: Children,
) -> impl IntoView {
    let row = Memo::new(move |_| banner.with(|b| b.as_ref().map(|b| b.row.clone())));
    let waiting = Memo::new(move |_| banner.with(|b| b.as_ref().map_or(0, |b| b.to_reconcile)));
    let named = move || row.get().map(|row| name::listed(&row));
    view! {
        <section class="banner" aria-label=named hidden=move || row.with(Option::is_none)>
            {move || {
                row.get()
                    .map(|row| {
                        view! {
                            <span class="face big" aria-hidden="true">
                                {name::initials(&row.given, &row.family)}
                            </span>
                            <div class="id">
                                <div class="name-line">
                                    <h1 tabindex="-1">{name::listed(&row)}</h1>
                                    <Place row=row.clone() on_press=on_place/>
                                </div>
                                <p><WhoLine row=row/></p>
                            </div>
                        }
                    })
            }}
            <div class="beware">
                <ul class="alerts" aria-label=w().safety>
                    {move || {
                        row.get()
                            .map(|row| row.alerts)
                            .unwrap_or_default()
                            .into_iter()
                            .map(|alert| view! { <li><AlertChip alert=alert dated=true/></li> })
                            .collect_view()
                    }}
                </ul>
                <div class="banner-acts">
                    {move || {
                        (waiting.get() > 0)
                            .then(|| {
                                view! {
                                    <A href="/reconcile" attr:class="btn danger">
                                        <Icon icon=icondata_lu::LuGitMerge/>
                                        {(w().resident_contradictions)(waiting.get())}
                                    </A>
                                }
                            })
                    }}
                    {children()}
                </div>
            </div>
        </section>
    }
}

/// `Room 12B`, which leads to moving the resident; whether they are away or gone stands with it.
#[component]
fn Place(
    /// Of whom.
    row: ResidentRow,
    /// Pressed.
    on_press: Callback<()>,
) -> impl IntoView {
    let place = match row.status {
        ResidentStatus::Discharged => w().discharged.to_owned(),
        ResidentStatus::Deceased => w().deceased.to_owned(),
        ResidentStatus::Present | ResidentStatus::OnLeave if row.room.is_empty() => {
            w().moving.no_place.to_owned()
        }
        ResidentStatus::Present => format!("{} {}", w().room, row.room),
        ResidentStatus::OnLeave => format!("{} {} · {}", w().room, row.room, w().on_leave),
    };
    if !use_state().rights.get().register {
        return view! { <span class="place"><b>{place}</b></span> }.into_any();
    }
    let leads = (w().moving.open)(&place);
    view! {
        <button
            type="button"
            class="place"
            aria-label=leads
            on:click=move |_| on_press.run(())
        >
            <Icon icon=icondata_lu::LuBedSingle/>
            <b>{place}</b>
            <Icon icon=icondata_lu::LuChevronRight/>
        </button>
    }
    .into_any()
}

/// `born 20 Nov 1934 (92) · M · record MH-002417-6`.
#[component]
fn WhoLine(
    /// Of whom.
    row: ResidentRow,
) -> impl IntoView {
    let age = name::age(&row).map(|age| format!(" ({age})"));
    let preferred = row
        .preferred
        .filter(|name| !name.is_empty())
        .map(|name| format!("“{}” · ", isolated(&name)));
    view! {
        {preferred}
        {match row.born {
            Some(born) => view! { {(w().born)("")} <b>{time::partial_day(born)}</b> }.into_any(),
            None => view! { {w().birth_date_unknown} }.into_any(),
        }}
        {age}
        " · "
        <abbr title=(w().sex_spoken)(row.sex)>{(w().sex)(row.sex)}</abbr>
        " · "
        {w().record}
        " "
        <b>{row.record_number}</b>
    }
}

/// Name and birth date once more, on a sheet that charts something.
#[component]
pub(crate) fn ResidentEcho(
    /// Of whom.
    row: ResidentRow,
) -> impl IntoView {
    let born = match row.born {
        Some(date) => (w().born)(&time::partial_day(date)),
        None => w().birth_date_unknown.to_owned(),
    };
    let room = if row.room.is_empty() {
        w().no_bed_words.to_owned()
    } else {
        format!("{} {}", w().room, row.room)
    };
    view! {
        <p class="echo">
            <strong>{name::listed(&row)}</strong>
            <span>{born}</span>
            <span>{room}</span>
        </p>
    }
}
