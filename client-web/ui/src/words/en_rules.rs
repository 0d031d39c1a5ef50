//! English: which field breaks which rule, what somebody may not do, what the disk refused.

use super::Text;
use super::en_clinical as clinical;
use domain::journal::Measure;
use interface::{Act, Missing, Rule, StorageFault};

/// A field by its code, as the start of a sentence.
pub(super) fn field(code: &str) -> Text {
    match code {
        "absent" => "Reason for no value",
        "as_needed" => "As needed",
        "asked" => "Day it was asked",
        "at" => "Time",
        "bed" => "Bed",
        "born" => "Birth date",
        "clock" => "This tablet's clock",
        "coding" => "Code",
        "commands" => "Commands",
        "comment" => "Comment",
        "consciousness" => "Consciousness",
        "count" => "Number of links",
        "apart_minutes" => "Minutes apart",
        "most_in_a_day" => "Doses in 24 hours",
        "hold" => "Hold",
        "decided_by" => "Who decided",
        "decided_on" => "Day of the decision",
        "credential" => "Letters after the name",
        "date" => "Day",
        "decision" => "Decision",
        "device_name" => "Name of the tablet",
        "dose" => "Dose",
        "dose_times" => "Times of medicines",
        "dose_window_minutes" => "Minutes around a dose",
        "draft" => "Draft",
        "ended" => "Last day",
        "ended_at" => "Time of the end",
        "starts_at" => "Time of the beginning",
        "entries" => "Entries",
        "entry" => "The whole entry",
        "family" => "Family name",
        "given" => "Given names",
        "medicine" => "Medicine",
        "name" => "Name",
        "of" => "What it is about",
        "on_oxygen" => "Oxygen",
        "onset" => "First day",
        "preferred" => "Preferred name",
        "prescriber" => "Prescriber",
        "reaction" => "Reaction",
        "readings" => "Readings",
        "reason" => "Reason",
        "record_number" => "Record number",
        "record_prefix" => "Letters of record numbers",
        "role" => "Role",
        "route" => "Route",
        "shifts" => "Shifts",
        "source" => "Source",
        "starts" => "First day",
        "stated_by" => "Stated by",
        "status" => "Where the resident is",
        "subject" => "Whom it is about",
        "substance" => "Substance",
        "supersedes" => "What it replaces",
        "text" => "Text",
        "time" => "Time",
        "time_zone" => "Time zone",
        "times" => "Times",
        "version" => "Version",
        "what" => "What happened",
        code => Measure::ALL
            .into_iter()
            .find(|measure| measure.name() == code)
            .map_or("One of the values", clinical::measure),
    }
}

/// What is wrong with it, as the end of that sentence.
pub(super) fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Mandatory => "must not be empty".to_owned(),
        Rule::TooLong { most } => format!("is too long (at most {most} bytes)"),
        Rule::TooMany { most } => format!("are too many (at most {most})"),
        Rule::Control => "must not have line breaks or characters that nobody sees".to_owned(),
        Rule::NoSuch => "does not exist".to_owned(),
        Rule::Future => "must not lie in the future".to_owned(),
        Rule::Before => "lies before what it follows".to_owned(),
        Rule::OutOfRange { low, high, unit } => match unit.symbol() {
            "" => format!("must be between {low} and {high}"),
            symbol => format!("must be between {low} and {high} {symbol}"),
        },
        Rule::Count { least, most } => format!("must be from {least} to {most}"),
        Rule::Line { most } => format!("must be one line of 1 to {most} bytes"),
        Rule::WrongUnit => "cannot be measured in this unit".to_owned(),
        Rule::TooFine { places: 0 } => "must be a whole number".to_owned(),
        Rule::TooFine { places } => format!("has more than {places} digits after the point"),
        Rule::Order => "must stand once each, in order".to_owned(),
        Rule::Contradicts { other } => {
            format!("does not go with “{}”", field(other).to_lowercase())
        }
        Rule::Form => "is not of the expected form".to_owned(),
        Rule::Subject => "does not fit what is entered".to_owned(),
        Rule::ForLife => "is given for life and never changes".to_owned(),
        Rule::NotYet => "cannot be given by this version".to_owned(),
        Rule::RecordOnly => "must all be entries in the record".to_owned(),
        Rule::FarOff => "is far off: set its date and time".to_owned(),
    }
}

pub(super) fn not_allowed(act: &Act) -> String {
    match act {
        Act::Enter { kind } => format!(
            "Not saved. Your role does not allow this entry: {}.",
            clinical::kind(kind).to_lowercase()
        ),
        Act::ReadCharts => "Your role does not allow charts to be read.".to_owned(),
        Act::ReadDirectory => "Your role does not allow the directory to be read.".to_owned(),
        Act::CorrectNote => {
            "Not saved. Only your own unsigned note can be corrected. Add words to it instead."
                .to_owned()
        }
        Act::ChangeNewer => {
            "Not saved. A newer version wrote this: update before changing it.".to_owned()
        }
        Act::SignForAnother => "Not signed. You can sign what you wrote yourself.".to_owned(),
        Act::SignThis => "Not signed. This needs no signature.".to_owned(),
        Act::AddWords => "Not saved. Words are added to signed notes only.".to_owned(),
        Act::StrikeThis => "Not struck. This is said anew, and never taken away.".to_owned(),
        Act::ChangeRoster => "Only an administrator can change who belongs to the home.".to_owned(),
        Act::DealWith => "Whoever saved it takes it off the list.".to_owned(),
        Act::Inspect => "This is for support only.".to_owned(),
    }
}

pub(super) fn missing(what: Missing) -> Text {
    match what {
        Missing::Entry => "This entry is not on this tablet.",
        Missing::Resident => "This resident is not on this tablet.",
        Missing::Envelope => "What holds this entry is not on this tablet.",
    }
}

pub(super) fn storage(fault: &StorageFault) -> String {
    match fault {
        StorageFault::Full => "its storage is full".to_owned(),
        StorageFault::Failed { said } => format!("its storage failed ({said})"),
        StorageFault::Damaged { said } => format!("what is stored is damaged ({said})"),
        StorageFault::Newer => "what is stored was written by a newer version".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_measure_has_a_name_of_its_own() {
        for measure in Measure::ALL {
            assert_ne!(field(measure.name()), field(""), "{measure:?}");
        }
    }

    #[test]
    fn a_broken_rule_is_a_sentence() {
        let other = "comment".to_owned();
        let said = rule(&Rule::Contradicts { other });
        assert_eq!(said, "does not go with “comment”");
    }
}
