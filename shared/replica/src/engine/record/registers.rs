//! The registers a resident's life may hang on. While two answers contradict each other, a form adds
//! a third and takes none away: deciding is an act of its own, with a reason.

use crate::engine::Engine;
use crate::engine::plan::Plan;
use domain::Stream;
use domain::chart::{CodeStatus, ScaleDecision};
use domain::entry::{Fact, ResidentId};
use domain::journal::SaturationScale;
use ids::{EntryKey, StatedInstant, UnixMillis};
use interface::{ContradictionKind, Refusal};

impl Engine {
    /// A code status. It replaces what its author saw, unless that waits for a decision.
    pub(super) fn plan_code_status(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        status: CodeStatus,
        replaces: Vec<EntryKey>,
        stated: StatedInstant,
    ) -> Result<(), Refusal> {
        let kind = ContradictionKind::CodeStatus;
        if let Some(care) = self.views.of(Stream::Care)
            && !replaces.is_empty()
        {
            let waiting = care.sides_waiting(&resident, kind)?;
            if replaces.iter().any(|key| waiting.contains(key)) {
                return Err(Refusal::Contradicted { kind });
            }
        }
        self.plan_replacing(plan, resident, stated, Fact::CodeStatus(status), replaces)
    }

    /// A prescriber's decision on the saturation scale.
    pub(super) fn plan_scale(
        &self,
        plan: &mut Plan,
        resident: ResidentId,
        decision: ScaleDecision,
        replaces: Vec<EntryKey>,
        stated: StatedInstant,
    ) -> Result<(), Refusal> {
        let kind = ContradictionKind::SaturationScale;
        if let Some(care) = self.views.of(Stream::Care)
            && !replaces.is_empty()
        {
            let waiting = care.sides_waiting(&resident, kind)?;
            if replaces.iter().any(|key| waiting.contains(key)) {
                return Err(Refusal::Contradicted { kind });
            }
        }
        plan.scales.push((resident, stated.at, decision.scale));
        let fact = Fact::SaturationScale(decision);
        self.plan_replacing(plan, resident, stated, fact, replaces)
    }

    /// The scale decided for a resident by then, in the record or in this plan.
    pub(super) fn scale_at(
        &self,
        plan: &Plan,
        resident: ResidentId,
        stated: StatedInstant,
    ) -> Result<SaturationScale, Refusal> {
        let by_then = |(of, at, _): &&(ResidentId, UnixMillis, SaturationScale)| {
            *of == resident && *at <= stated.at
        };
        let planned = plan
            .scales
            .iter()
            .filter(by_then)
            .max_by_key(|(_, at, _)| *at);
        if let Some((_, _, scale)) = planned {
            return Ok(*scale);
        }
        match self.views.of(Stream::Care) {
            Some(care) => Ok(care.scales(&resident)?.at(stated.at)),
            None => Ok(SaturationScale::One),
        }
    }
}
