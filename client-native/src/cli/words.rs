//! English: every word the command line prints, but for its help. Refusals, faults and rules come
//! from the engine as codes; what an entry says is put into words here, as on a screen.

mod chart;
mod decisions;
mod facts;
mod not_accepted;
mod refusals;

pub(crate) use chart::{chart, house, listed, whose};
pub(crate) use decisions::contradiction;
pub(crate) use facts::{order, times};
pub(crate) use not_accepted::not_accepted;
pub(crate) use refusals::{refusal, storage};

use super::CliError;
use domain::directory::{Date, TimeOfDay};
use ids::{DeviceId, EntryKey, FacilityId, PersonId, StatedInstant, UnixMillis};
use interface::{Link, MemberChange, MemberRow, Refusal, TabletState, TabletView};
use lamplight_client_native::{HomeError, ProcessError, RelayTrouble, Unreached};
use replica::OpenError;
use zeroize::Zeroizing;

pub(crate) const NO_RESIDENTS: &str = "No residents here.";
pub(crate) const NOTHING_TO_RECONCILE: &str = "Nothing to reconcile.";
pub(crate) const FOUNDING_CARRIED_ON: &str = "Carrying on with the founding that was begun here.";
pub(crate) const ENROLMENT_CARRIED_ON: &str = "Carrying on with the enrolment that was begun here.";
pub(crate) const SAME_OR_DIFFERENT: &str = "Are they the same? Type `same` or `different`.";
pub(crate) const NEITHER_WORD: &str = "That was neither. Nothing has happened yet.";
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
    NoHome,
    NoResident(String),
    NoContradiction(String),
    NoUnit(String),
    NotInChart(EntryKey),
    SignedAlready(EntryKey),
    NoIdentity,
    MeasuredAndAbsent(String),
    NothingToChange,
    ManyResidents {
        text: String,
        count: usize,
    },
    NoOrder(String),
    ManyOrders {
        count: usize,
        lines: String,
    },
    SkippedTime(String),
    DoubledTime(String),
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
        Usage::NoHome => "say which home: --home DIR".to_owned(),
        Usage::NoContradiction(id) => format!("no contradiction here has the id `{id}`"),
        Usage::NoUnit(name) => format!("this home has no unit `{name}` (`house show` lists them)"),
        Usage::NotInChart(key) => format!("{key} is not an entry in this resident's chart"),
        Usage::SignedAlready(key) => format!("{key} is signed already"),
        Usage::NoIdentity => {
            "this resident has not exactly one identity: decide the contradiction first".to_owned()
        }
        Usage::MeasuredAndAbsent(measure) => {
            format!("`{measure}` is said twice: measured, or absent, and each once")
        }
        Usage::NothingToChange => "say what is to change: --help lists the flags".to_owned(),
        Usage::NoResident(text) => format!("no resident matches `{text}` on this device"),
        Usage::ManyResidents { text, count } => {
            format!("{count} residents match `{text}`: give the record number")
        }
        Usage::NoOrder(name) => format!("no order for `{name}` runs on that day"),
        Usage::ManyOrders { count, lines } => {
            format!("{count} orders have that name: give --order ID\n{lines}")
        }
        Usage::SkippedTime(text) => {
            format!("the clock was put forward over {text}: there was no such time")
        }
        Usage::DoubledTime(text) => format!(
            "the clock was put back, and showed {text} twice: say which with \"{text} first\" or \"{text} second\""
        ),
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
    pub(crate) const CONCERN: &str = "thing to confirm (charted, not-here, order-contradicted, ordered-twice, too-soon, too-many, out-of-time)";
    pub(crate) const DATE: &str = "date (YYYY-MM-DD)";
    pub(crate) const PARTIAL_DATE: &str = "date (YYYY-MM-DD, YYYY-MM or YYYY)";
    pub(crate) const TIME: &str = "time of day (HH:MM)";
    pub(crate) const INSTANT: &str = "time (YYYY-MM-DDTHH:MM)";
    pub(crate) const ENVELOPE: &str = "id of an envelope that was not accepted";
    pub(crate) const ENTRY: &str = "key of an entry";
    pub(crate) const SHIFT: &str = "shift with its beginning (Day=07:00)";
    pub(crate) const BADGE: &str = "badge";
    pub(crate) const PIN: &str = "PIN";
    pub(crate) const LINK: &str = "link";
    pub(crate) const FOUNDING_LINK: &str = "founding link";
    pub(crate) const NUMBER: &str = "number";
    pub(crate) const MEASURE: &str = "measure";
    pub(crate) const REASON: &str = "reason";
    pub(crate) const SEX: &str = "sex (female, male, other or unknown)";
    pub(crate) const SEVERITY: &str = "severity (mild, moderate or severe)";
    pub(crate) const CODE_STATUS: &str =
        "code status (full-treatment, limited, do-not-resuscitate or comfort-only)";
    pub(crate) const MOVE: &str =
        "census event (bed-change, leave-begins, leave-ends, discharge, death or admission)";
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
        CliError::Input(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            "standard input is not text in UTF-8".to_owned()
        }
        CliError::Input(error) => format!("cannot read standard input: {error}"),
        CliError::Io(error) => format!("cannot write: {error}"),
        CliError::Json(error) => format!("cannot write JSON: {error}"),
    }
}

fn home(error: &HomeError) -> String {
    match error {
        HomeError::Io(error) => format!("the home folder cannot be used: {error}"),
        HomeError::Missing(folder) => format!(
            "there is no home in {}: `found` and `enrol` make one",
            folder.display()
        ),
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
        ProcessError::Unreached(why) => format!("the relay was not reached: {}", unreached(why)),
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

fn unreached(why: &Unreached) -> String {
    match why {
        Unreached::Silent => "no answer in time".to_owned(),
        Unreached::NotARelay => "what answers there is no relay".to_owned(),
        Unreached::System(said) => said.clone(),
    }
}

/// One line on the state of exchange.
pub(crate) fn exchange(tablet: &TabletView) -> String {
    let received = match (tablet.tablets, tablet.stored_any) {
        (0, _) => "no other tablet yet".to_owned(),
        (_, false) => "nothing of this device's own stored yet".to_owned(),
        (of, true) => format!("received by {} of {of} tablets", tablet.received_by),
    };
    let unconfirmed = match tablet.unconfirmed {
        0 => String::new(),
        n => format!(" · {n} enrolled, not confirmed yet"),
    };
    format!(
        "{} · {} to send · {} arriving · {received}{unconfirmed}",
        link(tablet.link),
        tablet.to_send,
        tablet.arriving,
    )
}

/// What a device is, and what it has: it is not connected to say so.
pub(crate) fn device(tablet: &TabletView) -> Vec<String> {
    let is = format!(
        "{} · {} · {}",
        tablet.facility_name.as_deref().unwrap_or("no facility"),
        tablet.device_name.as_deref().unwrap_or("not enrolled"),
        state(tablet.state)
    );
    if tablet.facility.is_none() {
        return vec![is];
    }
    let mut has = vec![match tablet.to_send {
        0 => "everything saved here was sent".to_owned(),
        n => format!("{n} to send (`sync` sends them)"),
    }];
    if let Some(at) = tablet.oldest_unsent {
        has.push(format!("the oldest since {}", utc(at)));
    }
    for (count, what) in [
        (
            tablet.not_accepted,
            "not accepted by the relay (`not-accepted` lists them)",
        ),
        (tablet.refused, "refused here"),
        (tablet.for_update, "waiting for an update"),
        (tablet.unconfirmed, "enrolled, not confirmed yet"),
    ] {
        if count > 0 {
            has.push(format!("{count} {what}"));
        }
    }
    let members = tablet.members.iter().map(member);
    [is, has.join(" · ")].into_iter().chain(members).collect()
}

/// What has become of who and what belongs.
fn member(row: &MemberRow) -> String {
    let of = row.of.as_deref().unwrap_or("somebody");
    let what = match row.what {
        MemberChange::PersonAdded => format!("{of} joined"),
        MemberChange::PersonRekeyed => format!("{of} has new keys"),
        MemberChange::PersonRemoved => format!("{of} left"),
        MemberChange::Granted => format!("what {of} may do was changed"),
        MemberChange::DeviceAdded => format!("device joined: {of}"),
        MemberChange::DeviceChanged => format!("device changed: {of}"),
        MemberChange::DeviceRemoved => format!("device removed: {of}"),
        MemberChange::Administers => format!("{of} may now change who belongs here"),
        MemberChange::RelayKey => "the relay has another key".to_owned(),
        MemberChange::RecoveryUsed => match &row.of {
            Some(of) => format!("the recovery sheet was used: it let in {of}"),
            None => "the recovery sheet was used".to_owned(),
        },
        MemberChange::NewSheet => "the recovery sheet was replaced".to_owned(),
    };
    let what = match row.grave {
        true => format!("LOOK INTO THIS: {what}"),
        false => what,
    };
    let by = row.by.iter().map(|by| format!("by {by}"));
    let said = [what].into_iter().chain(by).chain([utc(row.at)]);
    said.collect::<Vec<_>>().join(" · ")
}

/// Date and time of day in UTC.
fn utc(at: UnixMillis) -> String {
    let stated = StatedInstant {
        at,
        offset_minutes: 0,
    };
    format!("{} UTC", when(stated))
}

/// Date and time of day as the clock on the wall showed them.
fn when(stated: StatedInstant) -> String {
    let local = domain::clock::local(stated);
    format!("{} {}", String::from(local.date), local.time)
}

pub(crate) fn saved(entry: &EntryKey) -> String {
    format!("saved here {entry}")
}

pub(crate) fn in_chart(whose: &str) -> String {
    format!("in the chart of {whose}")
}

pub(crate) fn admitted(resident: domain::entry::ResidentId) -> String {
    format!("resident {resident}")
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
