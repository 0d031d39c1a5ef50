//! What a tablet is and does, who is signed in, and whose drafts wait.

use domain::directory::{Date, Role};
use ids::{DeviceId, FacilityId, PersonId, UnixMillis};
use serde::{Deserialize, Serialize};

/// What state this device is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TabletState {
    /// Belongs to no facility.
    Blank,
    /// Enrolment is under way.
    Enrolling,
    /// The six words are shown and wait for a person.
    Words,
    /// Enrolled; fetching what a first sign-in needs.
    Preparing,
    /// Enrolled, nobody signed in.
    Locked,
    /// Somebody is signed in.
    Open,
}

/// How the relay is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// No connection; trying again by itself.
    Offline,
    /// A connection is being made.
    Connecting,
    /// Connected; the log is still arriving.
    CatchingUp,
    /// Connected and up to date.
    Live,
    /// This Wi-Fi wants you to sign in.
    CaptivePortal,
    /// The relay is not the one this facility knows.
    WrongRelay,
    /// The relay speaks no version this app speaks.
    Outdated,
    /// This device was removed.
    Removed,
}

/// Why a relay that is reached does not take what this tablet sends. What was saved stays here, and is
/// tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeldUp {
    /// It has given this facility all the room it may have.
    RelayFull,
    /// The facility's keys were changed since it was saved.
    KeysChanged,
    /// It answers something that only a newer version knows.
    NewerRelay,
}

/// Why a tablet does not show everything that it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotShown {
    /// Its storage failed; it is tried again.
    Storage,
    /// What it shows records from is damaged, and building it again did not help.
    Damaged,
}

/// Something the relay said, or did, that cannot be as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RelayFault {
    /// It signed for a history that contradicts the one verified here.
    TwoHistories,
    /// It named a place for something of this tablet's at which something else stands.
    FalsePlace,
    /// It has lost what it had confirmed.
    WentBackwards,
    /// It began a log anew, or another one than the invitation named.
    NewLog,
    /// Its list of members is older than this tablet's, or does not verify.
    Roster,
    /// Another device signed for a history that contradicts the one verified here.
    OtherDevice,
    /// It sent more ahead of its turn than it had leave to.
    TooMuch,
    /// It put a record under an earlier list of members than the record before it.
    OlderRoster,
    /// It refused something of this tablet's for good, and stored it all the same.
    FalseRefusal,
}

/// What has become of who and what belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberChange {
    /// Somebody joined.
    PersonAdded,
    /// Somebody has new keys.
    PersonRekeyed,
    /// Somebody left.
    PersonRemoved,
    /// Somebody may read or do something else than before.
    Granted,
    /// Somebody may change who and what belongs: add people, grant, invite.
    Administers,
    /// A device joined by an invitation.
    DeviceAdded,
    /// A device was added by hand, or carries something else.
    DeviceChanged,
    /// A device was removed.
    DeviceRemoved,
    /// The relay has another key.
    RelayKey,
    /// The recovery sheet was used: with it somebody may have joined.
    RecoveryUsed,
    /// The recovery sheet was replaced by another.
    NewSheet,
}

impl MemberChange {
    /// Whether somebody should look who did it, and why.
    pub fn is_grave(self) -> bool {
        match self {
            Self::Administers | Self::RelayKey | Self::RecoveryUsed | Self::NewSheet => true,
            Self::PersonAdded
            | Self::PersonRekeyed
            | Self::PersonRemoved
            | Self::Granted
            | Self::DeviceAdded
            | Self::DeviceChanged
            | Self::DeviceRemoved => false,
        }
    }
}

/// One such change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MemberRow {
    /// What.
    pub what: MemberChange,
    /// Whose, or of which device.
    pub of: Option<String>,
    /// Who did it; none: whoever had the recovery sheet, or an invitation.
    pub by: Option<String>,
    /// When the relay took it, by its clock.
    pub at: UnixMillis,
    /// Whether it is to stand out: it is grave, and not long ago.
    pub grave: bool,
}

/// The connection pill and the sign-in page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TabletView {
    /// State.
    pub state: TabletState,
    /// In state `enrolling`: this device's keys are kept and the relay was asked, or is about to
    /// be. What was begun goes on by itself, over restarts too.
    pub carried_on: bool,
    /// The facility.
    pub facility: Option<FacilityId>,
    /// Its name, when known.
    pub facility_name: Option<String>,
    /// This device.
    pub device: Option<DeviceId>,
    /// Its name.
    pub device_name: Option<String>,
    /// The six words, in state `words`.
    pub words: Option<Vec<String>>,
    /// The link.
    pub link: Link,
    /// Since when it has been so.
    pub link_since: UnixMillis,
    /// Last time everything here was exchanged with the relay.
    pub last_live: Option<UnixMillis>,
    /// Envelopes saved here that the relay has not stored yet.
    pub to_send: u32,
    /// When the oldest of them was saved.
    pub oldest_unsent: Option<UnixMillis>,
    /// Why the relay does not take them, if it said so.
    pub held_up_by: Option<HeldUp>,
    /// Envelopes known to the relay that have not arrived or are not shown yet.
    pub arriving: u32,
    /// Of the newest own work that the relay stored: how many other tablets have it …
    pub received_by: u32,
    /// … of how many.
    pub tablets: u32,
    /// Tablets that were enrolled and never said what they have: their six words were not yet
    /// found the same, or were found different. They are not counted in `tablets`.
    pub unconfirmed: u32,
    /// Whether anything of this tablet's own was ever stored by the relay.
    pub stored_any: bool,
    /// Whether this connection's marks of what is here went both ways, so that `received_by` is what
    /// the relay knows.
    #[serde(default)]
    pub marks_exchanged: bool,
    /// Own envelopes the relay refused for good, waiting under *to reconcile*.
    pub not_accepted: u32,
    /// Envelopes that stopped this tablet's engine, and are left out here until an update.
    pub set_aside: u32,
    /// Envelopes that every tablet refuses.
    pub refused: u32,
    /// Who wrote the newest of them.
    pub refused_of: Vec<String>,
    /// Envelopes that a newer version wrote: they wait for an update.
    pub for_update: u32,
    /// Envelopes that this tablet's disk does not give back.
    pub unreadable: u32,
    /// Why this tablet does not show everything it has, if it does not.
    pub not_shown: Option<NotShown>,
    /// What the relay was found to have said that is not so; kept over restarts.
    pub relay_faults: Vec<RelayFault>,
    /// The newest changes of who and what belongs, newest first; grave ones among them however many
    /// others came after.
    pub members: Vec<MemberRow>,
    /// Own clock minus the relay's, milliseconds, when last connected and over 2 minutes.
    pub clock_wrong_ms: Option<i64>,
    /// Storage that cannot be written: what the disk said.
    pub storage_problem: Option<crate::StorageFault>,
    /// People who can sign in on this tablet now.
    pub people: Vec<TileView>,
    /// Whose draft waits on this tablet.
    pub drafts_of: Vec<PersonId>,
    /// Progress of the present long work: done, of how many.
    pub progress: Option<(u64, u64)>,
}

/// A tile of the sign-in page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TileView {
    /// The person.
    pub person: PersonId,
    /// Name to show.
    pub name: String,
    /// Role; none when it is one of a newer version.
    pub role: Option<Role>,
    /// Whether the PIN alone is enough: the person's sitting on this tablet lasts.
    pub pin_alone: bool,
}

/// Who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SessionView {
    /// The person.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Role; none when it is one of a newer version.
    pub role: Option<Role>,
    /// Whether the person may chart: doses, observations, notes, allergies.
    pub may_chart: bool,
    /// Whether the person may say what is to be done: orders, code status, saturation scale.
    pub may_order: bool,
    /// Whether the person may keep who residents are and where.
    pub may_register: bool,
    /// Whether the person may sign.
    pub may_sign: bool,
    /// Whether the person may strike.
    pub may_strike: bool,
    /// Whether the person may resolve.
    pub may_resolve: bool,
    /// Whether the person may change the roster.
    pub may_roster: bool,
    /// "As of": the newest thing the views show, and how much is arriving.
    pub as_of: Option<UnixMillis>,
    /// Envelopes not yet shown.
    pub arriving: u32,
    /// Waiting contradictions.
    pub to_reconcile: u32,
    /// Home's zone (IANA) and present offset in minutes east of UTC.
    pub time_zone: String,
    /// Present offset in minutes east of UTC.
    pub offset_minutes: i16,
    /// Local date now.
    pub today: Date,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRow {
    /// Key.
    pub key: String,
    /// The form's state; `None` when what was kept does not open: it can be discarded.
    pub text: Option<String>,
    /// When it was kept.
    pub at: UnixMillis,
}
