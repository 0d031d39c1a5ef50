//! The handshake: who this device says it is, whom it takes for its relay, and what is agreed.

use super::{Granting, Phase};
use crate::engine::Engine;
use ids::{SigningPublic, contexts, limits};
use interface::Link as Shown;
use wire::handshake::{Nonce, PROTOCOL_VERSION};
use wire::message::{Auth, Challenge, WelcomeFields};
use wire::{Message, Role, Transcript};

impl Engine {
    pub(super) fn challenged(&mut self, role: Role, nonce: Nonce, challenge: &Challenge) {
        // An invitation's blob names the relay's key; before it is open there is none to compare.
        let pinned = match (&self.founding, &self.membership) {
            (Some(founding), _) => Some(founding.relay_key()),
            (None, Some(membership)) => {
                let of_roster = self.roster.relay_key();
                Some(of_roster.unwrap_or(membership.facts.relay_key))
            }
            (None, None) => None,
        };
        if pinned.is_some_and(|key| key != challenge.relay_key) {
            return self.hang_up(Shown::WrongRelay);
        }
        if challenge.version != PROTOCOL_VERSION {
            return self.hang_up(Shown::Outdated);
        }
        let relay_key = challenge.relay_key;
        let transcript = Transcript::new(
            &role,
            &relay_key,
            &nonce,
            &challenge.nonce,
            challenge.version,
            &[PROTOCOL_VERSION],
        );
        let Some(answer) = self.answer(&role, &transcript) else {
            if matches!(self.link.phase, Phase::Greeting { .. }) {
                self.hang_up(Shown::Offline);
            }
            return;
        };
        self.link.phase = Phase::Proving {
            role,
            transcript,
            relay_key,
        };
        self.send(&answer);
    }

    /// Proves who this device is in `role`.
    fn answer(&mut self, role: &Role, transcript: &Transcript) -> Option<Message> {
        let identity = match role {
            Role::Founder { .. } => return self.founder_answers(transcript),
            Role::Invite { .. } => self.enrolment.as_ref()?.invite_identity(),
            Role::Device { .. } => &self.membership.as_ref()?.identity,
            Role::Recovery { .. } | Role::Restorer { .. } => return None,
        };
        let signature = identity.sign(contexts::SIGN_HANDSHAKE_DEVICE, transcript.as_bytes());
        Some(Auth { signature }.into())
    }

    pub(super) fn welcomed(&mut self, role: Role, relay_key: SigningPublic, fields: WelcomeFields) {
        self.link.phase = Phase::Open { role };
        self.link.relay_key = Some(relay_key);
        self.link.credit = Granting {
            step: fields.limits.credit / 4,
            owed: 0,
        };
        let off = self.now.since(fields.now);
        self.link.clock_wrong_ms = (off.abs() > limits::CLOCK_TOLERANCE_MS).then_some(off);
        match role {
            Role::Device { .. } => {
                self.link.starts_over(self.storage_problem.is_some());
                self.show_link(Shown::CatchingUp);
                self.session_begins(&fields);
            }
            Role::Invite { .. } => self.enrolment_welcomed(relay_key, &fields),
            Role::Founder { .. } => self.founding_welcomed(),
            Role::Recovery { .. } | Role::Restorer { .. } => self.hang_up(Shown::Offline),
        }
    }
}
