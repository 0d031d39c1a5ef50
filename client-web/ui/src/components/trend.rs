//! Trends: one panel a unit, so that no two scales share an axis. Lines differ in dash and are
//! named at their end, never told apart by colour alone.

use crate::format::{reading, time};
use crate::state::use_state;
use crate::words::w;
use domain::journal::Measure;
use domain::quantity::Unit;
use ids::StatedInstant;
use interface::ObservationRow;
use leptos::prelude::*;

const WIDTH: f64 = 260.0;
const HEIGHT: f64 = 56.0;
const EDGE: f64 = 6.0;

/// One line of a panel.
struct Line {
    label: &'static str,
    class: &'static str,
    /// When, and the value.
    points: Vec<(i64, f64)>,
    last: String,
}

/// The panels with anything in them, oldest set left.
#[component]
pub(crate) fn Trends(
    /// Sets, newest first.
    sets: Vec<ObservationRow>,
    /// Measures by panel with the unit each panel has.
    panels: Vec<(Unit, Vec<Measure>)>,
) -> impl IntoView {
    let today = use_state().today();
    let span = sets
        .last()
        .zip(sets.first())
        .map(|(a, b)| (a.by.stated, b.by.stated));
    let drawn = panels
        .into_iter()
        .filter_map(|(unit, measures)| panel(&sets, unit, &measures, span))
        .collect_view();
    view! {
        <div class="trends">
            {drawn}
            {span.map(|(from, to)| view! {
                <p class="days" aria-hidden="true">
                    <span>{time::near_day(time::wall(from).0, today)}</span>
                    <span>{time::near_day(time::wall(to).0, today)}</span>
                </p>
            })}
        </div>
    }
}

fn panel(
    sets: &[ObservationRow],
    unit: Unit,
    measures: &[Measure],
    span: Option<(StatedInstant, StatedInstant)>,
) -> Option<impl IntoView + use<>> {
    let classes = ["a", "b", "c"];
    let lines: Vec<Line> = measures
        .iter()
        .zip(classes)
        .filter_map(|(measure, class)| line(sets, unit, *measure, class))
        .collect();
    let (from, to) = span?;
    let values = || {
        lines
            .iter()
            .flat_map(|line| line.points.iter().map(|(_, value)| *value))
    };
    let low = values().fold(f64::INFINITY, f64::min);
    let high = values().fold(f64::NEG_INFINITY, f64::max);
    if lines.is_empty() {
        return None;
    }
    let place = move |(at, value): (i64, f64)| {
        #[expect(clippy::cast_precision_loss, reason = "drawing needs no more")]
        let along = (at - from.at.0) as f64 / ((to.at.0 - from.at.0).max(1)) as f64;
        let up = if high > low {
            (value - low) / (high - low)
        } else {
            0.5
        };
        (
            EDGE + along * (WIDTH - 2.0 * EDGE),
            HEIGHT - EDGE - up * (HEIGHT - 2.0 * EDGE),
        )
    };
    let unit_words = (w().observing.unit)(unit);
    let spoken = lines
        .iter()
        .map(|line| (w().observing.trend_spoken)(line.label, line.points.len(), &line.last))
        .collect::<Vec<_>>()
        .join("; ");
    let names = lines
        .iter()
        .map(|line| view! { <span class=format!("key {}", line.class)>{line.label}</span> })
        .collect_view();
    let lasts = lines
        .iter()
        .map(|line| view! { <b>{line.last.clone()}</b> })
        .collect_view();
    let drawn = lines
        .iter()
        .map(|line| {
            let places: Vec<(f64, f64)> = line.points.iter().map(|point| place(*point)).collect();
            let path = places
                .iter()
                .map(|(x, y)| format!("{x:.1},{y:.1}"))
                .collect::<Vec<_>>()
                .join(" ");
            let newest = places.last().copied().unwrap_or_default();
            view! {
                <polyline class=format!("ln {}", line.class) points=path></polyline>
                <circle class=format!("pt {}", line.class) cx=newest.0 cy=newest.1 r="4"></circle>
            }
        })
        .collect_view();
    Some(view! {
        <div class="panel">
            <span class="panel-name">{names}<small>{unit_words}</small></span>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=spoken>
                <line class="gl" x1="0" x2=WIDTH y1=HEIGHT - 1.0 y2=HEIGHT - 1.0></line>
                {drawn}
            </svg>
            <span class="panel-last" aria-hidden="true">{lasts}</span>
        </div>
    })
}

fn line(
    sets: &[ObservationRow],
    unit: Unit,
    measure: Measure,
    class: &'static str,
) -> Option<Line> {
    let mut points = Vec::new();
    let mut last = None;
    for set in sets.iter().rev() {
        if let Some(value) = reading::value_in(&set.observations, measure, unit) {
            points.push((set.by.stated.at.0, reading::for_drawing(value)));
            last = Some(value.value.to_string());
        }
    }
    Some(Line {
        label: (w().observing.measure)(measure),
        class,
        points,
        last: last?,
    })
}
