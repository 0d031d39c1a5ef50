//! What is true of a resident until somebody says otherwise: allergies, code status, saturation
//! scale, identity.

use super::seen::{chart, standing, today};
use crate::harness::World;
use crate::simulation::plan::Op;
use domain::Fact;
use domain::chart::{
    Allergy, AllergyTo, CodeStatus, CodeStatusChoice, Identity, ScaleDecision, Severity,
};
use domain::entry::ResidentId;
use domain::journal::SaturationScale;
use interface::Command;

pub(super) fn allergy(op: Op, resident: ResidentId, number: usize) -> (Fact, Command) {
    let severities = [Severity::Moderate, Severity::Severe, Severity::Mild];
    let allergy = match op.b % 4 {
        0 => Allergy::NoneKnown,
        n => Allergy::To(AllergyTo {
            substance: ["Penicillin", "Latex", "Eggs"][n as usize - 1].to_owned(),
            reaction: Some(format!("rash {number}")),
            severity: Some(severities[op.b as usize / 4 % 3]),
            source: None,
        }),
    };
    let command = Command::RecordAllergy {
        resident,
        allergy: allergy.clone(),
        at: None,
    };
    (Fact::Allergy(allergy), command)
}

pub(super) fn code_status(
    world: &mut World,
    op: Op,
    resident: ResidentId,
    number: usize,
) -> (Fact, Command) {
    use CodeStatusChoice::{ComfortOnly, DoNotResuscitate, FullTreatment, Limited};
    let choice = [FullTreatment, Limited, DoNotResuscitate, ComfortOnly][op.b as usize / 2 % 4];
    let status = CodeStatus {
        choice,
        comment: Some(format!("decided {number}")),
        stated_by: None,
    };
    let seen = (op.b % 2 == 1).then(|| chart(world, op.device, resident));
    let seen = seen.flatten().map(|chart| chart.code_status);
    let command = Command::RecordCodeStatus {
        resident,
        status: status.clone(),
        replaces: seen
            .unwrap_or_default()
            .into_iter()
            .map(|status| status.by.entry)
            .collect(),
        at: None,
    };
    (Fact::CodeStatus(status), command)
}

/// A decision on the scale, in the place of what stands or beside it.
pub(super) fn scale(world: &mut World, op: Op, resident: ResidentId) -> Option<(Fact, Command)> {
    let decision = ScaleDecision {
        scale: match op.b % 2 {
            0 => SaturationScale::One,
            _ => SaturationScale::Two,
        },
        decided_by: "Dr Weiss".into(),
        decided_on: today(world, op.device),
        reason: Some("retains carbon dioxide".into()),
    };
    let stands = match op.b / 2 % 2 {
        0 => standing(world, op.device, resident),
        _ => Vec::new(),
    };
    let scales = stands
        .into_iter()
        .filter(|(_, fact)| matches!(fact, Fact::SaturationScale(_)));
    let command = Command::RecordSaturationScale {
        resident,
        decision: decision.clone(),
        replaces: scales.map(|(key, _)| key).collect(),
        at: None,
    };
    Some((Fact::SaturationScale(decision), command))
}

pub(super) fn rename(
    world: &mut World,
    op: Op,
    resident: ResidentId,
    number: usize,
) -> Option<(Fact, Command)> {
    let (old, by) = chart(world, op.device, resident)?
        .identity
        .into_iter()
        .next()?;
    let identity = Identity {
        preferred: Some(format!("Name {number}")),
        ..old
    };
    let command = Command::CorrectIdentity {
        resident,
        identity: identity.clone(),
        replaces: by.entry,
    };
    Some((Fact::Identity(identity), command))
}
