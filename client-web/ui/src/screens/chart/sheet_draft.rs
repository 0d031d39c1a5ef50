//! Typing on a sheet, kept like that of any other form: over a lock, another tab taking over, a
//! crash. Who leaves the sheet by hand leaves what was typed; who is locked out of it finds it
//! open again.

use super::safety_forms::SafetyForm;
use crate::state::State;
use domain::ResidentId;
use interface::{Command, Done, Refusal};
use serde::{Serialize, de::DeserializeOwned};

/// The draft of one sheet.
#[derive(Clone, Copy)]
pub(super) struct SheetDraft {
    state: State,
    form: SafetyForm,
    resident: ResidentId,
}

impl SheetDraft {
    /// Of this form for this resident.
    pub(super) fn of(state: State, form: SafetyForm, resident: ResidentId) -> Self {
        Self {
            state,
            form,
            resident,
        }
    }

    /// Its key.
    pub(super) fn key(self) -> String {
        format!("{}/{}", self.form.name(), self.resident)
    }

    /// Whether something was typed.
    pub(super) fn waits(self) -> bool {
        !self.state.drafts.text(&self.key()).is_empty()
    }

    /// What was typed; nothing if it is of another version.
    pub(super) fn typed<T: DeserializeOwned + Default>(self) -> T {
        serde_json::from_str(&self.state.drafts.text(&self.key())).unwrap_or_default()
    }

    /// Keeps what is typed.
    pub(super) fn keep<T: Serialize + Default + PartialEq>(self, typed: &T) {
        let text = if *typed == T::default() {
            String::new()
        } else {
            serde_json::to_string(typed).unwrap_or_default()
        };
        self.state.drafts.keep(&self.key(), text);
    }

    /// Saves what was typed; see [`crate::state::drafts::Drafts::save`].
    ///
    /// # Errors
    /// What the engine refused.
    pub(super) async fn save(self, command: Command) -> Result<Done, Refusal> {
        self.state.drafts.save(self.key(), command).await
    }

    /// It was left.
    pub(super) fn discard(self) {
        self.state.drafts.discard(&self.key());
    }
}
