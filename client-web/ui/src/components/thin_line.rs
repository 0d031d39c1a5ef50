//! Who it is and what may kill them, on one thin line: on screen while the banner is scrolled away,
//! on paper at the head of every page.

use crate::components::alert_chip::AlertChip;
use crate::format::{name, time};
use crate::words::w;
use interface::{Alert, ResidentRow};
use leptos::ev;
use leptos::prelude::*;

/// Pixels of the banner that must be in view, under the top bar, for the thin line to be away.
const IN_VIEW: f64 = 40.0;

/// Whether the banner of a chart is scrolled away.
pub(crate) fn banner_gone() -> Signal<bool> {
    let gone = RwSignal::new(false);
    let look = move || {
        let banner = document().query_selector(".banner").ok().flatten();
        let bar = document().query_selector(".top").ok().flatten();
        let bottom = |element: web_sys::Element| element.get_bounding_client_rect().bottom();
        let bar = bar.map_or(0.0, bottom).max(0.0);
        let now = banner.is_some_and(|banner| bottom(banner) < bar + IN_VIEW);
        if gone.get_untracked() != now {
            gone.set(now);
        }
    };
    let scroll = window_event_listener(ev::scroll, move |_| look());
    let resize = window_event_listener(ev::resize, move |_| look());
    on_cleanup(move || {
        scroll.remove();
        resize.remove();
    });
    gone.into()
}

/// Whether somebody may come to harm who does not see this at the bedside.
fn at_the_bedside(alert: &Alert) -> bool {
    match alert {
        Alert::CodeStatus { .. }
        | Alert::NoCodeStatus
        | Alert::Allergy { .. }
        | Alert::NoKnownAllergies { .. }
        | Alert::AllergiesUnknown
        | Alert::AllergyContradiction
        | Alert::WrittenByNewer { .. }
        | Alert::ChartNotOpen
        | Alert::Arriving
        | Alert::More { .. } => true,
        Alert::HighAlert { .. } | Alert::Contradiction { .. } | Alert::StatedAhead => false,
    }
}

/// The line.
#[component]
pub(crate) fn ThinLine(
    /// Of whom.
    row: ResidentRow,
    /// With birth date and record number, as paper needs.
    full: bool,
) -> impl IntoView {
    let room = match row.room.is_empty() {
        true => w().no_bed_words.to_owned(),
        false => format!("{} {}", w().room, row.room),
    };
    let born = match row.born {
        Some(born) => (w().born)(&time::partial_day(born)),
        None => w().birth_date_unknown.to_owned(),
    };
    let record = format!("{} {}", w().record, row.record_number);
    let chips = row
        .alerts
        .iter()
        .filter(|alert| at_the_bedside(alert))
        .cloned();
    view! {
        <strong>{name::listed(&row)}</strong>
        <span>{room}</span>
        {full.then(|| view! { <span>{born}</span> <span>{record}</span> })}
        <span class="chips">
            {chips.map(|alert| view! { <AlertChip alert=alert dated=false/> }).collect_view()}
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::chart::CodeStatusChoice;

    #[test]
    fn code_status_and_allergies_stay_in_sight_when_the_banner_is_scrolled_away() {
        let stays = [
            Alert::CodeStatus {
                choice: CodeStatusChoice::DoNotResuscitate,
                contradicted: true,
            },
            Alert::AllergiesUnknown,
            Alert::AllergyContradiction,
        ];
        assert!(stays.iter().all(at_the_bedside));
        let medicine = "Warfarin".into();
        assert!(!at_the_bedside(&Alert::HighAlert { medicine }));
    }
}
