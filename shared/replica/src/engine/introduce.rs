//! Names of devices. Each says its own once, as an entry of the first person who signs in on it
//! and may write the directory: the roster, which the relay reads, holds no names.

use super::plan::{Plan, Saying};
use super::{Engine, bug};
use crate::view::ViewError;
use domain::Stream;
use domain::directory::Device;
use domain::entry::{Fact, Subject};
use ids::{DeviceId, limits};
use interface::{Refusal, Rule, StorageFault};
use std::collections::HashMap;

/// What devices are called, as far as the directory is open.
pub(super) type Names = HashMap<DeviceId, String>;

impl Engine {
    /// A name for this device as somebody typed it, without blanks around it.
    ///
    /// # Errors
    /// [`Refusal::Field`] when it is empty, over 64 bytes, or holds control characters.
    pub(super) fn checked_device_name(&self, typed: &str) -> Result<String, Refusal> {
        let name = typed.trim().to_owned();
        let fact = Fact::Device(Device { name: name.clone() });
        let fits = name.len() <= limits::DEVICE_NAME_BYTES;
        fits.then(|| self.check_fact(Subject::Device(DeviceId::ZERO), fact))
            .and_then(Result::ok)
            .map(|()| name)
            .ok_or_else(|| Refusal::Field {
                field: "device_name".into(),
                rule: Rule::Line {
                    most: limits::DEVICE_NAME_BYTES,
                },
            })
    }

    /// Enters this device's name in the directory if that has not been done. Waits for the home's
    /// settings, so that the entry carries the home's hour, and for somebody who may write there.
    pub(super) fn introduce_device(&mut self) {
        let due = self.session.is_some()
            && self
                .membership
                .as_ref()
                .is_some_and(|membership| !membership.facts.introduced)
            && self.settings().is_some();
        if !due {
            return;
        }
        match self.introduce() {
            // It leaves, and is shown, with the work that begins at once: none may follow by itself.
            Ok(()) => self.wake_now(),
            Err(Refusal::NotAllowed { .. }) => {}
            Err(refusal) => {
                // Tried again with the next work; until then others see the device's short id.
                let fault = match refusal {
                    Refusal::Storage { fault } => fault,
                    other => StorageFault::Failed {
                        said: other.to_string(),
                    },
                };
                if self.storage_problem.as_ref() != Some(&fault) {
                    self.storage_problem = Some(fault);
                    self.notices.tablet();
                }
            }
        }
    }

    fn introduce(&mut self) -> Result<(), Refusal> {
        let membership = self.membership.as_ref().ok_or(Refusal::NotEnrolled)?;
        let mut facts = membership.facts.clone();
        facts.introduced = true;
        let fact = Fact::Device(Device {
            name: facts.device_name.clone(),
        });
        self.begin_run()?;
        let mut plan = Plan::new(self.draw_command_id()?);
        let saying = Saying::new(Subject::Device(facts.device), self.stated_now(), fact);
        self.plan_entry(&mut plan, saying)?;
        let row = self.facts_row(&facts).map_err(|_| Refusal::NoRandom)?;
        plan.settings.push(row);
        self.write(plan)?;
        let membership = self.membership.as_mut().ok_or_else(|| bug("membership"))?;
        membership.facts = facts;
        Ok(())
    }

    /// What devices say of themselves, and what an administrator says of any: others have no right
    /// to.
    pub(super) fn device_names(&self) -> Result<Names, ViewError> {
        let mut names = Names::new();
        if let Some(directory) = self.views.of(Stream::Directory) {
            for row in directory.house("device")? {
                if let (Subject::Device(device), Some(Fact::Device(says))) =
                    (row.subject(), row.fact())
                {
                    names.insert(device, says.name.clone());
                }
            }
        }
        if let Some(membership) = &self.membership {
            names
                .entry(membership.facts.device)
                .or_insert_with(|| membership.facts.device_name.clone());
        }
        Ok(names)
    }
}

/// A device's name, or the beginning of its id when it has not said one.
pub(super) fn name_in(names: &Names, device: DeviceId) -> String {
    names
        .get(&device)
        .cloned()
        .unwrap_or_else(|| device.to_string().chars().take(8).collect())
}
