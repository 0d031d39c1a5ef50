//! English: every word the command line prints, but for its help. Refusals, faults and rules come
//! from the engine as codes; what an entry says is put into words here, as on a screen.

use super::CliError;
use domain::Fact;
use domain::chart::{Allergy, CodeStatus, CodeStatusChoice, Severity};
use domain::directory::{Date, MoveKind, TimeOfDay};
use domain::journal::{Dose, Measure, NotGiven, Reading, SaturationScale};
use domain::meta::Decision;
use domain::slots::NoSlot;
use ids::{DeviceId, FacilityId, PersonId};
use interface::{
    Act, ContradictionKind, DoseConcern, Forgotten, Link, Missing, Refusal, Rule, StorageFault,
    TabletState, TabletView,
};
use lamplight_client_native::{HomeError, ProcessError, RelayTrouble};
use replica::OpenError;
use zeroize::Zeroizing;

pub(crate) const NO_RESIDENTS: &str = "No residents here.";
pub(crate) const NOTHING_TO_RECONCILE: &str = "Nothing to reconcile.";
pub(crate) const FOUNDING_CARRIED_ON: &str = "Carrying on with the founding that was begun here.";
pub(crate) const ENROLMENT_CARRIED_ON: &str = "Carrying on with the enrolment that was begun here.";
pub(crate) const SAME_OR_DIFFERENT: &str = "Are they the same? Type `same` or `different`.";
pub(crate) const ENROLLED: &str = "Enrolled.";
pub(crate) const ENROLLED_HERE: &str =
    "Enrolled. Everyone known to the facility can sign in here, offline too.";
const RECOVERY_SHEET: &str =
    "Recovery sheet: print it, lock it away, do not keep it on a computer.";
pub(crate) const AS_NEEDED: &str = "as needed";

/// Something on the command line or standard input that cannot be used.
#[derive(Clone, Debug)]
pub(crate) enum Usage {
    /// A text that is not what it should be.
    Not {
        text: String,
        what: &'static str,
    },
    /// Standard input ended before this.
    Ended(&'static str),
    Link,
    GivenUp,
    NothingToDo,
    NobodySignedIn,
    NoZone,
    NoView,
    NoResident(String),
    ManyResidents {
        text: String,
        count: usize,
    },
    NoOrder(String),
    ManyOrders {
        count: usize,
        lines: String,
    },
    WhichDay {
        time: TimeOfDay,
        days: Vec<Date>,
    },
    NotDue {
        order: String,
        time: Option<TimeOfDay>,
        due: String,
    },
}

pub(crate) fn usage(usage: &Usage) -> String {
    match usage {
        Usage::Not { text, what } => format!("`{text}` is not a {what}"),
        Usage::Ended(what) => format!("standard input ended before the {what}: give one a line"),
        Usage::Link => "the link is not complete: it begins with http and holds a #".to_owned(),
        Usage::GivenUp => "enrolment was given up; nothing was kept here".to_owned(),
        Usage::NothingToDo => "there is nothing to do".to_owned(),
        Usage::NobodySignedIn => "nobody is signed in".to_owned(),
        Usage::NoZone => "the home's time zone is not known here".to_owned(),
        Usage::NoView => "this device has no answer to that".to_owned(),
        Usage::NoResident(text) => format!("no resident matches `{text}` on this device"),
        Usage::ManyResidents { text, count } => {
            format!("{count} residents match `{text}`: give the record number")
        }
        Usage::NoOrder(name) => format!("no order for `{name}` runs on that day"),
        Usage::ManyOrders { count, lines } => {
            format!("{count} orders have that name: give --order ID\n{lines}")
        }
        Usage::WhichDay { time, days } => {
            let days: Vec<String> = days.iter().map(ToString::to_string).collect();
            format!(
                "the slot of {time} is open on {}: say which with --date",
                days.join(" and on ")
            )
        }
        Usage::NotDue { order, time, due } => match time {
            None => format!("{order} is not given as needed: give --time (it is due: {due})"),
            Some(time) => format!("{order} is not due at {time} (it is due: {due})"),
        },
    }
}

/// What is wanted in place of a text that does not fit.
pub(crate) mod wanted {
    pub(crate) const CONCERN: &str =
        "thing to confirm (not-here, order-contradicted, too-soon, too-many, out-of-time)";
    pub(crate) const DATE: &str = "date (YYYY-MM-DD)";
    pub(crate) const TIME: &str = "time of day (HH:MM)";
    pub(crate) const INSTANT: &str = "time (YYYY-MM-DDTHH:MM)";
    pub(crate) const ENTRY: &str = "key of an entry";
    pub(crate) const ORDER: &str = "id of an order of this resident";
    pub(crate) const BED: &str = "bed of this home";
    pub(crate) const CONSCIOUSNESS: &str = "state of consciousness";
    pub(crate) const ABSENT: &str = "measure with its reason (pulse=declined)";
    pub(crate) const ANSWER: &str = "answer `same` or `different`";
}

pub(crate) fn error(error: &CliError) -> String {
    match error {
        CliError::Home(error) => home(error),
        CliError::Process(error) => process(error),
        CliError::NotSynced(error) => format!(
            "what was printed holds, but not all of it has reached the relay: {} (`sync` sends the rest)",
            process(error)
        ),
        CliError::Refused(error) => refusal(error),
        CliError::Usage(error) => usage(error),
        CliError::Io(error) => format!("cannot write: {error}"),
        CliError::Json(error) => format!("cannot write JSON: {error}"),
    }
}

fn home(error: &HomeError) -> String {
    match error {
        HomeError::Io(error) => format!("the home folder cannot be used: {error}"),
        HomeError::InUse => {
            "another lamplight-client is using this home: wait for it to end, or choose another --home"
                .to_owned()
        }
        HomeError::Key => "device.key is damaged: this home cannot be opened without it".to_owned(),
        HomeError::Open(OpenError::Store(error)) => storage(&error.fault()),
        HomeError::Open(OpenError::Vault) => {
            "device.key does not open this home: it was copied, or its key is another's".to_owned()
        }
        HomeError::Open(OpenError::NoRandom(_)) | HomeError::NoRandom(_) => {
            refusal(&Refusal::NoRandom)
        }
    }
}

fn process(error: &ProcessError) -> String {
    match error {
        ProcessError::Refused(error) => refusal(error),
        ProcessError::TooLong => {
            "the relay did not answer in time: check the network and the relay's address, then try again"
                .to_owned()
        }
        ProcessError::Relay(RelayTrouble::Another) => {
            "this is not the relay this facility knows".to_owned()
        }
        ProcessError::Relay(RelayTrouble::OtherVersion) => {
            "the relay speaks another version: update".to_owned()
        }
        ProcessError::Relay(RelayTrouble::Removed) => {
            "this device was removed from the facility".to_owned()
        }
    }
}

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
        Refusal::Field { field, rule } => format!("{}: {}", code(field), self::rule(rule)),
        Refusal::NoSlot(why) => no_slot(*why),
        Refusal::Doubtful { concerns } => {
            let what: Vec<&str> = concerns.iter().map(|concern| doubt(*concern)).collect();
            format!("not charted: {}", what.join("; "))
        }
        Refusal::Contradicted { kind } => {
            format!("two answers stand ({}): decide first", contradiction(*kind))
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

/// A field, a kind or a measure by its code.
fn code(code: &str) -> String {
    code.replace('_', " ")
}

/// What speaks against a dose, and the word that confirms it.
fn doubt(concern: DoseConcern) -> &'static str {
    match concern {
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

fn scale(scale: SaturationScale) -> u8 {
    match scale {
        SaturationScale::One => 1,
        SaturationScale::Two => 2,
    }
}

fn act(act: &Act) -> String {
    match act {
        Act::Enter { kind } => format!("enter this: {}", code(kind)),
        Act::ReadCharts => "read charts".to_owned(),
        Act::ReadDirectory => "read the directory".to_owned(),
        Act::CorrectNote => "correct a note that is signed or another's".to_owned(),
        Act::SignForAnother => "sign what another wrote".to_owned(),
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
        Rule::Contradicts { other } => format!("does not go with {}", code(other)),
        Rule::Form => "not of the expected form".to_owned(),
        Rule::Subject => "is about someone or something else".to_owned(),
        Rule::ForLife => "is given for life and never changes".to_owned(),
        Rule::RecordOnly => "only commands on the record can be given in bulk".to_owned(),
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
        NoSlot::Before { starts } => format!("this order begins on {}", String::from(starts)),
        NoSlot::After { ended } => format!("this order ended on {}", String::from(ended)),
        NoSlot::NoSuchTime => "this medicine is not due at this time".to_owned(),
        NoSlot::NotAsNeeded => "this medicine is given at its times only".to_owned(),
    };
    format!("not charted: {why}")
}

/// One line on the state of exchange.
pub(crate) fn exchange(tablet: &TabletView) -> String {
    format!(
        "{} · {} to send · {} arriving · received by {} of {} tablets",
        link(tablet.link),
        tablet.to_send,
        tablet.arriving,
        tablet.received_by,
        tablet.tablets
    )
}

/// One line on what a device is.
pub(crate) fn device(tablet: &TabletView) -> String {
    format!(
        "{} · {} · {}",
        tablet.facility_name.as_deref().unwrap_or("no facility"),
        tablet.device_name.as_deref().unwrap_or("not enrolled"),
        state(tablet.state)
    )
}

pub(crate) fn compare(six: &[String]) -> String {
    format!(
        "Compare these six words with the other screen:\n\n    {}\n",
        six.join(" ")
    )
}

pub(crate) fn enrols(device: DeviceId, six: &[String]) -> String {
    format!(
        "device {device} enrols; its screen must show: {}",
        six.join(" ")
    )
}

pub(crate) fn founded(
    facility: &FacilityId,
    badge: &str,
    pin: &str,
    recovery: &[&str],
) -> Zeroizing<String> {
    let mut text = Zeroizing::new(format!(
        "Founded facility {facility}.\n\nFirst administrator\n    badge  {badge}\n    PIN    {pin}\n\n{RECOVERY_SHEET}"
    ));
    for (number, six) in recovery.chunks(6).enumerate() {
        let line = Zeroizing::new(format!("\n    {:>2}  {}", number * 6 + 1, six.join(" ")));
        text.push_str(&line);
    }
    text
}

pub(crate) fn person_added(person: &PersonId, badge: &str, pin: &str) -> Zeroizing<String> {
    Zeroizing::new(format!(
        "Added person {person}.\n    badge  {badge}\n    PIN    {pin}"
    ))
}

fn link(link: Link) -> &'static str {
    match link {
        Link::Offline => "offline",
        Link::Connecting => "connecting",
        Link::CatchingUp => "catching up",
        Link::Live => "live",
        Link::CaptivePortal => "the network wants a sign-in of its own",
        Link::WrongRelay => "another relay answers",
        Link::Outdated => "versions that cannot talk",
        Link::Removed => "removed from the facility",
    }
}

fn state(state: TabletState) -> &'static str {
    match state {
        TabletState::Blank => "blank",
        TabletState::Enrolling => "enrolling",
        TabletState::Words => "six words wait to be compared",
        TabletState::Preparing => "preparing",
        TabletState::Locked => "locked",
        TabletState::Open => "open",
    }
}

pub(crate) fn contradiction(kind: ContradictionKind) -> &'static str {
    match kind {
        ContradictionKind::DoubleDose => "medicine given twice",
        ContradictionKind::CodeStatus => "two code statuses",
        ContradictionKind::AllergyNoneKnown => "allergy beside none known",
        ContradictionKind::AllergySeverity => "one allergy, two severities",
        ContradictionKind::DoseAfterLeaving => "dose after the resident left",
        ContradictionKind::DoseAfterEnd => "dose after the order ended",
        ContradictionKind::Order => "versions of one order that differ",
        ContradictionKind::DoseOutOfTime => "dose hours away from its time",
        ContradictionKind::SaturationScale => "two decisions on the saturation scale",
        ContradictionKind::Identity => "two identities",
        ContradictionKind::RecordNumber => "one record number, two residents",
        ContradictionKind::Bed => "one bed, two residents",
        ContradictionKind::Whereabouts => "one resident, two places",
        ContradictionKind::Register => "two answers",
        ContradictionKind::Resolutions => "two decisions",
    }
}

/// What an entry says, on one line.
pub(crate) fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Settings(says) => format!("settings of {}", says.name),
        Fact::Unit(says) => format!("unit {}", says.name),
        Fact::Room(says) => format!("room {}", says.name),
        Fact::Bed(says) => format!("bed {}", says.name),
        Fact::Staff(says) => format!("staff {}, {}", says.family, says.given),
        Fact::Device(says) => format!("device {}", says.name),
        Fact::ResidentName(says) => format!("name {}, {}", says.family, says.given),
        Fact::Move(says) => with(move_kind(says.what).to_owned(), says.comment.as_deref()),
        Fact::Identity(says) => format!("{}, {} ({})", says.family, says.given, says.record_number),
        Fact::Problem(says) => format!("problem: {}", says.text),
        Fact::Allergy(Allergy::NoneKnown) => "no known allergies".to_owned(),
        Fact::Allergy(Allergy::To(says)) => {
            let severity = says.severity.map(severity);
            with(format!("allergy to {}", says.substance), severity)
        }
        Fact::CodeStatus(says) => code_status(says),
        Fact::SaturationScale(says) => format!(
            "saturation scale {}, decided by {} on {}",
            scale(says.scale),
            says.decided_by,
            says.decided_on
        ),
        Fact::Order(says) => format!("order: {} {} {}", says.medicine, says.dose, says.route),
        Fact::Dose(says) => dose(says),
        Fact::Observations(says) => {
            let readings = says
                .readings
                .iter()
                .map(|(measure, reading)| match reading {
                    Reading::Value(quantity) => format!(
                        "{} {} {}",
                        measure_name(*measure),
                        quantity.value,
                        quantity.unit.symbol()
                    ),
                    Reading::Absent(_) => format!("{} not measured", measure_name(*measure)),
                });
            readings.collect::<Vec<_>>().join(", ")
        }
        Fact::Note(says) => format!("note: {}", says.text),
        Fact::Addendum(says) => format!("addendum: {}", says.text),
        Fact::Signature(says) => format!("signature of {} entries", says.entries.len()),
        Fact::Strike(says) => format!("entered in error: {}", says.reason),
        Fact::Resolution(says) => match says.decision {
            Decision::Both => format!("decided that both are true: {}", says.reason),
            Decision::Only(_) => format!("decided that only one is right: {}", says.reason),
        },
    }
}

fn with(words: String, more: Option<&str>) -> String {
    match more {
        Some(more) => format!("{words} ({more})"),
        None => words,
    }
}

fn code_status(says: &CodeStatus) -> String {
    let choice = match says.choice {
        CodeStatusChoice::FullTreatment => "full treatment",
        CodeStatusChoice::Limited => "limited treatment",
        CodeStatusChoice::DoNotResuscitate => "do not resuscitate",
        CodeStatusChoice::ComfortOnly => "comfort measures only",
    };
    with(choice.to_owned(), says.comment.as_deref())
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Mild => "mild",
        Severity::Moderate => "moderate",
        Severity::Severe => "severe",
    }
}

fn dose(says: &Dose) -> String {
    let slot = match says.slot.time {
        Some(time) => format!("{} {time}", String::from(says.slot.date)),
        None => format!("{} {AS_NEEDED}", String::from(says.slot.date)),
    };
    let given = match says.not_given {
        None => format!("dose given, {slot}"),
        Some(why) => format!("dose not given ({}), {slot}", not_given(why)),
    };
    with(given, says.comment.as_deref())
}

fn not_given(why: NotGiven) -> &'static str {
    match why {
        NotGiven::Refused => "refused",
        NotGiven::Held => "held",
        NotGiven::Away => "away",
        NotGiven::NothingByMouth => "nothing by mouth",
        NotGiven::Vomited => "vomited",
        NotGiven::Unavailable => "not there",
        NotGiven::Other => "other reason",
    }
}

fn move_kind(kind: MoveKind) -> &'static str {
    match kind {
        MoveKind::Admission => "admission",
        MoveKind::BedChange => "change of bed",
        MoveKind::LeaveBegins => "leave begins",
        MoveKind::LeaveEnds => "leave ends",
        MoveKind::Discharge => "discharge",
        MoveKind::Death => "death",
    }
}

fn measure_name(measure: Measure) -> &'static str {
    match measure {
        Measure::RespiratoryRate => "respiration",
        Measure::OxygenSaturation => "saturation",
        Measure::Systolic => "upper pressure",
        Measure::Diastolic => "lower pressure",
        Measure::Pulse => "pulse",
        Measure::Temperature => "temperature",
        Measure::Weight => "weight",
        Measure::Glucose => "glucose",
        Measure::Pain => "pain",
        Measure::OxygenFlow => "oxygen flow",
    }
}
