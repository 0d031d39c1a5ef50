//! One resident in a list: who, where, what to beware of, how they are, what is due. The whole
//! row opens the chart.

use crate::components::alert_chip::{AlertChip, Chip};
use crate::components::icon::Icon;
use crate::components::news_score::NewsScore;
use crate::format::{name, time, zone};
use crate::state::{State, use_state};
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
        Some(date) => (w().born)(&time::partial_day(date)),
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
    // Without a bed, nothing but the number tells two of one name and birth date apart.
    let number = (row.room.is_empty() && !row.record_number.is_empty())
        .then(|| format!(" · {}", row.record_number));
    let state = use_state();
    let due = StoredValue::new(row.due.clone());
    // What is due changes with the clock, not with the record alone.
    let due =
        Memo::new(move |_| due.with_value(|due| due.as_ref().map(|due| due_words(state, due))));
    view! {
            <A href=format!("/residents/{}/today", row.id) attr:class="row">
                <b class="room"><span class="spoken">{w().room} " "</span>{room}</b>
                <span class="face" aria-hidden="true">{name::initials(&row.given, &row.family)}</span>
                <span class="who">
                    <strong>{name::listed(&row)}</strong>
                    <span class="muted">
                        <abbr title=(w().sex_spoken)(row.sex)>{(w().sex)(row.sex)}</abbr>
                        {format!(" · {age}{born}")}
                        {number}
                    </span>
                </span>
                <span class="chips">
                    {away.map(|words| view! { <Chip gravity=Gravity::Plain words=words/> })}
                    {row.alerts.into_iter().map(|alert| view! { <AlertChip alert=alert dated=false/> }).collect_view()}
                </span>
                <NewsScore news2=row.news2/>
                {move || {
                    let (pressing, words) = due.get().unwrap_or_default();
                    view! { <span class=pressing.class()>{words}</span> }
                }}
                <span class="go"><Icon icon=icondata_lu::LuChevronRight/></span>
            </A>
    }
}

/// How much it presses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Pressing {
    #[default]
    Later,
    Now,
    Late,
}

impl Pressing {
    fn class(self) -> &'static str {
        match self {
            Pressing::Later => "due",
            Pressing::Now => "due now",
            Pressing::Late => "due late",
        }
    }
}

/// How much it presses, and its words. What may not be given yet is not called due.
fn due_words(state: State, due: &DueView) -> (Pressing, String) {
    let DueView::Medicines {
        date,
        time,
        count,
        late,
    } = due;
    let today = state.today();
    let window = state.house.value.with(|house| {
        house
            .as_ref()
            .map_or(0, |house| house.settings.dose_window_minutes)
    });
    let slot = zone::instant(*date, *time, &state.zone()).at;
    let opens = slot.plus(-i64::from(window) * 60_000);
    let pressing = match late {
        true => Pressing::Late,
        false if state.now.get() < opens => Pressing::Later,
        false => Pressing::Now,
    };
    let at = match *date == today {
        true => time.to_string(),
        false => format!("{} {time}", time::near_day(*date, today)),
    };
    let words = match pressing {
        Pressing::Later => (w().medicines_next)(&at),
        Pressing::Now => (w().medicines_due)(&at, *count),
        Pressing::Late => (w().medicines_late)(&at, *count),
    };
    (pressing, words)
}
