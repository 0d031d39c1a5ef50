//! Nothing is charted for somebody nobody knows: what is saved under one wrong digit of an id lies
//! in a chart that no list and no search leads to.

use crate::engine::Engine;
use crate::engine::plan::Plan;
use crate::view::Views;
use domain::entry::ResidentId;
use interface::{Command, Missing, Refusal};

impl Engine {
    /// A resident is known by an entry here, or is admitted by the same command.
    pub(super) fn check_known(&mut self, plan: &Plan, resident: ResidentId) -> Result<(), Refusal> {
        if plan.admitted.contains(&resident) || self.knows(&resident)? {
            return Ok(());
        }
        // Admitted a moment ago, and in no view yet.
        self.project_all();
        if self.knows(&resident)? {
            return Ok(());
        }
        Err(Refusal::NotFound {
            what: Missing::Resident,
        })
    }

    fn knows(&self, resident: &ResidentId) -> Result<bool, Refusal> {
        for stream in Views::STREAMS {
            if let Some(view) = self.views.of(stream)
                && view.knows(resident)?
            {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// Whom a command names by id; what names an entry finds its resident by that.
pub(super) fn resident_of(command: &Command) -> Option<ResidentId> {
    match command {
        Command::CorrectIdentity { resident, .. }
        | Command::RecordProblem { resident, .. }
        | Command::RecordAllergy { resident, .. }
        | Command::RecordCodeStatus { resident, .. }
        | Command::RecordMove { resident, .. }
        | Command::RecordSaturationScale { resident, .. }
        | Command::RecordOrder { resident, .. }
        | Command::RecordDose { resident, .. }
        | Command::RecordObservations { resident, .. }
        | Command::WriteNote { resident, .. } => Some(*resident),
        Command::Found { .. }
        | Command::Enrol { .. }
        | Command::ConfirmWords
        | Command::RejectWords
        | Command::SignIn { .. }
        | Command::SignInAgain { .. }
        | Command::Lock
        | Command::Reconnect
        | Command::DealWith { .. }
        | Command::AddPerson { .. }
        | Command::Invite { .. }
        | Command::KeepDraft { .. }
        | Command::ChangeSettings { .. }
        | Command::AddUnit { .. }
        | Command::AddRoom { .. }
        | Command::AddResident(_)
        | Command::EndOrder { .. }
        | Command::Sign { .. }
        | Command::AddAddendum { .. }
        | Command::Strike { .. }
        | Command::Resolve { .. }
        | Command::FromDrafts { .. }
        | Command::Bulk { .. } => None,
    }
}
