//! What enrolling and founding have in common. A newcomer's keys are durable before the relay is
//! told of them, so that neither a crash nor a lost answer leaves a device in the roster whose
//! keys nobody has. What is begun is carried on, over restarts too, until the roster here says
//! that this device is in it, or the relay has said for good that it never will be.

use super::lately::Lately;
use super::{Engine, storage};
use crate::log::LogChange;
use interface::{Done, Refusal};
use wire::RosterState;
use wire::message::ErrorCode;

/// As whom a newcomer whose keys are durable speaks to the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asks {
    /// By the link: nothing was asked for, or the relay says that it does not know the device.
    ByLink,
    /// As the device it may be by now: what was asked for may have been done.
    AsDevice {
        /// The link is good no more. A relay that does not know the device then never will.
        link_is_spent: bool,
    },
}

impl Asks {
    /// After the relay refused it in the handshake; `None` when that was its last word.
    fn refused(self, code: ErrorCode) -> Option<Self> {
        match (self, code) {
            (
                Self::ByLink,
                ErrorCode::InviteSpent
                | ErrorCode::TokenRefused
                | ErrorCode::NotFound
                | ErrorCode::UnknownDevice
                | ErrorCode::UnknownFacility,
            ) => Some(Self::AsDevice {
                link_is_spent: true,
            }),
            (Self::ByLink, ErrorCode::FoundRefused | ErrorCode::Unauthorised) => None,
            (
                Self::AsDevice { link_is_spent },
                ErrorCode::UnknownDevice | ErrorCode::UnknownFacility,
            ) => (!link_is_spent).then_some(Self::ByLink),
            (asks, _) => Some(asks),
        }
    }
}

impl Engine {
    /// Whether this device is between blank and belonging.
    pub(super) fn is_joining(&self) -> bool {
        self.enrolment.is_some() || self.founding.is_some()
    }

    /// Whether that is durable, and goes on by itself.
    pub(super) fn joining_is_kept(&self) -> bool {
        self.is_joining() && self.membership.is_some()
    }

    /// The relay refused a newcomer.
    pub(super) fn joining_refused(&mut self, code: ErrorCode) {
        let kept = self.membership.is_some();
        let next = match (&mut self.founding, &mut self.enrolment) {
            (Some(founding), _) => {
                founding.was_answered();
                let next = founding.asks.refused(code);
                founding.asks = next.unwrap_or(founding.asks);
                next
            }
            (None, Some(enrolment)) => {
                let next = enrolment.asks.refused(code);
                enrolment.asks = next.unwrap_or(enrolment.asks);
                // Before its keys were durable it asked for nothing that it could be.
                next.filter(|asks| kept || *asks == Asks::ByLink)
            }
            (None, None) => return,
        };
        if next.is_none() {
            self.joining_fails(Refusal::LinkUsed);
        }
    }

    /// The connection of a newcomer ended.
    pub(super) fn joining_link_ended(&mut self) {
        let kept = self.membership.is_some();
        match &mut self.enrolment {
            Some(enrolment) if kept => enrolment.lost_sight(),
            Some(_) => self.joining_fails(Refusal::NeedsRelay),
            None => {}
        }
        match &mut self.founding {
            Some(founding) if kept => founding.lost_sight(),
            Some(_) => self.founding_link_ended(),
            None => {}
        }
    }

    /// Finishes what the roster says was done. Called after every input; cheap when there is
    /// nothing to do.
    pub(super) fn carry_on_joining(&mut self) {
        if !self.joining_is_kept() || self.read_again_at.is_some() {
            return;
        }
        self.finish_enrolment();
        self.finish_founding();
    }

    /// Forgets a newcomer, as if nothing had been begun here, and says why.
    pub(super) fn joining_fails(&mut self, refusal: Refusal) {
        let of_enrolment = self.enrolment.as_ref().map(|enrolment| enrolment.command);
        let of_founding = self.founding.as_ref().map(|founding| founding.command);
        let Some(command) = of_enrolment.or(of_founding) else {
            return;
        };
        // A disk that failed may hold what it said that it does not.
        if self.membership.is_some() || matches!(refusal, Refusal::Storage { .. }) {
            // Kept in spite of this, it is carried on at the next start, and fails again.
            let _ = self.commit(&Self::forgotten());
        }
        self.forget_newcomer();
        self.fail(command, refusal);
        self.reconnect_as_new();
    }

    /// Forgets this enrolment: the words differ, or nobody wants to wait for the relay. A device
    /// that is in the roster by then stays in it until an administrator removes it; without its
    /// keys nobody can use it.
    pub(super) fn reject_words(&mut self) -> Result<Done, Refusal> {
        let confirmed = self.membership.as_ref().is_some_and(|m| m.facts.confirmed);
        if confirmed && !self.is_joining() {
            return Err(Refusal::AlreadyEnrolled);
        }
        self.commit(&Self::forgotten()).map_err(|e| storage(&e))?;
        self.forget_newcomer();
        self.reconnect_as_new();
        Ok(Done::Ok)
    }

    fn forgotten() -> LogChange {
        LogChange {
            settings: [
                Self::forget_membership_rows(),
                Self::forget_lately_rows(),
                Self::forget_enrolment_rows(),
                Self::forget_founding_rows(),
            ]
            .concat(),
            roster_anew: true,
            ..LogChange::default()
        }
    }

    fn forget_newcomer(&mut self) {
        self.enrolment = None;
        self.founding = None;
        self.membership = None;
        self.lately = Lately::default();
        self.lately_kept = Lately::default();
        self.roster = RosterState::default();
        self.notices.tablet();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNSURE: Asks = Asks::AsDevice {
        link_is_spent: false,
    };
    const SPENT: Asks = Asks::AsDevice {
        link_is_spent: true,
    };

    #[test]
    fn a_newcomer_gives_up_only_when_the_link_is_spent_and_the_device_unknown() {
        let unknown = [ErrorCode::UnknownDevice, ErrorCode::UnknownFacility];
        for code in unknown {
            assert_eq!(UNSURE.refused(code), Some(Asks::ByLink));
            assert_eq!(SPENT.refused(code), None);
        }
        for code in [ErrorCode::InviteSpent, ErrorCode::TokenRefused] {
            assert_eq!(Asks::ByLink.refused(code), Some(SPENT));
        }
        assert_eq!(Asks::ByLink.refused(ErrorCode::FoundRefused), None);
    }

    #[test]
    fn a_relay_that_is_busy_changes_nothing() {
        for asks in [Asks::ByLink, UNSURE, SPENT] {
            assert_eq!(asks.refused(ErrorCode::Busy), Some(asks));
            assert_eq!(asks.refused(ErrorCode::Internal), Some(asks));
        }
    }
}
