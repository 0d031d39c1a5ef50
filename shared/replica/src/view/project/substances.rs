//! What a resident is allergic to, as the alerts say it: each substance once, however it is written and
//! however often it was entered, as grave as the worst that was said of it, with every reaction. The
//! entries stand beside each other in the chart.

use super::alerts::short;
use domain::chart::{AllergyTo, Severity};
use domain::search::name_of;
use interface::{Alert, Gravity};
use std::collections::BTreeSet;

/// Substances in the order in which they were first named.
#[derive(Default)]
pub(super) struct Substances(Vec<Substance>);

struct Substance {
    name: String,
    text: String,
    gravity: Gravity,
    reactions: Vec<String>,
}

impl Substances {
    /// Takes an entry that counts.
    pub(super) fn add(&mut self, to: &AllergyTo) {
        let name = name_of(&to.substance);
        let gravity = match to.severity {
            Some(Severity::Severe) => Gravity::Critical,
            Some(Severity::Moderate) | None => Gravity::Warning,
            Some(Severity::Mild) => Gravity::Info,
        };
        let reactions = to.reaction.clone();
        match self.0.iter_mut().find(|known| known.name == name) {
            Some(known) => {
                known.gravity = known.gravity.max(gravity);
                known.reactions.extend(reactions);
            }
            None => self.0.push(Substance {
                name,
                text: to.substance.clone(),
                gravity,
                reactions: reactions.into_iter().collect(),
            }),
        }
    }

    /// An alert for each.
    pub(super) fn alerts(self) -> Vec<Alert> {
        let alert = |known: Substance| {
            let mut said = BTreeSet::new();
            let mut reactions = known.reactions;
            reactions.retain(|reaction| said.insert(name_of(reaction)));
            Alert::Allergy {
                text: short(&known.text),
                reaction: (!reactions.is_empty()).then(|| short(&reactions.join(", "))),
                gravity: known.gravity,
            }
        };
        self.0.into_iter().map(alert).collect()
    }
}
