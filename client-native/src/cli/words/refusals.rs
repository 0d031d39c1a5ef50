//! English: refusals, the rules they name, and what the disk said.

use super::decisions::kind;
use super::facts::measure_name;
use domain::journal::Measure;
use domain::slots::NoSlot;
use interface::{Act, DoseConcern, Forgotten, Missing, Refusal, Rule, StorageFault};

pub(crate) fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Locked => "sign in first".to_owned(),
        Refusal::NotEnrolled => "this device is not enrolled".to_owned(),
        Refusal::AlreadyEnrolled => "this device is already enrolled".to_owned(),
        Refusal::NeedsRelay => "the relay cannot be reached".to_owned(),
        Refusal::BadLink => "the link is not complete: copy the whole of it".to_owned(),
        Refusal::LinkUsed => {
            "the link was used already or has expired: ask for a new one".to_owned()
        }
        Refusal::BadBadge => "the badge could not be read: try again".to_owned(),
        Refusal::NotKnown => "badge or PIN not known on this device".to_owned(),
        Refusal::BadgeUnusable => {
            "this badge cannot be used by this version, whatever the PIN: update, or ask for a new badge"
                .to_owned()
        }
        Refusal::BadgeForgotten {
            why: Forgotten::Tries | Forgotten::Idle,
        } => "show the badge again".to_owned(),
        Refusal::WrongPin { tries_left } => {
            format!("wrong PIN: {tries_left} more before the badge is needed")
        }
        Refusal::BadgeNeeded => "the badge is needed".to_owned(),
        Refusal::NotAllowed { act } => format!("you may not {}", self::act(act)),
        Refusal::NotOpenYet => {
            "this is not open on this device yet: `sync` may bring its records and keys".to_owned()
        }
        Refusal::Field { field, rule } => format!("{}: {}", self::field(field), self::rule(rule)),
        Refusal::NoSlot(why) => no_slot(*why),
        Refusal::Doubtful { concerns } => {
            let what: Vec<&str> = concerns.iter().map(|concern| doubt(*concern)).collect();
            format!("not charted: {}", what.join("; "))
        }
        Refusal::Unusual { measures } => {
            let what: Vec<&str> = measures.iter().map(|it| measure_name(*it)).collect();
            let flag: Vec<String> = measures.iter().map(|it| it.name().replace('_', "-")).collect();
            format!(
                "not saved: unusual, or far from this resident's last ({}): check value and unit, then --confirm {}",
                what.join(", "),
                flag.join(",")
            )
        }
        Refusal::Contradicted { kind } => {
            format!("answers that differ stand ({}): decide first", self::kind(*kind))
        }
        Refusal::NotFound { what } => missing(*what).to_owned(),
        Refusal::Changed => "this changed in the meantime: look again".to_owned(),
        Refusal::Storage { fault } => format!("nothing was saved: {}", storage(fault)),
        Refusal::NoRandom => "nothing was saved: this machine has no random numbers".to_owned(),
        Refusal::NoMemory => {
            "there is not enough memory to check the PIN: close other programs".to_owned()
        }
        Refusal::Outdated => "this version is too old for the relay: update".to_owned(),
        Refusal::Bug { code } => format!("something went wrong in Lamplight ({code})"),
    }
}

/// A field in words, with what it must be where the rule does not say.
fn field(code: &str) -> &'static str {
    match code {
        "absent" => "the reason why it is not stated",
        "apart_minutes" => "minutes between two doses",
        "as_needed" => "why it is given as needed",
        "at" => "the time stated",
        "bed" => "the bed",
        "born" => "the birth date",
        "clock" => "the clock",
        "coding" => "the code of the problem",
        "commands" => "the commands",
        "comment" => "the comment",
        "consciousness" => "consciousness",
        "count" => "the number of links",
        "credential" => "the letters after the name",
        "date" => "the day of the slot",
        "decided_by" => "who decided",
        "decided_on" => "the day of the decision",
        "decision" => "this decision",
        "device_name" => "the name of the device",
        "dose" => "the dose",
        "dose_times" => "the dose times",
        "dose_window_minutes" => "the minutes around a dose",
        "draft" => "the draft",
        "ended" => "the end",
        "ended_at" => "the time of the end",
        "entries" => "the entries named",
        "entry" => "the whole entry",
        "family" => "the family name",
        "given" => "the given names",
        "hold" => "when a dose is to be held back",
        "medicine" => "the medicine",
        "most_in_a_day" => "doses in 24 hours",
        "name" => "the name",
        "of" => "what it is about",
        "on_oxygen" => "whether oxygen is given",
        "onset" => "the beginning",
        "preferred" => "the preferred name",
        "prescriber" => "the prescriber",
        "reaction" => "the reaction",
        "readings" => "the values",
        "reason" => "the reason",
        "record_number" => "the record number",
        "record_prefix" => "the prefix of record numbers (one to six capital letters)",
        "role" => "the role",
        "route" => "the route",
        "shifts" => "the shifts",
        "source" => "the source",
        "starts" => "the first day",
        "starts_at" => "the time of the beginning",
        "stated_by" => "who stated it",
        "status" => "where the resident is",
        "subject" => "whom it is about",
        "substance" => "the substance",
        "supersedes" => "what it replaces",
        "text" => "the text",
        "time" => "the time of the slot",
        "time_zone" => "the time zone (an IANA name, such as America/Chicago)",
        "times" => "the times",
        "version" => "the version of the order",
        "what" => "what happened",
        code => Measure::ALL
            .into_iter()
            .find(|measure| measure.name() == code)
            .map_or(NO_WORDS, measure_name),
    }
}

/// For what has no words here: a code is not for people.
const NO_WORDS: &str = "one of the values";

/// What somebody would enter, by its code.
fn kind_of(code: &str) -> &'static str {
    match code {
        "settings" => "settings",
        "unit" => "units",
        "room" => "rooms",
        "bed" => "beds",
        "staff" => "staff",
        "device" => "names of devices",
        "resident_name" | "identity" => "who a resident is",
        "move" => "moves",
        "problem" => "problems",
        "allergy" => "allergies",
        "code_status" => "code statuses",
        "saturation_scale" => "decisions on the saturation scale",
        "order" => "orders",
        "dose" => "doses",
        "observations" => "observations",
        "note" => "notes",
        "addendum" => "words added to notes",
        "signature" => "signatures",
        "strike" => "that something was entered in error",
        "resolution" => "decisions",
        _ => "this",
    }
}

fn act(act: &Act) -> String {
    match act {
        Act::Enter { kind } => format!("enter {}", kind_of(kind)),
        Act::ReadCharts => "read charts".to_owned(),
        Act::ReadDirectory => "read the directory".to_owned(),
        Act::CorrectNote => "correct a note that is signed or another's".to_owned(),
        Act::SignForAnother => "sign what another wrote".to_owned(),
        Act::ChangeNewer => "change what a newer version wrote: update".to_owned(),
        Act::SignThis => "sign this".to_owned(),
        Act::AddWords => "add words to what is no signed note".to_owned(),
        Act::StrikeThis => "strike what is said anew and never taken away".to_owned(),
        Act::ChangeRoster => "change the roster".to_owned(),
        Act::DealWith => "deal with what another saved".to_owned(),
        Act::Inspect => "ask for this".to_owned(),
    }
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Mandatory => "must not be empty".to_owned(),
        Rule::TooLong { most } => format!("at most {most} bytes"),
        Rule::TooMany { most } => format!("at most {most}"),
        Rule::Control => {
            "must not contain line breaks, control characters or any that nobody sees".to_owned()
        }
        Rule::NoSuch => "does not exist".to_owned(),
        Rule::Future => "must not lie in the future".to_owned(),
        Rule::Before => "must not lie before what it follows".to_owned(),
        Rule::OutOfRange { low, high, unit } => match unit.symbol() {
            "" => format!("between {low} and {high}"),
            symbol => format!("between {low} and {high} {symbol}"),
        },
        Rule::Count { least, most } => format!("{least} to {most}"),
        Rule::Line { most } => format!("1 to {most} bytes on one line"),
        Rule::WrongUnit => "cannot be measured in this unit".to_owned(),
        Rule::TooFine { places: 0 } => "must be a whole number".to_owned(),
        Rule::TooFine { places } => format!("at most {places} digits after the point"),
        Rule::Order => "each once and in order".to_owned(),
        Rule::Contradicts { other } => format!("does not go with {}", field(other)),
        Rule::Form => "not of the expected form".to_owned(),
        Rule::Subject => "is about someone or something else".to_owned(),
        Rule::ForLife => "is given for life and never changes".to_owned(),
        Rule::RecordOnly => "only commands on the record can be given in bulk".to_owned(),
        Rule::NotYet => "cannot be given by this version".to_owned(),
        Rule::FarOff => "this machine's clock is far off: set its date".to_owned(),
    }
}

fn missing(what: Missing) -> &'static str {
    match what {
        Missing::Entry => "this entry is not on this device",
        Missing::Resident => "this resident is not on this device",
        Missing::Envelope => "what holds this entry is not on this device",
    }
}

pub(crate) fn storage(fault: &StorageFault) -> String {
    match fault {
        StorageFault::Full => "the disk is full".to_owned(),
        StorageFault::Failed { said } => format!("the disk failed ({said})"),
        StorageFault::Damaged { said } => format!("what is stored here is damaged ({said})"),
        StorageFault::Newer => "what is stored here was written by a newer version".to_owned(),
    }
}

fn no_slot(why: NoSlot) -> String {
    let why = match why {
        NoSlot::NoSuchOrder => "this resident has no such order".to_owned(),
        NoSlot::NotStanding => "this order was entered in error".to_owned(),
        NoSlot::NoSuchVersion => "this order changed in the meantime".to_owned(),
        NoSlot::Before { starts, at } => match at {
            Some(at) => format!("this order begins on {starts} {at}"),
            None => format!("this order begins on {starts}"),
        },
        NoSlot::After { ended } => format!("this order ended on {ended}"),
        NoSlot::NoSuchTime => "this medicine is not due at this time".to_owned(),
        NoSlot::NotAsNeeded => "this medicine is given at its times only".to_owned(),
    };
    format!("not charted: {why}")
}

/// What speaks against a dose, and the word that confirms it.
fn doubt(concern: DoseConcern) -> &'static str {
    match concern {
        DoseConcern::Charted => "this dose is charted already (--despite charted)",
        DoseConcern::NotHere => "the resident was not here then (--despite not-here)",
        DoseConcern::OrderContradicted => {
            "versions of this order differ and nobody has decided (--despite order-contradicted)"
        }
        DoseConcern::OrderedTwice => {
            "this medicine is ordered twice and nobody has decided (--despite ordered-twice)"
        }
        DoseConcern::TooSoon => "the order asks for a longer pause (--despite too-soon)",
        DoseConcern::TooMany => "the order allows no more in 24 hours (--despite too-many)",
        DoseConcern::OutOfTime => {
            "it is not the time of this dose: check the day (--despite out-of-time, and --comment if it was given hours away)"
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Fact;

    #[test]
    fn people_read_no_codes() {
        for measure in Measure::ALL {
            assert_eq!(field(measure.name()), measure_name(measure));
        }
        for (kind, _) in Fact::KINDS {
            assert_ne!(kind_of(kind), kind_of("?"), "{kind}");
        }
        let said = refusal(&Refusal::Field {
            field: "some_new_field".to_owned(),
            rule: Rule::NoSuch,
        });
        assert_eq!(said, "one of the values: does not exist");
    }

    #[test]
    fn a_value_that_is_asked_back_is_named_with_the_flag_that_confirms_it() {
        let measures = vec![Measure::RespiratoryRate, Measure::Weight];
        let said = refusal(&Refusal::Unusual { measures });
        assert!(said.contains("(respiration, weight)"), "{said}");
        assert!(
            said.ends_with("--confirm respiratory-rate,weight"),
            "{said}"
        );
    }
}
