//! Commands: what a person does.

use crate::DoseConcern;
use crate::SecretText;
use domain::PartialDate;
use domain::chart::{Allergy, CodeStatus, Identity, OrderId, ScaleDecision};
use domain::directory::{Date, MoveKind, Role, Settings, TimeOfDay};
use domain::entry::{ResidentId, SpaceId};
use domain::journal::{Measure, NotGiven, Observations, Slot};
use domain::meta::Decision;
use ids::{CommandId, EntryKey, PersonId, StatedInstant};
use serde::{Deserialize, Serialize};

/// What a person does. Commands on the record answer at once, after their own durable commit
/// ([`Done::Saved`]); those that need the relay answer [`Done::Pending`] and settle by a
/// [`crate::Notice`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Command {
    // ---- this tablet -----------------------------------------------------------------------
    /// Enrol this blank device with an invitation link's fragment (base64url of the seed). Needs the relay.
    Enrol {
        /// The fragment.
        fragment: SecretText,
        /// Name of this tablet, e.g. `East-2`.
        device_name: String,
    },
    /// The six words are the same on both screens: enrolment may finish.
    ConfirmWords,
    /// The six words differ: forget this enrolment.
    RejectWords,
    /// Sign in with a badge (its text, `LL1…`) and PIN.
    SignIn {
        /// The badge's text.
        badge: SecretText,
        /// Six digits.
        pin: SecretText,
    },
    /// Within a sitting: sign in again with the PIN alone.
    SignInAgain {
        /// Who.
        person: PersonId,
        /// Six digits.
        pin: SecretText,
    },
    /// Seal drafts and forget every key. The shell then ends this engine.
    Lock,
    /// Try the relay now.
    Reconnect,
    /// Take an envelope off the list of what was not accepted: it was entered again, or is not wanted.
    /// For its author, or when they may write there no more for whoever may resolve. See
    /// [`crate::Query::NotAccepted`].
    DealWith {
        /// Which.
        envelope: ids::EnvelopeId,
    },

    // ---- the house (need the relay) --------------------------------------------------------
    /// Found a facility on this blank device with a founding link. Needs the relay.
    Found {
        /// The link's fragment.
        fragment: SecretText,
        /// Settings of the home.
        settings: Settings,
        /// The first administrator's given and family name.
        given: String,
        /// Family name.
        family: String,
        /// Name of this device.
        device_name: String,
    },
    /// Add a member of staff: keys, grants, keyslot and directory entry in one go.
    AddPerson {
        /// Given names.
        given: String,
        /// Family name.
        family: String,
        /// Role.
        role: Role,
        /// Letters after the name.
        credential: Option<String>,
    },
    /// Invite devices.
    Invite {
        /// Tablet or process.
        process: bool,
        /// How many links.
        count: u32,
    },

    // ---- the record ------------------------------------------------------------------------
    /// Change the settings.
    ChangeSettings {
        /// The new settings.
        settings: Settings,
    },
    /// Add a unit.
    AddUnit {
        /// Its name.
        name: String,
    },
    /// Add a room with its beds.
    AddRoom {
        /// The unit.
        unit: SpaceId,
        /// Its name.
        name: String,
        /// Names of its beds.
        beds: Vec<String>,
    },
    /// Admit a resident.
    AddResident(NewResident),
    /// Correct a resident's identity.
    CorrectIdentity {
        /// The resident.
        resident: ResidentId,
        /// The new identity; its record number must not change.
        identity: Identity,
        /// The entry it replaces.
        replaces: EntryKey,
    },
    /// Record a problem.
    RecordProblem {
        /// The resident.
        resident: ResidentId,
        /// The problem.
        problem: domain::chart::Problem,
    },
    /// Record an allergy or that none is known.
    RecordAllergy {
        /// The resident.
        resident: ResidentId,
        /// The statement.
        allergy: Allergy,
        /// When it was stated, if not now.
        at: Option<StatedInstant>,
    },
    /// Record a code status; supersedes the one shown, if `replaces` names it. What waits for a
    /// decision is not superseded: a status recorded meanwhile names nothing and stands beside it.
    RecordCodeStatus {
        /// The resident.
        resident: ResidentId,
        /// The status.
        status: CodeStatus,
        /// The entries the author saw and replaces.
        replaces: Vec<EntryKey>,
        /// When it was stated, if not now.
        at: Option<StatedInstant>,
    },
    /// Record a prescriber's decision on the saturation scale of NEWS2.
    RecordSaturationScale {
        /// The resident.
        resident: ResidentId,
        /// The decision.
        decision: ScaleDecision,
        /// The entries the author saw and replaces.
        replaces: Vec<EntryKey>,
        /// When it was stated, if not now.
        at: Option<StatedInstant>,
    },
    /// Order a medicine.
    RecordOrder {
        /// The resident.
        resident: ResidentId,
        /// The order.
        order: NewOrder,
    },
    /// End an order: a version that has a last day.
    EndOrder {
        /// The version that stands.
        order: EntryKey,
        /// Its last local day.
        last: Date,
        /// From when on that day nothing is due any more, if not the whole day counts.
        #[serde(default)]
        last_at: Option<TimeOfDay>,
    },
    /// Record a census event: a bed change, a leave, a return, a discharge, a death.
    RecordMove {
        /// The resident.
        resident: ResidentId,
        /// What happened.
        what: MoveKind,
        /// The bed, for a bed change or admission.
        bed: Option<SpaceId>,
        /// Words.
        comment: Option<String>,
        /// When, if not now.
        at: Option<StatedInstant>,
    },
    /// Chart a dose given or not given.
    RecordDose {
        /// The resident.
        resident: ResidentId,
        /// Which.
        slot: Slot,
        /// `None`: given.
        not_given: Option<NotGiven>,
        /// Words.
        comment: Option<String>,
        /// When, if not now.
        at: Option<StatedInstant>,
        /// What speaks against giving it and was confirmed, as [`crate::Refusal::Doubtful`] named it.
        #[serde(default)]
        despite: Vec<DoseConcern>,
    },
    /// Save observations. They are scored on the saturation scale that is decided for the resident,
    /// whatever the set says.
    RecordObservations {
        /// The resident.
        resident: ResidentId,
        /// The set.
        observations: Observations,
        /// When they were taken, if not now.
        at: Option<StatedInstant>,
        /// Sign in the same command.
        sign: bool,
        /// Measures whose values were looked at again, as [`crate::Refusal::Unusual`] named them.
        #[serde(default)]
        confirmed: Vec<Measure>,
    },
    /// Save a note.
    WriteNote {
        /// The resident.
        resident: ResidentId,
        /// The words.
        text: String,
        /// What it replaces, when it corrects an unsigned note.
        replaces: Option<EntryKey>,
        /// When, if not now.
        at: Option<StatedInstant>,
        /// Sign in the same command.
        sign: bool,
    },
    /// Sign entries of one's own.
    Sign {
        /// The entries.
        entries: Vec<EntryKey>,
    },
    /// Add words to a signed note.
    AddAddendum {
        /// The note.
        to: EntryKey,
        /// The words.
        text: String,
    },
    /// Mark an entry as entered in error.
    Strike {
        /// The entry.
        entry: EntryKey,
        /// Why.
        reason: String,
    },
    /// Decide a contradiction.
    Resolve {
        /// Its id, as [`crate::ContradictionView::id`] gave it.
        contradiction: String,
        /// The decision.
        decision: Decision,
        /// Why.
        reason: String,
    },
    /// Many commands on the record at once (imports, the demo): one envelope per document and
    /// 16 KiB. All succeed or none does. Commands of this tablet or the house are refused here.
    Bulk {
        /// Each with the instant it was recorded at its source, used as the entries' stated
        /// instant where the command names none.
        commands: Vec<(StatedInstant, Command)>,
    },

    /// One command on the record, or [`Command::Bulk`], and the drafts it was typed as: they are
    /// forgotten in the commit that saves it. What is saved is found typed nowhere again, however
    /// soon this tablet is killed.
    FromDrafts {
        /// The keys of the drafts.
        drafts: Vec<String>,
        /// What was typed.
        command: Box<Command>,
    },

    // ---- drafts ----------------------------------------------------------------------------
    /// Keep unsaved typing: local, sealed, in no document. Empty text forgets it.
    KeepDraft {
        /// What it is a draft of, e.g. `note/<resident>`.
        key: String,
        /// The form's state, as the screen likes it.
        text: String,
    },
}

/// A resident to admit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewResident {
    /// Given names.
    pub given: String,
    /// Family name.
    pub family: String,
    /// Name the resident wants to be called.
    pub preferred: Option<String>,
    /// Birth date, as far as it is known.
    pub born: Option<PartialDate>,
    /// Sex.
    pub sex: domain::chart::Sex,
    /// Bed, if known.
    pub bed: Option<SpaceId>,
    /// Chosen by the caller so that several commands of one bulk can refer to it; random when
    /// absent.
    pub id: Option<ResidentId>,
}

/// A medicine to order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NewOrder {
    /// Chosen by the caller, or random.
    pub id: Option<OrderId>,
    /// The medicine.
    pub medicine: String,
    /// The dose in words.
    pub dose: String,
    /// The route.
    pub route: String,
    /// Times of day; empty when only as needed.
    pub times: Vec<TimeOfDay>,
    /// Why it may be given as needed.
    pub as_needed: Option<String>,
    /// First local day.
    pub starts: Date,
    /// From when on that day it is due, if not from its beginning.
    #[serde(default)]
    pub starts_at: Option<TimeOfDay>,
    /// Who prescribed it.
    pub prescriber: Option<String>,
    /// High-alert medicine.
    pub high_alert: bool,
    /// Least minutes between two doses given as needed.
    #[serde(default)]
    pub apart_minutes: Option<u16>,
    /// Most doses given as needed within any 24 hours.
    #[serde(default)]
    pub most_in_a_day: Option<u16>,
    /// When a dose is to be held back, in words.
    #[serde(default)]
    pub hold: Option<String>,
}

/// What a command came to at once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "done", rename_all = "snake_case")]
pub enum Done {
    /// Durable on this tablet.
    Saved {
        /// The command.
        command: CommandId,
        /// The entries it made, in order.
        entries: Vec<EntryKey>,
        /// The resident it admitted, if it did.
        resident: Option<ResidentId>,
    },
    /// Under way; a [`crate::Notice`] with this command settles it.
    Pending {
        /// The command.
        command: CommandId,
    },
    /// Done, with nothing to tell.
    Ok,
}

/// How a pending command ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "settled", rename_all = "snake_case")]
pub enum Settled {
    /// A facility stands. Shown once: print it, lock it away.
    Founded {
        /// The facility.
        facility: ids::FacilityId,
        /// Badge text of the first administrator.
        badge: SecretText,
        /// PIN of the first administrator.
        pin: SecretText,
        /// The recovery sheet's words.
        recovery: Vec<SecretText>,
    },
    /// A member of staff was added. Shown once.
    PersonAdded {
        /// The person.
        person: ids::PersonId,
        /// Badge text.
        badge: SecretText,
        /// PIN.
        pin: SecretText,
    },
    /// Invitation links. Each works once.
    Invited {
        /// Fragments, to be put behind `https://…/enrol#`.
        fragments: Vec<SecretText>,
    },
    /// Enrolment finished; the tablet is locked and knows all who may sign in.
    Enrolled,
    /// It failed; nothing was changed.
    Failed {
        /// Why.
        refusal: crate::Refusal,
    },
}
