//! One thing to beware of: colour, shape and words together.

use crate::components::icon::Icon;
use crate::format::isolated::isolated;
use crate::format::time;
use crate::state::use_state;
use crate::words::w;
use domain::chart::CodeStatusChoice;
use domain::directory::Date;
use icondata_core::IconData;
use interface::{Alert, ContradictionKind, Gravity, Unreadable};
use leptos::prelude::*;

/// Gravity and words of an alert; without a day, no dates.
fn looks(alert: &Alert, today: Option<Date>) -> (Gravity, String) {
    match alert {
        // What is acted on stands first: in an emergency nobody looks further.
        Alert::CodeStatus {
            choice,
            contradicted: true,
        } => (
            Gravity::Critical,
            (w().registers.chip_code_contradicted)((w().registers.code_choice_short)(*choice)),
        ),
        Alert::CodeStatus {
            choice,
            contradicted: false,
        } => {
            let gravity = match choice {
                CodeStatusChoice::FullTreatment => Gravity::Plain,
                CodeStatusChoice::Limited => Gravity::Warning,
                CodeStatusChoice::DoNotResuscitate | CodeStatusChoice::ComfortOnly => {
                    Gravity::Critical
                }
            };
            (
                gravity,
                (w().registers.code_choice_short)(*choice).to_owned(),
            )
        }
        Alert::NoCodeStatus => (Gravity::Info, w().registers.chip_no_code_status.to_owned()),
        Alert::Allergy {
            text,
            reaction,
            gravity,
        } => {
            let words = match reaction.as_deref() {
                Some(reaction) if !reaction.is_empty() => {
                    format!("{}: {}", isolated(text), isolated(reaction))
                }
                _ => isolated(text),
            };
            (*gravity, words)
        }
        Alert::NoKnownAllergies { at } => (
            Gravity::Plain,
            match today {
                Some(today) => {
                    (w().registers.chip_no_allergies)(&time::short_day(time::wall(*at).0, today))
                }
                None => w().allergy_none_fact.to_owned(),
            },
        ),
        Alert::AllergiesUnknown => (
            Gravity::Info,
            w().registers.chip_allergies_unknown.to_owned(),
        ),
        Alert::AllergyContradiction => (
            Gravity::Critical,
            w().registers.chip_allergy_contradiction.to_owned(),
        ),
        Alert::WrittenByNewer { what } => (
            match what {
                Unreadable::Other => Gravity::Warning,
                Unreadable::Allergy | Unreadable::CodeStatus | Unreadable::Order => {
                    Gravity::Critical
                }
            },
            match today {
                Some(_) => (w().registers.newer_version)(*what),
                None => (w().registers.chip_newer_version)(*what),
            }
            .to_owned(),
        ),
        Alert::ChartNotOpen => (Gravity::Critical, w().registers.chip_not_open.to_owned()),
        Alert::Arriving => (Gravity::Warning, w().registers.chip_arriving.to_owned()),
        Alert::StatedAhead => (Gravity::Warning, w().registers.chip_ahead.to_owned()),
        Alert::More { count } => (Gravity::Warning, (w().registers.chip_more)(*count)),
        Alert::HighAlert { medicine } => (Gravity::Warning, isolated(medicine)),
        Alert::Contradiction { kind } => (
            match kind {
                ContradictionKind::DoubleDose => Gravity::Critical,
                _ => Gravity::Warning,
            },
            (w().deciding.contradiction)(*kind).to_owned(),
        ),
    }
}

/// Class and shape of a gravity.
pub(crate) fn shape(gravity: Gravity) -> (&'static str, Option<&'static IconData>) {
    match gravity {
        Gravity::Critical => ("crit", Some(icondata_lu::LuCircleAlert)),
        Gravity::Warning => ("warn", Some(icondata_lu::LuTriangleAlert)),
        Gravity::Info => ("info", Some(icondata_lu::LuInfo)),
        Gravity::Plain => ("plain", None),
    }
}

/// The chip.
#[component]
pub(crate) fn AlertChip(
    /// Of what.
    alert: Alert,
    /// Whether it says since when "none known" stands. A list has no room for it.
    dated: bool,
) -> impl IntoView {
    let state = use_state();
    view! {
        {move || {
            let (gravity, words) = looks(&alert, dated.then(|| state.told_from()));
            view! { <Chip gravity=gravity words=words/> }
        }}
    }
}

/// A chip of any words.
#[component]
pub(crate) fn Chip(
    /// How bad.
    gravity: Gravity,
    /// The words.
    #[prop(into)]
    words: String,
) -> impl IntoView {
    let (class, icon) = shape(gravity);
    view! {
        <span class=format!("chip {class}")>
            {icon.map(|icon| view! { <Icon icon=icon/> })}
            {words}
        </span>
    }
}
