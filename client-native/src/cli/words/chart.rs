//! English: residents, charts and the house.

use super::decisions::by;
use super::facts::{self, fact, order};
use domain::Fact;
use domain::directory::{MeasureSystem, Settings};
use interface::{
    ChartView, HouseView, News2View, NotesView, ObservationsView, ResidentRow, ResidentStatus,
    Statement,
};

/// A name beside which another could stand: with birth date, room and record number.
pub(crate) fn whose(row: &ResidentRow) -> String {
    let born = row
        .born
        .map_or_else(|| "not known".to_owned(), String::from);
    let room = match row.room.as_str() {
        "" => "no room".to_owned(),
        room => format!("room {room}"),
    };
    let gone = match row.status {
        ResidentStatus::Present => "",
        ResidentStatus::OnLeave => " · on leave",
        ResidentStatus::Discharged => " · discharged",
        ResidentStatus::Deceased => " · deceased",
    };
    format!(
        "{}, {} · born {born} · {room} · {}{gone}",
        row.family.to_uppercase(),
        row.given,
        row.record_number
    )
}

/// A line of the list of residents.
pub(crate) fn listed(row: &ResidentRow) -> String {
    let room = match row.room.as_str() {
        "" => "–",
        room => room,
    };
    let born = row.born.map_or_else(|| "–".to_owned(), String::from);
    format!(
        "{room:<6} {:<14} {}, {}  born {born}",
        row.record_number,
        row.family.to_uppercase(),
        row.given
    )
}

/// What stands in a chart, with the ids and keys that other commands take.
pub(crate) fn chart(
    chart: &ChartView,
    observations: &ObservationsView,
    notes: &NotesView,
) -> Vec<String> {
    let mut lines = vec![whose(&chart.banner.row)];
    if chart.banner.to_reconcile > 0 {
        lines.push(format!(
            "{} to reconcile (`contradictions` lists them)",
            chart.banner.to_reconcile
        ));
    }
    section(&mut lines, "Code status", &chart.code_status, |row| {
        let says = facts::code_status(&row.says);
        format!("{says}{} · {}", counts(row), by(&row.by))
    });
    section(&mut lines, "Allergies", &chart.allergies, |row| {
        let says = fact(&Fact::Allergy(row.says.clone()));
        format!("{says}{} · {}", counts(row), by(&row.by))
    });
    section(&mut lines, "Problems", &chart.problems, |row| {
        let ended = row
            .problem
            .ended
            .map(|day| format!(" until {}", String::from(day)));
        let until = ended.unwrap_or_default();
        format!("{}{until} · {}", row.problem.text, by(&row.by))
    });
    section(&mut lines, "Orders", &chart.orders, |(says, _)| order(says));
    section(&mut lines, "Observations", &observations.sets, |set| {
        format!(
            "{}  {} · {} · {}{}",
            set.by.entry,
            facts::observations(&set.observations),
            set.news2
                .as_ref()
                .map_or_else(|| "no NEWS2".to_owned(), news2),
            by(&set.by),
            signed(set.signatures.len())
        )
    });
    if !notes.notes.is_empty() {
        lines.push("Notes".to_owned());
    }
    for note in &notes.notes {
        let struck = note
            .struck
            .as_deref()
            .map(|why| format!(" · entered in error: {why}"));
        lines.push(format!(
            "    {}  {}: {}{}{}",
            note.by.entry,
            by(&note.by),
            note.text,
            signed(note.signatures.len()),
            struck.unwrap_or_default(),
        ));
        let added = note.addenda.iter();
        lines.extend(added.map(|row| format!("        added by {}: {}", by(&row.by), row.text)));
    }
    lines
}

/// What is said of a statement that nobody acts on.
fn counts<T>(statement: &Statement<T>) -> &'static str {
    match statement.counts {
        true => "",
        false => " (does not count)",
    }
}

fn section<T>(lines: &mut Vec<String>, title: &str, rows: &[T], says: impl Fn(&T) -> String) {
    if rows.is_empty() {
        return;
    }
    lines.push(title.to_owned());
    lines.extend(rows.iter().map(|row| format!("    {}", says(row))));
}

fn news2(score: &News2View) -> String {
    match score.incomplete {
        true => format!("NEWS2 at least {} (incomplete)", score.score),
        false => format!("NEWS2 {}", score.score),
    }
}

fn signed(signatures: usize) -> &'static str {
    match signatures {
        0 => " · not signed",
        _ => " · signed",
    }
}

/// The settings, and beds by unit.
pub(crate) fn house(house: &HouseView) -> Vec<String> {
    let mut lines = settings(&house.settings);
    for unit in &house.units {
        lines.push(format!("unit {}", unit.name));
        let beds = house.beds.iter().filter(|bed| bed.unit == unit.id);
        lines.extend(beds.map(|bed| match bed.residents.len() {
            0 => format!("    bed {}  free", bed.name),
            1 => format!("    bed {}  taken", bed.name),
            n => format!("    bed {}  {n} residents", bed.name),
        }));
    }
    if house.units.is_empty() {
        lines.push("no units yet: `house add-unit`, then `house add-room`".to_owned());
    }
    lines
}

fn settings(says: &Settings) -> Vec<String> {
    let measures = match says.measures {
        MeasureSystem::Metric => "metric",
        MeasureSystem::UsCustomary => "US customary",
    };
    let times: Vec<String> = says.dose_times.iter().map(ToString::to_string).collect();
    let shifts: Vec<String> = says
        .shifts
        .iter()
        .map(|shift| format!("{} from {}", shift.name, shift.begins))
        .collect();
    vec![
        format!("{} · {} · {measures}", says.name, says.time_zone),
        format!("record numbers {}-…", says.record_prefix),
        format!("dose times {}", times.join(", ")),
        format!(
            "window {} minutes before and after",
            says.dose_window_minutes
        ),
        format!("shifts {}", shifts.join(", ")),
    ]
}
