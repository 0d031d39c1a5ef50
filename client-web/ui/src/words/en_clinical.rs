//! English names of clinical things. Every enum of `domain` is matched without a default, so a
//! new variant does not compile until it has a name.

use super::Text;
use domain::chart::{CodeStatusChoice, Severity, Sex};
use domain::directory::{MoveKind, Role};
use domain::journal::{Absent, Consciousness, Measure, NotGiven};
use domain::news2::Parameter;
use domain::quantity::Unit;
use interface::{ContradictionKind, Gravity, ProofStep};

pub(super) fn role(role: Role) -> Text {
    match role {
        Role::RegisteredNurse => "Registered nurse",
        Role::RecordsCoordinator => "Records coordinator",
        Role::Administrator => "Administrator",
        Role::CareAssistant => "Care assistant",
        Role::Clinician => "Clinician",
        Role::Volunteer => "Volunteer",
        Role::Executive => "Executive",
        Role::PrivacyOfficer => "Privacy officer",
        Role::Auditor => "Auditor",
        Role::Newer(_) => "Role of a newer version",
    }
}

pub(super) fn sex(sex: Sex) -> Text {
    match sex {
        Sex::Female => "F",
        Sex::Male => "M",
        Sex::Other => "X",
        Sex::Unknown => "?",
    }
}

pub(super) fn sex_spoken(sex: Sex) -> Text {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Other => "other sex",
        Sex::Unknown => "sex not known",
    }
}

pub(super) fn measure(measure: Measure) -> Text {
    match measure {
        Measure::RespiratoryRate => "Breathing rate",
        Measure::OxygenSaturation => "Oxygen saturation",
        Measure::Systolic => "Systolic",
        Measure::Diastolic => "Diastolic",
        Measure::Pulse => "Pulse",
        Measure::Temperature => "Temperature",
        Measure::Weight => "Weight",
        Measure::Pain => "Pain (0 to 10)",
        Measure::Glucose => "Glucose",
        Measure::OxygenFlow => "Oxygen flow",
        Measure::Height => "Height",
        Measure::HeadCircumference => "Head circumference",
        Measure::BodyMassIndex => "Body mass index",
        Measure::UrineOutput => "Urine output",
        Measure::FluidIntake => "Fluid intake",
    }
}

pub(super) fn unit(unit: Unit) -> Text {
    match unit {
        Unit::PerMinute => "/min",
        Unit::Percent => "%",
        Unit::MillimetreOfMercury => "mmHg",
        Unit::Celsius => "°C",
        Unit::Fahrenheit => "°F",
        Unit::Kilogram => "kg",
        Unit::Pound => "lb",
        Unit::LitrePerMinute => "L/min",
        Unit::MilligramPerDecilitre => "mg/dL",
        Unit::MillimolePerLitre => "mmol/L",
        Unit::Score => "",
        Unit::Centimetre => "cm",
        Unit::Inch => "in",
        Unit::Millilitre => "mL",
        Unit::KilogramPerSquareMetre => "kg/m²",
    }
}

pub(super) fn consciousness(level: Consciousness) -> Text {
    match level {
        Consciousness::Alert => "Alert",
        Consciousness::Confusion => "New confusion",
        Consciousness::Voice => "Voice",
        Consciousness::Pain => "Pain",
        Consciousness::Unresponsive => "Unresponsive",
    }
}

pub(super) fn parameter(of: Parameter) -> Text {
    match of {
        Parameter::Respiration => "respiration",
        Parameter::Saturation => "oxygen saturation",
        Parameter::Oxygen => "air or oxygen",
        Parameter::Systolic => "blood pressure",
        Parameter::Pulse => "pulse",
        Parameter::Consciousness => "consciousness",
        Parameter::Temperature => "temperature",
    }
}

pub(super) fn absent(why: Absent) -> Text {
    match why {
        Absent::Declined => "declined",
        Absent::NotMeasurable => "could not be measured",
        Absent::NoEquipment => "no equipment",
        Absent::Asleep => "asleep, not to be woken",
    }
}

pub(super) fn not_given(why: NotGiven) -> Text {
    match why {
        NotGiven::Refused => "refused",
        NotGiven::Held => "held on clinical grounds",
        NotGiven::Away => "away",
        NotGiven::NothingByMouth => "nothing by mouth",
        NotGiven::Vomited => "vomited",
        NotGiven::Unavailable => "medicine not there",
        NotGiven::Other => "another reason",
    }
}

pub(super) fn severity(severity: Severity) -> Text {
    match severity {
        Severity::Mild => "Mild",
        Severity::Moderate => "Moderate",
        Severity::Severe => "Severe",
    }
}

pub(super) fn code_status(choice: CodeStatusChoice) -> Text {
    match choice {
        CodeStatusChoice::FullTreatment => "Full treatment",
        CodeStatusChoice::Limited => "Resuscitate with limits",
        CodeStatusChoice::DoNotResuscitate => "Do not resuscitate",
        CodeStatusChoice::ComfortOnly => "Comfort measures only",
    }
}

pub(super) fn code_status_short(choice: CodeStatusChoice) -> Text {
    match choice {
        CodeStatusChoice::FullTreatment => "Full treatment",
        CodeStatusChoice::Limited => "Limits on treatment",
        CodeStatusChoice::DoNotResuscitate => "DNR",
        CodeStatusChoice::ComfortOnly => "Comfort only",
    }
}

pub(super) fn news2_band(gravity: Gravity, single_three: bool) -> Text {
    match (gravity, single_three) {
        (Gravity::Critical, _) => "Emergency response",
        (Gravity::Warning, true) => "Urgent: one value scores 3",
        (Gravity::Warning, false) => "Urgent response",
        (Gravity::Info, _) => "Low",
        (Gravity::Plain, _) => "Normal",
    }
}

pub(super) fn news2_advice(gravity: Gravity, _single_three: bool) -> Text {
    match gravity {
        Gravity::Critical => "Tell the clinician now; observe at least hourly.",
        Gravity::Warning => "Tell the clinician; observe at least hourly.",
        Gravity::Info => "A nurse decides whether to observe more often.",
        Gravity::Plain => "Go on as planned.",
    }
}

pub(super) fn contradiction(kind: ContradictionKind) -> Text {
    match kind {
        ContradictionKind::DoubleDose => "Medicine given twice?",
        ContradictionKind::CodeStatus => "Code status: answers differ",
        ContradictionKind::AllergyNoneKnown => "Allergy, and “none known”",
        ContradictionKind::AllergySeverity => "Allergy: how bad?",
        ContradictionKind::DoseAfterLeaving => "Given after leaving?",
        ContradictionKind::DoseAfterEnd => "Given after the order ended?",
        ContradictionKind::Order => "Order: which version?",
        ContradictionKind::OrderedTwice => "Medicine ordered twice?",
        ContradictionKind::DoseOutOfTime => "Given hours away from its time?",
        ContradictionKind::SaturationScale => "Saturation scale: decisions differ",
        ContradictionKind::Identity => "Identities that differ",
        ContradictionKind::RecordNumber => "One record number, several residents",
        ContradictionKind::Bed => "One bed, several residents",
        ContradictionKind::Whereabouts => "One resident, several places",
        ContradictionKind::Register => "Answers that differ",
        ContradictionKind::Resolutions => "Decisions that differ",
    }
}

/// What a contradiction is about.
pub(super) fn contradicted(kind: ContradictionKind) -> Text {
    match kind {
        ContradictionKind::DoubleDose => "Medicine given twice",
        ContradictionKind::CodeStatus => "Code status",
        ContradictionKind::AllergyNoneKnown => "Allergy, or “none known”",
        ContradictionKind::AllergySeverity => "How bad an allergy is",
        ContradictionKind::DoseAfterLeaving => "Given after leaving",
        ContradictionKind::DoseAfterEnd => "Given after the order ended",
        ContradictionKind::Identity => "Identity",
        ContradictionKind::RecordNumber => "Record number",
        ContradictionKind::Bed => "Bed",
        ContradictionKind::DoseOutOfTime => "Dose far from its time",
        ContradictionKind::Order => "Medicine ordered",
        ContradictionKind::OrderedTwice => "Medicine ordered twice",
        ContradictionKind::SaturationScale => "How oxygen saturation scores",
        ContradictionKind::Whereabouts => "Where the resident is",
        ContradictionKind::Register => "Answers that differ",
        ContradictionKind::Resolutions => "Decisions",
    }
}

pub(super) fn proof_step(step: ProofStep) -> Text {
    match step {
        ProofStep::EntryInEnvelope => "The entry's bytes are in this envelope",
        ProofStep::PersonSignature => "The person signed the envelope",
        ProofStep::DeviceSignature => "The tablet signed the envelope",
        ProofStep::AuthorshipSeal => "The seal of authorship covers the entry",
        ProofStep::Right => "The person had the right at that time",
        ProofStep::Receipt => "The relay's receipt covers its place",
    }
}

pub(super) fn move_kind(what: MoveKind) -> Text {
    match what {
        MoveKind::Admission => "Admitted",
        MoveKind::BedChange => "Moved to another bed",
        MoveKind::LeaveBegins => "Leave began",
        MoveKind::LeaveEnds => "Back from leave",
        MoveKind::Discharge => "Discharged",
        MoveKind::Death => "Died",
    }
}

/// Forms by the names they have in the keys of drafts.
pub(super) fn draft(form: &str) -> Text {
    match form {
        "note" => "Note",
        "addendum" => "Words added to a note",
        "correction" => "Correction of a note",
        "observations" => "Observations",
        "allergy" => "Allergy",
        "code-status" => "Code status",
        "move" => "Move",
        "dose" => "Dose",
        "order" => "Last day of a medicine",
        "strike" => "Entered in error",
        _ => "Draft",
    }
}

/// Kinds come as the text that entries carry, so one of a newer version is possible.
pub(super) fn kind(kind: &str) -> Text {
    match kind {
        "settings" => "Settings",
        "unit" => "Unit",
        "room" => "Room",
        "bed" => "Bed",
        "staff" => "Staff",
        "device" => "Name of a tablet",
        "resident_name" => "Name",
        "move" => "Move",
        "identity" => "Identity",
        "problem" => "Problem",
        "allergy" => "Allergy",
        "code_status" => "Code status",
        "saturation_scale" => "Saturation scale",
        "order" => "Medicine ordered",
        "dose" => "Dose",
        "observations" => "Observations",
        "note" => "Note",
        "addendum" => "Addendum",
        "signature" => "Signature",
        "strike" => "Entered in error",
        "resolution" => "Decision",
        _ => "Entry of a newer version",
    }
}
