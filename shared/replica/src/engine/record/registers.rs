//! The registers a resident's life may hang on. While two answers contradict each other, a form adds
//! a third and takes none away: deciding is an act of its own, with a reason.

use crate::engine::Engine;
use crate::engine::plan::Plan;
use domain::chart::CodeStatus;
use domain::entry::{Fact, ResidentId};
use ids::{EntryKey, StatedInstant};
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
        if let Some(care) = &self.views.care
            && !replaces.is_empty()
        {
            let waiting = care.sides_waiting(&resident, kind)?;
            if replaces.iter().any(|key| waiting.contains(key)) {
                return Err(Refusal::Contradicted { kind });
            }
        }
        self.plan_replacing(plan, resident, stated, Fact::CodeStatus(status), replaces)
    }
}
