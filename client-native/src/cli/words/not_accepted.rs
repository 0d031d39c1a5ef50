//! English: what the relay refused for good.

use super::decisions::by;
use super::facts::fact;
use super::whose;
use interface::{NotAcceptedEntry, NotAcceptedRow, NotAcceptedView, NotAcceptedWhy};

/// The list, each envelope with all that it says.
pub(crate) fn not_accepted(view: &NotAcceptedView) -> Vec<String> {
    let mut lines: Vec<String> = view.rows.iter().flat_map(row).collect();
    if view.not_listed > 0 {
        lines.push(format!(
            "and {} more, which your keys do not open or which come behind these",
            view.not_listed
        ));
    }
    if lines.is_empty() {
        lines.push("The relay has accepted everything.".to_owned());
    }
    lines
}

fn row(row: &NotAcceptedRow) -> Vec<String> {
    let mut lines = vec![format!(
        "{}  {}: {}",
        row.envelope,
        by(&row.by),
        why(row.why)
    )];
    lines.extend(row.entries.iter().map(entry));
    if row.may_deal_with {
        lines.push(format!(
            "    not-accepted --dealt-with {}  (when it was entered again, or is not wanted)",
            row.envelope
        ));
    }
    lines
}

fn entry(entry: &NotAcceptedEntry) -> String {
    let of = entry.resident.as_ref().map(whose);
    let of = of.map_or_else(String::new, |whose| format!("{whose}: "));
    match &entry.fact {
        Some(says) => format!("    {of}{}", fact(says)),
        None => format!("    {of}something of a newer version ({})", entry.kind),
    }
}

const fn why(why: NotAcceptedWhy) -> &'static str {
    match why {
        NotAcceptedWhy::NotAllowed => {
            "its author, or the device it was made on, may not write there any more"
        }
        NotAcceptedWhy::TooLarge => "it is longer than the relay takes",
        NotAcceptedWhy::Fork => {
            "the relay has something else in its place: this home was copied or set back"
        }
        NotAcceptedWhy::BuiltOn => "it was written behind one that was not accepted",
        NotAcceptedWhy::Other => "the relay gave a reason that this version does not know",
    }
}
