//! One resident in a list: who, where, what to beware of, how they are, what is due. The whole
//! row opens the chart.

use crate::components::alert_chip::{AlertChip, Chip};
use crate::components::icon::Icon;
use crate::components::news_score::NewsScore;
use crate::format::{name, time};
use crate::state::use_state;
use crate::words::w;
use interface::{DueView, Gravity, ResidentRow, ResidentStatus};
use leptos::prelude::*;
use leptos_router::components::A;

/// The row.
#[component]
pub(crate) fn ResidentListRow(
    /// Of whom.
    row: ResidentRow,
) -> impl IntoView {
    let born = match row.born {
        Some(date) => (w().born)(&date.to_string()),
        None => w().birth_date_unknown.to_owned(),
    };
    let age = name::age(&row)
        .map(|age| format!("{age} · "))
        .unwrap_or_default();
    let away = match row.status {
        ResidentStatus::Present => None,
        ResidentStatus::OnLeave => Some(w().on_leave),
        ResidentStatus::Discharged => Some(w().discharged),
        ResidentStatus::Deceased => Some(w().deceased),
    };
    let room = if row.room.is_empty() {
        w().no_bed.to_owned()
    } else {
        row.room.clone()
    };
    let due = row.due.clone().map(|due| {
        let (late, words) = due_words(&due);
        view! { <span class="due" class:late=late>{words}</span> }
    });
    view! {
            <A href=format!("/residents/{}/today", row.id) attr:class="row">
                <b class="room"><span class="spoken">{w().room} " "</span>{room}</b>
                <span class="face" aria-hidden="true">{name::initials(&row.given, &row.family)}</span>
                <span class="who">
                    <strong>{name::listed(&row)}</strong>
                    <span class="muted">
                        <abbr title=(w().sex_spoken)(row.sex)>{(w().sex)(row.sex)}</abbr>
                        {format!(" · {age}{born}")}
                    </span>
                </span>
                <span class="chips">
                    {away.map(|words| view! { <Chip gravity=Gravity::Plain words=words/> })}
                    {row.alerts.into_iter().map(|alert| view! { <AlertChip alert=alert dated=false/> }).collect_view()}
                </span>
                <NewsScore news2=row.news2/>
                {due.map(IntoAny::into_any).unwrap_or_else(|| view! { <span class="due"></span> }.into_any())}
                <span class="go"><Icon icon=icondata_lu::LuChevronRight/></span>
            </A>
    }
}

/// Whether it is late, and its words.
fn due_words(due: &DueView) -> (bool, String) {
    let DueView::Medicines {
        date,
        time,
        count,
        late,
    } = due;
    let today = use_state().today();
    let at = match *date == today {
        true => time.to_string(),
        false => format!("{} {time}", time::near_day(*date, today)),
    };
    let words = if *late {
        w().medicines_late
    } else {
        w().medicines_due
    };
    (*late, words(&at, *count))
}
