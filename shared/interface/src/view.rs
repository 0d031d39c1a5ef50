//! Views: answers to queries. Everything a screen needs and nothing it must compute from several
//! answers.

use domain::chart::{Allergy, CodeStatus, CodeStatusChoice, Identity, Order, Problem};
use domain::directory::{Date, Role, Settings, TimeOfDay};
use domain::entry::{ResidentId, SpaceId};
use domain::journal::{Dose, NotGiven, Observations, Slot};
use ids::{DeviceId, EntryKey, FacilityId, PersonId, StatedInstant, UnixMillis};
use serde::{Deserialize, Serialize};

/// The answer to a [`crate::Query`]; variants are named alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "view", rename_all = "snake_case")]
pub enum View {
    /// To [`crate::Query::Tablet`].
    Tablet(TabletView),
    /// To [`crate::Query::Session`].
    Session(SessionView),
    /// To [`crate::Query::House`].
    House(HouseView),
    /// To [`crate::Query::Staff`].
    Staff {
        /// In order of family name.
        staff: Vec<StaffRow>,
    },
    /// To [`crate::Query::Residents`].
    Residents(ResidentsView),
    /// To [`crate::Query::Banner`].
    Banner(BannerView),
    /// To [`crate::Query::Today`].
    Today(TodayView),
    /// To [`crate::Query::Medicines`].
    Medicines(MedicinesView),
    /// To [`crate::Query::Observations`].
    Observations(ObservationsView),
    /// To [`crate::Query::Notes`].
    Notes(NotesView),
    /// To [`crate::Query::Chart`].
    Chart(ChartView),
    /// To [`crate::Query::History`].
    History(HistoryView),
    /// To [`crate::Query::Proof`].
    Proof(ProofView),
    /// To [`crate::Query::Contradictions`].
    Contradictions {
        /// Waiting ones first, most dangerous first.
        contradictions: Vec<ContradictionView>,
    },
    /// To [`crate::Query::Drafts`].
    Drafts {
        /// Key, text and when it was kept.
        drafts: Vec<DraftRow>,
    },
    /// To [`crate::Query::Digest`].
    Digest {
        /// One row a document, ascending: id, sorted heads, hash over sorted (key, value).
        documents: Vec<(String, Vec<String>, String)>,
    },
}

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
    /// Envelopes known to the relay that have not arrived or are not shown yet.
    pub arriving: u32,
    /// Of the newest own work that the relay stored: how many other tablets have it …
    pub received_by: u32,
    /// … of how many.
    pub tablets: u32,
    /// Whether anything of this tablet's own was ever stored by the relay.
    pub stored_any: bool,
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
    /// Own clock minus the relay's, milliseconds, when last connected and over 2 minutes.
    pub clock_wrong_ms: Option<i64>,
    /// Storage that cannot be written: what the disk said.
    pub storage_problem: Option<String>,
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

/// The house.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HouseView {
    /// Settings.
    pub settings: Settings,
    /// Units in order of name.
    pub units: Vec<UnitRow>,
    /// Beds in natural order of name.
    pub beds: Vec<BedRow>,
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitRow {
    /// Its id.
    pub id: SpaceId,
    /// Its name.
    pub name: String,
    /// Residents in it.
    pub residents: u32,
}

/// A bed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BedRow {
    /// Its id.
    pub id: SpaceId,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: SpaceId,
    /// Who is in it.
    pub residents: Vec<ResidentId>,
}

/// A member of staff.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StaffRow {
    /// The person.
    pub person: PersonId,
    /// `M. Okafor`.
    pub name: String,
    /// Role.
    pub role: Role,
    /// Letters after the name.
    pub credential: Option<String>,
}

/// Residents.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidentsView {
    /// Rows.
    pub residents: Vec<ResidentRow>,
    /// How many match in all.
    pub total: u32,
}

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// Good to know.
    Plain,
    /// To note.
    Info,
    /// Beware.
    Warning,
    /// Danger.
    Critical,
}

/// One thing to beware of. The screen has the words; `text` is what was entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "alert", rename_all = "snake_case")]
pub enum Alert {
    /// Code status; most cautious when several stand.
    CodeStatus {
        /// What to act on.
        choice: CodeStatusChoice,
        /// Several answers stand.
        contradicted: bool,
    },
    /// No code status recorded.
    NoCodeStatus,
    /// An allergy.
    Allergy {
        /// Substance.
        text: String,
        /// Reaction.
        reaction: Option<String>,
        /// Danger.
        gravity: Gravity,
    },
    /// None known, and when that was said.
    NoKnownAllergies {
        /// When.
        at: StatedInstant,
    },
    /// Never asked.
    AllergiesUnknown,
    /// "None known" beside an allergy.
    AllergyContradiction,
    /// A high-alert medicine is running.
    HighAlert {
        /// Its name.
        medicine: String,
    },
    /// A waiting contradiction of another kind.
    Contradiction {
        /// Its kind.
        kind: ContradictionKind,
    },
}

/// One resident in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResidentRow {
    /// The resident.
    pub id: ResidentId,
    /// Bed name, empty when none.
    pub room: String,
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Preferred name.
    pub preferred: Option<String>,
    /// Birth date.
    pub born: Option<Date>,
    /// Age in years today.
    pub age: Option<u16>,
    /// Sex.
    pub sex: domain::chart::Sex,
    /// Record number.
    pub record_number: String,
    /// What to beware of, gravest first.
    pub alerts: Vec<Alert>,
    /// Latest NEWS2.
    pub news2: Option<News2View>,
    /// The next thing due, or overdue.
    pub due: Option<DueView>,
    /// On leave, discharged, deceased: not `present`.
    pub status: ResidentStatus,
}

/// Where a resident is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResidentStatus {
    /// Here.
    Present,
    /// Away, bed held.
    OnLeave,
    /// Left.
    Discharged,
    /// Died.
    Deceased,
}

/// A NEWS2 score.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct News2View {
    /// Points of what was measured.
    pub score: u8,
    /// Whether a parameter is missing ("incomplete, ≥ score").
    pub incomplete: bool,
    /// Band.
    pub gravity: Gravity,
    /// A single parameter scores 3.
    pub single_three: bool,
    /// When taken.
    pub at: StatedInstant,
}

/// Something due.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "due", rename_all = "snake_case")]
pub enum DueView {
    /// Medicines at a local time today.
    Medicines {
        /// Slot time.
        time: TimeOfDay,
        /// How many.
        count: u32,
        /// Past its window.
        late: bool,
    },
}

/// The resident banner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BannerView {
    /// As in the list.
    pub row: ResidentRow,
    /// Waiting contradictions of this resident.
    pub to_reconcile: u32,
}

/// Who entered something, when and where.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Entry.
    pub entry: EntryKey,
    /// Person.
    pub person: PersonId,
    /// Name to show, `M. Okafor`.
    pub name: String,
    /// Letters after the name.
    pub credential: Option<String>,
    /// Device.
    pub device: DeviceId,
    /// Its name, or its short id.
    pub device_name: String,
    /// When it happened.
    pub stated: StatedInstant,
    /// When it was recorded.
    pub recorded: UnixMillis,
    /// Whether it has a place in the relay's log.
    pub stored: bool,
}

/// What matters today.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TodayView {
    /// Slots due today and not charted, in order of time.
    pub due: Vec<SlotView>,
    /// Latest observations.
    pub observations: Option<ObservationRow>,
    /// Notes of the last 24 hours.
    pub notes: Vec<NoteRow>,
    /// Running problems.
    pub problems: Vec<ProblemRow>,
    /// Waiting contradictions.
    pub contradictions: Vec<ContradictionView>,
}

/// Orders and slots of a day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MedicinesView {
    /// The local day.
    pub date: Date,
    /// Whether it is today.
    pub is_today: bool,
    /// Orders running on that day, in order of medicine.
    pub orders: Vec<OrderView>,
}

/// An order with its slots of one day.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OrderView {
    /// The order.
    pub order: Order,
    /// Who ordered it.
    pub by: Provenance,
    /// Its slots.
    pub slots: Vec<SlotView>,
    /// Doses given as needed that day.
    pub as_needed: Vec<DoseRow>,
}

/// State of a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SlotState {
    /// Not yet time.
    Upcoming,
    /// In its window.
    Due,
    /// Past its window, nothing charted.
    Late,
    /// Given.
    Given,
    /// Charted as not given.
    NotGiven,
    /// Two entries stand.
    Contradicted,
}

/// One dose slot.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SlotView {
    /// Which.
    pub slot: Slot,
    /// Medicine.
    pub medicine: String,
    /// Dose in words.
    pub dose: String,
    /// Route.
    pub route: String,
    /// High-alert medicine.
    pub high_alert: bool,
    /// State.
    pub state: SlotState,
    /// What was charted.
    pub doses: Vec<DoseRow>,
}

/// A dose entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoseRow {
    /// What it says.
    pub dose: Dose,
    /// Who, when, where.
    pub by: Provenance,
}

/// Observations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationsView {
    /// Sets, newest first.
    pub sets: Vec<ObservationRow>,
    /// How many there are in all.
    pub total: u32,
    /// The saturation scale in force.
    pub scale: domain::journal::SaturationScale,
}

/// A set of observations.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObservationRow {
    /// What it says.
    pub observations: Observations,
    /// Its score.
    pub news2: News2View,
    /// Who, when, where.
    pub by: Provenance,
    /// Signed by.
    pub signatures: Vec<Provenance>,
}

/// Notes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotesView {
    /// Notes, newest first.
    pub notes: Vec<NoteRow>,
    /// How many match in all.
    pub total: u32,
}

/// A note.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteRow {
    /// The words.
    pub text: String,
    /// Who, when, where.
    pub by: Provenance,
    /// Signed by.
    pub signatures: Vec<Provenance>,
    /// Words added.
    pub addenda: Vec<AddendumRow>,
    /// Whether the person signed in wrote it.
    pub own: bool,
    /// Struck, with the reason.
    pub struck: Option<String>,
}

/// An addendum.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AddendumRow {
    /// The words.
    pub text: String,
    /// Who, when, where.
    pub by: Provenance,
}

/// A problem.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProblemRow {
    /// What it says.
    pub problem: Problem,
    /// Who, when, where.
    pub by: Provenance,
}

/// What stands in the chart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChartView {
    /// Banner.
    pub banner: BannerView,
    /// Identities that stand (more than one: contradicted).
    pub identity: Vec<(Identity, Provenance)>,
    /// Allergy statements that stand.
    pub allergies: Vec<(Allergy, Provenance)>,
    /// Code statuses that stand.
    pub code_status: Vec<(CodeStatus, Provenance)>,
    /// Problems, running first.
    pub problems: Vec<ProblemRow>,
    /// Orders.
    pub orders: Vec<(Order, Provenance)>,
    /// Waiting contradictions.
    pub contradictions: Vec<ContradictionView>,
}

/// History.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryView {
    /// Newest first.
    pub rows: Vec<HistoryRow>,
    /// How many there are in all.
    pub total: u32,
}

/// One entry in the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HistoryRow {
    /// Who, when, where.
    pub by: Provenance,
    /// What it says; `None` for a kind of a newer version.
    pub fact: Option<domain::Fact>,
    /// Name of its kind.
    pub kind: String,
    /// What it replaced, in full.
    pub before: Vec<domain::Fact>,
    /// Replaced by later entries.
    pub superseded: bool,
    /// Shown to nobody but its author: the right, or the key, was gone by the time it was stored.
    #[serde(default)]
    pub withheld: bool,
    /// Struck, with the reason.
    pub struck: Option<String>,
    /// Whether the seal of authorship was checked and holds. See [`crate::Query::Proof`].
    pub proved: bool,
}

/// Proof of authorship of one entry, checked anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofView {
    /// Who, when, where.
    pub by: Provenance,
    /// Whether everything below holds.
    pub holds: bool,
    /// Each check with its outcome, in the order made.
    pub checks: Vec<ProofCheck>,
    /// Envelope id, hex.
    pub envelope: String,
    /// Author's signing key at that time, hex.
    pub key: String,
    /// Who entered the author's name; `None` when nobody has, and part of an id stands for it.
    pub named: Option<Named>,
    /// Place: log id, seq, roster seq.
    pub place: Option<ids::Place>,
}

/// Who says what somebody is called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// Who entered the name.
    pub by: ids::PersonId,
    /// As whom they are known themselves.
    pub name: String,
    /// When.
    pub at: ids::StatedInstant,
}

/// One step of a proof.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProofCheck {
    /// What was checked.
    pub check: ProofStep,
    /// Whether it holds.
    pub holds: bool,
}

/// Steps of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProofStep {
    /// The entry's bytes are in the envelope whose id this is.
    EntryInEnvelope,
    /// The person's signature on the envelope.
    PersonSignature,
    /// The device's signature on the envelope.
    DeviceSignature,
    /// The seal of authorship over the actor's changes.
    AuthorshipSeal,
    /// The person had the right at the envelope's place in the roster.
    Right,
    /// The relay's receipt covers the place.
    Receipt,
}

/// Kinds of contradiction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContradictionKind {
    /// Two doses for one slot.
    DoubleDose,
    /// Two code statuses.
    CodeStatus,
    /// An allergy beside "none known".
    AllergyNoneKnown,
    /// Two different identities.
    Identity,
    /// Two residents in one bed.
    Bed,
    /// Two values of a plain register.
    Register,
    /// Two decisions on one contradiction.
    Resolutions,
}

/// One contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ContradictionView {
    /// Stable id: hex of H over kind and its sorted entries.
    pub id: String,
    /// Kind.
    pub kind: ContradictionKind,
    /// Danger.
    pub gravity: Gravity,
    /// The resident, if it is about one.
    pub resident: Option<ResidentRow>,
    /// The sides, earliest stated first.
    pub sides: Vec<SideView>,
    /// What follows from it.
    pub effect: Effect,
    /// Whether the person signed in may decide.
    pub may_resolve: bool,
    /// Decisions made (more than one: contradicted again).
    pub decisions: Vec<DecisionRow>,
    /// Whether it waits.
    pub waiting: bool,
}

/// One side of a contradiction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SideView {
    /// What it says.
    pub fact: domain::Fact,
    /// Who, when, where.
    pub by: Provenance,
    /// Which of the other sides its author had not seen (they were made apart).
    pub had_not_seen: Vec<EntryKey>,
}

/// What follows from a contradiction, for the screen to say in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum Effect {
    /// If all happened, this many doses were given.
    DosesGiven {
        /// Medicine.
        medicine: String,
        /// Dose in words.
        dose: String,
        /// How many say "given".
        count: u32,
        /// The total, when the dose in words can be multiplied, e.g. `6 mg`.
        total: Option<String>,
        /// One says given, the other says not given.
        disagree: Option<NotGiven>,
        /// High-alert medicine.
        high_alert: bool,
        /// Local date of the slot.
        date: Date,
        /// Local time of the slot.
        time: Option<TimeOfDay>,
    },
    /// Until decided, this is what everyone acts on.
    ActsAs {
        /// The status.
        choice: CodeStatusChoice,
    },
    /// Until decided, the allergy counts.
    AllergyCounts {
        /// Substances.
        substances: Vec<String>,
    },
    /// Until decided, the newest is shown.
    NewestShown,
    /// Until decided, both are shown in the bed.
    BedShared,
    /// The decisions differ: what they decided about stays open.
    StillOpen,
}

/// A decision made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DecisionRow {
    /// What.
    pub decision: domain::meta::Decision,
    /// Why.
    pub reason: String,
    /// Who, when, where.
    pub by: Provenance,
}

/// A draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftRow {
    /// Key.
    pub key: String,
    /// The form's state.
    pub text: String,
    /// When it was kept.
    pub at: UnixMillis,
}
