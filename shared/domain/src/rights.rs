//! What each role may do, and which right each kind of entry needs. The roster proves rights; this
//! table only says which grants a role is given and which act an entry is.

use crate::adoption;
use crate::directory::Role;
use crate::entry::{Fact, Recorded, Subject};
use crate::home::Stream;
use ids::{DeviceId, acts};

/// One grant of a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RoleGrant {
    /// The stream.
    pub stream: Stream,
    /// Whether it may be written; else it is read only.
    pub write: bool,
    /// What else may be done there: bits of [`acts`].
    pub acts: u64,
}

/// What a decision needs. It takes allergies off the banner, moves out of the census and code statuses
/// out of effect, and does not say of what kind its sides are: so whoever decides may order and register.
pub const DECIDE: u64 = acts::RESOLVE | acts::ORDER | acts::REGISTRATION;

/// The grants a role is given, in ascending order of stream; none for a role that this version can
/// show and not give. `devices` is granted to devices, never
/// to persons.
pub fn grants(role: Role) -> Vec<RoleGrant> {
    let of_all = acts::SIGN | acts::STRIKE | acts::RESOLVE | acts::ORDER | acts::REGISTRATION;
    let granted = match role {
        Role::RegisteredNurse | Role::RecordsCoordinator => of_all,
        Role::Administrator => of_all | acts::ROSTER,
        // They have their numbers so that every version can say what somebody is. What they may do
        // is not settled, and nobody is given a role without grants.
        Role::CareAssistant
        | Role::Clinician
        | Role::Volunteer
        | Role::Executive
        | Role::PrivacyOfficer
        | Role::Auditor
        | Role::Newer(_) => return Vec::new(),
    };
    [Stream::Directory, Stream::Care]
        .into_iter()
        .map(|stream| RoleGrant {
            stream,
            write: true,
            acts: granted,
        })
        .collect()
}

/// The acts that an entry, made on `device`, needs beside writing: bits of [`acts`], 0 for none.
pub fn required_act(recorded: &Recorded, device: DeviceId) -> u64 {
    match recorded {
        Recorded::Known(entry) => act_of(&entry.fact, entry.subject, device),
        Recorded::Unknown { kind, subject, .. } => act_of_kind(kind, *subject, device),
    }
}

/// As [`required_act`], of a fact about `subject`. A strike needs the act of what it strikes beside its
/// own: whoever may mark a dose of theirs as entered in error ends no order. Anybody who may write may tell
/// of an allergy; who takes one away takes it off the banner, which is for those who order.
pub fn act_of(fact: &Fact, subject: Subject, device: DeviceId) -> u64 {
    let own = act_of_kind(fact.kind(), subject, device);
    match fact {
        Fact::Strike(says) if says.kind.name() == "allergy" => own | acts::ORDER,
        Fact::Strike(says) => own | act_of_kind(says.kind.name(), subject, device),
        _ => own,
    }
}

/// The act of a kind, by its name. A kind not known here needs none as yet: whoever may write
/// the stream may write it, it is shown as something newer and changes nothing, and a version that
/// knows it judges it by the acts it needs. Who somebody is is for an administrator to say, so that nobody can name
/// themself, and so is what the house is: its time zone and times move every dose. What a device is called is for
/// an administrator or for the device. Orders and registration are acts because roles to come chart doses and
/// observations and may neither order nor discharge.
fn act_of_kind(kind: &str, subject: Subject, device: DeviceId) -> u64 {
    match kind {
        "signature" => acts::SIGN,
        "strike" => acts::STRIKE,
        "resolution" => DECIDE,
        adoption::KIND => acts::ADOPT,
        "staff" | "settings" | "unit" | "room" | "bed" => acts::ROSTER,
        "order" | "code_status" | "saturation_scale" => acts::ORDER,
        "identity" | "resident_name" | "move" | "problem" => acts::REGISTRATION,
        "device" if subject != Subject::Device(device) => acts::ROSTER,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::Strike;
    use ids::{EntryKey, UnixMillis};

    #[test]
    fn only_an_administrator_may_change_the_roster() {
        for role in [
            Role::RegisteredNurse,
            Role::RecordsCoordinator,
            Role::Administrator,
        ] {
            let grants = grants(role);
            assert!(
                grants
                    .iter()
                    .all(|grant| grant.write && grant.stream != Stream::Devices)
            );
            assert_eq!(
                grants.iter().any(|grant| grant.acts & acts::ROSTER != 0),
                role == Role::Administrator
            );
            assert!(grants.iter().all(|grant| grant.acts & !acts::ALL == 0));
            for needed in [
                acts::SIGN,
                acts::STRIKE,
                acts::RESOLVE,
                acts::ORDER,
                acts::REGISTRATION,
            ] {
                assert!(grants.iter().all(|grant| grant.acts & needed == needed));
            }
        }
    }

    #[test]
    fn these_kinds_are_acts_and_no_others() {
        let own = DeviceId::from_bytes([1; 16]);
        let found: Vec<_> = Fact::KINDS
            .iter()
            .map(|(kind, _)| (*kind, act_of_kind(kind, Subject::Device(own), own)))
            .filter(|(_, act)| *act != 0)
            .collect();
        assert_eq!(
            found,
            [
                ("settings", acts::ROSTER),
                ("unit", acts::ROSTER),
                ("room", acts::ROSTER),
                ("bed", acts::ROSTER),
                ("staff", acts::ROSTER),
                ("resident_name", acts::REGISTRATION),
                ("move", acts::REGISTRATION),
                ("identity", acts::REGISTRATION),
                ("problem", acts::REGISTRATION),
                ("code_status", acts::ORDER),
                ("saturation_scale", acts::ORDER),
                ("order", acts::ORDER),
                ("signature", acts::SIGN),
                ("strike", acts::STRIKE),
                ("resolution", DECIDE)
            ]
        );
    }

    #[test]
    fn a_device_names_itself_and_an_administrator_any() {
        let [own, other] = [1, 2].map(|n| DeviceId::from_bytes([n; 16]));
        assert_eq!(act_of_kind("device", Subject::Device(own), own), 0);
        assert_eq!(
            act_of_kind("device", Subject::Device(other), own),
            acts::ROSTER
        );
    }

    #[test]
    fn a_strike_needs_the_act_of_what_it_strikes_too() {
        let device = DeviceId::from_bytes([1; 16]);
        let needs = |kind| {
            let entry = EntryKey::from_parts(UnixMillis(1), [0; 10]);
            let strike = Strike::on(entry, kind, String::new()).unwrap();
            act_of(&Fact::Strike(strike), Subject::Facility, device)
        };
        for (kind, _) in Fact::KINDS {
            let own = match *kind {
                "allergy" => acts::ORDER,
                kind => act_of_kind(kind, Subject::Facility, device),
            };
            assert_eq!(needs(kind), acts::STRIKE | own, "{kind}");
        }
        assert_eq!(needs("dose"), acts::STRIKE);
        assert_eq!(needs("order"), acts::STRIKE | acts::ORDER);
    }
}
