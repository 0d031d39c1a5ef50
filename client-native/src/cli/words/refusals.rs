//! English: refusals, the rules they name, and what the disk said.

use super::decisions::kind;
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
        Refusal::Field { field, rule } => format!("{}: {}", self::field(field), self::rule(rule)),
        Refusal::NoSlot(why) => no_slot(*why),
        Refusal::Doubtful { concerns } => {
            let what: Vec<&str> = concerns.iter().map(|concern| doubt(*concern)).collect();
            format!("not charted: {}", what.join("; "))
        }
        Refusal::Contradicted { kind } => {
            format!("two answers stand ({}): decide first", self::kind(*kind))
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

/// A field as the command line names it, with what it must be where the rule does not say.
fn field(field: &str) -> String {
    match field {
        "time_zone" => "time zone (an IANA name, such as America/Chicago)".to_owned(),
        "record_prefix" => "prefix of record numbers (two to four letters)".to_owned(),
        "born" => "birth date".to_owned(),
        "what" => "what happened".to_owned(),
        "status" => "where the resident is".to_owned(),
        "decision" => "this decision".to_owned(),
        "of" => "what it is about".to_owned(),
        other => code(other),
    }
}

/// A kind or a measure by its code.
fn code(code: &str) -> String {
    code.replace('_', " ")
}

fn act(act: &Act) -> String {
    match act {
        Act::Enter { kind } => format!("enter this: {}", code(kind)),
        Act::ReadCharts => "read charts".to_owned(),
        Act::ReadDirectory => "read the directory".to_owned(),
        Act::CorrectNote => "correct a note that is signed or another's".to_owned(),
        Act::SignForAnother => "sign what another wrote".to_owned(),
        Act::ChangeNewer => "change what a newer version wrote: update".to_owned(),
        Act::SignThis => "sign this".to_owned(),
        Act::AddWords => "add words to what is no signed note".to_owned(),
        Act::StrikeThis => "strike what is said anew and never taken away".to_owned(),
        Act::ChangeRoster => "change the roster".to_owned(),
        Act::Inspect => "ask for this".to_owned(),
    }
}

fn rule(rule: &Rule) -> String {
    match rule {
        Rule::Mandatory => "must not be empty".to_owned(),
        Rule::TooLong { most } => format!("at most {most} bytes"),
        Rule::TooMany { most } => format!("at most {most}"),
        Rule::Control => "must not contain line breaks or control characters".to_owned(),
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
        DoseConcern::TooSoon => "the order asks for a longer pause (--despite too-soon)",
        DoseConcern::TooMany => "the order allows no more in 24 hours (--despite too-many)",
        DoseConcern::OutOfTime => {
            "it is not the time of this dose: check the day (--despite out-of-time, and --comment if it is hours away)"
        }
    }
}
